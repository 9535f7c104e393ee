//! A webhook that asks for it gets told what a mail that came back means; nobody else does.

use serde_json::{Value, json};

use crate::support::{app::TestApp, receiver::Receiver};

/// The body of the next call.
async fn next(receiver: &Receiver) -> String {
    String::from_utf8(receiver.next().await.body.to_vec()).unwrap()
}

const MIME: &str = "From: MAILER-DAEMON@mx.example.org\r\nTo: news@shop.example\r\nSubject: failure notice\r\n\r\nI \
    wasn't able to deliver your message.\r\n\r\n<joe@example.net>:\r\nRemote host said: 552 5.2.2 the mailbox is full\r\n";

fn bounce() -> String {
    json!({
        "id": "m1", "type": "bounce", "timestamp": "2026-01-31 12:00:00", "time": "1769860800",
        "recipient": "joe@example.net", "envelope": "b@mail.example", "mime": MIME, "tags": [],
    })
    .to_string()
}

#[tokio::test]
async fn the_diagnosis_is_one_more_variable_where_it_is_asked_for() {
    let app = TestApp::start().await;
    let (plain, told, form, private) =
        (Receiver::start().await, Receiver::start().await, Receiver::start().await, Receiver::start().await);
    app.webhook(&plain, json!({"type": "bounce"})).await;
    app.webhook(&told, json!({"type": ["bounce", "open"], "diagnosis": true})).await;
    app.webhook(&form, json!({"type": "bounce", "diagnosis": true, "format": "form"})).await;
    let privacy = json!({"recipient": "hashed", "recipient_key": "0123456789abcdef", "mime": "omit"});
    app.webhook(&private, json!({"type": "bounce", "diagnosis": true, "privacy": privacy})).await;
    let bounce = bounce();
    app.client.event(bounce.clone()).await.expect(202);

    assert_eq!(next(&plain).await, bounce, "nothing is added for who did not ask");

    let body: Value = serde_json::from_str(&next(&told).await).unwrap();
    let (diagnosis, recipient) = (&body["diagnosis"], &body["diagnosis"]["recipients"][0]);
    assert_eq!((&diagnosis["kind"], &recipient["reason"]), (&json!("soft"), &json!("mailbox-full")));
    assert_eq!((&recipient["address"], &recipient["status"]), (&json!("joe@example.net"), &json!("5.2.2")));
    let evidence = |end: &str| usize::try_from(recipient["evidence"][end].as_u64().unwrap()).unwrap();
    assert_eq!(&MIME[evidence("start")..evidence("end")], "mailbox is full");
    let mut without = body.clone();
    without.as_object_mut().unwrap().remove("diagnosis");
    assert_eq!(without, serde_json::from_str::<Value>(&bounce).unwrap(), "and nothing else is changed");

    let body = next(&form).await;
    assert!(body.contains("&diagnosis%5Bkind%5D=soft&"), "{body}");

    let body = next(&private).await;
    assert!(body.contains("mailbox-full") && !body.contains("joe@example.net") && !body.contains("\"mime\""), "{body}");

    // An event without a mail has nothing to say of one.
    let open = crate::events::open("m2");
    app.client.event(open.clone()).await.expect(202);
    let body: Value = serde_json::from_str(&next(&told).await).unwrap();
    assert_eq!(body, serde_json::from_str::<Value>(&open).unwrap());
}
