//! Batches that wait in the store, and those that a receiver does not take.

use std::collections::BTreeSet;

use http::StatusCode;
use seinpost_protocol::rest::{Delivery, DeliveryStatus};
use seinpost_server::store::Happening;
use serde_json::{Value, json};

use crate::{
    sending::{hand_in, opens},
    support::{app::TestApp, receiver::Receiver},
};

/// What was left in memory of a backlog waited for its time, though the store had more.
#[tokio::test]
async fn a_backlog_goes_in_full_batches_that_wait_for_no_time() {
    /// Of the first 256, which are held in memory, two batches leave more than a quarter.
    const BATCH: usize = 90;
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({"batch": {"max_events": BATCH, "max_ms": 60_000}})).await;
    let path = format!("/v1/webhooks/{}", hook.id);
    app.client.patch(&path, &json!({"status": "paused"})).await.expect(200);
    let events = opens(6 * BATCH);
    hand_in(&app, &events).await;
    app.client.patch(&path, &json!({"status": "active"})).await.expect(200);
    let mut seen = BTreeSet::new();
    for _ in 0..6 {
        let call: Vec<Value> = serde_json::from_slice(&receiver.next().await.body).unwrap();
        assert_eq!(call.len(), BATCH);
        seen.extend(call.iter().map(|event| event["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen.len(), events.len());
}

/// With few retries a batch was never so small that the bad event was alone: it took the others with it.
#[tokio::test]
async fn the_last_attempt_is_made_for_each_event_alone() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let settings = json!({"batch": {"max_events": 100, "max_ms": 60_000}, "retries": [5]});
    let hook = app.webhook(&receiver, settings).await;
    // It refuses what holds the bad event.
    let router = axum::Router::new()
        .fallback(async |body: String| if body.contains("m042") { StatusCode::BAD_REQUEST } else { StatusCode::OK });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut record = app.app.store.webhook(1, hook.id).await.unwrap().unwrap();
    record.url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    assert!(app.app.store.update_webhook(record, Happening::Changed, String::new()).await.unwrap().is_done());
    hand_in(&app, &opens(100)).await;
    app.deliveries_when(|log| log.len() == 100 && log.iter().all(|each| each.attempts.len() == 1)).await;
    app.clock.advance_to_next_sleeper().await;
    let settled = |log: &[Delivery]| log.iter().all(|each| each.status != DeliveryStatus::Pending);
    let log = app.deliveries_when(settled).await;
    assert!(log.iter().all(|each| each.attempts.len() == 2));
    let failed: Vec<_> = log.iter().filter(|each| each.status != DeliveryStatus::Delivered).collect();
    assert_eq!((log.len(), failed.len()), (100, 1));
    let shown = app.delivery(&failed[0].id).await;
    assert_eq!(shown.attempts[1].request.body.as_deref(), Some(format!("[{}]", opens(43)[42]).as_str()));
}
