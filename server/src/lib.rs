//! The server of Seinpost: takes events, signs them, delivers them.
//!
//! An event's way through is straight: [`api`] → [`store`] (durable, then acknowledged) → [`dispatch`] → [`egress`] →
//! [`store`] (the attempt).

pub mod clock;
pub mod egress;
pub mod entropy;
pub mod id;
pub mod store;
