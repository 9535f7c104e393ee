//! `seinpost key`

use clap::{Args, Subcommand};
use seinpost_protocol::rest::Timestamp;

use super::{Failed, environment_of, say};
use crate::{app::App, keyring::KeyringError};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The number of the environment [default: the first]
    #[arg(long, global = true)]
    environment: Option<u64>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the next key, which signs in two days; the server rotates each month by itself
    Rotate {
        /// Let it sign at once, if DNS shows it
        #[arg(long)]
        now: bool,
    },
}

/// A TXT record holds strings of at most 255 bytes.
const STRING: usize = 255;

pub(super) async fn run(app: &App, arguments: Arguments) -> Result<(), Failed> {
    let environment = environment_of(app, arguments.environment).await?.id;
    app.keyring.current(environment).await.map_err(failed)?;
    match arguments.command {
        None => show(app, environment).await,
        Some(Command::Rotate { now }) => {
            let next = app.keyring.prepare(environment).await.map_err(failed)?;
            if now {
                app.keyring.promote(environment, next.keyid.clone()).await.map_err(failed)?;
                say(format_args!("{} signs from now on; a running server takes it within a minute", next.keyid))
            } else {
                say(record(&next.keyid, &next.dns))?;
                say(format_args!("; publish it: it signs from {} on", Timestamp::from_millis(next.since)))
            }
        }
    }
}

/// Every key, in the form of a zone file.
async fn show(app: &App, environment: u64) -> Result<(), Failed> {
    for key in app.store.keys(environment).await? {
        say(record(&key.keyid, &key.dns))?;
    }
    Ok(())
}

fn record(keyid: &str, dns: &str) -> String {
    let strings = dns.as_bytes().chunks(STRING).map(|chunk| format!("\"{}\"", String::from_utf8_lossy(chunk)));
    format!("{keyid}. 3600 IN TXT {}", strings.collect::<Vec<_>>().join(" "))
}

fn failed(error: KeyringError) -> Failed {
    Failed(error.to_string())
}
