//! Who calls: by token, or by the session of the dashboard.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use seinpost_protocol::rest::ProblemType;

use super::error::ApiError;
use crate::{
    access::{Grant, csrf_token},
    app::App,
};

/// The name of the session's cookie.
pub(super) const COOKIE: &str = "seinpost_session";
/// The header with which a session's call proves that it comes from the dashboard.
pub(super) const CSRF_HEADER: &str = "x-seinpost-session";

/// Someone who may do things in an environment, as the gate found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    /// The environment; nothing outside of it is seen or touched.
    pub(super) environment: u64,
}

/// What the caller may do.
#[derive(Clone, Debug)]
pub(super) struct Authority(pub(super) Arc<Grant>);

/// The token or the cookie with which a call came: what it answers with can be sealed with it.
#[derive(Clone)]
pub(super) struct Credential(pub(super) Arc<str>);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Authority(grant) = Authority::from_request_parts(parts, state).await?;
        Ok(Self { environment: grant.environment })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Authority {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!(path = parts.uri.path(), "it is not said who may make this call: see api/scopes.rs");
            ProblemType::Internal.because("Nobody may make this call; the server's log tells more.").into()
        })
    }
}

/// Who makes a call, and with what.
pub(super) async fn authenticate(app: &App, parts: &Parts) -> Result<(Arc<Grant>, Credential), ApiError> {
    if let Some(token) = token(parts)? {
        let grant = app.access.grant_of_token(&token).await?.ok_or_else(|| {
            ProblemType::Unauthorized
                .because("This token is not known: it may have ended, been revoked, or been cut when it was copied.")
        })?;
        return Ok((grant, Credential(token.into())));
    }
    let Some(secret) = session_secret(&parts.headers) else {
        return Err(ProblemType::Unauthorized
            .because("Send a token in the header Authorization, as in \"Bearer seinpost_…\".")
            .into());
    };
    let session = app
        .access
        .session(secret)
        .await?
        .ok_or_else(|| ProblemType::Unauthorized.because("The session has ended. Sign in again."))?;
    if !matches!(parts.method, Method::GET | Method::HEAD) && !carries_csrf_token(&parts.headers, secret) {
        return Err(ProblemType::Forbidden
            .because("A call of a signed-in browser that changes something carries the header X-Seinpost-Session.")
            .into());
    }
    Ok((Arc::new(session.into()), Credential(secret.into())))
}

/// The token in `Authorization` or `?access_token=`.
fn token(parts: &Parts) -> Result<Option<String>, ApiError> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        return match bearer(value) {
            Some(token) => Ok(Some(token.to_owned())),
            None => Err(ProblemType::Unauthorized.because("The header Authorization reads \"Bearer TOKEN\".").into()),
        };
    }
    let query = parts.uri.query().unwrap_or_default();
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "access_token");
    Ok(found.map(|(_, token)| token.into_owned()))
}

/// The token in the value of `Authorization` (RFC 6750 §2.1).
pub(super) fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What the session's cookie holds.
pub(super) fn session_secret(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

fn carries_csrf_token(headers: &HeaderMap, secret: &str) -> bool {
    let given = headers.get(CSRF_HEADER).map(HeaderValue::as_bytes).unwrap_or_default();
    aws_lc_rs::constant_time::verify_slices_are_equal(given, csrf_token(secret).as_bytes()).is_ok()
}
