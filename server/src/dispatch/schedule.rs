//! Knows what is due, and has it sent: fairly between environments and between webhooks, a bounded number at a time.
//!
//! Fresh deliveries come from the store's writer right after their commit; everything else is fetched from the store,
//! which is the truth. What is in memory is bounded, however much waits.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use rustc_hash::FxHashMap;
use seinpost_protocol::rest::WebhookStatus;
use tokio::{runtime::Handle, sync::Notify, task::AbortHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Receiver, RetrySchedule, Sender,
    deliver::STORE_PAUSE,
    freight::Freight,
    lane::{Due, Lane},
    payloads::Payloads,
    ready::Job,
    retry,
    throttle::{Outcome, Reminder},
    turns::{State, Task},
};
use crate::{
    clock::Clock,
    entropy::Entropy,
    id::{DeliveryId, EventId},
    store::{Advance, DueDelivery, Fresh, Observer, Payload, Store, StoreResult, WebhookKey, WebhookRecord},
};

/// How many deliveries of a webhook that was deleted are cancelled at a time: that takes the thread that writes some
/// milliseconds.
const CANCELLED_TOGETHER: u32 = 200;
/// The pause between two such shares, in milliseconds, in which others write.
const BETWEEN_SHARES: i64 = 10;

/// How many bytes of events are read ahead for one webhook.
const READ_AHEAD: usize = 256 * 1024;

/// How many bytes of events are kept in memory before those that come are left to the store, in all: a receiver that is
/// slow, or many of them, are no reason to keep more.
pub(super) const MOST_KEPT: usize = 32 * 1024 * 1024;

/// How much is done at a time.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Calls to one webhook at a time.
    pub per_webhook: usize,
    /// Calls in all at a time.
    pub in_all: usize,
    /// Bytes of events that are on their way at a time, and of what is made of them; what is small is not counted.
    pub on_their_way: usize,
    /// Deliveries of one webhook that are held in memory in any case, …
    pub lane: usize,
    /// … and where its receiver keeps up, until so many …
    pub lane_of_the_quick: usize,
    /// … of all webhooks are held.
    pub lanes: usize,
    /// When a failed delivery is tried again.
    pub retries: RetrySchedule,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_webhook: 16,
            in_all: 1024,
            on_their_way: 64 * 1024 * 1024,
            lane: 256,
            lane_of_the_quick: 2048,
            lanes: 128 * 1024,
            retries: RetrySchedule::default(),
        }
    }
}

/// Has deliveries sent. Cheap to clone.
#[derive(Clone)]
pub struct Dispatcher {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) store: Arc<dyn Store>,
    pub(super) sender: Sender,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) limits: Limits,
    pub(super) payloads: Payloads,
    pub(super) freight: Freight,
    state: Mutex<State>,
    wake: Notify,
    pub(super) tasks: TaskTracker,
    /// Where tasks run that the store's thread begins.
    runtime: OnceLock<Handle>,
    /// No new calls.
    pub(super) stopping: CancellationToken,
    /// Give up what is still going on.
    pub(super) abandoned: CancellationToken,
    callers: Callers,
    /// Why no calls can be made.
    pub(super) reminder: Reminder,
}

/// The tasks that make calls. To be abandoned each would otherwise have to ask at every step whether it is.
#[derive(Default)]
struct Callers(Mutex<Vec<AbortHandle>>);

impl Callers {
    fn began(&self, caller: AbortHandle) {
        let mut callers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() == callers.capacity() {
            callers.retain(|each| !each.is_finished());
        }
        callers.push(caller);
    }

    fn abandon(&self) {
        for caller in self.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            caller.abort();
        }
    }
}

/// What the driver does next.
enum Step {
    Send(Task),
    Attend(WebhookKey),
    /// Nothing until something happens, or until this time.
    Wait(Option<i64>),
}

impl Dispatcher {
    /// A dispatcher that does nothing until it is [started](Self::start).
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        sender: Sender,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        limits: Limits,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                sender,
                clock,
                entropy,
                freight: Freight::new(limits.on_their_way),
                limits,
                payloads: Payloads::default(),
                state: Mutex::default(),
                wake: Notify::new(),
                tasks: TaskTracker::new(),
                runtime: OnceLock::new(),
                stopping: CancellationToken::new(),
                abandoned: CancellationToken::new(),
                callers: Callers::default(),
                reminder: Reminder::default(),
            }),
        }
    }

    /// Reads what waits in the store and begins to send. Events must not be taken in before this has returned.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(&self) -> StoreResult<()> {
        let observer = Arc::downgrade(&self.inner);
        // It is started once; a second time changes nothing.
        let _ = self.inner.runtime.set(Handle::current());
        self.inner.store.observe(observer);
        let waiting = self.inner.store.waiting().await?;
        let now = self.inner.clock.now();
        let mut state = self.inner.state();
        for each in waiting {
            state.lanes.insert(each.webhook, Lane::new(each.environment, true));
            state.arrange(each.webhook, &self.inner.limits, now);
        }
        drop(state);
        let inner = Arc::clone(&self.inner);
        self.inner.tasks.spawn(async move { inner.drive().await });
        Ok(())
    }

    /// Begins no more calls; what is on its way goes on.
    pub fn take_no_more(&self) {
        self.inner.state().dismiss();
        self.inner.stopping.cancel();
    }

    /// Stops sending: what is on its way is finished, for at most `patience`; how many calls had to be given up.
    pub async fn stop(&self, patience: Duration) -> usize {
        self.take_no_more();
        self.inner.tasks.close();
        let patience = self.inner.clock.sleep(patience);
        tokio::select! {
            () = self.inner.tasks.wait() => return 0,
            () = patience => {}
        }
        let given_up = self.inner.state().running;
        self.inner.abandoned.cancel();
        self.inner.callers.abandon();
        self.inner.tasks.wait().await;
        given_up
    }

    /// How many calls could not be made since the start, for want of a connection or of a proxy that can be used.
    #[must_use]
    pub fn prevented(&self) -> u64 {
        self.inner.reminder.asked()
    }

    /// How many calls are on their way.
    #[must_use]
    pub fn running(&self) -> usize {
        self.inner.state().running
    }
}

impl Observer for Inner {
    fn advanced(&self, _: &[Advance]) {
        // It was this that had them recorded.
    }

    fn fresh(&self, deliveries: &[Fresh]) {
        let now = self.clock.now();
        let held = Payload::held();
        let (keeps, is_ample) = (held <= MOST_KEPT, held <= MOST_KEPT / 2);
        let mut state = self.state();
        for each in deliveries.iter().cloned() {
            let key = each.course.webhook;
            // Half of the memory is left to those who hold no more than they may in any case.
            let most = if is_ample { state.room(&self.limits) } else { self.limits.lane };
            let lane = state.lanes.entry(key).or_insert_with(|| Lane::new(each.course.environment, false));
            lane.fresh(each, keeps, most, &self.limits, now);
            state.arrange(key, &self.limits, now);
        }
        self.stir(state);
    }

    fn webhook_changed(&self, webhook: WebhookKey) {
        let now = self.clock.now();
        let mut state = self.state();
        // A webhook without a lane has nothing waiting: it is read when it gets something.
        if let Some(lane) = state.lanes.get_mut(&webhook) {
            lane.changed();
            state.arrange(webhook, &self.limits, now);
        }
        self.stir(state);
    }

    fn brought_forward(&self, webhook: WebhookKey) {
        let now = self.clock.now();
        let mut state = self.state();
        if let Some(lane) = state.lanes.get_mut(&webhook) {
            lane.wake();
            state.arrange(webhook, &self.limits, now);
        }
        self.stir(state);
    }
}

impl Inner {
    /// A call is over (its deliveries only when what came of it is written down); what to send next.
    pub(super) fn called(&self, key: WebhookKey, whom: &Arc<Receiver>, outcome: Option<Outcome>) -> Option<Task> {
        let now = self.clock.now();
        let mut state = self.state();
        if let Some(lane) = state.lanes.get_mut(&key) {
            lane.called(whom, outcome, now);
        }
        state.called(whom.webhook.environment);
        state.arrange(key, &self.limits, now);
        // Whoever made this call makes the next: that costs no new task.
        let next = state.next_task(&self.limits, now);
        self.stir(state);
        next
    }

    /// The next call, for one who had none to make; `None` if it is not needed any more.
    pub(super) async fn next_call(&self) -> Option<Task> {
        let next = self.state().wait_for_call()?;
        next.await.ok()
    }

    /// What came of a call is written down; its deliveries are due again at `retry`, if at all.
    pub(super) fn finished(&self, key: WebhookKey, ids: &[DeliveryId], retry: Option<Due>) {
        let now = self.clock.now();
        let mut state = self.state();
        state.unwritten = state.unwritten.saturating_sub(ids.len());
        if let Some(lane) = state.lanes.get_mut(&key) {
            for id in ids {
                lane.finished(*id, retry);
            }
        }
        state.set_timer(key);
        state.arrange(key, &self.limits, now);
        self.stir(state);
    }

    /// What was not sent waits again: `back` puts it into its lane.
    pub(super) fn unsent(&self, key: WebhookKey, jobs: Vec<Job>, back: fn(&mut Lane, Vec<Job>)) {
        let now = self.clock.now();
        let mut state = self.state();
        state.unwritten = state.unwritten.saturating_sub(jobs.len());
        if let Some(lane) = state.lanes.get_mut(&key) {
            back(lane, jobs);
        }
        state.arrange(key, &self.limits, now);
        self.stir(state);
    }

    /// Begins a task, from whatever thread.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = self.runtime.get() {
            self.tasks.spawn_on(task, runtime);
        }
    }

    /// Wakes the driver if there is something for it to do.
    fn stir(&self, mut state: MutexGuard<'_, State>) {
        let can_send = !state.line.is_empty() && state.running < self.limits.in_all;
        let needed = can_send || !state.wanting.is_empty() || std::mem::take(&mut state.changed);
        drop(state);
        if needed {
            self.wake.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it was held would be a fault of ours; the lanes are still the best that is known.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn drive(self: Arc<Self>) {
        loop {
            if self.stopping.is_cancelled() {
                return;
            }
            match self.step() {
                Step::Send(task) => {
                    // One who is there already costs no new task, which is large.
                    let Some(task) = self.state().give(task) else { continue };
                    let inner = Arc::clone(&self);
                    let caller = self.tasks.spawn(inner.work(task));
                    self.callers.began(caller.abort_handle());
                    // All may have been abandoned just before this one was among them.
                    if self.abandoned.is_cancelled() {
                        self.callers.abandon();
                    }
                }
                Step::Attend(key) => {
                    let inner = Arc::clone(&self);
                    self.tasks.spawn(async move { inner.attend(key).await });
                }
                Step::Wait(until) => {
                    let sleep = async {
                        match until {
                            // Not for a while: the clock may have been set since that was reckoned.
                            Some(until) => self.clock.sleep_until(until).await,
                            None => std::future::pending().await,
                        }
                    };
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = sleep => {}
                        () = self.stopping.cancelled() => return,
                    }
                }
            }
        }
    }

    fn step(&self) -> Step {
        let now = self.clock.now();
        let mut state = self.state();
        let due = state.wake_due(now, &self.limits);
        let held = state.release_due(now, &self.limits);
        let next = due.into_iter().chain(held).min();
        if let Some(key) = state.wanting.pop() {
            return Step::Attend(key);
        }
        if let Some(task) = state.next_task(&self.limits, now) {
            return Step::Send(task);
        }
        state.changed = false;
        Step::Wait(next)
    }

    /// Asks the store about a lane: the webhook as it is now, and what waits for it.
    async fn attend(&self, key: WebhookKey) {
        let (version, wanted) = {
            let state = self.state();
            let Some(lane) = state.lanes.get(&key) else { return };
            (lane.version, lane.rows_wanted(&self.limits))
        };
        let found = self.look_up(key, wanted).await;
        let payloads = match &found {
            Ok((_, rows)) => self.read_ahead(key, rows, self.clock.now()).await,
            Err(error) => {
                tracing::error!(%error, "the store did not say what waits");
                // Until then the lane is being attended to: it is not asked about again at once.
                self.pause(STORE_PAUSE).await;
                FxHashMap::default()
            }
        };
        let now = self.clock.now();
        let mut state = self.state();
        let Some(lane) = state.lanes.get_mut(&key) else { return };
        match found {
            Ok((webhook, rows)) if lane.version == version => {
                match webhook {
                    Some(webhook) if webhook.deleted.is_none() => {
                        lane.is_now(Receiver::new(webhook));
                        // Nothing was asked for one that is not sent to.
                        let complete = lane.may_send() && rows.len() < wanted;
                        lane.refill(&rows, &payloads, complete, &self.limits, now);
                    }
                    // Deleted, and all that waited for it is cancelled.
                    _ if lane.is_idle() => {
                        state.forget(key);
                        return;
                    }
                    _ => lane.gone(),
                }
                lane.attended();
            }
            // It changed while it was read, or could not be read: once more.
            Ok(_) | Err(_) => lane.attended(),
        }
        state.set_timer(key);
        state.arrange(key, &self.limits, now);
        self.stir(state);
    }

    /// The events that a lane sends next, read together: one at a time costs as much as the call.
    async fn read_ahead(&self, key: WebhookKey, rows: &[DueDelivery], now: i64) -> FxHashMap<EventId, Arc<Payload>> {
        let events = match self.state().lanes.get(&key) {
            Some(lane) if Payload::held() <= MOST_KEPT => lane.new_among(rows, now, &self.limits),
            _ => Vec::new(),
        };
        match self.payloads.read(&*self.store, &events, READ_AHEAD).await {
            Ok(found) => events.into_iter().zip(found).filter_map(|(event, found)| Some((event, found?))).collect(),
            // Each is read when its turn comes.
            Err(error) => {
                tracing::warn!(%error, "events could not be read ahead");
                FxHashMap::default()
            }
        }
    }

    /// Waits for so many milliseconds, or until no call is begun any more.
    async fn pause(&self, milliseconds: i64) {
        tokio::select! {
            () = self.clock.sleep(Duration::from_millis(milliseconds.unsigned_abs())) => {}
            () = self.stopping.cancelled() => {}
        }
    }

    async fn look_up(&self, key: WebhookKey, wanted: usize) -> StoreResult<(Option<WebhookRecord>, Vec<DueDelivery>)> {
        let webhook = self.store.webhook_by_key(key).await?;
        if webhook.as_ref().is_none_or(|webhook| webhook.deleted.is_some()) {
            // A share at a time, so that nobody waits for it. What a stop leaves is cancelled after the next start.
            while !self.stopping.is_cancelled()
                && self.store.cancel_deliveries(key, CANCELLED_TOGETHER).await? == CANCELLED_TOGETHER
            {
                self.pause(BETWEEN_SHARES).await;
            }
            return Ok((webhook, Vec::new()));
        }
        if webhook.as_ref().is_none_or(|webhook| webhook.status != WebhookStatus::Active) {
            return Ok((webhook, Vec::new()));
        }
        // No schedule is such that what is due sooner can be wrong.
        let far = self.clock.now().saturating_add(retry::FAR);
        let rows = self.store.due(key, u32::try_from(wanted).unwrap_or(u32::MAX), far).await?;
        Ok((webhook, rows))
    }
}
