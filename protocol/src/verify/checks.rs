//! The checks that profiles share.

use super::reason::shown;
use super::{Policy, Reason};
use crate::base64;
use crate::message::{Body, Lookup, Message, decimal, parse_http_date, trim};
use crate::quote::listed;
use crate::signature::Digest;

pub(super) fn https(policy: &Policy, message: &Message<'_>) -> Reason {
    match message.url().is_https() {
        Some(true) => Reason::HttpsUsed,
        Some(false) if policy.allow_http => Reason::HttpAllowed,
        Some(false) => Reason::HttpPlain,
        None => Reason::HttpsUnknown,
    }
}

/// Compares a call's time with the clock; both in Unix seconds.
#[inline(never)]
pub(super) fn within(source: &'static str, time: u64, now: u64, tolerance: u64) -> Reason {
    let by = time.abs_diff(now);
    if by <= tolerance {
        let amount = i64::try_from(by).unwrap_or(i64::MAX);
        Reason::DateWithin { source, skew: if time < now { -amount } else { amount } }
    } else if time > now {
        Reason::DateAhead { source, by, tolerance }
    } else {
        Reason::DateBehind { source, by, tolerance }
    }
}

/// The `Date` header field (RFC 9110 §5.6.7).
pub(super) fn date(message: &Message<'_>, now: u64, tolerance: u64) -> Reason {
    let source = "Date";
    match message.field(b"date") {
        Lookup::Absent => Reason::DateAbsent { source },
        Lookup::Repeated => Reason::DateRepeated { source },
        // A date that does not parse is a failure of its own: it must not compare as "not too old".
        Lookup::Once(value) => match parse_http_date(value) {
            Some(time) => within(source, time, now, tolerance),
            None => Reason::DateUnreadable { source, found: shown(value) },
        },
    }
}

pub(super) fn host(policy: &Policy, message: &Message<'_>) -> Reason {
    if policy.hosts.is_empty() {
        return Reason::HostUnnamed;
    }
    match message.host() {
        Lookup::Absent => Reason::HostAbsent,
        Lookup::Repeated => Reason::HostRepeated,
        Lookup::Once(found) => own_host(policy, found),
    }
}

/// Whether a host is one of the receiver's own.
pub(super) fn own_host(policy: &Policy, found: &[u8]) -> Reason {
    if policy.hosts.iter().any(|own| same_host(own.as_bytes(), found)) {
        Reason::HostOwn
    } else {
        Reason::HostOther { found: shown(found), own: listed(&policy.hosts) }
    }
}

/// Whether two hosts are the same but for case and a default port.
fn same_host(one: &[u8], other: &[u8]) -> bool {
    fn bare(host: &[u8]) -> &[u8] {
        host.strip_suffix(b":443").or_else(|| host.strip_suffix(b":80")).unwrap_or(host)
    }
    bare(one).eq_ignore_ascii_case(bare(other))
}

/// The `Digest` header field (RFC 3230, RFC 5843): a list, names in any case, of which SHA-256 must be one. Every one
/// that is known is compared.
pub(super) fn digest(message: &Message<'_>) -> Reason {
    let field = "Digest";
    let value = match message.field(b"digest") {
        Lookup::Absent => return Reason::DigestAbsent { field },
        Lookup::Repeated => return Reason::DigestRepeated { field },
        Lookup::Once(value) => value,
    };
    if let Some(wrong) = length(message) {
        return wrong;
    }
    let mut strong = false;
    for entry in value.split(|byte| *byte == b',').map(trim) {
        let Some(at) = entry.iter().position(|byte| *byte == b'=') else { return Reason::DigestUnreadable { field } };
        let (name, encoded) = (trim(&entry[..at]), trim(&entry[at + 1..]));
        let algorithm = match name {
            name if name.eq_ignore_ascii_case(b"sha-256") => Digest::Sha256,
            name if name.eq_ignore_ascii_case(b"sha-512") => Digest::Sha512,
            _ => continue,
        };
        let Some(claimed) = base64::decode(encoded) else { return Reason::DigestUnreadable { field } };
        if let Some(wrong) = compare(message.body(), algorithm, &claimed) {
            return wrong;
        }
        strong |= algorithm == Digest::Sha256;
    }
    if strong { Reason::DigestMatches } else { Reason::DigestWeak { field } }
}

/// Why a digest is not that of the body, if so.
pub(super) fn compare(body: &Body, algorithm: Digest, claimed: &[u8]) -> Option<Reason> {
    let actual = match algorithm {
        Digest::Sha256 => body.sha256.as_ref().map(<[u8; 32]>::as_slice),
        Digest::Sha512 => body.sha512.as_ref().map(<[u8; 64]>::as_slice),
    };
    match actual {
        None => Some(Reason::DigestUnchecked { algorithm }),
        Some(actual) if actual == claimed => None,
        Some(_) => Some(Reason::DigestDiffers { algorithm }),
    }
}

/// Why `Content-Length` is not the length of the body, if so.
pub(super) fn length(message: &Message<'_>) -> Option<Reason> {
    let value = match message.field(b"content-length") {
        Lookup::Absent => return None,
        Lookup::Repeated => return Some(Reason::LengthUnreadable),
        Lookup::Once(value) => value,
    };
    let Some(announced) = decimal(value) else { return Some(Reason::LengthUnreadable) };
    let arrived = message.body().length;
    (announced != arrived).then_some(Reason::LengthDiffers { announced, arrived })
}

/// `X-Copernica-ID`, in the three forms that documentation has for it.
pub(super) fn environment(policy: &Policy, message: &Message<'_>) -> Reason {
    let Some(own) = &policy.environments else { return Reason::EnvironmentAny };
    let value = match message.field(b"x-copernica-id") {
        Lookup::Absent => return Reason::EnvironmentAbsent,
        Lookup::Repeated => return Reason::EnvironmentRepeated,
        Lookup::Once(value) => value,
    };
    let number = [&b"environment_"[..], b"environment-", b"account_"]
        .into_iter()
        .find_map(|prefix| value.strip_prefix(prefix))
        .filter(|number| (1..=20).contains(&number.len()) && number.iter().all(u8::is_ascii_digit));
    match number {
        None => Reason::EnvironmentUnreadable { found: shown(value) },
        Some(number) if own.iter().any(|each| each.as_bytes() == number) => Reason::EnvironmentOwn,
        Some(number) => Reason::EnvironmentOther { found: shown(number), own: listed(own) },
    }
}

/// Whether the name of a key is one that may be looked up.
pub(super) fn key_id(policy: &Policy, key_id: &str) -> Reason {
    if policy.key_ids.iter().any(|each| each == key_id) {
        return Reason::KeyIdAtHand;
    }
    let Some(domains) = &policy.key_domains else { return Reason::KeyIdAny };
    let found = || shown(key_id.as_bytes());
    let name = key_id.strip_suffix('.').unwrap_or(key_id);
    if !is_domain_name(name) {
        return Reason::KeyIdMalformed { found: found() };
    }
    if domains.iter().any(|domain| is_below(name, domain)) {
        Reason::KeyIdTrusted
    } else {
        Reason::KeyIdForeign { found: found(), trusted: listed(domains) }
    }
}

/// Letters, digits, `-` and `_` in labels of 1 to 63, 253 in all (RFC 1035 §2.3.4).
fn is_domain_name(name: &str) -> bool {
    name.len() <= 253
        && name.as_bytes().split(|byte| *byte == b'.').all(|label| {
            (1..=63).contains(&label.len())
                && label.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

/// Whether a name is a subdomain of a domain: compared at label boundaries, so `evilexample.com` is not below
/// `example.com`.
fn is_below(name: &str, domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain).as_bytes();
    let name = name.as_bytes();
    let Some(dot) = name.len().checked_sub(domain.len() + 1) else { return false };
    dot > 0 && name.get(dot) == Some(&b'.') && name.get(dot + 1..).is_some_and(|end| end.eq_ignore_ascii_case(domain))
}
