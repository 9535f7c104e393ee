//! Published vectors, of which `tests/vectors/README.md` tells the origin.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use seinpost_protocol::key::{DkimRecord, PublicKey, Secret};
use seinpost_protocol::message::{Body, Field, Message};
use seinpost_protocol::signature::rfc9421::{signature_base, signatures};
use seinpost_protocol::signature::standard::{Offered, offered, signing_prefix};
use seinpost_protocol::signature::structured::{StructuredErrorKind, parse_dictionary};
use seinpost_protocol::signature::{Algorithm, CoverageError, cavage, sha256, sha512};
use serde_json::Value;

/// Canonical base64 by an implementation that is not the one under test.
fn base64(text: &str) -> Vec<u8> {
    use base64ct::{Base64, Encoding};
    Base64::decode_vec(text).unwrap()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(path)).unwrap()
}

fn vectors(path: &str) -> Vec<Value> {
    serde_json::from_str(&read(path)).unwrap()
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_else(|| panic!("{name} is no text in {vector}"))
}

fn fields(vector: &Value) -> Vec<Field<'_>> {
    let pairs = vector["fields"].as_array().unwrap();
    pairs.iter().map(|pair| Field::new(pair[0].as_str().unwrap(), pair[1].as_str().unwrap())).collect()
}

fn body(content: &str) -> Body {
    let content = content.as_bytes();
    Body { length: content.len() as u64, sha256: Some(sha256(content)), sha512: Some(sha512(content)) }
}

#[test]
fn the_signing_strings_of_draft_cavage_appendix_c() {
    for vector in vectors("cavage/appendix-c.json") {
        let signature = cavage::Signature::parse(text(&vector, "signature_field").as_bytes()).unwrap();
        assert_eq!(&signature.key_id[..], "Test");
        assert_eq!(signature.algorithm.map(cavage::AlgorithmName::as_str), Some(text(&vector, "algorithm")));
        assert_eq!(signature.signature, base64(text(&vector, "signature")));
        let (target, fields) = (text(&vector, "target"), fields(&vector));
        let message = Message::new(b"POST", target.as_bytes(), &fields, body(text(&vector, "body")));
        let built = cavage::signing_string(&message, &signature).unwrap();
        assert_eq!(String::from_utf8(built).unwrap(), text(&vector, "signing_string"), "{}", vector["name"]);
    }
}

#[test]
fn the_signature_bases_of_rfc_9421() {
    let requests = vectors("rfc9421/signatures.json").into_iter().filter(|vector| vector["kind"] == "request");
    for vector in requests {
        let fields = fields(&vector);
        let (method, url) = (text(&vector, "method"), text(&vector, "url"));
        let message = Message::new(method.as_bytes(), url.as_bytes(), &fields, body(text(&vector, "body")));
        let found = signatures(&message).unwrap();
        let [input] = found.as_slice() else { panic!("{vector}") };
        assert_eq!(input.label, text(&vector, "label"));
        assert_eq!(input.key_id.as_deref(), Some(text(&vector, "key")));
        assert_eq!(input.signature, base64(text(&vector, "signature")));
        let built = signature_base(&message, input).map(|built| String::from_utf8(built).unwrap());
        assert_eq!(built.as_deref(), Ok(text(&vector, "signature_base")), "{}", vector["name"]);
    }
}

#[test]
fn a_signed_response_of_rfc_9421_is_no_call() {
    let vectors = vectors("rfc9421/signatures.json");
    let vector = vectors.iter().find(|vector| vector["kind"] == "response").unwrap();
    let fields = fields(vector);
    let message = Message::new(b"POST", b"/", &fields, body(text(vector, "body")));
    let found = signatures(&message).unwrap();
    assert_eq!(signature_base(&message, &found[0]), Err(CoverageError::Unknown("@status".into())));
}

#[test]
fn the_signatures_of_standard_webhooks() {
    for vector in vectors("standard-webhooks/signatures.json") {
        let offers = offered(text(&vector, "signature").as_bytes()).unwrap();
        let timestamp = vector["timestamp"].to_string();
        let prefix = signing_prefix(text(&vector, "id").as_bytes(), timestamp.as_bytes());
        let body = text(&vector, "body").as_bytes();
        match offers.as_slice() {
            [Offered { algorithm: Algorithm::HmacSha256, signature: mac }] => {
                let secret = Secret::parse(text(&vector, "secret")).unwrap();
                assert_eq!(&secret.sha256(&[&prefix, body])[..], mac);
                assert!(secret.verify_sha256(&[&prefix, body], mac));
                assert!(!secret.verify_sha256(&[&prefix, &body[1..]], mac));
            }
            [Offered { algorithm: Algorithm::Ed25519, .. }] => {
                let key = PublicKey::from_whpk(text(&vector, "public_key")).unwrap();
                assert!(matches!(key, PublicKey::Ed25519(_)));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_digests_of_rfc_9530() {
    for vector in vectors("digest/rfc9530.json") {
        let content = text(&vector, "content").as_bytes();
        let expected = base64(text(&vector, "value"));
        match text(&vector, "algorithm") {
            "sha-256" => assert_eq!(sha256(content).as_slice(), expected),
            _ => assert_eq!(sha512(content).as_slice(), expected),
        }
    }
}

#[test]
fn dkim_records_in_every_legal_form_and_the_others_by_their_error() {
    for vector in vectors("dkim/records.json") {
        let pieces = vector["strings"].as_array().unwrap();
        // The strings of one TXT record are joined with nothing between them.
        let record: String = pieces.iter().map(|piece| piece.as_str().unwrap()).collect();
        let read = DkimRecord::parse(record.as_bytes());
        // A verifier reads it without knowing what it is.
        let unnamed = PublicKey::read(record.as_bytes());
        assert_eq!(read.as_ref().map(|record| &record.key), unnamed.as_ref(), "{}", vector["name"]);
        if let Some(error) = vector["error"].as_str() {
            assert_eq!(read.map_err(|error| error.code()), Err(error), "{}", vector["name"]);
            continue;
        }
        let key = base64(text(&vector, "key"));
        match read.unwrap_or_else(|error| panic!("{error}: {}", vector["name"])).key {
            PublicKey::Rsa(rsa) => {
                assert_eq!(Some(rsa.bits() as u64), vector["bits"].as_u64());
                assert_eq!(PublicKey::Rsa(rsa).to_spki(), key);
            }
            PublicKey::Ed25519(point) => assert_eq!(point.as_slice(), key),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn structured_fields_as_the_http_working_group_tests_them() {
    // Stricter on purpose: who can add to a header must not be able to replace what is in it.
    let stricter =
        ["a parameter twice: the last one counts", "a key twice: the last one counts, in the place of the first"];
    // No signature and no digest has a date of RFC 9651 in it, so they are not read.
    let left_out = ["date", "date with a fraction"];
    for vector in vectors("structured-fields/cases.json") {
        let name = text(&vector, "name");
        let lines: Vec<&str> = vector["raw"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        let mut raw = lines.join(", ");
        // Only dictionaries are read: an item is one as the value of a key.
        if vector["header_type"] == "item" {
            raw.insert_str(0, "key=");
        }
        let read = parse_dictionary(raw.as_bytes());
        if stricter.contains(&name) {
            assert_eq!(read.unwrap_err().kind, StructuredErrorKind::Duplicate, "{name}");
        } else if vector["must_fail"] == true || left_out.contains(&name) {
            assert_eq!(read.unwrap_err().kind, StructuredErrorKind::Syntax, "{name}");
        } else {
            assert!(read.is_ok(), "{name}: {read:?}");
        }
    }
}
