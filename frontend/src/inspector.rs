//! The inspector's own knowledge: requests as they are pasted, keys as they are pasted, links that hold both, and the
//! way to the npm package, whose word on all of it is the only one.

mod key;
mod raw;
mod share;
mod signed;
mod verifier;

pub(crate) use key::{KeyText, key_id, read_key};
pub(crate) use raw::{RawError, RawRequest, parse};
pub(crate) use share::{Shared, from_fragment, share_link_of, to_fragment};
pub(crate) use signed::signing_string_of;
pub(crate) use verifier::{Answer, CheckOutcome, Question, Settings, inspect};
