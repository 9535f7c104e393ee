//! The data folder, and the database in it.

use std::{
    fs::{DirBuilder, File},
    io,
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::{broken, migrate};
use crate::store::{StoreError, StoreResult};

/// The name of the database in the data folder.
pub const FILE: &str = "seinpost.db";

/// Makes the data folder for this user alone, as private keys are kept in it.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(folder: &Path) -> StoreResult<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| inaccessible(folder, &error))
}

/// Whether there is a database in `folder`.
#[must_use]
pub fn is_there(folder: &Path) -> bool {
    folder.join(FILE).exists()
}

/// Makes the database for this user alone, and its folder. SQLite gives the files beside the database the same rights. One
/// that came from a backup, which anybody may read, is this user's alone from now on.
pub(super) fn make_database(folder: &Path, path: &Path) -> StoreResult<()> {
    make_folder(folder)?;
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(path)
        .map_err(|error| if path.exists() { unusable(path, &error) } else { inaccessible(folder, &error) })?;
    #[cfg(unix)]
    shut(&file, path)?;
    drop(file);
    Ok(())
}

#[cfg(unix)]
fn shut(file: &File, path: &Path) -> StoreResult<()> {
    use std::os::unix::fs::PermissionsExt;
    /// Whatever the group and all others may do.
    const OTHERS: u32 = 0o077;
    let mode = file.metadata().map_err(|error| unusable(path, &error))?.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    match file.set_permissions(std::fs::Permissions::from_mode(mode & 0o7777 & !OTHERS)) {
        // It is somebody else's, who chose to share it.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            tracing::warn!(path = %path.display(), "others than this user may read the database, which cannot be changed");
            Ok(())
        }
        changed => changed.map_err(|error| unusable(path, &error)),
    }
}

/// Whether opening the database in `folder` would bring it to another version: it is of an older Seinpost, or there is none.
///
/// # Errors
/// When it cannot be read.
pub fn must_migrate(folder: &Path) -> StoreResult<bool> {
    let path = folder.join(FILE);
    if !path.exists() {
        return Ok(true);
    }
    let version = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|connection| {
        connection.busy_timeout(Duration::from_secs(10))?;
        migrate::version(&connection)
    });
    version.map(|version| version < migrate::known()).map_err(|error| opening(&path, &error))
}

/// What every connection needs.
pub(super) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    // Only another process (the command line) can hold the lock: briefly.
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn inaccessible(folder: &Path, error: &io::Error) -> StoreError {
    refused("the data folder", folder, error, "Make it writable for this user, or name another with --data")
}

fn unusable(path: &Path, error: &io::Error) -> StoreError {
    refused("the database", path, error, "Give it to this user (as root: chown), or name another folder with --data")
}

fn refused(what: &str, path: &Path, error: &io::Error, cure: &str) -> StoreError {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::StorageFull => StoreError::Full(format!("no room for {path}")),
        _ => StoreError::Inaccessible(format!("{what} {path} cannot be used: {error}. {cure}")),
    }
}

pub(super) fn opening(path: &Path, error: &rusqlite::Error) -> StoreError {
    match broken(error) {
        StoreError::Inaccessible(why) => StoreError::Inaccessible(format!(
            "the database {} cannot be opened: {why}. Make it and its folder writable for this user, or name another \
             folder with --data",
            path.display()
        )),
        other => other,
    }
}
