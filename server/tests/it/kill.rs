//! Killed at any moment, nothing that was acknowledged is lost, and nothing is sent twice that was recorded as delivered.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use seinpost_protocol::{
    payload,
    rest::{DeliveryStatus, EventsAccepted, Page},
};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::{
    events::open,
    support::{app::webhook, process::Server, receiver::Receiver, within},
};

/// How many times the server is killed.
const ROUNDS: usize = 10;
/// How many events are acknowledged in a round, at least.
const EACH_ROUND: usize = 8;
/// How many clients hand events in at the same time.
const CLIENTS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn ten_rounds_of_kill_under_load_with_an_exact_account() {
    let data = TempDir::new().unwrap();
    let receiver = Arc::new(Receiver::start().await);
    let retries = ["--retry-schedule", "10ms, 20ms, 50ms, 100ms, 100ms, 100ms, 100ms"];
    let mut server = Server::start(data.path(), &retries).await;
    webhook(&server.client, &receiver, json!({})).await;

    // Event id → the id of the message in it, of all that were acknowledged.
    let mut acknowledged: BTreeMap<String, String> = BTreeMap::new();
    let mut received: BTreeMap<String, usize> = BTreeMap::new();
    let next = Arc::new(AtomicUsize::new(0));
    let (acknowledge, mut count_of_acknowledged) = watch::channel(0);
    for round in 0..ROUNDS {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (client, next, acknowledge) = (server.client.clone(), Arc::clone(&next), acknowledge.clone());
                tokio::spawn(async move {
                    let mut taken = Vec::new();
                    loop {
                        let message = format!("m{}", next.fetch_add(1, Ordering::SeqCst));
                        let json = [("content-type", "application/json")];
                        // An error is the kill: what was on its way may or may not be kept.
                        let reply = client.try_call("POST", "/v1/events", &json, open(&message).into()).await;
                        let Ok(reply) = reply else { return taken };
                        assert_eq!(reply.status, 202);
                        acknowledge.send_modify(|count| *count += 1);
                        taken.push((reply.json::<EventsAccepted>().accepted[0].id.clone(), message));
                    }
                })
            })
            .collect();
        for _ in 0..5 {
            receiver.answer_next(http::StatusCode::SERVICE_UNAVAILABLE);
        }
        // Kill in the middle of it: after a few more were acknowledged, some more each round.
        let enough = *count_of_acknowledged.borrow() + EACH_ROUND + round;
        within("some events", count_of_acknowledged.wait_for(|count| *count >= enough)).await.unwrap();
        server.kill().await;
        for client in clients {
            acknowledged.extend(within("the clients' end", client).await.unwrap());
        }
        server = Server::start(data.path(), &retries).await;
    }

    // Let the rest be delivered.
    let client = server.client.clone();
    within("an empty queue", async {
        loop {
            let page: Page<seinpost_protocol::rest::Delivery> =
                client.get("/v1/deliveries?status=pending&limit=1").await.expect(200).json();
            if page.data.is_empty() {
                return;
            }
        }
    })
    .await;
    for call in receiver.rest().await {
        count(&mut received, &call.body);
    }

    let mut recorded = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page: Page<seinpost_protocol::rest::Delivery> =
            client.get(&format!("/v1/deliveries?limit=200{cursor}")).await.expect(200).json();
        for delivery in page.data {
            assert_eq!(delivery.status, DeliveryStatus::Delivered, "{delivery:?}");
            let event = delivery.event.clone().unwrap();
            assert!(recorded.insert(event, delivery).is_none(), "one delivery an event");
        }
        match page.next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let lost: Vec<_> = acknowledged.keys().filter(|event| !recorded.contains_key(*event)).collect();
    assert_eq!(lost, Vec::<&String>::new(), "acknowledged, but not recorded");
    let unheard: Vec<_> = acknowledged.values().filter(|message| !received.contains_key(*message)).collect();
    assert_eq!(unheard, Vec::<&String>::new(), "acknowledged, but not received");
    assert!(
        recorded.len() >= acknowledged.len() && acknowledged.len() >= ROUNDS * EACH_ROUND,
        "{}",
        acknowledged.len()
    );

    // Each call is accounted for: an attempt that was recorded, or one that a kill kept from being recorded. At most as
    // many of those as can be on their way, a kill.
    let attempts: usize = recorded.values().map(|delivery| delivery.attempts.len()).sum();
    let calls: usize = received.values().sum();
    assert!(calls >= attempts, "{calls} calls, {attempts} attempts");
    assert!(calls - attempts <= ROUNDS * 64, "{calls} calls, {attempts} attempts");
    let unknown: BTreeSet<_> = received.keys().filter(|message| !message.starts_with('m')).collect();
    assert!(unknown.is_empty(), "{unknown:?}");

    let (said, ok) = server.terminate().await;
    assert!(ok, "{said:?}");
    assert_eq!(said.last().map(String::as_str), Some("Stopped. Nothing waits."));
}

fn count(received: &mut BTreeMap<String, usize>, body: &[u8]) {
    let event = payload::read_event(body).unwrap();
    *received.entry(event.id().unwrap().to_owned()).or_default() += 1;
}
