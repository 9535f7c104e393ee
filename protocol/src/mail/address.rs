//! Mail addresses in header fields, report fields and running text.

use std::ops::Range;

/// No address is longer: 64 bytes of local part, 255 of domain, and some room for quotes and escapes.
const MAX_ADDRESS: usize = 400;

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte)
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// The addresses that stand in running text, in order, each with its range.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, &str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'@', &bytes[from..]).map(|at| at + from) {
        let Some(range) = bracketed(bytes, at, from).or_else(|| bare(bytes, at, from)) else {
            from = at + 1;
            continue;
        };
        from = range.end.max(at + 1);
        if let Some(address) = text.get(range.clone()) {
            found.push((range, address));
        }
    }
    found
}

/// An address in angle brackets may hold what it will, save spaces and more brackets.
fn bracketed(bytes: &[u8], at: usize, from: usize) -> Option<Range<usize>> {
    let floor = from.max(at.saturating_sub(MAX_ADDRESS));
    let open = bytes[floor..at].iter().rposition(|&byte| byte == b'<')? + floor + 1;
    let ceiling = bytes.len().min(at + MAX_ADDRESS);
    let close = bytes[at..ceiling].iter().position(|byte| matches!(byte, b'>' | b'<'))? + at;
    let inside = &bytes[open..close];
    let quoted = inside.first() == Some(&b'"');
    let clean = inside.iter().all(|byte| quoted || !byte.is_ascii_whitespace() && !matches!(byte, b'(' | b')' | b','));
    // `<mailto:…>` and `<@relay:user@host>` (RFC 5321, appendix C) have more before the address.
    let skip = inside[..at - open].iter().rposition(|&byte| byte == b':').map_or(0, |colon| colon + 1);
    let well = bytes[close] == b'>' && clean && at > open + skip && close > at + 1 && !inside.contains(&b'\n');
    (well && !inside[skip..].contains(&b'/')).then_some(open + skip..close)
}

fn bare(bytes: &[u8], at: usize, from: usize) -> Option<Range<usize>> {
    let mut end = at + 1;
    if bytes.get(end) == Some(&b'[') {
        end += bytes[end..].iter().take(60).position(|&byte| byte == b']')? + 1;
    } else {
        while end < bytes.len() && is_domain(bytes[end]) && end - at < 256 {
            end += 1;
        }
        while end > at + 1 && matches!(bytes[end - 1], b'.' | b'-' | b'_') {
            end -= 1;
        }
    }
    if end == at + 1 {
        return None;
    }
    let floor = from.max(at.saturating_sub(MAX_ADDRESS));
    let mut start = at;
    if start > floor && bytes[start - 1] == b'"' {
        start = bytes[floor..start - 1].iter().rposition(|&byte| byte == b'"')? + floor;
        if bytes[start..at].contains(&b'\n') {
            return None;
        }
    } else {
        while start > floor && is_local(bytes[start - 1]) {
            start -= 1;
        }
    }
    // What wraps an address in text is no part of it.
    while start < at && matches!(bytes[start], b'\'' | b'`' | b'*' | b'.' | b'/' | b'|') {
        start += 1;
    }
    if let Some(equals) = bytes[start..at].iter().position(|&byte| byte == b'=') {
        let label = &bytes[start..start + equals];
        if ["smtp", "rcpt", "to", "email", "address", "recipient", "orcpt"]
            .iter()
            .any(|name| label.eq_ignore_ascii_case(name.as_bytes()))
        {
            start += equals + 1;
        }
    }
    (start < at).then_some(start..end)
}

/// The first address in a text.
pub(super) fn first(text: &str) -> Option<&str> {
    find(text).first().map(|&(_, address)| address)
}

/// The address in the value of a report field such as `Final-Recipient: rfc822; user@example.org` (RFC 3464, section
/// 2.3.2; RFC 6533, section 3), whatever its type.
pub(super) fn of_field(value: &str) -> Option<String> {
    let (kind, rest) = match value.split_once(';') {
        Some((kind, rest)) if !kind.contains('@') => (kind.trim(), rest.trim()),
        _ => ("", value.trim()),
    };
    let rest = if kind.eq_ignore_ascii_case("utf-8") { unescape(rest) } else { rest.to_owned() };
    let ascii = || first(&rest).map(str::to_owned);
    if !rest.is_ascii() && rest.contains('@') && !rest.contains(char::is_whitespace) && rest.len() < MAX_ADDRESS {
        return Some(rest.trim_matches(|c| matches!(c, '<' | '>')).to_owned());
    }
    ascii()
}

/// Undoes the escapes `\x{HEX}` of an international address (RFC 6533, section 3).
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\x{") {
        out.push_str(&rest[..at]);
        let after = &rest[at + 3..];
        let decoded = after.find('}').filter(|&end| end <= 6).and_then(|end| {
            let scalar = u32::from_str_radix(&after[..end], 16).ok()?;
            Some((char::from_u32(scalar)?, end))
        });
        match decoded {
            Some((char, end)) => {
                out.push(char);
                rest = &after[end + 1..];
            }
            None => {
                out.push_str("\\x{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether two addresses are the same to a mail server: a domain has no case, and a local part is rarely given one.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Whether an address is that of a mail system or its keeper, not of someone that mail was for.
pub(super) fn is_system(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    ["postmaster", "mailer-daemon", "mailerdaemon", "abuse", "hostmaster", "support", "helpdesk", "mailadmin"]
        .iter()
        .any(|name| local == *name)
}
