//! DKIM key records (RFC 6376 §3.6.1), in every legal form.

use super::{KeyError, PublicKey, RsaPublicKey, decode_base64};

/// The longest record that is read, in bytes: an 8192-bit key in base64 with its tags, and room for notes.
pub const MAX_RECORD_BYTES: usize = 8192;

/// What a DKIM key record says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DkimRecord {
    /// The key.
    pub key: PublicKey,
    /// `t=y`: the domain is testing DKIM. It is no reason to treat a signature otherwise (RFC 6376 §3.6.1).
    pub testing: bool,
    /// `t=s`: the signing identity must not be of a subdomain. Webhooks have no such identity, so it says nothing.
    pub strict: bool,
}

impl DkimRecord {
    /// Reads a record. The strings of one TXT record are joined with nothing between them first (RFC 6376 §3.6.2.2).
    ///
    /// # Errors
    /// [`KeyError`]: [`KeyError::Revoked`] for an empty `p=`, or what is wrong with it.
    pub fn parse(record: &[u8]) -> Result<Self, KeyError> {
        if record.len() > MAX_RECORD_BYTES {
            return Err(KeyError::TooLong(MAX_RECORD_BYTES));
        }
        let tags = Tags::parse(record)?;
        if tags.version.is_some_and(|(value, first)| !first || value != b"DKIM1") {
            return Err(KeyError::Version);
        }
        let published = tags.key.ok_or(KeyError::NoKey)?;
        if published.iter().all(u8::is_ascii_whitespace) {
            return Err(KeyError::Revoked);
        }
        let service = |name: &[u8]| name == b"*" || name.eq_ignore_ascii_case(b"email");
        // RFC 6376 §6.1.2: a key that its owner wants used with other hashes alone is none for this.
        let hash = |name: &[u8]| name.eq_ignore_ascii_case(b"sha256");
        if !tags.services.is_none_or(|list| colon_list(list).any(service))
            || !tags.hashes.is_none_or(|list| colon_list(list).any(hash))
        {
            return Err(KeyError::Service);
        }
        let key = read_key(tags.kind.unwrap_or(b"rsa"), published)?;
        let flag = |wanted: &[u8]| tags.flags.is_some_and(|list| colon_list(list).any(|flag| flag == wanted));
        Ok(Self { key, testing: flag(b"y"), strict: flag(b"s") })
    }
}

/// The tags of a record that mean something here, as they stand in it.
#[derive(Default)]
struct Tags<'a> {
    /// With whether it was the first tag.
    version: Option<(&'a [u8], bool)>,
    kind: Option<&'a [u8]>,
    hashes: Option<&'a [u8]>,
    services: Option<&'a [u8]>,
    flags: Option<&'a [u8]>,
    key: Option<&'a [u8]>,
}

impl<'a> Tags<'a> {
    fn parse(record: &'a [u8]) -> Result<Self, KeyError> {
        let mut tags = Self::default();
        // A record has a handful of tags: the bound keeps the search for duplicates short.
        let mut seen: Vec<&[u8]> = Vec::new();
        for part in record.split(|byte| *byte == b';') {
            let part = part.trim_ascii();
            if part.is_empty() {
                // A semicolon may end the list.
                continue;
            }
            let at = part.iter().position(|byte| *byte == b'=').ok_or(KeyError::Syntax)?;
            let (name, value) = (part[..at].trim_ascii(), part[at + 1..].trim_ascii());
            if !is_tag_name(name) || seen.len() == 32 {
                return Err(KeyError::Syntax);
            }
            if seen.contains(&name) {
                return Err(KeyError::DuplicateTag);
            }
            match name {
                b"v" => tags.version = Some((value, seen.is_empty())),
                b"k" => tags.kind = Some(value),
                b"h" => tags.hashes = Some(value),
                b"s" => tags.services = Some(value),
                b"t" => tags.flags = Some(value),
                b"p" => tags.key = Some(value),
                // `n=` is a note for people, and unknown tags are to be ignored.
                _ => {}
            }
            seen.push(name);
        }
        Ok(tags)
    }
}

/// `ALPHA *ALNUMPUNC` (RFC 6376 §3.2). Names are case-sensitive.
fn is_tag_name(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

fn colon_list(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b':').map(<[u8]>::trim_ascii)
}

fn read_key(kind: &[u8], published: &[u8]) -> Result<PublicKey, KeyError> {
    let bytes = decode_base64(published, "p=")?;
    if kind.eq_ignore_ascii_case(b"ed25519") {
        // RFC 8463 §3: the bare 32 bytes, with no ASN.1 around them.
        return bytes.as_slice().try_into().map(PublicKey::Ed25519).map_err(|_| KeyError::Length(bytes.len()));
    }
    if !kind.eq_ignore_ascii_case(b"rsa") {
        return Err(KeyError::UnknownType);
    }
    // RFC 6376 says RSAPublicKey, everybody publishes a SubjectPublicKeyInfo (erratum 3017): both are read.
    match PublicKey::from_spki(&bytes) {
        Ok(key @ PublicKey::Rsa(_)) => Ok(key),
        Ok(_) => Err(KeyError::UnknownType),
        Err(KeyError::Der) => RsaPublicKey::from_pkcs1(&bytes).map(PublicKey::Rsa),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64;
    use crate::key::der;

    fn rsa(bytes: usize) -> PublicKey {
        PublicKey::Rsa(RsaPublicKey::from_pkcs1(&der::write_pkcs1(&vec![0xff; bytes], &[1, 0, 1])).unwrap())
    }

    fn p() -> String {
        base64::encode(&rsa(256).to_spki())
    }

    fn parse(text: &str) -> Result<DkimRecord, KeyError> {
        DkimRecord::parse(text.as_bytes())
    }

    #[test]
    fn every_legal_form_is_read() {
        let p = p();
        let (one, two) = p.split_at(64);
        for text in [
            format!("v=DKIM1;k=rsa;p={p}"),
            format!("p={p}"),
            format!(" v = DKIM1 ; p = {one}\r\n {two} ; t = s ; n = a note ;"),
            format!("v=DKIM1; h=sha1:sha256; s=*:email; t=y:s; x_1=unknown; p={p}"),
            format!("k=RSA;p={p}"),
        ] {
            assert_eq!(parse(&text).unwrap().key, rsa(256), "{text}");
        }
        let record = parse(&format!("h=sha256;t=y:s;p={p}")).unwrap();
        assert_eq!((record.testing, record.strict), (true, true));
    }

    #[test]
    fn a_bare_rsapublickey_and_an_ed25519_key_are_read() {
        let PublicKey::Rsa(inner) = rsa(256) else { panic!() };
        assert_eq!(parse(&format!("p={}", base64::encode(inner.as_pkcs1()))).unwrap().key, rsa(256));
        let text = format!("v=DKIM1;k=ed25519;p={}", base64::encode(&[9; 32]));
        assert_eq!(parse(&text).unwrap().key, PublicKey::Ed25519([9; 32]));
        assert_eq!(parse("k=ed25519;p=AAAA").unwrap_err(), KeyError::Length(3));
    }

    #[test]
    fn an_empty_p_means_revoked() {
        assert_eq!(parse("v=DKIM1;k=rsa;p=").unwrap_err(), KeyError::Revoked);
        assert_eq!(parse("v=DKIM1; p= ;").unwrap_err(), KeyError::Revoked);
    }

    #[test]
    fn what_is_no_record_says_what_is_wrong() {
        let p = p();
        for (text, error) in [
            (String::new(), KeyError::NoKey),
            ("v=spf1 -all".into(), KeyError::Version),
            (format!("k=rsa;v=DKIM1;p={p}"), KeyError::Version),
            (format!("v=DKIM1;p={p};p={p}"), KeyError::DuplicateTag),
            (format!("v=DKIM1;k=dsa;p={p}"), KeyError::UnknownType),
            (format!("v=DKIM1;s=other;p={p}"), KeyError::Service),
            (format!("v=DKIM1;h=sha1;p={p}"), KeyError::Service),
            (format!("v=DKIM1;h=sha1:sha512;p={p}"), KeyError::Service),
            ("v=DKIM1;p=AAA".into(), KeyError::Base64("p=")),
            ("v=DKIM1;p=AAAA".into(), KeyError::Der),
            ("v=DKIM1;nonsense".into(), KeyError::Syntax),
            ("1=a".into(), KeyError::Syntax),
            ("a".repeat(MAX_RECORD_BYTES + 1), KeyError::TooLong(MAX_RECORD_BYTES)),
        ] {
            assert_eq!(parse(&text).unwrap_err(), error, "{text:.60}");
        }
    }
}
