//! When a failed delivery is tried again.

use std::{fmt, str::FromStr, time::Duration};

use seinpost_protocol::rest::{DisabledCode, Timestamp};

use crate::{
    entropy::Entropy,
    store::{AttemptRecord, Streak},
};

/// How much a delay may be shorter or longer than the schedule says, so that what failed together does not come back
/// together: ±10 %.
const JITTER: f64 = 0.1;

/// For how long a receiver can ask to be left alone.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);
/// The same in milliseconds: no retry is later than this but by a schedule of longer delays.
pub(super) const FAR: i64 = LONGEST_ASKED.as_secs().cast_signed() * 1000;
/// After how long of nothing but failures a webhook is disabled: four days, lived through.
const LONGEST_FAILING: Duration = Duration::from_secs(4 * 24 * 60 * 60);

/// The delays between attempts: after the first failure the first, and so on; after the last there is no other attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrySchedule(Vec<Duration>);

impl Default for RetrySchedule {
    /// 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
    fn default() -> Self {
        const HOUR: u64 = 3600;
        Self(
            [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]
                .map(Duration::from_secs)
                .to_vec(),
        )
    }
}

impl RetrySchedule {
    /// The schedule of one webhook.
    #[must_use]
    pub fn from_seconds(delays: &[u32]) -> Self {
        Self(delays.iter().map(|seconds| Duration::from_secs(u64::from(*seconds))).collect())
    }

    /// The delays in seconds, a part of one taken for a whole.
    pub fn seconds(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|delay| u32::try_from(delay.as_millis().div_ceil(1000)).unwrap_or(u32::MAX))
    }

    /// The delay, if there is just one.
    #[must_use]
    pub fn single(&self) -> Option<Duration> {
        match self.0.as_slice() {
            [delay] => Some(*delay),
            _ => None,
        }
    }

    /// No retry is later than this after its attempt, whatever the receiver asks for.
    #[must_use]
    pub(super) fn longest(&self) -> Duration {
        // Jitter and rounding are within this.
        let delay = self.0.iter().max().copied().unwrap_or_default().mul_f64(1.0 + 2.0 * JITTER);
        delay.max(LONGEST_ASKED)
    }

    /// When a delivery would be tried after attempt `n` (from 1), which is made at `at`, and so on to the last attempt; without
    /// what chance adds. In milliseconds since the Unix epoch.
    pub fn times_after(&self, n: usize, at: i64) -> impl Iterator<Item = i64> {
        let delays = self.0.get(n.saturating_sub(1)..).unwrap_or_default().iter();
        delays.scan(at, |at, delay| {
            *at = at.saturating_add(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX));
            Some(*at)
        })
    }

    /// Whether there is no attempt after attempt `n` (from 1).
    pub(super) fn is_last(&self, n: u32) -> bool {
        usize::try_from(n).is_ok_and(|n| n > self.0.len())
    }

    /// How long to wait after the failed attempt `n` (from 1), or that there is no other.
    #[must_use]
    pub fn after(&self, n: u32, entropy: &dyn Entropy) -> Option<Duration> {
        let delay = self.0.get(usize::try_from(n).ok()?.checked_sub(1)?)?;
        let random = f64::from(u32::from_le_bytes(entropy.bytes())) / f64::from(u32::MAX);
        Some(delay.mul_f64(1.0 - JITTER + 2.0 * JITTER * random))
    }
}

/// How long the receiver asks to be left alone, in `Retry-After` (RFC 9110 §10.2.3): at most a day.
pub(super) fn asked_for(attempt: &AttemptRecord, now: i64) -> Option<Duration> {
    let response = attempt.response.as_ref()?;
    let text = std::str::from_utf8(response.headers.get("retry-after")?).ok()?.trim();
    let asked = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
            until.saturating_sub(Duration::from_millis(u64::try_from(now).ok()?))
        }
    };
    Some(asked.min(LONGEST_ASKED))
}

/// Why a webhook is to be disabled after this attempt, if it is.
pub(super) fn reason_to_disable(attempt: &AttemptRecord, streak: Option<Streak>) -> Option<(DisabledCode, String)> {
    if attempt.response.as_ref().is_some_and(|response| response.status == 410) {
        return Some((DisabledCode::Gone, "The receiver answered 410 (Gone): it wants no more calls.".into()));
    }
    let streak = streak.filter(|streak| streak.lasted >= LONGEST_FAILING)?;
    let reason = format!("Every call has failed since {}, for four days.", Timestamp::from_millis(streak.since));
    Some((DisabledCode::Failing, reason))
}

/// A text that is no schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSchedule(String);

impl fmt::Display for InvalidSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no delay; a schedule is delays separated by commas, such as \"5s, 5m, 2h\" (ms, s, m, h)",
            self.0
        )
    }
}

impl std::error::Error for InvalidSchedule {}

/// Delays separated by commas; `5s, 5m, 2h`. An empty text is no retries.
impl FromStr for RetrySchedule {
    type Err = InvalidSchedule;

    fn from_str(text: &str) -> Result<Self, InvalidSchedule> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| delay(item).ok_or_else(|| InvalidSchedule(item.into()))).collect::<Result<_, _>>().map(Self)
    }
}

fn delay(text: &str) -> Option<Duration> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let millis = match text[digits..].trim() {
        "ms" => 1,
        "s" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    // Thirty days is more than anybody means.
    let total = number.checked_mul(millis).filter(|total| (1..=30 * 24 * 3_600_000).contains(total))?;
    Some(Duration::from_millis(total))
}

impl fmt::Display for RetrySchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, delay) in self.0.iter().enumerate() {
            let millis = delay.as_millis();
            let (number, unit) = match millis {
                _ if millis.is_multiple_of(3_600_000) => (millis / 3_600_000, "h"),
                _ if millis.is_multiple_of(60_000) => (millis / 60_000, "m"),
                _ if millis.is_multiple_of(1000) => (millis / 1000, "s"),
                _ => (millis, "ms"),
            };
            write!(f, "{}{number}{unit}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn the_default_schedule_ends_after_ten_attempts() {
        let schedule = RetrySchedule::default();
        assert_eq!(schedule.to_string(), "5s, 5m, 30m, 2h, 5h, 10h, 14h, 20h, 24h");
        assert_eq!(schedule.to_string().parse(), Ok(schedule.clone()));
        assert!(schedule.after(9, &SystemEntropy).is_some());
        assert_eq!(schedule.after(10, &SystemEntropy), None);
        assert_eq!([9, 10, 11].map(|n| schedule.is_last(n)), [false, true, true]);
        assert_eq!(schedule.after(0, &SystemEntropy), None);
    }

    #[test]
    fn delays_vary_by_a_tenth_and_no_more() {
        let schedule = RetrySchedule::default();
        let delays: Vec<_> = (0..1000).filter_map(|_| schedule.after(1, &SystemEntropy)).collect();
        assert!(delays.iter().all(|delay| (4500..=5500).contains(&delay.as_millis())), "{delays:?}");
        assert!(delays.iter().any(|delay| delay.as_millis() < 4800));
        assert!(delays.iter().any(|delay| delay.as_millis() > 5200));
    }

    #[test]
    fn what_is_no_schedule_is_named() {
        assert_eq!("".parse(), Ok(RetrySchedule(Vec::new())));
        for wrong in ["5", "s", "5x", "-1s", "0s", "1.5s", "999999999999h", "99999999999999999999s", "1s;2s"] {
            assert!(wrong.parse::<RetrySchedule>().is_err(), "{wrong}");
        }
    }
}
