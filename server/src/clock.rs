//! The time, handed in: whoever needs it is given a [`Clock`], so that tests can drive it.

use std::{
    future::Future,
    pin::Pin,
    sync::LazyLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Tells the time and waits for it.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch. May jump, also backwards, when the machine's clock is set.
    fn now(&self) -> i64;

    /// How much time has passed since some moment, by the machine's own timer: it goes on as it did when the clock is set.
    fn passed(&self) -> Duration;

    /// Returns once `duration` has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Returns once it is `until`, in milliseconds since the Unix epoch: at once if it is past that, and soon after the
    /// machine's clock was set past it. Also returns soon after the clock was set back: `until` may then be wrong.
    fn sleep_until(&self, until: i64) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// How long nobody looks at the clock: it may have been set, or the machine may have slept.
const GLANCE: Duration = Duration::from_secs(10);

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
        let now = SystemTime::now();
        match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            // A clock before 1970 is a clock that was never set.
            Err(_) => 0,
        }
    }

    fn passed(&self) -> Duration {
        static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGIN.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn sleep_until(&self, until: i64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = *self;
        Box::pin(async move {
            let mut before = i64::MIN;
            loop {
                let now = clock.now();
                let Ok(left @ 1..) = u64::try_from(until.saturating_sub(now)) else { return };
                if now < before {
                    return;
                }
                before = now;
                tokio::time::sleep(Duration::from_millis(left).min(GLANCE)).await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_past_is_not_waited_for() {
        let now = SystemClock.now();
        SystemClock.sleep_until(i64::MIN).await;
        SystemClock.sleep_until(now - 1).await;
        SystemClock.sleep_until(now + 20).await;
        assert!(SystemClock.now() >= now + 20);
    }
}
