//! Signing an outgoing call.

use super::algorithm_name;
use crate::base64;
use crate::signature::{Algorithm, SignError, Signer, sha256, structured::write_string};

/// A call that is about to be made. Time, nonce and signature are of this attempt: a retry is signed anew.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The method, `POST`.
    pub method: &'a str,
    /// The URL, absolute, with scheme and host in lower case and no default port, path and query as they will be sent.
    pub target_uri: &'a str,
    /// The `Host` header field's value: name, and port if it is not the default one.
    pub host: &'a str,
    /// The `Content-Type` header field's value.
    pub content_type: &'a str,
    /// The body, the very bytes that will be sent.
    pub body: &'a [u8],
    /// The environment whose event this is.
    pub environment: u64,
    /// The time of this attempt, in Unix seconds.
    pub created: u64,
    /// Random characters that no other attempt has.
    pub nonce: &'a str,
}

/// Signs a call: every header field to send with it, in order (`host`, `content-type`, `content-length`,
/// `content-digest`, `x-copernica-id`, `signature-input`, `signature`).
///
/// # Errors
/// [`SignError::Field`] if a part holds what it may not, [`SignError::Algorithm`] for an algorithm that RFC 9421 has
/// not, [`SignError::Date`] past 15 digits, or what the signer says.
pub fn sign(
    outgoing: &Outgoing<'_>,
    key_id: &str,
    algorithm: Algorithm,
    signer: &dyn Signer,
) -> Result<Vec<(&'static str, String)>, SignError> {
    check(outgoing, key_id)?;
    let alg = algorithm_name(algorithm).ok_or(SignError::Algorithm(algorithm))?;
    if outgoing.created > 999_999_999_999_999 {
        return Err(SignError::Date);
    }
    let digest = format!("sha-256=:{}:", base64::encode(&sha256(outgoing.body)));
    let environment = format!("environment_{}", outgoing.environment);
    let mut parameters =
        String::from("(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\" \"x-copernica-id\")");
    parameters.push_str(&format!(";created={};keyid=", outgoing.created));
    write_string(&mut parameters, key_id);
    parameters.push_str(";alg=");
    write_string(&mut parameters, alg);
    parameters.push_str(";nonce=");
    write_string(&mut parameters, outgoing.nonce);
    let base = format!(
        "\"@method\": {}\n\"@target-uri\": {}\n\"content-digest\": {digest}\n\"content-type\": {}\n\
         \"x-copernica-id\": {environment}\n\"@signature-params\": {parameters}",
        outgoing.method, outgoing.target_uri, outgoing.content_type,
    );
    let signature = base64::encode(&signer.sign(algorithm, base.as_bytes())?);
    Ok(vec![
        ("host", outgoing.host.to_owned()),
        ("content-type", outgoing.content_type.to_owned()),
        ("content-length", outgoing.body.len().to_string()),
        ("content-digest", digest),
        ("x-copernica-id", environment),
        ("signature-input", format!("sig1={parameters}")),
        ("signature", format!("sig1=:{signature}:")),
    ])
}

fn check(outgoing: &Outgoing<'_>, key_id: &str) -> Result<(), SignError> {
    let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let printable = |text: &str| text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let parts = [
        ("method", visible(outgoing.method)),
        ("target", visible(outgoing.target_uri) && !outgoing.target_uri.contains('#')),
        ("host", visible(outgoing.host)),
        (
            "content-type",
            printable(outgoing.content_type)
                && !outgoing.content_type.is_empty()
                && outgoing.content_type.trim() == outgoing.content_type,
        ),
        ("nonce", printable(outgoing.nonce) && !outgoing.nonce.is_empty()),
        ("keyid", visible(key_id)),
    ];
    match parts.iter().find(|(_, sound)| !sound) {
        Some((name, _)) => Err(SignError::Field(name)),
        None => Ok(()),
    }
}
