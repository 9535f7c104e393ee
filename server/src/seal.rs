//! Secrets at rest: what the database holds of private keys and secrets is sealed with a master key that it does not hold.
//!
//! AES-256-GCM (NIST SP 800-38D) with a random nonce each time. What is sealed is bound to the place where it stands: a
//! sealed value that is moved to another row or column does not open there.

pub(crate) mod master;

use std::fmt;

use aws_lc_rs::{
    aead::{Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac,
};

pub use master::{Chosen, FILE, InvalidMasterKey, KeyId, MasterKey, Source};

/// How a sealed value begins: a byte that neither DER nor text begins with, and the version of the form.
const MAGIC: [u8; 2] = [0, 1];
/// How many bytes stand before the ciphertext.
const HEAD: usize = MAGIC.len() + KeyId::LENGTH + NONCE_LEN;

/// Why a sealed value does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// It is not sealed at all.
    NotSealed,
    /// It was sealed with another master key.
    OtherKey(KeyId),
    /// It was changed, or stood elsewhere.
    Damaged,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSealed => f.write_str("a secret is not sealed"),
            Self::OtherKey(id) => write!(f, "a secret was sealed with another master key ({id})"),
            Self::Damaged => f.write_str("a sealed secret was changed, or moved from elsewhere"),
        }
    }
}

impl std::error::Error for SealError {}

/// Where a sealed value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table and column, such as `webhook.secret`.
    pub column: &'a str,
    /// What names the row.
    pub row: &'a str,
}

impl Place<'_> {
    /// What is authenticated with the value: each part after its length, so that no two places look the same.
    fn bytes(self, id: KeyId) -> Vec<u8> {
        let mut bytes = b"seinpost".to_vec();
        for part in [id.as_bytes().as_slice(), self.column.as_bytes(), self.row.as_bytes()] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

/// Seals and opens with one master key.
pub struct Sealer {
    key: RandomizedNonceKey,
    marks: hmac::Key,
    id: KeyId,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({})", self.id)
    }
}

impl Sealer {
    /// Seals with this key.
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        Self { key: master.cipher(), marks: master.marks(), id: master.id() }
    }

    /// Which master key it is.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Seals `secret` for the place where it will stand.
    ///
    /// # Errors
    /// When it is too large to be sealed (64 GiB).
    pub fn seal(&self, place: Place<'_>, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut sealed = secret.to_vec();
        let nonce = self
            .key
            .seal_in_place_append_tag(Aad::from(place.bytes(self.id)), &mut sealed)
            .map_err(|_| SealError::Damaged)?;
        let mut whole = Vec::with_capacity(HEAD + sealed.len());
        whole.extend(MAGIC);
        whole.extend(self.id.as_bytes());
        whole.extend(nonce.as_ref());
        whole.append(&mut sealed);
        Ok(whole)
    }

    /// What a secret is found again by: the same for the same secret, and telling nothing of it to who lacks the key.
    #[must_use]
    pub fn mark(&self, secret: &[u8]) -> Vec<u8> {
        hmac::sign(&self.marks, secret).as_ref().to_vec()
    }

    /// Opens what stands at `place`.
    ///
    /// # Errors
    /// When it is not sealed, was sealed with another key, was changed, or was sealed for another place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let rest = sealed.strip_prefix(&MAGIC).ok_or(SealError::NotSealed)?;
        let (id, rest) = rest.split_first_chunk().ok_or(SealError::Damaged)?;
        let id = KeyId::from_bytes(*id);
        if id != self.id {
            return Err(SealError::OtherKey(id));
        }
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Damaged)?;
        let mut bytes = ciphertext.to_vec();
        let opened = self
            .key
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place.bytes(id)), &mut bytes)
            .map_err(|_| SealError::Damaged)?;
        Ok(opened.to_vec())
    }
}

/// Whether it looks like something that was sealed.
#[must_use]
pub fn is_sealed(value: &[u8]) -> bool {
    value.starts_with(&MAGIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&MasterKey::from_bytes([byte; 32]))
    }

    const HERE: Place<'static> = Place { column: "webhook.secret", row: "wh_1" };

    #[test]
    fn what_is_sealed_opens_at_its_place_alone() {
        let sealer = sealer(1);
        let sealed = sealer.seal(HERE, b"whsec_").unwrap();
        assert!(is_sealed(&sealed) && !sealed.windows(6).any(|window| window == b"whsec_"));
        assert_eq!(sealer.open(HERE, &sealed).unwrap(), b"whsec_");
        assert_ne!(sealer.seal(HERE, b"whsec_").unwrap(), sealed, "a nonce of its own each time");
        for elsewhere in [
            Place { row: "wh_2", ..HERE },
            Place { column: "webhook.old_secret", ..HERE },
            // The same letters, divided otherwise.
            Place { column: "webhook.secretwh", row: "_1" },
        ] {
            assert_eq!(sealer.open(elsewhere, &sealed), Err(SealError::Damaged), "{elsewhere:?}");
        }
        assert_eq!(sealer.open(HERE, &sealer.seal(HERE, b"").unwrap()).unwrap(), b"");
    }

    #[test]
    fn a_mark_is_of_the_secret_and_the_key() {
        assert_eq!(sealer(1).mark(b"secret"), sealer(1).mark(b"secret"));
        assert_ne!(sealer(1).mark(b"secret"), sealer(1).mark(b"secre"));
        assert_ne!(sealer(1).mark(b"secret"), sealer(2).mark(b"secret"));
    }

    #[test]
    fn another_key_or_a_changed_byte_opens_nothing() {
        let sealed = sealer(1).seal(HERE, b"secret").unwrap();
        assert_eq!(sealer(2).open(HERE, &sealed), Err(SealError::OtherKey(sealer(1).id())));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer(1).open(HERE, &changed).is_err(), "byte {at}");
            assert!(sealer(1).open(HERE, &sealed[..at]).is_err(), "the first {at} bytes");
        }
        assert_eq!(sealer(1).open(HERE, b"whsec_plain"), Err(SealError::NotSealed));
    }
}
