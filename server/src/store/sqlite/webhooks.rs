//! Webhooks.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, params};
use seinpost_protocol::rest::{DisabledCode, WebhookStatus};

use super::{audit, context::Context, events, rows};
use crate::store::{
    ClientIdentity, EventKind, Happening, HistoryRecord, StoreResult, Updated, WebhookKey, WebhookRecord,
};

/// The columns that [`to_webhook`] reads, in its order. What is secret in them is sealed (see `sealing`).
const COLUMNS: &str =
    "key, id, environment, types, unseal_url(url, 'webhook.url', id), profile, format, digest_upper, status,
     file, content, created, deleted, unseal(secret, 'webhook.secret', id),
     unseal(old_secret, 'webhook.old_secret', id), old_secret_until, disabled_reason,
     unseal(options, 'webhook.options', id), client_certificate, unseal(client_key, 'webhook.client_key', id), version,
     failing_since, status_since, status_by, disabled_code";

fn to_webhook(row: &Row<'_>) -> rusqlite::Result<WebhookRecord> {
    Ok(WebhookRecord {
        key: WebhookKey(row.get(0)?),
        id: row.get(1)?,
        environment: rows::id(row, 2)?,
        types: rows::types(3, row.get_ref(3)?.as_str()?)?,
        url: row.get(4)?,
        profile: rows::profile(5, row.get_ref(5)?.as_str()?)?,
        format: rows::format(6, row.get_ref(6)?.as_str()?)?,
        digest_upper: row.get(7)?,
        status: rows::webhook_status(8, row.get_ref(8)?.as_str()?)?,
        file: row.get(9)?,
        content: row.get(10)?,
        created: row.get(11)?,
        deleted: row.get(12)?,
        secret: row.get(13)?,
        old_secrets: rows::old_secrets(row, 14, 15)?,
        disabled_reason: row.get(16)?,
        options: rows::options(17, row.get_ref(17)?.as_str()?)?,
        client_identity: row
            .get::<_, Option<_>>(18)?
            .zip(row.get(19)?)
            .map(|(certificate, key)| ClientIdentity { certificate, key }),
        version: row.get(20)?,
        failing_since: row.get(21)?,
        status_since: row.get(22)?,
        status_by: row.get(23)?,
        disabled_code: rows::disabled_code(row, 24)?,
    })
}

pub(super) fn create(context: &mut Context<'_>, mut webhook: WebhookRecord) -> StoreResult<WebhookRecord> {
    (webhook.status_since, webhook.status_by) = (Some(webhook.created), context.actor().named());
    context.execute(
        "INSERT INTO webhook (id, environment, types, url, profile, format, digest_upper, status, file, content, created,
                              secret, options, status_since, status_by)
         VALUES (?1, ?2, ?3, seal_url(?4, 'webhook.url', ?1), ?5, ?6, ?7, ?8, ?9, ?10, ?11,
                 seal(?12, 'webhook.secret', ?1), seal(?13, 'webhook.options', ?1), ?14, ?15)",
        params![
            webhook.id,
            rows::number(webhook.environment),
            rows::types_text(&webhook.types),
            webhook.url,
            webhook.profile.as_str(),
            webhook.format.as_str(),
            webhook.digest_upper,
            webhook.status.as_str(),
            webhook.file,
            webhook.content,
            webhook.created,
            webhook.secret,
            rows::options_text(&webhook.options),
            webhook.status_since,
            webhook.status_by
        ],
    )?;
    webhook.key = WebhookKey(context.read(|connection| Ok(connection.last_insert_rowid()))?);
    webhook.version = 1;
    happened(context, Happening::Created, &webhook.id, None, &webhook)?;
    context.tell_changed(webhook.key);
    Ok(webhook)
}

/// Writes what happened to a webhook into its history and into the audit log.
fn happened(
    context: &mut Context<'_>,
    happening: Happening,
    detail: &str,
    before: Option<&WebhookRecord>,
    after: &WebhookRecord,
) -> StoreResult<()> {
    let at = context.now();
    // Not the next number: cursors show it, and it would tell how much others do.
    let id = context.next_audit(at);
    context.execute(
        "INSERT INTO history (id, webhook, at, kind, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, after.key.0, at, happening.as_str(), detail],
    )?;
    audit::webhook(context, happening.as_str(), before, Some(after))
}

/// A webhook as it is within the transaction.
fn now(context: &Context<'_>, key: WebhookKey) -> StoreResult<Option<WebhookRecord>> {
    context.read(|connection| by_key(connection, key))
}

pub(super) fn history(
    connection: &Connection,
    key: WebhookKey,
    before: Option<i64>,
    limit: u32,
) -> rusqlite::Result<Vec<HistoryRecord>> {
    connection
        .prepare_cached(
            "SELECT id, at, kind, detail FROM history WHERE webhook = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
        )?
        .query_map(params![key.0, before.unwrap_or(i64::MAX), limit], |row| {
            Ok(HistoryRecord {
                id: row.get(0)?,
                at: row.get(1)?,
                happening: rows::happening(2, row.get_ref(2)?.as_str()?)?,
                detail: row.get(3)?,
            })
        })?
        .collect()
}

pub(super) fn disable(
    context: &mut Context<'_>,
    (key, version): (WebhookKey, i64),
    code: DisabledCode,
    reason: &str,
    event: Bytes,
) -> StoreResult<bool> {
    let before = now(context, key)?;
    let (since, by) = (context.now(), context.actor().named());
    let changed = context.execute(
        "UPDATE webhook SET status = ?2, disabled_reason = ?3, disabled_code = ?5, status_since = ?6, status_by = ?7
         WHERE key = ?1 AND status = ?4 AND version = ?8 AND deleted IS NULL",
        params![
            key.0,
            WebhookStatus::Disabled.as_str(),
            reason,
            WebhookStatus::Active.as_str(),
            code.as_str(),
            since,
            by,
            version
        ],
    )?;
    if changed > 0
        && let Some(after) = now(context, key)?
    {
        happened(context, Happening::Disabled, reason, before.as_ref(), &after)?;
        context.tell_changed(key);
        tell_others(context, key, event)?;
    }
    Ok(changed > 0)
}

/// Sends an operational event about a webhook to those of its environment that ask for it.
fn tell_others(context: &mut Context<'_>, about: WebhookKey, event: Bytes) -> StoreResult<()> {
    let mut environment = None;
    let mut told = Vec::new();
    context.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT w.key, w.environment, unseal(w.options, 'webhook.options', w.id) FROM webhook w
             WHERE w.environment = (SELECT environment FROM webhook WHERE key = ?1) AND w.key <> ?1
               AND w.deleted IS NULL AND w.status <> 'unverified' ORDER BY w.key",
        )?;
        let mut found = statement.query([about.0])?;
        while let Some(row) = found.next()? {
            environment = Some(rows::id(row, 1)?);
            if rows::options(2, row.get_ref(2)?.as_str()?)?.operational {
                told.push(WebhookKey(row.get(0)?));
            }
        }
        Ok(())
    })?;
    match environment {
        Some(environment) if !told.is_empty() => {
            let now = context.now();
            events::keep(context, environment, EventKind::WebhookDisabled, (event, &[]), told, now).map(drop)
        }
        _ => Ok(()),
    }
}

pub(super) fn list(
    connection: &Connection,
    environment: u64,
    after: Option<&str>,
    limit: u32,
) -> rusqlite::Result<Option<Vec<WebhookRecord>>> {
    let environment = rows::number(environment);
    let before: i64 = match after {
        None => i64::MAX,
        Some(id) => {
            let key = connection
                .prepare_cached("SELECT key FROM webhook WHERE id = ?1 AND environment = ?2")?
                .query_row(params![id, environment], |row| row.get(0))
                .optional()?;
            let Some(key) = key else { return Ok(None) };
            key
        }
    };
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM webhook WHERE environment = ?1 AND deleted IS NULL AND key < ?2
             ORDER BY key DESC LIMIT ?3"
        ))?
        .query_map(params![environment, before, limit], to_webhook)?
        .collect::<rusqlite::Result<_>>()
        .map(Some)
}

pub(super) fn by_id(connection: &Connection, environment: u64, id: &str) -> rusqlite::Result<Option<WebhookRecord>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM webhook WHERE environment = ?1 AND id = ?2 AND deleted IS NULL"
        ))?
        .query_row(params![rows::number(environment), id], to_webhook)
        .optional()
}

pub(super) fn by_key(connection: &Connection, key: WebhookKey) -> rusqlite::Result<Option<WebhookRecord>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM webhook WHERE key = ?1"))?
        .query_row([key.0], to_webhook)
        .optional()
}

pub(super) fn update(
    context: &mut Context<'_>,
    webhook: &WebhookRecord,
    happening: Happening,
    detail: &str,
) -> StoreResult<Updated> {
    let before = match unchanged(context, webhook)? {
        Ok(before) => before,
        Err(instead) => return Ok(instead),
    };
    let (since, by) = (context.now(), context.actor().named());
    context.execute(
        "UPDATE webhook SET types = ?2, url = seal_url(?3, 'webhook.url', id), profile = ?4, format = ?5, digest_upper = ?6,
         status = ?7, file = ?8, content = ?9, secret = seal(?10, 'webhook.secret', id),
         old_secret = seal(?11, 'webhook.old_secret', id), old_secret_until = NULL,
         options = seal(?12, 'webhook.options', id), client_certificate = ?13,
         client_key = seal(?14, 'webhook.client_key', id), failing_since = CASE WHEN status = ?7 THEN failing_since END,
         status_since = CASE WHEN status = ?7 THEN status_since ELSE ?15 END,
         status_by = CASE WHEN status = ?7 THEN status_by ELSE ?16 END,
         disabled_code = CASE WHEN status = ?7 THEN disabled_code END,
         disabled_reason = CASE WHEN status = ?7 THEN disabled_reason END WHERE key = ?1 AND deleted IS NULL",
        params![
            webhook.key.0,
            rows::types_text(&webhook.types),
            webhook.url,
            webhook.profile.as_str(),
            webhook.format.as_str(),
            webhook.digest_upper,
            webhook.status.as_str(),
            webhook.file,
            webhook.content,
            webhook.secret,
            rows::old_secrets_text(&webhook.old_secrets),
            rows::options_text(&webhook.options),
            webhook.client_identity.as_ref().map(|identity| &identity.certificate),
            webhook.client_identity.as_ref().map(|identity| &identity.key),
            since,
            by
        ],
    )?;
    let Some(after) = now(context, webhook.key)? else { return Ok(Updated::Gone) };
    happened(context, happening, detail, Some(&before), &after)?;
    context.tell_changed(webhook.key);
    Ok(Updated::Done(Box::new(after)))
}

/// The webhook as it is, if it is still there with the version that `webhook` has.
fn unchanged(context: &Context<'_>, webhook: &WebhookRecord) -> StoreResult<Result<WebhookRecord, Updated>> {
    let before = now(context, webhook.key)?.filter(|before| before.deleted.is_none());
    Ok(match before {
        None => Err(Updated::Gone),
        Some(before) if before.version != webhook.version => Err(Updated::Changed),
        Some(before) => Ok(before),
    })
}

pub(super) fn mark_verified(context: &mut Context<'_>, key: WebhookKey, url: &str) -> StoreResult<bool> {
    let before = now(context, key)?;
    let (since, by) = (context.now(), context.actor().named());
    let changed = context.execute(
        "UPDATE webhook SET status = ?3, status_since = ?5, status_by = ?6, disabled_code = NULL, disabled_reason = NULL
         WHERE key = ?1 AND unseal_url(url, 'webhook.url', id) = ?2 AND status = ?4 AND deleted IS NULL",
        params![key.0, url, WebhookStatus::Active.as_str(), WebhookStatus::Unverified.as_str(), since, by],
    )?;
    if changed > 0
        && let Some(after) = now(context, key)?
    {
        happened(context, Happening::Verified, "the verification file was found", before.as_ref(), &after)?;
    }
    context.tell_changed(key);
    Ok(changed > 0)
}

pub(super) fn delete(context: &mut Context<'_>, webhook: &WebhookRecord) -> StoreResult<Updated> {
    let before = match unchanged(context, webhook)? {
        Ok(before) => before,
        Err(instead) => return Ok(instead),
    };
    let deleted = context.now();
    context.execute("UPDATE webhook SET deleted = ?2 WHERE key = ?1", params![before.key.0, deleted])?;
    audit::webhook(context, "deleted", Some(&before), None)?;
    context.tell_changed(before.key);
    Ok(Updated::Done(Box::new(WebhookRecord { deleted: Some(deleted), ..before })))
}
