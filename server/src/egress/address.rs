//! Which addresses may be called: global unicast, nothing else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

/// Networks of IPv4 that are not global unicast (IANA's special-purpose registry, RFC 6890 and its followers), and why.
const SPECIAL_V4: &[(&str, &str)] = &[
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by carriers"),
    ("127.0.0.0/8", "this machine itself"),
    ("168.63.129.16/32", "a cloud's own service"),
    ("169.254.0.0/16", "link-local, where clouds keep their metadata"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved for protocols"),
    ("192.0.2.0/24", "for documentation"),
    ("192.88.99.0/24", "a 6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "for benchmarks"),
    ("198.51.100.0/24", "for documentation"),
    ("203.0.113.0/24", "for documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
];

/// Networks within 2000::/3 that are not global unicast, and why. All outside 2000::/3 is refused anyway.
const SPECIAL_V6: &[(&str, &str)] = &[
    ("2001::/23", "reserved for protocols"),
    ("2001:db8::/32", "for documentation"),
    ("3fff::/20", "for documentation"),
];

/// Whether `address` may be called: it is in one of the `allowed` networks, or global unicast.
///
/// An IPv4 address within an IPv6 one (mapped, NAT64, 6to4, Teredo) is taken out and judged itself.
///
/// # Errors
/// Says what kind of address it is.
pub fn check(address: IpAddr, allowed: &[IpNet]) -> Result<(), &'static str> {
    let address = address.to_canonical();
    if allowed.iter().any(|network| network.contains(&address)) {
        return Ok(());
    }
    match address {
        IpAddr::V4(address) => check_v4(address),
        IpAddr::V6(address) => check_v6(address, allowed),
    }
}

fn check_v4(address: Ipv4Addr) -> Result<(), &'static str> {
    special(SPECIAL_V4, IpAddr::V4(address))
}

fn check_v6(address: Ipv6Addr, allowed: &[IpNet]) -> Result<(), &'static str> {
    let embedded = embedded_v4(address);
    if !embedded.is_empty() {
        return embedded.into_iter().try_for_each(|inner| check(IpAddr::V4(inner), allowed));
    }
    if address.segments()[0] & 0xe000 != 0x2000 {
        return Err(match address.segments()[0] {
            0 => "this machine itself, or reserved",
            0xfe80..=0xfebf => "link-local",
            0xfc00..=0xfdff => "private",
            0xff00.. => "multicast",
            _ => "not global unicast",
        });
    }
    special(SPECIAL_V6, IpAddr::V6(address))
}

fn special(networks: &[(&str, &'static str)], address: IpAddr) -> Result<(), &'static str> {
    for (network, why) in networks {
        // What cannot be parsed refuses everything: the test below sees to it that all can.
        match network.parse::<IpNet>() {
            Ok(network) if !network.contains(&address) => {}
            _ => return Err(why),
        }
    }
    Ok(())
}

/// The IPv4 addresses that an IPv6 address of a transition mechanism stands for.
fn embedded_v4(address: Ipv6Addr) -> Vec<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let pair = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match (a, b) {
        // NAT64, RFC 6052 §2.1 (64:ff9b:1::/48 of RFC 8215 is for local use, and refused as not global).
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => vec![pair(g, h)],
        // 6to4, RFC 3056.
        (0x2002, _) => vec![pair(b, c)],
        // Teredo, RFC 4380 §4: the server, and the client with its bits inverted.
        (0x2001, 0) => vec![pair(c, d), pair(!g, !h)],
        _ => Vec::new(),
    }
}

/// A network as addresses are compared with it: IPv4 addresses that are written as IPv6 ones (RFC 4291 §2.5.5.2) are taken
/// for what they are.
#[must_use]
pub fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(six) = network else { return network };
    let four = six.addr().to_ipv4_mapped().zip(six.prefix_len().checked_sub(96));
    four.and_then(|(address, length)| Ipv4Net::new(address, length).ok()).map_or(network, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(address: &str) -> Result<(), &'static str> {
        check(address.parse().unwrap(), &[])
    }

    #[test]
    fn every_network_in_the_tables_parses() {
        for (network, _) in SPECIAL_V4.iter().chain(SPECIAL_V6) {
            network.parse::<IpNet>().unwrap();
        }
    }

    #[test]
    fn global_unicast_may_be_called() {
        for address in [
            "1.1.1.1",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:2800:220:1:248:1893:25c8:1946",
            "2a00:1450:4001:800::200e",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:0101:0101::1",
        ] {
            assert_eq!(checked(address), Ok(()), "{address}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.255",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "3fff::1",
            "5f00::1",
            "100::1",
            "64:ff9b:1::1.1.1.1",
        ] {
            assert!(checked(address).is_err(), "{address}");
        }
    }

    /// IANA's special-purpose registries as of 2025-10, and multicast; without what is globally reachable by its purpose
    /// (192.31.196.0/24, 192.52.193.0/24, 192.175.48.0/24 and 2620:4f:8000::/48).
    const REGISTRIES: &[&str] = &[
        "0.0.0.0/8",
        "0.0.0.0/32",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.0.0/29",
        "192.0.0.8/32",
        "192.0.0.9/32",
        "192.0.0.10/32",
        "192.0.0.170/31",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "255.255.255.255/32",
        "::1/128",
        "::/128",
        // Of NAT64, 6to4 and mapped addresses that of the address within: see below.
        "64:ff9b:1::/48",
        "100::/64",
        "100:0:0:1::/64",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:2::/48",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:10::/28",
        "2001:20::/28",
        "2001:30::/28",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    ];

    #[test]
    fn every_special_range_is_refused_from_its_first_address_to_its_last() {
        for text in REGISTRIES {
            let network: IpNet = text.parse().unwrap();
            for address in [network.network(), network.broadcast()] {
                assert!(check(address, &[]).is_err(), "{address} of {network}");
                let IpAddr::V4(inner) = address else { continue };
                let [a, b, c, d] = inner.octets();
                let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
                for around in [
                    format!("::ffff:{inner}"),
                    format!("64:ff9b::{inner}"),
                    format!("2002:{high:x}:{low:x}::1"),
                    // Teredo's server, and its client.
                    format!("2001:0:{high:x}:{low:x}::fefe:fefe"),
                    format!("2001:0:101:101::{:x}:{:x}", !high, !low),
                ] {
                    assert!(checked(&around).is_err(), "{around} of {network}");
                }
            }
        }
        // All that IPv6 has outside 2000::/3, taken at every sixteenth of it.
        for first in (0..=0xffff_u16).step_by(0x10).filter(|first| !(0x2000..0x4000).contains(first)) {
            let address = Ipv6Addr::new(first, 1, 2, 3, 4, 5, 6, 7);
            assert!(check(address.into(), &[]).is_err(), "{address}");
        }
    }

    #[test]
    fn an_address_within_an_address_is_unwrapped_then_classified() {
        for address in [
            "::ffff:169.254.169.254",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:0001::1",
            "2002:a9fe:a9fe::",
            "2002:0a00:0001::",
            // Teredo: a private server; a client of 127.0.0.1, its bits inverted.
            "2001:0:0a00:0001::fefe:fefe",
            "2001:0:0101:0101::80ff:fffe",
        ] {
            assert!(checked(address).is_err(), "{address}");
        }
        assert_eq!(checked("2001:0:0101:0101::fefe:fefe"), Ok(()));
    }

    #[test]
    fn allowed_networks_are_allowed_and_no_others() {
        let allowed = ["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "fd12::1", "1.1.1.1", "64:ff9b::127.0.0.1"] {
            assert_eq!(check(address.parse().unwrap(), &allowed), Ok(()), "{address}");
        }
        for address in ["10.0.0.1", "::1", "fe80::1"] {
            assert!(check(address.parse().unwrap(), &allowed).is_err(), "{address}");
        }
    }
}
