//! Proving that the URL of a webhook is its owner's.

use serde::{Deserialize, Serialize};

use super::{ErrorKind, HeaderField, Peer};

/// The verification file of a webhook and where it may stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verification {
    /// Its name, `smtpeter-XXXXX.txt`.
    pub file: String,
    /// What stands in it.
    pub content: String,
    /// The URLs at which it is looked for: beside the script, then in the root (one, where they are the same).
    pub locations: Vec<String>,
}

/// The answer to `POST /v1/webhooks/ID/verify`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerifyResult {
    /// Whether the file was found, as it should be, at one of the places.
    pub verified: bool,
    /// Each place that was tried, in order.
    pub tried: Vec<Tried>,
}

/// What came of looking for the verification file at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tried {
    /// Where.
    pub url: String,
    /// What came of it, for programs.
    pub outcome: Outcome,
    /// Who was reached; left out where nobody was, and where a proxy chose the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Peer>,
    /// The status code, if there was an answer.
    pub status: Option<u16>,
    /// What came of it and what to do, for people.
    pub detail: String,
    /// Why there was no answer, or why it broke off, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorKind>,
    /// The header fields of the answer, in the order they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<(String, String)>))]
    pub headers: Vec<HeaderField>,
    /// The beginning of the body that came back (at most 2 KiB, bytes that are no UTF-8 replaced), where it was another than expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// How long it took.
    pub duration_ms: u64,
}

/// What came of one look for the verification file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The file stands there.
    Match,
    /// 200, but with another body.
    AnotherBody,
    /// Not a 2xx status.
    AnotherStatus,
    /// A redirect, which is not followed.
    Redirect,
    /// No answer: the target is refused, or the connection failed.
    NoAnswer,
}
