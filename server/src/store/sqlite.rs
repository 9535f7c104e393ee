//! The embedded store: one SQLite database in the data folder.
//!
//! One thread writes, and commits for all who wait at once ([`writer`]); reading has connections of its own and never
//! waits for writing, nor writing for reading (WAL). `synchronous=FULL`: a commit is on the disk when it is answered.

mod access;
mod attempts;
mod audit;
mod checkpoints;
mod clock_seen;
mod context;
mod deliveries;
mod events;
mod failing;
mod flat;
mod folder;
mod idempotency;
mod index;
mod migrate;
mod observers;
mod often;
mod queue;
mod reader;
mod readiness;
mod record;
mod renderings;
mod replays;
mod retention;
mod rows;
mod sealing;
mod search;
mod stats;
mod templates;
mod webhooks;
mod writer;

use std::{
    path::Path,
    sync::{Arc, Weak},
};

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::Connection;
use seinpost_protocol::{
    event::EventType,
    rest::{DisabledCode, WebhookStatus},
};

use super::{
    Appended, AttemptRecord, AuditQuery, AuditRecord, Claim, ClockSeen, Conclusion, Course, DeliveryQuery,
    DeliveryRecord, DeliverySummary, DueDelivery, Environment, EventKind, EventQuery, EventRecord, Failure,
    FoundEvents, Happening, HistoryRecord, Idempotency, KeyRecord, NewEvent, NewReplay, Observer, Recorded,
    ReplayRecord, RunningReplay, SessionRecord, SigninRecord, StatQuery, StatRow, StatScope, Store, StoreError,
    StoreResult, Streak, TestCall, TokenRecord, Totals, Updated, Waiting, WebhookKey, WebhookRecord,
};
use crate::{
    clock::Clock,
    entropy::Entropy,
    id::{DeliveryId, EventId},
    seal::Source,
};

pub use folder::{FILE, is_there, make_folder, must_migrate};
pub use sealing::reseal;

use context::Context;
use folder::{configure, opening};
use observers::Observers;
use reader::Readers;
use readiness::Readiness;
use writer::{Answer, Writer};

/// The embedded store.
pub struct SqliteStore {
    writer: Writer,
    readers: Readers,
    readiness: Readiness,
    observers: Arc<Observers>,
}

impl SqliteStore {
    /// Opens the database in `folder`, making or migrating it where needed; its secrets are sealed with the key of `master`.
    ///
    /// # Errors
    /// When the folder cannot be written, the disk is full, the database is of a newer version, or the master key is not
    /// its.
    pub fn open(folder: &Path, master: &Source, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> StoreResult<Self> {
        let path = folder.join(FILE);
        folder::make_database(folder, &path)?;
        let mut connection = Connection::open(&path).map_err(|error| opening(&path, &error))?;
        configure(&connection).map_err(|error| opening(&path, &error))?;
        connection
            .pragma_update(None, "wal_autocheckpoint", checkpoints::LONGEST_LOG)
            .map_err(|error| opening(&path, &error))?;
        // SQLite takes a negative number for one of KiB.
        connection.pragma_update(None, "cache_size", -writer::CACHE).map_err(|error| opening(&path, &error))?;
        migrate::migrate(&mut connection)?;
        let sealer = sealing::begin(&mut connection, master, &*entropy)?;
        let observers = Arc::new(Observers::default());
        Ok(Self {
            readiness: Readiness::new(Arc::clone(&clock)),
            writer: Writer::start(&path, connection, sealer.id(), clock, entropy, Arc::clone(&observers))?,
            readers: Readers::new(path, sealer),
            observers,
        })
    }
}

/// What an error of SQLite means to us.
fn broken(error: &rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full(error.to_string()),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StoreError::Inaccessible(error.to_string())
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            StoreError::Broken(format!("{error}. The file is damaged: restore a backup (docs/operations.md tells how)"))
        }
        _ => StoreError::Broken(error.to_string()),
    }
}

#[async_trait]
impl Store for SqliteStore {
    fn observe(&self, observer: Weak<dyn Observer>) {
        self.observers.add(observer);
    }

    async fn tidy(&self) -> StoreResult<()> {
        self.readers.apart(|connection| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))).await
    }

    async fn ping(&self) -> StoreResult<()> {
        self.readiness.ask(&self.readers, &self.writer).await
    }

    async fn create_environment(&self, name: String) -> StoreResult<Environment> {
        self.writer.write(move |context| access::create_environment(context, &name)).await
    }

    async fn environments(&self) -> StoreResult<Vec<Environment>> {
        self.readers.read(access::environments).await
    }

    async fn environment(&self, id: u64) -> StoreResult<Option<Environment>> {
        self.readers.read(move |connection| access::environment(connection, id)).await
    }

    async fn rename_environment(&self, id: u64, name: String) -> StoreResult<Option<Environment>> {
        self.writer.write(move |context| access::rename_environment(context, id, &name)).await
    }

    async fn create_token(&self, token: TokenRecord, hash: [u8; 32]) -> StoreResult<()> {
        self.writer.write(move |context| access::create_token(context, &token, &hash)).await
    }

    async fn keep_bootstrap_token(&self, token: TokenRecord, hash: [u8; 32]) -> StoreResult<u32> {
        self.writer.write(move |context| access::keep_bootstrap_token(context, &token, &hash)).await
    }

    async fn token_by_hash(&self, hash: [u8; 32]) -> StoreResult<Option<TokenRecord>> {
        self.readers.read(move |connection| access::token_by_hash(connection, &hash)).await
    }

    async fn tokens(&self, environment: u64) -> StoreResult<Vec<TokenRecord>> {
        self.readers.read(move |connection| access::tokens(connection, environment)).await
    }

    async fn token_used(&self, id: String, at: i64) -> StoreResult<()> {
        self.writer.write(move |context| access::token_used(context, &id, at)).await
    }

    async fn delete_token(&self, environment: u64, id: String) -> StoreResult<bool> {
        self.writer.write(move |context| access::delete_token(context, environment, &id)).await
    }

    async fn create_signin_code(&self, link: SigninRecord, hash: [u8; 32]) -> StoreResult<()> {
        self.writer.write(move |context| access::create_signin_code(context, &link, &hash)).await
    }

    async fn redeem_signin_code(&self, hash: [u8; 32]) -> StoreResult<Option<SigninRecord>> {
        // Anybody may try one: only one that is there costs the thread that writes something.
        if !self.readers.read(move |connection| access::has_signin_code(connection, &hash)).await? {
            return Ok(None);
        }
        self.writer.write(move |context| access::redeem_signin_code(context, &hash)).await
    }

    async fn create_session(&self, hash: [u8; 32], session: SessionRecord, link: Option<String>) -> StoreResult<bool> {
        self.writer.write(move |context| access::create_session(context, &hash, &session, link.as_deref())).await
    }

    async fn session_by_hash(&self, hash: [u8; 32]) -> StoreResult<Option<SessionRecord>> {
        self.readers.read(move |connection| access::session_by_hash(connection, &hash)).await
    }

    async fn delete_session(&self, hash: [u8; 32]) -> StoreResult<()> {
        self.writer.write(move |context| access::delete_session(context, &hash)).await
    }

    async fn audit(&self, environment: u64, query: AuditQuery) -> StoreResult<Vec<AuditRecord>> {
        self.readers.read(move |connection| audit::list(connection, environment, &query)).await
    }

    async fn claim_idempotency(&self, environment: u64, idempotency: Idempotency) -> StoreResult<Claim> {
        self.writer.write(move |context| idempotency::claim(context, environment, &idempotency)).await
    }

    async fn answer_idempotency(&self, environment: u64, key: String, answer: Option<Vec<u8>>) -> StoreResult<()> {
        self.writer.write(move |context| idempotency::answer(context, environment, &key, answer.as_deref())).await
    }

    async fn create_key(&self, key: KeyRecord) -> StoreResult<KeyRecord> {
        self.writer.write(move |context| access::create_key(context, key)).await
    }

    async fn keys(&self, environment: u64) -> StoreResult<Vec<KeyRecord>> {
        self.readers.read(move |connection| access::keys(connection, environment)).await
    }

    async fn note_next_key(&self, environment: u64, keyid: String, since: i64, shown: Option<i64>) -> StoreResult<()> {
        self.writer.write(move |context| access::note_next_key(context, environment, &keyid, since, shown)).await
    }

    async fn promote_key(&self, environment: u64, keyid: String, at: i64) -> StoreResult<bool> {
        self.writer.write(move |context| access::promote_key(context, environment, &keyid, at)).await
    }

    async fn leave_zone(&self, environment: u64, zone: String, at: i64) -> StoreResult<Vec<String>> {
        self.writer.write(move |context| access::leave_zone(context, environment, &zone, at)).await
    }

    async fn forget_key(&self, environment: u64, keyid: String) -> StoreResult<()> {
        self.writer.write(move |context| access::forget_key(context, environment, &keyid)).await
    }

    async fn key_record(&self, keyid: String) -> StoreResult<Option<String>> {
        self.readers.read(move |connection| access::key_record(connection, &keyid)).await
    }

    async fn create_webhook(&self, webhook: WebhookRecord) -> StoreResult<WebhookRecord> {
        self.writer.write(move |context| webhooks::create(context, webhook)).await
    }

    async fn webhooks(
        &self,
        environment: u64,
        after: Option<String>,
        limit: u32,
    ) -> StoreResult<Option<Vec<WebhookRecord>>> {
        self.readers.read(move |connection| webhooks::list(connection, environment, after.as_deref(), limit)).await
    }

    async fn webhook(&self, environment: u64, id: String) -> StoreResult<Option<WebhookRecord>> {
        self.readers.read(move |connection| webhooks::by_id(connection, environment, &id)).await
    }

    async fn webhook_by_key(&self, key: WebhookKey) -> StoreResult<Option<WebhookRecord>> {
        self.readers.read(move |connection| webhooks::by_key(connection, key)).await
    }

    async fn update_webhook(
        &self,
        webhook: WebhookRecord,
        happening: Happening,
        detail: String,
    ) -> StoreResult<Updated> {
        self.writer.write(move |context| webhooks::update(context, &webhook, happening, &detail)).await
    }

    async fn disable_webhook(
        &self,
        key: WebhookKey,
        version: i64,
        why: (DisabledCode, String),
        event: Bytes,
    ) -> StoreResult<bool> {
        self.writer.write(move |context| webhooks::disable(context, (key, version), why.0, &why.1, event)).await
    }

    async fn history(&self, key: WebhookKey, before: Option<i64>, limit: u32) -> StoreResult<Vec<HistoryRecord>> {
        self.readers.read(move |connection| webhooks::history(connection, key, before, limit)).await
    }

    async fn mark_verified(&self, key: WebhookKey, url: String) -> StoreResult<bool> {
        self.writer.write(move |context| webhooks::mark_verified(context, key, &url)).await
    }

    async fn delete_webhook(&self, webhook: WebhookRecord) -> StoreResult<Updated> {
        self.writer.write(move |context| webhooks::delete(context, &webhook)).await
    }

    async fn cancel_deliveries(&self, key: WebhookKey, limit: u32) -> StoreResult<u32> {
        self.writer.write(move |context| deliveries::cancel(context, key, limit)).await
    }

    async fn last_deliveries(&self, keys: Vec<WebhookKey>) -> StoreResult<Vec<(WebhookKey, DeliverySummary)>> {
        self.readers.read(move |connection| deliveries::last(connection, &keys)).await
    }

    async fn failures(&self, keys: Vec<WebhookKey>) -> StoreResult<Vec<(WebhookKey, Failure)>> {
        self.readers.read(move |connection| failing::failures(connection, &keys)).await?
    }

    async fn count_webhooks(&self, environment: u64) -> StoreResult<Vec<(WebhookStatus, bool, u64)>> {
        self.readers.read(move |connection| failing::count(connection, environment)).await
    }

    async fn append_events(
        &self,
        environment: u64,
        events: Vec<NewEvent>,
        idempotency: Option<Idempotency>,
    ) -> StoreResult<Appended> {
        self.writer.write_often(move |context| events::append(context, environment, events, idempotency)).await
    }

    async fn event(&self, id: EventId) -> StoreResult<Option<EventRecord>> {
        self.readers.read(move |connection| events::event(connection, id)).await
    }

    async fn count_events(&self, environment: u64, since: i64, most: u32) -> StoreResult<Vec<(EventType, u64, u64)>> {
        self.readers.read(move |connection| events::count(connection, environment, since, most)).await
    }

    async fn newest_events(
        &self,
        environment: u64,
        since: i64,
        limit: u32,
        most: usize,
    ) -> StoreResult<(Vec<(EventId, EventRecord)>, bool)> {
        self.readers.read(move |connection| events::newest(connection, environment, since, limit, most)).await
    }

    async fn events(&self, ids: Vec<EventId>, most: usize) -> StoreResult<Vec<(EventId, EventRecord)>> {
        self.readers.read(move |connection| events::several(connection, &ids, most)).await
    }

    async fn delivery(&self, environment: u64, id: DeliveryId) -> StoreResult<Option<DeliveryRecord>> {
        self.readers.read(move |connection| deliveries::one(connection, environment, id)).await
    }

    async fn deliveries(&self, environment: u64, query: DeliveryQuery) -> StoreResult<Vec<DeliveryRecord>> {
        self.readers.read(move |connection| deliveries::list(connection, environment, &query)).await
    }

    async fn attempts(&self, deliveries: Vec<DeliveryId>) -> StoreResult<Vec<(DeliveryId, AttemptRecord)>> {
        self.readers.read(move |connection| attempts::of(connection, &deliveries)).await?
    }

    async fn record_attempt(
        &self,
        delivery: DeliveryId,
        attempt: AttemptRecord,
        conclusion: Conclusion,
    ) -> StoreResult<Option<Streak>> {
        self.writer.write_often(move |context| attempts::record(context, &[delivery], None, &attempt, conclusion)).await
    }

    async fn record_attempts(
        &self,
        deliveries: Vec<DeliveryId>,
        course: Option<Course>,
        attempt: AttemptRecord,
        conclusion: Conclusion,
        done: Recorded,
    ) {
        let bytes = attempt.weight();
        let job = move |context: &mut Context<'_>| -> Answer {
            let result =
                context.unguarded(|context| attempts::record(context, &deliveries, course, &attempt, conclusion));
            Box::new(move |committed| {
                done((deliveries, attempt), committed.map_err(Clone::clone).and(result));
            })
        };
        self.writer.hand_in(Box::new(job), bytes).await;
    }

    async fn record_batch(
        &self,
        deliveries: Vec<DeliveryId>,
        attempt: AttemptRecord,
        conclusion: Conclusion,
    ) -> StoreResult<Option<Streak>> {
        self.writer.write(move |context| attempts::record(context, &deliveries, None, &attempt, conclusion)).await
    }

    async fn record_test(&self, test: TestCall) -> StoreResult<DeliveryId> {
        self.writer.write(move |context| attempts::record_test(context, &test)).await
    }

    async fn replay(&self, environment: u64, delivery: DeliveryId) -> StoreResult<Option<DeliveryId>> {
        self.writer.write(move |context| deliveries::replay(context, environment, delivery)).await
    }

    async fn bring_forward(&self, key: WebhookKey, now: i64, most: u32) -> StoreResult<(u64, bool)> {
        let limit = most.saturating_add(1);
        let mut later = self.readers.read(move |connection| deliveries::later(connection, key, now, limit)).await?;
        let more = later.len() > most as usize;
        later.truncate(most as usize);
        let mut brought = 0;
        for (number, share) in later.chunks(deliveries::BROUGHT_TOGETHER).enumerate() {
            let (share, all) = (share.to_vec(), (number == 0).then_some(later.len()));
            brought +=
                self.writer.write(move |context| deliveries::bring_forward(context, key, now, &share, all)).await?;
        }
        Ok((brought, more))
    }

    async fn create_replay(&self, replay: NewReplay) -> StoreResult<ReplayRecord> {
        self.writer.write(move |context| replays::create(context, &replay)).await
    }

    async fn replays(&self, webhook: WebhookKey, before: Option<i64>, limit: u32) -> StoreResult<Vec<ReplayRecord>> {
        self.readers.read(move |connection| replays::list(connection, webhook, before, limit)).await
    }

    async fn running_replays(&self, now: i64, most: u32) -> StoreResult<Vec<RunningReplay>> {
        self.readers.read(move |connection| replays::running(connection, now, most)).await
    }

    async fn continue_replay(&self, id: i64, share: u32) -> StoreResult<bool> {
        self.writer.write(move |context| replays::go_on(context, id, share)).await
    }

    async fn stop_replay(&self, webhook: WebhookKey, id: i64) -> StoreResult<Option<ReplayRecord>> {
        self.writer.write(move |context| replays::stop(context, webhook, id)).await
    }

    async fn find_events(&self, environment: u64, query: EventQuery) -> StoreResult<FoundEvents> {
        let mut noted = Vec::new();
        if let Some(hash) = search::hash(environment, &query) {
            // Before the lists are read, so that nothing falls between. After a crash it takes several turns.
            noted = loop {
                if let Some(found) = self.writer.write(move |context| index::noted(context, hash)).await? {
                    break found;
                }
            };
        }
        self.readers.read(move |connection| search::find(connection, environment, &query, noted)).await
    }

    async fn deliveries_of(&self, environment: u64, event: EventId, limit: u32) -> StoreResult<Vec<DeliveryRecord>> {
        self.readers.read(move |connection| deliveries::of_event(connection, environment, event, limit)).await
    }

    async fn event_days(&self, environment: u64) -> StoreResult<Vec<(EventKind, i64)>> {
        self.readers.read(move |connection| search::days(connection, environment)).await
    }

    async fn stats(&self, query: StatQuery) -> StoreResult<Vec<StatRow>> {
        self.readers.read(move |connection| stats::read(connection, &query)).await
    }

    async fn outcomes_ever(&self, scope: StatScope) -> StoreResult<[i64; 4]> {
        self.readers.read(move |connection| stats::ever(connection, scope)).await
    }

    async fn waiting_of(&self, keys: Vec<WebhookKey>, most: u32) -> StoreResult<Vec<(WebhookKey, u64)>> {
        self.readers.read(move |connection| stats::waiting(connection, &keys, most)).await
    }

    async fn waiting_in(&self, environment: u64, most: u32) -> StoreResult<u64> {
        self.readers.read(move |connection| stats::waiting_in(connection, environment, most)).await
    }

    async fn roll_up(&self, before: i64, forget: i64, share: u32) -> StoreResult<bool> {
        self.writer.write(move |context| stats::roll_up(context, before, forget, share)).await
    }

    async fn waiting(&self) -> StoreResult<Vec<Waiting>> {
        self.readers.read(deliveries::waiting).await
    }

    async fn due(&self, key: WebhookKey, limit: u32, far: i64) -> StoreResult<Vec<DueDelivery>> {
        self.readers.read(move |connection| deliveries::due(connection, key, limit, far)).await
    }

    async fn prune(&self, before: i64, share: u32) -> StoreResult<bool> {
        self.writer.write(move |context| retention::prune(context, before, share)).await
    }

    async fn clock_seen(&self) -> StoreResult<Option<ClockSeen>> {
        self.readers.read(clock_seen::read).await
    }

    async fn note_clock(&self, seen: ClockSeen) -> StoreResult<()> {
        self.writer.write(move |context| clock_seen::note(context, seen)).await
    }

    async fn totals(&self) -> StoreResult<Totals> {
        self.readers.read(deliveries::totals).await
    }
}
