//! How long an event takes to be acknowledged and to arrive, at half the peak rate, against the disk's own flush; and
//! how much memory that takes.

use anyhow::{Context as _, Result};
use seinpost_protocol::event::EventType;

use super::{Bench, SinkProcess, Work, say, webhooks};
use crate::{
    machine::{Cpu, append_and_flush_ms},
    report::{Row, Wanted, short},
    stats::median,
};

/// One round, in milliseconds and MiB.
struct Round {
    flush: f64,
    /// Median and 99th percentile from sending to 202.
    accepted: (f64, f64),
    /// The same to arriving.
    arrived: (f64, f64),
    late: f64,
    resident: f64,
}

/// Measures at half of `peak` deliveries a second.
///
/// # Errors
/// When a delivery is lost, or the machine is never quiet.
pub async fn measure(bench: &Bench, sink: &SinkProcess, peak: f64) -> Result<Vec<Row>> {
    let rate = peak / 2.0;
    let events = (rate * bench.size(10, 4) as f64) as u64;
    let work = Work { rate: Some(rate), ..Work::new(events, 1) };
    let mut rounds = Vec::new();
    for number in 1..=bench.rounds {
        say(&format!("── times at {}/s, round {number} of {}", short(rate), bench.rounds));
        let round = bench.undisturbed(async || round(bench, sink, &work).await).await?;
        say(&format!(
            "   flush {} ms; 202 after {} and {} ms; arrived after {} and {} ms; {} MiB",
            short(round.flush),
            short(round.accepted.0),
            short(round.accepted.1),
            short(round.arrived.0),
            short(round.arrived.1),
            short(round.resident)
        ));
        rounds.push(round);
    }
    rows(&rounds, rate)
}

async fn round(bench: &Bench, sink: &SinkProcess, work: &Work) -> Result<(Round, f64)> {
    let mut server = bench.empty_server("latency").await?;
    webhooks(&server, sink, EventType::Delivery, bench.hmac, 0..1).await?;
    // What is only slow once (code that is not in memory yet, for example) is no part of it.
    let warm = Work { events: work.events / 8, ..work.clone() };
    sink.reset(1, warm.events).await?;
    bench.load(&server, &warm).await?;
    sink.all_arrived(warm.events, true).await?;
    let flush_before = append_and_flush_ms(&bench.folder, 300)?;
    sink.reset(1, work.events).await?;
    let running = [server.process(), sink.process()];
    let before = Cpu::now(&running)?;
    let handed = bench.load(&server, work).await?;
    let arrived = sink.all_arrived(work.events, true).await?;
    let foreign = Cpu::now(&running)?.foreign_since(&before);
    let resident = server.resident_mib()?.1;
    let flush = f64::midpoint(flush_before, append_and_flush_ms(&bench.folder, 300)?);
    server.stop()?;
    let round = Round {
        flush,
        accepted: (handed.median_ms, handed.p99_ms),
        arrived: arrived.median_ms.zip(arrived.p99_ms).context("nothing arrived")?,
        late: handed.late_p99_ms,
        resident,
    };
    Ok((round, foreign))
}

fn rows(rounds: &[Round], rate: f64) -> Result<Vec<Row>> {
    let middle = |value: &dyn Fn(&Round) -> f64| -> Result<f64> {
        median(&rounds.iter().map(value).collect::<Vec<_>>()).context("no round")
    };
    let flush = middle(&|round| round.flush)?;
    let late = middle(&|round| round.late)?;
    type Figure = fn(&Round) -> f64;
    let figures: [(&str, Figure, f64); 4] = [
        ("send → 202, median", |round| round.accepted.0, 6.0),
        ("send → 202, p99", |round| round.accepted.1, 25.0),
        ("send → sink, median", |round| round.arrived.0, 6.0),
        ("send → sink, p99", |round| round.arrived.1, 25.0),
    ];
    let mut rows = Vec::new();
    for (name, figure, most) in figures {
        rows.push(
            Row::new(format!("{name}, at half the peak"), middle(&|round| figure(round) / round.flush)?, "× flush")
                .wanted(Wanted::AtMost(most))
                .detail(format!(
                    "{} ms at {}/s, flush {} ms, p99 of the generator's own delay {} ms",
                    short(middle(&figure)?),
                    short(rate),
                    short(flush),
                    short(late)
                )),
        );
    }
    rows.push(
        Row::new("resident memory, no backlog", middle(&|round| round.resident)?, "MiB")
            .wanted(Wanted::AtMost(64.0))
            .detail("the highest, at half the peak"),
    );
    Ok(rows)
}
