//! A webhook that fails tells since when, why and what is next; and it is counted.

use std::time::Duration;

use axum::http::StatusCode;
use seinpost_protocol::rest::{DeliveryStatus, ErrorKind, Page, RefusedCheck, Scope, Webhook, WebhookCounts};
use seinpost_server::store::{Happening, WebhookRecord};
use serde_json::json;

use crate::support::{app::TestApp, client::Client, receiver::Receiver};

const OPEN: &str = r#"{"id":"m-1","type":"open","time":"1769860800","timestamp":"2026-01-31 12:00:00","recipient":"a@example.net","ip":"203.0.113.1","tags":["x"]}"#;

async fn counts(client: &Client) -> WebhookCounts {
    client.get("/v1/webhooks/counts").await.expect(200).json()
}

/// The webhook, which is the same in the list.
async fn webhook(app: &TestApp, id: &str) -> Webhook {
    let one: Webhook = app.client.get(&format!("/v1/webhooks/{id}")).await.expect(200).json();
    let list: Page<Webhook> = app.client.get("/v1/webhooks").await.expect(200).json();
    assert!(list.data.contains(&one), "{one:?}");
    one
}

#[tokio::test]
async fn a_webhook_that_fails_says_why_and_is_counted_until_it_answers() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let made = app.webhook(&receiver, json!({})).await;
    app.client.post("/v1/webhook", &json!({"type": "click", "url": "https://example.com/"})).await.expect(201);
    let calm = WebhookCounts { active: 1, unverified: 1, ..WebhookCounts::default() };
    assert_eq!(counts(&app.client).await, calm);
    assert_eq!(webhook(&app, &made.id).await.failing, None);

    receiver.answer_next((StatusCode::UNAUTHORIZED, r#"{"check":"date","skew":-312}"#));
    app.client.event(OPEN).await.expect(202);
    let tried = app.deliveries_when(|all| all.iter().any(|each| each.attempts.len() == 1)).await;
    let failing = webhook(&app, &made.id).await.failing.unwrap();
    assert_eq!(failing.since, tried[0].attempts[0].started);
    assert_eq!(failing.delivery.as_deref(), Some(tried[0].id.as_str()));
    assert_eq!((failing.response_status, failing.error), (Some(401), None));
    assert_eq!(failing.refused, Some(RefusedCheck { check: "date".into(), skew: Some(-312), host: None }));
    assert!(failing.next_attempt.is_some() && failing.next_attempt == tried[0].next_attempt);
    assert_eq!(counts(&app.client).await, WebhookCounts { failing: 1, ..calm });
    assert_eq!(counts(&app.other_environment().await).await, WebhookCounts::default());
    let blind = app.client_with(&[Scope::DeliveriesRead]).await;
    blind.get("/v1/webhooks/counts").await.expect(403);

    // Paused it is not asked for, so it does not fail; resumed, nothing is known of it yet.
    let path = format!("/v1/webhooks/{}", made.id);
    for status in ["paused", "active"] {
        app.client.patch(&path, &json!({"status": status})).await.expect(200);
        assert_eq!(webhook(&app, &made.id).await.failing, None, "{status}");
        assert_eq!(counts(&app.client).await.failing, 0, "{status}");
    }

    app.clock.advance(Duration::from_secs(3600));
    app.deliveries_when(|all| all.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
    assert_eq!(webhook(&app, &made.id).await.failing, None);
    assert_eq!(counts(&app.client).await, calm);
}

/// Such a webhook was shown as active until its last retry, a week later.
#[tokio::test]
async fn a_webhook_that_nobody_answers_for_fails_from_its_first_attempt_on() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let made = app.webhook(&receiver, json!({})).await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let record = app.app.store.webhook(1, made.id.clone()).await.unwrap().unwrap();
    let record = WebhookRecord { url: format!("http://{nobody}/"), ..record };
    assert!(app.app.store.update_webhook(record, Happening::Changed, String::new()).await.unwrap().is_done());
    app.client.event(OPEN).await.expect(202);
    app.deliveries_when(|all| all.iter().any(|each| each.attempts.len() == 1)).await;
    let failing = webhook(&app, &made.id).await.failing.unwrap();
    assert_eq!((failing.response_status, failing.refused), (None, None));
    assert_eq!(failing.error.unwrap().kind, ErrorKind::Connect);
    assert_eq!(counts(&app.client).await.failing, 1);
}

/// It began the four days after which a webhook is disabled.
#[tokio::test]
async fn an_event_that_is_no_longer_kept_is_no_failure_of_the_receiver() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let made = app.webhook(&receiver, json!({})).await;
    let set = async |status: &str| {
        let path = format!("/v1/webhooks/{}", made.id);
        app.client.patch(&path, &json!({"status": status})).await.expect(200);
    };
    set("paused").await;
    app.client.event(OPEN).await.expect(202);
    let database = rusqlite::Connection::open(app.folder.path().join("seinpost.db")).unwrap();
    assert_eq!(database.execute("DELETE FROM event", []).unwrap(), 1);
    set("active").await;
    let log = app.deliveries_when(|all| all[0].status == DeliveryStatus::Failed).await;
    assert_eq!(log[0].attempts[0].error.as_ref().unwrap().kind, ErrorKind::Internal);
    assert_eq!(webhook(&app, &made.id).await.failing, None);
    assert_eq!(counts(&app.client).await, WebhookCounts { active: 1, ..WebhookCounts::default() });
    assert!(receiver.rest().await.is_empty());
}
