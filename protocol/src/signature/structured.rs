//! Structured field values (RFC 8941), as far as signatures use them: dictionaries of items and inner lists.
//!
//! Stricter in one point: a key that stands twice is refused, where the RFC lets the last one win. Whoever can add to a
//! header must not be able to replace what is in it.

use core::fmt;

use crate::base64;
use crate::message::decimal;

/// The longest field that is read, in bytes.
pub const MAX_BYTES: usize = 16_384;
/// The most members of a dictionary, items of a list, or parameters of one item.
pub const MAX_MEMBERS: usize = 64;

/// A field that is no dictionary; where it stopped being one, in bytes from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StructuredError {
    /// The place.
    pub offset: usize,
    /// Whether a key stands twice there, or something is longer than it may be.
    pub kind: StructuredErrorKind,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructuredErrorKind {
    /// Not the grammar.
    Syntax,
    /// A key stands twice.
    Duplicate,
    /// Longer than [`MAX_BYTES`], or more than [`MAX_MEMBERS`].
    TooLong,
}

impl fmt::Display for StructuredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            StructuredErrorKind::Syntax => "it is not a structured field",
            StructuredErrorKind::Duplicate => "a key stands in it twice",
            StructuredErrorKind::TooLong => "it is too long or has too many parts",
        };
        write!(f, "{what}, at byte {}", self.offset)
    }
}

impl core::error::Error for StructuredError {}

/// A value without its parameters (RFC 8941 §3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BareItem {
    /// At most 15 digits.
    Integer(i64),
    /// A decimal, as it is written (12 digits, a point, 1 to 3 digits).
    Decimal(String),
    /// Printable ASCII.
    String(String),
    /// A word.
    Token(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A truth value.
    Boolean(bool),
}

/// Parameters, in order.
pub type Parameters = Vec<(String, BareItem)>;

/// A value with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The value.
    pub value: BareItem,
    /// Its parameters.
    pub parameters: Parameters,
}

/// A member of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// One item.
    Item(Item),
    /// A list of items in parentheses, with the parameters of the list.
    List(Vec<Item>, Parameters),
}

/// Reads a dictionary (RFC 8941 §4.2.2).
///
/// # Errors
/// [`StructuredError`] says where it stopped being one.
pub fn parse_dictionary(text: &[u8]) -> Result<Vec<(String, Member)>, StructuredError> {
    let mut parser = Parser { text, at: 0 };
    if text.len() > MAX_BYTES {
        return Err(parser.error(StructuredErrorKind::TooLong));
    }
    let mut members: Vec<(String, Member)> = Vec::new();
    parser.skip(|byte| byte == b' ');
    while parser.at < text.len() {
        let key = parser.key()?;
        let member = if parser.take(b'=') {
            parser.member()?
        } else {
            Member::Item(Item { value: BareItem::Boolean(true), parameters: parser.parameters()? })
        };
        parser.add(&mut members, key, member)?;
        parser.skip(|byte| matches!(byte, b' ' | b'\t'));
        if parser.at == text.len() {
            break;
        }
        if !parser.take(b',') {
            return Err(parser.error(StructuredErrorKind::Syntax));
        }
        parser.skip(|byte| matches!(byte, b' ' | b'\t'));
        if parser.at == text.len() {
            return Err(parser.error(StructuredErrorKind::Syntax));
        }
    }
    Ok(members)
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    fn error(&self, kind: StructuredErrorKind) -> StructuredError {
        StructuredError { offset: self.at, kind }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn skip(&mut self, accept: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !accept(*byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn add<T>(&self, list: &mut Vec<(String, T)>, key: String, value: T) -> Result<(), StructuredError> {
        if list.len() == MAX_MEMBERS {
            return Err(self.error(StructuredErrorKind::TooLong));
        }
        if list.iter().any(|(each, _)| *each == key) {
            return Err(self.error(StructuredErrorKind::Duplicate));
        }
        list.push((key, value));
        Ok(())
    }

    fn key(&mut self) -> Result<String, StructuredError> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'*') {
            return Err(self.error(StructuredErrorKind::Syntax));
        }
        let word = self.skip(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.' | b'*')
        });
        Ok(ascii(word).to_owned())
    }

    fn member(&mut self) -> Result<Member, StructuredError> {
        if !self.take(b'(') {
            return self.item().map(Member::Item);
        }
        let mut items = Vec::new();
        loop {
            self.skip(|byte| byte == b' ');
            if self.take(b')') {
                return Ok(Member::List(items, self.parameters()?));
            }
            if items.len() == MAX_MEMBERS {
                return Err(self.error(StructuredErrorKind::TooLong));
            }
            items.push(self.item()?);
            if !matches!(self.peek(), Some(b' ' | b')')) {
                return Err(self.error(StructuredErrorKind::Syntax));
            }
        }
    }

    fn item(&mut self) -> Result<Item, StructuredError> {
        let value = self.bare()?;
        Ok(Item { value, parameters: self.parameters()? })
    }

    fn parameters(&mut self) -> Result<Parameters, StructuredError> {
        let mut parameters = Vec::new();
        while self.take(b';') {
            self.skip(|byte| byte == b' ');
            let key = self.key()?;
            let value = if self.take(b'=') { self.bare()? } else { BareItem::Boolean(true) };
            self.add(&mut parameters, key, value)?;
        }
        Ok(parameters)
    }

    fn bare(&mut self) -> Result<BareItem, StructuredError> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b':') => self.bytes(),
            Some(b'?') => {
                self.at += 1;
                match self.peek() {
                    Some(digit @ (b'0' | b'1')) => {
                        self.at += 1;
                        Ok(BareItem::Boolean(digit == b'1'))
                    }
                    _ => Err(self.error(StructuredErrorKind::Syntax)),
                }
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'*' => {
                let word = self.skip(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'/') || b"!#$%&'*+-.^_`|~".contains(&byte)
                });
                Ok(BareItem::Token(ascii(word).to_owned()))
            }
            _ => Err(self.error(StructuredErrorKind::Syntax)),
        }
    }

    fn string(&mut self) -> Result<BareItem, StructuredError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let run = self.skip(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'));
            out.push_str(ascii(run));
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(byte @ (b'"' | b'\\')) => out.push(char::from(byte)),
                        _ => return Err(self.error(StructuredErrorKind::Syntax)),
                    }
                    self.at += 1;
                }
                _ => return Err(self.error(StructuredErrorKind::Syntax)),
            }
        }
        self.at += 1;
        Ok(BareItem::String(out))
    }

    fn bytes(&mut self) -> Result<BareItem, StructuredError> {
        let start = self.at;
        self.at += 1;
        let encoded = self.skip(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
        if !self.take(b':') {
            return Err(self.error(StructuredErrorKind::Syntax));
        }
        base64::decode(encoded)
            .map(BareItem::Bytes)
            .ok_or(StructuredError { offset: start, kind: StructuredErrorKind::Syntax })
    }

    fn number(&mut self) -> Result<BareItem, StructuredError> {
        let start = self.at;
        let negative = self.take(b'-');
        let digits = self.skip(|byte| byte.is_ascii_digit());
        let whole = digits.len();
        let fraction = if self.take(b'.') { Some(self.skip(|byte| byte.is_ascii_digit()).len()) } else { None };
        match (fraction, decimal(digits)) {
            (None, Some(number)) if whole <= 15 => {
                let number = number.cast_signed();
                Ok(BareItem::Integer(if negative { -number } else { number }))
            }
            (Some(1..=3), _) if (1..=12).contains(&whole) => {
                Ok(BareItem::Decimal(ascii(self.text.get(start..self.at).unwrap_or_default()).to_owned()))
            }
            _ => Err(self.error(StructuredErrorKind::Syntax)),
        }
    }
}

/// A text of bytes that are known to be ASCII.
/// What is known to be ASCII, as text.
fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

/// Writes a string (RFC 8941 §4.1.6). The text must be printable ASCII.
pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')) {
        let Some((run, after)) = rest.split_at_checked(at) else { break };
        out.push_str(run);
        out.push('\\');
        let (special, after) = after.split_at_checked(1).unwrap_or_default();
        out.push_str(special);
        rest = after;
    }
    out.push_str(rest);
    out.push('"');
}

/// Writes parameters (RFC 8941 §4.1.1.2).
pub(crate) fn write_parameters(out: &mut String, parameters: &Parameters) {
    for (key, value) in parameters {
        out.push(';');
        out.push_str(key);
        if *value != BareItem::Boolean(true) {
            out.push('=');
            write_bare(out, value);
        }
    }
}

fn write_bare(out: &mut String, value: &BareItem) {
    match value {
        BareItem::Integer(number) => out.push_str(&number.to_string()),
        BareItem::Decimal(text) => {
            // Zeros at the end are not written, but for the first place.
            let trimmed = text.trim_end_matches('0');
            out.push_str(trimmed);
            if trimmed.ends_with('.') {
                out.push('0');
            }
        }
        BareItem::Token(text) => out.push_str(text),
        BareItem::String(text) => write_string(out, text),
        BareItem::Bytes(bytes) => {
            out.push(':');
            out.push_str(&base64::encode(bytes));
            out.push(':');
        }
        BareItem::Boolean(value) => out.push_str(if *value { "?1" } else { "?0" }),
    }
}

/// Writes a list of strings in parentheses, with its parameters (RFC 8941 §4.1.1.1).
pub(crate) fn write_list(items: &[Item], parameters: &Parameters) -> String {
    let mut out = String::from("(");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        write_bare(&mut out, &item.value);
        write_parameters(&mut out, &item.parameters);
    }
    out.push(')');
    write_parameters(&mut out, parameters);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_alike() {
        let text = "(\"@method\" \"x\";key=\"a\\\"b\";bs 1 -2.50 tok/en:* :AAEC: ?0);created=7;nonce=\"b+/=\";a;b=?0";
        let field = format!("sig1={text}, other=:AA==:;p");
        let members = parse_dictionary(field.as_bytes()).unwrap();
        let (Member::List(items, parameters), Member::Item(_)) = (&members[0].1, &members[1].1) else { panic!() };
        assert_eq!(write_list(items, parameters), text.replace("-2.50", "-2.5"));
    }

    #[test]
    fn keys_that_stand_twice_are_refused() {
        for text in ["a=1,a=2", "a=1;x;x=2"] {
            assert_eq!(parse_dictionary(text.as_bytes()).unwrap_err().kind, StructuredErrorKind::Duplicate, "{text}");
        }
    }

    #[test]
    fn what_is_no_dictionary_is_refused_with_its_place() {
        for (text, offset) in [
            ("a=", 2),
            ("a=1,", 4),
            ("a=1 b=2", 4),
            ("A=1", 0),
            ("a=(", 3),
            ("a=(1", 4),
            ("a=(1\"x\")", 4),
            ("a=\"x", 4),
            ("a=\"é\"", 3),
            ("a=\"\\x\"", 4),
            ("a=:AAB=:", 2),
            ("a=:A", 4),
            ("a=1234567890123456", 18),
            ("a=1.", 4),
            ("a=1.2345", 8),
            ("a=-", 3),
            ("a=?2", 3),
            ("a=1;", 4),
            ("a=1; B", 5),
            ("a=@1", 2),
        ] {
            let error = parse_dictionary(text.as_bytes()).unwrap_err();
            assert_eq!((error.offset, error.kind), (offset, StructuredErrorKind::Syntax), "{text}");
        }
        assert_eq!(parse_dictionary(&[b' '; MAX_BYTES + 1]).unwrap_err().kind, StructuredErrorKind::TooLong);
        assert_eq!(parse_dictionary(b"  "), Ok(vec![]));
    }
}
