//! Webhooks, and what happened to them.

use seinpost_protocol::rest::{BodyFormat, DisabledCode, Profile, Types, WebhookOptions, WebhookStatus};

/// The number by which the store and the dispatcher know a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookKey(pub i64);

/// A webhook.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// Its number in the store.
    pub key: WebhookKey,
    /// `wh_…`.
    pub id: String,
    /// Whose it is.
    pub environment: u64,
    /// The types of event that it gets.
    pub types: Types,
    /// The callback URL in its normal form, with its user and password if it has them.
    pub url: String,
    /// How calls are signed.
    pub profile: Profile,
    /// How bodies are written.
    pub format: BodyFormat,
    /// `SHA-256` instead of `sha-256` in `Digest`.
    pub digest_upper: bool,
    /// Whether events are sent to it.
    pub status: WebhookStatus,
    /// Since when it stands so; the store notes it.
    pub status_since: Option<i64>,
    /// Who had it stand so, if it was not the server itself; the store notes it.
    pub status_by: Option<String>,
    /// The name of its verification file.
    pub file: String,
    /// What stands in that file.
    pub content: String,
    /// When it was made.
    pub created: i64,
    /// When it was deleted.
    pub deleted: Option<i64>,
    /// The secret of the profile `standard`, as `whsec_…`.
    pub secret: Option<String>,
    /// The secrets before it that sign along, the newest first, and until when each does.
    pub old_secrets: Vec<(String, i64)>,
    /// Why the server disabled it, if it did, for programs; it goes with the status.
    pub disabled_code: Option<DisabledCode>,
    /// The same for people; it goes with the status, too.
    pub disabled_reason: Option<String>,
    /// Since when it has had nothing but failures; the store counts.
    pub failing_since: Option<i64>,
    /// What else is set of it, with the key for hashing recipients.
    pub options: WebhookOptions,
    /// With which certificate calls prove who makes them.
    pub client_identity: Option<ClientIdentity>,
    /// How often its settings were changed; the store counts.
    pub version: i64,
}

impl std::fmt::Debug for WebhookRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not its URL, which may hold a password, nor its secrets.
        f.debug_struct("WebhookRecord").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

/// A certificate with which calls prove who makes them.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientIdentity {
    /// The certificate, and those of its issuers after it, in PEM.
    pub certificate: String,
    /// Its private key, in PEM.
    pub key: String,
}

impl std::fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientIdentity")
    }
}

/// What came of [`update_webhook`](super::Store::update_webhook).
#[derive(Debug)]
pub enum Updated {
    /// It is changed, to this.
    Done(Box<WebhookRecord>),
    /// Somebody else has changed it since it was read; nothing was done.
    Changed,
    /// It is deleted.
    Gone,
}

impl Updated {
    /// Whether it is changed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

/// What there is of a call with an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is the first: whoever has the claim answers, or gives it back.
    New,
    /// It was begun before, and not answered.
    Begun,
    /// It was answered before, with this.
    Answered(Vec<u8>),
}

/// Something that happened to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It was made.
    Created,
    /// Its URL was proven.
    Verified,
    /// Its settings were changed.
    Changed,
    /// Its owner stopped it.
    Paused,
    /// Its owner let it go on.
    Resumed,
    /// The server stopped it.
    Disabled,
    /// It has a new secret.
    SecretRotated,
}

impl Happening {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Created,
        Self::Verified,
        Self::Changed,
        Self::Paused,
        Self::Resumed,
        Self::Disabled,
        Self::SecretRotated,
    ];

    /// The name in the API and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Verified => "verified",
            Self::Changed => "changed",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Disabled => "disabled",
            Self::SecretRotated => "secret-rotated",
        }
    }
}

/// An entry in a webhook's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRecord {
    /// Its number: newer ones are higher.
    pub id: i64,
    /// When.
    pub at: i64,
    /// What, for programs.
    pub happening: Happening,
    /// What, for people.
    pub detail: String,
}
