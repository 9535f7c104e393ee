//! `GET /v1/settings`: how the dashboard looks; `/v1/environment`: what it shows.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State, http::HeaderMap, response::IntoResponse};
use seinpost_protocol::rest::{Environment, EnvironmentPatch, Settings, Timestamp};

use super::{body, caller::Caller, error::ApiError, etag, tokens};
use crate::{app::App, dashboard::LOGO, store};

/// How the dashboard looks, for everybody: its sign-in page looks so, too.
#[utoipa::path(
    get,
    path = "/settings",
    operation_id = "getSettings",
    tag = "Settings",
    summary = "How the dashboard looks",
    responses(
        (status = 200, description = "Name, logo and colour", body = Settings),
    ),
    security(()),
)]
pub(super) async fn get(State(app): State<Arc<App>>) -> Json<Settings> {
    let branding = &app.options.branding;
    Json(Settings {
        name: branding.name.clone(),
        logo: branding.logo.as_ref().map(|_| LOGO.to_owned()),
        accent: branding.accent.clone(),
        framed: branding.may_be_framed(),
    })
}

/// The environment into which the token or the session leads.
#[utoipa::path(
    get,
    path = "/environment",
    operation_id = "getEnvironment",
    tag = "Settings",
    summary = "The environment",
    responses(
        (status = 200, description = "The environment", body = Environment, headers(("ETag" = String, description = "Stands for its name: for `If-Match`"))),
    ),
)]
pub(super) async fn environment(State(app): State<Arc<App>>, caller: Caller) -> Result<impl IntoResponse, ApiError> {
    let found = find(&app, caller.environment).await?;
    Ok((etag::of(&found), Json(shown(&app, found))))
}

async fn find(app: &App, id: u64) -> Result<store::Environment, ApiError> {
    app.store.environment(id).await?.ok_or_else(|| ApiError::not_found("environment"))
}

/// Gives the environment another name.
#[utoipa::path(
    patch,
    path = "/environment",
    operation_id = "updateEnvironment",
    tag = "Settings",
    summary = "Rename the environment",
    params(("If-Match" = Option<String>, Header, description = "Only if the environment is as it was read with this `ETag`")),
    request_body(content((EnvironmentPatch = "application/json"), (EnvironmentPatch = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The environment as it is now", body = Environment, headers(("ETag" = String, description = "Stands for its name: for `If-Match`"))),
    ),
)]
pub(super) async fn rename(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let patch: EnvironmentPatch = body::read(&headers, &body)?;
    let name = tokens::name("name", &patch.name)?;
    // Between two that are made within the same millisecond the later one wins: what is lost is a name, and the audit log
    // has it.
    etag::check(&headers, &find(&app, caller.environment).await?)?;
    let renamed = app.store.rename_environment(caller.environment, name).await?;
    let renamed = renamed.ok_or_else(|| ApiError::not_found("environment"))?;
    Ok((etag::of(&renamed), Json(shown(&app, renamed))))
}

fn shown(app: &App, environment: store::Environment) -> Environment {
    const DAY: u64 = 24 * 60 * 60;
    Environment {
        id: environment.id,
        name: environment.name,
        created: Timestamp::from_millis(environment.created),
        key_domain: app.keyring.domain().into(),
        retention_days: u32::try_from(app.options.retention.as_secs() / DAY).unwrap_or(u32::MAX),
    }
}
