//! One delivery's turn: read the event, make the attempt, decide what follows, write it down.

use std::{borrow::Cow, sync::Arc, time::Duration};

use bytes::Bytes;
use seinpost_protocol::{
    payload,
    rest::{BodyFormat, ErrorKind},
};

use super::{Content, lane::Job, retry, schedule::Inner};
use crate::{
    id::DeliveryId,
    store::{
        AttemptRecord, Conclusion, Payload, RecordedBody, RecordedRequest, StoreResult, WebhookKey, WebhookRecord,
    },
};

/// How long to wait before the store is asked again after it failed, in milliseconds.
pub(super) const STORE_PAUSE: i64 = 1000;

/// An attempt and what follows from it.
struct Made {
    attempt: AttemptRecord,
    conclusion: Conclusion,
}

impl Inner {
    /// Makes one attempt and writes down what came of it.
    pub(super) async fn deliver(&self, key: WebhookKey, webhook: &WebhookRecord, job: Job) {
        let id = job.id;
        let made = tokio::select! {
            made = self.attempt(webhook, &job) => Some(made),
            () = self.abandoned.cancelled() => None,
        };
        let accepted = match &made {
            Some(Ok(made)) => Some(made.conclusion == Conclusion::Delivered),
            _ => None,
        };
        self.called(key, accepted);
        let retry = match made {
            Some(Ok(made)) => {
                let retry = match made.conclusion {
                    Conclusion::Retry(at) => Some(at),
                    Conclusion::Delivered | Conclusion::Failed => None,
                };
                let failing_since = self.write_down(id, &made).await;
                if let Some(reason) = retry::reason_to_disable(&made.attempt, failing_since, self.clock.now()) {
                    self.disable(key, webhook, reason).await;
                }
                retry
            }
            // The store did not give the event: the delivery still waits there.
            Some(Err(error)) => {
                tracing::error!(delivery = %id, %error, "an event could not be read");
                Some(self.clock.now() + STORE_PAUSE)
            }
            None => return,
        };
        self.finished(key, id, retry);
    }

    async fn attempt(&self, webhook: &WebhookRecord, job: &Job) -> StoreResult<Made> {
        let n = job.attempts + 1;
        let payload = match &job.payload {
            Some(payload) => Arc::clone(payload),
            None => match self.store.event(job.event).await? {
                Some(event) => Arc::new(Payload::new(job.event, event.event_type, event.body)),
                None => return Ok(self.impossible(n, "the event is no longer kept")),
            },
        };
        let content = match content(&payload, webhook.format) {
            Ok(content) => content,
            Err(why) => return Ok(self.impossible(n, &why)),
        };
        let attempt = self.sender.attempt(webhook, content, n).await;
        let conclusion = self.conclude(&attempt);
        tracing::debug!(
            delivery = %job.id,
            webhook = webhook.id,
            attempt = n,
            status = attempt.response.as_ref().map(|response| response.status),
            ?conclusion,
            "an attempt was made"
        );
        Ok(Made { attempt, conclusion })
    }

    fn conclude(&self, attempt: &AttemptRecord) -> Conclusion {
        if attempt.is_accepted() {
            return Conclusion::Delivered;
        }
        let now = self.clock.now();
        match self.limits.retries.after(attempt.n, &*self.entropy) {
            Some(delay) => {
                let delay = delay.max(retry::asked_for(attempt, now).unwrap_or_default());
                Conclusion::Retry(now.saturating_add(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)))
            }
            None => Conclusion::Failed,
        }
    }

    /// Stops sending to a webhook; its events are kept.
    async fn disable(&self, key: WebhookKey, webhook: &WebhookRecord, reason: String) {
        match self.store.disable_webhook(key, reason.clone()).await {
            Ok(true) => tracing::warn!(webhook = webhook.id, reason, "a webhook was disabled"),
            Ok(false) => {}
            // Its next failure tries again.
            Err(error) => tracing::error!(webhook = webhook.id, %error, "a webhook could not be disabled yet"),
        }
    }

    /// An attempt that cannot be made, now or later.
    fn impossible(&self, n: u32, why: &str) -> Made {
        let attempt = AttemptRecord {
            n,
            started: self.clock.now(),
            duration: 0,
            request: RecordedRequest { url: String::new(), headers: Vec::new(), body: RecordedBody::AsItCame },
            response: None,
            error: Some((ErrorKind::Internal, why.to_owned())),
        };
        Made { attempt, conclusion: Conclusion::Failed }
    }

    /// Writes down what came of an attempt, and answers since when the webhook has had nothing but failures; while the store does not take it (a full disk), again and again.
    async fn write_down(&self, id: DeliveryId, made: &Made) -> Option<i64> {
        let mut pause = Duration::from_millis(STORE_PAUSE.unsigned_abs());
        loop {
            match self.store.record_attempt(id, made.attempt.clone(), made.conclusion).await {
                Ok(failing_since) => return failing_since,
                Err(error) => tracing::error!(delivery = %id, %error, "an attempt could not be written down yet"),
            }
            tokio::select! {
                () = self.clock.sleep(pause) => {}
                () = self.abandoned.cancelled() => return None,
            }
            pause = (pause * 2).min(Duration::from_secs(30));
        }
    }
}

/// What a webhook of this format gets of an event.
fn content(event: &Payload, format: BodyFormat) -> Result<Content, String> {
    match format {
        BodyFormat::Json => Ok(Content {
            body: event.body.clone(),
            content_type: Cow::Borrowed("application/json"),
            derived: RecordedBody::AsItCame,
            message: event.event.to_string(),
        }),
        BodyFormat::Form => {
            let body = match event.form.get() {
                Some(form) => form.clone(),
                None => {
                    // It was checked when it came in.
                    let read = payload::read_event(&event.body).map_err(|error| error.to_string())?;
                    event.form.get_or_init(|| Bytes::from(payload::to_form(&read))).clone()
                }
            };
            Ok(Content {
                body,
                content_type: Cow::Borrowed("application/x-www-form-urlencoded"),
                derived: RecordedBody::Form,
                message: event.event.to_string(),
            })
        }
    }
}
