//! Calls that a receiver should refuse: signed like real ones, but for one thing.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use seinpost_protocol::rest::{ErrorKind, Profile};

use super::{Content, Receiver, Sender, send::begun};
use crate::{
    egress::HeaderList,
    keyring,
    store::{AttemptRecord, RecordedBody, WebhookKey, WebhookRecord},
};

/// In what a call differs from a real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deviation {
    /// In nothing.
    Nothing,
    /// Its body was changed after it was signed.
    Altered,
    /// Its time, by so many milliseconds.
    Shifted(i64),
    /// It is of another environment.
    ForeignEnvironment,
    /// It is signed with a key that nobody published.
    WrongKey,
}

/// A call, signed and ready to be made, more than once if need be.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    headers: HeaderList,
    pub(crate) content: Content,
}

/// The webhooks whose receivers are being examined.
#[derive(Clone, Debug, Default)]
pub(super) struct Examined(Arc<Mutex<HashSet<WebhookKey>>>);

/// While it lives, nobody else examines the receiver of this webhook.
#[derive(Debug)]
pub(crate) struct Alone {
    examined: Examined,
    webhook: WebhookKey,
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.examined.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.webhook);
    }
}

impl Sender {
    /// `None` while somebody else examines the receiver of this webhook.
    pub(crate) fn examine_alone(&self, webhook: WebhookKey) -> Option<Alone> {
        let is_first = self.examined.0.lock().unwrap_or_else(PoisonError::into_inner).insert(webhook);
        is_first.then(|| Alone { examined: self.examined.clone(), webhook })
    }

    /// Signs a call that differs from a real one in one thing.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub(crate) async fn prepare(
        &self,
        webhook: &WebhookRecord,
        content: Content,
        deviation: Deviation,
    ) -> Result<Prepared, String> {
        let mut webhook = webhook.clone();
        let mut key = None;
        let mut now = self.clock.now();
        match deviation {
            Deviation::Nothing | Deviation::Altered => {}
            Deviation::Shifted(by) => now = now.saturating_add(by),
            Deviation::ForeignEnvironment => {
                key = Some(self.keyring.current(webhook.environment).await.map_err(|error| error.to_string())?);
                webhook.environment += 1;
            }
            Deviation::WrongKey if webhook.profile == Profile::Standard => {
                webhook.secret = Some(format!("whsec_{}", STANDARD.encode(self.entropy.bytes::<32>())));
                webhook.old_secrets.clear();
            }
            Deviation::WrongKey => {
                let current = self.keyring.current(webhook.environment).await.map_err(|error| error.to_string())?;
                let stranger = keyring::stranger(&current.keyid).await.map_err(|error| error.to_string())?;
                key = Some(Arc::new(stranger));
            }
        }
        let receiver = Arc::new(Receiver::new(webhook));
        let target = receiver.target.clone().map_err(|error| error.to_string())?;
        let headers = self.sign(&receiver, &target, &content, now, key).await?;
        let body = if deviation == Deviation::Altered { altered(&content.body) } else { content.body.clone() };
        Ok(Prepared { headers, content: Content { body, ..content } })
    }

    /// Makes a prepared call to the receiver of `webhook`.
    pub(crate) async fn make(&self, webhook: &WebhookRecord, prepared: Result<Prepared, String>) -> AttemptRecord {
        let receiver = Arc::new(Receiver::new(webhook.clone()));
        let mut record = begun(1, self.clock.now(), RecordedBody::AsItCame);
        match (prepared, receiver.target.clone()) {
            (Ok(Prepared { headers, content }), Ok(target)) => {
                self.call(&receiver, target, headers, content.body, &mut record).await;
            }
            (Err(why), _) => record.error = Some((ErrorKind::Internal, why)),
            (_, Err(error)) => record.error = Some((ErrorKind::Internal, error.to_string())),
        }
        record
    }
}

/// The same length, another byte: the last letter or digit is another one, so that the body can still be read.
fn altered(body: &Bytes) -> Bytes {
    let mut bytes = body.to_vec();
    if let Some(byte) = bytes.iter_mut().rev().find(|byte| byte.is_ascii_alphanumeric()) {
        *byte = if *byte == b'a' { b'b' } else { b'a' };
    } else {
        bytes.push(b' ');
    }
    bytes.into()
}
