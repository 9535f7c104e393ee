//! Environments are separate: nobody can see, name or time what is another's, with any call of the description.

use std::time::Duration;

use seinpost_protocol::{
    event::{EventType, sample},
    rest::{AuditEntry, Page, Replay, Scope, Token},
};
use serde_json::{Value, json};

use crate::support::{
    app::{TestApp, webhook},
    client::{Client, Reply},
    receiver::Receiver,
};

/// What one environment has: a name of each kind of thing, and the call in whose path it stands.
struct Things {
    webhook: String,
    delivery: String,
    event: String,
    replay: String,
    token: String,
    audit: String,
    keyid: String,
    message: String,
    recipient: String,
    tag: String,
}

impl Things {
    async fn of(app: &TestApp, receiver: &Receiver) -> Self {
        let client = &app.client;
        let made = webhook(client, receiver, json!({"type": ["open", "bounce"], "profile": "standard"})).await;
        let event = sample(EventType::Open, 1_769_860_800);
        let sent: Value = serde_json::from_str(&event).unwrap();
        client.event(event).await.expect(202);
        let done = app.deliveries_when(|all| all.iter().any(|each| each.status.as_str() == "delivered")).await;
        let replays = format!("/v1/webhooks/{}/replays", made.id);
        let replay: Replay = client.post(&replays, &Value::Null).await.expect(202).json();
        // The first key is made when it is first asked for, which is a change too.
        let keys: Value = client.get("/v1/keys").await.expect(200).json();
        let tokens: Page<Token> = client.get("/v1/tokens").await.expect(200).json();
        let audit: Page<AuditEntry> = client.get("/v1/audit").await.expect(200).json();
        Self {
            webhook: made.id,
            delivery: done[0].id.clone(),
            event: done[0].event.clone().unwrap(),
            replay: replay.id,
            token: tokens.data[0].id.clone(),
            audit: audit.data[0].id.clone(),
            keyid: keys[0]["keyid"].as_str().unwrap().to_owned(),
            message: sent["id"].as_str().unwrap().to_owned(),
            recipient: sent["recipient"].as_str().unwrap().to_owned(),
            tag: sent["tags"][0].as_str().unwrap().to_owned(),
        }
    }

    /// The names that nobody else may read.
    fn names(&self) -> [&str; 8] {
        let ids = [&self.webhook, &self.delivery, &self.event, &self.replay, &self.token, &self.audit, &self.keyid];
        let [a, b, c, d, e, f, g] = ids.map(String::as_str);
        [a, b, c, d, e, f, g, &self.message]
    }

    /// The value of a parameter in the path of a call.
    fn parameter(&self, path: &str, name: &str) -> String {
        match name {
            "replay" => self.replay.clone(),
            "keyid" => self.keyid.clone(),
            "id" if path.starts_with("/v1/webhooks/") => self.webhook.clone(),
            "id" if path.starts_with("/v1/deliveries/") => self.delivery.clone(),
            "id" if path.starts_with("/v1/tokens/") => self.token.clone(),
            // What anybody can know: a message, an address, a tag, a day.
            "id" if path.starts_with("/v1/events/messageid/") => self.message.clone(),
            "id" if path.starts_with("/v1/events/") => self.event.clone(),
            "address" => self.recipient.clone(),
            "tags" => self.tag.clone(),
            "name" => "opens.2026-01-31.log".into(),
            "form" => "json".into(),
            other => panic!("say what {other} of {path} is"),
        }
    }
}

fn filled(path: &str, value: impl Fn(&str) -> String) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => value(name),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A name of the same form of a thing that is nowhere.
fn stranger(name: &str) -> String {
    match name.split_once('_') {
        Some((prefix, rest)) => format!("{prefix}_{}", "0".repeat(rest.len())),
        None => format!("x{name}"),
    }
}

async fn call(client: &Client, method: &str, path: &str) -> Reply {
    client.call(method, path, &[("content-type", "application/json")], "{}").await
}

#[tokio::test]
async fn no_operation_shows_what_is_another_s() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let theirs = Things::of(&app, &receiver).await;
    let other = app.other_environment().await;
    let document = seinpost_server::api::document();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let is_open = operation["security"].as_array().is_some_and(|all| all.contains(&json!({})));
            if is_open || path == "/v1/session" {
                // For everybody, and the same for everybody; the session is one's own cookie.
                continue;
            }
            tried += 1;
            let method = method.to_uppercase();
            let named = filled(path, |name| theirs.parameter(path, name));
            let place = format!("{method} {path}");
            if operation["responses"]["200"]["content"]["text/event-stream"].is_object() {
                // A stream does not end: its own tests look at what it tells.
                continue;
            }
            let reply = call(&other, &method, &named).await;
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            let asked: Vec<_> = theirs.names().into_iter().filter(|name| named.contains(name)).collect();
            for name in theirs.names().into_iter().filter(|name| !asked.contains(name)) {
                assert!(!text.contains(name), "{place} shows {name}: {text}");
            }
            if asked.is_empty() || asked == [theirs.message.as_str()] {
                // A list, or what is found by what anybody can know.
                continue;
            }
            // What is another's is answered as what is nowhere is: word for word.
            let nowhere = filled(path, |name| stranger(&theirs.parameter(path, name)));
            let unknown = call(&other, &method, &nowhere).await;
            assert_eq!((reply.status, text.as_str()), (unknown.status, unknown.text()), "{place}");
            assert!([404, 400, 422].contains(&reply.status), "{place}: {} {text}", reply.status);
        }
    }
    assert!(tried > 25, "{tried}");

    // Nothing of it was changed.
    app.client.get(&format!("/v1/webhooks/{}", theirs.webhook)).await.expect(200);
    let audit: Page<AuditEntry> = app.client.get("/v1/audit").await.expect(200).json();
    assert_eq!(audit.data[0].id, theirs.audit, "the other environment has changed something here: {:?}", audit.data[0]);
}

#[tokio::test]
async fn filters_and_cursors_of_another_s_things_find_what_unknown_ones_find() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let theirs = Things::of(&app, &receiver).await;
    let other = app.other_environment().await;
    webhook(&other, &receiver, json!({})).await;
    webhook(&other, &receiver, json!({})).await;
    for (place, name) in [
        ("/v1/webhooks?cursor=", theirs.webhook.as_str()),
        ("/v1/deliveries?webhook=", &theirs.webhook),
        ("/v1/audit?object=", &theirs.webhook),
        ("/v1/audit?actor=", &theirs.token),
    ] {
        let asked = other.get(&format!("{place}{name}")).await;
        let unknown = other.get(&format!("{place}{}", stranger(name))).await;
        assert_eq!((asked.status, asked.text()), (unknown.status, unknown.text()), "{place}");
    }
}

#[tokio::test]
async fn ids_and_cursors_do_not_count_what_others_do() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let other = app.other_environment().await;
    let (mine, theirs) = (app.webhook(&receiver, json!({})).await, webhook(&other, &receiver, json!({})).await);
    let replay = async |client: &Client, id: &str| {
        let place = format!("/v1/webhooks/{id}/replays");
        let replay: Replay = client.post(&place, &Value::Null).await.expect(202).json();
        replay.id.strip_prefix("rpl_").unwrap().parse::<u64>().unwrap()
    };
    let first = replay(&app.client, &mine.id).await;
    let between = replay(&other, &theirs.id).await;
    let last = replay(&app.client, &mine.id).await;
    assert!(first < between && between < last);
    assert!(last - first > 2, "the next number is the next replay");
    let place = format!("/v1/webhooks/{}/history?limit=1", mine.id);
    let page: Page<Value> = app.client.get(&place).await.expect(200).json();
    assert!(page.next.unwrap().parse::<u64>().unwrap() > 1_000_000);
}

#[tokio::test]
async fn the_environment_is_shown_and_renamed() {
    let app = TestApp::start().await;
    let environment: Value =
        app.client_with(&[Scope::EventsWrite]).await.get("/v1/environment").await.expect(200).json();
    assert_eq!(environment["name"], "Production");
    assert_eq!((&environment["key_domain"], &environment["retention_days"]), (&json!("hooks.example.com"), &json!(30)));
    let renamed: Value = app.client.patch("/v1/environment", &json!({"name": "Liève"})).await.expect(200).json();
    assert_eq!(renamed["name"], "Liève");
    let again: Value = app.client.get("/v1/environment").await.expect(200).json();
    assert_eq!(again, renamed);
    app.client.patch("/v1/environment", &json!({"name": ""})).await.expect(422);
}

/// The middle one of some times.
fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test]
async fn what_is_another_s_takes_as_long_as_what_is_nowhere() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let theirs = Things::of(&app, &receiver).await;
    let other = app.other_environment().await;
    for name in [&theirs.webhook, &theirs.delivery, &theirs.event, &theirs.token] {
        let (kind, method) = match name.split_once('_').unwrap().0 {
            "wh" => ("webhooks", "GET"),
            "dlv" => ("deliveries", "GET"),
            "evt" => ("events", "GET"),
            _ => ("tokens", "DELETE"),
        };
        let paths = [format!("/v1/{kind}/{name}"), format!("/v1/{kind}/{}", stranger(name))];
        // In turn, so that what else the machine does concerns both; what is looked for is a difference in kind, such as
        // one of reading a record, and not one of some microseconds.
        let mut times = [Vec::new(), Vec::new()];
        for turn in 0..300 {
            for at in [turn % 2, 1 - turn % 2] {
                let began = std::time::Instant::now();
                call(&other, method, &paths[at]).await.expect(404);
                times[at].push(began.elapsed());
            }
        }
        let [there, nowhere] = times.each_mut().map(|times| median(times).as_secs_f64());
        assert!((0.5..2.0).contains(&(there / nowhere)), "{kind}: {there} s against {nowhere} s");
    }
}
