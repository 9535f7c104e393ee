//! One attempt: sign, call, and write down what happened.

use std::{borrow::Cow, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use seinpost_protocol::rest::{ErrorKind, HeaderField, Profile};

use super::{
    Receiver,
    examine::Examined,
    sign::{Signed, Signing},
    signers::Signers,
};
use crate::{
    clock::Clock,
    egress::{Answer, Call, Egress, Failure, HeaderList, Identity, Target},
    entropy::Entropy,
    fields::Fields,
    keyring::{CurrentKey, Keyring},
    store::{AttemptRecord, RecordedBody, RecordedRequest, RecordedResponse, WebhookRecord},
};

/// How much of an answer's body is kept, in bytes.
const KEPT_BODY: usize = 16 * 1024;
/// How much of an answer's header is kept, in bytes.
const KEPT_HEADER: usize = 16 * 1024;
/// What we call ourselves.
const USER_AGENT: &str = concat!("Seinpost/", env!("CARGO_PKG_VERSION"));

/// What to send.
#[derive(Clone, Debug)]
pub struct Content {
    /// The very bytes.
    pub body: Bytes,
    /// What they are.
    pub content_type: Cow<'static, str>,
    /// How they follow from the event.
    pub derived: RecordedBody,
    /// What names the message, the same for every attempt at it.
    pub message: String,
}

/// What came of an attempt.
#[derive(Debug)]
pub struct Attempted {
    /// As it is recorded.
    pub record: AttemptRecord,
    /// Whether nothing was sent, as this machine had no room for a connection or its proxy cannot be used: it is no attempt,
    /// and is made anew.
    pub is_void: bool,
}

/// Makes attempts. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    egress: Egress,
    pub(super) keyring: Arc<Keyring>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    signers: Signers,
    pub(super) examined: Examined,
}

impl Sender {
    /// Sends through `egress` what it signs with the keys of `keyring`.
    #[must_use]
    pub fn new(egress: Egress, keyring: Arc<Keyring>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { egress, keyring, clock, entropy, signers: Signers::start(), examined: Examined::default() }
    }

    /// Makes attempt `n` to hand `content` to a receiver. Date, nonce and signature are of this attempt.
    pub async fn attempt(&self, receiver: &Arc<Receiver>, content: Content, n: u32) -> Attempted {
        let started = self.clock.now();
        let mut record = begun(n, started, content.derived.clone());
        let mut is_void = false;
        let target = match &receiver.target {
            Ok(target) => target.clone(),
            Err(error) => {
                record.error = Some((ErrorKind::Internal, error.to_string()));
                return Attempted { record, is_void };
            }
        };
        match self.sign(receiver, &target, &content, started, None).await {
            Ok(headers) => is_void = self.call(receiver, target, headers, content.body, &mut record).await,
            Err(detail) => {
                record.request.url = target.to_string();
                record.error = Some((ErrorKind::Internal, detail));
            }
        }
        Attempted { record, is_void }
    }

    /// Makes a signed call, and writes down what was sent and what came back. Whether it could not be made, for a
    /// reason of ours.
    pub(super) async fn call(
        &self,
        receiver: &Receiver,
        target: Target,
        headers: HeaderList,
        body: Bytes,
        record: &mut AttemptRecord,
    ) -> bool {
        record.request.url = target.to_string();
        let identity = identity(&receiver.webhook);
        let call = Call { method: http::Method::POST, target, headers, body, identity };
        let outcome = self.egress.call(&call).await;
        record.request.headers = recorded(&call.headers, &receiver.webhook.options.headers, &call.target);
        record.duration = u64::try_from(outcome.duration.as_millis()).unwrap_or(u64::MAX);
        let is_void = outcome.failure.as_ref().is_some_and(Failure::is_ours);
        record.error = outcome.failure.map(|failure| (failure.kind, failure.detail));
        record.response = outcome.answer.map(kept);
        record.peer = outcome.peer;
        is_void
    }

    /// The header fields to send: the signed ones, and after them those of the webhook's own. Signed with `key` where that is
    /// another than the environment's.
    pub(super) async fn sign(
        &self,
        receiver: &Arc<Receiver>,
        target: &Target,
        content: &Content,
        now: i64,
        key: Option<Arc<CurrentKey>>,
    ) -> Result<HeaderList, String> {
        let fields = match receiver.webhook.profile {
            // A hash is quick: no other thread is needed for it. It has no nonce.
            Profile::Standard => Signing { receiver, target, content, now, nonce: "" }.standard()?,
            Profile::Cavage | Profile::Rfc9421 => {
                let nonce = STANDARD.encode(self.entropy.bytes::<15>());
                let key = match key {
                    Some(key) => key,
                    None => {
                        let environment = receiver.webhook.environment;
                        self.keyring.current(environment).await.map_err(|error| error.to_string())?
                    }
                };
                self.sign_with_key(receiver, target, content, now, nonce, key).await?
            }
        };
        let own = &receiver.webhook.options.headers;
        let mut headers = Vec::with_capacity(fields.len() + own.len() + 2);
        headers.extend(fields.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)));
        let signed = headers.len();
        for (name, value) in own {
            // What is signed or frames the call was refused when it was set; a profile may have got more since.
            if !headers[..signed].iter().any(|(each, _)| each.eq_ignore_ascii_case(name)) {
                headers.push((name.to_ascii_lowercase().into(), value.clone()));
            }
        }
        for (name, value) in [("user-agent", USER_AGENT), ("accept", "*/*")] {
            if !own.iter().any(|(each, _)| each.eq_ignore_ascii_case(name)) {
                headers.push((name.into(), value.into()));
            }
        }
        Ok(headers)
    }

    /// Signs with an RSA key, on a thread that may be busy for a while.
    async fn sign_with_key(
        &self,
        receiver: &Arc<Receiver>,
        target: &Target,
        content: &Content,
        now: i64,
        nonce: String,
        current: Arc<CurrentKey>,
    ) -> Result<Signed, String> {
        let (receiver, target, content) = (Arc::clone(receiver), target.clone(), content.clone());
        let signed = self.signers.run(move || {
            let signing = Signing { receiver: &receiver, target: &target, content: &content, now, nonce: &nonce };
            match receiver.webhook.profile {
                Profile::Rfc9421 => signing.rfc9421(&current),
                Profile::Cavage | Profile::Standard => signing.cavage(&current),
            }
        });
        signed.await.unwrap_or_else(|| Err("there is no thread to sign on".into()))
    }
}

/// An attempt that has begun: nothing has come of it yet.
pub(super) fn begun(n: u32, started: i64, body: RecordedBody) -> AttemptRecord {
    AttemptRecord {
        n,
        started,
        duration: 0,
        peer: None,
        request: RecordedRequest { url: String::new(), headers: Fields::default(), body },
        response: None,
        error: None,
    }
}

/// As whom the receiver of a webhook is called, where it asks for a certificate.
pub(crate) fn identity(webhook: &WebhookRecord) -> Option<Identity> {
    webhook.client_identity.as_ref().map(|identity| Identity::new(&identity.certificate, &identity.key))
}

/// The header fields as they went over the wire, but for what is secret: the values of the webhook's `own`, which often let
/// us in with the receiver, and a password.
fn recorded(headers: &[(Cow<'static, str>, String)], own: &[HeaderField], target: &Target) -> Fields {
    let mut fields = Fields::with_capacity(768);
    for (name, value) in headers {
        let is_own = own.iter().any(|(each, own)| each.eq_ignore_ascii_case(name) && own == value);
        fields.push_in_title_case(name, if is_own { b"***" } else { value.as_bytes() });
    }
    if target.authorization().is_some() {
        fields.push("Authorization", b"Basic ***");
    }
    fields
}

/// An answer as far as it is kept.
fn kept(answer: Answer) -> RecordedResponse {
    let mut body = answer.body;
    let cut = body.len() > KEPT_BODY;
    if cut {
        body.truncate(KEPT_BODY);
        // It may wait for the disk beside thousands of others.
        body.shrink_to_fit();
    }
    let headers = if answer.headers.size() <= KEPT_HEADER { answer.headers } else { cut_short(&answer.headers) };
    RecordedResponse { status: answer.status, headers, body, truncated: answer.truncated || cut }
}

/// The first of so many fields, and of the last one that there is room for the beginning of its value.
fn cut_short(headers: &Fields) -> Fields {
    let mut room = KEPT_HEADER;
    headers
        .iter()
        .map_while(|(name, value)| {
            room = room.checked_sub(name.len())?;
            let value = &value[..value.len().min(room)];
            room -= value.len();
            Some((name, value))
        })
        .collect()
}
