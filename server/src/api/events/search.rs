//! `GET /v1/events`

use std::sync::Arc;

use axum::extract::{Query, State};
use seinpost_protocol::{
    event::{Event, EventType},
    payload,
    rest::{EventSummary, Page, Timestamp},
};
use serde::Deserialize;

use crate::{
    api::{
        caller::Caller,
        error::ApiError,
        paging::{Paged, Paging},
    },
    app::App,
    id::{EventId, first_at},
    store::{EventKind, EventQuery, EventRecord, SearchKey},
};

/// How many tags can be asked for at a time.
const MOST_TAGS: usize = 16;

/// What is looked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Search {
    /// The id of the message that they are about.
    message: Option<String>,
    /// The address that the message was sent to; capitals make no difference.
    recipient: Option<String>,
    /// Tags, separated by `;`: events that have all of them. An event is found by the first 32 that it has.
    tags: Option<String>,
    /// Types, separated by `,`: events of one of them.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    event_type: Option<String>,
    /// Events that were taken in at this time or later.
    #[param(value_type = Option<Timestamp>, inline)]
    from: Option<String>,
    /// Events that were taken in before this time.
    #[param(value_type = Option<Timestamp>, inline)]
    until: Option<String>,
}

/// Finds events, newest first. Looking stops at a bound: a page can have fewer rows than asked for, or none, and a `next`.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "findEvents",
    tag = "Events",
    summary = "Find events, newest first",
    params(Search, Paging),
    responses((status = 200, description = "A page of events", body = Page<EventSummary>))
)]
pub(in crate::api) async fn find(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(search): Query<Search>,
    Query(paging): Query<Paging>,
) -> Result<Paged<EventSummary>, ApiError> {
    let limit = paging.limit()?;
    let before = paging.cursor_as::<EventId>()?;
    let from = time(search.from.as_deref(), "from")?.map_or(EventId(0), |at| EventId(first_at(at)));
    let until = time(search.until.as_deref(), "until")?.map_or(EventId(i64::MAX), |at| EventId(first_at(at)));
    let types = search.event_type.as_deref().map(types).transpose()?.unwrap_or_default();
    let query = EventQuery {
        keys: keys(search.message, search.recipient, search.tags.as_deref())?,
        types,
        ids: from..before.map_or(until, |before| before.min(until)),
        oldest_first: false,
        limit,
    };
    let found = app.store.find_events(caller.environment, query).await?;
    let data = found.events.iter().map(|(id, record)| summary(*id, record)).collect();
    Ok(Paged(Page { data, next: found.more_after.map(|id| id.to_string()) }))
}

/// What is looked for, what there are fewest of first.
pub(super) fn keys(
    message: Option<String>,
    recipient: Option<String>,
    tags: Option<&str>,
) -> Result<Vec<SearchKey>, ApiError> {
    let tags: Vec<_> = tags.unwrap_or_default().split(';').map(str::trim).filter(|tag| !tag.is_empty()).collect();
    if tags.len() > MOST_TAGS {
        return Err(ApiError::field("tags", "too-many", format!("at most {MOST_TAGS}, separated by ;")));
    }
    let tags = tags.into_iter().map(|tag| SearchKey::Tag(tag.into()));
    Ok(message.map(SearchKey::Message).into_iter().chain(recipient.map(SearchKey::Recipient)).chain(tags).collect())
}

fn types(text: &str) -> Result<Vec<EventKind>, ApiError> {
    let read = |name: &str| {
        let name = name.trim();
        EventKind::all()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| ApiError::field("type", "unknown", format!("{}, separated by commas", names())))
    };
    text.split(',').map(read).collect()
}

fn names() -> String {
    EventType::ALL.map(EventType::as_str).join(", ")
}

fn time(text: Option<&str>, name: &str) -> Result<Option<i64>, ApiError> {
    let wrong = |error: seinpost_protocol::rest::InvalidTimestamp| ApiError::field(name, "invalid", error.to_string());
    text.map(|text| text.parse::<Timestamp>().map(Timestamp::as_millis)).transpose().map_err(wrong)
}

/// An event in short.
pub(super) fn summary(id: EventId, record: &EventRecord) -> EventSummary {
    let event = payload::read_event(&record.body).ok();
    let text = |read: fn(&Event) -> Option<&str>| event.as_ref().and_then(read).map(str::to_owned);
    EventSummary {
        id: id.to_string(),
        event_type: record.event_type.as_str().into(),
        message: text(Event::id),
        recipient: text(Event::recipient),
        tags: event.as_ref().map(|event| event.tags().into_iter().map(str::to_owned).collect()).unwrap_or_default(),
        occurred: event
            .as_ref()
            .and_then(Event::time)
            .map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000))),
        created: Timestamp::from_millis(id.created()),
    }
}
