//! What [`seinpost_verify`] does for the profile `standard` with secrets, and nothing else: the module that Node starts
//! with.
//!
//! Before a module runs, the runtime checks all of it, and of the whole that took a fifth of the time up to the first
//! verified call. A receiver of Standard Webhooks needs a third of the code; where more is asked for, the whole takes over.

pub use seinpost_verify::algorithm_of;
