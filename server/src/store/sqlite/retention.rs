//! Forgetting what is old, a share at a time.

use rusqlite::params;

use super::{context::Context, index};
use crate::{id::first_at, store::StoreResult};

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Forgets up to `share` deliveries (with their attempts) and up to as many events that were made before `before`. Whether
/// there may be more.
pub(super) fn prune(context: &mut Context<'_>, before: i64, share: u32) -> StoreResult<bool> {
    let deliveries = prune_deliveries(context, before, share)?;
    let end = first_at(before);
    let events = prune_events(context, end, share)?;
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
    let has_more_of_index = prune_index(context, end)?;
    let share = share as usize;
    Ok(has_more_of_index || [deliveries, events, batches, templates].contains(&share))
}

fn prune_events(context: &Context<'_>, end: i64, share: u32) -> StoreResult<usize> {
    context.execute(
        "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE id < ?1 ORDER BY id LIMIT ?2)",
        params![end, share],
    )
}

/// Forgets where events stand in the index, once a batch of them is gone.
fn prune_index(context: &Context<'_>, end: i64) -> StoreResult<bool> {
    /// A batch is some hundred rows.
    const SHARE: u32 = 2;
    let oldest: Option<i64> =
        context.read(|connection| connection.query_row("SELECT min(id) FROM event", [], |row| row.get(0)))?;
    let gone = index::prune(context, oldest.map_or(end, |oldest| oldest.min(end)), SHARE)?;
    Ok(gone >= SHARE as usize)
}

fn prune_deliveries(context: &mut Context<'_>, before: i64, share: u32) -> StoreResult<usize> {
    let found: Vec<i64> = context.read(|connection| {
        connection
            .prepare_cached("SELECT id FROM delivery WHERE id < ?1 ORDER BY id LIMIT ?2")?
            .query_map(params![first_at(before), share], |row| row.get(0))?
            .collect()
    })?;
    for id in &found {
        context.execute("DELETE FROM attempt WHERE delivery = ?1", [id])?;
        context.execute("DELETE FROM delivery WHERE id = ?1", [id])?;
    }
    Ok(found.len())
}
