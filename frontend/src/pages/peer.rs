//! Who was reached by a call, in words.

use seinpost_protocol::rest::Peer;

use crate::i18n::{Language, texts::opened as texts};

/// `to 198.51.100.24, TLS 1.3.`, the port only where it is none that one expects.
pub(in crate::pages) fn reached(language: Language, peer: Option<&Peer>, url: &str) -> Option<String> {
    let peer = peer?;
    let is_https = url.starts_with("https:");
    let address = if peer.port == if is_https { 443 } else { 80 } {
        peer.address.to_string()
    } else {
        std::net::SocketAddr::new(peer.address, peer.port).to_string()
    };
    Some(match peer.tls {
        Some(version) => language.fill(&texts::REACHED_TLS, &[("address", &address), ("version", version.as_str())]),
        None if is_https => language.fill(&texts::REACHED, &[("address", &address)]),
        None => language.fill(&texts::REACHED_PLAIN, &[("address", &address)]),
    })
}
