//! `POST /v1/webhooks/check`

use std::sync::Arc;

use axum::{Json, extract::State};
use futures_util::{StreamExt, TryStreamExt, stream};
use seinpost_protocol::rest::{Checked, CheckedWebhook, WebhookStatus};

use super::test;
use crate::{
    api::{caller::Caller, error::ApiError},
    app::App,
    store::{StoreResult, WebhookRecord},
};

/// How many webhooks are called at a time.
const AT_A_TIME: usize = 16;
/// How many webhooks are read at a time.
const PAGE: u32 = 200;

/// Sends a sample to every webhook that was verified.
#[utoipa::path(
    post,
    path = "/webhooks/check",
    operation_id = "checkWebhooks",
    tag = "Webhooks",
    summary = "Send a sample to every webhook that was verified",
    responses(
        (status = 200, description = "What came of each", body = Checked),
    ),
)]
pub(in crate::api) async fn check(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Checked>, ApiError> {
    let mut webhooks: Vec<WebhookRecord> = Vec::new();
    loop {
        let after = webhooks.last().map(|last| last.id.clone());
        let page = app.store.webhooks(caller.environment, after, PAGE).await?.unwrap_or_default();
        let is_last = page.len() < PAGE as usize;
        webhooks.extend(page);
        if is_last {
            break;
        }
    }
    let checks = stream::iter(webhooks).map(|webhook| {
        let app = Arc::clone(&app);
        async move { check_one(&app, &webhook).await }
    });
    let data = checks.buffered(AT_A_TIME).try_collect().await?;
    Ok(Json(Checked { data }))
}

async fn check_one(app: &App, webhook: &WebhookRecord) -> StoreResult<CheckedWebhook> {
    let attempt = match webhook.status {
        WebhookStatus::Unverified => None,
        _ => Some(test::send(app, webhook, test::sample(app, webhook)).await?),
    };
    let ok = attempt.as_ref().is_some_and(seinpost_protocol::rest::Attempt::accepted);
    Ok(CheckedWebhook { webhook: webhook.id.clone(), ok, attempt })
}
