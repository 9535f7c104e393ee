//! Connections that only read.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::{broken, opening, sealing};
use crate::{
    seal::Sealer,
    store::{StoreError, StoreResult},
};

/// How many calls read at the same time; more wait for their turn.
const CONNECTIONS: usize = 4;

/// A few connections, handed round.
pub(super) struct Readers {
    path: PathBuf,
    sealer: Arc<Sealer>,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, sealer: Arc<Sealer>) -> Self {
        Self { path, sealer, idle: Arc::default(), turns: Arc::new(Semaphore::new(CONNECTIONS)) }
    }

    /// Runs `question` on a connection, on a thread where it may block.
    pub(super) async fn read<T, F>(&self, question: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let stopped = || StoreError::Broken("it is being closed".into());
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| stopped())?;
        let (idle, path, sealer) = (Arc::clone(&self.idle), self.path.clone(), Arc::clone(&self.sealer));
        tokio::task::spawn_blocking(move || {
            let free = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match free {
                Some(connection) => connection,
                None => open(&path, &sealer).map_err(|error| opening(&path, &error))?,
            };
            let answer = question(&connection).map_err(|error| broken(&error))?;
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(turn);
            Ok(answer)
        })
        .await
        .map_err(|_| stopped())?
    }
}

impl Readers {
    /// Runs `task` on a connection of its own, which can write.
    pub(super) async fn apart<T, F>(&self, task: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let path = self.path.clone();
        let done = tokio::task::spawn_blocking(move || {
            let connection = Connection::open(&path).map_err(|error| opening(&path, &error))?;
            connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(|error| broken(&error))?;
            task(&connection).map_err(|error| broken(&error))
        });
        done.await.map_err(|_| StoreError::Broken("it is being closed".into()))?
    }
}

fn open(path: &std::path::Path, sealer: &Arc<Sealer>) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    sealing::teach(&connection, sealer)?;
    Ok(connection)
}
