//! What was sent, where it is not an event as it came.

use std::{collections::HashMap, sync::Arc};

use rusqlite::{Connection, OptionalExtension, params};

use super::{broken, context::Context};
use crate::{
    id::EventId,
    store::{Batch, RecordedBody, Rendering, StoreError, StoreResult},
};

/// How many renderings are remembered; with more, all are forgotten and read anew.
const MOST: usize = 1000;

/// The numbers of renderings, as far as they were asked for.
pub(super) type Known = HashMap<Rendering, i64>;

/// The number by which an attempt says what was sent; `None` where the record says it.
pub(super) fn keep(context: &mut Context<'_>, body: &RecordedBody) -> StoreResult<Option<i64>> {
    match body {
        RecordedBody::AsItCame | RecordedBody::Form => Ok(None),
        RecordedBody::Rendered(rendering) => number(context, rendering).map(|number| Some(-number)),
        RecordedBody::Batch(batch) => {
            let rendering = number(context, &batch.rendering)?;
            let id = context.next_delivery(context.now());
            let events: Vec<u8> = batch.events.iter().flat_map(|event| event.0.to_be_bytes()).collect();
            context.execute(
                "INSERT INTO batch (id, rendering, events) VALUES (?1, ?2, ?3)",
                params![id, rendering, events],
            )?;
            Ok(Some(id))
        }
    }
}

fn number(context: &mut Context<'_>, rendering: &Rendering) -> StoreResult<i64> {
    if let Some(known) = context.renderings().get(rendering) {
        return Ok(*known);
    }
    let key = rendering.privacy.recipient_key.as_deref();
    let how = match key {
        None => written(rendering)?,
        Some(key) => {
            let mark = context.read(|connection| connection.query_row("SELECT mark(?1)", [key], |row| row.get(0)))?;
            let mut marked = rendering.clone();
            marked.privacy.recipient_key = Some(mark);
            written(&marked)?
        }
    };
    let kept: Option<i64> = context
        .prepare("SELECT id FROM rendering WHERE how = ?1")?
        .query_row([&how], |row| row.get(0))
        .optional()
        .map_err(|error| broken(&error))?;
    let number = match kept {
        Some(number) => number,
        None => context
            .prepare("INSERT INTO rendering (how, recipient_key) VALUES (?1, seal(?2, 'rendering.recipient_key', ?1))")?
            .insert(params![how, key])
            .map_err(|error| broken(&error))?,
    };
    let known = context.renderings();
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(rendering.clone(), number);
    Ok(number)
}

/// As it stands in the database, where the mark of its key is in the place of the key, which is sealed beside it: a sealed
/// text is another each time, and could not be looked up.
fn written(rendering: &Rendering) -> StoreResult<String> {
    serde_json::to_string(rendering).map_err(|error| StoreError::Broken(error.to_string()))
}

/// What was sent. Outer: the database's errors; inner: what is damaged.
pub(super) fn read(connection: &Connection, sent: i64) -> rusqlite::Result<StoreResult<RecordedBody>> {
    let row: Option<(String, Option<String>, Option<Vec<u8>>)> = if sent < 0 {
        connection
            .prepare_cached(
                "SELECT how, unseal(recipient_key, 'rendering.recipient_key', how) FROM rendering WHERE id = ?1",
            )?
            .query_row([-sent], |row| Ok((row.get(0)?, row.get(1)?, None)))
            .optional()?
    } else {
        connection
            .prepare_cached(
                "SELECT r.how, unseal(r.recipient_key, 'rendering.recipient_key', r.how), b.events
                 FROM batch b JOIN rendering r ON r.id = b.rendering WHERE b.id = ?1",
            )?
            .query_row([sent], |row| Ok((row.get(0)?, row.get(1)?, Some(row.get(2)?))))
            .optional()?
    };
    let damaged = || StoreError::Broken("what an attempt sent is damaged".into());
    let Some((how, key, events)) = row else { return Ok(Err(damaged())) };
    let Ok(mut rendering) = serde_json::from_str::<Rendering>(&how) else { return Ok(Err(damaged())) };
    rendering.privacy.recipient_key = key;
    Ok(Ok(match events {
        None => RecordedBody::Rendered(Arc::new(rendering)),
        Some(events) => {
            let (ids, _) = events.as_chunks::<8>();
            let events = ids.iter().map(|id| EventId(i64::from_be_bytes(*id))).collect();
            RecordedBody::Batch(Arc::new(Batch { rendering, events }))
        }
    }))
}
