//! `POST /v1/events`

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use seinpost_protocol::{
    payload::{self, DecodeCode},
    rest::{Accepted, EventsAccepted, Problem, ProblemType, VariableProblem},
};

use crate::api::{
    MAX_EVENT, MAX_EVENTS, body,
    caller::Authority,
    error::{ApiError, variable_problem},
    idempotency,
};
use crate::{
    access::Grant,
    app::App,
    store::{Facets, Idempotency, NewEvent, SearchKey},
};

/// Takes events in: answered once they are durable.
#[utoipa::path(
    post,
    path = "/events",
    operation_id = "createEvents",
    tag = "Events",
    summary = "Hand in events",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat of this call harmless for 24 hours: another key for each call", min_length = 1, max_length = 255)),
    request_body(content((Value = "application/json"), (String = "application/x-ndjson")), description = "One event of at most 1 MiB, or one a line: at most 5,000, and 16 MiB in all. Lines that are no events are rejected each; of the others all are kept or none"),
    responses(
        (status = 202, description = "They are durable", body = EventsAccepted),
        (status = 409, description = "The same Idempotency-Key came with another body", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn create(
    State(app): State<Arc<App>>,
    Authority(grant): Authority,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    take_in(&app, &grant, &headers, &body).await
}

/// Takes in the events of `body`, as its `headers` describe it, from who has `grant`.
pub(in crate::api) async fn take_in(
    app: &App,
    grant: &Grant,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Response, ApiError> {
    let lines = match body::media_type(headers).as_deref() {
        Some("application/x-ndjson") => true,
        Some("application/json") => false,
        other => {
            return Err(ProblemType::UnsupportedMediaType
                .because(format!(
                    "Send one event as application/json, or one a line as application/x-ndjson, not {}.",
                    other.unwrap_or("a body without a Content-Type")
                ))
                .into());
        }
    };
    let idempotency = idempotency::key(headers)?.map(|key| Idempotency {
        key: idempotency::own(grant, key),
        fingerprint: idempotency::fingerprint(&[&[u8::from(lines)], body]),
    });
    let (events, rejected) = if lines { read_lines(body)? } else { (vec![read_one(body)?], Vec::new()) };
    if events.is_empty() {
        return Ok(all_rejected(rejected, is_spread(body)).into_response());
    }
    let appended = app.store.append_events(grant.environment, events, idempotency).await?;
    let accepted =
        appended.events.into_iter().map(|(id, deliveries)| Accepted { id: id.to_string(), deliveries }).collect();
    Ok((StatusCode::ACCEPTED, Json(EventsAccepted { accepted, rejected })).into_response())
}

fn read_one(body: &Bytes) -> Result<NewEvent, ApiError> {
    if body.len() > MAX_EVENT {
        return Err(ProblemType::TooLarge.because("An event may have 1 MiB at most. Nothing of it was kept.").into());
    }
    read(body.clone(), Some(1)).map_err(|problem| {
        let place = problem.variable.as_ref().map_or_else(String::new, |variable| format!("{variable}: "));
        let hint = if is_many(body) { ". Many events, one a line, are application/x-ndjson" } else { "" };
        let mut whole = ProblemType::Invalid.because(format!("{place}{}{hint}", problem.detail));
        whole.errors.push(problem);
        whole.into()
    })
}

/// One event a line; empty lines are passed over.
fn read_lines(body: &Bytes) -> Result<(Vec<NewEvent>, Vec<VariableProblem>), ApiError> {
    let body = body.slice_ref(payload::without_bom(body));
    let (mut events, mut rejected) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(body.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if events.len() + rejected.len() == MAX_EVENTS {
            return Err(ProblemType::TooLarge
                .because("A call may have 5,000 events at most: send them in several. Nothing of it was kept.")
                .into());
        }
        match read(body.slice_ref(line), Some(number)) {
            Ok(event) => events.push(event),
            Err(problem) => rejected.push(problem),
        }
    }
    if events.is_empty() && rejected.is_empty() {
        return Err(ProblemType::Invalid.because("There is no event in the body: send one a line.").into());
    }
    Ok((events, rejected))
}

fn read(line: Bytes, number: Option<u64>) -> Result<NewEvent, VariableProblem> {
    if line.len() > MAX_EVENT {
        return Err(VariableProblem {
            code: "too-large".into(),
            line: number,
            variable: None,
            offset: None,
            detail: "an event may have 1 MiB at most".into(),
        });
    }
    let event = payload::read_event(&line).map_err(|error| variable_problem(&error, number))?;
    if let Some(time) = event.text("time").filter(|time| !is_in_seconds(time)) {
        return Err(VariableProblem {
            code: DecodeCode::InvalidVariable.as_str().into(),
            line: number,
            variable: Some("time".into()),
            offset: None,
            detail: format!("time is \"{time}\", where Unix seconds in digits are expected: seconds, not milliseconds"),
        });
    }
    let event_type = event.event_type().ok_or_else(|| VariableProblem {
        code: "unknown-type".into(),
        line: number,
        variable: Some("type".into()),
        offset: None,
        detail: "no type of event".into(),
    })?;
    // Copied, so that one event that waits does not keep the whole batch in memory.
    let body = Bytes::copy_from_slice(payload::without_bom(&line));
    let keys = SearchKey::of(&event).iter().map(SearchKey::hash).collect();
    Ok(NewEvent { event_type, body, facets: Facets::of(&event), keys })
}

/// Whether digits are Unix seconds up to the year 9999. Receivers take more: what was taken before is still sent.
fn is_in_seconds(digits: &str) -> bool {
    /// 9999-12-31T23:59:59Z.
    const LAST: u64 = 253_402_300_799;
    digits.len() <= 12 && digits.parse().is_ok_and(|seconds: u64| seconds <= LAST)
}

fn all_rejected(rejected: Vec<VariableProblem>, is_spread: bool) -> ApiError {
    let hint =
        if is_spread { " Each event must be in one line; one alone, over several, is application/json." } else { "" };
    let mut problem = ProblemType::Invalid.because(format!("None of the {} lines is an event.{hint}", rejected.len()));
    problem.errors = rejected;
    problem.into()
}

/// Whether a body that is no event looks like several, one a line.
fn is_many(body: &[u8]) -> bool {
    let mut lines = filled_lines(body);
    let is_object = |line: &[u8]| line.starts_with(b"{") && line.ends_with(b"}");
    lines.next().is_some_and(is_object) && lines.next().is_some_and(is_object)
}

/// Whether lines that are no events look like JSON that is spread over them.
fn is_spread(body: &[u8]) -> bool {
    filled_lines(body).next().is_some_and(|first| matches!(first, b"{" | b"[" | b"[{"))
}

/// The lines with something in them, without white space around it.
fn filled_lines(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}
