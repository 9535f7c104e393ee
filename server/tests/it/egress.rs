//! The only way out, against receivers of every bad kind.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use seinpost_protocol::rest::ErrorKind;
use seinpost_server::egress::{self, Call, Egress, Limits, Outcome, Resolve, ResolveError, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{app::Names, raw, within};

pub(crate) const QUICK: Limits = Limits {
    connect: Duration::from_millis(400),
    whole: Duration::from_millis(800),
    body: 64 * 1024,
    head: 64 * 1024,
    idle: Duration::from_secs(60),
    idle_per_host: 4,
    idle_in_all: 8,
};

pub(crate) fn egress() -> Egress {
    with(Names(vec![("receiver.example", vec!["127.0.0.1".parse().unwrap()])]), QUICK, None)
}

pub(crate) fn with(names: impl Resolve, limits: Limits, authority: Option<&str>) -> Egress {
    let tls = egress::trust(authority.map(str::as_bytes)).unwrap();
    Egress::new(Arc::new(names), tls, None, vec!["127.0.0.1/32".parse().unwrap()], limits)
}

pub(crate) fn call_to(url: &str, body: &str) -> Call {
    let target = Target::parse(url).unwrap();
    let headers = vec![("host".into(), target.authority().to_owned())];
    Call { method: http::Method::POST, target, headers, body: Bytes::copy_from_slice(body.as_bytes()), identity: None }
}

pub(crate) async fn post(egress: &Egress, url: &str) -> Outcome {
    within("the call's end", egress.call(&call_to(url, "body"))).await
}

#[track_caller]
pub(crate) fn assert_failed(outcome: &Outcome, kind: ErrorKind, words: &str) {
    let failure = outcome.failure.as_ref().unwrap_or_else(|| panic!("no failure: {outcome:?}"));
    assert_eq!(failure.kind, kind, "{failure:?}");
    assert!(failure.detail.contains(words), "{words}: {failure:?}");
}

#[tokio::test]
async fn private_targets_are_refused_by_address_and_by_name() {
    let names = Names(vec![
        ("inside.example", vec!["10.0.0.1".parse().unwrap()]),
        ("metadata.example", vec!["::ffff:169.254.169.254".parse().unwrap()]),
    ]);
    let egress = with(names, QUICK, None);
    for (url, words) in [
        ("http://10.0.0.1/", "10.0.0.1 is not called: private"),
        ("http://127.0.0.2/", "this machine itself"),
        ("http://169.254.169.254/latest/meta-data/", "where clouds keep their metadata"),
        ("http://[::1]:8080/", "is not called"),
        ("http://[::ffff:169.254.169.254]/", "link-local"),
        ("http://[64:ff9b::a9fe:a9fe]/", "link-local"),
        ("http://[2002:0a00:0001::]/", "private"),
        ("http://0x0a000001/", "private"),
        ("http://inside.example/", "inside.example has the address 10.0.0.1, which is not called: private"),
        ("http://metadata.example/", "link-local"),
    ] {
        let outcome = post(&egress, url).await;
        assert_failed(&outcome, ErrorKind::RefusedTarget, words);
        assert!(outcome.answer.is_none());
    }
}

#[tokio::test]
async fn a_name_with_a_public_address_and_a_link_local_one_uses_the_good_one() {
    let address = raw::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let names = Names(vec![("mixed.example", vec!["fe80::1".parse().unwrap(), "127.0.0.1".parse().unwrap()])]);
    let outcome = post(&with(names, QUICK, None), &format!("http://mixed.example:{}/", address.port())).await;
    assert!(outcome.answer.as_ref().unwrap().is_success());
    // The refused one is noted, whatever came of it.
    let note = "The name also has the address fe80::1, which is not called: link-local";
    assert_failed(&outcome, ErrorKind::RefusedTarget, note);

    // Also by the next call over the same connection.
    let kept = raw::listen(|mut stream, _| async move {
        while !raw::read_request(&mut stream).await.is_empty() {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        }
    })
    .await;
    let names = Names(vec![("mixed.example", vec!["fe80::1".parse().unwrap(), "127.0.0.1".parse().unwrap()])]);
    let egress = with(names, QUICK, None);
    for _ in 0..2 {
        let outcome = post(&egress, &format!("http://mixed.example:{}/", kept.port())).await;
        assert_failed(&outcome, ErrorKind::RefusedTarget, note);
    }
    let silent = raw::answering("").await;
    let outcome = post(&egress, &format!("http://mixed.example:{}/", silent.port())).await;
    assert_failed(&outcome, ErrorKind::Connect, &format!("refused it. {note}"));

    let names = Names(vec![("mixed.example", vec!["fe80::1".parse().unwrap(), "127.0.0.1".parse().unwrap()])]);
    let outcome = post(&with(names, QUICK, None), &format!("http://mixed.example:{}/", closed_port().await)).await;
    assert_eq!(outcome.peer, None);
    assert_failed(&outcome, ErrorKind::Connect, "Nothing listens at 127.0.0.1");
    assert_failed(&outcome, ErrorKind::Connect, "also has the address fe80::1, which is not called: link-local");
}

pub(crate) async fn closed_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// First answers a good address, then a bad one, as an attacker's name server would.
struct Rebinding(AtomicUsize);

#[async_trait]
impl Resolve for Rebinding {
    async fn resolve(&self, _: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let first = self.0.fetch_add(1, Ordering::SeqCst) == 0;
        Ok(vec![if first { "127.0.0.1" } else { "10.0.0.1" }.parse().unwrap()])
    }

    async fn txt(&self, _: &str) -> Result<Vec<Vec<u8>>, ResolveError> {
        Err(ResolveError::NotFound)
    }
}

#[tokio::test]
async fn dns_rebinding_changes_nothing_as_the_address_that_was_checked_is_the_one_connected_to() {
    let address = raw::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    let egress = with(Rebinding(AtomicUsize::new(0)), QUICK, None);
    let url = format!("http://rebinding.example:{}/", address.port());
    assert_eq!(post(&egress, &url).await.answer.unwrap().status, 200);
    assert_failed(&post(&egress, &url).await, ErrorKind::RefusedTarget, "10.0.0.1");
}

struct Silent;

#[async_trait]
impl Resolve for Silent {
    async fn resolve(&self, _: &str) -> Result<Vec<IpAddr>, ResolveError> {
        std::future::pending().await
    }

    async fn txt(&self, _: &str) -> Result<Vec<Vec<u8>>, ResolveError> {
        Err(ResolveError::NotFound)
    }
}

#[tokio::test]
async fn names_that_do_not_resolve_are_told_apart() {
    assert_failed(
        &post(&egress(), "http://missing.example/").await,
        ErrorKind::Dns,
        "missing.example has no address in DNS",
    );
    assert_failed(
        &post(&with(Silent, QUICK, None), "http://slow.example/").await,
        ErrorKind::Dns,
        "could not be looked up within 0.4 s.",
    );
}

#[tokio::test]
async fn the_host_is_the_name_and_the_request_is_as_it_was_given() {
    let (heads, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let address = raw::listen(move |mut stream, _| {
        let heads = heads.clone();
        async move {
            let _ = heads.send(raw::read_request(&mut stream).await);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        }
    })
    .await;
    let url = format!("http://user:p%40ss@receiver.example:{}/a%20b/[x]?q=~,;[{{|}}", address.port());
    let outcome = post(&egress(), &url).await;
    assert_eq!(outcome.answer.unwrap().status, 204);
    let head = seen.recv().await.unwrap();
    assert!(head.starts_with("POST /a%20b/[x]?q=~,;[{|} HTTP/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("\r\nHost: receiver.example:{}\r\n", address.port())), "{head}");
    assert!(head.contains("\r\nAuthorization: Basic dXNlcjpwQHNz\r\n"), "{head}");
    assert!(head.contains("\r\nContent-Length: 4\r\n"), "{head}");
}

#[tokio::test]
async fn redirects_are_not_followed_and_their_target_is_told() {
    let address = raw::answering(
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://receiver.example/new\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let outcome = post(&egress(), &format!("http://{address}/old")).await;
    assert_eq!(outcome.answer.as_ref().unwrap().status, 301);
    assert_failed(&outcome, ErrorKind::Protocol, "redirects to https://receiver.example/new");
    assert_failed(&outcome, ErrorKind::Protocol, "make it the webhook's URL");

    // Also where the rest of the answer is missing.
    let broken = "HTTP/1.1 301 Moved Permanently\r\nLocation: /new\r\nContent-Length: 9\r\n\r\nabc";
    let address = raw::answering(broken).await;
    let outcome = post(&egress(), &format!("http://{address}/old")).await;
    assert_failed(&outcome, ErrorKind::Protocol, &format!("redirects to http://{address}/new"));
    assert_failed(&outcome, ErrorKind::Protocol, "broke off in its body");

    // And however long its name for that is.
    let long =
        format!("HTTP/1.1 301 Moved Permanently\r\nLocation: /{}\r\nContent-Length: 0\r\n\r\n", "n".repeat(60_000));
    let outcome = post(&egress(), &format!("http://{}/old", raw::answering(long).await)).await;
    let detail = outcome.failure.unwrap().detail;
    assert!(detail.starts_with("The receiver redirects to /nnn") && detail.len() < 5000, "{}", detail.len());
}

#[tokio::test]
async fn interim_answers_are_skipped_within_bounds_and_101_is_a_failure() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let address =
        raw::answering(format!("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n{ok}"))
            .await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    assert_eq!((outcome.answer.unwrap().status, outcome.failure), (200, None));

    let endless =
        "HTTP/1.1 103 Early Hints\r\nLink: </aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>\r\n\r\n"
            .repeat(20_000);
    let address = raw::answering(endless).await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    assert_failed(&outcome, ErrorKind::Protocol, "larger than 64 KiB");

    let address = raw::answering("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n").await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    assert_failed(&outcome, ErrorKind::Protocol, "101");
    assert!(!outcome.answer.is_some_and(|answer| answer.is_success()));
}

#[tokio::test]
async fn heads_without_end_or_without_sense_are_failures_in_words() {
    let endless = format!("HTTP/1.1 200 OK\r\n{}", "X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(10_000));
    for (bytes, kind, words) in [
        (endless, ErrorKind::Protocol, ""),
        (format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(300_000)), ErrorKind::Protocol, "larger than 64 KiB"),
        ("HTTP/1.1 200 OK\r\nContent-Le".into(), ErrorKind::Protocol, "broke off in its head"),
        ("SSH-2.0-OpenSSH_9.2\r\n".into(), ErrorKind::Protocol, "no HTTP/1.1"),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n".into(), ErrorKind::Protocol, ""),
        (String::new(), ErrorKind::Connect, "closed the connection without an answer"),
    ] {
        let shown: String = bytes.chars().take(30).collect();
        let address = raw::answering(bytes).await;
        let outcome = post(&egress(), &format!("http://{address}/")).await;
        assert!(outcome.answer.is_none(), "{shown}: {outcome:?}");
        assert_failed(&outcome, kind, words);
    }
}

#[tokio::test]
async fn an_answer_with_very_many_fields_is_judged_by_its_status() {
    let fields: String = (0..150).map(|n| format!("X-{n}: {n}\r\n")).collect();
    // The last says where the body ends.
    let bytes = format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: 2\r\n\r\nok");
    let address = raw::answering(bytes).await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    assert_failed(&outcome, ErrorKind::Protocol, "has 151 header fields, of which the first 100 are kept");
    let answer = outcome.answer.unwrap();
    assert_eq!((answer.status, answer.body.as_slice(), answer.truncated), (200, b"ok".as_slice(), false));
    assert_eq!((answer.headers.len(), answer.header("x-99")), (100, Some("99")));

    // One that comes in pieces, of which the first has more than that.
    let (head, rest) = (format!("HTTP/1.1 200 OK\r\n{fields}"), "Content-Length: 0\r\n\r\n");
    let address = raw::listen(move |mut stream, _| {
        let head = head.clone();
        async move {
            raw::read_request(&mut stream).await;
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(rest.as_bytes()).await;
            raw::read_request(&mut stream).await;
        }
    })
    .await;
    assert_eq!(post(&egress(), &format!("http://{address}/")).await.answer.map(|answer| answer.status), Some(200));
}

#[tokio::test]
async fn a_receiver_that_never_answers_times_out() {
    let address = raw::listen(|mut stream, _| async move {
        raw::read_request(&mut stream).await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    })
    .await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    assert_failed(&outcome, ErrorKind::Timeout, "No answer within 0.8 s.");

    // It does not even read.
    let address = raw::listen(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let call = call_to(&format!("http://{address}/"), &"x".repeat(16 * 1024 * 1024));
    let outcome = within("the call's end", egress().call(&call)).await;
    assert_failed(&outcome, ErrorKind::Timeout, "No answer within 0.8 s.");
}

#[test]
fn a_call_gets_five_seconds_to_connect_fifteen_in_all_and_64_kib_of_an_answer() {
    let Limits { connect, whole, body, head, .. } = Limits::default();
    assert_eq!((connect.as_secs(), whole.as_secs(), body, head), (5, 15, 64 * 1024, 64 * 1024));
}

#[tokio::test]
async fn a_head_that_drips_is_cut_by_the_clock() {
    let address = raw::listen(|mut stream, _| async move {
        raw::read_request(&mut stream).await;
        let mut drops = tokio::time::interval(Duration::from_millis(20));
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: ".iter().chain(std::iter::repeat(&b'a')) {
            drops.tick().await;
            if stream.write_all(&[*byte]).await.is_err() {
                return;
            }
        }
    })
    .await;
    let outcome = post(&egress(), &format!("http://{address}/")).await;
    assert!(outcome.answer.is_none());
    assert_failed(&outcome, ErrorKind::Timeout, "The head of the answer did not end within 0.8 s.");
    assert!(outcome.duration < Duration::from_secs(5), "{:?}", outcome.duration);
}

#[tokio::test]
async fn odd_header_fields_are_recorded_as_they_came() {
    let bytes =
        b"HTTP/1.1 200 OK\r\nX-Empty:\r\nX-Latin: caf\xe9\r\nX-Twice: a\r\nX-Twice: b\r\nContent-Length: 0\r\n\r\n";
    let address = raw::answering(bytes.to_vec()).await;
    let answer = post(&egress(), &format!("http://{address}/")).await.answer.unwrap();
    let fields: Vec<_> = answer.headers.iter().collect();
    assert_eq!(
        fields,
        [
            ("x-empty", b"".as_slice()),
            ("x-latin", b"caf\xe9"),
            ("x-twice", b"a"),
            ("x-twice", b"b"),
            ("content-length", b"0")
        ]
    );
}
