//! Keys, by the names that requests give them.

/// The name of the key that a `Signature` or `Signature-Input` field gives; only to ask for the key: what it says is the
/// package's to judge.
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
    fn the_name_of_a_key() {
        let signature = r#"keyId="202511._domainkey.sign.example.com",algorithm="rsa-sha256""#;
        assert_eq!(key_id(signature).as_deref(), Some("202511._domainkey.sign.example.com"));
        assert_eq!(key_id(r#"algorithm="x", KEYID="a.b""#).as_deref(), Some("a.b"));
        assert_eq!(key_id(r#"sig1=("@method");keyid="a._domainkey.b""#).as_deref(), Some("a._domainkey.b"));
        for none in ["", "keyId=", "keyId=\"", "keyId=\"\"", "keyId=\"../x\""] {
            assert_eq!(key_id(none), None, "{none}");
        }
    }
}
