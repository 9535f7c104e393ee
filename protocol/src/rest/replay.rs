//! Sending many deliveries once more, or sooner.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The body of `POST /v1/webhooks/ID/replays`: which of a webhook's deliveries are sent once more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReplay {
    /// All of them, or only those that failed (the default).
    #[serde(default)]
    pub which: ReplayWhich,
    /// Those that were created at this time or later; from the first on if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Those that were created before this time; up to now if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Which deliveries are sent once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReplayWhich {
    /// Those that failed.
    #[default]
    Failed,
    /// All, also those that were delivered.
    All,
}

/// A replay of many deliveries, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replay {
    /// `rpl_…`.
    pub id: String,
    /// `wh_…`.
    pub webhook: String,
    /// Which deliveries.
    pub which: ReplayWhich,
    /// Those that were created at this time or later, as it was asked; left out where nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Those that were created before this time, as it was asked; left out where nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How it stands.
    pub state: ReplayState,
    /// How many new deliveries were made so far.
    pub made: u64,
    /// When it was asked for.
    pub created: Timestamp,
}

/// How a replay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReplayState {
    /// New deliveries are being made, a few hundred ahead of what is sent.
    Running,
    /// All were made.
    Done,
    /// Somebody stopped it, or its webhook was deleted; what was made goes on, and no more is made.
    Stopped,
}

/// What came of `POST /v1/webhooks/ID/send-waiting`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BroughtForward {
    /// How many deliveries waited for a later time and are due now; those that were due already are not among them.
    pub brought_forward: u64,
    /// Whether there are more that wait for a later time: a call takes 100,000 of them.
    pub more: bool,
}
