//! Errors, as RFC 9457 problem details.

use serde::{Deserialize, Serialize};

/// The body of an error: `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:seinpost:problem:NAME`, the same for every occurrence of the kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of thing happened, in few words.
    pub title: String,
    /// The status code.
    pub status: u16,
    /// What happened this time, what it means, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Which one of its kind it is, where a program may want to tell them apart: the name of a [`ProblemCode`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The places in the request that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<VariableProblem>,
}

/// One thing that is wrong in what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VariableProblem {
    /// A stable code, such as `missing` or `invalid-json`.
    pub code: String,
    /// The line, from 1, in a body of one event a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The variable or field that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// The position in the line or body, in bytes from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl Problem {
    /// The same, told apart from others of its kind.
    #[must_use]
    pub fn coded(self, code: ProblemCode) -> Self {
        Self { code: Some(code.as_str().into()), ..self }
    }
}

/// Which one of its kind a problem is. The names stay the same from version to version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemCode {
    /// The callback URL has not been verified, so nothing is sent to it.
    UrlUnverified,
    /// The receiver is being checked already.
    BeingChecked,
    /// Somebody else changed it at the same moment.
    ChangedMeanwhile,
    /// The webhook has no secret: its calls are signed with a key.
    NoSecret,
    /// As many old secrets sign along as can.
    ManySecrets,
    /// DNS does not show the key that is to sign.
    KeyNotPublished,
    /// What is to be sent again was a test.
    WasATest,
    /// The webhook was deleted.
    WebhookDeleted,
    /// The event is no longer kept.
    EventForgotten,
    /// The token or session does not have the scope that is needed.
    ScopeMissing,
    /// A scope is handed on by somebody who does not have it.
    ScopeNotHeld,
    /// The server's disk is full.
    DiskFull,
}

impl ProblemCode {
    /// The `code` member.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UrlUnverified => "url-unverified",
            Self::BeingChecked => "being-checked",
            Self::ChangedMeanwhile => "changed-meanwhile",
            Self::NoSecret => "no-secret",
            Self::ManySecrets => "many-secrets",
            Self::KeyNotPublished => "key-not-published",
            Self::WasATest => "was-a-test",
            Self::WebhookDeleted => "webhook-deleted",
            Self::EventForgotten => "event-forgotten",
            Self::ScopeMissing => "scope-missing",
            Self::ScopeNotHeld => "scope-not-held",
            Self::DiskFull => "disk-full",
        }
    }
}

impl From<&crate::payload::DecodeError> for VariableProblem {
    fn from(error: &crate::payload::DecodeError) -> Self {
        Self {
            code: error.code.as_str().into(),
            line: None,
            variable: error.variable.clone(),
            offset: error.offset.map(|offset| offset as u64),
            detail: error.detail().into(),
        }
    }
}

/// The kinds of problem that the API answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemType {
    /// 400: the request cannot be read.
    BadRequest,
    /// 401: no token, or none that is known.
    Unauthorized,
    /// 403: the token may not do this, or the call may be forged.
    Forbidden,
    /// 404: there is no such thing here.
    NotFound,
    /// 405: the method is not for this resource.
    MethodNotAllowed,
    /// 408: the body did not come in time (RFC 9110 §15.5.9).
    RequestTimeout,
    /// 409: it contradicts what is there.
    Conflict,
    /// 412: it was changed since it was read.
    PreconditionFailed,
    /// 413: the body is too large.
    TooLarge,
    /// 415: the content type is not one that is read here.
    UnsupportedMediaType,
    /// 422: it can be read, but not be done.
    Invalid,
    /// 429: too many calls in a short time.
    TooManyRequests,
    /// 500: the fault is the server's.
    Internal,
    /// 503: the server cannot take it now.
    Unavailable,
}

impl ProblemType {
    /// The `type` member, for programs.
    #[must_use]
    pub fn uri(self) -> &'static str {
        self.parts().0
    }

    /// The `title` member.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.parts().1
    }

    /// The status code.
    #[must_use]
    pub fn status(self) -> u16 {
        self.parts().2
    }

    /// A problem of this kind, with what happened this time.
    #[must_use]
    pub fn because(self, detail: impl Into<String>) -> Problem {
        Problem {
            kind: self.uri().into(),
            title: self.title().into(),
            status: self.status(),
            detail: Some(detail.into()),
            code: None,
            errors: Vec::new(),
        }
    }

    fn parts(self) -> (&'static str, &'static str, u16) {
        match self {
            Self::BadRequest => ("urn:seinpost:problem:bad-request", "The request cannot be read", 400),
            Self::Unauthorized => ("urn:seinpost:problem:unauthorized", "A valid token is needed", 401),
            Self::Forbidden => ("urn:seinpost:problem:forbidden", "Not allowed", 403),
            Self::NotFound => ("urn:seinpost:problem:not-found", "There is no such thing here", 404),
            Self::MethodNotAllowed => ("urn:seinpost:problem:method-not-allowed", "Not with this method", 405),
            Self::RequestTimeout => ("urn:seinpost:problem:request-timeout", "The body did not come in time", 408),
            Self::Conflict => ("urn:seinpost:problem:conflict", "It contradicts what is there", 409),
            Self::PreconditionFailed => {
                ("urn:seinpost:problem:precondition-failed", "It was changed since it was read", 412)
            }
            Self::TooLarge => ("urn:seinpost:problem:too-large", "The body is too large", 413),
            Self::UnsupportedMediaType => {
                ("urn:seinpost:problem:unsupported-media-type", "This content type is not read here", 415)
            }
            Self::Invalid => ("urn:seinpost:problem:invalid", "Something in it is not right", 422),
            Self::TooManyRequests => ("urn:seinpost:problem:too-many-requests", "Too many calls in a short time", 429),
            Self::Internal => ("urn:seinpost:problem:internal", "The fault is ours", 500),
            Self::Unavailable => ("urn:seinpost:problem:unavailable", "Not now", 503),
        }
    }
}
