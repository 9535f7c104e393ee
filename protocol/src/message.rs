//! An HTTP request as a signature sees it: method, target, header fields, body.
//!
//! Nothing here normalises anything: a signature covers the bytes that were sent, so those are what is kept.

mod date;

use core::fmt;

pub use date::{LAST_HTTP_DATE, format_http_date, parse_http_date};

/// How many header fields a message may have.
pub const MAX_FIELDS: usize = 2048;
/// How long the value of a header field may be that a signature covers or that carries one, in bytes.
pub const MAX_FIELD_BYTES: usize = 65_536;

/// One header field line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name, in any case.
    pub name: &'a [u8],
    /// The value's bytes, which need be neither ASCII nor UTF-8.
    pub value: &'a [u8],
}

impl<'a> Field<'a> {
    /// A header field of text.
    #[must_use]
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self { name: name.as_bytes(), value: value.as_bytes() }
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", String::from_utf8_lossy(self.name), String::from_utf8_lossy(self.value))
    }
}

/// What a header field's name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// No field of that name.
    Absent,
    /// One field; its value without white space at the ends.
    Once(&'a [u8]),
    /// More than one field of that name.
    Repeated,
}

impl<'a> Lookup<'a> {
    /// The value, if there is exactly one.
    #[must_use]
    pub const fn once(self) -> Option<&'a [u8]> {
        match self {
            Self::Once(value) => Some(value),
            Self::Absent | Self::Repeated => None,
        }
    }
}

/// The body, as far as a signature is concerned with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256, where it is known.
    pub sha256: Option<[u8; 32]>,
    /// Its SHA-512, where it is known.
    pub sha512: Option<[u8; 64]>,
}

/// A request that came in.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    method: &'a [u8],
    url: Url<'a>,
    fields: &'a [Field<'a>],
    body: Body,
    unnamed_scheme: &'static [u8],
}

impl<'a> Message<'a> {
    /// A request of a method, a URL (absolute, or path and query), its header fields and what is known of its body.
    #[must_use]
    pub fn new(method: &'a [u8], url: &'a [u8], fields: &'a [Field<'a>], body: Body) -> Self {
        let fields = fields.get(..MAX_FIELDS).unwrap_or(fields);
        Self { method, url: Url::split(url), fields, body, unnamed_scheme: b"https" }
    }

    /// The same request, come by plain HTTP if its URL does not tell: without this it is taken to have come by HTTPS,
    /// which a proxy before the receiver may have ended.
    #[must_use]
    pub const fn assuming_http(self) -> Self {
        Self { unnamed_scheme: b"http", ..self }
    }

    /// The same request with another URL and other header fields.
    #[must_use]
    pub(crate) fn changed<'b>(&self, url: &'b [u8], fields: &'b [Field<'b>]) -> Message<'b>
    where
        'a: 'b,
    {
        Message { unnamed_scheme: self.unnamed_scheme, ..Message::new(self.method, url, fields, self.body) }
    }

    /// The scheme that the URL names, or else the one that is assumed.
    #[must_use]
    pub fn scheme(&self) -> &'a [u8] {
        self.url.scheme.unwrap_or(self.unnamed_scheme)
    }

    /// The method as it came.
    #[must_use]
    pub const fn method(&self) -> &'a [u8] {
        self.method
    }

    /// The URL as it came.
    #[must_use]
    pub const fn url(&self) -> Url<'a> {
        self.url
    }

    /// The header fields. Those past [`MAX_FIELDS`] are not seen.
    #[must_use]
    pub const fn fields(&self) -> &'a [Field<'a>] {
        self.fields
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> &Body {
        &self.body
    }

    /// The header field of a name, compared without regard to case.
    #[must_use]
    pub fn field(&self, name: &[u8]) -> Lookup<'a> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (None, _) => Lookup::Absent,
            (Some(value), None) => Lookup::Once(value),
            (Some(_), Some(_)) => Lookup::Repeated,
        }
    }

    /// The values of all header fields of a name, in order.
    pub fn all(&self, name: &[u8]) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |field| field.name.len() == name.len() && field.name.eq_ignore_ascii_case(name))
            .map(|field| trim(field.value))
    }

    /// The host (and port) that the request was for: the `Host` field, HTTP/2's `:authority`, or that of the URL.
    #[must_use]
    pub fn host(&self) -> Lookup<'a> {
        match self.field(b"host") {
            Lookup::Absent => match (self.field(b":authority"), self.url.authority) {
                (Lookup::Absent, Some(authority)) => Lookup::Once(authority),
                (other, _) => other,
            },
            found => found,
        }
    }
}

/// A URL in the parts that signatures cover, byte for byte as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// `http` or `https`, in any case, where the URL is absolute.
    pub scheme: Option<&'a [u8]>,
    /// Host and port, without user information, where the URL is absolute.
    pub authority: Option<&'a [u8]>,
    /// Path and query, without a fragment; `/` if there is neither. A query alone stands as it came: HTTP sends `/` before it.
    pub target: &'a [u8],
}

impl<'a> Url<'a> {
    /// Splits a URL that is absolute, or path and query.
    #[must_use]
    pub fn split(url: &'a [u8]) -> Self {
        let url = url.split(|byte| *byte == b'#').next().unwrap_or_default();
        let Some((scheme, rest)) = split_at(url, b"://").filter(|(scheme, _)| is_scheme(scheme)) else {
            return Self { scheme: None, authority: None, target: if url.is_empty() { b"/" } else { url } };
        };
        let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let at = authority.iter().rposition(|byte| *byte == b'@').map_or(0, |at| at + 1);
        let authority = authority.get(at..).unwrap_or_default();
        Self { scheme: Some(scheme), authority: Some(authority), target: if target.is_empty() { b"/" } else { target } }
    }

    /// Writes the target as HTTP sends it: an empty path is `/`, also before a query (RFC 9112 §3.2.1).
    pub(crate) fn write_target(&self, out: &mut Vec<u8>) {
        if self.target.first() == Some(&b'?') {
            out.push(b'/');
        }
        out.extend_from_slice(self.target);
    }

    /// The path: the target before its query.
    #[must_use]
    pub fn path(&self) -> &'a [u8] {
        split_at(self.target, b"?").map_or(self.target, |(path, _)| path)
    }

    /// The query, without its question mark, if there is one.
    #[must_use]
    pub fn query(&self) -> Option<&'a [u8]> {
        split_at(self.target, b"?").map(|(_, query)| query)
    }

    /// Whether it was HTTPS, where the URL tells.
    #[must_use]
    pub fn is_https(&self) -> Option<bool> {
        self.scheme.map(|scheme| scheme.eq_ignore_ascii_case(b"https"))
    }
}

/// The parts before and after the first occurrence of a separator.
#[inline(never)]
pub(crate) fn split_at<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(separator.len()).position(|window| window == separator)?;
    Some((text.get(..at)?, text.get(at + separator.len()..)?))
}

/// The number that is written as 1 to 18 digits, and nothing else.
#[inline(never)]
pub(crate) fn decimal(text: &[u8]) -> Option<u64> {
    let digits = (1..=18).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    digits.then(|| text.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

/// RFC 3986 §3.1. A path with `://` in its query has a slash first, so it is none.
fn is_scheme(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphabetic)
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// A value without the optional white space around it (RFC 9110 §5.5).
#[must_use]
pub fn trim(value: &[u8]) -> &[u8] {
    let white = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let start = value.iter().position(|byte| !white(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !white(byte)).map_or(start, |last| last + 1);
    value.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(url: &str) -> (Option<&str>, Option<&str>, &str) {
        let text = |bytes| core::str::from_utf8(bytes).unwrap();
        let url = Url::split(url.as_bytes());
        (url.scheme.map(text), url.authority.map(text), text(url.target))
    }

    #[test]
    fn a_callback_url_with_a_query_is_kept_byte_for_byte() {
        assert_eq!(split("/hook?a=%2b&b=1+2&c=://"), (None, None, "/hook?a=%2b&b=1+2&c=://"));
        assert_eq!(split("https://h:8443/a%2Fb?x=~,;[{"), (Some("https"), Some("h:8443"), "/a%2Fb?x=~,;[{"));
        assert_eq!(split("HTTP://h?x"), (Some("HTTP"), Some("h"), "?x"));
        assert_eq!(split("https://h"), (Some("https"), Some("h"), "/"));
        assert_eq!(split("https://user:p%40ss@h/x#part"), (Some("https"), Some("h"), "/x"));
        assert_eq!(split(""), (None, None, "/"));
    }

    #[test]
    fn names_are_found_in_any_case_and_repeats_are_seen() {
        let fields = [Field::new("DATE", " x\t"), Field::new("a", "1"), Field::new("A", "2")];
        let message = Message::new(b"POST", b"/", &fields, Body::default());
        assert_eq!(message.field(b"date"), Lookup::Once(b"x"));
        assert_eq!(message.field(b"a"), Lookup::Repeated);
        assert_eq!(message.field(b"b"), Lookup::Absent);
    }

    #[test]
    fn the_host_is_taken_from_where_it_stands() {
        let host = |fields: &[Field<'_>], url: &'static [u8]| {
            Message::new(b"POST", url, fields, Body::default()).host().once().map(<[u8]>::to_vec)
        };
        assert_eq!(host(&[Field::new("Host", "a")], b"https://b/").unwrap(), b"a");
        assert_eq!(host(&[Field::new(":authority", "c")], b"/").unwrap(), b"c");
        assert_eq!(host(&[], b"https://b/").unwrap(), b"b");
        assert_eq!(host(&[Field::new("Host", "a"), Field::new("host", "a")], b"/"), None);
    }
}
