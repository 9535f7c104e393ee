//! The body that a webhook gets of an event: as it came, as a form, with its diagnosis, and without what it is not to hold.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{Arc, PoisonError},
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

/// In how many ways an event is remembered that goes to several webhooks.
const REMEMBERED: usize = 4;

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
    let mut known = payload.rendered.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, body)) = known.iter().find(|(each, _)| Arc::ptr_eq(each, rendering) || each == rendering) {
        return Ok(body.clone());
    }
    let body = Bytes::from(body(payload.event_type, &payload.body, rendering)?);
    if known.len() >= REMEMBERED {
        known.remove(0);
    }
    known.push((Arc::clone(rendering), body.clone()));
    Ok(body)
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

    /// Puts the hash in the place of `form`, whatever its capitals, where no longer address holds it.
    fn replace(&self, text: String, form: &str) -> String {
        let bytes = text.as_bytes();
        let (mut out, mut copied, mut at) = (String::new(), 0, 0_usize);
        while let Some(end) = at.checked_add(form.len()).filter(|end| *end <= bytes.len()) {
            let begins = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || b"._%+".contains(&bytes[at - 1]));
            let ends = bytes.get(end).is_none_or(|next| !(next.is_ascii_alphanumeric() || *next == b'-'));
            if begins && ends && bytes[at..end].eq_ignore_ascii_case(form.as_bytes()) {
                // Both ends are those of a text that was found: character boundaries.
                out.push_str(&text[copied..at]);
                out.push_str(&self.hash);
                (copied, at) = (end, end);
            } else {
                at += 1;
            }
        }
        if copied == 0 {
            return text;
        }
        out.push_str(&text[copied..]);
        out
    }
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
        let payload = Payload::new(crate::id::EventId(1), EventKind::Mail(EventType::Bounce), json);
        let form = Arc::new(Rendering { format: BodyFormat::Form, ..Rendering::default() });
        let first = once(&payload, &form).unwrap();
        let again = once(&payload, &Arc::new(Rendering::clone(&form))).unwrap();
        assert_eq!(first.as_ptr(), again.as_ptr());
        let plain = once(&payload, &Arc::new(Rendering::default())).unwrap();
        assert_eq!(plain.as_ptr(), payload.body.as_ptr());
    }
}
