//! Deliveries: lists of them, those that wait, and new ones.

use rusqlite::{Connection, OptionalExtension, Row, params};
use seinpost_protocol::rest::DeliveryStatus;

use super::{audit, broken, context::Context, rows};
use crate::{
    id::{DeliveryId, EventId},
    store::{
        Advance, Course, DeliveryQuery, DeliveryRecord, DeliverySummary, DueDelivery, EventKind, Fresh, StoreResult,
        Totals, Waiting, WebhookKey,
    },
};

/// The columns that [`to_delivery`] reads, in its order.
const COLUMNS: &str =
    "d.id, d.event, d.type, w.id, w.status, w.deleted, d.status, d.test, d.attempts, d.due, d.replays";

fn to_delivery(row: &Row<'_>) -> rusqlite::Result<DeliveryRecord> {
    let deleted: Option<i64> = row.get(5)?;
    let webhook_status = rows::webhook_status(4, row.get_ref(4)?.as_str()?)?;
    Ok(DeliveryRecord {
        id: DeliveryId(row.get(0)?),
        event: EventId(row.get(1)?),
        event_type: rows::event_kind(row, 2)?,
        webhook: row.get(3)?,
        webhook_status: deleted.is_none().then_some(webhook_status),
        status: rows::delivery_status(row, 6)?,
        test: row.get(7)?,
        attempts: row.get(8)?,
        due: row.get(9)?,
        replays: row.get::<_, Option<i64>>(10)?.map(DeliveryId),
    })
}

pub(super) fn one(
    connection: &Connection,
    environment: u64,
    id: DeliveryId,
) -> rusqlite::Result<Option<DeliveryRecord>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM delivery d JOIN webhook w ON w.key = d.webhook WHERE d.id = ?1 AND d.environment = ?2"
        ))?
        .query_row([id.0, rows::number(environment)], to_delivery)
        .optional()
}

pub(super) fn list(
    connection: &Connection,
    environment: u64,
    query: &DeliveryQuery,
) -> rusqlite::Result<Vec<DeliveryRecord>> {
    let whose = match query.webhook {
        Some(_) => "d.webhook = ?2 AND +d.environment = ?1",
        None => "d.environment = ?1 AND ?2 IS NULL",
    };
    if query.test == Some(true) {
        // They are few, and have an index of their own.
        let rows = format!(
            "SELECT {COLUMNS} FROM delivery d INDEXED BY delivery_tests JOIN webhook w ON w.key = d.webhook
             WHERE d.environment = ?1 AND d.test = 1 AND (?2 IS NULL OR d.webhook = ?2) AND d.id < ?3
               AND (?4 IS NULL OR d.status = ?4) AND ?6 ORDER BY d.id DESC LIMIT ?5"
        );
        return page(connection, environment, query, &rows);
    }
    let (index, which) = match query.status {
        // Each has an index that gives it in order, without looking at others.
        None => (by(query, "delivery_by_webhook", "delivery_by_environment"), "?4 IS NULL"),
        Some(DeliveryStatus::Failed | DeliveryStatus::Cancelled) => {
            let index = by(query, "delivery_undelivered_by_webhook", "delivery_undelivered_by_environment");
            (index, "d.status = ?4 AND d.status >= 2")
        }
        Some(DeliveryStatus::Pending) => return waiting_ones(connection, environment, query),
        // Most that there are.
        Some(_) => (by(query, "delivery_by_webhook", "delivery_by_environment"), "d.status = ?4"),
    };
    let rows = format!(
        "SELECT {COLUMNS} FROM delivery d INDEXED BY {index} JOIN webhook w ON w.key = d.webhook
         WHERE {whose} AND d.id < ?3 AND {which} AND (?6 IS NULL OR d.test = ?6) ORDER BY d.id DESC LIMIT ?5"
    );
    page(connection, environment, query, &rows)
}

/// The rows of a page; `?1` is the environment, `?2` the webhook, `?3` the id that they are before, `?4` the status,
/// `?5` how many there are at most, and `?6` whether they are tests.
fn page(
    connection: &Connection,
    environment: u64,
    query: &DeliveryQuery,
    rows: &str,
) -> rusqlite::Result<Vec<DeliveryRecord>> {
    connection
        .prepare_cached(rows)?
        .query_map(
            params![
                rows::number(environment),
                query.webhook.map(|key| key.0),
                query.before.map_or(i64::MAX, |before| before.0),
                query.status.map(rows::delivery_status_number),
                query.limit,
                query.test
            ],
            to_delivery,
        )?
        .collect()
}

/// Those that wait have no index of their own in this order, as each delivery would pay for it twice. Many are met soon
/// among the newest; where they are not (they are those of a webhook that was paused long ago), all are sorted, which takes
/// the index by due time alone.
fn waiting_ones(
    connection: &Connection,
    environment: u64,
    query: &DeliveryQuery,
) -> rusqlite::Result<Vec<DeliveryRecord>> {
    if !few_wait(connection, environment, query)? {
        let whose = by(query, "webhook = ?2 AND +environment = ?1", "environment = ?1 AND ?2 IS NULL");
        let index = by(query, "delivery_by_webhook", "delivery_by_environment");
        let met = page(
            connection,
            environment,
            query,
            &format!(
                "SELECT {COLUMNS} FROM (SELECT * FROM delivery INDEXED BY {index} WHERE {whose} AND id < ?3
                                        ORDER BY id DESC LIMIT {LOOKED_AT}) d JOIN webhook w ON w.key = d.webhook
                 WHERE d.status = ?4 AND (?6 IS NULL OR d.test = ?6) ORDER BY d.id DESC LIMIT ?5"
            ),
        )?;
        if met.len() >= query.limit as usize {
            return Ok(met);
        }
    }
    let whose = by(
        query,
        "p.webhook = ?2 AND ?1 IS NOT NULL",
        "p.webhook IN (SELECT key FROM webhook WHERE environment = ?1) AND ?2 IS NULL",
    );
    page(
        connection,
        environment,
        query,
        &format!(
            "SELECT {COLUMNS} FROM delivery d JOIN webhook w ON w.key = d.webhook
             WHERE d.environment = ?1 AND d.status = ?4 AND d.id IN (
                 SELECT p.id FROM delivery p INDEXED BY delivery_due
                 WHERE {whose} AND p.due IS NOT NULL AND p.id < ?3 AND (?6 IS NULL OR p.test = ?6)
                 ORDER BY p.id DESC LIMIT ?5)
             ORDER BY d.id DESC"
        ),
    )
}

/// How many of the newest deliveries are looked at for some that wait.
const LOOKED_AT: u32 = 2000;

fn by<'a>(query: &DeliveryQuery, webhook: &'a str, environment: &'a str) -> &'a str {
    if query.webhook.is_some() { webhook } else { environment }
}

/// Whether so few wait that they are sorted in a millisecond.
fn few_wait(connection: &Connection, environment: u64, query: &DeliveryQuery) -> rusqlite::Result<bool> {
    const FEW: i64 = 5000;
    let waiting: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM delivery INDEXED BY delivery_due
             WHERE due IS NOT NULL AND webhook IN (SELECT key FROM webhook WHERE environment = ?3 AND (?1 IS NULL OR key = ?1))
             LIMIT ?2)",
        )?
        .query_row(params![query.webhook.map(|key| key.0), FEW, rows::number(environment)], |row| row.get(0))?;
    Ok(waiting < FEW)
}

pub(super) fn of_event(
    connection: &Connection,
    environment: u64,
    event: EventId,
    limit: u32,
) -> rusqlite::Result<Vec<DeliveryRecord>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM delivery d JOIN webhook w ON w.key = d.webhook
             WHERE d.id IN (
                 SELECT id FROM (SELECT id FROM delivery WHERE id >= (SELECT first_delivery FROM event
                                               WHERE id = ?1 AND environment = ?2)
                                 ORDER BY id LIMIT min(?3, coalesce((SELECT deliveries FROM event WHERE id = ?1), 0)))
                 UNION ALL SELECT id FROM delivery INDEXED BY delivery_replaying
                           WHERE event = ?1 AND replays IS NOT NULL AND environment = ?2
             ) AND d.event = ?1 AND +d.environment = ?2 ORDER BY d.id LIMIT ?3"
        ))?
        .query_map(params![event.0, rows::number(environment), limit], to_delivery)?
        .collect()
}

pub(super) fn last(
    connection: &Connection,
    keys: &[WebhookKey],
) -> rusqlite::Result<Vec<(WebhookKey, DeliverySummary)>> {
    let mut statement = connection.prepare_cached(
        "SELECT d.id, d.status, d.test,
                (SELECT a.response_status FROM attempt a WHERE a.delivery = d.id ORDER BY a.n DESC LIMIT 1)
         FROM delivery d WHERE d.webhook = ?1 ORDER BY d.id DESC LIMIT 1",
    )?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let summary = statement
            .query_row([key.0], |row| {
                Ok(DeliverySummary {
                    id: DeliveryId(row.get(0)?),
                    status: rows::delivery_status(row, 1)?,
                    test: row.get(2)?,
                    response_status: row.get(3)?,
                })
            })
            .optional()?;
        found.extend(summary.map(|summary| (*key, summary)));
    }
    Ok(found)
}

/// Reads event, type, webhook, environment, test and status.
pub(super) fn to_advance(row: &Row<'_>, id: DeliveryId) -> rusqlite::Result<Advance> {
    Ok(Advance {
        id,
        course: Course {
            event: EventId(row.get(0)?),
            event_type: rows::event_kind(row, 1)?,
            webhook: WebhookKey(row.get(2)?),
            environment: rows::id(row, 3)?,
        },
        test: row.get(4)?,
        status: rows::delivery_status(row, 5)?,
        attempt: None,
        due: None,
    })
}

pub(super) fn replay(context: &mut Context<'_>, environment: u64, id: DeliveryId) -> StoreResult<Option<DeliveryId>> {
    let now = context.now();
    let found: Option<(i64, i64, EventKind)> = context
        .prepare(
            "SELECT d.event, d.webhook, d.type FROM delivery d JOIN webhook w ON w.key = d.webhook
             WHERE d.id = ?1 AND d.environment = ?2 AND d.test = 0 AND w.deleted IS NULL
               AND EXISTS (SELECT 1 FROM event e WHERE e.id = d.event)",
        )?
        .query_row([id.0, rows::number(environment)], |row| Ok((row.get(0)?, row.get(1)?, rows::event_kind(row, 2)?)))
        .optional()
        .map_err(|error| broken(&error))?;
    let Some((event, webhook, event_type)) = found else { return Ok(None) };
    let again = DeliveryId(context.next_delivery(now));
    context.execute(
        "INSERT INTO delivery (id, event, webhook, environment, type, status, test, attempts, due, replays)
         SELECT ?2, event, webhook, environment, type, 0, 0, 0, ?3, id FROM delivery WHERE id = ?1",
        params![id.0, again.0, now],
    )?;
    context.tell_fresh(Fresh {
        id: again,
        course: Course { event: EventId(event), event_type, webhook: WebhookKey(webhook), environment },
        payload: None,
    });
    let object = audit::Object { kind: "delivery", id: &id.to_string(), name: None };
    let change = audit::made([("delivery", serde_json::json!(again.to_string()))]);
    audit::record(context, environment, "replayed", &object, &change)?;
    Ok(Some(again))
}

/// How many deliveries are brought forward in one go, so that nobody waits for it.
pub(super) const BROUGHT_TOGETHER: usize = 500;

/// The deliveries of a webhook that wait for a time after `now`, with that time.
pub(super) fn later(
    connection: &Connection,
    key: WebhookKey,
    now: i64,
    limit: u32,
) -> rusqlite::Result<Vec<(DeliveryId, i64)>> {
    connection
        .prepare_cached(
            "SELECT id, due FROM delivery INDEXED BY delivery_due WHERE webhook = ?1 AND due > ?2 ORDER BY due LIMIT ?3",
        )?
        .query_map(params![key.0, now, limit], |row| Ok((DeliveryId(row.get(0)?), row.get(1)?)))?
        .collect()
}

/// Has those of a share be due at `now` that still wait as they did; how many. With the first share the audit log is told
/// how many there are in `all`.
pub(super) fn bring_forward(
    context: &mut Context<'_>,
    key: WebhookKey,
    now: i64,
    share: &[(DeliveryId, i64)],
    all: Option<usize>,
) -> StoreResult<u64> {
    let mut brought = 0;
    for (id, due) in share {
        // One that was sent meanwhile and has failed again waits for its own time.
        brought +=
            context.execute("UPDATE delivery SET due = ?3 WHERE id = ?1 AND due = ?2", params![id.0, due, now])?;
    }
    if let Some(all) = all
        && let Some(webhook) = context.read(|connection| super::webhooks::by_key(connection, key))?
    {
        audit::on_webhook(context, "waiting-sent", &webhook, &audit::made([("deliveries", serde_json::json!(all))]))?;
    }
    context.tell_brought_forward(key);
    Ok(brought as u64)
}

pub(super) fn cancel(context: &mut Context<'_>, key: WebhookKey, limit: u32) -> StoreResult<u32> {
    let cancelled: Vec<Advance> = context.read(|connection| {
        connection
            .prepare_cached(
                "UPDATE delivery SET status = 3, due = NULL WHERE id IN
                 (SELECT id FROM delivery WHERE webhook = ?1 AND due IS NOT NULL LIMIT ?2)
                 RETURNING event, type, webhook, environment, test, status, id",
            )?
            .query_map(params![key.0, limit], |row| to_advance(row, DeliveryId(row.get(6)?)))?
            .collect()
    })?;
    for each in &cancelled {
        context.tell_advance(*each);
    }
    Ok(u32::try_from(cancelled.len()).unwrap_or(u32::MAX))
}

pub(super) fn waiting(connection: &Connection) -> rusqlite::Result<Vec<Waiting>> {
    connection
        .prepare_cached(
            "SELECT w.key, w.environment FROM webhook w
             WHERE EXISTS (SELECT 1 FROM delivery d WHERE d.webhook = w.key AND d.due IS NOT NULL)",
        )?
        .query_map([], |row| Ok(Waiting { webhook: WebhookKey(row.get(0)?), environment: rows::id(row, 1)? }))?
        .collect()
}

pub(super) fn due(
    connection: &Connection,
    key: WebhookKey,
    limit: u32,
    far: i64,
) -> rusqlite::Result<Vec<DueDelivery>> {
    connection
        .prepare_cached(
            "SELECT d.id, d.event, d.attempts, d.due,
                    CASE WHEN d.due > ?3
                         THEN (SELECT a.started FROM attempt a WHERE a.delivery = d.id AND a.n = d.attempts) END
             FROM delivery d WHERE d.webhook = ?1 AND d.due IS NOT NULL ORDER BY d.due, d.id LIMIT ?2",
        )?
        .query_map(params![key.0, limit, far], |row| {
            Ok(DueDelivery {
                id: DeliveryId(row.get(0)?),
                event: EventId(row.get(1)?),
                attempts: row.get(2)?,
                due: row.get(3)?,
                tried: row.get(4)?,
            })
        })?
        .collect()
}

pub(super) fn totals(connection: &Connection) -> rusqlite::Result<Totals> {
    let pending: i64 = connection
        .prepare_cached("SELECT count(*) FROM delivery WHERE due IS NOT NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(Totals { pending: u64::try_from(pending).unwrap_or(0) })
}
