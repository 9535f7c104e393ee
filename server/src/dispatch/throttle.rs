//! How many calls to one webhook are made at a time, and how many in a time.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use seinpost_protocol::rest::RateLimit;

/// How many failures in a row open the circuit.
const PATIENCE: u32 = 5;

/// How many calls a receiver gets at a time before it has answered any.
const BEGIN: usize = 4;

/// How long an open circuit rests before its first probe, in milliseconds; twice as long before each that follows.
const FIRST_REST: i64 = 1000;
/// The longest rest between two probes, in milliseconds: so long nothing is sent to a receiver that answers again.
const LONGEST_REST: i64 = 30_000;
/// For how long a receiver can ask that all its deliveries wait, in milliseconds; the one that it refused waits as long as
/// it asked.
const LONGEST_ASKED: i64 = 10 * 60 * 1000;

/// For how long nothing is sent after a call that could not be made for a reason of ours, in milliseconds.
const OUR_REST: i64 = 1000;

/// How a call ended, as far as it says something of the next ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Accepted,
    Failed,
    /// It answered 429 or 503, and for how long it wants no calls (`Retry-After`, RFC 9110 §10.2.3).
    Busy(Duration),
    /// It could not be made for a reason of ours (no room, no way out), which says nothing of the receiver.
    Prevented,
}

/// A slow start, and a circuit breaker. A receiver gets a few calls at a time and one more for each that it accepts. One
/// that has failed several times in a row gets none for a rest, then one probe (half-open); if that fails, too, it rests
/// for twice as long, and if it is accepted, all begins anew. So a hundred dead receivers hold four hundred connections
/// for the first quarter of a minute, not all there are, and hardly any after that; and of what waits for a receiver that
/// is away each event is tried a few times, not all at full speed.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    failures: u32,
    accepted: usize,
    /// How many probes failed in a row.
    probes: u32,
    /// The rest before a probe.
    rest: Rest,
    /// What the receiver asked for, or we need. A call that was under way then does not end it, whatever came of it.
    asked: Rest,
    /// Whether the last call could not be made for a reason of ours, and the rest before the next.
    is_barred: bool,
    barred: Rest,
}

/// From when until when nothing is sent, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    since: i64,
    until: i64,
}

impl Rest {
    /// When it is over: not after `now` if it is.
    fn over(self, now: i64) -> i64 {
        // One that began later than now was reckoned by a clock that was set back since.
        if self.since <= now { self.until } else { now }
    }
}

impl Throttle {
    /// How many calls may be made at a time, of the `most` that are allowed.
    pub(super) fn allowed(&self, most: usize) -> usize {
        if self.is_open() || self.is_barred { most.min(1) } else { most.min(BEGIN.saturating_add(self.accepted)) }
    }

    /// Whether it has shown that it takes as many calls at a time as it may get.
    pub(super) fn keeps_up(&self, most: usize) -> bool {
        self.accepted > 0 && self.allowed(most) >= most && !self.is_open() && !self.is_barred
    }

    /// Whether it has failed so often that it is only probed.
    pub(super) fn is_open(&self) -> bool {
        self.failures >= PATIENCE
    }

    /// When the next call can be made, in milliseconds since the Unix epoch: not after `now` if it can be made now.
    pub(super) fn next(&self, now: i64) -> i64 {
        self.rest.over(now).max(self.asked.over(now)).max(self.barred.over(now))
    }

    pub(super) fn record(&mut self, outcome: Outcome, now: i64) {
        if outcome == Outcome::Prevented {
            // Calls that were under way then are no probes.
            if self.barred.over(now) <= now {
                self.barred = Rest { since: now, until: now.saturating_add(OUR_REST) };
                self.is_barred = true;
            }
            return;
        }
        self.is_barred = false;
        if outcome == Outcome::Accepted {
            self.failures = 0;
            self.probes = 0;
            self.rest = Rest::default();
            self.accepted = self.accepted.saturating_add(1);
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.is_open() {
            self.accepted = 0;
            // Calls that were under way when it opened are no probes.
            if self.rest.over(now) <= now {
                let rest = FIRST_REST.checked_shl(self.probes).unwrap_or(LONGEST_REST).min(LONGEST_REST);
                self.rest = Rest { since: now, until: now.saturating_add(rest) };
                self.probes = self.probes.saturating_add(1).min(16);
            }
        }
        if let Outcome::Busy(asked) = outcome {
            let asked = i64::try_from(asked.as_millis()).unwrap_or(LONGEST_ASKED).min(LONGEST_ASKED);
            self.asked = Rest { since: now, until: now.saturating_add(asked) };
        }
    }
}

/// What is said again and again is said once in a while.
#[derive(Debug, Default)]
pub(super) struct Reminder {
    said: Mutex<Option<Duration>>,
    asked: AtomicU64,
}

impl Reminder {
    /// Whether it is to be said, where it was not within this time; `passed` is by the machine's timer.
    pub(super) fn is_due(&self, passed: Duration, every: Duration) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = said.is_none_or(|said| passed.saturating_sub(said) >= every);
        if is_due {
            *said = Some(passed);
        }
        is_due
    }

    /// How often there was something to say.
    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

/// A token bucket, as the time at which it will be full again (the generic cell rate algorithm): there is nothing to
/// refill, and no timer while nothing is sent.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    /// Microseconds since the Unix epoch.
    full_at: i64,
}

impl Bucket {
    /// When the next call can be made, in milliseconds since the Unix epoch: not after `now` if it can be made now.
    pub(super) fn next(&self, rate: RateLimit, now: i64) -> i64 {
        let between = between(rate);
        let depth = between.saturating_mul(i64::from(rate.burst()));
        // A bucket that is emptier than empty was filled by a clock that was set back since.
        let full_at = self.full_at.min(now.saturating_mul(1000).saturating_add(depth));
        let next = full_at.saturating_sub(depth.saturating_sub(between));
        next.div_euclid(1000) + i64::from(next.rem_euclid(1000) > 0)
    }

    /// A call is made.
    pub(super) fn take(&mut self, rate: RateLimit, now: i64) {
        let between = between(rate);
        let depth = between.saturating_mul(i64::from(rate.burst()));
        let now = now.saturating_mul(1000);
        self.full_at = self.full_at.clamp(now, now.saturating_add(depth)).saturating_add(between);
    }
}

/// Microseconds between two calls.
fn between(rate: RateLimit) -> i64 {
    1_000_000 / i64::from(rate.per_second.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_receiver_rests_and_is_probed_one_call_at_a_time_until_it_answers() {
        let mut throttle = Throttle::default();
        assert_eq!(throttle.allowed(16), BEGIN);
        for more in 1..=20 {
            throttle.record(Outcome::Accepted, 0);
            assert_eq!(throttle.allowed(16), 16.min(BEGIN + more));
        }
        for _ in 0..PATIENCE {
            assert_eq!(throttle.allowed(16), 16);
            assert!(throttle.next(0) <= 0);
            throttle.record(Outcome::Failed, 0);
        }
        assert_eq!((throttle.allowed(16), throttle.next(0)), (1, FIRST_REST));
        // What was under way when it opened makes no rest longer.
        throttle.record(Outcome::Failed, 500);
        assert_eq!((throttle.allowed(16), throttle.next(500)), (1, FIRST_REST));
        // Each probe that fails makes the next rest twice as long, within bounds.
        let mut now = FIRST_REST;
        for rest in [2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000] {
            throttle.record(Outcome::Failed, now);
            assert_eq!(throttle.next(now), now + rest);
            now += rest;
        }
        for _ in 0..100 {
            throttle.record(Outcome::Failed, now);
            now = throttle.next(now);
        }
        throttle.record(Outcome::Accepted, now);
        assert_eq!(throttle.allowed(16), BEGIN + 1);
        assert!(throttle.next(now) <= now);
        assert_eq!(throttle.allowed(2), 2);
    }

    #[test]
    fn a_receiver_that_asks_to_be_left_alone_is_for_at_most_ten_minutes_and_not_past_a_clock_set_back() {
        let mut throttle = Throttle::default();
        throttle.record(Outcome::Busy(Duration::from_secs(60)), 1000);
        assert_eq!(throttle.next(1000), 61_000);
        // Calls that were under way then do not end it.
        throttle.record(Outcome::Failed, 2000);
        throttle.record(Outcome::Accepted, 2000);
        assert_eq!(throttle.next(2000), 61_000);
        assert_eq!(throttle.next(0), 0, "the clock was set back");
        throttle.record(Outcome::Busy(Duration::MAX), 70_000);
        assert_eq!(throttle.next(70_000), 70_000 + LONGEST_ASKED);
    }

    #[test]
    fn what_we_could_not_send_says_nothing_of_the_receiver() {
        let mut throttle = Throttle::default();
        for n in 0..100 {
            throttle.record(Outcome::Prevented, n);
            assert_eq!((throttle.allowed(16), throttle.next(n)), (1, OUR_REST), "calls under way are no probes");
        }
        throttle.record(Outcome::Busy(Duration::from_secs(60)), 1000);
        throttle.record(Outcome::Prevented, 2000);
        assert_eq!(throttle.next(2000), 61_000, "what the receiver asked for stays");
    }

    #[test]
    fn a_bucket_gives_a_burst_and_then_so_many_a_second() {
        let rate = RateLimit { per_second: 10, burst: Some(3) };
        let mut bucket = Bucket::default();
        let mut now = 1_000_000;
        for _ in 0..3 {
            assert!(bucket.next(rate, now) <= now);
            bucket.take(rate, now);
        }
        for _ in 0..20 {
            let next = bucket.next(rate, now);
            assert_eq!(next, now + 100);
            now = next;
            bucket.take(rate, now);
        }
        // After a quiet time there is a burst again, and no more than that.
        now += 60_000;
        for _ in 0..3 {
            assert!(bucket.next(rate, now) <= now);
            bucket.take(rate, now);
        }
        assert_eq!(bucket.next(rate, now), now + 100);
        // A clock that is set back does not stop it.
        now -= 3_600_000;
        assert!(bucket.next(rate, now) <= now + 100);
    }
}
