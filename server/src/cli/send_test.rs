//! `seinpost send-test`

use clap::Args;
use seinpost_protocol::rest::WebhookStatus;

use super::{Failed, beside, environment_of, say};
use crate::{api::send_sample, app::App};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// `wh_…`
    webhook: String,
    /// The number of the environment [default: the first]
    #[arg(long)]
    environment: Option<u64>,
}

pub(super) async fn run(app: &App, arguments: Arguments) -> Result<(), Failed> {
    beside::check_domain(app).await?;
    let environment = environment_of(app, arguments.environment).await?;
    let Some(webhook) = app.store.webhook(environment.id, arguments.webhook.clone()).await? else {
        return Err(Failed(format!("{} has no webhook {}", environment.name, arguments.webhook)));
    };
    if webhook.status == WebhookStatus::Unverified {
        return Err(Failed("the URL of this webhook has not been verified yet, so nothing is sent to it".into()));
    }
    let attempt = send_sample(app, &webhook).await?;
    say(format_args!("{} {}", attempt.request.method, attempt.request.url))?;
    for (name, value) in &attempt.request.headers {
        say(format_args!("{name}: {value}"))?;
    }
    say("")?;
    if let Some(response) = &attempt.response {
        say(format_args!("{} in {} ms", response.status, attempt.duration_ms))?;
        for (name, value) in &response.headers {
            say(format_args!("{name}: {value}"))?;
        }
        say(format_args!("\n{}", response.body.as_deref().unwrap_or_default()))?;
    }
    match &attempt.error {
        Some(error) => Err(Failed(error.detail.clone())),
        None if attempt.accepted() => Ok(()),
        None => Err(Failed("the receiver did not accept it".into())),
    }
}
