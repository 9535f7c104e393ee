//! Public keys: as DKIM records to publish, and as text for receivers without DNS.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use seinpost_protocol::rest::{PublishedKey, Timestamp};

use super::{caller::Caller, error::ApiError};
use crate::app::App;

/// `GET /v1/keys`: the environment's keys.
#[utoipa::path(
    get,
    path = "/keys",
    operation_id = "listKeys",
    tag = "Keys",
    summary = "The signing keys, oldest first",
    responses(
        (status = 200, description = "The keys, with the records to publish", body = Vec<PublishedKey>),
    ),
)]
pub(super) async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Vec<PublishedKey>>, ApiError> {
    // Makes the first one, if there is none yet.
    app.keyring.current(caller.environment).await?;
    let keys = app.store.keys(caller.environment).await?;
    let shown = keys.into_iter().map(|key| PublishedKey {
        keyid: key.keyid,
        dns: key.dns,
        status: key.status,
        since: Timestamp::from_millis(key.since),
        until: key.until.map(Timestamp::from_millis),
    });
    Ok(Json(shown.collect()))
}

/// `GET /v1/keys/KEYID`: the record as text; it is public, so no token is needed.
#[utoipa::path(
    get,
    path = "/keys/{keyid}",
    operation_id = "getKeyRecord",
    tag = "Keys",
    summary = "A public key, as its DNS record reads",
    params(("keyid" = String, Path, description = "`SELECTOR._domainkey.DOMAIN`")),
    responses(
        (status = 200, description = "The record", body = String, content_type = "text/plain"),
    ),
    security(()),
)]
pub(super) async fn record(
    State(app): State<Arc<App>>,
    Path(keyid): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let record = app.store.key_record(keyid).await?.ok_or_else(|| ApiError::not_found("key"))?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, record))
}
