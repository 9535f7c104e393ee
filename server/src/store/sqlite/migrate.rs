//! Brings a database to the version that this program knows.

use rusqlite::Connection;

use super::broken;
use crate::store::{StoreError, StoreResult};

/// The migrations, in order; the version of a database is how many of them it has had.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_secrets.sql"),
    include_str!("migrations/0003_history.sql"),
    include_str!("migrations/0004_templates.sql"),
    include_str!("migrations/0005_replays.sql"),
    include_str!("migrations/0006_counts.sql"),
    include_str!("migrations/0007_options.sql"),
    include_str!("migrations/0008_renderings.sql"),
    include_str!("migrations/0009_search_and_statistics.sql"),
    include_str!("migrations/0010_sealing.sql"),
    include_str!("migrations/0011_access.sql"),
    include_str!("migrations/0012_lists_of_events.sql"),
];

/// Runs the migrations that `connection` has not had, each with its version in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> StoreResult<()> {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let found: u32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|error| broken(&error))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for version in found..known {
        apply(connection, version).map_err(|error| broken(&error))?;
    }
    Ok(())
}

fn apply(connection: &mut Connection, version: u32) -> rusqlite::Result<()> {
    // Immediate: two processes that start at once migrate one after the other.
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found == version {
        transaction.execute_batch(MIGRATIONS[version as usize])?;
        transaction.pragma_update(None, "user_version", version + 1)?;
    }
    transaction.commit()
}
