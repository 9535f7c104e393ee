// cargo add ring base64
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;
use std::collections::HashMap;

/// `secret` is `whsec_…`; `headers` by lower-case name; `now` in Unix seconds. Give it the bytes of the body as they came.
pub fn verify(secret: &str, headers: &HashMap<String, String>, body: &[u8], now: u64) -> Result<(), &'static str> {
    let field = |name: &str| headers.get(name).map(String::as_str).ok_or("a header field is missing");
    let secret = STANDARD.decode(secret.trim_start_matches("whsec_")).map_err(|_| "the secret is no base64")?;
    let (id, timestamp) = (field("webhook-id")?, field("webhook-timestamp")?);
    let seconds: u64 = timestamp.parse().map_err(|_| "the time is none")?;
    if seconds.abs_diff(now) > 300 {
        return Err("the call is too old, or this clock is wrong");
    }
    let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let fits = |each: &str| {
        each.strip_prefix("v1,")
            .and_then(|text| STANDARD.decode(text).ok())
            .is_some_and(|given| hmac::verify(&key, &signed, &given).is_ok())
    };
    // Then keep webhook-id for ten minutes, and pass over one that was seen.
    field("webhook-signature")?
        .split_whitespace()
        .any(fits)
        .then_some(())
        .ok_or("the signature is not that of this call")
}
