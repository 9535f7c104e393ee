//! What stands before the router: the short way of the one call that is made thousands of times a second.
//!
//! A call that hands in events goes through eight layers of the router, which cost as much as all that is done with the
//! event. Here it is taken in at once where none of them had anything to do; whatever is not as plain as that (a token that
//! must be looked up, a quota, an answer to compress) goes the way of all calls, and is answered there.

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderMap, Method, Request, header},
    response::{IntoResponse, Response},
};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::{
    MAX_EVENT, caller,
    error::broke_off,
    events::create::take_in,
    gate::EVENTS,
    scopes::{Needs, needed},
};
use crate::{
    access::Grant,
    app::App,
    listen::{Answer, Bounded},
};

/// Answers every request of the API and of the dashboard.
#[derive(Clone)]
pub struct Front {
    app: Arc<App>,
    router: Router,
    /// What handing in events needs.
    needs: Option<Needs>,
}

impl Front {
    /// Answers with `router`, but for what it can answer sooner itself.
    #[must_use]
    pub fn new(app: Arc<App>, router: Router) -> Self {
        Self { app, router, needs: needed(Method::POST.as_str(), EVENTS) }
    }

    /// Who hands in the events of a call, if it is a plain one that may.
    fn grant(&self, request: &Request<Bounded>) -> Option<Arc<Grant>> {
        if request.method() != Method::POST || request.uri().path() != EVENTS || request.uri().query().is_some() {
            return None;
        }
        let is_short = request.body().size_hint().exact().is_some_and(|bytes| bytes <= MAX_EVENT as u64);
        if !is_short || !is_plain(request.headers()) || self.app.access.limiter(true).is_some() {
            return None;
        }
        let grant = self.app.access.grant_at_hand(caller::bearer(request.headers().get(header::AUTHORIZATION)?)?)?;
        matches!(self.needs, Some(Needs::Scope(scope)) if grant.allows(scope)).then_some(grant)
    }
}

impl Answer for Front {
    async fn answer(&self, request: Request<Bounded>) -> Response {
        let Some(grant) = self.grant(&request) else { return self.router.answer(request).await };
        let (parts, body) = request.into_parts();
        let fate = body.fate();
        match body.collect().await {
            Ok(body) => take_in(&self.app, &grant, &parts.headers, &body.to_bytes())
                .await
                .unwrap_or_else(IntoResponse::into_response),
            Err(_) => broke_off(&fate, parts.version),
        }
    }
}

/// Whether no header asks for anything that a layer of the router does.
fn is_plain(headers: &HeaderMap) -> bool {
    !headers.contains_key(header::CONTENT_ENCODING)
        && !headers.contains_key(header::ACCEPT_ENCODING)
        && !headers.contains_key(header::ORIGIN)
}
