//! `GET /v1/events/ID` and `GET /v1/events/ID/diagnosis`

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use seinpost_protocol::{
    event::{Event, EventType},
    mail::{self, Language},
    payload,
    rest::{EventDelivery, EventDetail, Problem, ProblemType, Timestamp, WebhookStatus},
};
use serde::Deserialize;

use super::search::summary;
use crate::{
    api::{caller::Caller, error::ApiError},
    app::App,
    id::EventId,
    store::{EventKind, EventQuery, EventRecord},
};

/// How many deliveries are shown with an event.
const DELIVERIES: u32 = 1000;

/// An event with the deliveries that it made.
#[utoipa::path(
    get,
    path = "/events/{id}",
    operation_id = "getEvent",
    tag = "Events",
    summary = "An event, and which webhooks it went to",
    params(("id" = String, Path, description = "`evt_…`")),
    responses((status = 200, description = "The event", body = EventDetail))
)]
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<EventDetail>, ApiError> {
    let (id, record) = find(&app, caller, &id).await?;
    let mut rows = app.store.deliveries_of(caller.environment, id, DELIVERIES + 1).await?;
    let more_deliveries = rows.len() > DELIVERIES as usize;
    rows.truncate(DELIVERIES as usize);
    let mut answers: HashMap<_, Option<u16>> = HashMap::new();
    for (delivery, attempt) in app.store.attempts(rows.iter().map(|row| row.id).collect()).await? {
        answers.insert(delivery, attempt.response.as_ref().map(|response| response.status));
    }
    let deliveries = rows.iter().map(|row| EventDelivery {
        id: row.id.to_string(),
        webhook: row.webhook.clone(),
        status: row.status,
        replays: row.replays.map(|original| original.to_string()),
        attempts: row.attempts,
        response_status: answers.get(&row.id).copied().flatten(),
        next_attempt: row.due.filter(|_| row.webhook_status == Some(WebhookStatus::Active)).map(Timestamp::from_millis),
        created: Timestamp::from_millis(row.id.created()),
    });
    Ok(Json(EventDetail {
        event: summary(id, &record),
        body: String::from_utf8_lossy(&record.body).into_owned(),
        diagnosable: mail_of(&record).is_some(),
        deliveries: deliveries.collect(),
        more_deliveries,
    }))
}

/// The event `id` of the caller's environment.
async fn find(app: &App, caller: Caller, id: &str) -> Result<(EventId, EventRecord), ApiError> {
    let unknown = || ApiError::not_found("event");
    let id: EventId = id.parse().map_err(|_| unknown())?;
    let query = EventQuery {
        keys: Vec::new(),
        types: Vec::new(),
        ids: id..EventId(id.0.saturating_add(1)),
        oldest_first: true,
        limit: 1,
    };
    let found = app.store.find_events(caller.environment, query).await?;
    found.events.into_iter().next().ok_or_else(unknown)
}

/// The mail of a bounce or a complaint.
fn mail_of(record: &EventRecord) -> Option<String> {
    matches!(record.event_type, EventKind::Mail(EventType::Bounce | EventType::Abuse)).then_some(())?;
    let event: Event = payload::read_event(&record.body).ok()?;
    event.text("mime").map(str::to_owned)
}

/// In which language.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Words {
    /// The language of the advice: `en` or `nl`.
    lang: Option<String>,
}

/// What a bounce or a complaint means: its kind, its recipients each with a reason, the evidence, and what to do.
#[utoipa::path(
    get,
    path = "/events/{id}/diagnosis",
    operation_id = "diagnoseEvent",
    tag = "Events",
    summary = "What a bounce or a complaint means",
    params(("id" = String, Path, description = "`evt_…`"), Words),
    responses(
        (
            status = 200, description = "The diagnosis", body = Value,
            example = json!({
                "kind": "hard", "delayed": false, "permanent": true,
                "recipients": [{
                    "address": "reader@example.net", "alias": null, "status": "5.1.1", "code": 550, "reason": "no-such-user",
                    "action": "failed", "diagnostic": "smtp; 550 5.1.1 no such user", "remoteMta": "mx.example.net",
                    "evidence": {"rule": "status-5.1.1", "start": 312, "end": 340},
                }],
                "original": null, "autoReply": null, "feedback": null, "reportingMta": "mx.example.com",
                "advice": "Stop sending to this address.",
            })
        ),
        (
            status = 409, description = "It is no bounce and no complaint", body = Problem,
            content_type = "application/problem+json"
        ),
    ),
)]
pub(in crate::api) async fn diagnosis(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(words): Query<Words>,
) -> Result<impl IntoResponse, ApiError> {
    let (_, record) = find(&app, caller, &id).await?;
    let mime = mail_of(&record).ok_or_else(|| {
        ApiError::from(
            ProblemType::Conflict.because("Only a bounce and a complaint hold a mail that can be diagnosed."),
        )
    })?;
    let language = Language::of_tag(words.lang.as_deref().unwrap_or_default());
    let stopped = |_| ApiError::from(ProblemType::Internal.because("The mail could not be read."));
    let text = tokio::task::spawn_blocking(move || mail::diagnose(mime.as_bytes()).to_json(language)).await;
    Ok(([(header::CONTENT_TYPE, "application/json")], text.map_err(stopped)?))
}
