//! What is signed verifies, whatever it holds, and flipping any one bit of anything that is signed is refused, in each
//! profile, with real keys.

#![cfg(feature = "aws-lc")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::signature::{self, Ed25519KeyPair, KeyPair, UnparsedPublicKey, VerificationAlgorithm};
use proptest::collection::vec;
use proptest::prelude::*;
use seinpost_protocol::key::{KeyKind, PublicKey, RsaSigningKey, Secret};
use seinpost_protocol::message::{Body, Field, Message};
use seinpost_protocol::signature::{
    Algorithm, DigestName, SignError, Signer, cavage, rfc9421, sha256, sha512, standard,
};
use seinpost_protocol::verify::{CheckName, Outcome, Policy, Profile, Report, SignatureAnswer, begin};

const NOW: u64 = 1_700_000_000;
const KEY_ID: &str = "s1._domainkey.sign.example.com";

static RSA: LazyLock<(RsaSigningKey, PublicKey)> = LazyLock::new(|| {
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let key = RsaSigningKey::from_pkcs8(der.as_ref()).unwrap();
    let public = PublicKey::read(key.dkim_record().as_bytes()).unwrap();
    (key, public)
});
static ED25519: LazyLock<(Ed25519, PublicKey)> = LazyLock::new(|| {
    let pair = Ed25519KeyPair::generate().unwrap();
    let public = PublicKey::Ed25519(pair.public_key().as_ref().try_into().unwrap());
    (Ed25519(pair), public)
});
static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::from_bytes(b"a secret of thirty-two bytes, ok").unwrap());

struct Ed25519(Ed25519KeyPair);

impl Signer for Ed25519 {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
        assert_eq!(algorithm, Algorithm::Ed25519);
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

/// A call as it arrives.
#[derive(Clone, Debug)]
struct Call {
    profile: Profile,
    method: Vec<u8>,
    url: Vec<u8>,
    fields: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

/// What a call is about.
#[derive(Clone, Debug)]
struct Content {
    target: String,
    content_type: String,
    body: Vec<u8>,
    environment: u64,
    nonce: String,
    skew: i8,
}

/// The ways to sign a call.
const WAYS: [(Profile, Algorithm); 5] = [
    (Profile::Cavage, Algorithm::RsaSha256),
    (Profile::Standard, Algorithm::HmacSha256),
    (Profile::Standard, Algorithm::Ed25519),
    (Profile::Rfc9421, Algorithm::Ed25519),
    (Profile::Rfc9421, Algorithm::RsaSha256),
];

fn signed((profile, algorithm): (Profile, Algorithm), content: &Content) -> Call {
    let signer: &dyn Signer = match algorithm {
        Algorithm::RsaSha256 => &RSA.0,
        Algorithm::Ed25519 => &ED25519.0,
        _ => &*SECRET,
    };
    let (host, method, time) = ("hooks.example.com", "POST", NOW.saturating_add_signed(content.skew.into()));
    let Content { target, content_type, body, environment, nonce, .. } = content;
    let target_uri = format!("https://{host}{target}");
    let fields = match profile {
        Profile::Cavage => {
            let digest_name = DigestName::Lower;
            let environment = *environment;
            let outgoing = cavage::Outgoing {
                method,
                target,
                host,
                content_type,
                body,
                environment,
                date: time,
                nonce,
                digest_name,
            };
            cavage::sign(&outgoing, KEY_ID, signer)
        }
        Profile::Standard => {
            let outgoing = standard::Outgoing { host, content_type, body, id: nonce, timestamp: time };
            standard::sign(&outgoing, &[(algorithm, signer)])
        }
        _ => {
            let (target_uri, environment) = (target_uri.as_str(), *environment);
            let outgoing =
                rfc9421::Outgoing { method, target_uri, host, content_type, body, environment, created: time, nonce };
            rfc9421::sign(&outgoing, KEY_ID, algorithm, signer)
        }
    };
    Call {
        profile,
        method: method.into(),
        url: target_uri.into_bytes(),
        fields: fields.unwrap().into_iter().map(|(name, value)| (name, value.into_bytes())).collect(),
        body: body.clone(),
    }
}

/// Verifies as a receiver with these keys does.
fn verify(call: &Call, environment: u64) -> Report {
    let mut policy = Policy::new(call.profile, &environment.to_string(), "sign.example.com");
    policy.tolerance = Some(300);
    let fields: Vec<Field<'_>> =
        call.fields.iter().map(|(name, value)| Field { name: name.as_bytes(), value }).collect();
    let body =
        Body { length: call.body.len() as u64, sha256: Some(sha256(&call.body)), sha512: Some(sha512(&call.body)) };
    let begun = begin(&policy, &Message::new(&call.method, &call.url, &fields, body), NOW);
    let answer = begun.work().map(|work| {
        if work.key_id.as_deref().is_some_and(|key_id| key_id != KEY_ID) {
            return SignatureAnswer::KeyNotFound;
        }
        let mut text = begun.signing_string().unwrap().to_vec();
        if work.with_body {
            text.extend_from_slice(&call.body);
        }
        for candidate in &work.candidates {
            for (kind, key) in
                [(KeyKind::Rsa, Some(&RSA.1)), (KeyKind::Ed25519, Some(&ED25519.1)), (KeyKind::Secret, None)]
            {
                for algorithm in candidate.requested.algorithms(kind) {
                    if is_valid(*algorithm, key, &text, &candidate.signature) {
                        return SignatureAnswer::Valid(*algorithm);
                    }
                }
            }
        }
        SignatureAnswer::Invalid
    });
    begun.finish(answer, None)
}

fn is_valid(algorithm: Algorithm, key: Option<&PublicKey>, text: &[u8], signature: &[u8]) -> bool {
    let by: &'static dyn VerificationAlgorithm = match algorithm {
        Algorithm::RsaSha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::RsaSha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::RsaPssSha512 => &signature::RSA_PSS_2048_8192_SHA512,
        Algorithm::Ed25519 => &signature::ED25519,
        Algorithm::HmacSha256 => return SECRET.verify_sha256(&[text], signature),
        Algorithm::HmacSha512 => return SECRET.verify_sha512(&[text], signature),
        other => panic!("{other:?} is not used here"),
    };
    match key {
        Some(PublicKey::Rsa(rsa)) => UnparsedPublicKey::new(by, rsa.as_pkcs1()).verify(text, signature).is_ok(),
        Some(PublicKey::Ed25519(point)) => UnparsedPublicKey::new(by, point).verify(text, signature).is_ok(),
        _ => false,
    }
}

/// The parts of a call that its signature vouches for, each with what may be changed in it without changing what it
/// says.
fn parts(profile: Profile) -> &'static [&'static str] {
    match profile {
        Profile::Cavage => &[
            "url",
            "body",
            "host",
            "date",
            "content-length",
            "content-type",
            "x-copernica-id",
            "digest",
            "x-nonce",
            "signature",
        ],
        Profile::Standard => &["body", "webhook-id", "webhook-timestamp", "webhook-signature"],
        _ => &[
            "method",
            "url",
            "body",
            "content-digest",
            "content-type",
            "x-copernica-id",
            "signature-input",
            "signature",
        ],
    }
}

fn part<'a>(call: &'a mut Call, name: &str) -> &'a mut Vec<u8> {
    match name {
        "method" => &mut call.method,
        "url" => &mut call.url,
        "body" => &mut call.body,
        name => &mut call.fields.iter_mut().find(|(each, _)| *each == name).unwrap().1,
    }
}

/// The bits of a part that are signed.
fn signed_bits(call: &mut Call, name: &str) -> std::ops::Range<usize> {
    let profile = call.profile;
    let value = part(call, name);
    let find = |needle: &[u8]| value.windows(needle.len()).position(|window| window == needle).unwrap();
    let start = match (profile, name) {
        // The target alone is signed; of the URL's scheme the case says nothing, nor who is asked but for `Host`.
        // (`https://a.com/` and `https://a.com.` have the same target: a lone slash may be left out.)
        (Profile::Cavage, "url") => find(b".com/") + if value.ends_with(b".com/") { 5 } else { 4 },
        (_, "url") => find(b"//"),
        // What the parameters say is not signed; the signature itself is what it is.
        (Profile::Cavage, "signature") => find(b"signature=\"") + 11,
        _ => 0,
    };
    start * 8..value.len() * 8
}

fn flip(call: &Call, name: &str, bit: usize) -> Call {
    let mut flipped = call.clone();
    part(&mut flipped, name)[bit / 8] ^= 1 << (bit % 8);
    flipped
}

fn content() -> impl Strategy<Value = Content> {
    (
        "/[!-\"$-~]{0,40}",
        "[a-z]{1,12}/[a-z+]{1,12}(; charset=[a-z0-9-]{1,8})?",
        vec(any::<u8>(), 0..200),
        any::<u64>(),
        "[A-Za-z0-9_+/=-]{1,40}",
        any::<i8>(),
    )
        .prop_map(|(target, content_type, body, environment, nonce, skew)| Content {
            target,
            content_type,
            body,
            environment,
            nonce,
            skew,
        })
}

#[test]
fn every_single_bit_of_a_signed_call_counts() {
    let content = Content {
        target: "/hook?a=%2B&b=1+2".into(),
        content_type: "application/json".into(),
        body: br#"{"type":"open","id":"a1"}"#.to_vec(),
        environment: 1234,
        nonce: "bm9uY2U".into(),
        skew: 7,
    };
    for way in WAYS {
        let mut call = signed(way, &content);
        let report = verify(&call, 1234);
        assert!(report.ok(), "{way:?}: {report:?}");
        for name in parts(way.0) {
            let bits = signed_bits(&mut call, name);
            assert!(!bits.is_empty(), "{name}");
            for bit in bits {
                let flipped = flip(&call, name, bit);
                assert!(!verify(&flipped, 1234).ok(), "{way:?}, {name}, bit {bit}: {flipped:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_verifies(content in content(), way in prop::sample::select(WAYS.to_vec())) {
        let report = verify(&signed(way, &content), content.environment);
        prop_assert!(report.ok(), "{:?}", report.failed().collect::<Vec<_>>());
        let date = report.check(CheckName::Date).unwrap();
        prop_assert_eq!(date.outcome(), Outcome::Pass);
        prop_assert_eq!(report.skew(), Some(content.skew.into()));
    }

    #[test]
    fn flipping_any_one_bit_of_anything_signed_is_refused(
        content in content(),
        way in prop::sample::select(WAYS.to_vec()),
        at in any::<prop::sample::Index>(),
        bit in any::<prop::sample::Index>(),
    ) {
        let mut call = signed(way, &content);
        let name = parts(way.0)[at.index(parts(way.0).len())];
        let bits = signed_bits(&mut call, name);
        // An empty body has no bits.
        prop_assume!(!bits.is_empty());
        let flipped = flip(&call, name, bits.start + bit.index(bits.len()));
        prop_assert!(!verify(&flipped, content.environment).ok(), "{}: {:?}", name, flipped);
    }

    #[test]
    fn moving_a_border_between_two_signed_parts_is_refused(content in content(), at in 1_usize..6) {
        // `ID.TIMESTAMP.BODY` has no lengths in it: a piece must not wander from one part to the next.
        let content = Content { body: format!("{NOW}.{{}}").into_bytes(), ..content };
        let call = signed((Profile::Standard, Algorithm::HmacSha256), &content);
        let mut moved = call.clone();
        let timestamp = part(&mut moved, "webhook-timestamp").clone();
        part(&mut moved, "webhook-id").extend([b".".as_slice(), &timestamp].concat());
        *part(&mut moved, "webhook-timestamp") = NOW.to_string().into_bytes();
        moved.body = b"{}".to_vec();
        prop_assert!(!verify(&moved, content.environment).ok(), "{:?}", moved);

        let mut moved = call.clone();
        let length = timestamp.len();
        part(&mut moved, "webhook-timestamp").truncate(length - at);
        moved.body = [&timestamp[length - at..], b".", &call.body].concat();
        prop_assert!(!verify(&moved, content.environment).ok(), "{:?}", moved);
    }
}
