//! Locks on the data folder. The system gives them back when their process ends, however it ends.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

use super::Failed;
use crate::store::StoreError;

/// What commands share, and whoever changes the master key has alone.
const COMMANDS: &str = "seinpost.commands.lock";

/// Keeps the master key from being changed while a command works; `None` while it is being changed.
pub(super) fn shared(data: &Path) -> Result<Option<File>, Failed> {
    lock(data, COMMANDS, File::try_lock_shared)
}

/// Keeps commands away while the master key is changed; `None` while one works.
pub(super) fn alone(data: &Path) -> Result<Option<File>, Failed> {
    exclusive(data, COMMANDS)
}

/// The lock of this name, for this process alone; `None` while another one has it.
pub(super) fn exclusive(data: &Path, name: &str) -> Result<Option<File>, Failed> {
    lock(data, name, File::try_lock)
}

fn lock(data: &Path, name: &str, how: impl FnOnce(&File) -> Result<(), TryLockError>) -> Result<Option<File>, Failed> {
    let path = data.join(name);
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::StorageFull => StoreError::Full(format!("no room for {}", path.display())).into(),
        _ => Failed(format!(
            "{} cannot be written: {error}. Give the folder and all in it to the user that runs Seinpost (as root: chown -R)",
            path.display()
        )),
    };
    let mine = File::options().create(true).truncate(false).write(true).open(&path);
    let file = match mine {
        // Another user's, of a command that was run as root: to be locked it needs not be written.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            File::open(&path).map_err(|_| failed(error))?
        }
        opened => opened.map_err(failed)?,
    };
    match how(&file) {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
