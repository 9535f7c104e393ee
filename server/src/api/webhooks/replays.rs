//! `/v1/webhooks/ID/replays`: sending many deliveries once more.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use seinpost_protocol::rest::{NewReplay, Page, Replay, Timestamp};

use super::find;
use crate::{
    api::{
        body,
        caller::Caller,
        error::ApiError,
        paging::{self, Paged, Paging},
    },
    app::App,
    store::{self, ReplayRecord},
};

/// How their ids begin.
const PREFIX: &str = "rpl_";

/// Begins to send a webhook's deliveries once more, as new deliveries.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/replays",
    operation_id = "createReplay",
    tag = "Replays",
    summary = "Send many deliveries once more",
    params(("id" = String, Path, description = "`wh_…`")),
    request_body(content((Option<NewReplay> = "application/json"), (Option<NewReplay> = "application/x-www-form-urlencoded"))),
    responses(
        (status = 202, description = "It has begun", body = Replay),
    ),
)]
pub(in crate::api) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    let new: NewReplay = if body.is_empty() { NewReplay::default() } else { body::read(&headers, &body)? };
    if let (Some(from), Some(until)) = (new.from, new.until)
        && from >= until
    {
        return Err(ApiError::field("until", "out-of-range", "later than from"));
    }
    let record = app
        .store
        .create_replay(store::NewReplay {
            webhook: webhook.key,
            which: new.which,
            from: new.from.map(Timestamp::as_millis),
            until: new.until.map(Timestamp::as_millis),
        })
        .await?;
    app.background.replay();
    Ok((StatusCode::ACCEPTED, Json(shown(&record, &webhook.id))))
}

/// The replays of a webhook, newest first.
#[utoipa::path(
    get,
    path = "/webhooks/{id}/replays",
    operation_id = "listReplays",
    tag = "Replays",
    summary = "The replays of a webhook, newest first",
    params(("id" = String, Path, description = "`wh_…`"), Paging),
    responses(
        (status = 200, description = "A page of replays", body = Page<Replay>),
    ),
)]
pub(in crate::api) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Paged<Replay>, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    let limit = paging.limit()?;
    let before = paging.cursor.as_deref().map(|cursor| number(cursor).ok_or_else(paging::unknown)).transpose()?;
    let mut records = app.store.replays(webhook.key, before, limit + 1).await?;
    let next = paging::cut(&mut records, limit, |last| format!("{PREFIX}{}", last.id));
    let data = records.iter().map(|record| shown(record, &webhook.id)).collect();
    Ok(Paged(Page { data, next }))
}

/// Stops a replay: it makes no more deliveries. Those that it made go on; where they wait, that is a few hundred.
#[utoipa::path(
    delete,
    path = "/webhooks/{id}/replays/{replay}",
    operation_id = "stopReplay",
    tag = "Replays",
    summary = "Stop a replay",
    params(("id" = String, Path, description = "`wh_…`"), ("replay" = String, Path, description = "`rpl_…`")),
    responses(
        (status = 200, description = "The replay as it is now", body = Replay),
    ),
)]
pub(in crate::api) async fn stop(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, replay)): Path<(String, String)>,
) -> Result<Json<Replay>, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    let number = number(&replay).ok_or_else(|| ApiError::not_found("replay"))?;
    let record = app.store.stop_replay(webhook.key, number).await?.ok_or_else(|| ApiError::not_found("replay"))?;
    Ok(Json(shown(&record, &webhook.id)))
}

/// The number in an id of a replay.
fn number(id: &str) -> Option<i64> {
    id.strip_prefix(PREFIX)?.parse().ok()
}

fn shown(record: &ReplayRecord, webhook: &str) -> Replay {
    Replay {
        id: format!("{PREFIX}{}", record.id),
        webhook: webhook.to_owned(),
        which: record.which,
        from: record.from.map(Timestamp::from_millis),
        until: record.until.map(Timestamp::from_millis),
        state: record.state,
        made: record.made,
        created: Timestamp::from_millis(record.created),
    }
}
