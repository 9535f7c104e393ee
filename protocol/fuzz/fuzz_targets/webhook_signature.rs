//! The `webhook-signature` header field of the profile `standard`: no panic, and what is offered is offered again when
//! it is printed.
#![no_main]

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use seinpost_protocol::signature::Algorithm;
use seinpost_protocol::signature::standard::{MAX_SIGNATURES, Offered, offered};

fuzz_target!(|value: &[u8]| {
    let Some(offers) = offered(value) else { return };
    assert!(offers.len() <= MAX_SIGNATURES);
    let printed: Vec<String> = offers
        .iter()
        .map(|Offered { algorithm, signature }| {
            let version = if *algorithm == Algorithm::Ed25519 { "v1a" } else { "v1" };
            format!("{version},{}", Base64::encode_string(signature))
        })
        .collect();
    assert_eq!(offered(printed.join(" ").as_bytes()), Some(offers));
});
