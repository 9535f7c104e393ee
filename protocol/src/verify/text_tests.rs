//! Every reason has its sentences.

use std::collections::HashSet;

use super::*;
use crate::key::{KeyError, KeyKind};
use crate::signature::structured::{StructuredError, StructuredErrorKind};
use crate::signature::{CoverageError, Digest, cavage, rfc9421};

/// Lists a sample of each variant; a variant that is not listed does not compile.
macro_rules! samples {
    ($($pattern:pat => $sample:expr,)*) => {
        fn samples() -> Vec<Reason> {
            use Reason::*;
            // Every pattern in one match without a wildcard: none can be forgotten.
            let _listed = |reason: &Reason| match reason { $($pattern => (),)* };
            vec![$($sample),*]
        }
    };
}

samples! {
    HttpsUsed => HttpsUsed,
    HttpsUnknown => HttpsUnknown,
    HttpPlain => HttpPlain,
    HttpAllowed => HttpAllowed,
    DateWithin { .. } => DateWithin { source: "Date", skew: -5 },
    DateAbsent { .. } => DateAbsent { source: "Date" },
    DateRepeated { .. } => DateRepeated { source: "Date" },
    DateUnreadable { .. } => DateUnreadable { source: "Date", found: "x".into() },
    DateAhead { .. } => DateAhead { source: "Date", by: 312, tolerance: 60 },
    DateBehind { .. } => DateBehind { source: "Date", by: 312, tolerance: 60 },
    DateExpired { .. } => DateExpired { by: 3 },
    DateUnread => DateUnread,
    HostOwn => HostOwn,
    HostUnnamed => HostUnnamed,
    HostAbsent => HostAbsent,
    HostRepeated => HostRepeated,
    HostOther { .. } => HostOther { found: "a".into(), own: "b".into() },
    DigestMatches => DigestMatches,
    DigestAbsent { .. } => DigestAbsent { field: "Digest" },
    DigestRepeated { .. } => DigestRepeated { field: "Digest" },
    DigestUnreadable { .. } => DigestUnreadable { field: "Digest" },
    DigestWeak { .. } => DigestWeak { field: "Digest" },
    DigestDiffers { .. } => DigestDiffers { algorithm: Digest::Sha256 },
    DigestUnchecked { .. } => DigestUnchecked { algorithm: Digest::Sha512 },
    LengthUnreadable => LengthUnreadable,
    LengthDiffers { .. } => LengthDiffers { announced: 3, arrived: 4 },
    Covered => Covered,
    SignatureAbsent { .. } => SignatureAbsent { field: "Signature" },
    SignatureRepeated { .. } => SignatureRepeated { field: "Signature" },
    SignatureUnreadable(_) => SignatureUnreadable(cavage::SyntaxError::Base64),
    MessageSignatureUnreadable(_) => MessageSignatureUnreadable(rfc9421::SyntaxError::Count),
    NotCovered(_) => NotCovered(vec!["date", "digest"]),
    CoverageBroken(_) => CoverageBroken(CoverageError::Absent("x-nonce".into())),
    EnvironmentOwn => EnvironmentOwn,
    EnvironmentAny => EnvironmentAny,
    EnvironmentAbsent => EnvironmentAbsent,
    EnvironmentRepeated => EnvironmentRepeated,
    EnvironmentUnreadable { .. } => EnvironmentUnreadable { found: "x".into() },
    EnvironmentOther { .. } => EnvironmentOther { found: "7".into(), own: "1, 2".into() },
    KeyIdTrusted => KeyIdTrusted,
    KeyIdAtHand => KeyIdAtHand,
    KeyIdAny => KeyIdAny,
    KeyIdUnread => KeyIdUnread,
    KeyIdAbsent => KeyIdAbsent,
    KeyIdMalformed { .. } => KeyIdMalformed { found: "a b".into() },
    KeyIdForeign { .. } => KeyIdForeign { found: "a.b".into(), trusted: "c.d".into() },
    SignatureValid { .. } => SignatureValid { algorithm: Algorithm::RsaSha256 },
    SignatureInvalid => SignatureInvalid,
    SignatureUnread => SignatureUnread,
    SignatureUnbuilt => SignatureUnbuilt,
    SignatureUntrusted => SignatureUntrusted,
    SignatureUnchecked => SignatureUnchecked,
    SignatureFieldAbsent { .. } => SignatureFieldAbsent { field: "webhook-signature" },
    SignatureFieldRepeated { .. } => SignatureFieldRepeated { field: "webhook-signature" },
    SignatureNoneUsable => SignatureNoneUsable,
    MessageIdDotted => MessageIdDotted,
    AlgorithmUnknown { .. } => AlgorithmUnknown { found: "md5".into() },
    SignatureTooMany { .. } => SignatureTooMany { limit: 8 },
    KeyNotFound => KeyNotFound,
    KeyUnusable(_) => KeyUnusable(KeyError::Revoked),
    WrongKind { .. } => WrongKind { requested: Requested::ByKey, kind: KeyKind::Rsa },
    LookupFailed { .. } => LookupFailed { detail: "timeout".into() },
    NonceNew => NonceNew,
    NonceNotKept => NonceNotKept,
    NonceNotAsked => NonceNotAsked,
    NonceUnchecked => NonceUnchecked,
    NonceSeen => NonceSeen,
    NonceAbsent { .. } => NonceAbsent { field: "X-Nonce" },
    NonceRepeated { .. } => NonceRepeated { field: "X-Nonce" },
    NonceUnsigned => NonceUnsigned,
    NonceStoreFailed { .. } => NonceStoreFailed { detail: "down".into() },
}

/// What the last arm of the matches would say for a reason that was forgotten.
const UNCHECKED: &str = "de handtekening is niet gecontroleerd";

#[test]
fn every_reason_is_said_in_dutch_and_in_no_two_ways_alike() {
    let mut said = HashSet::new();
    for reason in samples() {
        let (english, dutch) = (reason.text(Language::English), reason.text(Language::Dutch));
        assert_ne!(english, dutch, "{reason:?}");
        assert_eq!(dutch == UNCHECKED, reason == Reason::SignatureUnchecked, "{reason:?}: {dutch}");
        assert!(!dutch.ends_with('.') && !dutch.contains(" the "), "{reason:?}: {dutch}");
        let same_words = matches!(
            reason,
            Reason::DigestAbsent { .. }
                | Reason::DateAbsent { .. }
                | Reason::SignatureAbsent { .. }
                | Reason::SignatureFieldAbsent { .. }
                | Reason::NonceAbsent { .. }
        );
        assert!(said.insert(dutch.clone()) || same_words, "said twice: {dutch}");
    }
}

#[test]
fn every_failure_and_nothing_else_has_a_next_step_in_both_languages() {
    for reason in samples() {
        let step = reason.next_step();
        match (reason.outcome(), step) {
            (Outcome::Fail, Some(step)) => {
                assert_eq!(NextStep::ALL[usize::from(step.number())], step);
                let (english, dutch) = (step.text(Language::English), step.text(Language::Dutch));
                assert_ne!(english, dutch, "{reason:?}");
                // One sentence: its only full stop is the last character, but for those within names.
                assert!(english.ends_with('.') && !english.contains(". "), "{english}");
                assert!(dutch.ends_with('.') && !dutch.contains(". "), "{dutch}");
            }
            (Outcome::Pass | Outcome::Skip, None) => {}
            (outcome, step) => panic!("{reason:?} is {outcome:?} with {step:?}"),
        }
    }
}

#[test]
fn amounts_and_directions_are_said_in_dutch() {
    let dutch = |reason: Reason| reason.text(Language::Dutch);
    assert_eq!(
        dutch(Reason::DateAhead { source: "Date", by: 312, tolerance: 60 }),
        "de Date loopt 312 s voor op deze klok; 60 s is toegestaan"
    );
    assert_eq!(
        dutch(Reason::DateWithin { source: "created", skew: -2 }),
        "het tijdstip created loopt 2 s achter op deze klok"
    );
    assert_eq!(dutch(Reason::DateWithin { source: "Date", skew: 0 }), "de Date is van deze seconde");
    assert_eq!(
        dutch(Reason::LengthDiffers { announced: 12, arrived: 11 }),
        "volgens de Content-Length zijn het 12 bytes; er kwamen er 11 binnen"
    );
    assert_eq!(
        dutch(Reason::WrongKind { requested: Requested::ByKey, kind: KeyKind::Rsa }),
        "de aanroep noemt geen algoritme, maar de sleutel is van de soort RSA"
    );
}

#[test]
fn the_errors_within_reasons_are_said_in_dutch_too() {
    use cavage::SyntaxError as C;
    use rfc9421::SyntaxError as R;
    let structured = |kind| R::Structured("Signature-Input", StructuredError { offset: 3, kind });
    let mut reasons: Vec<Reason> = [
        C::TooLong,
        C::Syntax(7),
        C::Duplicate("a".into()),
        C::Missing("keyId"),
        C::DuplicateName("a".into()),
        C::Base64,
        C::Algorithm("a".into()),
        C::Number("created"),
    ]
    .map(Reason::SignatureUnreadable)
    .into();
    reasons.extend(
        [
            R::Absent("Signature"),
            R::Repeated("Signature"),
            structured(StructuredErrorKind::Syntax),
            structured(StructuredErrorKind::Duplicate),
            structured(StructuredErrorKind::TooLong),
            R::Count,
            R::Unmatched("a".into()),
            R::Covered("a".into()),
            R::Parameter("created"),
        ]
        .map(Reason::MessageSignatureUnreadable),
    );
    reasons.extend(
        [
            CoverageError::Absent("a".into()),
            CoverageError::Repeated("a".into()),
            CoverageError::TooLong("a".into()),
            CoverageError::Unknown("a".into()),
        ]
        .map(Reason::CoverageBroken),
    );
    reasons.extend(
        [
            KeyError::TooLong(9),
            KeyError::Base64("the secret"),
            KeyError::Base64("the key"),
            KeyError::Base64("p="),
            KeyError::Syntax,
            KeyError::DuplicateTag,
            KeyError::Version,
            KeyError::UnknownType,
            KeyError::NoKey,
            KeyError::Revoked,
            KeyError::Service,
            KeyError::Der,
            KeyError::RsaTooShort(512),
            KeyError::RsaTooLong(9000),
            KeyError::RsaExponent,
            KeyError::Length(3),
            KeyError::Json,
            KeyError::Private,
            KeyError::Secret,
            KeyError::Several,
        ]
        .map(Reason::KeyUnusable),
    );
    let said: HashSet<String> = reasons.iter().map(|reason| reason.text(Language::Dutch)).collect();
    assert_eq!(said.len(), reasons.len(), "no two alike");
    for text in said {
        let words: Vec<&str> = text.split([' ', ':', ',']).collect();
        for english in ["the", "is not", "it", "has", "with", "there", "stands", "key"] {
            assert!(!words.contains(&english), "{text}");
        }
    }
}

#[test]
fn notes_are_said_in_dutch() {
    let liberties = cavage::Liberties { capitals: true, folded_base64: true, missing_comma: true };
    for note in [Note::Liberties(liberties), Note::ContentLengthAbsent] {
        assert_ne!(note.text(Language::English), note.text(Language::Dutch));
    }
    assert!(Note::Liberties(liberties).text(Language::Dutch).contains("witruimte in plaats van een komma"));
}
