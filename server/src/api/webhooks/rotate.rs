//! `POST /v1/webhooks/ID/rotate-secret`

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use seinpost_protocol::rest::{Problem, ProblemType, Webhook};

use super::{find, settings, shown};
use crate::{
    api::{caller::Caller, error::ApiError},
    app::App,
    store::Happening,
};

/// How long the old secret signs along, in milliseconds: a day, to bring the new one to the receiver.
const OVERLAP: i64 = 24 * 60 * 60 * 1000;

/// Makes a new secret, which is shown in this answer only.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/rotate-secret",
    operation_id = "rotateSecret",
    tag = "Webhooks",
    summary = "Make a new secret",
    params(("id" = String, Path, description = "`wh_…`")),
    responses(
        (status = 200, description = "The webhook with its new secret", body = Webhook),
        (status = 409, description = "It has no secret", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn rotate_secret(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Webhook>, ApiError> {
    let mut webhook = find(&app, caller.environment, id).await?;
    let Some(old) = webhook.secret.take() else {
        return Err(ProblemType::Conflict
            .because("This webhook has no secret: its calls are signed with a key, which is published and rotates by itself.")
            .into());
    };
    let secret = settings::new_secret(&app);
    webhook.secret = Some(secret.clone());
    webhook.old_secret = Some((old, app.clock.now() + OVERLAP));
    if !app
        .store
        .update_webhook(webhook.clone(), Happening::SecretRotated, "the old secret signs along for a day".into())
        .await?
    {
        return Err(ApiError::not_found("webhook"));
    }
    Ok(Json(Webhook { secret: Some(secret), ..shown(&app, &webhook).await? }))
}
