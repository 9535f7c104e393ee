//! `seinpost signin-link`

use clap::Args;
use seinpost_protocol::rest::Scope;

use super::{Failed, duration, environment_of, say};
use crate::{access::NewLink, app::App, config::Settings};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The number of the environment [default: the first]
    #[arg(long)]
    environment: Option<u64>,
    /// What may be done with it (can be given more than once) [default: admin]
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<Scope>,
    /// For whom it is, as the audit log shows it
    #[arg(long, value_name = "NAME", value_parser = crate::name::read)]
    person: Option<String>,
    /// How long it can be used, such as 1h [default: 10m]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    expires: Option<i64>,
    /// How long the session lasts that it begins, such as 8h or 7d [default: 12h]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    session: Option<i64>,
    /// It is for a frame in a page of another site
    #[arg(long)]
    framed: bool,
}

pub(super) async fn run(app: &App, settings: &Settings, arguments: Arguments) -> Result<(), Failed> {
    if arguments.framed && !settings.branding.may_be_framed() {
        return Err(Failed(
            "no page may hold the dashboard in a frame: name the origin of yours in frame_ancestors, for the server and for \
             this command"
                .into(),
        ));
    }
    let environment = environment_of(app, arguments.environment).await?;
    let base = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
    let all = NewLink::to_all_of(environment.id);
    let new = NewLink {
        scopes: if arguments.scopes.is_empty() { all.scopes.clone() } else { arguments.scopes },
        person: arguments.person,
        link_life: arguments.expires.unwrap_or(all.link_life),
        session_life: arguments.session.unwrap_or(all.session_life),
        framed: arguments.framed,
        ..all
    };
    say(link(app, new, &base).await?)
}

/// A sign-in link below `base`.
pub(super) async fn link(app: &App, new: NewLink, base: &str) -> Result<String, Failed> {
    let (_, code) = app.access.create_signin_link(new).await?;
    // After the # : a browser sends it to no server, so it stands in no log.
    Ok(format!("{base}/signin#code={code}"))
}
