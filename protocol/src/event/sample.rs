//! Sample events, for the test tool and for documentation.

use std::fmt::Write as _;

use super::{Event, EventType, Value};
use crate::payload::to_json_pretty;

/// A sample event of a type, as JSON a variable a line, that happened at `unix_seconds` (UTC).
#[must_use]
pub fn sample(event_type: EventType, unix_seconds: u64) -> String {
    let text = |value: &str| Value::String(value.into());
    let timestamp = timestamp(unix_seconds);
    let rest: Vec<(&str, Value)> = match event_type {
        EventType::Bounce => {
            vec![("envelope", text("bounce-7f3a19@mail.example.com")), ("mime", text(&bounce(unix_seconds)))]
        }
        EventType::Failure => vec![
            ("action", text("failed")),
            ("state", text("rcpt")),
            ("code", text("550")),
            ("extended", text("5.1.1")),
            ("description", text("The email account that you tried to reach does not exist")),
        ],
        EventType::Click => vec![
            ("ip", text("203.0.113.27")),
            ("original", text("https://shop.example.com/offer?item=41&size=m")),
            ("useragent", text("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")),
        ],
        EventType::Open => vec![
            ("ip", text("203.0.113.27")),
            ("useragent", text("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")),
        ],
        EventType::Delivery => vec![
            ("code", text("250")),
            ("extended", text("2.0.0")),
            ("description", text("Ok: queued as 4bGkX12Qz9z3x")),
        ],
        EventType::Abuse => vec![("emailfrom", text("reader@example.net")), ("mime", text(&complaint(unix_seconds)))],
        EventType::Profile => vec![
            ("action", text("update")),
            ("fields", Value::Object(vec![("firstname".into(), text("Zoë")), ("newsletter".into(), text("yes"))])),
        ],
    };
    let mut variables = vec![
        ("id".to_owned(), text("7f3a19c2e5")),
        ("type".to_owned(), text(event_type.as_str())),
        ("timestamp".to_owned(), text(&timestamp)),
        ("time".to_owned(), text(&unix_seconds.to_string())),
        ("recipient".to_owned(), text("reader@example.net")),
    ];
    variables.extend(rest.into_iter().map(|(name, value)| (name.to_owned(), value)));
    variables.push(("tags".to_owned(), Value::Array(vec![text("newsletter"), text("spring")])));
    to_json_pretty(&Event::new(variables))
}

/// `YYYY-MM-DD HH:MM:SS` in UTC.
fn timestamp(unix_seconds: u64) -> String {
    let (year, month, day) = civil(unix_seconds / 86_400);
    let (hour, minute, second) = (unix_seconds / 3600 % 24, unix_seconds / 60 % 60, unix_seconds % 60);
    let mut out = String::new();
    // Writing to a String cannot fail.
    _ = write!(out, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    out
}

/// The date of a day, counted from 1970-01-01 (H. Hinnant's days-from-civil, turned round).
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// A bounce as RFC 3464 writes it.
fn bounce(unix_seconds: u64) -> String {
    let lines = [
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>",
        "To: bounce-7f3a19@mail.example.com",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"",
        "",
        "--b1",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "This is the mail system at host mx.example.net.",
        "Your message could not be delivered to one recipient.",
        "",
        "<reader@example.net>: the mailbox is full",
        "",
        "--b1",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.net",
        &format!("X-Seinpost-Sample: {unix_seconds}"),
        "",
        "Final-Recipient: rfc822; reader@example.net",
        "Action: failed",
        "Status: 5.2.2",
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full",
        "",
        "--b1",
        "Content-Type: text/rfc822-headers",
        "",
        "From: news@example.com",
        "To: reader@example.net",
        "Subject: Spring has come",
        "Message-ID: <7f3a19c2e5@mail.example.com>",
        "",
        "--b1--",
        "",
    ];
    lines.join("\r\n")
}

/// A complaint as RFC 5965 writes it.
fn complaint(unix_seconds: u64) -> String {
    let lines = [
        "From: <complaints@example.net>",
        "To: abuse@example.com",
        "Subject: FW: Spring has come",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b1\"",
        "",
        "--b1",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "This is an email abuse report for a message received from 192.0.2.10.",
        "",
        "--b1",
        "Content-Type: message/feedback-report",
        "",
        "Feedback-Type: abuse",
        "User-Agent: Example-Feedback/1.0",
        "Version: 1",
        "Original-Rcpt-To: <reader@example.net>",
        "Source-IP: 192.0.2.10",
        &format!("X-Seinpost-Sample: {unix_seconds}"),
        "",
        "--b1",
        "Content-Type: message/rfc822",
        "",
        "From: news@example.com",
        "To: reader@example.net",
        "Subject: Spring has come",
        "Message-ID: <7f3a19c2e5@mail.example.com>",
        "",
        "Spring has come, and with it our offer.",
        "",
        "--b1--",
        "",
    ];
    lines.join("\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::read_event;

    #[test]
    fn every_sample_is_an_event_of_its_type() {
        for each in EventType::ALL {
            let event = read_event(sample(each, 1_764_075_912).as_bytes()).unwrap();
            assert_eq!(event.event_type(), Some(each));
            assert_eq!(event.time(), Some(1_764_075_912));
            assert_eq!(event.text("timestamp"), Some("2025-11-25 13:05:12"));
        }
    }

    #[test]
    fn dates_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_400, "2000-02-29 00:00:00"),
            (4_107_542_399, "2100-02-28 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"),
        ] {
            assert_eq!(timestamp(seconds), expected);
        }
    }
}
