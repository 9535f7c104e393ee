//! The events that wait to be sent, read once for all webhooks that get them, and many at a time.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use rustc_hash::FxHashMap;

use crate::{
    id::EventId,
    store::{Payload, Store, StoreResult},
};

/// How many events are remembered before those are dropped that nobody sends any more.
const REMEMBERED: usize = 4096;

/// What is in memory of what waits. It keeps nothing alive by itself: whoever sends an event does.
#[derive(Default)]
pub(super) struct Payloads {
    known: Mutex<FxHashMap<EventId, Weak<Payload>>>,
}

impl Payloads {
    /// Reads these events, at most `most` bytes of those that are not in memory. In the order asked for; where there is
    /// none, it was too much or is no longer kept.
    pub(super) async fn read(
        &self,
        store: &dyn Store,
        events: &[EventId],
        most: usize,
    ) -> StoreResult<Vec<Option<Arc<Payload>>>> {
        let mut found: FxHashMap<EventId, Arc<Payload>> = FxHashMap::default();
        let mut missing = Vec::new();
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            for event in events {
                match known.get(event).and_then(Weak::upgrade) {
                    Some(payload) => drop(found.insert(*event, payload)),
                    None => missing.push(*event),
                }
            }
        }
        if !missing.is_empty() {
            let read = store.events(missing, most).await?;
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() > REMEMBERED {
                known.retain(|_, payload| payload.strong_count() > 0);
            }
            for (id, event) in read {
                let payload = Arc::new(Payload::new(id, event.event_type, event.body));
                known.insert(id, Arc::downgrade(&payload));
                found.insert(id, payload);
            }
        }
        Ok(events.iter().map(|event| found.get(event).cloned()).collect())
    }
}
