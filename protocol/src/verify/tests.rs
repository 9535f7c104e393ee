use super::*;
use crate::key::Secret;
use crate::message::{Body, Field};
use crate::signature::{DigestName, SignError, Signer, cavage, sha256, sha512, standard};

pub(super) const NOW: u64 = 1_700_000_000;
pub(super) const BODY: &[u8] = br#"{"type":"open"}"#;
pub(super) const KEY_ID: &str = "s1._domainkey.copernica.com";

/// A signer whose signature is the message's digest: enough to see what was signed.
pub(super) struct Mark;

impl Signer for Mark {
    fn sign(&self, _: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(sha256(message).to_vec())
    }
}

pub(super) fn policy() -> Policy {
    Policy::new(Profile::Cavage, "1234", "copernica.com")
}

pub(super) fn body(bytes: &[u8]) -> Body {
    Body { length: bytes.len() as u64, sha256: Some(sha256(bytes)), sha512: Some(sha512(bytes)) }
}

fn signed_by(key_id: &str) -> Vec<(String, String)> {
    let outgoing = cavage::Outgoing {
        method: "POST",
        target: "/hook?a=%2B",
        host: "example.com",
        content_type: "application/json",
        body: BODY,
        environment: 1234,
        date: NOW,
        nonce: "n1",
        digest_name: DigestName::Upper,
    };
    cavage::sign(&outgoing, key_id, &Mark).unwrap().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(super) fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    fields.iter_mut().find(|(each, _)| each == name).unwrap().1 = value.to_owned();
}

/// Verifies as a receiver with the marking key would, and tells the names of the failed checks.
pub(super) fn run(policy: &Policy, url: &str, fields: &[(String, String)], bytes: &[u8], now: u64) -> Report {
    let fields: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
    let message = Message::new(b"POST", url.as_bytes(), &fields, body(bytes));
    let begun = begin(policy, &message, now);
    let answer = begun.work().map(|work| {
        let text = begun.signing_string().unwrap();
        if work.candidates[0].signature == sha256(text) {
            SignatureAnswer::Valid(Algorithm::RsaSha256)
        } else {
            SignatureAnswer::Invalid
        }
    });
    begun.finish(answer, None)
}

pub(super) fn failed(report: &Report) -> Vec<&'static str> {
    assert_eq!(report.ok(), report.failed().count() == 0);
    report.failed().map(|check| check.name.as_str()).collect()
}

fn failed_with(change: impl FnOnce(&mut Vec<(String, String)>)) -> Vec<&'static str> {
    let mut fields = signed_by(KEY_ID);
    change(&mut fields);
    failed(&run(&policy(), "/hook?a=%2B", &fields, BODY, NOW))
}

#[test]
fn a_signed_call_passes_and_every_check_is_named_in_order() {
    let report = run(&policy(), "https://example.com/hook?a=%2B", &signed_by(KEY_ID), BODY, NOW + 7);
    assert!(report.ok(), "{report:?}");
    let names: Vec<_> = report.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(names, ["https", "date", "host", "digest", "coverage", "environment", "keyid", "signature", "nonce"]);
    assert_eq!(report.checks[1].reason.text(Language::English), "the Date is 7 s behind this clock");
}

#[test]
fn a_date_that_does_not_parse_is_a_failure_of_its_own() {
    let report = |value: &str, now| {
        let mut fields = signed_by(KEY_ID);
        set(&mut fields, "date", value);
        run(&policy(), "/hook?a=%2B", &fields, BODY, now)
    };
    let aaaa = report("aaaa", NOW);
    assert_eq!(failed(&aaaa), ["date", "signature"]);
    assert_eq!(aaaa.check(CheckName::Date).unwrap().reason.text(Language::English), "the Date \"aaaa\" is not a date");
    assert_eq!(failed(&report("", NOW)), ["date", "signature"]);
}

#[test]
fn the_date_is_held_to_the_tolerance_in_both_directions() {
    let at = |now| {
        let report = run(&policy(), "/hook?a=%2B", &signed_by(KEY_ID), BODY, now);
        (failed(&report), report.checks[1].reason.text(Language::English))
    };
    assert_eq!(at(NOW + 60).0, Vec::<&str>::new());
    assert_eq!(at(NOW - 60).0, Vec::<&str>::new());
    assert_eq!(at(NOW + 61), (vec!["date"], "the Date is 61 s behind this clock; 60 s are allowed".into()));
    assert_eq!(at(NOW - 312), (vec!["date"], "the Date is 312 s ahead of this clock; 60 s are allowed".into()));
    assert_eq!(at(0).0, ["date"]);
    assert_eq!(at(u64::MAX).0, ["date"]);
}

#[test]
fn each_thing_that_is_altered_fails_its_own_check() {
    assert_eq!(failed_with(|_| {}), Vec::<&str>::new());
    assert_eq!(failed_with(|fields| set(fields, "x-nonce", "n2")), ["signature"]);
    assert_eq!(failed_with(|fields| set(fields, "host", "example.org")), ["signature"]);
    assert_eq!(failed_with(|fields| set(fields, "x-copernica-id", "environment_1235")), ["environment", "signature"]);
    assert_eq!(failed_with(|fields| set(fields, "content-length", "14")), ["digest", "signature"]);
    assert_eq!(failed_with(|fields| fields.retain(|(name, _)| name != "signature")), ["coverage"]);
    assert_eq!(failed_with(|fields| fields.retain(|(name, _)| name != "date")), ["date", "coverage"]);
    let altered = run(&policy(), "/hook?a=%2B", &signed_by(KEY_ID), br#"{"type":"opem"}"#, NOW);
    assert_eq!(failed(&altered), ["digest"]);
    let elsewhere = run(&policy(), "/hook?a=+", &signed_by(KEY_ID), BODY, NOW);
    assert_eq!(failed(&elsewhere), ["signature"]);
    let plain = run(&policy(), "http://example.com/hook?a=%2B", &signed_by(KEY_ID), BODY, NOW);
    assert_eq!(failed(&plain), ["https"]);
}

#[test]
fn a_signed_header_that_occurs_twice_is_refused() {
    for name in ["date", "host", "digest", "x-copernica-id", "x-nonce", "content-type", "signature"] {
        let found = failed_with(|fields| {
            let again = fields.iter().find(|(each, _)| each == name).unwrap().clone();
            fields.push(again);
        });
        assert!(found.contains(&"coverage"), "{name}: {found:?}");
    }
    // What is not signed may occur twice.
    assert_eq!(
        failed_with(|fields| fields.extend([("via".into(), "a".into()), ("via".into(), "b".into())])),
        Vec::<&str>::new()
    );
}

#[test]
fn no_key_is_looked_up_for_a_name_that_only_looks_like_the_trusted_one() {
    for key_id in [
        "s1._domainkey.evilcopernica.com",
        "s1._domainkey.copernica.com.evil.net",
        "copernica.com",
        ".copernica.com",
        "s1..copernica.com",
        "s1 ._domainkey.copernica.com",
        "s1/../x.copernica.com",
        "",
    ] {
        let mut fields = signed_by(KEY_ID);
        let changed = fields[7].1.replace(KEY_ID, key_id);
        set(&mut fields, "signature", &changed);
        let borrowed: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
        let begun = begin(&policy(), &Message::new(b"POST", b"/hook?a=%2B", &borrowed, body(BODY)), NOW);
        assert_eq!(begun.work(), None, "{key_id}");
        assert_eq!(failed(&begun.finish(None, None)), ["keyid"], "{key_id}");
    }
    for key_id in ["S1._DomainKey.COPERNICA.com", "s1._domainkey.copernica.com.", "a.b.copernica.com"] {
        assert_eq!(failed(&run(&policy(), "/hook?a=%2B", &signed_by(key_id), BODY, NOW)), Vec::<&str>::new());
    }
}

#[test]
fn what_is_not_covered_is_named() {
    let found = run(
        &policy(),
        "/",
        &[
            ("signature".into(), format!("keyId=\"{KEY_ID}\",headers=\"date\",signature=\"AAAA\"")),
            ("date".into(), String::new()),
        ],
        b"",
        NOW,
    );
    assert_eq!(
        found.check(CheckName::Coverage).unwrap().reason.text(Language::English),
        "the signature does not cover (request-target), host, x-copernica-id, digest"
    );
}

#[test]
fn a_digest_list_has_names_in_any_case_and_every_known_one_is_checked() {
    use crate::base64;
    let digest = |value: String| {
        let fields = [Field { name: b"Digest", value: value.as_bytes() }];
        checks::digest(&Message::new(b"POST", b"/", &fields, body(BODY)))
    };
    let (short, long) = (base64::encode(&sha256(BODY)), base64::encode(&sha512(BODY)));
    let other = base64::encode(&sha512(b""));
    assert_eq!(digest(format!("sha-512={long},SHA-256={short}")), Reason::DigestMatches);
    assert_eq!(digest(format!("unixsum=1, Sha-256={short}")), Reason::DigestMatches);
    assert_eq!(
        digest(format!("sha-512={other},SHA-256={short}")),
        Reason::DigestDiffers { algorithm: crate::signature::Digest::Sha512 }
    );
    assert_eq!(digest(format!("sha-512={long}")), Reason::DigestWeak { field: "Digest" });
    assert_eq!(
        digest(format!("sha-256={}", short.trim_end_matches('='))),
        Reason::DigestUnreadable { field: "Digest" }
    );
    assert_eq!(digest("sha-256".into()), Reason::DigestUnreadable { field: "Digest" });
}

#[test]
fn the_three_forms_of_the_environment_are_accepted() {
    for (value, good) in [
        ("environment_1234", true),
        ("environment-1234", true),
        ("account_1234", true),
        ("environment_12345", false),
        ("environment_01234", false),
        ("environment_", false),
        ("1234", false),
        ("environment_1234x", false),
    ] {
        let fields = [Field::new("X-Copernica-ID", value)];
        let reason = checks::environment(&policy(), &Message::new(b"POST", b"/", &fields, body(BODY)));
        assert_eq!(reason == Reason::EnvironmentOwn, good, "{value}");
    }
}

#[test]
fn hosts_are_compared_without_case_and_default_port() {
    let mut policy = policy();
    policy.hosts = vec!["example.com".into(), "hooks.example.org:8443".into()];
    for (value, good) in [
        ("example.com", true),
        ("EXAMPLE.com:443", true),
        ("example.com:80", true),
        ("example.com:8080", false),
        ("hooks.example.org:8443", true),
        ("hooks.example.org", false),
        ("example.com.evil.net", false),
    ] {
        let fields = [Field::new("Host", value)];
        let reason = checks::host(&policy, &Message::new(b"POST", b"/", &fields, body(BODY)));
        assert_eq!(reason == Reason::HostOwn, good, "{value}");
    }
}

#[test]
fn a_nonce_that_is_there_twice_is_not_said_to_be_absent() {
    let policy = Policy { keeps_nonces: true, ..policy() };
    let mut fields = signed_by(KEY_ID);
    fields.push(("x-nonce".into(), "n2".into()));
    let mut reports = vec![(run(&policy, "/hook?a=%2B", &fields, BODY, NOW), "X-Nonce")];
    let mut fields = standard_fields(&Secret::from_bytes(&[7; 24]).unwrap(), NOW);
    fields.push(("Webhook-Id".into(), "other".into()));
    let policy = Policy { profiles: vec![Profile::Standard], ..policy };
    reports.push((run(&policy, "/hook", &fields, BODY, NOW), "webhook-id"));
    for (report, name) in reports {
        let reason = &report.check(CheckName::Nonce).unwrap().reason;
        assert_eq!(reason.text(Language::English), format!("there is more than one {name}"));
        assert_eq!(reason.text(Language::Dutch), format!("er is meer dan één {name}"));
        assert_eq!((reason.outcome(), reason.next_step()), (Outcome::Fail, Some(NextStep::OneField)));
    }
}

fn step_of_coverage(change: impl FnOnce(&mut Vec<(String, String)>)) -> Option<NextStep> {
    let mut fields = signed_by(KEY_ID);
    change(&mut fields);
    let report = run(&policy(), "/hook?a=%2B", &fields, BODY, NOW);
    let reason = &report.check(CheckName::Coverage).unwrap().reason;
    assert!(matches!(reason, Reason::CoverageBroken(_)), "{reason:?}");
    reason.next_step()
}

#[test]
fn a_coverage_that_is_broken_has_the_next_step_of_how_it_is() {
    let covering = |name: &str| {
        step_of_coverage(|fields| {
            let at = fields.iter().position(|(each, _)| each == "signature").unwrap();
            fields[at].1 = fields[at].1.replace("headers=\"", &format!("headers=\"{name} "));
            fields.push(("x-long".into(), "x".repeat(crate::message::MAX_FIELD_BYTES + 1)));
        })
    };
    let twice = step_of_coverage(|fields| fields.push(("content-type".into(), "text/plain".into())));
    assert_eq!(twice, Some(NextStep::OneField));
    assert_eq!(covering("x-absent"), Some(NextStep::RawFields));
    assert_eq!(covering("(unheard-of)"), Some(NextStep::SenderSigns));
    assert_eq!(covering("x-long"), Some(NextStep::SenderSigns));
}

#[test]
fn a_url_with_a_query_and_no_path_is_signed_as_http_sends_it() {
    let text = |url: &str| {
        let report = run(&policy(), url, &signed_by(KEY_ID), BODY, NOW);
        String::from_utf8(report.signing_string.unwrap()).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(text("https://example.com?x=1"), "(request-target): post /?x=1");
    assert_eq!(text("https://example.com/?x=1"), "(request-target): post /?x=1");
    assert_eq!(text("https://example.com"), "(request-target): post /");
    assert_eq!(text("?x=1"), "(request-target): post /?x=1");
}

#[test]
fn a_nonce_is_kept_only_if_it_is_signed() {
    let mut policy = policy();
    policy.keeps_nonces = true;
    let fields = signed_by(KEY_ID);
    let borrowed: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
    let message = Message::new(b"POST", b"/hook?a=%2B", &borrowed, body(BODY));
    let begun = begin(&policy, &message, NOW);
    assert_eq!(begun.nonce(), Some(&b"n1"[..]));
    let valid = Some(SignatureAnswer::Valid(Algorithm::RsaSha256));
    assert!(begun.clone().finish(valid.clone(), Some(NonceAnswer::New)).ok());
    assert_eq!(failed(&begun.clone().finish(valid.clone(), Some(NonceAnswer::Seen))), ["nonce"]);
    assert_eq!(failed(&begun.clone().finish(valid, None)), ["nonce"]);
    assert_eq!(failed(&begun.finish(Some(SignatureAnswer::Invalid), None)), ["signature"]);

    let covered = "(request-target) host date content-length content-type x-copernica-id digest";
    let unsigned = fields[7].1.replace(" x-nonce", "");
    assert!(unsigned.contains(covered));
    let mut borrowed = borrowed.clone();
    borrowed[7] = Field::new("signature", &unsigned);
    let begun = begin(&policy, &Message::new(b"POST", b"/hook?a=%2B", &borrowed, body(BODY)), NOW);
    assert_eq!(begun.reason(CheckName::Nonce), Some(&Reason::NonceUnsigned));
}

#[test]
fn an_rsa_key_is_never_used_for_an_hmac_whatever_the_call_names() {
    for name in [AlgorithmName::HmacSha256, AlgorithmName::HmacSha512] {
        assert!(Requested::Cavage(Some(name)).algorithms(KeyKind::Rsa).is_empty());
    }
    for name in [AlgorithmName::RsaSha256, AlgorithmName::RsaSha512] {
        assert!(Requested::Cavage(Some(name)).algorithms(KeyKind::Secret).is_empty());
    }
    let fields = signed_by(KEY_ID);
    let borrowed: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
    let begun = begin(&policy(), &Message::new(b"POST", b"/hook?a=%2B", &borrowed, body(BODY)), NOW);
    let report = begun.finish(Some(SignatureAnswer::WrongKind(KeyKind::Secret)), None);
    assert_eq!(
        report.check(CheckName::Signature).unwrap().reason.text(Language::English),
        "the call names the algorithm rsa-sha256, but the key is HMAC"
    );
}

#[test]
fn an_expired_signature_is_refused_for_its_date() {
    let found = failed_with(|fields| fields[7].1.push_str(&format!(",expires={}", NOW - 1)));
    assert_eq!(found, ["date"]);
    assert!(failed_with(|fields| fields[7].1.push_str(&format!(",expires={NOW}"))).is_empty());
}

fn standard_fields(secret: &Secret, timestamp: u64) -> Vec<(String, String)> {
    let outgoing = standard::Outgoing {
        host: "example.com",
        content_type: "application/json",
        body: BODY,
        id: "msg_1",
        timestamp,
    };
    let fields = standard::sign(&outgoing, &[(Algorithm::HmacSha256, secret)]).unwrap();
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn run_standard(fields: &[(String, String)], secret: &Secret, now: u64) -> Report {
    let policy = Policy::new(Profile::Standard, "", "");
    let borrowed: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
    let begun = begin(&policy, &Message::new(b"POST", b"/", &borrowed, body(BODY)), now);
    let answer = begun.work().map(|work| {
        let prefix = begun.signing_string().unwrap();
        let valid = work.candidates.iter().any(|each| secret.verify_sha256(&[prefix, BODY], &each.signature));
        if valid { SignatureAnswer::Valid(Algorithm::HmacSha256) } else { SignatureAnswer::Invalid }
    });
    begun.finish(answer, None)
}

#[test]
fn standard_webhooks_have_four_checks() {
    let secret = Secret::from_bytes(&[7; 24]).unwrap();
    let report = run_standard(&standard_fields(&secret, NOW), &secret, NOW + 300);
    assert!(report.ok());
    let names: Vec<_> = report.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(names, ["https", "date", "signature", "nonce"]);
    let other = Secret::from_bytes(&[8; 24]).unwrap();
    assert_eq!(failed(&run_standard(&standard_fields(&secret, NOW), &other, NOW)), ["signature"]);
    assert_eq!(failed(&run_standard(&standard_fields(&secret, NOW), &secret, NOW + 301)), ["date"]);
    let mut fields = standard_fields(&secret, NOW);
    set(&mut fields, "webhook-timestamp", "aaaa");
    assert_eq!(failed(&run_standard(&fields, &secret, NOW)), ["date", "signature"]);
    let mut fields = standard_fields(&secret, NOW);
    fields.push(fields[3].clone());
    assert_eq!(failed(&run_standard(&fields, &secret, NOW)), ["signature"]);
}

#[test]
fn of_several_profiles_the_one_is_taken_whose_fields_are_there() {
    let mut policy = policy();
    policy.profiles = vec![Profile::Cavage, Profile::Standard];
    let choose = |name: &str| {
        let fields = [Field::new(name, "x")];
        begin(&policy, &Message::new(b"POST", b"/", &fields, body(BODY)), NOW).profile()
    };
    assert_eq!(choose("Webhook-Signature"), Profile::Standard);
    assert_eq!(choose("Signature"), Profile::Cavage);
    assert_eq!(choose("x"), Profile::Cavage);
    // Its signature was lost: the report is that of its profile all the same.
    assert_eq!(choose("Webhook-Id"), Profile::Standard);
    assert_eq!(choose("Webhook-Timestamp"), Profile::Standard);
}

#[test]
fn what_is_left_of_standard_webhooks_chooses_neither_over_a_signature_nor_what_is_not_configured() {
    let fields = [Field::new("webhook-id", "x"), Field::new("signature", "x")];
    let mut policy = policy();
    policy.profiles = vec![Profile::Standard, Profile::Cavage];
    let message = Message::new(b"POST", b"/", &fields, body(BODY));
    assert_eq!(begin(&policy, &message, NOW).profile(), Profile::Cavage);
    policy.profiles = vec![Profile::Cavage, Profile::Rfc9421];
    let message = Message::new(b"POST", b"/", &fields[..1], body(BODY));
    assert_eq!(begin(&policy, &message, NOW).profile(), Profile::Cavage);
}

#[test]
fn signature_input_tells_the_two_profiles_with_a_signature_apart() {
    let fields = [Field::new("Signature", "x"), Field::new("Signature-Input", "x")];
    let mut policy = policy();
    policy.profiles = vec![Profile::Cavage, Profile::Rfc9421];
    let message = Message::new(b"POST", b"/", &fields, body(BODY));
    assert_eq!(begin(&policy, &message, NOW).profile(), Profile::Rfc9421);
    policy.profiles = vec![Profile::Cavage];
    assert_eq!(begin(&policy, &message, NOW).profile(), Profile::Cavage);
}

#[test]
fn a_url_that_a_framework_made_up_is_nothing_to_a_signature_over_the_host() {
    let mut policy = policy();
    policy.hosts = vec!["example.com".into()];
    let report = run(&policy, "https://localhost:3000/hook?a=%2B", &signed_by(KEY_ID), BODY, NOW);
    assert!(report.ok(), "{report:?}");
}
