//! `POST /v1/webhooks/ID/rotate-secret`

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::IntoResponse,
};
use seinpost_protocol::rest::{Problem, ProblemCode, ProblemType, Timestamp, Webhook};

use super::{find, settings, shown, updated};
use crate::{
    api::{caller::Caller, error::ApiError, etag, transport::HoldsSecret},
    app::App,
    store::Happening,
};

/// How long an old secret signs along, in milliseconds: a day, to bring the new one to the receiver.
const OVERLAP: i64 = 24 * 60 * 60 * 1000;

/// How many old secrets sign along at most. Which of them the receiver has is not known here, so that none may make room for
/// another before its day is over; and each makes every call longer.
const MOST: usize = 8;

/// Makes a new secret, which is shown in this answer only. The old one signs along for a day, as do those before it whose day
/// is not over.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/rotate-secret",
    operation_id = "rotateSecret",
    tag = "Webhooks",
    summary = "Make a new secret",
    params(("id" = String, Path, description = "`wh_…`"), ("If-Match" = Option<String>, Header, description = "Only if the webhook is as it was read with this `ETag`")),
    responses(
        (status = 200, description = "The webhook with its new secret", body = Webhook, headers(("ETag" = String, description = "Stands for its settings: for `If-Match`"))),
        (status = 409, description = "It has no secret, or too many that sign along", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn rotate_secret(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let mut webhook = find(&app, caller.environment, id).await?;
    etag::check(&headers, &webhook)?;
    let Some(replaced) = webhook.secret.take() else {
        return Err(ProblemType::Conflict
            .because("This webhook has no secret: its calls are signed with a key, which is published and rotates by itself.")
            .coded(ProblemCode::NoSecret)
            .into());
    };
    let now = app.clock.now();
    webhook.old_secrets.retain(|(_, until)| *until > now);
    if let Some((_, until)) = webhook.old_secrets.last().filter(|_| webhook.old_secrets.len() >= MOST) {
        let until = Timestamp::from_millis(*until);
        return Err(ProblemType::Conflict
            .because(format!("{MOST} old secrets sign along still, and a receiver may have any of them: make a new one after {until}."))
            .coded(ProblemCode::ManySecrets)
            .into());
    }
    let secret = settings::new_secret(&app);
    webhook.secret = Some(secret.clone());
    webhook.old_secrets.insert(0, (replaced, now + OVERLAP));
    let detail = "the old secret signs along for a day".into();
    let done = app.store.update_webhook(webhook, Happening::SecretRotated, detail).await?;
    let webhook = updated(done, &headers)?;
    let answer = Webhook { secret: Some(secret), ..shown(&app, &webhook).await? };
    Ok((etag::of(&webhook), HoldsSecret, Json(answer)))
}
