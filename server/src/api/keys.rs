//! Public keys: as DKIM records to publish, and as text for receivers without DNS.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use seinpost_protocol::rest::{KeyChecked, KeyRotation, KeysChecked, Problem, PublishedKey, Timestamp};

use super::{body, caller::Caller, error::ApiError};
use crate::{app::App, store::KeyRecord};

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
    Ok(Json(keys.into_iter().map(published).collect()))
}

fn published(key: KeyRecord) -> PublishedKey {
    PublishedKey {
        keyid: key.keyid,
        dns: key.dns,
        status: key.status,
        since: Timestamp::from_millis(key.since),
        until: key.until.map(Timestamp::from_millis),
    }
}

/// `POST /v1/keys/check`: whether the world's DNS shows the environment's keys.
#[utoipa::path(
    post,
    path = "/keys/check",
    operation_id = "checkKeys",
    tag = "Keys",
    summary = "Ask the world's DNS whether it shows the keys",
    responses(
        (status = 200, description = "What DNS shows of each key", body = KeysChecked),
    ),
)]
pub(super) async fn check(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<KeysChecked>, ApiError> {
    app.keyring.current(caller.environment).await?;
    let mut data = Vec::new();
    for key in app.store.keys(caller.environment).await? {
        let (shown, detail) = app.keyring.shown(&key.keyid, &key.dns).await;
        data.push(KeyChecked { keyid: key.keyid, shown, detail });
    }
    Ok(Json(KeysChecked { zone: app.keyring.zone(), answered_here: app.answers_dns, data }))
}

/// `POST /v1/keys/rotate`: makes the next key, to sign in two days; or lets it sign at once, if DNS shows it.
#[utoipa::path(
    post,
    path = "/keys/rotate",
    operation_id = "rotateKeys",
    tag = "Keys",
    summary = "Make the next key, or let it sign at once",
    request_body(content = Option<KeyRotation>, description = "None: the next key signs in two days"),
    responses(
        (status = 200, description = "The next key, with the record to publish", body = PublishedKey),
        (status = 409, description = "DNS does not show it yet", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn rotate(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<PublishedKey>, ApiError> {
    let rotation = if body.is_empty() { KeyRotation::default() } else { body::read(&headers, &body)? };
    app.keyring.current(caller.environment).await?;
    let next = app.keyring.prepare(caller.environment).await?;
    if rotation.now {
        app.keyring.promote(caller.environment, next.keyid.clone()).await?;
    }
    let keys = app.store.keys(caller.environment).await?;
    let made = keys.into_iter().find(|key| key.keyid == next.keyid).ok_or_else(|| ApiError::not_found("key"))?;
    Ok(Json(published(made)))
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
