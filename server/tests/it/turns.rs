//! Webhooks and environments take turns, and a receiver that fails harms only itself.

use std::sync::Arc;

use http::StatusCode;
use seinpost_protocol::rest::Webhook;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;

use crate::{
    events::open,
    sending::{hand_in, opens},
    support::{
        app::{TestApp, webhook},
        raw,
        receiver::Receiver,
        within,
    },
};

#[tokio::test]
async fn environments_and_webhooks_take_turns() {
    let app = TestApp::start_with(Arc::new(TempDir::new().unwrap()), |options| {
        // One call at a time in all: the order is that of the turns.
        options.dispatch.in_all = 1;
    })
    .await;
    let (order, mut called) = tokio::sync::mpsc::unbounded_channel();
    let router = axum::Router::new().fallback(async move |uri: http::Uri| {
        order.send(uri.path().to_owned()).unwrap();
        StatusCode::OK
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let receiver = Receiver::start().await;
    let other = app.other_environment().await;
    let clients = [(&app.client, "busy"), (&app.client, "second"), (&other, "quiet")];
    let mut hooks = Vec::new();
    for (client, name) in clients {
        let settings = json!({"type": if name == "second" { "click" } else { "open" }});
        let hook: Webhook = webhook(client, &receiver, settings).await;
        let environment = if name == "quiet" { 2 } else { 1 };
        let mut record = app.app.store.webhook(environment, hook.id.clone()).await.unwrap().unwrap();
        record.url = format!("{base}/{name}");
        record.status = seinpost_protocol::rest::WebhookStatus::Paused;
        let happening = seinpost_server::store::Happening::Changed;
        assert!(app.app.store.update_webhook(record, happening, String::new()).await.unwrap().is_done());
        hooks.push((client, hook.id));
    }
    hand_in(&app, &opens(60)).await;
    let click = |n: usize| {
        open(&format!("c{n}")).replace("\"open\"", "\"click\"").replace("\"ip\"", "\"original\":\"x\",\"ip\"")
    };
    hand_in(&app, &(0..10).map(click).collect::<Vec<_>>()).await;
    other.lines(opens(10).join("\n")).await.expect(202);
    for (client, id) in &hooks {
        client.patch(&format!("/v1/webhooks/{id}"), &json!({"status": "active"})).await.expect(200);
    }
    let mut paths = Vec::new();
    for _ in 0..80 {
        paths.push(within("a call", called.recv()).await.unwrap());
    }
    // Whoever has little is not behind whoever has much: within a few turns of the first, all have had theirs.
    let last = |name: &str| paths.iter().rposition(|path| path.as_str() == name).unwrap();
    let begin = |name: &str| paths.iter().position(|path| path.as_str() == name).unwrap();
    assert!(last("/quiet") <= begin("/quiet") + 24, "{paths:?}");
    assert!(last("/second") <= begin("/second") + 48, "{paths:?}");
    assert_eq!(paths.iter().filter(|path| path.as_str() == "/busy").count(), 60);
}

#[tokio::test]
async fn a_receiver_that_failed_often_is_probed_one_call_at_a_time_until_it_answers() {
    let app = TestApp::start().await;
    let (calls, mut called) = tokio::sync::mpsc::unbounded_channel();
    let address = raw::listen(move |mut stream, _| {
        let calls = calls.clone();
        async move {
            loop {
                if raw::read_request(&mut stream).await.is_empty() {
                    return;
                }
                let (answer, answered) = tokio::sync::oneshot::channel::<u16>();
                calls.send(answer).unwrap();
                let status = answered.await.unwrap_or(500);
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
                let _ = stream.write_all(head.as_bytes()).await;
            }
        }
    })
    .await;
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({"concurrency": 8})).await;
    let mut record = app.app.store.webhook(1, hook.id.clone()).await.unwrap().unwrap();
    record.url = format!("http://{address}/");
    assert!(
        app.app
            .store
            .update_webhook(record, seinpost_server::store::Happening::Changed, String::new())
            .await
            .unwrap()
            .is_done()
    );
    hand_in(&app, &opens(60)).await;
    // It fails until it is only probed: open.
    for _ in 0..16 {
        within("a call", called.recv()).await.unwrap().send(500).unwrap();
    }
    // Half-open: one call at a time, however long it takes.
    let probe = within("a probe", called.recv()).await.unwrap();
    within("the others to be over", async {
        while app.app.dispatcher.running() > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(called.try_recv().is_err());
    // It answers: closed, several at a time.
    probe.send(200).unwrap();
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(within("a call", called.recv()).await.unwrap());
    }
    assert!(app.app.dispatcher.running() >= 5);
    drop(held);
}

#[tokio::test]
async fn first_attempts_are_made_in_the_order_in_which_events_came() {
    let app = TestApp::start_with(Arc::new(TempDir::new().unwrap()), |options| {
        // So few in memory that most come from the store.
        options.dispatch.lane = 8;
    })
    .await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({"concurrency": 1})).await;
    // The second one fails: it is retried later, and holds up nobody.
    receiver.answer_next(StatusCode::OK);
    receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    let events = opens(200);
    for part in events.chunks(37) {
        hand_in(&app, part).await;
    }
    for event in &events {
        assert_eq!(receiver.next().await.body, event.as_bytes());
    }
}
