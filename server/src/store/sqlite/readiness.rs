//! Whether events can be kept: known for certain only by keeping something.

use std::sync::Arc;

use rusqlite::params;
use tokio::sync::Mutex;

use super::{context::Context, reader::Readers, writer::Writer};
use crate::{clock::Clock, store::StoreResult};

/// How much is written, in bytes: what an event and its deliveries change of the database is a dozen pages. Of a disk that is
/// full some of the log may still be free, in which less would find room than an event needs.
const TRIAL: i64 = 48 * 1024;
/// For how long an answer stands, in milliseconds: whoever asks again and again costs nothing.
const STANDS: i64 = 1000;

/// The last answer.
pub(super) struct Readiness {
    clock: Arc<dyn Clock>,
    /// With the time of its question. Held while it is found out, so that all who ask meanwhile share it.
    last: Mutex<Option<(i64, StoreResult<()>)>>,
}

impl Readiness {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, last: Mutex::default() }
    }

    /// Whether the database can be read and written.
    pub(super) async fn ask(&self, readers: &Readers, writer: &Writer) -> StoreResult<()> {
        let mut last = self.last.lock().await;
        let now = self.clock.now();
        if let Some((at, answer)) = &*last
            && (0..STANDS).contains(&now.saturating_sub(*at))
        {
            return answer.clone();
        }
        let answer = match readers.read(|connection| connection.query_row("SELECT 1", [], |_| Ok(()))).await {
            Ok(()) => writer.write(|context| try_out(context)).await,
            Err(error) => Err(error),
        };
        *last = Some((now, answer.clone()));
        answer
    }
}

/// Random, as SQLite does not write what stands there already.
fn try_out(context: &Context<'_>) -> StoreResult<()> {
    let sql = "INSERT OR REPLACE INTO readiness (id, trial) VALUES (1, randomblob(?1))";
    context.execute(sql, params![TRIAL]).map(drop)
}
