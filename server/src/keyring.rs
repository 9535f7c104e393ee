//! Signing keys: one RSA-2048 key an environment, published as DKIM records.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::RsaKeyPair,
};
use seinpost_protocol::{key::RsaSigningKey, rest::KeyStatus};

use crate::{
    clock::Clock,
    entropy::Entropy,
    store::{KeyRecord, Store, StoreError},
};

/// Why there is no key to sign with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// The store does not answer.
    Store(StoreError),
    /// A key could not be made or read.
    Key(String),
}

impl fmt::Display for KeyringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Key(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for KeyringError {}

impl From<StoreError> for KeyringError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The key that signs now.
#[derive(Debug)]
pub struct CurrentKey {
    /// `SELECTOR._domainkey.DOMAIN`.
    pub keyid: String,
    /// The private key.
    pub key: RsaSigningKey,
}

/// The signing keys of all environments.
pub struct Keyring {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    domain: String,
    current: Mutex<HashMap<u64, Arc<CurrentKey>>>,
    /// Held while a key is made, so that two first calls do not make two.
    making: tokio::sync::Mutex<()>,
}

impl Keyring {
    /// The keys in `store`, published under `domain`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, domain: String) -> Self {
        Self { store, clock, entropy, domain, current: Mutex::default(), making: tokio::sync::Mutex::default() }
    }

    /// The domain under which the keys are published.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The key with which an environment signs now. Its first key is made when it is first asked for.
    ///
    /// # Errors
    /// When the store does not answer or a key cannot be made.
    pub async fn current(&self, environment: u64) -> Result<Arc<CurrentKey>, KeyringError> {
        if let Some(known) = self.known(environment) {
            return Ok(known);
        }
        let _making = self.making.lock().await;
        if let Some(known) = self.known(environment) {
            return Ok(known);
        }
        let kept = self.store.keys(environment).await?.into_iter().rev().find(|key| key.status == KeyStatus::Current);
        let record = match kept {
            Some(record) => record,
            None => self.make(environment).await?,
        };
        let key = RsaSigningKey::from_pkcs8(&record.pkcs8)
            .map_err(|error| KeyringError::Key(format!("the key {} cannot be read: {error}", record.keyid)))?;
        let current = Arc::new(CurrentKey { keyid: record.keyid, key });
        self.current.lock().unwrap_or_else(PoisonError::into_inner).insert(environment, Arc::clone(&current));
        Ok(current)
    }

    fn known(&self, environment: u64) -> Option<Arc<CurrentKey>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).get(&environment).cloned()
    }

    async fn make(&self, environment: u64) -> Result<KeyRecord, KeyringError> {
        let since = self.clock.now();
        let (pkcs8, dns) = tokio::task::spawn_blocking(generate)
            .await
            .map_err(|error| KeyringError::Key(format!("no key could be made: {error}")))??;
        let record = KeyRecord {
            environment,
            keyid: format!("{}._domainkey.{}", self.selector(environment), self.domain),
            pkcs8,
            dns,
            status: KeyStatus::Current,
            since,
            until: None,
        };
        self.store.create_key(record.clone()).await?;
        tracing::info!(environment, keyid = record.keyid, "a signing key was made");
        Ok(record)
    }

    /// A selector that no other key has: the environment, and random letters (no vowels: they spell no words).
    fn selector(&self, environment: u64) -> String {
        format!("e{environment}-{}", self.entropy.text(b"bcdfghjkmnpqrstvwxz23456789", 10))
    }
}

/// A new RSA-2048 key: in PKCS#8, and its DKIM record.
fn generate() -> Result<(Vec<u8>, String), KeyringError> {
    let failed = |what: &dyn fmt::Display| KeyringError::Key(format!("no key could be made: {what}"));
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|error| failed(&error))?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|error| failed(&error))?;
    let pkcs8 = der.as_ref().to_vec();
    let dns = RsaSigningKey::from_pkcs8(&pkcs8).map_err(|error| failed(&error))?.dkim_record();
    Ok((pkcs8, dns))
}
