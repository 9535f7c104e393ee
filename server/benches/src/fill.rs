//! Makes a large log out of a small one: copies of the rows that a real server has written, each a while before the last.
//!
//! It knows the names of four tables, which of their columns hold ids and times, and where the number of an event stands
//! in its body; everything else is copied as it stands.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;

/// How many bits of an id are below the milliseconds of its making.
const LOW_BITS: u32 = 22;
/// The steps in which figures are kept, in milliseconds.
const STEP: i64 = 5 * 60 * 1000;

/// A table whose rows are copied, the columns that change, and what each becomes: `?1` is how far before in ids, `?2` in
/// milliseconds, `?3` in steps of the figures, and `?4` how many events come after the copy.
struct Table {
    name: &'static str,
    /// The rows that a server has written, and no copy: `?5` is their lowest id.
    originals: &'static str,
    changes: &'static [(&'static str, &'static str)],
}

const TABLES: [Table; 4] = [
    Table {
        name: "event",
        originals: "id >= ?5 ORDER BY id",
        changes: &[
            ("id", "id - ?1"),
            ("first_delivery", "first_delivery - ?1"),
            // The number is part of the message's id, and each event is about a message of its own.
            (
                "body",
                "CAST(substr(body, 1, 7) || printf('%08d', CAST(CAST(substr(body, 8, 8) AS TEXT) AS INTEGER) + ?4)
                 || substr(body, 16) AS BLOB)",
            ),
        ],
    },
    Table {
        name: "delivery",
        originals: "id >= ?5 ORDER BY id",
        changes: &[("id", "id - ?1"), ("event", "event - ?1"), ("replays", "replays - ?1")],
    },
    Table {
        name: "attempt",
        originals: "delivery >= ?5 ORDER BY delivery",
        changes: &[("delivery", "delivery - ?1"), ("started", "started - ?2")],
    },
    Table {
        name: "stat",
        originals: "start >= (((?5 >> 22) + 1577836800000) / 300000) AND length = 1",
        changes: &[("start", "start - ?3")],
    },
];

/// Copies the rows of the database of a server that has stopped until there are at least `wanted` deliveries, evenly over
/// about `span` milliseconds; how many there are then. The server enters the events into its index of them when it is next
/// asked.
///
/// # Errors
/// When the database has other tables, or nothing to copy.
pub fn multiply(database: &Path, wanted: u64, span: i64) -> Result<u64> {
    let mut connection = Connection::open(database)?;
    // What breaks here is made again: nothing is flushed, and nothing written twice.
    connection.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY;")?;
    let (count, events, low, high): (i64, i64, i64, i64) = connection
        .query_row(
            "SELECT (SELECT count(*) FROM delivery), (SELECT count(*) FROM event),
                    min((SELECT min(id) FROM delivery), (SELECT min(id) FROM event)),
                    max((SELECT max(id) FROM delivery), (SELECT max(id) FROM event))",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .context("there is nothing to copy")?;
    let copies = i64::try_from(wanted)? / count.max(1);
    // In whole steps, so that the figures are copied with what they count.
    let steps = (span / copies.max(1) / STEP).max(1);
    let distance = (steps * STEP) << LOW_BITS;
    ensure!(high - low < distance, "the originals were made over so long that their copies would lie among them");
    ensure!(low > distance.saturating_mul(copies), "the ids leave no room for {copies} copies before them");
    let transaction = connection.transaction()?;
    // The oldest first, so that rows are appended as a server appends them.
    for copy in (1..copies).rev() {
        for table in &TABLES {
            let shift = [distance * copy, steps * STEP * copy, steps * copy, events * copy, low];
            transaction.prepare_cached(&copying(&transaction, table)?)?.execute(shift)?;
        }
    }
    // They are indexed anew, from the first on.
    transaction.execute_batch("UPDATE event_indexed SET done = 0; DELETE FROM event_batch; DELETE FROM event_list;")?;
    transaction.commit()?;
    let sum: i64 = connection.query_row("SELECT count(*) FROM delivery", [], |row| row.get(0))?;
    Ok(u64::try_from(sum)?)
}

/// Has this many deliveries wait that are older than all others: those of the one webhook that is paused.
///
/// # Errors
/// When there is no such webhook, or nothing in the log.
pub fn leave_waiting(database: &Path, number: u32) -> Result<()> {
    let connection = Connection::open(database)?;
    let made = connection.execute(
        "WITH RECURSIVE step (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < ?1)
         INSERT INTO delivery (id, event, webhook, environment, type, status, test, attempts, due)
         SELECT d.id - step.n, d.event, w.key, w.environment, d.type, 0, 0, 0, 0
         FROM step, webhook w, (SELECT * FROM delivery ORDER BY id LIMIT 1) d WHERE w.status = 'paused'",
        [number],
    )?;
    ensure!(made == usize::try_from(number)?, "{made} deliveries wait instead of {number}");
    Ok(())
}

fn copying(connection: &Connection, table: &Table) -> Result<String> {
    let columns = columns(connection, table.name)?;
    for (changed, _) in table.changes {
        ensure!(columns.iter().any(|column| column == changed), "the table {} has no column {changed}", table.name);
    }
    let values: Vec<&str> = columns
        .iter()
        .map(|column| table.changes.iter().find(|(changed, _)| changed == column).map_or(column.as_str(), |(_, to)| to))
        .collect();
    // All five are named, so that each statement takes them all.
    Ok(format!(
        "INSERT INTO {} ({}) SELECT {} FROM {} WHERE ?1 + ?2 + ?3 + ?4 + ?5 IS NOT NULL AND {}",
        table.name,
        columns.join(", "),
        values.join(", "),
        table.name,
        table.originals
    ))
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(names)
}
