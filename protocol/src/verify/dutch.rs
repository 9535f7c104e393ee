//! The report in Dutch.

use super::{Note, Reason};
use crate::key::{KeyError, MAX_RSA_BITS, MIN_RSA_BITS};
use crate::quote::{listed, quoted};
use crate::signature::structured::{StructuredError, StructuredErrorKind};
use crate::signature::{CoverageError, Digest, cavage, rfc9421};

/// Why a check has its outcome, in one sentence without its full stop.
pub(super) fn reason(reason: &Reason) -> String {
    use Reason as R;
    match reason {
        R::HttpsUsed => "de aanroep kwam over HTTPS".into(),
        R::HttpsUnknown => "de URL is alleen een pad; daaruit blijkt niet of de aanroep over HTTPS kwam".into(),
        R::HttpPlain => "de aanroep kwam over HTTP, zonder versleuteling".into(),
        R::HttpAllowed => "de aanroep kwam over HTTP, zonder versleuteling; deze ontvanger staat dat toe".into(),

        R::DateWithin { source, skew: 0 } => format!("{} is van deze seconde", the(source)),
        R::DateWithin { source, skew } => {
            let direction = if *skew > 0 { "voor" } else { "achter" };
            format!("{} loopt {} s {direction} op deze klok", the(source), skew.unsigned_abs())
        }
        R::DateAbsent { source } => absent(source),
        R::DateRepeated { source } => repeated(source),
        R::DateUnreadable { source, found } => format!("{} {} is geen tijdstip", the(source), quoted(found)),
        R::DateAhead { source, by, tolerance } => {
            format!("{} loopt {by} s voor op deze klok; {tolerance} s is toegestaan", the(source))
        }
        R::DateBehind { source, by, tolerance } => {
            format!("{} loopt {by} s achter op deze klok; {tolerance} s is toegestaan", the(source))
        }
        R::DateExpired { by } => format!("de handtekening is {by} s geleden verlopen"),
        R::DateUnread => "er kon geen handtekening worden gelezen, dus er is geen tijdstip om naar te kijken".into(),

        R::HostOwn => "de Host is die van deze ontvanger".into(),
        R::HostUnnamed => "voor deze ontvanger is geen eigen host ingesteld".into(),
        R::HostAbsent => absent("Host"),
        R::HostRepeated => repeated("Host"),
        R::HostOther { found, own } => format!("de Host is {}; die van deze ontvanger is {own}", quoted(found)),

        R::EnvironmentOwn => "de X-Copernica-ID is de omgeving van deze ontvanger".into(),
        R::EnvironmentAny => "deze ontvanger neemt aanroepen voor elke omgeving aan".into(),
        R::EnvironmentAbsent => absent("X-Copernica-ID"),
        R::EnvironmentRepeated => repeated("X-Copernica-ID"),
        R::EnvironmentUnreadable { found } => format!("de X-Copernica-ID {} noemt geen omgeving", quoted(found)),
        R::EnvironmentOther { found, own } => {
            format!("de aanroep is voor omgeving {found}; die van deze ontvanger is {own}")
        }

        R::KeyIdTrusted => "de naam van de sleutel valt onder het vertrouwde domein".into(),
        R::KeyIdAtHand => "deze ontvanger heeft de sleutel zelf".into(),
        R::KeyIdAny => "deze ontvanger vertrouwt sleutels van elke naam".into(),
        R::KeyIdUnread => "er kon geen handtekening worden gelezen, dus er is geen sleutel genoemd".into(),
        R::KeyIdAbsent => "de handtekening noemt geen keyid".into(),
        R::KeyIdMalformed { found } => format!("de keyId {} is geen domeinnaam", quoted(found)),
        R::KeyIdForeign { found, trusted } => {
            format!("de keyId {} valt niet onder het vertrouwde domein {trusted}", quoted(found))
        }

        R::NonceNew => "de nonce is niet eerder gezien".into(),
        R::NonceNotKept => "deze ontvanger onthoudt geen nonces".into(),
        R::NonceNotAsked => "de aanroep is al geweigerd; daarom is de nonce niet opgezocht".into(),
        R::NonceUnchecked => "de nonce is niet opgezocht".into(),
        R::NonceSeen => "de nonce is eerder gezien: deze aanroep is een herhaling".into(),
        R::NonceAbsent { field } => absent(field),
        R::NonceRepeated { field } => repeated(field),
        R::NonceUnsigned => "de nonce valt niet onder de handtekening, dus iedereen kan hem veranderen".into(),
        R::NonceStoreFailed { detail } => format!("de opslag van nonces is mislukt: {detail}"),
        body_or_signature => body(body_or_signature),
    }
}

fn body(reason: &Reason) -> String {
    use Reason as R;
    match reason {
        R::DigestMatches => "de digest is die van de body".into(),
        R::DigestAbsent { field } => absent(field),
        R::DigestRepeated { field } => repeated(field),
        R::DigestUnreadable { field } => format!("{} kan niet worden gelezen", the(field)),
        R::DigestWeak { field } => format!("{} bevat geen SHA-256", the(field)),
        R::DigestDiffers { algorithm } => {
            format!("de {} in de header is niet die van de body zoals die binnenkwam", digest_name(*algorithm))
        }
        R::DigestUnchecked { algorithm } => format!("de {} van de body is niet berekend", digest_name(*algorithm)),
        R::LengthUnreadable => "de Content-Length is niet één getal".into(),
        R::LengthDiffers { announced, arrived } => {
            format!("volgens de Content-Length zijn het {announced} bytes; er kwamen er {arrived} binnen")
        }
        other => signature(other),
    }
}

fn signature(reason: &Reason) -> String {
    use Reason as R;
    match reason {
        R::Covered => "alles wat ondertekend moet zijn, valt onder de handtekening".into(),
        R::SignatureAbsent { field } | R::SignatureFieldAbsent { field } => absent(field),
        R::SignatureRepeated { field } | R::SignatureFieldRepeated { field } => repeated(field),
        R::SignatureUnreadable(error) => {
            format!("de handtekening kan niet worden gelezen: {}", cavage_syntax(error))
        }
        R::MessageSignatureUnreadable(error) => {
            format!("de handtekening kan niet worden gelezen: {}", rfc9421_syntax(error))
        }
        R::NotCovered(names) => format!("dit valt niet onder de handtekening: {}", listed(names)),
        R::CoverageBroken(error) => coverage(error),

        R::SignatureValid { algorithm } => format!("de handtekening klopt ({})", algorithm.as_str()),
        R::SignatureInvalid => "de handtekening is met deze sleutel niet die van deze aanroep".into(),
        R::SignatureUnread => "er kon geen handtekening worden gelezen".into(),
        R::SignatureUnbuilt => "wat ondertekend is, kon niet worden opgebouwd".into(),
        R::SignatureUntrusted => "de naam van de sleutel is niet vertrouwd; daarom is er geen sleutel opgezocht".into(),
        R::SignatureNoneUsable => "er is geen leesbare handtekening van een bekende versie".into(),
        R::MessageIdDotted => "in de webhook-id staat een punt, dus waar hij eindigt is niet ondertekend".into(),
        R::AlgorithmUnknown { found } => format!("het algoritme {} wordt niet ondersteund", quoted(found)),
        R::SignatureTooMany { limit } => format!("er zijn meer dan {limit} handtekeningen"),
        R::KeyNotFound => "er is geen sleutel met die naam".into(),
        R::KeyUnusable(error) => format!("de sleutel is niet bruikbaar: {}", key(error)),
        R::WrongKind { requested, kind } => {
            let named = match requested.as_str() {
                "unnamed" => "geen algoritme".into(),
                name => format!("het algoritme {name}"),
            };
            format!("de aanroep noemt {named}, maar de sleutel is van de soort {}", kind.as_str())
        }
        R::LookupFailed { detail } => format!("de sleutel kon niet worden opgezocht: {detail}"),
        // What is left is `SignatureUnchecked`; a test goes through every reason.
        _ => "de handtekening is niet gecontroleerd".into(),
    }
}

fn coverage(error: &CoverageError) -> String {
    match error {
        CoverageError::Absent(name) => format!("ondertekend is ook {name}, maar dat is er niet"),
        CoverageError::Repeated(name) => format!("ondertekend is ook {name}, maar dat staat er meer dan één keer"),
        CoverageError::TooLong(name) => format!("ondertekend is ook {name}, maar dat is te lang"),
        CoverageError::Unknown(name) => format!("ondertekend zou {name} zijn, maar dat kan niet worden ondertekend"),
    }
}

fn cavage_syntax(error: &cavage::SyntaxError) -> String {
    use cavage::SyntaxError as E;
    match error {
        E::TooLong => "hij is te lang of heeft te veel delen".into(),
        E::Syntax(at) => format!("hij is bij byte {at} geen lijst van naam=\"waarde\""),
        E::Duplicate(name) => format!("de parameter {name} staat er twee keer in"),
        E::Missing(name) => format!("de parameter {name} ontbreekt"),
        E::DuplicateName(name) => format!("{name} staat twee keer in de parameter headers"),
        E::Base64 => "de parameter signature is geen correcte base64".into(),
        E::Algorithm(name) => format!("het algoritme {name} wordt niet ondersteund"),
        E::Number(name) => format!("de parameter {name} is geen getal"),
    }
}

fn rfc9421_syntax(error: &rfc9421::SyntaxError) -> String {
    use rfc9421::SyntaxError as E;
    match error {
        E::Absent(field) => absent(field),
        E::Repeated(field) => repeated(field),
        E::Structured(field, error) => format!("{} is onleesbaar: {}", the(field), structured(error)),
        E::Count => "er zijn geen handtekeningen, of te veel".into(),
        E::Unmatched(label) => format!("bij het label {label} staat geen handtekening"),
        E::Covered(label) => {
            format!("wat onder {label} ondertekend is, is geen lijst van verschillende namen in kleine letters")
        }
        E::Parameter(name) => format!("de parameter {name} is van de verkeerde soort"),
    }
}

fn structured(error: &StructuredError) -> String {
    let what = match error.kind {
        StructuredErrorKind::Syntax => "het is geen structured field",
        StructuredErrorKind::Duplicate => "een naam staat er twee keer in",
        StructuredErrorKind::TooLong => "het is te lang of heeft te veel delen",
    };
    format!("{what}, bij byte {}", error.offset)
}

fn key(error: &KeyError) -> String {
    match error {
        KeyError::TooLong(limit) => format!("hij is langer dan {limit} bytes"),
        KeyError::Base64(part) => {
            let part = match *part {
                "the key" => "de sleutel",
                "the secret" => "het geheim",
                part => part,
            };
            format!("{part} is geen correcte base64")
        }
        KeyError::Syntax => "het record is geen lijst van tag=waarde met puntkomma's ertussen".into(),
        KeyError::DuplicateTag => "een tag staat twee keer in het record".into(),
        KeyError::Version => "het record begint niet met v=DKIM1".into(),
        KeyError::UnknownType => "sleutels van deze soort worden niet ondersteund".into(),
        KeyError::NoKey => "het record heeft geen p= en dus geen sleutel".into(),
        KeyError::Revoked => "de eigenaar heeft hem ingetrokken (p= is leeg)".into(),
        KeyError::Service => "hij is gepubliceerd voor een ander gebruik (s=, h=, use of alg)".into(),
        KeyError::Der => "zijn binaire vorm is beschadigd".into(),
        KeyError::RsaTooShort(bits) => {
            format!("de RSA-sleutel heeft {bits} bits; minder dan {MIN_RSA_BITS} is niet veilig")
        }
        KeyError::RsaTooLong(bits) => {
            format!("de RSA-sleutel heeft {bits} bits; meer dan {MAX_RSA_BITS} wordt geweigerd")
        }
        KeyError::RsaExponent => "de exponent van de RSA-sleutel is niet veilig".into(),
        KeyError::Length(bytes) => format!("hij heeft {bytes} bytes, en die lengte kan niet"),
        KeyError::Json => "hij lijkt een JWK, maar is geen JSON".into(),
        KeyError::Private => "dit is een privésleutel; om te controleren is de publieke nodig".into(),
        KeyError::Secret => "dit is een geheim, en dat hoort in de optie secret".into(),
        KeyError::Several => "dit is een JWK-verzameling of meer dan één PEM-blok; geef elke sleutel apart".into(),
    }
}

/// What was put up with.
pub(super) fn note(note: &Note) -> String {
    match note {
        Note::Liberties(liberties) => {
            let mut found = Vec::new();
            if liberties.capitals {
                found.push("hoofdletters in de namen van headers");
            }
            if liberties.folded_base64 {
                found.push("base64 over meer regels");
            }
            if liberties.missing_comma {
                found.push("witruimte in plaats van een komma");
            }
            format!("de Signature heeft {}; hij is toch gelezen", listed(&found))
        }
        Note::ContentLengthAbsent => {
            "content-length is ondertekend maar kwam niet binnen; de lengte van de body is gebruikt".into()
        }
    }
}

/// A header field or a parameter with its article. The names are English, and all take `de` but these.
fn the(name: &str) -> String {
    match name {
        "created" | "expires" => format!("het tijdstip {name}"),
        name => format!("de {name}"),
    }
}

fn absent(name: &str) -> String {
    format!("er is geen {name}")
}

fn repeated(name: &str) -> String {
    format!("er is meer dan één {name}")
}

fn digest_name(digest: Digest) -> &'static str {
    match digest {
        Digest::Sha256 => "SHA-256",
        Digest::Sha512 => "SHA-512",
    }
}
