//! Keys in every form that is read: no panic, and a key survives being written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::key::{MAX_RSA_BITS, MIN_RSA_BITS, PublicKey, RsaPublicKey, Secret};

fn check(key: &PublicKey) {
    if let PublicKey::Rsa(rsa) = key {
        assert!((MIN_RSA_BITS..=MAX_RSA_BITS).contains(&rsa.bits()));
    }
    assert_eq!(PublicKey::from_spki(&key.to_spki()).as_ref(), Ok(key));
}

fuzz_target!(|bytes: &[u8]| {
    for key in [PublicKey::from_spki(bytes), PublicKey::read(bytes)].into_iter().flatten() {
        check(&key);
    }
    if let Ok(rsa) = RsaPublicKey::from_pkcs1(bytes) {
        assert_eq!(rsa.as_pkcs1(), bytes);
        check(&PublicKey::Rsa(rsa));
    }
    if let Ok(text) = core::str::from_utf8(bytes) {
        let _ = Secret::parse(text);
    }
});
