//! Sending what waits for its next attempt now.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use http::StatusCode;
use seinpost_protocol::rest::{AuditEntry, BroughtForward, Delivery, DeliveryStatus, Page, Scope};
use seinpost_server::{clock::Clock as _, store::WebhookKey};
use serde_json::{Value, json};

use crate::{
    events::open,
    support::{
        app::{BEGIN, TestApp},
        receiver::Receiver,
    },
};

/// An app whose receiver refused so many events, which wait for their next attempt.
async fn given(receiver: &Receiver, events: usize) -> (TestApp, String) {
    let app = TestApp::start().await;
    let webhook = app.webhook(receiver, json!({})).await;
    for n in 0..events {
        receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
        app.client.event(open(&format!("m{n}"))).await.expect(202);
    }
    for _ in 0..events {
        receiver.next().await;
    }
    app.deliveries_when(|log| log.iter().all(|each| each.attempts.len() == 1)).await;
    (app, format!("/v1/webhooks/{}", webhook.id))
}

async fn send(app: &TestApp, path: &str) -> BroughtForward {
    app.client.post(&format!("{path}/send-waiting"), &Value::Null).await.expect(200).json()
}

fn brought(brought_forward: u64) -> BroughtForward {
    BroughtForward { brought_forward, more: false }
}

async fn settled(app: &TestApp) {
    app.deliveries_when(|log| log.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
}

#[tokio::test]
async fn what_waits_for_its_next_attempt_is_sent_once_when_somebody_says_so() {
    let receiver = Receiver::start().await;
    let (app, path) = given(&receiver, 3).await;
    assert_eq!(send(&app, &path).await, brought(3));
    let mut sent = BTreeSet::new();
    for _ in 0..3 {
        sent.insert(String::from_utf8(receiver.next().await.body.to_vec()).unwrap());
    }
    assert_eq!(sent, (0..3).map(|n| open(&format!("m{n}"))).collect());
    settled(&app).await;
    // There is nothing that waits any more, and nothing is told of that.
    assert_eq!(send(&app, &path).await, brought(0));
    app.clock.advance(Duration::from_secs(3600));
    app.client.event(open("last")).await.expect(202);
    receiver.next().await;
    settled(&app).await;
    assert!(receiver.rest().await.is_empty());
    let audit: Page<AuditEntry> = app.client.get("/v1/audit?kind=webhook.waiting-sent").await.expect(200).json();
    assert_eq!(audit.data.len(), 1, "{audit:?}");
    let (object, change) = (&audit.data[0].object, &audit.data[0].changes[0]);
    assert_eq!((object.kind.as_str(), path.ends_with(&object.id)), ("webhook", true));
    assert_eq!((change.field.as_str(), change.after.as_ref()), ("deliveries", Some(&json!(3))));
}

#[tokio::test]
async fn it_is_said_by_who_may_change_the_webhook_and_by_nobody_else() {
    let receiver = Receiver::start().await;
    let (app, path) = given(&receiver, 1).await;
    let place = format!("{path}/send-waiting");
    app.other_environment().await.post(&place, &Value::Null).await.expect(404);
    app.client_with(&[Scope::WebhooksRead, Scope::DeliveriesRead]).await.post(&place, &Value::Null).await.expect(403);
    app.client.post("/v1/webhooks/wh_0/send-waiting", &Value::Null).await.expect(404);
    assert!(receiver.rest().await.is_empty());
    let writer = app.client_with(&[Scope::WebhooksWrite]).await;
    assert_eq!(writer.post(&place, &Value::Null).await.expect(200).json::<BroughtForward>(), brought(1));
    receiver.next().await;
    settled(&app).await;
}

#[tokio::test]
async fn a_receiver_that_fails_is_probed_first_and_a_paused_webhook_has_it_wait() {
    let receiver = Receiver::start().await;
    let (app, path) = given(&receiver, 5).await;
    let set = async |status: &str| drop(app.client.patch(&path, &json!({"status": status})).await.expect(200));
    set("paused").await;
    assert_eq!(send(&app, &path).await, brought(5));
    set("active").await;
    // The circuit is open: one call after its rest, and no other until that has come to something.
    receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    app.clock.advance(Duration::from_secs(1));
    receiver.next().await;
    let log = app.deliveries_when(|log| log.iter().any(|each| each.attempts.len() == 2)).await;
    let now = app.clock.now();
    let waits = |each: &&Delivery| each.next_attempt.is_some_and(|at| at.as_millis() > now);
    assert_eq!(log.iter().filter(waits).count(), 1, "what failed again waits for its own time: {log:?}");
    assert!(receiver.rest().await.is_empty());
    assert_eq!(send(&app, &path).await, brought(1));
    app.clock.advance(Duration::from_secs(2));
    for _ in 0..5 {
        receiver.next().await;
    }
    settled(&app).await;
}

#[tokio::test]
async fn many_are_brought_forward_share_by_share_and_no_more_than_were_asked_for() {
    /// More than are brought forward in one go.
    const EVENTS: usize = 1100;
    let receiver = Receiver::start().await;
    let app = TestApp::start_with(Arc::new(tempfile::TempDir::new().unwrap()), |options| {
        options.dispatch.retries = "10h, 10h".parse().unwrap();
    })
    .await;
    // A batch that fails is one failure.
    let webhook = app.webhook(&receiver, json!({"batch": {"max_events": 1000, "max_ms": 1}})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    let set = async |status: &str| drop(app.client.patch(&path, &json!({"status": status})).await.expect(200));
    set("paused").await;
    let lines: Vec<_> = (0..EVENTS).map(|n| open(&n.to_string())).collect();
    app.client.lines(lines.join("\n")).await.expect(202);
    set("active").await;
    // One that is not full is sent after a moment.
    let next = async || {
        let moments = async {
            loop {
                app.clock.advance(Duration::from_millis(1));
                tokio::task::yield_now().await;
            }
        };
        let call = tokio::select! {
            call = receiver.next() => call,
            () = moments => unreachable!(),
        };
        serde_json::from_slice::<Vec<Value>>(&call.body).unwrap().len()
    };
    let all = async || {
        let mut sent = 0;
        while sent < EVENTS {
            sent += next().await;
        }
        assert_eq!(sent, EVENTS);
    };
    for _ in 0..2 {
        receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    }
    all().await;
    app.deliveries_when(|log| log.iter().all(|each| each.attempts.len() == 1)).await;
    let an_hour_on = BEGIN + 3_600_000;
    assert_eq!(app.app.store.bring_forward(WebhookKey(1), an_hour_on, 1).await.unwrap(), (1, true));
    assert_eq!(send(&app, &path).await, brought(EVENTS as u64));
    all().await;
}
