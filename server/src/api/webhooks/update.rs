//! `PATCH /v1/webhooks/ID`

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::IntoResponse,
};
use seinpost_protocol::rest::{Problem, ProblemCode, ProblemType, Webhook, WebhookPatch, WebhookStatus};

use super::{find, settings, shown, updated};
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
    store::{Happening, WebhookRecord},
};

/// Changes a webhook. Another URL has to be verified again, with a new file.
#[utoipa::path(
    patch,
    path = "/webhooks/{id}",
    operation_id = "updateWebhook",
    tag = "Webhooks",
    summary = "Change a webhook",
    params(("id" = String, Path, description = "`wh_…`"), ("If-Match" = Option<String>, Header, description = "Only if the webhook is as it was read with this `ETag`")),
    request_body(content((WebhookPatch = "application/json"), (WebhookPatch = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The webhook as it is now", body = Webhook, headers(("ETag" = String, description = "Stands for its settings: for `If-Match`"))),
        (status = 409, description = "It cannot be set so as it stands", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let patch: WebhookPatch = body::read(&headers, &body)?;
    let mut webhook = find(&app, caller.environment, id).await?;
    etag::check(&headers, &webhook)?;
    let before = webhook.clone();
    let mut made = None;
    if let Some(profile) = patch.profile {
        webhook.profile = profile;
        if webhook.secret.is_none() {
            webhook.secret = settings::secret(&app, profile);
            made = webhook.secret.clone();
        }
    }
    webhook.format = patch.format.unwrap_or(webhook.format);
    let url = patch.url.as_deref().filter(|url| *url != view::shown_url(&webhook.url));
    let target = url.map(|url| settings::changed_target(&app, url, &webhook.url)).transpose();
    let digest_upper = patch.digest_name.as_deref().map(|name| settings::digest_upper(Some(name))).transpose();
    let options = settings::options(&app, patch.options(&webhook.options), webhook.format);
    let (target, (digest_upper, (options, made_key))) = both(target, both(digest_upper, options))?;
    webhook.digest_upper = digest_upper.unwrap_or(webhook.digest_upper);
    webhook.options = options;
    webhook.types = patch.types.unwrap_or(webhook.types);
    if let Some(target) = target.filter(|target| target.secret_url() != webhook.url) {
        webhook.url = target.secret_url().into();
        webhook.status = WebhookStatus::Unverified;
        (webhook.file, webhook.content) = settings::verification_file(&app);
    }
    if let Some(status) = patch.status {
        set_status(&mut webhook, status)?;
    }
    if webhook != before {
        let (happening, detail) = difference(&before, &webhook);
        webhook = updated(app.store.update_webhook(webhook, happening, detail).await?, &headers)?;
    }
    let holds_secret = (made.is_some() || made_key.is_some()).then_some(HoldsSecret);
    let mut shown = Webhook { secret: made, ..shown(&app, &webhook).await? };
    shown.options.privacy.recipient_key = made_key;
    Ok((etag::of(&webhook), holds_secret, Json(shown)))
}

fn set_status(webhook: &mut WebhookRecord, status: WebhookStatus) -> Result<(), ApiError> {
    match (webhook.status, status) {
        (now, wanted) if now == wanted => {}
        (WebhookStatus::Unverified, _) => {
            return Err(ProblemType::Conflict
                .because("The URL has not been verified yet, so nothing is sent to it: verify it first.")
                .coded(ProblemCode::UrlUnverified)
                .into());
        }
        (_, WebhookStatus::Active | WebhookStatus::Paused) => {
            webhook.status = status;
            webhook.disabled_reason = None;
        }
        (_, WebhookStatus::Unverified | WebhookStatus::Disabled) => {
            return Err(ApiError::field("status", "not-settable", "can be set to paused or active"));
        }
    }
    Ok(())
}

/// What the history says about a change.
fn difference(before: &WebhookRecord, after: &WebhookRecord) -> (Happening, String) {
    let changed = [
        ("type", before.types != after.types),
        ("url", before.url != after.url),
        ("profile", before.profile != after.profile),
        ("format", before.format != after.format),
        ("digest_name", before.digest_upper != after.digest_upper),
        ("retries", before.options.retries != after.options.retries),
        ("rate", before.options.rate != after.options.rate),
        ("concurrency", before.options.concurrency != after.options.concurrency),
        ("batch", before.options.batch != after.options.batch),
        ("headers", before.options.headers != after.options.headers),
        ("filter", before.options.filter != after.options.filter),
        ("privacy", before.options.privacy != after.options.privacy),
        ("diagnosis", before.options.diagnosis != after.options.diagnosis),
        ("operational", before.options.operational != after.options.operational),
    ];
    let names: Vec<_> = changed.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect();
    match after.status {
        WebhookStatus::Paused if before.status != after.status => (Happening::Paused, "its events are kept".into()),
        WebhookStatus::Active if before.status != after.status => {
            (Happening::Resumed, "what was kept meanwhile is sent".into())
        }
        _ => (Happening::Changed, names.join(", ")),
    }
}
