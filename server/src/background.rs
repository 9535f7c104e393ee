//! What goes on beside the calls: replays of many deliveries, forgetting what is old, and the rotation of keys.

mod belief;
mod replays;

use std::{sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{clock::Clock, keyring::Keyring, store::Store};
use belief::Believed;
use replays::{News, Replays};

/// How much is forgotten or added up at a time: that takes the thread that writes a millisecond or two.
const SMALL_SHARE: u32 = 100;
/// The pause between two shares that are forgotten, so that deliveries are not held up.
const BETWEEN_SHARES: Duration = Duration::from_millis(5);
/// How often it is looked whether a key is due.
const BETWEEN_ROTATIONS: Duration = Duration::from_secs(60 * 60);
/// How often what is old is looked for.
const BETWEEN_ROUNDS: Duration = Duration::from_secs(10 * 60);
/// For how long figures of five minutes are kept, in milliseconds: two hours, so that the last one can be shown in them.
const FINE_FIGURES: i64 = 2 * 60 * 60 * 1000;
/// For how long figures of an hour are kept, in milliseconds: what can be asked for step by step, and a day.
const FIGURES: i64 = 31 * 24 * 60 * 60 * 1000;

/// Runs what goes on beside the calls.
pub struct Background {
    store: Arc<dyn Store>,
    keyring: Arc<Keyring>,
    clock: Arc<dyn Clock>,
    believed: Arc<Believed>,
    retention: Duration,
    news: Arc<News>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Background {
    /// Nothing goes on until it is [started](Self::start). Events, deliveries and attempts are kept for `retention`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, keyring: Arc<Keyring>, clock: Arc<dyn Clock>, retention: Duration) -> Self {
        Self {
            believed: Arc::new(Believed::new(Arc::clone(&store), Arc::clone(&clock))),
            store,
            keyring,
            clock,
            retention,
            news: Arc::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        }
    }

    /// Begins; replays that a stop interrupted go on.
    pub fn start(&self) {
        self.forget_what_is_old();
        self.roll_up_figures();
        self.rotate_keys();
        let news = Arc::downgrade(&self.news);
        self.store.observe(news);
        let replays = Replays {
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            news: Arc::clone(&self.news),
            stopping: self.stopping.clone(),
        };
        self.tasks.spawn(replays.make());
    }

    fn forget_what_is_old(&self) {
        let (store, believed, stopping) = (Arc::clone(&self.store), Arc::clone(&self.believed), self.stopping.clone());
        let retention = i64::try_from(self.retention.as_millis()).unwrap_or(i64::MAX);
        self.tasks.spawn(async move {
            loop {
                let pruned = match believed.now().await {
                    Some(now) => store.prune(now.saturating_sub(retention), SMALL_SHARE).await,
                    None => Ok(false),
                };
                let pause = match pruned {
                    Ok(true) => BETWEEN_SHARES,
                    Ok(false) => BETWEEN_ROUNDS,
                    Err(error) => {
                        tracing::error!(%error, "what is old could not be forgotten");
                        BETWEEN_ROUNDS
                    }
                };
                tokio::select! {
                    // By the machine's own timer: what is old is told by the clock, when it is looked for matters little.
                    () = tokio::time::sleep(pause) => {}
                    () = stopping.cancelled() => return,
                }
            }
        });
    }

    fn roll_up_figures(&self) {
        let (store, believed, stopping) = (Arc::clone(&self.store), Arc::clone(&self.believed), self.stopping.clone());
        self.tasks.spawn(async move {
            loop {
                let done = match believed.now().await {
                    Some(now) => {
                        let (fine, all) = (now.saturating_sub(FINE_FIGURES), now.saturating_sub(FIGURES));
                        store.roll_up(fine, all, SMALL_SHARE).await
                    }
                    None => Ok(false),
                };
                let pause = match done {
                    Ok(true) => BETWEEN_SHARES,
                    Ok(false) => BETWEEN_ROUNDS,
                    Err(error) => {
                        tracing::error!(%error, "figures could not be added up");
                        BETWEEN_ROUNDS
                    }
                };
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stopping.cancelled() => return,
                }
            }
        });
    }

    fn rotate_keys(&self) {
        let (store, keyring, stopping) = (Arc::clone(&self.store), Arc::clone(&self.keyring), self.stopping.clone());
        self.tasks.spawn(async move {
            loop {
                tokio::select! {
                    // The world's DNS may take its time for each environment. What is given up here is done at the next start.
                    () = rotate(&*store, &keyring) => {}
                    () = stopping.cancelled() => return,
                }
                tokio::select! {
                    () = tokio::time::sleep(BETWEEN_ROTATIONS) => {}
                    () = stopping.cancelled() => return,
                }
            }
        });
    }

    /// There is a new replay.
    pub fn replay(&self) {
        self.news.tell();
    }

    /// Stops at the next share.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Does what is due for the keys of every environment.
async fn rotate(store: &dyn Store, keyring: &Keyring) {
    let environments = match store.environments().await {
        Ok(environments) => environments,
        Err(error) => return tracing::error!(%error, "keys were not rotated"),
    };
    for environment in environments {
        if let Err(error) = keyring.tend(environment.id).await {
            tracing::warn!(environment = environment.id, %error, "keys were not rotated");
        }
    }
}
