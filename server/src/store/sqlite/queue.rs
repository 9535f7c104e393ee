//! What waits for the thread that writes.
//!
//! What somebody waits for wakes the thread at once. What nobody waits for does not: it shares the next one's commit, or
//! is taken after a moment. Waking a thread costs as much as half the work it is woken for.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A queue from many threads to one. Whoever puts something in sees to it that there is not too much.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    pace: Pace,
}

/// How much is taken how often.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// How much is taken at a time.
    pub(super) most: usize,
    /// How long is waited for more of what nobody waits for.
    pub(super) patience: Duration,
    /// How long after it has taken something it takes the next, however urgent, …
    pub(super) apart: Duration,
    /// … unless there is so much, …
    pub(super) enough: usize,
    /// … or there is little to do: at so few at a time there is no pause, …
    pub(super) few: usize,
    /// … which grows until so many at a time.
    pub(super) many: usize,
}

impl Pace {
    /// The pause where so many are taken at a time.
    fn pause(&self, average: f32) -> Duration {
        #[expect(clippy::cast_precision_loss, reason = "they are small")]
        let (few, many) = (self.few as f32, self.many as f32);
        self.apart.mul_f32(((average - few) / (many - few)).clamp(0.0, 1.0))
    }
}

/// What the thread that takes knows of its own work.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taker {
    /// When it took something last.
    last: Option<Instant>,
    /// How much that was, lately and on average.
    average: f32,
}

impl Taker {
    /// It was so much in the end, with what came in meanwhile.
    pub(super) fn took(&mut self, number: usize) {
        #[expect(clippy::cast_precision_loss, reason = "it is small")]
        let number = number as f32;
        self.average += (number - self.average) / 8.0;
    }
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    /// Whether somebody waits for something in it.
    is_urgent: bool,
    thread: Thread,
    is_closed: bool,
}

/// What the thread that takes does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thread {
    Works,
    /// It waits until there is something, …
    Sleeps,
    /// … until there is something urgent, or the most it takes, …
    Gathers,
    /// … or until there is enough.
    Pauses,
}

impl<T> Queue<T> {
    pub(super) fn new(pace: Pace) -> Self {
        let state = State { waiting: VecDeque::new(), is_urgent: false, thread: Thread::Works, is_closed: false };
        Self { state: Mutex::new(state), filled: Condvar::new(), pace }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something in. It is given back if the queue is closed.
    pub(super) fn put(&self, item: T, urgent: bool) -> Result<(), T> {
        let mut state = self.state();
        if state.is_closed {
            return Err(item);
        }
        state.waiting.push_back(item);
        state.is_urgent |= urgent;
        let wakes = match state.thread {
            Thread::Works => false,
            Thread::Sleeps => true,
            Thread::Gathers => urgent || state.waiting.len() >= self.pace.most,
            Thread::Pauses => state.waiting.len() >= self.pace.enough,
        };
        if wakes {
            state.thread = Thread::Works;
        }
        drop(state);
        if wakes {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Nothing more is taken in; what is in it is still given out.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.filled.notify_one();
    }

    /// Waits for something, and gives what there is; `None` once the queue is closed and empty.
    pub(super) fn take(&self, taker: &mut Taker) -> Option<Vec<T>> {
        let Pace { most, patience, enough, .. } = self.pace;
        let apart = self.pace.pause(taker.average);
        let mut state = self.state();
        while state.waiting.is_empty() {
            if state.is_closed {
                return None;
            }
            state.thread = Thread::Sleeps;
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let began = Instant::now();
        while !state.is_closed {
            let (thread, left) = if let Some(left) = taker.last.and_then(|last| apart.checked_sub(last.elapsed()))
                && state.waiting.len() < enough
            {
                (Thread::Pauses, left)
            } else if !state.is_urgent
                && state.waiting.len() < most
                && let Some(left) = patience.checked_sub(began.elapsed())
            {
                (Thread::Gathers, left)
            } else {
                break;
            };
            state.thread = thread;
            state = self.filled.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.thread = Thread::Works;
        taker.last = Some(Instant::now());
        Some(drain(&mut state, most))
    }

    /// Whether whoever takes has much to do.
    pub(super) fn is_busy(&self, taker: &Taker) -> bool {
        self.pace.pause(taker.average) == self.pace.apart
    }

    /// What there is now, at most so much.
    pub(super) fn more(&self, most: usize) -> Vec<T> {
        drain(&mut self.state(), most)
    }
}

fn drain<T>(state: &mut State<T>, most: usize) -> Vec<T> {
    let number = state.waiting.len().min(most);
    // What is left has waited for long enough.
    state.is_urgent &= number < state.waiting.len();
    state.waiting.drain(..number).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const PACE: Pace = Pace { most: 10, patience: HOUR, apart: Duration::ZERO, enough: 5, few: 1, many: 3 };

    #[test]
    fn what_is_urgent_takes_along_what_is_not() {
        // Nobody would wait for that long.
        let queue = Queue::new(PACE);
        assert!(queue.put(1, false).is_ok());
        assert!(queue.put(2, true).is_ok());
        assert_eq!(queue.take(&mut Taker::default()), Some(vec![1, 2]));
        assert_eq!(queue.more(10), Vec::<i32>::new());
    }

    #[test]
    fn what_nobody_waits_for_is_taken_in_time_or_when_it_is_enough() {
        let queue = Queue::new(Pace { patience: Duration::from_millis(1), ..PACE });
        assert!(queue.put(1, false).is_ok());
        assert_eq!(queue.take(&mut Taker::default()), Some(vec![1]));
        let queue = Queue::new(Pace { most: 3, ..PACE });
        for number in 0..4 {
            assert!(queue.put(number, false).is_ok());
        }
        assert_eq!(queue.take(&mut Taker::default()), Some(vec![0, 1, 2]));
        queue.close();
        assert_eq!(
            (queue.take(&mut Taker::default()), queue.take(&mut Taker::default()), queue.put(9, true)),
            (Some(vec![3]), None, Err(9))
        );
    }

    #[test]
    fn there_is_a_pause_between_two_unless_there_is_enough() {
        let queue = Queue::new(Pace { apart: Duration::from_millis(20), ..PACE });
        let mut taker = Taker { last: None, average: 3.0 };
        assert!(queue.put(0, true).is_ok());
        assert_eq!(queue.take(&mut taker), Some(vec![0]));
        let began = Instant::now();
        assert!(queue.put(1, true).is_ok());
        taker.last = Some(began);
        assert_eq!(queue.take(&mut taker), Some(vec![1]));
        assert!(began.elapsed() >= Duration::from_millis(20));
        let queue = Queue::new(Pace { apart: HOUR, ..PACE });
        for number in 0..5 {
            assert!(queue.put(number, number == 0).is_ok());
        }
        assert_eq!(queue.take(&mut Taker { last: Some(Instant::now()), average: 3.0 }), Some(vec![0, 1, 2, 3, 4]));
    }

    #[test]
    fn the_pause_follows_how_much_is_taken_at_a_time() {
        let pace = Pace { apart: Duration::from_micros(200), ..PACE };
        let pauses = [0.0, 1.0, 2.0, 3.0, 50.0].map(|average| pace.pause(average).as_micros());
        assert_eq!(pauses, [0, 0, 100, 200, 200]);
        let mut taker = Taker::default();
        let queue = Queue::<()>::new(pace);
        assert!(!queue.is_busy(&taker));
        for _ in 0..40 {
            taker.took(3);
        }
        assert!((2.9..=3.0).contains(&taker.average), "{taker:?}");
        // A single one that is large does not change the pace.
        taker.took(10);
        assert!(taker.average < 4.0 && queue.is_busy(&taker), "{taker:?}");
        // Nobody would wait for an hour.
        let queue = Queue::new(Pace { apart: HOUR, ..PACE });
        let mut calm = Taker { last: Some(Instant::now()), average: 1.0 };
        assert!(queue.put(1, true).is_ok());
        assert_eq!(queue.take(&mut calm), Some(vec![1]));
    }

    #[test]
    fn a_thread_that_sleeps_is_woken_and_loses_nothing() {
        let pace = Pace { most: 64, patience: Duration::from_micros(50), apart: Duration::from_micros(20), ..PACE };
        let queue = Arc::new(Queue::new(pace));
        let threads: Vec<_> = (0..4_u32)
            .map(|thread| {
                let queue = Arc::clone(&queue);
                std::thread::spawn(move || (0..5000).all(|number| queue.put((thread, number), number % 3 == 0).is_ok()))
            })
            .collect();
        let taker = {
            let queue = Arc::clone(&queue);
            std::thread::spawn(move || {
                let (mut next, mut taker) = ([0_u32; 4], Taker::default());
                while let Some(taken) = queue.take(&mut taker) {
                    for (thread, number) in taken.into_iter().chain(queue.more(5)) {
                        assert_eq!(next[thread as usize], number, "in order");
                        next[thread as usize] += 1;
                    }
                    taker.took(3);
                }
                next
            })
        };
        assert!(threads.into_iter().all(|thread| thread.join().unwrap_or(false)));
        queue.close();
        assert_eq!(taker.join().ok(), Some([5000; 4]));
    }
}
