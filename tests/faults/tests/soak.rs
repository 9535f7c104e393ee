//! A steady load at half of what the server can do: everything arrives once, and memory stays flat.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::{Result, ensure};
use seinpost_bench::{
    api::Api,
    load::{self, Load},
    server::{Server, TOKEN, free_port},
    sink::{Account, Sink},
};
use seinpost_faults::{binary, size};
use seinpost_protocol::event::EventType;

/// How much more memory the last part may take than the one after warming up, in MiB: an allocator's ups and downs. At
/// the full length one byte lost an event would already be more.
const GROWTH: f64 = 24.0;

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "the figures are what a person wants to see")]
async fn memory_stays_flat_under_a_steady_load() -> Result<()> {
    let seconds = size(600, 3);
    let folder = tempfile::tempdir()?;
    let sink = Sink::start((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let mut server = Server::spawn_at(&binary()?, &folder.path().join("data"), free_port()?, &[])?;
    server.ready().await?;
    let url = format!("http://{}/h/0", sink.address());
    server.api().verified_webhook(&Api::new(sink.address(), None), "delivery", &url, "standard").await?;
    let load = Load {
        server: server.address(),
        token: TOKEN.into(),
        event_type: EventType::Delivery,
        first: 0,
        count: size(20_000, 2000) as u64,
        fan_out: 1,
        connections: 32,
        rate: None,
        batch: 1,
    };
    // The peak, and the warming up.
    let began = std::time::Instant::now();
    run(&sink, &load).await?;
    let rate = load.count as f64 / began.elapsed().as_secs_f64() / 2.0;
    let part = Load { rate: Some(rate), count: (rate * seconds as f64 / 10.0).ceil() as u64, ..load };
    let mut resident = Vec::new();
    for _ in 0..10 {
        run(&sink, &part).await?;
        resident.push(server.resident_mib()?.0);
    }
    eprintln!(
        "{rate:.0} events/s for {seconds} s; resident after a tenth of it, half of it and all: {:.1}, {:.1} and {:.1} MiB ({resident:.1?})",
        resident[0], resident[4], resident[9]
    );
    let (first, last) = (resident[2], resident[9]);
    ensure!(last < first + GROWTH, "resident memory grew from {first:.1} to {last:.1} MiB: {resident:.1?}");
    ensure!(server.stop()?.success(), "the server did not end well:\n{}", server.log());
    Ok(())
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
