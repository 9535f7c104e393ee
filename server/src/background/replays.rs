//! Replays of many deliveries: share by share, and never far ahead of what is sent.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustc_hash::FxHashSet;
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
    awaited: Mutex<Awaited>,
    happened: Notify,
}

/// Of which webhooks deliveries are to be sent before a replay goes on: what is sent to others lets none go on, and to ask
/// the store after each of their commits would cost as much as they do.
#[derive(Default)]
struct Awaited {
    webhooks: FxHashSet<WebhookKey>,
    /// While the store is asked which these are: those of which something was sent, as its answer may not know that.
    meanwhile: Option<FxHashSet<WebhookKey>>,
}

impl News {
    /// There is a new replay.
    pub(super) fn tell(&self) {
        self.happened.notify_one();
    }

    /// The store is about to be asked.
    fn asks(&self) {
        self.awaited().meanwhile = Some(FxHashSet::default());
    }

    /// It answered that replays of these webhooks wait.
    fn waits_for(&self, webhooks: FxHashSet<WebhookKey>) {
        let mut awaited = self.awaited();
        let meanwhile = awaited.meanwhile.take().unwrap_or_default();
        if !meanwhile.is_disjoint(&webhooks) {
            self.tell();
        }
        awaited.webhooks = webhooks;
    }

    fn awaited(&self) -> MutexGuard<'_, Awaited> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for News {
    fn fresh(&self, _: &[Fresh]) {
        // More that waits lets no replay go on.
    }

    fn advanced(&self, advances: &[Advance]) {
        let mut awaited = self.awaited();
        let mut webhooks = advances.iter().map(|advance| advance.course.webhook);
        if let Some(meanwhile) = &mut awaited.meanwhile {
            meanwhile.extend(webhooks);
        } else if !awaited.webhooks.is_empty() && webhooks.any(|webhook| awaited.webhooks.contains(&webhook)) {
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
            self.news.asks();
            let running = self.store.running_replays(self.clock.now(), AHEAD).await?;
            let waiting = running.iter().filter(|replay| replay.due >= AHEAD);
            self.news.waits_for(waiting.map(|replay| replay.webhook).collect());
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

#[cfg(test)]
mod tests {
    use seinpost_protocol::rest::DeliveryStatus;

    use super::*;
    use crate::{
        id::{DeliveryId, EventId},
        store::{Course, EventKind},
    };

    const ONE: WebhookKey = WebhookKey(1);
    const TWO: WebhookKey = WebhookKey(2);

    /// Whether it is told when a delivery of this webhook was sent.
    fn tells(news: &News, webhook: WebhookKey) -> bool {
        let course = Course { event: EventId(1), event_type: EventKind::WebhookDisabled, webhook, environment: 1 };
        let status = DeliveryStatus::Delivered;
        news.advanced(&[Advance { id: DeliveryId(1), course, test: false, status, attempt: None, due: None }]);
        was_told(news)
    }

    fn was_told(news: &News) -> bool {
        std::pin::pin!(news.happened.notified()).enable()
    }

    #[test]
    fn what_is_sent_to_others_wakes_no_replay_that_stands_still() {
        let news = News::default();
        assert!(!tells(&news, ONE), "none waits");
        news.asks();
        assert!(!tells(&news, TWO));
        news.waits_for(FxHashSet::from_iter([ONE]));
        assert!(!was_told(&news), "and it was another that went on meanwhile");
        assert!(!tells(&news, TWO));
        assert!(tells(&news, ONE));
        // What happens while the store is asked is not missed.
        news.asks();
        assert!(!tells(&news, ONE));
        news.waits_for(FxHashSet::from_iter([ONE]));
        assert!(was_told(&news));
        news.asks();
        news.waits_for(FxHashSet::default());
        assert!(!tells(&news, ONE), "it goes on, and waits no more");
    }
}
