//! The profile `cavage`: draft-cavage-http-signatures as SMTPeter sends it, the default.

mod parse;
mod sign;
mod signing_string;

pub(crate) use parse::unix_seconds;
pub use parse::{AlgorithmName, Liberties, MAX_COVERED, MAX_SIGNATURE_BYTES, Signature, SyntaxError};
pub use sign::{Outgoing, SIGNED_HEADERS, sign};
pub use signing_string::signing_string;

use super::Algorithm;
use crate::key::KeyKind;

impl AlgorithmName {
    /// The name as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaSha256 => "rsa-sha256",
            Self::RsaSha512 => "rsa-sha512",
            Self::HmacSha256 => "hmac-sha256",
            Self::HmacSha512 => "hmac-sha512",
            Self::Hs2019 => "hs2019",
        }
    }
}

/// The algorithms to try for an `algorithm` parameter and a kind of key. The key's kind decides: there is none for an
/// `hmac-…` with a public key, nor for an `rsa-…` with a secret.
#[must_use]
pub(crate) const fn algorithms(name: Option<AlgorithmName>, kind: KeyKind) -> &'static [Algorithm] {
    match (name, kind) {
        (Some(AlgorithmName::RsaSha256), KeyKind::Rsa) => &[Algorithm::RsaSha256],
        (Some(AlgorithmName::RsaSha512), KeyKind::Rsa) => &[Algorithm::RsaSha512],
        (Some(AlgorithmName::HmacSha256), KeyKind::Secret) => &[Algorithm::HmacSha256],
        (Some(AlgorithmName::HmacSha512), KeyKind::Secret) => &[Algorithm::HmacSha512],
        (Some(AlgorithmName::Hs2019) | None, KeyKind::Rsa) => {
            &[Algorithm::RsaPssSha512, Algorithm::RsaSha256, Algorithm::RsaSha512]
        }
        (Some(AlgorithmName::Hs2019) | None, KeyKind::Secret) => &[Algorithm::HmacSha512, Algorithm::HmacSha256],
        (Some(AlgorithmName::Hs2019) | None, KeyKind::Ed25519) => &[Algorithm::Ed25519],
        (Some(AlgorithmName::Hs2019) | None, KeyKind::P256) => &[Algorithm::EcdsaP256Sha256],
        _ => &[],
    }
}
