//! The report in English.

use super::{Note, Reason};
use crate::quote::{listed, quoted};
use crate::signature::{CoverageError, Digest};

/// Why a check has its outcome, in one sentence without its full stop.
pub(super) fn reason(reason: &Reason) -> String {
    use Reason as R;
    match reason {
        R::HostAbsent => absent("Host"),
        R::EnvironmentAbsent => absent("X-Copernica-ID"),
        R::DateAbsent { source: field }
        | R::DigestAbsent { field }
        | R::SignatureAbsent { field }
        | R::SignatureFieldAbsent { field }
        | R::NonceAbsent { field } => absent(field),
        R::HostRepeated => repeated("Host"),
        R::EnvironmentRepeated => repeated("X-Copernica-ID"),
        R::DateRepeated { source: field }
        | R::DigestRepeated { field }
        | R::SignatureRepeated { field }
        | R::SignatureFieldRepeated { field }
        | R::NonceRepeated { field } => repeated(field),

        R::HttpsUsed => "the call came over HTTPS".into(),
        R::HttpsUnknown => "the URL is only a path, so it does not tell whether the call came over HTTPS".into(),
        R::HttpPlain => "the call came over plain HTTP".into(),
        R::HttpAllowed => "the call came over plain HTTP, which this receiver allows".into(),

        R::DateWithin { source, skew: 0 } => format!("the {source} is this very second"),
        R::DateWithin { source, skew } => {
            format!("the {source} is {} s {} this clock", skew.unsigned_abs(), direction(*skew > 0))
        }
        R::DateUnreadable { source, found } => format!("the {source} {} is not a date", quoted(found)),
        R::DateAhead { source, by, tolerance } => {
            format!("the {source} is {by} s ahead of this clock; {tolerance} s are allowed")
        }
        R::DateBehind { source, by, tolerance } => {
            format!("the {source} is {by} s behind this clock; {tolerance} s are allowed")
        }
        R::DateExpired { by } => format!("the signature expired {by} s ago"),
        R::DateUnread => "no signature could be read, so there is no time to look at".into(),

        R::HostOwn => "the Host is this receiver's own".into(),
        R::HostUnnamed => "this receiver names no host of its own".into(),
        R::HostOther { found, own } => format!("the Host is {}; this receiver's own is {own}", quoted(found)),

        R::DigestMatches => "the digest is that of the body".into(),
        R::DigestUnreadable { field } => format!("the {field} cannot be read"),
        R::DigestWeak { field } => format!("the {field} has no SHA-256"),
        R::DigestDiffers { algorithm } => {
            format!("the {} in the header is not that of the body as it arrived", digest_name(*algorithm))
        }
        R::DigestUnchecked { algorithm } => format!("the {} of the body was not computed", digest_name(*algorithm)),
        R::LengthUnreadable => "the Content-Length is not one number".into(),
        R::LengthDiffers { announced, arrived } => {
            format!("the Content-Length says {announced} bytes, and {arrived} arrived")
        }

        R::Covered => "the signature covers all that it must".into(),
        R::SignatureUnreadable(error) => format!("the signature cannot be read: {error}"),
        R::MessageSignatureUnreadable(error) => format!("the signature cannot be read: {error}"),
        R::NotCovered(names) => format!("the signature does not cover {}", listed(names)),
        R::CoverageBroken(error) => coverage(error),

        R::EnvironmentOwn => "the X-Copernica-ID is this receiver's environment".into(),
        R::EnvironmentAny => "this receiver accepts calls of any environment".into(),
        R::EnvironmentUnreadable { found } => format!("the X-Copernica-ID {} names no environment", quoted(found)),
        R::EnvironmentOther { found, own } => format!("the call is for environment {found}; this receiver's is {own}"),

        R::KeyIdTrusted => "the key's name is under the trusted domain".into(),
        R::KeyIdAtHand => "the key is one that this receiver has at hand".into(),
        R::KeyIdAny => "this receiver trusts keys of any name".into(),
        R::KeyIdUnread => "no signature could be read, so there is no key to name".into(),
        R::KeyIdAbsent => "the signature has no keyid".into(),
        R::KeyIdMalformed { found } => format!("the keyId {} is not a domain name", quoted(found)),
        R::KeyIdForeign { found, trusted } => {
            format!("the keyId {} is not under the trusted domain {trusted}", quoted(found))
        }

        R::NonceNew => "the nonce was not seen before".into(),
        R::NonceNotKept => "this receiver keeps no nonces".into(),
        R::NonceNotAsked => "the call is refused already, so its nonce was not looked up".into(),
        R::NonceUnchecked => "the nonce was not looked up".into(),
        R::NonceSeen => "the nonce was seen before: this call is a repeat".into(),
        R::NonceUnsigned => "the nonce is not covered by the signature, so anyone could change it".into(),
        R::NonceStoreFailed { detail } => format!("the store of nonces failed: {detail}"),
        other => signature(other),
    }
}

fn signature(reason: &Reason) -> String {
    use Reason as R;
    match reason {
        R::SignatureValid { algorithm } => format!("the signature is valid ({})", algorithm.as_str()),
        R::SignatureInvalid => "the signature is not that of this call under this key".into(),
        R::SignatureUnread => "no signature could be read".into(),
        R::SignatureUnbuilt => "what was signed could not be rebuilt".into(),
        R::SignatureUntrusted => "the key's name is not trusted, so no key was looked up".into(),
        R::SignatureNoneUsable => "no signature of a known version can be read".into(),
        R::MessageIdDotted => "the webhook-id holds a dot, so where it ends is not signed".into(),
        R::SignatureTooMany { limit } => format!("there are more than {limit} signatures"),
        R::AlgorithmUnknown { found } => format!("the algorithm {} is not supported", quoted(found)),
        R::KeyNotFound => "there is no key of that name".into(),
        R::KeyUnusable(error) => format!("the key cannot be used: {error}"),
        R::WrongKind { requested, kind } => {
            format!("the call names the algorithm {}, but the key is {}", requested.as_str(), kind.as_str())
        }
        R::LookupFailed { detail } => format!("the key could not be looked up: {detail}"),
        _ => "the signature was not checked".into(),
    }
}

fn absent(name: &str) -> String {
    format!("there is no {name}")
}

fn repeated(name: &str) -> String {
    format!("there is more than one {name}")
}

fn coverage(error: &CoverageError) -> String {
    match error {
        CoverageError::Absent(name) => format!("the signature covers {name}, which is not there"),
        CoverageError::Repeated(name) => format!("the signature covers {name}, which is there more than once"),
        CoverageError::TooLong(name) => format!("the signature covers {name}, which is too long"),
        CoverageError::Unknown(name) => format!("the signature covers {name}, which cannot be covered"),
    }
}

/// What was put up with.
pub(super) fn note(note: &Note) -> String {
    match note {
        Note::Liberties(liberties) => {
            let mut found = Vec::new();
            if liberties.capitals {
                found.push("capitals in the names of headers");
            }
            if liberties.folded_base64 {
                found.push("folded base64");
            }
            if liberties.missing_comma {
                found.push("white space in place of a comma");
            }
            format!("the Signature has {}; it was read all the same", listed(&found))
        }
        Note::ContentLengthAbsent => {
            "the signature covers content-length, which did not arrive; the length of the body was taken".into()
        }
    }
}

fn direction(ahead: bool) -> &'static str {
    if ahead { "ahead of" } else { "behind" }
}

fn digest_name(digest: Digest) -> &'static str {
    match digest {
        Digest::Sha256 => "SHA-256",
        Digest::Sha512 => "SHA-512",
    }
}
