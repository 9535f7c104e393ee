//! What goes on beside the calls: replays of many deliveries.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::store::{Store, StoreResult};

/// How many deliveries a replay makes at a time, so that nobody waits for it.
const SHARE: u32 = 500;

/// Runs what goes on beside the calls.
pub struct Background {
    store: Arc<dyn Store>,
    replays: Arc<Notify>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Background {
    /// Nothing goes on until it is [started](Self::start).
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, replays: Arc::default(), tasks: TaskTracker::new(), stopping: CancellationToken::new() }
    }

    /// Begins; replays that a stop interrupted go on.
    pub fn start(&self) {
        let (store, replays, stopping) = (Arc::clone(&self.store), Arc::clone(&self.replays), self.stopping.clone());
        self.tasks.spawn(async move {
            loop {
                if let Err(error) = replay(&*store, &stopping).await {
                    // It goes on with the next one that is asked for, or at the next start.
                    tracing::error!(%error, "a replay was interrupted");
                }
                tokio::select! {
                    () = replays.notified() => {}
                    () = stopping.cancelled() => return,
                }
            }
        });
    }

    /// There is a new replay.
    pub fn replay(&self) {
        self.replays.notify_one();
    }

    /// Stops at the next share.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Goes on with every replay that runs, by turns.
async fn replay(store: &dyn Store, stopping: &CancellationToken) -> StoreResult<()> {
    loop {
        let running = store.running_replays().await?;
        if running.is_empty() || stopping.is_cancelled() {
            return Ok(());
        }
        for id in running {
            store.continue_replay(id, SHARE).await?;
        }
    }
}
