// cargo add ring base64 httpdate
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{digest, signature};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// What a receiver knows: its own host and environment (`environment_184`), and what stands in `p=` of each key's record.
pub struct Receiver {
    pub host: String,
    pub environment: String,
    pub keys: HashMap<String, String>,
}

impl Receiver {
    /// `target` is path and query as they came; `headers` by lower-case name. Give it the bytes of the body as they came.
    pub fn verify(
        &self,
        method: &str,
        target: &str,
        headers: &HashMap<String, String>,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), &'static str> {
        let field = |name: &str| headers.get(name).map(String::as_str).ok_or("a header field is missing");
        let parameters: HashMap<&str, &str> = field("signature")?
            .split("\",")
            .filter_map(|each| each.trim_end_matches('"').split_once("=\""))
            .map(|(name, value)| (name.trim(), value))
            .collect();
        let parameter = |name| parameters.get(name).copied().ok_or("the signature lacks a parameter");
        let names: Vec<&str> = parameter("headers")?.split_whitespace().collect();
        if !["(request-target)", "host", "date", "digest", "x-copernica-id"].iter().all(|name| names.contains(name)) {
            return Err("the signature does not cover all that it must");
        }
        let sum = STANDARD.encode(digest::digest(&digest::SHA256, body));
        let right = |each: &str| {
            each.trim()
                .split_once('=')
                .is_some_and(|(name, value)| name.eq_ignore_ascii_case("sha-256") && value == sum)
        };
        if !field("digest")?.split(',').any(right) {
            return Err("the body is not the one that was signed");
        }
        let date = httpdate::parse_http_date(field("date")?).map_err(|_| "the date is none")?;
        let apart = now.duration_since(date).unwrap_or_else(|error| error.duration());
        if apart > Duration::from_secs(60) {
            return Err("the call is too old, or this clock is wrong");
        }
        if field("host")? != self.host || field("x-copernica-id")? != self.environment {
            return Err("the call is for somebody else");
        }
        let mut lines = Vec::new();
        for name in names {
            lines.push(match name {
                "(request-target)" => format!("{name}: {} {target}", method.to_ascii_lowercase()),
                _ => format!("{name}: {}", field(name)?),
            });
        }
        let record = self.keys.get(parameter("keyId")?).ok_or("the key is not known")?;
        let spki = STANDARD.decode(record).map_err(|_| "the key is no base64")?;
        // ring takes the RSAPublicKey inside of the SubjectPublicKeyInfo, which begins after a head of 24 bytes.
        let key = signature::UnparsedPublicKey::new(
            &signature::RSA_PKCS1_2048_8192_SHA256,
            spki.get(24..).ok_or("the key is cut off")?,
        );
        let given = STANDARD.decode(parameter("signature")?).map_err(|_| "the signature is no base64")?;
        key.verify(lines.join("\n").as_bytes(), &given).map_err(|_| "the signature is not that of this call")
        // Then keep X-Nonce for two minutes, and refuse one that was seen.
    }
}
