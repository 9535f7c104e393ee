//! What can be set of a webhook: read back as it was set, and refused where it cannot be.

use seinpost_protocol::rest::{MimePrivacy, RateLimit, RecipientPrivacy, Webhook, WebhookOptions};
use serde_json::{Value, json};

use crate::support::{app::TestApp, receiver::Receiver};

fn everything() -> Value {
    json!({
        "retries": [1, 60],
        "rate": {"per_second": 10, "burst": 20},
        "concurrency": 3,
        "batch": {"max_events": 50, "max_ms": 200},
        "headers": [["X-Team", "mail"], ["X-Empty", ""]],
        "filter": {"tags": {"any": ["a", "b"]}, "recipient_domains": {"exclude": ["example.org"]}},
        "privacy": {"recipient": "hashed", "mime": {"cut": 1000}, "ip": "truncated"},
        "diagnosis": true,
        "operational": true,
    })
}

#[tokio::test]
async fn options_are_kept_and_null_clears_them() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let made: Webhook = {
        let mut body = json!({"type": "open", "url": receiver.url("/")});
        body.as_object_mut().unwrap().extend(everything().as_object().unwrap().clone());
        app.client.post("/v1/webhook", &body).await.expect(201).json()
    };
    let key = made.options.privacy.recipient_key.clone().unwrap();
    assert!(key.len() >= 32);
    let path = format!("/v1/webhooks/{}", made.id);
    let shown: Value = app.client.get(&path).await.expect(200).json();
    for (name, expected) in everything().as_object().unwrap() {
        match name.as_str() {
            "filter" => assert_eq!(shown[name]["tags"]["any"], expected["tags"]["any"]),
            _ => assert_eq!(&shown[name], expected, "{name}"),
        }
    }

    // One is replaced, another cleared; what is not named stays, the key included.
    let patch = json!({"rate": {"per_second": 5}, "headers": null, "privacy": {"recipient": "hashed"}});
    let changed: Webhook = app.client.patch(&path, &patch).await.expect(200).json();
    assert_eq!(changed.options.rate, Some(RateLimit { per_second: 5, burst: None }));
    assert!(changed.options.headers.is_empty());
    assert_eq!(changed.options.privacy.recipient, RecipientPrivacy::Hashed);
    assert_eq!((changed.options.privacy.mime, changed.options.privacy.recipient_key), (MimePrivacy::AsIs, None));
    assert_eq!(changed.options.retries, Some(vec![1, 60]));
    let kept = app.app.store.webhook(1, made.id.clone()).await.unwrap().unwrap();
    assert_eq!(kept.options.privacy.recipient_key, Some(key));
    let history: Value = app.client.get(&format!("{path}/history")).await.expect(200).json();
    assert_eq!(history["data"][0]["detail"], "rate, headers, privacy");

    let cleared: Value = everything().as_object().unwrap().keys().map(|name| (name.clone(), Value::Null)).collect();
    let cleared: Webhook = app.client.patch(&path, &cleared).await.expect(200).json();
    assert_eq!(cleared.options, WebhookOptions::default());
}

#[tokio::test]
async fn an_option_that_cannot_be_is_refused_by_its_place() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    for (name, value, place) in [
        ("retries", json!([5, 9_999_999]), "retries[1]"),
        ("retries", json!([5, "soon"]), "retries[1]"),
        ("rate", json!({"per_second": 0}), "rate.per_second"),
        ("rate", json!({"per_second": -1}), "rate.per_second"),
        ("concurrency", json!(0), "concurrency"),
        ("batch", json!({"max_events": 5000, "max_ms": 1}), "batch.max_events"),
        ("headers", json!([["X-A", "1"], ["Signature", "2"]]), "headers[1]"),
        ("filter", json!({"tags": {"any": [""]}}), "filter.tags.any[0]"),
        ("privacy", json!({"mime": {"cut": 0}}), "privacy.mime.cut"),
    ] {
        let mut body = json!({"type": "open", "url": receiver.url("/")});
        body[name] = value;
        let problem: Value = app.client.post("/v1/webhook", &body).await.expect(422).json();
        assert_eq!(problem["errors"][0]["variable"], place, "{problem}");
    }
    // All that is wrong is told at once, wherever it stands.
    let wrong = json!({"type": "open", "url": "ftp://example.com", "digest_name": "md5", "rate": {"per_second": 0},
        "concurrency": 0, "retries": [9_999_999, 9_999_999]});
    let problem: Value = app.client.post("/v1/webhook", &wrong).await.expect(422).json();
    let places: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|each| each["variable"].clone()).collect();
    assert_eq!(places, ["url", "digest_name", "retries[0]", "retries[1]", "rate.per_second", "concurrency"]);
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("url: ") && detail.contains("; digest_name: ") && detail.ends_with("; and more"),
        "{detail}"
    );
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    let patch = json!({"url": "https://example.com:25/", "digest_name": "md5", "concurrency": 0});
    let problem: Value = app.client.patch(&path, &patch).await.expect(422).json();
    let places: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|each| each["variable"].clone()).collect();
    assert_eq!(places, ["url", "digest_name", "concurrency"]);
    let patch = json!({"type": "open", "filter": {"tags": {"any": [""]}}, "privacy": {"mime": {"cut": 0}}});
    let problem: Value = app.client.post("/v1/webhooks/preview", &patch).await.expect(422).json();
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "{problem}");
    // Together, too: a batch is JSON.
    let webhook = app.webhook(&receiver, json!({"batch": {"max_events": 2, "max_ms": 1}})).await;
    let patch = json!({"format": "form"});
    let problem: Value = app.client.patch(&format!("/v1/webhooks/{}", webhook.id), &patch).await.expect(422).json();
    assert_eq!(problem["errors"][0]["variable"], "batch");
}
