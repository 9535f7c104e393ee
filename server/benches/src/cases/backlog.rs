//! A store with very many waiting deliveries: memory, speed beside it, and how soon a restarted server is at work.

use anyhow::{Context as _, Result, ensure};
use seinpost_protocol::event::EventType;

use super::{Bench, SinkProcess, Work, recorded, say, seconds_since, webhooks};
use crate::{
    event::now_ns,
    machine::Cpu,
    report::{Row, Wanted, short},
    server::Server,
    stats::median,
};

/// How many webhooks have what waits.
const DEAD: u64 = 100;

/// Measures.
///
/// # Errors
/// When a delivery is lost, or the machine is never quiet.
pub async fn measure(bench: &Bench, sink: &SinkProcess) -> Result<Vec<Row>> {
    let events = bench.size(10_000, 1000);
    let waiting = events * DEAD;
    let data = bench.data("full")?;
    let mut full = Server::start(&bench.server, &data).await?;
    webhooks(&full, sink, EventType::Delivery, bench.hmac, 0..DEAD).await?;
    let open = webhooks(&full, sink, EventType::Open, bench.hmac, DEAD..DEAD + 1).await?;
    let empty = bench.empty_server("empty").await?;
    webhooks(&empty, sink, EventType::Open, bench.hmac, DEAD..DEAD + 1).await?;

    say(&format!("── backlog: {waiting} deliveries that wait"));
    sink.reset(DEAD + 1, events).await?;
    sink.behave(0, DEAD, "hold").await?;
    let began = now_ns();
    bench.load(&full, &Work { connections: 16, ..Work::new(events, DEAD) }).await?;
    let (now, most) = full.resident_mib()?;
    say(&format!(
        "   taken in {} s; resident {} MiB, at most {} MiB",
        short(seconds_since(began)),
        short(now),
        short(most)
    ));
    let mut rows = vec![
        Row::new(format!("resident memory, {waiting} waiting"), most, "MiB")
            .wanted(Wanted::AtMost(200.0))
            .detail(format!("the highest while they were taken in; {} MiB after", short(now))),
    ];
    rows.push(beside(bench, sink, &empty, &full).await?);
    drop(empty);

    // A call that is on its way at the kill, or not written down yet, is rightly made again: of what was measured beside
    // there is none, and of what waits the sink has seen all before it begins to accept.
    for id in &open {
        recorded(&full, &format!("/v1/webhooks/{id}/deliveries")).await?;
    }
    full.kill()?;
    sink.alone().await?;
    sink.reset(DEAD + 1, events).await?;
    let began = now_ns();
    let mut full = Server::spawn(&bench.server, &data)?;
    full.ready().await?;
    let ready = seconds_since(began);
    let first = sink.wait(1, 60).await?;
    let seconds = first.first_ns.saturating_sub(began) as f64 / 1e9;
    rows.push(
        Row::new("start-up to first delivery there, after kill -9", seconds, "s")
            .wanted(Wanted::AtMost(5.0))
            .detail(format!("ready after {} s", short(ready))),
    );
    rows.push(drained(sink, &mut full, waiting).await?);
    Ok(rows)
}

/// The rate of other deliveries on the full store against that on an empty one.
async fn beside(bench: &Bench, sink: &SinkProcess, empty: &Server, full: &Server) -> Result<Row> {
    let work = Work { event_type: EventType::Open, ..Work::new(bench.size(30_000, 15_000), 1) };
    let (mut ratios, mut rates) = (Vec::new(), (Vec::new(), Vec::new()));
    for _ in 0..bench.rounds {
        let one = measured(bench, sink, empty, full, &work).await?;
        let other = measured(bench, sink, full, empty, &work).await?;
        say(&format!("   {}/s on the empty store, {}/s on the full one", short(one), short(other)));
        ratios.push(other / one);
        rates.0.push(one);
        rates.1.push(other);
    }
    let middle = |values: &[f64]| short(median(values).unwrap_or(0.0));
    Ok(Row::new("rate on the full store", median(&ratios).context("no round")?, "× on an empty one")
        .wanted(Wanted::AtLeast(0.9))
        .detail(format!("{}/s and {}/s", middle(&rates.1), middle(&rates.0))))
}

async fn measured(bench: &Bench, sink: &SinkProcess, server: &Server, idle: &Server, work: &Work) -> Result<f64> {
    bench
        .undisturbed(async || {
            sink.reset(DEAD + 1, work.events).await?;
            sink.behave(0, DEAD, "hold").await?;
            let running = [server.process(), idle.process(), sink.process()];
            let before = Cpu::now(&running)?;
            let handed = bench.load(server, work).await?;
            let arrived = sink.wait(work.events, 120).await?;
            let foreign = Cpu::now(&running)?.foreign_since(&before);
            ensure!(
                arrived.distinct == work.events && arrived.repeats == 0 && arrived.strangers == 0,
                "{} deliveries were to arrive once: {arrived:?}",
                work.events
            );
            Ok((work.events as f64 * 1e9 / (arrived.last_ns - handed.began_ns) as f64, foreign))
        })
        .await
}

/// Has all that waited delivered, and checks the account.
async fn drained(sink: &SinkProcess, full: &mut Server, waiting: u64) -> Result<Row> {
    let began = now_ns();
    let account = sink.wait(waiting, 400).await?;
    let seconds = account.last_ns.saturating_sub(account.first_ns) as f64 / 1e9;
    say(&format!("   all delivered {} s later", short(seconds_since(began))));
    recorded(full, "/v1/deliveries").await?;
    full.stop()?;
    let account = sink.summary(0, 0).await?;
    ensure!(
        account.distinct == waiting && account.repeats == 0 && account.strangers == 0,
        "{waiting} deliveries were to arrive once, and nothing else: {account:?}"
    );
    Ok(Row::new("deliveries/s of the backlog", waiting as f64 / seconds, "/s")
        .detail(format!("each of {waiting} arrived, once")))
}
