//! Reading a `Signature` header field.

use core::fmt;
use std::borrow::Cow;

use crate::base64;
use crate::message::{decimal, split_at};
use crate::quote::start;

/// The longest `Signature` value that is read, in bytes: an 8192-bit signature and a long list of names fit.
pub const MAX_SIGNATURE_BYTES: usize = 16_384;
/// The most parameters that are read.
const MAX_PARAMETERS: usize = 32;
/// The most header fields that a signature may cover.
pub const MAX_COVERED: usize = 64;

/// What a `Signature` header field says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature<'a> {
    /// `keyId`: where the key is found.
    pub key_id: Cow<'a, str>,
    /// `algorithm`; the key decides if there is none.
    pub algorithm: Option<AlgorithmName>,
    /// `headers`: what is covered, in order, in lower case. `date` alone if the parameter is not there.
    pub covered: Vec<Cow<'a, str>>,
    /// `created`, as it stands there: Unix seconds.
    pub created: Option<Cow<'a, str>>,
    /// `expires`, as it stands there: Unix seconds, perhaps with a fraction.
    pub expires: Option<Cow<'a, str>>,
    /// `signature`: the signature's bytes.
    pub signature: Vec<u8>,
    /// Liberties that the header field takes and that are put up with.
    pub liberties: Liberties,
}

/// Liberties that a `Signature` header field takes, as the examples of SMTPeter's documentation do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Liberties {
    /// White space alone separates two parameters.
    pub missing_comma: bool,
    /// The base64 is folded.
    pub folded_base64: bool,
    /// Names in `headers` are not in lower case.
    pub capitals: bool,
}

/// The `algorithm` parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlgorithmName {
    /// `rsa-sha256`.
    RsaSha256,
    /// `rsa-sha512`.
    RsaSha512,
    /// `hmac-sha256`.
    HmacSha256,
    /// `hmac-sha512`.
    HmacSha512,
    /// `hs2019`: the key says which.
    Hs2019,
}

/// Why a `Signature` header field cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxError {
    /// Longer than [`MAX_SIGNATURE_BYTES`], or more than 32 parameters or [`MAX_COVERED`] names.
    TooLong,
    /// Not a list of `name="value"`; where, in bytes from the start.
    Syntax(usize),
    /// A parameter stands twice; which.
    Duplicate(String),
    /// A parameter is missing; which.
    Missing(&'static str),
    /// A name stands twice in `headers`; which.
    DuplicateName(String),
    /// `signature` is not base64 in its canonical form.
    Base64,
    /// `algorithm` names one that is not supported; which.
    Algorithm(String),
    /// `created` or `expires` is not a number; which of them.
    Number(&'static str),
}

impl SyntaxError {
    /// A name for programs, which never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "signature-too-long",
            Self::Syntax(_) => "signature-syntax",
            Self::Duplicate(_) => "signature-duplicate-parameter",
            Self::Missing(_) => "signature-missing-parameter",
            Self::DuplicateName(_) => "signature-duplicate-name",
            Self::Base64 => "signature-base64",
            Self::Algorithm(_) => "signature-algorithm",
            Self::Number(_) => "signature-number",
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "it is longer than {MAX_SIGNATURE_BYTES} bytes or has too many parts"),
            Self::Syntax(at) => write!(f, "it is not a list of name=\"value\" at byte {at}"),
            Self::Duplicate(name) => write!(f, "the parameter {name} stands in it twice"),
            Self::Missing(name) => write!(f, "it has no parameter {name}"),
            Self::DuplicateName(name) => write!(f, "{name} stands twice in its parameter headers"),
            Self::Base64 => f.write_str("its parameter signature is not canonical base64"),
            Self::Algorithm(name) => write!(f, "its algorithm {name} is not supported"),
            Self::Number(name) => write!(f, "its parameter {name} is not a number"),
        }
    }
}

impl core::error::Error for SyntaxError {}

impl<'a> Signature<'a> {
    /// Reads the value of a `Signature` header field (draft-cavage-http-signatures §2.1, §4.1). Parameters may stand
    /// in any order; white space may stand for a comma; base64 may be folded.
    ///
    /// # Errors
    /// [`SyntaxError`] says what is wrong, and where.
    pub fn parse(value: &'a [u8]) -> Result<Self, SyntaxError> {
        if value.len() > MAX_SIGNATURE_BYTES {
            return Err(SyntaxError::TooLong);
        }
        let mut parameters = Parameters::default();
        parameters.read(value)?;
        parameters.finish()
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_white(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn parameter(&mut self) -> Result<(&'a [u8], Cow<'a, str>), SyntaxError> {
        let name = self.run(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        self.skip_white();
        if name.is_empty() || self.peek() != Some(b'=') {
            return Err(SyntaxError::Syntax(self.at));
        }
        self.at += 1;
        self.skip_white();
        let value = if self.peek() == Some(b'"') { self.quoted()? } else { self.bare()? };
        Ok((name, value))
    }

    fn run(&mut self, accept: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn bare(&mut self) -> Result<Cow<'a, str>, SyntaxError> {
        let digits = self.run(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        if digits.is_empty() { Err(SyntaxError::Syntax(self.at)) } else { Ok(Cow::Borrowed(ascii(digits))) }
    }

    /// A quoted-string (RFC 9110 §5.6.4), of ASCII alone.
    fn quoted(&mut self) -> Result<Cow<'a, str>, SyntaxError> {
        self.at += 1;
        // Few have a character that is escaped: what stands before the first is taken in one piece.
        let plain =
            self.run(|byte| matches!(byte, 0x20..=0x7e | b'\t' | b'\r' | b'\n') && byte != b'"' && byte != b'\\');
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(ascii(plain)));
        }
        let mut out = ascii(plain).to_owned();
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(byte @ 0x20..=0x7e) => out.push(char::from(byte)),
                        _ => return Err(SyntaxError::Syntax(self.at)),
                    }
                }
                Some(byte @ (0x20..=0x7e | b'\t' | b'\r' | b'\n')) => out.push(char::from(byte)),
                _ => return Err(SyntaxError::Syntax(self.at)),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(Cow::Owned(out))
    }

    /// What stands between two parameters, or after the last. Tells whether it was a comma (or the end).
    fn separator(&mut self) -> Result<bool, SyntaxError> {
        let before = self.at;
        self.skip_white();
        match self.peek() {
            None => Ok(true),
            Some(b',') => {
                self.at += 1;
                self.skip_white();
                if self.peek().is_none() { Err(SyntaxError::Syntax(self.at)) } else { Ok(true) }
            }
            Some(_) if self.at > before => Ok(false),
            Some(_) => Err(SyntaxError::Syntax(self.at)),
        }
    }
}

// Errors that hold a text are made out of line.

#[cold]
#[inline(never)]
fn duplicate(name: &str) -> SyntaxError {
    SyntaxError::Duplicate(name.to_owned())
}

#[cold]
#[inline(never)]
fn duplicate_name(name: &str) -> SyntaxError {
    SyntaxError::DuplicateName(name.to_owned())
}

#[cold]
#[inline(never)]
fn unknown_algorithm(name: &str) -> SyntaxError {
    SyntaxError::Algorithm(start(name, 64).to_owned())
}

/// A text of bytes that are known to be ASCII.
fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

#[derive(Default)]
struct Parameters<'a> {
    key_id: Option<Cow<'a, str>>,
    algorithm: Option<Cow<'a, str>>,
    headers: Option<Cow<'a, str>>,
    created: Option<Cow<'a, str>>,
    expires: Option<Cow<'a, str>>,
    signature: Option<Cow<'a, str>>,
    unknown: Vec<&'a str>,
    liberties: Liberties,
}

impl<'a> Parameters<'a> {
    fn read(&mut self, text: &'a [u8]) -> Result<(), SyntaxError> {
        let mut reader = Reader { text, at: 0 };
        let mut count = 0;
        reader.skip_white();
        while reader.at < text.len() {
            count += 1;
            if count > MAX_PARAMETERS {
                return Err(SyntaxError::TooLong);
            }
            let (name, value) = reader.parameter()?;
            self.set(name, value)?;
            self.liberties.missing_comma |= !reader.separator()?;
        }
        Ok(())
    }

    fn set(&mut self, name: &'a [u8], value: Cow<'a, str>) -> Result<(), SyntaxError> {
        let slot = match name {
            b"keyId" => &mut self.key_id,
            b"algorithm" => &mut self.algorithm,
            b"headers" => &mut self.headers,
            b"created" => &mut self.created,
            b"expires" => &mut self.expires,
            b"signature" => &mut self.signature,
            other => {
                let other = ascii(other);
                if self.unknown.contains(&other) {
                    return Err(duplicate(other));
                }
                self.unknown.push(other);
                return Ok(());
            }
        };
        // Never "the last wins": whoever can add a parameter must not be able to replace one.
        if slot.is_some() {
            return Err(duplicate(ascii(name)));
        }
        *slot = Some(value);
        Ok(())
    }

    fn finish(mut self) -> Result<Signature<'a>, SyntaxError> {
        for (name, value) in [("keyId", &self.key_id), ("signature", &self.signature)] {
            if value.is_none() {
                return Err(SyntaxError::Missing(name));
            }
        }
        for (name, value) in [("created", &self.created), ("expires", &self.expires)] {
            if value.as_ref().is_some_and(|value| unix_seconds(value).is_none()) {
                return Err(SyntaxError::Number(name));
            }
        }
        let algorithm = self.algorithm.as_deref().map(algorithm_name).transpose()?;
        let signature = self.bytes()?;
        let covered = self.covered()?;
        let Self { key_id, created, expires, liberties, .. } = self;
        Ok(Signature { key_id: key_id.unwrap_or_default(), algorithm, covered, created, expires, signature, liberties })
    }

    /// The bytes of `signature`.
    fn bytes(&mut self) -> Result<Vec<u8>, SyntaxError> {
        let text = self.signature.as_deref().unwrap_or_default().as_bytes();
        if let Some(bytes) = base64::decode(text) {
            return Ok(bytes);
        }
        let compact: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        self.liberties.folded_base64 = compact.len() != text.len();
        base64::decode(&compact).ok_or(SyntaxError::Base64)
    }

    fn covered(&mut self) -> Result<Vec<Cow<'a, str>>, SyntaxError> {
        match &self.headers {
            None => covered_names("date", &mut self.liberties),
            Some(Cow::Borrowed(headers)) => covered_names(headers, &mut self.liberties),
            Some(Cow::Owned(headers)) => {
                let names = covered_names(headers, &mut self.liberties)?;
                Ok(names.into_iter().map(|name| Cow::Owned(name.into_owned())).collect())
            }
        }
    }
}

fn covered_names<'h>(headers: &'h str, liberties: &mut Liberties) -> Result<Vec<Cow<'h, str>>, SyntaxError> {
    let mut covered: Vec<Cow<'h, str>> = Vec::with_capacity(8);
    for name in headers.split_ascii_whitespace() {
        if covered.len() == MAX_COVERED {
            return Err(SyntaxError::TooLong);
        }
        let lower = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            liberties.capitals = true;
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        };
        if covered.contains(&lower) {
            return Err(duplicate_name(&lower));
        }
        covered.push(lower);
    }
    if covered.is_empty() { Err(SyntaxError::Missing("headers")) } else { Ok(covered) }
}

fn algorithm_name(name: &str) -> Result<AlgorithmName, SyntaxError> {
    [
        AlgorithmName::RsaSha256,
        AlgorithmName::RsaSha512,
        AlgorithmName::HmacSha256,
        AlgorithmName::HmacSha512,
        AlgorithmName::Hs2019,
    ]
    .into_iter()
    .find(|each| each.as_str().eq_ignore_ascii_case(name))
    .ok_or_else(|| unknown_algorithm(name))
}

/// Unix seconds written as decimal digits, perhaps with a fraction, which is dropped.
pub(crate) fn unix_seconds(text: &str) -> Option<u64> {
    let text = text.as_bytes();
    let (whole, fraction) = split_at(text, b".").unwrap_or((text, b"0"));
    decimal(fraction).and(decimal(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Signature<'_>, SyntaxError> {
        Signature::parse(text.as_bytes())
    }

    #[test]
    fn the_documentations_own_example_with_capitals_folding_and_no_comma_is_read() {
        let signature = parse(
            "keyId=\"k\",algorithm=\"rsa-sha256\",\r\n headers=\"(request-target) Host Date\r\n Content-Length\"\r\n \
             signature=\"AAEC\r\n AwQF\"",
        )
        .unwrap();
        assert_eq!(signature.covered, ["(request-target)", "host", "date", "content-length"]);
        assert_eq!(signature.signature, [0, 1, 2, 3, 4, 5]);
        assert_eq!(signature.liberties, Liberties { missing_comma: true, folded_base64: true, capitals: true });
    }

    #[test]
    fn key_id_twice_is_refused_never_the_last_wins() {
        let error = parse("keyId=\"a\",keyId=\"b\",signature=\"AAAA\"").unwrap_err();
        assert_eq!(error, SyntaxError::Duplicate("keyId".into()));
        assert_eq!(
            parse("x=\"a\",keyId=\"k\",x=\"b\",signature=\"AAAA\"").unwrap_err(),
            SyntaxError::Duplicate("x".into())
        );
    }

    #[test]
    fn commas_inside_quoted_parameters_are_part_of_the_value() {
        let signature = parse(r#"keyId="a,b=\"c\"",signature="AAAA""#).unwrap();
        assert_eq!(signature.key_id, "a,b=\"c\"");
        assert_eq!(signature.covered, ["date"]);
        assert_eq!(signature.liberties, Liberties::default());
    }

    #[test]
    fn base64_that_is_not_canonical_is_refused() {
        for text in ["AAB=", "AAA", "A===", "AA=A", "AA-_", "AAA=="] {
            let error = parse(&format!("keyId=\"k\",signature=\"{text}\"")).unwrap_err();
            assert_eq!(error, SyntaxError::Base64, "{text}");
        }
    }

    #[test]
    fn what_is_no_list_of_parameters_is_named_with_its_place() {
        for (text, error) in [
            ("keyId", SyntaxError::Syntax(5)),
            ("keyId=\"k", SyntaxError::Syntax(8)),
            ("keyId=\"k\"signature=\"AAAA\"", SyntaxError::Syntax(9)),
            ("keyId=\"k\",", SyntaxError::Syntax(10)),
            ("", SyntaxError::Missing("keyId")),
            ("keyId=\"k\"", SyntaxError::Missing("signature")),
            ("keyId=\"k\",signature=\"AAAA\",headers=\"\"", SyntaxError::Missing("headers")),
            ("keyId=\"k\",signature=\"AAAA\",headers=\"a A\"", SyntaxError::DuplicateName("a".into())),
            ("keyId=\"k\",signature=\"AAAA\",created=1-1", SyntaxError::Number("created")),
            ("keyId=\"k\",signature=\"AAAA\",algorithm=\"none\"", SyntaxError::Algorithm("none".into())),
        ] {
            assert_eq!(parse(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn a_64_kib_header_is_refused_by_its_length() {
        assert_eq!(Signature::parse(&[b'a'; 65_536]).unwrap_err(), SyntaxError::TooLong);
        let many = "a=1,".repeat(3000);
        assert!(matches!(parse(&many[..many.len() - 1]), Err(SyntaxError::Duplicate(_))));
    }
}
