//! The profile `cavage`: draft-cavage-http-signatures as SMTPeter sends it, the default.

mod sign;

pub use sign::{Outgoing, SIGNED_HEADERS, sign};
