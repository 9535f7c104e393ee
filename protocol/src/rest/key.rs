//! Public keys.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A public key, as it stands (or should stand) in DNS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedKey {
    /// `SELECTOR._domainkey.DOMAIN`: the name of the TXT record, and the `keyId` of signatures.
    pub keyid: String,
    /// What to publish there: `v=DKIM1;k=rsa;p=…` (RFC 6376 §3.6.1).
    pub dns: String,
    /// Where it is in its life.
    pub status: KeyStatus,
    /// From when it signs.
    pub since: Timestamp,
    /// Until when it signs; `null` while that is not known.
    pub until: Option<Timestamp>,
}

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// Published, but not used yet.
    Next,
    /// The one that signs.
    Current,
    /// Signs no more; published until nothing can need it.
    Retired,
}

impl KeyStatus {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }
}

/// The body of `POST /v1/keys/rotate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyRotation {
    /// Whether the next key signs at once (which DNS must show it for) rather than in two days.
    #[serde(default)]
    pub now: bool,
}

/// The answer to `POST /v1/keys/check`: whether the world's DNS shows the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeysChecked {
    /// The zone in which the records stand: `_domainkey.DOMAIN`.
    pub zone: String,
    /// Whether this Seinpost answers for that zone itself.
    pub answered_here: bool,
    /// Each key, in the order of `GET /v1/keys`.
    pub data: Vec<KeyChecked>,
}

/// Whether DNS shows a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyChecked {
    /// `SELECTOR._domainkey.DOMAIN`.
    pub keyid: String,
    /// What DNS shows, for programs.
    pub shown: KeyShown,
    /// What DNS shows and what to do, for people.
    pub detail: String,
}

impl KeyShown {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_fine(self) -> bool {
        matches!(self, Self::Yes | Self::NotAsked)
    }
}

/// What DNS shows at the name of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KeyShown {
    /// The key.
    Yes,
    /// No record.
    No,
    /// Another record.
    Another,
    /// DNS could not be asked.
    Unknown,
    /// The domain is below `localhost`, which is in nobody's DNS: it was not asked.
    NotAsked,
}
