//! A disk that is full: the server says so, loses nothing, and goes on by itself once there is room.

use std::{net::Ipv4Addr, path::Path, time::Duration};

use anyhow::{Result, ensure};
use seinpost_bench::{
    client::Connection,
    server::{Server, free_port},
    sink::{Account, Sink, wall_clock},
};
use seinpost_faults::{
    account, binary, eventually,
    intake::{Handed, Intake},
    tmpfs::Tmpfs,
};

/// How large the disk is, in MiB, and how much of it is taken by something else.
const DISK: usize = 24;
const TAKEN: usize = 14;
/// More events than find room.
const EVENTS: usize = 60_000;

struct Scene {
    sink: Sink,
    server: Server,
    webhooks: Vec<String>,
    account: std::sync::Arc<Account>,
    intake: Intake,
}

async fn scene(data: &Path) -> Result<Scene> {
    let sink = Sink::start((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let sink_api = seinpost_bench::api::Api::new(sink.address(), None);
    let mut server = Server::spawn_at(&binary()?, data, free_port()?, &[])?;
    server.ready().await?;
    let url = format!("http://{}/h/0", sink.address());
    let webhooks = vec![server.api().verified_webhook(&sink_api, "delivery", &url, "cavage").await?];
    let account = sink.begin(Account::with_journal(1, EVENTS));
    Ok(Scene { sink, server, webhooks, account, intake: Intake::new(EVENTS)? })
}

impl Scene {
    /// Hands events in until one is refused because the disk is full.
    async fn fill(&self) -> Result<()> {
        let mut connection = Connection::open(self.server.address()).await?;
        loop {
            match self.intake.hand_in(&mut connection).await {
                Some(Handed::Acknowledged(_)) => {}
                Some(Handed::Refused(status, problem)) => {
                    ensure!(status == 503, "a full disk is answered {status}: {problem}");
                    let detail = problem["detail"].as_str().unwrap_or_default();
                    ensure!(detail.contains("full"), "the answer does not say that the disk is full: {problem}");
                    return Ok(());
                }
                other => anyhow::bail!("the disk never got full: {other:?}"),
            }
        }
    }
}

#[expect(clippy::print_stderr, reason = "a test that cannot run says so")]
fn disk(folder: &Path) -> Result<Option<Tmpfs>> {
    let disk = Tmpfs::mount(folder, DISK)?;
    match &disk {
        Some(disk) => disk.take(TAKEN)?,
        None => eprintln!("skipped: only root may mount a small disk"),
    }
    Ok(disk)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_survived_without_a_restart() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let Some(disk) = disk(&data)? else { return Ok(()) };
    let mut scene = scene(&data).await?;
    scene.fill().await?;
    // It lives, and says that it is not ready.
    let api = scene.server.api();
    assert_eq!(api.call("GET", "/health/live", None).await?.0, 200);
    let ready = async || anyhow::Ok(api.call("GET", "/health/ready", None).await?.0);
    eventually("it is not ready", Duration::from_secs(30), async || {
        let status = ready().await?;
        ensure!(matches!(status, 200 | 503), "/health/ready answers {status}");
        Ok(status == 503)
    })
    .await?;
    let mut connection = Connection::open(scene.server.address()).await?;
    for _ in 0..20 {
        let handed = scene.intake.hand_in(&mut connection).await;
        assert!(matches!(handed, Some(Handed::Acknowledged(_) | Handed::Refused(503, _))), "{handed:?}");
    }
    disk.give_back()?;
    eventually("events are taken again", Duration::from_secs(30), async || {
        let mut connection = Connection::open(api.address()).await?;
        Ok(matches!(scene.intake.hand_in(&mut connection).await, Some(Handed::Acknowledged(_))))
    })
    .await?;
    eventually("it is ready", Duration::from_secs(30), async || Ok(ready().await? == 200)).await?;
    account::settled(&api).await?;
    let totals = account::check(&api, &scene.intake, &scene.account, &scene.webhooks, &[]).await?;
    assert_eq!(totals.arrived, totals.acknowledged);
    assert_eq!((totals.kept_unheard, totals.again), (0, 0), "nothing was killed");
    assert!(scene.server.stop()?.success());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_a_full_disk_it_starts_again_once_there_is_room() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let Some(disk) = disk(&data)? else { return Ok(()) };
    let mut scene = scene(&data).await?;
    scene.fill().await?;
    scene.server.kill()?;
    let mut kills = vec![wall_clock()];
    // Whether it starts without room or says why it does not: nothing is lost by trying.
    let mut tried = Server::spawn_at(&binary()?, &data, free_port()?, &[])?;
    if let Err(error) = tried.ready().await {
        let text = error.to_string();
        assert!(text.contains("full") && text.contains("room"), "{text}");
    }
    tried.kill()?;
    kills.push(wall_clock());
    disk.give_back()?;
    let mut server = Server::spawn_at(&binary()?, &data, free_port()?, &[])?;
    server.ready().await?;
    account::settled(&server.api()).await?;
    let totals = account::check(&server.api(), &scene.intake, &scene.account, &scene.webhooks, &kills).await?;
    assert_eq!(totals.arrived, totals.acknowledged + totals.kept_unheard);
    assert!(scene.sink.account().summary(0..1).strangers == 0 && server.stop()?.success());
    Ok(())
}
