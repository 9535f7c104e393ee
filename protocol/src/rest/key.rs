//! Public keys.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A public key, as it stands (or should stand) in DNS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// Published, but not used yet.
    Next,
    /// The one that signs.
    Current,
    /// Signs no more; published until nothing can need it.
    Retired,
}
