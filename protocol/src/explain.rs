//! For a refused call: which bounded change would make it verify, and what that tells its reader.
//!
//! Nothing that is found here is ever accepted. A body that was changed on its way is found by the digest in the call,
//! with no key; a target or a host that was changed, or a body under a public key, by the signature, which the caller
//! checks for each [`Trial`], since it has the key. The search is bounded: at most [`MAX_BODY_BYTES`] are looked at, in
//! about forty forms, and at most [`MAX_TRIALS`] signing strings are tried, of bodies at most [`MAX_TRIED_BYTES`].

mod body;
mod cause;
mod form;
mod json;
mod target;

pub use cause::{Around, Cause, Escapes, Layout};

use core::ops::ControlFlow;

use crate::base64;
use crate::key::Secret;
use crate::message::{Message, trim};
use crate::signature::structured::{BareItem, Item, Member, parse_dictionary};
use crate::signature::{Algorithm, Digest, sha256, sha512};
use crate::signature::{cavage, rfc9421};
use crate::verify::rfc9421::chosen;
use crate::verify::{Begun, Candidate, CheckName, Policy, Profile, Reason, Requested, Work, begin};

/// The longest body that is looked at, in bytes.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// The most signing strings that are tried.
pub const MAX_TRIALS: usize = 64;
/// The most bytes of signing strings that hold a body, all together.
pub const MAX_TRIED_BYTES: usize = 4 << 20;
/// The most other keys, and other environments, that are tried.
const MAX_KEYS: usize = 8;

/// A signing string that would have been right if the call had been a little different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// What would have been different.
    pub cause: Cause,
    /// The signing string, to be checked against the signature of the call; with the body, where the profile signs that.
    pub signing_string: Vec<u8>,
    /// The key to check it with, if not that of the call.
    pub key: Option<OtherKey>,
}

/// A key that the receiver has at hand, and that is not the one that the call names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherKey {
    /// Its name; of one that has none, its place in the list, from 0.
    pub name: String,
    /// The signature of the call: there was no work to be done for it where the name that it gives is not trusted.
    pub candidate: Candidate,
}

/// What the search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Causes that are certain already.
    pub causes: Vec<Cause>,
    /// What is to be tried, if the signature was not found to be valid: with the key of the call, if there is one, or with
    /// the one that the trial names. Each is over the same signature as the call.
    pub trials: Vec<Trial>,
}

/// Searches for what would make a refused call verify. `now` is in Unix seconds.
#[must_use]
pub fn explain(policy: &Policy, secrets: &[Secret], message: &Message<'_>, bytes: &[u8], now: u64) -> Explanation {
    // As the checks take it, so that the trials differ from them in what they try alone.
    let message = &if policy.allow_http { message.assuming_http() } else { *message };
    let begun = begin(policy, message, now);
    let mut found = Explanation::default();
    found.causes.extend(clock(&begun));
    found.causes.extend(environment(&begun));
    let body = Some(bytes).filter(|bytes| bytes.len() <= MAX_BODY_BYTES);
    let changed = body.and_then(|body| changed_body(&begun, secrets, message, body));
    found.trials = match begun.profile() {
        Profile::Standard if changed.is_none() => body.map(|body| body_trials(&begun, body)).unwrap_or_default(),
        Profile::Standard => Vec::new(),
        Profile::Cavage => cavage_trials(policy, message),
        Profile::Rfc9421 => rfc9421_trials(policy, message),
    };
    found.causes.extend(changed);
    found
}

/// How far the zones that are no whole hours from UTC are from it, in quarters of an hour: 2:30 (Newfoundland's summer), 3:30,
/// 4:30, 5:30, 5:45, 6:30, 8:45, 9:30, 10:30, 12:45, and 13:45.
const BROKEN_ZONES: [u64; 11] = [10, 14, 18, 22, 23, 26, 35, 38, 42, 51, 55];

/// A clock that is off by whole hours, or by what else is a zone: one that was taken for UTC.
fn clock(begun: &Begun) -> Option<Cause> {
    let (ahead, by, tolerance) = match begun.reason(CheckName::Date)? {
        Reason::DateAhead { by, tolerance, .. } => (true, *by, *tolerance),
        Reason::DateBehind { by, tolerance, .. } => (false, *by, *tolerance),
        _ => return None,
    };
    let quarters = by.saturating_add(450) / 900;
    let zone = (quarters % 4 == 0 && (4..=56).contains(&quarters)) || BROKEN_ZONES.contains(&quarters);
    // Beside the zone the clocks may differ as they may without it: by a minute at least, and below half a step.
    (zone && by.abs_diff(quarters * 900) <= tolerance.clamp(60, 449)).then_some(Cause::ClockZone { quarters, ahead })
}

/// A call for an environment that the receiver was not told of: its signature may well be good.
fn environment(begun: &Begun) -> Option<Cause> {
    match begun.reason(CheckName::Environment)? {
        Reason::EnvironmentOther { found, own } => {
            Some(Cause::EnvironmentUnknown { found: found.clone(), own: own.clone() })
        }
        _ => None,
    }
}

/// What was done to the body, if its digest (or the HMAC over it) fits that of another form of it.
fn changed_body(begun: &Begun, secrets: &[Secret], message: &Message<'_>, bytes: &[u8]) -> Option<Cause> {
    match begun.profile() {
        Profile::Standard => {
            let prefix = begun.signing_string()?;
            let hmac = |each: &&crate::verify::Candidate| each.requested == Requested::Exactly(Algorithm::HmacSha256);
            let macs: Vec<&[u8]> =
                begun.work()?.candidates.iter().filter(hmac).map(|each| each.signature.as_slice()).collect();
            let fits = |body: &[u8]| {
                secrets.iter().any(|secret| secret.verify_sha256_any(&[prefix, body], macs.iter().copied()))
            };
            if macs.is_empty() || fits(bytes) { None } else { body::search(bytes, fits) }
        }
        Profile::Cavage | Profile::Rfc9421 => {
            let wrong =
                matches!(begun.reason(CheckName::Digest)?, Reason::DigestDiffers { .. } | Reason::LengthDiffers { .. });
            let (algorithm, claimed) = if wrong { claimed_digest(begun.profile(), message)? } else { return None };
            let fits = |body: &[u8]| match algorithm {
                Digest::Sha256 => sha256(body) == *claimed,
                Digest::Sha512 => sha512(body) == *claimed,
            };
            if fits(bytes) { None } else { body::search(bytes, fits) }
        }
    }
}

/// The forms of a body that a public key's signature may be over: only who has the key can tell.
fn body_trials(begun: &Begun, bytes: &[u8]) -> Vec<Trial> {
    let mut trials = Vec::new();
    let by_key =
        |work: &&Work| work.candidates.iter().any(|each| each.requested == Requested::Exactly(Algorithm::Ed25519));
    let Some(prefix) = begun.work().filter(by_key).and_then(|_| begun.signing_string()) else { return trials };
    let mut left = MAX_TRIED_BYTES;
    let _ = body::forms(bytes, &mut |form, cause| {
        let signing_string = [prefix, form].concat();
        let Some(rest) = left.checked_sub(signing_string.len()) else { return ControlFlow::Break(()) };
        left = rest;
        trials.push(Trial { cause, signing_string, key: None });
        if trials.len() < MAX_TRIALS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    trials
}

/// A digest that the call claims, in the field that its profile reads: one is enough to know the body by.
fn claimed_digest(profile: Profile, message: &Message<'_>) -> Option<(Digest, Vec<u8>)> {
    if profile == Profile::Rfc9421 {
        let digests = parse_dictionary(message.field(b"content-digest").once()?).ok()?;
        return digests.into_iter().find_map(|(name, member)| {
            let Member::Item(Item { value: BareItem::Bytes(claimed), .. }) = member else { return None };
            match name.as_str() {
                "sha-256" => Some((Digest::Sha256, claimed)),
                "sha-512" => Some((Digest::Sha512, claimed)),
                _ => None,
            }
        });
    }
    // This one must have SHA-256, whatever else it has.
    let entry = message
        .field(b"digest")
        .once()?
        .split(|byte| *byte == b',')
        .map(trim)
        .find(|entry| entry.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"sha-256=")))?;
    Some((Digest::Sha256, base64::decode(entry.get(8..)?)?))
}

fn cavage_trials(policy: &Policy, message: &Message<'_>) -> Vec<Trial> {
    let Some(value) = message.field(b"signature").once() else { return Vec::new() };
    let Ok(signature) = cavage::Signature::parse(value) else { return Vec::new() };
    let built = cavage::signing_string(message, &signature).ok();
    let requested = Requested::Cavage(signature.algorithm);
    let candidate = Candidate { requested, signature: signature.signature.clone() };
    let mut trials = key_trials(policy, &signature.key_id, built.as_ref(), &candidate);
    trials.extend(target::trials(policy, message, built, |changed| cavage::signing_string(changed, &signature).ok()));
    trials.truncate(MAX_TRIALS);
    trials
}

fn rfc9421_trials(policy: &Policy, message: &Message<'_>) -> Vec<Trial> {
    let Some(input) = rfc9421::signatures(message).ok().and_then(|found| chosen(policy, found)) else {
        return Vec::new();
    };
    let built = rfc9421::signature_base(message, &input).ok();
    let requested = match input.algorithm.as_deref() {
        None => Requested::ByKey,
        Some(name) => match rfc9421::algorithm(name) {
            Some(algorithm) => Requested::Exactly(algorithm),
            None => return Vec::new(),
        },
    };
    let candidate = Candidate { requested, signature: input.signature.clone() };
    let key_id = input.key_id.as_deref().unwrap_or_default();
    let mut trials = key_trials(policy, key_id, built.as_ref(), &candidate);
    trials.extend(target::trials(policy, message, built, |changed| rfc9421::signature_base(changed, &input).ok()));
    trials.truncate(MAX_TRIALS);
    trials
}

/// The call as it is, with each of the other keys that the receiver has at hand.
fn key_trials(policy: &Policy, key_id: &str, built: Option<&Vec<u8>>, candidate: &Candidate) -> Vec<Trial> {
    let Some(signing_string) = built else { return Vec::new() };
    let others = policy.key_ids.iter().filter(|each| *each != key_id);
    let named = others.map(|name| (name.clone(), Cause::Key { signed: name.clone() }));
    let unnamed = (0..policy.unnamed_keys)
        .map(|position| (position.to_string(), Cause::KeyUnnamed { position, key_id: key_id.to_owned() }));
    named
        .chain(unnamed)
        .take(MAX_KEYS)
        .map(|(name, cause)| Trial {
            cause,
            signing_string: signing_string.clone(),
            key: Some(OtherKey { name, candidate: candidate.clone() }),
        })
        .collect()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod written_tests;
