//! Handing in events, and finding them again.

use serde::{Deserialize, Serialize};

use super::{DeliveryStatus, Timestamp, VariableProblem};

/// The answer to `POST /v1/events`: 202, or 422 when all were rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventsAccepted {
    /// The events that are now durable, in the order they came.
    pub accepted: Vec<Accepted>,
    /// The lines that are not events, each with its number.
    pub rejected: Vec<VariableProblem>,
}

/// An event that is now durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accepted {
    /// `evt_…`.
    pub id: String,
    /// To how many webhooks it goes.
    pub deliveries: u32,
}

/// The query of `GET /v1/events`: what is left out is not asked for. Newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventSearch {
    /// The id of the message that they are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The address that the message was sent to; capitals make no difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// Tags, separated by `;`: events that have all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
    /// Types, separated by `,`: events of one of them.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// Events that were taken in at this time or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Events that were taken in before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How many rows: 1 to 200, 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// An event, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventSummary {
    /// `evt_…`.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The id of the message that it is about: the variable `id`.
    pub message: Option<String>,
    /// The address that the message was sent to.
    pub recipient: Option<String>,
    /// The tags of the message.
    pub tags: Vec<String>,
    /// When it happened: the variable `time`.
    pub occurred: Option<Timestamp>,
    /// When it was taken in.
    pub created: Timestamp,
}

/// The answer to `GET /v1/events/ID`: an event with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventDetail {
    /// The event in short.
    pub event: EventSummary,
    /// Its JSON, byte for byte as it came (bytes that are no UTF-8 replaced).
    pub body: String,
    /// Whether its `mime` can be diagnosed, by `GET /v1/events/ID/diagnosis`.
    pub diagnosable: bool,
    /// The deliveries that it made, replays among them, the oldest first; at most 1,000.
    pub deliveries: Vec<EventDelivery>,
    /// Whether it made more deliveries than are listed.
    pub more_deliveries: bool,
}

/// One delivery of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventDelivery {
    /// `dlv_…`.
    pub id: String,
    /// `wh_…`.
    pub webhook: String,
    /// How it stands.
    pub status: DeliveryStatus,
    /// The delivery that it sends once more: `dlv_…`, which may not be kept any more. Left out where it is not a replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replays: Option<String>,
    /// How many attempts were made.
    pub attempts: u32,
    /// The status of the newest attempt's answer, if one was answered.
    pub response_status: Option<u16>,
    /// When it is tried again, if it is.
    pub next_attempt: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
}
