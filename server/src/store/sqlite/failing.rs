//! Webhooks that fail: for how long, how many, and what came of the newest attempt.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;
use seinpost_protocol::rest::WebhookStatus;

use super::{attempts::to_attempt, context::Context, rows};
use crate::{
    id::DeliveryId,
    store::{Failure, StoreResult, Streak, WebhookKey},
};

/// How much longer a webhook fails before that is written: so much is lost of it at a restart.
const WRITTEN_EACH: Duration = Duration::from_secs(60);

/// Which webhooks have had nothing but failures, and up to when that is counted.
pub(super) struct Streaks {
    of: FxHashMap<WebhookKey, Known>,
    /// What the timer showed when the server started: what failed then has done so since.
    began: Duration,
}

struct Known {
    /// As it is written; `None` where that may have changed.
    written: Option<Option<Streak>>,
    /// What the timer showed then.
    counted: Duration,
}

impl Streaks {
    pub(super) fn new(began: Duration) -> Self {
        Self { of: FxHashMap::default(), began }
    }

    /// What is written may be otherwise.
    pub(super) fn forget(&mut self) {
        for known in self.of.values_mut() {
            known.written = None;
        }
    }

    pub(super) fn forget_one(&mut self, webhook: WebhookKey) {
        if let Some(known) = self.of.get_mut(&webhook) {
            known.written = None;
        }
    }
}

/// Notes a success or a failure of a webhook, which began `at`; for how long it has had nothing but failures. Written only
/// when that changes by enough.
pub(super) fn note(
    context: &mut Context<'_>,
    webhook: WebhookKey,
    success: bool,
    at: i64,
) -> StoreResult<Option<Streak>> {
    let began = context.streaks().began;
    let (known, counted) = match context.streaks().of.get(&webhook) {
        Some(known) => (known.written, known.counted),
        None => (None, began),
    };
    let written = match known {
        Some(written) => written,
        None => context.read(|connection| read(connection, webhook))?,
    };
    let passed = context.passed();
    let now = match written {
        _ if success => None,
        None => Some(Streak { since: at, lasted: Duration::ZERO }),
        Some(streak) => Some(Streak { lasted: streak.lasted + passed.saturating_sub(counted), ..streak }),
    };
    let is_to_be_written = match (written, now) {
        (Some(written), Some(now)) => now.lasted >= written.lasted + WRITTEN_EACH,
        (written, now) => written != now,
    };
    let known = if is_to_be_written {
        let lasted = now.map_or(0, |streak| i64::try_from(streak.lasted.as_millis()).unwrap_or(i64::MAX));
        context.execute(
            "UPDATE webhook SET failing_since = ?2, failing_for = ?3 WHERE key = ?1",
            params![webhook.0, now.map(|streak| streak.since), lasted],
        )?;
        Known { written: Some(now), counted: passed }
    } else {
        Known { written: Some(written), counted }
    };
    context.streaks().of.insert(webhook, known);
    Ok(now)
}

fn read(connection: &Connection, webhook: WebhookKey) -> rusqlite::Result<Option<Streak>> {
    connection.query_row("SELECT failing_since, failing_for FROM webhook WHERE key = ?1", [webhook.0], |row| {
        let lasted = Duration::from_millis(u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0));
        Ok(row.get::<_, Option<i64>>(0)?.map(|since| Streak { since, lasted }))
    })
}

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
                 FROM attempt a LEFT JOIN template t ON t.id = a.template WHERE a.delivery = ?1 AND a.record != x''
                 ORDER BY a.n DESC LIMIT 1",
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
