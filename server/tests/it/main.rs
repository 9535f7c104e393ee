//! The server from outside: its API over HTTP, its calls to real receivers, its store, its command line.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;
mod turns;

mod access;
mod clock;
mod command_line;
mod dashboard;
mod deliveries;
mod diagnose;
mod diagnosis;
mod egress;
mod events;
mod figures;
mod keys;
mod kill;
mod openapi;
mod options;
mod problems;
mod profiles;
mod replays;
mod retries;
mod search;
mod sending;
mod store;
mod webhooks;
