//! Whether the variables of an event are those of its type.

use super::{DecodeCode, DecodeError, Note};
use crate::event::{EventType, Kind, Value, Variable, is_timestamp, variables_of};
use crate::quote::{quoted, start};

/// Strict: every variable that the type always has is there, and each holds what it should.
pub(super) fn check(event_type: EventType, variables: &[(String, Value)]) -> Result<(), DecodeError> {
    for variable in variables_of(event_type) {
        match find(variables, variable.name) {
            Some(value) => fits(variable, value)?,
            None if variable.required => return Err(missing(event_type, variable)),
            None => {}
        }
    }
    Ok(())
}

/// Tolerant: brings the values of known variables to the form that they should have, and notes what it changed.
pub(super) fn settle(
    event_type: EventType,
    variables: &mut Vec<(String, Value)>,
    notes: &mut Vec<Note>,
) -> Result<(), DecodeError> {
    for variable in variables_of(event_type) {
        let Some(at) = variables.iter().position(|(name, _)| name == variable.name) else {
            match variable.kind {
                // A form cannot write an empty list or object; nor does every sender write an empty one in JSON.
                Kind::Tags => variables.push((variable.name.into(), Value::Array(Vec::new()))),
                Kind::Fields => variables.push((variable.name.into(), Value::Object(Vec::new()))),
                _ if variable.required => return Err(missing(event_type, variable)),
                _ => {}
            }
            continue;
        };
        if !variable.required && variables[at].1 == Value::Null {
            variables.remove(at);
            continue;
        }
        let settled = settled(variable, std::mem::replace(&mut variables[at].1, Value::Null), notes);
        fits_tolerantly(variable, &settled, notes)?;
        variables[at].1 = settled;
    }
    Ok(())
}

fn find<'a>(variables: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    variables.iter().find_map(|(each, value)| (each == name).then_some(value))
}

fn missing(event_type: EventType, variable: &Variable) -> DecodeError {
    DecodeError::of_variable(
        DecodeCode::MissingVariable,
        variable.name,
        format!("{} is missing; every event of type {event_type} has it", variable.name),
    )
}

fn settled(variable: &Variable, value: Value, notes: &mut Vec<Note>) -> Value {
    match (variable.kind, value) {
        (Kind::Tags, Value::String(joined)) => {
            notes.push(Note::TagsAsText);
            let tags = joined.as_bytes().split(|byte| *byte == b';').filter(|tag| !tag.is_empty());
            Value::Array(tags.map(|tag| Value::String(String::from_utf8_lossy(tag).into_owned())).collect())
        }
        (Kind::Tags, Value::Null) => Value::Array(Vec::new()),
        (Kind::Tags, Value::Array(items)) => {
            Value::Array(items.into_iter().map(|item| number_as_text("tags", item, notes)).collect())
        }
        // PHP writes an object as a list if it is empty or its names count from 0, and so a form's is read.
        (Kind::Fields, Value::Array(items)) => {
            Value::Object(items.into_iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect())
        }
        (Kind::Tags | Kind::Fields, other) => other,
        (_, value) => number_as_text(variable.name, value, notes),
    }
}

fn number_as_text(variable: &str, value: Value, notes: &mut Vec<Note>) -> Value {
    let Value::Number(text) = value else { return value };
    let note = Note::NumberForText { variable: variable.into() };
    if !notes.contains(&note) {
        notes.push(note);
    }
    Value::String(text)
}

fn fits_tolerantly(variable: &Variable, value: &Value, notes: &mut Vec<Note>) -> Result<(), DecodeError> {
    let text = value.as_text().unwrap_or_default();
    if variable.name == "recipient" && text.contains(' ') && !text.contains('<') && !text.contains('"') {
        notes.push(Note::SpaceInAddress { variable: variable.name.into() });
    }
    match (variable.kind, value) {
        (Kind::OneOf(words), Value::String(word)) => {
            if !words.contains(&word.as_str()) {
                notes.push(Note::UnexpectedWord { variable: variable.name.into() });
            }
            Ok(())
        }
        _ => fits(variable, value),
    }
}

fn fits(variable: &Variable, value: &Value) -> Result<(), DecodeError> {
    let text = value.as_text();
    let (good, expected) = match variable.kind {
        Kind::Text => (text.is_some(), "a string".to_owned()),
        Kind::Name => (text.is_some_and(|text| !text.is_empty()), "a string that is not empty".to_owned()),
        Kind::Time => (
            text.is_some_and(|text| (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())),
            "Unix seconds in digits".to_owned(),
        ),
        Kind::Timestamp => (text.is_some_and(is_timestamp), "a time as YYYY-MM-DD HH:MM:SS in UTC".to_owned()),
        Kind::OneOf(words) => {
            (text.is_some_and(|text| words.contains(&text)), format!("one of {}", crate::quote::listed(words)))
        }
        Kind::Tags => (
            match value {
                Value::Array(items) => items.iter().all(|item| item.as_text().is_some()),
                other => matches!(other, Value::String(_)),
            },
            "a list of strings".to_owned(),
        ),
        Kind::Fields => (matches!(value, Value::Object(_)), "an object, name to new value".to_owned()),
    };
    if good {
        return Ok(());
    }
    let found = match value {
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) | Value::Number(text) => quoted(start(text, 64)),
        Value::Array(_) if variable.kind == Kind::Tags => "a list with something else than strings".to_owned(),
        other => other.describe().to_owned(),
    };
    Err(DecodeError::of_variable(
        DecodeCode::InvalidVariable,
        variable.name,
        format!("{} is {found}, where {expected} is expected", variable.name),
    ))
}
