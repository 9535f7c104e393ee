//! `Idempotency-Key`: a call that is made again with the same key is done once, and answered as the first time.
//!
//! Events are kept in one transaction with their key (`api::events`). For every other POST the key is claimed before the
//! call is made, and the answer kept after it. Answers can hold secrets, which are kept nowhere else: so an answer is
//! sealed with what the caller came with, of which the store knows the hash alone.

use std::sync::Arc;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{Context, SHA256},
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use seinpost_protocol::rest::ProblemType;
use serde::{Deserialize, Serialize};

use super::{
    MAX_EVENT,
    caller::{Authority, Credential},
    error::ApiError,
    transport::HoldsSecret,
};
use crate::{
    access::Grant,
    app::App,
    store::{Claim, Idempotency, acting},
};

/// The header.
pub(super) const HEADER: &str = "idempotency-key";
/// How long a key may be, in bytes.
const MAX_KEY: usize = 255;
/// Calls that see to it themselves.
const OWN: &str = "/v1/events";
/// The header fields that are answered again.
const KEPT: [HeaderName; 4] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG, header::CACHE_CONTROL];

/// The key of a call, if it has one.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > MAX_KEY {
        let detail = format!("1 to {MAX_KEY} characters of ASCII, another for each call");
        return Err(ApiError::field("Idempotency-Key", "invalid", detail));
    }
    Ok(Some(key))
}

/// The SHA-256 of what makes a call what it is; each part with its length, so that none can pass for two.
pub(super) fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Context::new(&SHA256);
    for part in parts {
        digest.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest.finish().as_ref());
    fingerprint
}

/// A key as it is kept: each caller has keys of its own, and nobody can find out those of others.
pub(super) fn own(grant: &Grant, key: &str) -> String {
    format!("{} {key}", grant.actor)
}

/// Has a call with a key made once.
pub(super) async fn once(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_ours = request.method() == Method::POST && request.uri().path() != OWN;
    let authority = request.extensions().get::<Authority>().cloned();
    let credential = request.extensions().get::<Credential>().cloned();
    match (is_ours, key(request.headers()), authority, credential) {
        (true, Err(error), Some(_), _) => error.into_response(),
        (true, Ok(Some(key)), Some(authority), Some(credential)) => {
            let key = own(&authority.0, key);
            claimed(app, authority, Seal::new(&credential, &key), key, request, next)
                .await
                .unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn claimed(
    app: Arc<App>,
    Authority(grant): Authority,
    seal: Seal,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_EVENT)
        .await
        .map_err(|_| ProblemType::TooLarge.because("The body is larger than 1 MiB, or broke off. Nothing was done."))?;
    let content_type = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let place = parts.uri.path_and_query().map(|place| place.as_str()).unwrap_or_default();
    let fingerprint = fingerprint(&[place.as_bytes(), content_type, &body]);
    let idempotency = Idempotency { key: key.clone(), fingerprint };
    match app.store.claim_idempotency(grant.environment, idempotency).await? {
        Claim::Answered(sealed) => {
            return seal.open(&sealed).and_then(|answer| answer.into_response()).ok_or_else(|| {
                ProblemType::Conflict
                    .because(
                        "This call was made before, and its answer cannot be read any more. Look whether it was done.",
                    )
                    .into()
            });
        }
        Claim::Begun => {
            return Err(ProblemType::Conflict
                .because(
                    "A call with this Idempotency-Key was begun and is not answered yet: it goes on, or the server was stopped \
                     meanwhile. Look whether it was done before you make it with another key.",
                )
                .into());
        }
        Claim::New => {}
    }
    // In a task of its own: it is finished and its answer kept, also when the caller hangs up.
    let call = tokio::spawn(acting(grant.actor.clone(), async move {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        let (response, answer) = copy(response).await;
        let sealed = answer.and_then(|answer| seal.close(&answer, app.entropy.bytes()));
        if let Err(error) = app.store.answer_idempotency(grant.environment, key, sealed).await {
            tracing::error!(%error, "the answer to a call was not kept: made again, it is refused");
        }
        response
    }));
    call.await.map_err(|error| {
        tracing::error!(%error, "a call broke off");
        ProblemType::Internal.because("The server's log tells more.").into()
    })
}

/// The answer, and what is kept of it: only of what was done. What was refused can be tried again with the same key.
async fn copy(response: Response) -> (Response, Option<Answer>) {
    if !response.status().is_success() {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return (ApiError::from(ProblemType::Internal.because("The server's log tells more.")).into_response(), None);
    };
    let headers = KEPT.iter().filter_map(|name| {
        let value = parts.headers.get(name)?.as_bytes().to_vec();
        Some((name.as_str().to_owned(), value))
    });
    let answer = Answer { status: parts.status.as_u16(), headers: headers.collect(), body: body.to_vec() };
    (Response::from_parts(parts, Body::from(body)), Some(answer))
}

/// What was answered.
#[derive(Serialize, Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Answer {
    fn into_response(self) -> Option<Response> {
        let mut response = Response::new(Body::from(Bytes::from(self.body)));
        *response.status_mut() = StatusCode::from_u16(self.status).ok()?;
        for (name, value) in self.headers {
            response.headers_mut().insert(name.parse::<HeaderName>().ok()?, HeaderValue::from_bytes(&value).ok()?);
        }
        // Of what is kept here, that alone is for nobody to store.
        if response.headers().contains_key(header::CACHE_CONTROL) {
            response.extensions_mut().insert(HoldsSecret);
        }
        Some(response)
    }
}

/// Closes answers so that only who makes the same call with the same token or session can open them.
struct Seal([u8; 32]);

impl Seal {
    fn new(credential: &Credential, key: &str) -> Self {
        Self(fingerprint(&[b"seinpost idempotency 1", credential.0.as_bytes(), key.as_bytes()]))
    }

    fn key(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0).ok().map(LessSafeKey::new)
    }

    fn close(&self, answer: &Answer, nonce: [u8; NONCE_LEN]) -> Option<Vec<u8>> {
        let mut bytes = postcard::to_stdvec(answer).ok()?;
        self.key()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes).ok()?;
        Some([nonce.as_slice(), &bytes].concat())
    }

    fn open(&self, sealed: &[u8]) -> Option<Answer> {
        let (nonce, bytes) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut bytes = bytes.to_vec();
        let opened = self.key()?.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut bytes).ok()?;
        postcard::from_bytes(opened).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_caller_opens_an_answer() {
        let credential = |text: &str| Credential(text.into());
        let answer = Answer { status: 201, headers: vec![("etag".into(), b"\"v1\"".to_vec())], body: b"{}".to_vec() };
        let sealed = Seal::new(&credential("a"), "k").close(&answer, [7; NONCE_LEN]).unwrap();
        let opened = Seal::new(&credential("a"), "k").open(&sealed).unwrap();
        assert_eq!((opened.status, opened.body.as_slice()), (201, b"{}".as_slice()));
        assert!(Seal::new(&credential("b"), "k").open(&sealed).is_none());
        assert!(Seal::new(&credential("a"), "l").open(&sealed).is_none());
        for cut in 0..sealed.len() {
            assert!(Seal::new(&credential("a"), "k").open(&sealed[..cut]).is_none());
        }
    }

    #[test]
    fn no_part_passes_for_two() {
        assert_ne!(fingerprint(&[b"ab", b"c"]), fingerprint(&[b"a", b"bc"]));
    }
}
