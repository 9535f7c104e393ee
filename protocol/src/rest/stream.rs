//! What happens, as it happens: the server-sent events of `GET /v1/stream`.

use serde::{Deserialize, Serialize};

use super::{DeliveryStatus, ErrorKind, Timestamp};

/// The data of one server-sent event. Its name (`event:`) is the value of `kind`; its `id:` is what a client sends in
/// `Last-Event-ID` to go on after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum StreamEvent {
    /// The stream begins here; what happens from now on follows.
    Hello,
    /// What was asked for by `Last-Event-ID` is no longer at hand: things may have changed that were not told. Read the
    /// lists anew; what happens from now on follows.
    Gap,
    /// A delivery was made, tried or cancelled.
    Delivery(DeliveryChange),
    /// A webhook was made, changed or deleted.
    Webhook(WebhookChange),
}

impl StreamEvent {
    /// The name of the event, and the value of `kind`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Gap => "gap",
            Self::Delivery(_) => "delivery",
            Self::Webhook(_) => "webhook",
        }
    }
}

/// How a delivery stands after something happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryChange {
    /// `dlv_…`.
    pub id: String,
    /// `evt_…`; `null` for a test.
    pub event: Option<String>,
    /// The type of the event.
    #[serde(rename = "type")]
    pub event_type: String,
    /// `wh_…`.
    pub webhook: String,
    /// How it stands now.
    pub status: DeliveryStatus,
    /// Whether it is a test.
    pub test: bool,
    /// When it was made.
    pub created: Timestamp,
    /// The attempt that was just made; `null` where it was only made or cancelled.
    pub attempt: Option<AttemptBrief>,
    /// When it is tried again, if it is.
    pub next_attempt: Option<Timestamp>,
}

/// An attempt in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptBrief {
    /// 1 for the first.
    pub n: u32,
    /// When it began.
    pub started: Timestamp,
    /// How long it took.
    pub duration_ms: u64,
    /// The status of the answer, if there was one.
    pub response_status: Option<u16>,
    /// What went wrong, if something did.
    pub error: Option<ErrorKind>,
}

/// Which webhook was made, changed or deleted: read it for how it stands now (404: it is deleted).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookChange {
    /// `wh_…`.
    pub id: String,
}
