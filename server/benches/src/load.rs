//! The load generator: hands events in over kept-alive connections, as fast as they are taken or at a fixed rate.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use seinpost_protocol::event::EventType;
use serde::{Deserialize, Serialize};
use tokio::{sync::Mutex, sync::mpsc, task::JoinSet};

use crate::{
    client::Connection,
    event::{Template, now_ns},
    stats::percentile,
};

/// What to hand in.
#[derive(Clone, Debug)]
pub struct Load {
    /// The server.
    pub server: SocketAddr,
    /// The API token.
    pub token: String,
    /// The type of the events.
    pub event_type: EventType,
    /// The number of the first event.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// To how many webhooks the server must say that each goes.
    pub fan_out: u64,
    /// Over how many connections.
    pub connections: usize,
    /// How many a second; as fast as they are taken if there is no rate.
    pub rate: Option<f64>,
    /// How many in one call; more than one are sent as `application/x-ndjson`.
    pub batch: u64,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Handed {
    /// When the first request was sent, on [`now_ns`]'s clock.
    pub began_ns: u64,
    /// From the first request to the last answer, in seconds.
    pub seconds: f64,
    /// The median time from (the planned) sending of a call to its 202, in milliseconds.
    pub median_ms: f64,
    /// The 99th percentile of it.
    pub p99_ms: f64,
    /// By how much the 99th percentile of the calls left later than planned, in milliseconds: the generator's own fault.
    pub late_p99_ms: f64,
}

/// A call to make: the number of its first event, and when it was planned.
type Planned = (u64, u64);

/// Hands the events in. Every call must be answered 202 with the right number of deliveries.
///
/// # Errors
/// When one is not, or a connection breaks.
pub async fn run(load: &Load) -> Result<Handed> {
    let template = Template::new(load.event_type)?;
    let mut connections = Vec::new();
    for _ in 0..load.connections {
        connections.push(Connection::open(load.server).await?);
    }
    let began_ns = now_ns();
    let source = Source::start(load, began_ns)?;
    let mut tasks = JoinSet::new();
    for connection in connections {
        tasks.spawn(hand_in(connection, load.clone(), template.clone(), source.clone()));
    }
    let (mut times, mut late) = (Vec::new(), Vec::new());
    while let Some(ended) = tasks.join_next().await {
        let measured = ended??;
        times.extend(measured.0);
        late.extend(measured.1);
    }
    Ok(Handed {
        began_ns,
        seconds: (now_ns() - began_ns) as f64 / 1e9,
        median_ms: percentile(&times, 50.0).context("nothing was sent")?,
        p99_ms: percentile(&times, 99.0).context("nothing was sent")?,
        late_p99_ms: percentile(&late, 99.0).unwrap_or(0.0),
    })
}

/// Where connections get their next call from.
#[derive(Clone)]
enum Source {
    /// At once.
    Counter { next: Arc<AtomicU64>, end: u64, step: u64 },
    /// When its time has come.
    Paced(Arc<Mutex<mpsc::UnboundedReceiver<Planned>>>),
}

impl Source {
    fn start(load: &Load, began_ns: u64) -> Result<Self> {
        let end = load.first + load.count;
        let Some(rate) = load.rate else {
            return Ok(Self::Counter { next: Arc::new(AtomicU64::new(load.first)), end, step: load.batch });
        };
        let (sender, receiver) = mpsc::unbounded_channel();
        let (first, step) = (load.first, load.batch);
        // A thread of its own: tokio's timers tick in milliseconds, and would send in bursts.
        std::thread::Builder::new().name("pace".into()).spawn(move || {
            let mut number = first;
            while number < end {
                let planned = began_ns + ((number - first) as f64 / rate * 1e9) as u64;
                let now = now_ns();
                if planned > now {
                    std::thread::sleep(Duration::from_nanos(planned - now));
                }
                if sender.send((number, planned)).is_err() {
                    return;
                }
                number += step;
            }
        })?;
        Ok(Self::Paced(Arc::new(Mutex::new(receiver))))
    }

    async fn next(&self) -> Option<Planned> {
        match self {
            Self::Counter { next, end, step } => {
                let number = next.fetch_add(*step, Ordering::Relaxed);
                (number < *end).then(|| (number, now_ns()))
            }
            Self::Paced(receiver) => receiver.lock().await.recv().await,
        }
    }
}

async fn hand_in(
    mut connection: Connection,
    load: Load,
    template: Template,
    source: Source,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let authorization = format!("Bearer {}", load.token);
    let host = load.server.to_string();
    let content_type = if load.batch > 1 { "application/x-ndjson" } else { "application/json" };
    let expected = format!(r#""deliveries":{}}}"#, load.fan_out);
    let (mut times, mut late) = (Vec::new(), Vec::new());
    while let Some((number, planned)) = source.next().await {
        let many = load.batch.min(load.first + load.count - number);
        let sent = now_ns();
        let body = if many == 1 { template.body(number, planned) } else { lines(&template, number, many, planned) };
        let request = Request::post("/v1/events")
            .header("host", &host)
            .header("authorization", &authorization)
            .header("content-type", content_type)
            .body(Full::new(body))?;
        let (status, answer) = connection.send(request).await?;
        ensure!(status == 202, "event {number} was answered {status}: {}", String::from_utf8_lossy(&answer));
        let accepted = count(&answer, expected.as_bytes());
        ensure!(accepted == many, "of {many} events, {accepted} go to {} webhooks", load.fan_out);
        times.push((now_ns() - planned) as f64 / 1e6);
        late.push((sent - planned) as f64 / 1e6);
    }
    Ok((times, late))
}

fn lines(template: &Template, first: u64, many: u64, sent_ns: u64) -> Bytes {
    let mut lines = Vec::new();
    for number in first..first + many {
        lines.extend_from_slice(&template.body(number, sent_ns));
        lines.push(b'\n');
    }
    lines.into()
}

/// How often `wanted` occurs.
fn count(text: &[u8], wanted: &[u8]) -> u64 {
    text.windows(wanted.len()).filter(|window| *window == wanted).count() as u64
}
