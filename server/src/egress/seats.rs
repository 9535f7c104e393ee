//! How many connections a host has, and how many of them are taken up by calls that it keeps waiting.

use std::{
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

/// A time that one task sets and another reads.
#[derive(Debug)]
struct Since(Mutex<Instant>);

impl Since {
    fn set(&self, now: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn get(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts among the connections of a host, open or being opened, as long as it lives.
#[derive(Debug)]
pub(super) struct Seat {
    open: Arc<AtomicUsize>,
    /// Since when the call lasts that goes over it.
    since: Arc<Since>,
}

impl Seat {
    /// Another call goes over the connection.
    pub(super) fn begin(&self, now: Instant) {
        self.since.set(now);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The connections of one host.
#[derive(Debug, Default)]
pub(super) struct Seats {
    open: Arc<AtomicUsize>,
    all: Vec<Weak<Since>>,
    /// How many had a slow call when it was looked last.
    slow: usize,
    looked: Option<Instant>,
}

impl Seats {
    /// A place for one more.
    pub(super) fn take(&mut self, now: Instant) -> Seat {
        self.open.fetch_add(1, Ordering::Relaxed);
        if self.all.len() >= 64 + 2 * self.open.load(Ordering::Relaxed) {
            self.all.retain(|each| each.strong_count() > 0);
        }
        let since = Arc::new(Since(Mutex::new(now)));
        self.all.push(Arc::downgrade(&since));
        Seat { open: Arc::clone(&self.open), since }
    }

    /// How many connections there are over which no call has lasted for longer than a `moment`: one of these comes back
    /// soon. It is counted once in a moment at most, and only where there are `many`.
    pub(super) fn quick(&mut self, many: usize, moment: Duration, now: Instant) -> usize {
        let open = self.open.load(Ordering::Relaxed);
        if open < many {
            return open;
        }
        if self.looked.is_none_or(|looked| now.duration_since(looked) >= moment) {
            self.looked = Some(now);
            let mut slow = 0;
            self.all.retain(|each| {
                let Some(since) = each.upgrade() else { return false };
                slow += usize::from(now.duration_since(since.get()) > moment);
                true
            });
            self.slow = slow;
        }
        open.saturating_sub(self.slow)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.open.load(Ordering::Relaxed) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(50);

    #[test]
    fn calls_that_last_do_not_count_among_those_that_come_back_soon() {
        let mut seats = Seats::default();
        let began = Instant::now();
        let held: Vec<_> = (0..100).map(|_| seats.take(began)).collect();
        assert_eq!(seats.quick(64, MOMENT, began), 100);
        let later = began + MOMENT * 2;
        for seat in held.iter().take(10) {
            seat.begin(later);
        }
        assert_eq!(seats.quick(64, MOMENT, later), 10);
        // It is not counted again within a moment.
        held[50].begin(later);
        assert_eq!(seats.quick(64, MOMENT, later), 10);
        assert_eq!(seats.quick(64, MOMENT, later + MOMENT), 11);
        drop(held);
        assert!(seats.is_empty());
        assert_eq!(seats.quick(64, MOMENT, later + MOMENT * 2), 0);
        for _ in 0..200 {
            drop(seats.take(later));
        }
        assert!(seats.all.len() <= 66, "those that ended are forgotten: {}", seats.all.len());
    }
}
