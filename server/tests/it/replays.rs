//! Sending many deliveries once more.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use http::StatusCode;
use seinpost_protocol::rest::{DeliveryStatus, Page, Replay, ReplayState, Timestamp};
use seinpost_server::store::{NewReplay, WebhookKey};
use serde_json::{Value, json};

use crate::{
    events::open,
    support::{
        app::{BEGIN, TestApp},
        receiver::Receiver,
        within,
    },
};

/// An app without retries, with these events delivered (or not) a second apart.
async fn given(receiver: &Receiver, answers: &[StatusCode]) -> (TestApp, String) {
    let app = TestApp::start_with(Arc::new(tempfile::TempDir::new().unwrap()), |options| {
        options.dispatch.retries = "".parse().unwrap();
    })
    .await;
    let webhook = app.webhook(receiver, json!({})).await;
    for (n, answer) in answers.iter().enumerate() {
        receiver.answer_next(*answer);
        app.client.event(open(&format!("m{n}"))).await.expect(202);
        receiver.next().await;
        app.deliveries_when(|log| log.len() == n + 1 && log[0].status != DeliveryStatus::Pending).await;
        app.clock.advance(Duration::from_secs(1));
    }
    (app, format!("/v1/webhooks/{}", webhook.id))
}

async fn done(app: &TestApp, path: &str) -> Replay {
    within("the replay's end", async {
        loop {
            let page: Page<Replay> = app.client.get(&format!("{path}/replays")).await.expect(200).json();
            if page.data[0].state != ReplayState::Running {
                return page.data[0].clone();
            }
        }
    })
    .await
}

async fn bodies(receiver: &Receiver, count: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for _ in 0..count {
        found.insert(String::from_utf8(receiver.next().await.body.to_vec()).unwrap());
    }
    found
}

#[tokio::test]
async fn what_failed_or_all_between_two_times_is_sent_once_more() {
    let receiver = Receiver::start().await;
    let (ok, bad) = (StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR);
    let (app, path) = given(&receiver, &[ok, bad, ok, bad]).await;
    let at = |second: i64| Timestamp::from_millis(BEGIN + second * 1000);
    for (body, expected) in [
        (json!({"which": "failed", "until": at(3)}), vec![1]),
        (Value::Null, vec![3]),
        (json!({"which": "all", "from": at(1), "until": at(3)}), vec![1, 2]),
    ] {
        let begun: Replay = app.client.post(&format!("{path}/replays"), &body).await.expect(202).json();
        assert!(begun.id.starts_with("rpl_"));
        let asked = |time: Option<Timestamp>| time.map_or(Value::Null, |time| json!(time));
        assert_eq!((asked(begun.from), asked(begun.until)), (body["from"].clone(), body["until"].clone()));
        let replay = done(&app, &path).await;
        assert_eq!((replay.state, replay.made), (ReplayState::Done, expected.len() as u64), "{body}");
        assert_eq!((replay.from, replay.until), (begun.from, begun.until), "{body}");
        let sent = bodies(&receiver, expected.len()).await;
        assert_eq!(sent, expected.iter().map(|n| open(&format!("m{n}"))).collect(), "{body}");
    }
    app.deliveries_when(|log| log.iter().all(|delivery| delivery.status != DeliveryStatus::Pending)).await;
    assert!(receiver.rest().await.is_empty());
    let backwards = json!({"from": at(3), "until": at(1)});
    app.client.post(&format!("{path}/replays"), &backwards).await.expect(422);
    app.client.post(&format!("{path}/replays"), &json!({"which": "some"})).await.expect(422);
}

#[tokio::test]
async fn each_event_is_sent_once_however_often_it_was_repeated() {
    let receiver = Receiver::start().await;
    let (ok, bad) = (StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR);
    let (app, path) = given(&receiver, &[bad, ok]).await;
    let first = Timestamp::from_millis(BEGIN + 1000);
    for (answer, body, expected) in [
        (bad, json!({}), vec![0]),
        // One that failed again stands for what it repeats.
        (bad, json!({}), vec![0]),
        // What was repeated in vain after the time that is asked for did fail before it.
        (bad, json!({"until": first}), vec![0]),
        (ok, json!({"until": first}), vec![0]),
        // What has arrived since is left alone.
        (ok, json!({"until": first}), vec![]),
        (ok, json!({}), vec![]),
        (bad, json!({"which": "all"}), vec![0, 1]),
        (ok, json!({}), vec![0, 1]),
        (ok, json!({"which": "all"}), vec![0, 1]),
    ] {
        for _ in &expected {
            receiver.answer_next(answer);
        }
        app.client.post(&format!("{path}/replays"), &body).await.expect(202);
        assert_eq!(done(&app, &path).await.made, expected.len() as u64, "{body}");
        let sent = bodies(&receiver, expected.len()).await;
        assert_eq!(sent, expected.iter().map(|n| open(&format!("m{n}"))).collect(), "{body}");
        app.deliveries_when(|log| log.iter().all(|delivery| delivery.status != DeliveryStatus::Pending)).await;
        app.clock.advance(Duration::from_secs(1));
    }
    assert!(receiver.rest().await.is_empty());
}

#[tokio::test]
async fn a_replay_can_be_stopped_and_is_nobody_else_s() {
    let receiver = Receiver::start().await;
    let (app, path) = given(&receiver, &[StatusCode::INTERNAL_SERVER_ERROR; 3]).await;
    app.app.background.stop().await;
    let begun: Replay = app.client.post(&format!("{path}/replays"), &Value::Null).await.expect(202).json();
    assert_eq!((begun.state, begun.made), (ReplayState::Running, 0));
    let (mut made, mut listed, mut cursor) = (vec![begun.id.clone()], Vec::new(), String::new());
    for _ in 0..4 {
        made.push(app.client.post(&format!("{path}/replays"), &Value::Null).await.expect(202).json::<Replay>().id);
    }
    loop {
        let page = app.client.get(&format!("{path}/replays?limit=2{cursor}")).await.expect(200).json::<Page<Replay>>();
        listed.extend(page.data.into_iter().map(|replay| replay.id));
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    made.reverse();
    assert_eq!(listed, made, "every one of them, newest first");
    app.client.get(&format!("{path}/replays?cursor=x")).await.expect(422);
    let other = app.other_environment().await;
    other.get(&format!("{path}/replays")).await.expect(404);
    other.post(&format!("{path}/replays"), &Value::Null).await.expect(404);
    other.delete(&format!("{path}/replays/{}", begun.id)).await.expect(404);
    app.client.delete(&format!("{path}/replays/rpl_99")).await.expect(404);
    app.client.delete(&format!("{path}/replays/x")).await.expect(404);
    let stopped: Replay = app.client.delete(&format!("{path}/replays/{}", begun.id)).await.expect(200).json();
    assert_eq!(stopped.state, ReplayState::Stopped);
    let number = begun.id.strip_prefix("rpl_").unwrap().parse().unwrap();
    assert!(!app.app.store.continue_replay(number, 10).await.unwrap());
    assert_eq!(app.deliveries_when(|_| true).await.len(), 3);
}

#[tokio::test]
async fn a_replay_goes_on_share_by_share_and_after_a_restart() {
    let receiver = Receiver::start().await;
    let (app, path) = given(&receiver, &[StatusCode::INTERNAL_SERVER_ERROR; 5]).await;
    app.app.background.stop().await;
    let begun: Replay = app.client.post(&format!("{path}/replays"), &Value::Null).await.expect(202).json();
    let number = begun.id.strip_prefix("rpl_").unwrap().parse().unwrap();
    assert!(app.app.store.continue_replay(number, 2).await.unwrap());
    let mut sent = bodies(&receiver, 2).await;
    app.deliveries_when(|log| log.iter().all(|delivery| delivery.status != DeliveryStatus::Pending)).await;
    app.app.stop(Duration::from_secs(30)).await;
    let folder = Arc::clone(&app.folder);
    drop(app);
    let app = TestApp::start_in(folder).await;
    sent.extend(bodies(&receiver, 3).await);
    assert_eq!(sent.len(), 5);
    assert_eq!(done(&app, &path).await.made, 5);

    // Of a webhook that is gone nothing is replayed.
    let new = NewReplay { webhook: WebhookKey(1), which: Default::default(), from: None, until: None };
    let orphan = app.app.store.create_replay(new).await.unwrap();
    app.client.delete(&path).await.expect(204);
    assert!(!app.app.store.continue_replay(orphan.id, 10).await.unwrap());
    assert!(receiver.rest().await.is_empty());
}

/// What waits to be sent is all that goes on: a replay is not made far ahead of it.
#[tokio::test]
async fn a_replay_that_is_stopped_in_the_middle_sends_no_more_than_it_made() {
    /// More than are made while nothing is sent.
    const EVENTS: usize = 600;
    let receiver = Receiver::start().await;
    let app = TestApp::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    let lines: String = (0..EVENTS).map(|n| open(&n.to_string()) + "\n").collect();
    app.client.lines(lines).await.expect(202);
    let settled = async |sent: usize| {
        for _ in 0..sent {
            receiver.next().await;
        }
        within("nothing waiting", async { while app.app.store.totals().await.unwrap().pending > 0 {} }).await;
        assert!(receiver.rest().await.is_empty());
    };
    settled(EVENTS).await;

    let set = async |status: &str| drop(app.client.patch(&path, &json!({"status": status})).await.expect(200));
    set("paused").await;
    let begun: Replay = app.client.post(&format!("{path}/replays"), &json!({"which": "all"})).await.expect(202).json();
    let made = within("the first deliveries of the replay", async {
        loop {
            let page: Page<Replay> = app.client.get(&format!("{path}/replays")).await.expect(200).json();
            if page.data[0].made > 0 {
                break page.data[0].made;
            }
        }
    })
    .await;
    let stopped: Replay = app.client.delete(&format!("{path}/replays/{}", begun.id)).await.expect(200).json();
    assert_eq!((stopped.state, stopped.made), (ReplayState::Stopped, made), "it waits for what it made to be sent");
    let made = usize::try_from(made).unwrap();
    assert!(made < EVENTS / 2, "{made}");
    set("active").await;
    settled(made).await;

    // One that nobody stops goes on as what it made is sent.
    app.client.post(&format!("{path}/replays"), &json!({"which": "all"})).await.expect(202);
    assert_eq!(done(&app, &path).await.made, EVENTS as u64);
    settled(EVENTS).await;
}

#[tokio::test]
async fn a_replay_that_the_store_refused_is_tried_again_by_itself() {
    let receiver = Receiver::start().await;
    let (app, path) = given(&receiver, &[StatusCode::INTERNAL_SERVER_ERROR; 3]).await;
    let database = rusqlite::Connection::open(app.folder.path().join("seinpost.db")).unwrap();
    database
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON delivery WHEN NEW.replays IS NOT NULL
             BEGIN SELECT RAISE(ABORT, 'not now'); END",
        )
        .unwrap();
    app.client.post(&format!("{path}/replays"), &Value::Null).await.expect(202);
    for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
        assert_eq!(app.clock.advance_to_next_sleeper().await, Duration::from_secs(pause));
    }
    database.execute_batch("DROP TRIGGER refuse").unwrap();
    // The last time that it was woken may have been after that already.
    tokio::select! {
        replay = done(&app, &path) => assert_eq!(replay.made, 3),
        () = async { while !app.clock.advance_to_next_sleeper().await.is_zero() {} } => {}
    }
    assert_eq!(bodies(&receiver, 3).await.len(), 3);
}
