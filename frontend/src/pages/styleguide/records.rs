//! Things to show: as the REST API would tell them.

use std::rc::Rc;

use seinpost_protocol::rest::{
    Delivery, Figures, Outcomes, ResponseTimes, Stats, StatsRange, StatsStep, Timestamp, Waiting,
};

use crate::hooks::now;

/// Deliveries an hour, for a day that went well until two of its hours.
pub(super) fn hours() -> Vec<Outcomes> {
    (0..24_u64)
        .map(|hour| Outcomes {
            at_once: 120 + (hour * 37) % 90,
            retried: hour % 5,
            refused: if hour >= 22 { 60 } else { 0 },
            unanswered: u64::from(hour == 23) * 20,
        })
        .collect()
}

/// The same as statistics, with response times.
pub(super) fn day() -> Rc<Stats> {
    let start = now() - 24 * 3_600_000;
    let steps = (0_i64..)
        .zip(hours())
        .map(|(hour, deliveries)| StatsStep {
            start: Timestamp::from_millis(start + hour * 3_600_000),
            deliveries,
            response: ResponseTimes {
                answers: deliveries.total(),
                // An hour without answers breaks the lines.
                median_ms: (hour != 9).then(|| 40 + deliveries.at_once % 30),
                p95_ms: (hour != 9).then(|| 150 + deliveries.at_once),
            },
        })
        .collect();
    Rc::new(Stats {
        webhook: None,
        range: StatsRange::Day,
        from: Timestamp::from_millis(start),
        until: Timestamp::from_millis(now()),
        step_seconds: 3600,
        total: Figures::default(),
        waiting: Waiting::default(),
        steps,
    })
}

fn at(seconds: i64) -> String {
    Timestamp::from_millis(now() + seconds * 1000).to_string()
}

fn delivery(status: &str, attempts: &[String], next: Option<i64>) -> Option<Delivery> {
    let next = next.map_or_else(|| "null".to_owned(), |seconds| format!("\"{}\"", at(seconds)));
    serde_json::from_str(&format!(
        r#"{{"id":"dlv_01JDQ7M4XYZ2RK","event":"msg-7f3a1f","type":"bounce","webhook":"wh_01JDH9T0C5WV","status":"{status}",
        "test":false,"attempts":[{}],"next_attempt":{next},"created":"{}"}}"#,
        attempts.join(","),
        at(-180)
    ))
    .ok()
}

fn attempt(number: u32, seconds: i64, outcome: &str) -> String {
    format!(
        r#"{{"n":{number},"started":"{}","duration_ms":48,"peer":{{"address":"198.51.100.24","port":443,"tls":"1.3"}},"request":{{"method":"POST","url":"https://hooks.example.org/mail/bounces",
        "headers":[["host","hooks.example.org"],["x-copernica-id","{number}"]],"body":"{{\"type\":\"bounce\",\"n\":9007199254740993.10,\"note\":\"zero\u200bwidth\"}}"}},{outcome}}}"#,
        at(seconds)
    )
}

const REFUSED: &str = r#""response":{"status":401,"headers":[["content-type","application/problem+json"]],"body":"{\"check\":\"date\",\"skew\":-312}<b>"},"error":null"#;
const ACCEPTED: &str = r#""response":{"status":204,"headers":[],"body":null},"error":null"#;
const SILENT: &str = r#""response":null,"error":{"kind":"timeout","detail":"No answer within 15 s."}"#;

/// A delivery of each state.
pub(super) fn deliveries() -> Vec<Delivery> {
    let refused = attempt(1, -170, REFUSED);
    [
        delivery("pending", &[], None),
        waiting(),
        delivery("delivered", &[attempt(1, -170, ACCEPTED)], None),
        delivery("delivered", &[refused.clone(), attempt(2, -60, ACCEPTED)], None),
        delivery("failed", &[refused], None),
        delivery("failed", &[attempt(1, -170, SILENT)], None),
        delivery("cancelled", &[], None),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A delivery that was refused and got no answer, and is tried again.
pub(super) fn waiting() -> Option<Delivery> {
    delivery("pending", &[attempt(1, -170, REFUSED), attempt(2, -60, SILENT)], Some(263))
}
