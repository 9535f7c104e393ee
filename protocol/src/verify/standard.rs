//! The checklist for the profile `standard`.

use super::reason::shown;
use super::report::CheckName as Name;
use super::{Begun, Candidate, Policy, Profile, Reason, Requested, Work, checks};
use crate::message::{Lookup, Message, decimal};
use crate::signature::standard::{MAX_SIGNATURES, Offered, offered, signing_prefix};

#[inline(never)]
pub(super) fn begin(policy: &Policy, message: &Message<'_>, now: u64) -> Begun {
    let mut begun = Begun::new(Profile::Standard);
    begun.set(Name::Https, checks::https(policy, message));
    begun.set(Name::Date, date(message, now, policy.tolerance(Profile::Standard)));
    let field = "webhook-id";
    let id = message.field(field.as_bytes());
    match (id, policy.keeps_nonces) {
        (_, false) => begun.set(Name::Nonce, Reason::NonceNotKept),
        (Lookup::Once(id), true) if !id.is_empty() => begun.nonce = Some(id.to_vec()),
        (Lookup::Repeated, true) => begun.set(Name::Nonce, Reason::NonceRepeated { field }),
        (_, true) => begun.set(Name::Nonce, Reason::NonceAbsent { field }),
    }
    match work(message, id) {
        Ok((prefix, candidates)) => {
            begun.signing_string = Some(prefix);
            begun.work = Some(Work { key_id: None, with_body: true, candidates });
        }
        Err(reason) => begun.set(Name::Signature, reason),
    }
    begun
}

fn date(message: &Message<'_>, now: u64, tolerance: u64) -> Reason {
    let source = "webhook-timestamp";
    match message.field(source.as_bytes()) {
        Lookup::Absent => Reason::DateAbsent { source },
        Lookup::Repeated => Reason::DateRepeated { source },
        Lookup::Once(value) => match decimal(value) {
            Some(time) => checks::within(source, time, now, tolerance),
            None => Reason::DateUnreadable { source, found: shown(value) },
        },
    }
}

fn work(message: &Message<'_>, id: Lookup<'_>) -> Result<(Vec<u8>, Vec<Candidate>), Reason> {
    fn once<'a>(found: Lookup<'a>, field: &'static str) -> Result<&'a [u8], Reason> {
        match found {
            Lookup::Absent => Err(Reason::SignatureFieldAbsent { field }),
            Lookup::Repeated => Err(Reason::SignatureFieldRepeated { field }),
            Lookup::Once(value) => Ok(value),
        }
    }
    let id = once(id, "webhook-id")?;
    // `ID.TIMESTAMP.BODY` is signed without lengths: with a dot in it, a piece of a body could pass for the time, and
    // the call come back under an id that no store of nonces has seen.
    if id.contains(&b'.') {
        return Err(Reason::MessageIdDotted);
    }
    let timestamp = once(message.field(b"webhook-timestamp"), "webhook-timestamp")?;
    let value = once(message.field(b"webhook-signature"), "webhook-signature")?;
    let offers = offered(value).ok_or(Reason::SignatureTooMany { limit: MAX_SIGNATURES })?;
    if offers.is_empty() {
        return Err(Reason::SignatureNoneUsable);
    }
    let candidates = offers
        .into_iter()
        .map(|Offered { algorithm, signature }| Candidate { requested: Requested::Exactly(algorithm), signature })
        .collect();
    Ok((signing_prefix(id, timestamp), candidates))
}
