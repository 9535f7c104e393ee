//! Signatures over HTTP messages, one module for each profile.

pub mod cavage;
mod digest;
#[cfg(feature = "pure")]
pub mod pure;
pub mod rfc9421;
pub mod standard;
pub mod structured;
#[cfg(feature = "tables")]
pub mod tables;

use core::fmt;

pub use digest::{Digest, DigestName, sha256, sha512};

/// A signature algorithm, in one name for what the profiles name differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2).
    RsaSha256,
    /// RSASSA-PKCS1-v1_5 with SHA-512 (RFC 8017 §8.2).
    RsaSha512,
    /// RSASSA-PSS with SHA-512 and a salt of 64 bytes (RFC 9421 §3.3.1).
    RsaPssSha512,
    /// Ed25519 (RFC 8032 §5.1).
    Ed25519,
    /// ECDSA on P-256 with SHA-256, the signature as `r || s` (RFC 9421 §3.3.4).
    EcdsaP256Sha256,
    /// HMAC with SHA-256 (RFC 2104).
    HmacSha256,
    /// HMAC with SHA-512 (RFC 2104).
    HmacSha512,
}

impl Algorithm {
    /// A name for programs and reports, which never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaSha256 => "rsa-sha256",
            Self::RsaSha512 => "rsa-sha512",
            Self::RsaPssSha512 => "rsa-pss-sha512",
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256Sha256 => "ecdsa-p256-sha256",
            Self::HmacSha256 => "hmac-sha256",
            Self::HmacSha512 => "hmac-sha512",
        }
    }
}

/// Something that holds a private key or a secret and signs with it.
pub trait Signer: Send + Sync {
    /// The signature over `message`, as raw bytes.
    ///
    /// # Errors
    /// [`SignError::Algorithm`] if the key is not for that algorithm, [`SignError::Arithmetic`] if the arithmetic
    /// failed.
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// Why something could not be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The key is not for this algorithm.
    Algorithm(Algorithm),
    /// A part of the message holds characters that it may not hold; the part's name.
    Field(&'static str),
    /// The time is past the year 9999, where HTTP dates end.
    Date,
    /// The arithmetic failed.
    Arithmetic,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(algorithm) => write!(f, "the key is not for {}", algorithm.as_str()),
            Self::Field(name) => write!(f, "{name} holds characters that it may not hold"),
            Self::Date => f.write_str("the time is past the year 9999"),
            Self::Arithmetic => f.write_str("signing failed"),
        }
    }
}

impl core::error::Error for SignError {}

/// Why what was signed cannot be built: the call is not one that the signature can cover.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoverageError {
    /// A covered header field is not there; which.
    Absent(String),
    /// A covered header field occurs more than once; which.
    Repeated(String),
    /// A covered header field is longer than [`MAX_FIELD_BYTES`]; which.
    TooLong(String),
    /// A covered name is not one that can be covered; which.
    Unknown(String),
}

/// Made out of line: a copy of a name where it went well is room for nothing.
impl CoverageError {
    #[cold]
    #[inline(never)]
    pub(crate) fn absent(name: &str) -> Self {
        Self::Absent(name.to_owned())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn repeated(name: &str) -> Self {
        Self::Repeated(name.to_owned())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn too_long(name: &str) -> Self {
        Self::TooLong(name.to_owned())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn unknown(name: &str) -> Self {
        Self::Unknown(name.to_owned())
    }
}

/// A value with each obsolete line fold as one space (RFC 9112 §5.2). No line of the signing string may be forged by a
/// line end inside a value.
pub(crate) fn unfold(out: &mut Vec<u8>, value: &[u8]) {
    if !value.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
        out.extend_from_slice(value);
        return;
    }
    let lines = value.split(|byte| matches!(byte, b'\r' | b'\n')).map(crate::message::trim);
    for (index, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(line);
    }
}
