//! What the store keeps, as its users see it.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use seinpost_protocol::{
    event::EventType,
    rest::{
        AttemptBrief, BodyFormat, DeliveryStatus, ErrorKind, KeyStatus, Profile, ReplayState, ReplayWhich, Scope,
        Types, WebhookOptions, WebhookStatus,
    },
};

use super::{EventKind, RecordedBody, Rendering};
use crate::id::{DeliveryId, EventId};

/// The number by which the store and the dispatcher know a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookKey(pub i64);

/// A customer's own part of Seinpost; nothing crosses from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its number, as in `X-Copernica-ID: environment_N`.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: i64,
}

/// An API token; the token itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// `tok_…`.
    pub id: String,
    /// Into which environment it leads.
    pub environment: u64,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created: i64,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it ends, if it does by itself.
    pub expires: Option<i64>,
    /// When it was last used, to the minute.
    pub last_used: Option<i64>,
}

/// A one-time sign-in link; its code is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigninRecord {
    /// `lnk_…`.
    pub id: String,
    /// Into which environment it leads.
    pub environment: u64,
    /// Until when it can be used.
    pub expires: i64,
    /// What may be done with it.
    pub scopes: Vec<Scope>,
    /// For whom it was made, if that was said.
    pub person: Option<String>,
    /// How long the session lasts that it begins, in milliseconds.
    pub session_life: i64,
    /// Whether it is for a frame in a page of another site.
    pub framed: bool,
}

/// Someone who is signed in to the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// `ses_…`.
    pub id: String,
    /// Into which environment it leads.
    pub environment: u64,
    /// When it ends.
    pub expires: i64,
    /// What may be done in it.
    pub scopes: Vec<Scope>,
    /// For whom the link was made, or what the token is called.
    pub person: Option<String>,
    /// The token that it was begun with, with which it ends: `tok_…`.
    pub token: Option<String>,
    /// Whether it is in a frame in a page of another site.
    pub framed: bool,
}

/// A signing key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Whose it is.
    pub environment: u64,
    /// `SELECTOR._domainkey.DOMAIN`.
    pub keyid: String,
    /// The private key in PKCS#8.
    pub pkcs8: Vec<u8>,
    /// The record to publish.
    pub dns: String,
    /// Where it is in its life.
    pub status: KeyStatus,
    /// From when it signs.
    pub since: i64,
    /// Until when it signs.
    pub until: Option<i64>,
}

impl std::fmt::Debug for KeyRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRecord").field("keyid", &self.keyid).field("status", &self.status).finish_non_exhaustive()
    }
}

/// A webhook.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// Its number in the store.
    pub key: WebhookKey,
    /// `wh_…`.
    pub id: String,
    /// Whose it is.
    pub environment: u64,
    /// The types of event that it gets.
    pub types: Types,
    /// The callback URL in its normal form, with its password if it has one.
    pub url: String,
    /// How calls are signed.
    pub profile: Profile,
    /// How bodies are written.
    pub format: BodyFormat,
    /// `SHA-256` instead of `sha-256` in `Digest`.
    pub digest_upper: bool,
    /// Whether events are sent to it.
    pub status: WebhookStatus,
    /// The name of its verification file.
    pub file: String,
    /// What stands in that file.
    pub content: String,
    /// When it was made.
    pub created: i64,
    /// When it was deleted.
    pub deleted: Option<i64>,
    /// The secret of the profile `standard`, as `whsec_…`.
    pub secret: Option<String>,
    /// The secret before it, and until when it signs along.
    pub old_secret: Option<(String, i64)>,
    /// Why the server disabled it, if it did.
    pub disabled_reason: Option<String>,
    /// Since when it has had nothing but failures; the store counts.
    pub failing_since: Option<i64>,
    /// What else is set of it, with the key for hashing recipients.
    pub options: WebhookOptions,
    /// With which certificate calls prove who makes them.
    pub client_identity: Option<ClientIdentity>,
    /// How often its settings were changed; the store counts.
    pub version: i64,
}

impl std::fmt::Debug for WebhookRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not its URL, which may hold a password, nor its secrets.
        f.debug_struct("WebhookRecord").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

/// A certificate with which calls prove who makes them.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientIdentity {
    /// The certificate, and those of its issuers after it, in PEM.
    pub certificate: String,
    /// Its private key, in PEM.
    pub key: String,
}

impl std::fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientIdentity")
    }
}

/// What came of [`update_webhook`](super::Store::update_webhook).
#[derive(Debug)]
pub enum Updated {
    /// It is changed, to this.
    Done(Box<WebhookRecord>),
    /// Somebody else has changed it since it was read; nothing was done.
    Changed,
    /// It is deleted.
    Gone,
}

impl Updated {
    /// Whether it is changed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

/// What there is of a call with an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is the first: whoever has the claim answers, or gives it back.
    New,
    /// It was begun before, and not answered.
    Begun,
    /// It was answered before, with this.
    Answered(Vec<u8>),
}

/// Something that happened to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It was made.
    Created,
    /// Its URL was proven.
    Verified,
    /// Its settings were changed.
    Changed,
    /// Its owner stopped it.
    Paused,
    /// Its owner let it go on.
    Resumed,
    /// The server stopped it.
    Disabled,
    /// It has a new secret.
    SecretRotated,
}

impl Happening {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Created,
        Self::Verified,
        Self::Changed,
        Self::Paused,
        Self::Resumed,
        Self::Disabled,
        Self::SecretRotated,
    ];

    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Verified => "verified",
            Self::Changed => "changed",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Disabled => "disabled",
            Self::SecretRotated => "secret-rotated",
        }
    }
}

/// An entry in a webhook's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRecord {
    /// Its number: newer ones are higher.
    pub id: i64,
    /// When.
    pub at: i64,
    /// What, for programs.
    pub happening: Happening,
    /// What, for people.
    pub detail: String,
}

/// A replay to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewReplay {
    /// Of which webhook.
    pub webhook: WebhookKey,
    /// Which deliveries.
    pub which: ReplayWhich,
    /// From this id on.
    pub from: Option<DeliveryId>,
    /// Below this id.
    pub until: Option<DeliveryId>,
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
    /// How many new deliveries were made so far.
    pub made: u64,
    /// How it stands.
    pub state: ReplayState,
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
    pub rendered: Mutex<Vec<(Arc<Rendering>, Bytes)>>,
}

impl Payload {
    /// The bytes of an event.
    #[must_use]
    pub fn new(event: EventId, event_type: EventKind, body: Bytes) -> Self {
        Self { event, event_type, body, rendered: Mutex::default() }
    }
}

/// A delivery that has just become durable.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// Which.
    pub id: DeliveryId,
    /// To which webhook.
    pub webhook: WebhookKey,
    /// Of which environment.
    pub environment: u64,
    /// The type of its event.
    pub event_type: EventKind,
    /// What to send; the store has it where it is left out.
    pub payload: Option<Arc<Payload>>,
    /// The event.
    pub event: EventId,
}

/// What has just become durable of a delivery: an attempt, or that it was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Which.
    pub id: DeliveryId,
    /// Its event, or the data of its test.
    pub event: EventId,
    /// The type of the event.
    pub event_type: EventKind,
    /// To which webhook.
    pub webhook: WebhookKey,
    /// Of which environment.
    pub environment: u64,
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
    /// What was sent.
    pub request: RecordedRequest,
    /// What came back.
    pub response: Option<RecordedResponse>,
    /// What went wrong.
    pub error: Option<(ErrorKind, String)>,
}

impl AttemptRecord {
    /// Whether the receiver accepted it: the status is 2xx.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.response.as_ref().is_some_and(|response| (200..300).contains(&response.status))
    }
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The URL, without a password.
    pub url: String,
    /// The header fields, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// How its body follows from the event.
    pub body: RecordedBody,
}

/// A response as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedResponse {
    /// The status code.
    pub status: u16,
    /// The header fields, in order.
    pub headers: Vec<(String, Vec<u8>)>,
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
}

/// Counts over everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Deliveries that wait.
    pub pending: u64,
}
