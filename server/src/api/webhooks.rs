//! Webhooks.

pub(super) mod check;
pub(super) mod check_receiver;
pub(super) mod client_certificate;
pub(super) mod counts;
pub(super) mod create;
pub(super) mod history;
pub(super) mod list;
pub(super) mod one;
pub(super) mod preview;
pub(super) mod replays;
pub(super) mod rotate;
pub(super) mod send_waiting;
pub(super) mod settings;
pub(super) mod test;
pub(super) mod update;
pub(super) mod verify;

use std::collections::HashMap;

use axum::http::HeaderMap;
use seinpost_protocol::rest::Webhook;

use super::{error::ApiError, etag, view};
use crate::{
    app::App,
    store::{StoreResult, Updated, WebhookRecord},
};

/// The webhook `id` of an environment.
pub(super) async fn find(app: &App, environment: u64, id: String) -> Result<WebhookRecord, ApiError> {
    app.store.webhook(environment, id).await?.ok_or_else(|| ApiError::not_found("webhook"))
}

/// What a change has made of a webhook.
fn updated(updated: Updated, headers: &HeaderMap) -> Result<WebhookRecord, ApiError> {
    match updated {
        Updated::Done(webhook) => Ok(*webhook),
        Updated::Changed => Err(etag::changed::<WebhookRecord>(headers)),
        Updated::Gone => Err(ApiError::not_found("webhook")),
    }
}

/// The webhook as it is shown, with its newest delivery.
async fn shown(app: &App, webhook: &WebhookRecord) -> StoreResult<Webhook> {
    let all = shown_all(app, std::slice::from_ref(webhook)).await?;
    Ok(all.into_iter().next().unwrap_or_else(|| view::webhook(webhook, None, None)))
}

/// Webhooks as they are shown, each with its newest delivery and, where it fails, with what is wrong.
async fn shown_all(app: &App, webhooks: &[WebhookRecord]) -> StoreResult<Vec<Webhook>> {
    let keys = webhooks.iter().map(|webhook| webhook.key).collect();
    let last: HashMap<_, _> = app.store.last_deliveries(keys).await?.into_iter().collect();
    let failing: Vec<_> =
        webhooks.iter().filter(|webhook| view::failing_since(webhook).is_some()).map(|webhook| webhook.key).collect();
    let failures: HashMap<_, _> = match failing.as_slice() {
        [] => HashMap::new(),
        _ => app.store.failures(failing).await?.into_iter().collect(),
    };
    let show = |webhook: &WebhookRecord| view::webhook(webhook, last.get(&webhook.key), failures.get(&webhook.key));
    Ok(webhooks.iter().map(show).collect())
}
