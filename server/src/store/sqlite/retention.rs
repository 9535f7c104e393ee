//! Forgetting what is old, a share at a time.
//!
//! What waits for a webhook that takes events is never old: it was acknowledged, and neither a long backlog nor a clock that
//! is set ahead may lose it. Of such a delivery the event and the newer attempts stay, and of the newest attempt, where that
//! is old, when it began and how it went: it is counted, and no longer once there is another. So does the event of a replay that is
//! kept and waits, whatever its webhook: somebody asked for it when the event was there.

use rusqlite::params;
use seinpost_protocol::rest::WebhookStatus;

use super::{context::Context, index};
use crate::{id::first_at, store::StoreResult};

/// How many bytes of events are forgotten at a time, or one event more: each page of a large one is written anew.
const MOST_BYTES: i64 = 1024 * 1024;

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// How far a round has come: what is left before this is to stay, and is not looked at again until the next round.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Round {
    deliveries: Reached,
    events: Reached,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    /// This row, and all before it.
    Row(i64),
    End,
}

impl Default for Reached {
    fn default() -> Self {
        Self::Row(0)
    }
}

impl Reached {
    /// After these rows, of which there were to be `share`.
    fn after(rows: &[i64], share: u32) -> Self {
        match rows.last() {
            Some(last) if rows.len() == share as usize => Self::Row(*last),
            _ => Self::End,
        }
    }
}

/// Looks at up to `share` deliveries (with their attempts) and at up to as many events that were made before `before`, and
/// forgets those that are not to stay. Whether there may be more.
pub(super) fn prune(context: &mut Context<'_>, before: i64, share: u32) -> StoreResult<bool> {
    let end = first_at(before);
    let mut round = *context.round();
    if let Reached::Row(after) = round.deliveries {
        round.deliveries = prune_deliveries(context, after, before, share)?;
    }
    if let Reached::Row(after) = round.events {
        round.events = prune_events(context, after, end, share)?;
    }
    // A batch was sent after the deliveries that were in it were made.
    let batches = context.execute(
        "DELETE FROM batch WHERE id IN (SELECT id FROM batch WHERE id < ?1 ORDER BY id LIMIT ?2)",
        params![end, share],
    )?;
    // A template serves for at most a day: see templates.rs.
    let templates = context.execute(
        "DELETE FROM template WHERE id IN (SELECT id FROM template WHERE created < ?1 ORDER BY created LIMIT ?2)",
        params![before - 2 * DAY, share],
    )?;
    let has_more_of_index = prune_index(
        context,
        match round.events {
            Reached::Row(row) => row.min(end),
            Reached::End => end,
        },
    )?;
    let rows_left = (round.deliveries, round.events) != (Reached::End, Reached::End);
    *context.round() = if rows_left { round } else { Round::default() };
    Ok(rows_left || has_more_of_index || [batches, templates].contains(&(share as usize)))
}

/// Whether a delivery waits for a webhook that takes events.
const WAITS: &str = "d.due IS NOT NULL AND EXISTS (SELECT 1 FROM webhook w WHERE w.key = d.webhook AND w.deleted IS NULL AND w.status = ?1)";

fn prune_events(context: &Context<'_>, after: i64, end: i64, share: u32) -> StoreResult<Reached> {
    let mut found: Vec<(i64, i64)> = context.read(|connection| {
        connection
            // The length of a blob is told without reading it.
            .prepare_cached("SELECT id, length(body) FROM event WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT ?3")?
            .query_map(params![after, end, share], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    })?;
    let reached = Reached::after(&found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), share);
    let mut bytes = 0;
    let has_room = |(_, length): &&(i64, i64)| {
        let has_room = bytes < MOST_BYTES;
        bytes += length;
        has_room
    };
    let fit = found.iter().take_while(has_room).count();
    let is_cut = fit < found.len();
    found.truncate(fit);
    // Its deliveries are where `deliveries::of_event` finds them.
    let delete = format!(
        "DELETE FROM event WHERE id = ?2 AND NOT EXISTS (
             SELECT 1 FROM (SELECT * FROM delivery WHERE id >= (SELECT first_delivery FROM event WHERE id = ?2)
                            ORDER BY id LIMIT coalesce((SELECT deliveries FROM event WHERE id = ?2), 0)) d
             WHERE d.event = ?2 AND {WAITS}
         ) AND NOT EXISTS (
             SELECT 1 FROM delivery d INDEXED BY delivery_replaying
             WHERE d.event = ?2 AND d.replays IS NOT NULL AND d.due IS NOT NULL
         )"
    );
    for (id, _) in &found {
        context.execute(&delete, params![WebhookStatus::Active.as_str(), id])?;
    }
    Ok(match found.last() {
        Some((last, _)) if is_cut => Reached::Row(*last),
        _ => reached,
    })
}

/// Forgets where events stand in the index, once all of a batch were looked at.
fn prune_index(context: &Context<'_>, end: i64) -> StoreResult<bool> {
    /// A batch is some hundred rows.
    const SHARE: u32 = 2;
    let gone = index::prune(context, end, SHARE)?;
    Ok(gone >= SHARE as usize)
}

fn prune_deliveries(context: &Context<'_>, after: i64, before: i64, share: u32) -> StoreResult<Reached> {
    let found: Vec<(i64, bool)> = context.read(|connection| {
        connection
            .prepare_cached(&format!(
                "SELECT d.id, {WAITS} FROM delivery d WHERE d.id > ?2 AND d.id < ?3 ORDER BY d.id LIMIT ?4"
            ))?
            .query_map(params![WebhookStatus::Active.as_str(), after, first_at(before), share], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect()
    })?;
    for (id, waits) in &found {
        if *waits {
            // The templates of such attempts, and the batches that they sent, are forgotten.
            let newest = "(SELECT max(n) FROM attempt WHERE delivery = ?1)";
            let delete = format!("DELETE FROM attempt WHERE delivery = ?1 AND started < ?2 AND n < {newest}");
            context.execute(&delete, [*id, before])?;
            context.execute(
                "UPDATE attempt SET record = x'', template = NULL, sent = NULL
                 WHERE delivery = ?1 AND started < ?2 AND record != x''",
                [*id, before],
            )?;
        } else {
            context.execute("DELETE FROM attempt WHERE delivery = ?1", [id])?;
            context.execute("DELETE FROM delivery WHERE id = ?1", [id])?;
        }
    }
    let rows: Vec<_> = found.into_iter().map(|(id, _)| id).collect();
    Ok(Reached::after(&rows, share))
}
