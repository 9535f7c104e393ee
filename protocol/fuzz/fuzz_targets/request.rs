//! Whole requests, as lines of `name: value` and a body: whatever they hold, every check of the profile ends in an
//! outcome and a sentence, and nothing is accepted without a valid signature.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::message::{Body, Field, Message};
use seinpost_protocol::signature::{sha256, sha512};
use seinpost_protocol::verify::{Language, NonceAnswer, Policy, Profile, SignatureAnswer, begin};

/// A time that HTTP dates in the corpus come near.
const NOW: u64 = 1_700_000_000;

fuzz_target!(|request: &[u8]| {
    let (head, body) = match request.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&request[..at], &request[at + 2..]),
        None => (request, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let url = lines.next().unwrap_or_default();
    let fields: Vec<Field<'_>> = lines
        .filter_map(|line| line.iter().position(|byte| *byte == b':').map(|at| (&line[..at], &line[at + 1..])))
        .map(|(name, value)| Field { name, value })
        .collect();
    let body = Body { length: body.len() as u64, sha256: Some(sha256(body)), sha512: Some(sha512(body)) };
    let message = Message::new(b"POST", url, &fields, body);

    let mut policy = Policy::new(Profile::Cavage, "1234", "example.com");
    policy.profiles = PROFILES.to_vec();
    policy.hosts = vec!["example.com".to_owned()];
    policy.keeps_nonces = true;
    let begun = begin(&policy, &message, NOW);
    for answer in [None, Some(SignatureAnswer::Invalid), Some(SignatureAnswer::Valid(ALGORITHM))] {
        let accepted = matches!(answer, Some(SignatureAnswer::Valid(_)));
        let report = begun.clone().finish(answer, Some(NonceAnswer::New));
        assert!(!report.ok() || accepted, "{report:?}");
        assert_eq!(report.checks.len(), report.profile.checks().len());
        for check in &report.checks {
            assert!(!check.reason.text(Language::English).is_empty());
        }
    }
});

const PROFILES: [Profile; 2] = [Profile::Cavage, Profile::Standard];
const ALGORITHM: seinpost_protocol::signature::Algorithm = seinpost_protocol::signature::Algorithm::RsaSha256;
