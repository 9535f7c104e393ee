//! The events that are sent: 1 KiB of JSON each, with their number and the time of their sending in a fixed place.

use std::ops::Range;

use anyhow::{Result, ensure};
use bytes::Bytes;
use nix::time::{ClockId, clock_gettime};
use seinpost_protocol::event::EventType;

/// How long a body is, in bytes.
pub const LENGTH: usize = 1024;

/// Where the number stands: `{"id":"` comes before it.
const NUMBER: Range<usize> = 7..15;
/// Where the time of sending stands.
const SENT: Range<usize> = 16..35;

/// The time in nanoseconds on a clock that all processes of this machine share and that nobody sets.
#[must_use]
pub fn now_ns() -> u64 {
    let Ok(now) = clock_gettime(ClockId::CLOCK_MONOTONIC) else { return 0 };
    u64::try_from(now.tv_sec()).unwrap_or(0) * 1_000_000_000 + u64::try_from(now.tv_nsec()).unwrap_or(0)
}

/// Makes the bodies of one type of event.
#[derive(Clone, Debug)]
pub struct Template(Vec<u8>);

impl Template {
    /// # Errors
    /// For a type that is not among those that the benchmarks send.
    pub fn new(event_type: EventType) -> Result<Self> {
        let pad = "The recipient's server took the message and answered with a long and friendly text. ";
        let variables = match event_type {
            EventType::Delivery => r#""code":"250","extended":"2.0.0","description":"PAD""#,
            EventType::Open => r#""ip":"192.0.2.7","useragent":"PAD""#,
            other => anyhow::bail!("the benchmarks send no {} events", other.as_str()),
        };
        let text = format!(
            r#"{{"id":"00000000-0000000000000000000","type":"{}","time":"1764075912","timestamp":"2025-11-25 13:05:12","recipient":"someone@example.com",{variables},"tags":["bench","delivery"]}}"#,
            event_type.as_str()
        );
        let missing = LENGTH + "PAD".len() - text.len();
        let padding: String = pad.chars().cycle().take(missing).collect();
        let body = text.replacen("PAD", &padding, 1).into_bytes();
        ensure!(body.len() == LENGTH, "a body of {} bytes", body.len());
        Ok(Self(body))
    }

    /// The body with this number, sent at this time.
    #[must_use]
    pub fn body(&self, number: u64, sent_ns: u64) -> Bytes {
        let mut body = self.0.clone();
        write_digits(&mut body[NUMBER], number);
        write_digits(&mut body[SENT], sent_ns);
        body.into()
    }
}

fn write_digits(place: &mut [u8], mut value: u64) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}

/// The number and the time of sending of a body of the right length; `None` if it is none of ours.
#[must_use]
pub fn read(body: &[u8]) -> Option<(u64, u64)> {
    (body.len() == LENGTH && body.starts_with(br#"{"id":""#)).then_some(())?;
    Some((read_digits(&body[NUMBER])?, read_digits(&body[SENT])?))
}

fn read_digits(text: &[u8]) -> Option<u64> {
    text.iter().try_fold(0_u64, |value, digit| {
        digit.is_ascii_digit().then(|| value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_is_an_event() {
        for event_type in [EventType::Delivery, EventType::Open] {
            let body = Template::new(event_type).expect("a type we send").body(1234, 567_890_123);
            assert_eq!(body.len(), LENGTH);
            assert_eq!(read(&body), Some((1234, 567_890_123)));
            let event = seinpost_protocol::payload::read_event(&body).expect("an event");
            assert_eq!(event.event_type(), Some(event_type));
        }
        assert_eq!(read(b"{}"), None);
    }
}
