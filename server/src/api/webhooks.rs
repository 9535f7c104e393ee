//! Webhooks.

pub(super) mod check;
pub(super) mod check_receiver;
pub(super) mod client_certificate;
pub(super) mod create;
pub(super) mod history;
pub(super) mod list;
pub(super) mod one;
pub(super) mod preview;
pub(super) mod replays;
pub(super) mod rotate;
pub(super) mod settings;
pub(super) mod test;
pub(super) mod update;
pub(super) mod verify;

use axum::http::HeaderMap;

use super::{error::ApiError, etag};
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
async fn shown(app: &App, webhook: &WebhookRecord) -> StoreResult<seinpost_protocol::rest::Webhook> {
    let last = app.store.last_deliveries(vec![webhook.key]).await?;
    Ok(super::view::webhook(webhook, last.first().map(|(_, summary)| summary)))
}
