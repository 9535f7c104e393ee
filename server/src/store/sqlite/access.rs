//! Environments, tokens, sessions and signing keys.

use rusqlite::{Connection, OptionalExtension, Row, params};

use seinpost_protocol::rest::{ActorKind, AuditChange, KeyStatus, Scope, Timestamp};
use serde_json::json;

use super::{
    audit::{self, Object},
    context::Context,
    rows,
};
use crate::store::{Environment, KeyRecord, SessionRecord, SigninRecord, StoreResult, TokenRecord, scopes_text};

pub(super) fn create_environment(context: &mut Context<'_>, name: &str) -> StoreResult<Environment> {
    let created = context.now();
    context.execute("INSERT INTO environment (name, created) VALUES (?1, ?2)", params![name, created])?;
    let made = context.read(|connection| {
        let id = connection.last_insert_rowid();
        connection.query_row("SELECT id, name, created FROM environment WHERE id = ?1", [id], to_environment)
    })?;
    let object = Object { kind: "environment", id: &made.id.to_string(), name: Some(name) };
    audit::record(context, made.id, "created", &object, &audit::made([("name", json!(name))]))?;
    Ok(made)
}

pub(super) fn rename_environment(context: &mut Context<'_>, id: u64, name: &str) -> StoreResult<Option<Environment>> {
    let Some(before) = context.read(|connection| environment(connection, id))? else { return Ok(None) };
    if before.name != name {
        context.execute("UPDATE environment SET name = ?2 WHERE id = ?1", params![rows::number(id), name])?;
        let change = AuditChange { field: "name".into(), before: Some(json!(before.name)), after: Some(json!(name)) };
        let object = Object { kind: "environment", id: &id.to_string(), name: Some(name) };
        audit::record(context, id, "renamed", &object, &[change])?;
    }
    Ok(Some(Environment { name: name.to_owned(), ..before }))
}

pub(super) fn environments(connection: &Connection) -> rusqlite::Result<Vec<Environment>> {
    connection
        .prepare_cached("SELECT id, name, created FROM environment ORDER BY id")?
        .query_map([], to_environment)?
        .collect()
}

pub(super) fn environment(connection: &Connection, id: u64) -> rusqlite::Result<Option<Environment>> {
    connection
        .prepare_cached("SELECT id, name, created FROM environment WHERE id = ?1")?
        .query_row([rows::number(id)], to_environment)
        .optional()
}

fn to_environment(row: &Row<'_>) -> rusqlite::Result<Environment> {
    Ok(Environment { id: rows::id(row, 0)?, name: row.get(1)?, created: row.get(2)? })
}

pub(super) fn create_token(context: &mut Context<'_>, token: &TokenRecord, hash: &[u8; 32]) -> StoreResult<()> {
    let made = context.execute(
        "INSERT INTO token (hash, id, environment, name, created, scopes, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (hash) DO NOTHING",
        params![
            hash,
            token.id,
            rows::number(token.environment),
            token.name,
            token.created,
            scopes_text(&token.scopes),
            token.expires
        ],
    )?;
    if made == 0 {
        return Ok(());
    }
    let changes = audit::made([
        ("name", json!(token.name)),
        ("scopes", json!(token.scopes)),
        ("expires", json!(token.expires.map(Timestamp::from_millis))),
    ]);
    audit::record(context, token.environment, "created", &token_object(token), &changes)
}

pub(super) fn keep_bootstrap_token(
    context: &mut Context<'_>,
    token: &TokenRecord,
    hash: &[u8; 32],
) -> StoreResult<u32> {
    // The server itself has made them: one to which somebody gave the same name is none of them.
    let earlier: Vec<(u64, String)> = context.read(|connection| {
        connection
            .prepare_cached(
                "SELECT environment, id FROM token WHERE name = ?1 AND hash <> ?2 AND EXISTS (
                     SELECT 1 FROM audit WHERE audit.environment = token.environment AND object = token.id
                                           AND kind = 'token.created' AND actor_kind = ?3)",
            )?
            .query_map(params![token.name, hash, ActorKind::Server.as_str()], |row| {
                Ok((rows::id(row, 0)?, row.get(1)?))
            })?
            .collect()
    })?;
    let mut revoked = 0;
    for (environment, id) in earlier {
        revoked += u32::from(delete_token(context, environment, &id)?);
    }
    create_token(context, token, hash)?;
    Ok(revoked)
}

fn token_object(token: &TokenRecord) -> Object<'_> {
    Object { kind: "token", id: &token.id, name: Some(&token.name) }
}

/// The columns that [`to_token`] reads, in its order.
const TOKEN: &str = "id, environment, name, created, scopes, expires, last_used";

pub(super) fn token_by_hash(connection: &Connection, hash: &[u8; 32]) -> rusqlite::Result<Option<TokenRecord>> {
    connection
        .prepare_cached(&format!("SELECT {TOKEN} FROM token WHERE hash = ?1"))?
        .query_row([hash], to_token)
        .optional()
}

pub(super) fn tokens(connection: &Connection, environment: u64) -> rusqlite::Result<Vec<TokenRecord>> {
    connection
        .prepare_cached(&format!("SELECT {TOKEN} FROM token WHERE environment = ?1 ORDER BY id"))?
        .query_map([rows::number(environment)], to_token)?
        .collect()
}

fn to_token(row: &Row<'_>) -> rusqlite::Result<TokenRecord> {
    Ok(TokenRecord {
        id: row.get(0)?,
        environment: rows::id(row, 1)?,
        name: row.get(2)?,
        created: row.get(3)?,
        scopes: scopes(row, 4)?,
        expires: row.get(5)?,
        last_used: row.get(6)?,
    })
}

fn scopes(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<Scope>> {
    let text = row.get_ref(column)?.as_str()?;
    text.split_whitespace().map(|name| name.parse().map_err(|_| rows::unknown(column, "scope"))).collect()
}

pub(super) fn token_used(context: &mut Context<'_>, id: &str, at: i64) -> StoreResult<()> {
    context.execute("UPDATE token SET last_used = ?2 WHERE id = ?1", params![id, at]).map(drop)
}

pub(super) fn delete_token(context: &mut Context<'_>, environment: u64, id: &str) -> StoreResult<bool> {
    let found = context.read(|connection| {
        connection
            .prepare_cached(&format!("DELETE FROM token WHERE environment = ?1 AND id = ?2 RETURNING {TOKEN}"))?
            .query_row(params![rows::number(environment), id], to_token)
            .optional()
    })?;
    let Some(token) = found else { return Ok(false) };
    let ended: Vec<SessionRecord> = context.read(|connection| {
        connection
            .prepare_cached(&format!("DELETE FROM session WHERE token = ?1 RETURNING {SESSION}"))?
            .query_map([id], to_session)?
            .collect()
    })?;
    for session in ended {
        audit::record(context, environment, "ended", &session_object(&session), &[])?;
    }
    audit::record(context, environment, "revoked", &token_object(&token), &[])?;
    Ok(true)
}

pub(super) fn create_signin_code(context: &mut Context<'_>, link: &SigninRecord, hash: &[u8; 32]) -> StoreResult<()> {
    let now = context.now();
    context.execute("DELETE FROM signin_code WHERE expires <= ?1", [now])?;
    context.execute(
        "INSERT INTO signin_code (hash, id, environment, expires, scopes, person, session_life, framed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            hash,
            link.id,
            rows::number(link.environment),
            link.expires,
            scopes_text(&link.scopes),
            link.person,
            link.session_life,
            link.framed
        ],
    )?;
    let object = Object { kind: "signin-link", id: &link.id, name: link.person.as_deref() };
    let changes = audit::made([
        ("scopes", json!(link.scopes)),
        ("expires", json!(Timestamp::from_millis(link.expires))),
        ("session_seconds", json!(link.session_life / 1000)),
        ("framed", json!(link.framed)),
    ]);
    audit::record(context, link.environment, "created", &object, &changes)
}

pub(super) fn has_signin_code(connection: &Connection, hash: &[u8; 32]) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM signin_code WHERE hash = ?1")?.exists([hash])
}

pub(super) fn redeem_signin_code(context: &mut Context<'_>, hash: &[u8; 32]) -> StoreResult<Option<SigninRecord>> {
    let now = context.now();
    context.read(|connection| {
        connection
            .prepare_cached(
                "DELETE FROM signin_code WHERE hash = ?1
                 RETURNING id, environment, expires, scopes, person, session_life, framed",
            )?
            .query_row([hash], |row| {
                Ok(SigninRecord {
                    id: row.get(0)?,
                    environment: rows::id(row, 1)?,
                    expires: row.get(2)?,
                    scopes: scopes(row, 3)?,
                    person: row.get(4)?,
                    session_life: row.get(5)?,
                    framed: row.get(6)?,
                })
            })
            .optional()
            .map(|found| found.filter(|link| link.expires > now))
    })
}

/// The columns that [`to_session`] reads, in its order.
const SESSION: &str = "id, environment, expires, scopes, person, token, framed";

fn to_session(row: &Row<'_>) -> rusqlite::Result<SessionRecord> {
    Ok(SessionRecord {
        id: row.get(0)?,
        environment: rows::id(row, 1)?,
        expires: row.get(2)?,
        scopes: scopes(row, 3)?,
        person: row.get(4)?,
        token: row.get(5)?,
        framed: row.get(6)?,
    })
}

fn session_object(session: &SessionRecord) -> Object<'_> {
    Object { kind: "session", id: &session.id, name: session.person.as_deref() }
}

pub(super) fn create_session(
    context: &mut Context<'_>,
    hash: &[u8; 32],
    session: &SessionRecord,
    link: Option<&str>,
) -> StoreResult<bool> {
    let now = context.now();
    context.execute("DELETE FROM session WHERE expires <= ?1", [now])?;
    let made = context.execute(
        "INSERT INTO session (hash, id, environment, expires, scopes, person, token, framed)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE ?7 IS NULL OR EXISTS (SELECT 1 FROM token WHERE id = ?7)",
        params![
            hash,
            session.id,
            rows::number(session.environment),
            session.expires,
            scopes_text(&session.scopes),
            session.person,
            session.token,
            session.framed
        ],
    )?;
    if made == 0 {
        return Ok(false);
    }
    let changes = audit::made([
        ("scopes", json!(session.scopes)),
        ("expires", json!(Timestamp::from_millis(session.expires))),
        ("token", json!(session.token)),
        ("link", json!(link)),
    ]);
    audit::record(context, session.environment, "began", &session_object(session), &changes)?;
    Ok(true)
}

pub(super) fn session_by_hash(connection: &Connection, hash: &[u8; 32]) -> rusqlite::Result<Option<SessionRecord>> {
    connection
        .prepare_cached(&format!("SELECT {SESSION} FROM session WHERE hash = ?1"))?
        .query_row([hash], to_session)
        .optional()
}

pub(super) fn delete_session(context: &mut Context<'_>, hash: &[u8; 32]) -> StoreResult<()> {
    let found = context.read(|connection| {
        connection
            .prepare_cached(&format!("DELETE FROM session WHERE hash = ?1 RETURNING {SESSION}"))?
            .query_row([hash], to_session)
            .optional()
    })?;
    match found {
        Some(session) => audit::record(context, session.environment, "ended", &session_object(&session), &[]),
        None => Ok(()),
    }
}

pub(super) fn create_key(context: &mut Context<'_>, key: KeyRecord) -> StoreResult<KeyRecord> {
    if key.status != KeyStatus::Retired {
        let kept = context.read(|connection| keys(connection, key.environment))?;
        if let Some(there) = kept.into_iter().rev().find(|each| each.status == key.status) {
            return Ok(there);
        }
    }
    context
        .execute(
            "INSERT INTO signing_key (keyid, environment, pkcs8, dns, status, since, until)
             VALUES (?1, ?2, seal(?3, 'signing_key.pkcs8', ?1), ?4, ?5, ?6, ?7)",
            params![
                key.keyid,
                rows::number(key.environment),
                key.pkcs8,
                key.dns,
                rows::key_status_text(key.status),
                key.since,
                key.until
            ],
        )
        .map(drop)?;
    let changes = audit::made([("status", json!(key.status)), ("dns", json!(key.dns))]);
    audit::record(context, key.environment, "created", &key_object(&key.keyid), &changes)?;
    Ok(key)
}

fn key_object(keyid: &str) -> Object<'_> {
    Object { kind: "key", id: keyid, name: None }
}

pub(super) fn keys(connection: &Connection, environment: u64) -> rusqlite::Result<Vec<KeyRecord>> {
    connection
        .prepare_cached(
            "SELECT keyid, unseal(pkcs8, 'signing_key.pkcs8', keyid), dns, status, since, until, shown
             FROM signing_key WHERE environment = ?1 ORDER BY since, keyid",
        )?
        .query_map([rows::number(environment)], |row| {
            Ok(KeyRecord {
                environment,
                keyid: row.get(0)?,
                pkcs8: row.get(1)?,
                dns: row.get(2)?,
                status: rows::key_status(3, &row.get::<_, String>(3)?)?,
                since: row.get(4)?,
                until: row.get(5)?,
                shown: row.get(6)?,
            })
        })?
        .collect()
}

pub(super) fn key_record(connection: &Connection, keyid: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT dns FROM signing_key WHERE keyid = ?1")?
        .query_row([keyid], |row| row.get(0))
        .optional()
}

pub(super) fn note_next_key(
    context: &mut Context<'_>,
    environment: u64,
    keyid: &str,
    since: i64,
    shown: Option<i64>,
) -> StoreResult<()> {
    let sql = "UPDATE signing_key SET since = ?3, shown = ?4 WHERE environment = ?1 AND keyid = ?2 AND status = 'next'";
    context.execute(sql, params![rows::number(environment), keyid, since, shown]).map(drop)
}

pub(super) fn promote_key(context: &mut Context<'_>, environment: u64, keyid: &str, at: i64) -> StoreResult<bool> {
    let number = rows::number(environment);
    let is_next: bool = context.read(|connection| {
        connection
            .prepare_cached("SELECT 1 FROM signing_key WHERE environment = ?1 AND keyid = ?2 AND status = 'next'")?
            .exists(params![number, keyid])
    })?;
    if is_next {
        let retired: Vec<String> = context.read(|connection| {
            connection
                .prepare_cached(
                    "UPDATE signing_key SET status = 'retired', until = ?2 WHERE environment = ?1 AND status = 'current'
                     RETURNING keyid",
                )?
                .query_map(params![number, at], |row| row.get(0))?
                .collect()
        })?;
        context
            .execute("UPDATE signing_key SET status = 'current', since = ?2 WHERE keyid = ?1", params![keyid, at])?;
        audit::record(
            context,
            environment,
            "promoted",
            &key_object(keyid),
            &audit::made([("retires", json!(retired))]),
        )?;
    }
    Ok(is_next)
}

pub(super) fn leave_zone(context: &mut Context<'_>, environment: u64, zone: &str, at: i64) -> StoreResult<Vec<String>> {
    let kept = context.read(|connection| keys(connection, environment))?;
    let left = kept.into_iter().filter(|key| key.signs_outside(zone));
    let mut names = Vec::new();
    for key in left {
        context.execute(
            "UPDATE signing_key SET status = 'retired', until = ?2 WHERE keyid = ?1",
            params![key.keyid, at],
        )?;
        audit::record(context, environment, "retired", &key_object(&key.keyid), &audit::made([("zone", json!(zone))]))?;
        if key.status == KeyStatus::Next {
            forget_key(context, environment, &key.keyid)?;
        }
        names.push(key.keyid);
    }
    if !names.is_empty() {
        resume(context, environment, zone, &names)?;
    }
    Ok(names)
}

/// Has the key sign again that signed below this zone last, if it is kept still: who started the server with another domain
/// by mistake, and goes back, has that one in DNS and no other.
fn resume(context: &mut Context<'_>, environment: u64, zone: &str, left: &[String]) -> StoreResult<()> {
    let kept = context.read(|connection| keys(connection, environment))?;
    if kept.iter().any(|key| key.status == KeyStatus::Current) {
        return Ok(());
    }
    let signed = kept.into_iter().filter(|key| key.status == KeyStatus::Retired && key.is_in(zone));
    let Some(last) = signed.max_by_key(|key| key.until) else { return Ok(()) };
    context.execute("UPDATE signing_key SET status = 'current', until = NULL WHERE keyid = ?1", params![last.keyid])?;
    audit::record(context, environment, "promoted", &key_object(&last.keyid), &audit::made([("retires", json!(left))]))
}

pub(super) fn forget_key(context: &mut Context<'_>, environment: u64, keyid: &str) -> StoreResult<()> {
    let gone = context.execute(
        "DELETE FROM signing_key WHERE environment = ?1 AND keyid = ?2 AND status = 'retired'",
        params![rows::number(environment), keyid],
    )?;
    if gone > 0 {
        audit::record(context, environment, "forgotten", &key_object(keyid), &[])?;
    }
    Ok(())
}
