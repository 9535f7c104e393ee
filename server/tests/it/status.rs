//! A webhook tells since when it stands as it does, and who had it stand so.

use std::time::Duration;

use seinpost_protocol::rest::{Session, SigninLink, Timestamp, Webhook, WebhookStatus};
use serde_json::{Value, json};

use crate::support::{
    app::{BEGIN, TestApp},
    client::{Client, Reply},
    receiver::Receiver,
};

/// Since when, in milliseconds after the beginning, and who.
fn stands(webhook: &Webhook) -> (Option<i64>, Option<&str>) {
    (webhook.status_since.map(|since| since.as_millis() - BEGIN), webhook.status_by.as_deref())
}

async fn patch(app: &TestApp, place: &str, change: Value) -> Webhook {
    let changed: Webhook = app.client.patch(place, &change).await.expect(200).json();
    let read: Webhook = app.client.get(place).await.expect(200).json();
    assert_eq!(stands(&changed), stands(&read));
    read
}

#[tokio::test]
async fn since_when_and_by_whom_changes_with_the_status_alone() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let made: Value = json!({"type": "open", "url": receiver.url("/hooks/script.php")});
    let made: Webhook = app.client.post("/v1/webhook", &made).await.expect(201).json();
    assert_eq!(stands(&made), (None, None));

    app.clock.advance(Duration::from_secs(1));
    receiver.put(&format!("/{}", made.verification.file), &made.verification.content);
    let place = format!("/v1/webhooks/{}", made.id);
    app.client.post(&format!("{place}/verify"), &Value::Null).await.expect(200);
    let noted = async || {
        let record = app.app.store.webhook(1, made.id.clone()).await.unwrap().unwrap();
        (record.status_since.map(|since| since - BEGIN), record.status_by)
    };
    assert_eq!(noted().await, (Some(1000), Some("test".to_owned())));

    for (change, since) in [
        (json!({"format": "form"}), 1000),
        (json!({"status": "active"}), 1000),
        (json!({"status": "paused"}), 4000),
        (json!({"status": "paused", "format": "json"}), 4000),
        (json!({"status": "active"}), 6000),
        (json!({"url": receiver.url("/other")}), 7000),
    ] {
        app.clock.advance(Duration::from_secs(1));
        let changed = patch(&app, &place, change.clone()).await;
        let shown = if changed.status == WebhookStatus::Paused { (Some(since), Some("test")) } else { (None, None) };
        assert_eq!(stands(&changed), shown, "{change}");
        assert_eq!(noted().await, (Some(since), Some("test".to_owned())), "{change}");
    }
}

/// Signs in with a link for `person`: the session, and its client's header fields.
async fn signed_in(app: &TestApp, person: Option<&str>) -> (Session, [(&'static str, String); 3]) {
    let link = json!({"scopes": ["admin"], "person": person});
    let link: SigninLink = app.client.post("/v1/signin-links", &link).await.expect(201).json();
    let code = link.url.split("#code=").nth(1).unwrap();
    let anonymous = Client { token: None, ..app.client.clone() };
    let reply: Reply = anonymous.post("/v1/session", &json!({"code": code})).await.expect(201);
    let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
    let session: Session = reply.json();
    let fields = [
        ("cookie", cookie),
        ("x-seinpost-session", session.csrf.clone()),
        ("content-type", "application/json".to_owned()),
    ];
    (session, fields)
}

#[tokio::test]
async fn someone_who_is_signed_in_is_known_by_name_or_by_session() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let place = format!("/v1/webhooks/{}", webhook.id);
    let anonymous = Client { token: None, ..app.client.clone() };
    for person in [Some("ann@example.com"), None] {
        app.client.patch(&place, &json!({"status": "active"})).await.expect(200);
        let (session, fields) = signed_in(&app, person).await;
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert!(session.id.starts_with("ses_"), "{}", session.id);
        let changed: Webhook =
            anonymous.call("PATCH", &place, &fields, json!({"status": "paused"}).to_string()).await.expect(200).json();
        assert_eq!(changed.status_by.as_deref(), Some(person.unwrap_or(&session.id)));
        assert_eq!(changed.status_since, Some(Timestamp::from_millis(BEGIN)));
    }
}
