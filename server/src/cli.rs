//! The command line.

mod beside;
mod config;
mod diagnose;
mod environment;
mod key;
mod lock;
mod send_test;
mod serve;
mod signin_link;
mod token;

use std::{fmt, io::Write as _, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use clap::{Args, Parser, Subcommand};

use beside::open_beside;

use crate::{
    app::{App, Options, Surroundings},
    clock::SystemClock,
    config::{InvalidConfig, Layers, Settings},
    dispatch,
    egress::{self, SystemResolver},
    entropy::SystemEntropy,
    store::{Actor, Environment, StoreError, acting, sqlite},
};

/// Seinpost: takes your platform's e-mail events and delivers them to your customers' webhooks, signed.
#[derive(Debug, Parser)]
#[command(
    name = "seinpost",
    version,
    propagate_version = true,
    after_help = "Secrets are given in the environment alone, or in the file: SEINPOST_MASTER_KEY (instead of its own file) and \
                  SEINPOST_BOOTSTRAP_TOKEN (an admin's token of your choice, set at the start)."
)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

/// Settings that can be given as flags; see seinpost.toml for what each does.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Settings (also SEINPOST_NAME in the environment, or name in the file)")]
struct Flags {
    /// A configuration file in TOML
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDR")]
    listen: Option<String>,
    /// The folder in which everything is kept [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<String>,
    /// A file with the key that seals secrets in the database [default: master.key in the data folder]
    #[arg(long = "master-key", alias = "master-key-file", global = true, value_name = "FILE")]
    master_key_file: Option<String>,
    /// Under which URL people reach the server
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// A network that callbacks may go to although it is not public (can be given more than once)
    #[arg(long, global = true, value_name = "CIDR")]
    allow_target: Vec<String>,
    /// The domain under which the public keys stand in DNS [default: hooks.localhost]
    #[arg(long, global = true, value_name = "DOMAIN")]
    key_domain: Option<String>,
    /// Answer DNS for the zone of the keys on this address and port, over UDP and TCP
    #[arg(long, global = true, value_name = "ADDR")]
    dns_listen: Option<String>,
    /// The name under which others reach that [default: ns.KEY_DOMAIN]
    #[arg(long, global = true, value_name = "NAME")]
    dns_server: Option<String>,
    /// Ask these name servers, in place of the machine's
    #[arg(long, global = true, value_name = "ADDR")]
    resolvers: Vec<String>,
    /// Connections of clients at a time [default: 4096]
    #[arg(long, global = true, value_name = "N")]
    max_connections: Option<String>,
    /// Memory for the bodies of clients' requests, all together [default: 128]
    #[arg(long, global = true, value_name = "MIB")]
    max_body_memory: Option<String>,
    /// Time for the head of a client's request, and for an idle connection [default: 30s]
    #[arg(long, global = true, value_name = "TIME")]
    client_head_timeout: Option<String>,
    /// Time for the body of a client's request [default: 60s]
    #[arg(long, global = true, value_name = "TIME")]
    client_body_timeout: Option<String>,
    /// How long to wait after each failed attempt
    #[arg(long, global = true, value_name = "DELAYS")]
    retry_schedule: Option<String>,
    /// Calls to one webhook at a time [default: 16]
    #[arg(long, global = true, value_name = "N")]
    webhook_concurrency: Option<String>,
    /// Calls in all at a time [default: 1024]
    #[arg(long, global = true, value_name = "N")]
    concurrency: Option<String>,
    /// An HTTP proxy through which callbacks go: http://host:port
    #[arg(long, global = true, value_name = "URL")]
    proxy: Option<String>,
    /// A name (with all below it), an address or a network that is called without the proxy (can be given more than once)
    #[arg(long, global = true, value_name = "NAME OR NETWORK")]
    proxy_exceptions: Vec<String>,
    /// Time to resolve, connect and shake hands [default: 5s]
    #[arg(long, global = true, value_name = "TIME")]
    connect_timeout: Option<String>,
    /// Time for a whole call [default: 15s]
    #[arg(long, global = true, value_name = "TIME")]
    call_timeout: Option<String>,
    /// Days that events and attempts are kept [default: 30]
    #[arg(long, global = true, value_name = "N")]
    retention_days: Option<String>,
    /// Calls a second that a token may make, besides handing in events; 0 is no limit [default: 100]
    #[arg(long, global = true, value_name = "N")]
    rate_limit: Option<String>,
    /// Calls a second with which a token may hand in events; 0 is no limit [default: 0]
    #[arg(long, global = true, value_name = "N")]
    event_rate_limit: Option<String>,
    /// An origin whose pages may call the API (can be given more than once)
    #[arg(long, global = true, value_name = "ORIGIN")]
    cors_origins: Vec<String>,
    /// An origin whose pages may hold the dashboard in a frame (can be given more than once)
    #[arg(long, global = true, value_name = "ORIGIN")]
    frame_ancestors: Vec<String>,
    /// Your name instead of Seinpost in the dashboard
    #[arg(long, global = true, value_name = "NAME")]
    dashboard_name: Option<String>,
    /// Your logo: .svg, .png, .webp or .jpg
    #[arg(long, global = true, value_name = "FILE")]
    dashboard_logo: Option<String>,
    /// The colour of links and chosen controls: #rrggbb
    #[arg(long, global = true, value_name = "COLOUR")]
    dashboard_accent: Option<String>,
    /// A resolver that the inspector's page may ask for keys, by DNS over HTTPS [default: none]
    #[arg(long, global = true, value_name = "URL")]
    dns_over_https: Option<String>,
    /// Certificates of further authorities to trust, in PEM
    #[arg(long, global = true, value_name = "FILE")]
    ca_file: Option<String>,
    /// What is logged [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
}

impl Flags {
    fn get(&self, key: &str) -> Option<String> {
        match key {
            "listen" => self.listen.clone(),
            "data" => self.data.clone(),
            "master_key_file" => self.master_key_file.clone(),
            "public_url" => self.public_url.clone(),
            "allow_target" => (!self.allow_target.is_empty()).then(|| self.allow_target.join(",")),
            "key_domain" => self.key_domain.clone(),
            "dns_listen" => self.dns_listen.clone(),
            "dns_server" => self.dns_server.clone(),
            "resolvers" => (!self.resolvers.is_empty()).then(|| self.resolvers.join(",")),
            "max_connections" => self.max_connections.clone(),
            "max_body_memory" => self.max_body_memory.clone(),
            "client_head_timeout" => self.client_head_timeout.clone(),
            "client_body_timeout" => self.client_body_timeout.clone(),
            "retry_schedule" => self.retry_schedule.clone(),
            "webhook_concurrency" => self.webhook_concurrency.clone(),
            "concurrency" => self.concurrency.clone(),
            "proxy" => self.proxy.clone(),
            "proxy_exceptions" => (!self.proxy_exceptions.is_empty()).then(|| self.proxy_exceptions.join(",")),
            "connect_timeout" => self.connect_timeout.clone(),
            "call_timeout" => self.call_timeout.clone(),
            "retention_days" => self.retention_days.clone(),
            "rate_limit" => self.rate_limit.clone(),
            "event_rate_limit" => self.event_rate_limit.clone(),
            "cors_origins" => (!self.cors_origins.is_empty()).then(|| self.cors_origins.join(",")),
            "frame_ancestors" => (!self.frame_ancestors.is_empty()).then(|| self.frame_ancestors.join(",")),
            "dashboard_name" => self.dashboard_name.clone(),
            "dashboard_logo" => self.dashboard_logo.clone(),
            "dashboard_accent" => self.dashboard_accent.clone(),
            "dns_over_https" => self.dns_over_https.clone(),
            "ca_file" => self.ca_file.clone(),
            "log" => self.log.clone(),
            _ => None,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve,
    /// Print the settings that are in force, and where each came from
    Config,
    /// Make, list and revoke API tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Make and list environments
    #[command(subcommand)]
    Environment(environment::Command),
    /// Show the public keys as records to paste into a DNS zone; rotate, export and check them; change the master key
    Key(key::Arguments),
    /// Make a link with which to sign in to the dashboard, once, within ten minutes
    SigninLink(signin_link::Arguments),
    /// Send a signed sample event to a webhook, and show what came back
    SendTest(send_test::Arguments),
    /// Say why mails came back, for whom, and what to do
    Diagnose(diagnose::Arguments),
    /// Print the description of the REST API (OpenAPI 3.1)
    Openapi,
}

/// Why a command failed, in one sentence for people; nothing, where nobody reads what it prints (`seinpost config | head`).
#[derive(Debug)]
struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<InvalidConfig> for Failed {
    fn from(error: InvalidConfig) -> Self {
        Self(error.to_string())
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self(String::new());
        }
        Self(error.to_string())
    }
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let (result, failure) = match &cli.command {
        // It needs no settings and no server; like the package's command it exits with 2 where there is nothing to read.
        Command::Diagnose(arguments) => (diagnose::run(arguments), ExitCode::from(2)),
        _ => (run(cli), ExitCode::FAILURE),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) if why.is_empty() => failure,
        Err(error) => {
            // Where standard error cannot be written, nobody can be told.
            let _ = writeln!(std::io::stderr(), "seinpost: {error}");
            failure
        }
    }
}

fn run(cli: Cli) -> Result<(), Failed> {
    let layers = Layers::read(|key| cli.flags.get(key), |name| std::env::var_os(name), cli.flags.config.clone())?;
    if matches!(cli.command, Command::Openapi) {
        return say(serde_json::to_string_pretty(&crate::api::document()).unwrap_or_default());
    }
    if matches!(cli.command, Command::Config) {
        return config::run(&layers);
    }
    let settings = Settings::read(&layers)?;
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&settings.log))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        // Where standard error cannot be written there is nobody to tell, and to try ends the task that had something to log.
        .log_internal_errors(false)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failed(format!("no threads to be had: {error}")))?;
    runtime.block_on(async {
        match cli.command {
            Command::Config | Command::Openapi | Command::Diagnose(_) => Ok(()),
            Command::Serve => serve::run(settings).await,
            command => acting(Actor::CLI, at_once(settings, command)).await,
        }
    })
}

/// Commands that do something and end; whoever runs them is the actor of what they change.
async fn at_once(settings: Settings, command: Command) -> Result<(), Failed> {
    // One that is made by mistake has keys of its own, and tokens that no server knows.
    if !sqlite::is_there(&settings.data) {
        return Err(Failed(format!(
            "there is no Seinpost in the data folder {}: `seinpost serve` makes one. Of one that is elsewhere give this \
             command the settings too, with --data or --config, or as its variables",
            settings.data.display()
        )));
    }
    match command {
        Command::Config | Command::Openapi | Command::Diagnose(_) | Command::Serve => Ok(()),
        Command::Token(command) => token::run(&*open_beside(&settings).await?, command).await,
        Command::Environment(command) => environment::run(&*open_beside(&settings).await?, command).await,
        Command::Key(arguments) => key::run(&settings, arguments).await,
        Command::SigninLink(arguments) => signin_link::run(&*open_beside(&settings).await?, &settings, arguments).await,
        Command::SendTest(arguments) => send_test::run(&*open_beside(&settings).await?, arguments).await,
    }
}

/// Opens everything that the settings name, and brings the database to this version.
fn open(settings: &Settings) -> Result<App, Failed> {
    let authorities = match &settings.ca_file {
        Some(path) => Some(
            std::fs::read(path)
                .map_err(|error| Failed(format!("ca_file: {} cannot be read: {error}", path.display())))?,
        ),
        None => None,
    };
    let tls = egress::trust(authorities.as_deref()).map_err(|error| Failed(format!("ca_file: {error}")))?;
    let resolver = if settings.resolvers.is_empty() {
        SystemResolver::new(Arc::new(SystemClock))
            .map_err(|error| Failed(format!("this machine's DNS settings cannot be used: {error:?}")))?
    } else {
        SystemResolver::of(&settings.resolvers)
            .map_err(|error| Failed(format!("resolvers: these name servers cannot be used: {error:?}")))?
    };
    let options = Options {
        data: settings.data.clone(),
        master_key: settings.master_key.clone(),
        proxy: settings.proxy.clone(),
        allow_target: settings.allow_target.clone(),
        key_domain: settings.key_domain.clone(),
        answers_dns: settings.dns_listen.is_some(),
        retention: Duration::from_secs(u64::from(settings.retention_days) * 24 * 60 * 60),
        egress: egress::Limits {
            connect: settings.connect_timeout,
            whole: settings.call_timeout,
            ..egress::Limits::default()
        },
        dispatch: dispatch::Limits {
            per_webhook: settings.webhook_concurrency,
            in_all: settings.concurrency,
            retries: settings.retry_schedule.clone(),
            ..dispatch::Limits::default()
        },
        rate: settings.rate,
        public_url: settings.public_url.clone(),
        cors_origins: settings.cors_origins.clone(),
        branding: settings.branding.clone(),
    };
    let surroundings = Surroundings {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        resolver: Arc::new(resolver),
        tls,
    };
    Ok(App::open(options, surroundings)?)
}

/// The environment that a command is about: the one named, or the first.
async fn environment_of(app: &App, id: Option<u64>) -> Result<Environment, Failed> {
    app.access
        .environment_or_first(id)
        .await?
        .ok_or_else(|| Failed("there is no such environment: `seinpost environment list` lists them".into()))
}

/// A time of at most ten years in milliseconds: a number and `m`, `h` or `d`.
fn duration(text: &str) -> Result<i64, &'static str> {
    const MINUTE: i64 = 60 * 1000;
    let units = [("m", MINUTE), ("h", 60 * MINUTE), ("d", 24 * 60 * MINUTE)];
    let found = units.into_iter().find_map(|(unit, length)| {
        let number: u32 = text.strip_suffix(unit)?.parse().ok()?;
        Some(i64::from(number) * length)
    });
    found.filter(|time| (1..=3660 * 24 * 60 * MINUTE).contains(time)).ok_or("a time, such as 30m, 12h or 90d")
}

/// Prints a line for people or programs.
fn say(line: impl fmt::Display) -> Result<(), Failed> {
    writeln!(std::io::stdout(), "{line}").map_err(Failed::from)
}
