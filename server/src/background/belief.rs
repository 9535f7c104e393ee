//! Whether the clock can be believed when it tells what is old. One that was set far ahead would make all old; where it was
//! set right, or the machine slept or was off, a day more does no harm.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;

use super::BETWEEN_ROUNDS;
use crate::{
    clock::Clock,
    store::{ClockSeen, Store},
};

/// How much the clock may go otherwise than the machine's own timer.
const TOLERANCE: Duration = Duration::from_secs(60 * 60);
/// How much it may have gone on while no server ran.
const ABSENCE: Duration = Duration::from_secs(24 * 60 * 60);
/// For how long nothing is forgotten after it went otherwise.
const DOUBT: Duration = Duration::from_secs(24 * 60 * 60);

/// The clock, as far as it is believed; over restarts, too.
pub(super) struct Believed {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    belief: Mutex<Option<Belief>>,
}

impl Believed {
    pub(super) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, belief: Mutex::default() }
    }

    /// The time, in milliseconds since the Unix epoch, if it is believed. What was seen of the clock is in the store by then.
    pub(super) async fn now(&self) -> Option<i64> {
        let mut kept = self.belief.lock().await;
        let mut belief = match kept.take() {
            Some(belief) => belief,
            None => match self.store.clock_seen().await {
                Ok(seen) => Belief::begin(seen, self.clock.now(), self.clock.passed()),
                Err(error) => {
                    tracing::error!(%error, "what was seen of the clock could not be read: nothing is forgotten");
                    return None;
                }
            },
        };
        let (clock, timer) = (self.clock.now(), self.clock.passed());
        let holds = belief.holds(clock, timer);
        if let Some(seen) = belief.unnoted() {
            match self.store.note_clock(seen).await {
                Ok(()) => belief.noted = Some((clock, belief.doubtful_until)),
                // A server that starts after this finds what was noted before, which makes it doubt.
                Err(error) => tracing::error!(%error, "what is seen of the clock could not be noted"),
            }
        }
        *kept = Some(belief);
        holds.then_some(clock)
    }
}

/// What was seen of the clock, and of the machine's own timer.
#[derive(Debug)]
struct Belief {
    clock: i64,
    timer: Duration,
    /// By the timer.
    doubtful_until: Option<Duration>,
    /// What of that the store knows.
    noted: Option<(i64, Option<Duration>)>,
}

impl Belief {
    /// Goes on after what was seen of the clock before this server ran.
    fn begin(seen: Option<ClockSeen>, clock: i64, timer: Duration) -> Self {
        let doubt = seen.and_then(|seen| {
            let off = clock.saturating_sub(seen.at);
            if is_more(off, ABSENCE) {
                tracing::warn!(
                    milliseconds = off,
                    "the clock was set, or no server ran: nothing is forgotten for a day"
                );
                return Some(DOUBT);
            }
            let left = u64::try_from(seen.doubtful_until?.saturating_sub(clock)).ok()?;
            Some(Duration::from_millis(left).min(DOUBT))
        });
        Self { clock, timer, doubtful_until: doubt.map(|doubt| timer + doubt), noted: None }
    }

    /// Whether the clock has gone as the timer for long enough.
    fn holds(&mut self, clock: i64, timer: Duration) -> bool {
        let passed = milliseconds(timer.saturating_sub(self.timer));
        let off = clock.saturating_sub(self.clock).saturating_sub(passed);
        (self.clock, self.timer) = (clock, timer);
        if is_more(off, TOLERANCE) {
            tracing::warn!(milliseconds = off, "the clock was set: nothing is forgotten for a day");
            self.doubtful_until = Some(timer + DOUBT);
        }
        self.doubtful_until = self.doubtful_until.filter(|until| timer < *until);
        self.doubtful_until.is_none()
    }

    /// What the store is to know, where it knows something else or what was long ago.
    fn unnoted(&self) -> Option<ClockSeen> {
        let is_known = self.noted.is_some_and(|(at, doubtful_until)| {
            doubtful_until == self.doubtful_until && !is_more(self.clock.saturating_sub(at), BETWEEN_ROUNDS / 2)
        });
        let until = |until: Duration| self.clock.saturating_add(milliseconds(until.saturating_sub(self.timer)));
        (!is_known).then(|| ClockSeen { at: self.clock, doubtful_until: self.doubtful_until.map(until) })
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Whether so many milliseconds, of either sign, are more than this.
fn is_more(off: i64, than: Duration) -> bool {
    u128::from(off.unsigned_abs()) > than.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: i64 = 1_769_860_800_000;
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: i64 = 60 * 60 * 1000;
    const DAY: i64 = 24 * HOUR;

    #[test]
    fn a_clock_that_was_set_tells_nothing_for_a_day() {
        let (mut clock, mut timer) = (BEGIN, MINUTE);
        let mut belief = Belief::begin(None, clock, timer);
        let mut after = |by: Duration, set: i64| {
            timer += by;
            clock += milliseconds(by) + set;
            belief.holds(clock, timer)
        };
        assert!(after(MINUTE, 0) && after(10 * MINUTE, 1000) && after(MINUTE, -1000), "it is put right now and then");
        for set in [40 * DAY, -40 * DAY] {
            assert!(!after(MINUTE, set) && !after(DOUBT - MINUTE, 0), "{set}");
            assert!(after(MINUTE, 0), "{set}");
        }
    }

    /// The time of the clock after which it is believed, in hours, for one that begins with what was seen of it.
    fn believed_after(seen: Option<ClockSeen>) -> i64 {
        let mut belief = Belief::begin(seen, BEGIN, MINUTE);
        let hours = (0..100).find(|hours| {
            let passed = Duration::from_secs(hours * 3600);
            belief.holds(BEGIN + milliseconds(passed), MINUTE + passed)
        });
        i64::try_from(hours.unwrap()).unwrap()
    }

    #[test]
    fn a_server_that_starts_goes_on_doubting() {
        let seen = |hours_ago, left: Option<i64>| {
            Some(ClockSeen { at: BEGIN - hours_ago * HOUR, doubtful_until: left.map(|hours| BEGIN + hours * HOUR) })
        };
        for (seen, after) in [
            (None, 0),
            (seen(0, None), 0),
            (seen(24, None), 0),
            (seen(25, None), 24),
            (seen(-25, None), 24),
            (seen(1, Some(7)), 7),
            (seen(1, Some(-7)), 0),
            (seen(25, Some(7)), 24),
            (seen(1, Some(40 * 24)), 24),
        ] {
            assert_eq!(believed_after(seen), after, "{seen:?}");
        }
    }

    #[test]
    fn what_was_seen_is_noted_once_in_a_round_and_when_doubt_begins_or_ends() {
        let mut belief = Belief::begin(None, BEGIN, MINUTE);
        let mut noted = |minutes: u32, set: i64| {
            let timer = MINUTE + minutes * MINUTE;
            belief.holds(BEGIN + milliseconds(minutes * MINUTE) + set, timer);
            let seen = belief.unnoted();
            if let Some(seen) = seen {
                belief.noted = Some((seen.at, belief.doubtful_until));
            }
            seen.map(|seen| seen.doubtful_until)
        };
        assert_eq!([noted(0, 0), noted(1, 0), noted(10, 0), noted(11, 0)], [Some(None), None, Some(None), None]);
        assert_eq!(noted(12, 2 * HOUR), Some(Some(BEGIN + 12 * 60_000 + 2 * HOUR + DAY)));
        assert_eq!(noted(13, 2 * HOUR), None);
        assert_eq!(noted(12 + 24 * 60, 2 * HOUR), Some(None));
    }
}
