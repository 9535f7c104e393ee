//! Verifying in Rust alone, where the host's arithmetic is absent or answers later.

use ed25519_dalek::{Signature as EdSignature, VerifyingKey as EdKey};
use p256::ecdsa::{Signature as P256Signature, VerifyingKey as P256Key};
use rsa::signature::Verifier as _;
use rsa::{BoxedUint, pkcs1v15, pss};

use super::Algorithm;
use crate::key::PublicKey;

/// The length of the salt of `rsa-pss-sha512` (RFC 9421 §3.3.1), in bytes.
const PSS_SALT_BYTES: usize = 64;

/// Whether a signature is that of a message under a key. An algorithm that is not for the key's kind is `false`.
///
/// Ed25519 is verified strictly: keys and points of small order, under which one signature fits many messages, are
/// refused. Nothing here is secret, so nothing needs to take constant time.
#[must_use]
pub fn verify(algorithm: Algorithm, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    match (algorithm, key) {
        (Algorithm::RsaSha256, PublicKey::Rsa(key)) => pkcs1v15::Signature::try_from(signature)
            .ok()
            .zip(rsa_key(key))
            .is_some_and(|(good, key)| pkcs1v15::VerifyingKey::<sha2::Sha256>::new(key).verify(message, &good).is_ok()),
        (Algorithm::RsaSha512, PublicKey::Rsa(key)) => pkcs1v15::Signature::try_from(signature)
            .ok()
            .zip(rsa_key(key))
            .is_some_and(|(good, key)| pkcs1v15::VerifyingKey::<sha2::Sha512>::new(key).verify(message, &good).is_ok()),
        (Algorithm::RsaPssSha512, PublicKey::Rsa(key)) => {
            pss::Signature::try_from(signature).ok().zip(rsa_key(key)).is_some_and(|(good, key)| {
                let key = pss::VerifyingKey::<sha2::Sha512>::new_with_salt_len(key, PSS_SALT_BYTES);
                key.verify(message, &good).is_ok()
            })
        }
        (Algorithm::Ed25519, PublicKey::Ed25519(point)) => EdKey::from_bytes(point)
            .ok()
            .zip(EdSignature::from_slice(signature).ok())
            .is_some_and(|(key, good)| key.verify_strict(message, &good).is_ok()),
        (Algorithm::EcdsaP256Sha256, PublicKey::P256(point)) => P256Key::from_sec1_bytes(point)
            .ok()
            .zip(P256Signature::from_slice(signature).ok())
            .is_some_and(|(key, good)| key.verify(message, &good).is_ok()),
        _ => false,
    }
}

fn rsa_key(key: &crate::key::RsaPublicKey) -> Option<rsa::PublicKey> {
    let (modulus, exponent) = key.parts();
    rsa::PublicKey::new(BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from_be_slice_vartime(exponent)).ok()
}
