//! Events: taken in, kept, and sent byte for byte.

use seinpost_protocol::{
    event::{EventType, sample},
    payload,
    rest::{DeliveryStatus, EventSummary, EventsAccepted, Page, Peer, Problem},
};
use serde_json::{Value, json};

use crate::support::{
    app::{BEGIN, TestApp},
    receiver::Receiver,
    signature,
};

/// An event of the type `open`.
pub(crate) fn open(id: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"open","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"user+tag@example.com","ip":"192.0.2.1","tags":["a"]}}"#
    )
}

#[tokio::test]
async fn an_event_arrives_signed_and_byte_for_byte() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({"url": receiver.url("/hook.php?a=b%20c&d")})).await;
    let event = "{ \"type\":\"open\", \"id\":\"m1\",\n\t\"timestamp\":\"2026-01-31 12:00:00\",\"time\":\"1769860800\",\
         \"recipient\":\"z\\u00e9\\/ë@example.com\",\"ip\":\"192.0.2.1\",\"tags\":[\"ünï\",\"\\u0001\"],\
         \"unknown\":{\"b\":9007199254740993,\"a\":1152921506151679042.10e+1},\"big\":12345678901234567890 }\n";
    let accepted: EventsAccepted = app.client.event(event).await.expect(202).json();
    assert_eq!((accepted.accepted.len(), accepted.accepted[0].deliveries, accepted.rejected.len()), (1, 1, 0));
    let received = receiver.next().await;
    assert_eq!(received.body, event);
    assert_eq!(received.target, "/hook.php?a=b%20c&d");
    assert_eq!(received.header("content-type"), "application/json");
    assert_eq!(received.header("x-copernica-id"), "environment_1");

    let record = app.client.get(&format!("/v1/keys/{}", key_id(received.header("signature")))).await.expect(200);
    let report = signature::report(&received, record.text(), &receiver.address.to_string(), BEGIN / 1000);
    assert!(report.ok(), "{report:?}");

    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
    let delivery = app.delivery(&log[0].id).await;
    assert_eq!(delivery.event.as_deref(), Some(accepted.accepted[0].id.as_str()));
    let attempt = &delivery.attempts[0];
    assert_eq!(attempt.request.body.as_deref(), Some(event));
    assert_eq!(attempt.request.url, receiver.url("/hook.php?a=b%20c&d"));
    for (name, value) in &attempt.request.headers {
        assert_eq!(received.header(name), value, "{name}");
    }
    assert_eq!(attempt.request.headers.len(), received.headers.len(), "{:?}", received.headers);
    let (address, port) = (receiver.address.ip(), receiver.address.port());
    assert_eq!(attempt.peer, Some(Peer { address, port, tls: None }));
}

fn key_id(signature: &str) -> &str {
    signature.split("keyId=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn every_type_goes_to_the_webhooks_that_ask_for_it_as_json_or_as_a_form() {
    let app = TestApp::start().await;
    let (json, form) = (Receiver::start().await, Receiver::start().await);
    let types: Vec<_> = EventType::ALL.iter().map(|each| each.as_str()).collect();
    app.webhook(&json, json!({"type": types})).await;
    app.webhook(&form, json!({"type": types, "format": "form"})).await;
    for each in EventType::ALL {
        let event = sample(each, 1_769_860_800);
        app.client.event(event.clone()).await.expect(202);
        assert_eq!(json.next().await.body, event);
        let received = form.next().await;
        assert_eq!(received.header("content-type"), "application/x-www-form-urlencoded");
        let decoded = payload::decode(&received.body, Some(received.header("content-type"))).unwrap();
        assert_eq!(decoded.event.variables(), payload::read_event(event.as_bytes()).unwrap().variables(), "{each}");
    }
}

#[tokio::test]
async fn an_event_goes_to_no_webhook_of_another_type_or_environment() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({"type": "click"})).await;
    let accepted: EventsAccepted = app.client.event(open("m1")).await.expect(202).json();
    assert_eq!(accepted.accepted[0].deliveries, 0);
    let other = app.other_environment().await;
    let click = sample(EventType::Click, 1_769_860_800);
    let accepted: EventsAccepted = other.event(click.clone()).await.expect(202).json();
    assert_eq!(accepted.accepted[0].deliveries, 0);
    app.client.event(click).await.expect(202);
    receiver.next().await;
    assert!(receiver.rest().await.is_empty());
}

#[tokio::test]
async fn the_bytes_of_a_form_keep_plus_signs_digits_and_scripts() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({"format": "form"})).await;
    let event = open("m1").replace("[\"a\"]", r#"["a&b=c","日本語","\"q\""],"n":12345678901234567890"#);
    app.client.event(event).await.expect(202);
    let body = String::from_utf8(receiver.next().await.body.to_vec()).unwrap();
    assert!(body.contains("recipient=user%2Btag%40example.com"), "{body}");
    assert!(body.contains("n=12345678901234567890"), "{body}");
    let decoded = payload::decode(body.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap();
    assert_eq!(decoded.event.tags(), ["a&b=c", "日本語", "\"q\""]);
}

#[tokio::test]
async fn a_byte_order_mark_is_not_sent_on() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    app.client.event(format!("\u{feff}{}", open("m1"))).await.expect(202);
    assert_eq!(receiver.next().await.body, open("m1"));
    app.client.lines(format!("\u{feff}{}\r\n\r\n{}", open("m2"), open("m3"))).await.expect(202);
    let mut bodies = [receiver.next().await.body, receiver.next().await.body];
    bodies.sort();
    assert_eq!(bodies, [open("m2"), open("m3")]);
}

#[tokio::test]
async fn a_bad_event_is_refused_whole_with_its_variable_named() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    for (event, variable) in [
        (open("m1").replace("\"ip\":\"192.0.2.1\",", ""), Some("ip")),
        (open("m1").replace("\"open\"", "\"opened\""), Some("type")),
        (open("m1").replace("\"type\":\"open\",", ""), Some("type")),
        (open("m1").replace("[\"a\"]", "{}"), Some("tags")),
        (open("m1").replace('}', ",\"id\":\"again\"}"), Some("id")),
        ("{".into(), None),
        ("[]".into(), None),
        (String::new(), None),
        ("[".repeat(100_000), None),
    ] {
        let reply = app.client.event(event.clone()).await.expect(422);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem: Problem = reply.json();
        let shown: String = event.chars().take(60).collect();
        assert_eq!(problem.errors[0].variable.as_deref(), variable, "{shown}: {problem:?}");
        assert!(!problem.errors[0].code.is_empty());
    }
    let reply = app.client.event(&b"{\"id\":\"\xff\"}"[..]).await.expect(422);
    assert_eq!(reply.json::<Problem>().errors[0].offset, Some(7), "{}", reply.text());
    app.client.call("POST", "/v1/events", &[("content-type", "text/plain")], open("m1")).await.expect(415);
    app.client.call("POST", "/v1/events", &[], open("m1")).await.expect(415);
    assert!(app.deliveries_when(|_| true).await.is_empty());
}

#[tokio::test]
async fn whoever_mistakes_one_event_for_many_is_told_how_they_are_sent() {
    let app = TestApp::start().await;
    let two = format!("{}\n{}\n", open("m1"), open("m2"));
    let reply = app.client.event(two).await.expect(422);
    assert!(reply.text().contains("Many events, one a line, are application/x-ndjson"), "{}", reply.text());
    let spread = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&open("m1")).unwrap()).unwrap();
    let reply = app.client.lines(spread.clone()).await.expect(422);
    assert!(reply.text().contains("one alone, over several, is application/json"), "{}", reply.text());
    app.client.event(spread).await.expect(202);
    // Where that is not what is wrong, nothing is said of it.
    for reply in [app.client.event("{\"type\": 1}").await, app.client.lines("{\"type\": 1}\n").await] {
        assert!(!reply.expect(422).text().contains("application/"));
    }
}

#[tokio::test]
async fn bad_lines_are_rejected_by_number_and_the_others_taken() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    let lines = format!("{}\n\nnonsense\r\n{}\n{}", open("m1"), open("m2").replace("\"ip\"", "\"xx\""), open("m3"));
    let answer: EventsAccepted = app.client.lines(lines).await.expect(202).json();
    assert_eq!(answer.accepted.len(), 2);
    let rejected: Vec<_> = answer.rejected.iter().map(|each| (each.line, each.variable.as_deref())).collect();
    assert_eq!(rejected, [(Some(3), None), (Some(4), Some("ip"))]);
    receiver.next().await;
    receiver.next().await;

    let problem: Problem = app.client.lines("a\nb\n").await.expect(422).json();
    assert_eq!(problem.errors.iter().map(|each| each.line).collect::<Vec<_>>(), [Some(1), Some(2)]);
    app.client.lines("\n \r\n").await.expect(422);
}

#[tokio::test]
async fn sizes_are_bounded() {
    let app = TestApp::start().await;
    let fits = open("m1").replace("[\"a\"]", &format!("[\"{}\"]", "x".repeat(1024 * 1024 - 300)));
    app.client.event(fits.clone()).await.expect(202);
    let too_large = open("m1").replace("[\"a\"]", &format!("[\"{}\"]", "x".repeat(1024 * 1024)));
    let problem: Problem = app.client.event(too_large.clone()).await.expect(413).json();
    assert_eq!(problem.kind, "urn:seinpost:problem:too-large");
    let answer: EventsAccepted = app.client.lines(format!("{too_large}\n{fits}")).await.expect(202).json();
    assert_eq!((answer.accepted.len(), answer.rejected[0].code.as_str()), (1, "too-large"));
    let reply = app.client.lines(vec![b'x'; 16 * 1024 * 1024 + 1]).await.expect(413);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let reply = app.client.call("POST", "/v1/webhook", &[], vec![b'x'; 1024 * 1024 + 1]).await.expect(413);
    assert_eq!(reply.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn an_idempotency_key_makes_a_repeat_harmless_for_a_day() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    let json = ("content-type", "application/json");
    let send = async |key: &str, event: String| {
        app.client.call("POST", "/v1/events", &[json, ("idempotency-key", key)], event).await
    };
    let first: EventsAccepted = send("k1", open("m1")).await.expect(202).json();
    let again: EventsAccepted = send("k1", open("m1")).await.expect(202).json();
    assert_eq!(first, again);
    send("k1", open("m2")).await.expect(409);
    let other: EventsAccepted = send("k2", open("m1")).await.expect(202).json();
    assert_ne!(first, other);
    send("", open("m1")).await.expect(422);
    send(&"k".repeat(256), open("m1")).await.expect(422);
    // Keys are an environment's own.
    let stranger = app.other_environment().await;
    stranger.call("POST", "/v1/events", &[json, ("idempotency-key", "k1")], open("m2")).await.expect(202);
    app.clock.advance(std::time::Duration::from_secs(24 * 60 * 60));
    let later: EventsAccepted = send("k1", open("m2")).await.expect(202).json();
    assert_ne!(first, later);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let event = payload::read_event(&receiver.next().await.body).unwrap();
        ids.push(event.id().unwrap().to_owned());
    }
    ids.sort();
    assert_eq!(ids, ["m1", "m1", "m2"]);
    assert!(receiver.rest().await.is_empty());
}

#[tokio::test]
async fn a_batch_has_a_bounded_number_of_events() {
    let app = TestApp::start().await;
    let most = format!("{}\n", open("m1")).repeat(5_000);
    // Lines that are rejected count, empty ones do not.
    for one_more in [open("m2"), "x".into()] {
        let problem: Problem = app.client.lines(format!("{most}\n{one_more}")).await.expect(413).json();
        assert!(problem.detail.as_deref().unwrap().contains("5,000 events at most"), "{problem:?}");
    }
    let events: Page<EventSummary> = app.client.get("/v1/events").await.expect(200).json();
    assert_eq!(events.data, [], "nothing of it is kept");
    let answer: EventsAccepted = app.client.lines(format!("\n{most}\n\n")).await.expect(202).json();
    assert_eq!((answer.accepted.len(), answer.rejected.len()), (5_000, 0));
}

/// What was taken stood in the year 9999 from then on.
#[tokio::test]
async fn a_time_in_milliseconds_is_refused_with_the_unit_that_is_meant() {
    let app = TestApp::start().await;
    let of = |time: &str| open("m1").replace("\"1769860800\"", time);
    for time in ["\"1769860800\"", "1769860800", "\"253402300799\"", "\"0\""] {
        app.client.event(of(time)).await.expect(202);
    }
    for time in
        ["\"1769860800000\"", "1769860800000", "\"253402300800\"", "\"0001769860800\"", "\"9999999999999999999\""]
    {
        let problem: Problem = app.client.event(of(time)).await.expect(422).json();
        let wrong = &problem.errors[0];
        assert_eq!((wrong.code.as_str(), wrong.variable.as_deref()), ("invalid-variable", Some("time")), "{problem:?}");
        let detail = problem.detail.as_deref().unwrap();
        assert!(detail.contains(time.trim_matches('"')), "{detail}");
    }
    let detail = "time is \"1769860800000\", where Unix seconds in digits are expected: seconds, not milliseconds";
    let lines = format!("{}\n{}\n", of("\"1769860800000\""), open("m2"));
    let reply = app.client.call("POST", "/v1/events", &[("content-type", "application/x-ndjson")], lines).await;
    let taken: EventsAccepted = reply.expect(202).json();
    assert_eq!((taken.accepted.len(), taken.rejected.len()), (1, 1));
    assert_eq!((taken.rejected[0].line, taken.rejected[0].detail.as_str()), (Some(1), detail));
}
