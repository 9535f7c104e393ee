//! The checklist for the profile `cavage`.

use super::report::CheckName as Name;
use super::{Begun, Candidate, Note, Policy, Profile, Reason, Requested, Work, checks};
use crate::message::{Lookup, Message};
use crate::signature::cavage::{Liberties, Signature, signing_string, unix_seconds};

#[inline(never)]
pub(super) fn begin(policy: &Policy, message: &Message<'_>, now: u64) -> Begun {
    let mut begun = Begun::new(Profile::Cavage);
    begun.set(Name::Https, checks::https(policy, message));
    begun.set(Name::Date, checks::date(message, now, policy.tolerance(Profile::Cavage)));
    begun.set(Name::Host, checks::host(policy, message));
    begun.set(Name::Digest, checks::digest(message));
    begun.set(Name::Environment, checks::environment(policy, message));
    if !policy.keeps_nonces {
        begun.set(Name::Nonce, Reason::NonceNotKept);
    }
    match read(message) {
        Ok(signature) => judge(&mut begun, policy, message, now, signature),
        Err(reason) => {
            begun.set(Name::Coverage, reason);
            begun.set(Name::KeyId, Reason::KeyIdUnread);
            begun.set(Name::Signature, Reason::SignatureUnread);
        }
    }
    begun
}

fn read<'a>(message: &Message<'a>) -> Result<Signature<'a>, Reason> {
    let field = "Signature";
    match message.field(b"signature") {
        Lookup::Absent => Err(Reason::SignatureAbsent { field }),
        Lookup::Repeated => Err(Reason::SignatureRepeated { field }),
        Lookup::Once(value) => Signature::parse(value).map_err(Reason::SignatureUnreadable),
    }
}

fn judge(begun: &mut Begun, policy: &Policy, message: &Message<'_>, now: u64, signature: Signature<'_>) {
    if signature.liberties != Liberties::default() {
        begun.notes.push(Note::Liberties(signature.liberties));
    }
    let covers = |name: &str| signature.covered.iter().any(|each| each == name);
    if covers("content-length") && message.field(b"content-length") == Lookup::Absent {
        begun.notes.push(Note::ContentLengthAbsent);
    }
    if let Some(expires) = signature.expires.as_deref().and_then(unix_seconds)
        && expires < now
        && !matches!(begun.reason(Name::Date), Some(reason) if reason.outcome() == super::Outcome::Fail)
    {
        begun.set(Name::Date, Reason::DateExpired { by: now - expires });
    }
    nonce(begun, policy, message, covers("x-nonce"));

    let mut missing: Vec<&'static str> = vec!["(request-target)", "host", "date", "x-copernica-id", "digest"];
    missing.retain(|name| !covers(name) && (*name != "x-copernica-id" || policy.environments.is_some()));
    let built = signing_string(message, &signature);
    begun.set(
        Name::Coverage,
        match &built {
            Err(error) => Reason::CoverageBroken(error.clone()),
            Ok(_) if !missing.is_empty() => Reason::NotCovered(missing),
            Ok(_) => Reason::Covered,
        },
    );
    let key_id = checks::key_id(policy, &signature.key_id);
    let trusted = key_id.outcome() != super::Outcome::Fail;
    begun.set(Name::KeyId, key_id);
    match built {
        Err(_) => begun.set(Name::Signature, Reason::SignatureUnbuilt),
        Ok(text) => {
            begun.signing_string = Some(text);
            if trusted {
                begun.work = Some(Work {
                    key_id: Some(signature.key_id.into_owned()),
                    with_body: false,
                    candidates: vec![Candidate {
                        requested: Requested::Cavage(signature.algorithm),
                        signature: signature.signature,
                    }],
                });
            } else {
                begun.set(Name::Signature, Reason::SignatureUntrusted);
            }
        }
    }
}

/// A nonce that is not signed proves nothing: anyone could change it.
fn nonce(begun: &mut Begun, policy: &Policy, message: &Message<'_>, covered: bool) {
    if !policy.keeps_nonces {
        return;
    }
    let field = "X-Nonce";
    match message.field(b"x-nonce") {
        Lookup::Once(value) if !value.is_empty() && covered => begun.nonce = Some(value.to_vec()),
        Lookup::Once(value) if !value.is_empty() => begun.set(Name::Nonce, Reason::NonceUnsigned),
        Lookup::Repeated => begun.set(Name::Nonce, Reason::NonceRepeated { field }),
        _ => begun.set(Name::Nonce, Reason::NonceAbsent { field }),
    }
}
