//! Receivers that never answer must not slow the others down.

use anyhow::{Context as _, Result};
use seinpost_protocol::event::EventType;

use super::{Bench, SinkProcess, Work, say, webhooks};
use crate::{
    machine::Cpu,
    report::{Row, Wanted, short},
    stats::median,
};

/// To how many webhooks each event goes; the last of them becomes the black hole.
const WEBHOOKS: u64 = 10;

/// Measures the others' p99 with a tenth of the webhooks black holes, against without.
///
/// # Errors
/// When one of the others loses a delivery, or the machine is never quiet.
pub async fn measure(bench: &Bench, sink: &SinkProcess, peak: f64) -> Result<Vec<Row>> {
    // Half the peak of fan-out 1, though more would be possible: the receivers are what matters here.
    let rate = peak / 2.0 / WEBHOOKS as f64;
    // Longer than a call is waited for, so that time-outs and what follows on them are part of it.
    let events = (rate * bench.size(25, 18) as f64) as u64;
    let work = Work { rate: Some(rate), ..Work::new(events, WEBHOOKS) };
    let (mut ratios, mut without, mut with) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=bench.rounds.min(3) {
        say(&format!("── black holes at {}/s, round {number}", short(rate * WEBHOOKS as f64)));
        let all_well = bench.undisturbed(async || round(bench, sink, &work, 0).await).await?;
        let holes = bench.undisturbed(async || round(bench, sink, &work, 1).await).await?;
        say(&format!("   p99 {} ms without, {} ms with", short(all_well), short(holes)));
        ratios.push(holes / all_well);
        without.push(all_well);
        with.push(holes);
    }
    let middle = |values: &[f64]| short(median(values).unwrap_or(0.0));
    Ok(vec![
        Row::new("the others' p99 with a tenth black holes", median(&ratios).context("no round")?, "× without")
            .wanted(Wanted::AtMost(1.5))
            .detail(format!("{} ms without, {} ms with", middle(&without), middle(&with))),
    ])
}

async fn round(bench: &Bench, sink: &SinkProcess, work: &Work, holes: u64) -> Result<(f64, f64)> {
    let mut server = bench.empty_server("black-holes").await?;
    webhooks(&server, sink, EventType::Delivery, bench.hmac, 0..WEBHOOKS).await?;
    sink.reset(WEBHOOKS, work.events).await?;
    sink.behave(WEBHOOKS - holes, WEBHOOKS, "hold").await?;
    let running = [server.process(), sink.process()];
    let before = Cpu::now(&running)?;
    bench.load(&server, work).await?;
    let expected = work.events * (WEBHOOKS - holes);
    sink.wait(expected, 60).await?;
    let foreign = Cpu::now(&running)?.foreign_since(&before);
    let arrived = sink.summary(0, WEBHOOKS - 1).await?;
    server.kill()?;
    anyhow::ensure!(
        arrived.distinct == expected && arrived.repeats == 0 && arrived.strangers == 0,
        "{expected} deliveries were to arrive once: {arrived:?}"
    );
    anyhow::ensure!((arrived.turned_away > 0) == (holes > 0), "the black hole was not called: {arrived:?}");
    Ok((arrived.p99_ms.context("nothing arrived")?, foreign))
}
