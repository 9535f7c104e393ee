//! Keys as text: PEM (RFC 7468), JWK (RFC 7517), and DKIM records as people copy them out of zone files.

use super::{DkimRecord, KeyError, PublicKey, RsaPublicKey, decode_base64, der};
use crate::base64;
use crate::event::Value;
use crate::message::split_at;
use crate::payload::{parse_object, without_bom};
use crate::signature::Algorithm;

/// The longest text that is read, in bytes.
const MAX_TEXT_BYTES: usize = 32_768;

impl PublicKey {
    /// Reads a public key in whichever form it is: PEM, JWK, `whpk_`, or a DKIM record, bare or as it stands in a zone
    /// file (in quotes, in several strings, with parentheses and escapes).
    ///
    /// # Errors
    /// [`KeyError`], for the form that the text looks like.
    pub fn read(text: &[u8]) -> Result<Self, KeyError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(KeyError::TooLong(MAX_TEXT_BYTES));
        }
        // Editors put a byte order mark before what they save.
        let text = without_bom(text).trim_ascii();
        if text.starts_with(b"whsec_") {
            return Err(KeyError::Secret);
        }
        if text.starts_with(b"whpk_") || text.starts_with(b"whsk_") {
            return Self::from_whpk(core::str::from_utf8(text).map_err(|_| KeyError::Base64("the key"))?);
        }
        if text.starts_with(b"{") {
            return read_jwk(text);
        }
        // What stands in the lines before it are words for people (RFC 7468 §2).
        let begin = b"\n-----BEGIN";
        let words = split_at(text, begin).filter(|_| !text.starts_with(&begin[1..]));
        let block = text.get(words.map_or(0, |(words, _)| words.len() + 1)..).unwrap_or_default();
        if block.starts_with(&begin[1..]) {
            return read_pem(block);
        }
        let mut record = DkimRecord::parse(text);
        // A note (`n=`) may hold quotes and backslashes, too: what is no record as it stands is one of a zone file.
        if matches!(
            record,
            Err(KeyError::Syntax | KeyError::Version | KeyError::Base64(_) | KeyError::UnknownType | KeyError::Service)
        ) && text.iter().any(|byte| matches!(byte, b'"' | b'\\'))
        {
            record = DkimRecord::parse(&unescaped(text));
        }
        record.map(|record| record.key)
    }
}

/// A PEM block: a SubjectPublicKeyInfo or an RSAPublicKey.
fn read_pem(text: &[u8]) -> Result<PublicKey, KeyError> {
    let [spki, pkcs1] = [&b"PUBLIC KEY-----"[..], b"RSA PUBLIC KEY-----"].map(|label| block(text, label));
    if let Some(body) = spki.or(pkcs1) {
        // Which of several is meant, nobody can tell.
        if split_at(body.1, b"-----BEGIN ").is_some() {
            return Err(KeyError::Several);
        }
        let der = decode_base64(body.0, "the PEM")?;
        return if spki.is_some() {
            PublicKey::from_spki(&der)
        } else {
            RsaPublicKey::from_pkcs1(&der).map(PublicKey::Rsa)
        };
    }
    let label = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if split_at(label, b"PRIVATE KEY").is_some() { Err(KeyError::Private) } else { Err(KeyError::UnknownType) }
}

/// What stands between the two lines of a block with this label, and after it.
fn block<'a>(text: &'a [u8], label: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let body = text.strip_prefix(b"-----BEGIN ")?.strip_prefix(label)?;
    let (body, after) = split_at(body, b"-----END ")?;
    Some((body, after.strip_prefix(label)?))
}

fn read_jwk(text: &[u8]) -> Result<PublicKey, KeyError> {
    let members = parse_object(text).map_err(|_| KeyError::Json)?;
    let member = |name: &str| members.iter().find(|(each, _)| each == name).map(|(_, value)| value);
    let text_of = |name: &str| match member(name) {
        Some(Value::String(text)) => Some(text.as_bytes()),
        _ => None,
    };
    let bytes_of =
        |name: &'static str| base64::decode_url(text_of(name).ok_or(KeyError::NoKey)?).ok_or(KeyError::Base64(name));
    // A private key that is published by mistake must be noticed, not used.
    if text_of("d").is_some() {
        return Err(KeyError::Private);
    }
    let verifies =
        |value: &Value| matches!(value, Value::Array(uses) if uses.iter().any(|each| each.as_text() == Some("verify")));
    if text_of("use").is_some_and(|purpose| purpose != b"sig")
        || member("key_ops").is_some_and(|value| !verifies(value))
    {
        return Err(KeyError::Service);
    }
    let alg = member("alg").map(|_| text_of("alg").unwrap_or_default());
    match (text_of("kty"), text_of("crv")) {
        (Some(b"RSA"), _) => {
            let mut key = RsaPublicKey::from_pkcs1(&der::write_pkcs1(&bytes_of("n")?, &bytes_of("e")?))?;
            key.only = alg.map(rsa_algorithm).transpose()?;
            Ok(PublicKey::Rsa(key))
        }
        // Of these kinds each has one algorithm.
        (_, Some(b"Ed25519")) if alg.is_some_and(|alg| alg != b"EdDSA" && alg != b"Ed25519") => Err(KeyError::Service),
        (_, Some(b"P-256")) if alg.is_some_and(|alg| alg != b"ES256") => Err(KeyError::Service),
        (Some(b"OKP"), Some(b"Ed25519")) => {
            let point = bytes_of("x")?;
            point.as_slice().try_into().map(PublicKey::Ed25519).map_err(|_| KeyError::Length(point.len()))
        }
        (Some(b"EC"), Some(b"P-256")) => {
            let mut point = vec![4];
            point.extend_from_slice(&bytes_of("x")?);
            point.extend_from_slice(&bytes_of("y")?);
            point.as_slice().try_into().map(PublicKey::P256).map_err(|_| KeyError::Length(point.len()))
        }
        (None, _) if member("keys").is_some() => Err(KeyError::Several),
        _ => Err(KeyError::UnknownType),
    }
}

/// The algorithm of RSA that an `alg` names (RFC 7518 §3.1), of those that are verified with here.
fn rsa_algorithm(alg: &[u8]) -> Result<Algorithm, KeyError> {
    match alg {
        b"RS256" => Ok(Algorithm::RsaSha256),
        b"RS512" => Ok(Algorithm::RsaSha512),
        b"PS512" => Ok(Algorithm::RsaPssSha512),
        _ => Err(KeyError::Service),
    }
}

/// A record as a zone file has it (RFC 1035 §5.1): what stands in quotes is joined, `\;` and `\059` are characters. What
/// stands outside the quotes (the name, `IN TXT`, parentheses, comments) is dropped; without quotes, what stands before the
/// first tag, and parentheses.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let quoted = text.contains(&b'"');
    let mut out = Vec::with_capacity(text.len());
    let mut inside = !quoted;
    let mut rest = if quoted { text } else { from_first_tag(text) };
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, rest) {
            (b'"', _) => inside = !inside,
            (b'(' | b')', _) if !quoted => {}
            (b'\\', [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', after @ ..]) => {
                rest = after;
                let code = u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0');
                if inside {
                    out.push(u8::try_from(code).unwrap_or(b'?'));
                }
            }
            (b'\\', [escaped, after @ ..]) => {
                rest = after;
                if inside {
                    out.push(*escaped);
                }
            }
            (other, _) if inside => out.push(*other),
            _ => {}
        }
    }
    out
}

/// A record from the name of its first tag on: the word before the first `=`.
fn from_first_tag(text: &[u8]) -> &[u8] {
    let before = text.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii_end();
    let ends_word = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'(';
    let at = before.iter().rposition(ends_word).map_or(0, |at| at + 1);
    text.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rsa() -> PublicKey {
        PublicKey::Rsa(RsaPublicKey::from_pkcs1(&der::write_pkcs1(&[0xff; 256], &[1, 0, 1])).unwrap())
    }

    fn pem(label: &str, der: &[u8]) -> String {
        let text = base64::encode(der);
        let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| core::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\r\n{}\r\n-----END {label}-----\n", lines.join("\r\n"))
    }

    #[test]
    fn pem_of_both_kinds_is_read() {
        let PublicKey::Rsa(inner) = rsa() else { panic!() };
        assert_eq!(PublicKey::read(pem("PUBLIC KEY", &rsa().to_spki()).as_bytes()), Ok(rsa()));
        assert_eq!(PublicKey::read(pem("RSA PUBLIC KEY", inner.as_pkcs1()).as_bytes()), Ok(rsa()));
        assert_eq!(PublicKey::read(pem("PRIVATE KEY", b"x").as_bytes()), Err(KeyError::Private));
        assert_eq!(PublicKey::read(pem("EC PRIVATE KEY", b"x").as_bytes()), Err(KeyError::Private));
        assert_eq!(PublicKey::read(pem("CERTIFICATE", b"x").as_bytes()), Err(KeyError::UnknownType));
        assert_eq!(PublicKey::read(b"-----BEGIN PUBLIC KEY-----\nAAAA"), Err(KeyError::UnknownType));
    }

    #[test]
    fn words_before_a_pem_are_passed_over() {
        let block = pem("PUBLIC KEY", &rsa().to_spki());
        assert_eq!(PublicKey::read(format!("{block}and words after it").as_bytes()), Ok(rsa()));
        for words in ["Subject: the webhooks\n", "one\r\ntwo: -----BEGIN\r\n", "\n\n"] {
            assert_eq!(PublicKey::read(format!("{words}{block}").as_bytes()), Ok(rsa()), "{words}");
        }
        assert_eq!(PublicKey::read(format!("a{block}").as_bytes()), Err(KeyError::Syntax));
    }

    #[test]
    fn a_byte_order_mark_before_a_key_is_passed_over() {
        let p = base64::encode(&rsa().to_spki());
        let n = base64::encode(&[0xff; 256]).replace('/', "_").replace('=', "");
        for text in [
            pem("PUBLIC KEY", &rsa().to_spki()),
            format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB"}}"#),
            format!("v=DKIM1;k=rsa;p={p}"),
        ] {
            assert_eq!(PublicKey::read(format!("\u{feff}{text}").as_bytes()), Ok(rsa()), "{text}");
        }
    }

    #[test]
    fn what_is_no_single_public_key_is_named() {
        let (block, n) = (pem("PUBLIC KEY", &rsa().to_spki()), "AQ");
        for (text, error) in [
            (format!(r#"{{"keys":[{{"kty":"RSA","n":"{n}","e":"AQAB"}}]}}"#), KeyError::Several),
            (format!("{block}{block}"), KeyError::Several),
            (format!("{block}\n{}", pem("RSA PUBLIC KEY", b"x")), KeyError::Several),
            (format!("whsec_{}", base64::encode(&[1; 32])), KeyError::Secret),
        ] {
            assert_eq!(PublicKey::read(text.as_bytes()), Err(error), "{text}");
        }
        assert_eq!(KeyError::Secret.to_string(), "this is a secret, which belongs in the option secret");
    }

    #[test]
    fn a_key_pasted_from_a_zone_file_is_read() {
        let p = base64::encode(&rsa().to_spki());
        let (one, two) = p.split_at(100);
        for text in [
            format!("s1._domainkey IN TXT ( \"v=DKIM1\\; k=rsa\\; \" ; note \n \"p={one}\"\n \"{two}\" )"),
            format!("\"v=DKIM1; k=rsa; p={one}\" \"{two}\""),
            format!("v=DKIM1\\; k=rsa\\059 p={p}"),
            format!("( v=DKIM1\\;k=rsa\\;p={p} )"),
            format!("(v=DKIM1\\; k=rsa\\;\n  p={one}\n  {two})"),
            format!("sel._domainkey IN TXT v=DKIM1\\;k=rsa\\;p={p}"),
            format!("sel._domainkey.example.com. 3600 IN TXT ( k = rsa\\; p = {p} )"),
        ] {
            assert_eq!(PublicKey::read(text.as_bytes()), Ok(rsa()), "{text}");
        }
    }

    #[test]
    fn quotes_and_backslashes_in_the_note_of_a_record_are_no_zone_file() {
        let p = base64::encode(&rsa().to_spki());
        for text in [
            format!("v=DKIM1; k=rsa; n=the \"old\" key; p={p}"),
            format!("v=DKIM1; k=rsa; p={p}; n=one \" alone"),
            format!("v=DKIM1; n=C:\\keys; p={p}"),
            format!("\"v=DKIM1; n=the \\\"old\\\" key; p={p}\""),
        ] {
            assert_eq!(PublicKey::read(text.as_bytes()), Ok(rsa()), "{text}");
        }
        for (text, error) in [
            ("v=DKIM1; n=the \"old\" key; p=", KeyError::Revoked),
            ("\"v=DKIM1; k=rsa; p=\"", KeyError::Revoked),
            ("v=DKIM1\\; k=rsa\\; p=", KeyError::Revoked),
            ("v=DKIM1; n=the \"old\" key", KeyError::NoKey),
        ] {
            assert_eq!(PublicKey::read(text.as_bytes()), Err(error), "{text}");
        }
    }

    #[test]
    fn a_jwk_is_for_the_algorithm_that_it_names_and_no_other() {
        use crate::verify::Requested;

        let url = |bytes: &[u8]| base64::encode(bytes).replace('+', "-").replace('/', "_").replace('=', "");
        let (n, x) = (url(&[0xff; 256]), url(&[7; 32]));
        let rsa = format!(r#""kty":"RSA","n":"{n}","e":"AQAB""#);
        let ed25519 = format!(r#""kty":"OKP","crv":"Ed25519","x":"{x}""#);
        let p256 = format!(r#""kty":"EC","crv":"P-256","x":"{x}","y":"{x}""#);
        let read = |key: &str, alg: &str| PublicKey::read(format!(r#"{{{key},"alg":{alg}}}"#).as_bytes());
        for (alg, only) in
            [("RS256", Algorithm::RsaSha256), ("RS512", Algorithm::RsaSha512), ("PS512", Algorithm::RsaPssSha512)]
        {
            let kind = read(&rsa, &format!("\"{alg}\"")).unwrap().kind();
            assert_eq!(kind.as_str(), format!("RSA (alg {alg})"));
            for each in [Algorithm::RsaSha256, Algorithm::RsaSha512, Algorithm::RsaPssSha512] {
                let expected: &[Algorithm] = if each == only { &[each] } else { &[] };
                assert_eq!(Requested::Exactly(each).algorithms(kind), expected, "{alg}, {each:?}");
            }
            assert_eq!(Requested::Cavage(None).algorithms(kind), [only]);
            assert!(Requested::Exactly(Algorithm::HmacSha256).algorithms(kind).is_empty());
        }
        for (key, alg) in [(&ed25519, "EdDSA"), (&ed25519, "Ed25519"), (&p256, "ES256")] {
            assert!(read(key, &format!("\"{alg}\"")).is_ok(), "{alg}");
        }
        for (key, alg) in [
            (&rsa, r#""RSA-OAEP""#),
            (&rsa, r#""RS384""#),
            (&rsa, r#""ES256""#),
            (&rsa, r#""""#),
            (&rsa, "5"),
            (&ed25519, r#""RS256""#),
            (&ed25519, r#""ECDH-ES""#),
            (&p256, r#""ECDH-ES+A128KW""#),
            (&p256, "null"),
        ] {
            assert_eq!(read(key, alg), Err(KeyError::Service), "{alg}");
        }
    }

    #[test]
    fn jwk_of_every_kind_is_read_and_private_ones_are_refused() {
        let url = |bytes: &[u8]| base64::encode(bytes).replace('+', "-").replace('/', "_").replace('=', "");
        let (n, x) = (url(&[0xff; 256]), url(&[7; 32]));
        let read = |text: String| PublicKey::read(text.as_bytes());
        assert_eq!(read(format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB","use":"sig"}}"#)), Ok(rsa()));
        assert_eq!(read(format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#)), Ok(PublicKey::Ed25519([7; 32])));
        let mut point = [7; 65];
        point[0] = 4;
        assert_eq!(read(format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{x}"}}"#)), Ok(PublicKey::P256(point)));
        assert_eq!(read(format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","d":"{x}"}}"#)), Err(KeyError::Private));
        assert_eq!(read(format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB","use":"enc"}}"#)), Err(KeyError::Service));
        for (uses, expected) in [
            (r#"["verify"]"#, Ok(rsa())),
            (r#"["sign","verify"]"#, Ok(rsa())),
            (r#"["encrypt","wrapKey"]"#, Err(KeyError::Service)),
            ("[]", Err(KeyError::Service)),
            (r#""verify""#, Err(KeyError::Service)),
        ] {
            assert_eq!(read(format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB","key_ops":{uses}}}"#)), expected, "{uses}");
        }
        assert_eq!(read(r#"{"kty":"oct","k":"AAAA"}"#.into()), Err(KeyError::UnknownType));
        assert_eq!(read(r#"{"kty":"oct","k":"AAAA","alg":"HS256"}"#.into()), Err(KeyError::UnknownType));
        assert_eq!(read(r#"{"kty":"RSA","n":"AQ"}"#.into()), Err(KeyError::NoKey));
        assert_eq!(read(r#"{"kty":"RSA","n":"AQ","e":"A="}"#.into()), Err(KeyError::Base64("e")));
        assert_eq!(read("{".into()), Err(KeyError::Json));
    }
}
