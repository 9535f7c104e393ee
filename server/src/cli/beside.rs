//! What commands work with: everything, opened beside a server that runs, or without one.

use std::{fs::File, ops::Deref, time::Duration};

use super::{Failed, lock, open, serve};
use crate::{app::App, config::Settings, store::sqlite};

/// How often something is tried that another process may be doing for a moment.
const TURNS: u32 = 20;
/// How long to wait between two of them.
const TURN: Duration = Duration::from_millis(100);

/// Everything, and the master key kept from being changed meanwhile: a secret that is sealed with the one of before would
/// open no more.
pub(super) struct Beside {
    app: App,
    // After the app, which writes until it is closed.
    _lock: File,
}

impl Deref for Beside {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

/// Opens everything, also beside a server that runs. The database is not brought to a new version under an older server,
/// which knows nothing of it.
pub(super) async fn open_beside(settings: &Settings) -> Result<Beside, Failed> {
    let lock = in_turn(|| lock::shared(&settings.data)).await?.ok_or_else(|| {
        Failed(format!(
            "`seinpost key reencrypt` changes the master key of the data folder {}: wait until it has ended. Nothing was changed",
            settings.data.display()
        ))
    })?;
    // A server that has just been started may be about to bring it to this version itself.
    let app = in_turn(|| {
        if !sqlite::must_migrate(&settings.data)? {
            return open(settings).map(Some);
        }
        let Some(served) = serve::try_lock(&settings.data)? else { return Ok(None) };
        let app = open(settings);
        drop(served);
        app.map(Some)
    });
    let app = app.await?.ok_or_else(|| {
        Failed(format!(
            "the Seinpost that serves the data folder {} is older than this one, and so is its database: start it anew with \
             this version first. Nothing was changed",
            settings.data.display()
        ))
    })?;
    Ok(Beside { app, _lock: lock })
}

async fn in_turn<T>(mut attempt: impl FnMut() -> Result<Option<T>, Failed>) -> Result<Option<T>, Failed> {
    for _ in 0..TURNS {
        if let Some(done) = attempt()? {
            return Ok(Some(done));
        }
        tokio::time::sleep(TURN).await;
    }
    Ok(None)
}

/// Whether the keys are of the domain that this command was told: else it would have the server's key sign no more. That is
/// for the server to do, when it is started with another domain.
pub(super) async fn check_domain(app: &App) -> Result<(), Failed> {
    match app.keyring.of_another_domain().await.map_err(|error| Failed(error.to_string()))? {
        None => Ok(()),
        Some(keyid) => Err(Failed(format!(
            "key_domain is {} here, and the key {keyid} is of another domain: give this command the settings that the server \
             has (--config FILE, or --key-domain). To change the domain, start the server with the new one. Nothing was changed",
            app.keyring.domain()
        ))),
    }
}
