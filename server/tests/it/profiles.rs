//! The profiles with which calls are signed.

use std::time::Duration;

use http::StatusCode;
use seinpost_protocol::{
    rest::{Problem, Profile as Named, Webhook},
    verify::Profile,
};
use seinpost_server::clock::Clock;
use serde_json::{Value, json};

use crate::{
    events::open,
    support::{
        app::{BEGIN, TestApp},
        receiver::Receiver,
        signature::{Key, report_by},
    },
};

const NOW: i64 = BEGIN / 1000;

#[tokio::test]
async fn standard_webhooks_are_signed_with_the_secret_and_retried_under_the_same_id() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let host = receiver.address.to_string();
    let webhook = app.webhook(&receiver, json!({"profile": "standard"})).await;
    let secret = webhook.secret.clone().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    app.client.event(open("m1")).await.expect(202);
    let first = receiver.next().await;
    let report = report_by(Profile::Standard, &first, &Key::Secret(&secret), &host, NOW);
    assert!(report.ok(), "{report:?}");
    assert!(first.header("webhook-id").starts_with("evt_"));

    let waited = app.clock.advance_to_next_sleeper().await;
    let second = receiver.next().await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_ne!(first.header("webhook-timestamp"), second.header("webhook-timestamp"));
    let now = NOW + i64::try_from(waited.as_secs()).unwrap();
    assert!(report_by(Profile::Standard, &second, &Key::Secret(&secret), &host, now).ok());
}

#[tokio::test]
async fn a_secret_is_shown_once_and_the_old_one_signs_along_for_a_day() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let host = receiver.address.to_string();
    let webhook = app.webhook(&receiver, json!({})).await;
    assert_eq!(webhook.secret, None);
    let path = format!("/v1/webhooks/{}", webhook.id);
    app.client.post(&format!("{path}/rotate-secret"), &Value::Null).await.expect(409);
    let patched: Webhook = app.client.patch(&path, &json!({"profile": "standard"})).await.expect(200).json();
    let old = patched.secret.unwrap();
    for reply in [app.client.get(&path).await, app.client.patch(&path, &json!({"profile": "standard"})).await] {
        assert!(!reply.expect(200).text().contains("whsec_"));
    }
    let rotated: Webhook = app.client.post(&format!("{path}/rotate-secret"), &Value::Null).await.expect(200).json();
    let new = rotated.secret.unwrap();
    assert_ne!(old, new);

    app.client.post(&format!("{path}/test"), &Value::Null).await.expect(200);
    let call = receiver.next().await;
    assert!(call.header("webhook-id").starts_with("test_"));
    for secret in [&old, &new] {
        assert!(report_by(Profile::Standard, &call, &Key::Secret(secret), &host, NOW).ok());
    }
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    app.client.post(&format!("{path}/test"), &Value::Null).await.expect(200);
    let call = receiver.next().await;
    let now = NOW + 24 * 60 * 60;
    assert!(!report_by(Profile::Standard, &call, &Key::Secret(&old), &host, now).ok());
    assert!(report_by(Profile::Standard, &call, &Key::Secret(&new), &host, now).ok());
}

/// Makes a new secret of a webhook.
async fn rotated(app: &TestApp, path: &str) -> String {
    let webhook: Webhook = app.client.post(&format!("{path}/rotate-secret"), &Value::Null).await.expect(200).json();
    webhook.secret.unwrap()
}

/// With which of the secrets a receiver verifies a call that is made now.
async fn verifying(app: &TestApp, receiver: &Receiver, path: &str, secrets: &[String]) -> Vec<bool> {
    app.client.post(&format!("{path}/test"), &Value::Null).await.expect(200);
    let call = receiver.next().await;
    let (host, now) = (receiver.address.to_string(), app.clock.now() / 1000);
    secrets.iter().map(|secret| report_by(Profile::Standard, &call, &Key::Secret(secret), &host, now).ok()).collect()
}

/// The second rotation dropped the secret that the receiver had, and it refused every call at once.
#[tokio::test]
async fn a_secret_signs_along_for_its_day_however_many_are_made_after_it() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({"profile": "standard"})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    let mut secrets = vec![webhook.secret.unwrap()];
    for hours in [0, 1] {
        app.clock.advance(Duration::from_secs(hours * 3600));
        secrets.push(rotated(&app, &path).await);
    }
    // Whichever of the three the receiver has.
    assert_eq!(verifying(&app, &receiver, &path, &secrets).await, [true, true, true]);
    // Another change leaves them as they are.
    app.client.patch(&path, &json!({"concurrency": 4})).await.expect(200);
    app.clock.advance(Duration::from_secs(23 * 3600));
    assert_eq!(verifying(&app, &receiver, &path, &secrets).await, [false, true, true]);
    app.clock.advance(Duration::from_secs(3600));
    assert_eq!(verifying(&app, &receiver, &path, &secrets).await, [false, false, true]);
}

#[tokio::test]
async fn no_secret_makes_room_for_another_before_its_day_is_over() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({"profile": "standard"})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    let mut secrets = vec![webhook.secret.unwrap()];
    for _ in 0..8 {
        secrets.push(rotated(&app, &path).await);
    }
    let refused: Problem = app.client.post(&format!("{path}/rotate-secret"), &Value::Null).await.expect(409).json();
    assert_eq!(refused.code.as_deref(), Some("many-secrets"));
    assert!(refused.detail.unwrap().contains("make a new one after 2026-02-01T12:00:00"));
    assert_eq!(verifying(&app, &receiver, &path, &secrets).await, [true; 9]);
    app.clock.advance(Duration::from_secs(24 * 3600));
    secrets.push(rotated(&app, &path).await);
    assert_eq!(verifying(&app, &receiver, &path, &secrets[7..]).await, [false, true, true]);
}

#[tokio::test]
async fn http_message_signatures_are_signed_with_the_environment_s_key() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let url = receiver.url("/hook.php?a=b%20c");
    let webhook = app.webhook(&receiver, json!({"profile": "rfc9421", "format": "form", "url": url})).await;
    assert_eq!((webhook.profile, webhook.secret), (Named::Rfc9421, None));
    app.client.event(open("m1")).await.expect(202);
    let call = receiver.next().await;
    let keys: Value = app.client.get("/v1/keys").await.expect(200).json();
    let record = Key::Record(keys[0]["dns"].as_str().unwrap());
    let report = report_by(Profile::Rfc9421, &call, &record, &receiver.address.to_string(), NOW);
    assert!(report.ok(), "{report:?}");
}

#[tokio::test]
async fn the_digest_is_named_as_the_webhook_asks() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    for (settings, name) in [(json!({}), "sha-256="), (json!({"digest_name": "SHA-256"}), "SHA-256=")] {
        let webhook = app.webhook(&receiver, settings).await;
        app.client.post(&format!("/v1/webhooks/{}/test", webhook.id), &Value::Null).await.expect(200);
        let call = receiver.next().await;
        assert!(call.header("digest").starts_with(name), "{}", call.header("digest"));
    }
}
