//! Who may come in: API tokens, one-time sign-in codes, and the sessions of the dashboard.
//!
//! All three are 256 random bits; only their SHA-256 is kept.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::digest::{self, SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    clock::Clock,
    entropy::Entropy,
    id,
    store::{Environment, SessionRecord, Store, StoreResult, TokenRecord},
};

/// How tokens begin, so that a leaked one is recognised.
const TOKEN_PREFIX: &str = "seinpost_";
/// How long a sign-in code can be used, in milliseconds.
const CODE_LIFE: i64 = 10 * 60 * 1000;
/// How long a session lasts, in milliseconds.
const SESSION_LIFE: i64 = 12 * 60 * 60 * 1000;
/// How long a token that was found is not looked up again, in milliseconds: one that is deleted by another process can
/// still be used for that long.
const TOKEN_CACHE: i64 = 5000;
/// How many tokens are remembered.
const TOKEN_CACHE_SIZE: usize = 10_000;

/// Lets people and programs in.
pub struct Access {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    tokens: Mutex<HashMap<[u8; 32], (u64, i64)>>,
}

/// A session that has begun.
#[derive(Clone)]
pub struct Begun {
    /// What the cookie holds.
    pub secret: String,
    /// Into which environment it leads.
    pub environment: u64,
    /// When it ends, in milliseconds since the Unix epoch.
    pub expires: i64,
}

impl Access {
    /// What `store` knows about.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { store, clock, entropy, tokens: Mutex::default() }
    }

    fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.entropy.bytes::<32>())
    }

    /// The environment to which a token leads.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn environment_of_token(&self, token: &str) -> StoreResult<Option<u64>> {
        let (hash, now) = (hash(token), self.clock.now());
        if let Some((environment, until)) = self.cache().get(&hash)
            && *until > now
        {
            return Ok(Some(*environment));
        }
        let found = self.store.token_by_hash(hash).await?.map(|token| token.environment);
        if let Some(environment) = found {
            let mut cache = self.cache();
            if cache.len() >= TOKEN_CACHE_SIZE {
                cache.retain(|_, (_, until)| *until > now);
            }
            if cache.len() < TOKEN_CACHE_SIZE {
                cache.insert(hash, (environment, now + TOKEN_CACHE));
            }
        }
        Ok(found)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], (u64, i64)>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a token; it is answered once and never again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn create_token(&self, environment: u64, name: String) -> StoreResult<(TokenRecord, String)> {
        let token = format!("{TOKEN_PREFIX}{}", self.secret());
        let record = self.keep_token(environment, name, &token).await?;
        Ok((record, token))
    }

    /// Keeps a token that was chosen elsewhere (`SEINPOST_BOOTSTRAP_TOKEN`).
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn keep_token(&self, environment: u64, name: String, token: &str) -> StoreResult<TokenRecord> {
        let now = self.clock.now();
        let record = TokenRecord { id: id::ulid("tok_", now, &*self.entropy), environment, name, created: now };
        self.store.create_token(record.clone(), hash(token)).await?;
        Ok(record)
    }

    /// Forgets a token. Whether there was one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delete_token(&self, environment: u64, id: String) -> StoreResult<bool> {
        let gone = self.store.delete_token(environment, id).await?;
        self.cache().clear();
        Ok(gone)
    }

    /// Makes a code that lets its bearer into the dashboard, once, within ten minutes.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn create_signin_code(&self, environment: u64) -> StoreResult<String> {
        let code = self.secret();
        self.store.create_signin_code(environment, hash(&code), self.clock.now() + CODE_LIFE).await?;
        Ok(code)
    }

    /// Begins a session for the bearer of a sign-in code (which is used up) or of a token.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_in(&self, code: &str) -> StoreResult<Option<Begun>> {
        let environment = match self.store.redeem_signin_code(hash(code)).await? {
            Some(environment) => environment,
            None => match self.environment_of_token(code).await? {
                Some(environment) => environment,
                None => return Ok(None),
            },
        };
        let begun = Begun { secret: self.secret(), environment, expires: self.clock.now() + SESSION_LIFE };
        let record = SessionRecord { environment, expires: begun.expires };
        self.store.create_session(hash(&begun.secret), record).await?;
        Ok(Some(begun))
    }

    /// The session whose cookie holds `secret`, if it has not ended.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn session(&self, secret: &str) -> StoreResult<Option<SessionRecord>> {
        let found = self.store.session_by_hash(hash(secret)).await?;
        Ok(found.filter(|session| session.expires > self.clock.now()))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_out(&self, secret: &str) -> StoreResult<()> {
        self.store.delete_session(hash(secret)).await
    }

    /// The environment with this number; without a number the first there is, made if there is none.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn environment_or_first(&self, id: Option<u64>) -> StoreResult<Option<Environment>> {
        if let Some(id) = id {
            return self.store.environment(id).await;
        }
        match self.store.environments().await?.into_iter().next() {
            Some(first) => Ok(Some(first)),
            None => self.store.create_environment("Production".into()).await.map(Some),
        }
    }
}

/// What a state-changing call of a session carries, so that no other site can make it: only who can read the session's
/// answers knows it.
#[must_use]
pub fn csrf_token(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(hash(&format!("csrf:{secret}")))
}

fn hash(secret: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&SHA256, secret.as_bytes()).as_ref());
    hash
}
