//! The resolver that the inspector may ask for keys, by DNS over HTTPS (RFC 8484).

use url::{Host, Url};

/// A resolver that the operator chose: the one place beside this server that the inspector's page may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolver {
    url: String,
    origin: String,
}

impl Resolver {
    /// Reads its URL, or the template that resolvers publish (`https://dns.example/dns-query{?dns}`, RFC 8484 §4.1.1).
    ///
    /// # Errors
    /// Says in a sentence what it must be: whoever is on the way of plain HTTP could forge keys, so only a resolver on the
    /// reader's own machine may be asked that way.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const WRONG: &str = "a URL such as https://dns.example.com/dns-query, without a user name or a fragment; http:// \
            only to this machine itself";
        let plain = text.strip_suffix("{?dns}").or_else(|| text.strip_suffix("{&dns}")).unwrap_or(text);
        let url = Url::parse(plain).map_err(|_| WRONG)?;
        let local = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let allowed = (url.scheme() == "https" || (url.scheme() == "http" && local)) && url.port() != Some(0);
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        // A character of a template that is none of the two known would be sent as it stands.
        if !allowed || !bare || plain.contains(['{', '}']) {
            return Err(WRONG);
        }
        Ok(Self { origin: url.origin().ascii_serialization(), url: url.into() })
    }

    /// Its origin, as a content security policy names it.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// The elements by which a page knows it; `allowed` where the page's policy lets it be asked.
    pub(super) fn meta(&self, allowed: bool) -> String {
        let url = super::branding::escaped(&self.url);
        let allowed = if allowed { " data-allowed" } else { "" };
        format!("<meta name=\"dns-over-https\" content=\"{url}\"{allowed}>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolvers_that_can_be_trusted() {
        for (text, url, origin) in [
            ("https://dns.example/dns-query", "https://dns.example/dns-query", "https://dns.example"),
            ("https://dns.example/dns-query{?dns}", "https://dns.example/dns-query", "https://dns.example"),
            (
                "https://dns.example:8443/q?key=a&b=1{&dns}",
                "https://dns.example:8443/q?key=a&b=1",
                "https://dns.example:8443",
            ),
            ("https://dns.example:443", "https://dns.example/", "https://dns.example"),
            ("https://DNS.exämple/x;y", "https://dns.xn--exmple-cua/x;y", "https://dns.xn--exmple-cua"),
            ("http://127.0.0.1:5353/dns-query", "http://127.0.0.1:5353/dns-query", "http://127.0.0.1:5353"),
            ("http://[::1]:1/", "http://[::1]:1/", "http://[::1]:1"),
            ("http://localhost/", "http://localhost/", "http://localhost"),
        ] {
            let found = Resolver::parse(text).unwrap();
            assert_eq!((found.url.as_str(), found.origin()), (url, origin), "{text}");
        }
        for text in [
            "dns.example",
            "http://dns.example/dns-query",
            "http://10.0.0.1/",
            "https://user@dns.example/",
            "https://:password@dns.example/",
            "https://dns.example/#a",
            "https://dns.example/{name}",
            "data:text/plain,",
            "https://",
        ] {
            assert!(Resolver::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_url_cannot_leave_its_attribute() {
        let resolver = Resolver::parse("https://dns.example/?a=\"><script>&b='{?dns}").unwrap();
        let meta = resolver.meta(true);
        assert_eq!(meta.matches('<').count(), 1, "{meta}");
        assert_eq!(meta.matches('>').count(), 1, "{meta}");
        assert!(meta.contains("&amp;b=") && meta.ends_with(" data-allowed>"), "{meta}");
        assert!(!resolver.meta(false).contains("data-allowed"));
    }
}
