//! The audit log: every change, by whom, and what is otherwise than before.

use seinpost_protocol::{
    event::{EventType, sample},
    rest::{ActorKind, AuditEntry, Page, Session, Webhook},
};
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    client::Client,
    process::{Server, run, seinpost},
    receiver::Receiver,
};

async fn entries(client: &Client, query: &str) -> Vec<AuditEntry> {
    client.get(&format!("/v1/audit{query}")).await.expect(200).json::<Page<AuditEntry>>().data
}

fn kinds(entries: &[AuditEntry]) -> Vec<&str> {
    entries.iter().rev().map(|entry| entry.kind.as_str()).collect()
}

#[tokio::test]
async fn what_happens_to_a_webhook_is_written_without_secrets() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({"profile": "standard"})).await;
    let place = format!("/v1/webhooks/{}", webhook.id);
    let patch = json!({"format": "form", "headers": [["X-Key", "hunter2"]], "status": "paused",
                       "privacy": {"recipient": "hashed"}});
    app.client.patch(&place, &patch).await.expect(200);
    app.client.patch(&place, &json!({"status": "active"})).await.expect(200);
    let url = receiver.url("/hooks/other").replace("://", "://user:swordfish@");
    app.client.patch(&place, &json!({"url": url})).await.expect(200);
    let rotated: Webhook = app.client.post(&format!("{place}/rotate-secret"), &Value::Null).await.expect(200).json();
    app.client.delete(&place).await.expect(204);

    let entries = entries(&app.client, &format!("?object={}", webhook.id)).await;
    assert_eq!(
        kinds(&entries),
        [
            "webhook.created",
            "webhook.verified",
            "webhook.paused",
            "webhook.resumed",
            "webhook.changed",
            "webhook.secret-rotated",
            "webhook.deleted"
        ]
    );
    let tokens = app.app.store.tokens(1).await.unwrap();
    for entry in &entries {
        assert_eq!((entry.actor.kind, entry.actor.id.as_ref()), (ActorKind::Token, Some(&tokens[0].id)), "{entry:?}");
        assert_eq!(entry.actor.name.as_deref(), Some("test"));
        assert_eq!((entry.object.kind.as_str(), &entry.object.id), ("webhook", &webhook.id));
    }
    let change = |kind: &str, field: &str| {
        let entry = entries.iter().find(|entry| entry.kind == kind).unwrap();
        let change = entry.changes.iter().find(|change| change.field == field).unwrap();
        (change.before.clone().unwrap_or_default(), change.after.clone().unwrap_or_default())
    };
    assert_eq!(change("webhook.created", "url"), (Value::Null, json!(webhook.url)));
    assert_eq!(change("webhook.verified", "status"), (json!("unverified"), json!("active")));
    assert_eq!(change("webhook.paused", "format"), (json!("json"), json!("form")));
    assert_eq!(change("webhook.paused", "headers"), (json!([]), json!([["X-Key", "***"]])));
    assert_eq!(change("webhook.paused", "privacy").1["recipient_key"], "***");
    assert_eq!(change("webhook.secret-rotated", "secret"), (json!("***"), json!("***")));
    assert_eq!(change("webhook.deleted", "status"), (json!("unverified"), Value::Null));
    let text = serde_json::to_string(&entries).unwrap();
    for secret in ["hunter2", "swordfish", webhook.secret.as_deref().unwrap_or("whsec_"), &rotated.secret.unwrap()] {
        assert!(!text.contains(secret), "{secret} stands in the audit log");
    }
}

#[tokio::test]
async fn every_kind_of_change_has_its_entry_and_its_actor() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({})).await;
    app.client.event(sample(EventType::Open, 1_769_860_800)).await.expect(202);
    let delivery =
        app.deliveries_when(|all| all.iter().any(|each| each.status.as_str() == "delivered")).await.remove(0);
    app.client.post(&format!("/v1/deliveries/{}/replay", delivery.id), &Value::Null).await.expect(202);
    app.client.post(&format!("/v1/webhooks/{}/replays", webhook.id), &Value::Null).await.expect(202);
    app.client.patch("/v1/environment", &json!({"name": "Live"})).await.expect(200);
    app.client.patch("/v1/environment", &json!({"name": "Live"})).await.expect(200);
    let token: Value =
        app.client.post("/v1/tokens", &json!({"name": "x", "scopes": ["admin"]})).await.expect(201).json();
    app.client.delete(&format!("/v1/tokens/{}", token["id"].as_str().unwrap())).await.expect(204);
    let link = json!({"scopes": ["admin"], "person": "Ann"});
    let link: Value = app.client.post("/v1/signin-links", &link).await.expect(201).json();
    let code = link["url"].as_str().unwrap().split("#code=").nth(1).unwrap();
    let anonymous = Client { token: None, ..app.client.clone() };
    let reply = anonymous.post("/v1/session", &json!({"code": code})).await.expect(201);
    let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
    let csrf = reply.json::<Session>().csrf;
    let signed_in = [("cookie", cookie.as_str()), ("x-seinpost-session", csrf.as_str())];
    anonymous.call("DELETE", &format!("/v1/webhooks/{}", webhook.id), &signed_in, "").await.expect(204);
    anonymous.call("DELETE", "/v1/session", &signed_in, "").await.expect(204);

    let all = entries(&app.client, "?limit=200").await;
    for (kind, actor) in [
        ("environment.created", ActorKind::Server),
        ("token.created", ActorKind::Server),
        ("key.created", ActorKind::Server),
        ("webhook.created", ActorKind::Token),
        ("webhook.verified", ActorKind::Token),
        ("delivery.replayed", ActorKind::Token),
        ("replay.created", ActorKind::Token),
        ("environment.renamed", ActorKind::Token),
        ("token.revoked", ActorKind::Token),
        ("signin-link.created", ActorKind::Token),
        ("session.began", ActorKind::Session),
        ("webhook.deleted", ActorKind::Session),
        ("session.ended", ActorKind::Session),
    ] {
        assert!(
            all.iter().any(|entry| entry.kind == kind && entry.actor.kind == actor),
            "{kind} by {actor:?}: {all:?}"
        );
    }
    assert_eq!(all.iter().filter(|entry| entry.kind == "environment.renamed").count(), 1, "no change, no entry");
    let began = all.iter().find(|entry| entry.kind == "session.began").unwrap();
    let by_link = began.changes.iter().find(|change| change.field == "link").and_then(|change| change.after.clone());
    assert_eq!(by_link.as_ref(), Some(&link["id"]), "a session tells by which link it began");
    let session = all.iter().find(|entry| entry.kind == "webhook.deleted").unwrap();
    assert_eq!(session.actor.name.as_deref(), Some("Ann"));
    assert!(session.actor.id.as_ref().unwrap().starts_with("ses_"));

    // By kind, by kind of object, by actor.
    assert_eq!(kinds(&entries(&app.client, "?kind=token.revoked").await), ["token.revoked"]);
    assert_eq!(kinds(&entries(&app.client, "?kind=session").await), ["session.began", "session.ended"]);
    let by_session = format!("?actor={}", session.actor.id.as_ref().unwrap());
    assert_eq!(kinds(&entries(&app.client, &by_session).await), ["session.began", "webhook.deleted", "session.ended"]);
    assert!(entries(&app.client, "?actor=server").await.iter().all(|entry| entry.actor.kind == ActorKind::Server));
    // By pages.
    let mut pages = Vec::new();
    let mut place = "/v1/audit?limit=3".to_owned();
    loop {
        let page: Page<AuditEntry> = app.client.get(&place).await.expect(200).json();
        pages.extend(page.data);
        let Some(next) = page.next else { break };
        place = format!("/v1/audit?limit=3&cursor={next}");
    }
    assert_eq!(pages, all);
    app.client.get("/v1/audit?cursor=x").await.expect(422);
}

#[tokio::test]
async fn the_command_line_is_an_actor_of_its_own() {
    let data = tempfile::TempDir::new().unwrap();
    let server = Server::start(data.path(), &[]).await;
    let arguments =
        ["token", "create", "--name", "ci", "--scope", "events:write", "--scope", "webhooks:read", "--expires", "90d"];
    let (ok, token, _) = run(seinpost(data.path(), &arguments)).await;
    assert!(ok);
    let entries = entries(&server.client, "?kind=token.created&actor=cli").await;
    assert_eq!(entries[0].object.name.as_deref(), Some("ci"));
    assert_eq!(entries[0].changes[1].after, Some(json!(["events:write", "webhooks:read"])));
    let client = Client { token: Some(token.trim().into()), ..server.client.clone() };
    client.get("/v1/webhooks").await.expect(200);
    client.get("/v1/deliveries").await.expect(403);
    let (ok, list, _) = run(seinpost(data.path(), &["token", "list"])).await;
    assert!(ok && list.lines().any(|line| line.contains("events:write,webhooks:read  ci")), "{list}");
    let (ok, _, error) = run(seinpost(data.path(), &["token", "create", "--scope", "all"])).await;
    assert!(!ok && error.contains("a scope is one of events:write"), "{error}");
    let (ok, _, error) = run(seinpost(data.path(), &["token", "create", "--expires", "soon"])).await;
    assert!(!ok && error.contains("a time, such as 30m, 12h or 90d"), "{error}");
}
