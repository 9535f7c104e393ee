//! What stands in the columns of logfiles.

use seinpost_protocol::{
    event::{Event, EventType},
    mail::{self, Kind},
    payload,
    rest::{Logfile, Timestamp},
};

use crate::store::{EventKind, EventRecord};

use super::DAY;

/// The start of a day, `YYYY-MM-DD` in UTC, in milliseconds.
pub(in crate::api) fn read_date(text: &str) -> Option<i64> {
    let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_plain.then_some(())?;
    format!("{text}T00:00:00Z").parse().ok().map(Timestamp::as_millis)
}

/// The day of a moment.
pub(in crate::api) fn date(at: i64) -> String {
    Timestamp::from_millis(at.div_euclid(DAY).saturating_mul(DAY)).to_string().chars().take(10).collect()
}

/// In which logfiles events of a kind stand; profile changes stand in none, as in SMTPeter.
pub(in crate::api) fn logfiles_of(kind: EventKind) -> &'static [Logfile] {
    let EventKind::Mail(event_type) = kind else { return &[] };
    match event_type {
        EventType::Bounce => &[Logfile::Bounces, Logfile::Responses],
        EventType::Failure => &[Logfile::Failures],
        EventType::Click => &[Logfile::Clicks],
        EventType::Open => &[Logfile::Opens],
        EventType::Delivery => &[Logfile::Deliveries],
        EventType::Abuse => &[Logfile::Abuses],
        EventType::Profile => &[],
    }
}

/// Of what kind the events of a logfile are.
pub(super) fn kind_of(logfile: Logfile) -> Option<EventKind> {
    EventKind::all().find(|kind| logfiles_of(*kind).contains(&logfile))
}

/// In which logfile an event stands.
fn logfile_of(kind: EventKind, event: &Event) -> Option<Logfile> {
    match logfiles_of(kind) {
        [] => None,
        [only] => Some(*only),
        _ => {
            let mime = event.text("mime").unwrap_or_default();
            let is_answer = matches!(mail::diagnose(mime.as_bytes()).kind, Kind::AutoReply | Kind::NotABounce);
            Some(if is_answer { Logfile::Responses } else { Logfile::Bounces })
        }
    }
}

/// An event as SMTPeter's calls name it, and its columns with their values.
pub(in crate::api) fn named(record: &EventRecord) -> Option<(Logfile, Vec<String>)> {
    let event = payload::read_event(&record.body).ok()?;
    let logfile = logfile_of(record.event_type, &event)?;
    Some((logfile, values(logfile, &event)))
}

/// The values of an event's columns, if it stands in this logfile.
pub(super) fn row(logfile: Logfile, record: &EventRecord) -> Option<Vec<String>> {
    named(record).filter(|(own, _)| *own == logfile).map(|(_, values)| values)
}

fn values(logfile: Logfile, event: &Event) -> Vec<String> {
    logfile.columns().iter().map(|column| value(logfile, column, event)).collect()
}

fn value(logfile: Logfile, column: &str, event: &Event) -> String {
    let text = |name: &str| event.text(name).unwrap_or_default().to_owned();
    match column {
        "time" => time(event),
        "tags" => event.tags().join(";"),
        "templateid" => "0".into(),
        // What the visitor's browser said, as far as it is known.
        "headers" => headers(event),
        "destination" => text("original"),
        "status" => text("extended"),
        "type" if logfile == Logfile::Failures => text("action"),
        "id" | "recipient" | "envelope" | "mime" | "ip" | "code" | "description" | "state" => text(column),
        // What is not known: the place of a visitor, the hosts and the number of an attempt, …
        _ => String::new(),
    }
}

/// `YYYY-MM-DD hh:mm:ss`.
fn time(event: &Event) -> String {
    if let Some(timestamp) = event.text("timestamp") {
        return timestamp.to_owned();
    }
    let at = event.time().map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000)).to_string());
    at.map(|text| text.replace('T', " ").chars().take(19).collect()).unwrap_or_default()
}

fn headers(event: &Event) -> String {
    let fields = [("User-Agent", "useragent"), ("Referer", "referer")];
    let known = fields.iter().filter_map(|(field, name)| Some(format!("{field}: {}", event.text(name)?)));
    known.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        assert_eq!(read_date("2026-01-31"), Some(1_769_817_600_000));
        assert_eq!(date(1_769_817_600_000 + DAY - 1), "2026-01-31");
        for wrong in ["", "2026-02-30", "2026-1-31", "yesterday!", "20260131--", "2026-01-31T00:00:00Z"] {
            assert_eq!(read_date(wrong), None, "{wrong}");
        }
    }
}
