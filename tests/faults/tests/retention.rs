//! Forgetting what is old holds nobody up: events are delivered while very many old deliveries are forgotten.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::{Context as _, Result, ensure};
use seinpost_bench::{
    api::Api,
    fill::multiply,
    load::{self, Load},
    server::{Server, TOKEN, free_port},
    sink::{Account, Sink, wall_clock},
};
use seinpost_faults::{account, binary, eventually, size};
use seinpost_protocol::{event::EventType, rest::Timestamp};

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// How many deliveries a real server writes, of which the old ones are copies.
const SEED: usize = 500;
/// How far back they reach, in days: ids begin to count in 2020.
const SPAN: i64 = 2000;
/// How many deliveries a second are made meanwhile.
const RATE: f64 = 200.0;
/// How long the slowest hundredth of them may take, in milliseconds: on a machine that does other things, too. Waiting for
/// the end of it would take seconds.
const PATIENCE: f64 = 500.0;

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "the figures are what a person wants to see")]
async fn forgetting_what_is_old_holds_up_no_delivery() -> Result<()> {
    let old = size(1_000_000, 100_000);
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let sink = Sink::start((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let mut server = Server::spawn_at(&binary()?, &data, free_port()?, &[])?;
    server.ready().await?;
    let url = format!("http://{}/h/0", sink.address());
    server.api().verified_webhook(&Api::new(sink.address(), None), "delivery", &url, "standard").await?;
    let load = Load {
        server: server.address(),
        token: TOKEN.into(),
        event_type: EventType::Delivery,
        first: 0,
        count: SEED as u64,
        fan_out: 1,
        connections: 16,
        rate: None,
        batch: 1,
    };
    run(&sink, &load).await?;
    account::settled(&server.api()).await?;
    ensure!(server.stop()?.success(), "the server did not end well:\n{}", server.log());
    let copies = i64::try_from(old / SEED)?;
    let apart = SPAN / copies;
    let database = data.join("seinpost.db");
    let made = tokio::task::spawn_blocking(move || multiply(&database, old as u64, SPAN * DAY)).await??;
    ensure!(made == old as u64, "{made} deliveries were made");

    let mut server = Server::spawn_at(&binary()?, &data, free_port()?, &[])?;
    server.ready().await?;
    let api = server.api();
    let while_forgetting =
        Load { server: server.address(), rate: Some(RATE), count: size(2000, 400) as u64, connections: 32, ..load };
    run(&sink, &while_forgetting).await?;
    let summary = sink.account().summary(0..1);
    let slowest = summary.p99_ms.context("nothing arrived")?;
    // It had begun, and was not done.
    ensure!(!is_there(&api, (copies - 2) * apart).await?, "nothing was forgotten meanwhile");
    ensure!(is_there(&api, 31).await?, "all was forgotten before the load was over: more old deliveries are needed");
    ensure!(slowest < PATIENCE, "the slowest hundredth took {slowest:.0} ms: {summary:?}");
    let began = std::time::Instant::now();
    eventually("all that is old is forgotten", Duration::from_secs(300), async || Ok(!is_there(&api, 31).await?))
        .await?;
    eprintln!(
        "while some of {old} were forgotten: median {:.1} ms, p99 {slowest:.1} ms; the rest took {:.0} s more",
        summary.median_ms.unwrap_or_default(),
        began.elapsed().as_secs_f64()
    );
    // What is of the last thirty days stays: the originals, and the copies up to 29 days before.
    let kept = account::deliveries(&api).await?.len();
    let copies = 1 + usize::try_from(29 / apart)?;
    ensure!(kept == SEED * copies + usize::try_from(while_forgetting.count)?, "{kept} are kept");
    ensure!(server.stop()?.success(), "the server did not end well:\n{}", server.log());
    Ok(())
}

/// Whether there is a delivery that is older than this many days.
async fn is_there(api: &Api, days: i64) -> Result<bool> {
    let until = Timestamp::from_millis(wall_clock() - days * DAY);
    let page = api.ok("GET", &format!("/v1/deliveries?limit=1&until={until}"), None).await?;
    Ok(page["data"].as_array().is_some_and(|data| !data.is_empty()))
}

/// Hands all in and waits until each has arrived, once.
async fn run(sink: &Sink, load: &Load) -> Result<()> {
    let account = sink.begin(Account::new(1, usize::try_from(load.count)?));
    load::run(load).await?;
    ensure!(account.wait(load.count, Duration::from_secs(120)).await, "not everything arrived");
    let summary = account.summary(0..1);
    ensure!((summary.distinct, summary.repeats, summary.strangers) == (load.count, 0, 0), "{summary:?}");
    Ok(())
}
