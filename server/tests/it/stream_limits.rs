//! Those who watch and do not read, who are many, or who may not any more.

use std::time::Duration;

use seinpost_protocol::rest::{Scope, Session, StreamEvent};
use serde_json::json;

use crate::{
    events::open,
    stream::Stream,
    support::{app::TestApp, client::Client, receiver::Receiver, within},
};

/// As many watch an environment at most.
const WATCHERS: usize = 64;
/// So much of what happened is kept for them.
const KEPT: usize = 8192;

/// How a stream goes on until its end: the id that it had last, and how many events it told.
async fn until_the_end(stream: &mut Stream) -> (String, usize) {
    let (mut last, mut count) = (String::new(), 0);
    while let Some(next) = stream.next().await {
        if let Some((id, _)) = next {
            (last, count) = (id, count + 1);
        }
    }
    (last, count)
}

#[tokio::test]
async fn who_does_not_read_is_cut_off_and_told_of_the_gap() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    // Its events are kept, and each is news.
    app.client.patch(&path, &json!({"status": "paused"})).await.expect(200);
    let token = format!("Bearer {}", app.client.token.as_ref().unwrap());
    let mut slow = Stream::open_with(&app.client, "", &[("authorization", &token)], Some(4096)).await.unwrap();
    assert!(matches!(slow.event().await, (_, StreamEvent::Hello)));

    // More than the ring and everything on the way (at most some MiB of sockets) can hold.
    let events = 30_000;
    let line = format!("{}\n", open("m"));
    for _ in 0..events / 1000 {
        app.client.lines(line.repeat(1000)).await.expect(202);
    }
    let mut quick = Stream::open(&app.client, "", None).await;
    assert!(matches!(quick.event().await, (_, StreamEvent::Hello)), "others are not kept from watching");

    let (last, told) = until_the_end(&mut slow).await;
    assert!(told > 0 && told < events - KEPT, "{told} were told to one who did not read");
    let mut again = Stream::open(&app.client, "", Some(&last)).await;
    let (place, event) = again.event().await;
    assert!(matches!(event, StreamEvent::Gap), "{event:?}");
    // From there on nothing is missed.
    app.client.event(open("m")).await.expect(202);
    assert!(matches!(again.event().await, (_, StreamEvent::Delivery(_))));
    drop(again);
    let mut again = Stream::open(&app.client, "", Some(&place)).await;
    assert!(matches!(again.event().await, (_, StreamEvent::Hello)));
    assert!(matches!(again.event().await, (_, StreamEvent::Delivery(_))));
}

#[tokio::test]
async fn so_many_watch_and_no_more_and_each_environment_has_its_own() {
    let app = TestApp::start().await;
    let mut open = Vec::new();
    for _ in 0..WATCHERS {
        open.push(Stream::open(&app.client, "", None).await);
    }
    let refused = app.client.get("/v1/stream").await.expect(503);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(refused.text().contains("Too many streams are open"), "{}", refused.text());
    // Another token of the same environment is no way round; another environment is not concerned.
    let same = app.client_with(&[Scope::DeliveriesRead]).await;
    same.get("/v1/stream").await.expect(503);
    let other = app.other_environment().await;
    let mut theirs = Stream::open(&other, "", None).await;
    assert!(matches!(theirs.event().await, (_, StreamEvent::Hello)));

    open.pop();
    let token = format!("Bearer {}", app.client.token.as_ref().unwrap());
    let freed = async {
        loop {
            match Stream::open_with(&app.client, "", &[("authorization", &token)], None).await {
                Ok(stream) => return stream,
                Err(status) => assert_eq!(status, 503),
            }
            tokio::task::yield_now().await;
        }
    };
    assert!(matches!(within("a place that was left", freed).await.event().await, (_, StreamEvent::Hello)));
}

#[tokio::test]
async fn a_ring_outlives_its_watchers_by_minutes_and_then_there_is_a_gap() {
    let app = TestApp::start().await;
    let mut stream = Stream::open(&app.client, "", None).await;
    let (place, _) = stream.event().await;
    drop(stream);
    for (minutes, gap) in [(4, false), (6, true)] {
        app.clock.advance(Duration::from_secs(minutes * 60));
        let mut again = Stream::open(&app.client, "", Some(&place)).await;
        let (_, event) = again.event().await;
        assert_eq!(matches!(event, StreamEvent::Gap), gap, "after {minutes} minutes: {event:?}");
        // The one before must have left, for the ring to be without watchers.
        drop(again);
        let left = async {
            while app.app.live.watchers(1) > 0 {
                tokio::task::yield_now().await;
            }
        };
        within("the leaving of the watcher", left).await;
    }
}

/// Whether it ends without the clock going on; signs of life do not come then.
async fn ends(stream: &mut Stream) {
    while let Some(next) = stream.next().await {
        assert_eq!(next, None);
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_token_is_revoked() {
    let app = TestApp::start().await;
    let (record, token) =
        app.app.access.create_token(1, "to be revoked".into(), vec![Scope::DeliveriesRead], None).await.unwrap();
    let client = Client { token: Some(token), ..app.client.clone() };
    let mut revoked = Stream::open(&client, "", None).await;
    let mut other = Stream::open(&app.client, "", None).await;
    for stream in [&mut revoked, &mut other] {
        assert!(matches!(stream.event().await, (_, StreamEvent::Hello)));
    }
    app.client.delete(&format!("/v1/tokens/{}", record.id)).await.expect(204);
    ends(&mut revoked).await;
    client.get("/v1/stream").await.expect(401);
    // Who was not meant goes on.
    app.webhook(&Receiver::start().await, json!({})).await;
    assert!(matches!(other.event().await, (_, StreamEvent::Webhook(_))));
}

#[tokio::test]
async fn a_stream_ends_when_its_token_ends_or_is_deleted_by_another_process() {
    let app = TestApp::start().await;
    let now = seinpost_server::clock::Clock::now(&*app.clock);
    let scopes = || vec![Scope::DeliveriesRead];
    let (_, short) = app.app.access.create_token(1, "short".into(), scopes(), Some(now + 60_000)).await.unwrap();
    let (record, gone) = app.app.access.create_token(1, "gone".into(), scopes(), None).await.unwrap();
    let client = |token| Client { token: Some(token), ..app.client.clone() };
    let mut short = Stream::open(&client(short), "", None).await;
    let mut gone = Stream::open(&client(gone), "", None).await;
    for stream in [&mut short, &mut gone] {
        assert!(matches!(stream.event().await, (_, StreamEvent::Hello)));
    }
    // As the command line does it beside a running server.
    assert!(app.app.store.delete_token(1, record.id).await.unwrap());
    for stream in [&mut gone, &mut short] {
        let end = async {
            loop {
                app.clock.advance(Duration::from_secs(15));
                // It has time to do something of it, so that the clock does not run ahead of it.
                match tokio::time::timeout(Duration::from_millis(200), stream.next()).await {
                    Ok(Some(next)) => assert_eq!(next, None),
                    Ok(None) => return,
                    Err(_) => {}
                }
            }
        };
        within("the end of the stream", end).await;
        let passed = seinpost_server::clock::Clock::now(&*app.clock) - now;
        assert!(passed < 10 * 60_000, "it ended for its age alone, after {passed} ms");
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_session_does() {
    let app = TestApp::start().await;
    let anonymous = Client { token: None, ..app.client.clone() };
    let reply = anonymous.post("/v1/session", &json!({"code": app.code().await})).await.expect(201);
    let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
    let session: Session = reply.json();
    let mut stream = Stream::open_with(&anonymous, "", &[("cookie", &cookie)], None).await.unwrap();
    assert!(matches!(stream.event().await, (_, StreamEvent::Hello)));
    let headers = [("cookie", cookie.as_str()), ("x-seinpost-session", &session.csrf)];
    anonymous.call("DELETE", "/v1/session", &headers, "").await.expect(204);
    ends(&mut stream).await;
}
