//! `GET|DELETE /v1/webhooks/ID` and `GET /v1/webhooks/ID/verification-file`

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use seinpost_protocol::rest::Webhook;

use super::{find, shown};
use crate::{
    api::{caller::Caller, error::ApiError},
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
        (status = 200, description = "The webhook", body = Webhook),
    ),
)]
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Webhook>, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    Ok(Json(shown(&app, &webhook).await?))
}

/// Deletes a webhook; what waits for it is cancelled.
#[utoipa::path(
    delete,
    path = "/webhooks/{id}",
    operation_id = "deleteWebhook",
    tag = "Webhooks",
    summary = "Delete a webhook",
    params(("id" = String, Path, description = "`wh_…`")),
    responses(
        (status = 204, description = "It is gone"),
    ),
)]
pub(in crate::api) async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    if app.store.delete_webhook(caller.environment, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::not_found("webhook"))
    }
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
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, webhook.content))
}
