//! Whole requests, as lines of `name: value` and a body: whatever they hold, every check of the profile ends in an
//! outcome and a sentence, nothing is accepted without a valid signature, and looking for a cause stays in its bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::explain::{MAX_TRIALS, explain};
use seinpost_protocol::key::Secret;
use seinpost_protocol::message::{Body, Field, Message};
use seinpost_protocol::signature::{Algorithm, sha256, sha512};
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
    let bytes = body;
    let body = Body { length: body.len() as u64, sha256: Some(sha256(body)), sha512: Some(sha512(body)) };
    let message = Message::new(b"POST", url, &fields, body);

    let mut policy = Policy::new(Profile::Cavage, "1234", "example.com");
    policy.profiles = vec![Profile::Cavage, Profile::Standard, Profile::Rfc9421];
    policy.hosts = vec!["example.com".to_owned()];
    policy.keeps_nonces = true;
    let begun = begin(&policy, &message, NOW);
    for answer in [None, Some(SignatureAnswer::Invalid), Some(SignatureAnswer::Valid(Algorithm::RsaSha256))] {
        let accepted = matches!(answer, Some(SignatureAnswer::Valid(_)));
        let report = begun.clone().finish(answer, Some(NonceAnswer::New));
        assert!(!report.ok() || accepted, "{report:?}");
        assert_eq!(report.checks.len(), report.profile.checks().len());
        for check in &report.checks {
            for language in [Language::English, Language::Dutch] {
                assert!(!check.reason.text(language).is_empty());
            }
        }
    }
    let secrets: Vec<Secret> = Secret::from_bytes(&[7; 32]).into_iter().collect();
    let found = explain(&policy, &secrets, &message, bytes, NOW);
    assert!(found.trials.len() <= MAX_TRIALS);
    for cause in found.causes.iter().chain(found.trials.iter().map(|trial| &trial.cause)) {
        for language in [Language::English, Language::Dutch] {
            assert!(!cause.text(language).is_empty() && !cause.cure(language).is_empty());
        }
    }
});
