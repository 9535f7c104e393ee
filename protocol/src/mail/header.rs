//! The values of header fields: unfolded, with their encoded words decoded (RFC 2047).

use super::charset::{self, Charsets};
use super::transfer::{self, Encoding};

/// How much of a value is read.
const MAX_VALUE: usize = 8192;

/// The text of a value: folds become spaces, encoded words what they stand for.
pub(super) fn text(value: &[u8], charsets: &dyn Charsets) -> String {
    let value = &value[..value.len().min(MAX_VALUE)];
    let plain = charset::decode("", value, charsets);
    let plain = unfold(&plain);
    if !plain.contains("=?") {
        return plain;
    }
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain.as_str();
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, word) = rest.split_at(at);
        match encoded_word(word, charsets) {
            Some((decoded, length)) => {
                // Space between two encoded words is no text (section 6.2).
                if !(after_word && before.trim().is_empty()) {
                    out.push_str(before);
                }
                out.push_str(&decoded);
                rest = &word[length..];
                after_word = true;
            }
            None => {
                out.push_str(before);
                out.push_str("=?");
                rest = &word[2..];
                after_word = false;
            }
        }
    }
    out.push_str(rest);
    out.retain(|c| c != '\n' && c != '\r');
    out
}

fn unfold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split(['\r', '\n']) {
        let line = if out.is_empty() { line.trim() } else { line.trim_matches([' ', '\t']) };
        if !line.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(line);
        }
    }
    out
}

/// The text of an encoded word at the start of `text`, and how long the word is.
fn encoded_word(text: &str, charsets: &dyn Charsets) -> Option<(String, usize)> {
    let inside = text.strip_prefix("=?")?;
    let (label, rest) = inside.split_once('?')?;
    let (method, rest) = rest.split_once('?')?;
    let end = rest.find("?=")?;
    let body = &rest[..end];
    let length = text.len() - rest.len() + end + 2;
    let encoding = match method {
        "B" | "b" => Encoding::Base64,
        "Q" | "q" => Encoding::QuotedPrintable,
        _ => return None,
    };
    if label.len() > 60 || body.contains(char::is_whitespace) && encoding == Encoding::Base64 {
        return None;
    }
    let body = if encoding == Encoding::QuotedPrintable { body.replace('_', "=20") } else { body.to_owned() };
    // A soft line end has no place here; a trailing "=" is one that was cut.
    let mut bytes = transfer::decode(body.as_bytes(), 0..body.len(), encoding).bytes;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    // RFC 2231 adds a language after an asterisk.
    let label = label.split('*').next().unwrap_or_default();
    let decoded = if charset::is_plain(label, &bytes) {
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        charset::decode(label, &bytes, charsets)
    };
    Some((decoded, length))
}
