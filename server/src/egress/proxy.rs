//! The way out through an HTTP proxy (RFC 9110 §9.3.6, RFC 9112 §3.2.2).
//!
//! We resolve and check as ever, then ask the proxy for a tunnel to the very address that was checked. Calls over plain
//! http cannot be sent that way through most proxies, which open tunnels to port 443 alone: they are asked of the proxy by
//! name, and refused where the name has any address that is not to be called, as nobody knows which one the proxy takes.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use url::{Host, Url};

use super::{Exceptions, Inner, Target, failure, failure::Failure, race, target};

/// How large the head of a proxy's answer may be, in bytes.
const LARGEST_HEAD: usize = 8192;

/// An HTTP proxy. Its `Debug` and `Display` hide the password.
#[derive(Clone)]
pub struct Proxy {
    host: Host<String>,
    port: u16,
    authorization: Option<String>,
    exceptions: Exceptions,
}

impl std::fmt::Display for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({self})")
    }
}

impl Proxy {
    /// Reads `http://[USER:PASSWORD@]HOST:PORT`.
    ///
    /// # Errors
    /// Says what a proxy looks like; never what the text was, as it may hold a password.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str =
            "a proxy reads http://proxy.example.com:3128, or http://user:password@proxy.example.com:3128";
        let url = Url::parse(text).map_err(|_| FORM)?;
        if url.scheme() != "http" || url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(FORM);
        }
        let host = url.host().ok_or(FORM)?.to_owned();
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or(FORM)?;
        Ok(Self { host, port, authorization: target::authorization(&url), exceptions: Exceptions::default() })
    }

    /// The same, but for those that are called directly.
    #[must_use]
    pub fn except(self, exceptions: Exceptions) -> Self {
        Self { exceptions, ..self }
    }

    /// Whether a call goes through it.
    pub(super) fn is_for(&self, target: &Target, addresses: &[IpAddr]) -> bool {
        !self.exceptions.hold_for(target, addresses)
    }

    /// The value of `Proxy-Authorization`, where the proxy wants one.
    pub(super) fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }
}

/// A connection to the proxy itself. Its address is not checked: whoever runs Seinpost chose it.
pub(super) async fn reach(egress: &Inner, proxy: &Proxy, deadline: Instant) -> Result<TcpStream, Failure> {
    let left = deadline.saturating_duration_since(Instant::now());
    let addresses: Vec<IpAddr> = match &proxy.host {
        Host::Ipv4(address) => vec![(*address).into()],
        Host::Ipv6(address) => vec![(*address).into()],
        Host::Domain(name) => match timeout_at(deadline, egress.resolver.resolve(name)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return Err(failure::to_proxy(proxy, failure::dns(name, &error))),
            Err(_) => return Err(failure::to_proxy(proxy, failure::dns_timeout(name, left))),
        },
    };
    let addresses = race::in_turn(addresses.into_iter());
    let addresses: Vec<_> = addresses.into_iter().map(|address| SocketAddr::new(address, proxy.port)).collect();
    let (stream, _) = race::connect(&addresses, deadline).await.map_err(|why| failure::to_proxy(proxy, why))?;
    Ok(stream)
}

/// A tunnel to the first of the checked addresses that the proxy reaches; the time is shared among them.
pub(super) async fn tunnel(
    egress: &Inner,
    proxy: &Proxy,
    addresses: &[SocketAddr],
    target: &Target,
    deadline: Instant,
) -> Result<(TokioIo<hyper::upgrade::Upgraded>, SocketAddr), Failure> {
    let mut last = None;
    for (index, address) in addresses.iter().enumerate() {
        let stream = reach(egress, proxy, deadline).await?;
        let left = u32::try_from(addresses.len() - index).unwrap_or(1);
        let began = Instant::now();
        let share = deadline.saturating_duration_since(began) / left;
        match timeout_at(began + share, ask(proxy, *address, stream)).await {
            Ok(Ok(tunnel)) => return Ok((tunnel, *address)),
            // It may reach another address of the same name.
            Ok(Err(Refusal::Status(
                status @ (StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT),
            ))) => {
                last = Some(failure::proxy_status(proxy, target, status));
            }
            Ok(Err(Refusal::Status(status))) => return Err(failure::proxy_status(proxy, target, status)),
            Ok(Err(Refusal::Broken(why))) => return Err(failure::proxy(proxy, &why)),
            // Many close where they do not reach, or do not like, the receiver.
            Ok(Err(Refusal::Closed(why))) => return Err(failure::proxy_closed(proxy, target, &why)),
            // The receiver may answer at another.
            Err(_) => last = Some(failure::proxy_timeout(proxy, target, share)),
        }
    }
    Err(last.unwrap_or_else(|| failure::dns(&target.host().to_string(), &super::ResolveError::NotFound)))
}

/// Why there is no tunnel.
enum Refusal {
    Status(StatusCode),
    /// The connection ended without an answer.
    Closed(String),
    /// What came is no answer of a proxy.
    Broken(String),
}

async fn ask(
    proxy: &Proxy,
    address: SocketAddr,
    stream: TcpStream,
) -> Result<TokioIo<hyper::upgrade::Upgraded>, Refusal> {
    let broken = |error: &dyn std::fmt::Display| Refusal::Broken(failure::no_proxy(error));
    let _ = stream.set_nodelay(true);
    let (mut sender, driver) = hyper::client::conn::http1::Builder::new()
        .max_buf_size(LARGEST_HEAD)
        .title_case_headers(true)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| broken(&error))?;
    tokio::spawn(async move {
        // Its error reaches whoever made the request.
        let _ = driver.with_upgrades().await;
    });
    let authority = address.to_string();
    let mut request = Request::builder()
        .method(Method::CONNECT)
        .uri(&authority)
        .header(header::HOST, &authority)
        .header(header::USER_AGENT, concat!("Seinpost/", env!("CARGO_PKG_VERSION")));
    if let Some(authorization) = proxy.authorization() {
        request = request.header(header::PROXY_AUTHORIZATION, authorization);
    }
    let request = request.body(Empty::<Bytes>::new()).map_err(|error| broken(&error))?;
    let response = sender.send_request(request).await.map_err(|error| {
        if error.is_parse() || error.is_parse_too_large() { broken(&error) } else { Refusal::Closed(error.to_string()) }
    })?;
    if !response.status().is_success() {
        return Err(Refusal::Status(response.status()));
    }
    hyper::upgrade::on(response).await.map(TokioIo::new).map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_and_its_password_shown_nowhere() {
        let proxy = Proxy::parse("http://user:p%40ss@proxy.example.com:3128").unwrap();
        assert_eq!(proxy.to_string(), "proxy.example.com:3128");
        assert_eq!(proxy.authorization(), Some("Basic dXNlcjpwQHNz"));
        assert_eq!(format!("{proxy:?}"), "Proxy(proxy.example.com:3128)");
        assert_eq!(Proxy::parse("http://[::1]").unwrap().to_string(), "[::1]:80");
        for wrong in ["", "proxy:3128", "https://proxy:3128", "socks5://proxy", "http://proxy/path", "http://proxy/?q"]
        {
            assert!(Proxy::parse(wrong).is_err_and(|why| why.starts_with("a proxy reads ")), "{wrong}");
        }
    }
}
