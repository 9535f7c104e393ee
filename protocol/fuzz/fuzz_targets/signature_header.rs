//! The `Signature` header field of the profile `cavage`: no panic, and what is printed again reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::base64;
use seinpost_protocol::signature::cavage::{Liberties, MAX_SIGNATURE_BYTES, Signature};

/// A value with its quotes and backslashes escaped (RFC 9110 §5.6.4).
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fuzz_target!(|value: &[u8]| {
    let Ok(signature) = Signature::parse(value) else { return };
    assert!(value.len() <= MAX_SIGNATURE_BYTES);
    let mut parameters = vec![format!("keyId={}", quoted(&signature.key_id))];
    parameters.extend(signature.algorithm.map(|name| format!("algorithm=\"{}\"", name.as_str())));
    parameters.push(format!("headers={}", quoted(&signature.covered.join(" "))));
    parameters.extend(signature.created.as_ref().map(|created| format!("created={created}")));
    parameters.extend(signature.expires.as_ref().map(|expires| format!("expires={expires}")));
    parameters.push(format!("signature=\"{}\"", base64::encode(&signature.signature)));
    let printed = parameters.join(",");
    // Escapes make it longer, and the reader has its limit.
    if printed.len() <= MAX_SIGNATURE_BYTES {
        let mut expected = signature;
        expected.liberties = Liberties::default();
        assert_eq!(Signature::parse(printed.as_bytes()), Ok(expected));
    }
});
