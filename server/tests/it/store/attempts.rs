//! What came of calls, as it is handed in and told.

use std::sync::{Arc, Mutex};

use seinpost_protocol::{event::EventType, rest::DeliveryStatus};
use seinpost_server::{
    id::DeliveryId,
    store::{Advance, Conclusion, Course, EventKind, Fresh, Observer, Recorded, WebhookKey},
};
use tokio::sync::oneshot;

use super::{Given, attempt, event, one_delivery};
use crate::support::app::BEGIN;

/// Remembers what it is told.
#[derive(Default)]
struct Heard(Mutex<Vec<Advance>>);

impl Observer for Heard {
    fn advanced(&self, advances: &[Advance]) {
        self.0.lock().unwrap().extend(advances);
    }

    fn fresh(&self, _: &[Fresh]) {}

    fn webhook_changed(&self, _: WebhookKey) {}

    fn brought_forward(&self, _: WebhookKey) {}
}

/// Whether what is known of a delivery is handed in with its attempt or looked up: it comes to the same.
pub(super) async fn what_is_handed_in_is_told_as_it_stands(given: Given) {
    let store = given.store;
    let (made, first) = one_delivery(&store).await;
    let (event_id, _) = store.append_events(1, vec![event("{}")], None).await.unwrap().events[0];
    let heard = Arc::new(Heard::default());
    store.observe(Arc::downgrade(&heard) as _);
    let second = store.due(made.key, 2, BEGIN).await.unwrap()[1];
    let course =
        Course { event: event_id, event_type: EventKind::Mail(EventType::Open), webhook: made.key, environment: 1 };
    let hand_in = async |id, n, course, conclusion| {
        let (done, written) = oneshot::channel();
        let told: Recorded = Box::new(move |(ids, record), written| {
            assert_eq!((ids, record), (vec![id], attempt(n, None)));
            done.send(written).unwrap();
        });
        store.record_attempts(vec![id], course, attempt(n, None), conclusion, told).await;
        let written = written.await.unwrap();
        (written, heard.0.lock().unwrap().pop())
    };
    let retry = Conclusion::Retry(BEGIN + 5);
    let (written, told) = hand_in(second.id, 1, Some(course), retry).await;
    let told = told.unwrap();
    assert_eq!(written.unwrap().unwrap().since, BEGIN + 1);
    assert_eq!((told.id, told.course.event, told.test), (second.id, event_id, false));
    assert_eq!((told.status, told.due, told.attempt.unwrap().n), (DeliveryStatus::Pending, Some(BEGIN + 5), 1));
    let (_, looked_up) = hand_in(first, 1, None, retry).await;
    assert_eq!(looked_up.unwrap(), Advance { id: first, course: looked_up.unwrap().course, ..told });
    // What was cancelled meanwhile stays so, whatever is known of it.
    assert_eq!(store.cancel_deliveries(made.key, 9).await.unwrap(), 2);
    heard.0.lock().unwrap().clear();
    for (id, course) in [(first, None), (second.id, Some(course))] {
        let (_, told) = hand_in(id, 2, course, Conclusion::Failed).await;
        assert_eq!((told.unwrap().status, told.unwrap().due), (DeliveryStatus::Cancelled, None));
        let row = store.delivery(1, id).await.unwrap().unwrap();
        assert_eq!((row.status, row.attempts), (DeliveryStatus::Cancelled, 2));
    }
    // One that is no longer kept is passed over.
    let (written, told) = hand_in(DeliveryId(7), 1, Some(course), retry).await;
    assert_eq!((written.unwrap(), told), (None, None));
    assert_eq!(store.attempts(vec![DeliveryId(7)]).await.unwrap(), []);
}
