//! The gate that every call goes through: who calls, whether they may, and whether not too often.

use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use seinpost_protocol::rest::{ProblemCode, ProblemType};

use super::{
    caller::{Authority, authenticate},
    error::ApiError,
    scopes::{Needs, needed},
};
use crate::{
    access::{Limiter, Standing},
    app::App,
    store::acting,
};

/// draft-ietf-httpapi-ratelimit-headers: what there is left.
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// draft-ietf-httpapi-ratelimit-headers: what there is in all.
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The policy of all calls besides handing in events.
const CALLS: &str = "calls";
/// The route that hands in events, which has a quota of its own.
pub(super) const EVENTS: &str = "/v1/events";

/// Lets a call through to its handler, which then finds its caller; everything it changes is changed by that caller.
pub(super) async fn gate(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let scope = match needed(request.method().as_str(), &path) {
        // Where there is no such call, that is what is answered; and a handler that asks for its caller finds none.
        None | Some(Needs::Nothing) => return next.run(request).await,
        Some(Needs::Anyone) => None,
        Some(Needs::Scope(scope)) => Some(scope),
    };
    let (mut parts, body) = request.into_parts();
    let (grant, credential) = match authenticate(&app, &parts).await {
        Ok(found) => found,
        Err(refusal) => return refusal.into_response(),
    };
    let events = path == EVENTS && parts.method == "POST";
    let limiter = app.access.limiter(events);
    let standing = limiter.map(|limiter| (limiter, limiter.take(&grant.counted_as, app.clock.passed())));
    let refusal = match (standing, scope) {
        (Some((_, standing)), _) if !standing.allowed => Some(too_many(standing)),
        (_, Some(scope)) if !grant.allows(scope) => Some(
            ApiError::from(
                ProblemType::Forbidden
                    .because(format!("This needs the scope {scope}, which this token or session does not have."))
                    .coded(ProblemCode::ScopeMissing),
            )
            .into_response(),
        ),
        _ => None,
    };
    let mut response = match refusal {
        Some(refusal) => refusal,
        None => {
            let actor = grant.actor.clone();
            parts.extensions.insert(Authority(grant));
            parts.extensions.insert(credential);
            acting(actor, next.run(Request::from_parts(parts, body))).await
        }
    };
    if let Some((limiter, standing)) = standing {
        let policy = if events { "events" } else { CALLS };
        show(response.headers_mut(), policy, limiter, standing);
    }
    response
}

/// The answer to who makes one call too many in signing in, which no gate stands before.
pub(super) fn too_many_to_sign_in(app: &App, standing: Standing) -> Response {
    let mut response = too_many(standing);
    if let Some(limiter) = app.access.limiter(false) {
        show(response.headers_mut(), CALLS, limiter, standing);
    }
    response
}

fn too_many(standing: Standing) -> Response {
    let seconds = standing.retry_after;
    let mut response = ApiError::from(ProblemType::TooManyRequests.because(format!(
        "This token or session makes more calls than it may. Nothing of this call was done; try again in {seconds} s."
    )))
    .into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn show(headers: &mut HeaderMap, policy: &str, limiter: &Limiter, standing: Standing) {
    let quota = limiter.quota();
    let fields = [
        (RATE_LIMIT_POLICY, format!("\"{policy}\";q={};w={}", quota.burst, quota.window())),
        (RATE_LIMIT, format!("\"{policy}\";r={};t={}", standing.remaining, standing.reset)),
    ];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}
