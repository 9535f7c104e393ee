//! All that [`seinpost_verify`] exports, and the arithmetic in Rust alone, for the entry `seinpost-verify/pure`.

use seinpost_protocol::key::PublicKey;
use seinpost_protocol::signature::{pure, sha256, sha512};
use seinpost_verify::{algorithm_of, answer_with};
use wasm_bindgen::prelude::wasm_bindgen;

/// Whether a signature is valid: the input is a SubjectPublicKeyInfo, a signature and the message, of which the first
/// two have these lengths. Word 1 is 1 if it is.
#[wasm_bindgen]
#[must_use]
pub fn verify_signature(algorithm: u32, key_length: usize, signature_length: usize, length: usize) -> usize {
    answer_with(length, |input| {
        let (key, rest) = input.split_at_checked(key_length)?;
        let (signature, message) = rest.split_at_checked(signature_length)?;
        let key = PublicKey::from_spki(key).ok()?;
        pure::verify(algorithm_of(algorithm), &key, message, signature).then(Vec::new)
    })
}

/// The SHA-256 or SHA-512 of the input.
#[wasm_bindgen]
#[must_use]
pub fn digest(bits: u32, length: usize) -> usize {
    answer_with(length, |input| Some(if bits == 512 { sha512(input).to_vec() } else { sha256(input).to_vec() }))
}

/// Whether an HMAC is right: the input is a secret, a MAC and the message, of which the first two have these lengths.
#[wasm_bindgen]
#[must_use]
pub fn verify_mac(bits: u32, secret_length: usize, mac_length: usize, length: usize) -> usize {
    answer_with(length, |input| {
        let (secret, rest) = input.split_at_checked(secret_length)?;
        let (mac, message) = rest.split_at_checked(mac_length)?;
        let secret = seinpost_protocol::key::Secret::from_bytes(secret).ok()?;
        let good =
            if bits == 512 { secret.verify_sha512(&[message], mac) } else { secret.verify_sha256(&[message], mac) };
        good.then(Vec::new)
    })
}
