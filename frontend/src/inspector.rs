//! The inspector's own knowledge: what stands on its page, links that hold it, and the way to the npm package, whose
//! word on all of it is the only one.

mod change;
mod key;
mod share;
mod signed;
mod verifier;

pub(crate) use change::changed;
pub(crate) use key::key_id;
pub(crate) use share::{Shared, from_fragment, share_link_of, to_fragment};
pub(crate) use signed::signed_of;
pub(crate) use verifier::{
    Answer, Asked, Cause, CheckOutcome, DecodeError, Difference, Event, Mail, MailPart, MailRecipient, ReadRequest,
    Report, SampleOf, Told, ask_from_own_page, bytes_at, inspect, keep_for_offline, key_by_dns, may_ask, receiver,
    resolver, sample, stands_alone, was_loaded_to_ask,
};
