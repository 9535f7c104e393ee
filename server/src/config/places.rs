//! How settings are read that name places in the network.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderValue;
use ipnet::IpNet;
use url::Url;

use crate::egress::address;

pub(super) fn public_url(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let has_more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") || has_more || has_user || url.port() == Some(0) {
        return Err("a URL such as https://hooks.example.com, without a user, a path or anything after it".into());
    }
    Ok(Some(url.origin().ascii_serialization()))
}

/// As this server answers for all names in the zone of the keys, it would deny one there that it does not know of, its own
/// included (RFC 2181 §5.4.1).
pub(super) fn outside_of_the_zone(server: &str, key_domain: &str) -> Result<String, String> {
    let zone = format!("_domainkey.{key_domain}");
    match server.strip_suffix(&zone) {
        Some(before) if before.is_empty() || before.ends_with('.') => Err(format!(
            "the name server of {zone} cannot have a name in that zone: only keys stand there, so that nobody would find its \
             address. Choose one outside of it, such as ns.{key_domain}"
        )),
        _ => Ok(server.to_owned()),
    }
}

pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|item| {
            let network = item.parse::<IpNet>().or_else(|_| item.parse::<IpAddr>().map(IpNet::from));
            network
                .map(address::canonical)
                .map_err(|_| format!("{item:?} is no network, such as 10.0.0.0/8 or ::1/128"))
        })
        .collect()
}

/// Addresses, each with a port or at port 53.
pub(super) fn addresses(text: &str) -> Result<Vec<SocketAddr>, String> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|item| {
            let address = item.parse().or_else(|_| item.parse::<IpAddr>().map(|ip| (ip, 53).into()));
            address.ok().filter(|address: &SocketAddr| address.port() != 0).ok_or_else(|| {
                format!("{item:?} is no address of a name server, such as 192.0.2.53 or [2001:db8::53]:5353")
            })
        })
        .collect()
}

pub(super) fn domain(text: &str) -> Result<String, &'static str> {
    let domain = text.trim_end_matches('.').to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    // Room for `SELECTOR._domainkey.` within the 253 characters of a name.
    if domain.len() <= 180 && domain.split('.').all(is_label) {
        Ok(domain)
    } else {
        Err("a domain name, such as hooks.example.com")
    }
}

/// Origins, separated by commas; `wildcards` lets `https://*.example.com` stand for every name below.
pub(super) fn origins(text: &str, wildcards: bool) -> Result<Vec<HeaderValue>, String> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|item| {
            let wrong = || format!("{item:?} is no origin, such as https://mail.example.com");
            let name = if wildcards { item.replacen("://*.", "://", 1) } else { item.to_owned() };
            let url = Url::parse(&name).map_err(|_| wrong())?;
            let is_plain = matches!(url.scheme(), "http" | "https")
                && url.port() != Some(0)
                && url.origin().ascii_serialization() == name;
            if is_plain { HeaderValue::from_str(item).map_err(|_| wrong()) } else { Err(wrong()) }
        })
        .collect()
}
