//! Public keys.

use seinpost_protocol::{
    key::DkimRecord,
    rest::{KeyShown, KeyStatus, KeysChecked, PublishedKey},
};

use std::time::Duration;

use serde_json::json;

use crate::support::{app::TestApp, client::Client, receiver::Receiver};

#[tokio::test]
async fn keys_are_published_for_everyone() {
    let app = TestApp::start().await;
    let keys: Vec<PublishedKey> = app.client.get("/v1/keys").await.expect(200).json();
    assert_eq!(keys.len(), 1);
    let key = &keys[0];
    assert_eq!(key.status, KeyStatus::Current);
    assert!(key.keyid.ends_with("._domainkey.hooks.example.com"), "{}", key.keyid);
    assert!(key.dns.starts_with("v=DKIM1;k=rsa;p=") && !key.dns.contains(' '), "{}", key.dns);
    DkimRecord::parse(key.dns.as_bytes()).unwrap();

    let stranger = Client { token: None, ..app.client.clone() };
    stranger.get("/v1/keys").await.expect(401);
    let record = stranger.get(&format!("/v1/keys/{}", key.keyid)).await.expect(200);
    assert_eq!(record.text(), key.dns);
    assert_eq!(record.header("content-type"), "text/plain; charset=utf-8");
    stranger.get("/v1/keys/other._domainkey.hooks.example.com").await.expect(404);
    assert_eq!(app.client.get("/v1/keys").await.expect(200).json::<Vec<PublishedKey>>(), keys, "it is not made twice");
}

#[tokio::test]
async fn keys_rotate_each_month_once_dns_shows_the_next() {
    const DAY: u64 = 24 * 60 * 60;
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let test = format!("/v1/webhooks/{}/test", webhook.id);
    let keys = async || app.client.get("/v1/keys").await.expect(200).json::<Vec<PublishedKey>>();
    let signed_by = async || {
        app.client.post(&test, &serde_json::Value::Null).await.expect(200);
        receiver.next().await.header("signature").split('"').nth(1).unwrap().to_owned()
    };
    let first = keys().await.remove(0);
    app.clock.advance(Duration::from_secs(27 * DAY));
    app.app.keyring.tend(1).await.unwrap();
    let both = keys().await;
    assert_eq!(both.iter().map(|key| key.status).collect::<Vec<_>>(), [KeyStatus::Current, KeyStatus::Next]);
    let next = both[1].clone();
    assert_eq!(next.since.as_millis() - first.since.as_millis(), 30 * 24 * 60 * 60 * 1000);
    assert_eq!(signed_by().await, first.keyid);

    // A day before it is due DNS does not show it: it is put off, until DNS has shown it for two days.
    app.clock.advance(Duration::from_secs(2 * DAY));
    let refused = app.app.keyring.tend(1).await.unwrap_err().to_string();
    assert!(refused.contains("not published yet: DNS shows no record there"), "{refused}");
    app.zone.records.lock().unwrap().insert(next.keyid.clone(), first.dns.clone());
    app.clock.advance(Duration::from_secs(DAY));
    let refused = app.app.keyring.tend(1).await.unwrap_err().to_string();
    assert!(refused.contains("DNS shows another record there"), "{refused}");
    let now = seinpost_server::clock::Clock::now(&*app.clock);
    assert_eq!(keys().await[1].since.as_millis() - now, 49 * 60 * 60 * 1000);
    app.zone.records.lock().unwrap().insert(next.keyid.clone(), next.dns.replace(';', " ; "));
    app.clock.advance(Duration::from_secs(2 * DAY));
    app.app.keyring.tend(1).await.unwrap();
    assert_eq!(signed_by().await, first.keyid, "the current one goes on");
    // Nor does it sign if DNS shows it no more when its time has come.
    app.clock.advance(Duration::from_secs(60 * 60));
    let shown = app.zone.records.lock().unwrap().remove(&next.keyid).unwrap();
    app.app.keyring.tend(1).await.unwrap_err();
    assert_eq!(signed_by().await, first.keyid);
    // Nor at once when it shows it again after its time has come: some remember for long that there was none.
    app.clock.advance(Duration::from_secs(50 * 60 * 60));
    app.zone.records.lock().unwrap().insert(next.keyid.clone(), shown);
    app.app.keyring.tend(1).await.unwrap();
    assert_eq!(signed_by().await, first.keyid);
    app.clock.advance(Duration::from_secs(47 * 60 * 60));
    app.app.keyring.tend(1).await.unwrap();
    assert_eq!(signed_by().await, first.keyid);
    app.clock.advance(Duration::from_secs(60 * 60));
    app.app.keyring.tend(1).await.unwrap();
    assert_eq!(signed_by().await, next.keyid);
    let both = keys().await;
    assert_eq!(both.iter().map(|key| key.status).collect::<Vec<_>>(), [KeyStatus::Retired, KeyStatus::Current]);
    app.client.get(&format!("/v1/keys/{}", first.keyid)).await.expect(200);

    app.clock.advance(Duration::from_secs(7 * DAY));
    app.app.keyring.tend(1).await.unwrap();
    app.client.get(&format!("/v1/keys/{}", first.keyid)).await.expect(404);
    assert_eq!(keys().await.len(), 1);
}

#[tokio::test]
async fn keys_are_checked_and_rotated_on_demand() {
    let app = TestApp::start().await;
    let checked = async || {
        let checked: KeysChecked = app.client.post("/v1/keys/check", &serde_json::Value::Null).await.expect(200).json();
        assert_eq!((checked.zone.as_str(), checked.answered_here), ("_domainkey.hooks.example.com", false));
        checked.data.iter().map(|key| key.shown).collect::<Vec<_>>()
    };
    let current = app.client.get("/v1/keys").await.expect(200).json::<Vec<PublishedKey>>().remove(0);
    assert_eq!(checked().await, [KeyShown::No]);
    app.zone.records.lock().unwrap().insert(current.keyid.clone(), current.dns.clone());
    assert_eq!(checked().await, [KeyShown::Yes]);

    // The next one, published two days before it signs; asked for twice, also at once, it is the same.
    let rotate = async || {
        app.client.post("/v1/keys/rotate", &serde_json::Value::Null).await.expect(200).json::<PublishedKey>().keyid
    };
    let (one, two) = tokio::join!(rotate(), rotate());
    assert_eq!(one, two);
    let next: PublishedKey = app.client.post("/v1/keys/rotate", &serde_json::Value::Null).await.expect(200).json();
    assert_eq!(next.status, KeyStatus::Next);
    let now = seinpost_server::clock::Clock::now(&*app.clock);
    assert_eq!(next.since.as_millis() - now, 48 * 60 * 60 * 1000);
    let again: PublishedKey = app.client.post("/v1/keys/rotate", &json!({"now": false})).await.expect(200).json();
    assert_eq!(again.keyid, next.keyid);

    // At once only if DNS shows it.
    let refused = app.client.post("/v1/keys/rotate", &json!({"now": true})).await.expect(409);
    assert!(refused.text().contains("cannot sign yet: DNS shows no record there"), "{}", refused.text());
    app.zone.records.lock().unwrap().insert(next.keyid.clone(), current.dns.clone());
    assert_eq!(checked().await, [KeyShown::Yes, KeyShown::Another]);
    app.client.post("/v1/keys/rotate", &json!({"now": true})).await.expect(409);
    app.zone.records.lock().unwrap().insert(next.keyid.clone(), next.dns.clone());
    let promoted: PublishedKey = app.client.post("/v1/keys/rotate", &json!({"now": true})).await.expect(200).json();
    assert_eq!((promoted.keyid.as_str(), promoted.status), (next.keyid.as_str(), KeyStatus::Current));
    app.client.post("/v1/keys/rotate", &json!({"soon": true})).await.expect(422);
}
