//! Looking names up.

use std::net::{IpAddr, SocketAddr};

use async_trait::async_trait;
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::RData,
};

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
}

/// Asks the name servers that this machine is set to, or others, and its hosts file.
pub struct SystemResolver {
    resolver: TokioResolver,
}

impl SystemResolver {
    /// Reads the machine's settings. Needs to be called within a tokio runtime.
    ///
    /// # Errors
    /// When there are none that can be used.
    pub fn new() -> Result<Self, ResolveError> {
        let failed = |error: NetError| ResolveError::Failed(error.to_string());
        let resolver = TokioResolver::builder_tokio().map_err(failed)?.build().map_err(failed)?;
        Ok(Self { resolver })
    }

    /// Asks these name servers in place of the machine's, one after the other. Needs to be called within a tokio runtime.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn of(servers: &[SocketAddr]) -> Result<Self, ResolveError> {
        let server = |address: &SocketAddr| {
            let at_port = |mut connection: ConnectionConfig| {
                connection.port = address.port();
                connection
            };
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(at_port);
            NameServerConfig::new(address.ip(), true, connections.into())
        };
        let config = ResolverConfig::from_parts(None, Vec::new(), servers.iter().map(server).collect());
        let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        let resolver = builder.build().map_err(|error: NetError| ResolveError::Failed(error.to_string()))?;
        Ok(Self { resolver })
    }
}

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        match self.resolver.lookup_ip(host).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_no_records_found() => Err(ResolveError::NotFound),
            Err(error) => Err(ResolveError::Failed(error.to_string())),
        }
    }

    async fn txt(&self, name: &str) -> Result<Vec<Vec<u8>>, ResolveError> {
        match self.resolver.txt_lookup(name).await {
            Ok(found) => Ok(found
                .answers()
                .iter()
                .filter_map(|record| match &record.data {
                    RData::TXT(text) => Some(text.txt_data.concat()),
                    _ => None,
                })
                .collect()),
            Err(error) if error.is_no_records_found() => Err(ResolveError::NotFound),
            Err(error) => Err(ResolveError::Failed(error.to_string())),
        }
    }
}
