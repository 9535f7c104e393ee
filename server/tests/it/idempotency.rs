//! `Idempotency-Key`: a call that is made again is done once.

use std::time::Duration;

use seinpost_protocol::rest::{Page, Problem, Replay, Token};
use serde_json::{Value, json};

use crate::{
    events::open,
    support::{
        app::TestApp,
        client::{Client, Reply},
        receiver::Receiver,
    },
};

async fn post(client: &Client, path: &str, key: &str, body: &Value) -> Reply {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    client.call("POST", path, &headers, body.to_string()).await
}

#[tokio::test]
async fn a_repeat_creates_nothing_and_answers_the_same() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let signed = app.webhook(&receiver, json!({"profile": "standard"})).await;
    app.client.event(r#"{"type":"open","id":"m","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"a@example.net","ip":"192.0.2.1","tags":[]}"#).await.expect(202);
    let delivery =
        app.deliveries_when(|all| all.iter().any(|each| each.status.as_str() == "delivered")).await.remove(0);
    for (path, body) in [
        ("/v1/webhook".to_owned(), json!({"type": "open", "url": "https://example.com/", "profile": "standard"})),
        ("/v1/feedbackloop".to_owned(), json!({"type": "open", "url": "https://example.com/"})),
        ("/v1/tokens".to_owned(), json!({"name": "a", "scopes": ["admin"]})),
        ("/v1/signin-links".to_owned(), json!({"scopes": ["webhooks:read"]})),
        (format!("/v1/webhooks/{}/replays", webhook.id), json!({})),
        (format!("/v1/deliveries/{}/replay", delivery.id), json!({})),
        (format!("/v1/webhooks/{}/test", webhook.id), json!({})),
        (format!("/v1/webhooks/{}/rotate-secret", signed.id), json!({})),
        ("/v1/keys/rotate".to_owned(), json!({})),
    ] {
        let first = post(&app.client, &path, &format!("key {path}"), &body).await;
        assert!((200..300).contains(&first.status), "{path}: {}", first.text());
        let again = post(&app.client, &path, &format!("key {path}"), &body).await;
        assert_eq!((again.status, again.text()), (first.status, first.text()), "{path}");
        for name in ["location", "etag", "content-type", "cache-control"] {
            assert_eq!(again.header(name), first.header(name), "{path}: {name}");
        }
        let mut other = body.clone();
        other["x"] = json!(1);
        let problem: Problem = post(&app.client, &path, &format!("key {path}"), &other).await.expect(409).json();
        assert_eq!(problem.kind, "urn:seinpost:problem:conflict");
    }
    let tokens: Page<Token> = app.client.get("/v1/tokens").await.expect(200).json();
    assert_eq!(tokens.data.len(), 2, "the test's own, and one");
    let replays = format!("/v1/webhooks/{}/replays", webhook.id);
    assert_eq!(app.client.get(&replays).await.expect(200).json::<Page<Replay>>().data.len(), 1);
    // The same key is for one call, whichever that is.
    post(&app.client, "/v1/tokens", "key /v1/webhook", &json!({"name": "a", "scopes": ["admin"]})).await.expect(409);
}

#[tokio::test]
async fn calls_at_the_same_time_are_done_once() {
    let app = TestApp::start().await;
    let body = json!({"name": "a", "scopes": ["admin"]});
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let (client, body) = (app.client.clone(), body.clone());
            tokio::spawn(async move { post(&client, "/v1/tokens", "one", &body).await.status })
        })
        .collect();
    let mut made = 0;
    for call in calls {
        match call.await.unwrap() {
            201 => made += 1,
            status => assert_eq!(status, 409, "the first goes on"),
        }
    }
    assert!(made >= 1);
    let tokens: Page<Token> = app.client.get("/v1/tokens").await.expect(200).json();
    assert_eq!(tokens.data.len(), 2);
}

#[tokio::test]
async fn what_was_refused_can_be_made_again() {
    let app = TestApp::start().await;
    post(&app.client, "/v1/tokens", "k", &json!({"name": "", "scopes": ["admin"]})).await.expect(422);
    post(&app.client, "/v1/tokens", "k", &json!({"name": "a", "scopes": ["admin"]})).await.expect(201);
    for key in [String::new(), "x".repeat(256)] {
        post(&app.client, "/v1/tokens", &key, &json!({"name": "a", "scopes": ["admin"]})).await.expect(422);
    }
}

#[tokio::test]
async fn keys_are_each_caller_s_own_and_last_a_day() {
    let app = TestApp::start().await;
    let body = json!({"name": "a", "scopes": ["admin"]});
    let first: Value = post(&app.client, "/v1/tokens", "k", &body).await.expect(201).json();
    let other = Client { token: Some(first["token"].as_str().unwrap().into()), ..app.client.clone() };
    let theirs: Value = post(&other, "/v1/tokens", "k", &body).await.expect(201).json();
    assert_ne!(first["id"], theirs["id"]);
    let elsewhere = app.other_environment().await;
    post(&elsewhere, "/v1/tokens", "k", &json!({"name": "b", "scopes": ["admin"]})).await.expect(201);
    // Those of events, too; and nobody can take one of another's by writing its name into theirs.
    let (mine, others) = (json!(open("mine")), json!(open("theirs")));
    let hand_in = async |client: &Client, key: &str, event: &Value| {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        client.call("POST", "/v1/events", &headers, event.as_str().unwrap().to_owned()).await
    };
    hand_in(&app.client, "1", &mine).await.expect(202);
    hand_in(&other, "1", &others).await.expect(202);
    hand_in(&other, "1", &mine).await.expect(409);
    let me = app.client.get("/v1/tokens").await.expect(200).json::<Page<Token>>().data.remove(0).id;
    hand_in(&other, &format!("{me} 2"), &others).await.expect(202);
    post(&app.client, "/v1/tokens", "2", &body).await.expect(201);
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    let later: Value = post(&app.client, "/v1/tokens", "k", &body).await.expect(201).json();
    assert_ne!(first["id"], later["id"]);
}

#[tokio::test]
async fn a_kept_answer_does_not_give_its_secret_away() {
    let app = TestApp::start().await;
    let made: Value =
        post(&app.client, "/v1/tokens", "k", &json!({"name": "a", "scopes": ["admin"]})).await.expect(201).json();
    let secret = made["token"].as_str().unwrap().strip_prefix("seinpost_").unwrap().as_bytes().to_vec();
    for file in std::fs::read_dir(app.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret), "the token is on the disk");
    }
}

#[test]
fn every_post_that_makes_something_says_that_it_takes_a_key() {
    let document = seinpost_server::api::document();
    let mut without = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(post) = item.get("post") else { continue };
        let parameters = post["parameters"].as_array().cloned().unwrap_or_default();
        if !parameters.iter().any(|each| {
            each["name"] == "Idempotency-Key" || each["$ref"].as_str().is_some_and(|at| at.contains("dempotency"))
        }) {
            without.push(path.as_str());
        }
    }
    // A session is begun by a code that works once.
    assert_eq!(without, ["/v1/session"]);
}
