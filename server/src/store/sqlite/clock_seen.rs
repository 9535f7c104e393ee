//! What the server saw of the clock.

use rusqlite::{Connection, OptionalExtension, params};

use super::context::Context;
use crate::{
    id::created,
    store::{ClockSeen, StoreResult},
};

/// What was noted last. Where that was never done (in a database of before) it is when the newest event was made.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Option<ClockSeen>> {
    let noted = connection
        .query_row("SELECT at, doubtful_until FROM clock_seen", [], |row| {
            Ok(ClockSeen { at: row.get(0)?, doubtful_until: row.get(1)? })
        })
        .optional()?;
    if noted.is_some() {
        return Ok(noted);
    }
    let newest: Option<i64> = connection.query_row("SELECT max(id) FROM event", [], |row| row.get(0))?;
    Ok(newest.map(|id| ClockSeen { at: created(id), doubtful_until: None }))
}

pub(super) fn note(context: &Context<'_>, seen: ClockSeen) -> StoreResult<()> {
    let sql = "INSERT OR REPLACE INTO clock_seen (id, at, doubtful_until) VALUES (1, ?1, ?2)";
    context.execute(sql, params![seen.at, seen.doubtful_until]).map(drop)
}
