//! What is known in memory about one webhook's waiting deliveries.
//!
//! The store has them all; a lane holds the first few. What there is no room for is left to the store (`behind`), and fetched
//! when there is room again.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use seinpost_protocol::rest::WebhookStatus;

use super::{
    Limits, Receiver,
    ready::{Job, Ready, Work},
    throttle::{Bucket, Outcome, Throttle},
};
use crate::{
    id::{DeliveryId, EventId},
    store::{DueDelivery, Fresh, Payload, WebhookRecord},
};

/// How many calls, for each that can be made at a time, may wait to be written down: the disk takes some milliseconds, in
/// which a quick receiver takes dozens.
const UNWRITTEN: usize = 16;

/// For how long the first of a lane may have waited that is said to keep up, in milliseconds.
const KEEPING_UP: i64 = 10_000;

/// Nobody is held for longer than this at a time, in milliseconds: where it is longer, the clock was set back.
pub(super) const LONGEST_HOLD: i64 = 120_000;

/// When a delivery is due that is not due yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) at: i64,
    /// When the attempt began after which that was reckoned, if it is known.
    pub(super) reckoned: Option<i64>,
}

/// When a lane can have its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    /// At this time, if nothing happens before.
    At(i64),
    /// When something happens.
    Waits,
}

/// One webhook's part of the work.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) environment: u64,
    /// The webhook as it is now; `None` until it was read (again).
    receiver: Option<Arc<Receiver>>,
    /// As it was before, until then.
    before: Option<Arc<Receiver>>,
    /// Counts the webhook's changes, so that what was read before one is not taken for new.
    pub(super) version: u64,
    throttle: Throttle,
    bucket: Bucket,
    /// Until when nothing is sent, for the sake of its rate or of its batches.
    pub(super) hold: Option<i64>,
    /// What can be sent at once.
    ready: Ready,
    /// How many of these are in the sum of all lanes.
    pub(super) counted: usize,
    /// What is being sent, or was and is being written down.
    active: FxHashSet<DeliveryId>,
    /// How many of them are being sent.
    running: usize,
    /// Whether the webhook is deleted: once nothing of it is on its way any more, the lane is dropped.
    is_gone: bool,
    /// Whether the store has more that is due than is here.
    behind: bool,
    /// When the first delivery that is not due yet will be.
    pub(super) next_due: Option<Due>,
    /// For which time a timer is set.
    timer: Option<i64>,
    /// The highest delivery that came from the store: what is fresh is higher.
    seen: DeliveryId,
    /// Whether the store is being asked for this lane.
    pub(super) attending: bool,
    /// What became durable while it was being asked: its answer may not hold that yet, …
    meanwhile: Vec<Fresh>,
    /// … and whether there was more than is kept here of it.
    missed: bool,
    /// What was finished while it was being asked: its answer may not know that yet.
    finished_meanwhile: FxHashSet<DeliveryId>,
    /// Whether it stands in line for a turn.
    pub(super) queued: bool,
}

impl Lane {
    /// A lane of which nothing is known but that the store may have something for it.
    pub(super) fn new(environment: u64, behind: bool) -> Self {
        Self {
            environment,
            receiver: None,
            before: None,
            version: 0,
            throttle: Throttle::default(),
            bucket: Bucket::default(),
            hold: None,
            ready: Ready::default(),
            counted: 0,
            active: FxHashSet::default(),
            running: 0,
            is_gone: false,
            behind,
            next_due: None,
            timer: None,
            seen: DeliveryId(0),
            attending: false,
            meanwhile: Vec::new(),
            missed: false,
            finished_meanwhile: FxHashSet::default(),
            queued: false,
        }
    }

    /// Takes what has just become durable, if there is room for it among `most`, and its event, if it `keeps` those. Whether
    /// it can be sent now.
    pub(super) fn fresh(&mut self, fresh: Fresh, keeps: bool, most: usize, limits: &Limits, now: i64) -> bool {
        if fresh.id <= self.seen || self.active.contains(&fresh.id) {
            // It came from the store already.
            return false;
        }
        // Of one that is only probed little will be sent.
        let keeps = keeps && !self.throttle.is_open();
        let fresh = Fresh { payload: fresh.payload.filter(|_| keeps), ..fresh };
        let most = if self.keeps_up(limits, now) { most } else { limits.lane };
        if self.behind && self.attending && !self.missed && self.held() < self.room(most) && self.may_send() {
            self.meanwhile.push(fresh);
            return false;
        }
        if self.behind || self.ready.len() >= self.room(most) || !self.may_send() {
            self.fall_behind();
            return false;
        }
        self.push_fresh(fresh, now);
        true
    }

    fn push_fresh(&mut self, fresh: Fresh, now: i64) {
        let Fresh { id, course, payload } = fresh;
        self.ready.push(Job { id, event: course.event, attempts: 0, payload, since: now });
    }

    /// Whether the receiver takes as many calls at a time as it may get: so what waits here will soon be sent.
    fn is_proven(&self, limits: &Limits) -> bool {
        let most = self.receiver.as_ref().map_or(limits.per_webhook, |receiver| receiver.concurrency(limits));
        self.throttle.keeps_up(most)
    }

    /// Whether its receiver is proven, and what waits here does not wait for long.
    fn keeps_up(&self, limits: &Limits, now: i64) -> bool {
        self.is_proven(limits) && self.ready.first().is_none_or(|first| now.saturating_sub(first.since) < KEEPING_UP)
    }

    /// The store has something that is not here.
    fn fall_behind(&mut self) {
        self.behind = true;
        self.missed |= self.attending;
    }

    /// Whether so late a time cannot be right: the retry was reckoned while the clock was ahead, and it was set back since. What
    /// was reckoned before now is late because the webhook's schedule was another then, and keeps its time.
    fn is_too_late(&self, due: Due, limits: &Limits, now: i64) -> bool {
        let ahead = due.at.saturating_sub(now);
        ahead > 0
            && due.reckoned.is_none_or(|then| then > now)
            && self.receiver.as_ref().is_some_and(|receiver| ahead > receiver.longest_wait(limits))
    }

    /// Whether it still waits for the first delivery that is not due yet.
    pub(super) fn is_early(&self, limits: &Limits, now: i64) -> bool {
        self.next_due.is_some_and(|due| due.at > now && !self.is_too_late(due, limits, now))
    }

    /// Whether it can be sent. A first attempt always can: it was due when it was kept, and if that is later than now, the
    /// clock was set back since.
    fn is_due(&self, row: &DueDelivery, limits: &Limits, now: i64) -> bool {
        row.due <= now || row.attempts == 0 || self.is_too_late(due_of(row), limits, now)
    }

    /// How many deliveries are held, where so many may be.
    fn room(&self, most: usize) -> usize {
        self.receiver.as_ref().map_or(most, |receiver| receiver.room(most))
    }

    /// How many deliveries are held to be sent.
    pub(super) fn held(&self) -> usize {
        self.ready.len() + self.meanwhile.len()
    }

    /// Whether the webhook takes events, as far as is known.
    pub(super) fn may_send(&self) -> bool {
        self.receiver.as_ref().is_none_or(|receiver| is_active(&receiver.webhook))
    }

    /// When something of it can be sent.
    pub(super) fn turn(&self, limits: &Limits, now: i64) -> Turn {
        let (Some(receiver), Some(first)) = (&self.receiver, self.ready.first()) else { return Turn::Waits };
        let together = receiver.together(first.attempts, limits);
        let most = receiver.concurrency(limits);
        if !is_active(&receiver.webhook)
            || self.running >= self.throttle.allowed(most)
            // What waits to be written down is bounded too: a store that does not take it stops the lane.
            || self.active.len() >= most.saturating_mul(UNWRITTEN).saturating_mul(together.unwrap_or(1))
        {
            return Turn::Waits;
        }
        let options = &receiver.webhook.options;
        let mut at = now;
        if let (Some(together), Some(batch)) = (together, options.batch)
            && self.ready.len() < together
            // Later than now it can only be where the clock was set back.
            && first.since <= now
        {
            at = at.max(first.since.saturating_add(i64::from(batch.max_ms)));
        }
        if let Some(rate) = options.rate {
            at = at.max(self.bucket.next(rate, now));
        }
        // It is asked again until then: the clock may be set meanwhile.
        at = at.max(self.throttle.next(now).min(now.saturating_add(LONGEST_HOLD)));
        if at <= now { Turn::Now } else { Turn::At(at) }
    }

    /// What to send next, if something may be sent now.
    pub(super) fn take(&mut self, limits: &Limits, now: i64) -> Option<(Arc<Receiver>, Work)> {
        if self.turn(limits, now) != Turn::Now {
            return None;
        }
        let receiver = Arc::clone(self.receiver.as_ref()?);
        let attempts = self.ready.first()?.attempts;
        let work = match receiver.together(attempts, limits) {
            None => Work::One(self.ready.pop()?),
            Some(together) => Work::Batch(self.ready.pop_alike(together)?),
        };
        self.active.extend(work.jobs().iter().map(|job| job.id));
        if let Some(rate) = receiver.webhook.options.rate {
            self.bucket.take(rate, now);
        }
        self.running += 1;
        Some((receiver, work))
    }

    /// Gives back what did not fit into a call, to be the next.
    pub(super) fn put_back(&mut self, jobs: Vec<Job>) {
        for job in &jobs {
            self.active.remove(&job.id);
        }
        self.ready.put_back(jobs);
    }

    /// Gives back what could not be sent, in the order of the others.
    pub(super) fn give_back(&mut self, jobs: Vec<Job>) {
        for job in jobs {
            self.active.remove(&job.id);
            self.ready.insert(job);
        }
    }

    /// The call to `whom` was made; what came of it is being written down.
    pub(super) fn called(&mut self, whom: &Arc<Receiver>, outcome: Option<Outcome>, now: i64) {
        self.running = self.running.saturating_sub(1);
        // What an old receiver answers says nothing of the one in its place.
        let known = self.receiver.as_ref().or(self.before.as_ref());
        if let Some(outcome) = outcome
            && known.is_none_or(|known| Arc::ptr_eq(known, whom) || known.webhook.url == whom.webhook.url)
        {
            self.throttle.record(outcome, now);
        }
        if self.throttle.is_open() {
            // Little of it will be sent for a while: the store keeps the events.
            self.ready.let_go();
            self.meanwhile.iter_mut().for_each(|fresh| fresh.payload = None);
        }
    }

    /// How many calls are under way.
    pub(super) fn running(&self) -> usize {
        self.running
    }

    /// What came of it is written down; it is tried again at `retry`, if at all.
    pub(super) fn finished(&mut self, id: DeliveryId, retry: Option<Due>) {
        self.active.remove(&id);
        if self.attending {
            self.finished_meanwhile.insert(id);
        }
        if let Some(due) = retry {
            self.expect(due);
        }
    }

    /// Something is due then.
    pub(super) fn expect(&mut self, due: Due) {
        if self.next_due.is_none_or(|known| due.at < known.at) {
            self.next_due = Some(due);
        }
    }

    /// The time for which a timer is still to be set.
    pub(super) fn new_timer(&mut self) -> Option<i64> {
        let next = self.next_due.map(|due| due.at);
        if self.timer == next {
            return None;
        }
        self.timer = next;
        next
    }

    /// The time `next_due` has come: the store has something.
    pub(super) fn wake(&mut self) {
        self.timer = None;
        self.next_due = None;
        self.fall_behind();
    }

    /// The webhook has changed: what is known about it is old.
    pub(super) fn changed(&mut self) {
        self.version += 1;
        self.before = self.receiver.take().or(self.before.take());
        self.behind = true;
        self.is_gone = false;
        self.ready.clear();
    }

    /// The webhook was read.
    pub(super) fn is_now(&mut self, receiver: Receiver) {
        // How the receiver takes calls, and what it asked for, is known of that one alone.
        if self.before.take().is_some_and(|before| before.webhook.url != receiver.webhook.url) {
            self.throttle = Throttle::default();
        }
        self.receiver = Some(Arc::new(receiver));
    }

    /// Whether the store is to be asked: for the webhook, or for more to send.
    pub(super) fn wants_attention(&self, limits: &Limits) -> bool {
        if self.attending {
            return false;
        }
        match &self.receiver {
            None if self.is_gone => self.is_idle(),
            None => self.behind || !self.ready.is_empty(),
            Some(receiver) => {
                // A batch that is not full does not wait for its time while the store has what fills it.
                let few = receiver.together(0, limits).map_or(0, |together| together.saturating_sub(1));
                receiver.webhook.deleted.is_some()
                    || (is_active(&receiver.webhook)
                        && self.behind
                        && self.ready.len() <= few.max(self.room(limits.lane) / 4))
            }
        }
    }

    /// How many rows to ask the store for, so that there is something new among them.
    pub(super) fn rows_wanted(&self, limits: &Limits) -> usize {
        self.room(limits.lane) + self.active.len() + self.ready.len()
    }

    /// Takes the store's answer: the first waiting deliveries by due time, `complete` if there are no others.
    /// `payloads` are those of the [new](Self::new_among) ones among them, as far as they are at hand.
    pub(super) fn refill(
        &mut self,
        rows: &[DueDelivery],
        payloads: &FxHashMap<EventId, Arc<Payload>>,
        complete: bool,
        limits: &Limits,
        now: i64,
    ) {
        self.behind = !complete;
        let mut next_due = None;
        let mut set_back = false;
        for row in rows {
            self.seen = self.seen.max(row.id);
            let is_due = self.is_due(row, limits, now);
            set_back |= row.due > now && is_due;
            if !is_due {
                next_due = next_due.or(Some(due_of(row)));
                continue;
            }
            if self.active.contains(&row.id) || self.finished_meanwhile.contains(&row.id) {
                continue;
            }
            let payload = payloads.get(&row.event).cloned();
            self.ready.push(Job { id: row.id, event: row.event, attempts: row.attempts, payload, since: now });
        }
        if next_due.is_some() && !set_back {
            // All that is due is here: the rest is later than this.
            self.behind = false;
        }
        // But for what came while the store was being asked: whether it knew of that is not known.
        self.behind |= self.missed;
        let meanwhile = std::mem::take(&mut self.meanwhile);
        if !self.behind {
            // The store gives them in the order in which they became durable.
            let seen = self.seen;
            for fresh in meanwhile.into_iter().skip_while(|fresh| fresh.id <= seen) {
                self.push_fresh(fresh, now);
            }
        }
        // A retry that was written down meanwhile may be earlier.
        if let Some(found) = next_due {
            self.expect(found);
        }
    }

    /// The events of those rows that are due and not here yet, each once: what will be sent next, if the receiver takes
    /// it. Of one that is only probed little will be sent, and nothing is read ahead.
    pub(super) fn new_among(&self, rows: &[DueDelivery], now: i64, limits: &Limits) -> Vec<EventId> {
        if !self.is_proven(limits) {
            return Vec::new();
        }
        let is_here = |id| self.active.contains(id) || self.ready.contains(*id) || self.finished_meanwhile.contains(id);
        let mut events: Vec<_> =
            rows.iter().filter(|row| self.is_due(row, limits, now) && !is_here(&row.id)).map(|row| row.event).collect();
        events.dedup();
        events
    }

    /// The webhook is deleted, and what waited for it cancelled; what is on its way is still to be written down.
    pub(super) fn gone(&mut self) {
        self.is_gone = true;
        self.behind = false;
        self.ready.clear();
    }

    /// The store's answer was taken.
    pub(super) fn attended(&mut self) {
        self.attending = false;
        self.meanwhile = Vec::new();
        self.missed = false;
        self.finished_meanwhile.clear();
    }

    /// How many deliveries are on their way.
    pub(super) fn is_idle(&self) -> bool {
        self.active.is_empty()
    }
}

fn due_of(row: &DueDelivery) -> Due {
    Due { at: row.due, reckoned: row.tried }
}

fn is_active(webhook: &WebhookRecord) -> bool {
    webhook.deleted.is_none() && webhook.status == WebhookStatus::Active
}

#[cfg(test)]
mod tests;
