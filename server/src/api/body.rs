//! Reading bodies that are JSON or a form.

use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use seinpost_protocol::rest::{ProblemType, VariableProblem};
use serde::de::DeserializeOwned;

use super::{error::ApiError, form};

/// Refuses a body that is compressed: none is unpacked here, so that none can grow (RFC 9110 §15.5.16).
pub(super) async fn plain(request: Request, next: Next) -> Response {
    let codings = request.headers().get_all(header::CONTENT_ENCODING);
    let is_plain = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    if codings.iter().all(is_plain) {
        return next.run(request).await;
    }
    let problem = ProblemType::UnsupportedMediaType.because(
        "A body is sent as it is: a Content-Encoding, such as gzip, is not read here. Nothing of it was kept.",
    );
    let mut response = ApiError::from(problem).into_response();
    response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    response
}

/// The media type of a body, in lower case and without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Reads a body as JSON, or as a form whose fields have the same names.
pub(super) fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, ApiError> {
    match media_type(headers).as_deref() {
        Some("application/x-www-form-urlencoded") => serde_path_to_error::deserialize(form::reader(body))
            .map_err(|error| invalid(&error.path().to_string(), error.inner().to_string())),
        // Without a Content-Type a body is taken for what it looks like: curl's -d sends a form unless told otherwise.
        None | Some("application/json") => json(body),
        Some(other) => Err(ProblemType::UnsupportedMediaType
            .because(format!("A body is application/json or application/x-www-form-urlencoded, not {other}."))
            .into()),
    }
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| match error.inner().is_data() {
        true => invalid(&error.path().to_string(), error.inner().to_string()),
        false => no_json(error.inner()),
    })?;
    reader.end().map_err(|error| no_json(&error))?;
    Ok(read)
}

fn no_json(error: &serde_json::Error) -> ApiError {
    let mut problem = ProblemType::BadRequest.because(format!("The body is not JSON: {error}."));
    problem.errors.push(VariableProblem {
        code: "invalid-json".into(),
        line: None,
        variable: None,
        offset: None,
        detail: error.to_string(),
    });
    problem.into()
}

/// A value at `path` (`rate.per_second`; `.` is the whole) that is no such thing.
fn invalid(path: &str, detail: String) -> ApiError {
    if path == "." {
        return ProblemType::Invalid.because(format!("{detail}.")).into();
    }
    ApiError::field(path, "invalid-value", detail)
}
