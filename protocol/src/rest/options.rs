//! What can be set of a webhook beyond its types, URL, profile and format: when and how much is sent to it, which events,
//! and what of them.
//!
//! The server and the dashboard check settings with the same [`WebhookOptions::check`].

mod check;
mod passes;

use serde::{Deserialize, Deserializer, Serialize};

use super::HeaderField;

pub use check::{InvalidOption, limits};
pub use passes::Refusal;

/// Everything that can be set beside types, URL, profile and format. The default is what a webhook has of which nothing
/// else was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct WebhookOptions {
    /// After how many seconds a failed attempt is made again: after the first failure the first, and so on; after the last
    /// there is no other attempt. `[]` is one attempt only; `null` is the server's own schedule.
    pub retries: Option<Vec<u32>>,
    /// How many calls are made in a time; `null` is as many as the receiver takes.
    pub rate: Option<RateLimit>,
    /// How many calls are made at a time; `null` is the server's own number (16).
    pub concurrency: Option<u32>,
    /// Several events in one call, as an array; `null` is each in its own.
    pub batch: Option<Batching>,
    /// Header fields that are sent along: name and value.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<(String, String)>))]
    pub headers: Vec<HeaderField>,
    /// Which events are sent.
    pub filter: Filter,
    /// What of an event is sent.
    pub privacy: Privacy,
    /// Whether events with a mail that came back (`bounce`, `abuse`) say what it means, in one more variable, `diagnosis`.
    pub diagnosis: bool,
    /// Whether it is told (with the type `webhook.disabled`) when the server disables a webhook of its environment.
    pub operational: bool,
}

/// A token bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Calls a second, in the long run.
    pub per_second: u32,
    /// Calls at once after a quiet time; `null` or left out is as many as a second's.
    #[serde(default)]
    pub burst: Option<u32>,
}

impl RateLimit {
    /// How many calls can be made at once after a quiet time.
    #[must_use]
    pub fn burst(self) -> u32 {
        self.burst.unwrap_or(self.per_second)
    }
}

/// Several events in one call: the body is an array of them in JSON, also where there is one. The receiver must read
/// arrays: one that does not fails at every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Batching {
    /// How many events at most.
    pub max_events: u32,
    /// How long the first of them waits for others at most, in milliseconds.
    pub max_ms: u32,
}

/// Which events are sent: those that pass all that is said here. An empty list says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// By the tags of the message. Tags are compared as they are, capitals included.
    pub tags: TagFilter,
    /// By the domain of the recipient.
    pub recipient_domains: DomainFilter,
}

impl Filter {
    /// Whether it lets everything through.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// Which tags an event must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TagFilter {
    /// At least one of these.
    pub any: Vec<String>,
    /// Every one of these.
    pub all: Vec<String>,
    /// None of these.
    pub none: Vec<String>,
}

/// Which domains a recipient may be of. A domain stands for its subdomains too; capitals make no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DomainFilter {
    /// Only these. An event without a recipient does not pass.
    pub include: Vec<String>,
    /// Not these.
    pub exclude: Vec<String>,
}

/// What of an event is sent; the log shows what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// The recipient.
    pub recipient: RecipientPrivacy,
    /// The key with which recipients are hashed, as a text. Whoever asks for hashing without one gets a new one, in the
    /// answer to that call; no other answer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient_key: Option<String>,
    /// The mail that came back.
    pub mime: MimePrivacy,
    /// The address of the reader.
    pub ip: IpPrivacy,
}

impl Privacy {
    /// Whether events are sent as they are.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.recipient == RecipientPrivacy::AsIs && self.mime == MimePrivacy::AsIs && self.ip == IpPrivacy::AsIs
    }
}

/// How a recipient is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RecipientPrivacy {
    /// As it is.
    #[default]
    AsIs,
    /// As the HMAC-SHA256 of the address in lower case, in 64 hexadecimal digits, wherever the address stands in the event's
    /// texts: in `envelope` as `joe=example.com`, in URLs percent-encoded. `emailfrom` is left out.
    Hashed,
}

/// How a mail is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MimePrivacy {
    /// As it is.
    #[default]
    AsIs,
    /// Left out.
    Omit,
    /// Its first bytes, at most this many, cut between two characters.
    Cut(u32),
}

/// How an IP address is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum IpPrivacy {
    /// As it is.
    #[default]
    AsIs,
    /// The first 24 bits of IPv4, the first 48 of IPv6; the rest is zero.
    Truncated,
}

/// The body of `POST /v1/webhooks/preview`: settings that need not be saved yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPreview {
    /// The types of event.
    #[serde(rename = "type")]
    pub types: super::Types,
    /// How bodies are written.
    #[serde(default)]
    pub format: super::BodyFormat,
    /// Which events are sent.
    #[serde(default)]
    pub filter: Filter,
    /// What of an event is sent.
    #[serde(default)]
    pub privacy: Privacy,
}

/// What settings would have done with the newest events of the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// How many events of these types were looked at.
    pub looked_at: u32,
    /// How many of them would have been sent.
    pub passing: u32,
    /// Whether these were all of the last 24 hours; otherwise they are the newest.
    pub complete: bool,
    /// The newest that would have been sent, as it would have been.
    pub would_go: Option<PreviewedEvent>,
    /// The newest that would not.
    pub would_not_go: Option<PreviewedEvent>,
}

/// An event in a [`Preview`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewedEvent {
    /// `evt_…`.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The body that would be sent, without the variable `diagnosis`: a preview reads no mails.
    pub body: String,
    /// The body's content type.
    pub content_type: String,
    /// Why it would not be sent, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same, for programs: `none-of-tags`, `lacks-tag`, `has-tag`, `other-domain` or `excluded-domain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
    /// The tag or the domain that it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_value: Option<String>,
}

/// Tells a field that is left out (`None`) from one that is `null` (`Some(None)`), which sets the default again.
pub(super) fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_as_they_are_written() {
        let text = r#"{"retries":[5,300],"rate":{"per_second":10,"burst":20},"concurrency":4,"batch":{"max_events":100,"max_ms":500},"headers":[["X-Team","mail"]],"filter":{"tags":{"any":["a"],"all":[],"none":["b"]},"recipient_domains":{"include":["example.com"],"exclude":[]}},"privacy":{"recipient":"hashed","mime":{"cut":1024},"ip":"truncated"},"diagnosis":true,"operational":false}"#;
        let options: WebhookOptions = serde_json::from_str(text).unwrap();
        assert_eq!(options.privacy.mime, MimePrivacy::Cut(1024));
        assert_eq!(serde_json::to_string(&options).unwrap(), text);
        let default = serde_json::to_value(WebhookOptions::default()).unwrap();
        assert_eq!(default["privacy"], serde_json::json!({"recipient": "as-is", "mime": "as-is", "ip": "as-is"}));
        assert_eq!(default["retries"], serde_json::Value::Null);
    }

    #[test]
    fn nothing_said_is_the_default() {
        assert_eq!(serde_json::from_str::<WebhookOptions>("{}").unwrap(), WebhookOptions::default());
        assert!(serde_json::from_str::<Filter>(r#"{"tag":{}}"#).is_err());
    }
}
