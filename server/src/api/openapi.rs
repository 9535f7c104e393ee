//! The description of the API: OpenAPI 3.1 at `/openapi.json`, and for people at `/docs`.
//!
//! utoipa makes it from the handlers and the types. What is the same everywhere is added here: the errors that follow
//! from what an operation takes, an example of every body, and who may call.

mod access;
mod errors;
mod examples;
mod page;
mod schemas;

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Map, Value, json};

use crate::app::App;

/// Where the document is.
const PATH: &str = "/openapi.json";
/// Where the page is.
const PAGE: &str = "/docs";
/// Old names: the path, the method, the path that it is an old name of, and the id of the operation.
const OLD_NAMES: [(&str, &str, &str, &str); 2] = [
    ("/v1/feedbackloops", "get", "/v1/webhooks", "listFeedbackloops"),
    ("/v1/feedbackloop", "post", "/v1/webhook", "createFeedbackloop"),
];
/// The methods that a path can have.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The description of the API, finished.
pub(super) struct Document(Value);

impl Document {
    /// Adds to what was read from the routes what is the same for all of them.
    pub(super) fn new(read: utoipa::openapi::OpenApi) -> Self {
        // An OpenApi has no keys that are no strings and no numbers that are none, so that it can be written.
        let mut document = serde_json::to_value(read).unwrap_or_default();
        document["info"] = json!({
            "title": "Seinpost",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Takes events of sent mail and delivers them as signed webhooks. Times are RFC 3339 in UTC, errors are \
                `application/problem+json` (RFC 9457), and lists are `{\"data\": […], \"next\": CURSOR|null}` with a `Link` to the \
                next page.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        });
        document["servers"] = json!([{"url": "/", "description": "This server"}]);
        document["security"] = json!([{"token": []}, {"token_in_query": []}, {"session": []}]);
        document["components"]["securitySchemes"] = security_schemes();
        describe_itself(&mut document);
        schemas::add(&mut document);
        add_old_names(&mut document);
        access::add(&mut document);
        errors::add(&mut document);
        examples::add(&mut document);
        Self(document)
    }

    /// What it says.
    pub(super) fn json(&self) -> &Value {
        &self.0
    }

    /// The document itself.
    pub(super) fn into_json(self) -> Value {
        self.0
    }
}

/// How a call shows who makes it.
fn security_schemes() -> Value {
    json!({
        "token": {
            "type": "http", "scheme": "bearer",
            "description": "An API token, in `Authorization: Bearer TOKEN`.",
        },
        "token_in_query": {
            "type": "apiKey", "in": "query", "name": "access_token",
            "description": "An API token in the query, as in SMTPeter. It is not logged here, but may be by what stands between.",
        },
        "session": {
            "type": "apiKey", "in": "cookie", "name": super::caller::COOKIE,
            "description": "The session of the dashboard. Calls that change something carry `X-Seinpost-Session` as well, with \
                `csrf` of `GET /v1/session`.",
        },
    })
}

/// Describes what [`router`] serves.
fn describe_itself(document: &mut Value) {
    let described = [
        (PATH, "getDescription", "This description, for programs", "application/json", "object"),
        (PAGE, "getDocumentation", "This description, for people", "text/html", "string"),
    ];
    for (path, id, summary, media_type, kind) in described {
        document["paths"][path]["get"] = json!({
            "operationId": id, "tags": ["Documentation"], "summary": summary, "security": [{}],
            "responses": {"200": {"description": "It", "content": {media_type: {"schema": {"type": kind}}}}},
        });
    }
}

/// Describes the old names of calls as the calls themselves.
fn add_old_names(document: &mut Value) {
    for (old, method, new, id) in OLD_NAMES {
        let mut operation = document["paths"][new][method].clone();
        operation["operationId"] = json!(id);
        operation["deprecated"] = json!(true);
        operation["description"] = json!(format!("SMTPeter's first name of `{new}`."));
        document["paths"][old][method] = operation;
    }
}

/// Does something with every operation: its method, its path and what describes it.
fn each_operation(document: &mut Value, mut act: impl FnMut(&str, &str, &mut Map<String, Value>)) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                act(method, path, operation);
            }
        }
    }
}

/// Serves the document, and a page that shows it.
pub(super) fn router(document: &Document) -> Router<Arc<App>> {
    let json = Served::new("application/json", document.0.to_string(), None);
    let page = page::render(&document.0);
    let html = Served::new("text/html; charset=utf-8", page.html, Some(page.policy));
    Router::new()
        .route(PATH, get(async move |headers: HeaderMap| json.answer(&headers)))
        .route(PAGE, get(async move |headers: HeaderMap| html.answer(&headers)))
}

/// Something that stays the same as long as the server runs.
#[derive(Clone)]
struct Served {
    content_type: &'static str,
    body: Bytes,
    tag: String,
    policy: Option<String>,
}

impl Served {
    fn new(content_type: &'static str, body: String, policy: Option<String>) -> Self {
        let hash = digest(&SHA256, body.as_bytes());
        let tag = hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>();
        Self { content_type, body: body.into(), tag: format!("\"{tag}\""), policy }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let common = [
            (header::ETAG, self.tag.as_str()),
            (header::CACHE_CONTROL, "no-cache"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::CONTENT_SECURITY_POLICY, self.policy.as_deref().unwrap_or("default-src 'none'")),
        ];
        if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == self.tag.as_bytes()) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        (common, [(header::CONTENT_TYPE, self.content_type)], self.body.clone()).into_response()
    }
}
