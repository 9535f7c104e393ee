//! The REST API: a router, with a file a resource. A handler reads, asks, answers, and holds no policy.

mod body;
mod caller;
mod deliveries;
mod error;
mod events;
mod health;
mod keys;
mod paging;
mod session;
mod view;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{delete, get, post},
};

use crate::app::App;

pub use error::ApiError;

/// How large an event may be, in bytes.
const MAX_EVENT: usize = 1024 * 1024;
/// How large a batch of events may be, in bytes.
const MAX_BATCH: usize = 16 * 1024 * 1024;

/// Every route of the API.
pub fn router(app: Arc<App>) -> Router {
    let webhooks = get(webhooks::list::list);
    let webhook = post(webhooks::create::create);
    let v1 = Router::new()
        .route("/webhooks", webhooks.clone())
        .route("/webhook", webhook.clone())
        // As SMTPeter called them first.
        .route("/feedbackloops", webhooks)
        .route("/feedbackloop", webhook)
        .route("/webhooks/check", post(webhooks::check::check))
        .route("/webhooks/{id}", get(webhooks::one::get).patch(webhooks::update::update).delete(webhooks::one::delete))
        .route("/webhooks/{id}/verify", post(webhooks::verify::verify))
        .route("/webhooks/{id}/rotate-secret", post(webhooks::rotate::rotate_secret))
        .route("/webhooks/{id}/test", post(webhooks::test::test))
        .route("/webhooks/{id}/verification-file", get(webhooks::one::verification_file))
        .route("/webhooks/{id}/replays", get(webhooks::replays::list).post(webhooks::replays::create))
        .route("/webhooks/{id}/replays/{replay}", delete(webhooks::replays::stop))
        .route("/webhooks/{id}/history", get(webhooks::history::history))
        .route("/webhooks/{id}/deliveries", get(deliveries::of_webhook))
        .route("/events", post(events::create).layer(DefaultBodyLimit::max(MAX_BATCH)))
        .route("/deliveries", get(deliveries::list))
        .route("/deliveries/{id}", get(deliveries::get))
        .route("/deliveries/{id}/replay", post(deliveries::replay))
        .route("/keys", get(keys::list))
        .route("/keys/{keyid}", get(keys::record))
        .route("/session", get(session::get).post(session::create).delete(session::delete))
        .fallback(error::not_found);
    Router::new()
        .nest("/v1", v1)
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .layer(DefaultBodyLimit::max(MAX_EVENT))
        .layer(middleware::from_fn(error::problems))
        .with_state(app)
}

/// Sends a sample event to a webhook, as the test tool does.
///
/// # Errors
/// When the store does not take the record of it.
pub async fn send_sample(
    app: &App,
    webhook: &crate::store::WebhookRecord,
) -> crate::store::StoreResult<seinpost_protocol::rest::Attempt> {
    webhooks::test::send(app, webhook, webhooks::test::sample(app, webhook)).await
}
