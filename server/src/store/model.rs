//! Events, their deliveries and attempts, and replays, as the store's users see them.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use seinpost_protocol::{
    event::EventType,
    rest::{AttemptBrief, DeliveryStatus, ErrorKind, Peer, ReplayState, ReplayWhich, WebhookStatus},
};

use super::{EventKind, RecordedBody, Rendering, WebhookKey};
use crate::{
    fields::Fields,
    id::{DeliveryId, EventId},
};

/// A replay to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewReplay {
    /// Of which webhook.
    pub webhook: WebhookKey,
    /// Which deliveries.
    pub which: ReplayWhich,
    /// Those that were made at this time or later.
    pub from: Option<i64>,
    /// Those that were made before this time.
    pub until: Option<i64>,
}

/// A replay of many deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayRecord {
    /// Its number.
    pub id: i64,
    /// Of which webhook.
    pub webhook: WebhookKey,
    /// When it was asked for.
    pub created: i64,
    /// Which deliveries.
    pub which: ReplayWhich,
    /// Made at this time or later, as it was asked.
    pub from: Option<i64>,
    /// Made before this time, as it was asked.
    pub until: Option<i64>,
    /// How many new deliveries were made so far.
    pub made: u64,
    /// How it stands.
    pub state: ReplayState,
}

/// A replay that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningReplay {
    /// Its number.
    pub id: i64,
    /// Of which webhook.
    pub webhook: WebhookKey,
    /// How many deliveries of its webhook are due, its own and others.
    pub due: u32,
}

/// An event that is kept; or the data of a test call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// Its type.
    pub event_type: EventKind,
    /// The content type of test data; `None` for an event, which is JSON.
    pub content_type: Option<String>,
    /// The bytes as they came.
    pub body: Bytes,
}

/// The bytes of an event on their way to one or more webhooks, shared by all of them.
#[derive(Debug)]
pub struct Payload {
    /// Which event.
    pub event: EventId,
    /// Its type.
    pub event_type: EventKind,
    /// Its JSON text.
    pub body: Bytes,
    /// The same as it is rendered, once somebody needed that: the newest few ways.
    rendered: Mutex<Vec<(Arc<Rendering>, Bytes)>>,
}

/// In how many ways an event is remembered that goes to several webhooks.
const REMEMBERED: usize = 4;

impl Payload {
    /// The bytes of an event.
    #[must_use]
    pub fn new(event: EventId, event_type: EventKind, body: Bytes) -> Self {
        HELD.fetch_add(body.len(), Ordering::Relaxed);
        Self { event, event_type, body, rendered: Mutex::default() }
    }

    /// The event as it is rendered, which is what `make` gives where nobody needed it so before.
    ///
    /// # Errors
    /// That of `make`.
    pub fn rendered<E>(
        &self,
        rendering: &Arc<Rendering>,
        make: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Bytes, E> {
        let mut known = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, body)) = known.iter().find(|(each, _)| Arc::ptr_eq(each, rendering) || each == rendering) {
            return Ok(body.clone());
        }
        let body = Bytes::from(make()?);
        if known.len() >= REMEMBERED {
            let (_, oldest) = known.remove(0);
            HELD.fetch_sub(oldest.len(), Ordering::Relaxed);
        }
        HELD.fetch_add(body.len(), Ordering::Relaxed);
        known.push((Arc::clone(rendering), body.clone()));
        Ok(body)
    }

    /// How many bytes of events, and of what was made of them, are in memory, in the whole process.
    #[must_use]
    pub fn held() -> usize {
        HELD.load(Ordering::Relaxed)
    }
}

/// The bytes of all events in memory, and of what was made of them. It only tells when to leave them to the store, so it need not be exact at once.
static HELD: AtomicUsize = AtomicUsize::new(0);

impl Drop for Payload {
    fn drop(&mut self) {
        let rendered = self.rendered.get_mut().unwrap_or_else(PoisonError::into_inner);
        let rendered: usize = rendered.iter().map(|(_, body)| body.len()).sum();
        HELD.fetch_sub(self.body.len() + rendered, Ordering::Relaxed);
    }
}

/// A delivery that has just become durable.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// Which.
    pub id: DeliveryId,
    /// Of what, and where to.
    pub course: Course,
    /// What to send; the store has it where it is left out.
    pub payload: Option<Arc<Payload>>,
}

/// Of what a delivery is, and where it goes: this never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// Its event, or the data of its test.
    pub event: EventId,
    /// The type of the event.
    pub event_type: EventKind,
    /// To which webhook.
    pub webhook: WebhookKey,
    /// Of which environment.
    pub environment: u64,
}

/// What has just become durable of a delivery: an attempt, or that it was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Which.
    pub id: DeliveryId,
    /// Of what, and where to.
    pub course: Course,
    /// Whether it is a test call.
    pub test: bool,
    /// How it stands now.
    pub status: DeliveryStatus,
    /// The attempt.
    pub attempt: Option<AttemptBrief>,
    /// When it is tried again.
    pub due: Option<i64>,
}

/// What makes a repeated call harmless.
#[derive(Clone, Debug)]
pub struct Idempotency {
    /// What the caller sent in `Idempotency-Key`.
    pub key: String,
    /// The SHA-256 of the body and of what else makes the call what it is.
    pub fingerprint: [u8; 32],
}

/// What was answered to a call with an idempotency key: each event and to how many webhooks it goes.
pub type IdempotencyAnswer = Vec<(EventId, u32)>;

/// What came of [`append_events`](super::Store::append_events).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Each event and to how many webhooks it goes.
    pub events: IdempotencyAnswer,
    /// Whether this was a repeat, and these are the events of the first time.
    pub repeated: bool,
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Which.
    pub id: DeliveryId,
    /// Its event, or the data of its test.
    pub event: EventId,
    /// The type of the event.
    pub event_type: EventKind,
    /// `wh_…`.
    pub webhook: String,
    /// How the webhook stands; `None` if it was deleted.
    pub webhook_status: Option<WebhookStatus>,
    /// How it stands.
    pub status: DeliveryStatus,
    /// Whether it is a test call.
    pub test: bool,
    /// The delivery that it sends once more.
    pub replays: Option<DeliveryId>,
    /// How many attempts there were.
    pub attempts: u32,
    /// When it is tried again, while it waits.
    pub due: Option<i64>,
}

/// The newest delivery of a webhook, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliverySummary {
    /// Which.
    pub id: DeliveryId,
    /// How it stands.
    pub status: DeliveryStatus,
    /// Whether it is a test call.
    pub test: bool,
    /// The status code of its newest attempt.
    pub response_status: Option<u16>,
}

/// Which deliveries to list.
#[derive(Clone, Debug, Default)]
pub struct DeliveryQuery {
    /// Those of one webhook.
    pub webhook: Option<WebhookKey>,
    /// Those in this state.
    pub status: Option<DeliveryStatus>,
    /// Tests alone, or all but tests.
    pub test: Option<bool>,
    /// Those older than this one.
    pub before: Option<DeliveryId>,
    /// How many at most.
    pub limit: u32,
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// It was accepted.
    Delivered,
    /// It is tried again at this time.
    Retry(i64),
    /// It has failed for good.
    Failed,
}

/// One call to a callback URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRecord {
    /// 1 for the first.
    pub n: u32,
    /// When it began.
    pub started: i64,
    /// How long it took, in milliseconds.
    pub duration: u64,
    /// Who was reached.
    pub peer: Option<Peer>,
    /// What was sent.
    pub request: RecordedRequest,
    /// What came back.
    pub response: Option<RecordedResponse>,
    /// What went wrong.
    pub error: Option<(ErrorKind, String)>,
}

impl AttemptRecord {
    /// How much memory it takes: about as many bytes as its texts.
    #[must_use]
    pub fn weight(&self) -> usize {
        let response = self.response.as_ref().map_or(0, |response| response.headers.size() + response.body.len());
        let error = self.error.as_ref().map_or(0, |(_, detail)| detail.len());
        self.request.url.len() + self.request.headers.size() + response + error
    }

    /// Whether there was a call. What could not be sent at all has no address.
    #[must_use]
    pub fn was_made(&self) -> bool {
        !self.request.url.is_empty()
    }

    /// Whether the receiver accepted it: the status is 2xx.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.response.as_ref().is_some_and(|response| (200..300).contains(&response.status))
    }
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The URL, with `***` for user and password.
    pub url: String,
    /// The header fields, in order, with `***` for what is secret in them.
    pub headers: Fields,
    /// How its body follows from the event.
    pub body: RecordedBody,
}

/// A response as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedResponse {
    /// The status code.
    pub status: u16,
    /// The header fields, in order.
    pub headers: Fields,
    /// The beginning of the body.
    pub body: Vec<u8>,
    /// Whether there was more.
    pub truncated: bool,
}

/// A test call that was made.
#[derive(Clone, Debug)]
pub struct TestCall {
    /// To which webhook.
    pub webhook: WebhookKey,
    /// Of which environment.
    pub environment: u64,
    /// As what type of event.
    pub event_type: EventType,
    /// The data's content type.
    pub content_type: String,
    /// The data.
    pub body: Bytes,
    /// How it went.
    pub attempt: AttemptRecord,
}

/// A webhook with waiting deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub webhook: WebhookKey,
    /// Whose.
    pub environment: u64,
}

/// A waiting delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDelivery {
    /// Which.
    pub id: DeliveryId,
    /// Its event.
    pub event: EventId,
    /// How many attempts there were.
    pub attempts: u32,
    /// When it is due.
    pub due: i64,
    /// When its newest attempt began, where that was asked for and is known.
    pub tried: Option<i64>,
}

/// Counts over everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Deliveries that wait.
    pub pending: u64,
}

/// What was seen of the clock, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockSeen {
    /// What it said.
    pub at: i64,
    /// Until when, by the clock, it is not believed when it tells what is old.
    pub doubtful_until: Option<i64>,
}
