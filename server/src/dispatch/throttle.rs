//! How many calls to one webhook are made at a time, and how many in a time.

use seinpost_protocol::rest::RateLimit;

/// How many failures in a row make a receiver one that is only probed.
const PATIENCE: u32 = 5;

/// How many calls a receiver gets at a time before it has answered any.
const BEGIN: usize = 4;

/// A slow start, and a circuit breaker: a receiver gets a few calls at a time and one more for each that it accepts; one
/// that has failed several times in a row gets one at a time, until it accepts one, and then begins anew. So a hundred
/// dead receivers hold four hundred connections for the first quarter of a minute, not all there are, and a hundred after
/// that.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    failures: u32,
    accepted: usize,
}

impl Throttle {
    /// How many calls may be made at a time, of the `most` that are allowed.
    pub(super) fn allowed(&self, most: usize) -> usize {
        if self.failures >= PATIENCE { most.min(1) } else { most.min(BEGIN.saturating_add(self.accepted)) }
    }

    pub(super) fn record(&mut self, success: bool) {
        if success {
            self.failures = 0;
            self.accepted = self.accepted.saturating_add(1);
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= PATIENCE {
            self.accepted = 0;
        }
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
    fn a_dead_receiver_is_probed_one_call_at_a_time_until_it_answers() {
        let mut throttle = Throttle::default();
        assert_eq!(throttle.allowed(16), BEGIN);
        for more in 1..=20 {
            throttle.record(true);
            assert_eq!(throttle.allowed(16), 16.min(BEGIN + more));
        }
        for _ in 0..PATIENCE {
            assert_eq!(throttle.allowed(16), 16);
            throttle.record(false);
        }
        assert_eq!(throttle.allowed(16), 1);
        throttle.record(false);
        assert_eq!(throttle.allowed(16), 1);
        throttle.record(true);
        assert_eq!(throttle.allowed(16), BEGIN + 1);
        assert_eq!(throttle.allowed(2), 2);
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
