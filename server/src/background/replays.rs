//! Replays of many deliveries: share by share, and never far ahead of what is sent.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    store::{Advance, Fresh, Observer, Store, StoreResult, WebhookKey},
};

/// How many deliveries a replay looks at at a time, so that nobody waits for it.
const SHARE: u32 = 250;
/// Where so many deliveries of a webhook are due, its replays make no more: what is not made yet is what stopping one
/// spares the receiver. Its lane is filled again long before this is used up.
const AHEAD: u32 = 250;
/// How long to wait after the store failed, …
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// … twice as long each time it fails again, up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Makes the deliveries of replays.
pub(super) struct Replays {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) news: Arc<News>,
    pub(super) stopping: CancellationToken,
}

/// Tells that a replay may go on.
#[derive(Default)]
pub(super) struct News {
    /// Whether one waits for deliveries to be sent.
    is_awaited: AtomicBool,
    happened: Notify,
}

impl News {
    /// There is a new replay.
    pub(super) fn tell(&self) {
        self.happened.notify_one();
    }
}

impl Observer for News {
    fn fresh(&self, _: &[Fresh]) {
        // More that waits lets no replay go on.
    }

    fn advanced(&self, _: &[Advance]) {
        if self.is_awaited.load(Ordering::SeqCst) {
            self.tell();
        }
    }

    fn webhook_changed(&self, _: WebhookKey) {
        // What is sent or cancelled for that is told above.
    }

    fn brought_forward(&self, _: WebhookKey) {
        // Nor does more that is due.
    }
}

impl Replays {
    /// Makes what there is to make, now and whenever there is news, until all is stopped.
    pub(super) async fn make(self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let failed = self.go_on().await.inspect_err(|error| {
                tracing::error!(%error, "a replay could not go on; it is tried again in {} s", pause.as_secs());
            });
            let next = async {
                match failed {
                    Ok(()) => self.news.happened.notified().await,
                    Err(_) => self.clock.sleep(pause).await,
                }
            };
            tokio::select! {
                () = next => {}
                () = self.stopping.cancelled() => return,
            }
            pause = if failed.is_ok() { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        }
    }

    /// Goes on with every replay that can, by turns, until none can. One that fails keeps no other from it.
    async fn go_on(&self) -> StoreResult<()> {
        let (mut failed, mut outcome) = (Vec::new(), Ok(()));
        while !self.stopping.is_cancelled() {
            // Before the store is asked, so that nothing is missed that happens meanwhile.
            self.news.is_awaited.store(true, Ordering::SeqCst);
            let running = self.store.running_replays(self.clock.now(), AHEAD).await?;
            if running.is_empty() {
                self.news.is_awaited.store(false, Ordering::SeqCst);
            }
            let mut stood_still = true;
            for replay in running.iter().filter(|replay| replay.due < AHEAD) {
                if failed.contains(&replay.id) {
                    continue;
                }
                stood_still = false;
                if let Err(error) = self.store.continue_replay(replay.id, SHARE).await {
                    failed.push(replay.id);
                    outcome = Err(error);
                }
            }
            if stood_still {
                break;
            }
        }
        outcome
    }
}
