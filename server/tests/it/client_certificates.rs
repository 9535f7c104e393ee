//! Client certificates, set over the API and used towards a receiver that demands one.

use seinpost_protocol::rest::{Attempt, ClientCertificate, ErrorKind, Problem, Webhook};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{
    app::TestApp,
    process::Server,
    receiver::Receiver,
    tls::{Authority, self_signed},
};

#[tokio::test]
async fn a_webhook_proves_who_calls() {
    let data = TempDir::new().unwrap();
    let (servers, clients) = (Authority::new(), Authority::new());
    let config = servers.demanding(&servers.sign("localhost", |_| {}), rustls::DEFAULT_VERSIONS, &clients);
    let receiver = Receiver::start_tls(config).await;
    let ca_file = data.path().join("ca.pem");
    std::fs::write(&ca_file, servers.pem()).unwrap();
    let arguments = ["--ca-file", ca_file.to_str().unwrap(), "--allow-target", "::1"];
    let server = Server::start(data.path(), &arguments).await;
    let client = &server.client;
    let url = format!("https://localhost:{}/hook", receiver.address.port());
    let made: Webhook = client.post("/v1/webhook", &json!({"type": "open", "url": url})).await.expect(201).json();
    assert_eq!(made.client_certificate, None);
    receiver.put(&format!("/{}", made.verification.file), &made.verification.content);
    let path = format!("/v1/webhooks/{}", made.id);

    // Without it not even the verification file can be had.
    let refused = client.post(&format!("{path}/verify"), &json!(null)).await.expect(200);
    assert!(refused.text().contains("it demands a client certificate: give the webhook one"), "{}", refused.text());

    let identity = clients.sign_client("seinpost");
    let chain = identity.certificate.pem() + &clients.intermediate_pem();
    let body = json!({"certificate": chain, "key": identity.key_pem()}).to_string();
    let json = [("content-type", "application/json")];
    let certificate = format!("{path}/client-certificate");
    let read = client.get(&path).await.expect(200);
    let unchanged = [json[0], ("if-match", read.header("etag"))];
    let set = client.call("PUT", &certificate, &unchanged, body.clone()).await.expect(200);
    assert_eq!(set.header("etag"), client.get(&path).await.expect(200).header("etag"));
    assert_eq!(set.header("etag"), client.get(&certificate).await.expect(200).header("etag"));
    client.call("PUT", &certificate, &unchanged, body).await.expect(412);
    let shown: ClientCertificate = set.json();
    assert!(shown.subject.contains("CN=seinpost"), "{shown:?}");
    assert!(shown.issuer.contains("CN=Intermediate for tests"), "{shown:?}");
    assert_eq!(shown.chain, 2);
    assert!(
        client.post(&format!("{path}/verify"), &json!(null)).await.expect(200).text().contains("\"verified\":true")
    );
    let attempt: Attempt = client.post(&format!("{path}/test"), &json!(null)).await.expect(200).json();
    assert!(attempt.accepted(), "{attempt:?}");

    // It is shown, and its key nowhere.
    let webhook = client.get(&path).await.expect(200);
    assert_eq!(webhook.json::<Webhook>().client_certificate.as_ref(), Some(&shown));
    let alone = client.get(&certificate).await.expect(200);
    assert_eq!(alone.json::<ClientCertificate>(), shown);
    let history = client.get(&format!("{path}/history")).await.expect(200);
    for text in [set.text(), webhook.text(), alone.text(), history.text()] {
        assert!(!text.contains("PRIVATE KEY") && !text.contains("BEGIN"), "{text}");
    }
    assert!(history.text().contains("client_certificate: "), "{}", history.text());
    server.terminate().await;
    let database = std::fs::read(data.path().join("seinpost.db")).unwrap();
    assert!(!database.windows(11).any(|window| window == b"PRIVATE KEY"), "the key is sealed");

    // It is still there after a restart, until it is taken away.
    let server = Server::start(data.path(), &arguments).await;
    let client = &server.client;
    let attempt: Attempt = client.post(&format!("{path}/test"), &json!(null)).await.expect(200).json();
    assert!(attempt.accepted(), "{attempt:?}");
    client.delete(&certificate).await.expect(204);
    client.delete(&certificate).await.expect(404);
    client.get(&certificate).await.expect(404);
    let attempt: Attempt = client.post(&format!("{path}/test"), &json!(null)).await.expect(200).json();
    assert_eq!(attempt.error.map(|error| error.kind), Some(ErrorKind::Tls));
    server.terminate().await;
}

#[tokio::test]
async fn what_cannot_be_used_names_the_field_and_the_cure() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    let path = format!("/v1/webhooks/{}/client-certificate", webhook.id);
    let (one, other) = (self_signed("one.example"), self_signed("other.example"));
    let old = Authority::new().sign("old.example", |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    for (certificate, key, variable, words) in [
        (String::new(), one.key_pem(), "certificate", "BEGIN CERTIFICATE"),
        (one.certificate.pem(), String::new(), "key", "BEGIN PRIVATE KEY"),
        (one.certificate.pem(), other.key_pem(), "key", "not the key of the first certificate"),
        (old.certificate.pem(), old.key_pem(), "certificate", "has expired on 2021-01-01"),
    ] {
        let body = json!({"certificate": certificate, "key": key}).to_string();
        let reply = app.client.call("PUT", &path, &[("content-type", "application/json")], body).await.expect(422);
        let problem: Problem = reply.json();
        assert_eq!(problem.errors[0].variable.as_deref(), Some(variable), "{problem:?}");
        assert!(problem.errors[0].detail.contains(words), "{problem:?}");
        assert!(!reply.text().contains(&one.key_pem()[40..60]), "the key is shown");
    }
    app.other_environment().await.get(&path).await.expect(404);
}
