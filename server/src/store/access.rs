//! Who may do what: environments, tokens, sign-in links, sessions; and the keys that calls are signed with.

use seinpost_protocol::rest::{KeyStatus, Scope};

/// A customer's own part of Seinpost; nothing crosses from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its number, as in `X-Copernica-ID: environment_N`.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: i64,
}

/// An API token; the token itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// `tok_…`.
    pub id: String,
    /// Into which environment it leads.
    pub environment: u64,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created: i64,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it ends, if it does by itself.
    pub expires: Option<i64>,
    /// When it was last used, to the minute.
    pub last_used: Option<i64>,
}

/// A one-time sign-in link; its code is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigninRecord {
    /// `lnk_…`.
    pub id: String,
    /// Into which environment it leads.
    pub environment: u64,
    /// Until when it can be used.
    pub expires: i64,
    /// What may be done with it.
    pub scopes: Vec<Scope>,
    /// For whom it was made, if that was said.
    pub person: Option<String>,
    /// How long the session lasts that it begins, in milliseconds.
    pub session_life: i64,
    /// Whether it is for a frame in a page of another site.
    pub framed: bool,
}

/// Someone who is signed in to the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// `ses_…`.
    pub id: String,
    /// Into which environment it leads.
    pub environment: u64,
    /// When it ends.
    pub expires: i64,
    /// What may be done in it.
    pub scopes: Vec<Scope>,
    /// For whom the link was made, or what the token is called.
    pub person: Option<String>,
    /// The token that it was begun with, with which it ends: `tok_…`.
    pub token: Option<String>,
    /// Whether it is in a frame in a page of another site.
    pub framed: bool,
}

/// A signing key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Whose it is.
    pub environment: u64,
    /// `SELECTOR._domainkey.DOMAIN`.
    pub keyid: String,
    /// The private key in PKCS#8.
    pub pkcs8: Vec<u8>,
    /// The record to publish.
    pub dns: String,
    /// Where it is in its life.
    pub status: KeyStatus,
    /// From when it signs.
    pub since: i64,
    /// Until when it signs.
    pub until: Option<i64>,
    /// Since when DNS is known to show it, before it signs.
    pub shown: Option<i64>,
}

impl KeyRecord {
    /// Whether its name is below `zone`: `_domainkey.DOMAIN`.
    #[must_use]
    pub fn is_in(&self, zone: &str) -> bool {
        self.keyid.strip_suffix(zone).is_some_and(|selector| selector.ends_with('.'))
    }

    /// Whether it signs, or is to sign, and its name is not below `zone`.
    #[must_use]
    pub fn signs_outside(&self, zone: &str) -> bool {
        self.status != KeyStatus::Retired && !self.is_in(zone)
    }
}

impl std::fmt::Debug for KeyRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRecord").field("keyid", &self.keyid).field("status", &self.status).finish_non_exhaustive()
    }
}
