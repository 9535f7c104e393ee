//! `/v1/session`: signing in to the dashboard, and out.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use seinpost_protocol::rest::{NewSession, ProblemType, Scope, Session, Timestamp};

use super::{
    body,
    caller::{COOKIE, Caller, session_secret},
    error::ApiError,
};
use crate::{access::csrf_token, app::App};

/// Begins a session.
#[utoipa::path(
    post,
    path = "/session",
    operation_id = "createSession",
    tag = "Session",
    summary = "Sign in to the dashboard",
    request_body(content((NewSession = "application/json"), (NewSession = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "The session; its cookie is set", body = Session),
    ),
    security(()),
)]
pub(super) async fn create(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Result<Response, ApiError> {
    let NewSession { code } = body::read(&headers, &body)?;
    let begun = app.access.sign_in(code.trim()).await?.ok_or_else(|| {
        ApiError::from(ProblemType::Unauthorized.because(
            "This sign-in link was used before, or is older than ten minutes. `seinpost signin-link` makes a new one; an API \
             token is taken too.",
        ))
    })?;
    let session = session(&app, begun.environment, &begun.secret, begun.expires).await?;
    let life = (begun.expires - app.clock.now()) / 1000;
    Ok(with_cookie(&begun.secret, life, (StatusCode::CREATED, Json(session)).into_response()))
}

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/session",
    operation_id = "getSession",
    tag = "Session",
    summary = "Who is signed in",
    responses(
        (status = 200, description = "The session", body = Session),
    ),
    security(("session" = [])),
)]
pub(super) async fn get(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let ended = || ApiError::from(ProblemType::Unauthorized.because("Nobody is signed in, or the session has ended."));
    let secret = session_secret(&headers).ok_or_else(ended)?;
    let found = app.access.session(secret).await?.ok_or_else(ended)?;
    let session = session(&app, found.environment, secret, found.expires).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(session)).into_response())
}

/// Ends the session.
#[utoipa::path(
    delete,
    path = "/session",
    operation_id = "deleteSession",
    tag = "Session",
    summary = "Sign out",
    responses(
        (status = 204, description = "The session has ended"),
    ),
)]
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(secret) = session_secret(&headers) {
        app.access.sign_out(secret).await?;
    }
    Ok(with_cookie("", 0, StatusCode::NO_CONTENT.into_response()))
}

async fn session(app: &App, environment: u64, secret: &str, expires: i64) -> Result<Session, ApiError> {
    let found = app.store.environment(environment).await?.ok_or_else(|| ApiError::not_found("environment"))?;
    Ok(Session {
        environment,
        name: found.name,
        csrf: csrf_token(secret),
        expires: Timestamp::from_millis(expires),
        key_domain: app.keyring.domain().into(),
        // Sign-in codes and tokens lead to all of an environment.
        scopes: vec![Scope::Admin],
        person: None,
    })
}

/// The cookie is not readable for scripts, and sent to no other site and by no other site.
fn with_cookie(secret: &str, life: i64, mut response: Response) -> Response {
    let cookie = format!("{COOKIE}={secret}; Path=/; Max-Age={life}; HttpOnly; SameSite=Strict");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
