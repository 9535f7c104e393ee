//! Whether settings can be: each in its bounds, and together.

use std::fmt;

use super::{Batching, DomainFilter, Filter, MimePrivacy, Privacy, RateLimit, RecipientPrivacy, WebhookOptions};
use crate::rest::{BodyFormat, HeaderField, grouped};

/// The bounds of settings.
pub mod limits {
    /// Retries of one schedule.
    pub const RETRIES: usize = 30;
    /// One delay of a schedule, in seconds: seven days.
    pub const RETRY_DELAY: u32 = 7 * 24 * 60 * 60;
    /// Calls a second, and calls at once.
    pub const RATE: u32 = 10_000;
    /// Calls at a time.
    pub const CONCURRENCY: u32 = 256;
    /// Events in a call.
    pub const BATCH_EVENTS: u32 = 1000;
    /// How long the first event of a call waits for others, in milliseconds: a minute.
    pub const BATCH_MS: u32 = 60_000;
    /// Header fields of one's own.
    pub const HEADERS: usize = 20;
    /// A name or a value of a header field, in bytes.
    pub const HEADER: usize = 1024;
    /// Tags or domains in one list.
    pub const FILTER: usize = 100;
    /// A tag or a domain, in bytes.
    pub const FILTER_ITEM: usize = 255;
    /// The key for hashing recipients, in bytes.
    pub const KEY: std::ops::RangeInclusive<usize> = 16..=256;
    /// What can be kept of a mail, in bytes.
    pub const MIME: u32 = 1024 * 1024;
}

/// Names that are the server's to set: how the call is framed, and what is signed or proves it.
const RESERVED: [&str; 26] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-digest",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "digest",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "signature",
    "signature-input",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
    "x-copernica-id",
    "x-nonce",
];

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOption {
    /// Where: `rate.per_second`, `headers[2]`.
    pub place: String,
    /// What, for programs: `out-of-range`, `too-many`, `too-long`, `empty`, `reserved`, `invalid-name`, `invalid-value`, `duplicate`, `contradiction`.
    pub code: &'static str,
    /// What, for people.
    pub detail: String,
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.detail)
    }
}

impl std::error::Error for InvalidOption {}

/// What is found, in the order of the settings.
#[derive(Default)]
struct Faults(Vec<InvalidOption>);

impl Faults {
    /// What a check finds.
    fn of(check: impl FnOnce(&mut Self)) -> Vec<InvalidOption> {
        let mut faults = Self::default();
        check(&mut faults);
        faults.0
    }

    fn add(&mut self, place: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.0.push(InvalidOption { place: place.into(), code, detail: detail.into() });
    }

    fn within(&mut self, place: &str, value: u32, from: u32, to: u32) {
        if !(from..=to).contains(&value) {
            let [value, from, to] = [value, from, to].map(|number| grouped(number.into(), ','));
            self.add(place, "out-of-range", format!("{value} is out of range: give a number from {from} to {to}"));
        }
    }

    /// Whether there are not too many; then each can be looked at.
    fn at_most(&mut self, place: &str, number: usize, most: usize) -> bool {
        let is_so = number <= most;
        if !is_so {
            self.add(place, "too-many", format!("{number} are more than the {most} that there can be"));
        }
        is_so
    }
}

impl WebhookOptions {
    /// All that cannot be so, in the order of the settings; nothing if they can be, with events sent in this `format`.
    #[must_use]
    pub fn faults(&self, format: BodyFormat) -> Vec<InvalidOption> {
        Faults::of(|faults| self.check(format, faults))
    }

    fn check(&self, format: BodyFormat, faults: &mut Faults) {
        if let Some(retries) = &self.retries
            && faults.at_most("retries", retries.len(), limits::RETRIES)
        {
            for (at, delay) in retries.iter().enumerate() {
                faults.within(&format!("retries[{at}]"), *delay, 0, limits::RETRY_DELAY);
            }
        }
        if let Some(rate) = self.rate {
            rate.check(faults);
        }
        if let Some(number) = self.concurrency {
            faults.within("concurrency", number, 1, limits::CONCURRENCY);
        }
        if let Some(batch) = self.batch {
            batch.check(format, faults);
        }
        check_headers(&self.headers, faults);
        self.filter.check(faults);
        self.privacy.check(faults);
    }
}

impl RateLimit {
    fn check(self, faults: &mut Faults) {
        faults.within("rate.per_second", self.per_second, 1, limits::RATE);
        // Where it is not given it follows from the other.
        if self.burst.is_some() {
            faults.within("rate.burst", self.burst(), 1, limits::RATE);
        }
    }
}

impl Batching {
    fn check(self, format: BodyFormat, faults: &mut Faults) {
        faults.within("batch.max_events", self.max_events, 2, limits::BATCH_EVENTS);
        faults.within("batch.max_ms", self.max_ms, 1, limits::BATCH_MS);
        if format == BodyFormat::Form {
            faults.add("batch", "contradiction", "a form holds one event: batches are JSON only");
        }
    }
}

fn check_headers(headers: &[HeaderField], faults: &mut Faults) {
    if !faults.at_most("headers", headers.len(), limits::HEADERS) {
        return;
    }
    for (at, (name, value)) in headers.iter().enumerate() {
        let (code, detail) = if name.is_empty() || !name.bytes().all(is_token) {
            ("invalid-name", format!("{name:?} is no name of a header field: letters, digits and - only"))
        } else if name.len() > limits::HEADER || value.len() > limits::HEADER {
            ("too-long", format!("a name or a value is at most {} bytes", limits::HEADER))
        } else if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
            ("reserved", format!("{name} is set by the server itself"))
        } else if !value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) || value.trim() != value {
            let detail =
                format!("the value of {name} holds what cannot be sent: printable ASCII only, no space around it");
            ("invalid-value", detail)
        } else if headers[..at].iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            ("duplicate", format!("{name} is there twice"))
        } else {
            continue;
        };
        faults.add(format!("headers[{at}]"), code, detail);
    }
}

/// RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl Filter {
    /// All of it that cannot be so.
    #[must_use]
    pub fn faults(&self) -> Vec<InvalidOption> {
        Faults::of(|faults| self.check(faults))
    }

    fn check(&self, faults: &mut Faults) {
        let tags = &self.tags;
        for (place, list) in [("any", &tags.any), ("all", &tags.all), ("none", &tags.none)] {
            check_list(&format!("filter.tags.{place}"), list, faults);
        }
        let both = tags.any.iter().chain(&tags.all).find(|tag| tags.none.contains(tag));
        if let Some(tag) = both
            && (tags.all.contains(tag) || tags.any.len() == 1)
        {
            let detail = format!("{tag:?} is both asked for and refused: nothing would pass");
            faults.add("filter.tags", "contradiction", detail);
        }
        self.recipient_domains.check(faults);
    }
}

impl DomainFilter {
    fn check(&self, faults: &mut Faults) {
        for (place, list) in [("include", &self.include), ("exclude", &self.exclude)] {
            let place = format!("filter.recipient_domains.{place}");
            if !check_list(&place, list, faults) {
                continue;
            }
            for (at, domain) in list.iter().enumerate() {
                if domain.contains(['@', '*', '/', ' ', ':']) || domain.starts_with('.') {
                    let detail =
                        format!("{domain:?} is no domain; write example.com, which stands for its subdomains too");
                    faults.add(format!("{place}[{at}]"), "invalid-value", detail);
                }
            }
        }
    }
}

/// Whether there are not too many of them.
fn check_list(place: &str, list: &[String], faults: &mut Faults) -> bool {
    if !faults.at_most(place, list.len(), limits::FILTER) {
        return false;
    }
    for (at, item) in list.iter().enumerate() {
        if item.is_empty() {
            faults.add(format!("{place}[{at}]"), "empty", "it is empty");
        } else if item.len() > limits::FILTER_ITEM {
            let detail = format!("it is longer than {} bytes", limits::FILTER_ITEM);
            faults.add(format!("{place}[{at}]"), "too-long", detail);
        }
    }
    true
}

impl Privacy {
    /// All of it that cannot be so.
    #[must_use]
    pub fn faults(&self) -> Vec<InvalidOption> {
        Faults::of(|faults| self.check(faults))
    }

    fn check(&self, faults: &mut Faults) {
        if let Some(key) = &self.recipient_key {
            if self.recipient != RecipientPrivacy::Hashed {
                let detail = "a key is of use only where recipients are hashed";
                faults.add("privacy.recipient_key", "contradiction", detail);
            } else if !limits::KEY.contains(&key.len()) {
                let detail = format!("a key has {} to {} bytes", limits::KEY.start(), limits::KEY.end());
                faults.add("privacy.recipient_key", "out-of-range", detail);
            }
        }
        match self.mime {
            MimePrivacy::Cut(bytes) => faults.within("privacy.mime.cut", bytes, 1, limits::MIME),
            MimePrivacy::AsIs | MimePrivacy::Omit => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str, format: BodyFormat) -> Vec<InvalidOption> {
        serde_json::from_str::<WebhookOptions>(text).unwrap().faults(format)
    }

    fn places(text: &str, format: BodyFormat) -> Vec<String> {
        faults(text, format).into_iter().map(|fault| fault.place).collect()
    }

    #[test]
    fn a_range_is_told_in_full() {
        let faults = faults(r#"{"rate":{"per_second":0}}"#, BodyFormat::Json);
        assert_eq!(
            faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["rate.per_second: 0 is out of range: give a number from 1 to 10,000"]
        );
        assert_eq!(places(r#"{"rate":{"per_second":10000}}"#, BodyFormat::Json), [""; 0]);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let text = r#"{"retries":[604801,5,604802],"rate":{"per_second":10001,"burst":0},"concurrency":0,
            "batch":{"max_events":1,"max_ms":0},"headers":[["X A","1"],["Date","2"],["X-B","3"]],
            "filter":{"tags":{"any":[""]},"recipient_domains":{"include":["a b"],"exclude":["b@c"]}},
            "privacy":{"recipient_key":"0123456789abcdef","mime":{"cut":0}}}"#;
        assert_eq!(
            places(text, BodyFormat::Form),
            [
                "retries[0]",
                "retries[2]",
                "rate.per_second",
                "rate.burst",
                "concurrency",
                "batch.max_events",
                "batch.max_ms",
                "batch",
                "headers[0]",
                "headers[1]",
                "filter.tags.any[0]",
                "filter.recipient_domains.include[0]",
                "filter.recipient_domains.exclude[0]",
                "privacy.recipient_key",
                "privacy.mime.cut",
            ]
        );
        // Of a list that is too long nothing else is told: it may be very long.
        let long = format!(r#"{{"retries":[{}9999999]}}"#, "9999999,".repeat(1000));
        assert_eq!(places(&long, BodyFormat::Json), ["retries"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, expected) in [
            (r#"{"retries":[5,604801]}"#, "retries[1]"),
            (r#"{"rate":{"per_second":0}}"#, "rate.per_second"),
            (r#"{"rate":{"per_second":5,"burst":0}}"#, "rate.burst"),
            (r#"{"concurrency":257}"#, "concurrency"),
            (r#"{"batch":{"max_events":1,"max_ms":5}}"#, "batch.max_events"),
            (r#"{"batch":{"max_events":2,"max_ms":60001}}"#, "batch.max_ms"),
            (r#"{"headers":[["X-A","1"],["x-a","2"]]}"#, "headers[1]"),
            (r#"{"headers":[["DIGEST","1"]]}"#, "headers[0]"),
            (r#"{"headers":[["X A","1"]]}"#, "headers[0]"),
            (r#"{"headers":[["X-A","a\r\nX-B: c"]]}"#, "headers[0]"),
            (r#"{"filter":{"tags":{"any":["a",""]}}}"#, "filter.tags.any[1]"),
            (r#"{"filter":{"tags":{"all":["a"],"none":["a"]}}}"#, "filter.tags"),
            (
                r#"{"filter":{"recipient_domains":{"exclude":["*.example.com"]}}}"#,
                "filter.recipient_domains.exclude[0]",
            ),
            (r#"{"privacy":{"recipient":"hashed","recipient_key":"short"}}"#, "privacy.recipient_key"),
            (r#"{"privacy":{"recipient_key":"0123456789abcdef"}}"#, "privacy.recipient_key"),
            (r#"{"privacy":{"mime":{"cut":0}}}"#, "privacy.mime.cut"),
        ] {
            assert_eq!(places(text, BodyFormat::Json), [expected], "{text}");
        }
        let batch = r#"{"batch":{"max_events":2,"max_ms":1}}"#;
        assert_eq!(places(batch, BodyFormat::Json), [""; 0]);
        assert_eq!(places(batch, BodyFormat::Form), ["batch"]);
        let full = r#"{"retries":[],"rate":{"per_second":1},"concurrency":1,"headers":[["X-A",""]],"filter":{"tags":{"any":["a","b"],"none":["b"]}}}"#;
        assert_eq!(places(full, BodyFormat::Json), [""; 0]);
    }
}
