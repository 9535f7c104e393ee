//! Pages of lists: `?limit=` and `?cursor=`.

use serde::Deserialize;

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
    /// How many rows to answer.
    pub(super) fn limit(&self) -> Result<u32, ApiError> {
        let Some(text) = &self.limit else { return Ok(DEFAULT) };
        let number = text.parse().ok().filter(|number| (1..=MOST).contains(number));
        number.ok_or_else(|| ApiError::field("limit", "out-of-range", format!("a number from 1 to {MOST}")))
    }
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
