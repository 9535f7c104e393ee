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

/// The same as a sentence of its own: `To 198.51.100.24, TLS 1.3.`
pub(in crate::pages) fn reached_alone(language: Language, peer: Option<&Peer>, url: &str) -> Option<String> {
    let mut sentence = reached(language, peer, url)?;
    // Both languages begin with a letter of ASCII.
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Some(sentence)
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::rest::TlsVersion;

    use super::*;

    #[test]
    fn who_was_reached_is_told_with_what_one_does_not_expect() {
        let told = |address: &str, port, tls, url| {
            let peer = Peer { address: address.parse().unwrap(), port, tls };
            reached(Language::English, Some(&peer), url).unwrap()
        };
        let tls = Some(TlsVersion::Tls13);
        assert_eq!(told("198.51.100.24", 443, tls, "https://a.example/"), "to 198.51.100.24, TLS 1.3.");
        assert_eq!(told("2001:db8::7", 8443, tls, "https://a.example:8443/"), "to [2001:db8::7]:8443, TLS 1.3.");
        assert_eq!(told("198.51.100.24", 80, None, "http://a.example/"), "to 198.51.100.24, without TLS.");
        // The handshake failed: which TLS it would have been is not known.
        assert_eq!(told("198.51.100.24", 443, None, "https://a.example/"), "to 198.51.100.24.");
        let peer = Peer { address: [198, 51, 100, 24].into(), port: 443, tls };
        let alone = reached_alone(Language::Dutch, Some(&peer), "https://a.example/");
        assert_eq!(alone.as_deref(), Some("Naar 198.51.100.24, TLS 1.3."));
        assert_eq!(reached_alone(Language::Dutch, None, "https://a.example/"), None);
    }
}
