//! Errors, all in one form: `application/problem+json` (RFC 9457).

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use seinpost_protocol::{
    payload::DecodeError,
    rest::{InvalidOption, Problem, ProblemCode, ProblemType, VariableProblem},
};

use crate::{
    egress::InvalidTarget,
    keyring::KeyringError,
    listen::{Cut, Fate},
    store::StoreError,
};

/// What is said of a body that is larger than its call takes.
pub(super) const TOO_LARGE: &str = "The body is larger than this call takes: 1 MiB, 16 MiB for a batch of events, or 16 KiB to sign in. Nothing of it was kept.";

/// The content type of every error.
const PROBLEM_JSON: &str = "application/problem+json";

/// What a handler answers when it cannot do what was asked.
#[derive(Clone, Debug)]
pub struct ApiError(Box<Problem>);

impl ApiError {
    /// What is answered.
    #[cfg(test)]
    pub(super) fn problem(&self) -> &Problem {
        &self.0
    }

    /// There is no such thing, or it is somebody else's.
    pub(super) fn not_found(what: &str) -> Self {
        ProblemType::NotFound.because(format!("There is no such {what} in this environment.")).into()
    }

    /// One field is wrong.
    pub(super) fn field(name: &str, code: &str, detail: impl Into<String>) -> Self {
        let (code, variable, detail) = (code.into(), Some(name.into()), detail.into());
        let wrong = VariableProblem { code, line: None, variable, offset: None, detail };
        let mut problem = ProblemType::Invalid.because(said(&wrong));
        problem.errors.push(wrong);
        problem.into()
    }

    /// There is no such field or parameter. However long its name is, the answer is short.
    pub(super) fn unknown(name: &str, detail: impl Into<String>) -> Self {
        Self::field(said_back(name), "unknown", detail)
    }

    /// Fields that are wrong, said together: nobody is sent back for one after the other.
    fn and(mut self, other: Self) -> Self {
        /// More than these are not in the sentence, but still in the list.
        const SAID: usize = 4;
        self.0.errors.extend(other.0.errors);
        let mut said: Vec<String> = self.0.errors.iter().take(SAID).map(said).collect();
        if self.0.errors.len() > SAID {
            said.push("and more".into());
        }
        self.0.detail = Some(said.join("; "));
        self
    }
}

/// As much of what was sent as is said back.
pub(super) fn said_back(text: &str) -> &str {
    /// In characters.
    const MOST: usize = 64;
    text.char_indices().nth(MOST).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// What is wrong with a field, and with which.
fn said(wrong: &VariableProblem) -> String {
    match &wrong.variable {
        Some(variable) => format!("{variable}: {}", wrong.detail),
        None => wrong.detail.clone(),
    }
}

/// Both, or all that is wrong with them.
pub(super) fn both<A, B>(one: Result<A, ApiError>, other: Result<B, ApiError>) -> Result<(A, B), ApiError> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(one), Err(other)) => Err(one.and(other)),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::IdempotencyConflict => ProblemType::Conflict.because(
                "This Idempotency-Key was used within the last 24 hours with another body. Use a new key for each call.",
            ),
            StoreError::Full(_) => {
                tracing::error!(%error, "nothing can be stored");
                ProblemType::Unavailable
                    .because("Nothing can be stored: the server's disk is full. Nothing of this call was kept; try again later.")
                    .coded(ProblemCode::DiskFull)
            }
            other => {
                tracing::error!(error = %other, "the store failed");
                ProblemType::Internal
                    .because("The store did not do what it was asked. Nothing of this call was kept; the server's log tells more.")
            }
        }
        .into()
    }
}

impl From<KeyringError> for ApiError {
    fn from(error: KeyringError) -> Self {
        if let KeyringError::NotPublished(why) = error {
            return ProblemType::Conflict.because(why).coded(ProblemCode::KeyNotPublished).into();
        }
        tracing::error!(%error, "there is no key");
        ProblemType::Internal.because("There is no key to sign with; the server's log tells more.").into()
    }
}

impl From<InvalidTarget> for ApiError {
    fn from(error: InvalidTarget) -> Self {
        Self::field("url", "invalid-url", error.to_string())
    }
}

/// Settings that cannot be so, if there are any.
pub(super) fn refuse(faults: Vec<InvalidOption>) -> Result<(), ApiError> {
    let errors = faults.into_iter().map(|fault| ApiError::field(&fault.place, fault.code, fault.detail));
    errors.reduce(ApiError::and).map_or(Ok(()), Err)
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(*self.0)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"seinpost\""));
        }
        response
    }
}

/// What is wrong with an event, as the API says it.
pub(super) fn variable_problem(error: &DecodeError, line: Option<u64>) -> VariableProblem {
    VariableProblem {
        code: error.code.as_str().into(),
        line,
        variable: error.variable.clone(),
        offset: error.offset.and_then(|offset| u64::try_from(offset).ok()),
        detail: error.detail().into(),
    }
}

/// What is asked for is not there.
pub(super) async fn not_found() -> ApiError {
    ProblemType::NotFound
        .because("There is no such call. The calls are described in the documentation of the API.")
        .into()
}

/// The answer where a body was not read to its end. The connection is not used any further, as the rest of the body may
/// still come (RFC 9110 §15.5.9).
fn cut_off(cut: Cut, version: Version) -> Response {
    let problem = match cut {
        Cut::TooSlow(limit) => ProblemType::RequestTimeout.because(format!(
            "The body did not come within {} s. Nothing of it was kept; make the call again.",
            limit.as_secs_f64()
        )),
        Cut::NoRoom => ProblemType::Unavailable
            .because("The server has no room for this body beside those of other calls. Nothing of it was kept; make the call again in a moment."),
    };
    let mut response = ApiError::from(problem).into_response();
    if cut == Cut::NoRoom {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if version <= Version::HTTP_11 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The answer where the body of a request broke off, or was cut off.
pub(super) fn broke_off(fate: &Fate, version: Version) -> Response {
    match fate.cut() {
        Some(cut) => cut_off(cut, version),
        None => ApiError::from(unreadable()).into_response(),
    }
}

fn unreadable() -> Problem {
    ProblemType::BadRequest.because("The request cannot be read.")
}

/// Gives every error the same form, also those of the framework (a method that is not there, a body that is too large).
pub(super) async fn problems(request: Request, next: Next) -> Response {
    let (method, version) = (request.method().clone(), request.version());
    let fate = request.extensions().get::<Fate>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    // Whatever the reader of the body made of its breaking off.
    if status.is_client_error()
        && let Some(cut) = fate.as_ref().and_then(Fate::cut)
    {
        return cut_off(cut, version);
    }
    let is_ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == PROBLEM_JSON);
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = match status {
        StatusCode::NOT_FOUND => ProblemType::NotFound.because("There is no such call."),
        StatusCode::METHOD_NOT_ALLOWED => {
            // The framework adds that header after us.
            ProblemType::MethodNotAllowed
                .because(format!("{method} is not possible here; the header Allow names what is."))
        }
        StatusCode::PAYLOAD_TOO_LARGE => ProblemType::TooLarge.because(TOO_LARGE),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ProblemType::UnsupportedMediaType.because("This call does not read bodies of that Content-Type.")
        }
        status if status.is_server_error() => ProblemType::Internal.because("The server's log tells more."),
        _ => unreadable(),
    };
    ApiError::from(problem).into_response()
}
