//! Secrets at rest: none of them stands in the clear in the data folder, and the master key can be changed.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use seinpost_protocol::rest::{Delivery, DeliveryStatus, PublishedKey, Webhook};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    events::open,
    support::{
        app::{deliveries_when, webhook},
        process::{Server, run, seinpost},
        receiver::Receiver,
        signature::{Key, report_by},
    },
};

/// The schema of the version before secrets were sealed.
const BEFORE: [&str; 6] = [
    include_str!("../../src/store/sqlite/migrations/0001_first.sql"),
    include_str!("../../src/store/sqlite/migrations/0002_secrets.sql"),
    include_str!("../../src/store/sqlite/migrations/0003_history.sql"),
    include_str!("../../src/store/sqlite/migrations/0004_templates.sql"),
    include_str!("../../src/store/sqlite/migrations/0005_replays.sql"),
    include_str!("../../src/store/sqlite/migrations/0006_counts.sql"),
];

/// Every byte of every file in the data folder but the master keys.
fn everything(data: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(data).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().starts_with("master.key") {
            bytes.extend(std::fs::read(entry.path()).unwrap());
        }
    }
    bytes
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// How a private RSA key in PKCS#8 begins, whichever it is: the algorithm, as it stands in each.
const PKCS8: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x04, 0x82];

async fn keys(server: &Server) -> Vec<PublishedKey> {
    server.client.get("/v1/keys").await.expect(200).json()
}

#[tokio::test]
async fn nothing_secret_stands_in_the_clear() {
    let data = TempDir::new().unwrap();
    let receiver = Receiver::start().await;
    let server = Server::start(data.path(), &[]).await;
    let url = format!("http://someone:opensesame@{}/hook", receiver.address);
    let made: Webhook = server
        .client
        .post("/v1/webhook", &json!({"type": "open", "url": url, "profile": "standard"}))
        .await
        .expect(201)
        .json();
    let rotated: Webhook =
        server.client.post(&format!("/v1/webhooks/{}/rotate-secret", made.id), &json!(null)).await.expect(200).json();
    assert_eq!(keys(&server).await.len(), 1);
    send_through_secrets(&server, &receiver).await;
    for bytes in [everything(data.path()), {
        server.terminate().await;
        everything(data.path())
    }] {
        assert!(holds(&bytes, made.id.as_bytes()), "the database was read");
        let secrets = [made.secret.as_deref().unwrap(), rotated.secret.as_deref().unwrap(), "opensesame", "whsec_"];
        for secret in secrets.into_iter().chain(IN_USE) {
            assert!(!holds(&bytes, secret.as_bytes()), "{secret}");
        }
        assert!(!holds(&bytes, PKCS8), "a private key");
    }
}

/// A token as the user of a URL, as it goes over the wire, the value of a header field, and a key for hashing recipients.
const IN_USE: [&str; 4] = ["a-token-as-user", "YS10b2tlbi1hcy11c2VyOg", "value-of-a-field", KEY];
const KEY: &str = "a key of more than sixteen bytes";

/// Sends events with each of these, until one disables the webhook and another is told of it.
async fn send_through_secrets(server: &Server, receiver: &Receiver) {
    let told = Receiver::start().await;
    webhook(&server.client, &told, json!({"type": "click", "operational": true})).await;
    let settings = json!({
        "url": format!("http://{}@{}/hook", IN_USE[0], receiver.address),
        "headers": [["X-Api-Key", IN_USE[2]]],
        "privacy": {"recipient": "hashed", "recipient_key": KEY},
    });
    webhook(&server.client, receiver, settings).await;
    // The first is written whole, the second is a template for the third.
    for id in ["m1", "m2", "m3", "m4"] {
        if id == "m4" {
            receiver.answer_next(http::StatusCode::GONE);
        }
        server.client.event(open(id)).await.expect(202);
        let received = receiver.next().await;
        assert_eq!(received.header("x-api-key"), IN_USE[2]);
        assert_eq!(received.header("authorization"), format!("Basic {}==", IN_USE[1]));
        deliveries_when(&server.client, |log| log.iter().all(|delivery| !delivery.attempts.is_empty())).await;
    }
    assert!(String::from_utf8_lossy(&told.next().await.body).contains(r#""url":"http://***@"#));
}

#[tokio::test]
async fn keys_of_renderings_of_before_are_sealed_and_the_log_shows_what_was_sent() {
    let data = TempDir::new().unwrap();
    let receiver = Receiver::start().await;
    let server = Server::start(data.path(), &[]).await;
    let privacy = json!({"recipient": "hashed", "recipient_key": KEY});
    webhook(&server.client, &receiver, json!({"privacy": privacy})).await;
    let delivered = async |server: &Server, id: &str, number: usize| {
        server.client.event(open(id)).await.expect(202);
        let sent = String::from_utf8(receiver.next().await.body.to_vec()).unwrap();
        let is_over = |log: &[Delivery]| log.iter().all(|each| each.status == DeliveryStatus::Delivered);
        let log = deliveries_when(&server.client, |log| log.len() == number && is_over(log)).await;
        (log[0].id.clone(), sent)
    };
    let shown = async |server: &Server, id: &str| -> String {
        let delivery: Delivery = server.client.get(&format!("/v1/deliveries/{id}")).await.expect(200).json();
        delivery.attempts[0].request.body.clone().unwrap()
    };
    let (id, sent) = delivered(&server, "m1", 1).await;
    assert_eq!(shown(&server, &id).await, sent);
    server.terminate().await;
    {
        // As the version before wrote it.
        let database = rusqlite::Connection::open(data.path().join("seinpost.db")).unwrap();
        let clear = format!(
            r#"{{"format":"json","privacy":{{"recipient":"hashed","recipient_key":"{KEY}","mime":"as-is","ip":"as-is"}}}}"#
        );
        let changed = database.execute("UPDATE rendering SET how = ?1, recipient_key = NULL", [clear]).unwrap();
        assert_eq!(changed, 1);
    }
    assert!(holds(&everything(data.path()), KEY.as_bytes()));
    let server = Server::start(data.path(), &[]).await;
    assert!(!holds(&everything(data.path()), KEY.as_bytes()));
    assert_eq!(shown(&server, &id).await, sent);
    // It is found again for what is sent the same way.
    delivered(&server, "m2", 2).await;
    server.terminate().await;
    let database = rusqlite::Connection::open(data.path().join("seinpost.db")).unwrap();
    let renderings: i64 = database.query_row("SELECT count(*) FROM rendering", [], |row| row.get(0)).unwrap();
    assert_eq!(renderings, 1);
    drop(database);

    let (ok, _, error) = run(seinpost(data.path(), &["key", "reencrypt"])).await;
    assert!(ok, "{error}");
    let server = Server::start(data.path(), &[]).await;
    assert_eq!(shown(&server, &id).await, sent);
    delivered(&server, "m3", 3).await;
    server.terminate().await;
}

#[tokio::test]
async fn an_older_database_is_sealed_at_its_first_start_and_works_on() {
    let data = TempDir::new().unwrap();
    let receiver = Receiver::start().await;
    // What a server of that version left behind, with the secrets as it kept them.
    let secret = format!("whsec_{}", STANDARD.encode([0x5a; 32]));
    let old_secret = format!("whsec_{}", STANDARD.encode([0xa5; 32]));
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let pkcs8 = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
    let dns = seinpost_protocol::key::RsaSigningKey::from_pkcs8(pkcs8.as_ref()).unwrap().dkim_record();
    {
        let database = rusqlite::Connection::open(data.path().join("seinpost.db")).unwrap();
        database.pragma_update(None, "journal_mode", "WAL").unwrap();
        for migration in BEFORE {
            database.execute_batch(migration).unwrap();
        }
        database.pragma_update(None, "user_version", 6).unwrap();
        database.execute("INSERT INTO environment (id, name, created) VALUES (1, 'Old', 0)", []).unwrap();
        let since = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
        database
            .execute(
                "INSERT INTO signing_key VALUES ('e1-old._domainkey.hooks.example.com', 1, ?1, ?2, 'current', ?3, NULL)",
                rusqlite::params![pkcs8.as_ref(), dns, since],
            )
            .unwrap();
        let tomorrow = since + 24 * 60 * 60 * 1000;
        for (id, profile, secret, old) in
            [("wh_a", "cavage", None, None), ("wh_b", "standard", Some(&secret), Some(&old_secret))]
        {
            database
                .execute(
                    "INSERT INTO webhook (id, environment, types, url, profile, format, digest_upper, status, file, content,
                                          created, secret, old_secret, old_secret_until)
                     VALUES (?1, 1, 'open', ?2, ?3, 'json', 0, 'active', 'smtpeter-x.txt', 'x', 0, ?4, ?5, ?6)",
                    rusqlite::params![
                        id,
                        format!("http://u:opensesame@{}/", receiver.address),
                        profile,
                        secret,
                        old,
                        old.map(|_| tomorrow)
                    ],
                )
                .unwrap();
        }
        assert!(holds(&everything(data.path()), secret.as_bytes()) && holds(&everything(data.path()), PKCS8));
    }
    let server = Server::start(data.path(), &["--key-domain", "hooks.example.com"]).await;
    for secret in [secret.as_bytes(), old_secret.as_bytes(), b"opensesame", PKCS8] {
        assert!(!holds(&everything(data.path()), secret), "left in the clear: {}", String::from_utf8_lossy(secret));
    }
    assert_eq!(keys(&server).await[0].keyid, "e1-old._domainkey.hooks.example.com");
    let host = receiver.address.to_string();
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    for (id, profile, key) in [
        ("wh_a", seinpost_protocol::verify::Profile::Cavage, Key::Record(&dns)),
        ("wh_b", seinpost_protocol::verify::Profile::Standard, Key::Secret(&secret)),
        ("wh_b", seinpost_protocol::verify::Profile::Standard, Key::Secret(&old_secret)),
    ] {
        server.client.post(&format!("/v1/webhooks/{id}/test"), &json!(null)).await.expect(200);
        let received = receiver.next().await;
        assert_eq!(received.header("authorization"), format!("Basic {}", STANDARD.encode("u:opensesame")));
        let report = report_by(profile, &received, &key, &host, now);
        assert!(report.ok(), "{id}: {report:?}");
    }
    server.terminate().await;
}

#[tokio::test]
async fn a_wrong_master_key_is_one_sentence() {
    let data = TempDir::new().unwrap();
    Server::start(data.path(), &[]).await.terminate().await;
    let other = data.path().join("other.key");
    std::fs::write(&other, STANDARD.encode([1; 32])).unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0"];

    let with_file = [&serve[..], &["--master-key", other.to_str().unwrap()]].concat();
    let (ok, _, error) = run(seinpost(data.path(), &with_file)).await;
    assert!(!ok && error.lines().count() == 1, "{error}");
    assert!(error.contains("is not the one that this database is sealed with"), "{error}");
    assert!(error.contains("--master-key or SEINPOST_MASTER_KEY"), "{error}");

    let mut command = seinpost(data.path(), &serve);
    command.env("SEINPOST_MASTER_KEY", STANDARD.encode([2; 32]));
    let (ok, _, error) = run(command).await;
    assert!(!ok && error.starts_with("seinpost: the master key of SEINPOST_MASTER_KEY ("), "{error}");
    assert!(!error.contains(&STANDARD.encode([2; 32])));

    let mut command = seinpost(data.path(), &serve);
    command.env("SEINPOST_MASTER_KEY", "too short");
    let (ok, _, error) = run(command).await;
    assert!(!ok && error.contains("a master key is 32 random bytes") && !error.contains("too short"), "{error}");

    // The key is lost: no other is made in its place.
    std::fs::rename(data.path().join("master.key"), data.path().join("kept")).unwrap();
    let (ok, _, error) = run(seinpost(data.path(), &serve)).await;
    assert!(!ok && error.lines().count() == 1 && error.contains("master.key is not there: put it back"), "{error}");
    std::fs::rename(data.path().join("kept"), data.path().join("master.key")).unwrap();
    Server::start(data.path(), &[]).await.terminate().await;
}

#[tokio::test]
async fn the_master_key_is_changed_and_everything_works_on() {
    let data = TempDir::new().unwrap();
    let elsewhere = TempDir::new().unwrap();
    let receiver = Receiver::start().await;
    let server = Server::start(data.path(), &[]).await;
    let hook = webhook(&server.client, &receiver, json!({"profile": "standard"})).await;
    let before = keys(&server).await;
    let first_key = std::fs::read(data.path().join("master.key")).unwrap();

    let (ok, _, error) = run(seinpost(data.path(), &["key", "reencrypt"])).await;
    assert!(!ok && error.contains("another Seinpost serves the data folder"), "{error}");
    server.terminate().await;

    let (ok, said, error) = run(seinpost(data.path(), &["key", "reencrypt"])).await;
    assert!(ok, "{error}");
    assert!(said.starts_with("3 secrets are sealed with a new master key"), "{said}");
    assert_ne!(std::fs::read(data.path().join("master.key")).unwrap(), first_key);
    Server::start(data.path(), &[]).await.terminate().await;

    // To a file elsewhere, which is made.
    let file = elsewhere.path().join("key");
    let to = ["key", "reencrypt", "--to", file.to_str().unwrap()];
    let (ok, said, error) = run(seinpost(data.path(), &to)).await;
    assert!(ok && said.contains("start with --master-key"), "{said}{error}");
    let (ok, _, error) = run(seinpost(data.path(), &["serve", "--listen", "127.0.0.1:0"])).await;
    assert!(!ok && error.contains("is not the one that this database is sealed with"), "{error}");
    let with_file = ["--master-key", file.to_str().unwrap()];
    let server = Server::start(data.path(), &with_file).await;
    assert_eq!(keys(&server).await, before);
    server.client.post(&format!("/v1/webhooks/{}/test", hook.id), &json!(null)).await.expect(200);
    assert!(receiver.next().await.header("webhook-signature").starts_with("v1,"));
    server.terminate().await;

    let arguments = [&["key", "reencrypt"][..], &with_file[..]].concat();
    let (ok, _, error) = run(seinpost(data.path(), &arguments)).await;
    assert!(!ok && error.contains("name the file of the new one with --to FILE"), "{error}");
}
