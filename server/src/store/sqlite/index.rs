//! The index of events: by what they are found.
//!
//! An entry is a hash and an event. A tree of entries would have each batch of them change as many of its pages, the more
//! the larger it is. So entries are gathered in memory and written thousands at a time, as lists that nobody changes any
//! more: 128 a batch, one for each beginning of a hash. A search reads one list of each batch, and asks the thread that
//! writes for what is gathered. What a crash takes with it is read again from the events after the last that is done.

use std::mem;

use rusqlite::{Connection, params};
use seinpost_protocol::payload;

use super::{context::Context, rows};
use crate::{
    id::EventId,
    store::{SearchKey, StoreResult, search::indexed},
};

/// How many entries are gathered before they are written: that takes the thread half a millisecond.
const GATHERED: usize = 8192;
/// How many lists a batch has, …
const LISTS: i64 = 128;
/// … and how many bits of a hash are left within one.
const LEFT: u32 = 33;
/// How many events are read again at a time, …
const SHARE: usize = 256;
/// … and how many bytes of them, one event more aside.
const SHARE_BYTES: usize = 1024 * 1024;

/// A hash and an event.
type Entry = (i64, i64);

/// Entries that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Of events since the first that was noted, in their order.
    noted: Vec<Entry>,
    first: Option<i64>,
    last: i64,
    /// Of events between the last that is done and the first that was noted, as far as they were read again.
    again: Vec<Entry>,
    read_to: Option<i64>,
    /// Whether all those were read.
    is_complete: bool,
    /// Counts what cannot be taken back by forgetting the newest.
    version: u64,
}

/// How much there was, to go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    noted: usize,
    first: Option<i64>,
    last: i64,
    version: u64,
}

impl Gathered {
    /// Notes an event that was just written.
    pub(super) fn add(&mut self, environment: u64, event: EventId, hashes: &[u64]) {
        if !self.is_complete && self.noted.len() >= GATHERED {
            // Memory is bounded while older ones are read again: these are, too, then.
            self.noted.clear();
            self.first = None;
            self.version = self.version.wrapping_add(1);
        }
        self.first.get_or_insert(event.0);
        self.last = event.0;
        self.noted.extend(hashes.iter().map(|hash| (indexed(environment, *hash), event.0)));
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { noted: self.noted.len(), first: self.first, last: self.last, version: self.version }
    }

    /// Forgets what came after `mark`: it may never have been.
    pub(super) fn go_back(&mut self, mark: &Mark) {
        if mark.version != self.version || mark.noted > self.noted.len() {
            return self.forget();
        }
        self.noted.truncate(mark.noted);
        (self.first, self.last) = (mark.first, mark.last);
    }

    /// All of it may never have been: it is read again.
    pub(super) fn forget(&mut self) {
        *self = Self { version: self.version.wrapping_add(1), ..Self::default() };
    }
}

/// Goes on with what is to be written, after events were noted; a bounded part of it.
pub(super) fn go_on(context: &mut Context<'_>) -> StoreResult<()> {
    if context.gathered().first.is_none() {
        return Ok(());
    }
    if !context.gathered().is_complete {
        read_on(context)?;
    }
    let gathered = context.gathered();
    if gathered.is_complete && gathered.noted.len() >= GATHERED {
        let (entries, last) = (mem::take(&mut gathered.noted), gathered.last);
        gathered.first = None;
        write(context, entries, last)?;
    }
    Ok(())
}

/// The events with this hash that are in no list yet; `None` if some are still to be read again, of which a part was read
/// now.
pub(super) fn noted(context: &mut Context<'_>, hash: i64) -> StoreResult<Option<Vec<i64>>> {
    if !context.gathered().is_complete {
        read_on(context)?;
    }
    let gathered = context.gathered();
    let found = gathered.noted.iter().filter(|(each, _)| *each == hash).map(|(_, event)| *event).collect();
    Ok(gathered.is_complete.then_some(found))
}

/// Reads some of the events again that have no entries.
fn read_on(context: &mut Context<'_>) -> StoreResult<()> {
    let gathered = context.gathered();
    gathered.version = gathered.version.wrapping_add(1);
    let (read_to, end) = (gathered.read_to, gathered.first.unwrap_or(i64::MAX));
    let mut to = match read_to {
        Some(to) => to,
        None => context.read(|connection| {
            connection.prepare_cached("SELECT done FROM event_indexed")?.query_row([], |row| row.get(0))
        })?,
    };
    let mut found = Vec::new();
    let ended = context.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT id, environment, content_type, body FROM event WHERE id > ?1 AND id < ?2 ORDER BY id",
        )?;
        // One body at a time, as they may be large.
        let mut rows = statement.query([to, end])?;
        let (mut number, mut bytes) = (0, 0);
        while let Some(row) = rows.next()? {
            if number >= SHARE || bytes >= SHARE_BYTES {
                return Ok(false);
            }
            let (event, body) = (row.get(0)?, row.get_ref(3)?.as_blob()?);
            (number, bytes, to) = (number + 1, bytes + body.len(), event);
            // Data of tests is no event.
            if row.get_ref(2)?.as_str_or_null()?.is_none()
                && let Ok(read) = payload::read_event(body)
            {
                let environment = rows::id(row, 1)?;
                found.extend(SearchKey::of(&read).iter().map(|key| (indexed(environment, key.hash()), event)));
            }
        }
        Ok(true)
    })?;
    let gathered = context.gathered();
    gathered.again.append(&mut found);
    gathered.read_to = Some(to);
    if ended {
        gathered.is_complete = true;
        let noted = mem::take(&mut gathered.noted);
        gathered.noted = mem::take(&mut gathered.again);
        gathered.noted.extend(noted);
        gathered.last = gathered.last.max(to);
    } else if gathered.again.len() >= GATHERED {
        let entries = mem::take(&mut gathered.again);
        write(context, entries, to)?;
    }
    Ok(())
}

/// Writes a batch: the entries of all events after those that are done, to `last`.
fn write(context: &mut Context<'_>, mut entries: Vec<Entry>, last: i64) -> StoreResult<()> {
    let gathered = context.gathered();
    gathered.version = gathered.version.wrapping_add(1);
    let Some(first) = entries.iter().map(|(_, event)| *event).min() else { return Ok(()) };
    entries.sort_unstable();
    let batch = context
        .prepare("INSERT INTO event_batch (first, last) VALUES (?1, ?2)")?
        .insert([first, last])
        .map_err(|error| super::broken(&error))?;
    for list in entries.chunk_by(|(one, _), (other, _)| one >> LEFT == other >> LEFT) {
        let id = list.first().map_or(0, |(hash, _)| hash >> LEFT) + batch * LISTS;
        context.execute("INSERT INTO event_list (id, entries) VALUES (?1, ?2)", params![id, encode(list, first)])?;
    }
    context.execute("UPDATE event_indexed SET done = max(done, ?1)", [last]).map(drop)
}

/// A list: for each entry in turn by how much its hash is higher than the one before, and its event than the batch's first,
/// in seven bits a byte, the low ones first.
fn encode(list: &[Entry], first: i64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(list.len() * 10);
    let mut before = 0;
    for (hash, event) in list {
        let rest = hash & ((1 << LEFT) - 1);
        for number in [rest - before, event - first] {
            let mut number = number.cast_unsigned();
            while number >= 0x80 {
                bytes.push(number.to_le_bytes()[0] | 0x80);
                number >>= 7;
            }
            bytes.push(number.to_le_bytes()[0]);
        }
        before = rest;
    }
    bytes
}

/// The events with this hash in a list of the batch that begins at `first`, the oldest first; `None` if it is damaged.
fn decode(mut bytes: &[u8], first: i64, hash: i64) -> Option<Vec<i64>> {
    let wanted = hash & ((1 << LEFT) - 1);
    let (mut at, mut found) = (0_i64, Vec::new());
    while !bytes.is_empty() {
        at = at.checked_add(number(&mut bytes)?)?;
        let event = first.checked_add(number(&mut bytes)?)?;
        if at == wanted {
            found.push(event);
        }
        if at > wanted {
            break;
        }
    }
    Some(found)
}

fn number(bytes: &mut &[u8]) -> Option<i64> {
    let (mut number, mut shift) = (0_i64, 0);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if shift > 56 {
            return None;
        }
        number |= i64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// Looks up the events with one hash, batch by batch.
#[derive(Debug)]
pub(super) struct Lists {
    hash: i64,
    /// The batch that was read last.
    at: Option<i64>,
}

impl Lists {
    pub(super) fn new(hash: i64) -> Self {
        Self { hash, at: None }
    }

    /// The next events within `start` and `end` (exclusive), in order, at least `wanted` unless there are no more.
    pub(super) fn next(
        &mut self,
        connection: &Connection,
        (start, end): (i64, i64),
        oldest_first: bool,
        wanted: usize,
    ) -> rusqlite::Result<Vec<i64>> {
        let (beyond, order, from) = if oldest_first { (">", "ASC", i64::MIN) } else { ("<", "DESC", i64::MAX) };
        let mut statement = connection.prepare_cached(&format!(
            "SELECT b.id, b.first, l.entries FROM event_batch b JOIN event_list l ON l.id = b.id * {LISTS} + ?1
             WHERE b.id {beyond} ?2 AND b.first < ?4 AND b.last >= ?3 ORDER BY b.id {order}"
        ))?;
        let mut rows = statement.query([self.hash >> LEFT, self.at.unwrap_or(from), start, end])?;
        let mut found = Vec::new();
        while found.len() < wanted
            && let Some(row) = rows.next()?
        {
            self.at = Some(row.get(0)?);
            let events = decode(row.get_ref(2)?.as_blob()?, row.get(1)?, self.hash)
                .ok_or_else(|| rows::damaged(2, "list of events"))?;
            let within = events.into_iter().filter(|event| (start..end).contains(event));
            if oldest_first {
                found.extend(within);
            } else {
                found.extend(within.rev());
            }
        }
        Ok(found)
    }
}

/// Forgets up to `share` batches whose events are all forgotten: those before `oldest`. How many.
pub(super) fn prune(context: &Context<'_>, oldest: i64, share: u32) -> StoreResult<usize> {
    let batches: Vec<i64> = context.read(|connection| {
        connection
            .prepare_cached("SELECT id FROM event_batch WHERE last < ?1 ORDER BY id LIMIT ?2")?
            .query_map(params![oldest, share], |row| row.get(0))?
            .collect()
    })?;
    for batch in &batches {
        let first = batch * LISTS;
        context.execute("DELETE FROM event_list WHERE id >= ?1 AND id < ?2", [first, first + LISTS])?;
        context.execute("DELETE FROM event_batch WHERE id = ?1", [batch])?;
    }
    Ok(batches.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_gives_back_what_was_put_in_and_damage_is_noticed() {
        let first = 987_654_321_012;
        let list: Vec<Entry> = [(5, 0), (5, 9), (5, 1 << 40), (700, 3), ((1 << LEFT) - 1, i64::from(u32::MAX))]
            .map(|(h, e)| (h, first + e))
            .into();
        let bytes = encode(&list, first);
        for hash in [5, 700, (1 << LEFT) - 1, 6] {
            let wanted: Vec<i64> = list.iter().filter(|(each, _)| *each == hash).map(|(_, event)| *event).collect();
            // The bits that say which list it is are not looked at.
            assert_eq!(decode(&bytes, first, hash | (3 << LEFT)), Some(wanted));
        }
        assert_eq!(decode(&bytes[..bytes.len() - 1], first, (1 << LEFT) - 1), None);
        assert_eq!(decode(&[0xff; 20], first, 1 << 32), None);
    }

    #[test]
    fn what_a_failed_job_has_noted_is_forgotten() {
        let mut gathered = Gathered::default();
        gathered.add(1, EventId(7), &[1, 2]);
        let mark = gathered.mark();
        gathered.add(1, EventId(8), &[3]);
        gathered.go_back(&mark);
        assert_eq!(gathered.mark(), mark);
        // What cannot be taken back is read again.
        gathered.version += 1;
        gathered.go_back(&mark);
        assert_eq!((gathered.noted.len(), gathered.first), (0, None));
    }
}
