//! `/v1/logfiles`: a day's events of a kind as a table. Written as they are read: a day may have any number of them.

pub(super) mod record;
mod table;

use std::sync::Arc;

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt as _, stream};
use seinpost_protocol::rest::{Logfile, Problem};

use self::table::Form;
pub(super) use self::table::object;
use super::{caller::Caller, error::ApiError};
use crate::{
    app::App,
    id::{EventId, first_at},
    store::{EventQuery, EventRecord, StoreError, StoreResult},
};

/// A day, in milliseconds.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;
/// How many events are read at a time.
const AT_A_TIME: u32 = 200;

/// The days of which there are logfiles, the oldest first: by when events were taken in, in UTC.
#[utoipa::path(
    get,
    path = "/logfiles",
    operation_id = "listLogfileDays",
    tag = "Logfiles",
    summary = "The days of which there are logfiles",
    responses((status = 200, description = "The days", body = Vec<String>, example = json!(["2025-11-24", "2025-11-25"])))
)]
pub(super) async fn days(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Vec<String>>, ApiError> {
    let found = app.store.event_days(caller.environment).await?;
    let mut days: Vec<_> =
        found.into_iter().filter(|(kind, _)| !record::logfiles_of(*kind).is_empty()).map(|(_, day)| day).collect();
    days.sort_unstable();
    days.dedup();
    Ok(Json(days.into_iter().map(record::date).collect()))
}

/// `GET /v1/logfiles/DATE`: the names of a day's logfiles; `GET /v1/logfiles/NAME`: a logfile as CSV, without the names of
/// its columns.
#[utoipa::path(
    get,
    path = "/logfiles/{name}",
    operation_id = "getLogfile",
    tag = "Logfiles",
    summary = "The logfiles of a day, or one as CSV without the names of its columns",
    params(("name" = String, Path, description = "A day, `YYYY-MM-DD`, or a name, `PREFIX.YYYY-MM-DD.log`")),
    responses((
        status = 200, description = "Of a day: the names. Of a name: the file",
        content(
            (Vec<String> = "application/json", example = json!(["bounces.2025-11-25.log", "opens.2025-11-25.log"])),
            (String = "text/csv"),
        )
    ))
)]
pub(super) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Response, ApiError> {
    let Some(day) = record::read_date(&name) else { return file(app, caller, &name, Form::Csv).await };
    let found = app.store.event_days(caller.environment).await?;
    let kinds: Vec<_> = found.into_iter().filter(|(_, each)| *each == day).map(|(kind, _)| kind).collect();
    let there = |logfile: &Logfile| kinds.iter().any(|kind| record::logfiles_of(*kind).contains(logfile));
    let names = Logfile::ALL.into_iter().filter(there);
    let names: Vec<_> = names.map(|logfile| format!("{}.{name}.log", logfile.prefix())).collect();
    Ok(Json(names).into_response())
}

/// A logfile in another form.
#[utoipa::path(
    get,
    path = "/logfiles/{name}/{form}",
    operation_id = "getLogfileAs",
    tag = "Logfiles",
    summary = "A logfile as CSV with the names of its columns, as JSON or as XML",
    params(
        ("name" = String, Path, description = "`PREFIX.YYYY-MM-DD.log`"),
        ("form" = String, Path, description = "`header` (CSV with the names of the columns), `json` or `xml`"),
    ),
    responses(
        (
            status = 200, description = "The file",
            content((Vec<Value> = "application/json"), (String = "text/csv"), (String = "application/xml"))
        ),
        (status = 404, description = "There is no such logfile", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_as(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((name, form)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let form = match form.as_str() {
        "header" => Form::CsvWithHeader,
        "json" => Form::Json,
        "xml" => Form::Xml,
        _ => return Err(ApiError::not_found("form of a logfile (there are header, json and xml)")),
    };
    file(app, caller, &name, form).await
}

async fn file(app: Arc<App>, caller: Caller, name: &str, form: Form) -> Result<Response, ApiError> {
    let unknown = || ApiError::not_found("logfile");
    let (prefix, rest) = name.split_once('.').ok_or_else(unknown)?;
    let day = rest.strip_suffix(".log").and_then(record::read_date).ok_or_else(unknown)?;
    let logfile = Logfile::ALL.into_iter().find(|each| each.prefix() == prefix).ok_or_else(unknown)?;
    let extension = match form {
        Form::Csv | Form::CsvWithHeader => "csv",
        Form::Json => "json",
        Form::Xml => "xml",
    };
    let headers = [
        (header::CONTENT_TYPE, form.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}.{extension}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let query = EventQuery {
        keys: Vec::new(),
        types: record::kind_of(logfile).into_iter().collect(),
        ids: EventId(first_at(day))..EventId(first_at(day.saturating_add(DAY))),
        oldest_first: true,
        limit: AT_A_TIME,
    };
    let columns = logfile.columns();
    let mut is_first = true;
    let rows = events(app, caller.environment, query).map(move |page| {
        let mut text = String::new();
        for (_, event) in page? {
            // What came back is looked at for what it is: that takes a while.
            if let Some(row) = record::row(logfile, &event) {
                form.write(columns, &row, is_first, &mut text);
                is_first = false;
            }
        }
        Ok::<_, StoreError>(Bytes::from(text))
    });
    let begin = stream::once(async move { Ok(Bytes::from(form.begin(columns))) });
    let end = stream::once(async move { Ok(Bytes::from_static(form.end().as_bytes())) });
    Ok((headers, Body::from_stream(begin.chain(rows).chain(end))).into_response())
}

/// All events of a query, a page at a time.
pub(super) fn events(
    app: Arc<App>,
    environment: u64,
    query: EventQuery,
) -> impl futures_util::Stream<Item = StoreResult<Vec<(EventId, EventRecord)>>> + Send {
    let begin = if query.types.is_empty() && query.keys.is_empty() { None } else { Some(query) };
    stream::unfold(begin, move |query| {
        let app = Arc::clone(&app);
        async move {
            let mut query = query?;
            match app.store.find_events(environment, query.clone()).await {
                Ok(found) => {
                    let next = found.more_after.map(|after| {
                        query.ids.start = EventId(after.0.saturating_add(1));
                        query
                    });
                    Some((Ok(found.events), next))
                }
                Err(error) => {
                    tracing::error!(%error, "a logfile broke off");
                    Some((Err(error), None))
                }
            }
        }
    })
}
