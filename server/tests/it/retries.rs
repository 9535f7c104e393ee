//! What was not accepted is tried again, on the schedule, and no more often.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use seinpost_protocol::rest::{Delivery, DeliveryStatus, DisabledCode, Webhook};
use serde_json::json;

use crate::{
    events::open,
    support::{
        app::{BEGIN, TestApp},
        receiver::Receiver,
        signature, within,
    },
    turns::{asking, redirect},
};

#[tokio::test]
async fn a_failed_delivery_is_retried_after_five_seconds_signed_anew() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    receiver.answer_next((StatusCode::INTERNAL_SERVER_ERROR, "boom"));
    app.client.event(open("m1")).await.expect(202);
    let first = receiver.next().await;
    let log = app.deliveries_when(|log| log[0].attempts.len() == 1).await;
    assert_eq!(log[0].status, DeliveryStatus::Pending);
    let due = log[0].next_attempt.unwrap().as_millis() - BEGIN;
    assert!((4500..=5500).contains(&due), "{due}");
    // Opened, it tells what comes after that: 5 min, 30 min and so on, to the tenth attempt.
    assert_eq!(log[0].later_attempts, []);
    let opened: Delivery = app.client.get(&format!("/v1/deliveries/{}", log[0].id)).await.expect(200).json();
    let later: Vec<_> = opened.later_attempts.iter().map(|at| at.as_millis() - BEGIN - due).collect();
    assert_eq!(later, [5, 35, 155, 455, 1055, 1895, 3095, 4535].map(|minutes| minutes * 60_000));

    let waited = app.clock.advance_to_next_sleeper().await;
    assert!((4500..=5500).contains(&waited.as_millis()), "{waited:?}");
    let second = receiver.next().await;
    assert_eq!(first.body, second.body);
    for name in ["date", "x-nonce", "signature"] {
        assert_ne!(first.header(name), second.header(name), "{name}");
    }
    let keys = app.client.get("/v1/keys").await.expect(200).json::<serde_json::Value>();
    let host = receiver.address.to_string();
    let record = keys[0]["dns"].as_str().unwrap();
    assert!(signature::report(&second, record, &host, (BEGIN + due) / 1000).ok());

    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
    let statuses: Vec<_> =
        log[0].attempts.iter().map(|attempt| (attempt.n, attempt.response.as_ref().unwrap().status)).collect();
    assert_eq!(statuses, [(1, 500), (2, 200)]);
    assert_eq!(log[0].next_attempt, None);
}

#[tokio::test]
async fn after_the_last_of_ten_attempts_it_has_failed() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    for _ in 0..10 {
        receiver.answer_next(StatusCode::NOT_FOUND);
    }
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    let schedule = [Duration::from_secs(5), Duration::from_secs(300), Duration::from_secs(1800)]
        .into_iter()
        .chain([2, 5, 10, 14, 20, 24].map(hours));
    for delay in schedule {
        let waited = app.clock.advance_to_next_sleeper().await;
        let tenth = delay / 10;
        assert!((delay - tenth..=delay + tenth).contains(&waited), "{waited:?} for {delay:?}");
        receiver.next().await;
    }
    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Failed).await;
    assert_eq!(log[0].attempts.len(), 10);
    assert_eq!(log[0].next_attempt, None);
}

#[tokio::test]
async fn what_waits_is_sent_after_a_restart() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    receiver.answer_next(StatusCode::BAD_GATEWAY);
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    app.deliveries_when(|log| log[0].attempts.len() == 1).await;
    assert_eq!(app.app.stop(Duration::from_secs(30)).await, 0);
    assert_eq!(app.app.store.totals().await.unwrap().pending, 1);
    let folder = Arc::clone(&app.folder);
    drop(app);

    let app = TestApp::start_in(folder).await;
    app.clock.advance_to_next_sleeper().await;
    assert_eq!(receiver.next().await.body, open("m1"));
    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
    assert_eq!(log[0].attempts.len(), 2);
}

#[tokio::test]
async fn a_paused_webhook_keeps_its_events_until_it_goes_on() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    app.client.patch(&path, &json!({"status": "paused"})).await.expect(200);
    for n in 0..3 {
        app.client.event(open(&format!("m{n}"))).await.expect(202);
    }
    let log = app.deliveries_when(|log| log.len() == 3).await;
    assert!(log.iter().all(|delivery| delivery.next_attempt.is_none() && delivery.attempts.is_empty()));
    let resumed: Webhook = app.client.patch(&path, &json!({"status": "active"})).await.expect(200).json();
    assert_eq!(resumed.status, seinpost_protocol::rest::WebhookStatus::Active);
    let mut bodies: Vec<_> = Vec::new();
    for _ in 0..3 {
        bodies.push(receiver.next().await.body);
    }
    bodies.sort();
    assert_eq!(bodies, [open("m0"), open("m1"), open("m2")]);
    app.deliveries_when(|log| log.iter().all(|delivery| delivery.status == DeliveryStatus::Delivered)).await;
}

#[tokio::test]
async fn more_than_fits_in_memory_waits_in_the_store_and_every_event_is_sent_once() {
    let app = TestApp::start_with(Arc::new(tempfile::TempDir::new().unwrap()), |options| {
        (options.dispatch.lane, options.dispatch.lane_of_the_quick) = (4, 4);
        options.dispatch.per_webhook = 2;
        options.dispatch.in_all = 3;
    })
    .await;
    let (one, two) = (Receiver::start().await, Receiver::start().await);
    app.webhook(&one, json!({})).await;
    app.webhook(&two, json!({})).await;
    let lines: Vec<_> = (0..300).map(|n| open(&format!("m{n:04}"))).collect();
    app.client.lines(lines.join("\n")).await.expect(202);
    for receiver in [&one, &two] {
        let mut bodies = Vec::new();
        for _ in 0..300 {
            bodies.push(String::from_utf8(receiver.next().await.body.to_vec()).unwrap());
        }
        bodies.sort();
        assert_eq!(bodies, lines);
    }
    let pending = "/v1/deliveries?status=pending";
    crate::support::within("an empty queue", async {
        while !app.client.get(pending).await.json::<serde_json::Value>()["data"].as_array().unwrap().is_empty() {}
    })
    .await;
    assert!(one.rest().await.is_empty() && two.rest().await.is_empty());
}

#[tokio::test]
async fn retry_after_is_honoured_within_a_day() {
    for (value, seconds) in [("600", 600), ("Sat, 31 Jan 2026 12:20:00 GMT", 1200), ("9999999999", 86_400), ("soon", 5)]
    {
        let app = TestApp::start().await;
        let receiver = Receiver::start().await;
        app.webhook(&receiver, json!({})).await;
        receiver.answer_next((StatusCode::SERVICE_UNAVAILABLE, [("retry-after", value)]));
        app.client.event(open("m1")).await.expect(202);
        receiver.next().await;
        let waited = app.clock.advance_to_next_sleeper().await.as_secs_f64();
        let expected = f64::from(seconds);
        assert!((expected * 0.9..=expected * 1.1).contains(&waited), "{value}: {waited}");
        receiver.next().await;
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_disabled_and_its_events_are_kept() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    receiver.answer_next(StatusCode::GONE);
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    let disabled = disabled(&app, &path).await;
    assert_eq!(disabled.disabled_reason.as_deref(), Some("The receiver answered 410 (Gone): it wants no more calls."));
    assert_eq!((disabled.disabled_code, disabled.status_by.as_deref()), (Some(DisabledCode::Gone), None));
    assert!(disabled.status_since.is_some());
    let history: serde_json::Value = app.client.get(&format!("{path}/history?limit=1")).await.expect(200).json();
    assert_eq!(history["data"][0]["kind"], "disabled");
    assert_eq!(history["data"][0]["detail"], disabled.disabled_reason.unwrap());

    app.client.event(open("m2")).await.expect(202);
    app.clock.advance(Duration::from_secs(3600));
    let log = app.deliveries_when(|log| log.len() == 2).await;
    assert!(log.iter().all(|delivery| delivery.status == DeliveryStatus::Pending && delivery.next_attempt.is_none()));
    let resumed: Webhook = app.client.patch(&path, &json!({"status": "active"})).await.expect(200).json();
    assert_eq!((resumed.disabled_reason, resumed.disabled_code), (None, None));
    let mut bodies = [receiver.next().await.body, receiver.next().await.body];
    bodies.sort();
    assert_eq!(bodies, [open("m1"), open("m2")]);
    app.deliveries_when(|log| log.iter().all(|delivery| delivery.status == DeliveryStatus::Delivered)).await;
    assert!(receiver.rest().await.is_empty());
}

/// It disabled what its owner had just let go on.
#[tokio::test]
async fn a_late_410_does_not_disable_what_was_changed_since_the_call_began() {
    let app = TestApp::start().await;
    let (address, mut called) = asking().await;
    let hook = app.webhook(&Receiver::start().await, json!({})).await;
    let path = format!("/v1/webhooks/{}", hook.id);
    redirect(&app, 1, &hook.id, address).await;
    app.client.event(open("m1")).await.expect(202);
    let late = within("a call", called.recv()).await.unwrap();
    for status in ["paused", "active"] {
        app.client.patch(&path, &json!({"status": status})).await.expect(200);
    }
    late.send(410).unwrap();
    assert_eq!(app.clock.advance_to_next_sleeper().await, Duration::from_secs(60), "as it asked");
    within("the next call", called.recv()).await.unwrap().send(410).unwrap();
    disabled(&app, &path).await;
}

pub(crate) async fn disabled(app: &TestApp, path: &str) -> Webhook {
    crate::support::within("the webhook's end", async {
        loop {
            let webhook: Webhook = app.client.get(path).await.expect(200).json();
            if webhook.status == seinpost_protocol::rest::WebhookStatus::Disabled {
                return webhook;
            }
        }
    })
    .await
}

#[tokio::test]
async fn four_days_of_nothing_but_failure_disable_a_webhook() {
    let app = TestApp::start_with(Arc::new(tempfile::TempDir::new().unwrap()), |options| {
        options.dispatch.retries = "20h, 20h, 20h, 20h, 20h, 20h".parse().unwrap();
    })
    .await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    // The first call and one after each wait: with the jitter, four days take five waits or six.
    for _ in 0..7 {
        receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    }
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    let mut failing = Duration::ZERO;
    while failing < Duration::from_secs(4 * 24 * 3600) {
        failing += app.clock.advance_to_next_sleeper().await;
        receiver.next().await;
    }
    let disabled = disabled(&app, &format!("/v1/webhooks/{}", webhook.id)).await;
    assert_eq!(
        disabled.disabled_reason.as_deref(),
        Some("Every call has failed since 2026-01-31T12:00:00.000Z, for four days.")
    );
    assert_eq!(disabled.disabled_code, Some(DisabledCode::Failing));
}
