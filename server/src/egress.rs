//! The only way out: every request that Seinpost makes to somebody else's server goes through [`Egress`].
//!
//! It resolves the name itself, refuses every address that is not global unicast unless it was allowed, and connects to
//! the very address that it checked. It follows no redirect, and it bounds time, size and number of everything that
//! comes back.

pub mod address;
mod alarm;
mod chunks;
mod connect;
mod exceptions;
mod exchange;
mod failure;
mod identity;
mod pool;
mod proxy;
mod race;
mod resolve;
mod seats;
mod target;
mod tls;
mod trust;
mod wire;

use std::{borrow::Cow, sync::Arc, time::Duration};

use bytes::Bytes;
use ipnet::IpNet;
use seinpost_protocol::rest::Peer;

pub use exceptions::Exceptions;
pub use failure::{Failure, Fault};
pub(crate) use failure::{LONGEST_URL, cut};
pub use identity::{Identity, InvalidIdentity};
pub use proxy::Proxy;
pub use resolve::{Resolve, ResolveError, SystemResolver};
pub use target::{InvalidTarget, Target};
pub use tls::{InvalidCertificates, trust};

use crate::fields::Fields;
use identity::Identities;
use pool::Pool;

/// How much time and space a call gets.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For resolving, connecting and the TLS handshake together.
    pub connect: Duration,
    /// For the whole call.
    pub whole: Duration,
    /// Bytes of a body that are read.
    pub body: usize,
    /// Bytes of a header, and of everything before the body, that are read.
    pub head: usize,
    /// How long an unused connection is kept.
    pub idle: Duration,
    /// How many unused connections are kept to one host.
    pub idle_per_host: usize,
    /// How many unused connections are kept in all.
    pub idle_in_all: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            whole: Duration::from_secs(15),
            body: 64 * 1024,
            head: 64 * 1024,
            idle: Duration::from_secs(60),
            // Many webhooks can have one host: what is opened for one call and closed after it costs more than the call.
            idle_per_host: 512,
            idle_in_all: 1024,
        }
    }
}

/// The header fields of a call, in order: names in lower case, most of them known beforehand, and values.
pub type HeaderList = Vec<(Cow<'static, str>, String)>;

/// A request to make.
#[derive(Clone, Debug)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: http::Method,
    /// Where.
    pub target: Target,
    /// The header fields, in order, `host` among them. Authorization is added where the URL holds a user.
    pub headers: HeaderList,
    /// The body.
    pub body: Bytes,
    /// As whom, where the receiver asks for a certificate.
    pub identity: Option<Identity>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header fields, in the order they came, names in lower case.
    pub headers: Fields,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
    /// Whether there was (or may have been) more.
    pub truncated: bool,
}

impl Answer {
    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first value of a header field, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.headers.get(name)?).ok()
    }
}

/// How a call went. There is an answer, a failure, or both (where the answer broke off, was a redirect, or something is to be
/// noted).
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What came back.
    pub answer: Option<Answer>,
    /// What went wrong, or is to be noted.
    pub failure: Option<Failure>,
    /// Who was reached, where anybody was; not known where a proxy looks the name up.
    pub peer: Option<Peer>,
    /// How long it took.
    pub duration: Duration,
}

/// The only way out. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    inner: Arc<Inner>,
}

struct Inner {
    resolver: Arc<dyn Resolve>,
    identities: Identities,
    proxy: Option<Proxy>,
    allowed: Vec<IpNet>,
    limits: Limits,
    pool: Pool,
}

impl Egress {
    /// A way out that may also go to `allowed` addresses, trusts what `tls` trusts (see [`trust`]), and goes through
    /// `proxy`, if there is one.
    #[must_use]
    pub fn new(
        resolver: Arc<dyn Resolve>,
        tls: Arc<rustls::ClientConfig>,
        proxy: Option<Proxy>,
        allowed: Vec<IpNet>,
        limits: Limits,
    ) -> Self {
        let pool = Pool::new(limits.idle, limits.idle_per_host, limits.idle_in_all);
        let identities = Identities::new(tls);
        Self { inner: Arc::new(Inner { resolver, identities, proxy, allowed, limits, pool }) }
    }

    /// Makes a call. Never fails otherwise than by telling so in the outcome, and never takes longer than the limits say.
    pub async fn call(&self, call: &Call) -> Outcome {
        exchange::call(&self.inner, call).await
    }

    /// Whether the target can be refused as it stands: its host is an address that is not to be called.
    ///
    /// # Errors
    /// Says which address it is and why not.
    pub fn check(&self, target: &Target) -> Result<(), Failure> {
        match target.literal_address() {
            Some(address) => address::check(address, &self.inner.allowed).map_err(|why| failure::refused(address, why)),
            None => Ok(()),
        }
    }
}
