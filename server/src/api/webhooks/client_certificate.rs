//! `PUT|GET|DELETE /v1/webhooks/ID/client-certificate`

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use seinpost_protocol::rest::{ClientCertificate, NewClientCertificate, Problem};

use super::{find, updated};
use crate::{
    api::{body, caller::Caller, error::ApiError, etag},
    app::App,
    egress::Identity,
    store::{ClientIdentity, Happening, WebhookRecord},
};

/// Sets the certificate with which calls prove who makes them. The key is kept sealed and never shown again.
#[utoipa::path(
    put,
    path = "/webhooks/{id}/client-certificate",
    operation_id = "setClientCertificate",
    tag = "Webhooks",
    summary = "Set the certificate for a receiver that demands one (mutual TLS)",
    params(("id" = String, Path, description = "`wh_…`"), ("If-Match" = Option<String>, Header, description = "Only if the webhook is as it was read with this `ETag`")),
    request_body = NewClientCertificate,
    responses(
        (status = 200, description = "What the certificate says of itself", body = ClientCertificate, headers(("ETag" = String, description = "Stands for the settings of the webhook: for `If-Match`"))),
        (status = 409, description = "Somebody else changed the webhook at the same moment", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn set(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let new: NewClientCertificate = body::read(&headers, &body)?;
    let webhook = find(&app, caller.environment, id).await?;
    etag::check(&headers, &webhook)?;
    let identity = Identity::new(&new.certificate, &new.key);
    let shown = identity.describe().map_err(|error| {
        ApiError::field(if error.about_key { "key" } else { "certificate" }, "invalid", error.detail)
    })?;
    if shown.not_after.as_millis() <= app.clock.now() {
        let why = format!("it has expired on {}: get a new one", shown.not_after);
        return Err(ApiError::field("certificate", "expired", why));
    }
    let kept = ClientIdentity { certificate: new.certificate, key: new.key };
    let detail = format!("client_certificate: {}", shown.subject);
    let changed = change(&app, webhook, Some(kept), detail, &headers).await?;
    Ok((etag::of(&changed), Json(shown)))
}

/// What the certificate says of itself.
#[utoipa::path(
    get,
    path = "/webhooks/{id}/client-certificate",
    operation_id = "getClientCertificate",
    tag = "Webhooks",
    summary = "The certificate for a receiver that demands one, without its key",
    params(("id" = String, Path, description = "`wh_…`")),
    responses(
        (status = 200, description = "What the certificate says of itself", body = ClientCertificate, headers(("ETag" = String, description = "Stands for the settings of the webhook: for `If-Match`"))),
    ),
)]
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    let shown = shown(&webhook).ok_or_else(|| ApiError::not_found("client certificate"))?;
    Ok((etag::of(&webhook), Json(shown)))
}

/// Takes the certificate away.
#[utoipa::path(
    delete,
    path = "/webhooks/{id}/client-certificate",
    operation_id = "deleteClientCertificate",
    tag = "Webhooks",
    summary = "Take the client certificate away",
    params(("id" = String, Path, description = "`wh_…`"), ("If-Match" = Option<String>, Header, description = "Only if the webhook is as it was read with this `ETag`")),
    responses(
        (status = 204, description = "It is gone", headers(("ETag" = String, description = "Stands for the settings of the webhook: for `If-Match`"))),
        (status = 409, description = "Somebody else changed the webhook at the same moment", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    etag::check(&headers, &webhook)?;
    if webhook.client_identity.is_none() {
        return Err(ApiError::not_found("client certificate"));
    }
    let changed = change(&app, webhook, None, "client_certificate".into(), &headers).await?;
    Ok((StatusCode::NO_CONTENT, etag::of(&changed)))
}

async fn change(
    app: &App,
    webhook: WebhookRecord,
    client_identity: Option<ClientIdentity>,
    detail: String,
    headers: &HeaderMap,
) -> Result<WebhookRecord, ApiError> {
    let changed = WebhookRecord { client_identity, ..webhook };
    updated(app.store.update_webhook(changed, Happening::Changed, detail).await?, headers)
}

/// A webhook's certificate as it is shown.
pub(in crate::api) fn shown(webhook: &WebhookRecord) -> Option<ClientCertificate> {
    let identity = webhook.client_identity.as_ref()?;
    // It was read when it was set; if it cannot be any more, there is nothing to show.
    Identity::new(&identity.certificate, &identity.key).describe().ok()
}
