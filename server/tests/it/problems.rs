//! Every error has one form, also those of the framework.

use std::time::Duration;

use seinpost_protocol::rest::Problem;

use crate::support::app::TestApp;

#[tokio::test]
async fn every_error_is_a_problem() {
    let app = TestApp::start().await;
    let client = &app.client;
    for (method, path, status) in [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/webhooks/wh_x", 404),
        ("GET", "/v1/deliveries/dlv_x", 404),
        ("GET", "/v1/deliveries/%FF", 400),
        ("PUT", "/v1/events", 405),
        ("DELETE", "/v1/webhooks", 405),
        ("POST", "/health/live", 405),
        ("POST", "/v1/webhook", 400),
        ("POST", "/v1/events", 415),
        ("POST", "/v1/session", 400),
        ("GET", "/v1/webhooks?limit=x", 422),
    ] {
        let reply = client.call(method, path, &[], "").await.expect(status);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}");
        let problem: Problem = reply.json();
        assert_eq!(problem.status, status, "{method} {path}");
        assert!(problem.kind.starts_with("urn:seinpost:problem:"), "{problem:?}");
        assert!(problem.detail.is_some(), "{problem:?}");
        if status == 405 {
            assert!(!reply.header("allow").is_empty(), "{method} {path}");
        }
    }
    let xml = client.call("POST", "/v1/webhook", &[("content-type", "application/xml")], "<x/>").await.expect(415);
    assert_eq!(xml.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn health_and_metrics_need_no_token() {
    let app = TestApp::start().await;
    let client = crate::support::client::Client { token: None, ..app.client.clone() };
    assert_eq!(client.get("/health/live").await.expect(200).text(), "ok\n");
    assert_eq!(client.get("/health/ready").await.expect(200).text(), "ok\n");
    assert!(client.get("/metrics").await.expect(200).text().contains("seinpost_deliveries_pending 0\n"));
}

#[tokio::test]
async fn readiness_is_tried_by_writing_at_most_once_a_second() {
    let app = TestApp::start().await;
    let database = rusqlite::Connection::open(app.folder.path().join("seinpost.db")).unwrap();
    let asked = async || {
        app.client.get("/health/ready").await.expect(200);
        database.query_row("SELECT trial FROM readiness", [], |row| row.get::<_, Vec<u8>>(0)).unwrap()
    };
    let first = asked().await;
    assert_eq!(asked().await, first);
    app.clock.advance(Duration::from_secs(1));
    assert_ne!(asked().await, first);
}
