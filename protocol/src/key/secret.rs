//! The secrets and public keys of Standard Webhooks, and HMAC.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Digest as _;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::{KeyError, PublicKey};
use crate::base64;
use crate::signature::{Algorithm, SignError, Signer};

/// The shortest and the longest secret, in bytes, after base64 is undone.
const SECRET_BYTES: core::ops::RangeInclusive<usize> = 24..=64;

/// A shared secret for HMAC. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Secret {
    bytes: Vec<u8>,
    // The states of the two hashes (RFC 2104 §2) after the key's blocks: each message starts from copies, which saves
    // two of its compressions.
    inner: Sha256,
    outer: Sha256,
}

/// The length of a block of SHA-256, in bytes.
const BLOCK: usize = 64;
/// What the key's block is combined with, of each hash (RFC 2104 §2).
const INNER: u8 = 0x36;
const OUTER: u8 = 0x5c;

impl Secret {
    /// Reads `whsec_` and base64 of 24 to 64 bytes; the prefix may be left out, and so may the padding, without which other
    /// libraries take a secret, too.
    ///
    /// # Errors
    /// [`KeyError::Base64`] or [`KeyError::Length`]; [`KeyError::UnknownType`] for a `whsk_` or `whpk_` key or a PEM:
    /// what is a key of another kind is never a secret.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim_ascii();
        if text.starts_with("whsk_") || text.starts_with("whpk_") || text.starts_with("-----") {
            return Err(KeyError::UnknownType);
        }
        let encoded = text.strip_prefix("whsec_").unwrap_or(text);
        if encoded.len() > 128 {
            return Err(KeyError::TooLong(128));
        }
        let bytes = base64::decode_either(encoded.as_bytes()).ok_or(KeyError::Base64("the secret"))?;
        if !SECRET_BYTES.contains(&bytes.len()) {
            return Err(KeyError::Length(bytes.len()));
        }
        Self::from_bytes(&bytes)
    }

    /// A secret of raw bytes, at least 16 and at most 1024.
    ///
    /// # Errors
    /// [`KeyError::Length`] for another length; [`KeyError::UnknownType`] if the bytes are the text of a PEM or of a
    /// DKIM record: a public key, which everyone knows, is never a secret.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        if !(16..=1024).contains(&bytes.len()) {
            return Err(KeyError::Length(bytes.len()));
        }
        if bytes.trim_ascii_start().starts_with(b"-----BEGIN") || bytes.starts_with(b"v=DKIM1") {
            return Err(KeyError::UnknownType);
        }
        let [inner, outer] = [INNER, OUTER].map(|with| Sha256::new_with_prefix(padded(bytes, with)));
        Ok(Self { bytes: bytes.to_vec(), inner, outer })
    }

    /// The secret itself, for whoever does the arithmetic.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether `mac` is the HMAC-SHA256 of the parts one after another. Takes the same time whatever the difference.
    #[must_use]
    pub fn verify_sha256(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        self.verify_sha256_any(parts, [mac])
    }

    /// Whether one of `macs` is the HMAC-SHA256 of the parts one after another. Each is compared in constant time.
    #[must_use]
    pub fn verify_sha256_any<'m>(&self, parts: &[&[u8]], macs: impl IntoIterator<Item = &'m [u8]>) -> bool {
        let expected = self.sha256(parts);
        macs.into_iter().fold(false, |found, mac| found | equal(&expected, mac))
    }

    fn outer(&self, inner: &[u8; 32]) -> [u8; 32] {
        self.outer.clone().chain_update(inner).finalize().into()
    }

    /// What stands before the message in the inner hash of HMAC-SHA256 (RFC 2104 §2): for a host whose SHA-256 is
    /// quicker than the one here, and whose HMAC is not. Tells as much as the secret.
    #[must_use]
    pub fn inner_block(&self) -> [u8; BLOCK] {
        padded(&self.bytes, INNER)
    }

    /// Whether one of `macs` is the HMAC-SHA256 whose inner hash is `inner`: the SHA-256 of [`Self::inner_block`] and the
    /// message. Each is compared in constant time.
    #[must_use]
    pub fn verify_inner_sha256_any<'m>(&self, inner: &[u8; 32], macs: impl IntoIterator<Item = &'m [u8]>) -> bool {
        let expected = self.outer(inner);
        // No early end: every comparison looks at every byte.
        macs.into_iter().fold(false, |found, mac| found | equal(&expected, mac))
    }

    /// The HMAC-SHA256 of the parts one after another.
    #[must_use]
    pub fn sha256(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut state = self.inner.clone();
        for part in parts {
            state.update(part);
        }
        self.outer(&state.finalize().into())
    }

    /// Whether `mac` is the HMAC-SHA512 of the parts one after another. Takes the same time whatever the difference.
    #[must_use]
    pub fn verify_sha512(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        self.sha512_state(parts).is_some_and(|state| state.verify_slice(mac).is_ok())
    }

    fn sha512_state(&self, parts: &[&[u8]]) -> Option<Hmac<Sha512>> {
        let mut state = Hmac::<Sha512>::new_from_slice(&self.bytes).ok()?;
        for part in parts {
            state.update(part);
        }
        Some(state)
    }
}

/// The key's block, each byte combined with one (RFC 2104 §2).
fn padded(key: &[u8], with: u8) -> [u8; BLOCK] {
    let hashed = if key.len() > BLOCK { Some(Sha256::digest(key)) } else { None };
    let key = hashed.as_deref().unwrap_or(key);
    let mut block = [with; BLOCK];
    for (byte, each) in block.iter_mut().zip(key) {
        *byte ^= each;
    }
    block
}

/// Compares in constant time; only the lengths, which are no secret, may end it early.
fn equal(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

impl Signer for Secret {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match algorithm {
            Algorithm::HmacSha256 => Ok(self.sha256(&[message]).to_vec()),
            Algorithm::HmacSha512 => {
                let state = self.sha512_state(&[message]).ok_or(SignError::Arithmetic)?;
                Ok(state.finalize().into_bytes().to_vec())
            }
            other => Err(SignError::Algorithm(other)),
        }
    }
}

impl PublicKey {
    /// Reads `whpk_` and base64 of the 32 bytes of an Ed25519 key (Standard Webhooks).
    ///
    /// # Errors
    /// [`KeyError::Private`] for a `whsk_` key, else [`KeyError::UnknownType`], [`KeyError::Base64`] or
    /// [`KeyError::Length`].
    pub fn from_whpk(text: &str) -> Result<Self, KeyError> {
        let text = text.trim_ascii();
        if text.starts_with("whsk_") {
            return Err(KeyError::Private);
        }
        let encoded = text.strip_prefix("whpk_").ok_or(KeyError::UnknownType)?;
        let bytes = base64::decode(encoded.as_bytes()).ok_or(KeyError::Base64("the key"))?;
        bytes.as_slice().try_into().map(Self::Ed25519).map_err(|_| KeyError::Length(bytes.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_24_to_64_bytes() {
        let text = |bytes: usize| format!("whsec_{}", base64::encode(&vec![1; bytes]));
        assert_eq!(Secret::parse(&text(24)).unwrap().expose(), [1; 24]);
        assert!(Secret::parse(&text(64)).is_ok());
        assert_eq!(Secret::parse(&text(23)).unwrap_err(), KeyError::Length(23));
        assert_eq!(Secret::parse(&text(65)).unwrap_err(), KeyError::Length(65));
        assert_eq!(Secret::parse("whsec_!").unwrap_err(), KeyError::Base64("the secret"));
    }

    #[test]
    fn a_secret_may_lack_its_padding_and_nothing_else() {
        for length in [25, 32, 64] {
            let padded = base64::encode(&vec![1; length]);
            let bare = padded.trim_end_matches('=');
            assert!(bare.len() < padded.len());
            assert_eq!(Secret::parse(&format!("whsec_{bare}")).unwrap().expose(), vec![1; length]);
            assert_eq!(Secret::parse(bare).unwrap().expose(), vec![1; length]);
            let last = |text: &str| [&text[..text.len() - 1], "/"].concat();
            for wrong in [format!("{padded}="), last(bare), bare.replacen('E', "-", 1)] {
                assert_eq!(Secret::parse(&wrong).unwrap_err(), KeyError::Base64("the secret"), "{wrong}");
            }
        }
        let half = base64::encode(&[1; 25]).replace("==", "=");
        assert_eq!(Secret::parse(&half).unwrap_err(), KeyError::Base64("the secret"));
    }

    #[test]
    fn a_public_key_is_never_an_hmac_secret() {
        let pem = b"-----BEGIN PUBLIC KEY-----\nMIIB";
        assert_eq!(Secret::from_bytes(pem).unwrap_err(), KeyError::UnknownType);
        assert_eq!(Secret::from_bytes(b"v=DKIM1;k=rsa;p=MIIB").unwrap_err(), KeyError::UnknownType);
        assert_eq!(Secret::parse("whpk_AAAA").unwrap_err(), KeyError::UnknownType);
    }

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        assert_eq!(format!("{:?}", Secret::from_bytes(&[7; 24]).unwrap()), "Secret(redacted)");
    }

    #[test]
    fn macs_are_those_of_rfc_4231() {
        // Test case 7: a key longer than a block.
        let secret = Secret::from_bytes(&[0xaa; 131]).unwrap();
        let text = b"This is a test using a larger than block-size key and a larger than block-size data. \
            The key needs to be hashed before being used by the HMAC algorithm.";
        let mac = secret.sha256(&[&text[..9], &text[9..]]);
        assert_eq!(mac[..4], [0x9b, 0x09, 0xff, 0xa7]);
        assert!(secret.verify_sha256(&[text], &mac));
        assert!(!secret.verify_sha256(&[text], &mac[..31]));
        let inner = crate::signature::sha256(&[&secret.inner_block()[..], text].concat());
        assert!(secret.verify_inner_sha256_any(&inner, [&mac[1..], &mac[..]]));
        assert!(!secret.verify_inner_sha256_any(&inner, [&mac[..31], &[0; 32]]));
        let mac = secret.sign(Algorithm::HmacSha512, text).unwrap();
        assert_eq!(mac[..4], [0xe3, 0x7b, 0x6a, 0x77]);
        assert!(secret.verify_sha512(&[text], &mac));
        assert_eq!(secret.sign(Algorithm::Ed25519, text), Err(SignError::Algorithm(Algorithm::Ed25519)));
    }

    #[test]
    fn a_whpk_key_is_32_bytes_and_public() {
        let text = format!("whpk_{}", base64::encode(&[5; 32]));
        assert_eq!(PublicKey::from_whpk(&text), Ok(PublicKey::Ed25519([5; 32])));
        assert_eq!(PublicKey::from_whpk("whpk_AAAA"), Err(KeyError::Length(3)));
        assert_eq!(PublicKey::from_whpk("whsk_AAAA"), Err(KeyError::Private));
    }
}
