//! How what the store keeps is shown.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use seinpost_protocol::{
    ownership,
    rest::{
        Attempt, AttemptError, BodyFormat, Delivery, Failing, HeaderField, LastDelivery, Privacy, RefusedCheck,
        RequestRecord, ResponseRecord, Timestamp, Verification, Webhook, WebhookOptions, WebhookStatus,
    },
};

use crate::{
    dispatch::render,
    egress::Target,
    fields::Fields,
    id::{EventId, created},
    store::{
        AttemptRecord, DeliveryRecord, DeliverySummary, EventRecord, Failure, RecordedBody, RecordedResponse,
        Rendering, WebhookRecord,
    },
};

/// A webhook; with `***` for user and password in its URL. `failure` is what is shown of it where it fails.
pub(super) fn webhook(record: &WebhookRecord, last: Option<&DeliverySummary>, failure: Option<&Failure>) -> Webhook {
    let shown = shown_url(&record.url);
    // Of one that is sent to, nobody asks since when; and lists are long.
    let halted = Some(record).filter(|record| matches!(record.status, WebhookStatus::Paused | WebhookStatus::Disabled));
    Webhook {
        id: record.id.clone(),
        types: record.types.clone(),
        profile: record.profile,
        format: record.format,
        digest_name: if record.digest_upper { "SHA-256" } else { "sha-256" }.into(),
        options: WebhookOptions {
            privacy: Privacy { recipient_key: None, ..record.options.privacy.clone() },
            ..record.options.clone()
        },
        status: record.status,
        status_since: halted.and_then(|halted| halted.status_since).map(Timestamp::from_millis),
        status_by: halted.and_then(|halted| halted.status_by.clone()),
        verification: Verification {
            file: record.file.clone(),
            content: record.content.clone(),
            locations: ownership::locations(&shown, &record.file),
        },
        url: shown,
        created: Timestamp::from_millis(record.created),
        last_delivery: last.map(|last| LastDelivery {
            id: last.id.to_string(),
            status: last.status,
            test: last.test,
            created: Timestamp::from_millis(last.id.created()),
            response_status: last.response_status,
        }),
        failing: failing_since(record).map(|since| failing(since, failure)),
        disabled_code: record.disabled_code,
        disabled_reason: record.disabled_reason.clone(),
        secret: None,
        client_certificate: super::webhooks::client_certificate::shown(record),
    }
}

/// Since when a webhook that is active has had nothing but failures.
pub(super) fn failing_since(record: &WebhookRecord) -> Option<i64> {
    record.failing_since.filter(|_| record.status == WebhookStatus::Active)
}

fn failing(since: i64, failure: Option<&Failure>) -> Failing {
    let attempt = failure.map(|failure| &failure.attempt);
    let answer = attempt.and_then(|attempt| attempt.response.as_ref());
    Failing {
        since: Timestamp::from_millis(since),
        delivery: failure.map(|failure| failure.delivery.to_string()),
        response_status: answer.map(|answer| answer.status),
        error: attempt.and_then(error),
        refused: answer.and_then(|answer| RefusedCheck::read(std::str::from_utf8(&answer.body).ok()?)),
        next_attempt: failure.and_then(|failure| failure.due).map(Timestamp::from_millis),
    }
}

/// A URL with `***` for user and password.
pub(super) fn shown_url(url: &str) -> String {
    // What was stored was parsed before; if it cannot be any more, nothing of it is shown.
    Target::parse(url).map_or_else(|_| String::new(), |target| target.to_string())
}

/// What bodies are made of.
pub(super) struct Bodies<'a> {
    /// The event of the delivery.
    pub(super) event: &'a EventRecord,
    /// The events of the batches that it was sent in; those that are no longer kept are missing.
    pub(super) batched: &'a HashMap<EventId, EventRecord>,
}

/// A delivery with its attempts; bodies only where the events are at hand.
pub(super) fn delivery(record: &DeliveryRecord, attempts: &[AttemptRecord], bodies: Option<&Bodies<'_>>) -> Delivery {
    // What waits for a webhook that is not sent to has no next attempt yet.
    let next = record.due.filter(|_| record.webhook_status == Some(WebhookStatus::Active));
    Delivery {
        id: record.id.to_string(),
        event: (!record.test).then(|| record.event.to_string()),
        event_type: record.event_type.as_str().into(),
        recipient: None,
        webhook: record.webhook.clone(),
        status: record.status,
        test: record.test,
        replays: record.replays.map(|original| original.to_string()),
        // The row was read first: what was written down since is shown the next time, as a whole.
        attempts: attempts
            .iter()
            .filter(|attempt| attempt.n <= record.attempts)
            .map(|attempt| self::attempt(attempt, bodies))
            .collect(),
        next_attempt: next.map(Timestamp::from_millis),
        later_attempts: Vec::new(),
        created: Timestamp::from_millis(created(record.id.0)),
    }
}

/// One attempt; bodies only where the events are at hand.
pub(super) fn attempt(record: &AttemptRecord, bodies: Option<&Bodies<'_>>) -> Attempt {
    Attempt {
        n: record.n,
        started: Timestamp::from_millis(record.started),
        duration_ms: record.duration,
        peer: record.peer,
        request: RequestRecord {
            method: "POST".into(),
            url: record.request.url.clone(),
            headers: fields(&record.request.headers),
            body: bodies.map(|bodies| sent_body(bodies, &record.request.body)),
        },
        response: record.response.as_ref().map(|response| self::response(response, bodies.is_some())),
        error: error(record),
    }
}

fn error(record: &AttemptRecord) -> Option<AttemptError> {
    record.error.as_ref().map(|(kind, detail)| AttemptError { kind: *kind, detail: detail.clone() })
}

fn response(record: &RecordedResponse, with_body: bool) -> ResponseRecord {
    let (body, encoding) = match std::str::from_utf8(&record.body) {
        Ok(text) => (text.to_owned(), None),
        // Cut within a character: still a text.
        Err(error) if record.truncated && error.error_len().is_none() => {
            (String::from_utf8_lossy(&record.body[..error.valid_up_to()]).into_owned(), None)
        }
        Err(_) => (STANDARD.encode(&record.body), Some("base64".to_owned())),
    };
    ResponseRecord {
        status: record.status,
        headers: fields(&record.headers),
        body: with_body.then_some(body),
        body_encoding: encoding.filter(|_| with_body),
        truncated: record.truncated,
    }
}

/// Values that are no UTF-8 are read as Latin-1.
pub(super) fn fields(fields: &Fields) -> Vec<HeaderField> {
    fields
        .iter()
        .map(|(name, value)| {
            let text = match std::str::from_utf8(value) {
                Ok(text) => text.to_owned(),
                Err(_) => value.iter().copied().map(char::from).collect(),
            };
            (name.to_owned(), text)
        })
        .collect()
}

/// The body as it was sent.
fn sent_body(bodies: &Bodies<'_>, recorded: &RecordedBody) -> String {
    let bytes = match recorded {
        RecordedBody::AsItCame => bodies.event.body.to_vec(),
        RecordedBody::Form => rendered(bodies.event, &Rendering { format: BodyFormat::Form, ..Rendering::default() }),
        RecordedBody::Rendered(rendering) => rendered(bodies.event, rendering),
        RecordedBody::Batch(batch) => {
            let items = batch.events.iter().map(|event| match bodies.batched.get(event) {
                Some(event) => rendered(event, &batch.rendering),
                None => b"null".to_vec(),
            });
            let items: Vec<_> = items.collect();
            [b"[".as_slice(), &items.join(&b','), b"]"].concat()
        }
    };
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn rendered(event: &EventRecord, rendering: &Rendering) -> Vec<u8> {
    // What was sent could be rendered.
    render::body(event.event_type, &event.body, rendering).unwrap_or_else(|_| event.body.to_vec())
}
