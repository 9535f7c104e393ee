//! How many calls a caller may make: a token bucket each, kept as the time at which it would be full again (GCRA).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How many callers are remembered before those are dropped whose buckets are full.
const SWEEP: usize = 4096;
/// Microseconds in a second.
const SECOND: i64 = 1_000_000;

/// A quota: in the long run, and at once after a quiet time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Calls a second; at least one.
    pub per_second: u32,
    /// Calls at once.
    pub burst: u32,
}

impl Quota {
    /// So many a second, and at once what is due in ten seconds.
    #[must_use]
    pub fn per_second(per_second: u32) -> Self {
        let per_second = per_second.max(1);
        Self { per_second, burst: per_second.saturating_mul(10) }
    }

    /// In how many seconds a bucket that is empty is full.
    #[must_use]
    pub fn window(self) -> u32 {
        self.burst.div_ceil(self.per_second.max(1))
    }

    /// Microseconds for one call.
    fn interval(self) -> i64 {
        SECOND / i64::from(self.per_second.max(1))
    }
}

/// How a bucket stands after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the call may be made.
    pub allowed: bool,
    /// How many more may be made at once.
    pub remaining: u32,
    /// In how many seconds the bucket is full.
    pub reset: u32,
    /// In how many seconds the next call may be made.
    pub retry_after: u32,
}

/// The buckets of all callers.
#[derive(Debug)]
pub struct Limiter {
    quota: Quota,
    /// When each bucket is full, in microseconds by the machine's timer.
    full: Mutex<HashMap<String, i64>>,
}

impl Limiter {
    /// Nobody has made a call yet.
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self { quota, full: Mutex::default() }
    }

    /// What everybody has.
    #[must_use]
    pub fn quota(&self) -> Quota {
        self.quota
    }

    /// Takes a call of `caller` out of its bucket, if there is one in it. `now` is told by the machine's timer: a clock that is
    /// set gives nobody a call, and takes none.
    pub fn take(&self, caller: &str, now: Duration) -> Standing {
        let now = i64::try_from(now.as_micros()).unwrap_or(i64::MAX);
        let interval = self.quota.interval();
        let capacity = interval.saturating_mul(i64::from(self.quota.burst));
        let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        if full.len() >= SWEEP {
            full.retain(|_, at| *at > now);
        }
        let before = full.get(caller).copied().unwrap_or(now).max(now);
        let after = before.saturating_add(interval);
        let allowed = after - now <= capacity;
        let stands = if allowed { after } else { before };
        match full.get_mut(caller) {
            Some(at) => *at = stands,
            None => drop(full.insert(caller.to_owned(), stands)),
        }
        Standing {
            allowed,
            remaining: u32::try_from((capacity - (stands - now)) / interval).unwrap_or(0),
            reset: seconds(stands - now),
            retry_after: if allowed { 0 } else { seconds(after - now - capacity).max(1) },
        }
    }
}

/// Microseconds as seconds, rounded up.
fn seconds(micros: i64) -> u32 {
    u32::try_from(micros.max(0).saturating_add(SECOND - 1) / SECOND).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_with_time() {
        let limiter = Limiter::new(Quota { per_second: 2, burst: 4 });
        assert_eq!(limiter.quota().window(), 2);
        let at = |millis: u64| Duration::from_millis(5000 + millis);
        let remaining: Vec<_> = (0..4).map(|_| limiter.take("a", at(0)).remaining).collect();
        assert_eq!(remaining, [3, 2, 1, 0]);
        assert_eq!(
            limiter.take("a", at(0)),
            Standing { allowed: false, remaining: 0, reset: 2, retry_after: 1 },
            "what is refused takes nothing"
        );
        assert!(limiter.take("b", at(0)).allowed, "each has a bucket of its own");
        assert!(!limiter.take("a", at(499)).allowed);
        assert!(limiter.take("a", at(500)).allowed);
        assert!(!limiter.take("a", at(500)).allowed);
        assert_eq!(limiter.take("a", at(60_000)).remaining, 3, "no more than full");
    }

    #[test]
    fn who_has_a_full_bucket_is_forgotten() {
        let limiter = Limiter::new(Quota::per_second(1));
        for n in 0..SWEEP {
            limiter.take(&n.to_string(), Duration::ZERO);
        }
        limiter.take("last", Duration::from_secs(60));
        assert_eq!(limiter.full.lock().unwrap().len(), 1);
    }
}
