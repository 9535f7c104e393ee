//! `GET /v1/webhooks`

use std::{collections::HashMap, sync::Arc};

use axum::extract::{Query, State};
use seinpost_protocol::rest::{Page, Webhook};

use crate::{
    api::{
        caller::Caller,
        error::ApiError,
        paging::{self, Paged, Paging},
        view,
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
    let mut rows = app.store.webhooks(caller.environment, paging.cursor, limit + 1).await?;
    let next = paging::cut(&mut rows, limit, |last| last.id.clone());
    let keys = rows.iter().map(|row| row.key).collect();
    let last: HashMap<_, _> = app.store.last_deliveries(keys).await?.into_iter().collect();
    let data = rows.iter().map(|row| view::webhook(row, last.get(&row.key))).collect();
    Ok(Paged(Page { data, next }))
}
