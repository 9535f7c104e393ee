//! JSON bodies: no panic, the same verdict as serde_json, and print after parse is the identity.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::payload::{DecodeCode, decode, to_json, to_json_pretty, without_bom};

fuzz_target!(|body: &[u8]| {
    let theirs = serde_json::from_slice::<serde_json::Value>(without_bom(body));
    match decode(body, Some("application/json")) {
        Ok(decoded) => {
            assert!(theirs.is_ok(), "only we take it: {theirs:?}");
            for printed in [to_json(&decoded.event), to_json_pretty(&decoded.event)] {
                let again = decode(printed.as_bytes(), Some("application/json")).expect("what we print we read");
                assert_eq!(again.event, decoded.event);
            }
        }
        Err(error) => {
            assert!(error.offset.is_none_or(|offset| offset <= body.len()), "{error}");
            if matches!(error.code, DecodeCode::InvalidJson | DecodeCode::InvalidUtf8) {
                assert!(theirs.is_err(), "only they take it: {error}");
            }
        }
    }
});
