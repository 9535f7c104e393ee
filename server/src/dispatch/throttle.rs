//! How many calls to one webhook are made at a time.

/// How many failures in a row make a receiver one that is only probed.
const PATIENCE: u32 = 5;

/// A circuit breaker: a receiver that has failed several times in a row gets one call at a time, until one succeeds.
/// So a dead receiver holds one connection, not sixteen.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    failures: u32,
}

impl Throttle {
    /// How many calls may be made at a time, of the `most` that are allowed.
    pub(super) fn allowed(&self, most: usize) -> usize {
        if self.failures >= PATIENCE { most.min(1) } else { most }
    }

    pub(super) fn record(&mut self, success: bool) {
        self.failures = if success { 0 } else { self.failures.saturating_add(1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_receiver_is_probed_one_call_at_a_time_until_it_answers() {
        let mut throttle = Throttle::default();
        for _ in 0..PATIENCE {
            assert_eq!(throttle.allowed(16), 16);
            throttle.record(false);
        }
        assert_eq!(throttle.allowed(16), 1);
        throttle.record(false);
        assert_eq!(throttle.allowed(16), 1);
        throttle.record(true);
        assert_eq!(throttle.allowed(16), 16);
    }
}
