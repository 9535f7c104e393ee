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

use super::{Identity, Target, meter::Meter};

/// A connection is given up after this time, so that a name that has moved is noticed.
const LIFE: Duration = Duration::from_secs(300);

/// To which server a connection goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    https: bool,
    authority: String,
    /// As whom.
    identity: Option<[u8; 32]>,
}

impl Place {
    fn of(target: &Target, identity: Option<&Identity>) -> Self {
        Self {
            https: target.is_https(),
            authority: target.authority().to_owned(),
            identity: identity.map(Identity::id),
        }
    }
}

/// A connection over which one request after the other can be made.
pub(super) struct Connection {
    pub(super) sender: SendRequest<Full<Bytes>>,
    pub(super) meter: Meter,
    /// Whether a request was made over it before.
    pub(super) reused: bool,
    /// Whether we have a certificate of ours to show.
    pub(super) authenticated: bool,
    /// Whether the receiver asked for one.
    pub(super) asked: bool,
    opened: Instant,
}

impl Connection {
    pub(super) fn new(sender: SendRequest<Full<Bytes>>, meter: Meter) -> Self {
        Self { sender, meter, reused: false, authenticated: false, asked: false, opened: Instant::now() }
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

    /// A kept connection to the target's server, opened as `identity`: the one that was used last.
    pub(super) fn take(&self, target: &Target, identity: Option<&Identity>) -> Option<Connection> {
        let now = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = &mut *idle;
        let place = Place::of(target, identity);
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
    pub(super) fn keep(&self, target: &Target, identity: Option<&Identity>, mut connection: Connection) {
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
        let kept = idle.places.entry(Place::of(target, identity)).or_default();
        if kept.len() < self.per_host {
            kept.push((connection, now));
            idle.count += 1;
        }
    }
}
