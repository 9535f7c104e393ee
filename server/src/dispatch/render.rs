//! The body that a webhook gets of an event: as it came, as a form, with its diagnosis, and without what it is not to hold.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use aws_lc_rs::hmac;
use bytes::Bytes;
use seinpost_protocol::{
    event::{Event, Value},
    mail::{Language, Standard, diagnose_with},
    payload,
    rest::{BodyFormat, IpPrivacy, MimePrivacy, Privacy, RecipientPrivacy},
};

use crate::store::{EventKind, Payload, Rendering};

/// How many times over an address is looked for percent-encoded: links of links are encoded anew each time.
const DEPTH: usize = 4;

/// The content type of a format.
#[must_use]
pub fn content_type(format: BodyFormat) -> &'static str {
    match format {
        BodyFormat::Json => "application/json",
        BodyFormat::Form => "application/x-www-form-urlencoded",
    }
}

/// The body of an event, made once for all webhooks that get it so.
pub(super) fn once(payload: &Payload, rendering: &Arc<Rendering>) -> Result<Bytes, String> {
    if rendering.is_plain() {
        return Ok(payload.body.clone());
    }
    payload.rendered(rendering, || body(payload.event_type, &payload.body, rendering))
}

/// The body of an event whose JSON text is `json`. The same text and the same rendering give the same body.
///
/// # Errors
/// When the text is no event, in words.
pub fn body(kind: EventKind, json: &[u8], rendering: &Rendering) -> Result<Vec<u8>, String> {
    if rendering.is_plain() {
        return Ok(json.to_vec());
    }
    match kind {
        EventKind::WebhookDisabled => match rendering.format {
            BodyFormat::Json => Ok(json.to_vec()),
            BodyFormat::Form => flat_form(json),
        },
        EventKind::Mail(_) => {
            // It was checked when it came in.
            let event = payload::read_event(json).map_err(|error| error.to_string())?;
            // The whole mail is diagnosed, also where it is cut or left out; what is hidden is hidden in what it says, too.
            let event = if rendering.diagnosis { diagnosed(event) } else { event };
            let event = private(event, &rendering.privacy);
            Ok(match rendering.format {
                BodyFormat::Json => payload::to_json(&event).into_bytes(),
                BodyFormat::Form => payload::to_form(&event),
            })
        }
    }
}

/// An object of texts as a form.
fn flat_form(json: &[u8]) -> Result<Vec<u8>, String> {
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(json).map_err(|error| error.to_string())?;
    let fields = fields.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
    Ok(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes())
}

/// The event with what its mail means as one more variable, `diagnosis`, where it has one.
fn diagnosed(event: Event) -> Event {
    let Some(Value::String(mime)) = event.get("mime") else { return event };
    let diagnosis = diagnose_with(mime.as_bytes(), &Standard).to_value(Language::English);
    event.with("diagnosis", diagnosis)
}

/// The event without what it is not to hold.
fn private(event: Event, privacy: &Privacy) -> Event {
    if privacy.is_open() {
        return event;
    }
    let hidden = match privacy.recipient {
        RecipientPrivacy::AsIs => None,
        RecipientPrivacy::Hashed => event.recipient().map(|address| Hidden::new(address, privacy)),
    };
    event.map(|name, value| {
        let value = match &hidden {
            Some(hidden) => hidden.in_value(value),
            None => value,
        };
        match (name, value) {
            ("mime", value) => cut(value, privacy.mime),
            // Who reported a mail is who got it, under whatever address.
            ("emailfrom", _) if privacy.recipient == RecipientPrivacy::Hashed => None,
            ("ip", Value::String(text)) => match privacy.ip {
                IpPrivacy::AsIs => Some(Value::String(text)),
                // What is no address is not sent: nobody knows whose it is.
                IpPrivacy::Truncated => text.parse().ok().map(|ip| Value::String(truncated(ip).to_string())),
            },
            (_, value) => Some(value),
        }
    })
}

fn cut(value: Value, privacy: MimePrivacy) -> Option<Value> {
    match (privacy, value) {
        (MimePrivacy::AsIs, value) => Some(value),
        (MimePrivacy::Omit, _) => None,
        (MimePrivacy::Cut(bytes), Value::String(mut text)) => {
            let most = usize::try_from(bytes).unwrap_or(usize::MAX);
            text.truncate(text.floor_char_boundary(most));
            Some(Value::String(text))
        }
        (MimePrivacy::Cut(_), value) => Some(value),
    }
}

/// The first 24 bits of IPv4, the first 48 of IPv6.
fn truncated(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => IpAddr::V4(Ipv4Addr::from_bits(ip.to_bits() & 0xffff_ff00)),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => truncated(IpAddr::V4(ip)),
            None => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !(u128::MAX >> 48))),
        },
    }
}

/// An address, and what stands in its place.
struct Hidden {
    /// As it is, and as it stands in an envelope address (`bounce-joe=example.com@…`).
    forms: [String; 2],
    hash: String,
}

impl Hidden {
    fn new(address: &str, privacy: &Privacy) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, privacy.recipient_key.as_deref().unwrap_or_default().as_bytes());
        let tag = hmac::sign(&key, address.to_lowercase().as_bytes());
        let hash = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { forms: [address.to_owned(), address.replacen('@', "=", 1)], hash }
    }

    fn in_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.in_text(text)),
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.in_value(item)).collect()),
            Value::Object(fields) => {
                Value::Object(fields.into_iter().map(|(name, value)| (name, self.in_value(value))).collect())
            }
            other => other,
        }
    }

    fn in_text(&self, text: String) -> String {
        self.forms.iter().filter(|form| !form.is_empty()).fold(text, |text, form| self.replace(text, form))
    }

    /// Puts the hash in the place of `form`, whatever its capitals and wherever it is percent-encoded, where no longer
    /// address holds it.
    fn replace(&self, text: String, form: &str) -> String {
        let bytes = text.as_bytes();
        let (mut out, mut copied, mut at) = (String::new(), 0, 0_usize);
        while at < bytes.len() {
            match end_of(bytes, at, form.as_bytes()) {
                Some(end) if begins(bytes, at, end - at > form.len()) && ends(bytes, end) => {
                    // Both ends are those of a text that was found: character boundaries.
                    out.push_str(&text[copied..at]);
                    out.push_str(&self.hash);
                    (copied, at) = (end, end);
                }
                _ => at += 1,
            }
        }
        if copied == 0 {
            return text;
        }
        out.push_str(&text[copied..]);
        out
    }
}

/// Where `form` ends that stands at `at`, if it does.
fn end_of(text: &[u8], at: usize, form: &[u8]) -> Option<usize> {
    if text[at..].get(..form.len()).is_some_and(|text| text.eq_ignore_ascii_case(form)) {
        return Some(at + form.len());
    }
    form.iter().try_fold(at, |at, byte| match text.get(at)? {
        b'%' => end_of_encoded(text, at + 1, *byte),
        literal => literal.eq_ignore_ascii_case(byte).then_some(at + 1),
    })
}

/// Where a byte ends that is percent-encoded with the digits at `at`. A URL within a URL is encoded once more: its `%` reads
/// `%25`.
fn end_of_encoded(text: &[u8], at: usize, byte: u8) -> Option<usize> {
    for digits in (at..).step_by(2).take(DEPTH) {
        let decoded = hex(text.get(digits..digits + 2)?)?;
        if decoded.eq_ignore_ascii_case(&byte) {
            return Some(digits + 2);
        }
        if decoded != b'%' {
            break;
        }
    }
    None
}

/// Whether an address can begin at `at`.
fn begins(text: &[u8], at: usize, is_encoded: bool) -> bool {
    let Some(last) = at.checked_sub(1).map(|last| text[last]) else { return true };
    // In what is percent-encoded, a space reads `+`.
    let before = encoded_before(text, at).or((is_encoded && last == b'+').then_some(b' ')).unwrap_or(last);
    !(before.is_ascii_alphanumeric() || b"._%+".contains(&before))
}

fn ends(text: &[u8], end: usize) -> bool {
    text.get(end).is_none_or(|next| !(next.is_ascii_alphanumeric() || *next == b'-'))
}

/// The byte that stands before `at`, percent-encoded once or more.
fn encoded_before(text: &[u8], at: usize) -> Option<u8> {
    let mut digits = at.checked_sub(2)?;
    let byte = hex(&text[digits..at])?;
    for _ in 1..DEPTH {
        if text[..digits].ends_with(b"25") {
            digits -= 2;
        }
    }
    text[..digits].ends_with(b"%").then_some(byte)
}

/// The byte that two hexadecimal digits stand for.
fn hex(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::event::EventType;

    use super::*;

    fn rendered(json: &str, rendering: &str) -> String {
        let rendering: Rendering = serde_json::from_str(rendering).unwrap();
        let kind = EventKind::Mail(EventType::Bounce);
        String::from_utf8(body(kind, json.as_bytes(), &rendering).unwrap()).unwrap()
    }

    #[test]
    fn what_is_hidden_is_nowhere() {
        let json = r#"{"id":"m","type":"bounce","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"Joe@Example.com","envelope":"bounce-joe=example.com@mail.example","mime":"To: <joe@example.com>\r\n\r\nNot joe@example.community.","tags":["joe@example.com","b"],"n":12345678901234567890}"#;
        let private = rendered(
            json,
            r#"{"format":"json","privacy":{"recipient":"hashed","recipient_key":"0123456789abcdef","mime":{"cut":2000}}}"#,
        );
        // printf %s joe@example.com | openssl dgst -sha256 -hmac 0123456789abcdef
        let hash = {
            let key = hmac::Key::new(hmac::HMAC_SHA256, b"0123456789abcdef");
            hmac::sign(&key, b"joe@example.com").as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        assert!(!private.to_lowercase().contains("joe@example.com\""), "{private}");
        assert!(private.contains(&format!(r#""recipient":"{hash}""#)));
        assert!(private.contains(&format!(r#""envelope":"bounce-{hash}@mail.example""#)), "{private}");
        assert!(private.contains(&format!("To: <{hash}>")));
        assert!(private.contains("joe@example.community"));
        assert!(private.contains(r#""n":12345678901234567890"#));
    }

    #[test]
    fn what_is_hidden_is_not_in_urls_either() {
        let privacy = Privacy { recipient_key: Some("k".into()), ..Privacy::default() };
        let hidden = Hidden::new("Joe+a@Example.com", &privacy);
        for (text, expected) in [
            ("https://x.example/?email=joe%2Ba%40example.com&b", "https://x.example/?email=*&b"),
            ("https://x.example/?email=JOE%2ba%40EXAMPLE.com", "https://x.example/?email=*"),
            ("https://x.example/?email=joe+a%40example%2Ecom", "https://x.example/?email=*"),
            ("/?u=https%3A%2F%2Fy%2F%3Fe%3Djoe%252Ba%2540example.com%26c", "/?u=https%3A%2F%2Fy%2F%3Fe%3D*%26c"),
            ("%6Aoe%2Ba%40example.com", "*"),
            ("to+joe%2Ba%40example.com", "to+*"),
            ("bounce-joe%2Ba%3Dexample.com%40mail", "bounce-*%40mail"),
            ("é joe+a@example.com é", "é * é"),
            // Others' addresses, and what only looks encoded.
            ("dear.joe%2Ba%40example.com", "dear.joe%2Ba%40example.com"),
            ("%2Bjoe%2Ba%40example.com", "%2Bjoe%2Ba%40example.com"),
            ("x+joe+a@example.com", "x+joe+a@example.com"),
            ("joe%2Ba%40example.community", "joe%2Ba%40example.community"),
            ("joe%2ba%4", "joe%2ba%4"),
            ("joe%+Ba%25", "joe%+Ba%25"),
            ("joe%é%40", "joe%é%40"),
        ] {
            assert_eq!(hidden.in_text(text.into()), expected.replace('*', &hidden.hash), "{text}");
        }
        let hidden = Hidden::new("joe%relay@example.com", &privacy);
        for text in ["joe%relay@example.com", "joe%25relay%40example.com"] {
            assert_eq!(hidden.in_text(text.into()), hidden.hash, "{text}");
        }
        // Each character of another alphabet as the bytes that it has.
        let hidden = Hidden::new("jörg@example.com", &privacy);
        assert_eq!(
            hidden.in_text("e=j%C3%b6rg%40example.com;jörg@example.com".into()),
            format!("e={0};{0}", hidden.hash)
        );
    }

    #[test]
    fn who_reported_a_mail_is_not_told_where_recipients_are_hashed() {
        let json = r#"{"id":"m","type":"abuse","emailfrom":"joe@elsewhere.example","mime":"x","recipient":"joe@example.com","tags":[]}"#;
        let hashed = r#"{"format":"json","privacy":{"recipient":"hashed","recipient_key":"0123456789abcdef"}}"#;
        let rendering: Rendering = serde_json::from_str(hashed).unwrap();
        let body = body(EventKind::Mail(EventType::Abuse), json.as_bytes(), &rendering).unwrap();
        assert!(!String::from_utf8(body).unwrap().contains("elsewhere"));
        assert!(rendered(json, r#"{"format":"json","privacy":{"ip":"truncated"}}"#).contains("elsewhere"));
    }

    #[test]
    fn mails_are_cut_between_characters_or_left_out() {
        let json = r#"{"id":"m","type":"bounce","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"a@b.example","envelope":"","mime":"aé€z","tags":[]}"#;
        for (cut, expected) in [(1, "a"), (2, "a"), (3, "aé"), (5, "aé"), (6, "aé€"), (7, "aé€z"), (100, "aé€z")]
        {
            let private = rendered(json, &format!(r#"{{"format":"json","privacy":{{"mime":{{"cut":{cut}}}}}}}"#));
            assert!(private.contains(&format!(r#""mime":"{expected}""#)), "{cut}: {private}");
        }
        assert!(!rendered(json, r#"{"format":"json","privacy":{"mime":"omit"}}"#).contains("mime"));
        assert!(!rendered(json, r#"{"format":"form","privacy":{"mime":"omit"}}"#).contains("mime"));
    }

    #[test]
    fn addresses_are_truncated() {
        for (ip, expected) in [
            ("203.0.113.77", "203.0.113.0"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
            ("2001:db8:1234:5678::1", "2001:db8:1234::"),
        ] {
            assert_eq!(truncated(ip.parse().unwrap()).to_string(), expected);
        }
    }

    #[test]
    fn the_same_body_is_made_once() {
        let json = Bytes::from_static(br#"{"id":"m","type":"bounce","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"a@b.example","envelope":"","mime":"x","tags":[]}"#);
        let before = Payload::held();
        let payload = Payload::new(crate::id::EventId(1), EventKind::Mail(EventType::Bounce), json);
        let form = Arc::new(Rendering { format: BodyFormat::Form, ..Rendering::default() });
        let first = once(&payload, &form).unwrap();
        let again = once(&payload, &Arc::new(Rendering::clone(&form))).unwrap();
        assert_eq!(first.as_ptr(), again.as_ptr());
        let plain = once(&payload, &Arc::new(Rendering::default())).unwrap();
        assert_eq!(plain.as_ptr(), payload.body.as_ptr());
        // It counts as long as it is kept, as do the newest few others; nobody counted what was made.
        assert_eq!(Payload::held() - before, payload.body.len() + first.len());
        let cut = |bytes| Privacy { mime: MimePrivacy::Cut(bytes), ..Privacy::default() };
        let others = (0..9).map(|bytes| Arc::new(Rendering { privacy: cut(bytes), ..Rendering::default() }));
        let made: Vec<_> = others.map(|rendering| once(&payload, &rendering).unwrap().len()).collect();
        assert_eq!(Payload::held() - before, payload.body.len() + made[5..].iter().sum::<usize>());
        drop(payload);
        assert_eq!(Payload::held(), before);
    }
}
