//! Finding events again, and logfiles.

use std::time::Duration;

use seinpost_protocol::rest::{DeliveryStatus, EventDetail, EventSummary, Page};
use serde_json::{Value, json};

use crate::support::{app::TestApp, receiver::Receiver};

fn event(kind: &str, message: &str, recipient: &str, tags: &[&str], more: &Value) -> String {
    let mut event = json!({
        "id": message, "type": kind, "time": "1769860800", "timestamp": "2026-01-31 12:00:00", "recipient": recipient,
        "tags": tags,
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event.to_string()
}

fn open(message: &str, recipient: &str, tags: &[&str]) -> String {
    event("open", message, recipient, tags, &json!({"ip": "203.0.113.1", "useragent": "Mail \"7\", x"}))
}

async fn messages(app: &TestApp, query: &str) -> Vec<String> {
    let page: Page<EventSummary> = app.client.get(&format!("/v1/events?{query}")).await.expect(200).json();
    page.data.into_iter().map(|each| each.message.unwrap()).collect()
}

#[tokio::test]
async fn events_are_found_by_what_they_hold() {
    let app = TestApp::start().await;
    let lines = [
        open("m-1", "Ann@example.net", &["news", "june"]),
        open("m-2", "bob@example.net", &["news"]),
        event(
            "delivery",
            "m-1",
            "ann@example.net",
            &["news"],
            &json!({"code": "250", "extended": "2.0.0", "description": "ok"}),
        ),
    ];
    app.client.lines(lines.join("\n")).await.expect(202);
    assert_eq!(messages(&app, "").await, ["m-1", "m-2", "m-1"]);
    assert_eq!(messages(&app, "message=m-1").await.len(), 2);
    assert_eq!(messages(&app, "message=m-1&type=open").await.len(), 1);
    assert_eq!(messages(&app, "recipient=ANN@EXAMPLE.NET").await.len(), 2);
    assert_eq!(messages(&app, "tags=news;june").await, ["m-1"]);
    assert_eq!(messages(&app, "tags=june;news&recipient=bob@example.net").await.len(), 0);
    assert_eq!(messages(&app, "type=open,click").await.len(), 2);
    assert_eq!(messages(&app, "from=2026-02-01T00:00:00Z").await.len(), 0);
    assert_eq!(messages(&app, "until=2026-02-01T00:00:00Z&from=2026-01-31T00:00:00Z").await.len(), 3);
    for wrong in ["type=opened", "from=yesterday", "cursor=x", "limit=0"] {
        app.client.get(&format!("/v1/events?{wrong}")).await.expect(422);
    }
    // What comes after a search is found, too; and by nobody else.
    app.client.event(open("m-3", "cy@example.net", &["june"])).await.expect(202);
    assert_eq!(messages(&app, "tags=june").await, ["m-3", "m-1"]);
    let theirs: Page<EventSummary> = app.other_environment().await.get("/v1/events?tags=june").await.expect(200).json();
    assert!(theirs.data.is_empty());
}

#[tokio::test]
async fn events_are_found_after_the_server_was_started_anew() {
    let app = TestApp::start().await;
    app.client.event(open("m-1", "a@example.net", &["x"])).await.expect(202);
    let folder = app.folder.clone();
    app.app.stop(Duration::from_secs(1)).await;
    drop(app);
    let app = TestApp::start_in(folder).await;
    app.client.event(open("m-2", "a@example.net", &["x"])).await.expect(202);
    assert_eq!(messages(&app, "recipient=a@example.net").await, ["m-2", "m-1"]);
}

#[tokio::test]
async fn pages_are_linked() {
    let app = TestApp::start().await;
    let lines: Vec<_> = (0..5).map(|number| open(&format!("m-{number}"), "a@example.net", &["x"])).collect();
    app.client.lines(lines.join("\n")).await.expect(202);
    let (mut path, mut found) = ("/v1/events?tags=x&limit=2&access_token=secret".to_owned(), Vec::new());
    loop {
        let reply = app.client.get(&path).await.expect(200);
        let page: Page<EventSummary> = reply.json();
        found.extend(page.data.into_iter().map(|each| each.message.unwrap()));
        let link = reply.header("link").to_owned();
        let Some(next) = page.next else {
            assert_eq!(link, "");
            break;
        };
        assert!(link.contains(&next) && link.ends_with("; rel=\"next\"") && !link.contains("secret"), "{link}");
        path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    assert_eq!(found, ["m-4", "m-3", "m-2", "m-1", "m-0"]);
}

#[tokio::test]
async fn an_event_shows_where_it_went_and_what_it_means() {
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let webhook = app.webhook(&receiver, json!({"type": ["bounce"]})).await;
    let mime = "From: MAILER-DAEMON@example.org\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program. I \
        wasn't able to deliver your message.\r\n\r\n<joe@example.net>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n";
    let bounce = event("bounce", "m-1", "joe@example.net", &[], &json!({"envelope": "b@example.com", "mime": mime}));
    let accepted: Value = app.client.event(bounce.clone()).await.expect(202).json();
    let id = accepted["accepted"][0]["id"].as_str().unwrap();
    app.deliveries_when(|all| all.iter().any(|each| each.status == DeliveryStatus::Delivered)).await;
    let detail: EventDetail = app.client.get(&format!("/v1/events/{id}")).await.expect(200).json();
    assert_eq!((detail.body, detail.diagnosable, detail.more_deliveries), (bounce, true, false));
    assert_eq!(detail.deliveries.len(), 1);
    assert_eq!(detail.deliveries[0].webhook, webhook.id);
    assert_eq!(detail.deliveries[0].response_status, Some(200));
    let diagnosis: Value = app.client.get(&format!("/v1/events/{id}/diagnosis?lang=nl")).await.expect(200).json();
    assert_eq!(
        (diagnosis["kind"].as_str(), diagnosis["recipients"][0]["reason"].as_str()),
        (Some("hard"), Some("no-such-user"))
    );
    let other = app.other_environment().await;
    other.get(&format!("/v1/events/{id}")).await.expect(404);
    other.get(&format!("/v1/events/{id}/diagnosis")).await.expect(404);

    // In the logfiles of SMTPeter's customers, and in their search.
    let names: Vec<String> = app.client.get("/v1/logfiles/2026-01-31").await.expect(200).json();
    assert_eq!(names, ["bounces.2026-01-31.log", "responses.2026-01-31.log"]);
    let rows: Value = app.client.get("/v1/logfiles/bounces.2026-01-31.log/json").await.expect(200).json();
    assert_eq!((rows[0]["mime"].as_str(), rows[0]["envelope"].as_str()), (Some(mime), Some("b@example.com")));
    let responses: Value = app.client.get("/v1/logfiles/responses.2026-01-31.log/json").await.expect(200).json();
    assert_eq!(responses, json!([]));
    let found: Value = app.client.get("/v1/events/email/joe@example.net?start=2026-01-31").await.expect(200).json();
    assert_eq!((found[0]["event"].as_str(), found[0]["data"]["id"].as_str()), (Some("bounce"), Some("m-1")));
}

#[tokio::test]
async fn logfiles_by_day_in_every_form() {
    let app = TestApp::start().await;
    app.client.event(open("m-1", "a@example.net", &["x", "y"])).await.expect(202);
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    app.client.event(open("m-2", "a@example.net", &["x"])).await.expect(202);
    let days: Vec<String> = app.client.get("/v1/logfiles").await.expect(200).json();
    assert_eq!(days, ["2026-01-31", "2026-02-01"]);
    let names: Vec<String> = app.client.get("/v1/logfiles/2026-01-31").await.expect(200).json();
    assert_eq!(names, ["opens.2026-01-31.log"]);
    let row = "m-1,2026-01-31 12:00:00,\"User-Agent: Mail \"\"7\"\", x\",203.0.113.1,,x;y,a@example.net,,,,,0\r\n";
    let plain = app.client.get("/v1/logfiles/opens.2026-01-31.log").await.expect(200);
    assert_eq!(plain.text(), row);
    let named = app.client.get("/v1/logfiles/opens.2026-01-31.log/header").await.expect(200);
    let header = "id,time,headers,ip,protocol,tags,recipient,city,countryname,countrycode,regioncode,templateid\r\n";
    assert_eq!(named.text(), format!("{header}{row}"));
    let json: Value = app.client.get("/v1/logfiles/opens.2026-01-31.log/json").await.expect(200).json();
    assert_eq!((json.as_array().unwrap().len(), json[0]["tags"].as_str()), (1, Some("x;y")));
    let xml = app.client.get("/v1/logfiles/opens.2026-01-31.log/xml").await.expect(200);
    assert!(xml.text().contains("<records><record><id>m-1</id><time>2026-01-31 12:00:00</time>"), "{}", xml.text());
    for wrong in ["nothing.2026-01-31.log", "opens.2026-02-30.log", "opens.2026-01-31.log/pdf", "x"] {
        app.client.get(&format!("/v1/logfiles/{wrong}")).await.expect(404);
    }
    let tagged: Value = app.client.get("/v1/events/tags/x;y?start=2026-01-31").await.expect(200).json();
    assert_eq!(tagged.as_array().unwrap().len(), 1);
    let both: Value = app.client.get("/v1/events/tags/x?start=2026-01-31&end=2026-02-02").await.expect(200).json();
    assert_eq!(both.as_array().unwrap().len(), 2);
    let first: Value =
        app.client.get("/v1/events/messageid/m-2?start=2026-01-31&end=2026-02-01").await.expect(200).json();
    assert_eq!(first, json!([]), "the end is not part of it");
    app.client.get("/v1/events/messageid/m-2?start=today").await.expect(422);
}
