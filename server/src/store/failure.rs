//! What is wrong with a webhook that fails.

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
