//! Sends what is due: `schedule` knows what that is, `send` makes one attempt, `retry` says when again, and
//! `throttle` how many at a time.

mod deliver;
mod lane;
mod payloads;
mod retry;
mod schedule;
mod send;
mod sign;
mod signers;
mod throttle;

pub use retry::{InvalidSchedule, RetrySchedule};
pub use schedule::{Dispatcher, Limits};
pub use send::{Content, Sender};
