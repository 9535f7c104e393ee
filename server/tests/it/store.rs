//! What every store does the same: stories run on each implementation.

mod access;
mod attempts;
mod ever;
mod failing;
mod retention;

use std::{sync::Arc, time::Duration};

use access::{codes_are_used_once_and_sessions_end, environments_and_their_tokens, keys_come_back};
use attempts::what_is_handed_in_is_told_as_it_stands;
use bytes::Bytes;
use ever::how_it_went_is_known_for_ever;
use failing::what_fails_is_found_and_counted;
use retention::{
    a_delivery_is_counted_once_though_its_attempts_were_forgotten, large_events_are_forgotten_a_megabyte_at_a_time,
    the_event_of_a_replay_stays_while_that_waits, what_is_no_longer_kept_is_not_replayed,
};
use seinpost_protocol::{
    event::EventType,
    rest::{
        BodyFormat, DeliveryStatus, DisabledCode, ErrorKind, KeyStatus, Peer, Profile, Scope, TlsVersion, Types,
        WebhookOptions, WebhookStatus,
    },
};
use seinpost_server::{
    entropy::SystemEntropy,
    fields::Fields,
    id::{DeliveryId, EventId},
    seal::Source,
    store::{
        AttemptRecord, Conclusion, DeliveryQuery, EventKind, Facets, Happening, Idempotency, KeyRecord, NewEvent,
        RecordedBody, RecordedRequest, RecordedResponse, SessionRecord, SigninRecord, Store, StoreError, TestCall,
        TokenRecord, Updated, WebhookKey, WebhookRecord, sqlite::SqliteStore,
    },
};
use tempfile::TempDir;

use crate::support::{app::BEGIN, clock::ManualClock};

/// A store, and what it needs to live.
struct Given {
    store: Arc<dyn Store>,
    clock: Arc<ManualClock>,
    _folder: TempDir,
}

fn sqlite() -> Given {
    let folder = TempDir::new().unwrap();
    let clock = Arc::new(ManualClock::new(BEGIN));
    let store = SqliteStore::open(
        folder.path(),
        &Source::Folder(folder.path().to_owned()),
        Arc::clone(&clock) as _,
        Arc::new(SystemEntropy),
    )
    .unwrap();
    Given { store: Arc::new(store), clock, _folder: folder }
}

/// A test of each story for each store.
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name(super::sqlite()).await;
                }
            )*
        }
    };
}

stories!(
    environments_and_their_tokens,
    codes_are_used_once_and_sessions_end,
    keys_come_back,
    webhooks_keep_to_their_environment,
    events_become_deliveries,
    idempotency,
    attempts_move_a_delivery_on,
    waiting_deliveries_by_due_time,
    cancelled_stays_cancelled,
    what_is_handed_in_is_told_as_it_stands,
    tests_are_recorded,
    replays,
    ids_grow_when_the_clock_is_set_back,
    failures_are_counted_from_the_first_and_what_happened_is_told,
    what_is_old_is_forgotten_and_the_rest_stays,
    what_is_no_longer_kept_is_not_replayed,
    the_event_of_a_replay_stays_while_that_waits,
    large_events_are_forgotten_a_megabyte_at_a_time,
    a_delivery_is_counted_once_though_its_attempts_were_forgotten,
    what_fails_is_found_and_counted,
    how_it_went_is_known_for_ever,
);

fn webhook(environment: u64, id: &str, types: &[EventType]) -> WebhookRecord {
    WebhookRecord {
        key: WebhookKey(0),
        id: id.into(),
        environment,
        types: Types::new(types.iter().copied()).unwrap(),
        url: "https://user:pass@example.com/hook?a=b".into(),
        profile: Profile::Cavage,
        format: BodyFormat::Form,
        digest_upper: true,
        status: WebhookStatus::Active,
        file: "smtpeter-abcde.txt".into(),
        content: "content".into(),
        created: BEGIN,
        deleted: None,
        secret: Some("whsec_secret".into()),
        old_secrets: Vec::new(),
        status_since: None,
        status_by: None,
        disabled_code: None,
        disabled_reason: None,
        options: WebhookOptions::default(),
        failing_since: None,
        client_identity: None,
        version: 1,
    }
}

async fn update(store: &Arc<dyn Store>, webhook: &WebhookRecord) -> Updated {
    store.update_webhook(webhook.clone(), Happening::Changed, "url".into()).await.unwrap()
}

fn event(body: &str) -> NewEvent {
    NewEvent {
        event_type: EventType::Open,
        body: Bytes::copy_from_slice(body.as_bytes()),
        facets: Facets::default(),
        keys: Vec::new(),
    }
}

fn attempt(n: u32, status: Option<u16>) -> AttemptRecord {
    AttemptRecord {
        n,
        started: BEGIN + 1,
        duration: 42,
        peer: Some(Peer { address: [198, 51, 100, 24].into(), port: 443, tls: Some(TlsVersion::Tls13) }),
        request: RecordedRequest {
            url: "https://example.com/".into(),
            headers: Fields::from_iter([("Host", "example.com"), ("Empty", "")]),
            body: RecordedBody::Form,
        },
        response: status.map(|status| RecordedResponse {
            status,
            headers: Fields::from_iter([("server", b"\xff\xfe")]),
            body: vec![0, 255, 10],
            truncated: true,
        }),
        error: status.is_none().then(|| (ErrorKind::Timeout, "too slow".into())),
    }
}

async fn webhooks_keep_to_their_environment(given: Given) {
    let store = given.store;
    store.create_environment("One".into()).await.unwrap();
    store.create_environment("Two".into()).await.unwrap();
    let both = [EventType::Open, EventType::Click];
    let a = store.create_webhook(webhook(1, "wh_a", &both)).await.unwrap();
    let b = store.create_webhook(webhook(1, "wh_b", &both[..1])).await.unwrap();
    let c = store.create_webhook(webhook(2, "wh_c", &both[..1])).await.unwrap();
    assert_eq!(store.webhooks(1, None, 10).await.unwrap().unwrap(), [b.clone(), a.clone()]);
    assert_eq!(store.webhooks(1, None, 1).await.unwrap().unwrap(), std::slice::from_ref(&b));
    assert_eq!(store.webhooks(1, Some("wh_b".into()), 10).await.unwrap().unwrap(), std::slice::from_ref(&a));
    assert_eq!(store.webhooks(1, Some("wh_none".into()), 10).await.unwrap(), None);
    assert_eq!(store.webhooks(2, Some("wh_b".into()), 10).await.unwrap(), None, "it is another environment's");
    assert_eq!(store.webhook(1, "wh_c".into()).await.unwrap(), None);
    assert_eq!(store.webhook(2, "wh_c".into()).await.unwrap(), Some(c));
    assert_eq!(store.webhook_by_key(a.key).await.unwrap(), Some(a.clone()));

    let moved = WebhookRecord {
        url: "https://example.org/".into(),
        status: WebhookStatus::Unverified,
        format: BodyFormat::Json,
        ..a.clone()
    };
    assert!(matches!(update(&store, &moved).await, Updated::Done(_)));
    let is = WebhookRecord { version: 2, ..moved.clone() };
    assert_eq!(store.webhook_by_key(a.key).await.unwrap(), Some(is));
    assert!(matches!(update(&store, &moved).await, Updated::Changed), "by whoever changed it first");
    assert!(!store.mark_verified(a.key, a.url.clone()).await.unwrap(), "its URL is another by now");
    assert!(store.mark_verified(a.key, moved.url.clone()).await.unwrap());
    assert_eq!(store.webhook_by_key(a.key).await.unwrap().unwrap().status, WebhookStatus::Active);

    let now = store.webhook_by_key(a.key).await.unwrap().unwrap();
    assert_eq!(now.version, 3);
    assert!(matches!(store.delete_webhook(moved).await.unwrap(), Updated::Changed));
    assert!(matches!(store.delete_webhook(now.clone()).await.unwrap(), Updated::Done(_)));
    assert!(matches!(store.delete_webhook(now.clone()).await.unwrap(), Updated::Gone));
    assert!(matches!(update(&store, &now).await, Updated::Gone));
    assert_eq!(store.webhook(1, "wh_a".into()).await.unwrap(), None);
    assert!(store.webhook_by_key(a.key).await.unwrap().unwrap().deleted.is_some());
    assert_eq!(store.webhooks(1, None, 10).await.unwrap().unwrap(), [b]);
    assert_eq!(store.webhooks(1, Some("wh_a".into()), 10).await.unwrap(), Some(Vec::new()), "it was deleted");
}

async fn events_become_deliveries(given: Given) {
    let store = given.store;
    store.create_environment("One".into()).await.unwrap();
    store.create_environment("Two".into()).await.unwrap();
    let a = store.create_webhook(webhook(1, "wh_a", &[EventType::Open])).await.unwrap();
    let paused = WebhookRecord { status: WebhookStatus::Paused, ..webhook(1, "wh_b", &[EventType::Open]) };
    let b = store.create_webhook(paused).await.unwrap();
    let unverified = WebhookRecord { status: WebhookStatus::Unverified, ..webhook(1, "wh_c", &[EventType::Open]) };
    store.create_webhook(unverified).await.unwrap();
    store.create_webhook(webhook(1, "wh_d", &[EventType::Click])).await.unwrap();
    store.create_webhook(webhook(2, "wh_e", &[EventType::Open])).await.unwrap();

    let bodies = ["{\"a\": 1.0e+1}", " {} \u{1F600}\n"];
    let appended = store.append_events(1, bodies.map(event).to_vec(), None).await.unwrap();
    assert!(!appended.repeated);
    assert_eq!(appended.events.iter().map(|(_, deliveries)| *deliveries).collect::<Vec<_>>(), [2, 2]);
    for ((id, _), body) in appended.events.iter().zip(bodies) {
        let kept = store.event(*id).await.unwrap().unwrap();
        assert_eq!((kept.event_type, kept.body.as_ref()), (EventKind::Mail(EventType::Open), body.as_bytes()));
        assert_eq!(id.created(), BEGIN);
    }
    let query = DeliveryQuery { limit: 10, ..DeliveryQuery::default() };
    let all = store.deliveries(1, query.clone()).await.unwrap();
    assert_eq!(all.iter().map(|each| each.webhook.as_str()).collect::<Vec<_>>(), ["wh_b", "wh_a", "wh_b", "wh_a"]);
    assert!(
        all.iter().all(|each| each.status == DeliveryStatus::Pending && each.due == Some(BEGIN) && each.attempts == 0)
    );
    assert_eq!(store.deliveries(2, query.clone()).await.unwrap(), []);
    let of_a = store.deliveries(1, DeliveryQuery { webhook: Some(a.key), ..query.clone() }).await.unwrap();
    assert_eq!(of_a, [all[1].clone(), all[3].clone()]);
    let of_stranger = store.deliveries(2, DeliveryQuery { webhook: Some(a.key), ..query.clone() }).await.unwrap();
    assert_eq!(of_stranger, []);
    let older =
        store.deliveries(1, DeliveryQuery { before: Some(all[1].id), limit: 1, ..query.clone() }).await.unwrap();
    assert_eq!(older, [all[2].clone()]);
    assert_eq!(store.delivery(1, all[0].id).await.unwrap(), Some(all[0].clone()));
    assert_eq!(store.delivery(2, all[0].id).await.unwrap(), None);
    assert_eq!(store.event(EventId(1)).await.unwrap(), None);
    assert_eq!(store.totals().await.unwrap().pending, 4);
    let last = store.last_deliveries(vec![a.key, b.key, WebhookKey(99)]).await.unwrap();
    assert_eq!(
        last.iter().map(|(key, each)| (*key, each.id)).collect::<Vec<_>>(),
        [(a.key, all[1].id), (b.key, all[0].id)]
    );

    // From now on the new settings count.
    let unverified = WebhookRecord { status: WebhookStatus::Unverified, ..a.clone() };
    update(&store, &unverified).await;
    store.delete_webhook(b.clone()).await.unwrap();
    assert_eq!(store.append_events(1, vec![event("{}")], None).await.unwrap().events[0].1, 0);
}

async fn idempotency(given: Given) {
    let Given { store, clock, _folder } = given;
    store.create_environment("One".into()).await.unwrap();
    store.create_environment("Two".into()).await.unwrap();
    let key = |byte| Some(Idempotency { key: "k".into(), fingerprint: [byte; 32] });
    let events = || vec![event("{}"), event("[]")];
    let first = store.append_events(1, events(), key(1)).await.unwrap();
    let again = store.append_events(1, events(), key(1)).await.unwrap();
    assert_eq!((again.repeated, &again.events), (true, &first.events));
    assert_eq!(store.append_events(1, events(), key(2)).await, Err(StoreError::IdempotencyConflict));
    assert!(!store.append_events(2, events(), key(2)).await.unwrap().repeated);
    clock.set(BEGIN + 24 * 60 * 60 * 1000 - 1);
    assert!(store.append_events(1, events(), key(1)).await.unwrap().repeated);
    clock.set(BEGIN + 24 * 60 * 60 * 1000);
    assert!(!store.append_events(1, events(), key(2)).await.unwrap().repeated);
}

async fn one_delivery(store: &Arc<dyn Store>) -> (WebhookRecord, DeliveryId) {
    store.create_environment("One".into()).await.unwrap();
    let made = store.create_webhook(webhook(1, "wh_a", &[EventType::Open])).await.unwrap();
    store.append_events(1, vec![event("{}")], None).await.unwrap();
    let id = store.due(made.key, 1, BEGIN).await.unwrap()[0].id;
    (made, id)
}

async fn attempts_move_a_delivery_on(given: Given) {
    let store = given.store;
    let (_, id) = one_delivery(&store).await;
    let first = attempt(1, None);
    store.record_attempt(id, first.clone(), Conclusion::Retry(BEGIN + 5000)).await.unwrap();
    let row = store.delivery(1, id).await.unwrap().unwrap();
    assert_eq!((row.status, row.attempts, row.due), (DeliveryStatus::Pending, 1, Some(BEGIN + 5000)));
    let second = attempt(2, Some(500));
    store.record_attempt(id, second.clone(), Conclusion::Failed).await.unwrap();
    let row = store.delivery(1, id).await.unwrap().unwrap();
    assert_eq!((row.status, row.attempts, row.due), (DeliveryStatus::Failed, 2, None));
    assert_eq!(store.attempts(vec![id]).await.unwrap(), [(id, first), (id, second)]);
    assert!(store.record_attempt(id, attempt(2, None), Conclusion::Delivered).await.is_err(), "the second was made");
    let row = store.delivery(1, id).await.unwrap().unwrap();
    assert_eq!((row.status, row.attempts), (DeliveryStatus::Failed, 2), "nothing of it is half stored");
    store.record_attempt(id, attempt(3, Some(204)), Conclusion::Delivered).await.unwrap();
    assert_eq!(store.delivery(1, id).await.unwrap().unwrap().status, DeliveryStatus::Delivered);
    assert_eq!(store.totals().await.unwrap().pending, 0);
}

async fn waiting_deliveries_by_due_time(given: Given) {
    let Given { store, clock, _folder } = given;
    store.create_environment("One".into()).await.unwrap();
    let made = store.create_webhook(webhook(1, "wh_a", &[EventType::Open])).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), []);
    for step in 0..3 {
        clock.set(BEGIN + step);
        store.append_events(1, vec![event("{}")], None).await.unwrap();
    }
    let due = store.due(made.key, 10, BEGIN).await.unwrap();
    assert_eq!(due.iter().map(|each| each.due).collect::<Vec<_>>(), [BEGIN, BEGIN + 1, BEGIN + 2]);
    store.record_attempt(due[0].id, attempt(1, None), Conclusion::Retry(BEGIN + 5)).await.unwrap();
    let later = store.due(made.key, 10, BEGIN).await.unwrap();
    assert_eq!(later.iter().map(|each| each.id).collect::<Vec<_>>(), [due[1].id, due[2].id, due[0].id]);
    assert_eq!(later[2].attempts, 1);
    assert_eq!(store.due(made.key, 1, BEGIN).await.unwrap().len(), 1);
    assert_eq!(store.due(WebhookKey(99), 1, BEGIN).await.unwrap(), []);
    let waiting = store.waiting().await.unwrap();
    assert_eq!(waiting.iter().map(|each| (each.webhook, each.environment)).collect::<Vec<_>>(), [(made.key, 1)]);
}

async fn cancelled_stays_cancelled(given: Given) {
    let store = given.store;
    let (made, id) = one_delivery(&store).await;
    store.append_events(1, vec![event("{}"), event("{}")], None).await.unwrap();
    assert_eq!(store.cancel_deliveries(made.key, 2).await.unwrap(), 2);
    assert_eq!(store.cancel_deliveries(made.key, 2).await.unwrap(), 1);
    assert_eq!(store.cancel_deliveries(made.key, 2).await.unwrap(), 0);
    store.record_attempt(id, attempt(1, None), Conclusion::Retry(BEGIN + 5)).await.unwrap();
    let row = store.delivery(1, id).await.unwrap().unwrap();
    assert_eq!((row.status, row.due, row.attempts), (DeliveryStatus::Cancelled, None, 1));
    // Unless it arrived after all.
    store.record_attempt(id, attempt(2, Some(200)), Conclusion::Delivered).await.unwrap();
    assert_eq!(store.delivery(1, id).await.unwrap().unwrap().status, DeliveryStatus::Delivered);
}

async fn tests_are_recorded(given: Given) {
    let store = given.store;
    store.create_environment("One".into()).await.unwrap();
    let made = store.create_webhook(webhook(1, "wh_a", &[EventType::Open])).await.unwrap();
    for (status, expected) in
        [(Some(200), DeliveryStatus::Delivered), (Some(302), DeliveryStatus::Failed), (None, DeliveryStatus::Failed)]
    {
        let call = TestCall {
            webhook: made.key,
            environment: 1,
            event_type: EventType::Abuse,
            content_type: "text/x".into(),
            body: Bytes::from_static(b"\xff\x00"),
            attempt: attempt(1, status),
        };
        let id = store.record_test(call).await.unwrap();
        let row = store.delivery(1, id).await.unwrap().unwrap();
        assert_eq!((row.status, row.test, row.due, row.attempts), (expected, true, None, 1));
        assert_eq!(row.event_type, EventKind::Mail(EventType::Abuse));
        let data = store.event(row.event).await.unwrap().unwrap();
        assert_eq!((data.content_type.as_deref(), data.body.as_ref()), (Some("text/x"), &b"\xff\x00"[..]));
        assert_eq!(store.attempts(vec![id]).await.unwrap().len(), 1);
        assert_eq!(store.replay(1, id).await.unwrap(), None, "a test is no event");
    }
    assert_eq!(store.last_deliveries(vec![made.key]).await.unwrap()[0].1.response_status, None);
    assert_eq!(store.totals().await.unwrap().pending, 0);
}

async fn replays(given: Given) {
    let store = given.store;
    let (made, id) = one_delivery(&store).await;
    store.record_attempt(id, attempt(1, Some(200)), Conclusion::Delivered).await.unwrap();
    assert_eq!(store.replay(2, id).await.unwrap(), None);
    let again = store.replay(1, id).await.unwrap().unwrap();
    let (old, new) = (store.delivery(1, id).await.unwrap().unwrap(), store.delivery(1, again).await.unwrap().unwrap());
    assert_eq!((old.status, new.status, new.attempts), (DeliveryStatus::Delivered, DeliveryStatus::Pending, 0));
    assert_eq!(old.event, new.event);
    store.delete_webhook(made).await.unwrap();
    assert_eq!(store.replay(1, id).await.unwrap(), None);
    assert_eq!(store.delivery(1, id).await.unwrap().unwrap().webhook_status, None);
}

async fn ids_grow_when_the_clock_is_set_back(given: Given) {
    let Given { store, clock, _folder } = given;
    store.create_environment("One".into()).await.unwrap();
    let mut ids = Vec::new();
    for now in [BEGIN, BEGIN - 1_000_000, BEGIN + 1, 0] {
        clock.set(now);
        ids.extend(store.append_events(1, vec![event("{}")], None).await.unwrap().events.into_iter().map(|(id, _)| id));
    }
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
}

async fn failures_are_counted_from_the_first_and_what_happened_is_told(given: Given) {
    let Given { store, clock, _folder } = given;
    let (made, id) = one_delivery(&store).await;
    let at = |n, started, status| AttemptRecord { started, ..attempt(n, status) };
    let retry = Conclusion::Retry(BEGIN);
    let failed = async |n: u32| {
        let streak = store.record_attempt(id, at(n, BEGIN + i64::from(n), None), retry).await.unwrap().unwrap();
        (streak.since - BEGIN, streak.lasted.as_secs())
    };
    let hour = Duration::from_secs(3600);
    assert_eq!(failed(1).await, (1, 0));
    clock.advance(hour / 2);
    clock.set(BEGIN + 1_000_000_000);
    assert_eq!(failed(2).await, (1, 1800), "what passed counts, and not what was set");
    clock.advance(Duration::from_secs(20));
    assert_eq!(failed(3).await, (1, 1820));
    clock.advance(Duration::from_secs(50));
    // After something failed what is known is read anew, and nothing is lost.
    assert!(store.record_attempt(id, at(3, BEGIN + 3, None), retry).await.is_err(), "it was made");
    assert_eq!(failed(4).await, (1, 1870));
    assert_eq!(store.record_attempt(id, at(5, BEGIN + 5, Some(200)), Conclusion::Delivered).await.unwrap(), None);
    clock.advance(hour);
    assert_eq!(failed(6).await, (6, 0));
    clock.advance(hour);
    clock.set(BEGIN + 9);
    let disable = async |version: i64, code: DisabledCode| {
        store.disable_webhook(made.key, version, (code, "why".into()), Bytes::new()).await.unwrap()
    };
    assert!(!disable(made.version - 1, DisabledCode::Gone).await, "it was changed since");
    assert!(disable(made.version, DisabledCode::Gone).await);
    assert!(!disable(made.version + 1, DisabledCode::Failing).await, "it is disabled");
    let disabled = store.webhook_by_key(made.key).await.unwrap().unwrap();
    assert_eq!((disabled.status, disabled.disabled_reason.as_deref()), (WebhookStatus::Disabled, Some("why")));
    assert_eq!((disabled.status_since, disabled.disabled_code), (Some(BEGIN + 9), Some(DisabledCode::Gone)));
    let active = WebhookRecord { status: WebhookStatus::Active, disabled_reason: None, ..disabled };
    store.update_webhook(active, Happening::Resumed, "on".into()).await.unwrap();
    // It begins anew.
    assert_eq!(failed(7).await, (7, 0));
    let history = store.history(made.key, None, 10).await.unwrap();
    let told: Vec<_> = history.iter().map(|entry| (entry.happening, entry.detail.as_str(), entry.at)).collect();
    assert_eq!(
        told,
        [
            (Happening::Resumed, "on", BEGIN + 9),
            (Happening::Disabled, "why", BEGIN + 9),
            (Happening::Created, "wh_a", BEGIN)
        ]
    );
    assert_eq!(store.history(made.key, Some(history[1].id), 10).await.unwrap(), history[2..]);
}

async fn what_is_old_is_forgotten_and_the_rest_stays(given: Given) {
    let Given { store, clock, _folder } = given;
    const DAY: i64 = 24 * 60 * 60 * 1000;
    store.create_environment("One".into()).await.unwrap();
    let made = store.create_webhook(webhook(1, "wh_a", &[EventType::Open])).await.unwrap();
    let mut events = Vec::new();
    for day in 0..6 {
        clock.set(BEGIN + day * DAY);
        events.push(store.append_events(1, vec![event("{}")], None).await.unwrap().events[0].0);
        let id = store.due(made.key, 1, BEGIN).await.unwrap()[0].id;
        if day != 5 {
            let attempt = AttemptRecord { started: BEGIN + day * DAY, ..attempt(1, Some(200)) };
            store.record_attempt(id, attempt, Conclusion::Delivered).await.unwrap();
        }
    }
    let before = BEGIN + 3 * DAY;
    assert!(store.prune(before, 2).await.unwrap());
    assert!(!store.prune(before, 2).await.unwrap());
    let query = DeliveryQuery { limit: 10, ..DeliveryQuery::default() };
    let rest = store.deliveries(1, query).await.unwrap();
    assert_eq!(rest.iter().map(|row| row.event).collect::<Vec<_>>(), [events[5], events[4], events[3]]);
    for (day, id) in events.iter().enumerate() {
        assert_eq!(store.event(*id).await.unwrap().is_some(), day >= 3, "{day}");
    }
    let attempts = store.attempts(rest.iter().map(|row| row.id).collect()).await.unwrap();
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0].1.response, attempt(1, Some(200)).response, "its template is still there");
    assert_eq!(store.totals().await.unwrap().pending, 1);
}
