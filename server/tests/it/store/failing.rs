//! Webhooks that fail: what came of their newest attempt, and how many they are.

use super::*;

pub(super) async fn what_fails_is_found_and_counted(given: Given) {
    let Given { store, clock, _folder } = given;
    store.create_environment("One".into()).await.unwrap();
    store.create_environment("Two".into()).await.unwrap();
    let made = store.create_webhook(webhook(1, "wh_a", &[EventType::Open])).await.unwrap();
    let calm = store.create_webhook(webhook(1, "wh_b", &[EventType::Click])).await.unwrap();
    let theirs = store.create_webhook(webhook(2, "wh_c", &[EventType::Open])).await.unwrap();
    let newest = async || {
        let found = store.failures(vec![made.key, calm.key, theirs.key, WebhookKey(99)]).await.unwrap();
        assert!(found.iter().all(|(key, _)| *key == made.key), "{found:?}");
        found.into_iter().next().map(|(_, failure)| failure)
    };
    let counts = async || store.count_webhooks(1).await.unwrap();
    assert_eq!(newest().await, None);
    assert_eq!(counts().await, [(WebhookStatus::Active, false, 2)]);

    let append = async |events: usize| {
        store.append_events(1, vec![event("{}"); events], None).await.unwrap();
        store.deliveries(1, DeliveryQuery { limit: 1, ..DeliveryQuery::default() }).await.unwrap()[0].id
    };
    let first = append(1).await;
    assert_eq!(newest().await, None, "it was not tried");
    let retry = |after| Conclusion::Retry(BEGIN + after);
    store.record_attempt(first, attempt(1, Some(503)), retry(5000)).await.unwrap();
    store.record_attempt(first, attempt(2, None), retry(300_000)).await.unwrap();
    let failure = newest().await.unwrap();
    assert_eq!((failure.delivery, failure.due), (first, Some(BEGIN + 300_000)));
    assert_eq!((failure.attempt.n, failure.attempt.response), (2, None));
    assert_eq!(failure.attempt.error, attempt(2, None).error);
    assert_eq!(counts().await, [(WebhookStatus::Active, false, 1), (WebhookStatus::Active, true, 1)]);
    assert_eq!(store.webhook(1, "wh_a".into()).await.unwrap().unwrap().failing_since, Some(BEGIN + 1));
    assert_eq!(store.count_webhooks(2).await.unwrap(), [(WebhookStatus::Active, false, 1)]);

    // The newest one that was tried, however many came after it.
    let second = append(1).await;
    store.record_attempt(second, attempt(1, Some(401)), retry(5000)).await.unwrap();
    append(3).await;
    assert_eq!(newest().await.unwrap().delivery, second);
    append(300).await;
    let waiting = newest().await.unwrap();
    assert_eq!(waiting.delivery, first, "of those that wait, the one that waits longest");

    // Given up, it is still what is known; and a test is not.
    while store.cancel_deliveries(made.key, 1000).await.unwrap() > 0 {}
    let given_up = append(1).await;
    store.record_attempt(given_up, attempt(1, Some(500)), Conclusion::Failed).await.unwrap();
    clock.set(BEGIN + 1);
    let call = TestCall {
        webhook: made.key,
        environment: 1,
        event_type: EventType::Open,
        content_type: "text/x".into(),
        body: Bytes::new(),
        attempt: attempt(1, Some(404)),
    };
    store.record_test(call).await.unwrap();
    append(300).await;
    let failure = newest().await.unwrap();
    assert_eq!((failure.delivery, failure.due), (given_up, None));
    assert_eq!(failure.attempt.response.map(|response| response.status), Some(500));

    // One that is accepted ends it.
    let good = append(1).await;
    store.record_attempt(good, attempt(1, Some(204)), Conclusion::Delivered).await.unwrap();
    assert_eq!(counts().await, [(WebhookStatus::Active, false, 2)]);
    let paused = WebhookRecord { status: WebhookStatus::Paused, ..calm.clone() };
    update(&store, &paused).await;
    store.delete_webhook(store.webhook_by_key(made.key).await.unwrap().unwrap()).await.unwrap();
    assert_eq!(counts().await, [(WebhookStatus::Paused, false, 1)]);
}
