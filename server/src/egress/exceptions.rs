//! Who is called directly although everything else goes through a proxy.

use std::net::IpAddr;

use ipnet::IpNet;
use url::Host;

use super::{Target, address};

/// Names and networks that are not called through the proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exceptions {
    names: Vec<String>,
    networks: Vec<IpNet>,
}

impl Exceptions {
    /// Reads names, addresses and networks, separated by commas: `internal.example.com, 10.0.0.0/8, ::1`. A name stands for
    /// itself and for all names below it; a point or `*.` before it changes nothing, as in other programs' `NO_PROXY`.
    ///
    /// # Errors
    /// Names the first item that is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut found = Self::default();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            if let Ok(network) = item.parse::<IpNet>() {
                found.networks.push(address::canonical(network.trunc()));
            } else if let Ok(address) = item.parse::<IpAddr>() {
                found.networks.push(address.to_canonical().into());
            } else {
                found.names.push(name(item).ok_or_else(|| {
                    format!("{item:?} is no name, address or network, such as internal.example.com or 10.0.0.0/8")
                })?);
            }
        }
        Ok(found)
    }

    /// Whether a call is made directly: its host has one of the names, or all its addresses are in the networks.
    pub(super) fn hold_for(&self, target: &Target, addresses: &[IpAddr]) -> bool {
        if let Host::Domain(host) = target.host()
            && self.names.iter().any(|name| is_or_is_below(host.trim_end_matches('.'), name))
        {
            return true;
        }
        let is_within = |address: &IpAddr| {
            let address = address.to_canonical();
            self.networks.iter().any(|network| network.contains(&address))
        };
        !addresses.is_empty() && addresses.iter().all(is_within)
    }
}

/// A domain name in its normal form, as hosts of URLs have it.
fn name(item: &str) -> Option<String> {
    let item = item.strip_prefix("*.").or_else(|| item.strip_prefix('.')).unwrap_or(item);
    match Host::parse(item.trim_end_matches('.')) {
        // A part of a pattern, or of a URL, is no name.
        Ok(Host::Domain(name)) if !name.contains(['*', '/', ':']) => Some(name),
        _ => None,
    }
}

fn is_or_is_below(host: &str, name: &str) -> bool {
    host.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(exceptions: &str, url: &str, addresses: &[&str]) -> bool {
        let addresses: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        Exceptions::parse(exceptions).unwrap().hold_for(&Target::parse(url).unwrap(), &addresses)
    }

    #[test]
    fn a_name_stands_for_itself_and_what_is_below_it() {
        for exceptions in ["internal.example", ".Internal.example", "*.internal.example.", "other, internal.example"] {
            for url in ["http://internal.example/", "https://a.b.internal.example:8443/", "http://INTERNAL.example./"] {
                assert!(holds(exceptions, url, &["1.1.1.1"]), "{exceptions} {url}");
            }
            for url in ["http://notinternal.example/", "http://example/", "http://internal.example.com/"] {
                assert!(!holds(exceptions, url, &["1.1.1.1"]), "{exceptions} {url}");
            }
        }
        assert!(holds("münchen.example", "https://a.xn--mnchen-3ya.example/", &["1.1.1.1"]));
        assert!(!holds("", "http://internal.example/", &["1.1.1.1"]));
    }

    #[test]
    fn a_network_holds_where_every_address_is_in_it() {
        let exceptions = "10.0.0.0/8, fd00::/8, 192.0.2.7, 10.1.2.3/16";
        for addresses in [&["10.1.2.3"][..], &["10.1.2.3", "fd00::1"], &["::ffff:10.1.2.3"], &["192.0.2.7"]] {
            assert!(holds(exceptions, "http://a.example/", addresses), "{addresses:?}");
        }
        for addresses in [&["10.1.2.3", "1.1.1.1"][..], &["192.0.2.8"], &[]] {
            assert!(!holds(exceptions, "http://a.example/", addresses), "{addresses:?}");
        }
        assert!(holds(exceptions, "http://10.0.0.1/", &["10.0.0.1"]));
        for mapped in ["::ffff:10.0.0.0/104", "::ffff:10.1.2.3"] {
            assert!(holds(mapped, "http://a.example/", &["10.1.2.3"]), "{mapped}");
        }
    }

    #[test]
    fn what_is_neither_is_named() {
        for item in ["*", "a.*.example", "http://a.example", "a.example:8080", "10.0.0.0/33", "a b", "[::1]", "."] {
            let error = Exceptions::parse(&format!("good.example, {item}")).unwrap_err();
            assert!(error.starts_with(&format!("{item:?} is no name")), "{error}");
        }
    }
}
