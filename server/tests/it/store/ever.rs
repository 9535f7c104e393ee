//! Figures outlive what they are of.

use seinpost_server::store::{StatQuery, StatScope, stats::STEP};

use super::*;

pub(super) async fn how_it_went_is_known_for_ever(given: Given) {
    let Given { store, clock, _folder } = given;
    const DAY: i64 = 24 * 60 * 60 * 1000;
    store.create_environment("One".into()).await.unwrap();
    store.create_environment("Two".into()).await.unwrap();
    let made = store.create_webhook(webhook(1, "wh_a", &[EventType::Open])).await.unwrap();
    let other = store.create_webhook(webhook(1, "wh_b", &[EventType::Click])).await.unwrap();
    let (of_one, of_all) = (StatScope::Webhook(made.key), StatScope::Environment(1));
    let ever = async |scope| store.outcomes_ever(scope).await.unwrap();
    assert_eq!(ever(of_one).await, [0; 4]);
    let mut waiting = None;
    for (day, statuses) in
        [(0, vec![Some(500), Some(200)]), (1, vec![Some(200)]), (2, vec![None]), (40, vec![Some(404)])]
    {
        clock.set(BEGIN + day * DAY);
        store.append_events(1, vec![event("{}")], None).await.unwrap();
        let query = DeliveryQuery { limit: 1, ..DeliveryQuery::default() };
        let id = store.deliveries(1, query).await.unwrap()[0].id;
        for (n, status) in (1..).zip(statuses) {
            let attempt = AttemptRecord { started: BEGIN + day * DAY, ..attempt(n, status) };
            let conclusion = if status == Some(200) { Conclusion::Delivered } else { Conclusion::Retry(BEGIN) };
            store.record_attempt(id, attempt, conclusion).await.unwrap();
        }
        waiting = waiting.or((day == 2).then_some(id));
    }
    // At once, after a retry, refused, not answered.
    let all = [1, 1, 1, 1];
    assert_eq!((ever(of_one).await, ever(of_all).await), (all, all));
    assert_eq!((ever(StatScope::Webhook(other.key)).await, ever(StatScope::Environment(2)).await), ([0; 4], [0; 4]));

    // Rolled up and forgotten, a row at a time, it is what it was; also when it is done again.
    let forget = BEGIN + 30 * DAY;
    for _ in 0..2 {
        while store.roll_up(forget, forget, 1).await.unwrap() {
            assert_eq!((ever(of_one).await, ever(of_all).await), (all, all));
        }
    }
    assert_eq!((ever(of_one).await, ever(of_all).await), (all, all));
    let rows = store.stats(StatQuery { scopes: vec![of_one, of_all], time: STEP..i64::MAX }).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| row.outcomes).collect::<Vec<_>>(),
        [[0, 0, 1, 0]; 2],
        "what is shown step by step"
    );

    // One that answers long after is counted where it was.
    let late = AttemptRecord { started: BEGIN + 41 * DAY, ..attempt(2, Some(200)) };
    store.record_attempt(waiting.unwrap(), late, Conclusion::Delivered).await.unwrap();
    assert_eq!(ever(of_one).await, [1, 2, 1, 0]);
    // What waits is forgotten once nobody sends it.
    let why = (DisabledCode::Failing, "why".into());
    assert!(store.disable_webhook(made.key, made.version, why, Bytes::new()).await.unwrap());
    while store.prune(BEGIN + 50 * DAY, 10).await.unwrap() {}
    while store.roll_up(BEGIN + 50 * DAY, BEGIN + 50 * DAY, 10).await.unwrap() {}
    assert_eq!(store.deliveries(1, DeliveryQuery { limit: 10, ..DeliveryQuery::default() }).await.unwrap(), []);
    assert_eq!((ever(of_one).await, ever(of_all).await), ([1, 2, 1, 0], [1, 2, 1, 0]));
}
