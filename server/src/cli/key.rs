//! `seinpost key`

use clap::Args;

use super::{Failed, environment_of, say};
use crate::app::App;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The number of the environment [default: the first]
    #[arg(long)]
    environment: Option<u64>,
}

/// A TXT record holds strings of at most 255 bytes.
const STRING: usize = 255;

pub(super) async fn run(app: &App, arguments: Arguments) -> Result<(), Failed> {
    let environment = environment_of(app, arguments.environment).await?;
    app.keyring.current(environment.id).await.map_err(|error| Failed(error.to_string()))?;
    for key in app.store.keys(environment.id).await? {
        let strings: Vec<_> =
            key.dns.as_bytes().chunks(STRING).map(|chunk| format!("\"{}\"", String::from_utf8_lossy(chunk))).collect();
        say(format_args!("{}. 3600 IN TXT {}", key.keyid, strings.join(" ")))?;
    }
    Ok(())
}
