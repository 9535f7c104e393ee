//! Handing in events.

use serde::{Deserialize, Serialize};

use super::VariableProblem;

/// The answer to `POST /v1/events`: 202, or 422 when all were rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsAccepted {
    /// The events that are now durable, in the order they came.
    pub accepted: Vec<Accepted>,
    /// The lines that are not events, each with its number.
    pub rejected: Vec<VariableProblem>,
}

/// An event that is now durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// `evt_…`.
    pub id: String,
    /// To how many webhooks it goes.
    pub deliveries: u32,
}
