//! From a target to a connection: resolve, check, connect, shake hands.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use rustls::{ProtocolVersion, pki_types::ServerName};
use seinpost_protocol::rest::{Peer, TlsVersion};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout_at},
};
use url::Host;

use super::{
    Identity, Inner, Proxy, Target, address, failure, failure::Failure, identity, pool::Connection, proxy, race,
    wire::Wire,
};

/// Opens a connection to the target's server, as `identity` where that asks who calls. `peer` becomes who was reached,
/// also where no connection comes of it.
pub(super) async fn connect(
    egress: &Inner,
    target: &Target,
    identity: Option<&Identity>,
    peer: &mut Option<Peer>,
    whole: Instant,
) -> Result<Connection, Failure> {
    let deadline = whole.min(Instant::now() + egress.limits.connect);
    let (addresses, refused) = addresses(egress, target, deadline).await?;
    let proxy = egress.proxy.as_ref().filter(|proxy| proxy.is_for(target, &addresses));
    // How long a receiver's name takes to look up is no reason to find the proxy slow.
    let deadline = if proxy.is_some() { whole.min(Instant::now() + egress.limits.connect) } else { deadline };
    let addresses: Vec<_> = addresses.into_iter().map(|each| SocketAddr::new(each, target.port())).collect();
    if let (Some(_), false, Some((each, why))) = (proxy, target.is_https(), refused.first()) {
        // The proxy looks the name up again, and may take any of its addresses.
        return Err(failure::refused_name(target, *each, why));
    }
    let note = failure::other_addresses(&refused);
    match open(egress, proxy, target, identity, &addresses, peer, deadline).await {
        Ok(mut connection) => {
            (connection.peer, connection.note) = (*peer, note);
            Ok(connection)
        }
        Err(failure) => Err(failure.and(note)),
    }
}

/// Opens a connection to one of the checked addresses.
async fn open(
    egress: &Inner,
    proxy: Option<&Proxy>,
    target: &Target,
    identity: Option<&Identity>,
    addresses: &[SocketAddr],
    peer: &mut Option<Peer>,
    deadline: Instant,
) -> Result<Connection, Failure> {
    match (proxy, target.is_https()) {
        (None, false) => {
            let (stream, address) = race::connect(addresses, deadline).await?;
            *peer = Some(at(address));
            Ok(speak(egress, stream))
        }
        (None, true) => {
            let (stream, address) = race::connect(addresses, deadline).await?;
            secure(egress, target, identity, stream, peer.insert(at(address)), deadline).await
        }
        (Some(proxy), true) => {
            let (stream, address) = proxy::tunnel(egress, proxy, addresses, target, deadline).await?;
            secure(egress, target, identity, stream, peer.insert(at(address)), deadline).await
        }
        (Some(proxy), false) => {
            let mut connection = speak(egress, proxy::reach(egress, proxy, deadline).await?);
            connection.to_proxy = true;
            Ok(connection)
        }
    }
}

/// Somebody who was reached, before any handshake.
fn at(address: SocketAddr) -> Peer {
    Peer { address: address.ip(), port: address.port(), tls: None }
}

/// The TLS handshake, then HTTP within it.
async fn secure<S>(
    egress: &Inner,
    target: &Target,
    identity: Option<&Identity>,
    stream: S,
    peer: &mut Peer,
    deadline: Instant,
) -> Result<Connection, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connector = egress
        .identities
        .connector(identity)
        .map_err(|error| failure::internal(&format!("The webhook's client certificate cannot be used: {error}.")))?;
    let name = match target.host() {
        Host::Domain(name) => {
            ServerName::try_from(name.trim_end_matches('.').to_owned()).map_err(|_| failure::tls_name(name))?
        }
        Host::Ipv4(address) => ServerName::from(IpAddr::from(*address)),
        Host::Ipv6(address) => ServerName::from(IpAddr::from(*address)),
    };
    let left = deadline.saturating_duration_since(Instant::now());
    let (shaken, asked) = identity::noting(timeout_at(deadline, connector.connect(name, stream))).await;
    match shaken {
        Ok(Ok(stream)) => {
            peer.tls = stream.get_ref().1.protocol_version().and_then(|version| match version {
                ProtocolVersion::TLSv1_2 => Some(TlsVersion::Tls12),
                ProtocolVersion::TLSv1_3 => Some(TlsVersion::Tls13),
                _ => None,
            });
            let mut connection = speak(egress, stream);
            (connection.authenticated, connection.asked) = (identity.is_some(), asked);
            Ok(connection)
        }
        // It closed without saying why.
        Ok(Err(error)) if asked && error.kind() != io::ErrorKind::InvalidData => {
            Err(failure::closed_after_asking(identity.is_some()))
        }
        Ok(Err(error)) => Err(failure::tls(&error, target, identity.is_some())),
        Err(_) => Err(failure::tls_timeout(target, left)),
    }
}

/// The addresses to try, and those of the same name that must not be called.
async fn addresses(
    egress: &Inner,
    target: &Target,
    deadline: Instant,
) -> Result<(Vec<IpAddr>, Vec<(IpAddr, &'static str)>), Failure> {
    let left = deadline.saturating_duration_since(Instant::now());
    let found = match target.host() {
        Host::Ipv4(address) => vec![IpAddr::from(*address)],
        Host::Ipv6(address) => vec![IpAddr::from(*address)],
        Host::Domain(name) => match timeout_at(deadline, egress.resolver.resolve(name)).await {
            Ok(found) => found.map_err(|error| failure::dns(name, &error))?,
            Err(_) => return Err(failure::dns_timeout(name, left)),
        },
    };
    let mut good = Vec::new();
    let mut refused = Vec::new();
    for each in found {
        match address::check(each, &egress.allowed) {
            Ok(()) => good.push(each),
            Err(why) => refused.push((each, why)),
        }
    }
    match (good.is_empty(), refused.first()) {
        (false, _) => Ok((race::in_turn(good.into_iter()), refused)),
        (true, Some((each, why))) => Err(match target.literal_address() {
            Some(_) => failure::refused(*each, why),
            None => failure::refused_name(target, *each, why),
        }),
        (true, None) => Err(failure::dns(&target.host().to_string(), &super::ResolveError::NotFound)),
    }
}

fn speak<S>(egress: &Inner, stream: S) -> Connection
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    Connection::new(Wire::new(stream, egress.limits.head, egress.limits.body))
}
