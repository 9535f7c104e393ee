//! Copying the log into the database, on a thread of its own.
//!
//! What is committed stands in the log (WAL); somebody has to copy it into the database before the log can begin anew. On
//! the thread that writes, that would hold up all who wait for a commit. Here it is done beside it; the writer does the
//! rest itself only when the log has grown long, and then there is little left to copy.

use std::{path::Path, sync::mpsc, time::Duration};

use super::{broken, configure, opening};
use crate::store::{StoreError, StoreResult};

/// How long it rests between two rounds: what is written to the same page meanwhile is copied once.
const REST: Duration = Duration::from_millis(500);
/// How many pages the log has before the writer copies what is left: 64 MiB.
pub(super) const LONGEST_LOG: u32 = 16 * 1024;

/// The way to the thread. It ends when this is dropped.
pub(super) struct Checkpoints {
    commits: mpsc::SyncSender<()>,
}

impl Checkpoints {
    pub(super) fn start(path: &Path) -> StoreResult<Self> {
        let connection = rusqlite::Connection::open(path).map_err(|error| opening(path, &error))?;
        configure(&connection).map_err(|error| opening(path, &error))?;
        let (commits, heard) = mpsc::sync_channel(1);
        std::thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || {
                while heard.recv().is_ok() {
                    let copied = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                    if let Err(error) = copied {
                        // The log stays as it is; the next round tries again.
                        tracing::warn!(error = %broken(&error), "the log could not be copied into the database");
                    }
                    // Nothing but the end comes through before there was a commit.
                    std::thread::sleep(REST);
                }
            })
            .map_err(|error| StoreError::Broken(format!("no thread for the store: {error}")))?;
        Ok(Self { commits })
    }

    /// There is something to copy.
    pub(super) fn committed(&self) {
        // Where it has been told already, that is enough.
        let _ = self.commits.try_send(());
    }
}
