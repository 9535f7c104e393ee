//! The boundary as JavaScript meets it, from inside: in Node, and in a browser.
#![cfg(target_arch = "wasm32")]
#![expect(unsafe_code, reason = "the tests write and read this module's memory as JavaScript does")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use seinpost_verify::{create, decode, read_key, reserve};
use wasm_bindgen_test::wasm_bindgen_test;

/// Writes an input and makes a call with its length.
fn call(input: &[u8], run: impl FnOnce(usize) -> usize) -> (u32, Vec<u8>) {
    let address = reserve(input.len());
    // SAFETY: `reserve` made room for this many bytes there, and nothing else uses them before the call.
    unsafe { std::slice::from_raw_parts_mut(address as *mut u8, input.len()) }.copy_from_slice(input);
    let answer = run(input.len()) as *const u32;
    // SAFETY: an answer begins with four words: the address of its bytes, a status, where they begin, their number.
    let [base, status, offset, length] = unsafe { *answer.cast::<[u32; 4]>() };
    // SAFETY: the words say that these bytes are the answer's, and they stay until the next call.
    let bytes = unsafe { std::slice::from_raw_parts((base + offset) as *const u8, length as usize) };
    (status, bytes.to_vec())
}

/// The settings of a verifier of the profile `standard` with these secrets.
fn settings(secrets: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (tag, value) in [(b'p', &b"standard"[..])].into_iter().chain(secrets.iter().map(|secret| (b's', *secret))) {
        bytes.push(tag);
        bytes.extend(u32::try_from(value.len()).expect("a short setting").to_le_bytes());
        bytes.extend(value);
    }
    bytes
}

/// Writes an input and creates a verifier of it: its number, and its secrets.
fn created(input: &[u8]) -> (u32, Vec<Vec<u8>>) {
    let address = reserve(input.len());
    // SAFETY: `reserve` made room for this many bytes there, and nothing else uses them before the call.
    unsafe { std::slice::from_raw_parts_mut(address as *mut u8, input.len()) }.copy_from_slice(input);
    let answer = create(input.len()) as *const u32;
    // SAFETY: the answer's first words: the address of its bytes, status 1, the handle, the number of secrets.
    let [base, status, handle, count] = unsafe { *answer.cast::<[u32; 4]>() };
    assert_eq!(status, 1);
    // SAFETY: for each secret two words follow.
    let places = unsafe { std::slice::from_raw_parts(answer.add(4).cast::<[u32; 2]>(), count as usize) };
    let secrets = places.iter().map(|[offset, length]| {
        // SAFETY: the words say that these bytes are the answer's, and they stay until the next call.
        unsafe { std::slice::from_raw_parts((base + offset) as *const u8, *length as usize) }.to_vec()
    });
    (handle, secrets.collect())
}

fn decoded(content_type: &str, body: &[u8]) -> (u32, String) {
    let input = [content_type.as_bytes(), body].concat();
    let (status, bytes) = call(&input, |length| decode(length, content_type.len()));
    (status, String::from_utf8(bytes).expect("an answer is UTF-8"))
}

const EVENT: &str = r#"{"id":"1","type":"open","timestamp":"2025-11-25 13:05:12","time":"1764075912","recipient":"a@example.net","ip":"192.0.2.1","tags":["é"],"n":12345678901234567890}"#;

#[wasm_bindgen_test]
fn digits_that_javascript_cannot_hold_are_kept_as_text() {
    let (status, json) = decoded("application/json", EVENT.as_bytes());
    assert_eq!(status, 1, "{json}");
    assert!(json.contains(r#""n":"12345678901234567890""#), "{json}");
    assert!(json.contains(r#""tags":["é"]"#), "{json}");
}

#[wasm_bindgen_test]
fn a_form_with_a_plus_in_an_address() {
    let body = b"id=1&type=open&timestamp=2025-11-25+13%3A05%3A12&time=1764075912&recipient=user%2Btag%40example.com&ip=192.0.2.1&tags[]=a&tags[]=b";
    let (status, json) = decoded("application/x-www-form-urlencoded", body);
    assert_eq!(status, 1, "{json}");
    assert!(json.contains(r#""recipient":"user+tag@example.com""#), "{json}");
    assert!(json.contains(r#""tags":["a","b"]"#), "{json}");
}

#[wasm_bindgen_test]
fn a_hundred_thousand_brackets_are_an_error_with_a_code() {
    let (status, json) = decoded("application/json", "[".repeat(100_000).as_bytes());
    assert_eq!(status, 0);
    assert!(json.starts_with(r#"{"code":""#), "{json}");
}

#[wasm_bindgen_test]
fn memory_that_grows_between_calls_is_found_again() {
    let long = EVENT.replace("192.0.2.1", &"x".repeat(3 << 20));
    let (status, json) = decoded("application/json", long.as_bytes());
    assert_eq!(status, 1);
    assert!(json.len() > 3 << 20);
    let (status, json) = decoded("application/json", EVENT.as_bytes());
    assert_eq!((status, json.len() < 1000), (1, true));
}

#[wasm_bindgen_test]
fn what_is_no_key_or_secret_is_refused_with_a_code_and_in_words() {
    let wrong = settings(&[b"twhsec_!"]);
    for (input, run) in [(&b"v=DKIM1;k=rsa;p=!"[..], read_key as fn(usize) -> usize), (&wrong, create)] {
        let (status, bytes) = call(input, run);
        let text = String::from_utf8(bytes).expect("an error is UTF-8");
        assert_eq!(status, 0, "{text}");
        let (code, words) = text.split_once('\n').expect("a code and words");
        assert!(!code.is_empty() && !code.contains(' ') && words.contains(' '), "{text}");
    }
}

#[wasm_bindgen_test]
fn a_verifier_tells_its_secrets_in_order() {
    let (first, secrets) =
        created(&settings(&[b"twhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b"b0123456789abcdef0123456789abcdef"]));
    assert_eq!(secrets.iter().map(Vec::len).collect::<Vec<_>>(), [24, 32]);
    assert_eq!(secrets.last().map(Vec::as_slice), Some(&b"0123456789abcdef0123456789abcdef"[..]));
    let (second, none) = created(&settings(&[]));
    assert_eq!((second != first, none.len()), (true, 0));
}
