//! Where a call goes: a callback URL, parsed once.

use std::{fmt, net::IpAddr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use url::{Host, Url};

/// What stands for user and password where a URL is shown.
const MASK: &str = "***";
/// How long a URL may be, in bytes.
const MAX_LENGTH: usize = 2048;

/// A URL that may be called: `http` or `https`, on port 80, 443 or one from 1024.
///
/// Cheap to clone. Its `Debug` and `Display` hide who calls: a user name can be a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Target(Arc<Parts>);

#[derive(PartialEq, Eq)]
struct Parts {
    url: Url,
    host: Host<String>,
    port: u16,
    authority: Arc<str>,
    path: http::uri::PathAndQuery,
    authorization: Option<String>,
}

/// Why a text is no URL to call, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTarget(pub String);

impl fmt::Display for InvalidTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidTarget {}

impl Target {
    /// Parses a URL as the WHATWG URL standard says.
    ///
    /// # Errors
    /// Says what is wrong and what would be right.
    pub fn parse(text: &str) -> Result<Self, InvalidTarget> {
        let invalid = |why: String| Err(InvalidTarget(why));
        if text.len() > MAX_LENGTH {
            return invalid(format!("the URL is longer than {MAX_LENGTH} bytes"));
        }
        let mut url = match Url::parse(text.trim()) {
            Ok(url) => url,
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                return invalid("not a whole URL: it begins with https:// (or http://)".into());
            }
            Err(error) => return invalid(format!("not a URL: {error}")),
        };
        if !matches!(url.scheme(), "http" | "https") {
            return invalid(format!("the URL begins with {}:, but only https: and http: can be called", url.scheme()));
        }
        url.set_fragment(None);
        let (Some(host), Some(port)) = (url.host().map(|host| host.to_owned()), url.port_or_known_default()) else {
            return invalid("the URL has no host".into());
        };
        if !matches!(port, 80 | 443 | 1024..) {
            return invalid(format!("port {port} is not called: use 80, 443, or a port from 1024"));
        }
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let path = path.parse().map_err(|error| InvalidTarget(format!("the path cannot be requested: {error}")))?;
        let authorization = authorization(&url);
        Ok(Self(Arc::new(Parts { url, host, port, authority: authority.into(), path, authorization })))
    }

    /// The URL in its normal form, with its user and password if it has them: to be kept, not shown.
    #[must_use]
    pub fn secret_url(&self) -> &str {
        self.0.url.as_str()
    }

    /// The same with the user and password of `known`, where `***` stands for them as where they are shown.
    ///
    /// # Errors
    /// When it is another server: theirs are not sent to it.
    pub fn unmasked(self, known: &Self) -> Result<Self, InvalidTarget> {
        let mut url = self.0.url.clone();
        if url.username() != MASK || url.password().is_some() {
            return Ok(self);
        }
        if url.origin() != known.0.url.origin() || known.0.authorization.is_none() {
            return Err(InvalidTarget(format!(
                "{MASK} stands for a user and password that are not shown: write out those of this server"
            )));
        }
        // It fails only for URLs that cannot have either; this one has.
        let _ = url.set_username(known.0.url.username()).and_then(|()| url.set_password(known.0.url.password()));
        Self::parse(url.as_str())
    }

    /// The same with another path, and without a query.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn at(&self, path: &str) -> Result<Self, InvalidTarget> {
        let mut url = self.0.url.clone();
        url.set_query(None);
        url.set_path(path);
        Self::parse(url.as_str())
    }

    /// The host, as in the `Host` header: with the port, unless it is the scheme's own.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.0.authority
    }

    /// The same, to be kept.
    pub(super) fn shared_authority(&self) -> Arc<str> {
        Arc::clone(&self.0.authority)
    }

    /// Path and query, byte for byte as sent.
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        self.0.path.as_str()
    }

    /// Whether it is https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.url.scheme() == "https"
    }

    /// The value of `Authorization`, where the URL holds a user.
    #[must_use]
    pub fn authorization(&self) -> Option<&str> {
        self.0.authorization.as_deref()
    }

    /// The whole URI without a password, as a proxy is asked for it.
    pub(super) fn absolute_uri(&self) -> Result<http::Uri, http::Error> {
        http::Uri::builder()
            .scheme(self.0.url.scheme())
            .authority(self.authority())
            .path_and_query(self.0.path.clone())
            .build()
    }

    pub(super) fn host(&self) -> &Host<String> {
        &self.0.host
    }

    pub(super) fn port(&self) -> u16 {
        self.0.port
    }

    pub(super) fn literal_address(&self) -> Option<IpAddr> {
        match &self.0.host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some((*address).into()),
            Host::Ipv6(address) => Some((*address).into()),
        }
    }
}

/// The URL with `***` in the place of user and password.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.authorization.is_none() {
            return f.write_str(self.0.url.as_str());
        }
        let mut shown = self.0.url.clone();
        // It fails only for URLs that cannot have either; this one has.
        let _ = shown.set_password(None).and_then(|()| shown.set_username(MASK));
        f.write_str(shown.as_str())
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

/// `Basic` credentials (RFC 7617), where the URL holds some.
pub(super) fn authorization(url: &Url) -> Option<String> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut credentials: Vec<u8> = percent_decode(url.username());
    credentials.push(b':');
    credentials.extend(percent_decode(url.password().unwrap_or_default()));
    Some(format!("Basic {}", STANDARD.encode(credentials)))
}

fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn userinfo_becomes_basic_authorization_and_shows_nowhere() {
        let target = Target::parse("http://user:p%40ss@host/a?b=c").unwrap();
        assert_eq!(target.authorization(), Some("Basic dXNlcjpwQHNz"));
        assert_eq!(target.authority(), "host");
        assert_eq!(target.path_and_query(), "/a?b=c");
        assert_eq!(target.to_string(), "http://***@host/a?b=c");
        assert_eq!(format!("{target:?}"), "Target(http://***@host/a?b=c)");
        assert_eq!(Target::parse(target.secret_url()).unwrap(), target);
        // A token is as often the user as the password.
        for text in ["http://token@host/", "http://token:@host/", "http://:token@host/"] {
            let target = Target::parse(text).unwrap();
            assert_eq!(target.to_string(), "http://***@host/", "{text}");
            assert!(target.authorization().is_some());
        }
    }

    #[test]
    fn what_is_hidden_stays_where_a_shown_url_is_edited() {
        let known = Target::parse("https://to%40ken:p@host/a").unwrap();
        let edited =
            |text: &str| Target::parse(text).unwrap().unmasked(&known).map(|target| target.secret_url().to_owned());
        assert_eq!(edited("https://***@host/b?c").as_deref(), Ok("https://to%40ken:p@host/b?c"));
        assert_eq!(edited("https://other@host/b").as_deref(), Ok("https://other@host/b"));
        assert_eq!(edited("https://host/b").as_deref(), Ok("https://host/b"));
        // A secret is told to nobody else.
        for text in ["https://***@other/a", "http://***@host/a", "https://***@host:8443/a"] {
            assert!(edited(text).is_err_and(|error| error.0.starts_with("*** stands for")), "{text}");
        }
        let plain = Target::parse("https://host/a").unwrap();
        assert!(Target::parse("https://***@host/a").unwrap().unmasked(&plain).is_err());
    }

    #[test]
    fn legal_urls_are_parsed_as_whatwg_says() {
        for (text, authority, path) in [
            ("https://example.com", "example.com", "/"),
            ("HTTPS://EXAMPLE.com:443/~a,b;c", "example.com", "/~a,b;c"),
            ("https://example.com:8443/x?a[b]={c}|d~e;f,g", "example.com:8443", "/x?a[b]={c}|d~e;f,g"),
            ("https://bücher.example/ü", "xn--bcher-kva.example", "/%C3%BC"),
            ("https://example.com/a#fragment", "example.com", "/a"),
            ("http://[2001:db8::1]:8080/", "[2001:db8::1]:8080", "/"),
            ("http://0x7f.1/", "127.0.0.1", "/"),
            ("https://example.com/a b?c d", "example.com", "/a%20b?c%20d"),
            ("https://example.com/[x]/{y}", "example.com", "/[x]/%7By%7D"),
            ("https://example.com/?", "example.com", "/?"),
        ] {
            let target = Target::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((target.authority(), target.path_and_query()), (authority, path), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_called_is_refused_with_a_reason() {
        for (text, why) in [
            ("", "not a whole URL: it begins with https:// (or http://)"),
            ("/path", "not a whole URL: it begins with https:// (or http://)"),
            ("ftp://example.com/", "the URL begins with ftp:, but only https: and http: can be called"),
            ("file:///etc/passwd", "the URL begins with file:, but only https: and http: can be called"),
            ("http://example.com:22/", "port 22 is not called: use 80, 443, or a port from 1024"),
            ("http://example.com:1023/", "port 1023 is not called: use 80, 443, or a port from 1024"),
            ("http://example.com:99999/", "not a URL: invalid port number"),
            ("https://", "not a URL: empty host"),
        ] {
            assert_eq!(Target::parse(text).unwrap_err().to_string(), why, "{text}");
        }
        assert!(Target::parse(&format!("https://example.com/{}", "a".repeat(3000))).is_err());
    }
}
