//! A clock that stands still until it is driven, and a timer that goes on as far as it is let go on.

use std::{
    future::Future,
    pin::Pin,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use seinpost_server::clock::Clock;
use tokio::sync::{oneshot, watch};

use super::within;

pub(crate) struct ManualClock {
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

struct State {
    now: i64,
    passed: Duration,
    sleepers: Vec<Sleeper>,
}

struct Sleeper {
    until: i64,
    /// Whether it is told when the clock is set back.
    by_the_clock: bool,
    wake: oneshot::Sender<()>,
}

impl ManualClock {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            state: Mutex::new(State { now, passed: Duration::ZERO, sleepers: Vec::new() }),
            changed: watch::channel(()).0,
        }
    }

    /// Sets the clock, forwards or backwards; who sleeps until then wakes. No time passes.
    pub(crate) fn set(&self, now: i64) {
        self.go_on(now, Duration::ZERO);
    }

    fn go_on(&self, now: i64, passed: Duration) {
        let mut state = self.state.lock().unwrap();
        state.passed += passed;
        let set_back = now < state.now;
        state.now = now;
        let sleepers = std::mem::take(&mut state.sleepers);
        for sleeper in sleepers {
            if sleeper.until <= now || (set_back && sleeper.by_the_clock) {
                let _ = sleeper.wake.send(());
            } else {
                state.sleepers.push(sleeper);
            }
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        let now = self.state.lock().unwrap().now;
        self.go_on(now + i64::try_from(by.as_millis()).unwrap(), by);
    }

    /// Waits until somebody sleeps, and lets the time come for which the first of them waits; how long that was.
    pub(crate) async fn advance_to_next_sleeper(&self) -> Duration {
        let passed = self.next_sleeper().await;
        self.advance(passed);
        passed
    }

    /// Waits until somebody sleeps; how much longer the first of them does.
    pub(crate) async fn next_sleeper(&self) -> Duration {
        let mut changed = self.changed.subscribe();
        let next = within("somebody sleeping", async {
            loop {
                changed.borrow_and_update();
                {
                    let mut state = self.state.lock().unwrap();
                    state.sleepers.retain(|sleeper| !sleeper.wake.is_closed());
                    if let Some(next) = state.sleepers.iter().map(|sleeper| sleeper.until).min() {
                        return next;
                    }
                }
                changed.changed().await.unwrap();
            }
        })
        .await;
        Duration::from_millis(u64::try_from(next - self.now()).unwrap_or(0))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> i64 {
        self.state.lock().unwrap().now
    }

    fn passed(&self) -> Duration {
        self.state.lock().unwrap().passed
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let state = self.state.lock().unwrap();
        let until = state.now + i64::try_from(duration.as_millis()).unwrap();
        self.wait(state, until, false)
    }

    fn sleep_until(&self, until: i64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.wait(self.state.lock().unwrap(), until, true)
    }
}

impl ManualClock {
    fn wait(
        &self,
        mut state: MutexGuard<'_, State>,
        until: i64,
        by_the_clock: bool,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (wake, woken) = oneshot::channel();
        if until > state.now {
            state.sleepers.push(Sleeper { until, by_the_clock, wake });
        } else {
            let _ = wake.send(());
        }
        drop(state);
        self.changed.send_replace(());
        Box::pin(async move {
            let _ = woken.await;
        })
    }
}
