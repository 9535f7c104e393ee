//! Webhooks: made, verified, changed, tested, deleted.

use std::{sync::Arc, time::Duration};

use http::{StatusCode, header};
use seinpost_protocol::rest::{
    Attempt, BodyFormat, Checked, DeliveryStatus, ErrorKind, Outcome, Page, Peer, Problem, VerifyResult, Webhook,
    WebhookStatus,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    events::open,
    retries::disabled,
    support::{app::TestApp, raw, receiver::Receiver},
};

#[tokio::test]
async fn a_new_webhook_is_unverified_and_says_where_its_file_belongs() {
    let app = TestApp::start().await;
    let body = json!({"type": "bounce", "url": "https://Example.com/dir/script.php?x=1#f", "format": "form"});
    let reply = app.client.post("/v1/webhook", &body).await.expect(201);
    let webhook: Webhook = reply.json();
    assert_eq!(reply.header("location"), format!("/v1/webhooks/{}", webhook.id));
    assert!(webhook.id.starts_with("wh_"));
    assert_eq!(webhook.url, "https://example.com/dir/script.php?x=1");
    assert_eq!((webhook.status, webhook.format), (WebhookStatus::Unverified, BodyFormat::Form));
    let file = &webhook.verification.file;
    assert!(file.starts_with("smtpeter-") && file.ends_with(".txt"), "{file}");
    assert_eq!(
        webhook.verification.locations,
        [format!("https://example.com/dir/{file}"), format!("https://example.com/{file}")]
    );

    let download = app.client.get(&format!("/v1/webhooks/{}/verification-file", webhook.id)).await.expect(200);
    assert_eq!(download.text(), webhook.verification.content);
    assert_eq!(download.header("content-disposition"), format!("attachment; filename=\"{file}\""));

    assert_eq!(app.client.get(&format!("/v1/webhooks/{}", webhook.id)).await.expect(200).json::<Webhook>(), webhook);
    let page: Page<Webhook> = app.client.get("/v1/webhooks").await.expect(200).json();
    assert_eq!(page, Page { data: vec![webhook], next: None });
}

#[tokio::test]
async fn the_old_names_and_forms_work_as_smtpeter_s_customers_know_them() {
    let app = TestApp::start().await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let one: Webhook = app
        .client
        .call("POST", "/v1/feedbackloop", &form, "type=bounce&url=https%3A%2F%2Fexample.com%2F")
        .await
        .expect(201)
        .json();
    let two: Webhook = app
        .client
        .call("POST", "/v1/webhook", &form, "type[]=open&type[]=click&url=https://example.com/")
        .await
        .expect(201)
        .json();
    assert_eq!(one.types.as_slice().len(), 1);
    assert_eq!(two.types.as_slice().len(), 2);
    let page: Page<Webhook> = app.client.get("/v1/feedbackloops").await.expect(200).json();
    assert_eq!(page.data, [two, one], "newest first");

    // The token in the address, as SMTPeter takes it.
    let token = app.client.token.clone().unwrap();
    let stranger = crate::support::client::Client { token: None, ..app.client.clone() };
    stranger.get("/v1/webhooks").await.expect(401);
    stranger.get(&format!("/v1/webhooks?access_token={token}")).await.expect(200);
    stranger.get(&format!("/v1/webhooks?access_token={token}x")).await.expect(401);
}

#[tokio::test]
async fn lists_are_paged_by_cursor() {
    let app = TestApp::start().await;
    let mut made = Vec::new();
    for n in 0..5 {
        app.clock.advance(std::time::Duration::from_millis(1));
        let body = json!({"type": "open", "url": format!("https://example.com/{n}")});
        made.push(app.client.post("/v1/webhook", &body).await.expect(201).json::<Webhook>().id);
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: Page<Webhook> = app.client.get(&format!("/v1/webhooks?limit=2{cursor}")).await.expect(200).json();
        seen.extend(page.data.into_iter().map(|webhook| webhook.id));
        match page.next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    for wrong in ["0", "201", "-1", "many", ""] {
        app.client.get(&format!("/v1/webhooks?limit={wrong}")).await.expect(422);
    }
    for place in ["/v1/webhooks", "/v1/stats/webhooks", "/v1/tokens", "/v1/deliveries", "/v1/events", "/v1/audit"] {
        for unknown in ["wh_typo", "a", "z", ""] {
            app.client.get(&format!("{place}?cursor={unknown}")).await.expect(422);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused_with_the_field_named() {
    let app = TestApp::start().await;
    for (body, field) in [
        (json!({"type": "open", "url": "example.com"}), "url"),
        (json!({"type": "open", "url": "ftp://example.com/"}), "url"),
        (json!({"type": "open", "url": "https://example.com:25/"}), "url"),
        (json!({"type": "open", "url": "http://169.254.169.254/latest/meta-data"}), "url"),
        (json!({"type": "open", "url": "http://[::ffff:10.0.0.1]/"}), "url"),
        (json!({"type": "open", "url": "http://2852039166/"}), "url"),
        (json!({"type": "open", "url": "https://example.com/", "digest_name": "md5"}), "digest_name"),
    ] {
        let problem: Problem = app.client.post("/v1/webhook", &body).await.expect(422).json();
        assert_eq!(problem.errors[0].variable.as_deref(), Some(field), "{body}");
    }
    for body in [
        json!({"url": "https://example.com/"}),
        json!({"type": "opened", "url": "https://example.com/"}),
        json!({"type": [], "url": "https://example.com/"}),
        json!({"type": "open"}),
        json!({"type": "open", "url": "https://example.com/", "unknown": 1}),
        json!([]),
    ] {
        let problem: Problem = app.client.post("/v1/webhook", &body).await.expect(422).json();
        assert!(problem.detail.is_some(), "{body}");
    }
    let page: Page<Webhook> = app.client.get("/v1/webhooks").await.expect(200).json();
    assert_eq!(page.data, []);
}

#[tokio::test]
async fn the_file_is_found_in_either_place_and_nothing_is_sent_before() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    for folder in ["", "/hooks"] {
        let body = json!({"type": "open", "url": receiver.url("/hooks/script.php")});
        let webhook: Webhook = app.client.post("/v1/webhook", &body).await.expect(201).json();
        let path = format!("/v1/webhooks/{}", webhook.id);
        app.client.post(&format!("{path}/test"), &Value::Null).await.expect(409);
        let result: VerifyResult = app.client.post(&format!("{path}/verify"), &Value::Null).await.expect(200).json();
        assert!(!result.verified);
        assert_eq!(result.tried.len(), 2);
        assert!(result.tried.iter().all(|tried| tried.outcome == Outcome::AnotherStatus && tried.status == Some(404)));

        receiver
            .put(&format!("{folder}/{}", webhook.verification.file), &format!(" {}\r\n", webhook.verification.content));
        let result: VerifyResult = app.client.post(&format!("{path}/verify"), &Value::Null).await.expect(200).json();
        assert!(result.verified);
        let tried = result.tried.last().unwrap();
        assert_eq!(tried.outcome, Outcome::Match);
        let (address, port) = (receiver.address.ip(), receiver.address.port());
        assert_eq!(tried.peer, Some(Peer { address, port, tls: None }));
        let webhook: Webhook = app.client.get(&path).await.expect(200).json();
        assert_eq!(webhook.status, WebhookStatus::Active);
    }
    assert!(receiver.rest().await.is_empty(), "something was posted");
}

#[tokio::test]
async fn the_file_the_test_and_the_delivery_go_out_by_the_same_checked_way() {
    let folder = Arc::new(TempDir::new().unwrap());
    let receiver = Receiver::start().await;
    let app = TestApp::start_in(Arc::clone(&folder)).await;
    let url = format!("http://receiver.example:{}/hook", receiver.address.port());
    let webhook: Webhook =
        app.client.post("/v1/webhook", &json!({"type": "open", "url": url})).await.expect(201).json();
    receiver.put(&format!("/{}", webhook.verification.file), &webhook.verification.content);
    let path = format!("/v1/webhooks/{}", webhook.id);
    let result: VerifyResult = app.client.post(&format!("{path}/verify"), &Value::Null).await.expect(200).json();
    assert!(result.verified, "{result:?}");
    app.app.stop(Duration::from_secs(30)).await;
    drop(app);

    // The name is that of a private address now, which is not allowed.
    let app = TestApp::start_with(folder, |options| options.allow_target.clear()).await;
    let words = "receiver.example has the address 127.0.0.1, which is not called: this machine itself";
    let result: VerifyResult = app.client.post(&format!("{path}/verify"), &Value::Null).await.expect(200).json();
    assert!(!result.verified);
    assert!(result.tried.iter().all(|tried| tried.outcome == Outcome::NoAnswer && tried.detail.contains(words)));
    let refused = |attempt: &Attempt| {
        let error = attempt.error.clone().unwrap();
        assert_eq!(error.kind, ErrorKind::RefusedTarget);
        assert!(error.detail.contains(words) && attempt.response.is_none(), "{attempt:?}");
    };
    refused(&app.client.post(&format!("{path}/test"), &Value::Null).await.expect(200).json());
    app.client.event(open("m1")).await.expect(202);
    let log = app.deliveries_when(|log| log.iter().any(|each| !each.test && !each.attempts.is_empty())).await;
    refused(&log.iter().find(|each| !each.test).unwrap().attempts[0]);
    assert!(receiver.rest().await.is_empty(), "something was sent");
}

#[tokio::test]
async fn two_who_look_for_the_file_at_once_both_find_it() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let body = json!({"type": "open", "url": receiver.url("/hook")});
    let webhook: Webhook = app.client.post("/v1/webhook", &body).await.expect(201).json();
    receiver.put(&format!("/{}", webhook.verification.file), &webhook.verification.content);
    let verify = async || {
        let path = format!("/v1/webhooks/{}/verify", webhook.id);
        app.client.post(&path, &Value::Null).await.expect(200).json::<VerifyResult>().verified
    };
    let found = tokio::join!(verify(), verify(), verify(), verify());
    assert_eq!(found, (true, true, true, true));
}

#[tokio::test]
async fn what_stands_in_the_file_s_place_is_explained() {
    let app = TestApp::start().await;
    let page = "<!doctype html><title>Sign in</title><input type=\"password\">";
    let html = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}", page.len());
    for (answer, outcome, words) in [
        (html, Outcome::AnotherBody, "its sign-in page"),
        (
            "HTTP/1.1 302 Found\r\nLocation: /login?next=/x\r\nContent-Length: 0\r\n\r\n".into(),
            Outcome::Redirect,
            "/login?next=/x",
        ),
        (
            "HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n".into(),
            Outcome::Redirect,
            "redirects to https://elsewhere.example/",
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".into(), Outcome::AnotherBody, "an empty body"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother".into(), Outcome::AnotherBody, "Another file stands there"),
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".into(), Outcome::AnotherStatus, "forbids it (403)"),
        ("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n".into(), Outcome::AnotherStatus, "error log"),
        (String::new(), Outcome::NoAnswer, "closed the connection without an answer"),
    ] {
        let address = raw::answering(answer).await;
        let body = json!({"type": "open", "url": format!("http://{address}/script.php")});
        let webhook: Webhook = app.client.post("/v1/webhook", &body).await.expect(201).json();
        let result: VerifyResult =
            app.client.post(&format!("/v1/webhooks/{}/verify", webhook.id), &Value::Null).await.expect(200).json();
        assert!(!result.verified);
        let tried = &result.tried[0];
        assert_eq!(tried.outcome, outcome, "{tried:?}");
        assert!(tried.detail.contains(words), "{words}: {tried:?}");
    }
}

#[tokio::test]
async fn another_url_is_verified_again_and_a_pause_is_not_an_end() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    let paused: Webhook =
        app.client.patch(&path, &json!({"status": "paused", "type": ["open", "click"]})).await.expect(200).json();
    assert_eq!(paused.status, WebhookStatus::Paused);
    assert_eq!(paused.types.as_slice().len(), 2);
    let active: Webhook = app.client.patch(&path, &json!({"status": "active"})).await.expect(200).json();
    assert_eq!(active.status, WebhookStatus::Active);
    let same: Webhook = app.client.patch(&path, &json!({"url": webhook.url})).await.expect(200).json();
    assert_eq!(same.status, WebhookStatus::Active, "the same URL needs no new proof");
    let moved: Webhook = app.client.patch(&path, &json!({"url": receiver.url("/other.php")})).await.expect(200).json();
    assert_eq!(moved.status, WebhookStatus::Unverified);
    assert_ne!(moved.verification.file, webhook.verification.file);
    app.client.patch(&path, &json!({"status": "active"})).await.expect(409);
    app.client.patch(&path, &json!({"status": "disabled"})).await.expect(409);
    app.client.patch(&path, &json!({"url": "http://10.0.0.1/"})).await.expect(422);
    app.client.patch(&path, &json!({"colour": "red"})).await.expect(422);
}

#[tokio::test]
async fn a_password_in_the_url_is_used_and_shown_nowhere() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let url = format!("http://user:p%40ss@{}/hook", receiver.address);
    let webhook = app.webhook(&receiver, json!({"url": url})).await;
    assert_eq!(webhook.url, format!("http://***@{}/hook", receiver.address));
    assert!(webhook.verification.locations.iter().all(|place| !place.contains("p%40ss")), "{webhook:?}");
    // What is shown can be sent back without losing the password.
    let path = format!("/v1/webhooks/{}", webhook.id);
    let same: Webhook = app.client.patch(&path, &json!({"url": webhook.url})).await.expect(200).json();
    assert_eq!(same.status, WebhookStatus::Active);

    let reply = app.client.post(&format!("{path}/test"), &Value::Null).await.expect(200);
    assert!(!reply.text().contains("p@ss") && !reply.text().contains("p%40ss") && !reply.text().contains("dXNlcj"));
    let received = receiver.next().await;
    assert_eq!(received.header("authorization"), "Basic dXNlcjpwQHNz");
    assert_eq!(received.header("host"), receiver.address.to_string());
    assert_eq!(received.target, "/hook");
    let log = app.client.get("/v1/deliveries").await.expect(200);
    assert!(!log.text().contains("p%40ss") && !log.text().contains("dXNlcj"));

    // Nor is it lost, or sent to somebody else, where the shown URL is edited.
    let elsewhere = json!({"url": webhook.url.replace(&receiver.address.to_string(), "elsewhere.example")});
    app.client.patch(&path, &elsewhere).await.expect(422);
    let edited = json!({"url": webhook.url.replace("/hook", "/other")});
    let moved: Webhook = app.client.patch(&path, &edited).await.expect(200).json();
    assert_eq!((moved.url.as_str(), moved.status), (edited["url"].as_str().unwrap(), WebhookStatus::Unverified));
    let record = app.app.store.webhook(1, webhook.id.clone()).await.unwrap().unwrap();
    assert_eq!(record.url, format!("http://user:p%40ss@{}/other", receiver.address));
}

#[tokio::test]
async fn why_it_was_disabled_is_told_of_no_webhook_that_is_not() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let path = format!("/v1/webhooks/{}", app.webhook(&receiver, json!({})).await.id);
    receiver.answer_next(StatusCode::GONE);
    app.client.event(open("m1")).await.expect(202);
    assert!(disabled(&app, &path).await.disabled_reason.is_some());
    let other = json!({"url": receiver.url("/hooks/other.php")});
    let moved: Webhook = app.client.patch(&path, &other).await.expect(200).json();
    assert_eq!((moved.status, moved.disabled_reason, moved.disabled_code), (WebhookStatus::Unverified, None, None));
    // One that was moved before that was so.
    let database = rusqlite::Connection::open(app.folder.path().join("seinpost.db")).unwrap();
    database.execute_batch("UPDATE webhook SET disabled_reason = 'old'").unwrap();
    receiver.put(&format!("/{}", moved.verification.file), &moved.verification.content);
    app.client.post(&format!("{path}/verify"), &Value::Null).await.expect(200);
    let now: Webhook = app.client.get(&path).await.expect(200).json();
    assert_eq!((now.status, now.disabled_reason), (WebhookStatus::Active, None));
}

#[tokio::test]
async fn a_test_that_is_an_event_comes_as_the_webhook_gets_its_events() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({"privacy": {"ip": "truncated"}})).await;
    let path = format!("/v1/webhooks/{}", webhook.id);
    let json_type = [("content-type", "application/json")];
    let send = async |query: &str, body: &str| {
        app.client.call("POST", &format!("{path}/test{query}"), &json_type, body.to_owned()).await
    };
    let next = async || {
        let received = receiver.next().await;
        (String::from_utf8(received.body.to_vec()).unwrap(), received.header("content-type").to_owned())
    };
    let event = open("m1");
    assert!(event.contains("192.0.2.1"));
    // As it is, unless asked otherwise.
    send("", &event).await.expect(200);
    assert_eq!(next().await.0, event);
    let attempt: Attempt = send("?as_event=true", &event).await.expect(200).json();
    let (body, _) = next().await;
    assert!(body.contains("\"192.0.2.0\"") && !body.contains("192.0.2.1"), "{body}");
    assert_eq!(attempt.request.body, Some(body), "what is shown is what was sent");
    app.client.patch(&path, &json!({"batch": {"max_events": 2, "max_ms": 50}})).await.expect(200);
    send("?as_event=true", &event).await.expect(200);
    assert!(next().await.0.starts_with("[{"));
    app.client.patch(&path, &json!({"batch": null, "format": "form"})).await.expect(200);
    send("?as_event=true", &event).await.expect(200);
    let (body, content_type) = next().await;
    assert_eq!(content_type, "application/x-www-form-urlencoded");
    assert!(body.contains("id=m1") && body.contains("ip=192.0.2.0"), "{body}");
    // What is no event goes as it is, with its own type.
    send("?as_event=true", "{\"half\":").await.expect(200);
    let (body, content_type) = next().await;
    assert_eq!((body.as_str(), content_type.as_str()), ("{\"half\":", "application/json"));
    send("?as_event=perhaps", &event).await.expect(422);
}

#[tokio::test]
async fn test_calls_send_any_bytes_and_are_marked_in_the_log() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}/test", webhook.id);

    receiver.answer_next((StatusCode::IM_A_TEAPOT, [(header::SERVER, "pot")], "short and stout"));
    let bytes: &[u8] = b"\xff\x00any <bytes>\r\n";
    let reply = app.client.call("POST", &path, &[("content-type", "application/x-something; a=b")], bytes).await;
    let attempt: Attempt = reply.expect(200).json();
    let received = receiver.next().await;
    assert_eq!(received.body, bytes);
    assert_eq!(received.header("content-type"), "application/x-something; a=b");
    let response = attempt.response.unwrap();
    assert_eq!((response.status, response.body.as_deref()), (418, Some("short and stout")));
    assert!(response.headers.contains(&("server".into(), "pot".into())));

    let sample: Attempt = app.client.post(&path, &Value::Null).await.expect(200).json();
    assert!(sample.accepted());
    let received = receiver.next().await;
    let event = seinpost_protocol::payload::read_event(&received.body).unwrap();
    assert_eq!(event.type_name(), "open");

    let log = app.deliveries_when(|log| log.len() == 2).await;
    assert!(log.iter().all(|delivery| delivery.test && delivery.event.is_none() && delivery.next_attempt.is_none()));
    assert_eq!([log[0].status, log[1].status], [DeliveryStatus::Delivered, DeliveryStatus::Failed]);
    app.client.post(&format!("/v1/deliveries/{}/replay", log[0].id), &Value::Null).await.expect(409);
}

#[tokio::test]
async fn check_calls_every_verified_webhook() {
    let app = TestApp::start().await;
    let (good, bad) = (Receiver::start().await, Receiver::start().await);
    let first = app.webhook(&good, json!({"type": "bounce"})).await;
    app.clock.advance(std::time::Duration::from_millis(1));
    let second = app.webhook(&bad, json!({"type": "click", "format": "form"})).await;
    app.clock.advance(std::time::Duration::from_millis(1));
    let body = json!({"type": "open", "url": "https://example.com/"});
    let unverified: Webhook = app.client.post("/v1/webhook", &body).await.expect(201).json();
    bad.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    let checked: Checked = app.client.post("/v1/webhooks/check", &Value::Null).await.expect(200).json();
    let rows: Vec<_> = checked.data.iter().map(|row| (row.webhook.as_str(), row.ok, row.attempt.is_some())).collect();
    assert_eq!(
        rows,
        [(unverified.id.as_str(), false, false), (second.id.as_str(), false, true), (first.id.as_str(), true, true)]
    );
    assert_eq!(good.next().await.header("content-type"), "application/json");
    assert_eq!(bad.next().await.header("content-type"), "application/x-www-form-urlencoded");
}

#[tokio::test]
async fn a_deleted_webhook_is_gone_but_its_log_stays() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    app.client.patch(&format!("/v1/webhooks/{}", webhook.id), &json!({"status": "paused"})).await.expect(200);
    app.client.event(crate::events::open("m1")).await.expect(202);
    app.client.delete(&format!("/v1/webhooks/{}", webhook.id)).await.expect(204);
    for path in ["", "/deliveries", "/verification-file"] {
        app.client.get(&format!("/v1/webhooks/{}{path}", webhook.id)).await.expect(404);
    }
    app.client.delete(&format!("/v1/webhooks/{}", webhook.id)).await.expect(404);
    let log = app.deliveries_when(|log| log[0].status == DeliveryStatus::Cancelled).await;
    assert_eq!(log[0].webhook, webhook.id);
    assert_eq!(log[0].next_attempt, None);
    app.client.post(&format!("/v1/deliveries/{}/replay", log[0].id), &Value::Null).await.expect(409);
    let answer = app.client.event(crate::events::open("m2")).await.expect(202);
    assert_eq!(answer.json::<Value>()["accepted"][0]["deliveries"], 0);
    assert!(receiver.rest().await.is_empty());
}
