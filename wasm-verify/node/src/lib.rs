//! What [`seinpost_verify`] exports, without the sentences of reports: the module that Node runs.
//!
//! It is built for speed, which costs room. The room is that of the sentences: Node can load a second module at once,
//! in the middle of a call, so it takes them from the one with the search for causes when somebody reads a report.
//! Browsers cannot wait there, and their users wait for each kilobyte; they get all in one module that is built for
//! size.

pub use seinpost_verify::{algorithm_of, answer_with};
