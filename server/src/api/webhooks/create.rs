//! `POST /v1/webhook`

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use seinpost_protocol::rest::{NewWebhook, Webhook, WebhookStatus};

use super::settings;
use crate::{
    api::{
        body,
        caller::Caller,
        error::{ApiError, both},
        etag,
        transport::HoldsSecret,
        view,
    },
    app::App,
    id,
    store::{WebhookKey, WebhookRecord},
};

/// Makes a webhook, to be verified.
#[utoipa::path(
    post,
    path = "/webhook",
    operation_id = "createWebhook",
    tag = "Webhooks",
    summary = "Make a webhook",
    request_body(content((NewWebhook = "application/json"), (NewWebhook = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "The webhook, to be verified", body = Webhook, headers(("Location" = String, description = "Where it is read and changed"))),
    ),
)]
pub(in crate::api) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let new: NewWebhook = body::read(&headers, &body)?;
    let options = settings::options(&app, new.options(), new.format);
    let digest_upper = settings::digest_upper(new.digest_name.as_deref());
    let (target, (digest_upper, (options, made_key))) =
        both(settings::target(&app, &new.url), both(digest_upper, options))?;
    let (file, content) = settings::verification_file(&app);
    let now = app.clock.now();
    let webhook = WebhookRecord {
        key: WebhookKey(0),
        id: id::ulid("wh_", now, &*app.entropy),
        environment: caller.environment,
        types: new.types,
        url: target.secret_url().into(),
        profile: new.profile,
        format: new.format,
        digest_upper,
        status: WebhookStatus::Unverified,
        file,
        content,
        created: now,
        deleted: None,
        secret: settings::secret(&app, new.profile),
        old_secrets: Vec::new(),
        status_since: None,
        status_by: None,
        disabled_code: None,
        disabled_reason: None,
        options,
        failing_since: None,
        client_identity: None,
        version: 0,
    };
    let webhook = app.store.create_webhook(webhook).await?;
    let place = format!("/v1/webhooks/{}", webhook.id);
    let mut shown = Webhook { secret: webhook.secret.clone(), ..view::webhook(&webhook, None, None) };
    shown.options.privacy.recipient_key = made_key;
    // It may hold a secret, and a key.
    Ok((StatusCode::CREATED, etag::of(&webhook), [(header::LOCATION, place)], HoldsSecret, Json(shown)))
}
