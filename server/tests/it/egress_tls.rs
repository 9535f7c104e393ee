//! TLS: every way in which it fails is told with its likely cause and its cure.

use std::net::IpAddr;

use seinpost_protocol::rest::{ErrorKind, TlsVersion};
use seinpost_server::egress::{Call, Egress, Identity, Outcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    egress::{QUICK, assert_failed, call_to, egress, post, with},
    support::{
        app::Names,
        raw,
        receiver::Receiver,
        tls::{Authority, Made, self_signed},
        within,
    },
};

/// A way out that trusts an authority.
fn trusting(authority: &Authority) -> Egress {
    let here: Vec<IpAddr> = vec!["127.0.0.1".parse().unwrap()];
    with(Names(vec![("receiver.example", here.clone()), ("other.example", here)]), QUICK, Some(&authority.pem()))
}

async fn call(egress: &Egress, config: rustls::ServerConfig, identity: Option<Identity>) -> Outcome {
    let receiver = Receiver::start_tls(config).await;
    let url = format!("https://receiver.example:{}/", receiver.address.port());
    within("the call's end", egress.call(&Call { identity, ..call_to(&url, "body") })).await
}

#[tokio::test]
async fn certificates_are_verified_and_what_is_wrong_with_them_is_told() {
    let ours = Authority::new();
    let strangers = Authority::named("strangers");
    let egress = trusting(&ours);
    let good = ours.sign("receiver.example", |_| {});
    let outcome = call(&egress, ours.server(&good, true), None).await;
    assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{:?}", outcome.failure);
    let peer = outcome.peer.unwrap();
    assert_eq!((peer.address.to_string().as_str(), peer.tls), ("127.0.0.1", Some(TlsVersion::Tls13)));

    let expired = ours.sign("receiver.example", |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    let coming = ours.sign("receiver.example", |params| params.not_before = rcgen::date_time_ymd(3000, 1, 1));
    let other_name = ours.sign("other.example", |_| {});
    let foreign = strangers.sign("receiver.example", |_| {});
    let own = self_signed("receiver.example");
    for (config, cause, cure) in [
        (ours.server(&expired, true), "its certificate has expired", "renew it, and reload the web server"),
        (ours.server(&coming, true), "is not valid yet", "check the clock"),
        (ours.server(&other_name, true), "is for another name", "get one for receiver.example"),
        (ours.server(&own, false), "its certificate is self-signed", "get one from an authority"),
        (
            strangers.server(&foreign, true),
            "lead to CN=Root for strangers, an authority that is not trusted here",
            "--ca-file",
        ),
        (
            ours.server(&good, false),
            "(CN=Intermediate for tests) is not known",
            "does not send its intermediate certificate: configure the full chain",
        ),
    ] {
        let outcome = call(&egress, config, None).await;
        assert!(outcome.answer.is_none());
        // Somebody was there; nothing was agreed on.
        assert_eq!(outcome.peer.unwrap().tls, None);
        assert_failed(&outcome, ErrorKind::Tls, cause);
        assert_failed(&outcome, ErrorKind::Tls, cure);
    }
}

/// Answers the first bytes of the handshake with these.
async fn answers_hello(bytes: &'static [u8]) -> Outcome {
    let address = raw::listen(move |mut stream, _| async move {
        let mut hello = [0; 16];
        let _ = stream.read(&mut hello).await;
        let _ = stream.write_all(bytes).await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    })
    .await;
    post(&egress(), &format!("https://{address}/")).await
}

#[tokio::test]
async fn servers_that_speak_no_tls_or_an_old_one_are_told_apart() {
    let plain = answers_hello(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_failed(&plain, ErrorKind::Tls, "this port may speak plain HTTP");
    // The alerts protocol_version, insufficient_security, handshake_failure and unrecognized_name (RFC 8446 §6).
    for (alert, words) in [
        (&[21, 3, 1, 0, 2, 2, 70], "enable TLS 1.3, or TLS 1.2 with an ECDHE cipher"),
        (&[21, 3, 1, 0, 2, 2, 71], "it offers only old protocol versions or ciphers"),
        (&[21, 3, 1, 0, 2, 2, 40], "demands a client certificate (give the webhook one), or it offers only old"),
        (&[21, 3, 1, 0, 2, 2, 112], "it does not know the name 127.0.0.1"),
    ] {
        assert_failed(&answers_hello(alert).await, ErrorKind::Tls, words);
    }
    let silent = answers_hello(b"").await;
    assert_failed(&silent, ErrorKind::Timeout, "TLS handshake did not end");
}

#[tokio::test]
async fn a_handshake_that_drips_ends_with_the_time_to_connect() {
    let address = raw::listen(|mut stream, _| async move {
        // The head of a record of 16 KiB that comes byte by byte.
        let mut drops = tokio::time::interval(std::time::Duration::from_millis(20));
        for byte in [22, 3, 3, 64, 0].into_iter().chain(std::iter::repeat(0)) {
            drops.tick().await;
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
        }
    })
    .await;
    let outcome = post(&egress(), &format!("https://{address}/")).await;
    assert_failed(&outcome, ErrorKind::Timeout, "TLS handshake did not end");
    assert!(outcome.duration < QUICK.whole, "{:?}", outcome.duration);
}

fn identity(made: &Made, authority: &Authority) -> Identity {
    Identity::new(&(made.certificate.pem() + &authority.intermediate_pem()), &made.key_pem())
}

#[tokio::test]
async fn a_receiver_that_demands_a_certificate_gets_the_webhook_s() {
    let (servers, clients, strangers) = (Authority::new(), Authority::new(), Authority::named("strangers"));
    let egress = trusting(&servers);
    let server = servers.sign("receiver.example", |_| {});
    let good = identity(&clients.sign_client("seinpost"), &clients);
    let bad = identity(&strangers.sign_client("seinpost"), &strangers);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let config = || servers.demanding(&server, &[version], &clients);
        let outcome = call(&egress, config(), Some(good.clone())).await;
        assert_eq!(outcome.answer.map(|answer| answer.status), Some(200), "{version:?}: {:?}", outcome.failure);
        let outcome = call(&egress, config(), None).await;
        assert!(outcome.answer.is_none());
        assert_failed(&outcome, ErrorKind::Tls, "it demands a client certificate");
        let outcome = call(&egress, config(), Some(bad.clone())).await;
        assert_failed(&outcome, ErrorKind::Tls, "does not accept the webhook's client certificate");
    }
}

#[tokio::test]
async fn a_receiver_that_asks_for_a_certificate_and_closes_without_a_word_is_understood() {
    let (servers, clients) = (Authority::new(), Authority::new());
    let server = servers.sign("receiver.example", |_| {});
    let config = std::sync::Arc::new(servers.asking(&server, &clients));
    let address = raw::listen(move |stream, _| {
        let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::clone(&config));
        async move {
            // The handshake is done, and the connection gone: no alert.
            drop(acceptor.accept(stream).await);
        }
    })
    .await;
    let egress = trusting(&servers);
    let url = format!("https://receiver.example:{}/", address.port());
    let outcome = post(&egress, &url).await;
    assert_failed(&outcome, ErrorKind::Tls, "Most likely it demands a client certificate: give the webhook one");
    let known = Some(identity(&clients.sign_client("seinpost"), &clients));
    let outcome = egress.call(&Call { identity: known, ..call_to(&url, "body") }).await;
    assert_failed(&outcome, ErrorKind::Tls, "Most likely it does not accept the webhook's client certificate");
}

#[tokio::test]
async fn connections_of_one_identity_are_not_used_as_another() {
    let (servers, clients) = (Authority::new(), Authority::new());
    let egress = trusting(&servers);
    let config = servers.demanding(&servers.sign("receiver.example", |_| {}), rustls::DEFAULT_VERSIONS, &clients);
    let receiver = Receiver::start_tls(config).await;
    let url = format!("https://receiver.example:{}/", receiver.address.port());
    let known = Some(identity(&clients.sign_client("seinpost"), &clients));
    for _ in 0..2 {
        let outcome = egress.call(&Call { identity: known.clone(), ..call_to(&url, "body") }).await;
        assert_eq!(outcome.answer.unwrap().status, 200);
    }
    // The connection is kept, but not for one without a certificate; nor is the TLS session gone on with.
    assert_failed(&post(&egress, &url).await, ErrorKind::Tls, "it demands a client certificate");
}
