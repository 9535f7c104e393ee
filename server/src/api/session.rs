//! `/v1/session`: signing in to the dashboard, and out.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use seinpost_protocol::rest::{NewSession, ProblemType, Session, Timestamp};

use super::{
    body,
    caller::{COOKIE, Caller, session_secret},
    error::ApiError,
    gate::too_many_to_sign_in,
    transport::HoldsSecret,
};
use crate::{
    access::{SignIn, csrf_token},
    app::App,
    store::SessionRecord,
};

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
    if is_of_another_site(&headers, app.options.public_url.as_deref()) {
        return Err(ProblemType::Forbidden
            .because("A page of another site cannot sign anybody in here. Open the dashboard itself.")
            .into());
    }
    let NewSession { code } = body::read(&headers, &body)?;
    let begun = match app.access.sign_in(code.trim()).await? {
        SignIn::Begun(begun) => begun,
        SignIn::TooMany(standing) => return Ok(too_many_to_sign_in(&app, standing)),
        SignIn::Unknown => {
            return Err(ProblemType::Unauthorized
                .because(
                    "This sign-in link was used before, or its time is over (ten minutes, unless it was made otherwise). \
                     `seinpost signin-link` makes a new one; an API token is taken too.",
                )
                .into());
        }
    };
    let shown = shown(&app, &begun.session, &begun.secret).await?;
    let life = (begun.session.expires - app.clock.now()) / 1000;
    let cookie = cookie(&app, &begun.secret, life, begun.session.framed);
    Ok(with_cookie(&cookie, (StatusCode::CREATED, Json(shown)).into_response()))
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
)]
pub(super) async fn get(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let ended = || ApiError::from(ProblemType::Unauthorized.because("Nobody is signed in, or the session has ended."));
    let secret = session_secret(&headers).ok_or_else(ended)?;
    let found = app.access.session(secret).await?.ok_or_else(ended)?;
    let shown = shown(&app, &found, secret).await?;
    Ok((HoldsSecret, Json(shown)).into_response())
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
    let mut framed = false;
    if let Some(secret) = session_secret(&headers) {
        framed = app.access.session(secret).await?.is_some_and(|session| session.framed);
        app.access.sign_out(secret).await?;
    }
    Ok(with_cookie(&cookie(&app, "", 0, framed), StatusCode::NO_CONTENT.into_response()))
}

/// Whether a page of another site had a browser make this call: it could put somebody into an environment that is not
/// theirs, to have them fill in there what is. Browsers say so (Fetch Metadata; in older ones `Origin`); programs that
/// are none say nothing.
fn is_of_another_site(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let field = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = field("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = field("origin") else { return false };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    Some(origin) != public_url && (authority.is_none() || authority != field("host"))
}

async fn shown(app: &App, session: &SessionRecord, secret: &str) -> Result<Session, ApiError> {
    let found = app.store.environment(session.environment).await?;
    let environment = found.ok_or_else(|| ApiError::not_found("environment"))?;
    Ok(Session {
        id: session.id.clone(),
        environment: environment.id,
        name: environment.name,
        csrf: csrf_token(secret),
        expires: Timestamp::from_millis(session.expires),
        key_domain: app.keyring.domain().into(),
        retry_schedule: app.options.dispatch.retries.seconds().collect(),
        scopes: session.scopes.clone(),
        person: session.person.clone(),
    })
}

/// The cookie is not readable for scripts, and no other site can have it sent. In a frame in a page of another site it
/// belongs to that page alone (CHIPS): the browser keeps another one, or none, for the same server in any other page.
fn cookie(app: &App, secret: &str, life: i64, framed: bool) -> String {
    let is_https = app.options.public_url.as_ref().is_some_and(|url| url.starts_with("https:"));
    let reach = match (framed, is_https) {
        (true, _) => "SameSite=None; Secure; Partitioned",
        (false, true) => "SameSite=Strict; Secure",
        (false, false) => "SameSite=Strict",
    };
    format!("{COOKIE}={secret}; Path=/; Max-Age={life}; HttpOnly; {reach}")
}

fn with_cookie(cookie: &str, response: Response) -> Response {
    let mut response = (HoldsSecret, response).into_response();
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
