//! How what the store keeps is shown.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use seinpost_protocol::{
    ownership, payload,
    rest::{
        Attempt, AttemptError, Delivery, HeaderField, LastDelivery, Privacy, RequestRecord, ResponseRecord, Timestamp,
        Verification, Webhook, WebhookOptions, WebhookStatus,
    },
};

use crate::{
    egress::Target,
    id::created,
    store::{
        AttemptRecord, DeliveryRecord, DeliverySummary, EventRecord, RecordedBody, RecordedResponse, WebhookRecord,
    },
};

/// A webhook; without its password.
pub(super) fn webhook(record: &WebhookRecord, last: Option<&DeliverySummary>) -> Webhook {
    let shown = shown_url(&record.url);
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
        disabled_reason: record.disabled_reason.clone(),
        secret: None,
        client_certificate: None,
    }
}

/// A URL without its password.
pub(super) fn shown_url(url: &str) -> String {
    // What was stored was parsed before; if it cannot be any more, nothing of it is shown.
    Target::parse(url).map_or_else(|_| String::new(), |target| target.to_string())
}

/// A delivery with its attempts; bodies only where the event is at hand.
pub(super) fn delivery(record: &DeliveryRecord, attempts: &[AttemptRecord], event: Option<&EventRecord>) -> Delivery {
    // What waits for a webhook that is not sent to has no next attempt yet.
    let next = record.due.filter(|_| record.webhook_status == Some(WebhookStatus::Active));
    Delivery {
        id: record.id.to_string(),
        event: (!record.test).then(|| record.event.to_string()),
        event_type: record.event_type.as_str().into(),
        webhook: record.webhook.clone(),
        status: record.status,
        test: record.test,
        // The row was read first: what was written down since is shown the next time, as a whole.
        attempts: attempts
            .iter()
            .filter(|attempt| attempt.n <= record.attempts)
            .map(|attempt| self::attempt(attempt, event))
            .collect(),
        next_attempt: next.map(Timestamp::from_millis),
        created: Timestamp::from_millis(created(record.id.0)),
    }
}

/// One attempt; bodies only where the event is at hand.
pub(super) fn attempt(record: &AttemptRecord, event: Option<&EventRecord>) -> Attempt {
    Attempt {
        n: record.n,
        started: Timestamp::from_millis(record.started),
        duration_ms: record.duration,
        request: RequestRecord {
            method: "POST".into(),
            url: record.request.url.clone(),
            headers: fields(&record.request.headers),
            body: event.map(|event| sent_body(event, record.request.body)),
        },
        response: record.response.as_ref().map(|response| self::response(response, event.is_some())),
        error: record.error.as_ref().map(|(kind, detail)| AttemptError { kind: *kind, detail: detail.clone() }),
    }
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
pub(super) fn fields(fields: &[(String, Vec<u8>)]) -> Vec<HeaderField> {
    fields
        .iter()
        .map(|(name, value)| {
            let text = match std::str::from_utf8(value) {
                Ok(text) => text.to_owned(),
                Err(_) => value.iter().copied().map(char::from).collect(),
            };
            (name.clone(), text)
        })
        .collect()
}

/// The body as it was sent.
fn sent_body(event: &EventRecord, derived: RecordedBody) -> String {
    let bytes = match derived {
        RecordedBody::AsItCame => event.body.to_vec(),
        RecordedBody::Form => {
            payload::read_event(&event.body).map_or_else(|_| event.body.to_vec(), |event| payload::to_form(&event))
        }
    };
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
