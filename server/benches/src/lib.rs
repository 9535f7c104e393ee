//! Measures the release binary from outside, over HTTP: what a user could measure.
//!
//! [`sink`] is the receiver, [`load`] hands events in, [`limit`] is the program that the figures are ratios to, and
//! [`cases`] puts them together. docs/benchmarks.md says how to repeat it and what came of it.

pub mod api;
pub mod cases;
pub mod client;
pub mod event;
pub mod fill;
pub mod limit;
pub mod load;
pub mod machine;
pub mod report;
pub mod server;
pub mod sink;
pub mod stats;
