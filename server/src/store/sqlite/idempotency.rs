//! Idempotency keys: what was answered to a call, for a day.

use rusqlite::{OptionalExtension, params};

use super::{broken, context::Context, rows};
use crate::store::{Claim, Idempotency, StoreError, StoreResult};

/// How long an idempotency key is kept, in milliseconds.
const LIFE: i64 = 24 * 60 * 60 * 1000;

/// What was answered to a call with this key, if there was one within the last day; empty while it is not answered.
pub(super) fn answered_before(
    context: &Context<'_>,
    environment: u64,
    idempotency: &Idempotency,
) -> StoreResult<Option<Vec<u8>>> {
    let oldest = context.now() - LIFE;
    let found: Option<([u8; 32], Vec<u8>)> = context
        .prepare("SELECT fingerprint, answer FROM idempotency WHERE environment = ?1 AND key = ?2 AND created > ?3")?
        .query_row(params![rows::number(environment), idempotency.key, oldest], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(|error| broken(&error))?;
    match found {
        None => Ok(None),
        Some((fingerprint, answer)) if fingerprint == idempotency.fingerprint => Ok(Some(answer)),
        Some(_) => Err(StoreError::IdempotencyConflict),
    }
}

/// Keeps an answer, and forgets some that are old.
pub(super) fn keep(
    context: &Context<'_>,
    environment: u64,
    idempotency: &Idempotency,
    answer: &[u8],
) -> StoreResult<()> {
    let now = context.now();
    context.execute(
        "INSERT OR REPLACE INTO idempotency (environment, key, fingerprint, answer, created) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![rows::number(environment), idempotency.key, idempotency.fingerprint, answer, now],
    )?;
    // A few at a time, so that nobody waits for a great cleaning.
    context
        .execute(
            "DELETE FROM idempotency WHERE (environment, key) IN
             (SELECT environment, key FROM idempotency WHERE created <= ?1 ORDER BY created LIMIT 8)",
            [now - LIFE],
        )
        .map(drop)
}

pub(super) fn claim(context: &Context<'_>, environment: u64, idempotency: &Idempotency) -> StoreResult<Claim> {
    match answered_before(context, environment, idempotency)? {
        None => keep(context, environment, idempotency, &[]).map(|()| Claim::New),
        Some(answer) if answer.is_empty() => Ok(Claim::Begun),
        Some(answer) => Ok(Claim::Answered(answer)),
    }
}

pub(super) fn answer(context: &Context<'_>, environment: u64, key: &str, answer: Option<&[u8]>) -> StoreResult<()> {
    let environment = rows::number(environment);
    let claimed = "environment = ?1 AND key = ?2 AND length(answer) = 0";
    match answer {
        Some(answer) => {
            let sql = format!("UPDATE idempotency SET answer = ?3 WHERE {claimed}");
            context.execute(&sql, params![environment, key, answer])
        }
        None => context.execute(&format!("DELETE FROM idempotency WHERE {claimed}"), params![environment, key]),
    }
    .map(drop)
}
