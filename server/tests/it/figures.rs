//! Figures: counted as attempts are recorded, shown step by step.

use std::time::Duration;

use seinpost_protocol::rest::{AllTime, DeliveryStatus, EventLoad, Page, Scope, Stats, WebhookStats};
use serde_json::json;

use crate::support::{app::TestApp, receiver::Receiver};

const OPEN: &str = r#"{"id":"m-1","type":"open","time":"1769860800","timestamp":"2026-01-31 12:00:00","recipient":"a@example.net","ip":"203.0.113.1","tags":["x"]}"#;

async fn stats(app: &TestApp, query: &str) -> Stats {
    app.client.get(&format!("/v1/stats?{query}")).await.expect(200).json()
}

#[tokio::test]
async fn each_delivery_counts_once_by_its_newest_attempt() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    app.client.event(OPEN).await.expect(202);
    app.deliveries_when(|all| all.iter().any(|each| each.status == DeliveryStatus::Delivered)).await;
    for range in ["1h", "24h", "7d", "30d"] {
        let all = stats(&app, &format!("range={range}")).await;
        assert_eq!(all.total.deliveries.at_once, 1, "{range}: {all:?}");
        assert_eq!(all.total.success, Some(1.0));
        assert_eq!(all.steps.len(), all.range.steps() as usize);
        assert_eq!(all.total.response.answers, 1);
        let one = stats(&app, &format!("range={range}&webhook={}", webhook.id)).await;
        assert_eq!((one.total, one.steps), (all.total, all.steps));
    }

    receiver.answer_next(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    app.client.event(OPEN).await.expect(202);
    app.deliveries_when(|all| all.iter().any(|each| each.attempts.len() == 1 && each.next_attempt.is_some())).await;
    let refused = stats(&app, "range=1h").await;
    assert_eq!((refused.total.deliveries.at_once, refused.total.deliveries.refused), (1, 1));
    assert_eq!(refused.waiting.count, 1);
    assert_eq!(refused.total.success, Some(0.5));

    // The retry moves it from refused to retried, where it was made.
    app.clock.advance(Duration::from_secs(3600));
    app.deliveries_when(|all| all.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
    let healed = stats(&app, "range=24h").await;
    let counts = healed.total.deliveries;
    assert_eq!((counts.at_once, counts.retried, counts.refused, counts.total()), (1, 1, 0, 2));
    assert_eq!(healed.waiting.count, 0);
    assert_eq!(healed.total.response.answers, 3);
    let list: Page<WebhookStats> = app.client.get("/v1/stats/webhooks").await.expect(200).json();
    assert_eq!(list.data.len(), 1);
    assert_eq!((list.data[0].webhook.as_str(), list.data[0].total.deliveries), (webhook.id.as_str(), counts));
    assert_eq!(list.data[0].points.iter().map(|each| each.total()).sum::<u64>(), 2);

    // Another environment sees nothing of it.
    let other = app.other_environment().await;
    let theirs: Stats = other.get("/v1/stats").await.expect(200).json();
    assert_eq!(theirs.total.deliveries.total(), 0);
    other.get(&format!("/v1/stats?webhook={}", webhook.id)).await.expect(404);
    app.client.get("/v1/stats?range=2h").await.expect(422);
}

#[tokio::test]
async fn figures_stay_the_same_when_they_are_rolled_up() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    for number in 0..5 {
        app.client.event(OPEN).await.expect(202);
        app.deliveries_when(|all| {
            all.iter().filter(|each| each.status == DeliveryStatus::Delivered).count() == number + 1
        })
        .await;
        app.clock.advance(Duration::from_secs(7 * 60));
    }
    app.clock.advance(Duration::from_secs(5 * 3600));
    let before = stats(&app, "range=24h").await;
    assert_eq!(before.total.deliveries.at_once, 5);
    let now = seinpost_server::clock::Clock::now(&*app.clock);
    while app.app.store.roll_up(now - 2 * 3_600_000, now - 31 * 86_400_000, 3).await.unwrap() {}
    let after = stats(&app, "range=24h").await;
    assert_eq!((after.total, after.steps), (before.total, before.steps));
}

#[tokio::test]
async fn how_many_there_ever_were_is_told_when_the_log_has_forgotten_them() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let all_time = async |query: &str| -> AllTime {
        app.client.get(&format!("/v1/stats/all-time{query}")).await.expect(200).json()
    };
    let none = all_time("").await;
    assert_eq!((none.deliveries.total(), none.success), (0, None));
    receiver.answer_next(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    app.client.event(OPEN).await.expect(202);
    app.deliveries_when(|all| all.iter().any(|each| each.attempts.len() == 1)).await;
    app.client.event(OPEN).await.expect(202);
    app.deliveries_when(|all| all.iter().any(|each| each.status == DeliveryStatus::Delivered)).await;
    let one = format!("?webhook={}", webhook.id);
    let before = all_time(&one).await;
    let counts = before.deliveries;
    assert_eq!((counts.at_once, counts.refused, counts.total(), before.success), (1, 1, 2, Some(0.5)));
    assert_eq!((before.webhook.as_deref(), before.since), (Some(webhook.id.as_str()), webhook.created));

    app.client.patch(&format!("/v1/webhooks/{}", webhook.id), &json!({"status": "paused"})).await.expect(200);
    app.clock.advance(Duration::from_secs(400 * 86_400));
    let now = seinpost_server::clock::Clock::now(&*app.clock);
    while app.app.store.prune(now - 86_400_000, 100).await.unwrap() {}
    while app.app.store.roll_up(now, now, 100).await.unwrap() {}
    assert_eq!(stats(&app, "range=30d").await.total.deliveries.total(), 0);
    assert_eq!(all_time(&one).await, before);
    let all = all_time("").await;
    assert_eq!((all.webhook, all.deliveries), (None, counts));
    assert!(all.since <= webhook.created);

    let other = app.other_environment().await;
    let theirs: AllTime = other.get("/v1/stats/all-time").await.expect(200).json();
    assert_eq!(theirs.deliveries.total(), 0);
    other.get(&format!("/v1/stats/all-time{one}")).await.expect(404);
}

/// What a webhook for them would get, before it is made; tests are no events.
#[tokio::test]
async fn events_of_the_last_day_are_counted_by_type_with_their_busiest_minute() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let load = async || {
        let load: EventLoad = app.client.get("/v1/stats/events").await.expect(200).json();
        assert_eq!(load.until.as_millis() - load.from.as_millis(), 24 * 60 * 60 * 1000);
        let counted = load.types.iter().filter(|each| each.count > 0);
        let counted = counted.map(|each| (each.event_type.clone(), each.count, each.busiest_minute, each.more));
        (load.types.len(), counted.collect::<Vec<_>>())
    };
    assert_eq!(load().await, (7, vec![]));
    app.client.post(&format!("/v1/webhooks/{}/test", webhook.id), &serde_json::Value::Null).await.expect(200);
    let click =
        OPEN.replace("\"open\"", "\"click\"").replace("\"tags\"", "\"original\":\"https://example.com/\",\"tags\"");
    app.client.event(OPEN).await.expect(202);
    app.clock.advance(Duration::from_secs(23 * 3600));
    for _ in 0..3 {
        app.client.event(OPEN).await.expect(202);
    }
    app.client.event(click).await.expect(202);
    let open = |count, minute| ("open".to_owned(), count, minute, false);
    let click = ("click".to_owned(), 1, 1, false);
    assert_eq!(load().await, (7, vec![click.clone(), open(4, 3)]));
    app.clock.advance(Duration::from_secs(2 * 3600));
    assert_eq!(load().await, (7, vec![click, open(3, 3)]));

    let other: EventLoad = app.other_environment().await.get("/v1/stats/events").await.expect(200).json();
    assert!(other.types.iter().all(|each| each.count == 0), "{other:?}");
    app.client_with(&[Scope::WebhooksWrite]).await.get("/v1/stats/events").await.expect(403);
}
