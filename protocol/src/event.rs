//! The types of event and their variables.
//!
//! An [`Event`] is what it was sent as: named variables, in order, each with the value that came. What a type's
//! variables are, and what may stand in them, is a table ([`variables_of`]), so that intake, decoder, dashboard and
//! documentation cannot disagree.

mod sample;
mod value;
mod variables;

use std::{fmt, str::FromStr};

use crate::quote::{quoted, start};

pub use sample::sample;
pub use value::Value;
pub use variables::{Kind, Variable, is_timestamp, variables_of};

/// What happened to a message: the trigger of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventType {
    /// Something was sent back to the envelope address: a DSN, but also an automatic reply or an error in no standard format.
    Bounce,
    /// A delivery failed, at once or later.
    Failure,
    /// A tracked link was followed.
    Click,
    /// A tracked image was fetched.
    Open,
    /// A receiving server accepted the message.
    Delivery,
    /// A recipient reported the message as spam.
    Abuse,
    /// A recipient's profile was changed.
    Profile,
}

impl EventType {
    /// All types, in the order of the documentation.
    pub const ALL: [Self; 7] =
        [Self::Bounce, Self::Failure, Self::Click, Self::Open, Self::Delivery, Self::Abuse, Self::Profile];

    /// The name, as it stands in the variable `type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::Failure => "failure",
            Self::Click => "click",
            Self::Open => "open",
            Self::Delivery => "delivery",
            Self::Abuse => "abuse",
            Self::Profile => "profile",
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is none of the types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownType(pub String);

impl fmt::Display for UnknownType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no type of event; the types are ", quoted(start(&self.0, 64)))?;
        for (index, each) in EventType::ALL.into_iter().enumerate() {
            let before = match index {
                0 => "",
                _ if index + 1 == EventType::ALL.len() => " and ",
                _ => ", ",
            };
            write!(f, "{before}{each}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownType {}

impl FromStr for EventType {
    type Err = UnknownType;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|each| each.as_str() == name).ok_or_else(|| UnknownType(name.into()))
    }
}

/// An event: its variables, in the order they came.
///
/// Every name stands once, and `type` is among them as a string: [`crate::payload`] sees to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    variables: Vec<(String, Value)>,
}

impl Event {
    pub(crate) fn new(variables: Vec<(String, Value)>) -> Self {
        Self { variables }
    }

    /// The variables, in the order they came.
    #[must_use]
    pub fn variables(&self) -> &[(String, Value)] {
        &self.variables
    }

    /// The event with one more variable, at its end; as it is where it has one of that name.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        if self.get(name).is_none() {
            self.variables.push((name.to_owned(), value));
        }
        self
    }

    /// The same event with other values: `change` is asked for each variable but `type`, in order, and leaves out the one
    /// for which it answers `None`.
    #[must_use]
    pub fn map(self, mut change: impl FnMut(&str, Value) -> Option<Value>) -> Self {
        let variables = self.variables.into_iter().filter_map(|(name, value)| {
            let value = if name == "type" { Some(value) } else { change(&name, value) };
            value.map(|value| (name, value))
        });
        Self { variables: variables.collect() }
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.variables.iter().find_map(|(each, value)| (each == name).then_some(value))
    }

    /// The value of a variable, where it is a string or a number: the text as it was written.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// The name of its type, which may be one that this version does not know.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.text("type").unwrap_or_default()
    }

    /// Its type, where it is a known one.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        self.type_name().parse().ok()
    }

    /// The id of the message that it is about.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// The address that the message was sent to.
    #[must_use]
    pub fn recipient(&self) -> Option<&str> {
        self.text("recipient")
    }

    /// When it happened, in Unix seconds.
    #[must_use]
    pub fn time(&self) -> Option<i64> {
        self.text("time").and_then(|text| text.parse().ok())
    }

    /// The tags of the message, whether they came as a list or as one string separated by `;`.
    #[must_use]
    pub fn tags(&self) -> Vec<&str> {
        match self.get("tags") {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_text).collect(),
            Some(Value::String(joined)) => joined.split(';').filter(|tag| !tag.is_empty()).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_name_that_reads_back() {
        for each in EventType::ALL {
            assert_eq!(each.as_str().parse(), Ok(each));
        }
        let error = "opened".parse::<EventType>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"opened\" is no type of event; the types are bounce, failure, click, open, delivery, abuse and profile"
        );
    }
}
