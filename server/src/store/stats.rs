//! What is counted of deliveries and of response times, and who asks for what.

use std::ops::Range;

use super::{Histogram, WebhookKey};

/// The shortest time that is counted by itself, in milliseconds: 5 minutes.
pub const STEP: i64 = 5 * 60 * 1000;

/// Whose figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatScope {
    /// Those of all webhooks of an environment together.
    Environment(u64),
    /// Those of one webhook.
    Webhook(WebhookKey),
}

/// What was counted in a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatRow {
    /// Of whom.
    pub scope: StatScope,
    /// When the time begins.
    pub start: i64,
    /// The deliveries made in it, by how their newest attempt went: accepted at once, after a retry, refused, not answered.
    /// Rows only mean something when they are added up: one can take back what another has counted.
    pub outcomes: [i64; 4],
    /// How long the attempts took that were begun in it and answered.
    pub times: Histogram,
}

/// Which figures.
#[derive(Clone, Debug)]
pub struct StatQuery {
    /// Of whom.
    pub scopes: Vec<StatScope>,
    /// Of times that begin in this.
    pub time: Range<i64>,
}
