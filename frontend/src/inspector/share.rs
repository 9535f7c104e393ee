//! Links that hold a whole inspection in their fragment, which no browser sends to any server.

use std::fmt::Write as _;

use seinpost_protocol::rest::Attempt;
use serde::{Deserialize, Serialize};

use super::key_id;

/// What a link holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Shared {
    /// The request as pasted.
    #[serde(rename = "r", skip_serializing_if = "String::is_empty")]
    pub(crate) raw: String,
    /// Its form: `raw`, `curl`, `har`, `parts`; empty where it shows by itself.
    #[serde(rename = "f", skip_serializing_if = "String::is_empty")]
    pub(crate) form: String,
    /// The body, where it is pasted apart.
    #[serde(rename = "b", skip_serializing_if = "String::is_empty")]
    pub(crate) body: String,
    /// Which request of an archive, from 0.
    #[serde(rename = "i", skip_serializing_if = "is_zero")]
    pub(crate) index: usize,
    #[serde(rename = "h", skip_serializing_if = "String::is_empty")]
    pub(crate) host: String,
    #[serde(rename = "e", skip_serializing_if = "String::is_empty")]
    pub(crate) environment: String,
    #[serde(rename = "d", skip_serializing_if = "String::is_empty")]
    pub(crate) key_domain: String,
    /// The time of arrival: RFC 3339, or an HTTP date.
    #[serde(rename = "t", skip_serializing_if = "String::is_empty")]
    pub(crate) arrived: String,
    #[serde(rename = "k", skip_serializing_if = "String::is_empty")]
    pub(crate) key: String,
    /// The link comes from this very server's log: its key is to be had here.
    #[serde(rename = "o", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) own: bool,
    /// It came over plain HTTP, which a request itself does not say.
    #[serde(rename = "p", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) plain: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// As a fragment, without its `#`.
pub(crate) fn to_fragment(shared: &Shared) -> String {
    // A struct of strings always serialises.
    base64url(serde_json::to_string(shared).unwrap_or_default().as_bytes())
}

/// From a fragment, with or without its `#`. `None` for one that is none of ours.
pub(crate) fn from_fragment(fragment: &str) -> Option<Shared> {
    let bytes = from_base64url(fragment.trim_start_matches('#'))?;
    serde_json::from_slice(&bytes).ok()
}

/// A link to the inspector with the request of an attempt in it, verified as its receiver would have when it came.
pub(crate) fn share_link_of(Attempt { request, started, .. }: &Attempt) -> String {
    let (scheme, host, path) = crate::components::split_url(&request.url);
    let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let field = |name: &str| {
        request.headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    let mut raw = format!("{} {target} HTTP/1.1\n", request.method);
    for (name, value) in &request.headers {
        // Writing to a String cannot fail.
        _ = writeln!(raw, "{name}: {value}");
    }
    raw.push('\n');
    raw.push_str(request.body.as_deref().unwrap_or_default());
    let id = field("x-copernica-id").unwrap_or_default();
    // With RFC 9421 it is this field that names the key; `Signature` has the signature alone.
    let key_domain = field("signature-input")
        .or_else(|| field("signature"))
        .as_deref()
        .and_then(key_id)
        .and_then(|id| id.split_once("._domainkey.").map(|(_, domain)| domain.to_owned()));
    let shared = Shared {
        raw,
        host: host.rsplit('@').next().unwrap_or_default().to_owned(),
        environment: id.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned(),
        key_domain: key_domain.unwrap_or_default(),
        // Where no `Date` says when it was sent, it came when it was sent: now is long after that.
        arrived: field("date").unwrap_or_else(|| started.to_string()),
        own: true,
        plain: scheme.eq_ignore_ascii_case("http://"),
        ..Shared::default()
    };
    format!("/inspector#{}", to_fragment(&shared))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 for URLs (RFC 4648 §5), unpadded.
fn base64url(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            let six = (group >> (18 - 6 * index)) & 63;
            out.push(char::from(ALPHABET[six as usize]));
        }
    }
    out
}

fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut bits) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let six = ALPHABET.iter().position(|each| *each == byte)?;
        group = (group << 6 | u32::try_from(six).ok()?) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(group >> bits & 0xff).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::rest::RequestRecord;

    use super::*;

    #[test]
    fn base64_of_the_rfc() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64url(text.as_bytes()), expected);
            assert_eq!(from_base64url(expected).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        assert_eq!(from_base64url("a+b"), None);
    }

    #[test]
    fn a_link_gives_back_what_went_in() {
        let shared = Shared {
            raw: "POST / HTTP/1.1\n\né😀\0".into(),
            environment: "184".into(),
            own: true,
            ..Shared::default()
        };
        assert_eq!(from_fragment(&format!("#{}", to_fragment(&shared))), Some(shared));
        assert_eq!(from_fragment("#code=abc"), None);
        assert_eq!(from_fragment(""), None);
    }

    /// What a link to the inspector holds of a request with these header fields.
    fn shared_of(fields: &[(&str, &str)]) -> Shared {
        shared_to("https://***@hooks.example.org/mail?x=1", fields)
    }

    fn shared_to(url: &str, fields: &[(&str, &str)]) -> Shared {
        let headers: Vec<_> = [("host", "hooks.example.org"), ("x-copernica-id", "environment_184")]
            .iter()
            .chain(fields)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let attempt = Attempt {
            n: 1,
            started: "2025-11-25T13:05:58.204Z".parse().unwrap(),
            duration_ms: 38,
            peer: None,
            request: RequestRecord { method: "POST".into(), url: url.into(), headers, body: Some("{}".into()) },
            response: None,
            error: None,
        };
        from_fragment(share_link_of(&attempt).strip_prefix("/inspector").unwrap()).unwrap()
    }

    #[test]
    fn a_request_of_the_log_says_how_to_verify_it() {
        let shared = shared_of(&[
            ("date", "Tue, 25 Nov 2025 13:05:58 GMT"),
            ("signature", r#"keyId="202511._domainkey.sign.example.com",algorithm="rsa-sha256""#),
        ]);
        assert_eq!(shared.host, "hooks.example.org");
        assert_eq!(shared.environment, "184");
        assert_eq!(shared.key_domain, "sign.example.com");
        assert_eq!(shared.arrived, "Tue, 25 Nov 2025 13:05:58 GMT");
        assert!(shared.raw.starts_with("POST /mail?x=1 HTTP/1.1\nhost: hooks.example.org\n"));
        assert!(shared.raw.ends_with("\n\n{}"));
    }

    #[test]
    fn what_went_over_plain_http_says_so() {
        assert!(shared_to("http://127.0.0.1:8080/mail", &[]).plain);
        assert!(shared_to("HTTP://hooks.example.org", &[]).plain);
        assert!(!shared_of(&[]).plain);
    }

    #[test]
    fn what_has_no_date_came_when_it_was_sent() {
        let shared = shared_of(&[
            ("signature-input", r#"sig1=("@method");created=1764075958;keyid="202511._domainkey.sign.example.com""#),
            ("signature", "sig1=:AAAA:"),
        ]);
        assert_eq!(
            (shared.key_domain.as_str(), shared.arrived.as_str()),
            ("sign.example.com", "2025-11-25T13:05:58.204Z")
        );
        let shared = shared_of(&[("webhook-timestamp", "1764075958"), ("webhook-signature", "v1,AAAA")]);
        assert_eq!((shared.key_domain.as_str(), shared.arrived.as_str()), ("", "2025-11-25T13:05:58.204Z"));
    }
}
