//! What can be wrong with a body.

use std::fmt;

/// The kinds of fault in a body, each with a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecodeCode {
    /// The content type is none that is read, and the body does not look like one either.
    UnsupportedContentType,
    /// Bytes that are no UTF-8.
    InvalidUtf8,
    /// Not JSON (RFC 8259).
    InvalidJson,
    /// JSON, but no object.
    NotAnObject,
    /// A `\u` escape of half a surrogate pair, which is no character.
    LoneSurrogate,
    /// A name stands twice.
    DuplicateName,
    /// Lists and objects stand too deep in one another.
    TooDeep,
    /// More values than are read.
    TooManyValues,
    /// A `%` without two hexadecimal digits after it.
    InvalidPercentEncoding,
    /// The name of a form's field has brackets that do not match, or that contradict an earlier field.
    InvalidFieldName,
    /// A variable that the type always has is not there.
    MissingVariable,
    /// A variable holds something else than it should.
    InvalidVariable,
    /// The type is none that is known.
    UnknownType,
}

impl DecodeCode {
    /// The name, which stays the same from version to version.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnsupportedContentType => "unsupported-content-type",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::InvalidJson => "invalid-json",
            Self::NotAnObject => "not-an-object",
            Self::LoneSurrogate => "lone-surrogate",
            Self::DuplicateName => "duplicate-name",
            Self::TooDeep => "too-deep",
            Self::TooManyValues => "too-many-values",
            Self::InvalidPercentEncoding => "invalid-percent-encoding",
            Self::InvalidFieldName => "invalid-field-name",
            Self::MissingVariable => "missing-variable",
            Self::InvalidVariable => "invalid-variable",
            Self::UnknownType => "unknown-type",
        }
    }
}

/// Why a body could not be read: a code for programs, a sentence for people, and the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The kind of fault.
    pub code: DecodeCode,
    /// The variable that is wrong, where it is one.
    pub variable: Option<String>,
    /// Where in the body, in bytes from 0.
    pub offset: Option<usize>,
    detail: String,
}

impl DecodeError {
    pub(crate) fn new(code: DecodeCode, detail: impl Into<String>) -> Self {
        Self { code, variable: None, offset: None, detail: detail.into() }
    }

    pub(crate) fn at(code: DecodeCode, offset: usize, detail: impl Into<String>) -> Self {
        Self { offset: Some(offset), ..Self::new(code, detail) }
    }

    pub(crate) fn of_variable(code: DecodeCode, variable: &str, detail: impl Into<String>) -> Self {
        Self { variable: Some(variable.into()), ..Self::new(code, detail) }
    }

    pub(crate) fn in_variable(mut self, variable: &str) -> Self {
        self.variable.get_or_insert_with(|| variable.into());
        self
    }

    pub(crate) fn moved_by(mut self, bytes: usize) -> Self {
        self.offset = self.offset.map(|offset| offset + bytes);
        self
    }

    /// What is wrong and what would be right, in a sentence without the place.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)?;
        match self.offset {
            Some(offset) => write!(f, " (at byte {offset})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {}
