//! Mails that came back: no panic, evidence within the mail, and the same diagnosis whatever ends the lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seinpost_protocol::mail::{Language, diagnose};

fuzz_target!(|mail: &[u8]| {
    let diagnosis = diagnose(mail);
    for recipient in &diagnosis.recipients {
        let range = &recipient.evidence.range;
        assert!(range.start <= range.end && range.end <= mail.len());
    }
    assert!(!diagnosis.to_json(Language::Dutch).is_empty());
    // Where all lines end with LF, CRLF says the same.
    if !mail.contains(&b'\r') {
        let other = mail.split(|&byte| byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]);
        let other = diagnose(&other);
        assert_eq!(other.kind, diagnosis.kind);
        assert_eq!(other.recipients.len(), diagnosis.recipients.len());
    }
});
