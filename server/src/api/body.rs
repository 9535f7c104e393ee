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

use super::{
    error::{ApiError, said_back},
    form,
};

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

/// A value at `path` (`rate.per_second`; `.` is the whole) that is no such thing, in the words of serde, which are put into
/// those of people: nobody who sends a form thinks of variants, and a body in one line has no use for its line.
fn invalid(path: &str, said: String) -> ApiError {
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
    let within = |name: &str| match path {
        "." => name.to_owned(),
        // The path may end in the field already.
        _ if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        _ => format!("{path}.{name}"),
    };
    if let Some(name) = quoted(said, "missing field ") {
        return ApiError::field(&within(name), "missing", "it must be there");
    }
    if let Some(name) = quoted(said, "unknown field ") {
        let rest = said.split_once("`, ").map_or_else(String::new, |(_, rest)| format!("; {rest}"));
        return ApiError::unknown(&within(name), format!("no such field{rest}"));
    }
    let detail = match (quoted(said, "unknown variant "), said.split_once("`, ")) {
        (Some(given), Some((_, rest))) => format!("not `{}`; {rest}", said_back(given)),
        _ => said.to_owned(),
    };
    if path == "." {
        return ProblemType::Invalid.because(format!("{detail}.")).into();
    }
    ApiError::field(path, "invalid-value", detail)
}

/// What is quoted after `before`, with which `said` begins.
fn quoted<'a>(said: &'a str, before: &str) -> Option<&'a str> {
    said.strip_prefix(before)?.strip_prefix('`')?.split('`').next()
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::rest::{NewToken, NewWebhook};

    use super::*;

    fn problem<T: DeserializeOwned>(body: &str) -> String {
        let Err(error) = read::<T>(&HeaderMap::new(), &Bytes::copy_from_slice(body.as_bytes())) else {
            panic!("{body} is taken")
        };
        let problem = error.problem();
        let errors: Vec<_> = problem.errors.iter().map(|each| (each.variable.as_deref(), each.code.as_str())).collect();
        format!("{errors:?} {}", problem.detail.as_deref().unwrap_or_default())
    }

    #[test]
    fn what_is_wrong_with_a_body_is_said_by_its_place_and_in_words() {
        for (said, expected) in [
            (problem::<NewWebhook>("{}"), r#"[(Some("type"), "missing")] type: it must be there"#),
            (problem::<NewToken>(r#"{"name": "a"}"#), r#"[(Some("scopes"), "missing")] scopes: it must be there"#),
            (
                problem::<NewWebhook>(r#"{"type": "bounce", "url": "https://a.example", "rate": {"burst": 1}}"#),
                r#"[(Some("rate.per_second"), "missing")] rate.per_second: it must be there"#,
            ),
            (
                problem::<NewWebhook>(r#"{"type": "bounce", "url": "https://a.example", "format": "xml"}"#),
                r#"[(Some("format"), "invalid-value")] format: not `xml`; expected `json` or `form`"#,
            ),
        ] {
            assert_eq!(said, expected);
        }
        let unknown = problem::<NewToken>(&format!(r#"{{"name": "a", "scopes": [], "{}": 1}}"#, "x".repeat(9000)));
        assert!(
            unknown.contains("\"unknown\")] xxx") && unknown.contains("no such field; expected one of"),
            "{unknown}"
        );
        assert!(unknown.len() < 500, "{unknown}");
        let nested = problem::<NewWebhook>(r#"{"type": "bounce", "url": "https://a.example", "filter": {"tag": {}}}"#);
        assert!(nested.starts_with(r#"[(Some("filter.tag"), "unknown")]"#), "{nested}");
    }
}
