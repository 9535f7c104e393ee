//! Killed at random moments under load, again and again: nothing acknowledged is lost, nothing is half kept, and nothing
//! that was recorded as delivered is sent again.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::Result;
use seinpost_bench::{
    server::{Server, free_port},
    sink::{Account, Sink, wall_clock},
};
use seinpost_faults::{account, binary, chance::Chance, intake::Intake, size};

/// To how many webhooks each event goes.
const WEBHOOKS: usize = 3;
/// How many events are handed in between two kills at most.
const EVENTS: usize = 400;
/// How many are handed in at a time.
const CONNECTIONS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "the account is what a person wants to see")]
async fn random_kills_under_load_lose_nothing() -> Result<()> {
    let rounds = size(50, 6);
    let mut chance = Chance::new();
    let folder = tempfile::tempdir()?;
    let (binary, data, address) = (binary()?, folder.path().join("data"), free_port()?);
    let sink = Sink::start((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let sink_api = seinpost_bench::api::Api::new(sink.address(), None);
    let intake = Intake::new(rounds * EVENTS)?;

    let mut server = Server::spawn_at(&binary, &data, address, &[])?;
    server.ready().await?;
    let mut webhooks = Vec::new();
    for slot in 0..WEBHOOKS {
        let url = format!("http://{}/h/{slot}", sink.address());
        webhooks.push(server.api().verified_webhook(&sink_api, "delivery", &url, "cavage").await?);
    }
    let account = sink.begin(Account::with_journal(WEBHOOKS, intake.most()));
    let mut kills = Vec::new();
    for round in 0..rounds {
        if round > 0 {
            server = Server::spawn_at(&binary, &data, address, &[])?;
            if round % 5 == 4 {
                // While it starts and recovers.
                server.kill()?;
                kills.push(wall_clock());
                server = Server::spawn_at(&binary, &data, address, &[])?;
            }
            server.ready().await?;
        }
        let acknowledged = intake.acknowledged() + chance.in_range(1..EVENTS);
        let arrived = account.summary(0..0).distinct + chance.in_range(1..EVENTS * WEBHOOKS) as u64;
        let load = tokio::spawn({
            let intake = intake.clone();
            async move { intake.run(address, CONNECTIONS, usize::MAX).await }
        });
        // Whichever comes first, or the end of the events: moments before, in and after commits, calls and records.
        tokio::select! {
            () = intake.wait_acknowledged(acknowledged) => {}
            _ = account.wait(arrived, Duration::from_secs(60)) => {}
        }
        server.kill()?;
        kills.push(wall_clock());
        load.await?;
    }
    let mut server = Server::spawn_at(&binary, &data, address, &[])?;
    server.ready().await?;
    account::settled(&server.api()).await?;
    let totals = account::check(&server.api(), &intake, &account, &webhooks, &kills).await?;
    eprintln!("{rounds} kills: {totals:?}");
    assert!(totals.acknowledged > 0 && totals.arrived == (totals.acknowledged + totals.kept_unheard) * WEBHOOKS);
    // What is on its way when the server is killed, and what had arrived and was not recorded yet, is bounded.
    assert!(totals.again <= rounds * WEBHOOKS * 64, "{totals:?}");
    assert!(server.stop()?.success());
    Ok(())
}
