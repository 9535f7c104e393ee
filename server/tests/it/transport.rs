//! Compression, and other sites.

use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;

use crate::{
    events::open,
    support::{app::TestApp, client::Client, raw},
};

#[tokio::test]
async fn long_answers_are_compressed_as_the_caller_takes_them() {
    let app = TestApp::start().await;
    let plain = app.client.get("/openapi.json").await.expect(200);
    assert_eq!(plain.header("content-encoding"), "");
    for (accepts, coding) in [("gzip", "gzip"), ("br", "br"), ("gzip, br", "br"), ("identity", ""), ("zstd", "")] {
        let reply = app.client.call("GET", "/openapi.json", &[("accept-encoding", accepts)], "").await.expect(200);
        assert_eq!(reply.header("content-encoding"), coding, "{accepts}");
        assert!(reply.header("vary").contains("accept-encoding"), "{accepts}");
        if !coding.is_empty() {
            assert!(reply.body.len() * 4 < plain.body.len(), "{accepts}: {} of {}", reply.body.len(), plain.body.len());
        }
    }
    let short = app.client.call("GET", "/health/live", &[("accept-encoding", "br")], "").await.expect(200);
    assert_eq!(short.header("content-encoding"), "", "it would not get shorter");
}

#[tokio::test]
async fn answers_with_secrets_are_not_compressed() {
    let app = TestApp::start().await;
    // Long enough for it: what is reflected is what an attacker would vary.
    let url = format!("https://example.com/{}", "a".repeat(1500));
    let body = json!({"type": "open", "url": url, "profile": "standard"}).to_string();
    let headers = [("content-type", "application/json"), ("accept-encoding", "gzip, br")];
    let created = app.client.call("POST", "/v1/webhook", &headers, body).await.expect(201);
    assert!(created.body.len() > 1500);
    assert_eq!((created.header("content-encoding"), created.header("cache-control")), ("", "no-store"));
    let place = created.header("location").to_owned();
    let shown = app.client.call("GET", &place, &[("accept-encoding", "gzip")], "").await.expect(200);
    assert_eq!(shown.header("content-encoding"), "gzip", "without its secret it is");
}

#[tokio::test]
async fn other_sites_read_nothing_unless_configured() {
    let app = TestApp::start().await;
    let origin = ("origin", "https://mail.example");
    let reply = app.client.call("GET", "/v1/webhooks", &[origin], "").await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), "");
    let preflight = [origin, ("access-control-request-method", "POST")];
    let reply = app.client.call("OPTIONS", "/v1/webhook", &preflight, "").await.expect(405);
    assert_eq!(reply.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn configured_sites_call_with_a_token_and_never_with_a_cookie() {
    let folder = Arc::new(TempDir::new().unwrap());
    let origins = vec!["https://mail.example".parse().unwrap()];
    let app = TestApp::start_with(folder, |options| options.cors_origins = origins).await;
    let client = Client { token: None, ..app.client.clone() };
    let ask = async |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "authorization, if-match, idempotency-key"),
        ];
        client.call("OPTIONS", "/v1/webhooks/wh_x", &headers, "").await.expect(200)
    };
    let allowed = ask("https://mail.example").await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://mail.example");
    assert!(allowed.header("access-control-allow-methods").contains("PATCH"));
    assert!(allowed.header("access-control-allow-headers").contains("if-match"));
    assert_eq!(allowed.header("access-control-allow-credentials"), "");
    assert_eq!(ask("https://evil.example").await.header("access-control-allow-origin"), "");
    let reply = app.client.call("GET", "/v1/webhooks", &[("origin", "https://mail.example")], "").await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), "https://mail.example");
    assert!(reply.header("access-control-expose-headers").contains("etag"));
}

#[tokio::test]
async fn a_body_that_is_compressed_is_refused_and_never_unpacked() {
    let app = TestApp::start().await;
    let bomb = raw::gzip_bomb();
    for (path, coding, named) in
        [("/v1/events", "gzip", ""), ("/v1/events", "identity, gzip", ""), ("/v1/webhook", "br", "once")]
    {
        let mut headers = vec![("content-type", "application/json"), ("content-encoding", coding)];
        if !named.is_empty() {
            headers.push(("idempotency-key", named));
        }
        let reply = app.client.call("POST", path, &headers, bomb.clone()).await.expect(415);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.header("accept-encoding"), "identity", "what can be sent instead");
        assert!(reply.text().contains("gzip, is not read here"), "{}", reply.text());
    }
    // Who may not come in is told that first, and what is not compressed may say so.
    let stranger = Client { token: None, ..app.client.clone() };
    stranger.call("POST", "/v1/events", &[("content-encoding", "gzip")], bomb).await.expect(401);
    let headers = [("content-type", "application/json"), ("content-encoding", "Identity")];
    app.client.call("POST", "/v1/events", &headers, open("plain")).await.expect(202);
}
