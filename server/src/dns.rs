//! Answers DNS for the zone of the keys, `_domainkey.DOMAIN`, and for nothing else: so that it can be delegated here once,
//! and rotation needs no hands.
//!
//! The messages are hickory's; the sockets are ours, so that everything from the network is bounded: datagrams by their
//! rate a network, connections by number and time.

mod answer;
mod rate;
mod sockets;

pub use sockets::{Bound, bind};
