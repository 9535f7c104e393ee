//! Deliveries: the log, one of them, and sending one again.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use seinpost_protocol::{
    payload,
    rest::{Delivery, DeliveryStatus, InvalidTimestamp, Page, Problem, ProblemCode, ProblemType, Timestamp},
};
use serde::Deserialize;

use super::{
    caller::Caller,
    error::ApiError,
    paging::{self, Paged, Paging},
    view, webhooks,
};
use crate::{
    app::App,
    dispatch::Receiver,
    id::{self, DeliveryId, EventId},
    store::{AttemptRecord, DeliveryQuery, DeliveryRecord, EventRecord, RecordedBody, StoreResult, WebhookRecord},
};

/// Which deliveries are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    #[serde(flatten)]
    #[param(ignore)]
    paging: Paging,
    /// Those that stand so.
    #[param(value_type = Option<DeliveryStatus>, inline)]
    status: Option<String>,
    /// `false` for all but tests, `true` for tests alone.
    #[param(value_type = Option<bool>, inline)]
    test: Option<String>,
    /// Those of this webhook: `wh_…`.
    webhook: Option<String>,
    /// Those of these events, tests left out: `evt_…`, at most 200, separated by `,`.
    event: Option<String>,
    /// Those that were created at this time or later.
    #[param(value_type = Option<Timestamp>, inline)]
    from: Option<String>,
    /// Those that were created before this time.
    #[param(value_type = Option<Timestamp>, inline)]
    until: Option<String>,
}

/// `GET /v1/deliveries`: newest first.
#[utoipa::path(
    get,
    path = "/deliveries",
    operation_id = "listDeliveries",
    tag = "Deliveries",
    summary = "The delivery log, newest first",
    params(Filter, Paging),
    responses(
        (status = 200, description = "A page of deliveries, their bodies left out", body = Page<Delivery>),
    ),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(filter): Query<Filter>,
) -> Result<Paged<Delivery>, ApiError> {
    let webhook = match &filter.webhook {
        Some(id) => Some(webhooks::find(&app, caller.environment, id.clone()).await?),
        None => None,
    };
    page(&app, caller, webhook, &filter).await
}

/// `GET /v1/webhooks/ID/deliveries`: newest first.
#[utoipa::path(
    get,
    path = "/webhooks/{id}/deliveries",
    operation_id = "listWebhookDeliveries",
    tag = "Deliveries",
    summary = "The deliveries of a webhook, newest first",
    params(("id" = String, Path, description = "`wh_…`"), Filter, Paging),
    responses(
        (status = 200, description = "A page of deliveries, their bodies left out", body = Page<Delivery>),
    ),
)]
pub(super) async fn of_webhook(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Paged<Delivery>, ApiError> {
    let webhook = webhooks::find(&app, caller.environment, id).await?;
    page(&app, caller, Some(webhook), &filter).await
}

async fn page(
    app: &App,
    caller: Caller,
    webhook: Option<WebhookRecord>,
    filter: &Filter,
) -> Result<Paged<Delivery>, ApiError> {
    let limit = filter.paging.limit()?;
    let before = match &filter.paging.cursor {
        Some(cursor) => {
            let unknown = |_| ApiError::field("cursor", "invalid", "take it from `next` of the page before");
            Some(cursor.parse().map_err(unknown)?)
        }
        None => None,
    };
    let status = filter.status.as_deref().map(read_status).transpose()?;
    let (from, until) = (first_id("from", filter.from.as_deref())?, first_id("until", filter.until.as_deref())?);
    // An id holds its time: the times are bounds of the ids.
    let before = before.into_iter().chain(until).min_by_key(|id: &DeliveryId| id.0);
    let test = filter.test.as_deref().map(read_test).transpose()?;
    let webhook_key = webhook.as_ref().map(|each| each.key);
    let query = DeliveryQuery { webhook: webhook_key, status, test, before, limit: limit + 1 };
    let mut rows = match &filter.event {
        Some(events) => of_events(app, caller, events, webhook.as_ref(), query).await?,
        None => app.store.deliveries(caller.environment, query).await?,
    };
    rows.retain(|row| from.is_none_or(|from| row.id.0 >= from.0));
    let next = paging::cut(&mut rows, limit, |last| last.id.to_string());
    let mut attempts: HashMap<DeliveryId, Vec<AttemptRecord>> = HashMap::new();
    for (delivery, attempt) in app.store.attempts(rows.iter().map(|row| row.id).collect()).await? {
        attempts.entry(delivery).or_default().push(attempt);
    }
    let recipients = recipients(app, &rows).await?;
    let none = Vec::new();
    let data = rows.iter().map(|row| Delivery {
        recipient: recipients.get(&row.event).cloned(),
        ..view::delivery(row, attempts.get(&row.id).unwrap_or(&none), None)
    });
    Ok(Paged(Page { data: data.collect(), next }))
}

/// A page of what these events made.
async fn of_events(
    app: &App,
    caller: Caller,
    events: &str,
    webhook: Option<&WebhookRecord>,
    query: DeliveryQuery,
) -> Result<Vec<DeliveryRecord>, ApiError> {
    /// How many events can be named.
    const MOST: usize = 200;
    let ids: Result<Vec<EventId>, _> = events.split(',').map(|id| id.trim().parse()).collect();
    let Some(mut ids) = ids.ok().filter(|ids| ids.len() <= MOST) else {
        return Err(ApiError::field("event", "invalid", format!("ids of events, separated by commas; at most {MOST}")));
    };
    ids.sort_unstable();
    ids.dedup();
    let mut rows = Vec::new();
    for id in ids {
        // An event makes a delivery for each webhook, and one for each time that it is sent again: the page is cut here, and
        // after each event, so that two hundred of them are never in memory together.
        let of_event = app.store.deliveries_of(caller.environment, id, i32::MAX.cast_unsigned()).await?;
        rows.extend(of_event.into_iter().filter(|row| {
            query.before.is_none_or(|before| row.id.0 < before.0)
                && query.test.is_none_or(|test| row.test == test)
                && query.status.is_none_or(|status| row.status == status)
                && webhook.is_none_or(|webhook| row.webhook == webhook.id)
        }));
        rows.sort_unstable_by_key(|row: &DeliveryRecord| std::cmp::Reverse(row.id));
        rows.truncate(query.limit as usize);
    }
    Ok(rows)
}

/// The recipients that the events of these deliveries name. Events whose bodies are too large to be read for a list, all
/// together, are left out.
async fn recipients(app: &App, rows: &[DeliveryRecord]) -> StoreResult<HashMap<EventId, String>> {
    /// How many bytes of them are read.
    const MOST: usize = 2 * 1024 * 1024;
    let mut ids: Vec<EventId> = rows.iter().map(|row| row.event).collect();
    ids.sort_unstable();
    ids.dedup();
    let events = app.store.events(ids, MOST).await?;
    Ok(events.into_iter().filter_map(|(id, event)| Some((id, recipient(&event)?))).collect())
}

/// The recipient that an event names.
fn recipient(event: &EventRecord) -> Option<String> {
    payload::read_event(&event.body).ok()?.recipient().map(str::to_owned)
}

/// The first id that a delivery of this time can have.
fn first_id(name: &str, time: Option<&str>) -> Result<Option<DeliveryId>, ApiError> {
    let Some(time) = time else { return Ok(None) };
    let at: Timestamp =
        time.parse().map_err(|error: InvalidTimestamp| ApiError::field(name, "invalid", error.to_string()))?;
    Ok(Some(DeliveryId(id::first_at(at.as_millis()))))
}

fn read_test(text: &str) -> Result<bool, ApiError> {
    text.parse().map_err(|_| ApiError::field("test", "unknown", "true or false"))
}

fn read_status(text: &str) -> Result<DeliveryStatus, ApiError> {
    [DeliveryStatus::Pending, DeliveryStatus::Delivered, DeliveryStatus::Failed, DeliveryStatus::Cancelled]
        .into_iter()
        .find(|each| each.as_str() == text)
        .ok_or_else(|| ApiError::field("status", "unknown", "one of pending, delivered, failed and cancelled"))
}

/// `GET /v1/deliveries/ID`: with what was sent and what came back.
#[utoipa::path(
    get,
    path = "/deliveries/{id}",
    operation_id = "getDelivery",
    tag = "Deliveries",
    summary = "A delivery with all that was sent and came back",
    params(("id" = String, Path, description = "`dlv_…`")),
    responses(
        (status = 200, description = "The delivery", body = Delivery),
    ),
)]
pub(super) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Delivery>, ApiError> {
    let id: DeliveryId = id.parse().map_err(|_| ApiError::not_found("delivery"))?;
    whole(&app, caller, id).await.map(Json)
}

async fn whole(app: &App, caller: Caller, id: DeliveryId) -> Result<Delivery, ApiError> {
    let row = app.store.delivery(caller.environment, id).await?.ok_or_else(|| ApiError::not_found("delivery"))?;
    let attempts: Vec<_> = app.store.attempts(vec![id]).await?.into_iter().map(|(_, attempt)| attempt).collect();
    let batched = batched(app, &attempts).await?;
    let event = app.store.event(row.event).await?;
    let bodies = event.as_ref().map(|event| view::Bodies { event, batched: &batched });
    let recipient = event.as_ref().and_then(recipient);
    let shown = view::delivery(&row, &attempts, bodies.as_ref());
    let later_attempts = later_attempts(app, caller.environment, &shown).await?;
    Ok(Delivery { recipient, later_attempts, ..shown })
}

/// When a delivery would be tried after its next attempt, as the schedule of its webhook says.
async fn later_attempts(app: &App, environment: u64, delivery: &Delivery) -> StoreResult<Vec<Timestamp>> {
    let Some(next) = delivery.next_attempt.filter(|_| !delivery.test) else { return Ok(Vec::new()) };
    let Some(webhook) = app.store.webhook(environment, delivery.webhook.clone()).await? else { return Ok(Vec::new()) };
    let receiver = Receiver::new(webhook);
    let schedule = receiver.schedule(&app.options.dispatch);
    Ok(schedule.times_after(delivery.attempts.len() + 1, next.as_millis()).map(Timestamp::from_millis).collect())
}

/// The events of the batches in which a delivery was sent, as far as they are kept.
async fn batched(app: &App, attempts: &[AttemptRecord]) -> StoreResult<HashMap<EventId, EventRecord>> {
    /// What all its batches can be together, in bytes: each is at most 1 MiB, and there are few.
    const MOST: usize = 16 * 1024 * 1024;
    let mut events: Vec<_> = attempts
        .iter()
        .filter_map(|attempt| match &attempt.request.body {
            RecordedBody::Batch(batch) => Some(batch.events.as_slice()),
            _ => None,
        })
        .flatten()
        .copied()
        .collect();
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(app.store.events(events, MOST).await?.into_iter().collect())
}

/// `POST /v1/deliveries/ID/replay`: sends the same event to the same webhook once more, as a new delivery.
#[utoipa::path(
    post,
    path = "/deliveries/{id}/replay",
    operation_id = "replayDelivery",
    tag = "Deliveries",
    summary = "Send a delivery once more",
    params(("id" = String, Path, description = "`dlv_…`")),
    responses(
        (status = 202, description = "The new delivery", body = Delivery),
        (status = 409, description = "It cannot be sent again", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn replay(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let id: DeliveryId = id.parse().map_err(|_| ApiError::not_found("delivery"))?;
    let row = app.store.delivery(caller.environment, id).await?.ok_or_else(|| ApiError::not_found("delivery"))?;
    if row.test {
        return Err(ProblemType::Conflict
            .because("This was a test, not an event: send it again with the webhook's test tool.")
            .coded(ProblemCode::WasATest)
            .into());
    }
    let again = app.store.replay(caller.environment, id).await?.ok_or_else(|| {
        ApiError::from(if row.webhook_status.is_some() {
            ProblemType::Conflict
                .because("The event of this delivery is no longer kept: there is nothing to send.")
                .coded(ProblemCode::EventForgotten)
        } else {
            ProblemType::Conflict
                .because("The webhook of this delivery was deleted: there is nowhere to send it.")
                .coded(ProblemCode::WebhookDeleted)
        })
    })?;
    Ok((StatusCode::ACCEPTED, Json(whole(&app, caller, again).await?)))
}
