//! A change of the master key that is cut short, or made while others write, loses nothing.

use std::{fs, path::Path};

use seinpost_protocol::rest::PublishedKey;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    app::TestApp,
    process::{Server, run, seinpost},
    within,
};

const DOMAIN: [&str; 2] = ["--key-domain", "hooks.example.com"];

/// The keys, as a server shows them that is started for it and stopped.
async fn keys(data: &Path) -> Vec<PublishedKey> {
    let server = Server::start(data, &DOMAIN).await;
    let keys = server.client.get("/v1/keys").await.expect(200).json();
    server.terminate().await;
    keys
}

async fn reencrypt(data: &Path) -> (bool, String, String) {
    run(seinpost(data, &["key", "reencrypt"])).await
}

/// The first run ended after the database's commit, before the new key had its name.
#[tokio::test]
async fn a_change_of_the_master_key_is_repeated_after_it_was_cut_short() {
    let data = TempDir::new().unwrap();
    let before = keys(data.path()).await;
    let (key, next) = (data.path().join("master.key"), data.path().join("master.key.next"));
    let old = fs::read(&key).unwrap();
    let (ok, _, error) = reencrypt(data.path()).await;
    assert!(ok, "{error}");
    fs::rename(&key, &next).unwrap();
    fs::write(&key, &old).unwrap();
    let only = fs::read(&next).unwrap();

    let (ok, said, error) = reencrypt(data.path()).await;
    assert!(ok && said.contains("sealed with a new master key"), "{said}{error}");
    assert!(!next.exists());
    assert!(![&old, &only].contains(&&fs::read(&key).unwrap()), "it was made anew");
    assert_eq!(keys(data.path()).await, before);
}

/// The first run ended before it could say with which key to start from now on.
#[tokio::test]
async fn a_change_to_the_master_key_of_a_file_can_be_repeated() {
    let (data, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let before = keys(data.path()).await;
    let file = elsewhere.path().join("key");
    let to = ["key", "reencrypt", "--to", file.to_str().unwrap()];
    let mut kept = None;
    for _ in 0..2 {
        let (ok, said, error) = run(seinpost(data.path(), &to)).await;
        assert!(ok && said.contains("start with --master-key"), "{said}{error}");
        let key = fs::read(&file).unwrap();
        assert_eq!(*kept.get_or_insert_with(|| key.clone()), key, "it stays as it is");
    }
    let server = Server::start(data.path(), &[&DOMAIN[..], &["--master-key", file.to_str().unwrap()]].concat()).await;
    assert_eq!(server.client.get("/v1/keys").await.expect(200).json::<Vec<PublishedKey>>(), before);
    server.terminate().await;
    // A file with a key that is none of both changes nothing, and the error is of the key that was given.
    let other = elsewhere.path().join("other");
    fs::write(&other, "00".repeat(32)).unwrap();
    let (ok, _, error) = run(seinpost(data.path(), &["key", "reencrypt", "--to", other.to_str().unwrap()])).await;
    assert!(!ok && error.contains("master.key (") && error.contains("is not the one"), "{error}");
}

/// A limit on the size of files lets the change into the database's log, and not from there into the database.
#[cfg(unix)]
#[tokio::test]
async fn a_change_of_the_master_key_that_is_committed_is_not_said_to_have_failed() {
    let data = TempDir::new().unwrap();
    let before = keys(data.path()).await;
    let old = fs::read(data.path().join("master.key")).unwrap();
    let size = fs::metadata(data.path().join("seinpost.db")).unwrap().len();
    let limit = 128 * 1024;
    assert!(size > limit, "{size}");
    let mut command = tokio::process::Command::new("sh");
    // In units of 512 bytes (POSIX, ulimit). The signal would end it.
    command
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", limit / 512)])
        .arg(env!("CARGO_BIN_EXE_seinpost"))
        .args(["key", "reencrypt", "--data"])
        .arg(data.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let (ok, said, error) = run(command).await;
    assert!(error.contains("the database's log was not taken in"), "{said}{error}");
    assert!(ok && said.contains("sealed with a new master key"), "{said}{error}");
    assert_ne!(fs::read(data.path().join("master.key")).unwrap(), old);
    assert_eq!(keys(data.path()).await, before);
}

#[tokio::test]
async fn the_master_key_is_not_changed_while_a_command_works() {
    let data = TempDir::new().unwrap();
    keys(data.path()).await;
    // The command waits for its turn to write, with the key of before.
    let database = rusqlite::Connection::open(data.path().join("seinpost.db")).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let create = tokio::spawn(run(seinpost(data.path(), &["environment", "create", "Staging", DOMAIN[0], DOMAIN[1]])));
    within("the command's lock", async {
        loop {
            let lock = fs::File::options().write(true).open(data.path().join("seinpost.commands.lock"));
            if lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock))) {
                break;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    let (ok, _, error) = reencrypt(data.path()).await;
    assert!(!ok && error.lines().count() == 1, "{error}");
    assert!(error.contains("another command of Seinpost") && error.contains("wait until it has ended"), "{error}");
    database.execute_batch("ROLLBACK").unwrap();
    drop(database);
    let (ok, made, error) = create.await.unwrap();
    assert!(ok && made.starts_with("2  Staging"), "{made}{error}");

    let (ok, _, error) = reencrypt(data.path()).await;
    assert!(ok, "{error}");
    let server = Server::start(data.path(), &DOMAIN).await;
    let (ok, zone, error) = run(seinpost(data.path(), &["key", "--environment", "2", DOMAIN[0], DOMAIN[1]])).await;
    assert!(ok && zone.contains("; current: "), "{zone}{error}");
    server.terminate().await;
}

/// Whoever has the database open, without a lock or with one that the file system does not keep, writes nothing more.
#[tokio::test]
async fn nothing_is_sealed_with_the_master_key_of_before() {
    let app = TestApp::start().await;
    let data = app.folder.path();
    app.client.get("/v1/keys").await.expect(200);
    let body = json!({"type": "open", "url": "https://example.com/", "profile": "standard"});
    app.client.post("/v1/webhook", &body).await.expect(201);
    let (ok, _, error) = reencrypt(data).await;
    assert!(ok, "{error}");
    for _ in 0..2 {
        let reply = app.client.post("/v1/webhook", &body).await;
        assert!(reply.status >= 500, "{reply:?}");
    }
    let server = Server::start(data, &DOMAIN).await;
    let webhooks: Value = server.client.get("/v1/webhooks").await.expect(200).json();
    assert_eq!(webhooks["data"].as_array().unwrap().len(), 1, "{webhooks}");
    server.terminate().await;
}
