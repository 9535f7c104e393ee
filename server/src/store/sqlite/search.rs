//! Finding events again.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use seinpost_protocol::{event::Event, payload};

use super::{index::Lists, rows};
use crate::{
    id::{EventId, created, first_at},
    store::{EventKind, EventQuery, EventRecord, FoundEvents, search::indexed},
};

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// How many events a search looks at, …
const LOOKED_AT: usize = 5000;
/// … and how many bytes of them, before it answers what it has found.
const LOOKED_INTO: usize = 64 * 1024 * 1024;
/// How many bytes of events an answer holds, one more than that aside.
const ANSWERED: usize = 16 * 1024 * 1024;

/// The hash that is looked up for a question; `None` if it asks for no key.
pub(super) fn hash(environment: u64, query: &EventQuery) -> Option<i64> {
    query.keys.first().map(|key| indexed(environment, key.hash()))
}

/// The events asked for; `noted` are those with the question's hash that may be in no list yet, the oldest first.
pub(super) fn find(
    connection: &Connection,
    environment: u64,
    query: &EventQuery,
    noted: Vec<i64>,
) -> rusqlite::Result<FoundEvents> {
    let mut found = FoundEvents::default();
    let (mut looked_at, mut looked_into, mut answered) = (0, 0, 0);
    let mut candidates = Candidates::new(environment, query, noted);
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
    last: Option<i64>,
}

struct Source {
    of: Of,
    /// The next ids, the nearest last.
    ready: Vec<i64>,
    ended: bool,
}

/// Where ids come from.
enum Of {
    /// What is in no list yet.
    Noted,
    /// The index.
    Lists(Lists),
    /// The events of a type, from this id on.
    Type(EventKind, i64),
}

/// How many ids are read at a time.
const AT_A_TIME: u32 = 256;

impl<'a> Candidates<'a> {
    fn new(environment: u64, query: &'a EventQuery, mut noted: Vec<i64>) -> Self {
        let source = |of| Source { of, ready: Vec::new(), ended: false };
        let sources = match hash(environment, query) {
            Some(hash) => {
                noted.retain(|event| (query.ids.start.0..query.ids.end.0).contains(event));
                if query.oldest_first {
                    noted.reverse();
                }
                let noted = Source { of: Of::Noted, ready: noted, ended: true };
                vec![noted, source(Of::Lists(Lists::new(hash)))]
            }
            None => {
                let types = if query.types.is_empty() { EventKind::all().collect() } else { query.types.clone() };
                let from = if query.oldest_first { query.ids.start.0 } else { query.ids.end.0 };
                types.into_iter().map(|each| source(Of::Type(each, from))).collect()
            }
        };
        Self { environment, query, sources, last: None }
    }

    fn next(&mut self, connection: &Connection) -> rusqlite::Result<Option<EventId>> {
        loop {
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
            let next = nearest.and_then(|source| source.ready.pop());
            // What was noted may have come into a list since.
            if next.is_none() || next != self.last {
                self.last = next;
                return Ok(next.map(EventId));
            }
        }
    }
}

impl Source {
    fn fill(&mut self, connection: &Connection, environment: u64, query: &EventQuery) -> rusqlite::Result<()> {
        let (start, end) = (query.ids.start.0, query.ids.end.0);
        let ids = match &mut self.of {
            Of::Noted => Vec::new(),
            Of::Lists(lists) => lists.next(connection, (start, end), query.oldest_first, AT_A_TIME as usize)?,
            Of::Type(kind, from) => {
                let (range, order, until) = if query.oldest_first {
                    ("id >= ?2 AND id < ?3", "ASC", end)
                } else {
                    ("id < ?2 AND id >= ?3", "DESC", start)
                };
                let ids: Vec<i64> = connection
                    .prepare_cached(&format!(
                        "SELECT id FROM event WHERE environment = ?1 AND {range} AND type = ?5 AND content_type IS NULL
                         ORDER BY id {order} LIMIT ?4"
                    ))?
                    .query_map(
                        params![rows::number(environment), *from, until, AT_A_TIME, rows::type_number(*kind)],
                        |row| row.get(0),
                    )?
                    .collect::<rusqlite::Result<_>>()?;
                if let Some(last) = ids.last() {
                    *from = if query.oldest_first { last.saturating_add(1) } else { *last };
                }
                ids
            }
        };
        self.ended = ids.len() < AT_A_TIME as usize;
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
