//! The command line, as its users run it.

use tempfile::TempDir;

use crate::support::{
    process::{Server, run, seinpost},
    within,
};

#[tokio::test]
async fn tokens_and_links_made_beside_a_running_server_work() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &[]).await;
    assert!(server.signin.starts_with(&format!("http://{}/signin#code=", server.client.address)), "{}", server.signin);
    let (ok, token, _) = run(seinpost(data.path(), &["token", "create", "--name", "ci"])).await;
    assert!(ok && token.starts_with("seinpost_"), "{token}");
    let mut client = server.client.clone();
    client.token = Some(token.trim().to_owned());
    client.get("/v1/webhooks").await.expect(200);
    let (ok, list, _) = run(seinpost(data.path(), &["token", "list"])).await;
    assert!(ok && list.contains("  ci\n") && list.contains("  bootstrap\n") && !list.contains(token.trim()), "{list}");
    let (ok, link, _) =
        run(seinpost(data.path(), &["signin-link", "--public-url", "https://hooks.example.com/"])).await;
    let code = link.trim().strip_prefix("https://hooks.example.com/signin#code=").unwrap();
    assert!(ok);
    client.token = None;
    client.post("/v1/session", &serde_json::json!({"code": code})).await.expect(201);
    let (ok, made, _) = run(seinpost(data.path(), &["environment", "create", "Staging"])).await;
    assert!(ok && made.starts_with("2  Staging  e2-"), "{made}");
    let (ok, list, _) = run(seinpost(data.path(), &["environment", "list"])).await;
    assert_eq!((ok, list.as_str()), (true, "1  Production\n2  Staging\n"));
    let (ok, _, error) = run(seinpost(data.path(), &["environment", "create", "Staging"])).await;
    assert_eq!((ok, error.trim()), (false, "seinpost: environment 2 has the name \"Staging\" already"));
    let framed = ["signin-link", "--framed"];
    let (ok, _, error) = run(seinpost(data.path(), &framed)).await;
    assert!(!ok && error.contains("name the origin of yours in frame_ancestors"), "{error}");
    let allowed = ["--frame-ancestors", "https://mail.example"];
    let (ok, link, error) = run(seinpost(data.path(), &[&framed[..], &allowed].concat())).await;
    assert!(ok && link.contains("/signin#code="), "{error}");
    for name in ["", " ", "Sta\nging", &"x".repeat(101)] {
        let (ok, _, error) = run(seinpost(data.path(), &["environment", "create", name])).await;
        assert!(!ok && error.contains("1 to 100 characters, none of them a control character"), "{name:?}: {error}");
    }
    let (ok, zone, _) = run(seinpost(data.path(), &["key", "--environment", "2"])).await;
    assert!(ok && zone.contains("._domainkey.hooks.localhost. 3600 IN TXT \"v=DKIM1;k=rsa;p=MII"), "{zone}");
    let (ok, next, _) = run(seinpost(data.path(), &["key", "rotate", "--environment", "2"])).await;
    assert!(ok && next.contains("; publish it: it signs from "), "{next}");
    let (ok, next, _) = run(seinpost(data.path(), &["key", "rotate", "--now", "--environment", "2"])).await;
    assert!(ok && next.contains(" signs from now on"), "{next}");
    let (_, zone, _) = run(seinpost(data.path(), &["key", "--environment", "2"])).await;
    assert_eq!(zone.lines().filter(|line| !line.starts_with(';')).count(), 2, "{zone}");
    let (ok, zone, _) = run(seinpost(data.path(), &["key", "export"])).await;
    assert!(ok && zone.starts_with("$ORIGIN _domainkey.hooks.localhost.\n; environment 1\n; current: "), "{zone}");
    let records = zone.lines().filter(|line| !line.starts_with([';', '$'])).collect::<Vec<_>>();
    assert_eq!(records.len(), 3, "{zone}");
    assert!(
        records.iter().all(|line| line.starts_with('e') && line.contains(" 3600 IN TXT \"v=DKIM1;k=rsa;p=")),
        "{zone}"
    );
    let (ok, shown, _) = run(seinpost(data.path(), &["key", "check"])).await;
    assert!(ok && shown.contains("(current): names below localhost are in nobody's DNS"), "{shown}");
    let (ok, _, error) = run(seinpost(data.path(), &["key", "--environment", "9"])).await;
    assert_eq!(
        (ok, error.trim()),
        (false, "seinpost: there is no such environment: `seinpost environment list` lists them")
    );
    let (said, ok) = server.terminate().await;
    assert!(ok);
    assert_eq!(said.last().map(String::as_str), Some("Stopped. Nothing waits."));
}

#[tokio::test]
async fn what_keeps_it_from_starting_is_said_in_a_sentence() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &[]).await;
    let address = server.client.address.to_string();
    let other = TempDir::new().unwrap();
    let (ok, _, error) = run(seinpost(other.path(), &["serve", "--listen", &address])).await;
    assert!(!ok);
    assert_eq!(
        error.trim(),
        format!(
            "seinpost: {address} is in use by another program. Stop that one, or choose another address with --listen"
        )
    );
    let (ok, _, error) = run(seinpost(data.path(), &["serve", "--listen", "127.0.0.1:0"])).await;
    assert!(!ok && error.contains("another Seinpost serves the data folder"), "{error}");
    let file = other.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (ok, _, error) = run(seinpost(&file.join("data"), &["serve", "--listen", "127.0.0.1:0"])).await;
    assert!(!ok && error.contains("the data folder") && error.lines().count() == 1, "{error}");
    let (ok, _, error) = run(seinpost(other.path(), &["serve", "--listen", "nowhere"])).await;
    assert!(
        !ok && error.starts_with("seinpost: listen = \"nowhere\" (from flag) cannot be used: an address and a port"),
        "{error}"
    );
    let (ok, _, error) = run(seinpost(other.path(), &["serve", "--config", "/missing.toml"])).await;
    assert!(!ok && error.contains("the configuration file /missing.toml cannot be read"), "{error}");
    // What is wrong in the file is told by its place: the line may hold a secret.
    let file = other.path().join("seinpost.toml");
    std::fs::write(&file, "concurrency = 7\nmaster_key = \"hunter2hunter2\n").unwrap();
    let (ok, _, error) = run(seinpost(other.path(), &["serve", "--config", file.to_str().unwrap()])).await;
    assert!(!ok && error.contains("seinpost.toml: line 2, column 29 (master_key): "), "{error}");
    assert!(!error.contains("hunter2") && error.lines().count() == 1, "{error}");

    // A database of a version to come, and one that is none.
    let newer = TempDir::new().unwrap();
    run(seinpost(newer.path(), &["environment", "list"])).await;
    let database = rusqlite::Connection::open(newer.path().join("seinpost.db")).unwrap();
    database.pragma_update(None, "user_version", 1000).unwrap();
    drop(database);
    let (ok, _, error) = run(seinpost(newer.path(), &["serve", "--listen", "127.0.0.1:0"])).await;
    assert!(!ok && error.contains("the database has version 1000") && error.lines().count() == 1, "{error}");
    let broken = TempDir::new().unwrap();
    std::fs::write(
        broken.path().join("seinpost.db"),
        "no database at all, but long enough to be taken for one".repeat(20),
    )
    .unwrap();
    let (ok, _, error) = run(seinpost(broken.path(), &["serve", "--listen", "127.0.0.1:0"])).await;
    assert!(!ok && error.contains("The file is damaged: restore a backup"), "{error}");
}

/// After the binary was replaced, the server of before still runs on the database of before.
#[tokio::test]
async fn a_database_is_not_migrated_under_a_server_that_runs() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), &[]).await;
    let database = rusqlite::Connection::open(data.path().join("seinpost.db")).unwrap();
    let version = || database.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).unwrap();
    let newest = version();
    let older = newest - 1;
    database.pragma_update(None, "user_version", older).unwrap();
    for command in [&["token", "list"][..], &["key"]] {
        let (ok, out, error) = run(seinpost(data.path(), command)).await;
        assert!(!ok && out.is_empty() && error.lines().count() == 1, "{command:?}: {out}{error}");
        assert!(error.contains("is older than this one, and so is its database: start it anew"), "{error}");
    }
    let (ok, _, error) = run(seinpost(data.path(), &["serve", "--listen", "127.0.0.1:0"])).await;
    assert!(!ok && error.contains("another Seinpost serves the data folder"), "{error}");
    assert_eq!(version(), older);

    // Of the same version, and of an older one without a server, it is opened.
    database.pragma_update(None, "user_version", newest).unwrap();
    let (ok, list, error) = run(seinpost(data.path(), &["token", "list"])).await;
    assert!(ok && list.contains("bootstrap"), "{error}");
    server.terminate().await;
    let other = TempDir::new().unwrap();
    rusqlite::Connection::open(other.path().join("seinpost.db")).unwrap();
    let (ok, token, error) = run(seinpost(other.path(), &["token", "create"])).await;
    assert!(ok && token.starts_with("seinpost_"), "{error}");
}

/// `seinpost config | head -3`: whoever has read enough is not told about a broken pipe.
#[tokio::test]
async fn a_command_whose_output_nobody_reads_any_more_ends_without_a_word() {
    let data = TempDir::new().unwrap();
    let mail = data.path().join("bounce.eml");
    std::fs::write(&mail, "Subject: Undelivered Mail Returned to Sender\n\n").unwrap();
    let mail = mail.to_str().unwrap();
    for command in [&["config"][..], &["openapi"], &["diagnose", mail], &["diagnose", "--json", mail]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command_line = seinpost(data.path(), command);
        let child = command_line.stdout(writer).spawn().unwrap();
        // The other end of the pipe is held by that process alone.
        drop(command_line);
        let output = within("its end", child.wait_with_output()).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{command:?}");
        assert!(!output.status.success(), "{command:?}");
    }
}

/// A mistyped folder would get keys of its own, and tokens that no server knows.
#[tokio::test]
async fn commands_make_no_store() {
    let parent = TempDir::new().unwrap();
    let data = parent.path().join("nope");
    for command in [
        &["token", "create"][..],
        &["token", "list"],
        &["environment", "create", "Staging"],
        &["key"],
        &["key", "rotate"],
        &["key", "reencrypt"],
        &["signin-link"],
    ] {
        let (ok, out, error) = run(seinpost(&data, command)).await;
        assert!(!ok && out.is_empty() && error.lines().count() == 1, "{command:?}: {out}{error}");
        assert!(error.contains(&format!("there is no Seinpost in the data folder {}", data.display())), "{error}");
        assert!(!data.exists(), "{command:?}");
    }
}

/// As after `VACUUM INTO`, whose copies anybody may read.
#[cfg(unix)]
#[tokio::test]
async fn a_database_from_a_backup_is_this_user_s_alone_from_then_on() {
    use std::os::unix::fs::PermissionsExt;
    let data = TempDir::new().unwrap();
    Server::start(data.path(), &[]).await.terminate().await;
    let database = data.path().join("seinpost.db");
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o644)).unwrap();
    let server = Server::start(data.path(), &[]).await;
    for file in ["seinpost.db", "seinpost.db-wal", "seinpost.db-shm"] {
        let mode = std::fs::metadata(data.path().join(file)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{file}");
    }
    server.terminate().await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_with_its_private_keys_is_this_user_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let parent = TempDir::new().unwrap();
    let data = parent.path().join("a").join("data");
    let server = Server::start(&data, &[]).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in ["seinpost.db", "seinpost.db-wal", "seinpost.db-shm"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
    server.terminate().await;
}

#[tokio::test]
async fn config_prints_what_is_in_force_and_where_it_came_from() {
    let data = TempDir::new().unwrap();
    let file = data.path().join("seinpost.toml");
    std::fs::write(&file, "concurrency = 7\nallow_target = [\"10.0.0.0/8\"]").unwrap();
    let mut command = seinpost(data.path(), &["config", "--listen", "[::1]:1234", "--config", file.to_str().unwrap()]);
    command.env("SEINPOST_BOOTSTRAP_TOKEN", "a-secret-that-is-long").env("SEINPOST_KEY_DOMAIN", "hooks.example.com");
    let (ok, out, _) = run(command).await;
    assert!(ok);
    for line in [
        "listen = \"[::1]:1234\"  # flag".to_owned(),
        "key_domain = \"hooks.example.com\"  # environment".into(),
        "bootstrap_token = \"***\"  # environment".into(),
        format!("concurrency = \"7\"  # file {}", file.display()),
        format!("allow_target = \"10.0.0.0/8\"  # file {}", file.display()),
        "call_timeout = \"15s\"  # default".into(),
    ] {
        assert!(out.lines().any(|each| each == line), "{line}\n{out}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_variable_that_cannot_be_read_is_named_and_not_passed_over() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let data = TempDir::new().unwrap();
    for variable in ["SEINPOST_KEY_DOMAIN", "SEINPOST_MASTER_KEY"] {
        let mut command = seinpost(data.path(), &["config"]);
        command.env(variable, OsStr::from_bytes(b"hunter2\xff"));
        let (ok, out, error) = run(command).await;
        assert!(!ok && out.is_empty() && error.contains(variable) && error.contains("is not UTF-8"), "{out}{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
