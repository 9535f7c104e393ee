//! Deliveries and their attempts.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// `dlv_…`.
    pub id: String,
    /// `evt_…`; `null` for a test, whose data is no event.
    pub event: Option<String>,
    /// The type of the event.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The address that the message was sent to; `null` where the event names none, or is not kept any more.
    #[serde(default)]
    pub recipient: Option<String>,
    /// `wh_…`.
    pub webhook: String,
    /// How it stands.
    pub status: DeliveryStatus,
    /// Whether it was sent by the test tool or *check now*.
    pub test: bool,
    /// The delivery that it sends once more: `dlv_…`, which may not be kept any more. Left out where it is not a replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replays: Option<String>,
    /// Its attempts, the first one first. In lists, bodies are `null`.
    pub attempts: Vec<Attempt>,
    /// When it is tried again, if it is.
    pub next_attempt: Option<Timestamp>,
    /// When it would be tried after that, should that fail, and so on to the last attempt: as the schedule says, of which chance
    /// takes up to a tenth or adds as much, and a receiver adds what it asks for. In lists, and where nothing follows, it is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later_attempts: Vec<Timestamp>,
    /// When it was created.
    pub created: Timestamp,
}

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DeliveryStatus {
    /// It waits for its first or its next attempt.
    Pending,
    /// It was answered with 2xx.
    Delivered,
    /// Its last attempt failed and there is no next.
    Failed,
    /// Its webhook was deleted, or someone stopped it.
    Cancelled,
}

impl DeliveryStatus {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A header field as it was sent or received: its name and its value. Bytes of a value that are no UTF-8 are read as Latin-1.
pub type HeaderField = (String, String);

/// One call to a callback URL. At least one of `response` and `error` stands. Beside an answer, `error` is a note: it broke off,
/// is a redirect or a 101, has more header fields than are kept, or came while another address could not be called. Whether the
/// call was accepted, the status says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// 1 for the first.
    pub n: u32,
    /// When it began.
    pub started: Timestamp,
    /// How long it took, until the answer was read or given up.
    pub duration_ms: u64,
    /// Who was reached. `null` where nobody was, where a proxy chose the address, and of attempts of before it was kept.
    #[serde(default)]
    pub peer: Option<Peer>,
    /// What was sent.
    pub request: RequestRecord,
    /// What came back.
    pub response: Option<ResponseRecord>,
    /// What went wrong in between, or is to be noted: also where the receiver accepted it.
    pub error: Option<AttemptError>,
}

impl Attempt {
    /// Whether the receiver accepted it: the status is 2xx.
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.response.as_ref().is_some_and(|response| (200..300).contains(&response.status))
    }
}

/// An [`Attempt`], read for what came of it alone: who shows no more than that need not read the rest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AttemptOutcome {
    /// How long it took, until the answer was read or given up.
    pub duration_ms: u64,
    /// What came back.
    pub response: Option<AnswerStatus>,
    /// What went wrong in between, or is to be noted: also where the receiver accepted it.
    pub error: Option<AttemptError>,
}

/// A [`ResponseRecord`], read for its status alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct AnswerStatus {
    /// The status code.
    pub status: u16,
}

/// The other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Peer {
    /// The IP address: the very one that was checked and connected to.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "198.51.100.24"))]
    pub address: IpAddr,
    /// The TCP port.
    pub port: u16,
    /// Which TLS was agreed on; `null` without TLS, and where the handshake failed.
    pub tls: Option<TlsVersion>,
}

/// A version of TLS that callbacks are sent over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TlsVersion {
    /// RFC 5246.
    #[serde(rename = "1.2")]
    Tls12,
    /// RFC 8446.
    #[serde(rename = "1.3")]
    Tls13,
}

impl TlsVersion {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Tls12, Self::Tls13];

    /// `1.2` or `1.3`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        }
    }
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestRecord {
    /// `POST`.
    pub method: String,
    /// The whole URL; user and password in it read `***`.
    pub url: String,
    /// The header fields, in the order they were sent; the values of the webhook's own, and credentials, read `***`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<(String, String)>))]
    pub headers: Vec<HeaderField>,
    /// The body; `null` in lists.
    pub body: Option<String>,
}

/// A response as it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResponseRecord {
    /// The status code.
    pub status: u16,
    /// The header fields, in the order they came.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<(String, String)>))]
    pub headers: Vec<HeaderField>,
    /// The first 16 KiB of the body; `null` in lists.
    pub body: Option<String>,
    /// `base64` where the body is no UTF-8 and stands in `body` in base64; left out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_encoding: Option<String>,
    /// Whether more of the body came than is kept.
    #[serde(default)]
    pub truncated: bool,
}

/// Why an attempt failed without (or in the middle of) an answer, or what is to be noted beside one: see [`Attempt`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptError {
    /// For programs.
    pub kind: ErrorKind,
    /// For people: what happened and what to do.
    pub detail: String,
}

/// The kinds of failure between us and a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The host name could not be resolved.
    Dns,
    /// The address or port is one that Seinpost does not call; or one of several addresses is, and another was called.
    RefusedTarget,
    /// The connection was refused, reset, or not to be had.
    Connect,
    /// The TLS handshake failed.
    Tls,
    /// It took too long.
    Timeout,
    /// What came back is no HTTP, a redirect, or has more header fields than are kept.
    Protocol,
    /// The answer broke off after its status line.
    BrokenBody,
    /// The attempt could not be made (no key, for example).
    Internal,
}

/// The answer to `POST /v1/webhooks/check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checked {
    /// A row for each webhook.
    pub data: Vec<CheckedWebhook>,
}

/// What came of testing one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckedWebhook {
    /// `wh_…`.
    pub webhook: String,
    /// Whether its receiver accepted the test.
    pub ok: bool,
    /// The call; `null` for a webhook that is not verified, to which nothing is sent.
    pub attempt: Option<Attempt>,
}
