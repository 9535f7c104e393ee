//! What travels between Seinpost and its users.
//!
//! Three programs speak this protocol: the server that signs and sends events, the dashboard that manages it, and the
//! npm package with which receivers verify what they get. So that none of them can drift from the others, everything
//! that travels is defined here, once, for native targets and `wasm32` alike.
//!
//! Nothing in this crate does I/O, reads a clock or draws a random number: the time, nonces and keys come in as
//! arguments. Nothing in it panics, on any input.

pub mod base64;
pub mod event;
pub mod explain;
pub mod key;
#[cfg(feature = "mail")]
pub mod mail;
pub mod message;
pub mod ownership;
pub mod payload;
mod quote;
#[cfg(feature = "rest")]
pub mod rest;
pub mod signature;
pub mod verify;
