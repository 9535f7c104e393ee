//! A platform lets its customers into the dashboard, also in a frame in its own pages.

use std::{sync::Arc, time::Duration};

use seinpost_protocol::rest::{Scope, Session, Settings, SigninLink};
use seinpost_server::dashboard::{Branding, Logo};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    app::TestApp,
    client::{Client, Reply},
};

async fn link(client: &Client, body: Value) -> SigninLink {
    let reply = client.post("/v1/signin-links", &body).await.expect(201);
    assert_eq!(reply.header("cache-control"), "no-store");
    reply.json()
}

async fn follow(client: &Client, link: &SigninLink) -> Reply {
    let code = link.url.split("/signin#code=").nth(1).unwrap();
    Client { token: None, ..client.clone() }.post("/v1/session", &json!({"code": code})).await
}

fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_link_works_once_and_its_session_can_do_what_it_was_made_for() {
    let app = TestApp::start().await;
    let body = json!({"scopes": ["deliveries:read", "webhooks:read"], "person": "ann@example.com",
                      "link_seconds": 60, "session_seconds": 3600});
    let made = link(&app.client, body).await;
    assert!(made.url.starts_with(&format!("http://{}/signin#code=", app.client.address)), "{}", made.url);
    assert!(made.id.starts_with("lnk_"));
    let reply = follow(&app.client, &made).await.expect(201);
    assert!(reply.header("set-cookie").contains("Max-Age=3600; HttpOnly; SameSite=Strict"));
    let session: Session = reply.json();
    assert_eq!(session.scopes, [Scope::WebhooksRead, Scope::DeliveriesRead]);
    assert_eq!(session.person.as_deref(), Some("ann@example.com"));
    follow(&app.client, &made).await.expect(401);

    let anonymous = Client { token: None, ..app.client.clone() };
    let signed_in = [
        ("cookie", cookie(&reply)),
        ("x-seinpost-session", session.csrf.clone()),
        ("content-type", "application/json".into()),
    ];
    let signed_in: Vec<_> = signed_in.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for (method, path, status) in [
        ("GET", "/v1/webhooks", 200),
        ("GET", "/v1/deliveries", 200),
        ("GET", "/v1/session", 200),
        ("POST", "/v1/webhook", 403),
        ("POST", "/v1/events", 403),
        ("GET", "/v1/tokens", 403),
        ("POST", "/v1/signin-links", 403),
        ("PATCH", "/v1/environment", 403),
    ] {
        anonymous.call(method, path, &signed_in, "{}").await.expect(status);
    }
    app.clock.advance(Duration::from_secs(3600));
    anonymous.call("GET", "/v1/webhooks", &signed_in, "").await.expect(401);

    let late = link(&app.client, json!({"scopes": ["admin"], "link_seconds": 60})).await;
    app.clock.advance(Duration::from_secs(60));
    follow(&app.client, &late).await.expect(401);
    for body in [
        json!({"scopes": []}),
        json!({"scopes": ["admin"], "link_seconds": 0}),
        json!({"scopes": ["admin"], "link_seconds": 86_401}),
        json!({"scopes": ["admin"], "session_seconds": 59}),
        json!({"scopes": ["admin"], "person": "a\u{7}"}),
        json!({"scopes": ["admin"], "environment": 2}),
        // No page may hold it in a frame here.
        json!({"scopes": ["admin"], "framed": true}),
    ] {
        app.client.post("/v1/signin-links", &body).await.expect(422);
    }
}

#[tokio::test]
async fn a_session_in_a_frame_has_a_partitioned_cookie() {
    let folder = Arc::new(TempDir::new().unwrap());
    let app = TestApp::start_with(folder, |options| {
        options.public_url = Some("https://hooks.example.com".into());
        options.branding.frame_ancestors = vec!["https://mail.example".into()];
    })
    .await;
    let made = link(&app.client, json!({"scopes": ["webhooks:read"], "framed": true})).await;
    assert!(made.url.starts_with("https://hooks.example.com/signin#code="), "{}", made.url);
    let reply = follow(&app.client, &made).await.expect(201);
    assert!(reply.header("set-cookie").ends_with("; HttpOnly; SameSite=None; Secure; Partitioned"));
    let csrf = reply.json::<Session>().csrf;
    let anonymous = Client { token: None, ..app.client.clone() };
    let out = anonymous
        .call("DELETE", "/v1/session", &[("cookie", &cookie(&reply)), ("x-seinpost-session", &csrf)], "")
        .await
        .expect(204);
    assert_eq!(
        out.header("set-cookie"),
        "seinpost_session=; Path=/; Max-Age=0; HttpOnly; SameSite=None; Secure; Partitioned",
        "a partitioned cookie is only removed by one"
    );
    let plain = link(&app.client, json!({"scopes": ["webhooks:read"]})).await;
    let reply = follow(&app.client, &plain).await.expect(201);
    assert!(reply.header("set-cookie").ends_with("; HttpOnly; SameSite=Strict; Secure"), "over HTTPS");
}

#[tokio::test]
async fn the_dashboard_looks_like_its_platform() {
    let folder = Arc::new(TempDir::new().unwrap());
    let image = folder.path().join("logo.svg");
    std::fs::write(&image, "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>").unwrap();
    let branding = Branding {
        name: Some("Example Mail".into()),
        logo: Some(Logo::read(&image).unwrap()),
        accent: Some("#1d5fd1".into()),
        frame_ancestors: vec!["https://mail.example".into()],
    };
    let app = TestApp::start_with(folder, |options| options.branding = branding).await;
    let client = Client { token: None, ..app.client.clone() };
    let settings: Settings = client.get("/v1/settings").await.expect(200).json();
    assert_eq!((settings.name.as_deref(), settings.accent.as_deref()), (Some("Example Mail"), Some("#1d5fd1")));
    assert!(settings.framed);
    let logo = client.get(settings.logo.as_deref().unwrap()).await.expect(200);
    assert_eq!(logo.header("content-type"), "image/svg+xml");
    let policy = logo.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none';") && policy.ends_with("sandbox"),
        "a logo runs no script: {policy}"
    );
    let page = client.get("/webhooks").await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("frame-ancestors https://mail.example"), "{policy}");
    assert_eq!(page.header("x-frame-options"), "");
    for words in ["content=\"Example Mail\"", "href=\"/branding/style.css\"", "<title>Example Mail</title>"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let style = client.get("/branding/style.css").await.expect(200);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.text().contains("--accent: light-dark(#1d5fd1, "), "{}", style.text());
}

#[tokio::test]
async fn without_configuration_it_is_seinpost_and_in_no_frame() {
    let app = TestApp::start().await;
    let client = Client { token: None, ..app.client.clone() };
    let settings: Settings = client.get("/v1/settings").await.expect(200).json();
    assert_eq!(settings, Settings { name: None, logo: None, accent: None, framed: false });
    client.get("/branding/logo").await.expect(404);
    client.get("/branding/style.css").await.expect(404);
    let page = client.get("/").await.expect(200);
    assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'"));
}

/// A page elsewhere could put a browser into an environment of its own choice, by a form that it sends by itself.
#[tokio::test]
async fn a_page_of_another_site_signs_nobody_in() {
    let folder = Arc::new(TempDir::new().unwrap());
    let app =
        TestApp::start_with(folder, |options| options.public_url = Some("https://hooks.example.com".into())).await;
    let anonymous = Client { token: None, ..app.client.clone() };
    let here = format!("http://{}", app.client.address);
    let form = ("content-type", "application/x-www-form-urlencoded");
    let token = app.client.token.clone().unwrap();
    let sign_in = async |headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([form]).collect();
        anonymous.call("POST", "/v1/session", &headers, format!("code={token}")).await
    };
    for foreign in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", &here)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ] {
        let refused = sign_in(foreign).await.expect(403);
        assert_eq!(refused.header("set-cookie"), "", "{foreign:?}");
    }
    for own in [
        &[("sec-fetch-site", "same-origin"), ("origin", "https://hooks.example.com")][..],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://hooks.example.com")],
        &[("origin", &here)],
        &[],
    ] {
        sign_in(own).await.expect(201);
    }
}
