//! Why a check passed, failed or was skipped.

use super::{NextStep, NonceAnswer, Requested, SignatureAnswer};
use crate::key::{KeyError, KeyKind};
use crate::signature::cavage::SyntaxError;
use crate::signature::{Algorithm, CoverageError, Digest, rfc9421};

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As it should be.
    Pass,
    /// Not as it should be: the call is refused.
    Fail,
    /// Not looked at.
    Skip,
}

impl Outcome {
    /// `pass`, `fail` or `skip`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Skip => "skip",
        }
    }
}

/// The languages in which reports are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Dutch.
    Dutch,
}

/// Why a check has the outcome that it has.
///
/// What came from outside is kept only as far as a person needs to see it: at most 200 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names, and the sentences in `english`, say it")]
pub enum Reason {
    HttpsUsed,
    HttpsUnknown,
    HttpPlain,
    HttpAllowed,

    /// `skew`: seconds by which the call is ahead of this clock. `source`: what the time is called in the profile.
    DateWithin {
        source: &'static str,
        skew: i64,
    },
    DateAbsent {
        source: &'static str,
    },
    DateRepeated {
        source: &'static str,
    },
    DateUnreadable {
        source: &'static str,
        found: String,
    },
    DateAhead {
        source: &'static str,
        by: u64,
        tolerance: u64,
    },
    DateBehind {
        source: &'static str,
        by: u64,
        tolerance: u64,
    },
    DateExpired {
        by: u64,
    },
    /// The time is a parameter of the signature.
    DateUnread,

    HostOwn,
    HostUnnamed,
    HostAbsent,
    HostRepeated,
    HostOther {
        found: String,
        own: String,
    },

    DigestMatches,
    DigestAbsent {
        field: &'static str,
    },
    DigestRepeated {
        field: &'static str,
    },
    DigestUnreadable {
        field: &'static str,
    },
    DigestWeak {
        field: &'static str,
    },
    DigestDiffers {
        algorithm: Digest,
    },
    DigestUnchecked {
        algorithm: Digest,
    },
    LengthUnreadable,
    LengthDiffers {
        announced: u64,
        arrived: u64,
    },

    Covered,
    SignatureAbsent {
        field: &'static str,
    },
    SignatureRepeated {
        field: &'static str,
    },
    SignatureUnreadable(SyntaxError),
    MessageSignatureUnreadable(rfc9421::SyntaxError),
    NotCovered(Vec<&'static str>),
    CoverageBroken(CoverageError),

    EnvironmentOwn,
    EnvironmentAny,
    EnvironmentAbsent,
    EnvironmentRepeated,
    EnvironmentUnreadable {
        found: String,
    },
    EnvironmentOther {
        found: String,
        own: String,
    },

    KeyIdTrusted,
    KeyIdAtHand,
    KeyIdAny,
    KeyIdUnread,
    KeyIdAbsent,
    KeyIdMalformed {
        found: String,
    },
    KeyIdForeign {
        found: String,
        trusted: String,
    },

    SignatureValid {
        algorithm: Algorithm,
    },
    SignatureInvalid,
    SignatureUnread,
    SignatureUnbuilt,
    /// No key was looked up, since its name is not trusted.
    SignatureUntrusted,
    SignatureUnchecked,
    SignatureFieldAbsent {
        field: &'static str,
    },
    SignatureFieldRepeated {
        field: &'static str,
    },
    SignatureNoneUsable,
    MessageIdDotted,
    AlgorithmUnknown {
        found: String,
    },
    SignatureTooMany {
        limit: usize,
    },
    KeyNotFound,
    KeyUnusable(KeyError),
    WrongKind {
        requested: Requested,
        kind: KeyKind,
    },
    LookupFailed {
        detail: String,
    },

    NonceNew,
    NonceNotKept,
    NonceNotAsked,
    NonceUnchecked,
    NonceSeen,
    NonceAbsent {
        field: &'static str,
    },
    NonceRepeated {
        field: &'static str,
    },
    NonceUnsigned,
    NonceStoreFailed {
        detail: String,
    },
}

impl Reason {
    /// Passed, failed or skipped.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::HttpsUsed
            | Self::DateWithin { .. }
            | Self::HostOwn
            | Self::DigestMatches
            | Self::Covered
            | Self::EnvironmentOwn
            | Self::KeyIdTrusted
            | Self::KeyIdAtHand
            | Self::SignatureValid { .. }
            | Self::NonceNew => Outcome::Pass,
            Self::HttpsUnknown
            | Self::HttpAllowed
            | Self::HostUnnamed
            | Self::EnvironmentAny
            | Self::KeyIdAny
            | Self::KeyIdUnread
            | Self::SignatureUnread
            | Self::SignatureUnbuilt
            | Self::SignatureUntrusted
            | Self::NonceNotKept
            | Self::NonceNotAsked => Outcome::Skip,
            _ => Outcome::Fail,
        }
    }

    /// In words: what was found, with amounts and directions.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Dutch => super::dutch::reason(self),
        }
    }

    /// In English alone, for a program that has no room for a second language.
    #[must_use]
    pub fn english(&self) -> String {
        super::english::reason(self)
    }

    /// What to do about it; none unless the check failed.
    #[must_use]
    pub fn next_step(&self) -> Option<NextStep> {
        super::next_step::of(self)
    }
}

impl From<SignatureAnswer> for Reason {
    fn from(answer: SignatureAnswer) -> Self {
        match answer {
            SignatureAnswer::Valid(algorithm) => Self::SignatureValid { algorithm },
            SignatureAnswer::Invalid => Self::SignatureInvalid,
            SignatureAnswer::KeyNotFound => Self::KeyNotFound,
            SignatureAnswer::KeyUnusable(error) => Self::KeyUnusable(error),
            SignatureAnswer::WrongKind(kind) => Self::WrongKind { requested: Requested::ByKey, kind },
            SignatureAnswer::LookupFailed(detail) => Self::LookupFailed { detail },
        }
    }
}

impl From<NonceAnswer> for Reason {
    fn from(answer: NonceAnswer) -> Self {
        match answer {
            NonceAnswer::New => Self::NonceNew,
            NonceAnswer::Seen => Self::NonceSeen,
            NonceAnswer::NotAsked => Self::NonceNotAsked,
            NonceAnswer::StoreFailed(detail) => Self::NonceStoreFailed { detail },
        }
    }
}

/// What came from outside, as far as a person needs to see it.
#[inline(never)]
pub(super) fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned()
}
