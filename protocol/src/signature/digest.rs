//! Digests of bodies, as the `Digest` (RFC 3230, RFC 5843) and `Content-Digest` (RFC 9530) header fields carry them.

use sha2::Digest as _;

/// The name under which the `Digest` header field announces SHA-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DigestName {
    /// `sha-256`: what Copernica's own verifier looks for, and the default.
    #[default]
    Lower,
    /// `SHA-256`: as RFC 5843 registers it.
    Upper,
}

impl DigestName {
    /// The name as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lower => "sha-256",
            Self::Upper => "SHA-256",
        }
    }
}

/// A digest algorithm that is strong enough to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// SHA-256 (FIPS 180-4) of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

/// SHA-512 (FIPS 180-4) of some bytes.
#[must_use]
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    sha2::Sha512::digest(bytes).into()
}

/// The value of the `Digest` header field for a body.
pub(super) fn digest_field(name: DigestName, body: &[u8]) -> String {
    format!("{}={}", name.as_str(), crate::base64::encode(&sha256(body)))
}
