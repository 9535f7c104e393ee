//! Sends what is due: `schedule` knows what that is, `render` makes the body, `send` makes one attempt, `retry` says when
//! again, `throttle` how many at a time and how often, and `freight` how many bytes at a time.

mod deliver;
mod examine;
mod freight;
mod lane;
mod payloads;
mod ready;
mod receiver;
pub mod render;
mod retry;
mod schedule;
mod send;
mod sign;
mod signers;
mod throttle;
mod turns;

pub(crate) use examine::{Deviation, Prepared};
pub use receiver::Receiver;
pub use retry::{InvalidSchedule, RetrySchedule};
pub use schedule::{Dispatcher, Limits};
pub(crate) use send::identity;
pub use send::{Attempted, Content, Sender};
