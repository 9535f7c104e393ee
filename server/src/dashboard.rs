//! Serves the dashboard from inside the binary.
//!
//! Trunk's output (the folder `dist/` at the root of the repository) is embedded when the server is built. A build
//! without it serves a page that says how to build it.

mod branding;
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
pub use resolver::Resolver;

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

/// What is served where the dashboard was not built.
const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Seinpost</title></head>\n\
    <h1>Seinpost runs</h1>\n<p>This binary was built without the dashboard. <code>cargo xtask build</code> builds one with \
    it. The API is at <code>/v1</code>.</p>\n</html>\n";

/// The page that needs no session, and may ask a resolver for keys.
const INSPECTOR: &str = "/inspector";

/// The pages below which something stands by its id.
const PAGES_WITH_IDS: [&str; 3] = ["webhooks", "deliveries", "events"];

/// What the pages depend on.
struct Look {
    branding: Branding,
    resolver: Option<Resolver>,
}

/// Every path that is not the API's. `resolver` is where the inspector may look up keys, if anywhere.
pub fn router(branding: Branding, resolver: Option<Resolver>) -> Router {
    Router::new().fallback(serve).with_state(Arc::new(Look { branding, resolver }))
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
    let found = if path.is_empty() { None } else { file(path, &headers, &look) };
    match found {
        Some(response) => response,
        // All that is no file is a page, which the dashboard itself knows.
        None if names_a_file(path) => secured(StatusCode::NOT_FOUND.into_response(), policy::of_page("", &[], None)),
        None => index(&look, uri.path().trim_end_matches('/') == INSPECTOR),
    }
}

/// Whether a path can only be a file: its last part has a dot, and it is not below a page that goes on with an id, which
/// may look like anything.
fn names_a_file(path: &str) -> bool {
    let below_page = path.split_once('/').is_some_and(|(first, _)| PAGES_WITH_IDS.contains(&first));
    !below_page && path.rsplit('/').next().is_some_and(|last| last.contains('.') && last != "index.html")
}

/// A file of the dashboard, compressed if the browser takes it so.
fn file(path: &str, headers: &HeaderMap, look: &Look) -> Option<Response> {
    if path == "index.html" {
        return Some(index(look, false));
    }
    let (found, encoding) = best(path, headers)?;
    let mime = mime_of(path);
    let cache = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = format!("\"{}\"", hex(&found.metadata.sha256_hash()));
    if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes()) {
        return Some(secured(StatusCode::NOT_MODIFIED.into_response(), policy::of_page("", &[], None)));
    }
    let mut response = Response::new(Body::from(bytes(found)));
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        fields.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(secured(response, policy::of_page("", &[], None)))
}

/// The file as it is best sent: there may be a brotli or gzip form beside it.
fn best(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |coding: &str| {
        accepted.split(',').any(|each| {
            let mut parts = each.split(';').map(str::trim);
            parts.next() == Some(coding) && !parts.any(|weight| weight.replace(' ', "") == "q=0")
        })
    };
    for (coding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if takes(coding)
            && let Some(found) = Dist::get(&format!("{path}.{suffix}"))
        {
            return Some((found, Some(coding)));
        }
    }
    Dist::get(path).map(|found| (found, None))
}

/// The page of the dashboard; its scripts know the path. Where there is a resolver, every page names it, but only the
/// inspector's own may ask it: one that was come to from another page is loaded anew for that.
fn index(look: &Look, inspector: bool) -> Response {
    let page: Cow<'static, [u8]> =
        Dist::get("index.html").map_or(Cow::Borrowed(NOT_BUILT.as_bytes()), |found| found.data);
    let mut page = look.branding.page(String::from_utf8_lossy(&page).into_owned());
    if let Some(resolver) = &look.resolver {
        branding::insert(&mut page, &resolver.meta(inspector));
    }
    let asked = look.resolver.as_ref().filter(|_| inspector).map(Resolver::origin);
    let policy = policy::of_page(&page, &look.branding.frame_ancestors, asked);
    let mut response = Response::new(Body::from(page));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    secured(response, policy)
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
