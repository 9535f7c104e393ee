//! The ways in which a proxy changes what a call was for.

use super::{Cause, MAX_KEYS, MAX_TRIALS, Trial, body};
use crate::message::{Field, Lookup, Message, split_at};
use crate::verify::Policy;

/// The most alternatives of each part.
const MAX_TARGETS: usize = 16;
/// The longest path that is put together, in bytes.
const MAX_PATH_BYTES: usize = 8192;
/// The prefixes that a proxy or a gateway most often takes off, where no header field tells.
const PREFIXES: [&[u8]; 8] = [b"/api", b"/webhooks", b"/webhook", b"/hooks", b"/v1", b"/prod", b"/stage", b"/default"];
/// No header field is changed.
const NO_FIELD: Option<(&str, &Vec<u8>)> = None;

/// The signing strings of the call with another target, host, scheme or content type, but for the one that it has.
pub(super) fn trials(
    policy: &Policy,
    message: &Message<'_>,
    built: Option<Vec<u8>>,
    build: impl Fn(&Message<'_>) -> Option<Vec<u8>>,
) -> Vec<Trial> {
    let mut trials: Vec<Trial> = Vec::new();
    let mut add = |cause: Cause, changed: &Message<'_>| {
        let Some(signing_string) = build(changed) else { return };
        let new =
            Some(&signing_string) != built.as_ref() && trials.iter().all(|each| each.signing_string != signing_string);
        if new && trials.len() < MAX_TRIALS {
            trials.push(Trial { cause, signing_string, key: None });
        }
    };
    let hosts = hosts(policy, message);
    let mut targets = forwarded(message);
    targets.extend(self::targets(message.url().target));
    for (cause, host, scheme) in &hosts {
        with(message, host.as_deref(), *scheme, None, NO_FIELD, |changed| add(cause.clone(), changed));
    }
    for (cause, value) in environments(policy, message) {
        with(message, None, None, None, Some(("x-copernica-id", &value)), |changed| add(cause.clone(), changed));
    }
    for (cause, target) in &targets {
        with(message, None, None, Some(target), NO_FIELD, |changed| add(cause.clone(), changed));
    }
    for (cause, value) in content_types(message) {
        with(message, None, None, None, Some(("content-type", &value)), |changed| add(cause.clone(), changed));
    }
    for (_, host, scheme) in &hosts {
        for (_, target) in targets.iter().take(6) {
            with(message, host.as_deref(), *scheme, Some(target), NO_FIELD, |changed| add(Cause::Proxy, changed));
        }
    }
    trials
}

/// The message with some of its parts changed.
fn with(
    message: &Message<'_>,
    host: Option<&[u8]>,
    scheme: Option<&'static str>,
    target: Option<&Vec<u8>>,
    field_changed: Option<(&str, &Vec<u8>)>,
    run: impl FnOnce(&Message<'_>),
) {
    let url = message.url();
    let host = host.or_else(|| message.host().once()).unwrap_or_default();
    let mut text = Vec::new();
    if url.scheme.is_some() || scheme.is_some() {
        text.extend_from_slice(scheme.map(str::as_bytes).or(url.scheme).unwrap_or_default());
        text.extend_from_slice(b"://");
        text.extend_from_slice(host);
    }
    text.extend_from_slice(target.map_or(url.target, Vec::as_slice));
    let mut fields: Vec<Field<'_>> = Vec::with_capacity(message.fields().len() + 1);
    fields.push(Field { name: b"host", value: host });
    for field in message.fields() {
        if field.name.eq_ignore_ascii_case(b"host") {
            continue;
        }
        let replaced = field_changed.filter(|(name, _)| field.name.eq_ignore_ascii_case(name.as_bytes()));
        fields.push(Field { name: field.name, value: replaced.map_or(field.value, |(_, value)| value) });
    }
    run(&message.changed(&text, &fields));
}

type Host = (Cause, Option<Vec<u8>>, Option<&'static str>);

fn hosts(policy: &Policy, message: &Message<'_>) -> Vec<Host> {
    let mut hosts: Vec<Host> = vec![
        (Cause::Scheme { signed: "https" }, None, Some("https")),
        (Cause::Scheme { signed: "http" }, None, Some("http")),
    ];
    let mut names: Vec<Vec<u8>> = Vec::new();
    for name in [&b"x-forwarded-host"[..], b"x-original-host", b":authority"] {
        if let Lookup::Once(value) = message.field(name) {
            names.push(value.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii().to_vec());
        }
    }
    if let Lookup::Once(value) = message.field(b"forwarded") {
        names.extend(forwarded_host(value));
    }
    names.extend(message.url().authority.map(<[u8]>::to_vec));
    names.extend(policy.hosts.iter().map(|host| host.clone().into_bytes()));
    if let Lookup::Once(host) = message.host() {
        let colon = host.iter().rposition(|byte| *byte == b':').unwrap_or(host.len());
        let bare = host.get(..colon).unwrap_or_default();
        names.push(bare.to_vec());
        names.push([bare, b":443"].concat());
        names.push([bare, b":80"].concat());
        names.push(host.to_ascii_lowercase());
    }
    for name in names.into_iter().take(MAX_TARGETS) {
        let signed = String::from_utf8_lossy(name.get(..200).unwrap_or(&name)).into_owned();
        for scheme in [None, Some("https"), Some("http")] {
            hosts.push((Cause::Host { signed: signed.clone() }, Some(name.clone()), scheme));
        }
    }
    hosts
}

/// The `host` in the first element of `Forwarded`, which the proxy nearest to the sender wrote (RFC 7239 §4, §5.3).
fn forwarded_host(value: &[u8]) -> Option<Vec<u8>> {
    let first = value.split(|byte| *byte == b',').next()?;
    first.split(|byte| *byte == b';').find_map(|pair| {
        let (name, host) = split_at(pair, b"=")?;
        let host = host.trim_ascii();
        let host = host.strip_prefix(b"\"").and_then(|host| host.strip_suffix(b"\"")).unwrap_or(host);
        name.trim_ascii().eq_ignore_ascii_case(b"host").then(|| host.to_vec())
    })
}

/// The target before a proxy took its prefix off, as far as header fields tell.
fn forwarded(message: &Message<'_>) -> Vec<(Cause, Vec<u8>)> {
    let mut found = Vec::new();
    if let Lookup::Once(prefix) = message.field(b"x-forwarded-prefix") {
        found.extend(prefixed(prefix.strip_suffix(b"/").unwrap_or(prefix), message.url().target));
    }
    for name in [&b"x-forwarded-uri"[..], b"x-original-uri", b"x-original-url", b"x-envoy-original-path"] {
        if let Lookup::Once(value) = message.field(name) {
            found.push(path_of(value).to_vec());
        }
    }
    found.retain(|target| target.starts_with(b"/") && target.len() <= MAX_PATH_BYTES);
    found.into_iter().map(stripped).collect()
}

/// A target with a prefix before it. Where the prefix was the whole path, as that of a router in Express may be, a slash
/// arrives that was never sent.
fn prefixed(prefix: &[u8], target: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    if let [b'/', query @ ..] = target
        && matches!(query, [] | [b'?', ..])
    {
        found.push([prefix, query].concat());
    }
    found.push([prefix, target].concat());
    found
}

/// Path and query of what may be a whole URL.
fn path_of(url: &[u8]) -> &[u8] {
    let Some(at) = url.windows(3).position(|each| each == b"://") else { return url };
    let rest = url.get(at + 3..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'/').and_then(|at| rest.get(at..)).unwrap_or(b"/")
}

fn stripped(target: Vec<u8>) -> (Cause, Vec<u8>) {
    let path = target.split(|byte| *byte == b'?').next().unwrap_or_default();
    let signed = String::from_utf8_lossy(path.get(..200).unwrap_or(path)).into_owned();
    (Cause::PathStripped { signed }, target)
}

/// The environments of the receiver, written as that of the call is.
fn environments(policy: &Policy, message: &Message<'_>) -> Vec<(Cause, Vec<u8>)> {
    let Lookup::Once(found) = message.field(b"x-copernica-id") else { return Vec::new() };
    let digits = found.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let prefix = found.get(..found.len() - digits).unwrap_or_default();
    let own = policy.environments.as_deref().unwrap_or_default();
    own.iter()
        .map(|each| [prefix, each.as_bytes()].concat())
        .filter(|value| value.as_slice() != found && value.len() <= MAX_PATH_BYTES)
        .take(MAX_KEYS)
        .map(|value| (Cause::Environment { signed: String::from_utf8_lossy(&value).into_owned() }, value))
        .collect()
}

pub(super) fn targets(target: &[u8]) -> Vec<(Cause, Vec<u8>)> {
    let mut found = Vec::new();
    let at = target.iter().position(|byte| *byte == b'?');
    let (path, query) = match at {
        Some(at) => (target.get(..at).unwrap_or_default(), target.get(at + 1..)),
        None => (target, None),
    };
    let join = |path: &[u8], query: Option<&[u8]>| match query {
        Some(query) => [path, b"?", query].concat(),
        None => path.to_vec(),
    };
    found.push((
        Cause::TrailingSlash,
        match path.strip_suffix(b"/") {
            Some(bare) => join(bare, query),
            None => join(&[path, b"/"].concat(), query),
        },
    ));
    found.push((Cause::SpaceInTarget, body::percent_for_space(target)));
    found.push((Cause::SpaceInTarget, body::plus_for_space(target)));
    for (index, _) in path.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'/').take(6) {
        found.push((Cause::PathPrefix, join(path.get(index..).unwrap_or_default(), query)));
    }
    if let Some(query) = query {
        let mut parts: Vec<&[u8]> = query.split(|byte| *byte == b'&').collect();
        if (2..=16).contains(&parts.len()) {
            parts.sort_unstable();
            found.push((Cause::QueryOrder, join(path, Some(&parts.join(&b'&')))));
            let reversed: Vec<&[u8]> = query.rsplit(|byte| *byte == b'&').collect();
            found.push((Cause::QueryOrder, join(path, Some(&reversed.join(&b'&')))));
        }
        found.push((Cause::QueryAdded, path.to_vec()));
    }
    found.truncate(MAX_TARGETS);
    if target.starts_with(b"/") && target.len() <= MAX_PATH_BYTES {
        found.extend(PREFIXES.iter().flat_map(|prefix| prefixed(prefix, target)).map(stripped));
    }
    found
}

/// The content type without its parameters, or with those that frameworks add.
fn content_types(message: &Message<'_>) -> Vec<(Cause, Vec<u8>)> {
    let Lookup::Once(value) = message.field(b"content-type") else { return Vec::new() };
    let essence = value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    [&b""[..], b"; charset=utf-8", b";charset=utf-8", b"; charset=UTF-8", b";charset=UTF-8"]
        .into_iter()
        .map(|parameters| (Cause::ContentType, [essence, parameters].concat()))
        .collect()
}
