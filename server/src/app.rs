//! Everything that runs together, put together.

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::http::HeaderValue;
use ipnet::IpNet;

use crate::{
    access::{Access, RateLimits},
    background::Background,
    clock::Clock,
    dashboard::Branding,
    dispatch::{self, Dispatcher, Sender},
    egress::{self, Egress, Proxy, Resolve},
    entropy::Entropy,
    keyring::Keyring,
    live::Live,
    seal::Source,
    store::{Store, StoreResult, sqlite::SqliteStore},
};

/// What an [`App`] is made of that tests exchange.
#[derive(Clone)]
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Names and their addresses.
    pub resolver: Arc<dyn Resolve>,
    /// Whom to trust; see [`egress::trust`].
    pub tls: Arc<rustls::ClientConfig>,
}

/// How an [`App`] works.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// Where the key comes from that seals secrets in the database.
    pub master_key: Source,
    /// Through which proxy calls go, if through one.
    pub proxy: Option<Proxy>,
    /// Networks that may be called although they are not global unicast.
    pub allow_target: Vec<IpNet>,
    /// The domain under which keys are published.
    pub key_domain: String,
    /// Whether this process answers for the zone of the keys itself.
    pub answers_dns: bool,
    /// How long events, deliveries and attempts are kept.
    pub retention: Duration,
    /// How much a call out gets.
    pub egress: egress::Limits,
    /// How much is sent at a time.
    pub dispatch: dispatch::Limits,
    /// How many calls a token may make.
    pub rate: RateLimits,
    /// Under which URL people reach the server, if it is known.
    pub public_url: Option<String>,
    /// Origins whose pages may call the API.
    pub cors_origins: Vec<HeaderValue>,
    /// How the dashboard looks.
    pub branding: Branding,
}

/// The server, without its doors: what handlers and commands work with.
pub struct App {
    /// How it works.
    pub options: Options,
    /// What is remembered.
    pub store: Arc<dyn Store>,
    /// Who may come in.
    pub access: Access,
    /// The signing keys.
    pub keyring: Arc<Keyring>,
    /// Whether this process answers for the zone of the keys itself.
    pub answers_dns: bool,
    /// The only way out.
    pub egress: Egress,
    /// Makes attempts.
    pub sender: Sender,
    /// Has deliveries sent.
    pub dispatcher: Dispatcher,
    /// What happens, for those who watch.
    pub live: Live,
    /// What goes on beside the calls.
    pub background: Background,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl App {
    /// Opens the store and puts all together; nothing is sent before the dispatcher is started.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn open(options: Options, surroundings: Surroundings) -> StoreResult<Self> {
        let kept = options.clone();
        let Surroundings { clock, entropy, resolver, tls } = surroundings;
        let store = SqliteStore::open(&options.data, &options.master_key, Arc::clone(&clock), Arc::clone(&entropy))?;
        let store: Arc<dyn Store> = Arc::new(store);
        let keyring = Arc::new(Keyring::new(
            Arc::clone(&store),
            Arc::clone(&clock),
            Arc::clone(&entropy),
            Arc::clone(&resolver),
            options.key_domain,
        ));
        let egress = Egress::new(resolver, tls, options.proxy, options.allow_target, options.egress);
        let sender = Sender::new(egress.clone(), Arc::clone(&keyring), Arc::clone(&clock), Arc::clone(&entropy));
        let dispatcher = Dispatcher::new(
            Arc::clone(&store),
            sender.clone(),
            Arc::clone(&clock),
            Arc::clone(&entropy),
            options.dispatch,
        );
        Ok(Self {
            background: Background::new(
                Arc::clone(&store),
                Arc::clone(&keyring),
                Arc::clone(&clock),
                options.retention,
            ),
            live: Live::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&entropy)),
            access: Access::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&entropy), kept.rate),
            options: kept,
            store,
            keyring,
            answers_dns: options.answers_dns,
            egress,
            sender,
            dispatcher,
            clock,
            entropy,
        })
    }

    /// Begins to send what waits, and what goes on beside it. Events must not be taken in before this has returned.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(&self) -> StoreResult<()> {
        self.live.start();
        self.dispatcher.start().await?;
        self.background.start();
        Ok(())
    }

    /// Begins to send nothing more; what is on its way goes on.
    pub fn take_no_more(&self) {
        self.dispatcher.take_no_more();
    }

    /// Stops sending within `patience`; how many calls were given up.
    pub async fn stop(&self, patience: Duration) -> usize {
        self.take_no_more();
        self.live.stop();
        // Beside each other, so that what is slow there takes nothing of the time for what is on its way.
        let (given_up, ()) = tokio::join!(self.dispatcher.stop(patience), self.background.stop());
        if let Err(error) = self.store.tidy().await {
            // A full disk, or a reader that is still at it: the log is taken in at the next start.
            tracing::warn!(%error, "the database's log was not taken in");
        }
        given_up
    }
}
