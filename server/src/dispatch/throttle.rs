//! How many calls to one webhook are made at a time.

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
}
