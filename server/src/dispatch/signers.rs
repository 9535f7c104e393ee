//! Threads for slow signatures.
//!
//! An RSA signature takes a core for a fifth of a millisecond: on a network thread it would hold up every other
//! connection. There are as many of these threads as cores, and while there is work they do not sleep between two
//! signatures: waking a thread for each costs half as much as the signature itself.

use std::sync::{Arc, Mutex, PoisonError, mpsc};

use tokio::sync::oneshot;

type Task = Box<dyn FnOnce() + Send>;

/// The way to the threads. They end when the last of these is dropped. Cheap to clone.
#[derive(Clone)]
pub(super) struct Signers {
    // What waits is bounded by the number of calls that are made at a time.
    tasks: mpsc::Sender<Task>,
}

impl Signers {
    /// Starts them.
    pub(super) fn start() -> Self {
        let (tasks, queue) = mpsc::channel::<Task>();
        let queue = Arc::new(Mutex::new(queue));
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for number in 0..cores {
            let queue = Arc::clone(&queue);
            let thread = std::thread::Builder::new().name(format!("sign-{number}")).spawn(move || {
                loop {
                    // Taken apart, so that the lock is free while the task runs.
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(task) = next else { return };
                    task();
                }
            });
            if let Err(error) = thread {
                tracing::error!(%error, "a thread for signatures could not be started");
            }
        }
        Self { tasks }
    }

    /// Has `work` done on one of the threads; `None` if there is none or it panicked.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (done, result) = oneshot::channel();
        let task = move || {
            // Nobody may be waiting any more.
            let _ = done.send(work());
        };
        self.tasks.send(Box::new(task)).ok()?;
        result.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_on_other_threads() {
        let signers = Signers::start();
        let here = std::thread::current().id();
        let there = signers.run(|| std::thread::current().id()).await;
        assert!(there.is_some_and(|there| there != here));
        let many: Vec<_> = (0..100).map(|number| signers.run(move || number * 2)).collect();
        for (number, each) in many.into_iter().enumerate() {
            assert_eq!(each.await, Some(number * 2));
        }
    }
}
