//! The machine's clock jumps ahead and back, again and again, while events are delivered to one receiver and another refuses
//! them: nothing is lost, nothing arrives twice, nobody waits, and what refuses is not disabled.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::{Result, ensure};
use seinpost_bench::{
    api::Api,
    server::{Server, free_port},
    sink::{Account, Behaviour, Sink, wall_clock},
};
use seinpost_faults::{account, binary, chance::Chance, clock::MachineClock, intake::Intake, size};
use seinpost_protocol::rest::DeliveryStatus;

/// A day, in seconds.
const DAY: i64 = 24 * 60 * 60;
/// How far the clock is off at most, in days.
const FARTHEST: usize = 40;
/// How many events are handed in between two jumps.
const EVENTS: usize = 200;
/// How many are handed in at a time.
const CONNECTIONS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_loses_nothing_and_disables_nobody() -> Result<()> {
    let jumps = size(100, 6);
    let mut chance = Chance::new();
    let folder = tempfile::tempdir()?;
    let clock = MachineClock::new(folder.path(), &binary()?)?;
    let sink = Sink::start((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let sink_api = Api::new(sink.address(), None);
    let mut server = Server::spawn_at(clock.script(), &folder.path().join("data"), free_port()?, &[])?;
    server.ready().await?;
    let api = server.api();
    let mut webhooks = Vec::new();
    for (slot, profile) in ["cavage", "standard"].into_iter().enumerate() {
        let url = format!("http://{}/h/{slot}", sink.address());
        webhooks.push(api.verified_webhook(&sink_api, "delivery", &url, profile).await?);
    }
    let events = jumps * EVENTS;
    let account = sink.begin(Account::with_journal(webhooks.len(), events));
    account.behave(1..2, Behaviour::Refuse);
    let intake = Intake::new(events)?;
    for jump in 1..=jumps {
        // Ahead, and back behind what is right, by turns.
        let days = i64::try_from(chance.in_range(5..FARTHEST))?;
        clock.set(if jump % 2 == 0 { -days } else { days } * DAY)?;
        intake.run(server.address(), CONNECTIONS, jump * EVENTS).await;
    }
    let acknowledged = intake.acknowledged();
    ensure!(acknowledged == events, "of {events} events {acknowledged} were taken");
    ensure!(account.wait(events as u64, Duration::from_secs(30)).await, "not everything arrived");
    for webhook in &webhooks {
        let status = api.ok("GET", &format!("/v1/webhooks/{webhook}"), None).await?["status"].clone();
        ensure!(status == "active", "{webhook} is {status}:\n{}", server.log());
    }
    // What was refused arrives once its receiver is well again, whatever the clock was when it was tried.
    account.behave(1..2, Behaviour::Accept);
    clock.set(0)?;
    api.ok("POST", &format!("/v1/webhooks/{}/send-waiting", webhooks[1]), Some(String::new())).await?;
    // It rests between two tries for less than this.
    clock.set(60)?;
    account::settled(&api).await?;
    let summary = account.summary(0..webhooks.len());
    let all = (events * webhooks.len()) as u64;
    ensure!((summary.distinct, summary.repeats, summary.strangers) == (all, 0, 0), "{summary:?}");
    ensure!(summary.turned_away > 0, "nothing was refused");
    let log = account::deliveries(&api).await?;
    ensure!(log.len() as u64 == all, "{} deliveries are in the log", log.len());
    let off = |at: i64| (at - wall_clock()).abs() / 1000 > 4 * DAY;
    let tried = log.iter().flat_map(|delivery| &delivery.attempts);
    ensure!(tried.filter(|attempt| off(attempt.started.as_millis())).count() > 0, "the clock was not set");
    for delivery in &log {
        let accepted = delivery.attempts.iter().filter(|attempt| attempt.accepted()).count();
        ensure!(delivery.status == DeliveryStatus::Delivered && accepted == 1, "{delivery:?}");
    }
    ensure!(server.stop()?.success(), "the server did not end well:\n{}", server.log());
    Ok(())
}
