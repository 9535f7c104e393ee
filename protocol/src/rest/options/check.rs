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

type Checked = Result<(), InvalidOption>;

fn invalid(place: impl Into<String>, code: &'static str, detail: impl Into<String>) -> InvalidOption {
    InvalidOption { place: place.into(), code, detail: detail.into() }
}

fn within(place: &str, value: u32, from: u32, to: u32) -> Checked {
    if (from..=to).contains(&value) {
        return Ok(());
    }
    let [value, from, to] = [value, from, to].map(|number| grouped(number.into(), ','));
    Err(invalid(place, "out-of-range", format!("{value} is out of range: give a number from {from} to {to}")))
}

fn at_most(place: &str, number: usize, most: usize) -> Checked {
    if number <= most {
        return Ok(());
    }
    Err(invalid(place, "too-many", format!("{number} are more than the {most} that there can be")))
}

impl WebhookOptions {
    /// Whether these settings can be, with bodies in `format`.
    ///
    /// # Errors
    /// The first setting that cannot, and why.
    pub fn check(&self, format: BodyFormat) -> Result<(), InvalidOption> {
        if let Some(retries) = &self.retries {
            at_most("retries", retries.len(), limits::RETRIES)?;
            for (at, delay) in retries.iter().enumerate() {
                within(&format!("retries[{at}]"), *delay, 0, limits::RETRY_DELAY)?;
            }
        }
        self.rate.map_or(Ok(()), RateLimit::check)?;
        self.concurrency.map_or(Ok(()), |number| within("concurrency", number, 1, limits::CONCURRENCY))?;
        self.batch.map_or(Ok(()), |batch| batch.check(format))?;
        check_headers(&self.headers)?;
        self.filter.check()?;
        self.privacy.check()
    }
}

impl RateLimit {
    fn check(self) -> Checked {
        within("rate.per_second", self.per_second, 1, limits::RATE)?;
        within("rate.burst", self.burst(), 1, limits::RATE)
    }
}

impl Batching {
    fn check(self, format: BodyFormat) -> Checked {
        within("batch.max_events", self.max_events, 2, limits::BATCH_EVENTS)?;
        within("batch.max_ms", self.max_ms, 1, limits::BATCH_MS)?;
        if format == BodyFormat::Form {
            return Err(invalid("batch", "contradiction", "a form holds one event: batches are JSON only"));
        }
        Ok(())
    }
}

fn check_headers(headers: &[HeaderField]) -> Checked {
    at_most("headers", headers.len(), limits::HEADERS)?;
    for (at, (name, value)) in headers.iter().enumerate() {
        let place = format!("headers[{at}]");
        if name.is_empty() || !name.bytes().all(is_token) {
            let detail = format!("{name:?} is no name of a header field: letters, digits and - only");
            return Err(invalid(place, "invalid-name", detail));
        }
        if name.len() > limits::HEADER || value.len() > limits::HEADER {
            return Err(invalid(place, "too-long", format!("a name or a value is at most {} bytes", limits::HEADER)));
        }
        if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
            return Err(invalid(place, "reserved", format!("{name} is set by the server itself")));
        }
        if !value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) || value.trim() != value {
            let detail =
                format!("the value of {name} holds what cannot be sent: printable ASCII only, no space around it");
            return Err(invalid(place, "invalid-value", detail));
        }
        if headers[..at].iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            return Err(invalid(place, "duplicate", format!("{name} is there twice")));
        }
    }
    Ok(())
}

/// RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl Filter {
    /// Whether it can be.
    ///
    /// # Errors
    /// What of it cannot, and why.
    pub fn check(&self) -> Result<(), InvalidOption> {
        let tags = &self.tags;
        for (place, list) in [("any", &tags.any), ("all", &tags.all), ("none", &tags.none)] {
            check_list(&format!("filter.tags.{place}"), list)?;
        }
        let both = tags.any.iter().chain(&tags.all).find(|tag| tags.none.contains(tag));
        if let Some(tag) = both
            && (tags.all.contains(tag) || tags.any.len() == 1)
        {
            let detail = format!("{tag:?} is both asked for and refused: nothing would pass");
            return Err(invalid("filter.tags", "contradiction", detail));
        }
        self.recipient_domains.check()
    }
}

impl DomainFilter {
    fn check(&self) -> Checked {
        for (place, list) in [("include", &self.include), ("exclude", &self.exclude)] {
            let place = format!("filter.recipient_domains.{place}");
            check_list(&place, list)?;
            for (at, domain) in list.iter().enumerate() {
                if domain.contains(['@', '*', '/', ' ', ':']) || domain.starts_with('.') {
                    let detail =
                        format!("{domain:?} is no domain; write example.com, which stands for its subdomains too");
                    return Err(invalid(format!("{place}[{at}]"), "invalid-value", detail));
                }
            }
        }
        Ok(())
    }
}

fn check_list(place: &str, list: &[String]) -> Checked {
    at_most(place, list.len(), limits::FILTER)?;
    for (at, item) in list.iter().enumerate() {
        if item.is_empty() {
            return Err(invalid(format!("{place}[{at}]"), "empty", "it is empty"));
        }
        if item.len() > limits::FILTER_ITEM {
            let detail = format!("it is longer than {} bytes", limits::FILTER_ITEM);
            return Err(invalid(format!("{place}[{at}]"), "too-long", detail));
        }
    }
    Ok(())
}

impl Privacy {
    /// Whether it can be.
    ///
    /// # Errors
    /// What of it cannot, and why.
    pub fn check(&self) -> Result<(), InvalidOption> {
        if let Some(key) = &self.recipient_key {
            if self.recipient != RecipientPrivacy::Hashed {
                let detail = "a key is of use only where recipients are hashed";
                return Err(invalid("privacy.recipient_key", "contradiction", detail));
            }
            if !limits::KEY.contains(&key.len()) {
                let detail = format!("a key has {} to {} bytes", limits::KEY.start(), limits::KEY.end());
                return Err(invalid("privacy.recipient_key", "out-of-range", detail));
            }
        }
        match self.mime {
            MimePrivacy::Cut(bytes) => within("privacy.mime.cut", bytes, 1, limits::MIME),
            MimePrivacy::AsIs | MimePrivacy::Omit => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, format: BodyFormat) -> Option<String> {
        serde_json::from_str::<WebhookOptions>(text).unwrap().check(format).err().map(|error| error.place)
    }

    #[test]
    fn a_range_is_told_in_full() {
        let error = within("rate.per_second", 0, 1, 10_000).unwrap_err();
        assert_eq!(error.to_string(), "rate.per_second: 0 is out of range: give a number from 1 to 10,000");
        assert_eq!(within("rate.per_second", 10_000, 1, 10_000), Ok(()));
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
            assert_eq!(place(text, BodyFormat::Json).as_deref(), Some(expected), "{text}");
        }
        let batch = r#"{"batch":{"max_events":2,"max_ms":1}}"#;
        assert_eq!(place(batch, BodyFormat::Json), None);
        assert_eq!(place(batch, BodyFormat::Form).as_deref(), Some("batch"));
        let full = r#"{"retries":[],"rate":{"per_second":1},"concurrency":1,"headers":[["X-A",""]],"filter":{"tags":{"any":["a","b"],"none":["b"]}}}"#;
        assert_eq!(place(full, BodyFormat::Json), None);
    }
}
