//! Looking names up.

use std::{
    borrow::Cow,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::RData,
};

use crate::{clock::Clock, files::exhaustion};

/// Where a machine keeps its name servers (resolv.conf(5)).
const MACHINE: &str = "/etc/resolv.conf";
/// How often it is looked whether they are others now.
const GLANCE: Duration = Duration::from_secs(5);

/// Looks names up.
#[async_trait]
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of `host`, in the order in which to try them.
    ///
    /// # Errors
    /// Says whether the name does not exist or could not be looked up.
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError>;

    /// The TXT records of `name`, the strings of each joined.
    ///
    /// # Errors
    /// Says whether there are none or they could not be looked up.
    async fn txt(&self, name: &str) -> Result<Vec<Vec<u8>>, ResolveError>;
}

/// Why there is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolveError {
    /// The name does not exist, or has no address.
    NotFound,
    /// No answer could be had, and why.
    Failed(String),
    /// This process could open nothing more to ask with, and why.
    Exhausted(String),
}

impl From<NetError> for ResolveError {
    fn from(error: NetError) -> Self {
        if error.is_no_records_found() {
            return Self::NotFound;
        }
        // The resolver itself says no more than that it found no connection.
        match exhaustion() {
            Some(why) => Self::Exhausted(why.to_string()),
            None => Self::Failed(error.to_string()),
        }
    }
}

/// Asks the name servers that this machine is set to, or others, and its hosts file.
///
/// A name with a dot in it is taken as it is: with the domains of the machine's search list behind it, it would be another's.
/// Those are tried for a name without a dot alone.
pub struct SystemResolver(Servers);

enum Servers {
    Named(Arc<TokioResolver>),
    OfMachine(OfMachine),
}

/// What the machine is set to, and was when that was read.
struct OfMachine {
    file: PathBuf,
    port: u16,
    clock: Arc<dyn Clock>,
    read: Mutex<Read>,
}

struct Read {
    resolver: Arc<TokioResolver>,
    /// What the file was like.
    file: Option<Look>,
    /// When it was last looked at, by the machine's timer.
    looked: Duration,
}

/// When a file was changed, and how long it is.
type Look = (SystemTime, u64);

impl SystemResolver {
    /// Reads the machine's settings, and reads them again when they change. Needs to be called within a tokio runtime.
    ///
    /// # Errors
    /// When there are none that can be used.
    pub fn new(clock: Arc<dyn Clock>) -> Result<Self, ResolveError> {
        Self::of_file(MACHINE.into(), 53, clock)
    }

    /// The same with the settings in another file (resolv.conf(5)), of name servers at another port.
    ///
    /// # Errors
    /// When there are none that can be used.
    pub fn of_file(file: PathBuf, port: u16, clock: Arc<dyn Clock>) -> Result<Self, ResolveError> {
        let settings = OfMachine::read(file, port, clock)?;
        Ok(Self(Servers::OfMachine(settings)))
    }

    /// Asks these name servers in place of the machine's, one after the other. Needs to be called within a tokio runtime.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn of(servers: &[SocketAddr]) -> Result<Self, ResolveError> {
        let server = |address: &SocketAddr| {
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
            at_port(NameServerConfig::new(address.ip(), true, connections.into()), address.port())
        };
        let config = ResolverConfig::from_parts(None, Vec::new(), servers.iter().map(server).collect());
        Ok(Self(Servers::Named(Arc::new(build(config, ResolverOpts::default())?))))
    }

    fn current(&self) -> Arc<TokioResolver> {
        match &self.0 {
            Servers::Named(resolver) => Arc::clone(resolver),
            Servers::OfMachine(machine) => machine.current(),
        }
    }
}

impl OfMachine {
    fn read(file: PathBuf, port: u16, clock: Arc<dyn Clock>) -> Result<Self, ResolveError> {
        // Before it is read: what changes meanwhile is read again.
        let (looked, look) = (clock.passed(), look_at(&file));
        let resolver = Arc::new(read(&file, port)?);
        let read = Mutex::new(Read { resolver, file: look, looked });
        Ok(Self { file, port, clock, read })
    }

    /// What the machine is set to now, or was some seconds ago.
    fn current(&self) -> Arc<TokioResolver> {
        let now = self.clock.passed();
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(known.looked) >= GLANCE {
            known.looked = now;
            let look = look_at(&self.file);
            // While it is not there, it is being replaced.
            if look.is_some() && look != known.file {
                match read(&self.file, self.port) {
                    Ok(resolver) => {
                        known.file = look;
                        tracing::info!(file = %self.file.display(), "the machine's name servers were read again");
                        known.resolver = Arc::new(resolver);
                    }
                    // It is read once there is room for that.
                    Err(_) if exhaustion().is_some() => {}
                    Err(error) => {
                        known.file = look;
                        let file = self.file.display();
                        tracing::warn!(%file, %error, "the machine's name servers cannot be read: those of before are asked");
                    }
                }
            }
        }
        Arc::clone(&known.resolver)
    }
}

fn look_at(file: &Path) -> Option<Look> {
    let found = std::fs::metadata(file).ok()?;
    Some((found.modified().ok()?, found.len()))
}

/// A resolver by the settings in a file.
#[cfg(all(unix, not(any(target_os = "android", target_vendor = "apple"))))]
fn read(file: &Path, port: u16) -> Result<TokioResolver, NetError> {
    let text = std::fs::read(file)?;
    let (config, options) = hickory_resolver::system_conf::parse_resolv_conf(text)?;
    let servers = config.name_servers().iter().cloned().map(|server| at_port(server, port)).collect();
    build(ResolverConfig::from_parts(config.domain().cloned(), config.search().to_vec(), servers), options)
}

/// A resolver by the machine's settings, which are nowhere else there.
#[cfg(not(all(unix, not(any(target_os = "android", target_vendor = "apple")))))]
fn read(_: &Path, _: u16) -> Result<TokioResolver, NetError> {
    TokioResolver::builder_tokio()?.build()
}

fn build(config: ResolverConfig, options: ResolverOpts) -> Result<TokioResolver, NetError> {
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    *builder.options_mut() = options;
    builder.build()
}

fn at_port(mut server: NameServerConfig, port: u16) -> NameServerConfig {
    server.connections.iter_mut().for_each(|connection| connection.port = port);
    server
}

/// A name as it is asked for: one with a dot in it is whole, as if it had one at its end.
fn whole(name: &str) -> Cow<'_, str> {
    if name.contains('.') && !name.ends_with('.') { format!("{name}.").into() } else { name.into() }
}

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let found = self.current().lookup_ip(&*whole(host)).await?;
        Ok(found.iter().collect())
    }

    async fn txt(&self, name: &str) -> Result<Vec<Vec<u8>>, ResolveError> {
        let found = self.current().txt_lookup(&*whole(name)).await?;
        let records = found.answers().iter().filter_map(|record| match &record.data {
            RData::TXT(text) => Some(text.txt_data.concat()),
            _ => None,
        });
        Ok(records.collect())
    }
}
