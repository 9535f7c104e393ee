//! What can go wrong with a call.

use std::rc::Rc;

use seinpost_protocol::rest::{Problem, ProblemCode, ProblemType};

/// Why a call failed. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// No answer came.
    Unreachable,
    /// The server refused, and said why.
    Refused(Rc<Problem>),
    /// The answer is not one of this API.
    Unreadable {
        /// The status code; 0 where there was none.
        status: u16,
        /// What could not be read.
        detail: String,
    },
}

impl ApiError {
    /// From an answer that is no success: a problem document, or whatever else a proxy put in its place.
    pub(crate) fn from_answer(status: u16, text: &str) -> Self {
        match serde_json::from_str::<Problem>(text) {
            Ok(problem) => Self::Refused(Rc::new(problem)),
            Err(_) => {
                let detail: String = text.trim().chars().take(200).collect();
                Self::Unreadable { status, detail }
            }
        }
    }

    /// Whether it is a problem of this kind.
    pub(crate) fn is(&self, kind: ProblemType) -> bool {
        matches!(self, Self::Refused(problem) if problem.kind == kind.uri())
    }

    /// Whether it is this one of its kind.
    pub(crate) fn is_coded(&self, code: ProblemCode) -> bool {
        matches!(self, Self::Refused(problem) if problem.code.as_deref() == Some(code.as_str()))
    }

    /// What the server says is wrong with one field: the code, and its words.
    pub(crate) fn of_field(&self, field: &str) -> Option<(&str, &str)> {
        match self {
            Self::Refused(problem) => problem
                .errors
                .iter()
                .find(|each| each.variable.as_deref() == Some(field))
                .map(|each| (each.code.as_str(), each.detail.as_str())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_understood() {
        let problem = r#"{"type":"urn:seinpost:problem:invalid","title":"Something in it is not right","status":422,
            "detail":"It is not a URL.","errors":[{"code":"url","variable":"url","detail":"It has no host."}]}"#;
        let error = ApiError::from_answer(422, problem);
        assert!(error.is(ProblemType::Invalid));
        assert!(!error.is(ProblemType::NotFound));
        assert_eq!(error.of_field("url"), Some(("url", "It has no host.")));
        assert_eq!(error.of_field("type"), None);
    }

    #[test]
    fn what_a_proxy_says_is_kept() {
        for (text, expected) in [("<h1>Bad gateway</h1>", "<h1>Bad gateway</h1>"), ("", ""), ("null", "null")] {
            assert_eq!(
                ApiError::from_answer(502, text),
                ApiError::Unreadable { status: 502, detail: expected.to_owned() }
            );
        }
        let ApiError::Unreadable { detail, .. } = ApiError::from_answer(500, &"é".repeat(1000)) else {
            panic!("no problem document");
        };
        assert_eq!(detail.chars().count(), 200);
    }
}
