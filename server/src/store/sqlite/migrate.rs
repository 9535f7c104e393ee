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
    include_str!("migrations/0013_figures_for_ever.sql"),
    include_str!("migrations/0014_deliveries_of_an_event.sql"),
    include_str!("migrations/0015_replays_as_asked.sql"),
    include_str!("migrations/0016_readiness.sql"),
    include_str!("migrations/0017_sealed_renderings.sql"),
    include_str!("migrations/0018_failing_for.sql"),
    include_str!("migrations/0019_status_since_and_tests.sql"),
    include_str!("migrations/0020_keys_shown.sql"),
    include_str!("migrations/0021_clock_seen.sql"),
];

/// The version that this program knows.
pub(super) fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// The version of a database.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Runs the migrations that `connection` has not had, each with its version in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> StoreResult<()> {
    let known = known();
    let found = version(connection).map_err(|error| broken(&error))?;
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
    if self::version(&transaction)? == version {
        transaction.execute_batch(MIGRATIONS[version as usize])?;
        transaction.pragma_update(None, "user_version", version + 1)?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::{DeliveryId, EventId},
        store::sqlite::deliveries,
    };

    /// A database of before this migration, with two webhooks in an environment.
    fn of_before(version: u32) -> rusqlite::Result<Connection> {
        let mut connection = Connection::open_in_memory()?;
        (0..version).try_for_each(|version| apply(&mut connection, version))?;
        connection.execute_batch(
            "INSERT INTO environment (id, name, created) VALUES (3, 'Three', 0);
             INSERT INTO webhook (key, id, environment, types, url, profile, format, digest_upper, status, file, content, created)
             VALUES (7, 'wh_a', 3, 'open', '', '', '', 0, 'active', '', '', 0), (8, 'wh_b', 3, 'open', '', '', '', 0, 'active', '', '', 0);",
        )?;
        Ok(connection)
    }

    /// Those that were made with it, also where others stand behind them, and those that repeat them.
    #[test]
    fn the_deliveries_of_older_events_are_found() -> rusqlite::Result<()> {
        let mut connection = of_before(13)?;
        connection.execute_batch(
            "INSERT INTO event (id, environment, type, content_type, body)
             VALUES (20, 3, 1, NULL, x''), (21, 3, 1, NULL, x''), (22, 3, 1, NULL, x''), (23, 3, 1, 'text/plain', x'');
             INSERT INTO delivery (id, event, webhook, environment, type, status, test, attempts, due, replays)
             VALUES (30, 20, 7, 3, 1, 1, 0, 1, NULL, NULL), (31, 20, 8, 3, 1, 1, 0, 1, NULL, NULL),
                    (32, 21, 7, 3, 1, 1, 0, 1, NULL, NULL), (33, 20, 7, 3, 1, 1, 0, 1, NULL, 30),
                    (34, 23, 7, 3, 1, 1, 1, 1, NULL, NULL), (35, 20, 7, 3, 1, 1, 0, 1, NULL, 33);",
        )?;
        apply(&mut connection, 13)?;
        for (event, found) in [(20, &[30, 31, 33, 35][..]), (21, &[32]), (22, &[]), (23, &[]), (24, &[])] {
            let of_event = |environment, limit| -> rusqlite::Result<Vec<DeliveryId>> {
                let rows = deliveries::of_event(&connection, environment, EventId(event), limit)?;
                Ok(rows.into_iter().map(|row| row.id).collect())
            };
            let all: Vec<_> = found.iter().copied().map(DeliveryId).collect();
            assert_eq!((of_event(3, 100)?, of_event(4, 100)?), (all.clone(), vec![]), "{event}");
            assert_eq!(of_event(3, 3)?, all.get(..3).unwrap_or(&all), "{event}");
        }
        Ok(())
    }

    /// As far as the history and the audit log of before tell it.
    #[test]
    fn since_when_and_by_whom_webhooks_stand_as_they_do_is_derived() -> rusqlite::Result<()> {
        let mut connection = of_before(18)?;
        connection.execute_batch(
            "INSERT INTO webhook (key, id, environment, types, url, profile, format, digest_upper, status, file, content, created,
                                  disabled_reason)
             VALUES (9, 'wh_c', 3, 'open', '', '', '', 0, 'disabled', '', '', 0, 'Every call has failed since x, for four days.'),
                    (10, 'wh_d', 3, 'open', '', '', '', 0, 'disabled', '', '', 0, 'The receiver answered 410 (Gone): it wants no more calls.'),
                    (11, 'wh_e', 3, 'open', '', '', '', 0, 'paused', '', '', 0, NULL);
             UPDATE webhook SET status = 'paused' WHERE key = 8;
             INSERT INTO history (id, webhook, at, kind, detail)
             VALUES (1, 7, 5, 'verified', ''), (2, 8, 6, 'paused', ''), (3, 8, 7, 'resumed', ''), (4, 8, 8, 'paused', ''),
                    (5, 8, 9, 'changed', ''), (6, 9, 10, 'disabled', ''), (7, 11, 11, 'paused', '');
             INSERT INTO audit (id, environment, kind, actor_kind, actor_id, actor_name, object_kind, object, changes)
             VALUES (20, 3, 'webhook.paused', 'token', 'tok_1', 'Old', 'webhook', 'wh_b', '[]'),
                    (21, 3, 'webhook.paused', 'session', 'ses_1', 'Ann', 'webhook', 'wh_b', '[]'),
                    (22, 3, 'webhook.changed', 'token', 'tok_2', 'CRM', 'webhook', 'wh_b', '[]'),
                    (23, 3, 'webhook.disabled', 'server', NULL, NULL, 'webhook', 'wh_c', '[]'),
                    (24, 3, 'webhook.paused', 'session', 'ses_2', NULL, 'webhook', 'wh_e', '[]');",
        )?;
        apply(&mut connection, 18)?;
        type Row = (String, Option<i64>, Option<String>, Option<String>);
        let rows: Vec<Row> = connection
            .prepare("SELECT id, status_since, status_by, disabled_code FROM webhook ORDER BY key")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let row = |id: &str, since, by: Option<&str>, code: Option<&str>| -> Row {
            (id.into(), since, by.map(Into::into), code.map(Into::into))
        };
        assert_eq!(
            rows,
            [
                row("wh_a", Some(5), None, None),
                row("wh_b", Some(8), Some("Ann"), None),
                row("wh_c", Some(10), None, Some("failing")),
                row("wh_d", None, None, Some("gone")),
                row("wh_e", Some(11), Some("ses_2"), None),
            ]
        );
        Ok(())
    }

    /// Those of days that have no figure any more are carried over; the others are in the figures already.
    #[test]
    fn what_was_counted_as_it_was_pruned_is_not_lost() -> rusqlite::Result<()> {
        let mut connection = of_before(12)?;
        connection.execute_batch(
            "INSERT INTO delivery_count (webhook, day, status, number)
             VALUES (7, 10, 1, 40), (7, 10, 2, 2), (7, 11, 1, 50), (7, 11, 3, 9), (7, 12, 1, 1000), (8, 12, 1, 5);
             INSERT INTO stat (scope, start, length, at_once, retried, refused, unanswered, times)
             VALUES (7, 12 * 288, 12, 1000, 0, 0, 0, x'');",
        )?;
        apply(&mut connection, 12)?;
        let rows: Vec<[i64; 5]> = connection
            .prepare("SELECT scope, length, at_once, refused, unanswered FROM stat ORDER BY scope, length")?
            .query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))?
            .collect::<rusqlite::Result<_>>()?;
        assert_eq!(rows, [[-3, 0, 95, 2, 0], [7, 0, 90, 2, 0], [7, 12, 1000, 0, 0], [8, 0, 5, 0, 0]]);
        Ok(())
    }
}
