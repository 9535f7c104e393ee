use super::*;
use crate::message::{Body, Field};
use crate::signature::{DigestName, SignError, Signer, standard};

const NOW: u64 = 1_700_000_000;
const KEY_ID: &str = "s1._domainkey.copernica.com";

struct Mark;

impl Signer for Mark {
    fn sign(&self, _: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(sha256(message).to_vec())
    }
}

fn policy() -> Policy {
    Policy::new(Profile::Cavage, "1234", "copernica.com")
}

fn explained(
    sent: &[u8],
    arrived: &[u8],
    url: &str,
    change: impl FnOnce(&mut Vec<(String, String)>),
    now: u64,
) -> Vec<Cause> {
    let outgoing = cavage::Outgoing {
        method: "POST",
        target: "/hook?b=1&a=x+y",
        host: "example.com",
        content_type: "application/json",
        body: sent,
        environment: 1234,
        date: NOW,
        nonce: "n",
        digest_name: DigestName::Lower,
    };
    let mut fields: Vec<(String, String)> =
        cavage::sign(&outgoing, KEY_ID, &Mark).unwrap().into_iter().map(|(name, value)| (name.into(), value)).collect();
    fields.retain(|(name, _)| name != "content-length");
    change(&mut fields);
    let borrowed: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
    let body = Body { length: arrived.len() as u64, sha256: Some(sha256(arrived)), sha512: None };
    let message = Message::new(b"POST", url.as_bytes(), &borrowed, body);
    let found = explain(&policy(), &[], &message, arrived, now);
    assert!(found.trials.len() <= MAX_TRIALS);
    let signature = cavage::Signature::parse(message.field(b"signature").once().unwrap()).unwrap().signature;
    let mut causes = found.causes;
    // What was signed had the sender's length.
    let right = |trial: &&Trial| {
        let text = String::from_utf8(trial.signing_string.clone()).unwrap();
        let text =
            text.replace(&format!("content-length: {}", arrived.len()), &format!("content-length: {}", sent.len()));
        sha256(text.as_bytes()) == *signature
    };
    causes.extend(found.trials.iter().find(right).map(|trial| trial.cause.clone()));
    causes
}

pub(super) fn of_body(sent: &[u8], arrived: &[u8]) -> Vec<Cause> {
    explained(sent, arrived, "/hook?b=1&a=x+y", |_| {}, NOW)
}

#[test]
fn a_call_that_arrived_as_it_was_sent_has_no_cause() {
    assert_eq!(of_body(b"{}", b"{}"), []);
    assert_eq!(of_body(b"{}", b"{\"a\":1}"), []);
}

#[test]
fn line_ends_and_marks_that_came_and_went_are_found() {
    assert_eq!(of_body(b"{}\r\n", b"{}"), [Cause::CrLfLost]);
    assert_eq!(of_body(b"{}\n", b"{}"), [Cause::LfLost]);
    assert_eq!(of_body(b"{}\r", b"{}"), [Cause::CrLost]);
    assert_eq!(of_body(b"{}", b"{}\r"), [Cause::CrAdded]);
    assert_eq!(of_body(b"{}", b"{}\n"), [Cause::LfAdded]);
    assert_eq!(of_body(b"{}", b"{}\r\n"), [Cause::CrLfAdded]);
    assert_eq!(of_body(b"{}", b" {} \n"), [Cause::SpaceAdded]);
    assert_eq!(of_body(b"a\nb\n", b"a\r\nb\r\n"), [Cause::LfToCrLf]);
    assert_eq!(of_body(b"a\r\nb\r\n", b"a\nb\n"), [Cause::CrLfToLf]);
    assert_eq!(of_body(b"{}", b"\xef\xbb\xbf{}"), [Cause::BomAdded]);
    assert_eq!(of_body(b"\xef\xbb\xbf{}", b"{}"), [Cause::BomLost]);
}

#[test]
fn a_body_that_arrives_base64_wrapped_or_encoded_twice_is_recognised() {
    assert_eq!(of_body(b"{\"a\":1}", base64::encode(b"{\"a\":1}").as_bytes()), [Cause::Base64]);
    assert_eq!(of_body("é".as_bytes(), "\u{c3}\u{a9}".as_bytes()), [Cause::Latin1]);
    assert_eq!(of_body(b"a=x%20y", b"a=x+y"), [Cause::FormRewritten]);
    assert_eq!(of_body(b"a=x+y", b"a=x%20y"), [Cause::FormRewritten]);
}

#[test]
fn what_a_proxy_changed_is_found_by_the_signature() {
    let at = |url: &str| explained(b"{}", b"{}", url, |_| {}, NOW);
    assert_eq!(at("/hook/?b=1&a=x+y"), [Cause::TrailingSlash]);
    assert_eq!(at("/hook?b=1&a=x%20y"), [Cause::SpaceInTarget]);
    assert_eq!(at("/api/v1/hook?b=1&a=x+y"), [Cause::PathPrefix]);
    assert_eq!(at("/hook?a=x+y&b=1"), [Cause::QueryOrder]);
    assert_eq!(at("/hook?b=1&a=x+y&utm=z"), []);
    let set = |name: &'static str, value: &'static str| {
        move |fields: &mut Vec<(String, String)>| {
            fields.iter_mut().find(|(each, _)| each == name).unwrap().1 = value.into();
        }
    };
    let url = "/hook?b=1&a=x+y";
    assert_eq!(
        explained(b"{}", b"{}", url, set("host", "example.com:443"), NOW),
        [Cause::Host { signed: "example.com".into() }]
    );
    let forwarded = |fields: &mut Vec<(String, String)>| {
        set("host", "10.0.0.1:8080")(fields);
        fields.push(("X-Forwarded-Host".into(), "example.com".into()));
    };
    assert_eq!(explained(b"{}", b"{}", url, forwarded, NOW), [Cause::Host { signed: "example.com".into() }]);
    assert_eq!(explained(b"{}", b"{}", "/api/hook?b=1&a=x+y", forwarded, NOW), [Cause::Proxy]);
    assert_eq!(explained(b"{}", b"{}", "/hook/?b=1&a=x+y", forwarded, NOW), [Cause::Proxy]);
    for forwarded in ["for=10.0.0.1;host=example.com;proto=https", "proto=https; HOST=\"example.com\", host=other"] {
        let forward = |fields: &mut Vec<(String, String)>| {
            set("host", "10.0.0.1:8080")(fields);
            fields.push(("Forwarded".into(), forwarded.into()));
        };
        let found = explained(b"{}", b"{}", url, forward, NOW);
        assert_eq!(found, [Cause::Host { signed: "example.com".into() }], "{forwarded}");
    }
    let charset = set("content-type", "application/json; charset=utf-8");
    assert_eq!(explained(b"{}", b"{}", url, charset, NOW), [Cause::ContentType]);
}

#[test]
fn a_prefix_that_a_proxy_took_off_is_found_by_its_header_or_among_the_usual_ones() {
    let signed = |path: &str| [Cause::PathStripped { signed: path.into() }];
    // The sender called /hook; what arrives is without it.
    let at = |url: &str, name: &str, value: &str| {
        explained(b"{}", b"{}", url, |fields| fields.push((name.into(), value.into())), NOW)
    };
    assert_eq!(at("/?b=1&a=x+y", "X-Original-URI", "/hook?b=1&a=x+y"), signed("/hook"));
    assert_eq!(at("/?b=1&a=x+y", "X-Original-URL", "https://example.com/hook?b=1&a=x+y"), signed("/hook"));
    assert_eq!(at("?b=1&a=x+y", "X-Forwarded-Prefix", "/hook/"), signed("/hook"));
    // Nginx with the whole path for a prefix, and Express: a slash is left of it.
    assert_eq!(at("/?b=1&a=x+y", "X-Forwarded-Prefix", "/hook"), signed("/hook"));
    assert_eq!(at("/hook?b=1&a=x+y", "X-Forwarded-Prefix", "/elsewhere"), []);
    let router = targets_of("/?x=1");
    assert!(router.contains(&b"/webhook?x=1".to_vec()) && router.contains(&b"/webhook/?x=1".to_vec()));
    assert!(targets_of("/").contains(&b"/webhook".to_vec()));
    assert!(!targets_of("/a").contains(&b"/webhooka".to_vec()));
    for language in [crate::verify::Language::English, crate::verify::Language::Dutch] {
        let cure = signed("/hook")[0].cure(language);
        assert!(cure.contains("Express request.originalUrl") && cure.contains("X-Forwarded-Prefix"), "{cure}");
    }
    let guessed = targets_of("/inbox?x=1");
    assert!(guessed.contains(&b"/api/inbox?x=1".to_vec()) && guessed.contains(&b"/prod/inbox?x=1".to_vec()));
}

fn targets_of(target: &str) -> Vec<Vec<u8>> {
    target::targets(target.as_bytes()).into_iter().map(|(_, target)| target).collect()
}

#[test]
fn another_of_the_configured_environments_and_keys_is_tried() {
    let outgoing = cavage::Outgoing {
        method: "POST",
        target: "/",
        host: "h",
        content_type: "a/b",
        body: b"{}",
        environment: 1234,
        date: NOW,
        nonce: "n",
        digest_name: DigestName::Lower,
    };
    let signed = cavage::sign(&outgoing, KEY_ID, &Mark).unwrap();
    let fields: Vec<_> = signed
        .iter()
        .map(|(name, value)| Field::new(name, if *name == "x-copernica-id" { "environment_5678" } else { value }))
        .collect();
    let mut policy = policy();
    policy.environments = Some(vec!["5678".into(), "1234".into()]);
    policy.key_ids = vec![KEY_ID.into(), "other".into()];
    let message = Message::new(b"POST", b"/", &fields, Body { length: 2, sha256: Some(sha256(b"{}")), sha512: None });
    let trials = explain(&policy, &[], &message, b"{}", NOW).trials;
    let signature = cavage::Signature::parse(message.field(b"signature").once().unwrap()).unwrap().signature;
    let right: Vec<&Trial> = trials.iter().filter(|each| sha256(&each.signing_string) == *signature).collect();
    assert_eq!(right.len(), 1);
    assert_eq!(right[0].cause, Cause::Environment { signed: "environment_1234".into() });
    let keys: Vec<&Trial> = trials.iter().filter(|each| each.key.is_some()).collect();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].key.as_ref().map(|key| key.name.as_str()), Some("other"));
    assert_eq!(keys[0].cause, Cause::Key { signed: "other".into() });
}

#[test]
fn keys_that_have_no_name_are_tried_too_within_a_bound() {
    let fields =
        [("signature", format!("keyId=\"{KEY_ID}\",headers=\"date\",signature=\"AAAA\"")), ("date", "x".into())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
    let message = Message::new(b"POST", b"/", &fields, Body::default());
    let mut policy = policy();
    policy.key_ids = vec!["spare".into()];
    policy.unnamed_keys = 1000;
    let trials = explain(&policy, &[], &message, b"", NOW).trials;
    let names: Vec<&str> = trials.iter().filter_map(|each| each.key.as_ref()).map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["spare", "0", "1", "2", "3", "4", "5", "6"]);
    assert_eq!(trials[1].cause, Cause::KeyUnnamed { position: 0, key_id: KEY_ID.into() });
    assert_eq!(
        trials[2].cause.text(crate::verify::Language::English),
        "it was signed with keys[1], a key that has no name here; the keyId is \"s1._domainkey.copernica.com\""
    );
}

/// The causes that a signature by the profile `rfc9421` bears out, where plain HTTP is allowed.
fn explained_over_http(signed: &str, arrived: &str) -> Vec<Cause> {
    let outgoing = rfc9421::Outgoing {
        method: "POST",
        target_uri: signed,
        host: "localhost:3000",
        content_type: "application/json",
        body: b"{}",
        environment: 1234,
        created: NOW,
        nonce: "n",
    };
    let fields = rfc9421::sign(&outgoing, KEY_ID, Algorithm::Ed25519, &Mark).unwrap();
    let fields: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
    let policy = Policy { profiles: vec![Profile::Rfc9421], allow_http: true, ..policy() };
    let message = Message::new(
        b"POST",
        arrived.as_bytes(),
        &fields,
        Body { length: 2, sha256: Some(sha256(b"{}")), sha512: None },
    );
    let signature = rfc9421::signatures(&message).unwrap().remove(0).signature;
    let trials = explain(&policy, &[], &message, b"{}", NOW).trials;
    trials.into_iter().filter(|each| sha256(&each.signing_string) == *signature).map(|each| each.cause).collect()
}

#[test]
fn where_plain_http_is_allowed_a_path_alone_is_explained_as_it_is_checked() {
    assert_eq!(explained_over_http("http://localhost:3000/hook/", "/hook"), [Cause::TrailingSlash]);
    assert_eq!(explained_over_http("https://localhost:3000/hook", "/hook"), [Cause::Scheme { signed: "https" }]);
    assert_eq!(explained_over_http("http://localhost:3000/hook", "/hook"), []);
}

#[test]
fn a_clock_that_is_off_by_a_zone_is_named() {
    let at = |now| explained(b"{}", b"{}", "/hook?b=1&a=x+y", |_| {}, now);
    assert_eq!(at(NOW - 7200), [Cause::ClockZone { quarters: 8, ahead: true }]);
    assert_eq!(at(NOW + 3600 + 30), [Cause::ClockZone { quarters: 4, ahead: false }]);
    assert_eq!(at(NOW + 19_800), [Cause::ClockZone { quarters: 22, ahead: false }]);
    assert_eq!(at(NOW + 1000), []);
    assert_eq!(at(NOW + 3600 + 90), [], "the profile allows 60 s");
    // 5:45, 8:45 and 12:45 are zones, and so is 13:45; 5:15 and 0:30 are none.
    for quarters in [23, 35, 51, 55] {
        assert_eq!(at(NOW + quarters * 900), [Cause::ClockZone { quarters, ahead: false }]);
    }
    for quarters in [1, 2, 6, 21, 59, 60] {
        assert_eq!(at(NOW + quarters * 900), [], "{quarters}");
    }
    assert_eq!(at(u64::MAX), []);
    let kathmandu = Cause::ClockZone { quarters: 23, ahead: true }.text(crate::verify::Language::Dutch);
    assert_eq!(kathmandu, "de klok van de afzender loopt 5:45 uur voor: een tijdzone is voor UTC aangezien");
    assert_eq!(
        Cause::ClockZone { quarters: 22, ahead: true }.text(crate::verify::Language::English),
        "the sender's clock is 5:30 hours ahead: a time zone was taken for UTC"
    );
    let hour = |ahead| Cause::ClockZone { quarters: 4, ahead }.text(crate::verify::Language::English);
    assert_eq!(hour(true), "the sender's clock is 1 hour ahead: a time zone was taken for UTC");
    assert!(hour(false).starts_with("this clock is 1 hour ahead,"), "{}", hour(false));
}

#[test]
fn of_standard_webhooks_the_body_is_found_by_the_secret() {
    let secret = Secret::from_bytes(&[7; 24]).unwrap();
    let outgoing = standard::Outgoing { host: "h", content_type: "a/b", body: b"{}\n", id: "m", timestamp: NOW };
    let signed = standard::sign(&outgoing, &[(Algorithm::HmacSha256, &secret)]).unwrap();
    let fields: Vec<_> = signed.iter().map(|(name, value)| Field::new(name, value)).collect();
    let mut policy = policy();
    policy.profiles = vec![Profile::Standard];
    let message = Message::new(b"POST", b"/", &fields, Body { length: 2, ..Body::default() });
    let found = explain(&policy, core::slice::from_ref(&secret), &message, b"{}", NOW);
    assert_eq!(found.causes, [Cause::LfLost]);
    assert_eq!(explain(&policy, &[secret], &message, b"{}\n", NOW).causes, []);
}

#[test]
fn a_clock_may_differ_from_a_zone_as_much_as_the_profile_allows() {
    let secret = Secret::from_bytes(&[7; 24]).unwrap();
    let outgoing = standard::Outgoing { host: "h", content_type: "a/b", body: b"{}", id: "m", timestamp: NOW };
    let signed = standard::sign(&outgoing, &[(Algorithm::HmacSha256, &secret)]).unwrap();
    let fields: Vec<_> = signed.iter().map(|(name, value)| Field::new(name, value)).collect();
    let message = Message::new(b"POST", b"/", &fields, Body { length: 2, ..Body::default() });
    let at = |tolerance, now| {
        let policy = Policy { profiles: vec![Profile::Standard], tolerance, ..policy() };
        explain(&policy, core::slice::from_ref(&secret), &message, b"{}", now).causes
    };
    let hour = [Cause::ClockZone { quarters: 4, ahead: false }];
    assert_eq!(at(None, NOW + 3600 + 90), hour);
    assert_eq!(at(None, NOW + 3600 + 300), hour);
    assert_eq!(at(None, NOW + 3600 + 301), []);
    assert_eq!(at(Some(3000), NOW + 3600 + 449), hour);
    assert_eq!(at(Some(3000), NOW + 3600 + 450), []);
    assert_eq!(at(Some(1), NOW + 3600 + 60), hour);
}

/// As long as a signature by Ed25519.
struct LongMark;

impl Signer for LongMark {
    fn sign(&self, _: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(sha256(message).repeat(2))
    }
}

/// The trials of a body under a signature by a public key.
fn trials_by_key(sent: &[u8], arrived: &[u8]) -> (Vec<Trial>, Vec<u8>) {
    let outgoing = standard::Outgoing { host: "h", content_type: "a/b", body: sent, id: "m", timestamp: NOW };
    let signed = standard::sign(&outgoing, &[(Algorithm::Ed25519, &LongMark)]).unwrap();
    let fields: Vec<_> = signed.iter().map(|(name, value)| Field::new(name, value)).collect();
    let mut policy = policy();
    policy.profiles = vec![Profile::Standard];
    let body = Body { length: arrived.len() as u64, ..Body::default() };
    let message = Message::new(b"POST", b"/", &fields, body);
    let found = explain(&policy, &[], &message, arrived, NOW);
    assert_eq!(found.causes, []);
    (found.trials, [format!("m.{NOW}.").as_bytes(), sent].concat())
}

#[test]
fn under_a_public_key_each_form_of_the_body_is_a_trial() {
    let right = |sent: &[u8], arrived: &[u8]| {
        let (trials, text) = trials_by_key(sent, arrived);
        trials.into_iter().find(|trial| trial.signing_string == text).map(|trial| (trial.cause, trial.key))
    };
    assert_eq!(right(b"{}\n", b"{}"), Some((Cause::LfLost, None)));
    assert_eq!(right(b"{\"a\":1}", base64::encode(b"{\"a\":1}").as_bytes()), Some((Cause::Base64, None)));
    let compact = Cause::JsonRewritten { layout: Layout::Compact, escapes: Escapes::Slashes, around: Around::Nothing };
    assert_eq!(right(b"{\"a\":\"\\/\"}", b"{ \"a\": \"/\" }"), Some((compact, None)));
    assert_eq!(right(b"{}", b"{\"a\":1}"), None);
}

#[test]
fn the_forms_of_a_long_body_are_bounded_in_number_and_size() {
    let json = |length| format!("{{\"a\":\"{}\"}}", "x/".repeat(length));
    let (short, _) = trials_by_key(b"", json(10).as_bytes());
    assert!(short.len() > 16 && short.len() <= MAX_TRIALS, "{}", short.len());
    let (long, _) = trials_by_key(b"", json(MAX_BODY_BYTES / 2 - 100).as_bytes());
    let bytes: usize = long.iter().map(|trial| trial.signing_string.len()).sum();
    assert!(!long.is_empty() && bytes <= MAX_TRIED_BYTES, "{} of {bytes}", long.len());
    let (longer, _) = trials_by_key(b"", json(MAX_BODY_BYTES / 2).as_bytes());
    assert_eq!(longer.len(), 0);
}

/// A call of `rfc9421` for `https://example.com/hook`, as its header fields, and the base that was signed.
fn message_signed(sent: &[u8], digest: &str) -> (Vec<(String, String)>, Vec<u8>) {
    let parameters = format!(
        "(\"@method\" \"@target-uri\" \"content-digest\" \"x-copernica-id\");created={NOW};keyid=\"{KEY_ID}\";alg=\"ed25519\""
    );
    let mut fields: Vec<(String, String)> = [
        ("content-digest", digest.to_owned()),
        ("x-copernica-id", "environment_1234".to_owned()),
        ("signature-input", format!("sig1={parameters}")),
        ("signature", format!("sig1=:{}:", base64::encode(&[7; 64]))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    let base = {
        let borrowed: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
        let message = Message::new(b"POST", b"https://example.com/hook", &borrowed, Body::default());
        rfc9421::signature_base(&message, &rfc9421::signatures(&message).unwrap()[0]).unwrap()
    };
    fields.push(("content-length".into(), sent.len().to_string()));
    (fields, base)
}

fn of_message(fields: &[(String, String)], arrived: &[u8], url: &str) -> Explanation {
    let borrowed: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value)).collect();
    let body = Body { length: arrived.len() as u64, sha256: Some(sha256(arrived)), sha512: Some(sha512(arrived)) };
    let mut policy = policy();
    policy.profiles = vec![Profile::Rfc9421];
    explain(&policy, &[], &Message::new(b"POST", url.as_bytes(), &borrowed, body), arrived, NOW)
}

#[test]
fn a_changed_body_is_found_by_whichever_digest_the_profile_reads() {
    let url = "https://example.com/hook";
    let of = |digest: &[u8]| base64::encode(digest);
    let (short, long) = (of(&sha256(b"{}")), of(&sha512(b"{}")));
    for digest in [
        format!("sha-256=:{short}:"),
        format!("sha-512=:{long}:"),
        format!("sha-512=:{long}:, sha-256=:{short}:"),
        format!("md5=:{short}:, sha-512=:{long}:"),
    ] {
        let (mut fields, _) = message_signed(b"{}", &digest);
        fields.retain(|(name, _)| name != "content-length");
        assert_eq!(of_message(&fields, b"{}\n", url).causes, [Cause::LfAdded], "{digest}");
        assert_eq!(of_message(&fields, b"{}", url).causes, [], "{digest}");
        // The other profile's field says nothing here, right or wrong.
        fields.push(("digest".into(), format!("SHA-256={}", of(&sha256(b"other")))));
        assert_eq!(of_message(&fields, b"{}\n", url).causes, [Cause::LfAdded], "{digest}");
    }
}

#[test]
fn of_several_signatures_the_one_that_is_judged_is_explained() {
    let digest = format!("sha-256=:{}:", base64::encode(&sha256(b"{}")));
    let (alone, base) = message_signed(b"{}", &digest);
    let gateway = |fields: &[(String, String)]| -> Vec<(String, String)> {
        let before = |name: &str| match name {
            "signature-input" => format!("gw=(\"@method\");created={NOW};keyid=\"gw.example.net\", "),
            "signature" => format!("gw=:{}:, ", base64::encode(&[8; 64])),
            _ => String::new(),
        };
        fields.iter().map(|(name, value)| (name.clone(), before(name) + value)).collect()
    };
    for fields in [alone.clone(), gateway(&alone)] {
        let found = of_message(&fields, b"{}", "https://example.com/api/hook");
        let right = found.trials.iter().find(|trial| trial.signing_string == base);
        assert_eq!(right.map(|trial| &trial.cause), Some(&Cause::PathPrefix), "{fields:?}");
    }
}
