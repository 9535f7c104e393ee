//! The delivery log, replays, and whose deliveries are seen.

use http::StatusCode;
use seinpost_protocol::rest::{Delivery, DeliveryStatus, EventDetail, EventsAccepted, Page, Timestamp};
use serde_json::{Value, json};

use crate::{
    events::open,
    support::{app::TestApp, raw, receiver::Receiver},
};

#[tokio::test]
async fn the_log_is_paged_filtered_and_without_bodies() {
    let app = TestApp::start().await;
    let (good, bad) = (Receiver::start().await, Receiver::start().await);
    let first = app.webhook(&good, json!({})).await;
    let second = app.webhook(&bad, json!({})).await;
    for n in 0..5 {
        bad.answer_next(StatusCode::SERVICE_UNAVAILABLE);
        app.client.event(open(&n.to_string())).await.expect(202);
    }
    let settled = |log: &[Delivery]| log.len() == 10 && log.iter().all(|delivery| delivery.attempts.len() == 1);
    let log = app.deliveries_when(settled).await;
    assert!(log.is_sorted_by(|one, next| one.id > next.id), "newest first");
    assert!(log.iter().all(|delivery| delivery.attempts[0].request.body.is_none()));
    assert!(log.iter().all(|delivery| delivery.recipient.is_some()), "a list says to whom");
    assert_eq!(app.delivery(&log[0].id).await.recipient, log[0].recipient);
    assert!(log.iter().all(|delivery| delivery.attempts[0].response.as_ref().unwrap().body.is_none()));

    for (query, webhook, status) in [
        (format!("/v1/webhooks/{}/deliveries?limit=2", first.id), &first.id, DeliveryStatus::Delivered),
        (format!("/v1/deliveries?limit=2&webhook={}", second.id), &second.id, DeliveryStatus::Pending),
        ("/v1/deliveries?limit=2&status=pending".into(), &second.id, DeliveryStatus::Pending),
        ("/v1/deliveries?limit=2&status=delivered".into(), &first.id, DeliveryStatus::Delivered),
    ] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page: Page<Delivery> = app.client.get(&format!("{query}{cursor}")).await.expect(200).json();
            assert!(page.data.len() <= 2);
            seen.extend(page.data);
            match page.next {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let expected: Vec<_> = log.iter().filter(|delivery| &delivery.webhook == webhook).cloned().collect();
        assert_eq!(seen, expected, "{query}");
        assert!(seen.iter().all(|delivery| delivery.status == status), "{query}");
    }
    // Between two times: all, none after, none before.
    let (newest, oldest) = (log[0].created.as_millis(), log[9].created.as_millis());
    for (from, until, expected) in [(oldest, newest + 1, 10), (newest + 1, newest + 2, 0), (oldest - 1, oldest, 0)] {
        let at = |millis| Timestamp::from_millis(millis).to_string();
        let query = format!("/v1/deliveries?from={}&until={}", at(from), at(until));
        let page: Page<Delivery> = app.client.get(&query).await.expect(200).json();
        assert_eq!((page.data.len(), page.next), (expected, None), "{query}");
    }
    for wrong in ["status=lost", "cursor=x", "webhook=wh_x", "from=yesterday", "until=7"] {
        let status = app.client.get(&format!("/v1/deliveries?{wrong}")).await.status;
        assert!(matches!(status, 404 | 422), "{wrong}: {status}");
    }
}

#[tokio::test]
async fn tests_are_left_out_or_listed_alone_page_by_page() {
    let app = TestApp::start().await;
    let (good, bad) = (Receiver::start().await, Receiver::start().await);
    let first = app.webhook(&good, json!({})).await;
    let second = app.webhook(&bad, json!({})).await;
    for n in 0..3 {
        for webhook in [&first, &second] {
            bad.answer_next(StatusCode::SERVICE_UNAVAILABLE);
            app.client.post(&format!("/v1/webhooks/{}/test", webhook.id), &Value::Null).await.expect(200);
        }
        bad.answer_next(StatusCode::SERVICE_UNAVAILABLE);
        app.client.event(open(&n.to_string())).await.expect(202);
    }
    let log = app.deliveries_when(|log| log.len() == 12 && log.iter().all(|each| each.attempts.len() == 1)).await;
    assert_eq!(log.iter().filter(|each| each.test).count(), 6);
    for test in [true, false] {
        for (more, fits) in [
            (String::new(), Box::new(|_: &Delivery| true) as Box<dyn Fn(&Delivery) -> bool>),
            (format!("&webhook={}", second.id), Box::new(|each| each.webhook == second.id)),
            ("&status=failed".into(), Box::new(|each| each.status == DeliveryStatus::Failed)),
            ("&status=pending".into(), Box::new(|each| each.status == DeliveryStatus::Pending)),
            ("&status=delivered".into(), Box::new(|each| each.status == DeliveryStatus::Delivered)),
            (
                format!("&event={}", log[0].event.as_deref().unwrap_or_default()),
                Box::new(|each| each.event.is_some() && each.event == log[0].event),
            ),
        ] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let query = format!("/v1/deliveries?limit=2&test={test}{more}{cursor}");
                let page: Page<Delivery> = app.client.get(&query).await.expect(200).json();
                seen.extend(page.data);
                match page.next {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            let expected: Vec<_> = log.iter().filter(|each| each.test == test && fits(each)).cloned().collect();
            assert_eq!(seen, expected, "{test}{more}");
        }
    }
    app.client.get("/v1/deliveries?test=no").await.expect(422);
}

#[tokio::test]
async fn what_events_made_is_listed_whole_and_in_pages() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let mut webhooks = Vec::new();
    for _ in 0..3 {
        webhooks.push(app.webhook(&receiver, json!({})).await.id);
    }
    let mut events = Vec::new();
    for n in 0..4 {
        let accepted: EventsAccepted = app.client.event(open(&n.to_string())).await.expect(202).json();
        events.push(accepted.accepted[0].id.clone());
    }
    let delivered = |log: &[Delivery], count: usize| {
        log.len() == count && log.iter().all(|delivery| delivery.status == DeliveryStatus::Delivered)
    };
    let log = app.deliveries_when(|log| delivered(log, 12)).await;
    app.client.post(&format!("/v1/deliveries/{}/replay", log[11].id), &Value::Null).await.expect(202);
    let log = app.deliveries_when(|log| delivered(log, 13)).await;
    let wanted = [&events[0], &events[2]];
    let named = format!("event={},{}", events[2], events[0]);
    let of = |delivery: &&Delivery| delivery.event.as_ref().is_some_and(|event| wanted.contains(&event));
    for (more, fits) in [
        (String::new(), 7),
        ("&status=delivered".into(), 7),
        ("&status=failed".into(), 0),
        (format!("&webhook={}", webhooks[1]), log.iter().filter(of).filter(|each| each.webhook == webhooks[1]).count()),
        ("&until=2000-01-01T00:00:00Z".into(), 0),
    ] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let query = format!("/v1/deliveries?limit=2&{named}{more}{cursor}");
            let page: Page<Delivery> = app.client.get(&query).await.expect(200).json();
            seen.extend(page.data);
            match page.next {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), fits, "{more}");
        assert!(seen.iter().all(|delivery| log.contains(delivery) && of(&delivery)), "{more}");
        assert!(seen.is_sorted_by(|one, next| one.id > next.id), "newest first, each once: {more}");
    }
    let many = vec![events[0].as_str(); 201].join(",");
    for wrong in ["", "evt_1", "dlv_0000000000000", many.as_str()] {
        app.client.get(&format!("/v1/deliveries?event={wrong}")).await.expect(422);
    }
    let theirs = app.other_environment().await.get(&format!("/v1/deliveries?{named}")).await.expect(200);
    assert!(theirs.json::<Page<Delivery>>().data.is_empty());
}

#[tokio::test]
async fn a_replay_is_a_new_delivery_of_the_same_event() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    app.client.event(open("m1")).await.expect(202);
    let first = receiver.next().await;
    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
    let again: Delivery =
        app.client.post(&format!("/v1/deliveries/{}/replay", log[0].id), &Value::Null).await.expect(202).json();
    assert_ne!(again.id, log[0].id);
    assert_eq!(again.event, log[0].event);
    // It says what it replays wherever it is shown; the original replays nothing.
    assert_eq!((&log[0].replays, again.replays.as_ref()), (&None, Some(&log[0].id)));
    let shown: Value = app.client.get(&format!("/v1/deliveries/{}", log[0].id)).await.expect(200).json();
    assert_eq!(shown.get("replays"), None, "left out, not null");
    let path = format!("/v1/events/{}", log[0].event.as_deref().unwrap());
    let event: EventDetail = app.client.get(&path).await.expect(200).json();
    assert_eq!(
        event.deliveries.iter().map(|each| each.replays.as_ref()).collect::<Vec<_>>(),
        [None, Some(&log[0].id)],
        "those of an event"
    );
    let second = receiver.next().await;
    assert_eq!(first.body, second.body);
    assert_ne!(first.header("x-nonce"), second.header("x-nonce"));
    let log = app.deliveries_when(|log| log.len() == 2 && log[0].status == DeliveryStatus::Delivered).await;
    assert_eq!(log[0].id, again.id);
}

#[tokio::test]
async fn nothing_of_another_environment_is_seen_or_touched() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    app.client.event(open("m1")).await.expect(202);
    let delivery = app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await.remove(0);
    receiver.next().await;
    let other = app.other_environment().await;
    for path in ["/v1/webhooks", "/v1/deliveries"] {
        assert_eq!(other.get(path).await.expect(200).json::<Value>()["data"], json!([]), "{path}");
    }
    let id = &webhook.id;
    for path in [
        format!("/v1/webhooks/{id}"),
        format!("/v1/webhooks/{id}/deliveries"),
        format!("/v1/webhooks/{id}/verification-file"),
        format!("/v1/deliveries?webhook={id}"),
        format!("/v1/deliveries/{}", delivery.id),
    ] {
        other.get(&path).await.expect(404);
    }
    for path in [
        format!("/v1/webhooks/{id}/verify"),
        format!("/v1/webhooks/{id}/test"),
        format!("/v1/deliveries/{}/replay", delivery.id),
    ] {
        other.post(&path, &Value::Null).await.expect(404);
    }
    other.patch(&format!("/v1/webhooks/{id}"), &json!({"status": "paused"})).await.expect(404);
    other.delete(&format!("/v1/webhooks/{id}")).await.expect(404);
    let keys = other.get("/v1/keys").await.expect(200).json::<Value>();
    assert_ne!(keys[0]["keyid"], app.client.get("/v1/keys").await.expect(200).json::<Value>()[0]["keyid"]);
    assert!(receiver.rest().await.is_empty());
    app.client.get(&format!("/v1/webhooks/{id}")).await.expect(200);
}

#[tokio::test]
async fn answers_are_recorded_as_they_came() {
    let app = TestApp::start().await;
    let long = "é".repeat(20_000);
    let head = format!("HTTP/1.1 200\r\nX-Empty:\r\nX-Latin: caf\u{e9}\r\nContent-Length: {}\r\n\r\n", long.len());
    // The é of the header is one byte, as in Latin-1; those of the body are two.
    let mut bytes: Vec<u8> = head.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    bytes.extend(long.as_bytes());
    let address = raw::answering(bytes).await;
    let webhook = verified(&app, &format!("http://{address}/")).await;
    let attempt: Value =
        app.client.post(&format!("/v1/webhooks/{webhook}/test"), &Value::Null).await.expect(200).json();
    let response = &attempt["response"];
    assert_eq!(response["status"], 200);
    assert_eq!(response["truncated"], true);
    assert_eq!(response["body"].as_str().unwrap(), "é".repeat(8192));
    assert_eq!(response["headers"][0], json!(["x-empty", ""]));
    assert_eq!(response["headers"][1], json!(["x-latin", "café"]));
    assert_eq!(attempt["error"], Value::Null);

    let address = raw::answering(&b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\xfe\x00"[..]).await;
    let webhook = verified(&app, &format!("http://{address}/")).await;
    let attempt: Value =
        app.client.post(&format!("/v1/webhooks/{webhook}/test"), &Value::Null).await.expect(200).json();
    assert_eq!(attempt["response"]["body"], "//4A");
    assert_eq!(attempt["response"]["body_encoding"], "base64");
}

/// A webhook that counts as verified, whatever its receiver answers to GET.
async fn verified(app: &TestApp, url: &str) -> String {
    let body = json!({"type": "open", "url": url});
    let id = app.client.post("/v1/webhook", &body).await.expect(201).json::<Value>()["id"].as_str().unwrap().to_owned();
    let record = app.app.store.webhook(1, id.clone()).await.unwrap().unwrap();
    assert!(app.app.store.mark_verified(record.key, record.url).await.unwrap());
    id
}

/// It was accepted, and failed.
#[tokio::test]
async fn what_is_no_longer_kept_is_not_sent_again_and_the_answer_says_so() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    app.webhook(&receiver, json!({})).await;
    app.client.event(open("m1")).await.expect(202);
    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Delivered).await;
    let database = rusqlite::Connection::open(app.folder.path().join("seinpost.db")).unwrap();
    assert_eq!(database.execute("DELETE FROM event", []).unwrap(), 1);
    let place = format!("/v1/deliveries/{}/replay", log[0].id);
    let problem: Value = app.client.post(&place, &Value::Null).await.expect(409).json();
    assert_eq!(problem["code"], "event-forgotten");
    assert_eq!(problem["detail"], "The event of this delivery is no longer kept: there is nothing to send.");
    assert_eq!(app.deliveries_when(|_| true).await.len(), 1);
}
