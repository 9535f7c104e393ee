//! `seinpost token`

use clap::Subcommand;
use seinpost_protocol::rest::Timestamp;

use super::{Failed, environment_of, say};
use crate::app::App;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token; it is shown once
    Create {
        /// What the token is for
        #[arg(long, default_value = "token")]
        name: String,
        /// The number of the environment [default: the first]
        #[arg(long)]
        environment: Option<u64>,
    },
    /// List the tokens, without themselves
    List {
        /// The number of the environment [default: the first]
        #[arg(long)]
        environment: Option<u64>,
    },
    /// Revoke a token
    Revoke {
        /// `tok_…`, as `token list` shows it
        id: String,
        /// The number of the environment [default: the first]
        #[arg(long)]
        environment: Option<u64>,
    },
}

pub(super) async fn run(app: &App, command: Command) -> Result<(), Failed> {
    match command {
        Command::Create { name, environment } => {
            let environment = environment_of(app, environment).await?;
            let (_, token) = app.access.create_token(environment.id, name).await?;
            say(token)
        }
        Command::List { environment } => {
            let environment = environment_of(app, environment).await?;
            for token in app.store.tokens(environment.id).await? {
                say(format_args!("{}  {}  {}", token.id, Timestamp::from_millis(token.created), token.name))?;
            }
            Ok(())
        }
        Command::Revoke { id, environment } => {
            let environment = environment_of(app, environment).await?;
            if app.access.delete_token(environment.id, id.clone()).await? {
                say(format_args!("{id} is revoked; a running server forgets it within five seconds"))
            } else {
                Err(Failed(format!("{} has no token {id}: `seinpost token list` lists them", environment.name)))
            }
        }
    }
}
