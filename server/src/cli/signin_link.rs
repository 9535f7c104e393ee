//! `seinpost signin-link`

use clap::Args;

use super::{Failed, environment_of, say};
use crate::{app::App, config::Settings};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The number of the environment [default: the first]
    #[arg(long)]
    environment: Option<u64>,
}

pub(super) async fn run(app: &App, settings: &Settings, arguments: Arguments) -> Result<(), Failed> {
    let environment = environment_of(app, arguments.environment).await?;
    let base = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
    say(link(app, environment.id, &base).await?)
}

/// A sign-in link below `base`.
pub(super) async fn link(app: &App, environment: u64, base: &str) -> Result<String, Failed> {
    // After the # : a browser sends it to no server, so it stands in no log.
    Ok(format!("{base}/signin#code={}", app.access.create_signin_code(environment).await?))
}
