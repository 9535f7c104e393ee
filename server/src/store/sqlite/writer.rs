//! The one thread that writes.
//!
//! Every change is a job. The thread takes all that wait, runs them in one transaction, commits once, and only then
//! answers each: the price of the disk's flush is shared by all. What nobody waits for (the outcome of a call) is held for
//! a moment, to share the next one's. A job that fails is rolled back alone.

use std::{path::Path, sync::Arc, time::Duration};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{
    Observers,
    checkpoints::Checkpoints,
    context::Context,
    queue::{Pace, Queue, Taker},
};
use crate::{
    clock::Clock,
    entropy::Entropy,
    seal::KeyId,
    store::{StoreError, StoreResult, actor},
};

/// How much of the database the thread keeps in memory, in KiB. An event that goes to a hundred webhooks changes a page of
/// two indexes for each: with SQLite's own 2,000 KiB these were read again and again.
pub(super) const CACHE: i64 = 8_000;
/// How many jobs share one commit at most: more would keep the first of them waiting.
pub(super) const SHARED: usize = 1024;
/// How long jobs that nobody waits for are held, so that more share their commit.
const HELD: Duration = Duration::from_millis(3);
/// How much time there is from one commit to the next when there is much to do, however urgent: each costs the processor
/// as much as the jobs of a few events, and the disk a flush.
const APART: Duration = Duration::from_micros(300);
/// How many jobs share a commit when there is little to do: then nothing is gained by letting them wait.
const FEW: usize = 14;
/// How many do when there is much.
const MANY: usize = 20;
/// How many jobs are committed at once, however soon after others.
const ENOUGH: usize = 64;
/// How many jobs may wait to be run; whoever brings more waits before it is taken.
const WAITING: usize = 4096;
/// How many bytes a job may hold to count as one of them; one that holds more counts as several.
const USUAL: usize = 4 * 1024;

/// A job answers through what it returns, once it is known whether it was committed.
pub(super) type Answer = Box<dyn FnOnce(Result<(), &StoreError>) + Send>;
pub(super) type Job = Box<dyn FnOnce(&mut Context<'_>) -> Answer + Send>;

/// The door to the thread that writes.
pub(super) struct Writer {
    jobs: Arc<Queue<Job>>,
    // Waiting for a full queue is done here, where it does not block a thread.
    room: Arc<tokio::sync::Semaphore>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        path: &Path,
        connection: Connection,
        sealed_with: KeyId,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        observers: Arc<Observers>,
    ) -> StoreResult<Self> {
        let jobs = Arc::new(Queue::new(Pace {
            most: SHARED,
            patience: HELD,
            apart: APART,
            enough: ENOUGH,
            few: FEW,
            many: MANY,
        }));
        let queue = Arc::clone(&jobs);
        let checkpoints = Checkpoints::start(path)?;
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || {
                let context = Context::new(&connection, sealed_with, clock, entropy);
                run(context, &connection, &queue, &observers, &checkpoints);
                // What is in the log goes into the database, so that a backup of a stopped server is one file.
                if let Err(error) = connection.pragma_update(None, "wal_checkpoint", "TRUNCATE") {
                    tracing::debug!(%error, "the last checkpoint was not made");
                }
            })
            .map_err(|error| StoreError::Broken(format!("no thread for the store: {error}")))?;
        Ok(Self { jobs, room: Arc::new(tokio::sync::Semaphore::new(WAITING)), thread: Some(thread) })
    }

    /// Has `change` done, and answers once it is durable. If it fails, it alone is undone.
    pub(super) async fn write<T, F>(&self, change: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Context<'_>) -> StoreResult<T> + Send + 'static,
    {
        let actor = actor();
        self.hand_over(|context| {
            context.acting(actor);
            context.alone(change)
        })
        .await
    }

    /// Like [`write`](Self::write), for what is done thousands of times a second and can fail half-way only when the
    /// database as a whole does (a full disk): then everything that shares its commit is undone, and told so. It saves
    /// the savepoint, for which SQLite keeps a copy of each page that is changed.
    pub(super) async fn write_often<T, F>(&self, change: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Context<'_>) -> StoreResult<T> + Send + 'static,
    {
        self.hand_over(|context| context.unguarded(change)).await
    }

    /// Hands in what answers by itself, and may be held for a moment; it holds so many `bytes`. It is dropped if the store
    /// is being closed.
    pub(super) async fn hand_in(&self, job: Job, bytes: usize) {
        let room = Arc::clone(&self.room).acquire_many_owned(places(bytes));
        let Ok(room) = room.await else { return };
        let job: Job = Box::new(move |context| {
            let answer = job(context);
            Box::new(move |committed| {
                answer(committed);
                drop(room);
            })
        });
        // It can fail only where the store is being closed.
        let _ = self.jobs.put(job, false);
    }

    async fn hand_over<T, F>(&self, change: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Context<'_>) -> StoreResult<T> + Send + 'static,
    {
        let closed = || StoreError::Broken("it is being closed".into());
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(|_| closed())?;
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |context| {
            let result = change(context);
            Box::new(move |committed| {
                // Nobody may be waiting any more; what was done stays done.
                let _ = reply.send(committed.map_err(Clone::clone).and(result));
                drop(room);
            })
        });
        self.jobs.put(job, true).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread ends after it has done what it was given.
        self.jobs.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// As how many a job counts that holds so many bytes. However large it is, there is room for it once nothing else waits.
fn places(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(USUAL).clamp(1, WAITING)).unwrap_or(u32::MAX)
}

fn run(
    mut context: Context<'_>,
    connection: &Connection,
    queue: &Queue<Job>,
    observers: &Observers,
    checkpoints: &Checkpoints,
) {
    let mut taker = Taker::default();
    while let Some(jobs) = queue.take(&mut taker) {
        let (committed, answers) = context.together(jobs, queue);
        taker.took(answers.len());
        let told = context.told();
        if committed.is_ok() {
            told.tell(observers);
        }
        for answer in answers {
            answer(committed.as_ref().copied());
        }
        checkpoints.committed(connection, queue.is_busy(&taker));
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future as _, pin::pin, sync::mpsc, task::Context as Task};

    use super::*;
    use crate::{clock::SystemClock, entropy::SystemEntropy, seal::Source, store::sqlite::SqliteStore};

    fn nothing() -> Job {
        Box::new(|_| Box::new(|_| ()))
    }

    #[tokio::test]
    async fn what_holds_much_memory_waits_as_much_sooner_than_4096_jobs_do() {
        let folder = tempfile::tempdir().unwrap();
        let master = Source::Folder(folder.path().into());
        let store = SqliteStore::open(folder.path(), &master, Arc::new(SystemClock), Arc::new(SystemEntropy)).unwrap();
        let writer = &store.writer;
        // The thread is busy with one job until it is told to go on.
        let (go, wait) = mpsc::channel::<()>();
        let (begins, begun) = oneshot::channel();
        let busy = writer.write(move |_| {
            let _ = (begins.send(()), wait.recv());
            Ok(())
        });
        let others = async {
            begun.await.unwrap();
            writer.hand_in(nothing(), WAITING / 2 * USUAL).await;
            writer.hand_in(nothing(), (WAITING / 2 - 2) * USUAL).await;
            writer.hand_in(nothing(), 0).await;
            let mut large = pin!(writer.hand_in(nothing(), usize::MAX));
            let mut task = Task::from_waker(std::task::Waker::noop());
            assert!(large.as_mut().poll(&mut task).is_pending());
            go.send(()).unwrap();
            // However large it is, it has its turn.
            large.await;
        };
        let (busy, ()) = tokio::join!(busy, others);
        busy.unwrap();
    }
}
