//! The server within this process, with a clock that is driven.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use seinpost_protocol::rest::{Delivery, Page, Scope, VerifyResult, Webhook};
use seinpost_server::{
    access::{NewLink, RateLimits},
    api::{self, Front},
    app::{App, Options, Surroundings},
    dashboard::{self, Branding},
    dispatch,
    egress::{self, Resolve, ResolveError},
    entropy::SystemEntropy,
    listen,
    seal::Source,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{client::Client, clock::ManualClock, receiver::Receiver, within};

/// 2026-01-31T12:00:00Z.
pub(crate) const BEGIN: i64 = 1_769_860_800_000;

pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) client: Client,
    pub(crate) folder: Arc<TempDir>,
    pub(crate) zone: Arc<Zone>,
}

/// Knows the names it was told.
pub(crate) struct Names(pub(crate) Vec<(&'static str, Vec<IpAddr>)>);

/// Names, and TXT records that come and go.
pub(crate) struct Zone {
    names: Names,
    pub(crate) records: Mutex<HashMap<String, String>>,
}

#[async_trait]
impl Resolve for Zone {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        self.names.resolve(host).await
    }

    async fn txt(&self, name: &str) -> Result<Vec<Vec<u8>>, ResolveError> {
        let found = self.records.lock().unwrap().get(name).cloned().ok_or(ResolveError::NotFound)?;
        Ok(vec![found.into_bytes()])
    }
}

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let found = self.0.iter().find(|(name, _)| *name == host);
        found.map(|(_, addresses)| addresses.clone()).ok_or(ResolveError::NotFound)
    }

    async fn txt(&self, _: &str) -> Result<Vec<Vec<u8>>, ResolveError> {
        Err(ResolveError::NotFound)
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_in(Arc::new(TempDir::new().unwrap())).await
    }

    pub(crate) async fn start_in(folder: Arc<TempDir>) -> Self {
        Self::start_with(folder, |_| {}).await
    }

    pub(crate) async fn start_with(folder: Arc<TempDir>, change: impl FnOnce(&mut Options)) -> Self {
        Self::start_at(BEGIN, folder, change).await
    }

    pub(crate) async fn start_at(now: i64, folder: Arc<TempDir>, change: impl FnOnce(&mut Options)) -> Self {
        let clock = Arc::new(ManualClock::new(now));
        let mut options = Options {
            data: folder.path().to_owned(),
            master_key: Source::Folder(folder.path().to_owned()),
            proxy: None,
            allow_target: vec!["127.0.0.0/8".parse().unwrap()],
            key_domain: "hooks.example.com".into(),
            answers_dns: false,
            retention: Duration::from_secs(30 * 24 * 60 * 60),
            egress: egress::Limits::default(),
            dispatch: dispatch::Limits::default(),
            // The clock stands still in most tests, so that no bucket would fill again.
            rate: RateLimits::default(),
            public_url: None,
            cors_origins: Vec::new(),
            branding: Branding::default(),
        };
        change(&mut options);
        let names = Names(vec![("receiver.example", vec!["127.0.0.1".parse().unwrap()])]);
        let zone = Arc::new(Zone { names, records: Mutex::default() });
        let surroundings = Surroundings {
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(SystemEntropy),
            resolver: Arc::clone(&zone) as _,
            tls: egress::trust(None).unwrap(),
        };
        let app = Arc::new(App::open(options, surroundings).unwrap());
        let environment = app.access.environment_or_first(None).await.unwrap().unwrap();
        let (_, token) =
            app.access.create_token(environment.id, "test".into(), vec![Scope::Admin], None).await.unwrap();
        app.start().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = api::router(Arc::clone(&app)).merge(dashboard::router(app.options.branding.clone(), None));
        let front = Front::new(Arc::clone(&app), router);
        let time = Duration::from_secs(60);
        let limits = listen::Limits { connections: 1024, bodies: 128 * 1024 * 1024, head: time, body: time };
        tokio::spawn(listen::serve(listener, front, limits, CancellationToken::new()));
        Self { app, clock, client: Client { address, token: Some(token) }, folder, zone }
    }

    /// A client with a token that may do this and nothing else.
    pub(crate) async fn client_with(&self, scopes: &[Scope]) -> Client {
        let made = self.app.access.create_token(1, "narrow".into(), scopes.to_vec(), None).await.unwrap();
        Client { token: Some(made.1), ..self.client.clone() }
    }

    /// The code of a sign-in link with which everything may be done.
    pub(crate) async fn code(&self) -> String {
        self.app.access.create_signin_link(NewLink::to_all_of(1)).await.unwrap().1
    }

    /// A client of another environment.
    pub(crate) async fn other_environment(&self) -> Client {
        let other = self.app.store.create_environment("Other".into()).await.unwrap();
        let (_, token) = self.app.access.create_token(other.id, "test".into(), vec![Scope::Admin], None).await.unwrap();
        Client { token: Some(token), ..self.client.clone() }
    }

    /// A webhook that was verified the way its owner does it.
    pub(crate) async fn webhook(&self, receiver: &Receiver, settings: Value) -> Webhook {
        webhook(&self.client, receiver, settings).await
    }

    /// The deliveries, newest first, once `done` holds for them.
    pub(crate) async fn deliveries_when(&self, done: impl Fn(&[Delivery]) -> bool) -> Vec<Delivery> {
        deliveries_when(&self.client, done).await
    }

    pub(crate) async fn delivery(&self, id: &str) -> Delivery {
        self.client.get(&format!("/v1/deliveries/{id}")).await.expect(200).json()
    }
}

/// A webhook that was verified the way its owner does it.
pub(crate) async fn webhook(client: &Client, receiver: &Receiver, settings: Value) -> Webhook {
    let mut body = json!({"type": "open", "url": receiver.url("/hooks/script.php")});
    for (name, value) in settings.as_object().unwrap() {
        body[name] = value.clone();
    }
    let webhook: Webhook = client.post("/v1/webhook", &body).await.expect(201).json();
    receiver.put(&format!("/{}", webhook.verification.file), &format!("{}\n", webhook.verification.content));
    let verified: VerifyResult =
        client.post(&format!("/v1/webhooks/{}/verify", webhook.id), &Value::Null).await.expect(200).json();
    assert!(verified.verified, "{verified:?}");
    webhook
}

pub(crate) async fn deliveries_when(client: &Client, done: impl Fn(&[Delivery]) -> bool) -> Vec<Delivery> {
    within("what was waited for in the delivery log", async {
        loop {
            let page: Page<Delivery> = client.get("/v1/deliveries?limit=200").await.expect(200).json();
            if done(&page.data) {
                return page.data;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}
