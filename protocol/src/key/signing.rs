//! RSA signing keys, with AWS-LC's arithmetic.

use core::fmt;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, RsaEncoding, RsaKeyPair};

use super::{KeyError, PublicKey};
use crate::signature::{Algorithm, SignError, Signer};

/// An RSA private key that signs. Its `Debug` shows its size only.
pub struct RsaSigningKey {
    pair: RsaKeyPair,
    spki: Vec<u8>,
    bits: usize,
}

impl RsaSigningKey {
    /// Reads an unencrypted PKCS#8 private key (RFC 5208), as DER.
    ///
    /// # Errors
    /// [`KeyError::Der`] if it is not one of an RSA key (AWS-LC also refuses keys under 2048 bits),
    /// [`KeyError::RsaTooLong`] for one over 8192 bits.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Der)?;
        Self::new(pair)
    }

    fn new(pair: RsaKeyPair) -> Result<Self, KeyError> {
        let public = aws_lc_rs::signature::KeyPair::public_key(&pair);
        let der: PublicKeyX509Der<'_> = public.as_der().map_err(|_| KeyError::Der)?;
        let spki = der.as_ref().to_vec();
        let PublicKey::Rsa(key) = PublicKey::from_spki(&spki)? else { return Err(KeyError::UnknownType) };
        Ok(Self { pair, spki, bits: key.bits() })
    }

    /// The DER of the public key's SubjectPublicKeyInfo (RFC 5280 §4.1).
    #[must_use]
    pub fn public_spki(&self) -> &[u8] {
        &self.spki
    }

    /// The DKIM record (RFC 6376 §3.6.1) to publish for this key, with no white space: some readers split it at `;`
    /// and `=` and trim nothing.
    #[must_use]
    pub fn dkim_record(&self) -> String {
        format!("v=DKIM1;k=rsa;p={}", crate::base64::encode(&self.spki))
    }
}

impl fmt::Debug for RsaSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaSigningKey({} bits, redacted)", self.bits)
    }
}

impl Signer for RsaSigningKey {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let padding: &'static dyn RsaEncoding = match algorithm {
            Algorithm::RsaSha256 => &signature::RSA_PKCS1_SHA256,
            Algorithm::RsaSha512 => &signature::RSA_PKCS1_SHA512,
            Algorithm::RsaPssSha512 => &signature::RSA_PSS_SHA512,
            Algorithm::Ed25519 | Algorithm::EcdsaP256Sha256 | Algorithm::HmacSha256 | Algorithm::HmacSha512 => {
                return Err(SignError::Algorithm(algorithm));
            }
        };
        let mut out = vec![0; self.pair.public_modulus_len()];
        // PKCS#1 v1.5 takes no random bytes; PSS takes its salt from AWS-LC, not from us.
        self.pair.sign(padding, &SystemRandom::new(), message, &mut out).map_err(|_| SignError::Arithmetic)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::DkimRecord;
    use aws_lc_rs::rsa::{KeyPair, KeySize};

    fn key() -> RsaSigningKey {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
        RsaSigningKey::from_pkcs8(der.as_ref()).unwrap()
    }

    #[test]
    fn what_is_signed_verifies_under_the_published_record() {
        let key = key();
        let record = key.dkim_record();
        assert!(record.bytes().all(|byte| byte.is_ascii_graphic()));
        let PublicKey::Rsa(public) = DkimRecord::parse(record.as_bytes()).unwrap().key else { panic!("not RSA") };
        assert_eq!(public.bits(), 2048);
        let signature = key.sign(Algorithm::RsaSha256, b"signed").unwrap();
        let check = signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, public.as_pkcs1());
        check.verify(b"signed", &signature).unwrap();
        check.verify(b"signee", &signature).unwrap_err();
    }

    #[test]
    fn an_rsa_key_is_never_an_hmac_secret() {
        assert_eq!(key().sign(Algorithm::HmacSha256, b""), Err(SignError::Algorithm(Algorithm::HmacSha256)));
    }

    #[test]
    fn debug_shows_nothing_of_the_key() {
        assert_eq!(format!("{:?}", key()), "RsaSigningKey(2048 bits, redacted)");
    }

    #[test]
    fn damaged_private_keys_are_refused() {
        assert_eq!(RsaSigningKey::from_pkcs8(b"0").unwrap_err(), KeyError::Der);
    }
}
