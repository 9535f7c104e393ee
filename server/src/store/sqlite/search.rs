//! The index of events.
//!
//! An entry is a hash and an event. Written one by one with their events, entries would land all over the index, and each
//! commit would write as many of its pages anew. So they are gathered in memory and written many at a time, in order; a
//! search has them written first. What a crash takes with it is read again from the events after the last that is done.

use std::mem;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use seinpost_protocol::{event::Event, payload};

use super::{rows, writer::Context};
use crate::{
    id::{EventId, created, first_at},
    store::{EventKind, EventQuery, EventRecord, FoundEvents, SearchKey, StoreResult, search::indexed},
};

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// How many entries are gathered before they are written.
const GATHERED: usize = 8192;
/// How many events a search looks at, …
const LOOKED_AT: usize = 5000;
/// … and how many bytes of them, before it answers what it has found.
const LOOKED_INTO: usize = 64 * 1024 * 1024;
/// How many bytes of events an answer holds, one more than that aside.
const ANSWERED: usize = 16 * 1024 * 1024;

/// Entries that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    entries: Vec<(i64, i64)>,
    last: i64,
    /// Whether all events after the last that is done have their entries here.
    complete: bool,
}

impl Gathered {
    /// Notes an event that was just written.
    pub(super) fn add(&mut self, environment: u64, event: EventId, hashes: &[u64]) {
        self.last = event.0;
        self.entries.extend(hashes.iter().map(|hash| (indexed(environment, *hash), event.0)));
    }

    /// What was noted may never have been: it is read again.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= GATHERED
    }
}

/// Writes the entries of all events there are.
pub(super) fn write(context: &mut Context) -> StoreResult<()> {
    let mut gathered = mem::take(context.gathered());
    if !gathered.complete {
        gathered = read_again(context)?;
    }
    let Gathered { mut entries, last, .. } = gathered;
    if last > 0 {
        entries.sort_unstable();
        for (hash, event) in &entries {
            context.execute("INSERT OR IGNORE INTO event_index (hash, event) VALUES (?1, ?2)", [hash, event])?;
        }
        context.execute("UPDATE event_indexed SET done = max(done, ?1)", [last])?;
    }
    context.gathered().complete = true;
    Ok(())
}

/// The entries of the events after the last that is done.
fn read_again(context: &Context) -> StoreResult<Gathered> {
    let mut gathered = Gathered::default();
    let done: i64 = context.read(|connection| {
        connection.prepare_cached("SELECT done FROM event_indexed")?.query_row([], |row| row.get(0))
    })?;
    context.read(|connection| {
        let mut statement = connection
            .prepare_cached("SELECT id, environment, content_type, body FROM event WHERE id > ?1 ORDER BY id")?;
        // One body at a time, as they may be large.
        let mut found = statement.query([done])?;
        while let Some(row) = found.next()? {
            gathered.last = row.get(0)?;
            // Data of tests is no event.
            if row.get_ref(2)?.as_str_or_null()?.is_none()
                && let Ok(event) = payload::read_event(row.get_ref(3)?.as_blob()?)
            {
                let hashes: Vec<_> = SearchKey::of(&event).iter().map(SearchKey::hash).collect();
                gathered.add(rows::id(row, 1)?, EventId(gathered.last), &hashes);
            }
        }
        Ok(())
    })?;
    Ok(gathered)
}

/// Forgets the entries of an event that is about to be forgotten.
pub(super) fn remove(context: &Context, environment: u64, id: i64, body: &[u8]) -> StoreResult<()> {
    let Ok(event) = payload::read_event(body) else { return Ok(()) };
    for key in SearchKey::of(&event) {
        context.execute(
            "DELETE FROM event_index WHERE hash = ?1 AND event = ?2",
            params![indexed(environment, key.hash()), id],
        )?;
    }
    Ok(())
}

/// The events asked for.
pub(super) fn find(connection: &Connection, environment: u64, query: &EventQuery) -> rusqlite::Result<FoundEvents> {
    let mut found = FoundEvents::default();
    let (mut looked_at, mut looked_into, mut answered) = (0, 0, 0);
    let mut candidates = Candidates::new(environment, query);
    while let Some(id) = candidates.next(connection)? {
        let Some((record, event)) = read(connection, environment, id)? else { continue };
        looked_at += 1;
        looked_into += record.body.len();
        if is_wanted(&record, event.as_ref(), query) {
            answered += record.body.len();
            found.events.push((id, record));
        }
        let is_full = found.events.len() >= query.limit as usize || answered >= ANSWERED;
        if is_full || looked_at >= LOOKED_AT || looked_into >= LOOKED_INTO {
            found.more_after = Some(id);
            break;
        }
    }
    Ok(found)
}

fn is_wanted(record: &EventRecord, event: Option<&Event>, query: &EventQuery) -> bool {
    (query.types.is_empty() || query.types.contains(&record.event_type))
        && (query.keys.is_empty() || event.is_some_and(|event| query.keys.iter().all(|key| key.matches(event))))
}

fn read(
    connection: &Connection,
    environment: u64,
    id: EventId,
) -> rusqlite::Result<Option<(EventRecord, Option<Event>)>> {
    let found = connection
        .prepare_cached("SELECT type, body FROM event WHERE id = ?1 AND environment = ?2 AND content_type IS NULL")?
        .query_row(params![id.0, rows::number(environment)], |row| {
            Ok(EventRecord {
                event_type: rows::event_kind(row, 0)?,
                content_type: None,
                body: Bytes::from(row.get::<_, Vec<u8>>(1)?),
            })
        })
        .optional()?;
    Ok(found.map(|record| {
        let event = payload::read_event(&record.body).ok();
        (record, event)
    }))
}

/// Ids of events that may be wanted, in order.
struct Candidates<'a> {
    environment: u64,
    query: &'a EventQuery,
    /// What is still to be looked at of each type or of the key.
    sources: Vec<Source>,
}

struct Source {
    hash: Option<i64>,
    event_type: Option<EventKind>,
    /// The next ids, the nearest last.
    ready: Vec<i64>,
    /// From where to read on.
    from: i64,
    ended: bool,
}

/// How many ids are read at a time.
const AT_A_TIME: u32 = 256;

impl<'a> Candidates<'a> {
    fn new(environment: u64, query: &'a EventQuery) -> Self {
        let from = if query.oldest_first { query.ids.start.0 } else { query.ids.end.0 };
        let source = |hash, event_type| Source { hash, event_type, ready: Vec::new(), from, ended: false };
        let sources = match query.keys.first() {
            Some(key) => vec![source(Some(indexed(environment, key.hash())), None)],
            None => {
                let types = if query.types.is_empty() { EventKind::all().collect() } else { query.types.clone() };
                types.into_iter().map(|each| source(None, Some(each))).collect()
            }
        };
        Self { environment, query, sources }
    }

    fn next(&mut self, connection: &Connection) -> rusqlite::Result<Option<EventId>> {
        for source in &mut self.sources {
            if source.ready.is_empty() && !source.ended {
                source.fill(connection, self.environment, self.query)?;
            }
        }
        let ready = self.sources.iter_mut().filter(|source| !source.ready.is_empty());
        let nearest = if self.query.oldest_first {
            ready.min_by_key(|source| source.ready.last().copied())
        } else {
            ready.max_by_key(|source| source.ready.last().copied())
        };
        Ok(nearest.and_then(|source| source.ready.pop()).map(EventId))
    }
}

impl Source {
    fn fill(&mut self, connection: &Connection, environment: u64, query: &EventQuery) -> rusqlite::Result<()> {
        let id = if self.hash.is_some() { "event" } else { "id" };
        let (range, order) = if query.oldest_first {
            (format!("{id} >= ?2 AND {id} < ?3"), "ASC")
        } else {
            (format!("{id} < ?2 AND {id} >= ?3"), "DESC")
        };
        let end = if query.oldest_first { query.ids.end.0 } else { query.ids.start.0 };
        let ids: Vec<i64> = match (self.hash, self.event_type) {
            (Some(hash), _) => connection
                .prepare_cached(&format!(
                    "SELECT event FROM event_index WHERE hash = ?1 AND {range} ORDER BY event {order} LIMIT ?4"
                ))?
                .query_map(params![hash, self.from, end, AT_A_TIME], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?,
            (None, event_type) => connection
                .prepare_cached(&format!(
                    "SELECT id FROM event WHERE environment = ?1 AND {range} AND type = ?5 AND content_type IS NULL
                     ORDER BY id {order} LIMIT ?4"
                ))?
                .query_map(
                    params![
                        rows::number(environment),
                        self.from,
                        end,
                        AT_A_TIME,
                        event_type.map_or(0, rows::type_number)
                    ],
                    |row| row.get(0),
                )?
                .collect::<rusqlite::Result<_>>()?,
        };
        self.ended = ids.len() < AT_A_TIME as usize;
        if let Some(last) = ids.last() {
            self.from = if query.oldest_first { last.saturating_add(1) } else { *last };
        }
        self.ready = ids;
        self.ready.reverse();
        Ok(())
    }
}

/// On which days there were events, of each type: one look a day, not one an event.
pub(super) fn days(connection: &Connection, environment: u64) -> rusqlite::Result<Vec<(EventKind, i64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT min(id) FROM event WHERE environment = ?1 AND type = ?2 AND id >= ?3 AND content_type IS NULL",
    )?;
    let mut found = Vec::new();
    for kind in EventKind::all() {
        let mut from = 0;
        while let Some(id) = statement
            .query_row(params![rows::number(environment), rows::type_number(kind), from], |row| {
                row.get::<_, Option<i64>>(0)
            })?
        {
            let day = created(id).div_euclid(DAY).saturating_mul(DAY);
            found.push((kind, day));
            from = first_at(day.saturating_add(DAY)).max(id.saturating_add(1));
        }
    }
    Ok(found)
}
