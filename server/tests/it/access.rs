//! Tokens, sign-in links and sessions.

use std::time::Duration;

use seinpost_protocol::rest::{Problem, Scope, Session};
use serde_json::json;

use crate::support::{
    app::TestApp,
    client::{Client, Reply},
};

fn anonymous(app: &TestApp) -> Client {
    Client { token: None, ..app.client.clone() }
}

async fn sign_in(client: &Client, code: &str) -> Reply {
    client.post("/v1/session", &json!({"code": code})).await
}

fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn without_a_known_token_nothing_is_answered() {
    let app = TestApp::start().await;
    for token in [None, Some("wrong".to_owned()), Some(String::new())] {
        let client = Client { token, ..app.client.clone() };
        for path in ["/v1/webhooks", "/v1/deliveries", "/v1/keys", "/v1/session", "/v1/deliveries/dlv_x"] {
            let reply = client.get(path).await.expect(401);
            let problem: Problem = reply.json();
            assert_eq!(problem.kind, "urn:seinpost:problem:unauthorized", "{path}");
            assert!(reply.header("www-authenticate").starts_with("Bearer"), "{path}");
        }
        client.event("{}").await.expect(401);
    }
    let basic = anonymous(&app).call("GET", "/v1/webhooks", &[("authorization", "Basic eA==")], "").await;
    basic.expect(401);
}

#[tokio::test]
async fn a_sign_in_link_works_once_and_for_ten_minutes() {
    let app = TestApp::start().await;
    let client = anonymous(&app);
    let code = app.code().await;
    let reply = sign_in(&client, &code).await.expect(201);
    let set = reply.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(set.contains(part), "{set}");
    }
    let session: Session = reply.json();
    assert_eq!((session.environment, session.key_domain.as_str()), (1, "hooks.example.com"));
    assert_eq!(session.retry_schedule, [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    let problem: Problem = sign_in(&client, &code).await.expect(401).json();
    assert!(problem.detail.unwrap().contains("used before"));

    let late = app.code().await;
    app.clock.advance(Duration::from_secs(600));
    sign_in(&client, &late).await.expect(401);
    sign_in(&client, "").await.expect(401);
    client.post("/v1/session", &json!({})).await.expect(422);

    // A token lets in too, more than once.
    let token = app.client.token.clone().unwrap();
    sign_in(&client, &token).await.expect(201);
    sign_in(&client, &token).await.expect(201);
}

#[tokio::test]
async fn a_session_reads_by_cookie_and_changes_only_with_its_header() {
    let app = TestApp::start().await;
    let client = anonymous(&app);
    let code = app.code().await;
    let reply = sign_in(&client, &code).await.expect(201);
    let (cookie, session) = (cookie(&reply), reply.json::<Session>());
    let signed_in = ("cookie", cookie.as_str());
    let again = client.call("GET", "/v1/session", &[signed_in], "").await.expect(200);
    assert_eq!(again.json::<Session>().csrf, session.csrf);
    client.call("GET", "/v1/webhooks", &[("cookie", &format!("a=b; {cookie}; c=d"))], "").await.expect(200);

    let json = ("content-type", "application/json");
    let body = r#"{"type":"open","url":"https://example.com/"}"#;
    client.call("POST", "/v1/webhook", &[signed_in, json], body).await.expect(403);
    client.call("POST", "/v1/webhook", &[signed_in, json, ("x-seinpost-session", "x")], body).await.expect(403);
    client.call("DELETE", "/v1/session", &[signed_in], "").await.expect(403);
    let csrf = ("x-seinpost-session", session.csrf.as_str());
    client.call("POST", "/v1/webhook", &[signed_in, json, csrf], body).await.expect(201);

    let out = client.call("DELETE", "/v1/session", &[signed_in, csrf], "").await.expect(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    client.call("GET", "/v1/webhooks", &[signed_in], "").await.expect(401);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours() {
    let app = TestApp::start().await;
    let client = anonymous(&app);
    let code = app.code().await;
    let cookie = cookie(&sign_in(&client, &code).await.expect(201));
    app.clock.advance(Duration::from_secs(12 * 3600 - 1));
    client.call("GET", "/v1/webhooks", &[("cookie", &cookie)], "").await.expect(200);
    app.clock.advance(Duration::from_secs(1));
    client.call("GET", "/v1/webhooks", &[("cookie", &cookie)], "").await.expect(401);
    client.call("GET", "/v1/session", &[("cookie", &cookie)], "").await.expect(401);
}

#[tokio::test]
async fn a_revoked_token_is_refused_at_once() {
    let app = TestApp::start().await;
    let (record, token) = app.app.access.create_token(1, "short-lived".into(), vec![Scope::Admin], None).await.unwrap();
    let client = Client { token: Some(token), ..app.client.clone() };
    client.get("/v1/webhooks").await.expect(200);
    assert!(!app.app.access.delete_token(2, record.id.clone()).await.unwrap(), "another environment's");
    assert!(app.app.access.delete_token(1, record.id).await.unwrap());
    client.get("/v1/webhooks").await.expect(401);
}
