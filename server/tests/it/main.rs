//! The server from outside: its API over HTTP, its calls to real receivers, its store, its command line.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;
mod turns;

mod access;
mod audit;
mod batches;
mod check_receiver;
mod client_certificates;
mod clock;
mod command_line;
mod dashboard;
mod deliveries;
mod diagnose;
mod diagnosis;
mod dns;
mod egress;
mod egress_addresses;
mod egress_bodies;
mod egress_kept;
mod egress_proxy;
mod egress_tls;
mod environments;
mod etags;
mod events;
mod failing;
mod figures;
#[cfg(target_os = "linux")]
mod files;
mod front;
mod idempotency;
mod key_domains;
mod keys;
mod kill;
mod large_bodies;
mod openapi;
mod options;
mod problems;
mod profiles;
mod rate;
mod receivers;
mod replays;
mod resolving;
mod retries;
mod sealing;
mod sealing_anew;
mod search;
mod send_waiting;
mod sending;
mod signin_links;
mod slow_clients;
mod status;
mod stopping;
mod store;
mod store_fails;
mod stream;
mod stream_limits;
mod tokens;
mod transport;
mod webhooks;
