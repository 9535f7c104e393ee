//! `seinpost-bench deliver` measures; `sink`, `limit` and `load` are the parts that it runs as processes of their own.

use std::{
    io::{Read as _, Write as _},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use lexopt::{
    Parser,
    prelude::{Long, Value, ValueExt as _},
};
use seinpost_bench::{
    cases::{Bench, SinkProcess, backlog, black_holes, latency, log, rates, say},
    limit, load, machine, report,
    server::Server,
    sink::Sink,
};
use seinpost_protocol::event::EventType;

const HELP: &str = "\
seinpost-bench deliver --server BINARY [--folder DIR] [--quick] [--rounds N] [--tolerate PER-CENT] [CASE…]
    cases: rates latency black-holes backlog log (all of them)
    tolerate: how much of the machine other programs may use meanwhile (10)
seinpost-bench sink --listen ADDRESS
seinpost-bench limit --sink ADDRESS --count N
seinpost-bench load --server ADDRESS --token TOKEN --type TYPE --count N [--first N] [--fan-out N]
    [--connections N] [--rate PER-SECOND] [--batch N]";

/// All there is to measure, in the order in which it is.
const CASES: [&str; 5] = ["rates", "latency", "black-holes", "backlog", "log"];

#[tokio::main]
async fn main() -> ExitCode {
    match perform().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn perform() -> Result<()> {
    let mut arguments = Parser::from_env();
    match arguments.next()? {
        Some(Value(name)) if name == "deliver" => deliver(arguments).await,
        Some(Value(name)) if name == "sink" => sink(arguments).await,
        Some(Value(name)) if name == "limit" => limit(arguments).await,
        Some(Value(name)) if name == "load" => load(arguments).await,
        Some(Long("help")) | None => write(HELP),
        Some(other) => Err(other.unexpected().into()),
    }
}

/// The standard output: what the next program, or a person, reads.
fn write(text: impl std::fmt::Display) -> Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{text}")?;
    Ok(output.flush()?)
}

async fn sink(mut arguments: Parser) -> Result<()> {
    let mut listen = SocketAddr::from(([127, 0, 0, 1], 0));
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("listen") => listen = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let sink = Sink::start(listen).await?;
    write(sink.address())?;
    // It ends with the program that holds the other end of its standard input.
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

async fn limit(mut arguments: Parser) -> Result<()> {
    let (mut sink, mut count) = (None, 10_000);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("sink") => sink = Some(arguments.value()?.parse()?),
            Long("count") => count = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    write(limit::run(sink.context("--sink is missing")?, count).await?)
}

async fn load(mut arguments: Parser) -> Result<()> {
    let mut server = None;
    let mut load = load::Load {
        server: SocketAddr::from(([127, 0, 0, 1], 0)),
        token: String::new(),
        event_type: EventType::Delivery,
        first: 0,
        count: 1,
        fan_out: 1,
        connections: 64,
        rate: None,
        batch: 1,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("server") => server = Some(arguments.value()?.parse()?),
            Long("token") => load.token = arguments.value()?.string()?,
            Long("type") => load.event_type = arguments.value()?.parse()?,
            Long("first") => load.first = arguments.value()?.parse()?,
            Long("count") => load.count = arguments.value()?.parse()?,
            Long("fan-out") => load.fan_out = arguments.value()?.parse()?,
            Long("connections") => load.connections = arguments.value()?.parse()?,
            Long("rate") => load.rate = Some(arguments.value()?.parse()?),
            Long("batch") => load.batch = arguments.value()?.parse::<u64>()?.max(1),
            other => return Err(other.unexpected().into()),
        }
    }
    load.server = server.context("--server is missing")?;
    write(serde_json::to_string(&load::run(&load).await?)?)
}

async fn deliver(mut arguments: Parser) -> Result<()> {
    let mut binary: Option<PathBuf> = std::env::var_os("SEINPOST_BINARY").map(Into::into);
    let mut folder: PathBuf = std::env::temp_dir().join("seinpost-bench");
    let (mut quick, mut rounds, mut tolerated, mut cases) = (false, None, 10.0, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("server") => binary = Some(arguments.value()?.into()),
            Long("folder") => folder = arguments.value()?.into(),
            Long("quick") => quick = true,
            Long("rounds") => rounds = Some(arguments.value()?.parse()?),
            Long("tolerate") => tolerated = arguments.value()?.parse()?,
            Value(case) if CASES.iter().any(|known| *known == case) => cases.push(case.string()?),
            Value(case) => bail!("there is no case {case:?}; there are {}", CASES.join(", ")),
            other => return Err(other.unexpected().into()),
        }
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let mut bench = Bench {
        server: binary.context("--server is missing: the release binary to measure")?,
        own: std::env::current_exe()?,
        folder: folder.canonicalize()?,
        quick,
        rounds: rounds.unwrap_or(if quick { 3 } else { 5 }),
        tolerated: tolerated / 100.0,
        hmac: "standard",
    };
    let sink = SinkProcess::start(&bench)?;
    bench.hmac = hmac_profile(&bench, &sink).await?;
    let wanted = |case: &str| cases.is_empty() || cases.iter().any(|each| each == case);
    let mut rows = Vec::new();
    let mut peak = None;
    if wanted("rates") {
        let measured = rates::measure(&bench, &sink).await?;
        rows.extend(measured.rows);
        peak = Some(measured.peak);
    }
    if (wanted("latency") || wanted("black-holes")) && peak.is_none() {
        let once = Bench { rounds: 1, ..bench.clone() };
        peak = Some(rates::measure(&once, &sink).await?.peak);
    }
    if let Some(peak) = peak {
        if wanted("latency") {
            rows.extend(latency::measure(&bench, &sink, peak).await?);
        }
        if wanted("black-holes") {
            rows.extend(black_holes::measure(&bench, &sink, peak).await?);
        }
    }
    if wanted("backlog") {
        rows.extend(backlog::measure(&bench, &sink).await?);
    }
    if wanted("log") {
        rows.extend(log::measure(&bench, &sink).await?);
    }
    std::fs::write(bench.folder.join("deliver.json"), serde_json::to_string_pretty(&rows)?)?;
    write(format_args!(
        "{}; medians of {} rounds{}\n",
        machine::describe(),
        bench.rounds,
        if quick { ", quick" } else { "" }
    ))?;
    write(report::table(&rows))
}

/// `standard`, if this server signs it.
async fn hmac_profile(bench: &Bench, sink: &SinkProcess) -> Result<&'static str> {
    let server: Server = bench.empty_server("probe").await?;
    let url = format!("http://{}/h/0", sink.api.address());
    if let Ok(id) = server.api().verified_webhook(&sink.api, "delivery", &url, "standard").await {
        let attempt = server.api().ok("POST", &format!("/v1/webhooks/{id}/test"), Some(String::new())).await?;
        if attempt["response"]["status"] == 200 {
            return Ok("standard");
        }
    }
    say("This server does not sign with the profile `standard` yet: what is measured as HMAC is signed with RSA.");
    Ok("cavage")
}
