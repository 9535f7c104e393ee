//! What is set of a webhook is in force: how much is sent to it and when, which events, and what of them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use http::StatusCode;
use seinpost_protocol::rest::{Delivery, DeliveryStatus, EventsAccepted, Preview, Scope};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;

use crate::{
    events::open,
    support::{
        app::{BEGIN, TestApp, webhook},
        raw,
        receiver::Receiver,
        signature, within,
    },
};

/// Hands in events of these bodies, in one call; to how many webhooks each goes.
pub(crate) async fn hand_in(app: &TestApp, bodies: &[String]) -> Vec<u32> {
    let accepted: EventsAccepted = app.client.lines(bodies.join("\n")).await.expect(202).json();
    accepted.accepted.iter().map(|event| event.deliveries).collect()
}

pub(crate) fn opens(count: usize) -> Vec<String> {
    (0..count).map(|n| open(&format!("m{n:03}"))).collect()
}

async fn all_delivered(app: &TestApp, count: usize) -> Vec<Delivery> {
    let done = |log: &[Delivery]| {
        log.len() == count && log.iter().all(|delivery| delivery.status == DeliveryStatus::Delivered)
    };
    app.deliveries_when(done).await
}

#[tokio::test]
async fn a_rate_limit_gives_a_burst_and_then_so_many_a_second() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({"rate": {"per_second": 4, "burst": 3}})).await;
    hand_in(&app, &opens(8)).await;
    for _ in 0..3 {
        receiver.next().await;
    }
    for _ in 3..8 {
        // The next is held until its time: nobody else sleeps here.
        let waited = app.clock.advance_to_next_sleeper().await;
        assert_eq!(waited, Duration::from_millis(250));
        receiver.next().await;
        assert!(receiver.rest().await.is_empty());
    }
    all_delivered(&app, 8).await;
}

#[tokio::test]
async fn a_webhook_has_a_schedule_of_its_own() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({"retries": [60, 7200]})).await;
    for _ in 0..3 {
        receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    }
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    for seconds in [60, 7200] {
        let waited = app.clock.advance_to_next_sleeper().await.as_secs_f64();
        assert!((f64::from(seconds) * 0.9..=f64::from(seconds) * 1.1).contains(&waited), "{waited}");
        receiver.next().await;
    }
    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Failed).await;
    assert_eq!(log[0].attempts.len(), 3);

    let once = Receiver::start().await;
    let only = app.webhook(&once, json!({"type": "click", "retries": []})).await;
    once.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    app.client
        .event(open("m2").replace("\"open\"", "\"click\"").replace("\"ip\"", "\"original\":\"x\",\"ip\""))
        .await
        .expect(202);
    once.next().await;
    let log = app.deliveries_when(|log| log[0].webhook == only.id && log[0].status == DeliveryStatus::Failed).await;
    assert_eq!(log[0].attempts.len(), 1);
}

#[tokio::test]
async fn no_more_calls_at_a_time_than_are_set() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({"concurrency": 2})).await;
    // From here on it answers when it is told to.
    let (calls, mut called) = tokio::sync::mpsc::unbounded_channel();
    let address = raw::listen(move |mut stream, _| {
        let calls = calls.clone();
        async move {
            loop {
                if raw::read_request(&mut stream).await.is_empty() {
                    return;
                }
                let (answer, answered) = tokio::sync::oneshot::channel::<()>();
                calls.send(answer).unwrap();
                let _ = answered.await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            }
        }
    })
    .await;
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
    hand_in(&app, &opens(6)).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        held.push(within("a call", called.recv()).await.unwrap());
    }
    for _ in 2..6 {
        assert_eq!(app.app.dispatcher.running(), 2);
        assert!(called.try_recv().is_err());
        held.remove(0).send(()).unwrap();
        held.push(within("the next call", called.recv()).await.unwrap());
    }
    for answer in held {
        answer.send(()).unwrap();
    }
    all_delivered(&app, 6).await;
}

#[tokio::test]
async fn a_full_batch_goes_at_once_and_a_part_of_one_after_its_time() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let settings = json!({"batch": {"max_events": 4, "max_ms": 500}, "profile": "standard"});
    let hook = app.webhook(&receiver, settings).await;
    let events = opens(10);
    hand_in(&app, &events).await;
    let mut ids = Vec::new();
    for range in [0..4, 4..8] {
        let call = receiver.next().await;
        assert_eq!(call.header("content-type"), "application/json");
        // The very bytes of each event.
        assert_eq!(call.body, format!("[{}]", events[range].join(",")));
        ids.push(call.header("webhook-id").to_owned());
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(app.clock.advance_to_next_sleeper().await, Duration::from_millis(500));
    assert_eq!(receiver.next().await.body, format!("[{}]", events[8..].join(",")));
    let log = all_delivered(&app, 10).await;
    assert!(receiver.rest().await.is_empty());
    // Each delivery has its attempt, and shows the whole call.
    for delivery in &log {
        assert_eq!((delivery.attempts.len(), delivery.attempts[0].n), (1, 1));
    }
    let shown = app.delivery(&log[0].id).await;
    assert_eq!(shown.attempts[0].request.body.as_deref(), Some(format!("[{}]", events[8..].join(",")).as_str()));
    // The test tool sends what its receiver reads.
    app.client.post(&format!("/v1/webhooks/{}/test", hook.id), &Value::Null).await.expect(200);
    let test: Value = serde_json::from_slice(&receiver.next().await.body).unwrap();
    assert_eq!(test.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_batch_is_signed_as_one_call_and_retried_in_halves_until_the_bad_event_is_alone() {
    let app = TestApp::start().await;
    // It refuses what holds the bad event.
    let (seen, mut calls) = tokio::sync::mpsc::unbounded_channel();
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({"batch": {"max_events": 4, "max_ms": 50}, "retries": [10, 10, 10]})).await;
    let router = axum::Router::new().fallback(async move |body: String| {
        let bad = body.contains("m002");
        seen.send(body).unwrap();
        if bad { StatusCode::BAD_REQUEST } else { StatusCode::OK }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut record = app.app.store.webhook(1, hook.id.clone()).await.unwrap().unwrap();
    record.url = url;
    assert!(
        app.app
            .store
            .update_webhook(record, seinpost_server::store::Happening::Changed, String::new())
            .await
            .unwrap()
            .is_done()
    );
    let events = opens(4);
    hand_in(&app, &events).await;
    let whole: Value = serde_json::from_str(&within("a call", calls.recv()).await.unwrap()).unwrap();
    assert_eq!(whole.as_array().unwrap().len(), 4);
    let others_arrived = |log: &[Delivery]| {
        log.iter().filter(|delivery| delivery.status == DeliveryStatus::Delivered).count() == 3
            && log.iter().any(|delivery| delivery.status == DeliveryStatus::Failed)
    };
    let mut sizes = Vec::new();
    let log = within("the others to arrive", async {
        loop {
            let page: seinpost_protocol::rest::Page<Delivery> =
                app.client.get("/v1/deliveries").await.expect(200).json();
            if others_arrived(&page.data) {
                return page.data;
            }
            // Whatever is waited for next: a retry, or a batch that is not full.
            app.clock.advance(Duration::from_secs(1));
            while let Ok(call) = calls.try_recv() {
                sizes.push(serde_json::from_str::<Value>(&call).unwrap().as_array().unwrap().len());
            }
        }
    })
    .await;
    assert!(sizes.contains(&2), "{sizes:?}");
    assert_eq!(sizes.iter().max(), Some(&2), "{sizes:?}");
    let bad = log.iter().find(|delivery| delivery.status == DeliveryStatus::Failed).unwrap();
    let shown = app.delivery(&bad.id).await;
    assert_eq!(shown.attempts.len(), 4);
    assert_eq!(shown.attempts[0].request.body.as_deref(), Some(format!("[{}]", events.join(",")).as_str()));
    assert_eq!(shown.attempts[3].request.body.as_deref(), Some(format!("[{}]", events[2]).as_str()));
}

#[tokio::test]
async fn a_batch_holds_what_fits_into_a_megabyte_and_the_rest_comes_after_it_each_once() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({"batch": {"max_events": 8, "max_ms": 100}, "concurrency": 1})).await;
    let path = format!("/v1/webhooks/{}", hook.id);
    let text = "x".repeat(300_000);
    let large: Vec<_> =
        opens(8).iter().map(|open| open.replace("\"tags\"", &format!("\"text\":\"{text}\",\"tags\""))).collect();
    // At hand when they come, and read from the store.
    for status in ["active", "paused"] {
        app.client.patch(&path, &json!({"status": status})).await.expect(200);
        hand_in(&app, &large).await;
        app.client.patch(&path, &json!({"status": "active"})).await.expect(200);
        for part in [0..3, 3..6, 6..8] {
            // One that is not full is sent after its time.
            let time = async {
                loop {
                    app.clock.advance(Duration::from_millis(1));
                    tokio::task::yield_now().await;
                }
            };
            let call = tokio::select! {
                call = receiver.next() => call,
                () = time => unreachable!(),
            };
            assert!(call.body == format!("[{}]", large[part.clone()].join(",")), "{status} {part:?}");
        }
    }
    all_delivered(&app, 16).await;
    assert!(receiver.rest().await.is_empty());
}

#[tokio::test]
async fn a_batch_is_signed_by_every_profile() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({"batch": {"max_events": 2, "max_ms": 50}})).await;
    hand_in(&app, &opens(2)).await;
    let call = receiver.next().await;
    let keys: Value = app.client.get("/v1/keys").await.expect(200).json();
    let record = keys[0]["dns"].as_str().unwrap();
    assert!(signature::report(&call, record, &receiver.address.to_string(), BEGIN / 1000).ok());
}

#[tokio::test]
async fn what_waits_in_a_batch_survives_a_restart() {
    let folder = Arc::new(TempDir::new().unwrap());
    let app = TestApp::start_in(Arc::clone(&folder)).await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({"batch": {"max_events": 100, "max_ms": 60000}})).await;
    let events = opens(3);
    hand_in(&app, &events).await;
    app.deliveries_when(|log| log.len() == 3).await;
    assert_eq!(app.app.stop(Duration::from_secs(30)).await, 0);
    assert_eq!(app.app.store.totals().await.unwrap().pending, 3);
    drop(app);
    let app = TestApp::start_in(folder).await;
    app.clock.advance_to_next_sleeper().await;
    assert_eq!(receiver.next().await.body, format!("[{}]", events.join(",")));
    all_delivered(&app, 3).await;
}

#[tokio::test]
async fn headers_of_ones_own_are_sent_and_never_in_the_place_of_signed_ones() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let headers = json!([["X-Team", "mail"], ["User-Agent", "ours/1"]]);
    app.webhook(&receiver, json!({"headers": headers})).await;
    app.client.event(open("m1")).await.expect(202);
    let call = receiver.next().await;
    assert_eq!((call.header("x-team"), call.header("user-agent")), ("mail", "ours/1"));
    let names: Vec<_> = call.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    assert_eq!(names.iter().filter(|name| *name == "user-agent").count(), 1);
    let log = all_delivered(&app, 1).await;
    let shown: HashMap<_, _> = log[0].attempts[0].request.headers.iter().cloned().collect();
    // Their values often let us in with the receiver: the log has none of them.
    assert_eq!((shown["X-Team"].as_str(), shown["User-Agent"].as_str()), ("***", "***"));
    assert!(shown["Content-Type"].starts_with("application/json"));
    let keys: Value = app.client.get("/v1/keys").await.expect(200).json();
    let record = keys[0]["dns"].as_str().unwrap();
    assert!(signature::report(&call, record, &receiver.address.to_string(), BEGIN / 1000).ok());
}

#[tokio::test]
async fn what_does_not_pass_the_filter_makes_no_delivery() {
    let app = TestApp::start().await;
    let (all, some) = (Receiver::start().await, Receiver::start().await);
    app.webhook(&all, json!({})).await;
    let filter =
        json!({"tags": {"any": ["a", "b"], "none": ["secret"]}, "recipient_domains": {"exclude": ["example.org"]}});
    let hook = app.webhook(&some, json!({"filter": filter})).await;
    let with = |id: &str, tags: &str, to: &str| open(id).replace(r#"["a"]"#, tags).replace("user+tag@example.com", to);
    let events = [
        with("m1", r#"["a"]"#, "x@example.com"),
        with("m2", r#"["c"]"#, "x@example.com"),
        with("m3", r#"["a","secret"]"#, "x@example.com"),
        with("m4", r#"["b"]"#, "x@mail.example.org"),
        with("m5", r#"["c","b"]"#, "x@example.net"),
    ];
    assert_eq!(hand_in(&app, &events).await, [2, 1, 1, 1, 2]);
    let mut received = [some.next().await.body, some.next().await.body];
    received.sort();
    assert_eq!(received, [events[0].as_str(), events[4].as_str()]);
    all_delivered(&app, 7).await;
    assert!(some.rest().await.is_empty());
    // Changed, it is in force for the next event.
    app.client.patch(&format!("/v1/webhooks/{}", hook.id), &json!({"filter": null})).await.expect(200);
    assert_eq!(hand_in(&app, &events[1..2]).await, [2]);
}

#[tokio::test]
async fn a_preview_says_what_a_filter_would_have_done() {
    let app = TestApp::start().await;
    let events = [open("m1"), open("m2").replace(r#"["a"]"#, r#"["b"]"#), open("m3")];
    hand_in(&app, &events).await;
    let body = json!({
        "type": ["open", "click"],
        "filter": {"tags": {"all": ["a"]}},
        "privacy": {"recipient": "hashed"},
        "format": "form",
    });
    let preview: Preview = app.client.post("/v1/webhooks/preview", &body).await.expect(200).json();
    assert_eq!((preview.looked_at, preview.passing, preview.complete), (3, 2, true));
    let goes = preview.would_go.unwrap();
    assert_eq!(goes.content_type, "application/x-www-form-urlencoded");
    assert!(goes.body.contains("id=m3") && !goes.body.contains("example.com"), "{}", goes.body);
    let stays = preview.would_not_go.unwrap();
    assert!(stays.body.contains("id=m2"));
    assert_eq!(stays.reason.as_deref(), Some("It does not have the tag \"a\"."));
    assert_eq!((stays.reason_code.as_deref(), stays.reason_value.as_deref()), (Some("lacks-tag"), Some("a")));
    // Who may not read deliveries sees no event here, either.
    let narrow = app.client_with(&[Scope::WebhooksWrite]).await;
    let numbers: Preview = narrow.post("/v1/webhooks/preview", &body).await.expect(200).json();
    assert_eq!((numbers.looked_at, numbers.passing), (3, 2));
    assert_eq!((numbers.would_go, numbers.would_not_go), (None, None));
    // Another environment has none, another type neither.
    let other = app.other_environment().await;
    let theirs: Preview = other.post("/v1/webhooks/preview", &body).await.expect(200).json();
    assert_eq!((theirs.looked_at, theirs.would_go), (0, None));
    let clicks: Preview = app.client.post("/v1/webhooks/preview", &json!({"type": "click"})).await.expect(200).json();
    assert_eq!(clicks.looked_at, 0);
    // What is older than a day is not looked at.
    app.clock.advance(Duration::from_secs(24 * 3600 + 1));
    let later: Preview = app.client.post("/v1/webhooks/preview", &body).await.expect(200).json();
    assert_eq!((later.looked_at, later.complete), (0, true));
    let problem: Value = app
        .client
        .post("/v1/webhooks/preview", &json!({"type": "open", "filter": {"tags": {"any": [""]}}}))
        .await
        .expect(422)
        .json();
    assert_eq!(problem["errors"][0]["variable"], "filter.tags.any[0]");
}

#[tokio::test]
async fn privacy_holds_in_json_and_in_forms_and_the_log_shows_what_was_sent() {
    let app = TestApp::start().await;
    let (json_one, form) = (Receiver::start().await, Receiver::start().await);
    let key = "a key of more than sixteen bytes";
    let privacy = json!({"recipient": "hashed", "recipient_key": key, "mime": {"cut": 10}, "ip": "truncated"});
    let hook = app.webhook(&json_one, json!({"type": ["open", "bounce"], "privacy": privacy})).await;
    app.webhook(&form, json!({"type": ["open", "bounce"], "privacy": privacy, "format": "form"})).await;
    let bounce = r#"{"id":"m1","type":"bounce","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"User@Example.com","envelope":"b-user=example.com@mail.example","mime":"0123456789abcdef","tags":["a"],"big":12345678901234567890}"#;
    let hash = {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key.as_bytes());
        let tag = aws_lc_rs::hmac::sign(&key, b"user@example.com");
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    app.client.event(bounce).await.expect(202);
    let sent = String::from_utf8(json_one.next().await.body.to_vec()).unwrap();
    assert_eq!(
        sent,
        format!(
            r#"{{"id":"m1","type":"bounce","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"{hash}","envelope":"b-{hash}@mail.example","mime":"0123456789","tags":["a"],"big":12345678901234567890}}"#
        )
    );
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&form.next().await.body).into_owned().collect();
    assert!(
        fields.contains(&("recipient".into(), hash.clone())) && fields.contains(&("mime".into(), "0123456789".into()))
    );
    let log = all_delivered(&app, 2).await;
    // Changed since, the log still shows what was sent.
    app.client.patch(&format!("/v1/webhooks/{}", hook.id), &json!({"privacy": null})).await.expect(200);
    let id = &log.iter().find(|delivery| delivery.webhook == hook.id).unwrap().id;
    assert_eq!(app.delivery(id).await.attempts[0].request.body.as_deref(), Some(sent.as_str()));
    app.client.event(open("m2").replace("192.0.2.1", "192.0.2.77")).await.expect(202);
    let opened: Value = serde_json::from_slice(&json_one.next().await.body).unwrap();
    assert_eq!(opened["ip"], "192.0.2.77");
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&form.next().await.body).into_owned().collect();
    assert!(fields.contains(&("ip".into(), "192.0.2.0".into())));
}

#[tokio::test]
async fn webhooks_that_ask_for_it_are_told_when_another_is_disabled() {
    let app = TestApp::start().await;
    let (bad, told, form, deaf) =
        (Receiver::start().await, Receiver::start().await, Receiver::start().await, Receiver::start().await);
    let url = format!("http://a-token@{}/hook", bad.address);
    let hook = app.webhook(&bad, json!({"url": url, "operational": true})).await;
    app.webhook(&told, json!({"type": "click", "operational": true, "filter": {"tags": {"any": ["x"]}}})).await;
    app.webhook(&form, json!({"type": "click", "operational": true, "format": "form"})).await;
    app.webhook(&deaf, json!({"type": "click"})).await;
    let other = app.other_environment().await;
    let elsewhere = Receiver::start().await;
    webhook(&other, &elsewhere, json!({"operational": true})).await;
    bad.answer_next(StatusCode::GONE);
    app.client.event(open("m1")).await.expect(202);
    bad.next().await;
    let event: Value = serde_json::from_slice(&told.next().await.body).unwrap();
    assert_eq!(event["type"], "webhook.disabled");
    assert_eq!(event["webhook"], hook.id);
    assert_eq!(event["url"], format!("http://***@{}/hook", bad.address));
    assert_eq!(event["timestamp"], "2026-01-31 12:00:00");
    assert!(event["reason"].as_str().unwrap().contains("410"));
    let fields: HashMap<String, String> = url::form_urlencoded::parse(&form.next().await.body).into_owned().collect();
    assert_eq!((fields["type"].as_str(), fields["webhook"].as_str()), ("webhook.disabled", hook.id.as_str()));
    let log = app
        .deliveries_when(|log| log.len() == 3 && log[..2].iter().all(|d| d.status == DeliveryStatus::Delivered))
        .await;
    assert_eq!(log[0].event_type, "webhook.disabled");
    let shown = app.delivery(&log[0].id).await;
    assert!(shown.attempts[0].request.body.as_deref().unwrap().contains("webhook"));
    for silent in [&deaf, &elsewhere, &bad] {
        assert!(silent.rest().await.is_empty());
    }
}
