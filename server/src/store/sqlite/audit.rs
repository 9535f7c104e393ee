//! The audit log: every change writes its entry in its own transaction.

use rusqlite::{Connection, Row, params};
use seinpost_protocol::rest::{ActorKind, AuditChange, Privacy};
use serde_json::{Map, Value, json};

use super::{context::Context, rows};
use crate::{
    id::AuditId,
    store::{Actor, AuditQuery, AuditRecord, StoreResult, WebhookRecord},
};

/// What stands for a secret.
const HIDDEN: &str = "***";
/// The columns that [`to_record`] reads, in its order.
const COLUMNS: &str = "id, kind, actor_kind, actor_id, actor_name, object_kind, object, object_name, changes";

/// What something was done to.
pub(super) struct Object<'a> {
    pub(super) kind: &'a str,
    pub(super) id: &'a str,
    pub(super) name: Option<&'a str>,
}

/// Writes an entry; who acts is known to the context.
pub(super) fn record(
    context: &mut Context<'_>,
    environment: u64,
    done: &str,
    object: &Object<'_>,
    changes: &[AuditChange],
) -> StoreResult<()> {
    let now = context.now();
    let id = context.next_audit(now);
    let actor = context.actor();
    // Changes are JSON themselves, so that they can be written.
    let changes = serde_json::to_string(changes).unwrap_or_else(|_| "[]".into());
    context
        .execute(
            "INSERT INTO audit (id, environment, kind, actor_kind, actor_id, actor_name, object_kind, object, object_name,
                                changes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                id,
                rows::number(environment),
                format!("{}.{done}", object.kind),
                actor.kind.as_str(),
                actor.id,
                actor.name,
                object.kind,
                object.id,
                object.name,
                changes
            ],
        )
        .map(drop)
}

/// Writes what happened to a webhook: it was made (no `before`), changed, or deleted (no `after`).
pub(super) fn webhook(
    context: &mut Context<'_>,
    done: &str,
    before: Option<&WebhookRecord>,
    after: Option<&WebhookRecord>,
) -> StoreResult<()> {
    let Some(subject) = after.or(before) else { return Ok(()) };
    let fields = |record: Option<&WebhookRecord>| record.map(fields).unwrap_or_default();
    on_webhook(context, done, subject, &differences(&fields(before), &fields(after)))
}

/// Writes what was done with a webhook.
pub(super) fn on_webhook(
    context: &mut Context<'_>,
    done: &str,
    webhook: &WebhookRecord,
    changes: &[AuditChange],
) -> StoreResult<()> {
    let shown = shown_url(&webhook.url);
    let object = Object { kind: "webhook", id: &webhook.id, name: Some(&shown) };
    record(context, webhook.environment, done, &object, changes)
}

/// A field: what it is, and what is shown of it.
struct Field {
    real: Value,
    shown: Value,
}

impl Field {
    fn open(value: Value) -> Self {
        Self { shown: value.clone(), real: value }
    }

    fn hidden(value: Value) -> Self {
        let shown = if value.is_null() { Value::Null } else { json!(HIDDEN) };
        Self { real: value, shown }
    }
}

/// What can be changed of a webhook, under the names of the REST API.
fn fields(webhook: &WebhookRecord) -> Vec<(String, Field)> {
    let mut fields = vec![
        ("type".to_owned(), Field::open(json!(webhook.types))),
        ("url".to_owned(), Field { real: json!(webhook.url), shown: json!(shown_url(&webhook.url)) }),
        ("profile".to_owned(), Field::open(json!(webhook.profile))),
        ("format".to_owned(), Field::open(json!(webhook.format))),
        ("digest_name".to_owned(), Field::open(json!(if webhook.digest_upper { "SHA-256" } else { "sha-256" }))),
        ("status".to_owned(), Field::open(json!(webhook.status))),
        ("disabled_reason".to_owned(), Field::open(json!(webhook.disabled_reason))),
        ("secret".to_owned(), Field::hidden(json!(webhook.secret))),
        (
            "client_certificate".to_owned(),
            Field::hidden(json!(webhook.client_identity.as_ref().map(|identity| &identity.certificate))),
        ),
    ];
    let options = serde_json::to_value(&webhook.options).unwrap_or_default();
    let mut shown = webhook.options.clone();
    shown.privacy = Privacy {
        recipient_key: shown.privacy.recipient_key.as_ref().map(|_| HIDDEN.to_owned()),
        ..shown.privacy.clone()
    };
    // Header fields often carry a password of the receiver.
    shown.headers = shown.headers.into_iter().map(|(name, _)| (name, HIDDEN.to_owned())).collect();
    let shown = serde_json::to_value(shown).unwrap_or_default();
    let options: Map<String, Value> = options.as_object().cloned().unwrap_or_default();
    for (name, real) in options {
        let shown = shown.get(&name).cloned().unwrap_or_default();
        fields.push((name, Field { real, shown }));
    }
    fields
}

fn differences(before: &[(String, Field)], after: &[(String, Field)]) -> Vec<AuditChange> {
    let names = if after.is_empty() { before } else { after };
    let of = |fields: &[(String, Field)], name: &str| {
        let found = fields.iter().find(|(each, _)| each == name);
        found.map(|(_, field)| (field.real.clone(), field.shown.clone())).unwrap_or_default()
    };
    names
        .iter()
        .filter_map(|(name, _)| {
            let ((was, before), (is, after)) = (of(before, name), of(after, name));
            (was != is).then(|| AuditChange { field: name.clone(), before: present(before), after: present(after) })
        })
        .collect()
}

/// Changes from nothing to these values.
pub(super) fn made<const N: usize>(fields: [(&str, Value); N]) -> Vec<AuditChange> {
    let changes = fields.into_iter().filter_map(|(name, value)| {
        Some(AuditChange { field: name.to_owned(), before: None, after: Some(present(value)?) })
    });
    changes.collect()
}

/// `null` is what is not there.
fn present(value: Value) -> Option<Value> {
    (!value.is_null()).then_some(value)
}

fn shown_url(url: &str) -> String {
    // What was stored was parsed before; if it cannot be any more, nothing of it is shown.
    let Ok(mut url) = url::Url::parse(url) else { return String::new() };
    // A URL without a host has neither, and none is stored.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}

pub(super) fn list(
    connection: &Connection,
    environment: u64,
    query: &AuditQuery,
) -> rusqlite::Result<Vec<AuditRecord>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM audit
             WHERE environment = ?1 AND id < ?2 AND (?3 IS NULL OR kind = ?3 OR object_kind = ?3)
               AND (?4 IS NULL OR actor_id = ?4 OR actor_kind = ?4) AND (?5 IS NULL OR object = ?5)
             ORDER BY id DESC LIMIT ?6"
        ))?
        .query_map(
            params![
                rows::number(environment),
                query.before.map_or(i64::MAX, |id| id.0),
                query.kind,
                query.actor,
                query.object,
                query.limit
            ],
            to_record,
        )?
        .collect()
}

fn to_record(row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    let kind = row.get_ref(2)?.as_str()?;
    let kind = ActorKind::ALL.into_iter().find(|each| each.as_str() == kind);
    Ok(AuditRecord {
        id: AuditId(row.get(0)?),
        kind: row.get(1)?,
        actor: Actor {
            kind: kind.ok_or_else(|| rows::unknown(2, "kind of actor"))?,
            id: row.get(3)?,
            name: row.get(4)?,
        },
        object_kind: row.get(5)?,
        object: row.get(6)?,
        object_name: row.get(7)?,
        changes: serde_json::from_str(row.get_ref(8)?.as_str()?).map_err(|_| rows::unknown(8, "list of changes"))?,
    })
}
