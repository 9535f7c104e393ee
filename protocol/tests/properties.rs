//! What holds for all inputs: what is printed reads the same, and what is signed verifies.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use proptest::collection::vec;
use proptest::prelude::*;
use seinpost_protocol::base64;
use seinpost_protocol::key::{DkimRecord, PublicKey, RsaPublicKey, Secret};
use seinpost_protocol::payload::{decode, to_form, to_json, to_json_pretty};
use seinpost_protocol::signature::Algorithm;
use seinpost_protocol::signature::cavage::{AlgorithmName, Liberties, Signature};
use seinpost_protocol::signature::standard::{Offered, offered};
use seinpost_protocol::signature::structured::{BareItem, Item, Member, Parameters, parse_dictionary};

const JSON: Option<&str> = Some("application/json");
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// An element of ASN.1 in DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..128 => out.push(u8::try_from(length).unwrap()),
        128..256 => out.extend([0x81, u8::try_from(length).unwrap()]),
        _ => out.extend([0x82, u8::try_from(length >> 8).unwrap(), u8::try_from(length & 255).unwrap()]),
    }
    out.extend_from_slice(content);
    out
}

/// The DER of an RSAPublicKey with the exponent 65537.
fn pkcs1(modulus: &[u8]) -> Vec<u8> {
    let number = [&[0], modulus].concat();
    der(0x30, &[der(2, &number), der(2, &[1, 0, 1])].concat())
}

fn modulus() -> impl Strategy<Value = Vec<u8>> {
    (128_usize..=1024).prop_flat_map(|length| vec(any::<u8>(), length)).prop_map(|mut bytes| {
        let last = bytes.len() - 1;
        // A modulus of that very length is odd.
        bytes[0] |= 0x80;
        bytes[last] |= 1;
        bytes
    })
}

/// A name that a structured field can have as a key.
fn key() -> impl Strategy<Value = String> {
    "[a-z*][a-z0-9_.*-]{0,8}"
}

fn bare() -> impl Strategy<Value = BareItem> {
    prop_oneof![
        (-999_999_999_999_999_i64..=999_999_999_999_999).prop_map(BareItem::Integer),
        "-?[1-9][0-9]{0,11}\\.[0-9]{0,2}[1-9]".prop_map(BareItem::Decimal),
        "[ -~]{0,20}".prop_map(BareItem::String),
        "[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]{0,10}".prop_map(BareItem::Token),
        vec(any::<u8>(), 0..40).prop_map(BareItem::Bytes),
        any::<bool>().prop_map(BareItem::Boolean),
    ]
}

/// Pairs of different names.
fn pairs<T: Clone + core::fmt::Debug>(
    values: impl Strategy<Value = T>,
    most: usize,
) -> impl Strategy<Value = Vec<(String, T)>> {
    proptest::collection::btree_map(key(), values, 0..=most).prop_map(|map| map.into_iter().collect())
}

fn item() -> impl Strategy<Value = Item> {
    (bare(), pairs(bare(), 3)).prop_map(|(value, parameters)| Item { value, parameters })
}

fn member() -> impl Strategy<Value = Member> {
    prop_oneof![
        item().prop_map(Member::Item),
        (vec(item(), 0..4), pairs(bare(), 3)).prop_map(|(items, parameters)| Member::List(items, parameters)),
    ]
}

fn print_bare(value: &BareItem) -> String {
    match value {
        BareItem::Integer(number) => number.to_string(),
        BareItem::Decimal(text) | BareItem::Token(text) => text.clone(),
        BareItem::String(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        BareItem::Bytes(bytes) => format!(":{}:", Base64::encode_string(bytes)),
        BareItem::Boolean(value) => format!("?{}", u8::from(*value)),
    }
}

fn print_parameters(parameters: &Parameters) -> String {
    parameters.iter().map(|(key, value)| format!(";{key}={}", print_bare(value))).collect()
}

fn print_item(item: &Item) -> String {
    print_bare(&item.value) + &print_parameters(&item.parameters)
}

fn print_member(member: &Member) -> String {
    match member {
        Member::Item(item) => print_item(item),
        Member::List(items, parameters) => {
            let items: Vec<String> = items.iter().map(print_item).collect();
            format!("({}){}", items.join(" "), print_parameters(parameters))
        }
    }
}

/// Any JSON value whose numbers are whole.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The text of an event of a type of its own, with the values as variables.
fn event(variables: &[serde_json::Value]) -> serde_json::Value {
    let mut all = serde_json::Map::new();
    all.insert("type".into(), "test".into());
    for (index, value) in variables.iter().enumerate() {
        all.insert(format!("x{index}"), value.clone());
    }
    serde_json::Value::Object(all)
}

proptest! {
    // Whatever is found becomes a test of its own, by name.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn base64_is_what_another_implementation_makes_of_it(bytes in vec(any::<u8>(), 0..200), text in "[A-Za-z0-9+/=_ -]{0,24}") {
        let encoded = Base64::encode_string(&bytes);
        prop_assert_eq!(&base64::encode(&bytes), &encoded);
        prop_assert_eq!(base64::decode(encoded.as_bytes()), Some(bytes.clone()));
        prop_assert_eq!(base64::decode_url(Base64UrlUnpadded::encode_string(&bytes).as_bytes()), Some(bytes));
        prop_assert_eq!(base64::decode(text.as_bytes()), Base64::decode_vec(&text).ok());
        prop_assert_eq!(base64::decode_url(text.as_bytes()), Base64UrlUnpadded::decode_vec(&text).ok());
    }

    #[test]
    fn events_in_json_survive_being_read_and_written(variables in vec(json(), 0..4)) {
        let written = event(&variables);
        let read = decode(written.to_string().as_bytes(), JSON).unwrap().event;
        for printed in [to_json(&read), to_json_pretty(&read)] {
            prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&printed).unwrap(), &written);
            prop_assert_eq!(&decode(printed.as_bytes(), JSON).unwrap().event, &read);
        }
    }

    #[test]
    fn events_in_forms_survive_being_written_and_read(
        texts in vec(any::<String>(), 0..5),
        tags in vec(any::<String>(), 0..5),
    ) {
        let variables: Vec<serde_json::Value> = texts.into_iter().map(Into::into).chain([tags.clone().into()]).collect();
        let mut event = event(&variables);
        // A form cannot write an empty list.
        if tags.is_empty() {
            event.as_object_mut().unwrap().remove(&format!("x{}", variables.len() - 1));
        }
        let read = decode(event.to_string().as_bytes(), JSON).unwrap().event;
        prop_assert_eq!(decode(&to_form(&read), FORM).unwrap().event, read);
    }

    #[test]
    fn fields_of_any_name_in_forms_survive_being_written_and_read(
        fields in proptest::collection::btree_map(
            prop_oneof![any::<String>(), "[0-3]", "[a-b0\\[\\]%+]{1,6}"].prop_filter("a form has no empty name", |name| !name.is_empty()),
            prop_oneof![any::<String>().prop_map(serde_json::Value::from), vec(any::<String>(), 1..4).prop_map(Into::into)],
            0..6,
        ),
    ) {
        let fields: serde_json::Map<_, _> = fields.into_iter().collect();
        let written = serde_json::json!({
            "id": "1", "type": "profile", "timestamp": "2026-01-31 12:00:00", "time": "1769860800", "recipient": "a@b.c",
            "action": "update", "fields": fields, "tags": ["t"],
        });
        let read = decode(written.to_string().as_bytes(), JSON).unwrap().event;
        let again = decode(&to_form(&read), FORM).unwrap().event;
        prop_assert_eq!(again.get("fields"), read.get("fields"));
    }

    #[test]
    fn what_is_no_event_is_refused_inside_the_body(body in vec(any::<u8>(), 0..200)) {
        for content_type in [JSON, FORM, None] {
            if let Err(error) = decode(&body, content_type) {
                prop_assert!(error.offset.is_none_or(|offset| offset <= body.len()));
            }
        }
    }

    #[test]
    fn rsa_keys_survive_being_written_and_read(modulus in modulus()) {
        let bits = modulus.len() * 8;
        let rsa = RsaPublicKey::from_pkcs1(&pkcs1(&modulus)).unwrap();
        prop_assert_eq!(rsa.bits(), bits);
        let key = PublicKey::Rsa(rsa);
        let spki = key.to_spki();
        prop_assert_eq!(&PublicKey::from_spki(&spki).unwrap(), &key);
        let record = format!("v=DKIM1; k=rsa; p={}", Base64::encode_string(&spki));
        prop_assert_eq!(&DkimRecord::parse(record.as_bytes()).unwrap().key, &key);
        prop_assert_eq!(&PublicKey::read(record.as_bytes()).unwrap(), &key);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", Base64::encode_string(&spki));
        prop_assert_eq!(&PublicKey::read(pem.as_bytes()).unwrap(), &key);
    }

    #[test]
    fn a_damaged_key_is_another_one_or_none(modulus in modulus(), bit in any::<prop::sample::Index>()) {
        let written = PublicKey::Rsa(RsaPublicKey::from_pkcs1(&pkcs1(&modulus)).unwrap()).to_spki();
        let mut damaged = written.clone();
        let bit = bit.index(written.len() * 8);
        damaged[bit / 8] ^= 1 << (bit % 8);
        if let Ok(read) = PublicKey::from_spki(&damaged) {
            // What is read is what was there, and not what it may have been meant to be.
            prop_assert_eq!(read.to_spki(), damaged);
        }
    }

    #[test]
    fn small_keys_survive_being_written_and_read(point in any::<[u8; 32]>(), rest in any::<[u8; 32]>()) {
        let p256: [u8; 65] = [&[4], point.as_slice(), &rest].concat().try_into().unwrap();
        for key in [PublicKey::Ed25519(point), PublicKey::P256(p256)] {
            prop_assert_eq!(&PublicKey::from_spki(&key.to_spki()).unwrap(), &key);
        }
        let whpk = format!("whpk_{}", Base64::encode_string(&point));
        prop_assert_eq!(PublicKey::from_whpk(&whpk).unwrap(), PublicKey::Ed25519(point));
        let record = format!("v=DKIM1;k=ed25519;p={}", Base64::encode_string(&point));
        prop_assert_eq!(DkimRecord::parse(record.as_bytes()).unwrap().key, PublicKey::Ed25519(point));
    }

    #[test]
    fn secrets_survive_being_written_and_read(bytes in vec(any::<u8>(), 24..=64)) {
        let written = Base64::encode_string(&bytes);
        for text in [format!("whsec_{written}"), written] {
            let secret = Secret::parse(&text).unwrap();
            prop_assert_eq!(secret.expose(), bytes.as_slice());
        }
    }

    #[test]
    fn keys_are_never_read_from_noise(noise in vec(any::<u8>(), 0..300)) {
        // The forms have no noise in common with it; above all, nothing panics.
        let _ = PublicKey::read(&noise);
        prop_assert!(PublicKey::from_spki(&noise).is_err());
        prop_assert!(RsaPublicKey::from_pkcs1(&noise).is_err());
    }

    #[test]
    fn signature_headers_read_as_they_were_written(
        key_id in "[ -~]{1,40}",
        algorithm in prop::sample::select(vec![
            AlgorithmName::RsaSha256, AlgorithmName::RsaSha512, AlgorithmName::HmacSha256, AlgorithmName::Hs2019,
        ]),
        covered in proptest::collection::btree_set("[a-z][a-z0-9-]{0,10}", 1..8),
        created in proptest::option::of(0_u32..),
        bytes in vec(any::<u8>(), 0..300),
        order in Just((0..4_usize).collect::<Vec<_>>()).prop_shuffle(),
        separator in prop::sample::select(vec![",", ", ", " , ", ",\r\n "]),
    ) {
        let covered: Vec<String> = covered.into_iter().collect();
        let quoted = key_id.replace('\\', "\\\\").replace('"', "\\\"");
        let mut parameters = vec![
            format!("keyId=\"{quoted}\""),
            format!("algorithm=\"{}\"", algorithm.as_str()),
            format!("headers=\"{}\"", covered.join(" ")),
            format!("signature=\"{}\"", Base64::encode_string(&bytes)),
        ];
        parameters = order.into_iter().map(|at| parameters[at].clone()).collect();
        parameters.extend(created.map(|created| format!("created={created}")));
        let printed = parameters.join(separator);
        let read = Signature::parse(printed.as_bytes()).unwrap();
        prop_assert_eq!(&read.key_id[..], key_id);
        prop_assert_eq!(read.algorithm, Some(algorithm));
        prop_assert_eq!(read.covered.join(" "), covered.join(" "));
        prop_assert_eq!(read.created.as_deref().map(str::to_owned), created.map(|created| created.to_string()));
        prop_assert_eq!(&read.signature[..], bytes);
        prop_assert_eq!(read.liberties, Liberties::default());
    }

    #[test]
    fn webhook_signatures_read_as_they_were_written(
        parts in vec(prop_oneof![
            vec(any::<u8>(), 32).prop_map(|signature| Offered { algorithm: Algorithm::HmacSha256, signature }),
            vec(any::<u8>(), 64).prop_map(|signature| Offered { algorithm: Algorithm::Ed25519, signature }),
        ], 0..8),
    ) {
        let printed: Vec<String> = parts.iter().map(|Offered { algorithm, signature }| {
            let version = if *algorithm == Algorithm::Ed25519 { "v1a" } else { "v1" };
            format!("{version},{}", Base64::encode_string(signature))
        }).collect();
        prop_assert_eq!(offered(printed.join(" ").as_bytes()).unwrap(), parts);
    }

    #[test]
    fn structured_fields_read_as_they_were_written(members in pairs(member(), 6)) {
        let printed: Vec<String> =
            members.iter().map(|(key, member)| format!("{key}={}", print_member(member))).collect();
        let read = parse_dictionary(printed.join(", ").as_bytes());
        prop_assert_eq!(read, Ok(members), "{}", printed.join(", "));
    }

    #[test]
    fn structured_fields_of_noise_end_inside_it(noise in "[ -~]{0,80}") {
        if let Err(error) = parse_dictionary(noise.as_bytes()) {
            prop_assert!(error.offset <= noise.len());
        }
    }
}
