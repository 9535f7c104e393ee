//! Events: kept once, with a delivery for each webhook that gets them.

use std::sync::Arc;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use seinpost_protocol::{event::EventType, rest::Filter};

use super::{context::Context, idempotency, often::Often, rows};
use crate::{
    id::{DeliveryId, EventId, first_at},
    store::{
        Appended, Course, EventKind, EventRecord, Fresh, Idempotency, IdempotencyAnswer, NewEvent, Payload, StoreError,
        StoreResult, WebhookKey,
    },
};

/// How many bytes one event takes in a stored answer: its id and the number of its deliveries.
const ANSWER_ITEM: usize = 12;

pub(super) fn append(
    context: &mut Context<'_>,
    environment: u64,
    events: Vec<NewEvent>,
    idempotency: Option<Idempotency>,
) -> StoreResult<Appended> {
    let now = context.now();
    if let Some(idempotency) = &idempotency
        && let Some(answer) = idempotency::answered_before(context, environment, idempotency)?
    {
        return Ok(Appended { events: read_answer(&answer)?, repeated: true });
    }
    let mut done = Vec::with_capacity(events.len());
    for event in events {
        done.push(append_one(context, environment, event, now)?);
    }
    if let Some(idempotency) = idempotency {
        idempotency::keep(context, environment, &idempotency, &write_answer(&done))?;
    }
    Ok(Appended { events: done, repeated: false })
}

fn append_one(context: &mut Context<'_>, environment: u64, event: NewEvent, now: i64) -> StoreResult<(EventId, u32)> {
    let subscribers = context.subscribers(environment, event.event_type)?;
    let passes = |filter: &Filter| filter.passes(&event.facets.tags, event.facets.recipient.as_deref()).is_ok();
    let webhooks = subscribers
        .iter()
        .filter(|subscriber| subscriber.filter.as_ref().is_none_or(passes))
        .map(|subscriber| subscriber.webhook);
    keep(context, environment, EventKind::Mail(event.event_type), (event.body.clone(), &event.keys), webhooks, now)
}

/// Keeps an event, to be found by these keys, with a delivery to each of these webhooks.
pub(super) fn keep(
    context: &mut Context<'_>,
    environment: u64,
    kind: EventKind,
    (body, keys): (Bytes, &[u64]),
    webhooks: impl IntoIterator<Item = WebhookKey>,
    now: i64,
) -> StoreResult<(EventId, u32)> {
    let id = EventId(context.next_event(now));
    let type_number = rows::type_number(kind);
    let payload = Arc::new(Payload::new(id, kind, body));
    let fresh: Vec<Fresh> = webhooks
        .into_iter()
        .map(|webhook| Fresh {
            id: DeliveryId(context.next_delivery(now)),
            course: Course { event: id, event_type: kind, webhook, environment },
            payload: Some(Arc::clone(&payload)),
        })
        .collect();
    let number = u32::try_from(fresh.len()).unwrap_or(u32::MAX);
    // Nothing is made between them: whoever looks for them begins at the first, and takes as many as there are.
    context.often(
        Often::KeepEvent,
        params![
            id.0,
            rows::number(environment),
            type_number,
            &payload.body[..],
            fresh.first().map(|first| first.id.0),
            number
        ],
    )?;
    context.gathered().add(environment, id, keys);
    for each in fresh {
        context.often(
            Often::KeepDelivery,
            params![each.id.0, id.0, each.course.webhook.0, rows::number(environment), type_number, now],
        )?;
        context.tell_fresh(each);
    }
    Ok((id, number))
}

fn write_answer(events: &[(EventId, u32)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(events.len() * ANSWER_ITEM);
    for (id, deliveries) in events {
        bytes.extend(id.0.to_be_bytes());
        bytes.extend(deliveries.to_be_bytes());
    }
    bytes
}

fn read_answer(bytes: &[u8]) -> StoreResult<IdempotencyAnswer> {
    let (items, rest) = bytes.as_chunks::<ANSWER_ITEM>();
    if !rest.is_empty() {
        return Err(StoreError::Broken("a stored answer is damaged".into()));
    }
    Ok(items
        .iter()
        .map(|[a, b, c, d, e, f, g, h, i, j, k, l]| {
            (EventId(i64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h])), u32::from_be_bytes([*i, *j, *k, *l]))
        })
        .collect())
}

pub(super) fn event(connection: &Connection, id: EventId) -> rusqlite::Result<Option<EventRecord>> {
    connection
        .prepare_cached("SELECT type, content_type, body FROM event WHERE id = ?1")?
        .query_row([id.0], |row| {
            Ok(EventRecord {
                event_type: rows::event_kind(row, 0)?,
                content_type: row.get(1)?,
                body: Bytes::from(row.get::<_, Vec<u8>>(2)?),
            })
        })
        .optional()
}

pub(super) fn several(
    connection: &Connection,
    ids: &[EventId],
    most: usize,
) -> rusqlite::Result<Vec<(EventId, EventRecord)>> {
    let mut found = Vec::with_capacity(ids.len());
    let mut room = most;
    for id in ids {
        let Some(record) = event(connection, *id)? else { continue };
        let Some(left) = room.checked_sub(record.body.len()) else { break };
        room = left;
        found.push((*id, record));
    }
    Ok(found)
}

/// How many events of each type came since then, counted from the newest on, each at most so far; and how many of these came
/// in the busiest minute. An index alone tells it.
pub(super) fn count(
    connection: &Connection,
    environment: u64,
    since: i64,
    most: u32,
) -> rusqlite::Result<Vec<(EventType, u64, u64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(number), 0), coalesce(max(number), 0) FROM (
             SELECT count(*) AS number FROM (
                 SELECT id FROM event INDEXED BY event_by_type
                 WHERE environment = ?1 AND type = ?2 AND content_type IS NULL AND id >= ?3 ORDER BY id DESC LIMIT ?4
             ) GROUP BY id / ?5)",
    )?;
    let first = first_at(since);
    let minute = first_at(since.saturating_add(60 * 1000)).saturating_sub(first).max(1);
    let count = |event_type| {
        let number = rows::type_number(EventKind::Mail(event_type));
        statement.query_row(params![rows::number(environment), number, first, most, minute], |row| {
            Ok((event_type, rows::id(row, 0)?, rows::id(row, 1)?))
        })
    };
    EventType::ALL.into_iter().map(count).collect()
}

/// The newest events of an environment, newest first, and whether these are all since then.
pub(super) fn newest(
    connection: &Connection,
    environment: u64,
    since: i64,
    limit: u32,
    most: usize,
) -> rusqlite::Result<(Vec<(EventId, EventRecord)>, bool)> {
    // By the index of this environment's alone: how many others have is nobody's business, and takes no time.
    let mut of_type = connection.prepare_cached(
        "SELECT id FROM event INDEXED BY event_by_type
         WHERE environment = ?1 AND type = ?2 AND content_type IS NULL AND id >= ?3 ORDER BY id DESC LIMIT ?4",
    )?;
    let mut ids: Vec<i64> = Vec::new();
    for event_type in EventType::ALL {
        let number = rows::type_number(EventKind::Mail(event_type));
        let newest = params![rows::number(environment), number, first_at(since), limit];
        for id in of_type.query_map(newest, |row| row.get(0))? {
            ids.push(id?);
        }
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids.truncate(limit as usize);
    let complete = ids.len() < limit as usize;
    let mut statement = connection.prepare_cached("SELECT type, content_type, body, id FROM event WHERE id = ?1")?;
    let (mut found, mut room) = (Vec::with_capacity(ids.len()), most);
    for id in ids {
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else { continue };
        let body = row.get_ref(2)?.as_blob()?;
        let Some(left) = room.checked_sub(body.len()) else { return Ok((found, false)) };
        room = left;
        let record = EventRecord {
            event_type: rows::event_kind(row, 0)?,
            content_type: None,
            body: Bytes::copy_from_slice(body),
        };
        found.push((EventId(row.get(3)?), record));
    }
    Ok((found, complete))
}
