//! `POST /v1/webhooks/ID/send-waiting`

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use seinpost_protocol::rest::BroughtForward;

use super::find;
use crate::{
    api::{caller::Caller, error::ApiError},
    app::App,
};

/// How many deliveries a call takes.
const MOST: u32 = 100_000;

/// Has what waits for its next attempt be due now. It is sent as anything that is due: within the rate and the number of
/// calls of the webhook, one by one where its receiver fails, and once it goes on where it is paused or disabled.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/send-waiting",
    operation_id = "sendWaiting",
    tag = "Deliveries",
    summary = "Send what waits for its next attempt now",
    params(("id" = String, Path, description = "`wh_…`")),
    responses(
        (status = 200, description = "How many are due now that were not", body = BroughtForward),
    ),
)]
pub(in crate::api) async fn send_waiting(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<BroughtForward>, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    let (brought_forward, more) = app.store.bring_forward(webhook.key, app.clock.now(), MOST).await?;
    Ok(Json(BroughtForward { brought_forward, more }))
}
