//! A clock that is set, forwards or backwards, delays nothing that is due and loses nothing.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use seinpost_protocol::rest::{DeliveryStatus, Stats, Webhook, WebhookStatus};
use seinpost_server::clock::Clock as _;
use serde_json::json;

use crate::{
    events::open,
    retries::disabled,
    support::{
        app::{BEGIN, TestApp},
        receiver::Receiver,
        within,
    },
};

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

#[tokio::test]
async fn a_clock_set_back_delays_no_first_attempt_and_ids_still_grow() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    app.client.event(open("before")).await.expect(202);
    receiver.next().await;
    app.clock.set(BEGIN - 2 * DAY);
    app.client.event(open("after")).await.expect(202);
    receiver.next().await;
    let log = app.deliveries_when(|log| log.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
    assert_eq!(log.len(), 2);
    assert!(log[0].id > log[1].id && log[0].event > log[1].event, "the newest is still first: {log:?}");
}

#[tokio::test]
async fn what_waits_is_sent_after_a_restart_with_the_clock_set_back() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    // While it is paused, events are kept.
    let path = format!("/v1/webhooks/{}", webhook.id);
    app.clock.set(BEGIN + 2 * DAY);
    app.client.patch(&path, &json!({"status": "paused"})).await.expect(200);
    for name in ["m1", "m2", "m3"] {
        app.client.event(open(name)).await.expect(202);
    }
    app.app.stop(Duration::from_secs(30)).await;
    let folder = Arc::clone(&app.folder);
    drop(app);
    // It starts two days before they came.
    let app = TestApp::start_in(folder).await;
    app.client.patch(&path, &json!({"status": "active"})).await.expect(200);
    for _ in 0..3 {
        receiver.next().await;
    }
    app.deliveries_when(|log| log.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
}

#[tokio::test]
async fn a_clock_set_forward_brings_retries_forward_and_loses_none() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    app.deliveries_when(|log| log[0].attempts.len() == 1).await;
    app.clock.set(BEGIN + 10 * DAY);
    receiver.next().await;
    app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
}

#[tokio::test]
async fn a_clock_set_far_ahead_and_back_loses_nothing_and_delays_no_retry() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    app.client.patch(&path, &json!({"status": "paused"})).await.expect(200);
    app.client.event(open("m1")).await.expect(202);
    // Forty days ahead it is sent, and fails.
    app.clock.set(BEGIN + 40 * DAY);
    receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    app.client.patch(&path, &json!({"status": "active"})).await.expect(200);
    receiver.next().await;
    let log = app.deliveries_when(|log| log[0].attempts.len() == 1).await;
    // It is older than what is kept, and yet it waits.
    while app.app.store.prune(BEGIN + 50 * DAY, 1).await.unwrap() {}
    let kept = app.delivery(&log[0].id).await;
    assert_eq!(
        (kept.status, kept.attempts.len()),
        (DeliveryStatus::Pending, 0),
        "old attempts are forgotten: {kept:?}"
    );
    // Its retry is forty days away once the clock is put right.
    app.clock.set(BEGIN);
    receiver.next().await;
    app.deliveries_when(|log| log.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
    // Once it has arrived it is as old as any other.
    while app.app.store.prune(BEGIN + 50 * DAY, 1).await.unwrap() {}
    assert!(app.deliveries_when(|_| true).await.is_empty());
    app.client.get(&format!("/v1/events/{}", kept.event.unwrap())).await.expect(404);
}

#[tokio::test]
async fn what_waits_after_a_restart_with_the_clock_set_back_is_sent_though_its_retry_was_far_off() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    app.clock.set(BEGIN + 40 * DAY);
    receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    app.deliveries_when(|log| log[0].attempts.len() == 1).await;
    app.app.stop(Duration::from_secs(30)).await;
    let folder = Arc::clone(&app.folder);
    drop(app);
    let app = TestApp::start_in(folder).await;
    receiver.next().await;
    app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
}

/// It was taken for a retry that was reckoned while the clock was ahead.
#[tokio::test]
async fn what_waits_by_a_schedule_that_was_made_shorter_keeps_its_time_also_over_a_restart() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let week = 7 * 24 * 3600;
    let webhook = app.webhook(&receiver, json!({"retries": [week], "concurrency": 1})).await;
    receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    app.client.event(open("m1")).await.expect(202);
    assert_eq!(receiver.next().await.body, open("m1"));
    let log = app.deliveries_when(|log| log[0].attempts.len() == 1).await;
    let (id, due) = (log[0].id.clone(), log[0].next_attempt.unwrap().as_millis());
    assert!(due > BEGIN + 6 * DAY);
    app.client.patch(&format!("/v1/webhooks/{}", webhook.id), &json!({"retries": [60]})).await.expect(200);
    // What comes later is sent in its turn, one after the other: it would be after what waits.
    let others = async |app: &TestApp, names: [&str; 3]| {
        for name in names {
            app.client.event(open(name)).await.expect(202);
            assert_eq!(receiver.next().await.body, open(name));
            app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
        }
        let waits = app.delivery(&id).await;
        assert_eq!((waits.attempts.len(), waits.next_attempt.unwrap().as_millis()), (1, due));
    };
    others(&app, ["m2", "m3", "m4"]).await;
    app.app.stop(Duration::from_secs(30)).await;
    let folder = Arc::clone(&app.folder);
    drop(app);
    let app = TestApp::start_in(folder).await;
    others(&app, ["m5", "m6", "m7"]).await;
    app.clock.advance(Duration::from_millis(u64::try_from(due - BEGIN).unwrap()));
    assert_eq!(receiver.next().await.body, open("m1"));
    app.deliveries_when(|log| log.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
}

/// A clock that was set five days ahead disabled whatever failed just then.
#[tokio::test]
async fn four_days_of_failure_are_lived_through_also_over_a_restart_and_no_clock_that_is_set_makes_them() {
    let start = async |folder| {
        TestApp::start_with(folder, |options| options.dispatch.retries = ["20h"; 12].join(",").parse().unwrap()).await
    };
    let app = start(Arc::new(tempfile::TempDir::new().unwrap())).await;
    let receiver = Receiver::start().await;
    let path = format!("/v1/webhooks/{}", app.webhook(&receiver, json!({})).await.id);
    for _ in 0..13 {
        receiver.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    }
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    let mut tried = 1;
    let mut lived = Duration::ZERO;
    let still_active = async |app: &TestApp, tried: usize| {
        app.deliveries_when(|log| log[0].attempts.len() == tried).await;
        let webhook: Webhook = app.client.get(&path).await.expect(200).json();
        assert_eq!(webhook.status, WebhookStatus::Active);
    };
    while lived < Duration::from_secs(2 * 24 * 3600) {
        lived += app.clock.advance_to_next_sleeper().await;
        receiver.next().await;
        tried += 1;
        still_active(&app, tried).await;
    }
    for days in [5, 10] {
        app.clock.set(BEGIN + days * DAY);
        receiver.next().await;
        tried += 1;
        still_active(&app, tried).await;
    }
    app.app.stop(Duration::from_secs(30)).await;
    let folder = Arc::clone(&app.folder);
    drop(app);
    // Set back, and so the retry is made at once.
    let app = start(folder).await;
    receiver.next().await;
    while lived < Duration::from_secs(4 * 24 * 3600) {
        tried += 1;
        still_active(&app, tried).await;
        lived += app.clock.advance_to_next_sleeper().await;
        receiver.next().await;
    }
    let reason = disabled(&app, &path).await.disabled_reason.unwrap();
    assert!(reason.ends_with("for four days."), "{reason}");
}

/// Until when the clock is doubted, once that is noted.
async fn noted(app: &TestApp) -> Option<i64> {
    within("what was seen of the clock being noted", async {
        loop {
            match app.app.store.clock_seen().await.unwrap() {
                Some(seen) if seen.at == app.clock.now() => return seen.doubtful_until,
                _ => tokio::task::yield_now().await,
            }
        }
    })
    .await
}

/// The next server on the same folder, at another time.
async fn restarted(app: TestApp, now: i64) -> TestApp {
    app.app.stop(Duration::from_secs(30)).await;
    let folder = Arc::clone(&app.folder);
    drop(app);
    TestApp::start_at(now, folder, |_| {}).await
}

/// The server that ran when it was set forgot nothing; the next one believed it from the start on.
#[tokio::test]
async fn a_clock_set_far_ahead_makes_nothing_old_for_a_day_also_over_restarts() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
    let event = format!("/v1/events/{}", log[0].event.as_ref().unwrap());
    assert_eq!(noted(&app).await, None);
    // When it is noted that it is doubted, nothing is forgotten any more.
    let set = BEGIN + 40 * DAY;
    let app = restarted(app, set).await;
    assert_eq!(noted(&app).await, Some(set + DAY));
    app.client.get(&event).await.expect(200);
    let app = restarted(app, set + DAY / 2).await;
    assert_eq!(noted(&app).await, Some(set + DAY), "the day goes on");
    app.client.get(&event).await.expect(200);
    // It has gone on as it should: it is as late as it says.
    let app = restarted(app, set + DAY).await;
    within("the old event being forgotten", async {
        while app.client.get(&event).await.status != 404 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(noted(&app).await, None);
}

/// Those of a month were made one at once, without times.
#[tokio::test]
async fn a_clock_set_far_ahead_takes_no_figures_away() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    app.client.event(open("m1")).await.expect(202);
    receiver.next().await;
    app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
    let figures = async |app: &TestApp| -> Stats { app.client.get("/v1/stats?range=1h").await.expect(200).json() };
    let before = figures(&app).await;
    assert_eq!(before.total.deliveries.at_once, 1);
    let set = BEGIN + 40 * DAY;
    let app = restarted(app, set).await;
    assert_eq!(noted(&app).await, Some(set + DAY));
    let app = restarted(app, BEGIN).await;
    let after = figures(&app).await;
    assert_eq!((after.total, after.steps), (before.total, before.steps));
}
