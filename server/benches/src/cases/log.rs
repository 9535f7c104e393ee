//! A page of the delivery log over very many deliveries, against one over few.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use seinpost_protocol::event::EventType;

use super::{Bench, SinkProcess, Work, deliver, say, seconds_since, webhooks};
use crate::{
    event::now_ns,
    fill::multiply,
    report::{Row, Wanted, short},
    server::Server,
    stats::median,
};

/// How many deliveries the small log has: of 100 webhooks.
const SMALL: u64 = 10_000;
/// How often each page is asked for.
const TIMES: usize = 60;

/// Measures.
///
/// # Errors
/// When the log cannot be made or read.
pub async fn measure(bench: &Bench, sink: &SinkProcess) -> Result<Vec<Row>> {
    let large = bench.size(10_000_000, 1_000_000);
    say(&format!("── the log: {SMALL} and {large} deliveries"));
    let (small_data, large_data) = (bench.data("log-small")?, bench.data("log-large")?);
    let mut server = Server::start(&bench.server, &small_data).await?;
    let ids = webhooks(&server, sink, EventType::Delivery, bench.hmac, 0..100).await?;
    deliver(bench, &server, sink, &Work::new(SMALL / 100, 100), 100).await?;
    server.stop()?;
    fs::create_dir_all(&large_data)?;
    fs::copy(small_data.join("seinpost.db"), large_data.join("seinpost.db"))?;
    let began = now_ns();
    let database = large_data.join("seinpost.db");
    let there = tokio::task::spawn_blocking(move || multiply(&database, large)).await??;
    ensure!(there >= large, "only {there} deliveries were made");
    say(&format!("   made in {} s", short(seconds_since(began))));

    let small = Server::start(&bench.server, &small_data).await?;
    let large_server = Server::start(&bench.server, &large_data).await?;
    let webhook = ids.first().context("no webhook")?;
    let cursor = |page: &serde_json::Value| page["next"].as_str().map(str::to_owned).context("there is no second page");
    let first = "/v1/deliveries?limit=50";
    let next = (
        cursor(&small.api().ok("GET", first, None).await?)?,
        cursor(&large_server.api().ok("GET", first, None).await?)?,
    );
    let pages = [
        ("the first page", first.to_owned(), first.to_owned()),
        ("the second page", format!("{first}&cursor={}", next.0), format!("{first}&cursor={}", next.1)),
        ("a webhook's page", format!("/v1/webhooks/{webhook}/deliveries?limit=50"), String::new()),
        ("those that were delivered", format!("{first}&status=delivered"), String::new()),
        ("those that failed: none", format!("{first}&status=failed"), String::new()),
    ];
    let mut rows = Vec::new();
    for (name, in_small, in_large) in pages {
        let in_large = if in_large.is_empty() { in_small.clone() } else { in_large };
        let (few, many) = timed(&small, &in_small, &large_server, &in_large).await?;
        rows.push(
            Row::new(format!("the log over {there}: {name}"), many / few, "× over 10,000")
                .wanted(Wanted::AtMost(2.0))
                .detail(format!("{} ms and {} ms", short(few), short(many))),
        );
    }
    drop((small, large_server));
    fs::remove_dir_all(&large_data)?;
    Ok(rows)
}

/// The median time of both, asked for in turn, in milliseconds.
async fn timed(small: &Server, in_small: &str, large: &Server, in_large: &str) -> Result<(f64, f64)> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for time in 0..=TIMES {
        for (server, path, times) in [(small, in_small, &mut few), (large, in_large, &mut many)] {
            let began = now_ns();
            server.api().ok("GET", path, None).await?;
            // The first fills caches, here as there.
            if time > 0 {
                times.push(seconds_since(began) * 1000.0);
            }
        }
    }
    median(&few).zip(median(&many)).context("nothing was measured")
}
