//! Signing an outgoing call.

use crate::base64;
use crate::message::{LAST_HTTP_DATE, format_http_date};
use crate::signature::digest::digest_field;
use crate::signature::{Algorithm, DigestName, SignError, Signer};

/// What is signed, in this order, as the `headers` parameter says it. Copernica's verifiers look the names up as they
/// stand, so they are in lower case, and insist on the nonce.
pub const SIGNED_HEADERS: &str = "(request-target) host date content-length content-type x-copernica-id digest x-nonce";

/// A call that is about to be made. Date, nonce and signature are of this attempt: a retry is signed anew.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The method, `POST`.
    pub method: &'a str,
    /// Path and query, byte for byte as they will be sent.
    pub target: &'a str,
    /// The `Host` header field's value: name, and port if it is not the default one.
    pub host: &'a str,
    /// The `Content-Type` header field's value.
    pub content_type: &'a str,
    /// The body, the very bytes that will be sent.
    pub body: &'a [u8],
    /// The environment whose event this is.
    pub environment: u64,
    /// The time of this attempt, in Unix seconds.
    pub date: u64,
    /// Random characters that no other attempt has.
    pub nonce: &'a str,
    /// How the `Digest` header field names SHA-256.
    pub digest_name: DigestName,
}

/// Signs a call with `rsa-sha256`: every header field to send with it, in order (`host`, `date`, `content-type`,
/// `content-length`, `digest`, `x-copernica-id`, `x-nonce`, `signature`).
///
/// # Errors
/// [`SignError::Field`] if a part holds control characters, spaces where there may be none, or what is not ASCII,
/// [`SignError::Date`], or what the signer says.
pub fn sign(
    outgoing: &Outgoing<'_>,
    key_id: &str,
    signer: &dyn Signer,
) -> Result<Vec<(&'static str, String)>, SignError> {
    check(outgoing, key_id)?;
    let date = format_http_date(outgoing.date);
    let length = outgoing.body.len().to_string();
    let environment = format!("environment_{}", outgoing.environment);
    let digest = digest_field(outgoing.digest_name, outgoing.body);
    let signing_string = format!(
        "(request-target): {} {}\nhost: {}\ndate: {date}\ncontent-length: {length}\ncontent-type: {}\n\
         x-copernica-id: {environment}\ndigest: {digest}\nx-nonce: {}",
        outgoing.method.to_ascii_lowercase(),
        outgoing.target,
        outgoing.host,
        outgoing.content_type,
        outgoing.nonce,
    );
    let signature = base64::encode(&signer.sign(Algorithm::RsaSha256, signing_string.as_bytes())?);
    let signature =
        format!("keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"{SIGNED_HEADERS}\",signature=\"{signature}\"");
    Ok(vec![
        ("host", outgoing.host.to_owned()),
        ("date", date),
        ("content-type", outgoing.content_type.to_owned()),
        ("content-length", length),
        ("digest", digest),
        ("x-copernica-id", environment),
        ("x-nonce", outgoing.nonce.to_owned()),
        ("signature", signature),
    ])
}

/// Refuses what would make one header field into two, or a value that no receiver reads as it was signed.
fn check(outgoing: &Outgoing<'_>, key_id: &str) -> Result<(), SignError> {
    let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let token = |text: &str| visible(text) && !text.contains(['"', '\\']);
    // White space at an end would be trimmed on the way.
    let value = |text: &str| {
        text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) && text.trim().len() == text.len()
    };
    let parts = [
        ("method", !outgoing.method.is_empty() && outgoing.method.bytes().all(|byte| byte.is_ascii_alphabetic())),
        ("target", visible(outgoing.target)),
        ("host", visible(outgoing.host)),
        ("content-type", value(outgoing.content_type) && !outgoing.content_type.is_empty()),
        ("x-nonce", token(outgoing.nonce)),
        ("keyId", token(key_id)),
    ];
    if let Some((name, _)) = parts.iter().find(|(_, sound)| !sound) {
        return Err(SignError::Field(name));
    }
    if outgoing.date > LAST_HTTP_DATE { Err(SignError::Date) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Echo;

    impl Signer for Echo {
        fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
            assert_eq!(algorithm, Algorithm::RsaSha256);
            Ok(message.to_vec())
        }
    }

    const CALL: Outgoing<'static> = Outgoing {
        method: "POST",
        target: "/hook?a=%2B&b=1+2",
        host: "example.com:8443",
        content_type: "application/json",
        body: b"{}",
        environment: 1234,
        date: 1_700_000_000,
        nonce: "n0nce",
        digest_name: DigestName::Lower,
    };

    #[test]
    fn the_signing_string_holds_the_target_byte_for_byte_and_the_names_in_lower_case() {
        let fields = sign(&CALL, "s1._domainkey.example.org", &Echo).unwrap();
        let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            ["host", "date", "content-type", "content-length", "digest", "x-copernica-id", "x-nonce", "signature"]
        );
        let expected = "(request-target): post /hook?a=%2B&b=1+2\nhost: example.com:8443\n\
            date: Tue, 14 Nov 2023 22:13:20 GMT\ncontent-length: 2\ncontent-type: application/json\n\
            x-copernica-id: environment_1234\ndigest: sha-256=RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=\n\
            x-nonce: n0nce";
        assert_eq!(
            fields[7].1,
            format!(
                "keyId=\"s1._domainkey.example.org\",algorithm=\"rsa-sha256\",headers=\"(request-target) host date \
                 content-length content-type x-copernica-id digest x-nonce\",signature=\"{}\"",
                base64::encode(expected.as_bytes())
            )
        );
    }

    #[test]
    fn what_would_split_a_header_field_is_refused() {
        let refused = |call: Outgoing<'_>, key_id: &str| sign(&call, key_id, &Echo).unwrap_err();
        assert_eq!(refused(Outgoing { target: "/a b", ..CALL }, "k"), SignError::Field("target"));
        assert_eq!(refused(Outgoing { host: "a\r\nb", ..CALL }, "k"), SignError::Field("host"));
        assert_eq!(refused(Outgoing { content_type: " x", ..CALL }, "k"), SignError::Field("content-type"));
        assert_eq!(refused(Outgoing { nonce: "", ..CALL }, "k"), SignError::Field("x-nonce"));
        assert_eq!(refused(CALL, "a\"b"), SignError::Field("keyId"));
        assert_eq!(refused(Outgoing { date: u64::MAX, ..CALL }, "k"), SignError::Date);
    }

    #[test]
    fn digest_names_are_as_the_webhook_asks() {
        let fields = sign(&Outgoing { digest_name: DigestName::Upper, ..CALL }, "k", &Echo).unwrap();
        assert!(fields[4].1.starts_with("SHA-256="));
    }
}
