//! Sample events, one after the other, that differ as real ones do.

use std::time::Duration;

use seinpost_protocol::event::{EventType, sample};
use seinpost_protocol::payload::read_event;
use serde_json::{Value, json};

const RECIPIENTS: [&str; 5] =
    ["anna@example.net", "bram.de.vries@example.org", "chloé@example.com", "d+news@example.net", "eve@example.org"];
const TAGS: [&[&str]; 4] =
    [&["newsletter", "spring"], &["receipt"], &["newsletter", "zomer-é"], &["reminder", "week 31"]];

/// The events of the demonstration.
pub(crate) struct Trickle {
    sent: usize,
}

impl Trickle {
    pub(crate) fn new() -> Self {
        Self { sent: 0 }
    }

    /// The next event, as JSON: each type in its turn. `now` is the time since 1970.
    pub(crate) fn next(&mut self, now: Duration) -> String {
        let n = self.sent;
        self.sent += 1;
        let event_type = EventType::ALL[n % EventType::ALL.len()];
        let text = sample(event_type, now.as_secs());
        // A sample is an event; if it were not, the server would say what is wrong with it.
        let (Ok(event), Ok(json)) = (read_event(text.as_bytes()), serde_json::from_str::<Value>(&text)) else {
            return text;
        };
        let varied = event.variables().iter().map(|(name, _)| {
            let value = match name.as_str() {
                "id" => json!(format!("{:x}", now.as_micros())),
                "recipient" => json!(RECIPIENTS[n % RECIPIENTS.len()]),
                "tags" => json!(TAGS[n % TAGS.len()]),
                _ => json[name].clone(),
            };
            format!("{}: {value}", json!(name))
        });
        format!("{{{}}}", varied.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_its_turn_and_every_event_is_one() {
        let mut trickle = Trickle::new();
        for expected in EventType::ALL {
            let event = read_event(trickle.next(Duration::from_secs(1_764_075_941)).as_bytes()).expect("an event");
            assert_eq!(event.event_type(), Some(expected));
            assert_eq!(event.recipient(), Some(RECIPIENTS[(trickle.sent - 1) % RECIPIENTS.len()]));
        }
    }
}
