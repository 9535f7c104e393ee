//! Body bytes and content type, to and from [`Event`]s.
//!
//! Two readers share one grammar: [`read_event`] is strict, for events that are handed in; [`decode`] is tolerant,
//! for receivers, and says in [`Note`]s what it put up with. Both name the variable and the position of what is wrong.

mod error;
mod form;
mod json;
mod names;
mod shape;

use std::fmt;

pub use error::{DecodeCode, DecodeError};
pub use form::to_form;
pub(crate) use json::parse_object;
pub use json::{to_json, to_json_pretty, value_to_json};

use crate::event::{Event, EventType, UnknownType, Value};
use crate::quote::{quoted, start};

/// How deep lists and objects may stand in one another.
pub const MAX_DEPTH: usize = 64;
/// How many values a body may hold, those inside lists and objects included: it bounds the memory that a body costs.
pub const MAX_VALUES: usize = 100_000;

/// The byte order mark of UTF-8, which some editors put before a text.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A body as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The event.
    pub event: Event,
    /// What was put up with to read it.
    pub notes: Vec<Note>,
}

/// Something in a body that is not as it should be, but was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A byte order mark stood before the body.
    ByteOrderMark,
    /// The content type is missing or another; the body looks like JSON or a form and was read as one.
    GuessedFormat,
    /// A number stands where a string is expected.
    NumberForText {
        /// The variable.
        variable: String,
    },
    /// `tags` came as one string.
    TagsAsText,
    /// A word stands where one of a fixed few is expected.
    UnexpectedWord {
        /// The variable.
        variable: String,
    },
    /// An address holds a space: its sender most likely wrote `+` in a form and meant `%2B`.
    SpaceInAddress {
        /// The variable.
        variable: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByteOrderMark => f.write_str("a byte order mark stands before the body; it was passed over"),
            Self::GuessedFormat => {
                f.write_str("the content type does not say what the body is; it was read as what it looks like")
            }
            Self::NumberForText { variable } => write!(f, "{variable} is a number where a string is expected"),
            Self::TagsAsText => f.write_str("tags is one string; it was split at each \";\""),
            Self::UnexpectedWord { variable } => write!(f, "{variable} is a word that this version does not know"),
            Self::SpaceInAddress { variable } => {
                write!(f, "{variable} holds a space; its sender most likely meant \"+\", which a form writes as %2B")
            }
        }
    }
}

/// Reads an event that is handed in: JSON, of a known type, with every variable that the type always has.
///
/// # Errors
/// A [`DecodeError`] that names what is wrong and where.
pub fn read_event(body: &[u8]) -> Result<Event, DecodeError> {
    let variables = json::parse_object(without_bom(body))?;
    let event_type = type_of(&variables)?
        .parse::<EventType>()
        .map_err(|error: UnknownType| DecodeError::of_variable(DecodeCode::UnknownType, "type", error.to_string()))?;
    shape::check(event_type, &variables)?;
    Ok(Event::new(variables))
}

/// Reads the body of a call, as a receiver gets it.
///
/// `content_type` is the value of the header `Content-Type`. Unknown types and variables are handed on; values of
/// known variables are brought to the form that the documentation gives them, with a [`Note`] for each.
///
/// # Errors
/// A [`DecodeError`] that names what is wrong and where.
pub fn decode(body: &[u8], content_type: Option<&str>) -> Result<Decoded, DecodeError> {
    let mut notes = Vec::new();
    let text = without_bom(body);
    if text.len() != body.len() {
        notes.push(Note::ByteOrderMark);
    }
    let (format, guessed) = format_of(text, content_type)?;
    if guessed {
        notes.push(Note::GuessedFormat);
    }
    let read = match format {
        Format::Json => json::parse_object(text),
        Format::Form => form::parse(text),
    };
    // Offsets are those of the body as it came.
    let mut variables = read.map_err(|error| error.moved_by(body.len() - text.len()))?;
    let event_type = type_of(&variables)?.parse::<EventType>().ok();
    if let Some(event_type) = event_type {
        shape::settle(event_type, &mut variables, &mut notes)?;
    }
    Ok(Decoded { event: Event::new(variables), notes })
}

/// The body without a byte order mark before it.
#[must_use]
pub fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(BOM).unwrap_or(body)
}

enum Format {
    Json,
    Form,
}

/// The format that the content type names, or, where it names neither, the one that the body looks like.
fn format_of(body: &[u8], content_type: Option<&str>) -> Result<(Format, bool), DecodeError> {
    let essence = content_type.unwrap_or_default();
    let end = essence.bytes().position(|byte| byte == b';').unwrap_or(essence.len());
    let essence = essence.get(..end).unwrap_or_default().trim_ascii().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok((Format::Json, false));
    }
    if essence == "application/x-www-form-urlencoded" {
        return Ok((Format::Form, false));
    }
    if body.trim_ascii_start().starts_with(b"{") {
        return Ok((Format::Json, true));
    }
    if essence.is_empty() && !body.is_empty() {
        return Ok((Format::Form, true));
    }
    let shown = start(&essence, 100);
    Err(DecodeError::new(
        DecodeCode::UnsupportedContentType,
        if shown.is_empty() {
            "the body is empty".to_owned()
        } else {
            format!(
                "the content type {} is neither application/json nor application/x-www-form-urlencoded",
                quoted(shown)
            )
        },
    ))
}

fn type_of(variables: &[(String, Value)]) -> Result<&str, DecodeError> {
    match variables.iter().find(|(name, _)| name == "type") {
        Some((_, Value::String(name))) if !name.is_empty() => Ok(name),
        Some((_, other)) => Err(DecodeError::of_variable(
            DecodeCode::InvalidVariable,
            "type",
            format!(
                "type is {}, where the name of a type is expected",
                match other {
                    Value::String(_) => "empty",
                    other => other.describe(),
                }
            ),
        )),
        None => Err(DecodeError::of_variable(DecodeCode::MissingVariable, "type", "type is missing")),
    }
}

#[cfg(test)]
mod tests;
