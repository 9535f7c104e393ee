//! The verifiers that JavaScript created, and their hot path.

use std::cell::RefCell;

use seinpost_protocol::key::{KeyKind, Secret};
use seinpost_protocol::message::Message;
use seinpost_protocol::signature::Algorithm;
#[cfg(feature = "whole")]
use seinpost_protocol::verify::begin;
#[cfg(not(feature = "whole"))]
use seinpost_protocol::verify::begin_standard as begin;
use seinpost_protocol::verify::{Begun, Candidate, CheckName, Outcome, Policy, Profile, Requested};

use crate::input::Input;
use crate::keys;
use crate::memory::Output;

thread_local! {
    static VERIFIERS: RefCell<Vec<Option<Verifier>>> = const { RefCell::new(Vec::new()) };
    /// The signatures of the last call that was given out for its inner hash.
    static OFFERED: RefCell<Vec<Candidate>> = const { RefCell::new(Vec::new()) };
}

/// A receiver's policy, with its secrets ready for use.
pub(crate) struct Verifier {
    pub(crate) policy: Policy,
    /// Each with its [`Secret::inner_block`].
    pub(crate) secrets: Vec<(Secret, [u8; 64])>,
    /// Whether keys are looked up where names have no case: they are then given out in lower case.
    folds_names: bool,
}

/// Reads a list of settings (the tag, the length, the bytes of each) and keeps the verifier. Status 1, the handle in the
/// next word, then the number of secrets, and where the bytes of each are; or status 0 and an error.
pub(crate) fn create(bytes: &[u8], out: &mut Output) {
    let mut verifier =
        Verifier { policy: Policy::new(Profile::Cavage, "", ""), secrets: Vec::new(), folds_names: false };
    verifier.policy.profiles.clear();
    verifier.policy.environments = Some(Vec::new());
    verifier.policy.key_domains = Some(Vec::new());
    let mut rest = bytes;
    while let Some((head, tail)) = rest.split_first_chunk::<5>() {
        let [tag, length @ ..] = *head;
        let Some((value, after)) =
            usize::try_from(u32::from_le_bytes(length)).ok().and_then(|n| tail.split_at_checked(n))
        else {
            break;
        };
        rest = after;
        if let Err(error) = verifier.set(tag, value) {
            keys::refuse(&error, out);
            return;
        }
    }
    out.word(1);
    VERIFIERS.with_borrow_mut(|all| {
        let free = all.iter().position(Option::is_none);
        let handle = free.unwrap_or(all.len());
        out.word(u32::try_from(handle).unwrap_or(u32::MAX));
        out.word(u32::try_from(verifier.secrets.len()).unwrap_or(0));
        for (secret, _) in &verifier.secrets {
            out.span(secret.expose());
        }
        match free.and_then(|at| all.get_mut(at)) {
            Some(slot) => *slot = Some(verifier),
            None => all.push(Some(verifier)),
        }
    });
}

impl Verifier {
    fn set(&mut self, tag: u8, value: &[u8]) -> Result<(), seinpost_protocol::key::KeyError> {
        // JavaScript writes UTF-8.
        let text = || core::str::from_utf8(value).unwrap_or_default().to_owned();
        let policy = &mut self.policy;
        match tag {
            b'p' => policy.profiles.extend(profile(value)),
            b'e' => policy.environments.get_or_insert_default().push(text()),
            b'E' => policy.environments = None,
            b'h' => policy.hosts.push(text()),
            b'd' => policy.key_domains.get_or_insert_default().push(text()),
            b'D' => policy.key_domains = None,
            b'k' => policy.key_ids.push(text()),
            b'u' => policy.unnamed_keys += 1,
            b't' => policy.tolerance = text().parse().ok(),
            b'i' => policy.allow_http = true,
            b'n' => policy.keeps_nonces = true,
            b'c' => self.folds_names = true,
            b's' => {
                let secret = keys::secret(value)?;
                let block = secret.inner_block();
                self.secrets.push((secret, block));
            }
            _ => {}
        }
        Ok(())
    }
}

fn profile(name: &[u8]) -> Option<Profile> {
    [Profile::Cavage, Profile::Standard, Profile::Rfc9421]
        .into_iter()
        .find(|profile| profile.as_str().as_bytes() == name)
}

/// How JavaScript knows the profiles.
const fn profile_number(profile: Profile) -> u32 {
    match profile {
        Profile::Cavage => 0,
        Profile::Standard => 1,
        Profile::Rfc9421 => 2,
    }
}

pub(crate) fn forget(handle: u32) {
    VERIFIERS.with_borrow_mut(|all| {
        if let Some(slot) = usize::try_from(handle).ok().and_then(|at| all.get_mut(at)) {
            *slot = None;
        }
    });
}

pub(crate) fn with<T>(handle: u32, run: impl FnOnce(&Verifier) -> T) -> Option<T> {
    VERIFIERS
        .with_borrow(|all| usize::try_from(handle).ok().and_then(|at| all.get(at)).and_then(Option::as_ref).map(run))
}

/// How JavaScript knows the algorithms: the number of a bit.
pub(crate) const fn algorithm_number(algorithm: Algorithm) -> u32 {
    match algorithm {
        Algorithm::RsaSha256 => 0,
        Algorithm::RsaSha512 => 1,
        Algorithm::RsaPssSha512 => 2,
        Algorithm::Ed25519 => 3,
        Algorithm::EcdsaP256Sha256 => 4,
        Algorithm::HmacSha256 => 5,
        Algorithm::HmacSha512 => 6,
        // A kind of algorithm that this module was not taught: no host knows the bit.
        _ => 31,
    }
}

/// The algorithm of a number.
#[must_use]
pub fn algorithm_of(number: u32) -> Algorithm {
    const ALL: [Algorithm; 7] = [
        Algorithm::RsaSha256,
        Algorithm::RsaSha512,
        Algorithm::RsaPssSha512,
        Algorithm::Ed25519,
        Algorithm::EcdsaP256Sha256,
        Algorithm::HmacSha256,
        Algorithm::HmacSha512,
    ];
    ALL.into_iter().find(|algorithm| algorithm_number(*algorithm) == number).unwrap_or(Algorithm::RsaSha256)
}

/// For each kind of key a byte with the bits of the algorithms to try: RSA in the lowest, then Ed25519, P-256, secrets.
pub(crate) fn algorithm_bits(requested: Requested) -> u32 {
    [KeyKind::Rsa, KeyKind::Ed25519, KeyKind::P256, KeyKind::Secret].into_iter().enumerate().fold(
        0,
        |bits, (at, kind)| {
            requested.algorithms(kind).iter().fold(bits, |bits, each| bits | 1 << algorithm_number(*each) << (8 * at))
        },
    )
}

/// Runs the checks. The answer's words:
///
/// | word | holds |
/// |---|---|
/// | 1 | 1, or 0 if the input or the handle is wrong |
/// | 2 | a bit for each check that failed, in the order of the checks |
/// | 3 | the profile |
/// | 4 | flags: 1 there is work, 2 the body follows the signing string, 4 a nonce is to be kept, 8 the signature is known to be valid, 16 it is known to be invalid, 32 the host is to compute an inner hash |
/// | 5, 6 | the name of the key |
/// | 7, 8 | the signing string |
/// | 9, 10 | the nonce |
/// | 11 | the number of signatures; for each three words more: the algorithms (a byte for each kind of key), place and length |
///
/// Texts are a place in the bytes and a length. With flag 32 words 5 and 6 are what is to be hashed, the body after it
/// unless it is there already, and nothing follows: the host asks [`settle`], and this once more without its offer if
/// the signature is not valid.
pub(crate) fn check(handle: u32, bytes: &[u8], now: f64, out: &mut Output) {
    let done = with(handle, |verifier| {
        let input = Input::read(bytes)?;
        let message = Message::new(input.method, input.url, &input.fields, input.body);
        let mut begun = begin(&verifier.policy, &message, seconds(now));
        let inner = if input.host_hashes { inner(verifier, &begun) } else { None };
        let known = if inner.is_none() { known(verifier, &begun, input.bytes) } else { None };
        head(&begun, known, inner.is_some(), out);
        match inner {
            Some(block) => {
                out.joined(&[&block, begun.signing_string().unwrap_or_default(), input.bytes.unwrap_or_default()]);
                OFFERED.set(begun.take_candidates());
            }
            // Else nobody will read on.
            None if known != Some(true) || begun.nonce().is_some() => write(verifier, &begun, out),
            None => {}
        }
        Some(())
    });
    if done.flatten().is_none() {
        out.word(0);
    }
}

/// Unix milliseconds as seconds; a clock before 1970 or one that is no number is at 0, where no call is in time.
pub(crate) fn seconds(milliseconds: f64) -> u64 {
    // A cast saturates, and makes 0 of what is no number.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates, as it should")]
    let seconds = (milliseconds / 1000.0) as u64;
    seconds
}

fn head(begun: &Begun, known: Option<bool>, hashed: bool, out: &mut Output) {
    let mut failed = 0;
    for (at, name) in CheckName::ALL.into_iter().enumerate() {
        if begun.reason(name).is_some_and(|reason| reason.outcome() == Outcome::Fail) {
            failed |= 1 << at;
        }
    }
    out.word(1);
    out.word(failed);
    out.word(profile_number(begun.profile()));
    let work = begun.work();
    out.word(
        u32::from(work.is_some())
            | u32::from(work.is_some_and(|work| work.with_body)) << 1
            | u32::from(begun.nonce().is_some()) << 2
            | u32::from(known == Some(true)) << 3
            | u32::from(known == Some(false)) << 4
            | u32::from(hashed) << 5,
    );
}

fn write(verifier: &Verifier, begun: &Begun, out: &mut Output) {
    let work = begun.work();
    let mut key_id = work.and_then(|work| work.key_id.clone()).unwrap_or_default();
    if verifier.folds_names && !verifier.policy.key_ids.contains(&key_id) {
        key_id.make_ascii_lowercase();
    }
    out.span(key_id.as_bytes());
    out.span(begun.signing_string().unwrap_or_default());
    out.span(begun.nonce().unwrap_or_default());
    let candidates = work.map(|work| work.candidates.as_slice()).unwrap_or_default();
    out.word(u32::try_from(candidates.len()).unwrap_or(0));
    for candidate in candidates {
        out.word(algorithm_bits(candidate.requested));
        out.span(&candidate.signature);
    }
}

fn is_short_mac(candidate: &&Candidate) -> bool {
    candidate.requested == Requested::Exactly(Algorithm::HmacSha256)
}

/// The block that goes before what is signed, if one secret is all there is to verify with, and the signature is the
/// last that is to be found out. (Several secrets would be several hashes; a nonce is kept by what else is written.)
fn inner(verifier: &Verifier, begun: &Begun) -> Option<[u8; 64]> {
    let [(_, block)] = verifier.secrets.as_slice() else { return None };
    let work = begun.work().filter(|work| work.with_body && begun.nonce().is_none())?;
    work.candidates.iter().all(|each| is_short_mac(&each)).then_some(*block)
}

/// Whether the call that [`check`] gave out last is signed, by the inner hash in the input.
pub(crate) fn settle(handle: u32, inner: &[u8]) -> bool {
    let offered = OFFERED.take();
    let Ok(inner) = inner.try_into() else { return false };
    let macs = offered.iter().map(|each| each.signature.as_slice());
    with(handle, |verifier| match verifier.secrets.as_slice() {
        [(secret, _)] => secret.verify_inner_sha256_any(inner, macs),
        _ => false,
    })
    .unwrap_or(false)
}

/// Whether a short HMAC is right, if the body is here and secrets are all there is to verify with.
fn known(verifier: &Verifier, begun: &Begun, body: Option<&[u8]>) -> Option<bool> {
    let (work, body, prefix) = (begun.work()?, body?, begun.signing_string()?);
    if !work.with_body || verifier.secrets.is_empty() {
        return None;
    }
    let macs = || work.candidates.iter().filter(is_short_mac).map(|each| each.signature.as_slice());
    let count = macs().count();
    // One computation for a secret, however many signatures there are.
    let valid =
        count > 0 && verifier.secrets.iter().any(|(secret, _)| secret.verify_sha256_any(&[prefix, body], macs()));
    // A signature with a public key may still be good.
    if valid || count == work.candidates.len() { Some(valid) } else { None }
}
