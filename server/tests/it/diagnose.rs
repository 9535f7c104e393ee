//! `seinpost diagnose`: what mails that came back mean, from the command line. That it says what the npm package's
//! command says is in `tests/e2e/diagnose.test.mjs`.

use std::fs;

use tempfile::TempDir;

use crate::support::process::{run, seinpost};

fn notice(words: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.org\r\nTo: news@shop.example\r\nSubject: failure notice\r\n\r\n\
         I wasn't able to deliver your message.\r\n\r\n<joe@example.net>:\r\n{words}\r\n"
    )
}

#[tokio::test]
async fn one_mail_is_shown_with_its_evidence_and_many_are_counted() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("full.eml"), notice("552 the mailbox is full\u{1b}[2J")).unwrap();
    fs::create_dir(path("more")).unwrap();
    let gone = notice("Sorry, no mailbox here by that name. (#5.1.1)");
    fs::write(path("more/gone.mbox"), format!("From a\n{gone}\nFrom b\n{gone}\n")).unwrap();
    fs::write(path(".hidden"), notice("552 the mailbox is full")).unwrap();
    let diagnose = async |arguments: &[&str]| {
        let mut all = vec!["diagnose"];
        all.extend(arguments);
        run(seinpost(folder.path(), &all)).await
    };

    let (ok, one, _) = diagnose(&[&path("full.eml")]).await;
    assert!(ok && one.contains("full.eml: soft\n  joe@example.net: mailbox-full\n    status: 552\n"), "{one}");
    assert!(one.contains(">>mailbox is full<<\\x1b[2J") && one.contains("  advice: "), "{one}");
    let (_, dutch, _) = diagnose(&["--lang", "nl", &path("full.eml")]).await;
    assert!(dutch.contains("  advies: ") && dutch.contains("    regel: "), "{dutch}");

    let (ok, table, _) = diagnose(&[&folder.path().display().to_string()]).await;
    let expected = format!(
        "{:<14}{:<24}{:>6}\n{:<14}{:<24}{:>6}\n3 mails\n",
        "hard", "no-such-user", 2, "soft", "mailbox-full", 1
    );
    assert_eq!((ok, table), (true, expected));

    let (_, lines, _) = diagnose(&["--json", &path("more")]).await;
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["file"], format!("{}:2", path("more/gone.mbox")));
    assert_eq!((&lines[1]["kind"], &lines[1]["recipients"][0]["status"]), (&"hard".into(), &"5.1.1".into()));

    let (ok, _, error) = diagnose(&[&path("nothing.eml")]).await;
    assert!(!ok && error.contains("nothing.eml cannot be read: "), "{error}");
    fs::create_dir(path("empty")).unwrap();
    let (ok, _, error) = diagnose(&[&path("empty")]).await;
    assert_eq!((ok, error.trim()), (false, "seinpost: no mail was found"));
}
