//! The REST API: a router, with a file a resource. A handler reads, asks, answers, and holds no policy.

mod audit;
mod body;
mod caller;
mod deliveries;
mod error;
mod etag;
mod events;
mod form;
mod front;
mod gate;
mod health;
mod idempotency;
mod keys;
mod logfiles;
mod openapi;
mod paging;
mod parameters;
mod scopes;
mod session;
mod settings;
mod signin_links;
mod stats;
mod stream;
mod tokens;
mod transport;
mod view;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use crate::app::App;

pub use error::ApiError;
pub use front::Front;

/// How large an event may be, in bytes.
const MAX_EVENT: usize = 1024 * 1024;
/// How large a batch of events may be, in bytes.
const MAX_BATCH: usize = 16 * 1024 * 1024;
/// How large what one signs in with may be, in bytes.
const MAX_SIGN_IN: usize = 16 * 1024;
/// How many events a batch may have. They are kept all or none, in one transaction, and others wait for its end: so many
/// are kept in a fraction of a second, as many as fit into the bytes would take some.
const MAX_EVENTS: usize = 5_000;

/// Every route of the API, and the description that is made from them.
pub fn router(app: Arc<App>) -> Router {
    let (router, document) = routes().split_for_parts();
    let document = openapi::Document::new(document);
    let parameters = Arc::new(parameters::Known::of(document.json()));
    let router = router
        .merge(openapi::router(&document))
        .layer(DefaultBodyLimit::max(MAX_EVENT))
        // From the inside out: what comes last sees a call first.
        .layer(middleware::from_fn(paging::link))
        .layer(middleware::from_fn_with_state(parameters, parameters::known))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), idempotency::once))
        .layer(middleware::from_fn(body::plain))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), gate::gate))
        .layer(middleware::from_fn(error::problems))
        .layer(transport::compression());
    let router = match app.options.cors_origins.as_slice() {
        [] => router,
        origins => router.layer(transport::cors(origins)),
    };
    router.with_state(app)
}

/// The description of the API (OpenAPI 3.1), as `/openapi.json` serves it.
#[must_use]
pub fn document() -> serde_json::Value {
    openapi::Document::new(routes().into_openapi()).into_json()
}

/// What `routes!` takes is in the description, and only that: it reads `#[utoipa::path]` of each handler.
fn routes() -> OpenApiRouter<Arc<App>> {
    let v1 = OpenApiRouter::default()
        .routes(routes!(webhooks::list::list))
        .routes(routes!(webhooks::create::create))
        // As SMTPeter called them first; openapi.rs describes them.
        .route("/feedbackloops", get(webhooks::list::list))
        .route("/feedbackloop", post(webhooks::create::create))
        .routes(routes!(webhooks::check::check))
        .routes(routes!(webhooks::preview::preview))
        .routes(routes!(webhooks::counts::counts))
        .routes(routes!(webhooks::one::get, webhooks::update::update, webhooks::one::delete))
        .routes(routes!(webhooks::verify::verify))
        .routes(routes!(webhooks::rotate::rotate_secret))
        .routes(routes!(
            webhooks::client_certificate::get,
            webhooks::client_certificate::set,
            webhooks::client_certificate::delete
        ))
        .routes(routes!(webhooks::check_receiver::check_receiver))
        .routes(routes!(webhooks::test::test))
        .routes(routes!(webhooks::one::verification_file))
        .routes(routes!(webhooks::replays::list, webhooks::replays::create))
        .routes(routes!(webhooks::replays::stop))
        .routes(routes!(webhooks::send_waiting::send_waiting))
        .routes(routes!(webhooks::history::history))
        .routes(routes!(deliveries::of_webhook))
        .routes(routes!(events::create::create).layer(DefaultBodyLimit::max(MAX_BATCH)))
        .routes(routes!(events::search::find))
        .routes(routes!(events::one::get))
        .routes(routes!(events::one::diagnosis))
        .routes(routes!(events::smtpeter::of_message))
        .routes(routes!(events::smtpeter::of_recipient))
        .routes(routes!(events::smtpeter::of_tags))
        .routes(routes!(logfiles::days))
        .routes(routes!(logfiles::get))
        .routes(routes!(logfiles::get_as))
        .routes(routes!(stats::stats))
        .routes(routes!(stream::watch))
        .routes(routes!(stats::of_webhooks))
        .routes(routes!(stats::all_time))
        .routes(routes!(stats::of_events))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::get))
        .routes(routes!(deliveries::replay))
        .routes(routes!(keys::list))
        .routes(routes!(keys::check))
        .routes(routes!(keys::rotate))
        .routes(routes!(keys::record))
        // Whoever calls it is not known yet.
        .routes(routes!(session::get, session::create, session::delete).layer(DefaultBodyLimit::max(MAX_SIGN_IN)))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(audit::list))
        .routes(routes!(signin_links::create))
        .routes(routes!(settings::get))
        .routes(routes!(settings::environment, settings::rename))
        .fallback(error::not_found);
    OpenApiRouter::default()
        .nest("/v1", v1)
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
}

/// Sends a sample event to a webhook, as the test tool does.
///
/// # Errors
/// When the store does not take the record of it.
pub async fn send_sample(
    app: &App,
    webhook: &crate::store::WebhookRecord,
) -> crate::store::StoreResult<seinpost_protocol::rest::Attempt> {
    webhooks::test::send(app, webhook, webhooks::test::sample(app, webhook)).await
}
