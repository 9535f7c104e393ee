//! What happens, as it happens.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use seinpost_protocol::rest::{DeliveryChange, DeliveryStatus, StreamEvent};
use serde_json::json;

use crate::support::{app::TestApp, client::Client, receiver::Receiver, within};

const OPEN: &str = r#"{"id":"m-1","type":"open","time":"1769860800","timestamp":"2026-01-31 12:00:00","recipient":"a@example.net","ip":"203.0.113.1","tags":["x"]}"#;

pub(crate) struct Stream {
    body: Incoming,
    text: String,
    /// The last id that came, with an event or without.
    last: Option<String>,
}

impl Stream {
    pub(crate) async fn open(client: &Client, query: &str, last: Option<&str>) -> Self {
        let token = format!("Bearer {}", client.token.as_ref().unwrap());
        let mut headers = vec![("authorization", token.as_str())];
        headers.extend(last.map(|last| ("last-event-id", last)));
        Self::open_with(client, query, &headers, None).await.unwrap()
    }

    /// Opens one with these header fields, its client's room for what it has not read yet being so many bytes; the status
    /// where it is refused.
    pub(crate) async fn open_with(
        client: &Client,
        query: &str,
        headers: &[(&str, &str)],
        room: Option<u32>,
    ) -> Result<Self, u16> {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        if let Some(room) = room {
            socket.set_recv_buffer_size(room).unwrap();
        }
        let stream = socket.connect(client.address).await.unwrap();
        let (mut sender, driver) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(driver);
        let mut request = http::Request::get(format!("/v1/stream?{query}")).header("host", client.address.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = sender.send_request(request.body(Empty::<Bytes>::new()).unwrap()).await.unwrap();
        if response.status() != 200 {
            return Err(response.status().as_u16());
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Ok(Self { body: response.into_body(), text: String::new(), last: None })
    }

    /// The next event with its id, or a comment as `None`; the outer `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Option<(String, StreamEvent)>> {
        within("the next event", async {
            while !self.text.contains("\n\n") {
                let frame = self.body.frame().await?.unwrap();
                self.text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
            }
            let (event, rest) = self.text.split_once("\n\n").unwrap();
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            self.last = field("id").map(str::to_owned).or(self.last.take());
            let found = field("data").map(|data| {
                let event: StreamEvent = serde_json::from_str(data).unwrap();
                assert_eq!(field("event"), Some(event.kind()));
                (field("id").unwrap().to_owned(), event)
            });
            self.text = rest.to_owned();
            Some(found)
        })
        .await
    }

    pub(crate) async fn event(&mut self) -> (String, StreamEvent) {
        loop {
            if let Some(event) = self.next().await.unwrap() {
                return event;
            }
        }
    }

    /// The next that is about a delivery. Whose a changed webhook is, is asked after the commit: it is told a little later.
    async fn delivery(&mut self) -> (String, DeliveryChange) {
        loop {
            if let (id, StreamEvent::Delivery(change)) = self.event().await {
                return (id, change);
            }
        }
    }
}

#[tokio::test]
async fn a_stream_goes_on_where_it_was() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let mut stream = Stream::open(&app.client, "", None).await;
    assert!(matches!(stream.event().await, (_, StreamEvent::Hello)));
    app.client.event(OPEN).await.expect(202);
    let (made, first) = stream.delivery().await;
    assert_eq!((first.status, first.attempt, &first.webhook), (DeliveryStatus::Pending, None, &webhook.id));
    let (_, tried) = stream.delivery().await;
    assert_eq!((tried.id.as_str(), tried.status), (first.id.as_str(), DeliveryStatus::Delivered));
    assert_eq!(tried.attempt.unwrap().response_status, Some(200));

    // What happened while nobody watched is told to whom comes back, once and in order.
    drop(stream);
    app.client.event(OPEN).await.expect(202);
    app.deliveries_when(|all| all.len() == 2 && all.iter().all(|each| each.status == DeliveryStatus::Delivered)).await;
    app.client.patch(&format!("/v1/webhooks/{}", webhook.id), &json!({"status": "paused"})).await.expect(200);
    let mut stream = Stream::open(&app.client, "", Some(&made)).await;
    assert!(matches!(stream.event().await, (_, StreamEvent::Hello)));
    let (mut statuses, mut changed) = (Vec::new(), false);
    while statuses.len() < 3 || !changed {
        match stream.event().await.1 {
            StreamEvent::Delivery(change) => statuses.push(change.status),
            StreamEvent::Webhook(change) => changed = change.id == webhook.id,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(statuses, [DeliveryStatus::Delivered, DeliveryStatus::Pending, DeliveryStatus::Delivered]);
}

#[tokio::test]
async fn what_is_too_long_ago_is_a_gap() {
    let app = TestApp::start().await;
    for last in ["0-1", "nonsense", "ffffffffffffffff-18446744073709551615"] {
        let mut stream = Stream::open(&app.client, "", Some(last)).await;
        let (id, event) = stream.event().await;
        assert!(matches!(event, StreamEvent::Gap), "{last}: {event:?}");
        let mut again = Stream::open(&app.client, "", Some(&id)).await;
        assert!(matches!(again.event().await, (_, StreamEvent::Hello)));
    }
}

#[tokio::test]
async fn signs_of_life_an_end_and_other_environments() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    let other = app.other_environment().await;
    let mut theirs = Stream::open(&other, "", None).await;
    assert!(matches!(theirs.event().await, (_, StreamEvent::Hello)));
    app.client.event(OPEN).await.expect(202);
    app.deliveries_when(|all| all.iter().any(|each| each.status == DeliveryStatus::Delivered)).await;
    let sign = async {
        loop {
            app.clock.advance(Duration::from_secs(15));
            tokio::select! {
                biased;
                next = theirs.next() => return next,
                () = tokio::task::yield_now() => {}
            }
        }
    };
    assert_eq!(within("a sign of life", sign).await, Some(None), "nothing of another environment");
    app.clock.advance(Duration::from_secs(60 * 60));
    while let Some(next) = theirs.next().await {
        assert_eq!(next, None);
    }
    other.get("/v1/stream?webhook=wh_x").await.expect(404);
}

/// What was not for it moved the server's place, but not its own: coming back was a gap though nothing was missed.
#[tokio::test]
async fn a_stream_of_one_webhook_goes_on_past_what_is_others() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let quiet = app.webhook(&receiver, json!({"type": "click"})).await;
    app.webhook(&receiver, json!({})).await;
    let query = format!("webhook={}", quiet.id);
    let mut stream = Stream::open(&app.client, &query, None).await;
    let (hello, _) = stream.event().await;
    app.client.event(OPEN).await.expect(202);
    while stream.last.as_ref() == Some(&hello) {
        assert_eq!(stream.next().await, Some(None), "nothing for it");
    }
    let place = stream.last.take().unwrap();
    let mut again = Stream::open(&app.client, &query, Some(&place)).await;
    assert!(matches!(again.event().await, (_, StreamEvent::Hello)));
}
