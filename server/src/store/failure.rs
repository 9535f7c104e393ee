//! What is wrong with a webhook that fails.

use std::time::Duration;

use super::AttemptRecord;
use crate::id::DeliveryId;

/// The newest attempt at a webhook that was not accepted, as far as it is found at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// When that is tried again, while it waits.
    pub due: Option<i64>,
    /// The attempt, without the body that was sent.
    pub attempt: AttemptRecord,
}

/// A webhook that has had nothing but failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streak {
    /// When the first of them began, by the clock.
    pub since: i64,
    /// For how long, by the machine's own timer while the server ran: a clock that is set changes nothing of it.
    pub lasted: Duration,
}
