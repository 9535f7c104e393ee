//! Tokens: what they may do, until when, and what is kept of them.

use std::time::Duration;

use seinpost_protocol::rest::{AuditEntry, Page, Problem, Scope, Timestamp, Token, TokenCreated};
use serde_json::{Value, json};

use tempfile::TempDir;

use crate::support::{
    app::{BEGIN, TestApp},
    client::Client,
    process::Server,
};

async fn made(client: &Client, body: Value) -> (TokenCreated, Client) {
    let reply = client.post("/v1/tokens", &body).await.expect(201);
    assert_eq!(reply.header("cache-control"), "no-store");
    let created: TokenCreated = reply.json();
    let client = Client { token: Some(created.token.clone()), ..client.clone() };
    (created, client)
}

async fn listed(client: &Client) -> Vec<Token> {
    client.get("/v1/tokens").await.expect(200).json::<Page<Token>>().data
}

#[tokio::test]
async fn a_token_is_shown_once_and_kept_as_its_hash() {
    let app = TestApp::start().await;
    let (created, client) =
        made(&app.client, json!({"name": " CRM ", "scopes": ["webhooks:read", "events:write"]})).await;
    let secret = created.token.strip_prefix("seinpost_").unwrap();
    assert_eq!(secret.len(), 43, "256 bits in base64");
    assert_eq!((created.about.name.as_str(), created.about.last_used), ("CRM", None));
    assert_eq!(created.about.scopes, [Scope::EventsWrite, Scope::WebhooksRead]);
    client.get("/v1/webhooks").await.expect(200);
    let tokens = listed(&app.client).await;
    assert_eq!(
        tokens.iter().filter(|token| token.current).map(|token| token.name.as_str()).collect::<Vec<_>>(),
        ["test"]
    );
    let listed = tokens.iter().find(|token| token.id == created.about.id).unwrap();
    assert_eq!((listed.current, listed.last_used), (false, Some(Timestamp::from_millis(BEGIN))));
    for file in std::fs::read_dir(app.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "the token is on the disk");
    }
}

#[tokio::test]
async fn the_last_use_is_exact_to_the_minute() {
    let app = TestApp::start().await;
    app.client.get("/v1/webhooks").await.expect(200);
    app.clock.advance(Duration::from_secs(59));
    app.client.get("/v1/webhooks").await.expect(200);
    assert_eq!(listed(&app.client).await[0].last_used, Some(Timestamp::from_millis(BEGIN)));
    app.clock.advance(Duration::from_secs(1));
    app.client.get("/v1/webhooks").await.expect(200);
    // It was remembered for a few seconds.
    app.clock.advance(Duration::from_secs(5));
    assert_eq!(listed(&app.client).await[0].last_used, Some(Timestamp::from_millis(BEGIN + 65_000)));
}

#[tokio::test]
async fn a_token_ends_when_its_time_has_come() {
    let app = TestApp::start().await;
    let expires = Timestamp::from_millis(BEGIN + 60_000);
    let (_, client) = made(&app.client, json!({"name": "a", "scopes": ["admin"], "expires": expires})).await;
    let session = client.post("/v1/session", &json!({"code": client.token})).await.expect(201);
    assert!(session.header("set-cookie").contains("Max-Age=60"), "a session does not outlast its token");
    app.clock.set(BEGIN + 59_999);
    client.get("/v1/webhooks").await.expect(200);
    app.clock.set(BEGIN + 60_000);
    client.get("/v1/webhooks").await.expect(401);
    assert_eq!(listed(&app.client).await.len(), 1, "what has ended is not listed");
}

#[tokio::test]
async fn a_revoked_token_takes_its_sessions_along() {
    let app = TestApp::start().await;
    let (created, client) = made(&app.client, json!({"name": "a", "scopes": ["webhooks:read"]})).await;
    let session = client.post("/v1/session", &json!({"code": client.token})).await.expect(201);
    let cookie = session.header("set-cookie").split(';').next().unwrap().to_owned();
    let anonymous = Client { token: None, ..client.clone() };
    anonymous.call("GET", "/v1/webhooks", &[("cookie", &cookie)], "").await.expect(200);
    app.client.delete(&format!("/v1/tokens/{}", created.about.id)).await.expect(204);
    client.get("/v1/webhooks").await.expect(401);
    anonymous.call("GET", "/v1/webhooks", &[("cookie", &cookie)], "").await.expect(401);
    let log: Page<AuditEntry> = app.client.get("/v1/audit?kind=session").await.expect(200).json();
    let kinds: Vec<_> = log.data.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["session.ended", "session.began"]);
    app.client.delete(&format!("/v1/tokens/{}", created.about.id)).await.expect(404);
}

#[tokio::test]
async fn what_cannot_be_a_token_is_named() {
    let app = TestApp::start().await;
    let past = Timestamp::from_millis(BEGIN);
    for (field, body) in [
        ("name", json!({"name": " ", "scopes": ["admin"]})),
        ("name", json!({"name": "x".repeat(101), "scopes": ["admin"]})),
        ("scopes", json!({"name": "a", "scopes": []})),
        ("scopes[0]", json!({"name": "a", "scopes": ["webhooks:delete"]})),
        ("expires", json!({"name": "a", "scopes": ["admin"], "expires": past})),
    ] {
        let problem: Problem = app.client.post("/v1/tokens", &body).await.expect(422).json();
        assert_eq!(problem.errors[0].variable.as_deref(), Some(field), "{body}: {problem:?}");
    }
}

#[tokio::test]
async fn every_operation_wants_its_scope() {
    let app = TestApp::start().await;
    let document = seinpost_server::api::document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(scope) = operation["security"][0]["token"][0].as_str() else { continue };
            let needed: Scope = scope.parse().unwrap();
            let others: Vec<_> = Scope::ALL.into_iter().filter(|scope| !scope.includes(needed)).collect();
            let place = path.replace(['{', '}'], "");
            let method = method.to_uppercase();
            if !others.is_empty() {
                let without = app.client_with(&others).await;
                let reply = without.call(&method, &place, &[("content-type", "application/json")], "{}").await;
                let problem: Problem = reply.expect(403).json();
                assert!(problem.detail.as_ref().unwrap().contains(scope), "{method} {path}: {problem:?}");
            }
            let with = app.client_with(&[needed]).await;
            // A stream does not end; that it is given is seen from its head.
            let is_stream = operation["responses"]["200"]["content"]["text/event-stream"].is_object();
            let method = if is_stream { "HEAD".to_owned() } else { method };
            let reply = with.call(&method, &place, &[("content-type", "application/json")], "nothing").await;
            assert!(![401, 403].contains(&reply.status), "{method} {path}: {}", reply.text());
        }
    }
}

/// `seinpost token revoke` is another process: the server remembers the token for some seconds, but begins nothing with it.
#[tokio::test]
async fn a_token_that_another_process_revoked_begins_no_session() {
    let app = TestApp::start().await;
    let (created, client) = made(&app.client, json!({"name": "a", "scopes": ["webhooks:read"]})).await;
    client.get("/v1/webhooks").await.expect(200);
    assert!(app.app.store.delete_token(1, created.about.id.clone()).await.unwrap());
    client.get("/v1/webhooks").await.expect(200);
    let anonymous = Client { token: None, ..client.clone() };
    anonymous.post("/v1/session", &json!({"code": client.token})).await.expect(401);
    let log: Page<AuditEntry> = app.client.get("/v1/audit?kind=session").await.expect(200).json();
    assert_eq!(log.data, []);
}

#[tokio::test]
async fn a_form_holds_numbers_booleans_and_lists_of_one() {
    let app = TestApp::start().await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let send = async |path: &str, form_body: &str| app.client.call("POST", path, &form, form_body.to_owned()).await;
    let token: TokenCreated = send("/v1/tokens", "name=a&scopes=webhooks:read").await.expect(201).json();
    assert_eq!(token.about.scopes, [Scope::WebhooksRead]);
    send("/v1/signin-links", "scopes[]=admin&framed=false&link_seconds=60").await.expect(201);
    let webhook: Value =
        send("/v1/webhook", "type=open&url=https://example.com/&concurrency=4&diagnosis=true").await.expect(201).json();
    assert_eq!((&webhook["concurrency"], &webhook["diagnosis"]), (&json!(4), &json!(true)));
    let problem: Problem = send("/v1/signin-links", "scopes=admin&link_seconds=soon").await.expect(422).json();
    assert_eq!(problem.errors[0].variable.as_deref(), Some("link_seconds"));
}

#[tokio::test]
async fn a_bootstrap_token_that_is_replaced_is_of_no_use_any_more() {
    let data = TempDir::new().unwrap();
    let start = async |token| Server::start_with_token(data.path(), token, &[]).await;
    let server = start(Some("the-first-bootstrap-token")).await;
    let first = server.client.clone();
    let (_, person) = made(&first, json!({"name": "bootstrap", "scopes": ["admin"]})).await;
    let session = first.post("/v1/session", &json!({"code": first.token})).await.expect(201);
    let cookie = session.header("set-cookie").split(';').next().unwrap().to_owned();
    server.terminate().await;
    // The same one once more, and none: nothing is revoked.
    for token in [Some("the-first-bootstrap-token"), None] {
        let server = start(token).await;
        let client = Client { address: server.client.address, ..first.clone() };
        assert_eq!(listed(&client).await.len(), 2);
        server.terminate().await;
    }

    let server = start(Some("the-second-bootstrap-token")).await;
    let here = |client: &Client| Client { address: server.client.address, ..client.clone() };
    here(&first).get("/v1/webhooks").await.expect(401);
    let nobody = Client { token: None, ..server.client.clone() };
    nobody.call("GET", "/v1/webhooks", &[("cookie", &cookie)], "").await.expect(401);
    // One that a person gave the same name stays.
    here(&person).get("/v1/webhooks").await.expect(200);
    let names: Vec<_> = listed(&server.client).await.into_iter().map(|token| token.name).collect();
    assert_eq!(names, ["bootstrap", "bootstrap"]);
    let revoked: Page<AuditEntry> = server.client.get("/v1/audit?kind=token.revoked").await.expect(200).json();
    let [entry] = &revoked.data[..] else { panic!("{revoked:?}") };
    assert_eq!((entry.actor.kind.as_str(), entry.object.name.as_deref()), ("server", Some("bootstrap")));
    server.terminate().await;
}
