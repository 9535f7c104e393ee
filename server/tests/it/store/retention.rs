//! What is forgotten, and what of it is still needed.

use seinpost_protocol::rest::{ReplayState, ReplayWhich};
use seinpost_server::store::{NewReplay, StatScope};

use super::*;

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// A delivery that has arrived, and four weeks later the same once more; the event, and the second.
async fn replayed(given: &Given) -> (WebhookRecord, EventId, DeliveryId) {
    let store = &given.store;
    let (made, id) = one_delivery(store).await;
    store.record_attempt(id, attempt(1, Some(200)), Conclusion::Delivered).await.unwrap();
    given.clock.set(BEGIN + 28 * DAY);
    let again = store.replay(1, id).await.unwrap().unwrap();
    (made, store.delivery(1, id).await.unwrap().unwrap().event, again)
}

async fn forget_the_first_day(store: &Arc<dyn Store>) {
    while store.prune(BEGIN + DAY, 10).await.unwrap() {}
}

pub(super) async fn what_is_no_longer_kept_is_not_replayed(given: Given) {
    let (made, event, again) = replayed(&given).await;
    let store = given.store;
    store.record_attempt(again, attempt(1, Some(200)), Conclusion::Delivered).await.unwrap();
    forget_the_first_day(&store).await;
    assert_eq!(store.event(event).await.unwrap(), None);
    assert_eq!(store.replay(1, again).await.unwrap(), None);
    let new = NewReplay { webhook: made.key, which: ReplayWhich::All, from: None, until: None };
    let all = store.create_replay(new).await.unwrap();
    assert!(!store.continue_replay(all.id, 10).await.unwrap());
    let all = store.replays(made.key, None, 1).await.unwrap().remove(0);
    assert_eq!((all.state, all.made), (ReplayState::Done, 0));
    assert_eq!(store.totals().await.unwrap().pending, 0);
}

pub(super) async fn the_event_of_a_replay_stays_while_that_waits(given: Given) {
    let (made, event, again) = replayed(&given).await;
    let store = given.store;
    update(&store, &WebhookRecord { status: WebhookStatus::Paused, ..made }).await;
    forget_the_first_day(&store).await;
    let query = DeliveryQuery { limit: 10, ..DeliveryQuery::default() };
    let left = store.deliveries(1, query).await.unwrap();
    assert_eq!(left.iter().map(|each| each.id).collect::<Vec<_>>(), [again]);
    assert!(store.event(event).await.unwrap().is_some(), "it is still to be sent, once the webhook goes on");
    store.record_attempt(again, attempt(1, Some(200)), Conclusion::Delivered).await.unwrap();
    forget_the_first_day(&store).await;
    assert_eq!(store.event(event).await.unwrap(), None);
}

/// A hundred of them took the thread that writes as long as a hundred megabytes take.
pub(super) async fn large_events_are_forgotten_a_megabyte_at_a_time(given: Given) {
    let store = given.store;
    store.create_environment("One".into()).await.unwrap();
    let large = event(&format!("\"{}\"", "x".repeat(600_000)));
    let made = store.append_events(1, vec![large; 5], None).await.unwrap().events;
    let kept = async || {
        let ids = made.iter().map(|(id, _)| *id).collect();
        store.events(ids, usize::MAX).await.unwrap().len()
    };
    for left in [3, 1] {
        assert!(store.prune(BEGIN + DAY, 100).await.unwrap());
        assert_eq!(kept().await, left);
    }
    forget_the_first_day(&store).await;
    assert_eq!(kept().await, 0);
}

/// Each stood in the figures: once the attempt before was forgotten, nothing took it back.
pub(super) async fn a_delivery_is_counted_once_though_its_attempts_were_forgotten(given: Given) {
    let Given { store, clock, _folder } = given;
    let (made, id) = one_delivery(&store).await;
    let ever = async || store.outcomes_ever(StatScope::Webhook(made.key)).await.unwrap();
    for (n, status, outcomes) in [
        (1, Some(500), [0, 0, 1, 0]),
        (2, None, [0, 0, 0, 1]),
        (3, Some(404), [0, 0, 1, 0]),
        (4, Some(200), [0, 1, 0, 0]),
    ] {
        let started = BEGIN + i64::from(n) * 7 * DAY;
        clock.set(started);
        let conclusion = if n < 4 { Conclusion::Retry(started + 7 * DAY) } else { Conclusion::Delivered };
        store.record_attempt(id, AttemptRecord { started, ..attempt(n, status) }, conclusion).await.unwrap();
        assert_eq!(ever().await, outcomes, "{n}");
        while store.prune(started + DAY, 10).await.unwrap() {}
        assert_eq!(store.attempts(vec![id]).await.unwrap(), [], "what was sent and answered is forgotten");
        assert_eq!(store.failures(vec![made.key]).await.unwrap(), []);
        let tried = store.due(made.key, 1, BEGIN).await.unwrap().first().map(|due| due.tried);
        assert_eq!(tried, (n < 4).then_some(Some(started)));
    }
    assert_eq!(store.delivery(1, id).await.unwrap(), None);
}
