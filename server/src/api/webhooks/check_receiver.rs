//! `POST /v1/webhooks/ID/check-receiver`

mod judge;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
};
use seinpost_protocol::{
    event::{self, EventType},
    rest::{
        BodyFormat, Mark, Problem, ProblemCode, ProblemType, Profile, ReceiverCase, ReceiverCheck, ReceiverCheckRow,
        Timestamp, Verdict, WebhookStatus,
    },
};

use super::find;
use crate::{
    api::{caller::Caller, error::ApiError, view},
    app::App,
    dispatch::{Content, Deviation, Prepared, render},
    id,
    store::{EventKind, EventRecord, RecordedBody, Rendering, WebhookRecord},
};

/// How far the time of a stale call is in the past, and that of a future one to come, in milliseconds: beyond the
/// tolerance of every profile.
const SHIFT: i64 = 15 * 60 * 1000;
/// How large a large event is, in bytes: nearly as large as one that is taken in.
const LARGE: usize = 1024 * 1024 - 16 * 1024;
/// After so many calls without an answer no more are made.
const PATIENCE: usize = 2;

/// Sends the receiver a graded set of calls, most of which it must refuse.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/check-receiver",
    operation_id = "checkReceiver",
    tag = "Webhooks",
    summary = "Check that the receiver accepts what is genuine, and nothing else",
    description = "Makes up to nine calls, one after the other, and tells of each what its answer means. They are not in the \
        delivery log, as most are to be refused.",
    params(("id" = String, Path, description = "`wh_…`")),
    responses(
        (status = 200, description = "A row a call", body = ReceiverCheck),
        (status = 409, description = "The URL has not been verified, or a check is going on", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub(in crate::api) async fn check_receiver(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ReceiverCheck>, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    if webhook.status == WebhookStatus::Unverified {
        return Err(ProblemType::Conflict
            .because("The URL has not been verified yet, so nothing is sent to it, checks included: verify it first.")
            .coded(ProblemCode::UrlUnverified)
            .into());
    }
    let Some(_alone) = app.sender.examine_alone(webhook.key) else {
        return Err(ProblemType::Conflict
            .because("This receiver is being checked right now. Wait until that is done.")
            .coded(ProblemCode::BeingChecked)
            .into());
    };
    let started = app.clock.now();
    let mut check = Check { app: &app, webhook: &webhook, valid: None, valid_passed: false, unanswered: 0 };
    let mut data = Vec::new();
    for case in ReceiverCase::ALL {
        data.push(check.row(case).await);
    }
    Ok(Json(ReceiverCheck {
        webhook: webhook.id.clone(),
        url: view::shown_url(&webhook.url),
        profile: webhook.profile,
        started: Timestamp::from_millis(started),
        duration_ms: data.iter().map(|row| row.duration_ms).sum(),
        mark: data.iter().map(|row| row.mark).max().unwrap_or(Mark::Skip),
        data,
    }))
}

struct Check<'a> {
    app: &'a App,
    webhook: &'a WebhookRecord,
    /// The valid call, to be made once more.
    valid: Option<Prepared>,
    valid_passed: bool,
    unanswered: usize,
}

impl Check<'_> {
    async fn row(&mut self, case: ReceiverCase) -> ReceiverCheckRow {
        let mut row = ReceiverCheckRow {
            name: case,
            sent: judge::sent(case).into(),
            expected: judge::expected(case, self.webhook.profile).into(),
            status: None,
            duration_ms: 0,
            mark: Mark::Skip,
            verdict: Verdict::NotMade,
            meaning: "Not sent, as the calls before it had no answer.".into(),
            attempt: None,
        };
        if let Some(why) = self.not_applicable(case) {
            (row.verdict, row.meaning) = (Verdict::NotApplicable, why.into());
            return row;
        }
        if self.unanswered >= PATIENCE {
            return row;
        }
        let prepared = self.prepare(case).await;
        if case == ReceiverCase::Valid {
            self.valid = prepared.as_ref().ok().cloned();
        }
        let body = prepared.as_ref().ok().map(|prepared| prepared.content.clone());
        let attempt = self.app.sender.make(self.webhook, prepared).await;
        row.status = attempt.response.as_ref().map(|response| response.status);
        row.duration_ms = attempt.duration;
        self.unanswered = if row.status.is_some() { 0 } else { self.unanswered + 1 };
        self.valid_passed |= case == ReceiverCase::Valid && attempt.is_accepted();
        let answer = judge::Answer {
            case,
            profile: self.webhook.profile,
            format: self.webhook.format,
            status: row.status,
            duration_ms: row.duration_ms,
            failure: attempt.error.as_ref().map(|(_, detail)| detail.as_str()),
            valid_passed: self.valid_passed,
        };
        (row.mark, row.verdict, row.meaning) = judge::judge(&answer);
        let event = body.map(|content| EventRecord {
            event_type: EventKind::Mail(self.event_type()),
            content_type: Some(content.content_type.into_owned()),
            body: content.body,
        });
        // A body of a megabyte is not shown.
        let shown = event.as_ref().filter(|_| case != ReceiverCase::Large);
        let batched = HashMap::new();
        row.attempt =
            Some(view::attempt(&attempt, shown.map(|event| view::Bodies { event, batched: &batched }).as_ref()));
        row
    }

    fn not_applicable(&self, case: ReceiverCase) -> Option<&'static str> {
        match case {
            ReceiverCase::ForeignEnvironment if self.webhook.profile == Profile::Standard => {
                Some("Calls of the profile standard name no environment: each webhook has a secret of its own.")
            }
            ReceiverCase::FormEncoded if self.webhook.options.batch.is_some() => {
                Some("This webhook gets batches, which are JSON.")
            }
            _ => None,
        }
    }

    async fn prepare(&self, case: ReceiverCase) -> Result<Prepared, String> {
        let deviation = match case {
            ReceiverCase::RepeatedNonce => {
                return self.valid.clone().ok_or_else(|| "the valid call could not be made".to_owned());
            }
            ReceiverCase::Valid | ReceiverCase::FormEncoded | ReceiverCase::Large => Deviation::Nothing,
            ReceiverCase::Altered => Deviation::Altered,
            ReceiverCase::Stale => Deviation::Shifted(-SHIFT),
            ReceiverCase::Future => Deviation::Shifted(SHIFT),
            ReceiverCase::ForeignEnvironment => Deviation::ForeignEnvironment,
            ReceiverCase::WrongKey => Deviation::WrongKey,
        };
        let format = if case == ReceiverCase::FormEncoded { BodyFormat::Form } else { self.webhook.format };
        let content = self.content(format, case == ReceiverCase::Large)?;
        self.app.sender.prepare(self.webhook, content, deviation).await
    }

    /// A sample as this webhook gets its events.
    fn content(&self, format: BodyFormat, large: bool) -> Result<Content, String> {
        let now = self.app.clock.now();
        let mut json = event::sample(self.event_type(), u64::try_from(now / 1000).unwrap_or(0));
        if large && let Some(end) = json.rfind('}') {
            let padding = "x".repeat(LARGE.saturating_sub(json.len()));
            json.insert_str(end, &format!(", \"padding\": \"{padding}\""));
        }
        let rendering = Rendering {
            format,
            privacy: self.webhook.options.privacy.clone(),
            diagnosis: self.webhook.options.diagnosis,
        };
        let mut body = render::body(EventKind::Mail(self.event_type()), json.as_bytes(), &rendering)?;
        if self.webhook.options.batch.is_some() {
            body.insert(0, b'[');
            body.push(b']');
        }
        Ok(Content {
            body: body.into(),
            content_type: render::content_type(format).into(),
            derived: RecordedBody::AsItCame,
            message: id::ulid("test_", now, &*self.app.entropy),
        })
    }

    fn event_type(&self) -> EventType {
        self.webhook.types.as_slice().first().copied().unwrap_or(EventType::Bounce)
    }
}
