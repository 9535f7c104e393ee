//! Webhooks: creating and changing them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    Batching, ClientCertificate, DeliveryStatus, Failing, Filter, HeaderField, Privacy, RateLimit, Timestamp,
    Verification, WebhookOptions, options::nullable,
};
use crate::event::EventType;

/// The body of `POST /v1/webhook`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// The types of event that it gets.
    #[serde(rename = "type")]
    pub types: Types,
    /// The callback URL, as its owner wrote it.
    pub url: String,
    /// How calls are signed.
    #[serde(default)]
    pub profile: Profile,
    /// How bodies are written.
    #[serde(default)]
    pub format: BodyFormat,
    /// How the algorithm is named in `Digest`: `sha-256` unless the receiver insists on `SHA-256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_name: Option<String>,
    /// Its own schedule, in seconds: see [`WebhookOptions::retries`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<Vec<u32>>,
    /// How many calls are made in a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<RateLimit>,
    /// How many calls are made at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// Several events in one call, as an array.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batching>,
    /// Header fields that are sent along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<(String, String)>>))]
    pub headers: Option<Vec<HeaderField>>,
    /// Which events are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    /// What of an event is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy: Option<Privacy>,
    /// Whether bounces and complaints (`bounce`, `abuse`) carry what they mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<bool>,
    /// Whether it is told when a webhook is disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operational: Option<bool>,
}

impl NewWebhook {
    /// A webhook for these types at this URL, all else as it is where nothing is said.
    #[must_use]
    pub fn new(types: Types, url: impl Into<String>) -> Self {
        Self {
            types,
            url: url.into(),
            profile: Profile::default(),
            format: BodyFormat::default(),
            digest_name: None,
            retries: None,
            rate: None,
            concurrency: None,
            batch: None,
            headers: None,
            filter: None,
            privacy: None,
            diagnosis: None,
            operational: None,
        }
    }

    /// The options that it asks for, unchecked.
    #[must_use]
    pub fn options(&self) -> WebhookOptions {
        WebhookOptions {
            retries: self.retries.clone(),
            rate: self.rate,
            concurrency: self.concurrency,
            batch: self.batch,
            headers: self.headers.clone().unwrap_or_default(),
            filter: self.filter.clone().unwrap_or_default(),
            privacy: self.privacy.clone().unwrap_or_default(),
            diagnosis: self.diagnosis.unwrap_or_default(),
            operational: self.operational.unwrap_or_default(),
        }
    }
}

/// The body of `PATCH /v1/webhooks/ID`: what is left out stays as it is, and an option that is `null` is as
/// if it had never been set. An option is replaced as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookPatch {
    /// Other types.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Types>,
    /// Another URL, which must be verified again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Another profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Another format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<BodyFormat>,
    /// `sha-256` or `SHA-256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_name: Option<String>,
    /// `paused`, or `active` to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<WebhookStatus>,
    /// Another schedule.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub retries: Option<Option<Vec<u32>>>,
    /// Another rate limit.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub rate: Option<Option<RateLimit>>,
    /// Another number of calls at a time.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<Option<u32>>,
    /// Another way of batching.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub batch: Option<Option<Batching>>,
    /// Other header fields.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<(String, String)>>))]
    pub headers: Option<Option<Vec<HeaderField>>>,
    /// Another filter.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Option<Filter>>,
    /// Another privacy; a key that is left out stays as it is where recipients are still hashed.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub privacy: Option<Option<Privacy>>,
    /// Whether bounces and complaints (`bounce`, `abuse`) carry what they mean.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Option<bool>>,
    /// Whether it is told when a webhook is disabled.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub operational: Option<Option<bool>>,
}

impl WebhookPatch {
    /// The options as they are after this change, unchecked.
    #[must_use]
    pub fn options(&self, before: &WebhookOptions) -> WebhookOptions {
        /// What the patch says, or what there was.
        fn changed<T: Clone + Default>(patch: Option<&Option<T>>, before: &T) -> T {
            patch.map_or_else(|| before.clone(), |value| value.clone().unwrap_or_default())
        }
        let mut privacy = changed(self.privacy.as_ref(), &before.privacy);
        if privacy.recipient == before.privacy.recipient && privacy.recipient_key.is_none() {
            privacy.recipient_key.clone_from(&before.privacy.recipient_key);
        }
        WebhookOptions {
            retries: self.retries.clone().unwrap_or_else(|| before.retries.clone()),
            rate: self.rate.unwrap_or(before.rate),
            concurrency: self.concurrency.unwrap_or(before.concurrency),
            batch: self.batch.unwrap_or(before.batch),
            headers: changed(self.headers.as_ref(), &before.headers),
            filter: changed(self.filter.as_ref(), &before.filter),
            privacy,
            diagnosis: changed(self.diagnosis.as_ref(), &before.diagnosis),
            operational: changed(self.operational.as_ref(), &before.operational),
        }
    }
}

/// A webhook, as the API answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// `wh_…`.
    pub id: String,
    /// The types of event that it gets: one as a string, several as a list.
    #[serde(rename = "type")]
    pub types: Types,
    /// The callback URL in the normal form of the WHATWG URL standard; user and password in it read `***`.
    pub url: String,
    /// How calls are signed.
    pub profile: Profile,
    /// How bodies are written.
    pub format: BodyFormat,
    /// `sha-256` or `SHA-256`.
    pub digest_name: String,
    /// What else is set of it; in JSON each option is a field of the webhook itself. The key for hashing recipients is only in
    /// the answer to the call that made it.
    #[serde(flatten)]
    pub options: WebhookOptions,
    /// Whether events are sent to it.
    pub status: WebhookStatus,
    /// Since when it stands so, where it is paused or disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_since: Option<Timestamp>,
    /// Who paused it, as the audit log names them: the token's name, or for whom the sign-in link was made; else the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_by: Option<String>,
    /// The file that proves the URL is its owner's.
    pub verification: Verification,
    /// When it was created.
    pub created: Timestamp,
    /// Its newest delivery, if it had one.
    pub last_delivery: Option<LastDelivery>,
    /// What is wrong, where it is active and its newest calls were not accepted. Tests do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<Failing>,
    /// Why the server stopped it, if it did, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_code: Option<DisabledCode>,
    /// Why the server stopped it, if it did, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<String>,
    /// The secret of the profile `standard` (`whsec_…`): only in the answer to the call that made it, and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The certificate with which calls prove who makes them, where its receiver demands one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<ClientCertificate>,
}

/// Why the server disabled a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DisabledCode {
    /// Its receiver answered 410 (Gone).
    Gone,
    /// Its calls failed for too long.
    Failing,
}

impl DisabledCode {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Gone, Self::Failing];

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }
}

/// What happened to a webhook: an entry of `GET /v1/webhooks/ID/history`, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// What, for programs: `created`, `verified`, `changed`, `paused`, `resumed`, `disabled`, `secret-rotated`.
    pub kind: String,
    /// What, for people.
    pub detail: String,
}

/// The newest delivery of a webhook, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastDelivery {
    /// `dlv_…`.
    pub id: String,
    /// How it stands.
    pub status: DeliveryStatus,
    /// Whether it was a test.
    pub test: bool,
    /// When it was created.
    pub created: Timestamp,
    /// The status code of its newest attempt, if one was answered.
    pub response_status: Option<u16>,
}

/// How calls are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// draft-cavage-http-signatures, as SMTPeter does.
    #[default]
    Cavage,
    /// Standard Webhooks.
    Standard,
    /// HTTP Message Signatures.
    Rfc9421,
}

impl Profile {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Cavage, Self::Standard, Self::Rfc9421];

    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cavage => "cavage",
            Self::Standard => "standard",
            Self::Rfc9421 => "rfc9421",
        }
    }
}

/// How bodies are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// `application/json`: the bytes of the event as they came.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

impl BodyFormat {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
        }
    }
}

/// Whether events are sent to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum WebhookStatus {
    /// Its URL has not been proven; nothing is sent.
    Unverified,
    /// Events are sent.
    Active,
    /// Stopped by its owner; events are kept.
    Paused,
    /// Stopped by the server.
    Disabled,
}

impl WebhookStatus {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
        }
    }
}

/// The types of event that a webhook gets: at least one, none twice. One is written as a string, several as a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Types(Vec<EventType>);

impl Types {
    /// Takes the types in the order given, each once. `None` if there is none.
    #[must_use]
    pub fn new(types: impl IntoIterator<Item = EventType>) -> Option<Self> {
        let mut kept = Vec::new();
        for each in types {
            if !kept.contains(&each) {
                kept.push(each);
            }
        }
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// The types.
    #[must_use]
    pub fn as_slice(&self) -> &[EventType] {
        &self.0
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Types {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Type};
        let one = || {
            let names = EventType::ALL.map(EventType::as_str);
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names))
        };
        OneOfBuilder::new()
            .item(one())
            .item(ArrayBuilder::new().items(one()).min_items(Some(1)))
            .description(Some("A type of event, or a list of them."))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Types {}

impl Serialize for Types {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one.as_str()),
            several => serializer.collect_seq(several.iter().map(|each| each.as_str())),
        }
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a type of event, or a list of them")]
        enum OneOrSeveral {
            One(String),
            Several(Vec<String>),
        }
        let names = match OneOrSeveral::deserialize(deserializer)? {
            OneOrSeveral::One(name) => vec![name],
            OneOrSeveral::Several(names) => names,
        };
        let types = names
            .iter()
            .map(|name| name.parse::<EventType>().map_err(de::Error::custom))
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(types).ok_or_else(|| de::Error::custom("at least one type of event is needed"))
    }
}
