//! A page of the delivery log (and what else lists or counts deliveries and events) over very many deliveries, against
//! one over few.
//!
//! Both logs reach four weeks back, in both a two-hundredth of the deliveries failed, and in both some wait that are older than
//! all others.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use seinpost_protocol::{event::EventType, rest::Timestamp};
use serde_json::Value;

use super::{Bench, SinkProcess, Work, recorded, say, seconds_since, webhooks};
use crate::{
    client::Connection,
    event::now_ns,
    fill::{leave_waiting, multiply},
    report::{Row, Wanted, short},
    server::Server,
    sink::wall_clock,
    stats::{median, percentile},
};

/// How many deliveries the small log has: of 100 webhooks.
const SMALL: u64 = 10_000;
/// How many webhooks there are; the last one's receiver refuses every second event.
const WEBHOOKS: u64 = 100;
/// How many deliveries wait in each: so many that they are looked for among the newest first.
const WAITING: u32 = 6000;
/// How often each page is asked for.
const TIMES: usize = 100;
/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// How far back the logs reach.
const SPAN: i64 = 28 * DAY;

/// Measures.
///
/// # Errors
/// When the log cannot be made or read.
pub async fn measure(bench: &Bench, sink: &SinkProcess) -> Result<Vec<Row>> {
    let large = bench.size(10_000_000, 1_000_000);
    say(&format!("── the log: {SMALL} and {large} deliveries"));
    let (small_data, large_data) = (bench.data("log-small")?, bench.data("log-large")?);
    let ids = seed(bench, sink, &small_data, &large_data).await?;
    filled(&small_data, SMALL).await?;
    let began = now_ns();
    filled(&large_data, large).await?;
    let bytes = fs::metadata(large_data.join("seinpost.db"))?.len() as f64 / large as f64;
    say(&format!("   made in {} s, {} bytes a delivery", short(seconds_since(began)), short(bytes)));

    let arguments = ["--rate-limit", "0"];
    let small = Server::start_with(&bench.server, &small_data, &arguments).await?;
    let began = now_ns();
    let large_server = Server::start_with(&bench.server, &large_data, &arguments).await?;
    let ready = seconds_since(began);
    let few = Pages::of(&small, &ids).await?;
    let many = Pages::of(&large_server, &ids).await?;
    idle(&[&small, &large_server]).await?;
    let mut rows = vec![
        Row::new(format!("start-up on a log of {large}"), ready, "s").detail("until it listens"),
        Row::new("bytes in the database a delivery there, fan-out 100", bytes, "B"),
    ];
    for ((name, in_small), (_, in_large)) in few.0.iter().zip(&many.0) {
        let (few, many, slowest) = timed(&small, in_small, &large_server, in_large).await?;
        let row = Row::new(format!("the log over {large}: {name}"), many / few, "× over 10,000")
            .wanted(Wanted::AtMost(2.0))
            .detail(format!("{} ms and {} ms, p99 {} ms", short(few), short(many), short(slowest)));
        say(&format!("   {name}: {} ({})", short(row.measured), row.detail));
        rows.push(row);
    }
    rows.push(
        Row::new(format!("resident memory, {large} deliveries in the log"), large_server.resident_mib()?.1, "MiB")
            .detail("the highest, while it was read"),
    );
    drop((small, large_server));
    fs::remove_dir_all(&large_data)?;
    Ok(rows)
}

/// What a real server writes of one event, and of a hundred: the seeds of the small log and of the large one. The ids of
/// the webhooks.
async fn seed(bench: &Bench, sink: &SinkProcess, small: &Path, large: &Path) -> Result<Vec<String>> {
    // What is refused has failed then.
    let arguments = ["--retry-schedule", ""];
    let mut ids = Vec::new();
    for events in [1, SMALL / WEBHOOKS - 1] {
        let mut server = Server::start_with(&bench.server, large, &arguments).await?;
        if ids.is_empty() {
            ids = webhooks(&server, sink, EventType::Delivery, bench.hmac, 0..WEBHOOKS).await?;
            for paused in webhooks(&server, sink, EventType::Open, bench.hmac, 0..1).await? {
                let pause = Some(r#"{"status":"paused"}"#.to_owned());
                server.api().ok("PATCH", &format!("/v1/webhooks/{paused}"), pause).await?;
            }
        }
        sink.reset(WEBHOOKS, events).await?;
        sink.behave(WEBHOOKS - 1, WEBHOOKS, "falter").await?;
        bench.load(&server, &Work { connections: 4, ..Work::new(events, WEBHOOKS) }).await?;
        sink.wait(events * (WEBHOOKS - 1), 120).await?;
        recorded(&server, "/v1/deliveries").await?;
        server.stop()?;
        if !small.exists() {
            fs::create_dir_all(small)?;
            for file in ["seinpost.db", "master.key"] {
                fs::copy(large.join(file), small.join(file))?;
            }
        }
    }
    Ok(ids)
}

async fn filled(data: &Path, wanted: u64) -> Result<()> {
    let database = data.join("seinpost.db");
    let there = tokio::task::spawn_blocking(move || {
        let there = multiply(&database, wanted, SPAN)?;
        leave_waiting(&database, WAITING)?;
        anyhow::Ok(there)
    })
    .await??;
    ensure!(there == wanted, "{there} deliveries were made instead of {wanted}");
    Ok(())
}

/// Waits until the servers do nothing: figures are added up, and events indexed, after a start.
async fn idle(servers: &[&Server]) -> Result<()> {
    let used = || servers.iter().map(|server| server.cpu_seconds()).sum::<Result<f64>>();
    let mut turns = tokio::time::interval(std::time::Duration::from_millis(500));
    let mut before = used()?;
    let mut quiet = 0;
    for _ in 0..240 {
        turns.tick().await;
        let now = used()?;
        quiet = if now - before < 0.02 { quiet + 1 } else { 0 };
        before = now;
        if quiet > 4 {
            return Ok(());
        }
    }
    anyhow::bail!("the servers are not idle two minutes after their start")
}

/// What is asked for, by name.
struct Pages(Vec<(&'static str, String)>);

impl Pages {
    async fn of(server: &Server, webhooks: &[String]) -> Result<Self> {
        let get = async |path: &str| server.api().ok("GET", path, None).await;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a page without what was looked for");
        let (webhook, failing) = (webhooks.first().context("no webhook")?, webhooks.last().context("no webhook")?);
        let deliveries = "/v1/deliveries?limit=50";
        let events = "/v1/events?limit=50";
        let next = text(&get(deliveries).await?["next"])?;
        let failed = &get(&format!("{deliveries}&status=failed")).await?["data"][0];
        ensure!(failed["webhook"] == failing.as_str(), "another webhook's delivery failed: {failed}");
        let days_ago = |days: i64| Timestamp::from_millis(wall_clock() - days * DAY).to_string();
        // Of the four weeks so much that a page is full of the small log's events, too: of these it has a hundred.
        let between = format!("from={}&until={}", days_ago(22), days_ago(6));
        let page = get(&format!("{events}&{between}")).await?;
        let event = &page["data"][0];
        let (id, message) = (text(&event["id"])?, text(&event["message"])?);
        let found = get(&format!("{events}&message={message}")).await?;
        ensure!(found["data"].as_array().is_some_and(|found| found.len() == 1), "a message has another event: {found}");
        Ok(Self(vec![
            ("the first page", deliveries.to_owned()),
            ("the second page", format!("{deliveries}&cursor={next}")),
            ("of a time in its middle", format!("{deliveries}&{between}")),
            ("a webhook's page", format!("/v1/webhooks/{webhook}/deliveries?limit=50")),
            ("a webhook's, of a time", format!("/v1/webhooks/{webhook}/deliveries?limit=50&{between}")),
            ("those that were delivered", format!("{deliveries}&status=delivered")),
            ("those that failed", format!("{deliveries}&status=failed")),
            ("a webhook's that failed", format!("/v1/webhooks/{failing}/deliveries?limit=50&status=failed")),
            ("those that failed: none", format!("/v1/webhooks/{webhook}/deliveries?limit=50&status=failed")),
            ("those that wait, all old", format!("{deliveries}&status=pending")),
            ("a webhook's that wait: none", format!("/v1/webhooks/{webhook}/deliveries?limit=50&status=pending")),
            ("one delivery", format!("/v1/deliveries/{}", text(&failed["id"])?)),
            ("events, the first page", events.to_owned()),
            ("events of a time", format!("{events}&{between}")),
            ("events by message", format!("{events}&message={message}")),
            ("events by recipient: all", format!("{events}&recipient=someone@example.com")),
            ("events by recipient: none", format!("{events}&recipient=nobody@example.com")),
            ("events by type: none", format!("{events}&type=open")),
            ("one event and where it went", format!("/v1/events/{id}")),
            ("webhooks", "/v1/webhooks?limit=50".to_owned()),
            ("figures of a day", "/v1/stats?range=24h".to_owned()),
            ("figures of 30 days", "/v1/stats?range=30d".to_owned()),
            ("figures of each webhook", "/v1/stats/webhooks?range=30d&limit=50".to_owned()),
        ]))
    }
}

/// The median time of both, asked for in turn over a connection that is kept, and the 99th percentile of the second, in
/// milliseconds.
async fn timed(small: &Server, in_small: &str, large: &Server, in_large: &str) -> Result<(f64, f64, f64)> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    let mut connections = (Connection::open(small.address()).await?, Connection::open(large.address()).await?);
    for time in 0..=TIMES {
        for (server, path, connection, times) in
            [(small, in_small, &mut connections.0, &mut few), (large, in_large, &mut connections.1, &mut many)]
        {
            let request = server.api().request("GET", path, None)?;
            let began = now_ns();
            let (status, answer) = connection.send(request).await?;
            ensure!(status == 200, "{path} was answered {status}: {}", String::from_utf8_lossy(&answer));
            // The first fills caches, here as there.
            if time > 0 {
                times.push(seconds_since(began) * 1000.0);
            }
        }
    }
    let slowest = percentile(&many, 99.0).context("nothing was measured")?;
    median(&few).zip(median(&many)).map(|(few, many)| (few, many, slowest)).context("nothing was measured")
}
