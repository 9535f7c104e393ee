//! `GET /v1/webhooks`

use std::sync::Arc;

use axum::extract::{Query, State};
use seinpost_protocol::rest::{Page, Webhook};

use crate::{
    api::{
        caller::Caller,
        error::ApiError,
        paging::{self, Paged, Paging},
    },
    app::App,
};

/// The webhooks, newest first.
#[utoipa::path(
    get,
    path = "/webhooks",
    operation_id = "listWebhooks",
    tag = "Webhooks",
    summary = "The webhooks, newest first",
    params(Paging),
    responses(
        (status = 200, description = "A page of webhooks", body = Page<Webhook>),
    ),
)]
pub(in crate::api) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Paged<Webhook>, ApiError> {
    let limit = paging.limit()?;
    let found = app.store.webhooks(caller.environment, paging.cursor, limit + 1).await?;
    let mut rows = found.ok_or_else(paging::unknown)?;
    let next = paging::cut(&mut rows, limit, |last| last.id.clone());
    Ok(Paged(Page { data: super::shown_all(&app, &rows).await?, next }))
}
