//! What Seinpost remembers: environments, tokens, keys, webhooks, events, deliveries and their attempts.
//!
//! [`Store`] is the only door to it. What a call has answered is durable: it survives the process and the machine.

mod access;
mod audit;
mod failure;
mod histogram;
mod model;
mod rendering;
mod search;
pub mod sqlite;
pub mod stats;
mod webhook;

use std::{fmt, sync::Weak};

use async_trait::async_trait;
use bytes::Bytes;
use seinpost_protocol::{
    event::EventType,
    rest::{DisabledCode, WebhookStatus},
};

use crate::id::{DeliveryId, EventId};

pub use audit::{Actor, AuditQuery, AuditRecord, acting, actor, scopes_text};
pub use failure::{Failure, Streak};
pub use histogram::Histogram;
pub use search::{EventQuery, FoundEvents, SearchKey};
pub use stats::{StatQuery, StatRow, StatScope};

pub use access::{Environment, KeyRecord, SessionRecord, SigninRecord, TokenRecord};
pub use model::{
    Advance, Appended, AttemptRecord, ClockSeen, Conclusion, Course, DeliveryQuery, DeliveryRecord, DeliverySummary,
    DueDelivery, EventRecord, Fresh, Idempotency, IdempotencyAnswer, NewReplay, Payload, RecordedRequest,
    RecordedResponse, ReplayRecord, RunningReplay, TestCall, Totals, Waiting,
};
pub use rendering::{Batch, EventKind, Facets, NewEvent, RecordedBody, Rendering};
pub use webhook::{Claim, ClientIdentity, Happening, HistoryRecord, Updated, WebhookKey, WebhookRecord};

/// Why the store could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// There is no room left on the disk.
    Full(String),
    /// The data folder or a file in it cannot be read or written.
    Inaccessible(String),
    /// The database was written by a newer version of Seinpost.
    Newer {
        /// The version that the database has.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// There is no master key, or it is not the one that the secrets are sealed with.
    MasterKey(String),
    /// The same idempotency key came with another body.
    IdempotencyConflict,
    /// Anything else; a fault of ours or of the machine.
    Broken(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(what) => write!(f, "the disk is full: {what}. Make room; nothing that was acknowledged is lost"),
            Self::Inaccessible(what) | Self::MasterKey(what) => f.write_str(what),
            Self::Newer { found, known } => write!(
                f,
                "the database has version {found}, and this Seinpost knows versions up to {known}: it was used with a newer \
                 Seinpost. Start that one, or restore a backup"
            ),
            Self::IdempotencyConflict => f.write_str("this idempotency key was used with another body"),
            Self::Broken(what) => write!(f, "the database does not work: {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// The result of a call on a [`Store`].
pub type StoreResult<T> = Result<T, StoreError>;

/// Is told what has just become durable, so that nobody needs to poll the store.
///
/// The calls come from the store's writer, in the order of its commits; they must not block.
pub trait Observer: Send + Sync {
    /// New deliveries, in the order of their ids.
    fn fresh(&self, deliveries: &[Fresh]);

    /// Attempts, and deliveries that were cancelled.
    fn advanced(&self, deliveries: &[Advance]);

    /// A webhook was created, changed or deleted.
    fn webhook_changed(&self, webhook: WebhookKey);

    /// Deliveries of a webhook that waited for a later time are due now.
    fn brought_forward(&self, webhook: WebhookKey);
}

/// Is told what came of writing an attempt, with what was to be written. It comes from the store's writer, after its
/// commit, and must not block.
pub type Recorded = Box<dyn FnOnce((Vec<DeliveryId>, AttemptRecord), StoreResult<Option<Streak>>) + Send>;

/// What Seinpost remembers.
///
/// Times are milliseconds since the Unix epoch. A look-up that finds nothing is `None`, not an error.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Who (too) is told about commits from now on, as long as it lives.
    fn observe(&self, observer: Weak<dyn Observer>);

    /// Brings everything into one file, so that a backup of a stopped server is that file.
    async fn tidy(&self) -> StoreResult<()>;

    /// Whether it answers and can be written, as it was found out within the last second.
    async fn ping(&self) -> StoreResult<()>;

    // --- environments and tokens ---

    /// Makes an environment with this name; environments are numbered from 1.
    async fn create_environment(&self, name: String) -> StoreResult<Environment>;
    /// All environments, by number.
    async fn environments(&self) -> StoreResult<Vec<Environment>>;
    /// One environment.
    async fn environment(&self, id: u64) -> StoreResult<Option<Environment>>;
    /// Gives an environment another name; what it is then.
    async fn rename_environment(&self, id: u64, name: String) -> StoreResult<Option<Environment>>;
    /// Keeps a token (its hash, that is). One with the same hash stays as it is.
    async fn create_token(&self, token: TokenRecord, hash: [u8; 32]) -> StoreResult<()>;
    /// Keeps the token that the server was started with, as [`create_token`](Self::create_token) does, and forgets those that
    /// it was started with before; how many these were.
    async fn keep_bootstrap_token(&self, token: TokenRecord, hash: [u8; 32]) -> StoreResult<u32>;
    /// The token with this hash.
    async fn token_by_hash(&self, hash: [u8; 32]) -> StoreResult<Option<TokenRecord>>;
    /// An environment's tokens, oldest first.
    async fn tokens(&self, environment: u64) -> StoreResult<Vec<TokenRecord>>;
    /// Notes that a token was used.
    async fn token_used(&self, id: String, at: i64) -> StoreResult<()>;
    /// Forgets a token, and ends the sessions that were begun with it. Whether there was one.
    async fn delete_token(&self, environment: u64, id: String) -> StoreResult<bool>;

    // --- signing in ---

    /// Keeps a one-time sign-in link, by the hash of its code.
    async fn create_signin_code(&self, link: SigninRecord, hash: [u8; 32]) -> StoreResult<()>;
    /// Uses a sign-in code up: its link, if it was there and not expired.
    async fn redeem_signin_code(&self, hash: [u8; 32]) -> StoreResult<Option<SigninRecord>>;
    /// Keeps a session, by the hash of its cookie; `link` is the id of the link that began it, if one did. Whether it did:
    /// not where the token is gone that begins it.
    async fn create_session(&self, hash: [u8; 32], session: SessionRecord, link: Option<String>) -> StoreResult<bool>;
    /// The session with this hash, expired or not.
    async fn session_by_hash(&self, hash: [u8; 32]) -> StoreResult<Option<SessionRecord>>;
    /// Ends a session.
    async fn delete_session(&self, hash: [u8; 32]) -> StoreResult<()>;

    // --- the audit log, and calls that are made once ---

    /// A page of an environment's audit log, newest first.
    async fn audit(&self, environment: u64, query: AuditQuery) -> StoreResult<Vec<AuditRecord>>;
    /// Claims an idempotency key for a call that is about to be made; it is kept for 24 hours.
    async fn claim_idempotency(&self, environment: u64, idempotency: Idempotency) -> StoreResult<Claim>;
    /// Keeps the answer to a call whose key was claimed; without an answer the claim is given back.
    async fn answer_idempotency(&self, environment: u64, key: String, answer: Option<Vec<u8>>) -> StoreResult<()>;

    // --- keys ---

    /// Keeps a signing key; the one that is kept. Of current keys and of next ones an environment has one each: where there
    /// is one already, perhaps made by another process, it is that.
    async fn create_key(&self, key: KeyRecord) -> StoreResult<KeyRecord>;
    /// An environment's signing keys, oldest first.
    async fn keys(&self, environment: u64) -> StoreResult<Vec<KeyRecord>>;
    /// Has the next key of an environment sign from `since` on, not before, and notes since when DNS shows it, if it does.
    async fn note_next_key(&self, environment: u64, keyid: String, since: i64, shown: Option<i64>) -> StoreResult<()>;
    /// Lets the next key of an environment sign from `at` on, and the current one no more. Whether it is (still) the next.
    async fn promote_key(&self, environment: u64, keyid: String, at: i64) -> StoreResult<bool>;
    /// Has an environment's keys sign no more whose names are not below `zone`: the current one is retired as of `at`, and the
    /// next one, with which nothing was signed, is forgotten. Where that leaves none that signs, the last one that did below
    /// `zone` and is kept still does so again. The names of those that sign no more.
    async fn leave_zone(&self, environment: u64, zone: String, at: i64) -> StoreResult<Vec<String>>;
    /// Forgets a key that signs no more.
    async fn forget_key(&self, environment: u64, keyid: String) -> StoreResult<()>;
    /// The DKIM record of a key, whichever environment it belongs to.
    async fn key_record(&self, keyid: String) -> StoreResult<Option<String>>;

    // --- webhooks ---

    /// Keeps a new webhook; its key in the record is ignored, the one it got is answered.
    async fn create_webhook(&self, webhook: WebhookRecord) -> StoreResult<WebhookRecord>;
    /// An environment's webhooks that are not deleted, newest first; with `after` those older than it, which may be deleted
    /// itself. `None` where `after` never was a webhook of the environment.
    async fn webhooks(
        &self,
        environment: u64,
        after: Option<String>,
        limit: u32,
    ) -> StoreResult<Option<Vec<WebhookRecord>>>;
    /// One webhook of an environment, unless it is deleted.
    async fn webhook(&self, environment: u64, id: String) -> StoreResult<Option<WebhookRecord>>;
    /// One webhook by its key, deleted or not.
    async fn webhook_by_key(&self, key: WebhookKey) -> StoreResult<Option<WebhookRecord>>;
    /// Replaces what can be changed of a webhook (by its key), if it has still the version of the record, and writes that
    /// into its history.
    async fn update_webhook(
        &self,
        webhook: WebhookRecord,
        happening: Happening,
        detail: String,
    ) -> StoreResult<Updated>;
    /// Disables a webhook that is active and has still this version, with the reason for programs and for people, which its
    /// history has too; and keeps `event` (`webhook.disabled`, as JSON) for the webhooks of its environment that ask for it.
    /// Whether it did.
    async fn disable_webhook(
        &self,
        key: WebhookKey,
        version: i64,
        why: (DisabledCode, String),
        event: Bytes,
    ) -> StoreResult<bool>;
    /// What happened to a webhook, newest first; with `before` what is older than that entry.
    async fn history(&self, key: WebhookKey, before: Option<i64>, limit: u32) -> StoreResult<Vec<HistoryRecord>>;
    /// Marks a webhook verified, unless its URL is another than `url` by now. Whether it did.
    async fn mark_verified(&self, key: WebhookKey, url: String) -> StoreResult<bool>;
    /// Deletes a webhook (by its key), if it has still the version of the record: it gets no more events.
    async fn delete_webhook(&self, webhook: WebhookRecord) -> StoreResult<Updated>;
    /// Cancels up to `limit` waiting deliveries of a webhook; how many it were.
    async fn cancel_deliveries(&self, key: WebhookKey, limit: u32) -> StoreResult<u32>;
    /// The newest delivery of each of these webhooks.
    async fn last_deliveries(&self, keys: Vec<WebhookKey>) -> StoreResult<Vec<(WebhookKey, DeliverySummary)>>;
    /// The newest attempt at each of these webhooks that was not accepted, tests left out: one of its newest deliveries if
    /// they were tried, else one that waits for its next attempt, or that was given up. None where there is none of these.
    async fn failures(&self, keys: Vec<WebhookKey>) -> StoreResult<Vec<(WebhookKey, Failure)>>;
    /// How many webhooks of an environment have each status and fail or do not; those without any are left out.
    async fn count_webhooks(&self, environment: u64) -> StoreResult<Vec<(WebhookStatus, bool, u64)>>;

    // --- events ---

    /// Keeps events and a delivery for each webhook that gets them; all or nothing.
    async fn append_events(
        &self,
        environment: u64,
        events: Vec<NewEvent>,
        idempotency: Option<Idempotency>,
    ) -> StoreResult<Appended>;
    /// The event itself.
    async fn event(&self, id: EventId) -> StoreResult<Option<EventRecord>>;
    /// How many events of each type came since then, counted from the newest on and each at most so far; and how many of
    /// these came in the busiest minute.
    async fn count_events(&self, environment: u64, since: i64, most: u32) -> StoreResult<Vec<(EventType, u64, u64)>>;
    /// Up to `limit` of an environment's newest events that came after `since`, as far as their bodies are `most` bytes
    /// together, newest first; and whether these are all.
    async fn newest_events(
        &self,
        environment: u64,
        since: i64,
        limit: u32,
        most: usize,
    ) -> StoreResult<(Vec<(EventId, EventRecord)>, bool)>;
    /// Several events, in the order asked for, until their bodies are more than `most` bytes together; those that are not
    /// kept (any more) are left out.
    async fn events(&self, ids: Vec<EventId>, most: usize) -> StoreResult<Vec<(EventId, EventRecord)>>;

    // --- deliveries ---

    /// One delivery of an environment, without its attempts.
    async fn delivery(&self, environment: u64, id: DeliveryId) -> StoreResult<Option<DeliveryRecord>>;
    /// A page of deliveries, newest first.
    async fn deliveries(&self, environment: u64, query: DeliveryQuery) -> StoreResult<Vec<DeliveryRecord>>;
    /// The attempts of these deliveries, first one first.
    async fn attempts(&self, deliveries: Vec<DeliveryId>) -> StoreResult<Vec<(DeliveryId, AttemptRecord)>>;
    /// Keeps an attempt and what follows from it. A delivery that was cancelled meanwhile stays so. Answers since when and
    /// for how long its webhook has had nothing but failures.
    async fn record_attempt(
        &self,
        delivery: DeliveryId,
        attempt: AttemptRecord,
        conclusion: Conclusion,
    ) -> StoreResult<Option<Streak>>;
    /// The same, handed in: returns when there is room for it, and tells `done` when it is durable or has failed. A `course`
    /// that is given, of one delivery, is not looked up. A store that is being closed may drop it.
    async fn record_attempts(
        &self,
        deliveries: Vec<DeliveryId>,
        course: Option<Course>,
        attempt: AttemptRecord,
        conclusion: Conclusion,
        done: Recorded,
    );
    /// The same for an attempt at several deliveries of one webhook, in one call: all or nothing.
    async fn record_batch(
        &self,
        deliveries: Vec<DeliveryId>,
        attempt: AttemptRecord,
        conclusion: Conclusion,
    ) -> StoreResult<Option<Streak>>;
    /// Keeps a test call with its one attempt.
    async fn record_test(&self, test: TestCall) -> StoreResult<DeliveryId>;
    /// A new delivery of the same event to the same webhook, due now. `None` if the webhook is gone, or the event no longer
    /// kept.
    async fn replay(&self, environment: u64, delivery: DeliveryId) -> StoreResult<Option<DeliveryId>>;

    /// Has the deliveries of a webhook that wait for a time after `now` be due at `now`, those first that wait least, `most` of
    /// them; how many it were, and whether there are more. One whose time has changed meanwhile is passed over.
    async fn bring_forward(&self, key: WebhookKey, now: i64, most: u32) -> StoreResult<(u64, bool)>;

    // --- replays of many ---

    /// Keeps a replay that is to be made.
    async fn create_replay(&self, replay: NewReplay) -> StoreResult<ReplayRecord>;
    /// The newest replays of a webhook; with `before` those older than it.
    async fn replays(&self, webhook: WebhookKey, before: Option<i64>, limit: u32) -> StoreResult<Vec<ReplayRecord>>;
    /// The replays that run, each with how many deliveries of its webhook are due at `now`, counted up to `most`.
    async fn running_replays(&self, now: i64, most: u32) -> StoreResult<Vec<RunningReplay>>;
    /// Looks at the next `share` deliveries of a replay and makes the new ones, as far as their events are kept; whether there
    /// may be more.
    async fn continue_replay(&self, id: i64, share: u32) -> StoreResult<bool>;
    /// Stops a replay of a webhook, if it runs.
    async fn stop_replay(&self, webhook: WebhookKey, id: i64) -> StoreResult<Option<ReplayRecord>>;

    // --- finding events, and figures ---

    /// A page of an environment's events, newest first.
    async fn find_events(&self, environment: u64, query: EventQuery) -> StoreResult<FoundEvents>;
    /// The deliveries of an event, oldest first, tests left out.
    async fn deliveries_of(&self, environment: u64, event: EventId, limit: u32) -> StoreResult<Vec<DeliveryRecord>>;
    /// The days (their start, in UTC) on which an environment got events, of each type.
    async fn event_days(&self, environment: u64) -> StoreResult<Vec<(EventKind, i64)>>;
    /// What was counted in a time, ordered by time within each of those asked for; rows may begin at the same time.
    async fn stats(&self, query: StatQuery) -> StoreResult<Vec<StatRow>>;
    /// How many deliveries of each webhook wait, counted up to `most`.
    async fn waiting_of(&self, keys: Vec<WebhookKey>, most: u32) -> StoreResult<Vec<(WebhookKey, u64)>>;
    /// How many deliveries of an environment wait, counted up to `most`.
    async fn waiting_in(&self, environment: u64, most: u32) -> StoreResult<u64>;
    /// What was ever counted of deliveries by their outcome, as in [`StatRow::outcomes`]; also what is no longer kept by time.
    async fn outcomes_ever(&self, scope: StatScope) -> StoreResult<[i64; 4]>;
    /// Makes up to `share` figures of five minutes from before `before` part of those of their hour, and up to as many of an
    /// hour from before `forget` part of those that are kept for ever, without a time. Whether there may be more.
    async fn roll_up(&self, before: i64, forget: i64, share: u32) -> StoreResult<bool>;

    // --- what the dispatcher asks ---

    /// The webhooks that have waiting deliveries.
    async fn waiting(&self) -> StoreResult<Vec<Waiting>>;
    /// The first waiting deliveries of a webhook by due time, at most `limit`, due or not; of those due after `far` also when
    /// they were tried.
    async fn due(&self, key: WebhookKey, limit: u32, far: i64) -> StoreResult<Vec<DueDelivery>>;
    /// Forgets up to `share` deliveries (with their attempts) and up to as many events that were made before `before`,
    /// about 1 MiB of these; not those that are still to be sent. Whether there may be more.
    async fn prune(&self, before: i64, share: u32) -> StoreResult<bool>;
    /// What was [noted](Self::note_clock) of the clock last; where that was never done, when the newest event was made. `None`
    /// where there is neither.
    async fn clock_seen(&self) -> StoreResult<Option<ClockSeen>>;
    /// Notes what is seen of the clock, for the next start.
    async fn note_clock(&self, seen: ClockSeen) -> StoreResult<()>;
    /// Counts for `/metrics` and for what is said at the stop.
    async fn totals(&self) -> StoreResult<Totals>;
}
