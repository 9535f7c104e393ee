//! Deliveries a second, against the limit program and OpenSSL, and the bytes that each takes in the database.

use anyhow::{Context as _, Result};

use super::{Bench, Run, SinkProcess, Work, deliver, say, webhooks};
use crate::{
    machine::{Cpu, openssl_rsa2048},
    report::{Row, Wanted, short},
    stats::median,
};

/// What is known of the peak when all rounds are done.
#[derive(Clone, Debug)]
pub struct Rates {
    /// The figures.
    pub rows: Vec<Row>,
    /// Deliveries a second at fan-out 1.
    pub peak: f64,
}

#[derive(Default)]
struct Rounds {
    limit: Vec<f64>,
    one: Vec<Measured>,
    batched: Vec<Measured>,
    hundred: Vec<Measured>,
    rsa: Vec<Measured>,
    openssl: Vec<f64>,
}

/// A run, and the size of the database after it.
#[derive(Clone, Copy)]
struct Measured {
    run: Run,
    bytes: f64,
}

/// Measures all of them in turn, round by round.
///
/// # Errors
/// When a delivery is lost, or the machine is never quiet.
pub async fn measure(bench: &Bench, sink: &SinkProcess) -> Result<Rates> {
    let mut rounds = Rounds::default();
    let limit_count = bench.size(150_000, 60_000);
    let one = Work::new(bench.size(60_000, 25_000), 1);
    let batched = Work { batch: 50, connections: 8, ..one.clone() };
    let hundred = Work { connections: 16, ..Work::new(bench.size(1500, 500), 100) };
    let rsa = Work::new(bench.size(12_000, 5000), 1);
    for round in 1..=bench.rounds {
        say(&format!("── rates, round {round} of {}", bench.rounds));
        let before = quiet_limit(bench, sink, limit_count).await?;
        rounds.one.push(fresh(bench, sink, bench.hmac, &one).await?);
        rounds.batched.push(fresh(bench, sink, bench.hmac, &batched).await?);
        rounds.hundred.push(fresh(bench, sink, bench.hmac, &hundred).await?);
        // Before and after what is compared with it: a machine that others use too is not as fast from one second to the next.
        rounds.limit.push(f64::midpoint(before, quiet_limit(bench, sink, limit_count).await?));
        rounds.rsa.push(fresh(bench, sink, "cavage", &rsa).await?);
        rounds.openssl.push(openssl_rsa2048(if bench.quick { 1 } else { 2 })?);
        say(&format!(
            "   L {}/s; fan-out 1 {}/s, in batches {}/s; fan-out 100 {}/s; RSA {}/s, openssl {}/s",
            last(&rounds.limit),
            last_rate(&rounds.one),
            last_rate(&rounds.batched),
            last_rate(&rounds.hundred),
            last_rate(&rounds.rsa),
            last(&rounds.openssl)
        ));
    }
    rows(bench, &rounds)
}

/// The limit program with the machine to itself.
async fn quiet_limit(bench: &Bench, sink: &SinkProcess, count: u64) -> Result<f64> {
    bench
        .undisturbed(async || {
            let before = Cpu::now(&[sink.process()])?;
            let rate = bench.limit(sink, count).await?;
            Ok((rate, Cpu::now(&[sink.process()])?.foreign_since(&before)))
        })
        .await
}

/// Runs `work` on a fresh server.
async fn fresh(bench: &Bench, sink: &SinkProcess, profile: &str, work: &Work) -> Result<Measured> {
    bench
        .undisturbed(async || {
            let mut server = bench.empty_server("rates").await?;
            webhooks(&server, sink, work.event_type, profile, 0..work.fan_out).await?;
            let run = deliver(bench, &server, sink, work, work.fan_out).await?;
            server.stop()?;
            let bytes = server.stored_bytes()? as f64 / work.deliveries() as f64;
            Ok((Measured { run, bytes }, run.foreign))
        })
        .await
}

fn rows(bench: &Bench, rounds: &Rounds) -> Result<Rates> {
    let mut rows = Vec::new();
    let ratio = |measured: &[Measured], to: &[f64]| -> Result<f64> {
        let ratios: Vec<f64> = measured.iter().zip(to).map(|(measured, to)| measured.run.rate / to).collect();
        median(&ratios).context("no round")
    };
    let detail = |measured: &[Measured], to: &[f64], name: &str| -> String {
        let middle = |values: Vec<f64>| short(median(&values).unwrap_or(0.0));
        format!(
            "{}/s, {name} {}/s; {} µs of the server's CPU a delivery; events taken at {}/s",
            middle(measured.iter().map(|each| each.run.rate).collect()),
            middle(to.to_vec()),
            middle(measured.iter().map(|each| each.run.cpu_us).collect()),
            middle(measured.iter().map(|each| each.run.intake).collect()),
        )
    };
    let cases: [(&str, &[Measured], Wanted); 3] = [
        ("fan-out 1, one event a call", &rounds.one, Wanted::AtLeast(0.20)),
        ("fan-out 1, fifty events a call", &rounds.batched, Wanted::Nothing),
        ("fan-out 100", &rounds.hundred, Wanted::AtLeast(0.40)),
    ];
    for (name, measured, wanted) in cases {
        let row = Row::new(format!("deliveries/s, {}, {name}", bench.hmac), ratio(measured, &rounds.limit)?, "L");
        rows.push(row.wanted(wanted).detail(detail(measured, &rounds.limit, "L")));
    }
    rows.push(
        Row::new("deliveries/s, cavage (RSA-2048)", ratio(&rounds.rsa, &rounds.openssl)?, "× one core's openssl")
            .wanted(Wanted::AtLeast(1.0))
            .detail(detail(&rounds.rsa, &rounds.openssl, "openssl")),
    );
    let bytes = |measured: &[Measured]| median(&measured.iter().map(|each| each.bytes).collect::<Vec<_>>());
    for (name, measured, most) in [("1", &rounds.one, 1800.0), ("100", &rounds.hundred, 300.0)] {
        rows.push(
            Row::new(
                format!("bytes in the database a delivery, fan-out {name}"),
                bytes(measured).context("no round")?,
                "B",
            )
            .wanted(Wanted::AtMost(most))
            .detail(bench.hmac),
        );
    }
    rows.push(Row::new("the same, cavage (RSA-2048), fan-out 1", bytes(&rounds.rsa).context("no round")?, "B"));
    let peak: Vec<f64> = rounds.one.iter().map(|each| each.run.rate).collect();
    Ok(Rates { rows, peak: median(&peak).context("no round")? })
}

fn last(values: &[f64]) -> String {
    short(values.last().copied().unwrap_or(0.0))
}

fn last_rate(values: &[Measured]) -> String {
    short(values.last().map_or(0.0, |each| each.run.rate))
}
