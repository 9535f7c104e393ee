//! What happens, kept for a while in memory for those who watch.
//!
//! Each environment that somebody watches has a ring of what happened last. A watcher has no more than a place in it: one
//! that reads slowly costs nothing, and is dropped once what it would read next is gone. It comes back with the id that it
//! had last, and is told that there is a gap. A ring outlives its watchers by some minutes, so that a lost connection goes
//! on where it was.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    entropy::Entropy,
    store::{Advance, Fresh, Observer, Store, WebhookKey},
};

/// How much of what happened in an environment is kept.
const KEPT: usize = 8192;
/// How many may watch an environment at a time, …
const WATCHERS: usize = 64;
/// … and how many in all.
const ALL_WATCHERS: usize = 1024;
/// How long a ring outlives its last watcher, in milliseconds.
const OUTLIVES: i64 = 5 * 60 * 1000;
/// How much a watcher takes at a time.
const AT_A_TIME: usize = 64;

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum News {
    /// A delivery was made, tried or cancelled.
    Delivery(Advance),
    /// A webhook was made, changed or deleted.
    Webhook(WebhookKey),
}

/// A place in what happened: of one ring, and there the number of what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    ring: u64,
    next: u64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}-{}", self.ring, self.next)
    }
}

impl std::str::FromStr for Place {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let (ring, next) = text.split_once('-').ok_or(InvalidPlace)?;
        let ring = u64::from_str_radix(ring, 16).map_err(|_| InvalidPlace)?;
        Ok(Self { ring, next: next.parse().map_err(|_| InvalidPlace)? })
    }
}

/// A text that is no [`Place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPlace;

/// What happens, for those who watch.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    rings: Mutex<HashMap<u64, Ring>>,
    webhooks: mpsc::UnboundedSender<WebhookKey>,
    waiting: Mutex<Option<mpsc::UnboundedReceiver<WebhookKey>>>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    stopping: CancellationToken,
}

struct Ring {
    id: u64,
    /// The number of the first that is kept.
    first: u64,
    kept: VecDeque<News>,
    watchers: usize,
    /// When the last watcher left.
    left: i64,
    more: Arc<Notify>,
}

impl Ring {
    fn end(&self) -> u64 {
        self.first.saturating_add(self.kept.len() as u64)
    }

    fn add(&mut self, news: News) {
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
            self.first += 1;
        }
        self.kept.push_back(news);
    }
}

impl Live {
    /// Nothing is told before it is [started](Self::start).
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let (webhooks, waiting) = mpsc::unbounded_channel();
        Self(Arc::new(Inner {
            rings: Mutex::default(),
            webhooks,
            waiting: Mutex::new(Some(waiting)),
            store,
            clock,
            entropy,
            stopping: CancellationToken::new(),
        }))
    }

    /// Begins to listen to the store.
    pub fn start(&self) {
        let observer = Arc::downgrade(&self.0);
        self.0.store.observe(observer);
        let Some(mut waiting) = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            loop {
                let key = tokio::select! {
                    key = waiting.recv() => key,
                    () = inner.stopping.cancelled() => None,
                };
                let Some(key) = key else { return };
                match inner.store.webhook_by_key(key).await {
                    Ok(Some(webhook)) => inner.add(webhook.environment, News::Webhook(key)),
                    Ok(None) => {}
                    Err(error) => tracing::error!(%error, "nobody was told of a changed webhook"),
                }
            }
        });
    }

    /// Ends all streams.
    pub fn stop(&self) {
        self.0.stopping.cancel();
    }

    /// Watches an environment, from a place on or from now. `None` where too many watch already.
    #[must_use]
    pub fn watch(&self, environment: u64, from: Option<Place>) -> Option<Watcher> {
        let now = self.0.clock.now();
        let mut rings = self.0.rings();
        rings.retain(|_, ring| ring.watchers > 0 || now.saturating_sub(ring.left) < OUTLIVES);
        if rings.values().map(|ring| ring.watchers).sum::<usize>() >= ALL_WATCHERS {
            return None;
        }
        let ring = rings.entry(environment).or_insert_with(|| Ring {
            id: u64::from_le_bytes(self.0.entropy.bytes()),
            first: 0,
            kept: VecDeque::new(),
            watchers: 0,
            left: now,
            more: Arc::default(),
        });
        if ring.watchers >= WATCHERS {
            return None;
        }
        ring.watchers += 1;
        let known = from.filter(|place| place.ring == ring.id && (ring.first..=ring.end()).contains(&place.next));
        let place = known.unwrap_or(Place { ring: ring.id, next: ring.end() });
        Some(Watcher {
            inner: Arc::clone(&self.0),
            environment,
            place,
            has_gap: from.is_some() && known.is_none(),
            more: Arc::clone(&ring.more),
        })
    }
}

impl Live {
    /// How many watch an environment.
    #[must_use]
    pub fn watchers(&self, environment: u64) -> usize {
        self.0.rings().get(&environment).map_or(0, |ring| ring.watchers)
    }
}

impl Inner {
    fn rings(&self) -> MutexGuard<'_, HashMap<u64, Ring>> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, environment: u64, news: News) {
        let mut rings = self.rings();
        if let Some(ring) = rings.get_mut(&environment) {
            ring.add(news);
            ring.more.notify_waiters();
        }
    }

    fn add_all(&self, all: impl Iterator<Item = Advance>) {
        let mut rings = self.rings();
        if rings.is_empty() {
            return;
        }
        for each in all {
            if let Some(ring) = rings.get_mut(&each.course.environment) {
                ring.add(News::Delivery(each));
            }
        }
        for ring in rings.values() {
            ring.more.notify_waiters();
        }
    }
}

impl Observer for Inner {
    fn fresh(&self, deliveries: &[Fresh]) {
        self.add_all(deliveries.iter().map(|fresh| Advance {
            id: fresh.id,
            course: fresh.course,
            test: false,
            status: seinpost_protocol::rest::DeliveryStatus::Pending,
            attempt: None,
            due: Some(fresh.id.created()),
        }));
    }

    fn advanced(&self, deliveries: &[Advance]) {
        self.add_all(deliveries.iter().copied());
    }

    fn webhook_changed(&self, webhook: WebhookKey) {
        // Whose it is, is asked elsewhere: this is the store's own thread. Nobody listens any more at the stop.
        let _ = self.webhooks.send(webhook);
    }

    fn brought_forward(&self, webhook: WebhookKey) {
        // When a webhook that fails is tried again is shown with it.
        self.webhook_changed(webhook);
    }
}

/// One who watches.
pub struct Watcher {
    inner: Arc<Inner>,
    environment: u64,
    place: Place,
    has_gap: bool,
    more: Arc<Notify>,
}

impl Watcher {
    /// Where it is.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// Whether it wanted to begin at a place that is no longer there.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        self.has_gap
    }

    /// What happened next, each with the place after it, once there is something. `None` when it was too slow, or the server
    /// stops.
    pub async fn next(&mut self) -> Option<Vec<(Place, News)>> {
        loop {
            let more = Arc::clone(&self.more);
            let notified = more.notified();
            tokio::pin!(notified);
            // Before it is looked, so that nothing falls between.
            notified.as_mut().enable();
            let found = self.ready()?;
            if !found.is_empty() {
                return Some(found);
            }
            tokio::select! {
                () = notified => {}
                () = self.inner.stopping.cancelled() => return None,
            }
        }
    }

    fn ready(&mut self) -> Option<Vec<(Place, News)>> {
        let rings = self.inner.rings();
        let ring = rings.get(&self.environment)?;
        let skipped = usize::try_from(self.place.next.checked_sub(ring.first)?).ok()?;
        let found: Vec<_> = ring
            .kept
            .iter()
            .skip(skipped)
            .take(AT_A_TIME)
            .zip(self.place.next + 1..)
            .map(|(news, next)| (Place { next, ..self.place }, *news))
            .collect();
        if let Some((place, _)) = found.last() {
            self.place = *place;
        }
        Some(found)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let now = self.inner.clock.now();
        if let Some(ring) = self.inner.rings().get_mut(&self.environment) {
            ring.watchers = ring.watchers.saturating_sub(1);
            ring.left = now;
        }
    }
}
