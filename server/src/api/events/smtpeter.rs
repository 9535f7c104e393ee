//! `GET /v1/events/messageid/ID`, `/email/ADDRESS` and `/tags/TAG1;TAG2`, as SMTPeter's customers know them.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use serde_json::json;

use super::search::keys;
use crate::{
    api::{
        caller::Caller,
        error::ApiError,
        logfiles::{self, DAY, record},
    },
    app::App,
    id::{EventId, first_at},
    store::{EventQuery, SearchKey},
};

/// How long a time can be asked for: a month.
const MOST: i64 = 31 * DAY;
/// How many events are read at a time.
const AT_A_TIME: u32 = 200;

/// Of which days, and with which tags.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Days {
    /// The first day, `YYYY-MM-DD` in UTC. Without it, the month before `end`.
    start: Option<String>,
    /// The day after the last one; at most a month after `start`.
    end: Option<String>,
    /// Tags, separated by `;`: events that have all of them.
    tags: Option<String>,
}

/// The events of a message.
#[utoipa::path(
    get,
    path = "/events/messageid/{id}",
    operation_id = "listEventsOfMessage",
    tag = "Events",
    summary = "The events of a message, as SMTPeter answers them",
    params(("id" = String, Path, description = "The message's id"), Days),
    responses((
        status = 200, description = "The events, the oldest first", body = Vec<Value>,
        example = json!([{"event": "open", "data": {"id": "msg-7f3a19", "time": "2025-11-25 13:05:12"}}])
    ))
)]
pub(in crate::api) async fn of_message(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(days): Query<Days>,
) -> Result<Response, ApiError> {
    let keys = keys(Some(id), None, days.tags.as_deref())?;
    answer(app, caller, keys, &days)
}

/// The events of a recipient.
#[utoipa::path(
    get,
    path = "/events/email/{address}",
    operation_id = "listEventsOfRecipient",
    tag = "Events",
    summary = "The events of a recipient, as SMTPeter answers them",
    params(("address" = String, Path, description = "The recipient's address"), Days),
    responses((
        status = 200, description = "The events, the oldest first", body = Vec<Value>,
        example = json!([{"event": "open", "data": {"id": "msg-7f3a19", "time": "2025-11-25 13:05:12"}}])
    ))
)]
pub(in crate::api) async fn of_recipient(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(address): Path<String>,
    Query(days): Query<Days>,
) -> Result<Response, ApiError> {
    let keys = keys(None, Some(address), days.tags.as_deref())?;
    answer(app, caller, keys, &days)
}

/// The events with all of these tags.
#[utoipa::path(
    get,
    path = "/events/tags/{tags}",
    operation_id = "listEventsWithTags",
    tag = "Events",
    summary = "The events with all of these tags, as SMTPeter answers them",
    params(("tags" = String, Path, description = "Tags, separated by `;`. An event is found by the first 32 that it has"), Days),
    responses((
        status = 200, description = "The events, the oldest first", body = Vec<Value>,
        example = json!([{"event": "open", "data": {"id": "msg-7f3a19", "time": "2025-11-25 13:05:12"}}])
    ))
)]
pub(in crate::api) async fn of_tags(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(tags): Path<String>,
    Query(days): Query<Days>,
) -> Result<Response, ApiError> {
    let all = match &days.tags {
        Some(more) => format!("{tags};{more}"),
        None => tags,
    };
    let keys = keys(None, None, Some(&all))?;
    if keys.is_empty() {
        return Err(ApiError::field("tags", "missing", "one or more, separated by ;"));
    }
    answer(app, caller, keys, &days)
}

fn answer(app: Arc<App>, caller: Caller, keys: Vec<SearchKey>, days: &Days) -> Result<Response, ApiError> {
    let (start, end) = time(days, app.clock.now())?;
    let query = EventQuery {
        keys,
        types: Vec::new(),
        ids: EventId(first_at(start))..EventId(first_at(end)),
        oldest_first: true,
        limit: AT_A_TIME,
    };
    let mut is_first = true;
    let rows = logfiles::events(app, caller.environment, query).map(move |page| {
        let mut text = String::new();
        for (_, event) in page? {
            let Some((logfile, values)) = record::named(&event) else { continue };
            let data = logfiles::object(logfile.columns(), &values);
            text.push_str(if is_first { "" } else { "," });
            text.push_str(&json!({"event": singular(logfile.prefix()), "data": data}).to_string());
            is_first = false;
        }
        Ok::<_, crate::store::StoreError>(Bytes::from(text))
    });
    let begin = stream::once(async { Ok(Bytes::from_static(b"[")) });
    let end = stream::once(async { Ok(Bytes::from_static(b"]")) });
    let body = Body::from_stream(begin.chain(rows).chain(end));
    Ok(([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

/// The time asked for: at most a month, `start` leading.
fn time(days: &Days, now: i64) -> Result<(i64, i64), ApiError> {
    let read = |name: &str, text: Option<&String>| {
        let date = text.map(|text| record::read_date(text).ok_or_else(|| text.clone()));
        date.transpose().map_err(|_| ApiError::field(name, "invalid", "a day such as 2026-01-31"))
    };
    let (start, end) = (read("start", days.start.as_ref())?, read("end", days.end.as_ref())?);
    let tomorrow = now.div_euclid(DAY).saturating_add(1).saturating_mul(DAY);
    Ok(match (start, end) {
        (Some(start), end) => {
            let last = start.saturating_add(MOST);
            (start, end.map_or(last, |end| end.min(last)))
        }
        (None, end) => {
            let end = end.unwrap_or(tomorrow);
            (end.saturating_sub(MOST), end)
        }
    })
}

/// What one of the events of a logfile is called.
fn singular(prefix: &str) -> &str {
    match prefix {
        "deliveries" => "delivery",
        other => other.strip_suffix('s').unwrap_or(other),
    }
}
