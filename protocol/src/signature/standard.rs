//! The profile `standard`: Standard Webhooks 1.0.
//!
//! The signed content is `ID.TIMESTAMP.BODY`. A symmetric signature (`v1`) is HMAC-SHA256 under a secret, an asymmetric
//! one (`v1a`) is Ed25519. Several may be offered, during rotation.

mod sign;

use super::Algorithm;
use crate::base64;

pub use sign::{Outgoing, sign};

/// The most signatures that one call may offer.
pub const MAX_SIGNATURES: usize = 32;

/// A signature that a `webhook-signature` header field offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// [`Algorithm::HmacSha256`] for `v1`, [`Algorithm::Ed25519`] for `v1a`.
    pub algorithm: Algorithm,
    /// Its bytes: 32 or 64 of them.
    pub signature: Vec<u8>,
}

/// The signatures that a `webhook-signature` value offers: those of versions that are known and of the right form; the
/// others are passed over, as the specification asks. `None` if there are more than [`MAX_SIGNATURES`].
#[must_use]
pub fn offered(value: &[u8]) -> Option<Vec<Offered>> {
    let mut offers = Vec::new();
    let parts = value.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
    for (index, part) in parts.enumerate() {
        if index == MAX_SIGNATURES {
            return None;
        }
        let (algorithm, length, encoded) = match part {
            [b'v', b'1', b',', encoded @ ..] => (Algorithm::HmacSha256, 32, encoded),
            [b'v', b'1', b'a', b',', encoded @ ..] => (Algorithm::Ed25519, 64, encoded),
            _ => continue,
        };
        if let Some(signature) = base64::decode(encoded).filter(|bytes| bytes.len() == length) {
            offers.push(Offered { algorithm, signature });
        }
    }
    Some(offers)
}

/// What is signed before the body: `ID.TIMESTAMP.`
#[must_use]
pub fn signing_prefix(id: &[u8], timestamp: &[u8]) -> Vec<u8> {
    [id, b".", timestamp, b"."].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_versions_are_offered_and_others_passed_over() {
        let mac = base64::encode(&[7; 32]);
        let signature = base64::encode(&[9; 64]);
        let value = format!("v2,{mac}  v1,{mac} v1a,{signature} v1,{signature} v1,AAAA v1a,!! junk");
        let offers = [(Algorithm::HmacSha256, vec![7; 32]), (Algorithm::Ed25519, vec![9; 64])];
        let offers = offers.map(|(algorithm, signature)| Offered { algorithm, signature });
        assert_eq!(offered(value.as_bytes()).unwrap(), offers);
    }

    #[test]
    fn more_signatures_than_the_limit_are_refused() {
        assert_eq!(offered("v1,AA ".repeat(MAX_SIGNATURES).as_bytes()), Some(vec![]));
        assert_eq!(offered("v1,AA ".repeat(MAX_SIGNATURES + 1).as_bytes()), None);
    }
}
