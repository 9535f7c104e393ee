//! Attempts: what came of calls, and how deliveries stand after them.

use rusqlite::{Connection, OptionalExtension, Row, params};
use seinpost_protocol::rest::{AttemptBrief, DeliveryStatus, Timestamp};

use super::{
    broken,
    context::Context,
    deliveries::to_advance,
    failing,
    flat::Flat,
    often::Often,
    record::Pieces,
    renderings, rows,
    stats::{self, Tried, Went},
    templates,
};
use crate::{
    id::{DeliveryId, EventId},
    store::{Advance, AttemptRecord, Conclusion, Course, EventKind, StoreResult, Streak, TestCall, WebhookKey},
};

/// Without those whose record is forgotten (see retention.rs). Outer: the database's errors; inner: a damaged record.
pub(super) fn of(
    connection: &Connection,
    deliveries: &[DeliveryId],
) -> rusqlite::Result<StoreResult<Vec<(DeliveryId, AttemptRecord)>>> {
    let mut statement = connection.prepare_cached(
        "SELECT a.n, a.started, a.duration, a.response_status, a.record, t.record, a.sent
         FROM attempt a LEFT JOIN template t ON t.id = a.template WHERE a.delivery = ?1 AND a.record != x'' ORDER BY a.n",
    )?;
    let mut found = Vec::new();
    for delivery in deliveries {
        let mut rows = statement.query([delivery.0])?;
        while let Some(row) = rows.next()? {
            let attempt = to_attempt(row)?;
            let mut attempt = match attempt {
                Ok(attempt) => attempt,
                Err(error) => return Ok(Err(error)),
            };
            if let Some(sent) = row.get::<_, Option<i64>>(6)? {
                attempt.request.body = match renderings::read(connection, sent)? {
                    Ok(body) => body,
                    Err(error) => return Ok(Err(error)),
                };
            }
            found.push((*delivery, attempt));
        }
    }
    Ok(Ok(found))
}

/// An attempt without the body that was sent, from n, started, duration, response_status, record and the template's record.
pub(super) fn to_attempt(row: &Row<'_>) -> rusqlite::Result<StoreResult<AttemptRecord>> {
    let duration: i64 = row.get(2)?;
    let (n, started, status) = (row.get(0)?, row.get(1)?, row.get(3)?);
    Ok(Pieces::read(row.get_ref(4)?.as_blob()?, row.get_ref(5)?.as_blob_or_null()?)
        .and_then(|pieces| pieces.attempt(n, started, u64::try_from(duration).unwrap_or(0), status)))
}

/// Writes down one call for one delivery or several: what was sent once, the rest for each. Those that are no longer kept
/// are passed over. A `course` that is given is not looked up.
pub(super) fn record(
    context: &mut Context<'_>,
    deliveries: &[DeliveryId],
    course: Option<Course>,
    attempt: &AttemptRecord,
    conclusion: Conclusion,
) -> StoreResult<Option<Streak>> {
    let sent = renderings::keep(context, &attempt.request.body)?;
    let mut of = None;
    for delivery in deliveries {
        let Some(advance) = conclude(context, *delivery, course, attempt.n, conclusion)? else { continue };
        write_attempt(context, advance.course.webhook, *delivery, attempt, sent)?;
        count(context, &advance, attempt, of.is_none())?;
        context.tell_advance(Advance { attempt: Some(brief(attempt)), ..advance });
        of = Some(advance.course.webhook);
    }
    match of {
        // What we could not send is no failure of the receiver.
        Some(_) if !attempt.was_made() => Ok(None),
        Some(webhook) => failing::note(context, webhook, conclusion == Conclusion::Delivered, attempt.started),
        None => Ok(None),
    }
}

/// Lets a delivery stand as its newest attempt has it, and answers how that is. One that was cancelled while it was on its
/// way stays cancelled, unless it arrived after all.
fn conclude(
    context: &mut Context<'_>,
    delivery: DeliveryId,
    course: Option<Course>,
    attempts: u32,
    conclusion: Conclusion,
) -> StoreResult<Option<Advance>> {
    if let Some(course) = course {
        let (status, due) = follows_from(conclusion);
        let changed =
            context.often(Often::Conclude, params![delivery.0, attempts, rows::delivery_status_number(status), due])?;
        if changed > 0 {
            let (attempt, test) = (None, false);
            let advance = Advance { id: delivery, course, test, status, attempt, due };
            return Ok(Some(advance));
        }
        // It waits no more: it was cancelled, or is no longer kept.
    }
    // Looked up and changed in two statements: `RETURNING` costs more than both.
    let found = context
        .prepare("SELECT event, type, webhook, environment, test, status FROM delivery WHERE id = ?1")?
        .query_row([delivery.0], |row| to_advance(row, delivery))
        .optional()
        .map_err(|error| broken(&error))?;
    let Some(before) = found else { return Ok(None) };
    let (status, due) = if before.status == DeliveryStatus::Pending || conclusion == Conclusion::Delivered {
        follows_from(conclusion)
    } else {
        (before.status, None)
    };
    context.execute(
        "UPDATE delivery SET attempts = ?2, status = ?3, due = ?4 WHERE id = ?1",
        params![delivery.0, attempts, rows::delivery_status_number(status), due],
    )?;
    Ok(Some(Advance { status, due, ..before }))
}

/// How a delivery stands that waited for this.
fn follows_from(conclusion: Conclusion) -> (DeliveryStatus, Option<i64>) {
    match conclusion {
        Conclusion::Delivered => (DeliveryStatus::Delivered, None),
        Conclusion::Retry(due) => (DeliveryStatus::Pending, Some(due)),
        Conclusion::Failed => (DeliveryStatus::Failed, None),
    }
}

/// Counts an attempt; how long it took only once, where it was made for several deliveries.
fn count(context: &mut Context<'_>, advance: &Advance, attempt: &AttemptRecord, first: bool) -> StoreResult<()> {
    let status = attempt.response.as_ref().map(|response| response.status);
    let before = stats::before(context, advance.id.0, attempt.n)?;
    context.count(Tried {
        environment: advance.course.environment,
        webhook: advance.course.webhook,
        created: advance.id.created(),
        started: attempt.started,
        duration: status.filter(|_| first).map(|_| attempt.duration),
        went: Went::of(attempt.n, status),
        before,
    });
    Ok(())
}

fn brief(attempt: &AttemptRecord) -> AttemptBrief {
    AttemptBrief {
        n: attempt.n,
        started: Timestamp::from_millis(attempt.started),
        duration_ms: attempt.duration,
        response_status: attempt.response.as_ref().map(|response| response.status),
        error: attempt.error.as_ref().map(|(kind, _)| *kind),
    }
}

fn write_attempt(
    context: &mut Context<'_>,
    webhook: WebhookKey,
    delivery: DeliveryId,
    attempt: &AttemptRecord,
    sent: Option<i64>,
) -> StoreResult<()> {
    let (template, record) = templates::write(context, webhook, Flat::of(attempt))?;
    context
        .often(
            Often::KeepAttempt,
            params![
                delivery.0,
                attempt.n,
                attempt.started,
                i64::try_from(attempt.duration).unwrap_or(i64::MAX),
                attempt.response.as_ref().map(|response| response.status),
                record,
                template,
                sent
            ],
        )
        .map(drop)
}

pub(super) fn record_test(context: &mut Context<'_>, test: &TestCall) -> StoreResult<DeliveryId> {
    let now = context.now();
    let event = EventId(context.next_event(now));
    let delivery = DeliveryId(context.next_delivery(now));
    let environment = rows::number(test.environment);
    let type_number = rows::type_number(EventKind::Mail(test.event_type));
    context.execute(
        "INSERT INTO event (id, environment, type, content_type, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![event.0, environment, type_number, test.content_type, &test.body[..]],
    )?;
    let status = if test.attempt.is_accepted() { DeliveryStatus::Delivered } else { DeliveryStatus::Failed };
    context.execute(
        "INSERT INTO delivery (id, event, webhook, environment, type, status, test, attempts, due)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, 1, NULL)",
        params![delivery.0, event.0, test.webhook.0, environment, type_number, rows::delivery_status_number(status)],
    )?;
    let sent = renderings::keep(context, &test.attempt.request.body)?;
    write_attempt(context, test.webhook, delivery, &test.attempt, sent)?;
    context.tell_advance(Advance {
        id: delivery,
        course: Course {
            event,
            event_type: EventKind::Mail(test.event_type),
            webhook: test.webhook,
            environment: test.environment,
        },
        test: true,
        status,
        attempt: Some(brief(&test.attempt)),
        due: None,
    });
    Ok(delivery)
}
