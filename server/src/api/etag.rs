//! `ETag` and `If-Match`: nobody overwrites what somebody else has just changed.
//!
//! The tag stands for the settings of a webhook, not for `last_delivery`: a delivery in between keeps nobody from saving.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use seinpost_protocol::rest::ProblemType;

use super::error::ApiError;
use crate::store::WebhookRecord;

/// The header with a webhook's tag, for an answer that shows it.
pub(super) fn of(webhook: &WebhookRecord) -> [(HeaderName, HeaderValue); 1] {
    // Digits and a letter: they are allowed in a header field.
    let value = HeaderValue::from_str(&tag(webhook)).unwrap_or(HeaderValue::from_static("\"\""));
    [(header::ETAG, value)]
}

fn tag(webhook: &WebhookRecord) -> String {
    format!("\"v{}\"", webhook.version)
}

/// Refuses a call whose `If-Match` (RFC 9110 §13.1.1) does not name the webhook as it is.
pub(super) fn check(headers: &HeaderMap, webhook: &WebhookRecord) -> Result<(), ApiError> {
    let mut values = headers.get_all(header::IF_MATCH).iter().peekable();
    if values.peek().is_none() {
        return Ok(());
    }
    let tag = tag(webhook);
    let mut tags = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    if tags.any(|each| matches!(each.trim(), one if one == "*" || one == tag)) { Ok(()) } else { Err(changed(headers)) }
}

/// Somebody else has changed the webhook since it was read.
pub(super) fn changed(headers: &HeaderMap) -> ApiError {
    if headers.contains_key(header::IF_MATCH) {
        let detail = "The webhook was changed since you read it. Nothing was done: read it again, and decide anew.";
        ProblemType::PreconditionFailed.because(detail).into()
    } else {
        let detail = "Somebody else changed the webhook at the same moment. Nothing was done: make the call again.";
        ProblemType::Conflict.because(detail).into()
    }
}
