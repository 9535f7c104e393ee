//! `seinpost key`

use std::{
    fmt,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use seinpost_protocol::rest::{KeyStatus, Timestamp};

use super::{Failed, beside, beside::open_beside, environment_of, lock, say, serve};
use crate::{
    app::App,
    config::Settings,
    entropy::SystemEntropy,
    keyring::KeyringError,
    seal::{MasterKey, Source, master},
    store::{KeyRecord, StoreError, sqlite},
};

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
    /// Print the records of all environments as a zone file, to be loaded or included by a name server
    Export,
    /// Ask the world's DNS whether it shows the keys
    Check,
    /// Seal private keys and secrets in the database with another master key; the server must be stopped
    Reencrypt {
        /// The file of the new master key, made where there is none yet [default: master.key, replaced]
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
}

/// A TXT record holds strings of at most 255 bytes (RFC 1035 §3.3).
const STRING: usize = 255;

pub(super) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failed> {
    if let Some(Command::Reencrypt { to }) = arguments.command {
        return reencrypt(settings, to);
    }
    let app = open_beside(settings).await?;
    beside::check_domain(&app).await?;
    let environment = environment_of(&app, arguments.environment).await?.id;
    app.keyring.current(environment).await.map_err(failed)?;
    match arguments.command {
        None => show(&app, environment).await,
        Some(Command::Rotate { now }) => rotate(&app, environment, now).await,
        Some(Command::Export) => export(&app).await,
        Some(Command::Check) => check(&app, environment).await,
        Some(Command::Reencrypt { .. }) => Ok(()),
    }
}

/// Every key, in the form of a zone file, each after a comment that tells where it is in its life.
async fn show(app: &App, environment: u64) -> Result<(), Failed> {
    for key in app.store.keys(environment).await? {
        say(format_args!("; {}", life(&key)))?;
        say(record(&format!("{}.", key.keyid), &key.dns))?;
    }
    Ok(())
}

async fn rotate(app: &App, environment: u64, now: bool) -> Result<(), Failed> {
    let next = app.keyring.prepare(environment).await.map_err(failed)?;
    if now {
        app.keyring.promote(environment, next.keyid.clone()).await.map_err(failed)?;
        return say(format_args!("{} signs from now on; a running server takes it within a minute", next.keyid));
    }
    say(record(&format!("{}.", next.keyid), &next.dns))?;
    say(format_args!("; publish it: it signs from {} on", Timestamp::from_millis(next.since)))
}

/// All there is below `_domainkey.DOMAIN`, relative to it.
async fn export(app: &App) -> Result<(), Failed> {
    let zone = app.keyring.zone();
    say(format_args!("$ORIGIN {zone}."))?;
    for environment in app.store.environments().await? {
        say(format_args!("; environment {}", environment.id))?;
        for key in app.store.keys(environment.id).await? {
            say(format_args!("; {}", life(&key)))?;
            match key.keyid.strip_suffix(&format!(".{zone}")) {
                Some(name) => say(record(name, &key.dns))?,
                // Made while another domain was set.
                None => say(format_args!("; of another domain: {}", record(&format!("{}.", key.keyid), &key.dns)))?,
            }
        }
    }
    Ok(())
}

async fn check(app: &App, environment: u64) -> Result<(), Failed> {
    let mut missing = 0;
    for key in app.store.keys(environment).await? {
        let (shown, detail) = app.keyring.shown(&key.keyid, &key.dns).await;
        missing += usize::from(!shown.is_fine());
        say(format_args!("{} ({}): {detail}", key.keyid, key.status.as_str()))?;
    }
    match missing {
        0 => Ok(()),
        _ => Err(Failed("DNS does not show every key: publish what `seinpost key` prints".into())),
    }
}

fn life(key: &KeyRecord) -> String {
    let since = Timestamp::from_millis(key.since);
    match (key.status, key.until) {
        (KeyStatus::Next, _) => format!("next: signs from {since} on, if DNS shows it"),
        (KeyStatus::Current, _) => format!("current: signs since {since}"),
        (KeyStatus::Retired, Some(until)) => {
            format!("retired: signed until {}, stays published for a week", Timestamp::from_millis(until))
        }
        (KeyStatus::Retired, None) => "retired".into(),
    }
}

fn record(name: &str, dns: &str) -> String {
    let strings = dns.as_bytes().chunks(STRING).map(|chunk| format!("\"{}\"", String::from_utf8_lossy(chunk)));
    format!("{name} 3600 IN TXT {}", strings.collect::<Vec<_>>().join(" "))
}

/// Seals all anew. A crash leaves either the old key with what it opens, or the new one, and the next start or change goes
/// on from there.
fn reencrypt(settings: &Settings, to: Option<PathBuf>) -> Result<(), Failed> {
    // A server that runs would read secrets that its key does not open, and a command would seal one with the old key.
    let _served = serve::lock(&settings.data)?;
    let _used = lock::alone(&settings.data)?.ok_or_else(|| {
        Failed(format!(
            "another command of Seinpost, such as `seinpost environment create`, works with the data folder {}: wait until it \
             has ended. Nothing was changed",
            settings.data.display()
        ))
    })?;
    match (to, &settings.master_key) {
        (Some(path), _) => reencrypt_to(settings, &path),
        (None, Source::Folder(folder)) => reencrypt_in_place(settings, folder),
        (None, source) => {
            Err(Failed(format!("the master key comes from {source}: name the file of the new one with --to FILE")))
        }
    }
}

/// With the key in a file, which is made if there is none.
fn reencrypt_to(settings: &Settings, path: &Path) -> Result<(), Failed> {
    let place = path.display();
    let new = |_| {
        if path.exists() {
            return MasterKey::read(path).map_err(unusable);
        }
        let key = MasterKey::generate(&SystemEntropy);
        key.write_new(path)
            .map_err(|error| unusable(format!("the new master key {place} cannot be written: {error}")))?;
        Ok(key)
    };
    let reseal = |source: &Source| sqlite::reseal(&settings.data, source, &SystemEntropy, new);
    let secrets = match reseal(&settings.master_key) {
        // It may be sealed with that key already, by a change of which nobody heard the end.
        Err(error @ StoreError::MasterKey(_)) if path.exists() => {
            reseal(&Source::File(path.to_owned())).map_err(|_| error)?
        }
        done => done?,
    };
    say(format_args!(
        "{secrets} secrets are sealed with the master key of {place}: start with --master-key {place} from now on. Backups \
         from before need the old one"
    ))
}

/// With a new key in the place of the one in the data folder.
fn reencrypt_in_place(settings: &Settings, folder: &Path) -> Result<(), Failed> {
    let place = &settings.master_key;
    let secrets = sqlite::reseal(&settings.data, place, &SystemEntropy, |sealed_with| {
        let key = MasterKey::generate(&SystemEntropy);
        master::prepare(folder, &key, sealed_with).map_err(unusable)?;
        Ok(key)
    })?;
    master::replace(folder).map_err(|error| {
        Failed(format!(
            "{secrets} secrets are sealed with a new master key, but it could not be given its name {place}: {error}. The \
             next start does so"
        ))
    })?;
    say(format_args!("{secrets} secrets are sealed with a new master key, which stands in {place}"))
}

fn unusable(why: impl fmt::Display) -> StoreError {
    StoreError::MasterKey(why.to_string())
}

fn failed(error: KeyringError) -> Failed {
    Failed(error.to_string())
}
