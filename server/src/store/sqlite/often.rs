//! The statements that are run for each event, each call and each commit.
//!
//! They are kept by number: to look one up by its text, as the others are, costs more than to bind its values.

use rusqlite::Statement;

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Often {
    Begin,
    Commit,
    /// `id`, `environment`, `type`, `body`, `first_delivery`, `deliveries`.
    KeepEvent,
    /// `id`, `event`, `webhook`, `environment`, `type`, `due`.
    KeepDelivery,
    /// `id`, `attempts`, `status`, `due`; only one that waits.
    Conclude,
    /// `delivery`, `n`, `started`, `duration`, `response_status`, `record`, `template`, `sent`.
    KeepAttempt,
    /// `scope`, `start`, `length`, `at_once`, `retried`, `refused`, `unanswered`, `times`; the counts are added to what there is.
    AddFigures,
}

/// Those that were run, by number.
pub(super) type Statements<'c> = [Option<Statement<'c>>; Often::AddFigures as usize + 1];

impl Often {
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Begin => "BEGIN IMMEDIATE",
            Self::Commit => "COMMIT",
            Self::KeepEvent => {
                "INSERT INTO event (id, environment, type, content_type, body, first_delivery, deliveries)
                 VALUES (?1, ?2, ?3, NULL, ?4, ?5, ?6)"
            }
            Self::KeepDelivery => {
                "INSERT INTO delivery (id, event, webhook, environment, type, status, test, attempts, due)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, ?6)"
            }
            Self::Conclude => "UPDATE delivery SET attempts = ?2, status = ?3, due = ?4 WHERE id = ?1 AND status = 0",
            Self::KeepAttempt => {
                "INSERT INTO attempt (delivery, n, started, duration, response_status, record, template, sent)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
            }
            Self::AddFigures => {
                "INSERT INTO stat (scope, start, length, at_once, retried, refused, unanswered, times)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (scope, start, length) DO UPDATE SET at_once = at_once + ?4, retried = retried + ?5,
                    refused = refused + ?6, unanswered = unanswered + ?7, times = ?8"
            }
        }
    }
}
