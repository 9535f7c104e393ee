//! The receiver's checklist: what a call must show before it is believed.
//!
//! Verifying is a conversation, so that whoever holds the keys and does the arithmetic can be anyone: [`begin`] reads
//! the call and runs every check that needs neither; it tells in [`Work`] what is to be computed, with the key of
//! which name; [`Begun::finish`] takes the answers and gives the [`Report`]. The clock is an argument.
//!
//! All checks are run, so that one report names all that is wrong. But no key is looked up for a name that failed its
//! own check: a stranger must not choose where we ask.

mod cavage;
mod checks;
mod dutch;
mod english;
mod next_step;
mod policy;
mod reason;
mod report;
pub(crate) mod rfc9421;
mod standard;

pub use next_step::NextStep;
pub use policy::{Policy, Profile};
pub use reason::{Language, Outcome, Reason};
pub use report::{Check, CheckName, Note, Report};

use crate::key::{KeyError, KeyKind};
use crate::message::Message;
use crate::signature::{Algorithm, cavage::AlgorithmName};

/// A verification whose signature and nonce are not yet looked at.
#[derive(Clone, Debug)]
pub struct Begun {
    profile: Profile,
    /// In the order of [`CheckName::ALL`]; `None` for what is still to be found out, or is no check of the profile.
    reasons: [Option<Reason>; CheckName::ALL.len()],
    work: Option<Work>,
    nonce: Option<Vec<u8>>,
    notes: Vec<Note>,
    signing_string: Option<Vec<u8>>,
}

/// The arithmetic that is to be done, with a key of the caller's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The name of the key, if the profile gives one. It passed its check.
    pub key_id: Option<String>,
    /// Whether the body follows the signing string.
    pub with_body: bool,
    /// The signatures that are offered: it is enough if one is valid.
    pub candidates: Vec<Candidate>,
}

/// One signature that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What the call says of the algorithm.
    pub requested: Requested,
    /// The signature's bytes.
    pub signature: Vec<u8>,
}

/// What a call says of the algorithm of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requested {
    /// The `algorithm` parameter of the profile `cavage`.
    Cavage(Option<AlgorithmName>),
    /// An algorithm by name.
    Exactly(Algorithm),
    /// Whatever the key is for.
    ByKey,
}

impl Requested {
    /// The algorithms to try with a key of some kind. The key's own kind decides: none if they do not fit.
    #[must_use]
    #[inline(never)]
    pub fn algorithms(self, kind: KeyKind) -> &'static [Algorithm] {
        match (self, kind) {
            // What the call and the key say must agree (RFC 9421 §3.2).
            (_, KeyKind::RsaOnly(only)) => {
                let all = self.algorithms(KeyKind::Rsa);
                all.iter().position(|each| *each == only).and_then(|at| all.get(at..=at)).unwrap_or_default()
            }
            (Self::Cavage(name), kind) => crate::signature::cavage::algorithms(name, kind),
            (Self::Exactly(Algorithm::RsaSha256), KeyKind::Rsa) => &[Algorithm::RsaSha256],
            (Self::Exactly(Algorithm::RsaSha512), KeyKind::Rsa) => &[Algorithm::RsaSha512],
            (Self::Exactly(Algorithm::RsaPssSha512), KeyKind::Rsa) => &[Algorithm::RsaPssSha512],
            (Self::Exactly(Algorithm::Ed25519) | Self::ByKey, KeyKind::Ed25519) => &[Algorithm::Ed25519],
            (Self::Exactly(Algorithm::EcdsaP256Sha256) | Self::ByKey, KeyKind::P256) => &[Algorithm::EcdsaP256Sha256],
            (Self::Exactly(Algorithm::HmacSha256) | Self::ByKey, KeyKind::Secret) => &[Algorithm::HmacSha256],
            (Self::Exactly(Algorithm::HmacSha512), KeyKind::Secret) => &[Algorithm::HmacSha512],
            (Self::ByKey, KeyKind::Rsa) => &[Algorithm::RsaPssSha512, Algorithm::RsaSha256],
            (Self::Exactly(_), _) => &[],
        }
    }

    /// The algorithm's name as the call gives it, for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cavage(Some(name)) => name.as_str(),
            Self::Exactly(algorithm) => algorithm.as_str(),
            Self::Cavage(None) | Self::ByKey => "unnamed",
        }
    }
}

/// What came of the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureAnswer {
    /// A signature is valid, by this algorithm.
    Valid(Algorithm),
    /// The key is there, but no signature is valid under it.
    Invalid,
    /// There is no key of that name.
    KeyNotFound,
    /// The key cannot be used.
    KeyUnusable(KeyError),
    /// The key is of a kind that is not for the algorithm that the call names.
    WrongKind(KeyKind),
    /// The look-up failed; how, in words.
    LookupFailed(String),
}

/// What came of the nonce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NonceAnswer {
    /// Never seen before; it is kept now.
    New,
    /// Seen before.
    Seen,
    /// Nobody asked, since the call is refused already.
    NotAsked,
    /// The store failed; how, in words.
    StoreFailed(String),
}

/// Runs every check that needs neither a key nor a store of nonces. `now` is in Unix seconds.
///
/// The message's body should have its SHA-256 (and SHA-512, if a `Digest` or `Content-Digest` field names it).
#[must_use]
pub fn begin(policy: &Policy, message: &Message<'_>, now: u64) -> Begun {
    let message = &if policy.allow_http { message.assuming_http() } else { *message };
    match policy.choose(message) {
        Profile::Cavage => cavage::begin(policy, message, now),
        Profile::Standard => standard::begin(policy, message, now),
        Profile::Rfc9421 => rfc9421::begin(policy, message, now),
    }
}

/// As [`begin`], where the policy's only profile is [`Profile::Standard`]: a program that calls this one alone holds no
/// code of the other profiles.
#[must_use]
pub fn begin_standard(policy: &Policy, message: &Message<'_>, now: u64) -> Begun {
    let message = &if policy.allow_http { message.assuming_http() } else { *message };
    standard::begin(policy, message, now)
}

impl Begun {
    fn new(profile: Profile) -> Self {
        Self {
            profile,
            reasons: core::array::from_fn(|_| None),
            work: None,
            nonce: None,
            notes: Vec::new(),
            signing_string: None,
        }
    }

    #[inline(never)]
    fn set(&mut self, check: CheckName, reason: Reason) {
        if let Some(slot) = self.reasons.get_mut(check as usize) {
            *slot = Some(reason);
        }
    }

    /// The profile by which the call is verified.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// The arithmetic to be done, if the call comes that far.
    #[must_use]
    pub const fn work(&self) -> Option<&Work> {
        self.work.as_ref()
    }

    /// The signatures to be tried, taken out: what they are tried with is found elsewhere.
    #[must_use]
    pub fn take_candidates(&mut self) -> Vec<Candidate> {
        self.work.as_mut().map(|work| core::mem::take(&mut work.candidates)).unwrap_or_default()
    }

    /// The signing string as rebuilt, without the body that may follow it.
    #[must_use]
    pub fn signing_string(&self) -> Option<&[u8]> {
        self.signing_string.as_deref()
    }

    /// Whether a check has failed already.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.reasons.iter().flatten().any(|reason| reason.outcome() == Outcome::Fail)
    }

    /// What has been found of a check so far.
    #[must_use]
    pub fn reason(&self, check: CheckName) -> Option<&Reason> {
        self.reasons.get(check as usize).and_then(Option::as_ref)
    }

    /// The nonce to look up and keep, if the receiver keeps them. It must be kept only if everything else passes: else
    /// a stranger could use up the nonces of others.
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// The report. An answer of `None` means that there was no work, or no nonce, to look at.
    #[must_use]
    pub fn finish(mut self, signature: Option<SignatureAnswer>, nonce: Option<NonceAnswer>) -> Report {
        if self.reason(CheckName::Signature).is_none() {
            let requested = self.work.as_ref().and_then(|work| work.candidates.first()).map(|first| first.requested);
            let reason = match (signature, requested) {
                (Some(SignatureAnswer::WrongKind(kind)), Some(requested)) => Reason::WrongKind { requested, kind },
                (Some(answer), _) => answer.into(),
                (None, _) => Reason::SignatureUnchecked,
            };
            self.set(CheckName::Signature, reason);
        }
        if self.reason(CheckName::Nonce).is_none() {
            let reason = if self.has_failed() {
                Reason::NonceNotAsked
            } else {
                nonce.map_or(Reason::NonceUnchecked, Reason::from)
            };
            self.set(CheckName::Nonce, reason);
        }
        let checks = CheckName::ALL
            .into_iter()
            .zip(self.reasons)
            .filter(|(name, _)| self.profile.checks().contains(name))
            .map(|(name, reason)| Check { name, reason: reason.unwrap_or(Reason::SignatureUnchecked) })
            .collect();
        Report { profile: self.profile, checks, notes: self.notes, signing_string: self.signing_string }
    }
}

#[cfg(test)]
mod rfc9421_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_tests;
