//! Makes a large log out of a small one: copies of the rows that a real server has written, with ids before theirs.
//!
//! It knows the names of three tables and which of their columns hold ids; everything else is copied as it stands.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;

/// The tables whose rows are copied, and their columns that hold ids of events or deliveries.
const TABLES: [(&str, &[&str]); 3] =
    [("event", &["id"]), ("delivery", &["id", "event", "replays"]), ("attempt", &["delivery"])];

/// Copies the rows of the database of a server that has stopped until there are at least `wanted` deliveries; how many
/// there are then.
///
/// # Errors
/// When the database has other tables, or nothing to copy.
pub fn multiply(database: &Path, wanted: u64) -> Result<u64> {
    let mut connection = Connection::open(database)?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY;")?;
    let (count, low, high): (i64, i64, i64) = connection
        .query_row(
            "SELECT (SELECT count(*) FROM delivery),
                    min((SELECT min(id) FROM delivery), (SELECT min(id) FROM event)),
                    max((SELECT max(id) FROM delivery), (SELECT max(id) FROM event))",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .context("there is nothing to copy")?;
    let copies = i64::try_from(wanted)? / count.max(1);
    let distance = high - low + 1;
    ensure!(low > distance.saturating_mul(copies), "the ids leave no room for {copies} copies before them");
    let transaction = connection.transaction()?;
    // The oldest first, so that rows are appended as a server appends them.
    for copy in (1..copies).rev() {
        for (table, ids) in TABLES {
            let columns = columns(&transaction, table)?;
            for id in ids {
                ensure!(columns.iter().any(|column| column == id), "the table {table} has no column {id}");
            }
            let values: Vec<String> = columns
                .iter()
                .map(|column| if ids.contains(&column.as_str()) { format!("{column} - ?1") } else { column.clone() })
                .collect();
            let first = ids.first().copied().unwrap_or_default();
            let sql = format!(
                "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE {first} >= {low} ORDER BY {first}",
                columns.join(", "),
                values.join(", ")
            );
            transaction.prepare(&sql)?.execute([distance * copy])?;
        }
    }
    transaction.commit()?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let sum: i64 = connection.query_row("SELECT count(*) FROM delivery", [], |row| row.get(0))?;
    Ok(u64::try_from(sum)?)
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(names)
}
