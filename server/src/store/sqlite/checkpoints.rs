//! Copying the log into the database, on a thread of its own.
//!
//! What is committed stands in the log (WAL); somebody has to copy it into the database before the log can begin anew. On
//! the thread that writes, that would hold up all who wait for a commit. Here it is done beside it. But SQLite flushes the
//! database only when a copy has caught up with the log, which it never does beside a busy writer: so it is flushed here
//! after each copy. When the log is long, it is copied until next to nothing is left, and that the writer copies itself
//! between two commits: then the log begins anew.

use std::{
    fs::File,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;

use super::{broken, configure, opening};
use crate::store::{StoreError, StoreResult};

/// How long it rests between two rounds. A commit that comes while the database is flushed waits for the disk, and the
/// longer the more there is to flush: so it is little, often, …
const REST: Duration = Duration::from_millis(5);
/// … but when there is much to do: what is written to the same page meanwhile is copied once, which spares the processor.
const REST_OF_THE_BUSY: Duration = Duration::from_millis(25);
/// How many pages the log has before it is to begin anew: 32 MiB.
const LONG: i64 = 8 * 1024;
/// How few pages are to be left for the writer, …
const FEW: i64 = 96;
/// … after so many copies at most, …
const COPIES: u32 = 8;
/// … and how few have to be: it copies these in some milliseconds.
const SOME: i64 = 1024;
/// How many pages the log has before the writer copies what is left, however much: 256 MiB.
pub(super) const LONGEST_LOG: u32 = 64 * 1024;

/// The way to the thread. It ends when this is dropped.
pub(super) struct Checkpoints {
    commits: Option<mpsc::SyncSender<()>>,
    end: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Whether the writer is to copy the rest.
    rest: Arc<AtomicBool>,
    /// Whether the writer has much to do.
    busy: Arc<AtomicBool>,
}

impl Checkpoints {
    pub(super) fn start(path: &Path) -> StoreResult<Self> {
        let connection = Connection::open(path).map_err(|error| opening(path, &error))?;
        configure(&connection).map_err(|error| opening(path, &error))?;
        let database = File::options().write(true).open(path);
        let database = database.map_err(|error| StoreError::Inaccessible(format!("{}: {error}", path.display())))?;
        let (commits, heard) = mpsc::sync_channel(1);
        let (end, ended) = mpsc::channel();
        let (rest, busy) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let copier = Copier { connection, database, rest: Arc::clone(&rest) };
        let writes_much = Arc::clone(&busy);
        let thread = std::thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || {
                while heard.recv().is_ok() {
                    if let Err(error) = copier.round() {
                        // The log stays as it is; the next round tries again.
                        tracing::warn!(%error, "the log could not be copied into the database");
                    }
                    let pause = if writes_much.load(Ordering::Relaxed) { REST_OF_THE_BUSY } else { REST };
                    if ended.recv_timeout(pause) != Err(mpsc::RecvTimeoutError::Timeout) {
                        return;
                    }
                }
            })
            .map_err(|error| StoreError::Broken(format!("no thread for the store: {error}")))?;
        Ok(Self { commits: Some(commits), end: Some(end), thread: Some(thread), rest, busy })
    }

    /// There is something to copy. `writer` is the connection that wrote it, with nothing under way; `busy` is whether it
    /// has much to do.
    pub(super) fn committed(&self, writer: &Connection, busy: bool) {
        self.busy.store(busy, Ordering::Relaxed);
        // Where it has been told already, that is enough.
        if let Some(commits) = &self.commits {
            let _ = commits.try_send(());
        }
        if self.rest.swap(false, Ordering::Relaxed)
            && let Err(error) = copy(writer)
        {
            tracing::warn!(error = %broken(&error), "the rest of the log could not be copied into the database");
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop((self.commits.take(), self.end.take()));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the thread works with.
struct Copier {
    connection: Connection,
    /// SQLite's locks on a file end when this process closes any handle of it: this one is kept until the writer's
    /// connection is closed.
    database: File,
    rest: Arc<AtomicBool>,
}

impl Copier {
    fn round(&self) -> StoreResult<()> {
        let mut left = i64::MAX;
        for _ in 0..COPIES {
            let (pages, copied) = copy(&self.connection).map_err(|error| broken(&error))?;
            self.database.sync_data().map_err(|error| StoreError::Broken(format!("flushing: {error}")))?;
            if pages < LONG {
                return Ok(());
            }
            left = pages - copied;
            if left <= FEW {
                break;
            }
        }
        // Where it is more, somebody reads what it would be copied over; the next round looks again.
        if left <= SOME {
            self.rest.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Copies what there is and waits for nobody; how many pages the log has, and how many of them are copied.
fn copy(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get(1)?, row.get(2)?)))
}
