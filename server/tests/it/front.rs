//! The short way of the call that hands in events: which calls go it, and that they are answered as on the long one.

use std::{sync::Arc, time::Duration};

use axum::Router;
use seinpost_protocol::rest::{EventsAccepted, Scope};
use seinpost_server::{
    access::{Quota, RateLimits},
    api::Front,
    listen,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::{
    events::open,
    support::{app::TestApp, client::Client, within},
};

type Headers<'a> = &'a [(&'a str, &'a str)];

const JSON: (&str, &str) = ("content-type", "application/json");

/// A client of a server that has no router: what goes the long way is not found.
async fn without_router(app: &TestApp) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let front = Front::new(Arc::clone(&app.app), Router::new());
    let time = Duration::from_secs(60);
    let limits = listen::Limits { connections: 16, bodies: 128 * 1024 * 1024, head: time, body: time };
    tokio::spawn(listen::serve(listener, front, limits, CancellationToken::new()));
    Client { address, ..app.client.clone() }
}

#[tokio::test]
async fn plain_calls_of_a_known_token_need_no_router() {
    let app = TestApp::start().await;
    let client = without_router(&app).await;
    // A token that was never seen is looked up on the long way.
    client.event(open("1")).await.expect(404);
    app.client.event(open("2")).await.expect(202);
    let accepted: EventsAccepted = client.event(open("3")).await.expect(202).json();
    assert_eq!(accepted.accepted.len(), 1);
    client.lines(format!("{}\n{}", open("4"), open("5"))).await.expect(202);
    client.event("[").await.expect(422);
    // One that was revoked is not known any more, whatever it was before.
    let narrow = app.client_with(&[Scope::EventsWrite]).await;
    narrow.event(open("6")).await.expect(202);
    let narrow = Client { address: client.address, ..narrow };
    narrow.event(open("7")).await.expect(202);
    let tokens = app.app.store.tokens(1).await.unwrap();
    let id = tokens.into_iter().find(|token| token.name == "narrow").unwrap().id;
    app.app.access.delete_token(1, id).await.unwrap();
    narrow.event(open("8")).await.expect(404);
}

#[tokio::test]
async fn whatever_a_layer_has_to_do_with_goes_the_long_way() {
    let app = TestApp::start().await;
    let client = without_router(&app).await;
    app.client.event(open("1")).await.expect(202);
    for header in [("accept-encoding", "gzip"), ("content-encoding", "gzip"), ("origin", "https://example.com")] {
        client.call("POST", "/v1/events", &[JSON, header], open("2")).await.expect(404);
    }
    client.call("POST", "/v1/events?a=b", &[JSON], open("3")).await.expect(404);
    client.call("PUT", "/v1/events", &[JSON], open("4")).await.expect(404);
    client.call("POST", "/v1/event", &[JSON], open("5")).await.expect(404);
    client.event("x".repeat(1024 * 1024 + 1)).await.expect(404);
    Client { token: None, ..client.clone() }.event(open("6")).await.expect(404);
    let reader = app.client_with(&[Scope::DeliveriesRead]).await;
    reader.get("/v1/deliveries").await.expect(200);
    Client { address: client.address, ..reader }.event(open("7")).await.expect(404);

    let quota = Quota { burst: 2, per_second: 1 };
    let limited = TestApp::start_with(Arc::new(TempDir::new().unwrap()), |options| {
        options.rate = RateLimits { events: Some(quota), calls: None };
    })
    .await;
    limited.client.event(open("1")).await.expect(202);
    without_router(&limited).await.event(open("2")).await.expect(404);
}

#[tokio::test]
async fn both_ways_answer_the_same() {
    let app = TestApp::start().await;
    app.client.event(open("0")).await.expect(202);
    let text = ("content-type", "text/plain");
    let lines = ("content-type", "application/x-ndjson");
    let key = ("idempotency-key", "k");
    let calls: [(Headers<'_>, String, u16); 9] = [
        (&[JSON], open("1"), 202),
        (&[lines], format!("{}\n[\n", open("2")), 202),
        (&[JSON, key], open("3"), 202),
        (&[JSON, key], open("4"), 409),
        (&[JSON, ("idempotency-key", "")], open("5"), 422),
        (&[lines], "[\n[\n".into(), 422),
        (&[lines], String::new(), 422),
        (&[JSON], r#"{"type":"no such type"}"#.into(), 422),
        (&[text], open("6"), 415),
    ];
    for (headers, body, status) in calls {
        let short = app.client.call("POST", "/v1/events", headers, body.clone()).await.expect(status);
        let headers: Vec<_> = headers.iter().copied().chain([("accept-encoding", "identity")]).collect();
        let long = app.client.call("POST", "/v1/events", &headers, body).await.expect(status);
        let fields = |reply: &crate::support::client::Reply| {
            let fields = reply.headers.iter().filter(|(name, _)| *name != "date");
            let mut fields: Vec<_> = fields.map(|(name, value)| (name.to_string(), value.clone())).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            fields
        };
        assert_eq!(fields(&short), fields(&long), "{headers:?}");
        match status {
            202 => {
                let (short, long): (EventsAccepted, EventsAccepted) = (short.json(), long.json());
                let deliveries =
                    |answer: &EventsAccepted| answer.accepted.iter().map(|each| each.deliveries).collect::<Vec<_>>();
                assert_eq!((deliveries(&short), &short.rejected), (deliveries(&long), &long.rejected));
            }
            _ => assert_eq!(short.text(), long.text()),
        }
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_kept() {
    let app = TestApp::start().await;
    app.client.event(open("1")).await.expect(202);
    let token = app.client.token.clone().unwrap();
    let mut stream = TcpStream::connect(app.client.address).await.unwrap();
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: 1000\r\n\r\n{}",
        open("2")
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    within("the server's closing", stream.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let (kept, _) = app.app.store.newest_events(1, 0, 10, 1024 * 1024).await.unwrap();
    assert_eq!(kept.len(), 1);
}
