//! How many bytes of events are on their way: a bound for those that are large, beside that for the number of calls.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use tokio::sync::Notify;

use crate::store::WebhookKey;

/// What is not larger than this, in bytes, is not weighed: its number bounds it.
pub(super) const SMALL: usize = 16 * 1024;

/// What is on its way, in bytes.
#[derive(Debug)]
pub(super) struct Freight {
    most: usize,
    load: Mutex<Load>,
    unloaded: Notify,
}

#[derive(Debug, Default)]
struct Load {
    all: usize,
    of: FxHashMap<WebhookKey, usize>,
}

impl Load {
    /// Whether `bytes` more may go to a webhook: as many as it leaves free, so that however many receivers are slow there
    /// is room for the next one; and whatever it is, where nothing else is on its way.
    fn has_room(&self, webhook: WebhookKey, bytes: usize, most: usize) -> bool {
        let own = self.of.get(&webhook).copied().unwrap_or(0);
        let left = most.saturating_sub(self.all).checked_sub(bytes);
        self.all == 0 || left.is_some_and(|left| own == 0 || own + bytes <= left)
    }

    fn unload(&mut self, webhook: WebhookKey, bytes: usize) {
        self.all = self.all.saturating_sub(bytes);
        if let Some(own) = self.of.get_mut(&webhook) {
            *own = own.saturating_sub(bytes);
            if *own == 0 {
                self.of.remove(&webhook);
            }
        }
    }
}

impl Freight {
    pub(super) fn new(most: usize) -> Self {
        Self { most, load: Mutex::default(), unloaded: Notify::new() }
    }

    /// Keeps room for so much to a webhook, if there is room.
    pub(super) fn load(&self, webhook: WebhookKey, bytes: usize) -> Option<Loaded<'_>> {
        let bytes = weighed(bytes);
        if bytes > 0 {
            let mut load = self.now();
            if !load.has_room(webhook, bytes, self.most) {
                return None;
            }
            load.all += bytes;
            *load.of.entry(webhook).or_default() += bytes;
        }
        Some(Loaded { freight: self, webhook, bytes })
    }

    /// The same, once there is room.
    pub(super) async fn load_later(&self, webhook: WebhookKey, bytes: usize) -> Loaded<'_> {
        loop {
            let unloaded = self.unloaded.notified();
            tokio::pin!(unloaded);
            // Before it is looked, so that nothing falls between.
            unloaded.as_mut().enable();
            if let Some(loaded) = self.load(webhook, bytes) {
                return loaded;
            }
            unloaded.await;
        }
    }

    fn now(&self) -> MutexGuard<'_, Load> {
        self.load.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn weighed(bytes: usize) -> usize {
    if bytes > SMALL { bytes } else { 0 }
}

/// Room that is kept until this is dropped.
#[derive(Debug)]
pub(super) struct Loaded<'a> {
    freight: &'a Freight,
    webhook: WebhookKey,
    bytes: usize,
}

impl Loaded<'_> {
    /// It is no more than so much: the rest is room for others.
    pub(super) fn only(&mut self, bytes: usize) {
        let bytes = weighed(bytes);
        if let Some(rest @ 1..) = self.bytes.checked_sub(bytes) {
            self.bytes = bytes;
            self.freight.now().unload(self.webhook, rest);
            self.freight.unloaded.notify_waiters();
        }
    }
}

impl Drop for Loaded<'_> {
    fn drop(&mut self) {
        self.only(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: WebhookKey = WebhookKey(1);
    const TWO: WebhookKey = WebhookKey(2);
    const KIB: usize = 1024;

    #[tokio::test]
    async fn a_webhook_leaves_as_much_as_it_has_and_what_is_small_is_not_weighed() {
        let freight = Freight::new(400 * KIB);
        let load = |webhook, kib: usize| freight.load(webhook, kib * KIB);
        let weighed = || {
            let now = freight.now();
            (now.all / KIB, now.of.get(&ONE).map(|own| own / KIB))
        };
        let (first, second) = (load(ONE, 100), load(ONE, 100));
        assert!(load(ONE, 17).is_none(), "it has half");
        let small = load(ONE, 16);
        let other = load(TWO, 100);
        assert!(first.is_some() && small.is_some() && other.is_some());
        assert!(load(TWO, 100).is_none(), "as much as is left, and not the last");
        let mut second = second.unwrap();
        second.only(50 * KIB);
        second.only(60 * KIB);
        assert_eq!(weighed(), (250, Some(150)));
        // It waits for room.
        let waiting = freight.load_later(ONE, 50 * KIB);
        let (waited, ()) = tokio::join!(waiting, async { drop(other) });
        drop((first, second, small, waited));
        assert_eq!(weighed(), (0, None));
        // What is larger than all that may be on its way goes alone.
        let whole = load(ONE, 500);
        assert!(whole.is_some() && load(TWO, 17).is_none());
        drop(whole);
        assert!(load(TWO, 17).is_some());
    }
}
