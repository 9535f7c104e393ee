//! Connections that are kept for the next call.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;
use tokio::time::Instant;

use super::{Target, meter::Meter};

/// A connection is given up after this time, so that a name that has moved is noticed.
const LIFE: Duration = Duration::from_secs(300);

/// To which server a connection goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    https: bool,
    authority: String,
}

impl Place {
    fn of(target: &Target) -> Self {
        Self { https: target.is_https(), authority: target.authority().to_owned() }
    }
}

/// A connection over which one request after the other can be made.
pub(super) struct Connection {
    pub(super) sender: SendRequest<Full<Bytes>>,
    pub(super) meter: Meter,
    /// Whether a request was made over it before.
    pub(super) reused: bool,
    opened: Instant,
}

impl Connection {
    pub(super) fn new(sender: SendRequest<Full<Bytes>>, meter: Meter) -> Self {
        Self { sender, meter, reused: false, opened: Instant::now() }
    }
}

/// The connections that are kept.
pub(super) struct Pool {
    idle: Mutex<Idle>,
    life: Duration,
    per_host: usize,
    in_all: usize,
}

#[derive(Default)]
struct Idle {
    places: HashMap<Place, Vec<(Connection, Instant)>>,
    count: usize,
}

impl Pool {
    pub(super) fn new(life: Duration, per_host: usize, in_all: usize) -> Self {
        Self { idle: Mutex::default(), life, per_host, in_all }
    }

    /// A kept connection to the target's server, the one that was used last.
    pub(super) fn take(&self, target: &Target) -> Option<Connection> {
        let now = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = &mut *idle;
        let place = Place::of(target);
        let kept = idle.places.get_mut(&place)?;
        let mut found = None;
        while let Some((connection, since)) = kept.pop() {
            idle.count -= 1;
            if !connection.sender.is_closed() && now.duration_since(since) < self.life {
                found = Some(connection);
                break;
            }
        }
        if kept.is_empty() {
            idle.places.remove(&place);
        }
        found
    }

    /// Keeps a connection for the next call, if there is room.
    pub(super) fn keep(&self, target: &Target, mut connection: Connection) {
        let now = Instant::now();
        if connection.sender.is_closed() || now.duration_since(connection.opened) > LIFE {
            return;
        }
        connection.reused = true;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = &mut *idle;
        if idle.count >= self.in_all {
            // Make room: what nobody has used for a while is closed.
            idle.places.retain(|_, kept| {
                let before = kept.len();
                kept.retain(|(connection, since)| {
                    !connection.sender.is_closed() && now.duration_since(*since) < self.life
                });
                idle.count -= before - kept.len();
                !kept.is_empty()
            });
        }
        if idle.count >= self.in_all {
            return;
        }
        let kept = idle.places.entry(Place::of(target)).or_default();
        if kept.len() < self.per_host {
            kept.push((connection, now));
            idle.count += 1;
        }
    }
}
