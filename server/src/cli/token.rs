//! `seinpost token`

use clap::Subcommand;
use seinpost_protocol::rest::{Scope, Timestamp};

use super::{Failed, duration, environment_of, say};
use crate::{app::App, store::scopes_text};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token; it is shown once
    Create {
        /// What the token is for
        #[arg(long, default_value = "token", value_parser = crate::name::read)]
        name: String,
        /// The number of the environment [default: the first]
        #[arg(long)]
        environment: Option<u64>,
        /// What it may do: events:write, webhooks:read, webhooks:write, deliveries:read or admin (can be given more than once)
        /// [default: admin]
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<Scope>,
        /// How long it lasts, such as 12h or 90d [default: until it is revoked]
        #[arg(long, value_name = "TIME", value_parser = duration)]
        expires: Option<i64>,
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
        Command::Create { name, environment, scopes, expires } => {
            let environment = environment_of(app, environment).await?;
            let scopes = if scopes.is_empty() { vec![Scope::Admin] } else { scopes };
            let expires = expires.map(|life| app.clock.now() + life);
            let (_, token) = app.access.create_token(environment.id, name, scopes, expires).await?;
            say(token)
        }
        Command::List { environment } => {
            let environment = environment_of(app, environment).await?;
            for token in app.store.tokens(environment.id).await? {
                let at = |time: Option<i64>, never: &str| {
                    time.map_or_else(|| never.to_owned(), |time| Timestamp::from_millis(time).to_string())
                };
                say(format_args!(
                    "{}  made {}  ends {}  used {}  {}  {}",
                    token.id,
                    Timestamp::from_millis(token.created),
                    at(token.expires, "never"),
                    at(token.last_used, "never"),
                    scopes_text(&token.scopes).replace(' ', ","),
                    token.name
                ))?;
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
