//! The profile `standard`: Standard Webhooks 1.0.
//!
//! The signed content is `ID.TIMESTAMP.BODY`. A symmetric signature (`v1`) is HMAC-SHA256 under a secret, an asymmetric
//! one (`v1a`) is Ed25519. Several may be offered, during rotation.

mod sign;

use crate::base64;

pub use sign::{Outgoing, sign};

/// The most signatures that one call may offer.
pub const MAX_SIGNATURES: usize = 32;

/// A signature that a `webhook-signature` header field offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// `v1`: an HMAC-SHA256.
    Hmac([u8; 32]),
    /// `v1a`: an Ed25519 signature.
    Ed25519([u8; 64]),
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
        if let Some(encoded) = part.strip_prefix(b"v1,") {
            if let Some(mac) = base64::decode(encoded).and_then(|bytes| bytes.try_into().ok()) {
                offers.push(Offered::Hmac(mac));
            }
        } else if let Some(encoded) = part.strip_prefix(b"v1a,")
            && let Some(signature) = base64::decode(encoded).and_then(|bytes| bytes.try_into().ok())
        {
            offers.push(Offered::Ed25519(signature));
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
        assert_eq!(offered(value.as_bytes()).unwrap(), [Offered::Hmac([7; 32]), Offered::Ed25519([9; 64])]);
    }

    #[test]
    fn more_signatures_than_the_limit_are_refused() {
        assert_eq!(offered("v1,AA ".repeat(MAX_SIGNATURES).as_bytes()), Some(vec![]));
        assert_eq!(offered("v1,AA ".repeat(MAX_SIGNATURES + 1).as_bytes()), None);
    }
}
