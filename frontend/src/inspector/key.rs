//! Keys, as people paste them.

/// A pasted key, in a form that the package takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyText {
    /// Nothing was pasted.
    None,
    /// The text of a DKIM record, or another form of a public key that the package knows.
    Public(String),
    /// A shared secret.
    Secret(String),
}

/// Reads a pasted key: a DKIM record, a PEM of a public key (SubjectPublicKeyInfo), or a secret.
pub(crate) fn read_key(pasted: &str) -> KeyText {
    let pasted = pasted.trim();
    if pasted.is_empty() {
        return KeyText::None;
    }
    if pasted.starts_with("whsec_") {
        return KeyText::Secret(pasted.to_owned());
    }
    match pem_body(pasted) {
        // What stands in `p=` is the same structure (RFC 6376 §3.6.1).
        Some(base64) => KeyText::Public(format!("v=DKIM1;k=rsa;p={base64}")),
        None => KeyText::Public(pasted.to_owned()),
    }
}

fn pem_body(pasted: &str) -> Option<String> {
    let (_, rest) = pasted.split_once("-----BEGIN PUBLIC KEY-----")?;
    let (body, _) = rest.split_once("-----END PUBLIC KEY-----")?;
    Some(body.split_whitespace().collect())
}

/// The `keyId` of a `Signature` field; only to ask for its key: what it says is the package's to judge.
pub(crate) fn key_id(signature: &str) -> Option<String> {
    let lower = signature.to_ascii_lowercase();
    let at = lower.find("keyid=")? + "keyid=".len();
    let rest = signature.get(at..)?.strip_prefix('"')?;
    let (id, _) = rest.split_once('"')?;
    let is_name =
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    is_name.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_keys() {
        let record = "v=DKIM1; k=rsa; p=MIIB";
        assert_eq!(read_key(&format!(" {record}\n")), KeyText::Public(record.into()));
        let pem = "-----BEGIN PUBLIC KEY-----\nMIIB\nIjAN\n-----END PUBLIC KEY-----\n";
        assert_eq!(read_key(pem), KeyText::Public("v=DKIM1;k=rsa;p=MIIBIjAN".into()));
        assert_eq!(read_key("whsec_abc"), KeyText::Secret("whsec_abc".into()));
        assert_eq!(read_key("  "), KeyText::None);
    }

    #[test]
    fn the_name_of_a_key() {
        let signature = r#"keyId="202511._domainkey.sign.example.com",algorithm="rsa-sha256""#;
        assert_eq!(key_id(signature).as_deref(), Some("202511._domainkey.sign.example.com"));
        assert_eq!(key_id(r#"algorithm="x", KEYID="a.b""#).as_deref(), Some("a.b"));
        for none in ["", "keyId=", "keyId=\"", "keyId=\"\"", "keyId=\"../x\""] {
            assert_eq!(key_id(none), None, "{none}");
        }
    }
}
