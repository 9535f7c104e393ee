//! Refuses parameters of the query that a call does not know: a filter that is misspelt would filter nothing, and all
//! there is would look like what was asked for.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::error::ApiError;

/// A token, which any call takes.
const TOKEN: &str = "access_token";

/// What SMTPeter's customers call as they always did takes what they always sent along.
const LENIENT: [&str; 7] = [
    "/v1/webhook",
    "/v1/webhooks",
    "/v1/feedbackloop",
    "/v1/feedbackloops",
    "/v1/events/messageid/",
    "/v1/events/email/",
    "/v1/events/tags/",
];

/// Below this it is strict: pages, the document and what watches the server are opened with whatever gets past a cache.
const STRICT: &str = "/v1/";

/// The parameters of each call, by its method and the path of its route.
pub(super) struct Known(HashMap<(String, String), Vec<String>>);

impl Known {
    /// As the description of the API has them.
    pub(super) fn of(document: &Value) -> Self {
        let mut known = HashMap::new();
        let paths = document["paths"].as_object();
        for (path, operations) in
            paths.into_iter().flatten().filter(|(path, _)| path.starts_with(STRICT) && !is_lenient(path))
        {
            for (method, operation) in operations.as_object().into_iter().flatten() {
                let names: Vec<String> = operation["parameters"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|parameter| parameter["in"] == "query")
                    .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
                    .collect();
                known.insert((method.to_uppercase(), path.clone()), names);
            }
        }
        Self(known)
    }

    /// Why this call is refused, if it is.
    fn check(&self, method: &str, path: &str, query: &str) -> Result<(), ApiError> {
        let Some(names) = self.0.get(&(method.to_owned(), path.to_owned())) else { return Ok(()) };
        let given = url::form_urlencoded::parse(query.as_bytes());
        let unknown = given.map(|(name, _)| name).find(|name| name != TOKEN && !names.iter().any(|each| each == name));
        unknown.map_or(Ok(()), |name| {
            let takes = names.iter().map(|each| format!("`{each}`")).collect::<Vec<_>>().join(", ");
            let detail = match names.as_slice() {
                [] => "this call has no parameters".to_owned(),
                _ => format!("no parameter of this call, which takes {takes}"),
            };
            Err(ApiError::unknown(&name, detail))
        })
    }
}

fn is_lenient(path: &str) -> bool {
    LENIENT.iter().any(|each| if each.ends_with('/') { path.starts_with(each) } else { path == *each })
}

/// Lets a call through whose parameters are all known.
pub(super) async fn known(State(known): State<Arc<Known>>, request: Request, next: Next) -> Response {
    if let (Some(query), Some(path)) = (request.uri().query(), request.extensions().get::<MatchedPath>())
        && let Err(refusal) = known.check(request.method().as_str(), path.as_str(), query)
    {
        return refusal.into_response();
    }
    next.run(request).await
}
