//! Webhooks that fail: how many, and what came of the newest attempt.

use rusqlite::{Connection, OptionalExtension, params};
use seinpost_protocol::rest::WebhookStatus;

use super::{attempts::to_attempt, rows};
use crate::{
    id::DeliveryId,
    store::{Failure, StoreResult, WebhookKey},
};

/// How many of its newest deliveries are looked at for one that was tried: of a webhook whose breaker is open they may all
/// wait for their first attempt.
const LOOKED_AT: u32 = 200;

/// Where a delivery is found whose newest attempt was not accepted: each is one look into an index.
const PLACES: [&str; 3] = [
    "SELECT id, due FROM (SELECT id, due, attempts, status, test FROM delivery WHERE webhook = ?1 ORDER BY id DESC LIMIT ?2)
     WHERE attempts > 0 AND status IN (0, 2) AND test = 0 ORDER BY id DESC LIMIT 1",
    // What has been tried waits longest: the rest is due at once.
    "SELECT id, due FROM (SELECT id, due, attempts FROM delivery WHERE webhook = ?1 AND due IS NOT NULL ORDER BY due DESC LIMIT 1)
     WHERE attempts > 0 AND ?2",
    "SELECT id, due FROM (SELECT id, due, test FROM delivery WHERE webhook = ?1 AND status >= 2 AND status = 2 ORDER BY id DESC LIMIT ?2)
     WHERE test = 0 ORDER BY id DESC LIMIT 1",
];

/// Outer: the database's errors; inner: a damaged record.
pub(super) fn failures(
    connection: &Connection,
    keys: &[WebhookKey],
) -> rusqlite::Result<StoreResult<Vec<(WebhookKey, Failure)>>> {
    let mut found = Vec::new();
    for key in keys {
        let Some((delivery, due)) = newest(connection, *key)? else { continue };
        let attempt = connection
            .prepare_cached(
                "SELECT a.n, a.started, a.duration, a.response_status, a.record, t.record
                 FROM attempt a LEFT JOIN template t ON t.id = a.template WHERE a.delivery = ?1 ORDER BY a.n DESC LIMIT 1",
            )?
            .query_row([delivery.0], to_attempt)
            .optional()?;
        match attempt {
            Some(Ok(attempt)) => found.push((*key, Failure { delivery, due, attempt })),
            Some(Err(error)) => return Ok(Err(error)),
            None => {}
        }
    }
    Ok(Ok(found))
}

fn newest(connection: &Connection, key: WebhookKey) -> rusqlite::Result<Option<(DeliveryId, Option<i64>)>> {
    for place in PLACES {
        let found = connection
            .prepare_cached(place)?
            .query_row(params![key.0, LOOKED_AT], |row| Ok((DeliveryId(row.get(0)?), row.get(1)?)))
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

pub(super) fn count(connection: &Connection, environment: u64) -> rusqlite::Result<Vec<(WebhookStatus, bool, u64)>> {
    connection
        .prepare_cached(
            "SELECT status, failing_since IS NOT NULL AS failing, count(*) FROM webhook
             WHERE environment = ?1 AND deleted IS NULL GROUP BY status, failing ORDER BY status, failing",
        )?
        .query_map([rows::number(environment)], |row| {
            Ok((rows::webhook_status(0, row.get_ref(0)?.as_str()?)?, row.get(1)?, rows::id(row, 2)?))
        })?
        .collect()
}
