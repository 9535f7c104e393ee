//! Webhooks and environments take turns, and a receiver that fails harms only itself.

use std::{collections::VecDeque, net::SocketAddr, sync::Arc, time::Duration};

use http::StatusCode;
use seinpost_protocol::rest::Webhook;
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt as _,
    sync::{mpsc, oneshot},
};

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

/// A receiver that tells of each call, and answers it with the status that the test then sends.
pub(crate) async fn asking() -> (SocketAddr, mpsc::UnboundedReceiver<oneshot::Sender<u16>>) {
    let (calls, called) = mpsc::unbounded_channel();
    let address = raw::listen(move |mut stream, _| {
        let calls = calls.clone();
        async move {
            loop {
                if raw::read_request(&mut stream).await.is_empty() {
                    return;
                }
                let (answer, answered) = oneshot::channel::<u16>();
                calls.send(answer).unwrap();
                let status = answered.await.unwrap_or(500);
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nretry-after: 60\r\n\r\n");
                let _ = stream.write_all(head.as_bytes()).await;
            }
        }
    })
    .await;
    (address, called)
}

/// Has a webhook call this address.
pub(crate) async fn redirect(app: &TestApp, environment: u64, id: &str, address: SocketAddr) {
    let mut record = app.app.store.webhook(environment, id.to_owned()).await.unwrap().unwrap();
    record.url = format!("http://{address}/");
    let happening = seinpost_server::store::Happening::Changed;
    assert!(app.app.store.update_webhook(record, happening, String::new()).await.unwrap().is_done());
}

async fn running(app: &TestApp, count: usize) {
    within("so many calls", async {
        while app.app.dispatcher.running() != count {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_failed_often_rests_and_is_probed_one_call_at_a_time_until_it_answers() {
    let app = TestApp::start().await;
    let (address, mut called) = asking().await;
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({"concurrency": 8, "retries": []})).await;
    redirect(&app, 1, &hook.id, address).await;
    hand_in(&app, &opens(60)).await;
    // Four at a time at first; after five failures in a row the circuit is open, and what was under way ends.
    let mut failed = 0;
    while failed < 8 {
        within("a call", called.recv()).await.unwrap().send(500).unwrap();
        failed += 1;
    }
    running(&app, 0).await;
    assert!(called.try_recv().is_err(), "of sixty events no more are tried");
    // Half-open: after a rest one call at a time, however long it takes; the next rest is twice as long.
    for rest in [1, 2, 4] {
        assert_eq!(app.clock.advance_to_next_sleeper().await, Duration::from_secs(rest));
        let probe = within("a probe", called.recv()).await.unwrap();
        assert_eq!(app.app.dispatcher.running(), 1);
        assert!(called.try_recv().is_err());
        probe.send(500).unwrap();
        running(&app, 0).await;
    }
    // It answers: closed, several at a time.
    app.clock.advance_to_next_sleeper().await;
    within("a probe", called.recv()).await.unwrap().send(200).unwrap();
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(within("a call", called.recv()).await.unwrap());
    }
    assert_eq!(app.app.dispatcher.running(), 5);
}

#[tokio::test]
async fn a_receiver_that_asks_to_be_left_alone_gets_nothing_else_meanwhile() {
    let app = TestApp::start().await;
    let (address, mut called) = asking().await;
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({"concurrency": 1, "retries": []})).await;
    redirect(&app, 1, &hook.id, address).await;
    hand_in(&app, &opens(3)).await;
    within("a call", called.recv()).await.unwrap().send(429).unwrap();
    assert_eq!(app.clock.advance_to_next_sleeper().await, Duration::from_secs(60));
    // Of another failure nobody asks that.
    within("the next call", called.recv()).await.unwrap().send(500).unwrap();
    within("the last call", called.recv()).await.unwrap().send(200).unwrap();
}

#[tokio::test]
async fn what_a_receiver_asked_for_is_not_done_for_the_one_in_its_place() {
    let app = TestApp::start().await;
    let (address, mut called) = asking().await;
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({"concurrency": 2, "retries": []})).await;
    redirect(&app, 1, &hook.id, address).await;
    hand_in(&app, &opens(4)).await;
    let first = within("a call", called.recv()).await.unwrap();
    let second = within("a call", called.recv()).await.unwrap();
    first.send(429).unwrap();
    running(&app, 1).await;
    redirect(&app, 1, &hook.id, receiver.address).await;
    // Nor what it asks for after that.
    second.send(429).unwrap();
    for _ in 0..2 {
        receiver.next().await;
    }
    assert!(called.try_recv().is_err());
}

#[tokio::test]
async fn however_many_receivers_are_slow_others_get_their_calls() {
    let app = TestApp::start_with(Arc::new(TempDir::new().unwrap()), |options| {
        options.dispatch.in_all = 64;
    })
    .await;
    let receiver = Receiver::start().await;
    let other = app.other_environment().await;
    let (slow, mut called) = asking().await;
    let busy = app.webhook(&receiver, json!({"concurrency": 64})).await;
    redirect(&app, 1, &busy.id, slow).await;
    // It begins slowly: each call that it accepts is one more at a time.
    hand_in(&app, &opens(200)).await;
    let mut held = VecDeque::new();
    for _ in 0..70 {
        held.push_back(within("a call", called.recv()).await.unwrap());
        while held.len() > 3 {
            held.pop_front().unwrap().send(200).unwrap();
        }
    }
    // From now on it answers nothing. It holds a quarter of all calls, not all it asks for.
    running(&app, 16).await;
    // The next one of its environment has its calls, and so has another environment.
    let quick: Webhook = webhook(&app.client, &receiver, json!({"type": "click"})).await;
    let foreign = Receiver::start().await;
    let _: Webhook = webhook(&other, &foreign, json!({})).await;
    app.client
        .event(open("q").replace("\"open\"", "\"click\"").replace("\"ip\"", "\"original\":\"x\",\"ip\""))
        .await
        .expect(202);
    receiver.next().await;
    other.lines(opens(20).join("\n")).await.expect(202);
    for _ in 0..20 {
        foreign.next().await;
    }
    drop((held, quick));
}

#[tokio::test]
async fn what_waits_for_a_slow_receiver_is_in_the_store_and_not_in_memory() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let (slow, mut called) = asking().await;
    let hook = app.webhook(&receiver, json!({"concurrency": 4})).await;
    redirect(&app, 1, &hook.id, slow).await;
    let text = "x".repeat(1_000_000);
    for n in 0..60 {
        let event = open(&format!("m{n}")).replace("\"tags\"", &format!("\"text\":\"{text}\",\"tags\""));
        app.client.event(event).await.expect(202);
    }
    let mut held = VecDeque::new();
    for _ in 0..4 {
        held.push_back(within("a call", called.recv()).await.unwrap());
    }
    // Four are on their way, and up to 32 MiB wait; the other tests of this process have little.
    let kept = seinpost_server::store::Payload::held();
    assert!((4_000_000..48 * 1024 * 1024).contains(&kept), "{kept}");
    // Each is sent, whether it was kept or not.
    for _ in 4..60 {
        held.pop_front().unwrap().send(200).unwrap();
        held.push_back(within("a call", called.recv()).await.unwrap());
    }
    for answer in held {
        answer.send(200).unwrap();
    }
    let all = |log: &[seinpost_protocol::rest::Delivery]| {
        log.iter().all(|delivery| delivery.status == seinpost_protocol::rest::DeliveryStatus::Delivered)
    };
    app.deliveries_when(all).await;
}

/// Large events were bounded by the number of calls alone: a thousand megabytes.
#[tokio::test]
async fn large_events_on_their_way_are_bounded_by_their_bytes_and_small_ones_are_not_held_up() {
    let start =
        async |folder| TestApp::start_with(folder, |options| options.dispatch.on_their_way = 4 * 1024 * 1024).await;
    let app = start(Arc::new(TempDir::new().unwrap())).await;
    let receiver = Receiver::start().await;
    let (slow, mut called) = asking().await;
    let hook = app.webhook(&receiver, json!({"concurrency": 16})).await;
    redirect(&app, 1, &hook.id, slow).await;
    let quick: Webhook = webhook(&app.client, &receiver, json!({"type": "click"})).await;
    let text = "x".repeat(600_000);
    let large = |n: usize| open(&format!("m{n:02}")).replace("\"tags\"", &format!("\"text\":\"{text}\",\"tags\""));
    for n in 0..10 {
        app.client.event(large(n)).await.expect(202);
    }
    // Half of four megabytes is on its way to one receiver.
    let mut held = VecDeque::new();
    for _ in 0..3 {
        held.push_back(within("a call", called.recv()).await.unwrap());
    }
    let click = |n: &str| open(n).replace("\"open\"", "\"click\"").replace("\"ip\"", "\"original\":\"x\",\"ip\"");
    app.client.event(click("q")).await.expect(202);
    assert_eq!(receiver.next().await.body, click("q"));
    assert!(called.try_recv().is_err());
    // Another webhook's large ones have room, too.
    let large_click = large(99).replace("\"open\"", "\"click\"").replace("\"ip\"", "\"original\":\"x\",\"ip\"");
    app.client.event(large_click.clone()).await.expect(202);
    assert_eq!(receiver.next().await.body, large_click);
    assert!(called.try_recv().is_err());
    // Where one ends the next begins.
    held.pop_front().unwrap().send(200).unwrap();
    held.push_back(within("a call", called.recv()).await.unwrap());
    assert!(called.try_recv().is_err());
    // At the stop those that wait for room are not begun, and nothing is lost of them, read from the store as they are.
    app.app.take_no_more();
    for answer in held {
        answer.send(200).unwrap();
    }
    assert_eq!(app.app.stop(Duration::from_secs(30)).await, 0);
    assert!(called.try_recv().is_err());
    assert_eq!(app.app.store.totals().await.unwrap().pending, 6);
    let folder = Arc::clone(&app.folder);
    drop((app, quick));
    let app = start(folder).await;
    for _ in 0..6 {
        within("a call", called.recv()).await.unwrap().send(200).unwrap();
    }
    let all = |log: &[seinpost_protocol::rest::Delivery]| {
        log.iter().all(|delivery| delivery.status == seinpost_protocol::rest::DeliveryStatus::Delivered)
    };
    app.deliveries_when(all).await;
    assert!(called.try_recv().is_err(), "each was sent once");
}

#[tokio::test]
async fn first_attempts_are_made_in_the_order_in_which_events_came() {
    let app = TestApp::start_with(Arc::new(TempDir::new().unwrap()), |options| {
        // So few in memory that most come from the store.
        (options.dispatch.lane, options.dispatch.lane_of_the_quick) = (8, 8);
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
