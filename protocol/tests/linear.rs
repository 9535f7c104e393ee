//! Time is linear in the size of what arrives: what is eight times as long takes about eight times as long, and not
//! sixty-four. Measured as CPU time of the test's own thread, so that a busy machine changes nothing; the margin is
//! wide, and only growth by the square crosses it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ThreadTime;
use seinpost_protocol::key::{DkimRecord, PublicKey};
use seinpost_protocol::message::{Body, Field, Message};
use seinpost_protocol::payload::decode;
use seinpost_protocol::signature::standard::offered;
use seinpost_protocol::signature::structured::parse_dictionary;
use seinpost_protocol::signature::{cavage, sha256, sha512};
use seinpost_protocol::verify::{NonceAnswer, Policy, Profile, SignatureAnswer, begin};

const TIMES: usize = 8;
const BODY: usize = 10 << 20;
const HEADER: usize = 64 << 10;
/// Linear is 8, the square 64; caches and allocation make some of the difference.
const MOST: f64 = 24.0;
/// Times under this are too short to compare.
const LEAST: Duration = Duration::from_micros(200);
/// What takes no more than this for a byte does not grow by the square, whose share for a byte is all the others; but it is
/// so quick that it shows which of the two fits into the processor's cache.
const A_BYTE: Duration = Duration::from_nanos(1);

/// The CPU time of a run, the least of a few.
fn time(input: &[u8], run: &dyn Fn(&[u8])) -> Duration {
    let once = || {
        let start = ThreadTime::now();
        run(black_box(input));
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap()
}

fn assert_linear(name: &str, size: usize, make: &dyn Fn(usize) -> Vec<u8>, run: &dyn Fn(&[u8])) {
    let (small, large) = (make(size / TIMES), make(size));
    assert!(large.len() >= size / 2 && large.len() >= small.len() * (TIMES - 2), "{name}: {}", large.len());
    let (short, long) = (time(&small, run), time(&large, run));
    if long < LEAST.max(A_BYTE * u32::try_from(size).unwrap()) {
        return;
    }
    let ratio = long.as_secs_f64() / short.as_secs_f64().max(f64::MIN_POSITIVE);
    assert!(ratio < MOST, "{name}: {size} bytes take {long:?}, an eighth of it {short:?}: {ratio:.1} times as long");
}

fn filled(start: &str, unit: &str, end: &str, size: usize) -> Vec<u8> {
    let count = size.saturating_sub(start.len() + end.len()) / unit.len();
    [start, &unit.repeat(count), end].concat().into_bytes()
}

#[test]
fn bodies_of_10_mib_are_decoded_in_linear_time() {
    type Make = fn(usize) -> Vec<u8>;
    let json = Some("application/json");
    let form = Some("application/x-www-form-urlencoded");
    let bodies: [(&str, Option<&str>, Make); 12] = [
        ("one long string", json, |size| filled("{\"type\":\"x\",\"a\":\"", "abcdefgh", "\"}", size)),
        ("escapes", json, |size| filled("{\"type\":\"x\",\"a\":\"", "\\u00e9\\n", "\"}", size)),
        ("an unclosed string of backslashes", json, |size| filled("{\"type\":\"x\",\"a\":\"", "\\\\", "", size)),
        ("white space", json, |size| filled("{\"type\":\"x\"", " \r\n\t", "}", size)),
        ("opening brackets", json, |size| filled("{\"a\":", "[", "", size)),
        ("long numbers", json, |size| filled("{\"type\":\"x\",\"a\":1", "0123456789", "}", size)),
        ("long values in a list", json, |size| {
            let value = format!("\"{}\",", "x".repeat(1000));
            filled("{\"type\":\"x\",\"a\":[", &value, "1]}", size)
        }),
        ("different names", json, |size| {
            let names = (0..size / 120).map(|at| format!("\"{at:0100}\":\"{at}\",")).collect::<String>();
            filled("{\"type\":\"x\",", &names, "\"z\":1}", names.len() + 40)
        }),
        ("bytes that are no UTF-8", json, |size| vec![0xff; size]),
        ("one long field", form, |size| filled("type=x&a=", "abc%20+", "", size)),
        ("names of fields in brackets", form, |size| {
            let names = (0..size / 120).map(|at| format!("a[{at:0100}]=v&")).collect::<String>();
            filled("type=x&", &names, "b=1", names.len() + 20)
        }),
        ("empty fields", form, |size| filled("type=x", "&", "", size)),
    ];
    for (name, content_type, make) in bodies {
        assert_linear(name, BODY, &make, &|body| drop(black_box(decode(body, content_type))));
    }
}

#[test]
fn bodies_of_10_mib_are_hashed_in_linear_time() {
    assert_linear("SHA-256", BODY, &|size| vec![b'a'; size], &|body| {
        black_box(sha256(body));
    });
    assert_linear("SHA-512", BODY, &|size| vec![b'a'; size], &|body| {
        black_box(sha512(body));
    });
}

#[test]
fn headers_of_64_kib_are_read_in_linear_time() {
    type Make = fn(usize) -> Vec<u8>;
    let values: [(&str, Make); 9] = [
        ("parameters", |size| filled("keyId=\"k\"", ",a=\"b\"", "", size)),
        ("different parameters", |size| {
            let parameters = (0..size / 12).map(|at| format!("p{at:05}=\"b\",")).collect::<String>();
            filled("", &parameters, "", parameters.len())
        }),
        ("names in headers", |size| filled("keyId=\"k\",headers=\"", "abcdefg ", "\",signature=\"AAAA\"", size)),
        ("different names in headers", |size| {
            let names = (0..size / 8).map(|at| format!("n{at:05} ")).collect::<String>();
            filled("keyId=\"k\",headers=\"", &names, "\",signature=\"AAAA\"", names.len() + 40)
        }),
        ("base64", |size| filled("keyId=\"k\",signature=\"", "AAAA", "\"", size)),
        ("escapes", |size| filled("keyId=\"", "\\\"", "\",signature=\"AAAA\"", size)),
        ("a list of members", |size| filled("a=1", ", b=2", "", size)),
        ("a list of signatures", |size| filled("v1,AAAA", " v1,AAAA", "", size)),
        ("tags of a record", |size| filled("v=DKIM1", "; n=x", "", size)),
    ];
    for (name, make) in values {
        let run = |value: &[u8]| {
            drop(black_box(cavage::Signature::parse(value)));
            drop(black_box(parse_dictionary(value)));
            drop(black_box(offered(value)));
            drop(black_box(DkimRecord::parse(value)));
            drop(black_box(PublicKey::read(value)));
        };
        assert_linear(name, HEADER, &make, &run);
    }
}

/// Verifies a request that has each value in each header field that is read.
fn verify(profile: Profile, value: &[u8]) {
    const NAMES: [&str; 14] = [
        "host",
        "date",
        "digest",
        "content-digest",
        "content-length",
        "content-type",
        "x-copernica-id",
        "x-nonce",
        "signature",
        "signature-input",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "other",
    ];
    let mut policy = Policy::new(profile, "1234", "example.com");
    policy.hosts = vec!["example.com".to_owned()];
    policy.keeps_nonces = true;
    let fields: Vec<Field<'_>> = NAMES.iter().map(|name| Field { name: name.as_bytes(), value }).collect();
    let body = Body { length: 2, sha256: Some([0; 32]), sha512: Some([0; 64]) };
    let begun = begin(&policy, &Message::new(b"POST", value, &fields, body), 1_700_000_000);
    let report = begun.finish(Some(SignatureAnswer::Invalid), Some(NonceAnswer::New));
    for check in &report.checks {
        black_box(check.reason.text(seinpost_protocol::verify::Language::English));
    }
    assert!(!report.ok());
}

#[test]
fn requests_with_headers_of_64_kib_are_judged_in_linear_time() {
    for profile in [Profile::Cavage, Profile::Standard, Profile::Rfc9421] {
        for unit in
            ["a", ",", "=", "\"", "\\", ";", "sha-256=AAAA,", ":AAAA:", "a=b, ", "v1,AAAA ", "\r\n ", "://", "%25"]
        {
            assert_linear(unit, HEADER, &|size| filled("", unit, "", size), &|value| verify(profile, value));
        }
    }
}

#[test]
fn many_header_fields_are_judged_in_linear_time() {
    // As many as 64 KiB hold: each is a line of `name: value`.
    let run = |head: &[u8]| {
        let fields: Vec<Field<'_>> =
            head.split(|byte| *byte == b'\n').map(|name| Field { name, value: b"v" }).collect();
        for profile in [Profile::Cavage, Profile::Standard, Profile::Rfc9421] {
            let policy = Policy::new(profile, "1234", "example.com");
            black_box(begin(&policy, &Message::new(b"POST", b"/", &fields, Body::default()), 0));
        }
    };
    assert_linear(
        "different fields",
        HEADER,
        &|size| (0..size / 8).flat_map(|at| format!("x{at:06}\n").into_bytes()).collect(),
        &run,
    );
    assert_linear("the same field", HEADER, &|size| filled("", "digest\n", "", size), &run);
}

#[test]
#[should_panic(expected = "times as long")]
fn growth_by_the_square_would_be_seen() {
    let run = |value: &[u8]| {
        let pairs = value.iter().map(|one| value.iter().filter(|other| *one == **other).count());
        black_box(pairs.sum::<usize>());
    };
    assert_linear("the square", 16 << 10, &|size| vec![b'a'; size], &run);
}
