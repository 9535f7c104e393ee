//! A store that does not answer for a while.

use std::time::Duration;

use seinpost_protocol::rest::WebhookStatus;
use seinpost_server::store::Happening;
use serde_json::json;

use crate::{
    events::open,
    support::{app::TestApp, receiver::Receiver},
};

/// It was asked again at once, as fast as it could say no.
#[tokio::test]
async fn it_is_asked_again_what_waits_after_a_second_and_not_before() {
    const SECOND: Duration = Duration::from_secs(1);
    let app = TestApp::start().await;
    let receiver = Receiver::start().await;
    let hook = app.webhook(&receiver, json!({})).await;
    app.client.patch(&format!("/v1/webhooks/{}", hook.id), &json!({"status": "paused"})).await.expect(200);
    app.client.event(open("m1")).await.expect(202);
    let database = rusqlite::Connection::open(app.folder.path().join("seinpost.db")).unwrap();
    database.execute_batch("ALTER TABLE delivery RENAME COLUMN due TO away").unwrap();
    let mut record = app.app.store.webhook(1, hook.id).await.unwrap().unwrap();
    record.status = WebhookStatus::Active;
    assert!(app.app.store.update_webhook(record, Happening::Resumed, String::new()).await.unwrap().is_done());
    for _ in 0..3 {
        assert_eq!(app.clock.advance_to_next_sleeper().await, SECOND);
    }
    assert_eq!(app.clock.next_sleeper().await, SECOND);
    database.execute_batch("ALTER TABLE delivery RENAME COLUMN away TO due").unwrap();
    for _ in 0..100 {
        app.client.get("/health/live").await.expect(200);
    }
    assert!(receiver.rest().await.is_empty(), "nobody asks before the second is over");
    app.clock.advance(SECOND);
    assert_eq!(receiver.next().await.body, open("m1"));
}
