//! Structured field values, as `Signature-Input`, `Signature` and `Content-Digest` have them: no panic, places inside
//! the field, and what is printed again reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::base64;
use seinpost_protocol::signature::structured::{BareItem, Item, MAX_BYTES, Member, Parameters, parse_dictionary};

fn bare(value: &BareItem) -> String {
    match value {
        BareItem::Integer(number) => number.to_string(),
        BareItem::Decimal(text) | BareItem::Token(text) => text.clone(),
        BareItem::String(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        BareItem::Bytes(bytes) => format!(":{}:", base64::encode(bytes)),
        BareItem::Boolean(value) => format!("?{}", u8::from(*value)),
    }
}

fn parameters(parameters: &Parameters) -> String {
    parameters.iter().map(|(key, value)| format!(";{key}={}", bare(value))).collect()
}

fn item(item: &Item) -> String {
    bare(&item.value) + &parameters(&item.parameters)
}

fuzz_target!(|field: &[u8]| match parse_dictionary(field) {
    Ok(members) => {
        let print = |(key, member): &(String, Member)| match member {
            Member::Item(one) => format!("{key}={}", item(one)),
            Member::List(items, own) => {
                let items: Vec<String> = items.iter().map(item).collect();
                format!("{key}=({}){}", items.join(" "), parameters(own))
            }
        };
        let printed = members.iter().map(print).collect::<Vec<_>>().join(", ");
        // `?1` is written where it was left out, and the reader has its limit.
        if printed.len() <= MAX_BYTES {
            assert_eq!(parse_dictionary(printed.as_bytes()), Ok(members));
        }
    }
    Err(error) => assert!(error.offset <= field.len(), "{error}"),
});
