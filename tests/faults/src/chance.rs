//! Chance that can be repeated: `SEINPOST_FAULT_SEED` gives the same again.

use std::ops::Range;

use seinpost_bench::event::now_ns;

/// A generator (xorshift64*), good enough to choose moments with.
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// From the seed that is asked for, or a new one; it is written down, so that a failure can be repeated.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "the test's output is where a person looks for the seed")]
    pub fn new() -> Self {
        let asked = std::env::var("SEINPOST_FAULT_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = asked.unwrap_or_else(now_ns).max(1);
        eprintln!("SEINPOST_FAULT_SEED={seed}");
        Self(seed)
    }

    /// A number in the range, which must not be empty.
    pub fn in_range(&mut self, range: Range<usize>) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let random = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        let size = (range.end - range.start).max(1) as u64;
        range.start + usize::try_from(random % size).unwrap_or(0)
    }
}

impl Default for Chance {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_a_range_comes_and_no_other() {
        let mut chance = Chance(7);
        let mut seen = [0; 5];
        for _ in 0..1000 {
            seen[chance.in_range(10..15) - 10] += 1;
        }
        assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
    }
}
