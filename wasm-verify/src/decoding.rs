//! Bodies, decoded into JSON that JavaScript parses without losing a digit.

use seinpost_protocol::event::{Event, Value};
use seinpost_protocol::payload::{DecodeError, decode as decode_body};

use crate::json;
use crate::memory::Output;

/// The input is the content type (of the given length; none at all if that is 0) and the body. Status 1 and
/// `{"event": …, "notes": […]}`, or status 0 and `{"code", "message", "variable", "offset"}`.
pub(crate) fn decode(bytes: &[u8], content_type_length: usize, out: &mut Output) {
    let (content_type, body) = bytes.split_at_checked(content_type_length).unwrap_or((b"", bytes));
    let content_type = String::from_utf8_lossy(content_type);
    match decode_body(body, Some(content_type.as_ref()).filter(|text| !text.is_empty())) {
        Ok(decoded) => {
            let mut text = String::with_capacity(body.len() + 64);
            text.push_str("{\"event\":");
            event(&mut text, &decoded.event);
            text.push_str(",\"notes\":[");
            for (index, note) in decoded.notes.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                json::string(&mut text, &note.to_string());
            }
            text.push_str("]}");
            out.answer(1, text.as_bytes());
        }
        Err(error) => out.answer(0, fault(&error).as_bytes()),
    }
}

fn fault(error: &DecodeError) -> String {
    let mut text = String::from("{\"code\":");
    json::string(&mut text, error.code.as_str());
    text.push_str(",\"message\":");
    json::string(&mut text, &error.to_string());
    if let Some(variable) = &error.variable {
        text.push_str(",\"variable\":");
        json::string(&mut text, variable);
    }
    if let Some(offset) = error.offset {
        text.push_str(",\"offset\":");
        text.push_str(&offset.to_string());
    }
    text.push('}');
    text
}

/// A known type has its variables side by side; of an unknown one `type` is `unknown`, and its variables, whatever
/// they are called, stand apart.
fn event(out: &mut String, event: &Event) {
    if event.event_type().is_some() {
        object(out, event.variables());
        return;
    }
    out.push_str("{\"type\":\"unknown\",\"name\":");
    json::string(out, event.type_name());
    out.push_str(",\"variables\":");
    object(out, event.variables());
    out.push('}');
}

fn object(out: &mut String, pairs: &[(String, Value)]) {
    out.push('{');
    for (index, (name, each)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        json::name(out, name);
        value(out, each);
    }
    out.push('}');
}

fn value(out: &mut String, value_of: &Value) {
    match value_of {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(text) if is_exact(text) => out.push_str(text),
        // JavaScript's numbers cannot hold it: every digit is kept, as text.
        Value::Number(text) | Value::String(text) => json::string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                value(out, item);
            }
            out.push(']');
        }
        Value::Object(pairs) => object(out, pairs),
    }
}

/// Whether a number, once JavaScript has parsed it, still prints as it was written: at most 15 digits, no exponent, no
/// zero that would be dropped.
fn is_exact(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.len() <= 16 && digits.bytes().filter(u8::is_ascii_digit).count() <= 15;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    plain
        && all_digits(whole)
        && all_digits(fraction)
        && (!digits.contains('.') || !fraction.ends_with('0'))
        && text != "-0"
        // Smaller ones print with an exponent.
        && (whole != "0" || !fraction.starts_with("000000"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_javascript_would_change_are_not_exact() {
        for text in ["0", "-1", "123456789012345", "1.5", "-0.25", "0.000001"] {
            assert!(is_exact(text), "{text}");
        }
        for text in [
            "1152921506151679042",
            "12345678901234567890",
            "1e400",
            "1.0",
            "-0",
            "1E2",
            "0.0000001",
            "9007199254740993",
        ] {
            assert!(!is_exact(text), "{text}");
        }
    }
}
