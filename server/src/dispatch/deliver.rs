//! One call's turn: read the events, make the attempt, decide what follows, write it down.

use std::{borrow::Cow, fmt::Write as _, sync::Arc, time::Duration};

use aws_lc_rs::digest::{Context, SHA256};
use bytes::{BufMut as _, Bytes, BytesMut};
use seinpost_protocol::rest::{DisabledCode, ErrorKind, Timestamp};
use serde_json::json;

use super::{
    Attempted, Content, Receiver,
    freight::{Loaded, SMALL},
    lane::{Due, Lane},
    ready::{Job, Work},
    render, retry,
    schedule::{Inner, MOST_KEPT},
    throttle::Outcome,
    turns::Task,
};
use crate::{
    fields::Fields,
    id::{DeliveryId, EventId},
    store::{
        AttemptRecord, Batch, Conclusion, Course, Payload, RecordedBody, RecordedRequest, StoreError, StoreResult,
        Streak, WebhookKey,
    },
};

/// How long to wait before the store is asked again after it failed, in milliseconds.
pub(super) const STORE_PAUSE: i64 = 1000;
/// How large the body of a batch may be, in bytes; a single event may be as large.
const LARGEST: usize = 1024 * 1024;
/// How often it is said why no calls can be made: each of them has its share of that.
const REMINDER: Duration = Duration::from_secs(10);
/// Why what is forgotten is not sent.
const NOT_KEPT: &str = "the event is no longer kept";

/// An attempt at one delivery or more, and what follows from it.
struct Made {
    deliveries: Vec<DeliveryId>,
    /// What the store need not look up, where it is one.
    course: Option<Course>,
    attempt: AttemptRecord,
    conclusion: Conclusion,
}

/// Why no call was made, so that its deliveries wait as they did: the fault is ours.
enum Held {
    /// The store did not give their events.
    Store(StoreError),
    /// This machine had no room for a connection, or no way out, and why.
    Prevented(String),
}

impl From<StoreError> for Held {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Made {
    /// What it says of the calls to come; nothing, if no call was made.
    fn outcome(&self, now: i64) -> Option<Outcome> {
        if self.conclusion == Conclusion::Delivered {
            return Some(Outcome::Accepted);
        }
        if !self.attempt.was_made() {
            return None;
        }
        let status = self.attempt.response.as_ref().map(|response| response.status);
        let asked = if matches!(status, Some(429 | 503)) { retry::asked_for(&self.attempt, now) } else { None };
        Some(asked.map_or(Outcome::Failed, Outcome::Busy))
    }
}

impl Inner {
    /// Makes one call after the other, and waits for more where there is nothing to send.
    pub(super) async fn work(self: Arc<Self>, task: Task) {
        let mut next = Some(task);
        while let Some(task) = next {
            let outcome = self.deliver(&task).await;
            next = match self.called(task.key, &task.receiver, outcome) {
                Some(task) => Some(task),
                None => {
                    // Nothing of it is kept meanwhile.
                    drop(task);
                    self.next_call().await
                }
            };
        }
    }

    /// Makes a call and hands over what came of it to be written down. How it ended, if it was made.
    async fn deliver(self: &Arc<Self>, task: &Task) -> Option<Outcome> {
        let Task { key, receiver, work } = task;
        match work {
            Work::One(job) => {
                let made = self.attempt_one(receiver, job).await.transpose()?;
                self.conclude_with(*key, receiver, made, || vec![job.clone()]).await
            }
            Work::Batch(jobs) => self.deliver_batch(*key, receiver, jobs).await,
        }
    }

    /// Waits until so many bytes may be on their way to a webhook; `None` once no call is begun any more.
    async fn load(&self, key: WebhookKey, bytes: usize) -> Option<Loaded<'_>> {
        if let Some(loaded) = self.freight.load(key, bytes) {
            return Some(loaded);
        }
        tokio::select! {
            biased;
            // What was to be sent still waits in the store.
            () = self.stopping.cancelled() => None,
            loaded = self.freight.load_later(key, bytes) => Some(loaded),
        }
    }

    /// Hands over what came of a call, or has its deliveries wait where none was made.
    async fn conclude_with(
        self: &Arc<Self>,
        key: WebhookKey,
        receiver: &Arc<Receiver>,
        made: Result<Made, Held>,
        jobs: impl FnOnce() -> Vec<Job>,
    ) -> Option<Outcome> {
        match made {
            Ok(made) => {
                let outcome = made.outcome(self.clock.now());
                self.hand_over(key, receiver, made).await;
                outcome
            }
            Err(held) => {
                let mut jobs = jobs();
                match held {
                    Held::Store(error) => {
                        // They still wait in the store.
                        let now = self.clock.now();
                        let ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
                        self.finished(key, &ids, Some(Due { at: now + STORE_PAUSE, reckoned: Some(now) }));
                        tracing::error!(deliveries = ids.len(), %error, "events could not be read");
                        None
                    }
                    Held::Prevented(why) => {
                        if Payload::held() > MOST_KEPT {
                            jobs.iter_mut().for_each(|job| job.payload = None);
                        }
                        self.unsent(key, jobs, Lane::give_back);
                        if self.reminder.is_due(self.clock.passed(), REMINDER) {
                            tracing::error!("calls wait, and none of it is the receivers' doing. {why}");
                        }
                        Some(Outcome::Prevented)
                    }
                }
            }
        }
    }

    /// `None` if it was not made, as no call is begun any more.
    async fn attempt_one(&self, receiver: &Arc<Receiver>, job: &Job) -> Result<Option<Made>, Held> {
        let n = job.attempts + 1;
        let deliveries = vec![job.id];
        let webhook = &receiver.webhook;
        let at_hand = match &job.payload {
            Some(payload) => Some(Arc::clone(payload)),
            None => self.read_one(job, SMALL).await?,
        };
        // How large it is that is not small shows when it is read.
        let bytes = at_hand.as_ref().map_or(LARGEST, |payload| payload.body.len());
        let Some(mut loaded) = self.load(webhook.key, receiver.weight(bytes)).await else { return Ok(None) };
        let payload = match at_hand {
            Some(payload) => payload,
            None => match self.read_one(job, usize::MAX).await? {
                Some(payload) => payload,
                None => return Ok(Some(self.impossible(deliveries, n, NOT_KEPT))),
            },
        };
        loaded.only(receiver.weight(payload.body.len()));
        let body = match render::once(&payload, &receiver.rendering) {
            Ok(body) => body,
            Err(why) => return Ok(Some(self.impossible(deliveries, n, &why))),
        };
        let content = Content {
            body,
            content_type: Cow::Borrowed(render::content_type(receiver.rendering.format)),
            derived: receiver.recorded(),
            message: payload.event.to_string(),
        };
        let course = Course {
            event: payload.event,
            event_type: payload.event_type,
            webhook: webhook.key,
            environment: webhook.environment,
        };
        let made = self.attempt(receiver, deliveries, content, n).await?;
        Ok(Some(Made { course: Some(course), ..made }))
    }

    async fn attempt(
        &self,
        receiver: &Arc<Receiver>,
        deliveries: Vec<DeliveryId>,
        content: Content,
        n: u32,
    ) -> Result<Made, Held> {
        let Attempted { record: attempt, is_void } = self.sender.attempt(receiver, content, n).await;
        if is_void {
            return Err(Held::Prevented(attempt.error.map(|(_, detail)| detail).unwrap_or_default()));
        }
        let conclusion = self.conclude(receiver, &attempt);
        tracing::debug!(
            delivery = deliveries.first().map(tracing::field::display),
            deliveries = deliveries.len(),
            webhook = receiver.webhook.id,
            attempt = n,
            status = attempt.response.as_ref().map(|response| response.status),
            ?conclusion,
            "an attempt was made"
        );
        Ok(Made { deliveries, course: None, attempt, conclusion })
    }

    /// The event of a job, if it is not more than `most` bytes or another webhook has it in memory.
    async fn read_one(&self, job: &Job, most: usize) -> StoreResult<Option<Arc<Payload>>> {
        Ok(self.payloads.read(&*self.store, &[job.event], most).await?.pop().flatten())
    }

    /// The events of a batch that are in memory, and the first of the others as far as they fit into a call.
    async fn read_together(&self, jobs: &[Job]) -> StoreResult<Vec<Option<Arc<Payload>>>> {
        let missing: Vec<_> = jobs.iter().filter(|job| job.payload.is_none()).map(|job| job.event).collect();
        let mut read = Vec::new();
        if !missing.is_empty() {
            read = self.payloads.read(&*self.store, &missing, LARGEST).await?;
        }
        let mut read = read.into_iter();
        // In the order in which they were missing.
        Ok(jobs.iter().map(|job| job.payload.clone().or_else(|| read.next().flatten())).collect())
    }

    /// Sends as many of these as fit into one call; the others are the next.
    async fn deliver_batch(
        self: &Arc<Self>,
        key: WebhookKey,
        receiver: &Arc<Receiver>,
        jobs: &[Job],
    ) -> Option<Outcome> {
        let known: Option<usize> = jobs.iter().map(|job| Some(job.payload.as_ref()?.body.len())).sum();
        // What is read, and what is made of it.
        let bytes = known.map_or(3 * LARGEST, |known| known.min(LARGEST) * 2);
        let mut loaded = self.load(key, bytes).await?;
        let (gathered, left) = match self.gather(key, receiver, jobs).await {
            Ok(gathered) => gathered,
            Err((left, error)) => {
                return self.conclude_with(key, receiver, Err(error.into()), || left).await;
            }
        };
        if !left.is_empty() {
            self.unsent(key, left, Lane::put_back);
        }
        let n = jobs.first()?.attempts + 1;
        let (deliveries, content) = gathered.into_content(receiver)?;
        loaded.only(content.body.len());
        let made = self.attempt(receiver, deliveries.clone(), content, n).await;
        let sent = || jobs.iter().filter(|job| deliveries.contains(&job.id)).cloned().collect();
        self.conclude_with(key, receiver, made, sent).await
    }

    /// As many of these as fit into one call, and the others. An error where there is nothing to send, as the events could
    /// not be read.
    async fn gather(
        self: &Arc<Self>,
        key: WebhookKey,
        receiver: &Arc<Receiver>,
        jobs: &[Job],
    ) -> Result<(Gathered, Vec<Job>), (Vec<Job>, StoreError)> {
        let payloads = self.read_together(jobs).await.map_err(|error| (jobs.to_vec(), error))?;
        let mut gathered = Gathered::default();
        let mut jobs = jobs.iter().zip(payloads);
        while let Some((job, payload)) = jobs.next() {
            // What was too much to be read at once is read alone.
            let payload = match payload {
                Some(payload) => Ok(Some(payload)),
                None => self.read_one(job, usize::MAX).await,
            };
            let body = match &payload {
                Ok(Some(payload)) => render::once(payload, &receiver.rendering),
                Ok(None) => Err(NOT_KEPT.into()),
                Err(error) if gathered.is_empty() => return Err((left((job, None), jobs), error.clone())),
                Err(_) => return Ok((gathered, left((job, None), jobs))),
            };
            match body {
                Ok(body) if gathered.has_room_for(&body) => gathered.add(job, &body),
                Ok(_) => return Ok((gathered, left((job, payload.ok().flatten()), jobs))),
                Err(why) => {
                    let made = self.impossible(vec![job.id], job.attempts + 1, &why);
                    self.hand_over(key, receiver, made).await;
                }
            }
        }
        Ok((gathered, Vec::new()))
    }

    fn conclude(&self, receiver: &Receiver, attempt: &AttemptRecord) -> Conclusion {
        if attempt.is_accepted() {
            return Conclusion::Delivered;
        }
        let now = self.clock.now();
        match receiver.schedule(&self.limits).after(attempt.n, &*self.entropy) {
            Some(delay) => {
                let delay = delay.max(retry::asked_for(attempt, now).unwrap_or_default());
                Conclusion::Retry(now.saturating_add(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)))
            }
            None => Conclusion::Failed,
        }
    }

    /// An attempt that cannot be made, now or later.
    fn impossible(&self, deliveries: Vec<DeliveryId>, n: u32, why: &str) -> Made {
        let attempt = AttemptRecord {
            n,
            started: self.clock.now(),
            duration: 0,
            peer: None,
            request: RecordedRequest { url: String::new(), headers: Fields::default(), body: RecordedBody::AsItCame },
            response: None,
            error: Some((ErrorKind::Internal, why.to_owned())),
        };
        Made { deliveries, course: None, attempt, conclusion: Conclusion::Failed }
    }

    /// Hands an attempt to the store, which goes on with it: nobody waits here for the disk.
    async fn hand_over(self: &Arc<Self>, key: WebhookKey, receiver: &Arc<Receiver>, made: Made) {
        let (inner, receiver) = (Arc::clone(self), Arc::clone(receiver));
        // The dispatcher has not stopped while something is being written down.
        let token = self.tasks.token();
        let Made { deliveries, course, attempt, conclusion } = made;
        let done = move |made: (Vec<DeliveryId>, AttemptRecord), written: StoreResult<Option<Streak>>| {
            let (deliveries, attempt) = made;
            let made = Made { deliveries, course, attempt, conclusion };
            match written {
                Ok(streak) => inner.written(key, &receiver, &made, streak),
                Err(error) => {
                    tracing::error!(deliveries = made.deliveries.len(), %error, "an attempt could not be written down yet");
                    inner.spawn(Arc::clone(&inner).write_down(key, receiver, made));
                }
            }
            drop(token);
        };
        self.store.record_attempts(deliveries, course, attempt, conclusion, Box::new(done)).await;
    }

    /// What came of a call is written down.
    fn written(self: &Arc<Self>, key: WebhookKey, receiver: &Arc<Receiver>, made: &Made, streak: Option<Streak>) {
        let retry = match made.conclusion {
            Conclusion::Retry(at) => Some(Due { at, reckoned: Some(made.attempt.started) }),
            Conclusion::Delivered | Conclusion::Failed => None,
        };
        match retry::reason_to_disable(&made.attempt, streak) {
            None => self.finished(key, &made.deliveries, retry),
            Some(why) => {
                let (inner, receiver) = (Arc::clone(self), Arc::clone(receiver));
                let deliveries = made.deliveries.clone();
                self.spawn(async move {
                    inner.disable(key, &receiver, why).await;
                    inner.finished(key, &deliveries, retry);
                });
            }
        }
    }

    /// Writes down what came of a call that the store did not take (its disk is full), again and again.
    async fn write_down(self: Arc<Self>, key: WebhookKey, receiver: Arc<Receiver>, made: Made) {
        let mut pause = Duration::from_millis(STORE_PAUSE.unsigned_abs());
        loop {
            tokio::select! {
                () = self.clock.sleep(pause) => {}
                () = self.abandoned.cancelled() => return,
            }
            let written = self.store.record_batch(made.deliveries.clone(), made.attempt.clone(), made.conclusion);
            match written.await {
                Ok(streak) => return self.written(key, &receiver, &made, streak),
                Err(error) => tracing::error!(
                    deliveries = made.deliveries.len(), %error, "an attempt could not be written down yet"
                ),
            }
            pause = (pause * 2).min(Duration::from_secs(30));
        }
    }

    /// Stops sending to a webhook; its events are kept.
    async fn disable(&self, key: WebhookKey, receiver: &Receiver, why: (DisabledCode, String)) {
        let webhook = &receiver.webhook;
        let at = Timestamp::from_millis(self.clock.now());
        let seconds = self.clock.now().div_euclid(1000);
        let event = json!({
            "type": "webhook.disabled",
            "timestamp": at.to_string().get(..19).unwrap_or_default().replace('T', " "),
            "time": seconds.to_string(),
            "webhook": webhook.id,
            "url": receiver.target.as_ref().map(ToString::to_string).unwrap_or_default(),
            "reason": why.1,
        });
        let event = Bytes::from(event.to_string());
        match self.store.disable_webhook(key, webhook.version, why.clone(), event).await {
            Ok(true) => tracing::warn!(webhook = webhook.id, reason = why.1, "a webhook was disabled"),
            // It is, or was changed since: what the receiver of before answered says nothing of it.
            Ok(false) => {}
            // Its next failure tries again.
            Err(error) => tracing::error!(webhook = webhook.id, %error, "a webhook could not be disabled yet"),
        }
    }
}

/// What is left of a batch, with the events that were read of it, as far as those that wait may be in memory.
fn left<'a>(
    first: (&'a Job, Option<Arc<Payload>>),
    others: impl Iterator<Item = (&'a Job, Option<Arc<Payload>>)>,
) -> Vec<Job> {
    let keeps = Payload::held() <= MOST_KEPT;
    let jobs = std::iter::once(first).chain(others);
    jobs.map(|(job, payload)| Job { payload: payload.filter(|_| keeps), ..job.clone() }).collect()
}

/// A batch while it is put together.
#[derive(Default)]
struct Gathered {
    body: BytesMut,
    deliveries: Vec<DeliveryId>,
    events: Vec<EventId>,
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.deliveries.is_empty()
    }

    fn has_room_for(&self, body: &Bytes) -> bool {
        self.is_empty() || self.body.len() + body.len() < LARGEST
    }

    fn add(&mut self, job: &Job, body: &Bytes) {
        self.body.put_u8(if self.deliveries.is_empty() { b'[' } else { b',' });
        self.body.put_slice(body);
        self.deliveries.push(job.id);
        self.events.push(job.event);
    }

    /// What to send, unless there is nothing.
    fn into_content(mut self, receiver: &Receiver) -> Option<(Vec<DeliveryId>, Content)> {
        if self.deliveries.is_empty() {
            return None;
        }
        self.body.put_u8(b']');
        let message = name_of(&self.events);
        let batch = Batch { rendering: receiver.rendering.as_ref().clone(), events: self.events };
        let content = Content {
            body: self.body.freeze(),
            content_type: Cow::Borrowed("application/json"),
            derived: RecordedBody::Batch(Arc::new(batch)),
            message,
        };
        Some((self.deliveries, content))
    }
}

/// The name of a batch: the same for the same events, another for others.
fn name_of(events: &[EventId]) -> String {
    let mut digest = Context::new(&SHA256);
    for event in events {
        digest.update(&event.0.to_be_bytes());
    }
    let mut name = "batch_".to_owned();
    for byte in digest.finish().as_ref().iter().take(16) {
        // Writing to a String does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}
