//! Events: handing them in, and finding them again.

pub(super) mod create;
pub(super) mod one;
pub(super) mod search;
pub(super) mod smtpeter;
