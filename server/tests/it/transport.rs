//! Compression, and other sites.

use std::sync::Arc;

use seinpost_protocol::rest::Webhook;
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
async fn a_change_that_makes_a_secret_or_a_key_is_not_compressed_and_not_stored() {
    let app = TestApp::start().await;
    let url = format!("https://example.com/{}", "a".repeat(1500));
    let webhook: Webhook =
        app.client.post("/v1/webhook", &json!({"type": "open", "url": url})).await.expect(201).json();
    let path = format!("/v1/webhooks/{}", webhook.id);
    let headers = [("content-type", "application/json"), ("accept-encoding", "gzip, br")];
    let change = async |body: serde_json::Value| {
        let reply = app.client.call("PATCH", &path, &headers, body.to_string()).await.expect(200);
        let told = (reply.header("content-encoding").to_owned(), reply.header("cache-control").to_owned());
        (told, reply)
    };
    let (told, reply) = change(json!({"profile": "standard"})).await;
    assert!(reply.json::<Webhook>().secret.is_some());
    assert_eq!(told, (String::new(), "no-store".to_owned()));
    let (told, reply) = change(json!({"privacy": {"recipient": "hashed"}})).await;
    assert!(reply.json::<Webhook>().options.privacy.recipient_key.is_some());
    assert_eq!(told, (String::new(), "no-store".to_owned()));
    let (told, _) = change(json!({"format": "form"})).await;
    assert_eq!(told, ("br".to_owned(), String::new()), "nothing was made");
}

#[tokio::test]
async fn an_answer_with_a_secret_that_is_given_again_is_not_compressed_either() {
    let app = TestApp::start().await;
    let url = format!("https://example.com/{}", "a".repeat(1500));
    let body = json!({"type": "open", "url": url, "profile": "standard"}).to_string();
    let headers = [("content-type", "application/json"), ("accept-encoding", "br"), ("idempotency-key", "once")];
    for _ in 0..2 {
        let reply = app.client.call("POST", "/v1/webhook", &headers, body.clone()).await.expect(201);
        assert_eq!((reply.header("content-encoding"), reply.header("cache-control")), ("", "no-store"));
        assert!(reply.json::<Webhook>().secret.is_some());
    }
}

#[tokio::test]
async fn logfiles_and_the_events_of_smtpeter_s_calls_are_compressed() {
    let app = TestApp::start().await;
    let events: Vec<String> = (0..50).map(|_| open("m1")).collect();
    app.client.lines(events.join("\n")).await.expect(202);
    for path in [
        "/v1/logfiles/opens.2026-01-31.log",
        "/v1/logfiles/opens.2026-01-31.log/json",
        "/v1/events/messageid/m1?start=2026-01-31",
    ] {
        let plain = app.client.get(path).await.expect(200);
        let reply = app.client.call("GET", path, &[("accept-encoding", "br")], "").await.expect(200);
        assert_eq!((reply.header("content-encoding"), reply.header("cache-control")), ("br", "no-store"), "{path}");
        assert!(reply.body.len() * 4 < plain.body.len(), "{path}: {} of {}", reply.body.len(), plain.body.len());
    }
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
