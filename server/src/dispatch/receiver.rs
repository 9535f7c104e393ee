//! A webhook as the dispatcher uses it: what is the same for each call is made once.

use std::sync::Arc;

use seinpost_protocol::{key::Secret, rest::BodyFormat};

use super::{Limits, RetrySchedule};
use crate::{
    egress::{InvalidTarget, Target},
    store::{RecordedBody, Rendering, WebhookRecord},
};

/// A webhook, ready to be called.
#[derive(Debug)]
pub struct Receiver {
    pub(super) webhook: WebhookRecord,
    /// Where it is.
    pub(super) target: Result<Target, InvalidTarget>,
    /// The secrets of the profile `standard`, and until when each signs.
    pub(super) secrets: Vec<(Result<Secret, String>, Option<i64>)>,
    /// What it gets of an event.
    pub(super) rendering: Arc<Rendering>,
    /// Its own schedule.
    retries: Option<RetrySchedule>,
}

impl Receiver {
    /// Reads what is set of a webhook. What of it cannot be read is said by each attempt.
    #[must_use]
    pub fn new(webhook: WebhookRecord) -> Self {
        let read =
            |text: &str| Secret::parse(text).map_err(|error| format!("the webhook's secret cannot be read: {error}"));
        let current = webhook.secret.iter().map(|text| (read(text), None));
        let old = webhook.old_secrets.iter().map(|(text, until)| (read(text), Some(*until)));
        let rendering = Rendering {
            format: webhook.format,
            privacy: webhook.options.privacy.clone(),
            diagnosis: webhook.options.diagnosis,
        };
        Self {
            target: Target::parse(&webhook.url),
            secrets: current.chain(old).collect(),
            rendering: Arc::new(rendering),
            retries: webhook.options.retries.as_deref().map(RetrySchedule::from_seconds),
            webhook,
        }
    }

    /// How many calls it gets at a time.
    pub(super) fn concurrency(&self, limits: &Limits) -> usize {
        match self.webhook.options.concurrency {
            Some(own) => usize::try_from(own).unwrap_or(usize::MAX).min(limits.in_all),
            None => limits.per_webhook,
        }
    }

    /// When its deliveries are tried again: by a schedule of its own, or else by everybody's.
    #[must_use]
    pub fn schedule<'a>(&'a self, limits: &'a Limits) -> &'a RetrySchedule {
        self.retries.as_ref().unwrap_or(&limits.retries)
    }

    /// How far ahead a retry can be, in milliseconds.
    pub(super) fn longest_wait(&self, limits: &Limits) -> i64 {
        let longest = self.schedule(limits).longest();
        i64::try_from(longest.as_millis()).unwrap_or(i64::MAX)
    }

    /// How many of its deliveries are held in memory, where so many may be: at least a batch.
    pub(super) fn room(&self, most: usize) -> usize {
        self.webhook.options.batch.map_or(most, |batch| most.max(batch.max_events as usize))
    }

    /// How many events of which there were `attempts` go into one call: half as many with each attempt, so that the one
    /// that a receiver does not take is alone in the end, and holds up no other. The last attempt of several is made for
    /// each alone, however few they are: after it there is no other.
    pub(super) fn together(&self, attempts: u32, limits: &Limits) -> Option<usize> {
        let batch = self.webhook.options.batch?;
        if attempts > 0 && self.schedule(limits).is_last(attempts.saturating_add(1)) {
            return Some(1);
        }
        Some((batch.max_events.checked_shr(attempts).unwrap_or(0) as usize).max(1))
    }

    /// How many bytes are in memory while an event of so many is on its way: where it is not sent as it came, what is made of it
    /// counts twice, as it may be longer.
    pub(super) fn weight(&self, event: usize) -> usize {
        if self.rendering.is_plain() { event } else { event.saturating_mul(3) }
    }

    /// How the log says what one event was sent as.
    pub(super) fn recorded(&self) -> RecordedBody {
        match (self.rendering.is_plain(), self.rendering.format) {
            (true, _) => RecordedBody::AsItCame,
            (false, BodyFormat::Form) if self.rendering.privacy.is_open() && !self.rendering.diagnosis => {
                RecordedBody::Form
            }
            _ => RecordedBody::Rendered(Arc::clone(&self.rendering)),
        }
    }
}
