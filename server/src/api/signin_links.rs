//! `POST /v1/signin-links`: a platform lets its customer into the dashboard.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use seinpost_protocol::rest::{NewSigninLink, SigninLink, Timestamp};

use super::{body, caller::Authority, error::ApiError, tokens, transport::HoldsSecret};
use crate::{
    access::{LINK_LIFE, NewLink, SESSION_LIFE},
    app::App,
};

/// Makes a link into the caller's environment, which works once.
#[utoipa::path(
    post,
    path = "/signin-links",
    operation_id = "createSigninLink",
    tag = "Access",
    summary = "Make a one-time link into the dashboard",
    request_body(content((NewSigninLink = "application/json"), (NewSigninLink = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "The link; only this answer shows it", body = SigninLink),
    ),
)]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Authority(grant): Authority,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let new: NewSigninLink = body::read(&headers, &body)?;
    tokens::scopes(&new.scopes, &grant)?;
    if new.framed && !app.options.branding.may_be_framed() {
        let detail = "no page may hold the dashboard in a frame: whoever runs this Seinpost names the origins that may in \
                      frame_ancestors";
        return Err(ApiError::field("framed", "unusable", detail));
    }
    let link = NewLink {
        environment: grant.environment,
        person: new.person.as_deref().map(|person| tokens::name("person", person)).transpose()?,
        link_life: life("link_seconds", new.link_seconds, 1..=86_400)?.unwrap_or(LINK_LIFE),
        session_life: life("session_seconds", new.session_seconds, 60..=2_592_000)?.unwrap_or(SESSION_LIFE),
        framed: new.framed,
        scopes: new.scopes,
    };
    let (record, code) = app.access.create_signin_link(link).await?;
    let answer = SigninLink {
        id: record.id,
        // After the # : a browser sends it to no server, so it stands in no log.
        url: format!("{}/signin#code={code}", base(&app, &headers)),
        expires: Timestamp::from_millis(record.expires),
    };
    Ok((StatusCode::CREATED, HoldsSecret, Json(answer)))
}

/// A number of seconds as milliseconds.
fn life(field: &str, seconds: Option<u32>, range: std::ops::RangeInclusive<u32>) -> Result<Option<i64>, ApiError> {
    match seconds {
        Some(seconds) if !range.contains(&seconds) => {
            let detail = format!("a number of seconds from {} to {}", range.start(), range.end());
            Err(ApiError::field(field, "out-of-range", detail))
        }
        seconds => Ok(seconds.map(|seconds| i64::from(seconds) * 1000)),
    }
}

/// Where people reach the server: as configured, or else as this call did.
fn base(app: &App, headers: &HeaderMap) -> String {
    app.options.public_url.clone().unwrap_or_else(|| {
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
        format!("http://{host}")
    })
}
