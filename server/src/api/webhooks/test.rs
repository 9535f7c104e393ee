//! `POST /v1/webhooks/ID/test`

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, header},
};
use seinpost_protocol::{
    event::{self, EventType},
    payload,
    rest::{Attempt, BodyFormat, Problem, ProblemCode, ProblemType, WebhookStatus},
};
use serde::Deserialize;

use super::find;
use crate::{
    api::{caller::Caller, error::ApiError, view},
    app::App,
    dispatch::{Content, Receiver, render},
    id,
    store::{EventKind, EventRecord, RecordedBody, Rendering, StoreResult, TestCall, WebhookRecord},
};

/// How the data is sent.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Manner {
    /// Whether the data is sent as the webhook gets its events: in its format, as an array where they are batched, with
    /// the diagnosis if it asks for that, and without what its privacy leaves out. What is no event as JSON is sent as it is.
    #[param(value_type = Option<bool>, inline)]
    as_event: Option<String>,
}

/// Sends data of the caller's own (or a sample), signed like an event.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/test",
    operation_id = "testWebhook",
    tag = "Webhooks",
    summary = "Send a test",
    params(("id" = String, Path, description = "`wh_…`"), Manner),
    request_body(content((Value = "application/json"), (String = "application/x-www-form-urlencoded")), description = "What to send, as it is unless asked otherwise; a sample if left out"),
    responses(
        (status = 200, description = "How the call went", body = Attempt),
        (status = 409, description = "It is not verified", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn test(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(manner): Query<Manner>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Attempt>, ApiError> {
    let as_event = match manner.as_event.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(ApiError::field("as_event", "invalid", "true or false")),
    };
    let webhook = find(&app, caller.environment, id).await?;
    if webhook.status == WebhookStatus::Unverified {
        return Err(ProblemType::Conflict
            .because("The URL has not been verified yet, so nothing is sent to it, tests included: verify it first.")
            .coded(ProblemCode::UrlUnverified)
            .into());
    }
    let data = if body.is_empty() {
        sample(&app, &webhook)
    } else {
        let content_type = match headers.get(header::CONTENT_TYPE) {
            None => render::content_type(webhook.format).to_owned(),
            Some(value) => value.to_str().map(str::to_owned).map_err(|_| {
                ApiError::from(
                    ProblemType::BadRequest.because("The Content-Type holds characters that cannot be sent on."),
                )
            })?,
        };
        let event_type = type_of(&webhook, &content_type, &body);
        let is_json = content_type.starts_with("application/json");
        match rendered(&webhook, event_type, &body) {
            Some(data) if as_event && is_json => data,
            _ => Data { event_type, content_type, body },
        }
    };
    Ok(Json(send(&app, &webhook, data).await?))
}

/// What a test sends.
pub(in crate::api) struct Data {
    event_type: EventType,
    content_type: String,
    body: Bytes,
}

/// A sample of the webhook's first type, as the webhook gets its events.
pub(in crate::api) fn sample(app: &App, webhook: &WebhookRecord) -> Data {
    let event_type = first_type(webhook);
    let json = event::sample(event_type, u64::try_from(app.clock.now() / 1000).unwrap_or(0));
    rendered(webhook, event_type, json.as_bytes()).unwrap_or_else(|| Data {
        event_type,
        content_type: render::content_type(BodyFormat::Json).to_owned(),
        body: json.clone().into(),
    })
}

/// An event as the webhook gets its events; `None` if that is no event.
fn rendered(webhook: &WebhookRecord, event_type: EventType, json: &[u8]) -> Option<Data> {
    payload::read_event(json).ok()?;
    let rendering = Rendering {
        format: webhook.format,
        privacy: webhook.options.privacy.clone(),
        diagnosis: webhook.options.diagnosis,
    };
    let mut body = render::body(EventKind::Mail(event_type), json, &rendering).ok()?;
    if webhook.options.batch.is_some() {
        // Its receiver reads arrays.
        body.insert(0, b'[');
        body.push(b']');
    }
    Some(Data { event_type, content_type: render::content_type(webhook.format).to_owned(), body: body.into() })
}

/// Sends it once, and keeps the call in the delivery log, marked as a test.
pub(in crate::api) async fn send(app: &App, webhook: &WebhookRecord, data: Data) -> StoreResult<Attempt> {
    let Data { event_type, content_type, body } = data;
    let content = Content {
        body: body.clone(),
        content_type: content_type.clone().into(),
        derived: RecordedBody::AsItCame,
        // It is no event, and no receiver may take it for one that came before.
        message: id::ulid("test_", app.clock.now(), &*app.entropy),
    };
    let receiver = Arc::new(Receiver::new(webhook.clone()));
    let attempt = app.sender.attempt(&receiver, content, 1).await.record;
    let event = EventRecord {
        event_type: EventKind::Mail(event_type),
        content_type: Some(content_type.clone()),
        body: body.clone(),
    };
    let shown = view::attempt(&attempt, Some(&view::Bodies { event: &event, batched: &HashMap::new() }));
    app.store
        .record_test(TestCall {
            webhook: webhook.key,
            environment: webhook.environment,
            event_type,
            content_type,
            body,
            attempt,
        })
        .await?;
    Ok(shown)
}

/// The type that the data says it is of, or the webhook's first.
fn type_of(webhook: &WebhookRecord, content_type: &str, body: &[u8]) -> EventType {
    let said = payload::decode(body, Some(content_type)).ok().and_then(|decoded| decoded.event.event_type());
    said.unwrap_or_else(|| first_type(webhook))
}

fn first_type(webhook: &WebhookRecord) -> EventType {
    // A webhook has at least one type.
    webhook.types.as_slice().first().copied().unwrap_or(EventType::Bounce)
}
