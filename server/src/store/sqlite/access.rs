//! Environments, tokens, sessions and signing keys.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{rows, writer::Context};
use crate::store::{Environment, KeyRecord, SessionRecord, StoreResult, TokenRecord};

pub(super) fn create_environment(context: &mut Context, name: &str) -> StoreResult<Environment> {
    let created = context.now();
    context.execute("INSERT INTO environment (name, created) VALUES (?1, ?2)", params![name, created])?;
    context.read(|connection| {
        let id = connection.last_insert_rowid();
        connection.query_row("SELECT id, name, created FROM environment WHERE id = ?1", [id], to_environment)
    })
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

pub(super) fn create_token(context: &mut Context, token: &TokenRecord, hash: &[u8; 32]) -> StoreResult<()> {
    context
        .execute(
            "INSERT INTO token (hash, id, environment, name, created) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (hash) DO NOTHING",
            params![hash, token.id, rows::number(token.environment), token.name, token.created],
        )
        .map(drop)
}

pub(super) fn token_by_hash(connection: &Connection, hash: &[u8; 32]) -> rusqlite::Result<Option<TokenRecord>> {
    connection
        .prepare_cached("SELECT id, environment, name, created FROM token WHERE hash = ?1")?
        .query_row([hash], to_token)
        .optional()
}

pub(super) fn tokens(connection: &Connection, environment: u64) -> rusqlite::Result<Vec<TokenRecord>> {
    connection
        .prepare_cached("SELECT id, environment, name, created FROM token WHERE environment = ?1 ORDER BY id")?
        .query_map([rows::number(environment)], to_token)?
        .collect()
}

fn to_token(row: &Row<'_>) -> rusqlite::Result<TokenRecord> {
    Ok(TokenRecord { id: row.get(0)?, environment: rows::id(row, 1)?, name: row.get(2)?, created: row.get(3)? })
}

pub(super) fn delete_token(context: &mut Context, environment: u64, id: &str) -> StoreResult<bool> {
    let gone = context
        .execute("DELETE FROM token WHERE environment = ?1 AND id = ?2", params![rows::number(environment), id])?;
    Ok(gone > 0)
}

pub(super) fn create_signin_code(
    context: &mut Context,
    environment: u64,
    hash: &[u8; 32],
    expires: i64,
) -> StoreResult<()> {
    let now = context.now();
    context.execute("DELETE FROM signin_code WHERE expires <= ?1", [now])?;
    context
        .execute(
            "INSERT INTO signin_code (hash, environment, expires) VALUES (?1, ?2, ?3)",
            params![hash, rows::number(environment), expires],
        )
        .map(drop)
}

pub(super) fn redeem_signin_code(context: &mut Context, hash: &[u8; 32]) -> StoreResult<Option<u64>> {
    let now = context.now();
    context.read(|connection| {
        connection
            .prepare_cached("DELETE FROM signin_code WHERE hash = ?1 RETURNING environment, expires")?
            .query_row([hash], |row| Ok((rows::id(row, 0)?, row.get::<_, i64>(1)?)))
            .optional()
            .map(|found| found.filter(|(_, expires)| *expires > now).map(|(environment, _)| environment))
    })
}

pub(super) fn create_session(context: &mut Context, hash: &[u8; 32], session: &SessionRecord) -> StoreResult<()> {
    let now = context.now();
    context.execute("DELETE FROM session WHERE expires <= ?1", [now])?;
    context
        .execute(
            "INSERT INTO session (hash, environment, expires) VALUES (?1, ?2, ?3)",
            params![hash, rows::number(session.environment), session.expires],
        )
        .map(drop)
}

pub(super) fn session_by_hash(connection: &Connection, hash: &[u8; 32]) -> rusqlite::Result<Option<SessionRecord>> {
    connection
        .prepare_cached("SELECT environment, expires FROM session WHERE hash = ?1")?
        .query_row([hash], |row| Ok(SessionRecord { environment: rows::id(row, 0)?, expires: row.get(1)? }))
        .optional()
}

pub(super) fn delete_session(context: &mut Context, hash: &[u8; 32]) -> StoreResult<()> {
    context.execute("DELETE FROM session WHERE hash = ?1", [hash]).map(drop)
}

pub(super) fn create_key(context: &mut Context, key: &KeyRecord) -> StoreResult<()> {
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
        .map(drop)
}

pub(super) fn keys(connection: &Connection, environment: u64) -> rusqlite::Result<Vec<KeyRecord>> {
    connection
        .prepare_cached(
            "SELECT keyid, unseal(pkcs8, 'signing_key.pkcs8', keyid), dns, status, since, until
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

pub(super) fn promote_key(context: &mut Context, environment: u64, keyid: &str, at: i64) -> StoreResult<bool> {
    let environment = rows::number(environment);
    let is_next: bool = context.read(|connection| {
        connection
            .prepare_cached("SELECT 1 FROM signing_key WHERE environment = ?1 AND keyid = ?2 AND status = 'next'")?
            .exists(params![environment, keyid])
    })?;
    if is_next {
        context.execute(
            "UPDATE signing_key SET status = 'retired', until = ?2 WHERE environment = ?1 AND status = 'current'",
            params![environment, at],
        )?;
        context
            .execute("UPDATE signing_key SET status = 'current', since = ?2 WHERE keyid = ?1", params![keyid, at])?;
    }
    Ok(is_next)
}

pub(super) fn forget_key(context: &mut Context, environment: u64, keyid: &str) -> StoreResult<()> {
    context
        .execute(
            "DELETE FROM signing_key WHERE environment = ?1 AND keyid = ?2 AND status = 'retired'",
            params![rows::number(environment), keyid],
        )
        .map(drop)
}
