//! JSON (RFC 8259) that keeps every digit, names duplicates, and says where it stopped.
//!
//! General JSON libraries round numbers or hide duplicate names, and their errors give no offset; see the record
//! "JSON is read by code of our own" in docs/decisions.

use std::fmt::Write as _;

use super::names::NameIndex;
use super::{DecodeCode, DecodeError, MAX_DEPTH, MAX_VALUES};
use crate::event::{Event, Value};
use crate::quote::{quoted, start};

type Result<T> = std::result::Result<T, DecodeError>;

/// Reads a body that is one JSON object.
pub(crate) fn parse_object(body: &[u8]) -> Result<Vec<(String, Value)>> {
    let text = std::str::from_utf8(body).map_err(|error| {
        DecodeError::at(DecodeCode::InvalidUtf8, error.valid_up_to(), "the body is not UTF-8, as JSON must be")
    })?;
    let mut parser = Parser { text, at: 0, values: 0 };
    parser.skip_space();
    if parser.peek() != Some(b'{') {
        let first = parser.at;
        let value = parser.value(0)?;
        return Err(DecodeError::at(
            DecodeCode::NotAnObject,
            first,
            format!("the body is {}, where an object with the variables is expected", value.describe()),
        ));
    }
    let Value::Object(variables) = parser.value(0)? else {
        return Err(parser.wrong("an object is expected"));
    };
    parser.skip_space();
    if parser.at < text.len() {
        return Err(parser.wrong("nothing may follow the object"));
    }
    Ok(variables)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn wrong(&self, what: &str) -> DecodeError {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(char) => format!("; {} stands there", quoted(&char.to_string())),
            None => "; the body ends there".to_owned(),
        };
        DecodeError::at(DecodeCode::InvalidJson, self.at, format!("not JSON: {what}{found}"))
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::at(
                DecodeCode::TooDeep,
                self.at,
                format!("lists and objects stand more than {MAX_DEPTH} deep in one another"),
            ));
        }
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(DecodeError::at(
                DecodeCode::TooManyValues,
                self.at,
                format!("the body holds more than {MAX_VALUES} values"),
            ));
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.wrong("a value is expected")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(self.wrong("a value is expected"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Value::Number(self.text.get(start..self.at).unwrap_or_default().to_owned()))
    }

    fn digits(&mut self) -> Result<()> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong("a digit is expected"));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<Value> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            self.skip_space();
            items.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(items));
                }
                _ => return Err(self.wrong("\",\" or \"]\" is expected")),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value> {
        self.at += 1;
        let mut pairs = Vec::new();
        let mut names = NameIndex::default();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(pairs));
        }
        loop {
            self.skip_space();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a name in quotes is expected"));
            }
            let name = self.string()?;
            if names.find(&pairs, &name).is_some() {
                return Err(DecodeError::at(
                    DecodeCode::DuplicateName,
                    start,
                    format!("{} stands twice in one object", shown(&name)),
                )
                .in_variable(&name));
            }
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.wrong("\":\" is expected"));
            }
            self.at += 1;
            self.skip_space();
            let value =
                self.value(depth + 1).map_err(|error| if depth == 0 { error.in_variable(&name) } else { error })?;
            pairs.push((name, value));
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(pairs));
                }
                _ => return Err(self.wrong("\",\" or \"}\" is expected")),
            }
        }
    }

    fn string(&mut self) -> Result<String> {
        let mut read = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            // Strings are most of a body: they are taken in runs.
            let rest = self.text.as_bytes().get(start..).unwrap_or_default();
            self.at += plain(rest);
            read.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(read);
                }
                Some(b'\\') => read.push(self.escape()?),
                Some(_) => return Err(self.wrong("a control character in a string must be escaped")),
                None => return Err(self.wrong("a closing quote is expected")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let start = self.at;
        self.at += 1;
        let char = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode(start);
            }
            _ => return Err(self.wrong("an escape is one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")),
        };
        self.at += 1;
        Ok(char)
    }

    fn unicode(&mut self, start: usize) -> Result<char> {
        let lone = DecodeError::at(
            DecodeCode::LoneSurrogate,
            start,
            "a \\u escape is half of a surrogate pair, which is no character",
        );
        let first = self.four_hex_digits()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            if !self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                return Err(lone);
            }
            self.at += 2;
            let second = self.four_hex_digits()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(lone);
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or(lone)
    }

    fn four_hex_digits(&mut self) -> Result<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.wrong("four hexadecimal digits are expected"))?;
            self.at += 1;
        }
        Ok(code)
    }
}

/// A name, quoted and cut, for a message.
fn shown(name: &str) -> String {
    quoted(start(name, 64))
}

/// Writes an event as compact JSON.
#[must_use]
pub fn to_json(event: &Event) -> String {
    let mut out = String::new();
    write_object(&mut out, event.variables(), None);
    out
}

/// Writes a value as compact JSON.
#[must_use]
pub fn value_to_json(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value, None);
    out
}

/// Writes an event as JSON for people: a variable a line.
#[must_use]
pub fn to_json_pretty(event: &Event) -> String {
    let mut out = String::new();
    write_object(&mut out, event.variables(), Some(0));
    out
}

/// `indent` is the depth of the object that is being written, or `None` for compact JSON.
fn write_value(out: &mut String, value: &Value, indent: Option<usize>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                break_line(out, indent.map(|depth| depth + 1));
                write_value(out, item, indent.map(|depth| depth + 1));
            }
            if !items.is_empty() {
                break_line(out, indent);
            }
            out.push(']');
        }
        Value::Object(pairs) => write_object(out, pairs, indent),
    }
}

fn write_object(out: &mut String, pairs: &[(String, Value)], indent: Option<usize>) {
    out.push('{');
    for (index, (name, value)) in pairs.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        break_line(out, indent.map(|depth| depth + 1));
        write_string(out, name);
        out.push_str(if indent.is_some() { ": " } else { ":" });
        write_value(out, value, indent.map(|depth| depth + 1));
    }
    if !pairs.is_empty() {
        break_line(out, indent);
    }
    out.push('}');
}

fn break_line(out: &mut String, indent: Option<usize>) {
    if let Some(depth) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a String cannot fail.
            char if char < ' ' => _ = write!(out, "\\u{:04x}", u32::from(char)),
            char => out.push(char),
        }
    }
    out.push('"');
}

/// How many bytes there are before the first that ends a string or a part of it, as it is written.
fn plain(bytes: &[u8]) -> usize {
    /// How many are looked at together: none is asked about alone where nothing ends. WebAssembly is built for size, and has
    /// no room for it.
    const TOGETHER: usize = 32;
    let ends = |byte: &u8| (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\');
    let mut before = 0;
    if cfg!(not(target_family = "wasm")) {
        let has_no_end = |chunk: &&[u8]| !chunk.iter().fold(false, |found, byte| found | ends(byte));
        before = bytes.chunks_exact(TOGETHER).take_while(has_no_end).count() * TOGETHER;
    }
    before + bytes[before..].iter().position(ends).unwrap_or(bytes.len() - before)
}
