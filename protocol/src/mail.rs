//! Why did this mail come back?
//!
//! [`diagnose`] takes the MIME of a mail that came back (a bounce, a complaint, an automatic reply, or something that is
//! none of these) and says what it means, for whom, and on what evidence. It reads delivery reports (RFC 3464, RFC
//! 6533), complaints (RFC 5965) and receipts (RFC 8098), and the notices in no standard form of the many systems that
//! send such.
//!
//! Data goes one way through it: bytes, a mail in parts ([`mime`]), text that knows its place ([`text`]), statements
//! ([`fields`], [`notice`]), a verdict on each by tables of rules ([`rules`], [`judge`]), and a [`Diagnosis`]. Nothing
//! is fetched, nothing panics, and time and memory are linear in the mail.
//!
//! ```
//! use seinpost_protocol::mail::{Kind, Reason, diagnose};
//!
//! let mail = b"From: MAILER-DAEMON@example.org\r\nSubject: failure notice\r\n\r\n\
//!     Hi. This is the qmail-send program. I wasn't able to deliver your message.\r\n\r\n\
//!     <joe@example.net>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n";
//! let diagnosis = diagnose(mail);
//! assert_eq!(diagnosis.kind, Kind::Hard);
//! assert_eq!(diagnosis.recipients[0].address, "joe@example.net");
//! assert_eq!(diagnosis.recipients[0].reason, Reason::NoSuchUser);
//! ```

mod address;
mod advice;
mod bounce;
mod charset;
mod complaint;
mod content;
mod fields;
mod header;
mod json;
mod judge;
mod mime;
mod model;
mod notice;
mod notification;
mod pattern;
mod reading;
mod reply;
mod rules;
mod smtp;
mod table;
mod text;
mod transfer;
mod words;

pub use advice::Language;
#[cfg(feature = "charsets")]
pub use charset::Standard;
pub use charset::{BuiltIn, Charsets};
pub use model::{Action, AutoReply, Diagnosis, Evidence, Feedback, Kind, Original, Reason, Recipient, Status};

/// Says what a mail that came back means.
///
/// Reads all of the world's character sets with the feature `charsets`, and the few that are built in without.
#[must_use]
pub fn diagnose(mime: &[u8]) -> Diagnosis {
    #[cfg(feature = "charsets")]
    return diagnose_with(mime, &Standard);
    #[cfg(not(feature = "charsets"))]
    diagnose_with(mime, &BuiltIn)
}

/// Says what a mail that came back means, with the caller's character sets.
#[must_use]
pub fn diagnose_with(mime: &[u8], charsets: &dyn Charsets) -> Diagnosis {
    let reading = reading::Reading::new(mime, 0, charsets);
    let diagnosis = reading.diagnose();
    if diagnosis.kind != Kind::NotABounce {
        return diagnosis;
    }
    // Somebody may have forwarded it as an attachment.
    match reading.forwarded().map(|part| reading::Reading::new(mime, part, charsets).diagnose()) {
        Some(inner) if !matches!(inner.kind, Kind::NotABounce | Kind::AutoReply | Kind::Unknown) => inner,
        _ => diagnosis,
    }
}
