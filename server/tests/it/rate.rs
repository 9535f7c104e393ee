//! How often a token may call, and how large bodies may be.

use std::{sync::Arc, time::Duration};

use seinpost_protocol::rest::Problem;
use seinpost_server::access::{Quota, RateLimits};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{
    app::{BEGIN, TestApp},
    client::Client,
};

async fn limited(calls: Option<Quota>, events: Option<Quota>) -> TestApp {
    let folder = Arc::new(TempDir::new().unwrap());
    TestApp::start_with(folder, |options| options.rate = RateLimits { calls, events }).await
}

#[tokio::test]
async fn each_token_has_a_bucket_that_fills_with_time() {
    let app = limited(Some(Quota { per_second: 2, burst: 4 }), None).await;
    let mut shown = Vec::new();
    for _ in 0..4 {
        let reply = app.client.get("/v1/webhooks").await.expect(200);
        assert_eq!(reply.header("ratelimit-policy"), "\"calls\";q=4;w=2");
        shown.push(reply.header("ratelimit").to_owned());
    }
    assert_eq!(shown, ["\"calls\";r=3;t=1", "\"calls\";r=2;t=1", "\"calls\";r=1;t=2", "\"calls\";r=0;t=2"]);
    let refused = app.client.get("/v1/webhooks").await.expect(429);
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit"), "\"calls\";r=0;t=2");
    assert_eq!(refused.header("content-type"), "application/problem+json");
    let problem: Problem = refused.json();
    assert_eq!(problem.kind, "urn:seinpost:problem:too-many-requests");
    // Refused calls of all kinds count; another token's do not, nor what needs none.
    app.other_environment().await.get("/v1/webhooks").await.expect(200);
    app.client.get("/health/live").await.expect(200);
    app.clock.advance(Duration::from_millis(500));
    app.client.get("/v1/nothing").await.expect(404);
    app.client.get("/v1/webhooks").await.expect(200);
    app.client.get("/v1/webhooks").await.expect(429);
    app.clock.advance(Duration::from_secs(60));
    for _ in 0..4 {
        app.client.get("/v1/webhooks").await.expect(200);
    }
    app.client.get("/v1/webhooks").await.expect(429);
}

/// A clock that was set back emptied every bucket, and one that was set ahead filled it.
#[tokio::test]
async fn a_clock_that_is_set_gives_nobody_a_call_and_takes_none() {
    let app = limited(Some(Quota { per_second: 2, burst: 4 }), None).await;
    let day = 24 * 60 * 60 * 1000;
    for set in [0, -day, day, -day] {
        app.clock.set(BEGIN + set);
        app.client.get("/v1/webhooks").await.expect(200);
    }
    app.clock.set(BEGIN + day);
    app.client.get("/v1/webhooks").await.expect(429);
    app.clock.advance(Duration::from_millis(500));
    app.client.get("/v1/webhooks").await.expect(200);
    app.client.get("/v1/webhooks").await.expect(429);
}

#[tokio::test]
async fn events_have_a_quota_of_their_own() {
    let app = limited(None, Some(Quota { per_second: 1, burst: 1 })).await;
    let reply = app.client.event("{}").await.expect(422);
    assert_eq!(reply.header("ratelimit-policy"), "\"events\";q=1;w=1");
    app.client.event("{}").await.expect(429);
    for _ in 0..3 {
        let reply = app.client.get("/v1/webhooks").await.expect(200);
        assert_eq!(reply.header("ratelimit"), "", "what is not limited says nothing");
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_are_refused_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let mib = 1024 * 1024;
    let json = ("content-type", "application/json");
    let key = ("idempotency-key", "k");
    let large = |size: usize| format!("{{\"type\":\"open\",\"url\":\"{}\"}}", "x".repeat(size));
    for headers in [vec![json], vec![json, key]] {
        let problem: Problem = app.client.call("POST", "/v1/webhook", &headers, large(mib)).await.expect(413).json();
        assert_eq!(problem.kind, "urn:seinpost:problem:too-large");
    }
    app.client.event(large(mib)).await.expect(413);
    app.client.lines("x\n".repeat(8 * mib + 1)).await.expect(413);
    // Within a batch, only the line is.
    let good = r#"{"type":"open","id":"m","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"a@example.net","ip":"192.0.2.1","tags":[]}"#;
    let reply: serde_json::Value = app.client.lines(format!("{good}\n{}\n", large(mib))).await.expect(202).json();
    assert_eq!(
        (reply["accepted"].as_array().unwrap().len(), &reply["rejected"][0]["line"]),
        (1, &serde_json::json!(2))
    );
}

/// Each session had a bucket of its own: whoever was refused signed in once more.
#[tokio::test]
async fn signing_in_with_a_token_gives_no_more_calls() {
    let app = limited(Some(Quota { per_second: 1, burst: 3 }), None).await;
    let anonymous = Client { token: None, ..app.client.clone() };
    let code = json!({"code": app.client.token});
    let session = anonymous.post("/v1/session", &code).await.expect(201);
    let cookie = session.header("set-cookie").split(';').next().unwrap().to_owned();
    let as_session = async || anonymous.call("GET", "/v1/webhooks", &[("cookie", &cookie)], "").await;
    assert_eq!(as_session().await.expect(200).header("ratelimit"), "\"calls\";r=1;t=2");
    app.client.get("/v1/webhooks").await.expect(200);
    as_session().await.expect(429);
    let refused = anonymous.post("/v1/session", &code).await.expect(429);
    assert_eq!((refused.header("retry-after"), refused.header("set-cookie")), ("1", ""));
    assert_eq!(refused.header("ratelimit"), "\"calls\";r=0;t=3");
    // A link is nobody's call.
    anonymous.post("/v1/session", &json!({"code": app.code().await})).await.expect(201);
}
