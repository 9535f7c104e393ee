//! The domain of the keys is changed: keys of the one before sign no more.

use std::sync::Arc;

use seinpost_protocol::rest::{AuditEntry, KeyStatus, Page, PublishedKey};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    app::{TestApp, webhook},
    client::Client,
    process::{Server, run, seinpost},
    receiver::Receiver,
};

const ZONE: &str = "._domainkey.hooks.example.com";

async fn keys(client: &Client) -> Vec<PublishedKey> {
    client.get("/v1/keys").await.expect(200).json()
}

async fn audit(client: &Client, object: &str) -> Vec<String> {
    let page: Page<AuditEntry> = client.get(&format!("/v1/audit?object={object}")).await.expect(200).json();
    page.data.into_iter().rev().map(|entry| format!("{} by {}", entry.kind, entry.actor.kind.as_str())).collect()
}

#[tokio::test]
async fn a_server_that_starts_with_another_key_domain_signs_with_keys_of_it() {
    let data = TempDir::new().unwrap();
    let receiver = Receiver::start().await;
    let server = Server::start(data.path(), &[]).await;
    let hook = webhook(&server.client, &receiver, json!({})).await;
    let old = keys(&server.client).await.remove(0);
    server.terminate().await;

    let server = Server::start(data.path(), &["--key-domain", "hooks.example.com"]).await;
    server.client.post(&format!("/v1/webhooks/{}/test", hook.id), &Value::Null).await.expect(200);
    let signed = receiver.next().await.header("signature").to_owned();
    assert!(signed.contains(ZONE), "{signed}");
    let both = keys(&server.client).await;
    let [retired, current] = &both[..] else { panic!("{both:?}") };
    assert_eq!((&retired.keyid, retired.status), (&old.keyid, KeyStatus::Retired));
    assert!(retired.until.is_some());
    assert!(current.keyid.ends_with(ZONE) && current.status == KeyStatus::Current, "{current:?}");
    assert!(signed.contains(&current.keyid), "{signed}");
    // What it has signed can still be verified.
    let record = server.client.get(&format!("/v1/keys/{}", old.keyid)).await.expect(200);
    assert_eq!(record.text(), old.dns);
    assert_eq!(audit(&server.client, &old.keyid).await, ["key.created by server", "key.retired by server"]);

    // A command that was not told of the domain has nothing signed with another.
    for command in [&["key"][..], &["key", "rotate"], &["environment", "create", "Staging"], &["send-test", &hook.id]] {
        let (ok, out, error) = run(seinpost(data.path(), command)).await;
        assert!(!ok && out.is_empty() && error.lines().count() == 1, "{command:?}: {out}{error}");
        assert!(error.contains("key_domain is hooks.localhost here") && error.contains(&current.keyid), "{error}");
    }
    assert_eq!(keys(&server.client).await, both);
    let (ok, shown, error) = run(seinpost(data.path(), &["key", "export", "--key-domain", "hooks.example.com"])).await;
    assert!(ok && shown.contains("; of another domain: "), "{shown}{error}");
    server.terminate().await;

    // Whoever goes back has the key of before in DNS, and no other.
    let server = Server::start(data.path(), &[]).await;
    let back = keys(&server.client).await;
    assert_eq!(
        back.iter().map(|key| key.status).collect::<Vec<_>>(),
        [KeyStatus::Current, KeyStatus::Retired],
        "{back:?}"
    );
    assert_eq!((&back[0].keyid, &back[0].until), (&old.keyid, &None));
    server.client.post(&format!("/v1/webhooks/{}/test", hook.id), &Value::Null).await.expect(200);
    assert!(receiver.next().await.header("signature").contains(&old.keyid));
    assert_eq!(
        audit(&server.client, &old.keyid).await,
        ["key.created by server", "key.retired by server", "key.promoted by server"]
    );
    server.terminate().await;
}

#[tokio::test]
async fn a_next_key_of_another_domain_holds_up_no_rotation() {
    let folder = Arc::new(TempDir::new().unwrap());
    let start = async |domain: &str| {
        TestApp::start_with(Arc::clone(&folder), |options| options.key_domain = domain.into()).await
    };
    let app = start("hooks.example.org").await;
    let rotate = async |app: &TestApp, now: bool| {
        app.client.post("/v1/keys/rotate", &json!({"now": now})).await.expect(200).json::<PublishedKey>()
    };
    let old = rotate(&app, false).await;
    assert!(old.keyid.ends_with("._domainkey.hooks.example.org"), "{old:?}");
    app.app.stop(std::time::Duration::from_secs(30)).await;
    drop(app);

    let app = start("hooks.example.com").await;
    app.app.keyring.tend(1).await.unwrap();
    let next = rotate(&app, false).await;
    assert!(next.keyid.ends_with(ZONE) && next.status == KeyStatus::Next, "{next:?}");
    app.client.get(&format!("/v1/keys/{}", old.keyid)).await.expect(404);
    assert_eq!(
        audit(&app.client, &old.keyid).await,
        ["key.created by token", "key.retired by server", "key.forgotten by server"]
    );
    app.zone.records.lock().unwrap().insert(next.keyid.clone(), next.dns.clone());
    assert_eq!(rotate(&app, true).await.status, KeyStatus::Current);
    let left = keys(&app.client).await;
    let statuses: Vec<_> = left.iter().map(|key| (key.keyid.ends_with(ZONE), key.status)).collect();
    assert_eq!(statuses.iter().filter(|each| **each == (true, KeyStatus::Current)).count(), 1, "{left:?}");
    assert!(!left.iter().any(|key| key.status == KeyStatus::Next), "{left:?}");
}

#[tokio::test]
async fn whoever_rotates_at_the_same_time_gets_the_same_next_key() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &[]).await;
    let rotate = || run(seinpost(data.path(), &["key", "rotate"]));
    let (one, two, three, four) = tokio::join!(rotate(), rotate(), rotate(), rotate());
    let made: Vec<_> = [one, two, three, four]
        .into_iter()
        .map(|(ok, out, error)| {
            assert!(ok, "{error}");
            out.lines().next().unwrap().to_owned()
        })
        .collect();
    assert!(made.iter().all(|each| *each == made[0]), "{made:?}");
    let next: Vec<_> = keys(&server.client).await.into_iter().filter(|key| key.status == KeyStatus::Next).collect();
    assert_eq!(next.len(), 1, "{next:?}");
    assert!(made[0].starts_with(&next[0].keyid), "{made:?}");
    server.terminate().await;
}
