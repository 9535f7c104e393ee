//! `GET /v1/settings`: how the dashboard looks; `/v1/environment`: what it shows.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State, http::HeaderMap};
use seinpost_protocol::rest::{Environment, EnvironmentPatch, Settings, Timestamp};

use super::{body, caller::Caller, error::ApiError, tokens};
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
        framed: !branding.frame_ancestors.is_empty(),
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
        (status = 200, description = "The environment", body = Environment),
    ),
)]
pub(super) async fn environment(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Environment>, ApiError> {
    let found = app.store.environment(caller.environment).await?;
    Ok(Json(shown(&app, found.ok_or_else(|| ApiError::not_found("environment"))?)))
}

/// Gives the environment another name.
#[utoipa::path(
    patch,
    path = "/environment",
    operation_id = "updateEnvironment",
    tag = "Settings",
    summary = "Rename the environment",
    request_body(content((EnvironmentPatch = "application/json"), (EnvironmentPatch = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The environment as it is now", body = Environment),
    ),
)]
pub(super) async fn rename(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Environment>, ApiError> {
    let patch: EnvironmentPatch = body::read(&headers, &body)?;
    let name = tokens::name("name", &patch.name)?;
    let renamed = app.store.rename_environment(caller.environment, name).await?;
    Ok(Json(shown(&app, renamed.ok_or_else(|| ApiError::not_found("environment"))?)))
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
