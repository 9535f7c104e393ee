//! Secrets are sealed where they are written and opened where they are read, within SQL: every connection knows the
//! functions `seal` and `unseal` (value, column, row), `seal_url` and `unseal_url` for URLs, which are sealed only where
//! they hold a password, and `mark` (value), by which a secret is found again.

use std::{path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rusqlite::{
    Connection, OptionalExtension, Transaction, TransactionBehavior,
    functions::{Context, FunctionFlags},
    types::{ToSqlOutput, Value, ValueRef},
};

use super::{FILE, broken, configure, migrate, opening};
use crate::{
    entropy::Entropy,
    seal::{Chosen, KeyId, MasterKey, Place, SealError, Sealer, Source},
    store::{StoreError, StoreResult},
};

/// How a sealed text begins; base64 follows.
const PREFIX: &str = "sealed:";

/// The columns that hold secrets, and what names their rows. They are sealed with `seal`.
const SECRETS: &[(&str, &str, &str)] = &[
    ("signing_key", "pkcs8", "keyid"),
    ("webhook", "secret", "id"),
    ("webhook", "old_secret", "id"),
    // Header fields hold tokens, and there is the key for hashing recipients.
    ("webhook", "options", "id"),
    ("webhook", "client_key", "id"),
    ("rendering", "recipient_key", "how"),
];

/// Gives a connection the functions.
pub(super) fn teach(connection: &Connection, sealer: &Arc<Sealer>) -> rusqlite::Result<()> {
    register(connection, ["seal", "seal_url"], sealer, seal)?;
    register(connection, ["unseal", "unseal_url"], sealer, unseal)?;
    let sealer = Arc::clone(sealer);
    let mark = move |context: &mut Context<'_>| -> rusqlite::Result<Option<String>> {
        let secret = context.get_raw(0).as_str_or_null()?;
        Ok(secret.map(|secret| STANDARD.encode(sealer.mark(secret.as_bytes()))))
    };
    connection.create_scalar_function("mark", 1, FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY, mark)
}

type Change = fn(&Sealer, Place<'_>, ValueRef<'_>, bool) -> Result<Value, SealError>;

fn register(
    connection: &Connection,
    [name, for_urls]: [&'static str; 2],
    sealer: &Arc<Sealer>,
    change: Change,
) -> rusqlite::Result<()> {
    for (name, is_url) in [(name, false), (for_urls, true)] {
        let sealer = Arc::clone(sealer);
        let function = move |context: &mut Context<'_>| -> rusqlite::Result<ToSqlOutput<'_>> {
            let place = Place { column: context.get_raw(1).as_str()?, row: context.get_raw(2).as_str()? };
            change(&sealer, place, context.get_raw(0), is_url)
                .map(ToSqlOutput::Owned)
                .map_err(|error| rusqlite::Error::UserFunctionError(Box::new(error)))
        };
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
        connection.create_scalar_function(name, 3, flags, function)?;
    }
    Ok(())
}

fn seal(sealer: &Sealer, place: Place<'_>, value: ValueRef<'_>, is_url: bool) -> Result<Value, SealError> {
    match value {
        ValueRef::Text(text) if is_url && !has_password(text) => Ok(as_it_is(text)),
        ValueRef::Text(text) => Ok(Value::Text(format!("{PREFIX}{}", STANDARD.encode(sealer.seal(place, text)?)))),
        ValueRef::Blob(bytes) => sealer.seal(place, bytes).map(Value::Blob),
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(_) | ValueRef::Real(_) => Err(SealError::Damaged),
    }
}

fn unseal(sealer: &Sealer, place: Place<'_>, value: ValueRef<'_>, is_url: bool) -> Result<Value, SealError> {
    match value {
        ValueRef::Text(text) => match text.strip_prefix(PREFIX.as_bytes()) {
            Some(sealed) => {
                let sealed = STANDARD.decode(sealed).map_err(|_| SealError::Damaged)?;
                let text = String::from_utf8(sealer.open(place, &sealed)?).map_err(|_| SealError::Damaged)?;
                Ok(Value::Text(text))
            }
            None if is_url => Ok(as_it_is(text)),
            None => Err(SealError::NotSealed),
        },
        ValueRef::Blob(bytes) => sealer.open(place, bytes).map(Value::Blob),
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(_) | ValueRef::Real(_) => Err(SealError::Damaged),
    }
}

fn as_it_is(text: &[u8]) -> Value {
    Value::Text(String::from_utf8_lossy(text).into_owned())
}

/// Whether a URL holds a user or a password. What cannot be read as a URL is taken to hold one.
fn has_password(url: &[u8]) -> bool {
    let parsed = std::str::from_utf8(url).ok().and_then(|url| url::Url::parse(url).ok());
    parsed.is_none_or(|url| !url.username().is_empty() || url.password().is_some())
}

/// The sealer for a database that was just migrated; secrets that are not sealed yet (of an older version) are sealed now.
///
/// # Errors
/// When the master key cannot be had, or is not the one that the database was sealed with.
pub(super) fn begin(connection: &mut Connection, source: &Source, entropy: &dyn Entropy) -> StoreResult<Arc<Sealer>> {
    let sealed_with = sealed_with(connection).map_err(|error| broken(&error))?;
    let sealer = Arc::new(Sealer::new(&choose(source, sealed_with, entropy)?));
    teach(connection, &sealer).map_err(|error| broken(&error))?;
    if sealed_with.is_none() {
        seal_first(connection, source, &sealer)?;
    }
    seal_renderings(connection)?;
    Ok(sealer)
}

fn choose(source: &Source, sealed_with: Option<KeyId>, entropy: &dyn Entropy) -> StoreResult<MasterKey> {
    match source.choose(sealed_with, entropy).map_err(|error| StoreError::MasterKey(error.to_string()))? {
        Chosen::Fits(key) => Ok(key),
        Chosen::Another(key) => Err(another(source, key.id(), sealed_with.unwrap_or(key.id()))),
    }
}

fn another(source: &Source, given: KeyId, wanted: KeyId) -> StoreError {
    StoreError::MasterKey(format!(
        "the master key of {source} ({given}) is not the one that this database is sealed with ({wanted}): name the right \
         one with --master-key or SEINPOST_MASTER_KEY, as without it no key and no secret can be read"
    ))
}

/// The first time: everything that stands there in the clear is sealed, and overwritten on the disk.
fn seal_first(connection: &mut Connection, source: &Source, sealer: &Arc<Sealer>) -> StoreResult<()> {
    overwriting(connection, |transaction| {
        // Another process may have been first.
        if let Some(id) = sealed_with(transaction)? {
            return Ok(Err(id).or_else(|id| if id == sealer.id() { Ok(()) } else { Err(id) }));
        }
        for (table, column, row) in SECRETS {
            transaction.execute(
                &format!(
                    "UPDATE {table} SET {column} = seal({column}, '{table}.{column}', {row}) WHERE {column} IS NOT NULL"
                ),
                [],
            )?;
        }
        transaction.execute("UPDATE webhook SET url = seal_url(url, 'webhook.url', id)", [])?;
        transaction.execute("INSERT INTO sealing (id, key) VALUES (1, ?1)", [sealer.id().as_bytes()])?;
        Ok(Ok(()))
    })?
    .map_err(|wanted| another(source, sealer.id(), wanted))
}

/// Renderings of before hold their key in the clear.
fn seal_renderings(connection: &mut Connection) -> StoreResult<()> {
    const KEY: &str = "'$.privacy.recipient_key'";
    let old = format!("recipient_key IS NULL AND how ->> {KEY} IS NOT NULL");
    let is_old: bool = connection
        .query_row(&format!("SELECT EXISTS (SELECT 1 FROM rendering WHERE {old})"), [], |row| row.get(0))
        .map_err(|error| broken(&error))?;
    if !is_old {
        return Ok(());
    }
    overwriting(connection, |transaction| {
        let marked = format!("json_set(how, {KEY}, mark(how ->> {KEY}))");
        transaction.execute(
            &format!(
                "UPDATE rendering SET how = {marked}, recipient_key = seal(how ->> {KEY}, 'rendering.recipient_key', {marked})
                 WHERE {old}"
            ),
            [],
        )
    })
    .map(drop)
}

fn sealed_with(connection: &Connection) -> rusqlite::Result<Option<KeyId>> {
    connection
        .query_row("SELECT key FROM sealing WHERE id = 1", [], |row| row.get(0))
        .optional()
        .map(|found| found.map(KeyId::from_bytes))
}

/// Refuses to write into a database that was sealed with another key since this process opened it: nobody could open what
/// it seals.
pub(super) fn check(connection: &Connection, ours: KeyId) -> StoreResult<()> {
    match sealed_with(connection).map_err(|error| broken(&error))? {
        Some(id) if id == ours => Ok(()),
        _ => Err(StoreError::MasterKey(format!(
            "the database is not sealed any more with the master key {ours}, with which this process has opened it: start it \
             anew. Nothing was changed"
        ))),
    }
}

/// Makes a change in one transaction, with what was there before overwritten with zeros, in the log as well.
fn overwriting<T>(
    connection: &mut Connection,
    change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> StoreResult<T> {
    let changed = (|| {
        connection.pragma_update(None, "secure_delete", "ON")?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = change(&transaction)?;
        transaction.commit()?;
        Ok(done)
    })();
    let done = changed.map_err(|error: rusqlite::Error| broken(&error))?;
    // The change stands, whatever comes of this: whoever asked for it must go by that.
    let cleaned = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))
        .and_then(|busy| connection.pragma_update(None, "secure_delete", "OFF").map(|()| busy));
    let why = match cleaned {
        Ok(false) => return Ok(done),
        Ok(true) => "somebody reads it".to_owned(),
        Err(error) => error.to_string(),
    };
    tracing::warn!(why, "the database's log was not taken in: it may hold what stood there before until it is");
    Ok(done)
}

/// Seals everything in the database of `folder` with another master key, all or nothing; how many secrets there were.
/// Nobody else may use the database meanwhile.
///
/// `new` gives that key. It is told with which one the database is sealed, and asked once a change that was cut short is
/// [finished](Source::choose): what lies beside the key in the data folder is no longer the only one that opens it.
///
/// # Errors
/// When the database cannot be opened with the key that `source` gives, or a secret does not open. Whether the change was
/// made tells the database alone, then.
pub fn reseal(
    folder: &Path,
    source: &Source,
    entropy: &dyn Entropy,
    new: impl FnOnce(KeyId) -> StoreResult<MasterKey>,
) -> StoreResult<u64> {
    let path = folder.join(FILE);
    if !path.exists() {
        return Err(StoreError::Inaccessible(format!("there is no database {}", path.display())));
    }
    let mut connection = Connection::open(&path).map_err(|error| opening(&path, &error))?;
    configure(&connection).map_err(|error| opening(&path, &error))?;
    migrate::migrate(&mut connection)?;
    let old = begin(&mut connection, source, entropy)?;
    let new = Arc::new(Sealer::new(&new(old.id())?));
    register(&connection, ["seal", "seal_url"], &new, seal).map_err(|error| broken(&error))?;
    overwriting(&mut connection, |transaction| {
        let mut secrets = 0;
        for (table, column, row) in SECRETS {
            let place = format!("'{table}.{column}', {row}");
            secrets += transaction.execute(
                &format!(
                    "UPDATE {table} SET {column} = seal(unseal({column}, {place}), {place}) WHERE {column} IS NOT NULL"
                ),
                [],
            )?;
        }
        secrets += transaction.execute(
            "UPDATE webhook SET url = seal_url(unseal_url(url, 'webhook.url', id), 'webhook.url', id)
             WHERE url LIKE 'sealed:%'",
            [],
        )?;
        transaction
            .execute("UPDATE sealing SET key = ?2 WHERE key = ?1", [old.id().as_bytes(), new.id().as_bytes()])?;
        Ok(secrets as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_sealed_where_they_hold_a_password() {
        let sealer = Sealer::new(&MasterKey::from_bytes([3; 32]));
        let place = Place { column: "webhook.url", row: "wh_1" };
        for (url, sealed) in [
            ("https://example.com/hook?user:pass@x", false),
            ("https://user:pass@example.com/", true),
            ("https://user@example.com/", true),
            ("https://:pass@example.com/", true),
            ("nonsense", true),
        ] {
            let kept = seal(&sealer, place, ValueRef::Text(url.as_bytes()), true).unwrap();
            let Value::Text(text) = &kept else { panic!("{kept:?}") };
            assert_eq!(text.starts_with(PREFIX), sealed, "{url}");
            let back = unseal(&sealer, place, ValueRef::Text(text.as_bytes()), true).unwrap();
            assert_eq!(back, Value::Text(url.into()));
        }
        let plain = ValueRef::Text(b"whsec_x");
        assert_eq!(unseal(&sealer, place, plain, false), Err(SealError::NotSealed));
        assert_eq!(seal(&sealer, place, ValueRef::Null, false), Ok(Value::Null));
        assert_eq!(unseal(&sealer, place, ValueRef::Integer(1), false), Err(SealError::Damaged));
    }
}
