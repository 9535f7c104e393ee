//! Pages of lists: `?limit=` and `?cursor=`.

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next as Run,
    response::{IntoResponse, Response},
};
use seinpost_protocol::rest::Page;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

/// How many rows a page has unless asked otherwise.
const DEFAULT: u32 = 50;
/// How many rows a page can have.
const MOST: u32 = 200;

/// Which page is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// How many rows: 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl Paging {
    /// The cursor, where it is the id of the last row of the page before.
    pub(super) fn cursor_as<T: std::str::FromStr>(&self) -> Result<Option<T>, ApiError> {
        self.cursor.as_deref().map(str::parse).transpose().map_err(|_| unknown())
    }

    /// How many rows to answer.
    pub(super) fn limit(&self) -> Result<u32, ApiError> {
        let Some(text) = &self.limit else { return Ok(DEFAULT) };
        let number = text.parse().ok().filter(|number| (1..=MOST).contains(number));
        number.ok_or_else(|| ApiError::field("limit", "out-of-range", format!("a number from 1 to {MOST}")))
    }
}

/// The cursor is none that a page before gave.
pub(super) fn unknown() -> ApiError {
    ApiError::field("cursor", "invalid", "take it from `next` of the page before")
}

/// A page of a list; where there is another, the header `Link` says where (RFC 8288).
pub(super) struct Paged<T>(pub(super) Page<T>);

/// The cursor of the next page, on its way to the header.
#[derive(Clone)]
struct Next(String);

impl<T: Serialize> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        let next = self.0.next.clone();
        let mut response = Json(self.0).into_response();
        if let Some(next) = next {
            response.extensions_mut().insert(Next(next));
        }
        response
    }
}

/// Adds `Link` to the pages that have a next one: the same address, with another cursor and without a token.
pub(super) async fn link(request: Request, next: Run) -> Response {
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    let Some(Next(cursor)) = response.extensions_mut().remove() else { return response };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let kept = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.extend_pairs(kept.filter(|(name, _)| name != "cursor" && name != "access_token"));
    query.append_pair("cursor", &cursor);
    let value = format!("<{}?{}>; rel=\"next\"", uri.path(), query.finish());
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(header::LINK, value);
    }
    response
}

/// Cuts the row too many that tells whether there is another page; the cursor of that page.
pub(super) fn cut<T>(rows: &mut Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> String) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return None;
    }
    rows.truncate(limit);
    rows.last().map(cursor)
}
