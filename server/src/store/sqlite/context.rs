//! What the jobs of the writer work with: the transaction that they share, and what is remembered from one to the next.

use std::{sync::Arc, time::Duration};

use rusqlite::{CachedStatement, Connection, Params};
use rustc_hash::FxHashMap;
use seinpost_protocol::event::EventType;

use super::{
    Observers, broken,
    failing::Streaks,
    index::{self, Gathered},
    often::{Often, Statements},
    queue::Queue,
    renderings,
    retention::Round,
    rows::{self, Subscriber},
    sealing,
    stats::{self, KnownTimes, Tried},
    templates::Templates,
    writer::{Answer, Job, SHARED},
};
use crate::{
    clock::Clock,
    entropy::Entropy,
    id::Sequence,
    seal::KeyId,
    store::{Actor, Advance, Fresh, StoreError, StoreResult, WebhookKey},
};

/// What a job works with.
pub(super) struct Context<'c> {
    connection: &'c Connection,
    statements: Statements<'c>,
    clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    events: Sequence,
    deliveries: Sequence,
    audit: Sequence,
    /// Who makes the change that runs.
    actor: Actor,
    subscribers: Subscribers,
    streaks: Streaks,
    templates: Templates,
    renderings: renderings::Known,
    /// Attempts that are counted before the commit, and what is known of the rows in which they are.
    tried: Vec<Tried>,
    known_times: KnownTimes,
    /// Entries of the index of events that are written now and then.
    gathered: Gathered,
    /// How far what is old was looked at.
    round: Round,
    data_version: i64,
    /// With which master key it seals.
    sealed_with: KeyId,
    told: Told,
    given_up: Option<StoreError>,
}

/// To which webhooks the events of an environment and a type go.
type Subscribers = FxHashMap<(u64, EventType), Arc<[Subscriber]>>;

/// What observers hear of after the commit.
#[derive(Default)]
pub(super) struct Told {
    fresh: Vec<Fresh>,
    advances: Vec<Advance>,
    changed: Vec<WebhookKey>,
    brought_forward: Vec<WebhookKey>,
}

/// How much there was before a job, to go back to if it fails.
struct Heard {
    fresh: usize,
    advances: usize,
    changed: usize,
    brought_forward: usize,
    tried: usize,
    gathered: index::Mark,
}

impl Told {
    pub(super) fn tell(self, observers: &Observers) {
        for observer in observers.all() {
            for webhook in &self.changed {
                observer.webhook_changed(*webhook);
            }
            for webhook in &self.brought_forward {
                observer.brought_forward(*webhook);
            }
            if !self.fresh.is_empty() {
                observer.fresh(&self.fresh);
            }
            if !self.advances.is_empty() {
                observer.advanced(&self.advances);
            }
        }
    }
}

impl<'c> Context<'c> {
    pub(super) fn new(
        connection: &'c Connection,
        sealed_with: KeyId,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let passed = clock.passed();
        Self {
            connection,
            statements: Statements::default(),
            clock,
            entropy,
            // Read when the first job runs, as another process may write before.
            events: Sequence::default(),
            deliveries: Sequence::default(),
            audit: Sequence::default(),
            actor: Actor::SERVER,
            subscribers: FxHashMap::default(),
            streaks: Streaks::new(passed),
            templates: Templates::default(),
            renderings: renderings::Known::default(),
            tried: Vec::new(),
            known_times: KnownTimes::default(),
            gathered: Gathered::default(),
            round: Round::default(),
            // No version that SQLite gives.
            data_version: -1,
            sealed_with,
            told: Told::default(),
            given_up: None,
        }
    }

    /// Who makes the change that runs next.
    pub(super) fn acting(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// What observers are to hear of, taken out.
    pub(super) fn told(&mut self) -> Told {
        std::mem::take(&mut self.told)
    }

    /// Runs `jobs` and all that waits in `queue` in one transaction.
    pub(super) fn together(&mut self, jobs: Vec<Job>, queue: &Queue<Job>) -> (StoreResult<()>, Vec<Answer>) {
        let mut answers = Vec::with_capacity(jobs.len());
        if let Err(error) = self.begin() {
            // Each job is told; none has run.
            answers.extend(jobs.into_iter().map(|job| self.refused(job, &error)));
            return (Err(error), answers);
        }
        let mut jobs = jobs;
        while !jobs.is_empty() {
            answers.extend(jobs.into_iter().map(|job| job(self)));
            // What came in meanwhile need not wait.
            jobs = queue.more(SHARED - answers.len());
        }
        let ended = self.end().and_then(|()| self.often(Often::Commit, []).map(drop));
        let committed = ended.map_err(|error| {
            let error = self.given_up.take().unwrap_or(error);
            tracing::error!(%error, "a commit failed");
            if !self.connection.is_autocommit() {
                let _ = self.connection.execute_batch("ROLLBACK");
            }
            // What was read in the transaction may never have been.
            self.forget();
            error
        });
        (committed, answers)
    }

    /// Writes what the jobs of a transaction share.
    fn end(&mut self) -> StoreResult<()> {
        let tried = std::mem::take(&mut self.tried);
        if self.connection.is_autocommit() {
            // It was given up; the commit tells why.
            return Ok(());
        }
        stats::write(self, &tried)?;
        index::go_on(self)
    }

    fn begin(&mut self) -> StoreResult<()> {
        self.given_up = None;
        self.often(Often::Begin, [])?;
        let version: i64 = self
            .connection
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .map_err(|error| {
                let _ = self.connection.execute_batch("ROLLBACK");
                broken(&error)
            })?;
        if version != self.data_version {
            // It is the first time, or another process has written.
            self.forget();
            self.catch_up().inspect_err(|_| {
                let _ = self.connection.execute_batch("ROLLBACK");
            })?;
            // Only now: where this failed, the next transaction has to do it.
            self.data_version = version;
        }
        Ok(())
    }

    /// Goes by what another process may have written.
    fn catch_up(&mut self) -> StoreResult<()> {
        sealing::check(self.connection, self.sealed_with)?;
        self.continue_sequences()
    }

    /// Has ids go on after the highest there are.
    fn continue_sequences(&mut self) -> StoreResult<()> {
        let last = |table: &str| {
            self.read(|connection| {
                connection.query_row(&format!("SELECT coalesce(max(id), 0) FROM {table}"), [], |row| row.get(0))
            })
        };
        let (event, delivery, batch, audit) = (last("event")?, last("delivery")?, last("batch")?, last("audit")?);
        self.events.go_on_after(event);
        self.deliveries.go_on_after(delivery.max(batch));
        self.audit.go_on_after(audit);
        Ok(())
    }

    /// Runs a job where no transaction can be had, so that its own error is what it answers.
    fn refused(&mut self, job: Job, error: &StoreError) -> Answer {
        tracing::error!(%error, "no transaction");
        job(self)
    }

    /// Runs `change` so that it is undone alone if it fails.
    pub(super) fn alone<T>(&mut self, change: impl FnOnce(&mut Self) -> StoreResult<T>) -> StoreResult<T> {
        if self.connection.is_autocommit() {
            // The transaction could not begin, or was rolled back by a failure that SQLite cannot undo in part.
            return Err(StoreError::Broken("the transaction was given up".into()));
        }
        let heard = self.heard();
        self.run_cached("SAVEPOINT job")?;
        match change(self) {
            Ok(done) => {
                self.run_cached("RELEASE job")?;
                Ok(done)
            }
            Err(error) => {
                self.unhear(&heard);
                if self.connection.is_autocommit() {
                    // SQLite has undone the whole transaction, with the jobs before this one: all are told why.
                    self.given_up.get_or_insert_with(|| error.clone());
                } else {
                    self.run_cached("ROLLBACK TO job")?;
                    self.run_cached("RELEASE job")?;
                }
                Err(error)
            }
        }
    }

    /// Runs `change`; if it fails after it has changed something, the whole transaction is given up.
    pub(super) fn unguarded<T>(&mut self, change: impl FnOnce(&mut Self) -> StoreResult<T>) -> StoreResult<T> {
        if self.connection.is_autocommit() {
            return Err(StoreError::Broken("the transaction was given up".into()));
        }
        let heard = self.heard();
        let before = self.connection.total_changes();
        change(self).inspect_err(|error| {
            self.unhear(&heard);
            if self.connection.is_autocommit() || self.connection.total_changes() != before {
                self.given_up.get_or_insert_with(|| error.clone());
                if !self.connection.is_autocommit() {
                    let _ = self.connection.execute_batch("ROLLBACK");
                }
            }
        })
    }

    fn run_cached(&self, sql: &str) -> StoreResult<()> {
        self.prepare(sql)?.execute([]).map(drop).map_err(|error| broken(&error))
    }

    /// Runs one of the statements that are run for each event or call; how many rows it changed.
    pub(super) fn often(&mut self, which: Often, values: impl Params) -> StoreResult<usize> {
        let statement = match &mut self.statements[which as usize] {
            Some(statement) => statement,
            none => none.insert(self.connection.prepare(which.sql()).map_err(|error| broken(&error))?),
        };
        statement.execute(values).map_err(|error| broken(&error))
    }

    /// A statement, kept for the next time.
    pub(super) fn prepare(&self, sql: &str) -> StoreResult<CachedStatement<'_>> {
        self.connection.prepare_cached(sql).map_err(|error| broken(&error))
    }

    /// Runs a statement once; how many rows it changed.
    pub(super) fn execute(&self, sql: &str, values: impl rusqlite::Params) -> StoreResult<usize> {
        self.prepare(sql)?.execute(values).map_err(|error| broken(&error))
    }

    /// Reads within the transaction.
    pub(super) fn read<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> StoreResult<T> {
        question(self.connection).map_err(|error| broken(&error))
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.now()
    }

    /// See [`Clock::passed`].
    pub(super) fn passed(&self) -> Duration {
        self.clock.passed()
    }

    pub(super) fn next_event(&mut self, now: i64) -> i64 {
        self.events.next(now, &*self.entropy)
    }

    pub(super) fn next_delivery(&mut self, now: i64) -> i64 {
        self.deliveries.next(now, &*self.entropy)
    }

    pub(super) fn next_audit(&mut self, now: i64) -> i64 {
        self.audit.next(now, &*self.entropy)
    }

    /// Who makes the change that runs.
    pub(super) fn actor(&self) -> Actor {
        self.actor.clone()
    }

    /// Drops what was remembered, where it may have changed or never have been.
    fn forget(&mut self) {
        self.forget_what_was_read();
        self.gathered.forget();
    }

    fn forget_what_was_read(&mut self) {
        self.subscribers.clear();
        self.streaks.forget();
        self.templates.forget();
        self.renderings.clear();
        self.known_times.clear();
    }

    fn heard(&self) -> Heard {
        Heard {
            fresh: self.told.fresh.len(),
            advances: self.told.advances.len(),
            changed: self.told.changed.len(),
            brought_forward: self.told.brought_forward.len(),
            tried: self.tried.len(),
            gathered: self.gathered.mark(),
        }
    }

    /// Forgets what a job that failed has said.
    fn unhear(&mut self, before: &Heard) {
        self.told.fresh.truncate(before.fresh);
        self.told.advances.truncate(before.advances);
        self.told.changed.truncate(before.changed);
        self.told.brought_forward.truncate(before.brought_forward);
        self.tried.truncate(before.tried);
        self.gathered.go_back(&before.gathered);
        self.forget_what_was_read();
    }

    /// Has the observers told of a delivery after the commit.
    pub(super) fn tell_fresh(&mut self, fresh: Fresh) {
        self.told.fresh.push(fresh);
    }

    /// Has the observers told of an attempt or a cancellation after the commit.
    pub(super) fn tell_advance(&mut self, advance: Advance) {
        self.told.advances.push(advance);
    }

    /// Has an attempt counted in this commit.
    pub(super) fn count(&mut self, tried: Tried) {
        self.tried.push(tried);
    }

    /// The response times in rows of figures that were written lately.
    pub(super) fn known_times(&mut self) -> &mut KnownTimes {
        &mut self.known_times
    }

    /// Entries of the index of events that are not written yet.
    pub(super) fn gathered(&mut self) -> &mut Gathered {
        &mut self.gathered
    }

    /// How far what is old was looked at.
    pub(super) fn round(&mut self) -> &mut Round {
        &mut self.round
    }

    /// Has the observers told of a webhook after the commit.
    pub(super) fn tell_changed(&mut self, webhook: WebhookKey) {
        self.subscribers.clear();
        self.streaks.forget_one(webhook);
        self.told.changed.push(webhook);
    }

    /// Has the observers told after the commit that deliveries of a webhook are due sooner.
    pub(super) fn tell_brought_forward(&mut self, webhook: WebhookKey) {
        self.told.brought_forward.push(webhook);
    }

    /// Which webhooks fail, as far as it was asked.
    pub(super) fn streaks(&mut self) -> &mut Streaks {
        &mut self.streaks
    }

    pub(super) fn templates(&mut self) -> &mut Templates {
        &mut self.templates
    }

    pub(super) fn renderings(&mut self) -> &mut renderings::Known {
        &mut self.renderings
    }

    /// The webhooks that get the events of `event_type`: those that were verified, paused ones included.
    pub(super) fn subscribers(&mut self, environment: u64, event_type: EventType) -> StoreResult<Arc<[Subscriber]>> {
        if let Some(known) = self.subscribers.get(&(environment, event_type)) {
            return Ok(Arc::clone(known));
        }
        let found: Arc<[Subscriber]> =
            self.read(|connection| rows::subscribers(connection, environment, event_type))?.into();
        self.subscribers.insert((environment, event_type), Arc::clone(&found));
        Ok(found)
    }
}
