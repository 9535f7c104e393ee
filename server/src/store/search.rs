//! Finding events again.

use std::{borrow::Cow, ops::Range};

use seinpost_protocol::event::Event;
use sha2::{Digest as _, Sha256};

use super::{EventKind, EventRecord};
use crate::id::EventId;

/// How many tags of an event it can be found by.
const MOST_TAGS: usize = 32;
/// Which bits of a hash are kept: 40, so that an entry is small. What is found is looked at before it is answered.
const KEPT: u64 = (1 << 40) - 1;

/// Something that events are looked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchKey {
    /// The id of the message.
    Message(String),
    /// The address that the message was sent to, whatever its capitals.
    Recipient(String),
    /// A tag.
    Tag(String),
}

impl SearchKey {
    /// What an event can be found by.
    #[must_use]
    pub fn of(event: &Event) -> Vec<Self> {
        let message = event.id().map(|id| Self::Message(id.into()));
        let recipient = event.recipient().map(|recipient| Self::Recipient(recipient.into()));
        let tags = event.tags().into_iter().take(MOST_TAGS).map(|tag| Self::Tag(tag.into()));
        message.into_iter().chain(recipient).chain(tags).collect()
    }

    /// Whether an event is one of those that are looked for.
    #[must_use]
    pub fn matches(&self, event: &Event) -> bool {
        match self {
            Self::Message(id) => event.id() == Some(id),
            Self::Recipient(address) => {
                event.recipient().is_some_and(|recipient| recipient.to_lowercase() == address.to_lowercase())
            }
            Self::Tag(tag) => event.tags().contains(&tag.as_str()),
        }
    }

    /// A number that is nearly always another for another key.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let (kind, value) = match self {
            Self::Message(id) => (b"m", Cow::Borrowed(id.as_str())),
            Self::Recipient(address) => (b"r", Cow::Owned(address.to_lowercase())),
            Self::Tag(tag) => (b"t", Cow::Borrowed(tag.as_str())),
        };
        // Of this crate, as most keys are a single block of it: for these the other one's contexts cost as much again.
        let digest = Sha256::new().chain_update(kind).chain_update(value.as_bytes()).finalize();
        let first = digest.first_chunk().copied().unwrap_or_default();
        u64::from_le_bytes(first)
    }
}

/// The number under which an environment's events with a key of this hash stand in the index.
pub(super) fn indexed(environment: u64, hash: u64) -> i64 {
    // An odd number, so that environments stay apart.
    (hash.wrapping_add(environment.wrapping_mul(0x9E37_79B9_7F4A_7C15)) & KEPT).cast_signed()
}

/// Which events to list.
#[derive(Clone, Debug)]
pub struct EventQuery {
    /// Those with all of these.
    pub keys: Vec<SearchKey>,
    /// Those of one of these types; all if there is none.
    pub types: Vec<EventKind>,
    /// Those whose ids are in this.
    pub ids: Range<EventId>,
    /// The oldest first, instead of the newest.
    pub oldest_first: bool,
    /// How many at most.
    pub limit: u32,
}

/// A page of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundEvents {
    /// The events.
    pub events: Vec<(EventId, EventRecord)>,
    /// The last event that was looked at, if there may be more after it: looking stops at a bound.
    pub more_after: Option<EventId>,
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::{
        event::{EventType, sample},
        payload::read_event,
    };

    use super::*;

    #[test]
    fn an_event_is_found_by_its_message_its_recipient_and_its_tags() -> Result<(), Box<dyn std::error::Error>> {
        let event = read_event(sample(EventType::Open, 1_764_075_912).as_bytes()).map_err(|error| error.to_string())?;
        let keys = SearchKey::of(&event);
        assert!(keys.len() >= 3, "{keys:?}");
        assert!(keys.iter().all(|key| key.matches(&event)), "{keys:?}");
        let address = event.recipient().unwrap_or_default().to_uppercase();
        let shouted = SearchKey::Recipient(address);
        assert!(shouted.matches(&event));
        assert!(keys.iter().any(|key| key.hash() == shouted.hash()));
        assert!(!SearchKey::Tag("another".into()).matches(&event));
        Ok(())
    }

    #[test]
    fn environments_and_kinds_stand_apart() {
        let (message, tag) = (SearchKey::Message("a".into()).hash(), SearchKey::Tag("a".into()).hash());
        assert_ne!(message, tag);
        assert_ne!(indexed(1, tag), indexed(2, tag));
        assert!((0..1 << 40).contains(&indexed(u64::MAX, u64::MAX)));
    }
}
