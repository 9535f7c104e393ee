//! Serves the dashboard from inside the binary.
//!
//! Trunk's output (the folder `dist/` at the root of the repository) is embedded when the server is built. A build
//! without it serves a page that says how to build it.

mod branding;
mod coding;
mod page;
mod palette;
mod policy;
mod resolver;

use std::{borrow::Cow, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

pub use branding::{Branding, LOGO, Logo};
use coding::Coding;
use page::Page;
pub use resolver::Resolver;

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

/// The page that needs no session, and may ask a resolver for keys.
const INSPECTOR: &str = "/inspector";

/// The pages below which something stands by its id.
const PAGES_WITH_IDS: [&str; 3] = ["webhooks", "deliveries", "events"];

/// What is served besides files.
struct Look {
    branding: Branding,
    page: Page,
    inspector: Page,
}

/// Every path that is not the API's. `resolver` is where the inspector may look up keys, if anywhere.
pub fn router(branding: Branding, resolver: Option<Resolver>) -> Router {
    let page = |inspector| Page::new(&branding, resolver.as_ref(), inspector);
    let (page, inspector) = (page(false), page(true));
    Router::new().fallback(serve).with_state(Arc::new(Look { branding, page, inspector }))
}

async fn serve(State(look): State<Arc<Look>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    match uri.path() {
        LOGO => return logo(&look.branding),
        branding::STYLE => return style(&look.branding),
        _ => {}
    }
    let path = uri.path().trim_start_matches('/');
    let found = if path.is_empty() || path == "index.html" { None } else { file(path, &headers) };
    match found {
        Some(response) => response,
        // All that is no file is a page, which the dashboard itself knows.
        None if names_a_file(path) => secured(StatusCode::NOT_FOUND.into_response(), policy::of_page("", &[], None)),
        None if uri.path().trim_end_matches('/') == INSPECTOR => look.inspector.answer(&headers),
        None => look.page.answer(&headers),
    }
}

/// Whether a path can only be a file: its last part has a dot, and it is not below a page that goes on with an id, which
/// may look like anything.
fn names_a_file(path: &str) -> bool {
    let below_page = path.split_once('/').is_some_and(|(first, _)| PAGES_WITH_IDS.contains(&first));
    !below_page && path.rsplit('/').next().is_some_and(|last| last.contains('.') && last != "index.html")
}

/// A file of the dashboard, compressed if the browser takes it so.
fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let (found, coding) = best(path, headers)?;
    let mime = mime_of(path);
    let cache = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = HeaderValue::try_from(format!("\"{}\"", hex(&found.metadata.sha256_hash()))).ok()?;
    let sent = Sent { tag, mime, cache, coding, body: bytes(found) };
    Some(sent.answer(headers, policy::of_page("", &[], None)))
}

/// A file or a page in the form that is sent.
struct Sent {
    tag: HeaderValue,
    mime: &'static str,
    cache: &'static str,
    coding: Option<Coding>,
    body: bytes::Bytes,
}

impl Sent {
    /// The answer to somebody who asks with these header fields: nothing where they have it (RFC 9110 §13.1.2).
    fn answer(self, asked: &HeaderMap, policy: String) -> Response {
        if asked.get(header::IF_NONE_MATCH) == Some(&self.tag) {
            return secured(StatusCode::NOT_MODIFIED.into_response(), policy);
        }
        let mut response = Response::new(Body::from(self.body));
        let fields = response.headers_mut();
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.mime));
        fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        fields.insert(header::ETAG, self.tag);
        if let Some(coding) = self.coding {
            fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        secured(response, policy)
    }
}

/// The file as it is best sent: there may be a brotli or gzip form beside it.
fn best(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<Coding>)> {
    let coded = Coding::taken(headers)
        .find_map(|coding| Some((Dist::get(&format!("{path}.{}", coding.suffix()))?, Some(coding))));
    coded.or_else(|| Some((Dist::get(path)?, None)))
}

/// The platform's logo, or a 404. It is an image and nothing else, even where it is opened on its own.
fn logo(branding: &Branding) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned();
    let Some(logo) = &branding.logo else { return secured(StatusCode::NOT_FOUND.into_response(), policy) };
    let mut response = Response::new(Body::from(logo.bytes.clone()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(logo.media_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    secured(response, policy)
}

/// The platform's colour and the size of its logo, or a 404.
fn style(branding: &Branding) -> Response {
    let policy = policy::of_page("", &[], None);
    let Some(rules) = branding.stylesheet() else { return secured(StatusCode::NOT_FOUND.into_response(), policy) };
    let fields = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    secured((fields, rules).into_response(), policy)
}

fn secured(mut response: Response, policy: String) -> Response {
    let fields = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        fields.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    fields.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // The sign-in code stands in an address once: it goes nowhere else.
    fields.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    fields.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    fields.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

fn bytes(file: EmbeddedFile) -> bytes::Bytes {
    match file.data {
        Cow::Borrowed(data) => bytes::Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

/// Whether the name holds a hash of the content, as Trunk writes it: `NAME-0123456789abcdef.EXT` or `…_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split(['-', '_', '.']).any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn mime_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "ftl" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_known() {
        for path in [
            "seinpost-frontend-1a2b3c4d5e6f7a8b.js",
            "seinpost-1a2b3c4d5e6f7a8b_bg.wasm",
            "a/style-0123456789abcdef.css",
        ] {
            assert!(is_hashed(path), "{path}");
        }
        for path in ["index.html", "theme.js", "verify/browser.js", "verify/seinpost_verify_bg.wasm", "favicon.svg"] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn what_has_a_dot_is_a_page_below_one_and_else_a_file() {
        for path in ["", "webhooks", "webhooks/wh_x/y.z", "webhooks/a.b", "deliveries/dlv.1", "events/evt_1.json", "no"]
        {
            assert!(!names_a_file(path), "{path}");
        }
        for path in ["none.js", "verify/none.js", "robots.txt", ".well-known/security.txt", "webhooks.php"] {
            assert!(names_a_file(path), "{path}");
        }
    }
}
