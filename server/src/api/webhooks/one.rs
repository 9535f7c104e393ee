//! `GET|DELETE /v1/webhooks/ID` and `GET /v1/webhooks/ID/verification-file`

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use seinpost_protocol::rest::{Problem, Webhook};

use super::{find, shown, updated};
use crate::{
    api::{caller::Caller, error::ApiError, etag, transport::HoldsSecret},
    app::App,
};

/// One webhook.
#[utoipa::path(
    get,
    path = "/webhooks/{id}",
    operation_id = "getWebhook",
    tag = "Webhooks",
    summary = "A webhook",
    params(("id" = String, Path, description = "`wh_…`")),
    responses(
        (status = 200, description = "The webhook", body = Webhook, headers(("ETag" = String, description = "Stands for its settings: for `If-Match`"))),
    ),
)]
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    Ok((etag::of(&webhook), Json(shown(&app, &webhook).await?)))
}

/// Deletes a webhook; what waits for it is cancelled.
#[utoipa::path(
    delete,
    path = "/webhooks/{id}",
    operation_id = "deleteWebhook",
    tag = "Webhooks",
    summary = "Delete a webhook",
    params(("id" = String, Path, description = "`wh_…`"), ("If-Match" = Option<String>, Header, description = "Only if the webhook is as it was read with this `ETag`")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "Somebody else changed it at the same moment", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    etag::check(&headers, &webhook)?;
    updated(app.store.delete_webhook(webhook).await?, &headers)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The verification file, as a download with the right name.
#[utoipa::path(
    get,
    path = "/webhooks/{id}/verification-file",
    operation_id = "getVerificationFile",
    tag = "Webhooks",
    summary = "The verification file",
    params(("id" = String, Path, description = "`wh_…`")),
    responses(
        (status = 200, description = "The file, as a download with the right name", body = String, content_type = "text/plain"),
    ),
)]
pub(in crate::api) async fn verification_file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    let disposition = format!("attachment; filename=\"{}\"", webhook.file);
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, HoldsSecret, webhook.content))
}
