//! Connections that are kept for the next call.
//!
//! A host that many calls go to at a time gets no connection for each: from some number on a call waits a moment for one
//! that comes back. Hundreds that are opened at once overflow the queue of the host's listener, and cost the calls behind
//! them the second after which the network tries again.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use seinpost_protocol::rest::Peer;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

use super::{
    Failure, Identity, Target,
    alarm::Alarm,
    seats::{Seat, Seats},
    wire::Wire,
};

/// A connection is given up after this time, so that a name that has moved is noticed.
const LIFE: Duration = Duration::from_secs(300);

/// How often it is looked which of those that are kept are still good.
const SWEEP: Duration = Duration::from_secs(5);

/// How many connections a host has, besides those that it keeps waiting, before a call waits for one of them: of webhooks with
/// one host, those that never answer hold up no other.
const PLENTY: usize = 64;
/// For how long. A host that answers within this time from its first byte to its last is never short of connections.
const MOMENT: Duration = Duration::from_millis(50);

/// To which server a connection goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    https: bool,
    authority: Arc<str>,
    /// As whom.
    identity: Option<[u8; 32]>,
}

impl Place {
    fn of(target: &Target, identity: Option<&Identity>) -> Self {
        Self { https: target.is_https(), authority: target.shared_authority(), identity: identity.map(Identity::id) }
    }
}

/// A connection over which one request after the other can be made.
pub(super) struct Connection {
    pub(super) wire: Wire,
    /// Whether we have a certificate of ours to show.
    pub(super) authenticated: bool,
    /// Whether the receiver asked for one.
    pub(super) asked: bool,
    /// Where it goes, if that is known.
    pub(super) peer: Option<Peer>,
    /// Whether it goes to a proxy that is asked for each request by its whole URL.
    pub(super) to_proxy: bool,
    /// What each call over it notes: its name has addresses, too, that are not called.
    pub(super) note: Option<Failure>,
    /// Ends what takes too long.
    pub(super) alarm: Alarm,
    opened: Instant,
    /// Its place among the connections of its host, until it is dropped.
    seat: Option<Seat>,
}

impl Connection {
    pub(super) fn new(wire: Wire) -> Self {
        let alarm = Alarm::default();
        let opened = Instant::now();
        let (authenticated, asked, to_proxy) = (false, false, false);
        Self { wire, authenticated, asked, peer: None, to_proxy, note: None, alarm, opened, seat: None }
    }

    /// The connection in its place.
    pub(super) fn in_seat(self, seat: Seat) -> Self {
        Self { seat: Some(seat), ..self }
    }

    /// The same, for another call.
    fn begun(self, now: Instant) -> Self {
        if let Some(seat) = &self.seat {
            seat.begin(now);
        }
        self
    }
}

/// A connection to use, or the right to open one.
pub(super) enum Taken {
    Kept(Connection),
    Open(Seat),
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
    places: HashMap<Place, Host>,
    count: usize,
    /// When it was last looked which of them are still good.
    swept: Option<Instant>,
}

/// What is known of one server.
#[derive(Default)]
struct Host {
    kept: Vec<(Connection, Instant)>,
    /// Connections that are open or being opened.
    seats: Seats,
    /// Calls that wait for one of them, the first first.
    waiting: VecDeque<oneshot::Sender<Connection>>,
}

impl Host {
    fn is_forgotten(&self) -> bool {
        self.kept.is_empty() && self.waiting.is_empty() && self.seats.is_empty()
    }
}

impl Pool {
    pub(super) fn new(life: Duration, per_host: usize, in_all: usize) -> Self {
        Self { idle: Mutex::default(), life, per_host, in_all }
    }

    /// A connection to the target's server: the kept one that was used last, or one that comes back within a moment where
    /// there are plenty; or the right to open another.
    pub(super) async fn take(&self, target: &Target, identity: Option<&Identity>) -> Taken {
        let place = Place::of(target, identity);
        let returned = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            let Idle { places, count, .. } = &mut *idle;
            let now = Instant::now();
            let host = match places.get_mut(&place) {
                Some(host) => host,
                None => {
                    if places.len() >= self.in_all {
                        places.retain(|_, host| !host.is_forgotten());
                    }
                    places.entry(place.clone()).or_default()
                }
            };
            while let Some((mut connection, since)) = host.kept.pop() {
                *count -= 1;
                if now.duration_since(since) < self.life && connection.wire.is_quiet() {
                    return Taken::Kept(connection.begun(now));
                }
            }
            if host.seats.quick(PLENTY, MOMENT, now) < PLENTY {
                return Taken::Open(host.seats.take(now));
            }
            let (hand, returned) = oneshot::channel();
            host.waiting.push_back(hand);
            returned
        };
        match timeout(MOMENT, returned).await {
            Ok(Ok(connection)) => Taken::Kept(connection),
            _ => {
                let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                let host = idle.places.entry(place).or_default();
                // Those who waited longest are the first: nobody who has left is before them.
                while host.waiting.front().is_some_and(oneshot::Sender::is_closed) {
                    host.waiting.pop_front();
                }
                Taken::Open(host.seats.take(Instant::now()))
            }
        }
    }

    /// The right to open a connection, whatever there is.
    pub(super) fn open(&self, target: &Target, identity: Option<&Identity>) -> Seat {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.places.entry(Place::of(target, identity)).or_default().seats.take(Instant::now())
    }

    /// Closes all that are kept: there is no room for those that are needed.
    pub(super) fn let_go(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.count = 0;
        idle.places.values_mut().for_each(|host| host.kept.clear());
    }

    /// Keeps a connection for the next call, if there is room.
    pub(super) fn keep(&self, target: &Target, identity: Option<&Identity>, mut connection: Connection) {
        let now = Instant::now();
        if now.duration_since(connection.opened) > LIFE {
            return;
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let Idle { places, count, swept } = &mut *idle;
        let place = Place::of(target, identity);
        if (*count >= self.in_all || swept.is_none_or(|last| now.duration_since(last) > SWEEP))
            && places.get(&place).is_none_or(|host| host.waiting.is_empty())
        {
            // What nobody has used for a while is closed, and what was closed by the other side is let go.
            *swept = Some(now);
            places.retain(|_, host| {
                let before = host.kept.len();
                host.kept.retain_mut(|(connection, since)| {
                    now.duration_since(*since) < self.life && connection.wire.is_quiet()
                });
                *count -= before - host.kept.len();
                !host.is_forgotten()
            });
        }
        let host = places.entry(place).or_default();
        while let Some(next) = host.waiting.pop_front() {
            match next.send(connection.begun(now)) {
                Ok(()) => return,
                // It waits no more.
                Err(back) => connection = back,
            }
        }
        if *count < self.in_all && host.kept.len() < self.per_host {
            host.kept.push((connection, now));
            *count += 1;
        }
    }
}
