//! `ETag` and `If-Match`: nobody overwrites what somebody else has just changed.

use seinpost_protocol::rest::Problem;
use serde_json::json;

use crate::support::{app::TestApp, client::Reply, receiver::Receiver};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn a_change_wants_the_webhook_as_it_was_read() {
    let app = TestApp::start().await;
    let created =
        app.client.post("/v1/webhook", &json!({"type": "open", "url": "https://example.com/"})).await.expect(201);
    let place = created.header("location").to_owned();
    let tag = created.header("etag").to_owned();
    assert!(tag.starts_with("\"v") && tag.ends_with('"'), "{tag}");
    assert_eq!(app.client.get(&place).await.expect(200).header("etag"), tag);

    let patch = async |tag: &str, body: &str| {
        app.client.call("PATCH", &place, &[JSON, ("if-match", tag)], body.to_owned()).await
    };
    let changed: Reply = patch(&tag, r#"{"format":"form"}"#).await.expect(200);
    let newer = changed.header("etag").to_owned();
    assert_ne!(newer, tag);
    for stale in [tag.as_str(), "\"x\"", "W/\"v2\"", ""] {
        let problem: Problem = patch(stale, r#"{"format":"json"}"#).await.expect(412).json();
        assert_eq!(problem.kind, "urn:seinpost:problem:precondition-failed");
    }
    assert_eq!(app.client.get(&place).await.expect(200).header("etag"), newer, "nothing was done");
    // What changes nothing leaves the tag.
    let same = patch(&format!("\"other\", {newer}"), r#"{"format":"form"}"#).await.expect(200);
    assert_eq!(same.header("etag"), newer);
    patch("*", r#"{"format":"json"}"#).await.expect(200);

    let certificate = format!("{place}/client-certificate");
    app.client.call("DELETE", &certificate, &[("if-match", &newer)], "").await.expect(412);
    app.client.call("DELETE", &place, &[("if-match", &newer)], "").await.expect(412);
    app.client.call("POST", &format!("{place}/rotate-secret"), &[("if-match", &newer)], "").await.expect(412);
    let now = app.client.get(&place).await.expect(200).header("etag").to_owned();
    app.client.call("DELETE", &place, &[("if-match", &now)], "").await.expect(204);
    app.client.call("DELETE", &place, &[("if-match", &now)], "").await.expect(404);
}

#[tokio::test]
async fn the_environment_is_renamed_as_it_was_read() {
    let app = TestApp::start().await;
    let place = "/v1/environment";
    let tag = app.client.get(place).await.expect(200).header("etag").to_owned();
    let rename = async |tag: &str, name: &str| {
        app.client.call("PATCH", place, &[JSON, ("if-match", tag)], json!({"name": name}).to_string()).await
    };
    let newer = rename(&tag, "Mine").await.expect(200).header("etag").to_owned();
    assert_ne!(newer, tag);
    let problem: Problem = rename(&tag, "Theirs").await.expect(412).json();
    assert_eq!(problem.kind, "urn:seinpost:problem:precondition-failed");
    assert_eq!(app.client.get(place).await.expect(200).header("etag"), newer, "nothing was done");
    rename(&newer, "Theirs").await.expect(200);
    // Who does not say what they have read takes it as it is.
    app.client.patch(place, &json!({"name": "Anybody's"})).await.expect(200);
}

#[tokio::test]
async fn verifying_changes_the_tag_and_delivering_does_not() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let place = format!("/v1/webhooks/{}", webhook.id);
    let verified = app.client.get(&place).await.expect(200).header("etag").to_owned();
    assert_ne!(verified, "\"v1\"");
    app.client.event(r#"{"type":"open","id":"m","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"a@example.net","ip":"192.0.2.1","tags":[]}"#).await.expect(202);
    app.deliveries_when(|all| all.iter().any(|each| each.status.as_str() == "delivered")).await;
    assert_eq!(app.client.get(&place).await.expect(200).header("etag"), verified);
}

#[tokio::test]
async fn of_many_changes_at_once_none_is_lost() {
    let app = TestApp::start().await;
    let created =
        app.client.post("/v1/webhook", &json!({"type": "open", "url": "https://example.com/"})).await.expect(201);
    let (place, tag) = (created.header("location").to_owned(), created.header("etag").to_owned());
    let calls = (0..8).map(|n| {
        let (client, place, tag) = (app.client.clone(), place.clone(), tag.clone());
        tokio::spawn(async move {
            let body = format!(r#"{{"concurrency":{}}}"#, n + 1);
            client.call("PATCH", &place, &[JSON, ("if-match", &tag)], body).await.status
        })
    });
    let mut statuses = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        statuses.push(call.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412], "one has changed it, the others are told");
}
