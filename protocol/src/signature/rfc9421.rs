//! The profile `rfc9421`: HTTP Message Signatures (RFC 9421) with `Content-Digest` (RFC 9530).

mod base;
mod parse;
mod sign;

pub use base::signature_base;
pub use parse::{Component, MAX_LABELS, SignatureInput, SyntaxError, signatures};
pub use sign::{Outgoing, sign};

use super::Algorithm;

/// The algorithm of a name in the registry of RFC 9421 §6.2, of those that are supported.
#[must_use]
pub fn algorithm(name: &str) -> Option<Algorithm> {
    Some(match name {
        "rsa-v1_5-sha256" => Algorithm::RsaSha256,
        "rsa-pss-sha512" => Algorithm::RsaPssSha512,
        "ed25519" => Algorithm::Ed25519,
        "ecdsa-p256-sha256" => Algorithm::EcdsaP256Sha256,
        "hmac-sha256" => Algorithm::HmacSha256,
        _ => return None,
    })
}

/// The name of an algorithm in the registry of RFC 9421 §6.2, if it is there.
#[must_use]
pub const fn algorithm_name(algorithm: Algorithm) -> Option<&'static str> {
    match algorithm {
        Algorithm::RsaSha256 => Some("rsa-v1_5-sha256"),
        Algorithm::RsaPssSha512 => Some("rsa-pss-sha512"),
        Algorithm::Ed25519 => Some("ed25519"),
        Algorithm::EcdsaP256Sha256 => Some("ecdsa-p256-sha256"),
        Algorithm::HmacSha256 => Some("hmac-sha256"),
        Algorithm::RsaSha512 | Algorithm::HmacSha512 => None,
    }
}
