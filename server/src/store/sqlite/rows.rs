//! How values stand in columns.

use rusqlite::{
    Connection, Row,
    types::{FromSqlError, Type},
};
use seinpost_protocol::{
    event::EventType,
    rest::{
        BodyFormat, DeliveryStatus, DisabledCode, Filter, KeyStatus, Profile, Types, WebhookOptions, WebhookStatus,
    },
};

use crate::store::{EventKind, Happening, WebhookKey};

/// A column that holds what this program never writes.
#[derive(Debug)]
struct Unknown(&'static str);

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no known {}", self.0)
    }
}

impl std::error::Error for Unknown {}

pub(super) fn unknown(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(Unknown(what)))
}

/// A column whose bytes cannot be read.
pub(super) fn damaged(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(Unknown(what)))
}

/// Environments are numbered from 1, so their numbers fit.
pub(super) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

pub(super) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| FromSqlError::OutOfRange(number).into())
}

/// The number of a type of event in the database: never changed, never given to another.
pub(super) fn type_number(kind: EventKind) -> i64 {
    match kind {
        EventKind::Mail(EventType::Bounce) => 1,
        EventKind::Mail(EventType::Failure) => 2,
        EventKind::Mail(EventType::Click) => 3,
        EventKind::Mail(EventType::Open) => 4,
        EventKind::Mail(EventType::Delivery) => 5,
        EventKind::Mail(EventType::Abuse) => 6,
        EventKind::Mail(EventType::Profile) => 7,
        EventKind::WebhookDisabled => 8,
    }
}

pub(super) fn event_kind(row: &Row<'_>, column: usize) -> rusqlite::Result<EventKind> {
    let number: i64 = row.get(column)?;
    EventType::ALL
        .into_iter()
        .map(EventKind::Mail)
        .chain([EventKind::WebhookDisabled])
        .find(|each| type_number(*each) == number)
        .ok_or_else(|| unknown(column, "type of event"))
}

pub(super) fn delivery_status_number(status: DeliveryStatus) -> i64 {
    match status {
        DeliveryStatus::Pending => 0,
        DeliveryStatus::Delivered => 1,
        DeliveryStatus::Failed => 2,
        DeliveryStatus::Cancelled => 3,
    }
}

pub(super) fn delivery_status(row: &Row<'_>, column: usize) -> rusqlite::Result<DeliveryStatus> {
    Ok(match row.get::<_, i64>(column)? {
        0 => DeliveryStatus::Pending,
        1 => DeliveryStatus::Delivered,
        2 => DeliveryStatus::Failed,
        3 => DeliveryStatus::Cancelled,
        _ => return Err(unknown(column, "delivery status")),
    })
}

pub(super) fn webhook_status(column: usize, text: &str) -> rusqlite::Result<WebhookStatus> {
    [WebhookStatus::Unverified, WebhookStatus::Active, WebhookStatus::Paused, WebhookStatus::Disabled]
        .into_iter()
        .find(|each| each.as_str() == text)
        .ok_or_else(|| unknown(column, "webhook status"))
}

pub(super) fn profile(column: usize, text: &str) -> rusqlite::Result<Profile> {
    Profile::ALL.into_iter().find(|each| each.as_str() == text).ok_or_else(|| unknown(column, "profile"))
}

pub(super) fn format(column: usize, text: &str) -> rusqlite::Result<BodyFormat> {
    [BodyFormat::Json, BodyFormat::Form]
        .into_iter()
        .find(|each| each.as_str() == text)
        .ok_or_else(|| unknown(column, "body format"))
}

pub(super) fn key_status_text(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Next => "next",
        KeyStatus::Current => "current",
        KeyStatus::Retired => "retired",
    }
}

pub(super) fn key_status(column: usize, text: &str) -> rusqlite::Result<KeyStatus> {
    [KeyStatus::Next, KeyStatus::Current, KeyStatus::Retired]
        .into_iter()
        .find(|each| key_status_text(*each) == text)
        .ok_or_else(|| unknown(column, "key status"))
}

pub(super) fn happening(column: usize, text: &str) -> rusqlite::Result<Happening> {
    Happening::ALL.into_iter().find(|each| each.as_str() == text).ok_or_else(|| unknown(column, "happening"))
}

/// Names separated by spaces.
pub(super) fn types_text(types: &Types) -> String {
    types.as_slice().iter().map(|each| each.as_str()).collect::<Vec<_>>().join(" ")
}

pub(super) fn disabled_code(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DisabledCode>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
    let found = DisabledCode::ALL.into_iter().find(|each| each.as_str() == text);
    found.map(Some).ok_or_else(|| unknown(column, "code of why it is disabled"))
}

pub(super) fn types(column: usize, text: &str) -> rusqlite::Result<Types> {
    let names = text.split(' ').map(str::parse).collect::<Result<Vec<EventType>, _>>();
    names.ok().and_then(Types::new).ok_or_else(|| unknown(column, "type of event"))
}

/// The API's own JSON.
pub(super) fn options_text(options: &WebhookOptions) -> String {
    // A struct of texts and numbers: there is nothing in it that JSON cannot hold.
    serde_json::to_string(options).unwrap_or_else(|_| "{}".into())
}

pub(super) fn options(column: usize, text: &str) -> rusqlite::Result<WebhookOptions> {
    serde_json::from_str(text).map_err(|_| unknown(column, "options"))
}

/// The secrets that sign along, and until when each does, of these two columns. Of before there could be several, one stands
/// there by itself and its end in the second column.
pub(super) fn old_secrets(row: &Row<'_>, column: usize, until: usize) -> rusqlite::Result<Vec<(String, i64)>> {
    match (row.get_ref(column)?.as_str_or_null()?, row.get(until)?) {
        (None, _) => Ok(Vec::new()),
        (Some(secret), Some(until)) => Ok(vec![(secret.to_owned(), until)]),
        (Some(text), None) => serde_json::from_str(text).map_err(|_| unknown(column, "list of secrets")),
    }
}

/// What stands in the first of these columns; the second one is empty.
pub(super) fn old_secrets_text(secrets: &[(String, i64)]) -> Option<String> {
    // Texts and numbers, as with the options.
    if secrets.is_empty() { None } else { serde_json::to_string(secrets).ok() }
}

/// A webhook that gets events of a type.
#[derive(Clone, Debug)]
pub(super) struct Subscriber {
    pub(super) webhook: WebhookKey,
    /// Which of them, if not all.
    pub(super) filter: Option<Filter>,
}

/// The webhooks that get the events of `event_type`.
pub(super) fn subscribers(
    connection: &Connection,
    environment: u64,
    event_type: EventType,
) -> rusqlite::Result<Vec<Subscriber>> {
    connection
        .prepare_cached(
            "SELECT key, types, unseal(options, 'webhook.options', id) FROM webhook
             WHERE environment = ?1 AND deleted IS NULL AND status <> 'unverified' ORDER BY key",
        )?
        .query_map([number(environment)], |row| {
            let types = types(1, row.get_ref(1)?.as_str()?)?;
            if !types.as_slice().contains(&event_type) {
                return Ok(None);
            }
            let filter = options(2, row.get_ref(2)?.as_str()?)?.filter;
            let filter = (!filter.is_open()).then_some(filter);
            Ok(Some(Subscriber { webhook: WebhookKey(row.get(0)?), filter }))
        })?
        .filter_map(Result::transpose)
        .collect()
}
