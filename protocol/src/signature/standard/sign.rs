//! Signing an outgoing call.

use super::signing_prefix;
use crate::base64;
use crate::signature::{Algorithm, SignError, Signer};

/// A call that is about to be made. Timestamp and signature are of this attempt; the id is the event's, so that a
/// receiver sees a retry as one.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The `Host` header field's value: name, and port if it is not the default one.
    pub host: &'a str,
    /// The `Content-Type` header field's value.
    pub content_type: &'a str,
    /// The body, the very bytes that will be sent.
    pub body: &'a [u8],
    /// `webhook-id`: the same for every attempt at one message.
    pub id: &'a str,
    /// The time of this attempt, in Unix seconds.
    pub timestamp: u64,
}

/// Signs a call: every header field to send with it, in order (`host`, `content-type`, `content-length`, `webhook-id`,
/// `webhook-timestamp`, `webhook-signature`). One signature for each signer, [`Algorithm::HmacSha256`] as `v1` and
/// [`Algorithm::Ed25519`] as `v1a`: during rotation the old key and the new one both sign.
///
/// # Errors
/// [`SignError::Field`] if a part holds what it may not (a dot in the id could move the border between the parts),
/// [`SignError::Algorithm`] for any other algorithm or for no signer at all, or what a signer says.
pub fn sign(
    outgoing: &Outgoing<'_>,
    signers: &[(Algorithm, &dyn Signer)],
) -> Result<Vec<(&'static str, String)>, SignError> {
    let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible(outgoing.id) || outgoing.id.contains('.') {
        return Err(SignError::Field("webhook-id"));
    }
    if !visible(outgoing.host) {
        return Err(SignError::Field("host"));
    }
    let content_type = outgoing.content_type;
    if !content_type.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) || content_type.trim() != content_type
    {
        return Err(SignError::Field("content-type"));
    }
    let timestamp = outgoing.timestamp.to_string();
    let mut content = signing_prefix(outgoing.id.as_bytes(), timestamp.as_bytes());
    content.extend_from_slice(outgoing.body);
    let mut signatures: Vec<String> = Vec::with_capacity(signers.len());
    for (algorithm, signer) in signers {
        let version = match algorithm {
            Algorithm::HmacSha256 => "v1",
            Algorithm::Ed25519 => "v1a",
            other => return Err(SignError::Algorithm(*other)),
        };
        signatures.push(format!("{version},{}", base64::encode(&signer.sign(*algorithm, &content)?)));
    }
    if signatures.is_empty() {
        return Err(SignError::Algorithm(Algorithm::HmacSha256));
    }
    Ok(vec![
        ("host", outgoing.host.to_owned()),
        ("content-type", content_type.to_owned()),
        ("content-length", outgoing.body.len().to_string()),
        ("webhook-id", outgoing.id.to_owned()),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signatures.join(" ")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Secret;

    #[test]
    fn the_published_example_is_signed_as_published() {
        // Standard Webhooks, specification 1.0, the example of its reference libraries.
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let outgoing = Outgoing {
            host: "h",
            content_type: "application/json",
            body: br#"{"test": 2432232314}"#,
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: 1_614_265_330,
        };
        let fields = sign(&outgoing, &[(Algorithm::HmacSha256, &secret)]).unwrap();
        assert_eq!(fields[5].1, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(sign(&outgoing, &[]), Err(SignError::Algorithm(Algorithm::HmacSha256)));
        assert_eq!(
            sign(&Outgoing { id: "a.b", ..outgoing }, &[(Algorithm::HmacSha256, &secret)]),
            Err(SignError::Field("webhook-id"))
        );
    }
}
