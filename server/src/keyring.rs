//! Signing keys: an RSA-2048 key an environment, published as a DKIM record, and another each month.

mod rotation;

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
use seinpost_protocol::{
    key::{DkimRecord, RsaSigningKey},
    rest::{KeyShown, KeyStatus},
};

use rotation::Step;

use crate::{
    clock::Clock,
    egress::{Resolve, ResolveError},
    entropy::Entropy,
    store::{Actor, KeyRecord, Store, StoreError, acting},
};

/// For how long a key that was read is not read again, in milliseconds.
const REMEMBERED: i64 = 60_000;

/// Why there is no key to sign with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// The store does not answer.
    Store(StoreError),
    /// A key could not be made or read.
    Key(String),
    /// DNS does not show the key that is to sign: receivers would refuse what it signs.
    NotPublished(String),
}

impl fmt::Display for KeyringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Key(what) | Self::NotPublished(what) => f.write_str(what),
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
    resolver: Arc<dyn Resolve>,
    domain: String,
    /// The current keys, and when they were read.
    current: Mutex<HashMap<u64, (Arc<CurrentKey>, i64)>>,
    /// Held while a key is made, so that two first calls do not make two; of several processes the store keeps one's.
    making: tokio::sync::Mutex<()>,
}

impl Keyring {
    /// The keys in `store`, published under `domain`, where `resolver` looks for them.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        resolver: Arc<dyn Resolve>,
        domain: String,
    ) -> Self {
        Self {
            store,
            clock,
            entropy,
            resolver,
            domain,
            current: Mutex::default(),
            making: tokio::sync::Mutex::default(),
        }
    }

    /// The zone in which the keys' records stand: `_domainkey.DOMAIN`.
    #[must_use]
    pub fn zone(&self) -> String {
        format!("_domainkey.{}", self.domain)
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
        let kept = self.keys(environment).await?.into_iter().rev().find(|key| key.status == KeyStatus::Current);
        let record = match kept {
            Some(record) => record,
            None => self.make(environment, KeyStatus::Current, self.clock.now()).await?,
        };
        let key = RsaSigningKey::from_pkcs8(&record.pkcs8)
            .map_err(|error| KeyringError::Key(format!("the key {} cannot be read: {error}", record.keyid)))?;
        let current = Arc::new(CurrentKey { keyid: record.keyid, key });
        self.current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(environment, (Arc::clone(&current), self.clock.now()));
        Ok(current)
    }

    /// An environment's keys. Where one signs, or is to sign, that is not of this domain, as before the domain was changed, it
    /// signs no more: no receiver looks for it there.
    async fn keys(&self, environment: u64) -> Result<Vec<KeyRecord>, KeyringError> {
        let (keys, zone) = (self.store.keys(environment).await?, self.zone());
        if !keys.iter().any(|key| key.signs_outside(&zone)) {
            return Ok(keys);
        }
        let left = acting(Actor::SERVER, self.store.leave_zone(environment, zone.clone(), self.clock.now())).await?;
        for keyid in left {
            tracing::warn!(
                environment,
                keyid,
                zone,
                "this key is of another key_domain and signs no more: another one signs from now on, publish what `seinpost key` prints"
            );
        }
        self.current.lock().unwrap_or_else(PoisonError::into_inner).remove(&environment);
        Ok(self.store.keys(environment).await?)
    }

    /// The name of a key that signs, or is to sign, and is of another domain than this: where there is one, the domain was
    /// changed and the server does not know of it yet, or whoever asks is mistaken in the domain.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of_another_domain(&self) -> Result<Option<String>, KeyringError> {
        let zone = self.zone();
        for environment in self.store.environments().await? {
            let keys = self.store.keys(environment.id).await?;
            if let Some(other) = keys.into_iter().find(|key| key.signs_outside(&zone)) {
                return Ok(Some(other.keyid));
            }
        }
        Ok(None)
    }

    fn known(&self, environment: u64) -> Option<Arc<CurrentKey>> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, read) = current.get(&environment)?;
        // Another process may have rotated it.
        let age = self.clock.now().saturating_sub(*read);
        (0..REMEMBERED).contains(&age).then(|| Arc::clone(key))
    }

    /// Does what is due for an environment's keys: makes the next one, lets it sign, forgets old ones.
    ///
    /// # Errors
    /// When the store does not answer, a key cannot be made, or the next key is not in DNS two days before it is due.
    pub async fn tend(&self, environment: u64) -> Result<(), KeyringError> {
        loop {
            let keys = self.keys(environment).await?;
            if let Some(next) = keys.iter().find(|key| key.status == KeyStatus::Next)
                && self.keep_notice(next).await?
            {
                // It may be put off.
                continue;
            }
            match rotation::decide(&keys, self.clock.now()) {
                Step::Nothing => return Ok(()),
                Step::Prepare(since) => drop(self.next(environment, since).await?),
                Step::Promote(keyid) => self.promote(environment, keyid).await?,
                Step::Forget(keyid) => self.store.forget_key(environment, keyid).await?,
            }
        }
    }

    /// Puts off the first use of a key until DNS has shown it for two days: what receivers remember of its absence is old
    /// by then. A server that was off looks first, however long ago the key was meant to sign. Whether it has just found out
    /// that DNS shows it.
    async fn keep_notice(&self, next: &KeyRecord) -> Result<bool, KeyringError> {
        let now = self.clock.now();
        let earliest = now.saturating_add(rotation::NOTICE + rotation::HOUR);
        if next.since >= earliest {
            return Ok(false);
        }
        match self.shown(&next.keyid, &next.dns).await {
            (KeyShown::No | KeyShown::Another, why) => {
                self.store.note_next_key(next.environment, next.keyid.clone(), earliest, None).await?;
                Err(KeyringError::NotPublished(format!(
                    "the key {} is not published yet: {why}. Publish what `seinpost key` prints; it signs two days after that, \
                     and until then the current key goes on",
                    next.keyid
                )))
            }
            (KeyShown::Yes, _) if next.shown.is_none() => {
                let since = next.since.max(now.saturating_add(rotation::NOTICE));
                self.store.note_next_key(next.environment, next.keyid.clone(), since, Some(now)).await?;
                Ok(true)
            }
            (KeyShown::Unknown, why) if next.shown.is_none() && next.since <= now => {
                Err(KeyringError::NotPublished(format!(
                    "it is not known whether the key {} is published: {why}. It signs once DNS has shown it for two days; until \
                     then the current key goes on",
                    next.keyid
                )))
            }
            // Where DNS did not answer it is asked again before the key signs.
            _ => Ok(false),
        }
    }

    /// Makes the next key of an environment, to sign in two days; the one there is, if it was made before.
    ///
    /// # Errors
    /// When the store does not answer or a key cannot be made.
    pub async fn prepare(&self, environment: u64) -> Result<KeyRecord, KeyringError> {
        self.next(environment, self.clock.now() + rotation::NOTICE).await
    }

    /// The next key, made to sign from `since` on if there is none: whoever asks at the same time gets the same one.
    async fn next(&self, environment: u64, since: i64) -> Result<KeyRecord, KeyringError> {
        let _making = self.making.lock().await;
        let next = self.keys(environment).await?.into_iter().find(|key| key.status == KeyStatus::Next);
        match next {
            Some(next) => Ok(next),
            None => self.make(environment, KeyStatus::Next, since).await,
        }
    }

    /// Lets the next key sign from now on.
    ///
    /// # Errors
    /// When DNS does not show the key yet: receivers would refuse what it signs.
    pub async fn promote(&self, environment: u64, keyid: String) -> Result<(), KeyringError> {
        if let Some(record) = self.store.key_record(keyid.clone()).await? {
            self.check_published(&keyid, &record).await?;
        }
        if self.store.promote_key(environment, keyid.clone(), self.clock.now()).await? {
            tracing::info!(environment, keyid, "this key signs from now on");
        }
        self.current.lock().unwrap_or_else(PoisonError::into_inner).remove(&environment);
        Ok(())
    }

    /// Whether the world's DNS shows a key, and what that means, for people.
    pub async fn shown(&self, keyid: &str, record: &str) -> (KeyShown, String) {
        // Names below localhost are in nobody's DNS (RFC 6761 §6.3): whoever tries things out gets keys from the API.
        if keyid.trim_end_matches('.').ends_with(".localhost") {
            return (KeyShown::NotAsked, "names below localhost are in nobody's DNS".into());
        }
        match self.resolver.txt(keyid).await {
            Ok(found) if found.iter().any(|each| same_key(each, record)) => (KeyShown::Yes, "DNS shows the key".into()),
            Ok(_) => (KeyShown::Another, "DNS shows another record there".into()),
            Err(ResolveError::NotFound) => (KeyShown::No, "DNS shows no record there".into()),
            Err(ResolveError::Failed(why) | ResolveError::Exhausted(why)) => {
                (KeyShown::Unknown, format!("DNS could not be asked: {why}"))
            }
        }
    }

    async fn check_published(&self, keyid: &str, record: &str) -> Result<(), KeyringError> {
        match self.shown(keyid, record).await {
            (shown, _) if shown.is_fine() => Ok(()),
            (_, why) => Err(KeyringError::NotPublished(format!(
                "the key {keyid} cannot sign yet: {why}. Publish what `seinpost key` prints; until then the current key goes on"
            ))),
        }
    }

    async fn make(&self, environment: u64, status: KeyStatus, since: i64) -> Result<KeyRecord, KeyringError> {
        let (pkcs8, dns) = tokio::task::spawn_blocking(generate)
            .await
            .map_err(|error| KeyringError::Key(format!("no key could be made: {error}")))??;
        let record = KeyRecord {
            environment,
            keyid: format!("{}._domainkey.{}", self.selector(environment), self.domain),
            pkcs8,
            dns,
            status,
            since,
            until: None,
            shown: None,
        };
        let made = record.keyid.clone();
        let kept = self.store.create_key(record).await?;
        if kept.keyid == made {
            tracing::info!(environment, keyid = made, "a signing key was made");
        }
        Ok(kept)
    }

    /// A selector that no other key has: the environment, and random letters (no vowels: they spell no words).
    fn selector(&self, environment: u64) -> String {
        format!("e{environment}-{}", self.entropy.text(b"bcdfghjkmnpqrstvwxz23456789", 10))
    }
}

/// Whether a record in DNS holds the same key, however it is written.
fn same_key(found: &[u8], record: &str) -> bool {
    match (DkimRecord::parse(found), DkimRecord::parse(record.as_bytes())) {
        (Ok(found), Ok(ours)) => found.key == ours.key,
        _ => false,
    }
}

/// A key of the name `keyid` that nobody published, to see whether a receiver checks signatures.
pub(crate) async fn stranger(keyid: &str) -> Result<CurrentKey, KeyringError> {
    let made = tokio::task::spawn_blocking(generate).await;
    let (pkcs8, _) = made.map_err(|error| KeyringError::Key(format!("no key could be made: {error}")))??;
    let key = RsaSigningKey::from_pkcs8(&pkcs8)
        .map_err(|error| KeyringError::Key(format!("no key could be made: {error}")))?;
    Ok(CurrentKey { keyid: keyid.to_owned(), key })
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
