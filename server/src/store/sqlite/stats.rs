//! Figures over time, counted with what they count: in the same commit.
//!
//! Attempts are noted while their jobs run, and added up and written once a commit, a row for each webhook and each
//! environment that was concerned. A row is what there was in five minutes; a while later those of an hour become one, and at last
//! all that is old becomes one, for ever.
//! All rows add up: a row for five minutes that is written again after its hour was made is just one more to be added.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;

use super::{broken, context::Context, often::Often, rows};
use crate::store::{Histogram, StatQuery, StatRow, StatScope, StoreError, StoreResult, WebhookKey, stats::STEP};

/// How many steps an hour has.
const HOUR: i64 = 12;
/// The start and the length of the row of what is no longer shown step by step.
const EVER: i64 = 0;

/// How an attempt went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Went {
    AtOnce,
    Retried,
    Refused,
    Unanswered,
}

impl Went {
    /// From the number of the attempt and the status of its answer.
    pub(super) fn of(n: u32, status: Option<u16>) -> Self {
        match status {
            Some(200..300) if n <= 1 => Self::AtOnce,
            Some(200..300) => Self::Retried,
            Some(_) => Self::Refused,
            None => Self::Unanswered,
        }
    }
}

/// An attempt to be counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried {
    pub(super) environment: u64,
    pub(super) webhook: WebhookKey,
    /// When the delivery was made.
    pub(super) created: i64,
    /// When the attempt began.
    pub(super) started: i64,
    /// How long it took, if it was answered.
    pub(super) duration: Option<u64>,
    pub(super) went: Went,
    /// How the attempt before it went, which no longer counts.
    pub(super) before: Option<Went>,
}

/// How a row changes.
#[derive(Clone, Debug, Default)]
struct Change {
    at_once: i64,
    retried: i64,
    refused: i64,
    unanswered: i64,
    times: Histogram,
}

impl Change {
    fn count(&mut self, went: Went, by: i64) {
        match went {
            Went::AtOnce => self.at_once += by,
            Went::Retried => self.retried += by,
            Went::Refused => self.refused += by,
            Went::Unanswered => self.unanswered += by,
        }
    }

    fn merge(&mut self, other: &Self) {
        self.at_once += other.at_once;
        self.retried += other.retried;
        self.refused += other.refused;
        self.unanswered += other.unanswered;
        self.times.merge(&other.times);
    }
}

/// The response times in rows that were written lately, by scope and start: a row is written again at the next commit, and is
/// not read each time.
pub(super) type KnownTimes = FxHashMap<(i64, i64), Histogram>;

/// How many rows are remembered; with more, all are forgotten.
const MOST_KNOWN: usize = 20_000;

/// Writes what was noted since the last commit.
pub(super) fn write(context: &mut Context<'_>, tried: &[Tried]) -> StoreResult<()> {
    let mut changes: FxHashMap<(i64, i64), Change> = FxHashMap::default();
    for each in tried {
        for scope in [-rows::number(each.environment), each.webhook.0] {
            let made = changes.entry((scope, each.created.div_euclid(STEP))).or_default();
            made.count(each.went, 1);
            if let Some(before) = each.before {
                made.count(before, -1);
            }
            if let Some(duration) = each.duration {
                changes.entry((scope, each.started.div_euclid(STEP))).or_default().times.add(duration);
            }
        }
    }
    for (row, change) in changes {
        let mut times = match context.known_times().remove(&row) {
            Some(times) => times,
            None => times_in(context, row.0, row.1, 1)?,
        };
        times.merge(&change.times);
        put(context, row.0, row.1, 1, &change, &times)?;
        let known = context.known_times();
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(row, times);
    }
    Ok(())
}

/// Adds to a row that is not remembered.
fn add(context: &mut Context<'_>, scope: i64, start: i64, length: i64, change: &Change) -> StoreResult<()> {
    let mut times = times_in(context, scope, start, length)?;
    times.merge(&change.times);
    put(context, scope, start, length, change, &times)
}

/// The response times in a row, if there is one.
fn times_in(context: &Context<'_>, scope: i64, start: i64, length: i64) -> StoreResult<Histogram> {
    context
        .prepare("SELECT times FROM stat WHERE scope = ?1 AND start = ?2 AND length = ?3")?
        .query_row(params![scope, start, length], |row| to_times(row, 0))
        .optional()
        .map(Option::unwrap_or_default)
        .map_err(|error| broken(&error))
}

/// Adds to the counts of a row, and has it hold these response times.
fn put(
    context: &mut Context<'_>,
    scope: i64,
    start: i64,
    length: i64,
    change: &Change,
    times: &Histogram,
) -> StoreResult<()> {
    context
        .often(
            Often::AddFigures,
            params![
                scope,
                start,
                length,
                change.at_once,
                change.retried,
                change.refused,
                change.unanswered,
                times.to_bytes()
            ],
        )
        .map(drop)
}

fn to_times(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Histogram> {
    Histogram::from_bytes(row.get_ref(column)?.as_blob()?).ok_or_else(|| rows::damaged(column, "histogram"))
}

fn to_change(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Change> {
    Ok(Change {
        at_once: row.get(first)?,
        retried: row.get(first + 1)?,
        refused: row.get(first + 2)?,
        unanswered: row.get(first + 3)?,
        times: to_times(row, first + 4)?,
    })
}

/// The rows asked for, by scope and time; those of five minutes and of an hour may begin at the same time.
pub(super) fn read(connection: &Connection, query: &StatQuery) -> rusqlite::Result<Vec<StatRow>> {
    let Range { start, end } = query.time;
    let mut statement = connection.prepare_cached(
        "SELECT start, at_once, retried, refused, unanswered, times FROM stat
         WHERE scope = ?1 AND start >= ?2 AND start < ?3 ORDER BY start",
    )?;
    let mut found = Vec::new();
    for scope in &query.scopes {
        let mut rows = statement.query(params![number_of(*scope), start.div_euclid(STEP), end.div_euclid(STEP)])?;
        while let Some(row) = rows.next()? {
            let change = to_change(row, 1)?;
            found.push(StatRow {
                scope: *scope,
                start: row.get::<_, i64>(0)?.saturating_mul(STEP),
                outcomes: [change.at_once, change.retried, change.refused, change.unanswered],
                times: change.times,
            });
        }
    }
    Ok(found)
}

/// Makes up to `share` rows of five minutes from before `before` part of their hours, and up to as many of an hour from before
/// `forget` part of what is kept for ever, which has no response times. Whether there may be more.
pub(super) fn roll_up(context: &mut Context<'_>, before: i64, forget: i64, share: u32) -> StoreResult<bool> {
    // Rows that it knows are taken away.
    context.known_times().clear();
    let end = before.div_euclid(STEP * HOUR) * HOUR;
    let fine = oldest(context, 1, end, share)?;
    let mut hours: FxHashMap<(i64, i64), Change> = FxHashMap::default();
    for (scope, start, change) in &fine {
        hours.entry((*scope, start.div_euclid(HOUR) * HOUR)).or_default().merge(change);
    }
    for ((scope, start), change) in &hours {
        add(context, *scope, *start, HOUR, change)?;
    }
    let old = oldest(context, HOUR, forget.div_euclid(STEP), share)?;
    let mut ever: FxHashMap<i64, Change> = FxHashMap::default();
    for (scope, _, change) in &old {
        ever.entry(*scope).or_default().merge(&Change { times: Histogram::default(), ..change.clone() });
    }
    for (scope, change) in &ever {
        add(context, *scope, EVER, EVER, change)?;
    }
    let share = usize::try_from(share).unwrap_or(usize::MAX);
    Ok(fine.len() >= share || old.len() >= share)
}

/// Takes up to `share` of the oldest rows of a length that begin before `end`.
fn oldest(context: &Context<'_>, length: i64, end: i64, share: u32) -> StoreResult<Vec<(i64, i64, Change)>> {
    let rows: Vec<(i64, i64, Change)> = context.read(|connection| {
        connection
            .prepare_cached(
                "SELECT scope, start, at_once, retried, refused, unanswered, times FROM stat
                 WHERE length = ?1 AND start < ?2 ORDER BY start LIMIT ?3",
            )?
            .query_map(params![length, end, share], |row| Ok((row.get(0)?, row.get(1)?, to_change(row, 2)?)))?
            .collect()
    })?;
    for (scope, start, _) in &rows {
        context.execute(
            "DELETE FROM stat WHERE scope = ?1 AND start = ?2 AND length = ?3",
            params![scope, start, length],
        )?;
    }
    Ok(rows)
}

/// What was ever counted of outcomes.
pub(super) fn ever(connection: &Connection, scope: StatScope) -> rusqlite::Result<[i64; 4]> {
    connection
        .prepare_cached(
            "SELECT coalesce(sum(at_once), 0), coalesce(sum(retried), 0), coalesce(sum(refused), 0), coalesce(sum(unanswered), 0)
             FROM stat WHERE scope = ?1",
        )?
        .query_row([number_of(scope)], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
}

fn number_of(scope: StatScope) -> i64 {
    match scope {
        StatScope::Environment(id) => -rows::number(id),
        StatScope::Webhook(key) => key.0,
    }
}

/// How many deliveries of each webhook wait, counted up to `most`.
pub(super) fn waiting(
    connection: &Connection,
    keys: &[WebhookKey],
    most: u32,
) -> rusqlite::Result<Vec<(WebhookKey, u64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE webhook = ?1 AND due IS NOT NULL LIMIT ?2)",
    )?;
    keys.iter()
        .map(|key| {
            let count: i64 = statement.query_row(params![key.0, most], |row| row.get(0))?;
            Ok((*key, u64::try_from(count).unwrap_or(0)))
        })
        .collect()
}

/// The same of all webhooks of an environment together.
pub(super) fn waiting_in(connection: &Connection, environment: u64, most: u32) -> rusqlite::Result<u64> {
    let count: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM webhook w JOIN delivery d ON d.webhook = w.key AND d.due IS NOT NULL
             WHERE w.environment = ?1 LIMIT ?2)",
        )?
        .query_row(params![rows::number(environment), most], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// How the attempt before the `n`th of a delivery went.
pub(super) fn before(context: &Context<'_>, delivery: i64, n: u32) -> StoreResult<Option<Went>> {
    if n <= 1 {
        return Ok(None);
    }
    let found: Result<Option<Option<u16>>, StoreError> = context
        .prepare("SELECT response_status FROM attempt WHERE delivery = ?1 AND n = ?2")?
        .query_row(params![delivery, n - 1], |row| row.get(0))
        .optional()
        .map_err(|error| broken(&error));
    Ok(found?.map(|status| Went::of(n - 1, status)))
}
