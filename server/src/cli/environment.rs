//! `seinpost environment`

use clap::Subcommand;

use super::{Failed, beside, say};
use crate::app::App;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an environment, with a signing key of its own
    Create {
        /// Its name: 1 to 100 characters
        #[arg(value_parser = crate::name::read)]
        name: String,
    },
    /// List the environments
    List,
}

pub(super) async fn run(app: &App, command: Command) -> Result<(), Failed> {
    match command {
        Command::Create { name } => {
            beside::check_domain(app).await?;
            // Names are for people: two that are called the same would be mistaken for each other.
            if let Some(other) = app.store.environments().await?.into_iter().find(|other| other.name == name) {
                return Err(Failed(format!("environment {} has the name {name:?} already", other.id)));
            }
            let environment = app.store.create_environment(name).await?;
            let key = app.keyring.current(environment.id).await.map_err(|error| Failed(error.to_string()))?;
            say(format_args!("{}  {}  {}", environment.id, environment.name, key.keyid))
        }
        Command::List => {
            for environment in app.store.environments().await? {
                say(format_args!("{}  {}", environment.id, environment.name))?;
            }
            Ok(())
        }
    }
}
