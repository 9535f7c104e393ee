//! The checklist for the profile `rfc9421`.

use super::report::CheckName as Name;
use super::{Begun, Candidate, Outcome, Policy, Profile, Reason, Requested, Work, checks};
use crate::message::{Lookup, Message};
use crate::signature::Digest;
use crate::signature::rfc9421::{SignatureInput, SyntaxError, algorithm, signature_base, signatures};
use crate::signature::structured::{BareItem, Item, Member, parse_dictionary};

#[inline(never)]
pub(super) fn begin(policy: &Policy, message: &Message<'_>, now: u64) -> Begun {
    let mut begun = Begun::new(Profile::Rfc9421);
    begun.set(Name::Https, checks::https(policy, message));
    begun.set(Name::Host, checks::host(policy, message));
    begun.set(Name::Digest, content_digest(message));
    begun.set(Name::Environment, checks::environment(policy, message));
    if !policy.keeps_nonces {
        begun.set(Name::Nonce, Reason::NonceNotKept);
    }
    match signatures(message) {
        Ok(found) => {
            if let Some(input) = chosen(policy, found) {
                judge(&mut begun, policy, message, now, input);
            }
        }
        Err(error) => {
            begun.set(Name::Date, Reason::DateUnread);
            begun.set(
                Name::Coverage,
                match error {
                    SyntaxError::Absent(field) => Reason::SignatureAbsent { field },
                    SyntaxError::Repeated(field) => Reason::SignatureRepeated { field },
                    error => Reason::MessageSignatureUnreadable(error),
                },
            );
            begun.set(Name::KeyId, Reason::KeyIdUnread);
            begun.set(Name::Signature, Reason::SignatureUnread);
        }
    }
    begun
}

/// Of several signatures (a gateway may add its own) the first of those whose key may be looked up; of these rather one that
/// covers what it must, and of these one whose key is at hand. If no key may be looked up, the best of the others.
pub(crate) fn chosen(policy: &Policy, found: Vec<SignatureInput>) -> Option<SignatureInput> {
    let mut best = (0, 0);
    for (at, input) in found.iter().enumerate() {
        let merit = match key_id(policy, input) {
            Reason::KeyIdAtHand => 5,
            reason if reason.outcome() != Outcome::Fail => 4,
            _ => 0,
        };
        let merit = merit + if missing(policy, input).is_empty() { 2 } else { 0 };
        if merit > best.1 {
            best = (at, merit);
        }
    }
    found.into_iter().nth(best.0)
}

fn key_id(policy: &Policy, input: &SignatureInput) -> Reason {
    match &input.key_id {
        Some(key_id) => checks::key_id(policy, key_id),
        None if policy.key_domains.is_none() => Reason::KeyIdAny,
        None => Reason::KeyIdAbsent,
    }
}

fn judge(begun: &mut Begun, policy: &Policy, message: &Message<'_>, now: u64, input: SignatureInput) {
    begun.set(Name::Date, date(&input, now, policy.tolerance(Profile::Rfc9421)));
    if policy.keeps_nonces {
        match &input.nonce {
            Some(nonce) if !nonce.is_empty() => begun.nonce = Some(nonce.clone().into_bytes()),
            _ => begun.set(Name::Nonce, Reason::NonceAbsent { field: "nonce" }),
        }
    }
    // What is signed is then the URL's own host, whatever the Host says (RFC 9112 §3.2.2).
    if let Some(authority) = message.url().authority
        && input.covers("@target-uri")
        && matches!(begun.reason(Name::Host), Some(Reason::HostOwn))
    {
        begun.set(Name::Host, checks::own_host(policy, authority));
    }
    let built = signature_base(message, &input);
    let missing = missing(policy, &input);
    begun.set(
        Name::Coverage,
        match &built {
            Err(error) => Reason::CoverageBroken(error.clone()),
            Ok(_) if !missing.is_empty() => Reason::NotCovered(missing),
            Ok(_) => Reason::Covered,
        },
    );
    let key_id = key_id(policy, &input);
    let trusted = key_id.outcome() != Outcome::Fail;
    begun.set(Name::KeyId, key_id);
    let Ok(text) = built else { return begun.set(Name::Signature, Reason::SignatureUnbuilt) };
    begun.signing_string = Some(text);
    if !trusted {
        return begun.set(Name::Signature, Reason::SignatureUntrusted);
    }
    let requested = match input.algorithm.as_deref() {
        None => Requested::ByKey,
        Some(name) => match algorithm(name) {
            Some(algorithm) => Requested::Exactly(algorithm),
            None => {
                let found = super::reason::shown(name.as_bytes());
                return begun.set(Name::Signature, Reason::AlgorithmUnknown { found });
            }
        },
    };
    begun.work = Some(Work {
        key_id: Some(input.key_id.unwrap_or_default()),
        with_body: false,
        candidates: vec![Candidate { requested, signature: input.signature }],
    });
}

fn date(input: &SignatureInput, now: u64, tolerance: u64) -> Reason {
    let source = "created";
    let Some(created) = input.created else { return Reason::DateAbsent { source } };
    let Ok(created) = u64::try_from(created) else {
        return Reason::DateUnreadable { source, found: created.to_string() };
    };
    match checks::within(source, created, now, tolerance) {
        good @ Reason::DateWithin { .. } => match input.expires {
            Some(expires) if u64::try_from(expires).unwrap_or(0) < now => {
                Reason::DateExpired { by: now - u64::try_from(expires).unwrap_or(0) }
            }
            _ => good,
        },
        bad => bad,
    }
}

/// What must be covered and is not. The target may be covered whole or in its parts.
fn missing(policy: &Policy, input: &SignatureInput) -> Vec<&'static str> {
    let mut missing = Vec::new();
    let whole = input.covers("@target-uri");
    let host = whole || input.covers("@authority") || input.covers("host");
    let target = whole || input.covers("@request-target") || (input.covers("@path") && input.covers("@query"));
    for (name, covered) in [
        ("@method", input.covers("@method")),
        ("@target-uri", host && target),
        ("content-digest", input.covers("content-digest")),
        ("x-copernica-id", policy.environments.is_none() || input.covers("x-copernica-id")),
        ("created", input.created.is_some()),
    ] {
        if !covered {
            missing.push(name);
        }
    }
    missing
}

/// `Content-Digest` (RFC 9530): every digest that is known is compared, and one of SHA-256 or SHA-512 must be there.
fn content_digest(message: &Message<'_>) -> Reason {
    let field = "Content-Digest";
    let value = match message.field(b"content-digest") {
        Lookup::Absent => return Reason::DigestAbsent { field },
        Lookup::Repeated => return Reason::DigestRepeated { field },
        Lookup::Once(value) => value,
    };
    if let Some(wrong) = checks::length(message) {
        return wrong;
    }
    let Ok(digests) = parse_dictionary(value) else { return Reason::DigestUnreadable { field } };
    let mut strong = false;
    for (name, member) in digests {
        let algorithm = match name.as_str() {
            "sha-256" => Digest::Sha256,
            "sha-512" => Digest::Sha512,
            _ => continue,
        };
        let Member::Item(Item { value: BareItem::Bytes(claimed), .. }) = member else {
            return Reason::DigestUnreadable { field };
        };
        if let Some(wrong) = checks::compare(message.body(), algorithm, &claimed) {
            return wrong;
        }
        strong = true;
    }
    if strong { Reason::DigestMatches } else { Reason::DigestWeak { field } }
}
