//! The receiver: answers 200 and keeps an exact account of what arrived.
//!
//! `POST /h/SLOT` is a callback URL. The account has a cell for each slot and each event's number, so that it can say
//! not only how many deliveries arrived but that each did, and how often. It also serves verification files, and is
//! steered over the same port: `PUT /files/NAME`, `POST /reset`, `POST /behave`, `GET /wait`, `GET /summary` and
//! `GET /connections`.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Method, Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use nix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, sync::Notify};

use crate::{
    event::{now_ns, read},
    stats::percentile,
};

/// The longest body that it reads, in bytes.
const LONGEST: usize = 1 << 20;

/// What a slot does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Behaviour {
    /// 200.
    Accept = 0,
    /// Nothing, for as long as the connection lives: a black hole.
    Hold = 1,
    /// 503.
    Refuse = 2,
    /// 503 for every second event, by its number: one that refuses all is left alone after five of them.
    Falter = 3,
}

impl Behaviour {
    fn named(name: &str) -> Option<Self> {
        [("accept", Self::Accept), ("hold", Self::Hold), ("refuse", Self::Refuse), ("falter", Self::Falter)]
            .into_iter()
            .find_map(|(known, behaviour)| (known == name).then_some(behaviour))
    }
}

/// The account of one run.
#[derive(Debug)]
pub struct Account {
    slots: usize,
    events: usize,
    behaviours: Vec<AtomicU8>,
    /// How often each event was accepted at each slot, slot by slot.
    counts: Vec<AtomicU32>,
    /// How long the first of them was on its way, in nanoseconds.
    latencies: Vec<AtomicU64>,
    distinct: AtomicU64,
    repeats: AtomicU64,
    /// Calls whose body is none of ours, or whose slot or number does not exist.
    strangers: AtomicU64,
    signed: AtomicU64,
    /// Calls that were not accepted.
    turned_away: AtomicU64,
    first_ns: AtomicU64,
    last_ns: AtomicU64,
    progress: Notify,
    awaited: AtomicU64,
    journal: Option<Mutex<Vec<Arrival>>>,
}

/// A call that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// At which slot.
    pub slot: usize,
    /// The number of the event.
    pub number: usize,
    /// When, in milliseconds since the Unix epoch.
    pub at: i64,
}

/// What an account says of some slots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Deliveries that arrived, each counted once.
    pub distinct: u64,
    /// Further arrivals of the same.
    pub repeats: u64,
    /// Calls that nobody should have made.
    pub strangers: u64,
    /// Calls that carried a signature.
    pub signed: u64,
    /// Calls that were held or refused.
    pub turned_away: u64,
    /// When the first delivery arrived, on [`now_ns`]'s clock.
    pub first_ns: u64,
    /// When the last new one arrived.
    pub last_ns: u64,
    /// The median from sending to arriving in the slots asked for, in milliseconds.
    pub median_ms: Option<f64>,
    /// The 99th percentile of it.
    pub p99_ms: Option<f64>,
}

impl Account {
    /// An empty account of this many slots and events; all slots accept.
    #[must_use]
    pub fn new(slots: usize, events: usize) -> Self {
        let cells = slots * events;
        Self {
            slots,
            events,
            behaviours: (0..slots).map(|_| AtomicU8::new(0)).collect(),
            counts: (0..cells).map(|_| AtomicU32::new(0)).collect(),
            latencies: (0..cells).map(|_| AtomicU64::new(0)).collect(),
            distinct: AtomicU64::new(0),
            repeats: AtomicU64::new(0),
            strangers: AtomicU64::new(0),
            signed: AtomicU64::new(0),
            turned_away: AtomicU64::new(0),
            first_ns: AtomicU64::new(u64::MAX),
            last_ns: AtomicU64::new(0),
            progress: Notify::new(),
            awaited: AtomicU64::new(u64::MAX),
            journal: None,
        }
    }

    /// An empty account that also remembers each arrival.
    #[must_use]
    pub fn with_journal(slots: usize, events: usize) -> Self {
        Self { journal: Some(Mutex::default()), ..Self::new(slots, events) }
    }

    /// Each arrival so far, in order; nothing without a journal.
    #[must_use]
    pub fn journal(&self) -> Vec<Arrival> {
        let journal = self.journal.as_ref().map(|journal| journal.lock().unwrap_or_else(PoisonError::into_inner));
        journal.map_or_else(Vec::new, |journal| journal.clone())
    }

    /// How often event `number` was accepted at `slot`.
    #[must_use]
    pub fn count(&self, slot: usize, number: usize) -> u32 {
        self.cell(slot, number).and_then(|cell| self.counts.get(cell)).map_or(0, |count| count.load(Relaxed))
    }

    /// Has some slots behave otherwise from now on.
    pub fn behave(&self, slots: std::ops::Range<usize>, behaviour: Behaviour) {
        for slot in self.behaviours.get(slots).unwrap_or_default() {
            slot.store(behaviour as u8, Relaxed);
        }
    }

    /// Waits until this many different deliveries have arrived, or the time is up. Whether they have.
    pub async fn wait(&self, distinct: u64, patience: Duration) -> bool {
        self.awaited.store(distinct, Relaxed);
        let arrived = async {
            loop {
                let progress = self.progress.notified();
                if self.distinct.load(Relaxed) >= distinct {
                    return;
                }
                progress.await;
            }
        };
        tokio::time::timeout(patience, arrived).await.is_ok()
    }

    /// What is known; the times on the way are those of these slots.
    #[must_use]
    pub fn summary(&self, slots: std::ops::Range<usize>) -> Summary {
        let cells = slots.start.min(self.slots) * self.events..slots.end.min(self.slots) * self.events;
        let times: Vec<f64> = self
            .latencies
            .get(cells)
            .unwrap_or_default()
            .iter()
            .map(|latency| latency.load(Relaxed))
            .filter(|latency| *latency > 0)
            .map(|latency| latency as f64 / 1e6)
            .collect();
        Summary {
            distinct: self.distinct.load(Relaxed),
            repeats: self.repeats.load(Relaxed),
            strangers: self.strangers.load(Relaxed),
            signed: self.signed.load(Relaxed),
            turned_away: self.turned_away.load(Relaxed),
            first_ns: self.first_ns.load(Relaxed),
            last_ns: self.last_ns.load(Relaxed),
            median_ms: percentile(&times, 50.0),
            p99_ms: percentile(&times, 99.0),
        }
    }

    fn cell(&self, slot: usize, number: usize) -> Option<usize> {
        (slot < self.slots && number < self.events).then(|| slot * self.events + number)
    }

    fn behaviour(&self, slot: usize) -> Behaviour {
        match self.behaviours.get(slot).map(|behaviour| behaviour.load(Relaxed)) {
            Some(1) => Behaviour::Hold,
            Some(2) => Behaviour::Refuse,
            Some(3) => Behaviour::Falter,
            _ => Behaviour::Accept,
        }
    }

    /// Enters a call that is accepted.
    fn enter(&self, slot: usize, body: &[u8]) {
        let now = now_ns();
        let found = read(body).and_then(|(number, sent)| Some((self.cell(slot, usize::try_from(number).ok()?)?, sent)));
        let Some((cell, sent)) = found else {
            self.strangers.fetch_add(1, Relaxed);
            return;
        };
        let (Some(count), Some(latency)) = (self.counts.get(cell), self.latencies.get(cell)) else { return };
        if let Some(journal) = &self.journal {
            let arrival = Arrival { slot, number: cell - slot * self.events, at: wall_clock() };
            journal.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
        }
        if count.fetch_add(1, Relaxed) > 0 {
            self.repeats.fetch_add(1, Relaxed);
            return;
        }
        latency.store(now.saturating_sub(sent).max(1), Relaxed);
        self.first_ns.fetch_min(now, Relaxed);
        self.last_ns.fetch_max(now, Relaxed);
        if self.distinct.fetch_add(1, Relaxed) + 1 >= self.awaited.load(Relaxed) {
            self.progress.notify_waiters();
        }
    }
}

/// A running receiver. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    account: RwLock<Arc<Account>>,
    files: RwLock<HashMap<String, Bytes>>,
    /// How many connections are open.
    connections: AtomicU64,
}

impl Sink {
    /// Listens; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn start(address: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(address).await.with_context(|| format!("{address} cannot be listened on"))?;
        let account = RwLock::new(Arc::new(Account::new(1, 1)));
        let shared = Arc::new(Shared { account, files: RwLock::default(), connections: AtomicU64::new(0) });
        let sink = Self { address: listener.local_addr()?, shared };
        let served = sink.clone();
        tokio::spawn(async move {
            // An error here is one of the connection that was to be accepted, or a lack of file descriptors for now.
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let _ = stream.set_nodelay(true);
                let sink = served.clone();
                sink.shared.connections.fetch_add(1, Relaxed);
                tokio::spawn(async move {
                    let service = service_fn(|request| sink.answer(request));
                    // A receiver has nothing to say about connections that end.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                    sink.shared.connections.fetch_sub(1, Relaxed);
                });
            }
        });
        Ok(sink)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The account of this run.
    #[must_use]
    pub fn account(&self) -> Arc<Account> {
        Arc::clone(&self.shared.account.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a new account.
    pub fn reset(&self, slots: usize, events: usize) -> Arc<Account> {
        self.begin(Account::new(slots, events))
    }

    /// Begins this account.
    pub fn begin(&self, account: Account) -> Arc<Account> {
        let account = Arc::new(account);
        *self.shared.account.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&account);
        account
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path();
        if parts.method == Method::POST
            && let Some(slot) = path.strip_prefix("/h/").and_then(|slot| slot.parse::<usize>().ok())
        {
            let body = read_whole(body).await?;
            let account = self.account();
            if parts.headers.contains_key("signature") || parts.headers.contains_key("webhook-signature") {
                account.signed.fetch_add(1, Relaxed);
            }
            let behaviour = account.behaviour(slot);
            let falters = || read(&body).is_some_and(|(number, _)| number % 2 == 0);
            if behaviour == Behaviour::Accept || (behaviour == Behaviour::Falter && !falters()) {
                account.enter(slot, &body);
                return Ok(Response::new(Full::default()));
            }
            account.turned_away.fetch_add(1, Relaxed);
            if behaviour == Behaviour::Hold {
                return std::future::pending().await;
            }
            return status(503);
        }
        let query = Query(parts.uri.query().unwrap_or_default());
        match (&parts.method, path) {
            (&Method::POST, "/reset") => {
                self.reset(query.number("slots"), query.number("events"));
                Ok(Response::new(Full::default()))
            }
            (&Method::POST, "/behave") => {
                let Some(behaviour) = query.text("as").and_then(Behaviour::named) else { return status(400) };
                self.account().behave(query.number("from")..query.number("to"), behaviour);
                Ok(Response::new(Full::default()))
            }
            (&Method::GET, "/wait") => {
                let account = self.account();
                let patience = Duration::from_millis(query.number("millis") as u64);
                account.wait(query.number("distinct") as u64, patience).await;
                json(&account.summary(query.slots()))
            }
            (&Method::GET, "/connections") => json(&self.shared.connections.load(Relaxed)),
            (&Method::GET, "/summary") => json(&self.account().summary(query.slots())),
            (&Method::PUT, path) => {
                let Some(name) = path.strip_prefix("/files/") else { return status(404) };
                let name = name.to_owned();
                let content = read_whole(body).await?;
                self.shared.files.write().unwrap_or_else(PoisonError::into_inner).insert(name, content);
                Ok(Response::new(Full::default()))
            }
            (&Method::GET, path) => {
                let name = path.rsplit('/').next().unwrap_or_default();
                let files = self.shared.files.read().unwrap_or_else(PoisonError::into_inner);
                match files.get(name) {
                    Some(content) => Ok(Response::new(Full::new(content.clone()))),
                    None => status(404),
                }
            }
            _ => status(404),
        }
    }
}

/// Milliseconds since the Unix epoch, to compare with what the server says of its attempts.
#[must_use]
pub fn wall_clock() -> i64 {
    let Ok(now) = clock_gettime(ClockId::CLOCK_REALTIME) else { return 0 };
    now.tv_sec() * 1000 + now.tv_nsec() / 1_000_000
}

async fn read_whole(body: Incoming) -> Result<Bytes> {
    let collected = Limited::new(body, LONGEST).collect().await;
    collected.map(http_body_util::Collected::to_bytes).map_err(|error| anyhow::anyhow!(error))
}

fn status(code: u16) -> Result<Response<Full<Bytes>>> {
    Ok(Response::builder().status(code).body(Full::default())?)
}

fn json(value: &impl Serialize) -> Result<Response<Full<Bytes>>> {
    Ok(Response::new(Full::new(serde_json::to_vec(value)?.into())))
}

/// The part of a URL after `?`.
struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.0
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    fn number(&self, name: &str) -> usize {
        self.text(name).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// Slots `from` to `to`, or all.
    fn slots(&self) -> std::ops::Range<usize> {
        let end = self.text("to").and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
        self.number("from")..end
    }
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::event::EventType;

    use super::*;
    use crate::event::Template;

    #[test]
    fn each_delivery_is_counted_once_and_strangers_are_noticed() {
        let account = Account::new(2, 3);
        let template = Template::new(EventType::Delivery).expect("a type we send");
        for (slot, number) in [(0, 0), (1, 2), (1, 2), (2, 0), (0, 3)] {
            account.enter(slot, &template.body(number, now_ns()));
        }
        account.enter(0, b"{}");
        let summary = account.summary(0..2);
        assert_eq!((summary.distinct, summary.repeats, summary.strangers), (2, 1, 3));
        assert_eq!((account.count(1, 2), account.count(0, 1), account.count(9, 9)), (2, 0, 0));
        assert!(summary.p99_ms.is_some() && account.summary(5..9).p99_ms.is_none());
    }
}
