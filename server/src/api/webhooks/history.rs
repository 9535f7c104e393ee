//! `GET /v1/webhooks/ID/history`

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use seinpost_protocol::rest::{HistoryEntry, Page, Timestamp};

use super::find;
use crate::{
    api::{
        caller::Caller,
        error::ApiError,
        paging::{self, Paged, Paging},
    },
    app::App,
};

/// What happened to a webhook, newest first.
#[utoipa::path(
    get,
    path = "/webhooks/{id}/history",
    operation_id = "getWebhookHistory",
    tag = "Webhooks",
    summary = "What happened to a webhook, newest first",
    params(("id" = String, Path, description = "`wh_…`"), Paging),
    responses(
        (status = 200, description = "A page of entries", body = Page<HistoryEntry>),
    ),
)]
pub(in crate::api) async fn history(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Paged<HistoryEntry>, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    let limit = paging.limit()?;
    let before = paging.cursor_as()?;
    let mut rows = app.store.history(webhook.key, before, limit + 1).await?;
    let next = paging::cut(&mut rows, limit, |last| last.id.to_string());
    let data = rows
        .into_iter()
        .map(|row| HistoryEntry {
            at: Timestamp::from_millis(row.at),
            kind: row.happening.as_str().into(),
            detail: row.detail,
        })
        .collect();
    Ok(Paged(Page { data, next }))
}
