//! Form bodies: no panic, offsets inside the body, and what is written as a form reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::event::Value;
use seinpost_protocol::payload::{decode, to_form};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// Whether a form can write it without loss: names that are empty cannot be told from what appends to a list, nor a variable's
/// own name with brackets in it from an object.
fn is_writable(variables: &[(String, Value)]) -> bool {
    variables.iter().all(|(name, value)| has_names(value) && !name.is_empty() && !name.contains(['[', ']']))
}

fn has_names(value: &Value) -> bool {
    match value {
        Value::Object(inside) => inside.iter().all(|(name, value)| !name.is_empty() && has_names(value)),
        Value::Array(items) => items.iter().all(has_names),
        _ => true,
    }
}

fuzz_target!(|body: &[u8]| {
    match decode(body, FORM) {
        Ok(decoded) => {
            if !is_writable(decoded.event.variables()) {
                return;
            }
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
