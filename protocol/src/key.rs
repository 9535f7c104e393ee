//! Keys in every form in which they travel: DKIM records, PEM, JWK, and the secrets of Standard Webhooks.
//!
//! A key's own kind decides what it may verify: an RSA key is never an HMAC secret, whatever a header says. RSA keys
//! under 1024 bits are refused because they are forged by anyone with a large computer, those over 8192 because they
//! let a stranger burn our processor.

mod der;
mod dkim;
mod secret;
#[cfg(feature = "aws-lc")]
mod signing;
mod text;

use core::fmt;

use crate::base64;
use crate::signature::Algorithm;

pub use dkim::{DkimRecord, MAX_RECORD_BYTES};
pub use secret::Secret;
#[cfg(feature = "aws-lc")]
pub use signing::RsaSigningKey;

/// The smallest RSA modulus accepted, in bits.
pub const MIN_RSA_BITS: usize = 1024;
/// The largest RSA modulus accepted, in bits.
pub const MAX_RSA_BITS: usize = 8192;

/// Why a key could not be read or may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The text or the binary form is longer than any key that is accepted; the limit in bytes.
    TooLong(usize),
    /// A part is not base64 in its canonical form (RFC 4648); the part's name.
    Base64(&'static str),
    /// A DKIM record is not a list of `tag=value` (RFC 6376 §3.2).
    Syntax,
    /// A tag stands twice in a DKIM record (RFC 6376 §3.2 forbids it).
    DuplicateTag,
    /// A DKIM record has a `v=` other than `DKIM1`, or one that is not its first tag.
    Version,
    /// The kind of key is none that is known here.
    UnknownType,
    /// A DKIM record without its `p=` tag.
    NoKey,
    /// An empty `p=`: the owner revoked the key (RFC 6376 §3.6.1).
    Revoked,
    /// A DKIM record that is for other services (`s=`) or other hashes (`h=`) than this, or a JWK that is for another `use` or `alg`.
    Service,
    /// Not the DER of a public key of the kind that was announced.
    Der,
    /// An RSA modulus under [`MIN_RSA_BITS`]; its length in bits.
    RsaTooShort(usize),
    /// An RSA modulus over [`MAX_RSA_BITS`]; its length in bits.
    RsaTooLong(usize),
    /// An RSA exponent that is even, 1, or over 33 bits.
    RsaExponent,
    /// A secret or key whose length in bytes is not allowed; that length.
    Length(usize),
    /// Not JSON where a JWK is wanted.
    Json,
    /// A private key where a public one is wanted.
    Private,
    /// A `whsec_` secret where a public key is wanted.
    Secret,
    /// A JWK set, or several PEM blocks, where one key is wanted.
    Several,
}

impl KeyError {
    /// A name for programs, which never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "key-too-long",
            Self::Base64(_) => "key-base64",
            Self::Syntax => "key-syntax",
            Self::DuplicateTag => "key-duplicate-tag",
            Self::Version => "key-version",
            Self::UnknownType => "key-type",
            Self::NoKey => "key-missing",
            Self::Revoked => "key-revoked",
            Self::Service => "key-service",
            Self::Der => "key-der",
            Self::RsaTooShort(_) => "key-too-weak",
            Self::RsaTooLong(_) => "key-too-large",
            Self::RsaExponent => "key-exponent",
            Self::Length(_) => "key-length",
            Self::Json => "key-json",
            Self::Private => "key-private",
            Self::Secret => "key-secret",
            Self::Several => "key-several",
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(limit) => write!(f, "the key is longer than {limit} bytes"),
            Self::Base64(part) => write!(f, "{part} is not canonical base64"),
            Self::Syntax => f.write_str("the record is not a list of tag=value pairs separated by semicolons"),
            Self::DuplicateTag => f.write_str("a tag stands twice in the record"),
            Self::Version => f.write_str("the record does not begin with v=DKIM1"),
            Self::UnknownType => f.write_str("the key is of a kind that is not supported"),
            Self::NoKey => f.write_str("the record has no p= tag, so no key"),
            Self::Revoked => f.write_str("the key was revoked by its owner (p= is empty)"),
            Self::Service => f.write_str("the key is published for another use (s=, h=, use or alg)"),
            Self::Der => f.write_str("the key's binary form is damaged"),
            Self::RsaTooShort(bits) => write!(f, "the RSA key has {bits} bits; fewer than {MIN_RSA_BITS} are not safe"),
            Self::RsaTooLong(bits) => write!(f, "the RSA key has {bits} bits; more than {MAX_RSA_BITS} are refused"),
            Self::RsaExponent => f.write_str("the RSA key has an exponent that is not safe"),
            Self::Length(bytes) => write!(f, "the key has {bytes} bytes, which is not a length it may have"),
            Self::Json => f.write_str("the key looks like a JWK but is not JSON"),
            Self::Private => f.write_str("this is a private key; verifying needs the public one"),
            Self::Secret => f.write_str("this is a secret, which belongs in the option secret"),
            Self::Several => f.write_str("this is a JWK set or several PEM blocks; give each key alone"),
        }
    }
}

impl core::error::Error for KeyError {}

/// A public key, or the secret that stands in for one, of a kind that this crate verifies with.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// RSA (RFC 8017), for `rsa-sha256`, `rsa-sha512`, `rsa-v1_5-sha256` and `rsa-pss-sha512`.
    Rsa(RsaPublicKey),
    /// Ed25519 (RFC 8032): the 32 bytes of the point.
    Ed25519([u8; 32]),
    /// ECDSA on P-256: the uncompressed point (SEC 1 §2.3.3), `04 || X || Y`. It is not checked to be on the curve:
    /// whoever does the arithmetic does that.
    P256([u8; 65]),
}

impl PublicKey {
    /// Reads the DER of a SubjectPublicKeyInfo (RFC 5280 §4.1).
    ///
    /// # Errors
    /// [`KeyError`] if it is not one, of a kind not supported, or an RSA key of a size that is refused.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        der::read_spki(der)
    }

    /// The DER of the key's SubjectPublicKeyInfo (RFC 5280 §4.1), as crypto libraries import it.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => der::write_rsa_spki(&key.pkcs1),
            Self::Ed25519(point) => [&der::ED25519_SPKI_PREFIX[..], point].concat(),
            Self::P256(point) => [&der::P256_SPKI_PREFIX[..], point].concat(),
        }
    }

    /// The key's kind.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        match self {
            Self::Rsa(RsaPublicKey { only: Some(algorithm), .. }) => KeyKind::RsaOnly(*algorithm),
            Self::Rsa(_) => KeyKind::Rsa,
            Self::Ed25519(_) => KeyKind::Ed25519,
            Self::P256(_) => KeyKind::P256,
        }
    }
}

/// The kinds of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// RSA that is for one algorithm alone, as the `alg` of its JWK says (RFC 7517 §4.4).
    RsaOnly(Algorithm),
    /// Ed25519.
    Ed25519,
    /// ECDSA on P-256.
    P256,
    /// A shared secret, for HMAC.
    Secret,
}

impl KeyKind {
    /// As people call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::RsaOnly(Algorithm::RsaSha512) => "RSA (alg RS512)",
            Self::RsaOnly(Algorithm::RsaPssSha512) => "RSA (alg PS512)",
            Self::RsaOnly(_) => "RSA (alg RS256)",
            Self::Ed25519 => "Ed25519",
            Self::P256 => "ECDSA P-256",
            Self::Secret => "HMAC",
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(key) => write!(f, "PublicKey(RSA, {} bits)", key.bits),
            Self::Ed25519(_) | Self::P256(_) => write!(f, "PublicKey({})", self.kind().as_str()),
        }
    }
}

/// An RSA public key of an accepted size.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey {
    /// The DER of its RSAPublicKey (RFC 8017 §A.1.1), checked.
    pkcs1: Vec<u8>,
    bits: usize,
    /// The one algorithm that it is for, where its JWK names one.
    only: Option<Algorithm>,
}

impl RsaPublicKey {
    /// Reads the DER of an RSAPublicKey (RFC 8017 §A.1.1).
    ///
    /// # Errors
    /// [`KeyError`] if it is not one, or of a size that is refused.
    pub fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        let bits = der::check_pkcs1(der)?;
        Ok(Self { pkcs1: der.to_vec(), bits, only: None })
    }

    /// The DER of the RSAPublicKey (RFC 8017 §A.1.1).
    #[must_use]
    pub fn as_pkcs1(&self) -> &[u8] {
        &self.pkcs1
    }

    /// The modulus and the exponent, big-endian, without leading zeros.
    #[must_use]
    pub fn parts(&self) -> (&[u8], &[u8]) {
        der::parts(&self.pkcs1).unwrap_or_default()
    }

    /// The length of the modulus in bits.
    #[must_use]
    pub const fn bits(&self) -> usize {
        self.bits
    }
}

/// Canonical base64 (RFC 4648 §4, padded, no stray bits) into bytes, once white space is taken out.
pub(crate) fn decode_base64(text: &[u8], part: &'static str) -> Result<Vec<u8>, KeyError> {
    let compact: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    base64::decode(&compact).ok_or(KeyError::Base64(part))
}
