//! `GET /v1/webhooks/counts`

use std::sync::Arc;

use axum::{Json, extract::State};
use seinpost_protocol::rest::{WebhookCounts, WebhookStatus};

use crate::{
    api::{caller::Caller, error::ApiError},
    app::App,
};

/// How many webhooks there are, by how they stand: quick also where there are many.
#[utoipa::path(
    get,
    path = "/webhooks/counts",
    operation_id = "countWebhooks",
    tag = "Webhooks",
    summary = "How many webhooks there are, by how they stand",
    responses(
        (status = 200, description = "The counts", body = WebhookCounts),
    ),
)]
pub(in crate::api) async fn counts(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<WebhookCounts>, ApiError> {
    let mut counts = WebhookCounts::default();
    for (status, is_failing, number) in app.store.count_webhooks(caller.environment).await? {
        let place = match status {
            WebhookStatus::Active => &mut counts.active,
            WebhookStatus::Unverified => &mut counts.unverified,
            WebhookStatus::Paused => &mut counts.paused,
            WebhookStatus::Disabled => &mut counts.disabled,
        };
        *place += number;
        if is_failing && status == WebhookStatus::Active {
            counts.failing += number;
        }
    }
    Ok(Json(counts))
}
