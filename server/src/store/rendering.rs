//! How what is sent follows from events, so that the log can show what was sent without keeping it twice.

use std::sync::Arc;

use bytes::Bytes;
use seinpost_protocol::{
    event::{Event, EventType},
    rest::{BodyFormat, Privacy},
};
use serde::{Deserialize, Serialize};

use crate::id::EventId;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A mail, or its reader.
    Mail(EventType),
    /// A webhook that the server stopped.
    WebhookDisabled,
}

impl EventKind {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        EventType::ALL.into_iter().map(Self::Mail).chain([Self::WebhookDisabled])
    }

    /// The name, as it stands in the variable `type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail(event_type) => event_type.as_str(),
            Self::WebhookDisabled => "webhook.disabled",
        }
    }
}

/// What filters look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// The tags of the message.
    pub tags: Vec<String>,
    /// The address that it was sent to.
    pub recipient: Option<String>,
}

impl Facets {
    /// Those of an event.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self {
            tags: event.tags().into_iter().map(str::to_owned).collect(),
            recipient: event.recipient().map(str::to_owned),
        }
    }
}

/// An event to keep.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Its type.
    pub event_type: EventType,
    /// Its JSON text, byte for byte as it came.
    pub body: Bytes,
    /// What filters look at.
    pub facets: Facets,
    /// The hashes of what it is found by: see [`SearchKey`](super::SearchKey).
    pub keys: Vec<u64>,
}

/// How a body is made of an event, where it is not the event as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rendering {
    /// How it is written.
    pub format: BodyFormat,
    /// What is left out of it or changed.
    #[serde(default, skip_serializing_if = "Privacy::is_open")]
    pub privacy: Privacy,
    /// Whether what a mail that came back means is added.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub diagnosis: bool,
}

impl Rendering {
    /// Whether the body is the event as it came.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.format == BodyFormat::Json && self.privacy.is_open() && !self.diagnosis
    }
}

/// Events that were sent in one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// How each was made.
    pub rendering: Rendering,
    /// Which, in order.
    pub events: Vec<EventId>,
}

/// How the body of a request follows from the event, which is kept once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedBody {
    /// The event's bytes (or the test's) as they are.
    AsItCame,
    /// The event as a form.
    Form,
    /// Of the one event.
    Rendered(Arc<Rendering>),
    /// Of several.
    Batch(Arc<Batch>),
}
