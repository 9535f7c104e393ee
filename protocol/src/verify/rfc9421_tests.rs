//! The checklist for the profile `rfc9421`.

use super::tests::{BODY, KEY_ID, Mark, NOW, body, failed, policy, run, set};
use super::*;
use crate::message::Field;

fn signed_message(target_uri: &str) -> Vec<(String, String)> {
    let outgoing = crate::signature::rfc9421::Outgoing {
        method: "POST",
        target_uri,
        host: "example.com",
        content_type: "application/json",
        body: BODY,
        environment: 1234,
        created: NOW,
        nonce: "b64+/==",
    };
    let signed = crate::signature::rfc9421::sign(&outgoing, KEY_ID, Algorithm::Ed25519, &Mark).unwrap();
    signed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn message_signed(policy_change: impl FnOnce(&mut Policy), change: impl FnOnce(&mut Vec<(String, String)>)) -> Report {
    let mut fields = signed_message("https://example.com/hook?a=%2B");
    change(&mut fields);
    let mut policy = policy();
    policy.profiles = vec![Profile::Rfc9421];
    policy_change(&mut policy);
    run(&policy, "/hook?a=%2B", &fields, BODY, NOW + 5)
}

#[test]
fn message_signatures_have_the_nine_checks() {
    let report = message_signed(|_| {}, |_| {});
    assert!(report.ok(), "{report:?}");
    assert_eq!(report.checks.len(), 9);
    let failing = |change: fn(&mut Vec<(String, String)>)| failed(&message_signed(|_| {}, change));
    assert_eq!(failing(|fields| set(fields, "content-type", "text/plain")), ["signature"]);
    assert_eq!(failing(|fields| set(fields, "host", "example.org")), ["signature"]);
    assert_eq!(failing(|fields| set(fields, "x-copernica-id", "environment_1")), ["environment", "signature"]);
    assert_eq!(failing(|fields| set(fields, "content-digest", "sha-256=:AAAA:")), ["digest", "signature"]);
    assert_eq!(failing(|fields| set(fields, "content-digest", "md5=:AAAA:")), ["digest", "signature"]);
    assert_eq!(failing(|fields| fields.retain(|(name, _)| name != "signature-input")), ["date", "coverage"]);
    assert_eq!(failing(|fields| fields.push(fields[3].clone())), ["digest", "coverage"]);
    let altered = |from: &'static str, to: &'static str| {
        let report = message_signed(
            |_| {},
            |fields| {
                let changed = fields[5].1.replace(from, to);
                assert_ne!(changed, fields[5].1);
                fields[5].1 = changed;
            },
        );
        failed(&report)
    };
    assert_eq!(altered("created=1700000000", "created=1"), ["date", "signature"]);
    assert_eq!(altered(";created=1700000000", ""), ["date", "coverage", "signature"]);
    assert_eq!(altered("created=1700000000", "created=1700000000;expires=1700000004"), ["date", "signature"]);
    assert_eq!(altered("created=1700000000", "created=\"x\""), ["date", "coverage"]);
    assert_eq!(altered("\"@method\" ", ""), ["coverage", "signature"]);
    assert_eq!(altered(".copernica.com", ".evilcopernica.com"), ["keyid"]);
    assert_eq!(altered("ed25519", "none"), ["signature"]);
    assert_eq!(altered("sig1=", "sig2="), ["date", "coverage"]);
    assert_eq!(altered("\"content-type\"", "\"content-type\";bs"), ["coverage"]);
}

#[test]
fn a_call_that_was_signed_for_another_host_is_not_this_receivers_whatever_its_host_says() {
    let mut policy = policy();
    policy.profiles = vec![Profile::Rfc9421];
    let judged = |policy: &Policy, url: &str, target_uri: &str| {
        failed(&run(policy, url, &signed_message(target_uri), BODY, NOW + 5))
    };
    let (own, evil) = ("https://example.com/hook", "https://evil.example/hook");
    assert_eq!(judged(&policy, evil, evil), Vec::<&str>::new(), "no host is named");
    policy.hosts = vec!["example.com".into()];
    assert_eq!(judged(&policy, own, own), Vec::<&str>::new());
    assert_eq!(judged(&policy, "/hook", own), Vec::<&str>::new());
    assert_eq!(judged(&policy, evil, evil), ["host"]);
    let report = run(&policy, evil, &signed_message(evil), BODY, NOW + 5);
    assert_eq!(
        report.check(CheckName::Host).unwrap().reason.text(Language::English),
        "the Host is \"evil.example\"; this receiver's own is example.com"
    );
    // A target that is neither would make one name of the Host and itself.
    assert_eq!(judged(&policy, ".evil.example/hook", "https://example.com.evil.example/hook"), ["coverage"]);
}

#[test]
fn of_a_signature_that_cannot_be_read_the_time_is_not_said_to_be_absent() {
    let report = message_signed(|_| {}, |fields| set(fields, "signature", "?"));
    assert_eq!(failed(&report), ["date", "coverage"]);
    let reason = &report.check(CheckName::Date).unwrap().reason;
    assert_eq!(reason.text(Language::English), "no signature could be read, so there is no time to look at");
    assert_eq!(
        reason.text(Language::Dutch),
        "er kon geen handtekening worden gelezen, dus er is geen tijdstip om naar te kijken"
    );
    let undated = message_signed(
        |_| {},
        |fields| {
            let at = fields.iter().position(|(name, _)| name == "signature-input").unwrap();
            fields[at].1 = fields[at].1.replace(&format!(";created={NOW}"), "");
        },
    );
    assert_eq!(undated.check(CheckName::Date).unwrap().reason.text(Language::English), "there is no created");
}

#[test]
fn a_name_that_cannot_be_covered_is_the_senders_to_mend() {
    let report = message_signed(
        |_| {},
        |fields| {
            let at = fields.iter().position(|(name, _)| name == "signature-input").unwrap();
            fields[at].1 = fields[at].1.replace("\"@method\"", "\"@method\" \"@status\"");
        },
    );
    let reason = &report.check(CheckName::Coverage).unwrap().reason;
    assert_eq!(reason.text(Language::English), "the signature covers @status, which cannot be covered");
    assert_eq!(reason.next_step(), Some(NextStep::SenderSigns));
}

#[test]
fn the_request_target_of_a_url_without_a_path_begins_with_a_slash() {
    let base = |covered: &str, url: &str| {
        let mut fields = signed_message("https://example.com/?x=1");
        let at = fields.iter().position(|(name, _)| name == "signature-input").unwrap();
        fields[at].1 = fields[at].1.replace("\"@target-uri\"", covered);
        let policy = Policy { profiles: vec![Profile::Rfc9421], ..policy() };
        String::from_utf8(run(&policy, url, &fields, BODY, NOW).signing_string.unwrap()).unwrap()
    };
    for url in ["https://example.com?x=1", "https://example.com/?x=1"] {
        assert!(base("\"@request-target\"", url).contains("\"@request-target\": /?x=1\n"), "{url}");
        assert!(base("\"@target-uri\"", url).contains("\"@target-uri\": https://example.com/?x=1\n"), "{url}");
        assert!(base("\"@path\"", url).contains("\"@path\": /\n"), "{url}");
    }
}

/// Puts a signature of a gateway's before the sender's.
fn behind_gateway(fields: &mut [(String, String)], covered: &str, key_id: &str) {
    for (name, value) in fields {
        match name.as_str() {
            "signature-input" => {
                *value = format!("gw={covered};created={NOW};keyid=\"{key_id}\";alg=\"ed25519\", {value}");
            }
            "signature" => *value = format!("gw=:AAAA:, {value}"),
            _ => {}
        }
    }
}

#[test]
fn of_several_signatures_the_one_is_taken_that_covers_what_it_must_and_whose_key_is_at_hand() {
    let whole = "(\"@method\" \"@target-uri\" \"content-digest\" \"x-copernica-id\")";
    let any = |policy: &mut Policy| policy.key_domains = None;
    let part = message_signed(any, |fields| behind_gateway(fields, "(\"@method\" \"@target-uri\")", "gateway"));
    assert!(part.ok(), "{part:?}");
    let at_hand = |policy: &mut Policy| {
        policy.key_domains = None;
        policy.key_ids = vec![KEY_ID.into()];
    };
    let known = message_signed(at_hand, |fields| behind_gateway(fields, whole, "gateway"));
    assert!(known.ok(), "{known:?}");
    // Where nothing sets them apart it is the first, and one that is trusted before any that is not.
    assert_eq!(failed(&message_signed(any, |fields| behind_gateway(fields, whole, "gateway"))), ["signature"]);
    assert!(message_signed(|_| {}, |fields| behind_gateway(fields, whole, "gateway.example")).ok());
    // Even if it covers less: it is the sender's, and the report is of what it lacks.
    let less = message_signed(
        |_| {},
        |fields| {
            let at = fields.iter().position(|(name, _)| name == "signature-input").unwrap();
            fields[at].1 = fields[at].1.replace("\"@method\" ", "");
            behind_gateway(fields, whole, "gateway.example");
        },
    );
    assert_eq!(failed(&less), ["coverage", "signature"]);
}

#[test]
fn a_signature_without_the_name_of_its_key_is_told_so_and_none_is_cured_by_trusting_it() {
    let reason = |from: &'static str, to: &'static str| {
        let report = message_signed(
            |_| {},
            |fields| {
                let at = fields.iter().position(|(name, _)| name == "signature-input").unwrap();
                fields[at].1 = fields[at].1.replace(from, to);
            },
        );
        assert_eq!(failed(&report)[0], "keyid");
        report.check(CheckName::KeyId).unwrap().reason.clone()
    };
    let absent = reason(";keyid=\"s1._domainkey.copernica.com\"", "");
    assert_eq!(absent, Reason::KeyIdAbsent);
    assert_eq!(absent.text(Language::English), "the signature has no keyid");
    let malformed = reason("s1._domainkey", "s1 ._domainkey");
    assert!(matches!(malformed, Reason::KeyIdMalformed { .. }), "{malformed:?}");
    for each in [absent, malformed] {
        assert_eq!(each.next_step(), Some(NextStep::SenderSigns));
    }
}

#[test]
fn a_path_alone_is_taken_for_https_or_for_http_where_that_is_allowed() {
    let with_https = |policy: &mut Policy| policy.allow_http = false;
    let with_http = |policy: &mut Policy| policy.allow_http = true;
    assert!(message_signed(with_https, |_| {}).ok());
    assert_eq!(failed(&message_signed(with_http, |_| {})), ["signature"], "https was signed");
    let fields = [Field::new("host", "localhost:3000")];
    let message = Message::new(b"POST", b"/hook", &fields, body(BODY));
    assert_eq!((message.scheme(), message.assuming_http().scheme()), (&b"https"[..], &b"http"[..]));
    let absolute = Message::new(b"POST", b"https://h/hook", &fields, body(BODY));
    assert_eq!(absolute.assuming_http().scheme(), b"https");
}

#[test]
fn nonces_of_message_signatures_are_any_string() {
    let outgoing_nonce = message_signed(|policy| policy.keeps_nonces = true, |_| {});
    assert_eq!(failed(&outgoing_nonce), ["nonce"], "nobody looked it up");
    assert_eq!(outgoing_nonce.check(CheckName::Nonce).unwrap().reason, Reason::NonceUnchecked);
}
