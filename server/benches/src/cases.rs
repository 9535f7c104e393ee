//! What is measured, and how the parts are put together for it.

pub mod backlog;
pub mod black_holes;
pub mod latency;
pub mod log;
pub mod rates;

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use seinpost_protocol::event::EventType;
use serde_json::Value;

use crate::{
    api::Api,
    event::now_ns,
    load::Handed,
    machine::Cpu,
    server::{Server, TOKEN},
    sink::Summary,
};

/// How often something is measured again for that.
const AGAIN: usize = 4;

/// What to measure, with what.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The release binary of the server.
    pub server: PathBuf,
    /// This program.
    pub own: PathBuf,
    /// A folder on the disk to be measured.
    pub folder: PathBuf,
    /// Shorter runs.
    pub quick: bool,
    /// How often each figure is taken.
    pub rounds: usize,
    /// The share of this machine that other programs may use while something is measured, of 1; more, and it is measured
    /// again.
    pub tolerated: f64,
    /// The profile of the HMAC cases.
    pub hmac: &'static str,
}

impl Bench {
    /// One of two numbers: for a whole run, or for a quick one.
    #[must_use]
    pub fn size(&self, whole: u64, quick: u64) -> u64 {
        if self.quick { quick } else { whole }
    }

    /// A data folder that does not exist yet.
    ///
    /// # Errors
    /// When an old one cannot be removed.
    pub fn data(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        let log = path.with_extension("log");
        if log.exists() {
            fs::remove_file(log)?;
        }
        Ok(path)
    }

    /// Starts a server with an empty database.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn empty_server(&self, name: &str) -> Result<Server> {
        Server::start(&self.server, &self.data(name)?).await
    }

    /// Runs the limit program against the sink; requests a second.
    ///
    /// # Errors
    /// When not each request arrived.
    pub async fn limit(&self, sink: &SinkProcess, count: u64) -> Result<f64> {
        sink.reset(1, count).await?;
        let sink_address = sink.api.address().to_string();
        let seconds: f64 = self.child(&["limit", "--sink", &sink_address, "--count", &count.to_string()]).await?;
        sink.all_arrived(count, false).await?;
        Ok(count as f64 / seconds)
    }

    /// Hands events in, by a process of its own.
    ///
    /// # Errors
    /// When one is not accepted.
    pub async fn load(&self, server: &Server, work: &Work) -> Result<Handed> {
        let mut arguments = vec!["load".to_owned()];
        let mut add = |name: &str, value: String| arguments.extend([format!("--{name}"), value]);
        add("server", server.address().to_string());
        add("token", TOKEN.into());
        add("type", work.event_type.as_str().into());
        add("count", work.events.to_string());
        add("fan-out", work.fan_out.to_string());
        add("connections", work.connections.to_string());
        add("batch", work.batch.to_string());
        if let Some(rate) = work.rate {
            add("rate", rate.to_string());
        }
        self.child(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    /// Runs a part of this program; what it wrote, read as JSON.
    async fn child<T: serde::de::DeserializeOwned>(&self, arguments: &[&str]) -> Result<T> {
        let mut command = Command::new(&self.own);
        command.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let name = arguments.first().copied().unwrap_or_default();
        ensure!(output.status.success(), "`{name}` failed");
        serde_json::from_slice(&output.stdout).with_context(|| format!("`{name}` wrote something else"))
    }

    /// Does something with the machine to ourselves: again, if other programs used too much of it meanwhile.
    ///
    /// # Errors
    /// When it fails, or the machine is never quiet.
    pub async fn undisturbed<T, F>(&self, mut measure: F) -> Result<T>
    where
        F: AsyncFnMut() -> Result<(T, f64)>,
    {
        let mut shares = Vec::new();
        for _ in 0..AGAIN {
            let (measured, foreign) = measure().await?;
            if foreign <= self.tolerated {
                return Ok(measured);
            }
            shares.push(format!("{:.0} %", foreign * 100.0));
            say(&format!("   other programs used {:.0} % of the machine: once more", foreign * 100.0));
        }
        bail!("other programs used {} of the machine: measure when it is quiet", shares.join(", "))
    }
}

/// Events to hand in, and what becomes of them.
#[derive(Clone, Debug)]
pub struct Work {
    /// Their type.
    pub event_type: EventType,
    /// How many.
    pub events: u64,
    /// To how many webhooks each goes.
    pub fan_out: u64,
    /// Over how many connections they are handed in.
    pub connections: usize,
    /// How many a second, if not as many as are taken.
    pub rate: Option<f64>,
    /// How many in a call.
    pub batch: u64,
}

impl Work {
    /// As fast as they are taken, one a call.
    #[must_use]
    pub fn new(events: u64, fan_out: u64) -> Self {
        Self { event_type: EventType::Delivery, events, fan_out, connections: 64, rate: None, batch: 1 }
    }

    /// How many deliveries that makes.
    #[must_use]
    pub fn deliveries(&self) -> u64 {
        self.events * self.fan_out
    }
}

/// The sink in a process of its own; it ends with this program.
#[derive(Debug)]
pub struct SinkProcess {
    child: Child,
    /// The way to steer it.
    pub api: Api,
}

impl SinkProcess {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(bench: &Bench) -> Result<Self> {
        let mut child = Command::new(&bench.own)
            .args(["sink", "--listen", "127.0.0.1:0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the sink cannot be started")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("the sink has no output")?).read_line(&mut line)?;
        let address = line.trim().parse().with_context(|| format!("the sink said {line:?}"))?;
        Ok(Self { child, api: Api::new(address, None) })
    }

    /// Its number.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Begins a new account.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn reset(&self, slots: u64, events: u64) -> Result<()> {
        self.api.ok("POST", &format!("/reset?slots={slots}&events={events}"), None).await.map(drop)
    }

    /// Has the slots `from` to `to` (exclusive) behave `as` this.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn behave(&self, from: u64, to: u64, as_: &str) -> Result<()> {
        self.api.ok("POST", &format!("/behave?from={from}&to={to}&as={as_}"), None).await.map(drop)
    }

    /// The account, with the times of the slots `from` to `to` (exclusive).
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn summary(&self, from: u64, to: u64) -> Result<Summary> {
        read(self.api.ok("GET", &format!("/summary?from={from}&to={to}"), None).await?)
    }

    /// Waits until nobody is connected any more but whoever asks: what a killed server had sent has been read then.
    ///
    /// # Errors
    /// When somebody stays.
    pub async fn alone(&self) -> Result<()> {
        eventually("the sink is alone", async || Ok(read::<u64>(self.api.ok("GET", "/connections", None).await?)? <= 1))
            .await
    }

    /// Waits for this many deliveries; the account.
    ///
    /// # Errors
    /// When they do not come within the time.
    pub async fn wait(&self, distinct: u64, seconds: u64) -> Result<Summary> {
        let path = format!("/wait?distinct={distinct}&millis={}", seconds * 1000);
        let summary: Summary = read(self.api.ok("GET", &path, None).await?)?;
        ensure!(summary.distinct >= distinct, "only {} of {distinct} deliveries arrived", summary.distinct);
        Ok(summary)
    }

    /// Waits for all, and checks the account: each arrived once, nothing else did, and all were signed or none.
    ///
    /// # Errors
    /// When the account is not right.
    pub async fn all_arrived(&self, count: u64, signed: bool) -> Result<Summary> {
        let summary = self.wait(count, 120).await?;
        ensure!(summary.distinct == count, "{} deliveries arrived instead of {count}", summary.distinct);
        ensure!(summary.repeats == 0, "{} deliveries arrived again", summary.repeats);
        ensure!(summary.strangers == 0, "{} calls came that nobody should have made", summary.strangers);
        let expected = if signed { count } else { 0 };
        ensure!(summary.signed == expected, "{} of {count} calls carried a signature", summary.signed);
        Ok(summary)
    }
}

impl Drop for SinkProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    Ok(serde_json::from_value(value)?)
}

/// Makes webhooks for the slots `first` and on.
///
/// # Errors
/// When one is refused.
pub async fn webhooks(
    server: &Server,
    sink: &SinkProcess,
    event_type: EventType,
    profile: &str,
    slots: std::ops::Range<u64>,
) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for slot in slots {
        let url = format!("http://{}/h/{slot}", sink.api.address());
        ids.push(server.api().verified_webhook(&sink.api, event_type.as_str(), &url, profile).await?);
    }
    Ok(ids)
}

/// A run of deliveries, measured.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Deliveries a second, from the first event handed in to the last delivery's arrival.
    pub rate: f64,
    /// Events accepted a second.
    pub intake: f64,
    /// CPU time of the server a delivery, in microseconds.
    pub cpu_us: f64,
    /// The share of the machine that other programs used.
    pub foreign: f64,
}

/// Hands `work` in to a server whose webhooks stand, and waits until all of it has arrived.
///
/// # Errors
/// When the account is not right.
pub async fn deliver(bench: &Bench, server: &Server, sink: &SinkProcess, work: &Work, slots: u64) -> Result<Run> {
    sink.reset(slots, work.events).await?;
    let running = [server.process(), sink.process()];
    let (before, used) = (Cpu::now(&running)?, server.cpu_seconds()?);
    let handed = bench.load(server, work).await?;
    let arrived = sink.all_arrived(work.deliveries(), true).await?;
    let foreign = Cpu::now(&running)?.foreign_since(&before);
    let seconds = (arrived.last_ns - handed.began_ns) as f64 / 1e9;
    Ok(Run {
        rate: work.deliveries() as f64 / seconds,
        intake: work.events as f64 / handed.seconds,
        cpu_us: (server.cpu_seconds()? - used) * 1e6 / work.deliveries() as f64,
        foreign,
    })
}

/// Asks until the answer is yes, for up to a minute.
///
/// # Errors
/// When it is not, or asking fails.
pub async fn eventually(what: &str, mut question: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    let mut turns = tokio::time::interval(Duration::from_millis(20));
    let asked = async {
        while !question().await? {
            turns.tick().await;
        }
        Ok(())
    };
    match tokio::time::timeout(Duration::from_secs(60), asked).await {
        Ok(done) => done,
        Err(_) => bail!("{what}: not within a minute"),
    }
}

/// Waits until a list of deliveries holds none that wait: what came of each call is written down then.
///
/// # Errors
/// When one still waits after a minute.
pub async fn recorded(server: &Server, list: &str) -> Result<()> {
    let path = format!("{list}?status=pending&limit=1");
    eventually("every call is written down", async || {
        let page = server.api().ok("GET", &path, None).await?;
        Ok(page["data"].as_array().is_some_and(Vec::is_empty))
    })
    .await
}

/// Tells whoever watches how far it is.
pub fn say(text: &str) {
    use std::io::Write as _;
    // Nobody may be reading.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Seconds since `began_ns`.
#[must_use]
pub fn seconds_since(began_ns: u64) -> f64 {
    now_ns().saturating_sub(began_ns) as f64 / 1e9
}
