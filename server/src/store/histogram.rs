//! Response times, counted in steps that grow with the time: each is at most an eighth of where it begins.

/// Into how many steps each doubling is divided.
const STEPS: u64 = 8;
/// Times above this count as this, in milliseconds: about a quarter of an hour, longer than any call takes.
const MOST: u64 = (1 << 20) - 1;

/// How many calls took how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram(Vec<(u8, u64)>);

impl Histogram {
    /// Counts a time in milliseconds.
    pub fn add(&mut self, millis: u64) {
        self.add_to(step_of(millis), 1);
    }

    /// Counts what another has counted.
    pub fn merge(&mut self, other: &Self) {
        for (step, count) in &other.0 {
            self.add_to(*step, *count);
        }
    }

    fn add_to(&mut self, step: u8, count: u64) {
        match self.0.binary_search_by_key(&step, |(step, _)| *step) {
            Ok(found) => self.0[found].1 = self.0[found].1.saturating_add(count),
            Err(place) => self.0.insert(place, (step, count)),
        }
    }

    /// How many times were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// Within how many milliseconds so many of a hundred were; to within 7 %.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let count = u128::from(self.count());
        let wanted = (count * u128::from(percent)).div_ceil(100).max(1);
        let mut seen = 0;
        self.0.iter().find_map(|(step, count)| {
            seen += u128::from(*count);
            (seen >= wanted).then(|| middle_of(*step))
        })
    }

    /// As bytes: each step that is not empty and its count, as variable-length numbers.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Writing to a vector cannot fail.
        postcard::to_stdvec(&self.0).unwrap_or_default()
    }

    /// What [`to_bytes`](Self::to_bytes) wrote; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let steps: Vec<(u8, u64)> = postcard::from_bytes(bytes).ok()?;
        steps.is_sorted_by(|(a, _), (b, _)| a < b).then_some(Self(steps))
    }
}

/// The step that a time falls in: below 8 ms each millisecond has its own.
fn step_of(millis: u64) -> u8 {
    let millis = millis.min(MOST);
    let step = match millis.checked_ilog2() {
        Some(doubling @ 3..) => STEPS * u64::from(doubling - 2) + ((millis >> (doubling - 3)) & (STEPS - 1)),
        _ => millis,
    };
    u8::try_from(step).unwrap_or(u8::MAX)
}

/// The middle of a step, in milliseconds.
fn middle_of(step: u8) -> u64 {
    let step = u64::from(step);
    if step < STEPS {
        return step;
    }
    let (doubling, part) = (step / STEPS - 1, step % STEPS);
    ((STEPS + part) << doubling) + ((1_u64 << doubling) - 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_known_to_within_seven_percent() {
        for millis in (0..3000).chain((3000..MOST).step_by(997)) {
            let known = middle_of(step_of(millis));
            assert!(known.abs_diff(millis) * 100 <= millis * 7, "{millis} ms is known as {known} ms");
        }
        assert_eq!(step_of(u64::MAX), step_of(MOST));
    }

    #[test]
    fn percentiles() {
        let mut all = Histogram::default();
        assert_eq!((all.count(), all.percentile(50)), (0, None));
        for millis in 1..=100 {
            all.add(millis);
        }
        assert_eq!(all.count(), 100);
        assert!(all.percentile(50).unwrap_or(0).abs_diff(50) <= 3, "{:?}", all.percentile(50));
        assert!(all.percentile(95).unwrap_or(0).abs_diff(95) <= 6, "{:?}", all.percentile(95));
        let mut two = all.clone();
        two.merge(&all);
        assert_eq!((two.count(), two.percentile(50)), (200, all.percentile(50)));
    }

    #[test]
    fn bytes_and_back() {
        let mut all = Histogram::default();
        assert_eq!(Histogram::from_bytes(&all.to_bytes()), Some(all.clone()));
        for millis in [0, 4, 40, 41, 400, 15_000, u64::MAX] {
            all.add(millis);
        }
        assert_eq!(Histogram::from_bytes(&all.to_bytes()), Some(all));
        for damaged in [&b"\xff"[..], b"\x02\x05\x01\x04\x01"] {
            assert_eq!(Histogram::from_bytes(damaged), None);
        }
    }
}
