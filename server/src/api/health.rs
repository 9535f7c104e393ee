//! `/health/live`, `/health/ready` and `/metrics`, for those who watch over the server.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use seinpost_protocol::rest::ProblemType;

use super::error::ApiError;
use crate::app::App;

/// The process runs.
#[utoipa::path(
    get,
    path = "/health/live",
    operation_id = "isLive",
    tag = "Health",
    summary = "The process runs",
    responses(
        (status = 200, description = "It does", body = String, content_type = "text/plain"),
    ),
    security(()),
)]
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// Events can be taken: the store can be written.
#[utoipa::path(
    get,
    path = "/health/ready",
    operation_id = "isReady",
    tag = "Health",
    summary = "Events can be taken",
    responses(
        (status = 200, description = "They can", body = String, content_type = "text/plain"),
    ),
    security(()),
)]
pub(super) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, ApiError> {
    match app.store.ping().await {
        Ok(()) => Ok("ok\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Err(ProblemType::Unavailable.because("The store cannot be written; the server's log tells more.").into())
        }
    }
}

/// Counts in Prometheus' text format.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "getMetrics",
    tag = "Health",
    summary = "Counts in the text format of Prometheus",
    responses(
        (status = 200, description = "The counts", body = String, content_type = "text/plain"),
    ),
    security(()),
)]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    let totals = app.store.totals().await?;
    let text = format!(
        "# HELP seinpost_deliveries_pending Deliveries that wait for their first or next attempt.\n\
         # TYPE seinpost_deliveries_pending gauge\n\
         seinpost_deliveries_pending {}\n\
         # HELP seinpost_calls_running Calls to receivers that are going on.\n\
         # TYPE seinpost_calls_running gauge\n\
         seinpost_calls_running {}\n\
         # HELP seinpost_calls_prevented_total Calls that could not be made for want of a connection or of a proxy that can be used.\n\
         # TYPE seinpost_calls_prevented_total counter\n\
         seinpost_calls_prevented_total {}\n",
        totals.pending,
        app.dispatcher.running(),
        app.dispatcher.prevented()
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
