//! Replays of many deliveries, a share at a time.

use rusqlite::{Connection, OptionalExtension, Row, params};
use seinpost_protocol::rest::{ReplayState, ReplayWhich};
use serde_json::json;

use super::{
    audit::{self, Object},
    broken,
    context::Context,
    rows,
};
use crate::{
    id::{DeliveryId, EventId, first_at},
    store::{Course, EventKind, Fresh, NewReplay, ReplayRecord, RunningReplay, StoreResult, WebhookKey},
};

/// The columns that [`to_replay`] reads, in its order.
const COLUMNS: &str = "id, webhook, created, failed, made, state, asked_from, asked_until";

fn to_replay(row: &Row<'_>) -> rusqlite::Result<ReplayRecord> {
    let made: i64 = row.get(4)?;
    Ok(ReplayRecord {
        id: row.get(0)?,
        webhook: WebhookKey(row.get(1)?),
        created: row.get(2)?,
        which: if row.get(3)? { ReplayWhich::Failed } else { ReplayWhich::All },
        made: u64::try_from(made).unwrap_or(0),
        state: match row.get_ref(5)?.as_str()? {
            "running" => ReplayState::Running,
            "done" => ReplayState::Done,
            _ => ReplayState::Stopped,
        },
        from: row.get(6)?,
        until: row.get(7)?,
    })
}

pub(super) fn create(context: &mut Context<'_>, new: &NewReplay) -> StoreResult<ReplayRecord> {
    let now = context.now();
    // What the replay itself makes is not replayed: it is at or above this id.
    let end = context.next_delivery(now);
    let replay = context.read(|connection| {
        connection
            .prepare_cached(&format!(
                "INSERT INTO replay (id, webhook, created, failed, after, until, made, state, asked_from, asked_until)
                 VALUES (?6, ?1, ?2, ?3, ?4, ?5, 0, 'running', ?7, ?8) RETURNING {COLUMNS}"
            ))?
            .query_row(
                params![
                    new.webhook.0,
                    now,
                    new.which == ReplayWhich::Failed,
                    // An id holds its time.
                    new.from.map_or(0, |from| first_at(from).saturating_sub(1)),
                    new.until.map_or(end, |until| first_at(until).min(end)),
                    // Not the next number: it would tell how many replays others make.
                    end,
                    new.from,
                    new.until
                ],
                to_replay,
            )
    })?;
    audited(context, "created", &replay)?;
    Ok(replay)
}

/// Writes what was done with a replay into the audit log of its environment.
fn audited(context: &mut Context<'_>, done: &str, replay: &ReplayRecord) -> StoreResult<()> {
    let Some(webhook) = context.read(|connection| super::webhooks::by_key(connection, replay.webhook))? else {
        return Ok(());
    };
    let object = Object { kind: "replay", id: &format!("rpl_{}", replay.id), name: None };
    audit::record(context, webhook.environment, done, &object, &audit::made([("webhook", json!(webhook.id))]))
}

pub(super) fn list(
    connection: &Connection,
    webhook: WebhookKey,
    before: Option<i64>,
    limit: u32,
) -> rusqlite::Result<Vec<ReplayRecord>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM replay WHERE webhook = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3"
        ))?
        .query_map(params![webhook.0, before.unwrap_or(i64::MAX), limit], to_replay)?
        .collect()
}

pub(super) fn running(connection: &Connection, now: i64, most: u32) -> rusqlite::Result<Vec<RunningReplay>> {
    connection
        .prepare_cached(
            "SELECT r.id, r.webhook, (SELECT count(*) FROM (SELECT 1 FROM delivery d INDEXED BY delivery_due
                                                 WHERE d.webhook = r.webhook AND d.due <= ?1 LIMIT ?2))
             FROM replay r WHERE r.state = 'running' ORDER BY r.id",
        )?
        .query_map(params![now, most], |row| {
            Ok(RunningReplay { id: row.get(0)?, webhook: WebhookKey(row.get(1)?), due: row.get(2)? })
        })?
        .collect()
}

pub(super) fn stop(context: &mut Context<'_>, webhook: WebhookKey, id: i64) -> StoreResult<Option<ReplayRecord>> {
    let stopped = context.execute(
        "UPDATE replay SET state = 'stopped' WHERE id = ?1 AND webhook = ?2 AND state = 'running'",
        params![id, webhook.0],
    )?;
    let found = context.read(|connection| {
        connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM replay WHERE id = ?1 AND webhook = ?2"))?
            .query_row(params![id, webhook.0], to_replay)
            .optional()
    })?;
    if stopped > 0
        && let Some(replay) = &found
    {
        audited(context, "stopped", replay)?;
    }
    Ok(found)
}

/// What a replay still has to do.
struct Rest {
    webhook: i64,
    failed: bool,
    after: i64,
    until: i64,
    environment: u64,
}

/// Makes the next new deliveries of a replay; whether there may be more.
pub(super) fn go_on(context: &mut Context<'_>, id: i64, share: u32) -> StoreResult<bool> {
    let rest = context
        .prepare(
            "SELECT r.webhook, r.failed, r.after, r.until, w.environment FROM replay r JOIN webhook w ON w.key = r.webhook
             WHERE r.id = ?1 AND r.state = 'running' AND w.deleted IS NULL",
        )?
        .query_row([id], |row| {
            Ok(Rest {
                webhook: row.get(0)?,
                failed: row.get(1)?,
                after: row.get(2)?,
                until: row.get(3)?,
                environment: rows::id(row, 4)?,
            })
        })
        .optional()
        .map_err(|error| broken(&error))?;
    let Some(rest) = rest else {
        // Stopped, or its webhook was deleted.
        context.execute("UPDATE replay SET state = 'stopped' WHERE id = ?1 AND state = 'running'", [id])?;
        return Ok(false);
    };
    // Each event goes once: for those that were repeated before stands the last repeat; and of what failed, what has
    // arrived since or is on its way is left alone.
    let found: Vec<(i64, i64, bool, EventKind)> = context.read(|connection| {
        connection
            .prepare_cached(
                "SELECT id, event, test = 0 AND status IN (1, 2, 3) AND (status = 2 OR ?4 = 0)
                        AND EXISTS (SELECT 1 FROM event e WHERE e.id = delivery.event)
                        AND NOT EXISTS (
                            SELECT 1 FROM delivery r
                            WHERE r.event = delivery.event AND r.replays IS NOT NULL AND r.webhook = delivery.webhook
                              AND r.test = 0 AND r.id > delivery.id AND (r.id < ?3 OR (?4 AND r.status IN (0, 1)))),
                        type
                 FROM delivery
                 WHERE webhook = ?1 AND id > ?2 AND id < ?3 ORDER BY id LIMIT ?5",
            )?
            .query_map(params![rest.webhook, rest.after, rest.until, rest.failed, share], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, rows::event_kind(row, 3)?))
            })?
            .collect()
    })?;
    let mut made = 0;
    for (old, event, _, event_type) in found.iter().filter(|(_, _, wanted, _)| *wanted) {
        once_more(context, &rest, *old, *event, *event_type)?;
        made += 1;
    }
    let is_done = found.len() < share as usize;
    context.execute(
        "UPDATE replay SET made = made + ?2, after = ?3, state = CASE WHEN ?4 THEN 'done' ELSE state END WHERE id = ?1",
        params![id, made, found.last().map_or(rest.after, |(last, ..)| *last), is_done],
    )?;
    Ok(!is_done)
}

fn once_more(context: &mut Context<'_>, rest: &Rest, old: i64, event: i64, event_type: EventKind) -> StoreResult<()> {
    let now = context.now();
    let again = DeliveryId(context.next_delivery(now));
    context.execute(
        "INSERT INTO delivery (id, event, webhook, environment, type, status, test, attempts, due, replays)
         SELECT ?2, event, webhook, environment, type, 0, 0, 0, ?3, id FROM delivery WHERE id = ?1",
        params![old, again.0, now],
    )?;
    context.tell_fresh(Fresh {
        id: again,
        course: Course {
            event: EventId(event),
            event_type,
            webhook: WebhookKey(rest.webhook),
            environment: rest.environment,
        },
        payload: None,
    });
    Ok(())
}
