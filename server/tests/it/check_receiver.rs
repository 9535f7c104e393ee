//! "Check my receiver", against receivers that behave and ones that do not.

use axum::http::StatusCode;
use seinpost_protocol::{
    rest::{Mark, PublishedKey, ReceiverCase, ReceiverCheck, Verdict, Webhook},
    verify::Profile,
};
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    raw,
    receiver::Receiver,
    signature::{Key, report_by},
};

fn marks(check: &ReceiverCheck) -> Vec<(ReceiverCase, Mark)> {
    check.data.iter().map(|row| (row.name, row.mark)).collect()
}

#[tokio::test]
async fn each_call_is_wrong_in_the_one_thing_that_it_says() {
    for (profile, name) in [(Profile::Cavage, "cavage"), (Profile::Standard, "standard"), (Profile::Rfc9421, "rfc9421")]
    {
        let app = TestApp::start().await;
        let receiver = Receiver::start().await;
        let webhook = app.webhook(&receiver, json!({"profile": name})).await;
        let path = format!("/v1/webhooks/{}", webhook.id);
        let secret = match profile {
            Profile::Standard => {
                let rotated: Webhook =
                    app.client.post(&format!("{path}/rotate-secret"), &Value::Null).await.expect(200).json();
                rotated.secret.unwrap()
            }
            Profile::Cavage | Profile::Rfc9421 => String::new(),
        };
        let keys: Vec<PublishedKey> = app.client.get("/v1/keys").await.expect(200).json();
        let key = if profile == Profile::Standard { Key::Secret(&secret) } else { Key::Record(&keys[0].dns) };
        let check: ReceiverCheck =
            app.client.post(&format!("{path}/check-receiver"), &Value::Null).await.expect(200).json();
        assert_eq!(check.data.iter().map(|row| row.name).collect::<Vec<_>>(), ReceiverCase::ALL);
        // This receiver takes everything.
        assert_eq!(check.mark, Mark::Fail);
        let host = receiver.address.to_string();
        let now = seinpost_server::clock::Clock::now(&*app.clock) / 1000;
        let mut first = None;
        for row in &check.data {
            if row.verdict == Verdict::NotApplicable {
                assert_eq!((row.name, profile), (ReceiverCase::ForeignEnvironment, Profile::Standard));
                continue;
            }
            let received = receiver.next().await;
            let report = report_by(profile, &received, &key, &host, now);
            let failed: Vec<_> = report.failed().map(|check| check.name.as_str()).collect();
            let wrong: &[&str] = match row.name {
                ReceiverCase::Altered if profile == Profile::Standard => &["signature"],
                ReceiverCase::Altered => &["digest"],
                ReceiverCase::Stale | ReceiverCase::Future => &["date"],
                ReceiverCase::ForeignEnvironment => &["environment"],
                ReceiverCase::WrongKey => &["signature"],
                _ => &[],
            };
            assert_eq!(failed, wrong, "{name} {:?}: {report:?}", row.name);
            let must_accept = wrong.is_empty();
            let expected = if must_accept { Mark::Pass } else { Mark::Fail };
            if row.name == ReceiverCase::RepeatedNonce {
                assert_eq!(received.body, first.clone().unwrap(), "byte for byte");
                assert_eq!(row.mark, if profile == Profile::Standard { Mark::Pass } else { Mark::Warn });
            } else {
                assert_eq!(row.mark, expected, "{row:?}");
            }
            match row.name {
                ReceiverCase::Valid => first = Some(received.body.clone()),
                ReceiverCase::FormEncoded => {
                    assert_eq!(received.header("content-type"), "application/x-www-form-urlencoded");
                }
                ReceiverCase::Large => assert!((900_000..=1024 * 1024).contains(&received.body.len())),
                _ => {}
            }
        }
        assert_eq!(receiver.rest().await.len(), 0);
        // Calls that are to be refused are no deliveries.
        assert!(!app.client.get("/v1/deliveries").await.expect(200).text().contains("\"test\":true"));
    }
}

#[tokio::test]
async fn a_receiver_that_behaves_passes() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    for status in [200, 401, 401, 401, 401, 401, 401, 200, 413] {
        receiver.answer_next(StatusCode::from_u16(status).unwrap());
    }
    let path = format!("/v1/webhooks/{}/check-receiver", webhook.id);
    let check: ReceiverCheck = app.client.post(&path, &Value::Null).await.expect(200).json();
    let warned: Vec<_> = marks(&check).into_iter().filter(|(_, mark)| *mark != Mark::Pass).collect();
    assert_eq!(warned, [(ReceiverCase::Large, Mark::Warn)], "{check:?}");
    assert_eq!(check.mark, Mark::Warn);

    // One that refuses all: the refusals show nothing.
    for _ in 0..9 {
        receiver.answer_next(StatusCode::UNAUTHORIZED);
    }
    let check: ReceiverCheck = app.client.post(&path, &Value::Null).await.expect(200).json();
    assert_eq!(check.data[0].mark, Mark::Fail);
    assert!(check.data[1..7].iter().all(|row| row.verdict == Verdict::RefusedLikeValid), "{check:?}");
}

#[tokio::test]
async fn nothing_is_sent_to_a_url_that_was_not_verified() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let made: Webhook =
        app.client.post("/v1/webhook", &json!({"type": "open", "url": receiver.url("/")})).await.expect(201).json();
    let path = format!("/v1/webhooks/{}/check-receiver", made.id);
    app.client.post(&path, &Value::Null).await.expect(409);
    app.other_environment().await.post(&path, &Value::Null).await.expect(404);
    assert_eq!(receiver.rest().await.len(), 0);
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_is_left_alone_soon() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    // The receiver moves away after it was verified.
    let gone = raw::answering("").await;
    let record = app.app.store.webhook(1, webhook.id.clone()).await.unwrap().unwrap();
    let moved = seinpost_server::store::WebhookRecord { url: format!("http://{gone}/"), ..record };
    app.app.store.update_webhook(moved, seinpost_server::store::Happening::Changed, String::new()).await.unwrap();
    let path = format!("/v1/webhooks/{}/check-receiver", webhook.id);
    let check: ReceiverCheck = app.client.post(&path, &Value::Null).await.expect(200).json();
    let verdicts: Vec<_> = check.data.iter().map(|row| row.verdict).collect();
    assert_eq!(verdicts[..2], [Verdict::NoAnswer; 2], "{check:?}");
    assert!(verdicts[2..].iter().all(|verdict| *verdict == Verdict::NotMade), "{check:?}");
}
