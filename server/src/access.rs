//! Who may come in: API tokens, one-time sign-in codes, and the sessions of the dashboard.
//!
//! All three are 256 random bits; only their SHA-256 is kept.

mod grant;
mod rate;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::digest::{self, SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use seinpost_protocol::rest::{ActorKind, Scope};
use tokio::sync::watch;

use crate::{
    clock::Clock,
    entropy::Entropy,
    id,
    store::{Environment, SessionRecord, SigninRecord, Store, StoreResult, TokenRecord, acting},
};

pub use grant::Grant;
pub use rate::{Limiter, Quota, Standing};

/// How the ids of tokens begin.
pub const TOKEN_ID: &str = "tok_";
/// How tokens begin, so that a leaked one is recognised.
const TOKEN_PREFIX: &str = "seinpost_";
/// How long a sign-in link can be used unless it was said otherwise, in milliseconds.
pub const LINK_LIFE: i64 = 10 * 60 * 1000;
/// How long a session lasts unless it was said otherwise, in milliseconds.
pub const SESSION_LIFE: i64 = 12 * 60 * 60 * 1000;
/// How long a token that was found is not looked up again, in milliseconds: one that is deleted by another process can
/// still be used for that long.
const TOKEN_CACHE: i64 = 5000;
/// How many tokens are remembered.
const TOKEN_CACHE_SIZE: usize = 10_000;
/// How exact the last use of a token is, in milliseconds.
const LAST_USE: i64 = 60 * 1000;

/// How many calls a token or a session may make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Calls besides handing in events; as many as there are if `None`.
    pub calls: Option<Quota>,
    /// Calls that hand in events; as many as there are if `None`.
    pub events: Option<Quota>,
}

/// Tokens that were found lately.
#[derive(Default)]
struct KnownTokens {
    /// By hash, and until when they are not looked up again.
    found: HashMap<[u8; 32], (Arc<Grant>, i64)>,
    /// How often tokens were deleted here: what was looked up before may be gone.
    deletions: u64,
}

/// Lets people and programs in.
pub struct Access {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    tokens: Mutex<KnownTokens>,
    calls: Option<Limiter>,
    events: Option<Limiter>,
    ended: watch::Sender<()>,
}

/// A link to make.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Into which environment.
    pub environment: u64,
    /// What may be done there.
    pub scopes: Vec<Scope>,
    /// For whom.
    pub person: Option<String>,
    /// How long it can be used, in milliseconds.
    pub link_life: i64,
    /// How long the session lasts, in milliseconds.
    pub session_life: i64,
    /// Whether it is for a frame in a page of another site.
    pub framed: bool,
}

impl NewLink {
    /// A link with which everything may be done in an environment, for ten minutes and then for twelve hours.
    #[must_use]
    pub fn to_all_of(environment: u64) -> Self {
        Self {
            environment,
            scopes: vec![Scope::Admin],
            person: None,
            link_life: LINK_LIFE,
            session_life: SESSION_LIFE,
            framed: false,
        }
    }
}

/// What came of signing in.
pub enum SignIn {
    /// A session has begun.
    Begun(Box<Begun>),
    /// The code is used up or unknown, or its token was revoked.
    Unknown,
    /// The token makes more calls than it may.
    TooMany(Standing),
}

/// A session that has begun.
#[derive(Clone)]
pub struct Begun {
    /// What the cookie holds.
    pub secret: String,
    /// The session.
    pub session: SessionRecord,
}

impl Access {
    /// What `store` knows about.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, rate: RateLimits) -> Self {
        Self {
            store,
            clock,
            entropy,
            tokens: Mutex::default(),
            calls: rate.calls.map(Limiter::new),
            events: rate.events.map(Limiter::new),
            ended: watch::channel(()).0,
        }
    }

    /// Changes as soon as a token is deleted or a session ended here: whoever does something for one of them for long asks
    /// then whether it is [still there](Self::is_still).
    #[must_use]
    pub fn endings(&self) -> watch::Receiver<()> {
        self.ended.subscribe()
    }

    /// Whether the token or the session of `secret` still gives what it gave.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn is_still(&self, grant: &Grant, secret: &str) -> StoreResult<bool> {
        let now = match grant.actor.kind {
            ActorKind::Session => self.session(secret).await?.map(|session| Arc::new(Grant::from(session))),
            _ => self.grant_of_token(secret).await?,
        };
        Ok(now.is_some_and(|now| (now.environment, &now.scopes) == (grant.environment, &grant.scopes)))
    }

    fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.entropy.bytes::<32>())
    }

    /// The buckets of calls that hand in events, or of all others; `None` where nothing is limited.
    #[must_use]
    pub fn limiter(&self, events: bool) -> Option<&Limiter> {
        if events { self.events.as_ref() } else { self.calls.as_ref() }
    }

    /// What a token gives, if there is one that has not ended. Notes that it was used.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn grant_of_token(&self, token: &str) -> StoreResult<Option<Arc<Grant>>> {
        let (hash, now) = (hash(token), self.clock.now());
        if let Some(grant) = self.known(&hash, now) {
            return Ok((!grant.has_ended(now)).then_some(grant));
        }
        let deletions = self.cache().deletions;
        let Some(record) = self.store.token_by_hash(hash).await? else { return Ok(None) };
        let (id, last_used) = (record.id.clone(), record.last_used);
        let grant = Arc::new(Grant::from(record));
        if grant.has_ended(now) {
            return Ok(None);
        }
        self.remember(hash, Arc::clone(&grant), now, deletions);
        if last_used.is_none_or(|last| now.saturating_sub(last) >= LAST_USE)
            && let Err(error) = self.store.token_used(id, now).await
        {
            // Whoever calls can do what it came for.
            tracing::warn!(%error, "the use of a token was not noted");
        }
        Ok(Some(grant))
    }

    /// What a token gives that was looked up moments ago and has not ended; `None` says nothing about it.
    #[must_use]
    pub fn grant_at_hand(&self, token: &str) -> Option<Arc<Grant>> {
        let now = self.clock.now();
        self.known(&hash(token), now).filter(|grant| !grant.has_ended(now))
    }

    fn known(&self, hash: &[u8; 32], now: i64) -> Option<Arc<Grant>> {
        self.cache().found.get(hash).filter(|(_, until)| *until > now).map(|(grant, _)| Arc::clone(grant))
    }

    /// Remembers what was looked up after so many `deletions`, unless there were more since.
    fn remember(&self, hash: [u8; 32], grant: Arc<Grant>, now: i64, deletions: u64) {
        let mut cache = self.cache();
        if cache.deletions != deletions {
            return;
        }
        if cache.found.len() >= TOKEN_CACHE_SIZE {
            cache.found.retain(|_, (_, until)| *until > now);
        }
        if cache.found.len() < TOKEN_CACHE_SIZE {
            cache.found.insert(hash, (grant, now + TOKEN_CACHE));
        }
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, KnownTokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a token; it is answered once and never again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn create_token(
        &self,
        environment: u64,
        name: String,
        scopes: Vec<Scope>,
        expires: Option<i64>,
    ) -> StoreResult<(TokenRecord, String)> {
        let token = format!("{TOKEN_PREFIX}{}", self.secret());
        let record = self.new_token(environment, name, scopes, expires);
        self.store.create_token(record.clone(), hash(&token)).await?;
        Ok((record, token))
    }

    /// Keeps the token with which the server is started (`SEINPOST_BOOTSTRAP_TOKEN`) in place of those with which it was
    /// started before: whoever replaces one wants the old one to be of no use.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn keep_bootstrap_token(&self, environment: u64, token: &str) -> StoreResult<()> {
        let record = self.new_token(environment, "bootstrap".into(), vec![Scope::Admin], None);
        let revoked = self.store.keep_bootstrap_token(record, hash(token)).await?;
        if revoked > 0 {
            tracing::info!(revoked, "the bootstrap token was replaced: the one before is revoked");
            self.forget_tokens();
        }
        Ok(())
    }

    fn new_token(&self, environment: u64, name: String, mut scopes: Vec<Scope>, expires: Option<i64>) -> TokenRecord {
        scopes.sort_unstable();
        scopes.dedup();
        let now = self.clock.now();
        let id = id::ulid(TOKEN_ID, now, &*self.entropy);
        TokenRecord { id, environment, name, created: now, scopes, expires, last_used: None }
    }

    /// Forgets a token, and ends the sessions that were begun with it. Whether there was one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delete_token(&self, environment: u64, id: String) -> StoreResult<bool> {
        let gone = self.store.delete_token(environment, id).await?;
        self.forget_tokens();
        Ok(gone)
    }

    /// Has every token looked up anew.
    fn forget_tokens(&self) {
        {
            let mut cache = self.cache();
            cache.found.clear();
            cache.deletions += 1;
        }
        self.ended.send_replace(());
    }

    /// Makes a link that lets its bearer into the dashboard, once: what is kept of it, and its code.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn create_signin_link(&self, new: NewLink) -> StoreResult<(SigninRecord, String)> {
        let (code, now) = (self.secret(), self.clock.now());
        let mut scopes = new.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        let link = SigninRecord {
            id: id::ulid("lnk_", now, &*self.entropy),
            environment: new.environment,
            expires: now + new.link_life,
            scopes,
            person: new.person,
            session_life: new.session_life,
            framed: new.framed,
        };
        self.store.create_signin_code(link.clone(), hash(&code)).await?;
        Ok((link, code))
    }

    /// Begins a session for the bearer of a sign-in code (which is used up) or of a token, for which it is one of its calls.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_in(&self, code: &str) -> StoreResult<SignIn> {
        let now = self.clock.now();
        let id = id::ulid("ses_", now, &*self.entropy);
        let mut by_link = None;
        let session = if let Some(link) = self.store.redeem_signin_code(hash(code)).await? {
            by_link = Some(link.id);
            SessionRecord {
                id,
                environment: link.environment,
                expires: now + link.session_life,
                scopes: link.scopes,
                person: link.person,
                token: None,
                framed: link.framed,
            }
        } else if let Some(grant) = self.grant_of_token(code).await? {
            if let Some(limiter) = self.limiter(false) {
                let standing = limiter.take(&grant.counted_as, self.clock.passed());
                if !standing.allowed {
                    return Ok(SignIn::TooMany(standing));
                }
            }
            SessionRecord {
                id,
                environment: grant.environment,
                expires: (now + SESSION_LIFE).min(grant.expires.unwrap_or(i64::MAX)),
                scopes: grant.scopes.clone(),
                person: grant.actor.name.clone(),
                token: grant.actor.id.clone(),
                framed: false,
            }
        } else {
            return Ok(SignIn::Unknown);
        };
        let begun = Begun { secret: self.secret(), session };
        let actor = Grant::from(begun.session.clone()).actor;
        // The token may be remembered here though another process has revoked it.
        let made =
            acting(actor, self.store.create_session(hash(&begun.secret), begun.session.clone(), by_link)).await?;
        Ok(if made { SignIn::Begun(Box::new(begun)) } else { SignIn::Unknown })
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
        self.store.delete_session(hash(secret)).await?;
        self.ended.send_replace(());
        Ok(())
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
