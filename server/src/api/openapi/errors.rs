//! The errors of each operation: they follow from what it takes.

use seinpost_protocol::rest::ProblemType;
use serde_json::{Map, Value, json};

use super::each_operation;
use crate::api::error::TOO_LARGE;

/// Describes the errors of every operation. What an operation says of a status itself stays.
pub(super) fn add(document: &mut Value) {
    each_operation(document, |_, path, operation| {
        for (kind, why) in of(path, operation) {
            let status = kind.status().to_string();
            let responses = &mut operation["responses"];
            if responses.get(&status).is_none() {
                responses[&status] = response(why, kind);
            } else if responses[&status]["content"]["application/problem+json"].is_object() {
                responses[&status]["content"]["application/problem+json"]["example"] = example(kind);
            }
        }
    });
}

/// The kinds of problem that an operation can answer with.
fn of(path: &str, operation: &Map<String, Value>) -> Vec<(ProblemType, &'static str)> {
    let has_parameter = |place: &str| {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        parameters.is_some_and(|all| all.iter().any(|each| each["in"] == place))
    };
    let is_open = operation.get("security").and_then(Value::as_array).is_some_and(|all| all.contains(&json!({})));
    let (takes_body, takes_query) = (operation.contains_key("requestBody"), has_parameter("query"));
    let declares = |status: &str| operation.get("responses").is_some_and(|all| all.get(status).is_some());
    let mut kinds = Vec::new();
    // Signing in is open to everybody, and yet asks for a token.
    if !is_open || path == "/v1/session" {
        kinds.push((ProblemType::Unauthorized, "No token, or none that is known"));
        kinds.push((ProblemType::Forbidden, "Not with this token or this session, or not from this place"));
        kinds.push((ProblemType::TooManyRequests, "More calls than this token or session may make"));
    }
    if takes_header(operation, "If-Match") {
        kinds.push((ProblemType::PreconditionFailed, "It was changed since it was read: If-Match names another ETag"));
    }
    if takes_body || takes_query || has_parameter("path") {
        kinds.push((ProblemType::BadRequest, "The request cannot be read"));
    }
    // Also a parameter that there is none of: see parameters.rs.
    if path.starts_with("/v1/") {
        kinds.push((ProblemType::Invalid, "It can be read, but something in it is not right"));
    }
    // Whoever sends a key has the body read that makes the call what it is, even where nothing else reads it.
    if takes_body || takes_header(operation, "Idempotency-Key") {
        kinds.push((ProblemType::RequestTimeout, "The body did not come in time"));
        kinds.push((ProblemType::TooLarge, "The body is too large"));
    }
    if takes_body || !is_open {
        kinds.push((
            ProblemType::UnsupportedMediaType,
            "The body is of a type, or compressed in a way, that is not read here",
        ));
    }
    // A webhook that is named in the query has to be there.
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let names_webhook =
        parameters.is_some_and(|all| all.iter().any(|each| each["in"] == "query" && each["name"] == "webhook"));
    if has_parameter("path") || names_webhook || declares("404") {
        kinds.push((ProblemType::NotFound, "There is no such thing in this environment"));
    }
    if declares("409") {
        kinds.push((ProblemType::Conflict, "It contradicts what is there"));
    }
    if path != "/health/live" {
        kinds.push((ProblemType::Internal, "The fault is the server's"));
        kinds.push((ProblemType::Unavailable, "Not now: the server's disk is full, for example"));
    }
    kinds
}

fn takes_header(operation: &Map<String, Value>, name: &str) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters.is_some_and(|all| all.iter().any(|each| each["in"] == "header" && each["name"] == name))
}

fn response(why: &str, kind: ProblemType) -> Value {
    json!({
        "description": why,
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": example(kind),
            },
        },
    })
}

fn example(kind: ProblemType) -> Value {
    let detail = match kind {
        ProblemType::BadRequest => "The body is not JSON: expected value at line 1 column 1.",
        ProblemType::Unauthorized => "This token is not known: it may have been revoked, or cut when it was copied.",
        ProblemType::Forbidden => {
            "A call of a signed-in browser that changes something carries the header X-Seinpost-Session."
        }
        ProblemType::NotFound => "There is no such webhook in this environment.",
        ProblemType::RequestTimeout => {
            "The body did not come within 60 s. Nothing of it was kept; make the call again."
        }
        ProblemType::Conflict => "It cannot be done as things stand; this member tells why.",
        ProblemType::TooLarge => TOO_LARGE,
        ProblemType::UnsupportedMediaType => {
            "A body is application/json or application/x-www-form-urlencoded, not text/plain."
        }
        ProblemType::Invalid => "limit: a number from 1 to 200",
        ProblemType::PreconditionFailed => {
            "The webhook was changed since you read it. Nothing was done: read it again, and decide anew."
        }
        ProblemType::TooManyRequests => {
            "This token or session makes more calls than it may. Nothing of this call was done; try again in 1 s."
        }
        ProblemType::Unavailable => "Nothing can be stored: the server's disk is full. Nothing of this call was kept.",
        _ => "The server's log tells more.",
    };
    // A problem has no keys that are no strings, so that it can be written.
    serde_json::to_value(kind.because(detail)).unwrap_or_default()
}
