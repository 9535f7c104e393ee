//! Reading `Signature-Input` and `Signature`.

use core::fmt;

use crate::message::{Lookup, Message};
use crate::signature::structured::{BareItem, Item, Member, Parameters, StructuredError, parse_dictionary, write_list};

/// The most signatures that one message may have.
pub const MAX_LABELS: usize = 8;

/// A component that a signature covers: its name, in lower case, and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// `@method`, or the name of a header field.
    pub name: String,
    /// Its parameters, such as `name` of `@query-param`.
    pub parameters: Parameters,
}

/// One signature of a message: what `Signature-Input` and `Signature` say under one label.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignatureInput {
    /// The label.
    pub label: String,
    /// What it covers, in order.
    pub covered: Vec<Component>,
    /// `@signature-params`, as it is written in the signature base.
    pub parameters_text: String,
    /// `created`, in Unix seconds.
    pub created: Option<i64>,
    /// `expires`, in Unix seconds.
    pub expires: Option<i64>,
    /// `keyid`.
    pub key_id: Option<String>,
    /// `alg`.
    pub algorithm: Option<String>,
    /// `nonce`: any string.
    pub nonce: Option<String>,
    /// The signature's bytes.
    pub signature: Vec<u8>,
}

/// Why the signatures of a message cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxError {
    /// A header field is not there; which.
    Absent(&'static str),
    /// A header field occurs more than once; which.
    Repeated(&'static str),
    /// A header field is no dictionary; which.
    Structured(&'static str, StructuredError),
    /// There is no signature at all, or more than [`MAX_LABELS`].
    Count,
    /// A label has no signature, or one that is no byte sequence.
    Unmatched(String),
    /// What a label covers is not a list of names in lower case, or one stands there twice.
    Covered(String),
    /// A parameter is of the wrong kind; which.
    Parameter(&'static str),
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(field) => write!(f, "there is no {field}"),
            Self::Repeated(field) => write!(f, "there is more than one {field}"),
            Self::Structured(field, error) => write!(f, "the {field} cannot be read: {error}"),
            Self::Count => write!(f, "there is no signature, or there are more than {MAX_LABELS}"),
            Self::Unmatched(label) => write!(f, "there is no signature under the label {label}"),
            Self::Covered(label) => write!(f, "what {label} covers is not a list of different names in lower case"),
            Self::Parameter(name) => write!(f, "the parameter {name} is of the wrong kind"),
        }
    }
}

impl core::error::Error for SyntaxError {}

/// The signatures of a message, in the order of `Signature-Input` (RFC 9421 §4).
///
/// # Errors
/// [`SyntaxError`] if either header field cannot be read.
pub fn signatures(message: &Message<'_>) -> Result<Vec<SignatureInput>, SyntaxError> {
    let inputs = dictionary(message, "Signature-Input")?;
    let mut values = dictionary(message, "Signature")?;
    if inputs.is_empty() || inputs.len() > MAX_LABELS {
        return Err(SyntaxError::Count);
    }
    let mut found = Vec::with_capacity(inputs.len());
    for (label, member) in inputs {
        let value = values.iter_mut().find(|(each, _)| *each == label).map(|(_, value)| value);
        let Some(Member::Item(Item { value: BareItem::Bytes(bytes), .. })) = value else {
            return Err(SyntaxError::Unmatched(label));
        };
        found.push(read(label, member, core::mem::take(bytes))?);
    }
    Ok(found)
}

fn dictionary(message: &Message<'_>, field: &'static str) -> Result<Vec<(String, Member)>, SyntaxError> {
    match message.field(field.as_bytes()) {
        Lookup::Absent => Err(SyntaxError::Absent(field)),
        Lookup::Repeated => Err(SyntaxError::Repeated(field)),
        Lookup::Once(value) => parse_dictionary(value).map_err(|error| SyntaxError::Structured(field, error)),
    }
}

fn read(label: String, member: Member, signature: Vec<u8>) -> Result<SignatureInput, SyntaxError> {
    let Member::List(items, parameters) = member else { return Err(SyntaxError::Covered(label)) };
    let parameters_text = write_list(&items, &parameters);
    let mut covered: Vec<Component> = Vec::with_capacity(items.len());
    for item in items {
        let BareItem::String(name) = item.value else { return Err(SyntaxError::Covered(label)) };
        let component = Component { name, parameters: item.parameters };
        let lower = component.name.bytes().all(|byte| !byte.is_ascii_uppercase());
        if !lower || component.name.is_empty() || covered.contains(&component) {
            return Err(SyntaxError::Covered(label));
        }
        covered.push(component);
    }
    let mut read = SignatureInput {
        label,
        covered,
        parameters_text,
        created: None,
        expires: None,
        key_id: None,
        algorithm: None,
        nonce: None,
        signature,
    };
    for (name, value) in parameters {
        read.set(&name, value)?;
    }
    Ok(read)
}

impl SignatureInput {
    fn set(&mut self, name: &str, value: BareItem) -> Result<(), SyntaxError> {
        match (name, value) {
            ("created", BareItem::Integer(time)) => self.created = Some(time),
            ("expires", BareItem::Integer(time)) => self.expires = Some(time),
            ("keyid", BareItem::String(text)) => self.key_id = Some(text),
            ("alg", BareItem::String(text)) => self.algorithm = Some(text),
            ("nonce", BareItem::String(text)) => self.nonce = Some(text),
            ("created", _) => return Err(SyntaxError::Parameter("created")),
            ("expires", _) => return Err(SyntaxError::Parameter("expires")),
            ("keyid", _) => return Err(SyntaxError::Parameter("keyid")),
            ("alg", _) => return Err(SyntaxError::Parameter("alg")),
            ("nonce", _) => return Err(SyntaxError::Parameter("nonce")),
            // `tag` and what is not known are signed, and say nothing here.
            _ => {}
        }
        Ok(())
    }

    /// Whether a component without parameters is covered.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        self.covered.iter().any(|each| each.name == name && each.parameters.is_empty())
    }
}
