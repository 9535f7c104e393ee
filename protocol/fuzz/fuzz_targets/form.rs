//! Form bodies: no panic, offsets inside the body, and what is written as a form reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::payload::{decode, to_form};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fuzz_target!(|body: &[u8]| {
    match decode(body, FORM) {
        Ok(decoded) => {
            // Empty lists and objects are not written, so a second round may hold less, but the third holds the same.
            if let Ok(second) = decode(&to_form(&decoded.event), FORM) {
                if let Ok(third) = decode(&to_form(&second.event), FORM) {
                    assert_eq!(third.event, second.event);
                }
            }
        }
        Err(error) => assert!(error.offset.is_none_or(|offset| offset <= body.len()), "{error}"),
    }
});
