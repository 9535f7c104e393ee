//! Deliveries and their attempts.

use rusqlite::{Connection, OptionalExtension, Row, params};
use seinpost_protocol::rest::DeliveryStatus;

use super::{broken, record::Pieces, rows, templates, writer::Context};
use crate::{
    id::{DeliveryId, EventId},
    store::{
        AttemptRecord, Conclusion, DeliveryQuery, DeliveryRecord, DeliverySummary, DueDelivery, Fresh, StoreResult,
        TestCall, Totals, Waiting, WebhookKey,
    },
};

/// The columns that [`to_delivery`] reads, in its order.
const COLUMNS: &str = "d.id, d.event, d.type, w.id, w.status, w.deleted, d.status, d.test, d.attempts, d.due";

fn to_delivery(row: &Row<'_>) -> rusqlite::Result<DeliveryRecord> {
    let deleted: Option<i64> = row.get(5)?;
    let webhook_status = rows::webhook_status(4, row.get_ref(4)?.as_str()?)?;
    Ok(DeliveryRecord {
        id: DeliveryId(row.get(0)?),
        event: EventId(row.get(1)?),
        event_type: rows::event_type(row, 2)?,
        webhook: row.get(3)?,
        webhook_status: deleted.is_none().then_some(webhook_status),
        status: rows::delivery_status(row, 6)?,
        test: row.get(7)?,
        attempts: row.get(8)?,
        due: row.get(9)?,
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
    // One of the two indexes answers each form without sorting: `+` keeps the other from being taken.
    let whose = match query.webhook {
        Some(_) => "d.webhook = ?2 AND +d.environment = ?1",
        None => "d.environment = ?1 AND ?2 IS NULL",
    };
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM delivery d JOIN webhook w ON w.key = d.webhook
             WHERE {whose} AND d.id < ?3 AND (?4 IS NULL OR d.status = ?4) ORDER BY d.id DESC LIMIT ?5"
        ))?
        .query_map(
            params![
                rows::number(environment),
                query.webhook.map(|key| key.0),
                query.before.map_or(i64::MAX, |before| before.0),
                query.status.map(rows::delivery_status_number),
                query.limit
            ],
            to_delivery,
        )?
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

/// Outer: the database's errors; inner: a damaged record.
pub(super) fn attempts(
    connection: &Connection,
    deliveries: &[DeliveryId],
) -> rusqlite::Result<StoreResult<Vec<(DeliveryId, AttemptRecord)>>> {
    let mut statement = connection.prepare_cached(
        "SELECT a.n, a.started, a.duration, a.response_status, a.record, t.record
         FROM attempt a LEFT JOIN template t ON t.id = a.template WHERE a.delivery = ?1 ORDER BY a.n",
    )?;
    let mut found = Vec::new();
    for delivery in deliveries {
        let mut rows = statement.query([delivery.0])?;
        while let Some(row) = rows.next()? {
            let duration: i64 = row.get(2)?;
            let (n, started, status) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let attempt = Pieces::read(row.get_ref(4)?.as_blob()?, row.get_ref(5)?.as_blob_or_null()?)
                .and_then(|pieces| pieces.attempt(n, started, u64::try_from(duration).unwrap_or(0), status));
            match attempt {
                Ok(attempt) => found.push((*delivery, attempt)),
                Err(error) => return Ok(Err(error)),
            }
        }
    }
    Ok(Ok(found))
}

pub(super) fn record_attempt(
    context: &mut Context,
    delivery: DeliveryId,
    attempt: &AttemptRecord,
    conclusion: Conclusion,
) -> StoreResult<Option<i64>> {
    let (status, due) = match conclusion {
        Conclusion::Delivered => (DeliveryStatus::Delivered, None),
        Conclusion::Retry(due) => (DeliveryStatus::Pending, Some(due)),
        Conclusion::Failed => (DeliveryStatus::Failed, None),
    };
    let webhook: Option<i64> = context
        .prepare("SELECT webhook FROM delivery WHERE id = ?1")?
        .query_row([delivery.0], |row| row.get(0))
        .optional()
        .map_err(|error| broken(&error))?;
    // One that is no longer kept: there is nothing to write it to.
    let Some(webhook) = webhook.map(WebhookKey) else { return Ok(None) };
    // First, as it is what can fail (an attempt that was written before): nothing is changed then.
    insert_attempt(context, webhook, delivery, attempt)?;
    // One that was cancelled while it was on its way stays cancelled, unless it arrived after all.
    context.execute(
        "UPDATE delivery SET attempts = ?2,
                status = CASE WHEN status = 0 OR ?3 = 1 THEN ?3 ELSE status END,
                due = CASE WHEN status = 0 THEN ?4 ELSE NULL END
         WHERE id = ?1",
        params![delivery.0, attempt.n, rows::delivery_status_number(status), due],
    )?;
    context.failing_since(webhook, status == DeliveryStatus::Delivered, attempt.started)
}

fn insert_attempt(
    context: &mut Context,
    webhook: WebhookKey,
    delivery: DeliveryId,
    attempt: &AttemptRecord,
) -> StoreResult<()> {
    let (template, record) = templates::write(context, webhook, Pieces::of(attempt))?;
    context
        .execute(
            "INSERT INTO attempt (delivery, n, started, duration, response_status, record, template)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                delivery.0,
                attempt.n,
                attempt.started,
                i64::try_from(attempt.duration).unwrap_or(i64::MAX),
                attempt.response.as_ref().map(|response| response.status),
                record,
                template
            ],
        )
        .map(drop)
}

pub(super) fn record_test(context: &mut Context, test: &TestCall) -> StoreResult<DeliveryId> {
    let now = context.now();
    let event = EventId(context.next_event(now));
    let delivery = DeliveryId(context.next_delivery(now));
    let environment = rows::number(test.environment);
    let type_number = rows::type_number(test.event_type);
    context.execute(
        "INSERT INTO event (id, environment, type, content_type, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![event.0, environment, type_number, test.content_type, &test.body[..]],
    )?;
    let status = if test.attempt.is_accepted() { DeliveryStatus::Delivered } else { DeliveryStatus::Failed };
    context.execute(
        "INSERT INTO delivery (id, event, webhook, environment, type, status, test, attempts, due)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, 1, NULL)",
        params![delivery.0, event.0, test.webhook.0, environment, type_number, rows::delivery_status_number(status)],
    )?;
    insert_attempt(context, test.webhook, delivery, &test.attempt)?;
    Ok(delivery)
}

pub(super) fn replay(context: &mut Context, environment: u64, id: DeliveryId) -> StoreResult<Option<DeliveryId>> {
    let now = context.now();
    let found: Option<(i64, i64)> = context
        .prepare(
            "SELECT d.event, d.webhook FROM delivery d JOIN webhook w ON w.key = d.webhook
             WHERE d.id = ?1 AND d.environment = ?2 AND d.test = 0 AND w.deleted IS NULL",
        )?
        .query_row([id.0, rows::number(environment)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(|error| broken(&error))?;
    let Some((event, webhook)) = found else { return Ok(None) };
    let again = DeliveryId(context.next_delivery(now));
    context.execute(
        "INSERT INTO delivery (id, event, webhook, environment, type, status, test, attempts, due, replays)
         SELECT ?2, event, webhook, environment, type, 0, 0, 0, ?3, id FROM delivery WHERE id = ?1",
        params![id.0, again.0, now],
    )?;
    context.tell_fresh(Fresh {
        id: again,
        webhook: WebhookKey(webhook),
        environment,
        payload: None,
        event: EventId(event),
    });
    Ok(Some(again))
}

pub(super) fn cancel(context: &mut Context, key: WebhookKey, limit: u32) -> StoreResult<u32> {
    let changed = context.execute(
        "UPDATE delivery SET status = 3, due = NULL WHERE id IN
         (SELECT id FROM delivery WHERE webhook = ?1 AND due IS NOT NULL LIMIT ?2)",
        params![key.0, limit],
    )?;
    Ok(u32::try_from(changed).unwrap_or(u32::MAX))
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

pub(super) fn due(connection: &Connection, key: WebhookKey, limit: u32) -> rusqlite::Result<Vec<DueDelivery>> {
    connection
        .prepare_cached(
            "SELECT id, event, attempts, due FROM delivery WHERE webhook = ?1 AND due IS NOT NULL
             ORDER BY due, id LIMIT ?2",
        )?
        .query_map(params![key.0, limit], |row| {
            Ok(DueDelivery {
                id: DeliveryId(row.get(0)?),
                event: EventId(row.get(1)?),
                attempts: row.get(2)?,
                due: row.get(3)?,
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
