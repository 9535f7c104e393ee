//! Every kind of bad receiver at once, beside a good one: the good one gets everything at once, the bad ones are
//! recorded as what they are, and the server stays small.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::{Context as _, Result, ensure};
use seinpost_bench::{
    api::Api,
    client::Connection,
    server::{Server, free_port},
    sink::{Account, Sink},
};
use seinpost_faults::{
    account, binary, eventually,
    intake::{Handed, Intake},
    receivers::{self, BadReceiver},
    size,
};
use seinpost_protocol::rest::{Delivery, DeliveryStatus};

/// The longest that a call may take here, so that the test need not wait for a quarter of a minute.
const CALL_TIMEOUT: (&str, u64) = ("2s", 2000);

#[tokio::test(flavor = "multi_thread")]
async fn bad_receivers_harm_only_themselves() -> Result<()> {
    let events = size(2000, 100);
    let folder = tempfile::tempdir()?;
    let sink = Sink::start((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let sink_api = Api::new(sink.address(), None);
    let arguments = ["--call-timeout", CALL_TIMEOUT.0, "--retry-schedule", "100ms"];
    let mut server = Server::spawn_at(&binary()?, &folder.path().join("data"), free_port()?, &arguments)?;
    server.ready().await?;
    let api = server.api();
    let url = format!("http://{}/h/0", sink.address());
    let good = api.verified_webhook(&sink_api, "delivery", &url, "cavage").await?;
    let mut bad = Vec::new();
    for kind in receivers::ALL {
        let receiver = BadReceiver::start(kind).await?;
        let id = receiver.webhook(&api, "delivery").await?;
        bad.push((receiver, id));
    }
    let account = sink.begin(Account::new(1, events));
    let intake = Intake::new(events)?;
    let mut connection = Connection::open(server.address()).await?;
    while let Some(handed) = intake.hand_in(&mut connection).await {
        ensure!(matches!(handed, Handed::Acknowledged(_)), "an event was not taken: {handed:?}");
    }
    // All bad receivers together would take minutes: the good one must not wait for them.
    ensure!(account.wait(events as u64, Duration::from_secs(20)).await, "the good receiver waits");
    let summary = account.summary(0..1);
    assert_eq!((summary.distinct, summary.repeats), (events as u64, 0));

    for (receiver, id) in &bad {
        let first = first_tried(&api, id).await.with_context(|| format!("{:?}", receiver.kind))?;
        check(receiver, &first)?;
    }
    let (_, most) = server.resident_mib()?;
    ensure!(most < 160.0, "the server grew to {most} MiB");
    ensure!(account::deliveries_of(&api, &good).await?.iter().all(|each| each.status == DeliveryStatus::Delivered));
    server.kill()?;
    Ok(())
}

/// The oldest delivery of a webhook, once it was tried. (A receiver that never answers is called one call at a time
/// after the first few: to wait for the last attempt would take minutes.)
async fn first_tried(api: &Api, webhook: &str) -> Result<Delivery> {
    let oldest = account::deliveries_of(api, webhook).await?.pop().context("no delivery")?;
    let path = format!("/v1/deliveries/{}", oldest.id);
    eventually("the first delivery is tried", Duration::from_secs(60), async || {
        Ok(api.ok("GET", &path, None).await?["attempts"].as_array().is_some_and(|attempts| !attempts.is_empty()))
    })
    .await?;
    Ok(serde_json::from_value(api.ok("GET", &path, None).await?)?)
}

fn check(receiver: &BadReceiver, delivery: &Delivery) -> Result<()> {
    let kind = receiver.kind;
    let shown = || format!("{kind:?}: {}", serde_json::to_string(delivery).unwrap_or_default());
    if kind.accepts() {
        ensure!(delivery.status == DeliveryStatus::Delivered && delivery.attempts.len() == 1, "{}", shown());
        let response = delivery.attempts.first().and_then(|attempt| attempt.response.as_ref());
        ensure!(response.is_some_and(|response| response.status == 200 && response.truncated), "{}", shown());
        return Ok(());
    }
    ensure!(matches!(delivery.status, DeliveryStatus::Pending | DeliveryStatus::Failed), "{}", shown());
    for attempt in &delivery.attempts {
        ensure!(!attempt.accepted() && (attempt.error.is_some() || attempt.response.is_some()), "{}", shown());
        // A second for a machine that is busy.
        ensure!(attempt.duration_ms <= CALL_TIMEOUT.1 + 1000, "a call took {} ms: {}", attempt.duration_ms, shown());
    }
    Ok(())
}
