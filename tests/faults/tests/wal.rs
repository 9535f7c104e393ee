//! The write-ahead log after a power cut: its end is missing, half written, or garbage.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write as _,
    net::Ipv4Addr,
    path::Path,
};

use anyhow::{Context as _, Result, ensure};
use seinpost_bench::{
    client::Connection,
    server::{Server, free_port},
    sink::Sink,
};
use seinpost_faults::{
    account, binary,
    chance::Chance,
    intake::{Handed, Intake},
    size,
};

/// How many events are in the log: so few that all of it is in one generation.
const EVENTS: usize = 40;

/// A database as a killed server leaves it, and the ids of its events in the order they were acknowledged.
async fn killed(data: &Path, sink: &Sink) -> Result<Vec<String>> {
    let mut server = Server::spawn_at(&binary()?, data, free_port()?, &[])?;
    server.ready().await?;
    let sink_api = seinpost_bench::api::Api::new(sink.address(), None);
    for slot in 0..2 {
        let url = format!("http://{}/h/{slot}", sink.address());
        server.api().verified_webhook(&sink_api, "delivery", &url, "cavage").await?;
    }
    // What was kept until here is in the database, so that every cut leaves the webhooks.
    ensure!(server.stop()?.success(), "the server did not end well:\n{}", server.log());
    let mut server = Server::spawn_at(&binary()?, data, free_port()?, &[])?;
    server.ready().await?;
    // Nothing that comes after what somebody reads is copied into the database; and all that comes before is in it
    // once a checkpoint has run while it is read. In this order, since the server writes when it likes.
    let open = || -> Result<rusqlite::Connection> {
        let connection = rusqlite::Connection::open(data.join("seinpost.db"))?;
        connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    };
    let (reader, copier) = (open()?, open()?);
    reader.execute_batch("BEGIN")?;
    reader.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    // A checkpoint is refused, not waited for, while the server makes one of its own.
    while copier.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, bool>(0))? {
        tokio::task::yield_now().await;
    }
    let before = fs::read(data.join("seinpost.db"))?;
    sink.reset(2, EVENTS);
    let intake = Intake::new(EVENTS)?;
    let mut connection = Connection::open(server.address()).await?;
    let mut ids = Vec::new();
    while let Some(handed) = intake.hand_in(&mut connection).await {
        let Handed::Acknowledged(id) = handed else { anyhow::bail!("an event was not taken: {handed:?}") };
        ids.push(id);
    }
    server.kill()?;
    ensure!(fs::read(data.join("seinpost.db"))? == before, "some of the log is in the database");
    Ok(ids)
}

/// Starts a server on a copy whose log `spoil` has spoilt; the ids of the events that it has, once all are delivered.
async fn recovered(original: &Path, copy: &Path, spoil: impl FnOnce(&Path) -> Result<()>) -> Result<BTreeSet<String>> {
    fs::create_dir_all(copy)?;
    for file in ["seinpost.db", "seinpost.db-wal", "master.key"] {
        fs::copy(original.join(file), copy.join(file))?;
    }
    spoil(&copy.join("seinpost.db-wal"))?;
    let mut server = Server::spawn_at(&binary()?, copy, free_port()?, &[])?;
    server.ready().await?;
    account::settled(&server.api()).await?;
    let mut of_webhooks = std::collections::BTreeMap::<String, BTreeSet<String>>::new();
    for delivery in account::deliveries(&server.api()).await? {
        let event = delivery.event.context("a test call is in the log")?;
        ensure!(delivery.attempts.last().is_some_and(seinpost_protocol::rest::Attempt::accepted), "not delivered");
        of_webhooks.entry(delivery.webhook).or_default().insert(event);
    }
    let mut sets = of_webhooks.into_values();
    let events = sets.next().unwrap_or_default();
    ensure!(sets.all(|set| set == events), "an event is half kept");
    ensure!(server.stop()?.success(), "the server did not end well:\n{}", server.log());
    Ok(events)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_cut_short_anywhere_leaves_the_first_events_whole() -> Result<()> {
    let mut chance = Chance::new();
    let folder = tempfile::tempdir()?;
    let sink = Sink::start((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let data = folder.path().join("data");
    let ids = killed(&data, &sink).await?;
    let length = usize::try_from(fs::metadata(data.join("seinpost.db-wal"))?.len())?;
    let mut counts = Vec::new();
    for round in 0..size(40, 6) {
        let cut = chance.in_range(0..length);
        let copy = folder.path().join(format!("cut-{round}"));
        let events =
            recovered(&data, &copy, |log| Ok(File::options().write(true).open(log)?.set_len(cut as u64)?)).await?;
        // Those that were acknowledged first: what a cut takes is the end.
        let first: BTreeSet<String> = ids.iter().take(events.len()).cloned().collect();
        assert_eq!(events, first, "cut at {cut} of {length}");
        counts.push((cut, events.len()));
    }
    counts.sort_unstable();
    assert!(counts.is_sorted_by_key(|(_, events)| *events), "a longer log has fewer events: {counts:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_after_the_last_commit_costs_nothing() -> Result<()> {
    let mut chance = Chance::new();
    let folder = tempfile::tempdir()?;
    let sink = Sink::start((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let data = folder.path().join("data");
    let all: BTreeSet<String> = killed(&data, &sink).await?.into_iter().collect();
    for round in 0..size(12, 3) {
        let garbage: Vec<u8> = (0..chance.in_range(1..20_000)).map(|_| chance.in_range(0..256) as u8).collect();
        let copy = folder.path().join(format!("garbage-{round}"));
        let append = |log: &Path| Ok(File::options().append(true).open(log)?.write_all(&garbage)?);
        assert_eq!(recovered(&data, &copy, append).await?, all);
    }
    assert_eq!(recovered(&data, &folder.path().join("untouched"), |_| Ok(())).await?, all);
    Ok(())
}
