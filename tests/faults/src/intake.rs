//! Hands numbered events in and remembers what became of each call: acknowledged, refused, or unknown because the
//! connection broke.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context as _, Result};
use http_body_util::Full;
use hyper::Request;
use seinpost_bench::{
    client::Connection,
    event::{Template, now_ns},
    server::TOKEN,
};
use seinpost_protocol::event::EventType;
use serde_json::Value;
use tokio::{sync::Notify, task::JoinSet};

/// What became of handing an event in.
#[derive(Clone, Debug, PartialEq)]
pub enum Handed {
    /// 202: its id. It must never be lost.
    Acknowledged(String),
    /// An error was answered: nothing of it may be kept.
    Refused(u16, Value),
    /// The connection broke before the answer: it is kept whole, or nothing of it is.
    Unknown,
}

/// All that was handed in. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    inner: Arc<Inner>,
}

struct Inner {
    template: Template,
    next: AtomicUsize,
    most: usize,
    handed: Mutex<HashMap<usize, Handed>>,
    acknowledged: AtomicUsize,
    progress: Notify,
}

impl Intake {
    /// Will hand in at most `most` events of type `delivery`, numbered from 0.
    ///
    /// # Errors
    /// Never, as long as there is such a type.
    pub fn new(most: usize) -> Result<Self> {
        let inner = Inner {
            template: Template::new(EventType::Delivery)?,
            next: AtomicUsize::new(0),
            most,
            handed: Mutex::default(),
            acknowledged: AtomicUsize::new(0),
            progress: Notify::new(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Hands events in over this many connections, until the server breaks them, `until` acknowledgements have come in
    /// all, or there are no more events.
    pub async fn run(&self, server: SocketAddr, connections: usize, until: usize) {
        let mut tasks = JoinSet::new();
        for _ in 0..connections {
            let intake = self.clone();
            tasks.spawn(async move {
                // Whoever is killed breaks its connections: that is what is tested.
                let Ok(mut connection) = Connection::open(server).await else { return };
                while intake.acknowledged() < until {
                    match intake.hand_in(&mut connection).await {
                        Some(Handed::Unknown) | None => return,
                        Some(_) => {}
                    }
                }
            });
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Hands the next event in; what became of it. `None` if there are no more.
    pub async fn hand_in(&self, connection: &mut Connection) -> Option<Handed> {
        let number = self.inner.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.inner.most {
            return None;
        }
        let handed = self.call(connection, number).await.unwrap_or(Handed::Unknown);
        self.handed().insert(number, handed.clone());
        if matches!(handed, Handed::Acknowledged(_)) {
            self.inner.acknowledged.fetch_add(1, Ordering::Relaxed);
            self.inner.progress.notify_waiters();
        }
        Some(handed)
    }

    async fn call(&self, connection: &mut Connection, number: usize) -> Result<Handed> {
        let request = Request::post("/v1/events")
            .header("host", "127.0.0.1")
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json")
            .body(Full::new(self.inner.template.body(number as u64, now_ns())))?;
        let (status, answer) = connection.send(request).await?;
        let answer: Value = serde_json::from_slice(&answer).unwrap_or(Value::Null);
        if status != 202 {
            return Ok(Handed::Refused(status, answer));
        }
        let id = answer["accepted"][0]["id"].as_str().context("202 without an id")?;
        Ok(Handed::Acknowledged(id.to_owned()))
    }

    fn handed(&self) -> MutexGuard<'_, HashMap<usize, Handed>> {
        self.inner.handed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many were acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        self.inner.acknowledged.load(Ordering::Relaxed)
    }

    /// Waits until this many were acknowledged.
    pub async fn wait_acknowledged(&self, count: usize) {
        loop {
            let progress = self.inner.progress.notified();
            if self.acknowledged() >= count {
                return;
            }
            progress.await;
        }
    }

    /// What became of each event, by number.
    #[must_use]
    pub fn outcomes(&self) -> HashMap<usize, Handed> {
        self.handed().clone()
    }

    /// How many events there can be.
    #[must_use]
    pub fn most(&self) -> usize {
        self.inner.most
    }
}
