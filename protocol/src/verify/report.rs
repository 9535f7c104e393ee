//! What came of a verification.

use super::{Language, Outcome, Profile, Reason};
use crate::signature::cavage::Liberties;

/// The checks, by the names that reports give them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckName {
    /// The call came in over HTTPS.
    Https,
    /// Its time is there and within the tolerance.
    Date,
    /// `Host` is the receiver's own.
    Host,
    /// The digest is there and is that of the raw body.
    Digest,
    /// The signature is there, can be read, and covers what it must.
    Coverage,
    /// `X-Copernica-ID` is the receiver's own environment.
    Environment,
    /// The key's name is one that is trusted.
    KeyId,
    /// The key was found, is not revoked, and the signature is valid.
    Signature,
    /// The nonce was not seen before.
    Nonce,
}

impl CheckName {
    /// All checks, in the order in which reports have them.
    pub const ALL: [Self; 9] = [
        Self::Https,
        Self::Date,
        Self::Host,
        Self::Digest,
        Self::Coverage,
        Self::Environment,
        Self::KeyId,
        Self::Signature,
        Self::Nonce,
    ];

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Date => "date",
            Self::Host => "host",
            Self::Digest => "digest",
            Self::Coverage => "coverage",
            Self::Environment => "environment",
            Self::KeyId => "keyid",
            Self::Signature => "signature",
            Self::Nonce => "nonce",
        }
    }
}

/// One check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which.
    pub name: CheckName,
    /// What came of it, and why.
    pub reason: Reason,
}

impl Check {
    /// Passed, failed or skipped.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.reason.outcome()
    }
}

/// Something about a call that is not as it should be, but was put up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The `Signature` header field takes liberties.
    Liberties(Liberties),
    /// `Content-Length` is covered but did not arrive; the body's length was taken.
    ContentLengthAbsent,
}

impl Note {
    /// In words.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Dutch => super::dutch::note(self),
        }
    }

    /// In English alone, for a program that has no room for a second language.
    #[must_use]
    pub fn english(&self) -> String {
        super::english::note(self)
    }
}

/// What came of a verification: every check of the profile, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The profile by which the call was verified.
    pub profile: Profile,
    /// The checks.
    pub checks: Vec<Check>,
    /// What was put up with.
    pub notes: Vec<Note>,
    /// The signing string as rebuilt, without the body that may follow it; none if it could not be built.
    pub signing_string: Option<Vec<u8>>,
}

impl Report {
    /// Whether the call is to be believed: no check failed, and the signature is valid.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.checks.iter().all(|check| check.outcome() != Outcome::Fail)
            && self.check(CheckName::Signature).is_some_and(|check| check.outcome() == Outcome::Pass)
    }

    /// By how many seconds the call's time is ahead of this clock (negative: behind), if it has one.
    #[must_use]
    pub fn skew(&self) -> Option<i64> {
        match self.check(CheckName::Date)?.reason {
            Reason::DateWithin { skew, .. } => Some(skew),
            Reason::DateAhead { by, .. } => Some(i64::try_from(by).unwrap_or(i64::MAX)),
            Reason::DateBehind { by, .. } => Some(i64::try_from(by).map_or(i64::MIN, |by| -by)),
            _ => None,
        }
    }

    /// A check by its name, if the profile has it.
    #[must_use]
    pub fn check(&self, name: CheckName) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The checks that failed, in order.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome() == Outcome::Fail)
    }
}
