//! JSON as other writers write it.

use super::cause::{Escapes, Layout};
use crate::event::Value;

/// How a writer writes.
#[derive(Clone, Copy)]
pub(super) struct JsonStyle {
    pub(super) layout: Layout,
    pub(super) escapes: Escapes,
}

impl Escapes {
    const fn of_slash(self) -> bool {
        matches!(self, Self::Slashes | Self::SlashesAndUnicode)
    }

    /// Whether a character, of those that need not be, is escaped by its number.
    const fn by_number(self, each: char) -> bool {
        match self {
            Self::None | Self::Slashes => false,
            Self::Unicode | Self::SlashesAndUnicode | Self::Capitals => !each.is_ascii(),
            // The last two end lines in JavaScript.
            Self::Html => matches!(each, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'),
        }
    }
}

impl JsonStyle {
    /// Writes an object, its numbers as they came.
    pub(super) fn write(self, pairs: &[(String, Value)]) -> String {
        let mut out = String::new();
        self.object(&mut out, pairs, 0);
        out
    }

    fn value(self, out: &mut String, value: &Value, depth: usize) {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(text) => out.push_str(text),
            Value::String(text) => self.string(out, text),
            Value::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.before(out, index, depth + 1);
                    self.value(out, item, depth + 1);
                }
                self.end(out, items.is_empty(), depth, ']');
            }
            Value::Object(pairs) => self.object(out, pairs, depth),
        }
    }

    fn object(self, out: &mut String, pairs: &[(String, Value)], depth: usize) {
        out.push('{');
        for (index, (name, value)) in pairs.iter().enumerate() {
            self.before(out, index, depth + 1);
            self.string(out, name);
            out.push_str(if self.layout != Layout::Compact { ": " } else { ":" });
            self.value(out, value, depth + 1);
        }
        self.end(out, pairs.is_empty(), depth, '}');
    }

    fn before(self, out: &mut String, index: usize, depth: usize) {
        if index > 0 {
            out.push_str(if self.layout == Layout::Spaced { ", " } else { "," });
        }
        self.line(out, depth);
    }

    fn end(self, out: &mut String, empty: bool, depth: usize, close: char) {
        if !empty {
            self.line(out, depth);
        }
        out.push(close);
    }

    fn line(self, out: &mut String, depth: usize) {
        let indent = match self.layout {
            Layout::Compact | Layout::Spaced => return,
            Layout::Indented2 => 2,
            Layout::Indented4 => 4,
        };
        out.push('\n');
        out.extend(core::iter::repeat_n(' ', indent * depth));
    }

    fn string(self, out: &mut String, text: &str) {
        out.push('"');
        for each in text.chars() {
            match each {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '/' if self.escapes.of_slash() => out.push_str("\\/"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                each if each < ' ' || self.escapes.by_number(each) => {
                    for unit in each.encode_utf16(&mut [0; 2]) {
                        out.push_str("\\u");
                        for place in (0..4).rev() {
                            let digit = char::from_digit(u32::from(*unit) >> (4 * place) & 15, 16).unwrap_or('0');
                            out.push(if self.escapes == Escapes::Capitals {
                                digit.to_ascii_uppercase()
                            } else {
                                digit
                            });
                        }
                    }
                }
                each => out.push(each),
            }
        }
        out.push('"');
    }
}
