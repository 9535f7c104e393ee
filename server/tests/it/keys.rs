//! Public keys.

use seinpost_protocol::{
    key::DkimRecord,
    rest::{KeyStatus, PublishedKey},
};

use crate::support::{app::TestApp, client::Client};

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
