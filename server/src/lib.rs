//! The server of Seinpost: takes events, signs them, delivers them.
//!
//! An event's way through is straight: [`api`] → [`store`] (durable, then acknowledged) → [`dispatch`] → [`egress`] →
//! [`store`] (the attempt).

pub mod access;
pub mod api;
pub mod app;
pub mod background;
pub mod cli;
pub mod clock;
pub mod config;
pub mod dashboard;
pub mod dispatch;
pub mod dns;
pub mod egress;
pub mod entropy;
pub mod fields;
pub mod files;
pub mod id;
pub mod keyring;
pub mod listen;
pub mod live;
pub mod name;
pub mod seal;
pub mod store;
