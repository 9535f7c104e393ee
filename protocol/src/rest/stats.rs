//! Counts and response times over time.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// How far back statistics reach, and in what steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StatsRange {
    /// The last hour, in 12 steps of 5 minutes.
    #[serde(rename = "1h")]
    Hour,
    /// The last 24 hours, in 24 steps of an hour.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// The last 7 days, in 28 steps of 6 hours.
    #[serde(rename = "7d")]
    Week,
    /// The last 30 days, in 30 steps of a day (UTC).
    #[serde(rename = "30d")]
    Month,
}

impl StatsRange {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Month];

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// How long a step is, in seconds.
    #[must_use]
    pub fn step_seconds(self) -> u32 {
        match self {
            Self::Hour => 5 * 60,
            Self::Day => 60 * 60,
            Self::Week => 6 * 60 * 60,
            Self::Month => 24 * 60 * 60,
        }
    }

    /// How many steps there are.
    #[must_use]
    pub fn steps(self) -> u32 {
        match self {
            Self::Hour => 12,
            Self::Day => 24,
            Self::Week => 28,
            Self::Month => 30,
        }
    }
}

/// The answer to `GET /v1/stats`: of one webhook, or of all of an environment. Tests are not counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stats {
    /// `wh_…`; `null` for all webhooks together.
    pub webhook: Option<String>,
    /// How far back it reaches.
    pub range: StatsRange,
    /// Where the first step begins: steps begin at whole multiples of their length (UTC).
    pub from: Timestamp,
    /// Now: where the last step, which goes on, has come.
    pub until: Timestamp,
    /// How long a step is, in seconds.
    pub step_seconds: u32,
    /// All steps together.
    pub total: Figures,
    /// How many deliveries wait for their first or their next attempt, whenever they were made.
    pub waiting: Waiting,
    /// Each step, the oldest first; also those in which there was nothing.
    pub steps: Vec<StatsStep>,
}

/// The answer to `GET /v1/stats/all-time`: every delivery that one webhook, or all of an environment, ever had and that was tried,
/// also those that are no longer kept. Tests are not counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AllTime {
    /// `wh_…`; `null` for all webhooks together, deleted ones included.
    pub webhook: Option<String>,
    /// When the webhook, or the environment, was made.
    pub since: Timestamp,
    /// The deliveries, by how their newest attempt went.
    pub deliveries: Outcomes,
    /// The share of these that were accepted, from 0 to 1; `null` where there were none.
    pub success: Option<f64>,
}

/// One step of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatsStep {
    /// Where it begins.
    pub start: Timestamp,
    /// The deliveries that were made in it and tried, by how their newest attempt went.
    pub deliveries: Outcomes,
    /// How long receivers took in it.
    pub response: ResponseTimes,
}

/// What there was in a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// The deliveries that were made in this time and tried, by how their newest attempt went.
    pub deliveries: Outcomes,
    /// The share of these that were accepted, from 0 to 1; `null` where there were none.
    pub success: Option<f64>,
    /// How long receivers took in this time.
    pub response: ResponseTimes,
}

/// Deliveries, each counted once, by how its newest attempt went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outcomes {
    /// Accepted at the first attempt.
    pub at_once: u64,
    /// Accepted at a later attempt.
    pub retried: u64,
    /// Answered with another status than 2xx; it may be tried again.
    pub refused: u64,
    /// Not answered; it may be tried again.
    pub unanswered: u64,
}

impl Outcomes {
    /// All deliveries.
    #[must_use]
    pub fn total(self) -> u64 {
        self.accepted().saturating_add(self.refused).saturating_add(self.unanswered)
    }

    /// Those that were accepted.
    #[must_use]
    pub fn accepted(self) -> u64 {
        self.at_once.saturating_add(self.retried)
    }

    /// The share of those that were accepted, from 0 to 1; `None` where there were none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share of counts far below 2^53")]
    pub fn success(self) -> Option<f64> {
        (self.total() > 0).then(|| self.accepted() as f64 / self.total() as f64)
    }
}

/// How long receivers took to answer, of all attempts that were answered in a time, with whatever status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResponseTimes {
    /// How many answers there were.
    pub answers: u64,
    /// Half of them came within so many milliseconds (to within 7 %); `null` where there were none.
    pub median_ms: Option<u64>,
    /// 95 of 100 came within so many milliseconds (to within 7 %); `null` where there were none.
    pub p95_ms: Option<u64>,
}

/// How many deliveries wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// So many.
    pub count: u64,
    /// Whether there are more than that: counting stops at 100,000, and for each webhook of `GET /v1/stats/webhooks` at 10,000.
    pub more: bool,
}

/// The answer to `GET /v1/stats/events`: how many events came in during the last 24 hours, and so how many calls a webhook
/// for their types would have got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventLoad {
    /// Since when it was counted.
    pub from: Timestamp,
    /// Until when: now.
    pub until: Timestamp,
    /// Each type of event, also those that never came.
    pub types: Vec<TypeLoad>,
}

/// How many events of a type came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TypeLoad {
    /// Which type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// So many.
    pub count: u64,
    /// Whether there are more than that: counting stops at 100,000, the newest first.
    pub more: bool,
    /// How many of them came in the busiest minute.
    pub busiest_minute: u64,
}

/// A row of `GET /v1/stats/webhooks`: a webhook in short, for a list of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookStats {
    /// `wh_…`.
    pub webhook: String,
    /// All steps together.
    pub total: Figures,
    /// How many deliveries wait; counting stops at 10,000.
    pub waiting: Waiting,
    /// The deliveries of each step of the range, the oldest first; also of those in which there was nothing.
    pub points: Vec<Outcomes>,
}
