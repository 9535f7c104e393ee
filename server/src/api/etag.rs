//! `ETag` and `If-Match`: nobody overwrites what somebody else has just changed.
//!
//! The tag of a webhook stands for its settings, not for `last_delivery`: a delivery in between keeps nobody from saving.
//! That of the environment stands for its name, which is all that can be changed of it.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use seinpost_protocol::rest::{ProblemCode, ProblemType};

use super::error::ApiError;
use crate::store::{Environment, WebhookRecord};

/// What has a tag.
pub(super) trait Tagged {
    /// What it is called, in a sentence.
    const WHAT: &'static str;

    /// Its tag.
    fn tag(&self) -> String;
}

impl Tagged for WebhookRecord {
    const WHAT: &'static str = "webhook";

    fn tag(&self) -> String {
        format!("\"v{}\"", self.version)
    }
}

impl Tagged for Environment {
    const WHAT: &'static str = "environment";

    fn tag(&self) -> String {
        let hash = digest(&SHA256, self.name.as_bytes());
        format!("\"n{}\"", URL_SAFE_NO_PAD.encode(&hash.as_ref()[..12]))
    }
}

/// The header with a thing's tag, for an answer that shows it.
pub(super) fn of(thing: &impl Tagged) -> [(HeaderName, HeaderValue); 1] {
    // Letters and digits, which are allowed in a header field.
    let value = HeaderValue::from_str(&thing.tag()).unwrap_or(HeaderValue::from_static("\"\""));
    [(header::ETAG, value)]
}

/// Refuses a call whose `If-Match` (RFC 9110 §13.1.1) does not name the thing as it is.
pub(super) fn check<T: Tagged>(headers: &HeaderMap, thing: &T) -> Result<(), ApiError> {
    let mut values = headers.get_all(header::IF_MATCH).iter().peekable();
    if values.peek().is_none() {
        return Ok(());
    }
    let tag = thing.tag();
    let mut tags = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    if tags.any(|each| matches!(each.trim(), one if one == "*" || one == tag)) {
        Ok(())
    } else {
        Err(changed::<T>(headers))
    }
}

/// Somebody else has changed it since it was read.
pub(super) fn changed<T: Tagged>(headers: &HeaderMap) -> ApiError {
    let what = T::WHAT;
    if headers.contains_key(header::IF_MATCH) {
        let detail =
            format!("The {what} was changed since you read it. Nothing was done: read it again, and decide anew.");
        ProblemType::PreconditionFailed.because(detail).into()
    } else {
        let detail =
            format!("Somebody else changed the {what} at the same moment. Nothing was done: make the call again.");
        ProblemType::Conflict.because(detail).coded(ProblemCode::ChangedMeanwhile).into()
    }
}
