//! `GET /v1/stream`: what happens, as it happens, as server-sent events.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{Extension, Query, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use futures_util::stream;
use seinpost_protocol::rest::{DeliveryChange, ProblemType, StreamEvent, Timestamp, WebhookChange};
use serde::Deserialize;
use tokio::sync::watch;

use super::{
    caller::{Authority, Credential},
    error::ApiError,
    webhooks,
};
use crate::{
    access::Grant,
    app::App,
    live::{News, Place, Watcher},
    store::{Advance, StoreResult, WebhookKey},
};

/// How long nothing is sent at most: what stands between keeps the connection then.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a stream lasts, in milliseconds. Its client comes back by itself, and shows anew who it is.
const LIFE: i64 = 15 * 60 * 1000;
/// How long a stream goes on without asking whether its token or session is still there, in milliseconds: one that is
/// revoked by another process ends as late as that.
const TRUST: i64 = 5000;
/// How many names of webhooks are remembered.
const NAMES: usize = 4096;

/// What is watched.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Watched {
    /// Only what happens to this webhook and its deliveries: `wh_…`.
    webhook: Option<String>,
}

/// What happens to webhooks and deliveries, as server-sent events named after `kind`: `hello` at the beginning, then
/// `delivery` and `webhook`. Each has an `id`; a client that sends the last one in `Last-Event-ID` misses nothing. Where that
/// is too long ago it is told `gap`, and reads its lists anew. A client that reads too slowly is dropped, and comes back with
/// the id that it had last. Every stream ends after a quarter of an hour, and when its token is revoked or its session ends.
#[utoipa::path(
    get,
    path = "/stream",
    operation_id = "watch",
    tag = "Stream",
    summary = "What happens, as it happens",
    params(
        Watched,
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was received"),
    ),
    responses((
        status = 200, description = "Server-sent events, each with a `StreamEvent` as its data", body = String,
        content_type = "text/event-stream",
    ))
)]
pub(super) async fn watch(
    State(app): State<Arc<App>>,
    Authority(grant): Authority,
    Extension(credential): Extension<Credential>,
    Query(watched): Query<Watched>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let only = match watched.webhook {
        Some(id) => Some(webhooks::find(&app, grant.environment, id).await?.key),
        None => None,
    };
    let last = headers.get("last-event-id").filter(|value| !value.is_empty());
    // One that cannot be read is one that is not known.
    let unknown = "0-0".parse().ok();
    let from: Option<Place> = last.and_then(|value| value.to_str().ok().and_then(|text| text.parse().ok()).or(unknown));
    let watcher = app.live.watch(grant.environment, from).ok_or_else(|| {
        ApiError::from(ProblemType::Unavailable.because("Too many streams are open. Close some, or try again later."))
    })?;
    let begin = if watcher.has_gap() { StreamEvent::Gap } else { StreamEvent::Hello };
    let first = written(watcher.place(), &begin);
    let now = app.clock.now();
    let endings = app.access.endings();
    let watches = Watches { grant, credential, endings, seen: now };
    let reader = Reader { app, watcher, watches, only, names: HashMap::new(), ends: now.saturating_add(LIFE) };
    let body = stream::unfold((Some(first), reader), async |(first, mut reader)| match first {
        Some(first) => Some((Ok(Bytes::from(first)), (None, reader))),
        None => reader.next().await.transpose().map(|text| (text.map(Bytes::from), (None, reader))),
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // Some proxies would gather it first.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(body)))
}

/// Who watches, and when it was last seen that they may.
struct Watches {
    grant: Arc<Grant>,
    credential: Credential,
    endings: watch::Receiver<()>,
    seen: i64,
}

impl Watches {
    /// Whether they still may.
    async fn still(&mut self, app: &App) -> StoreResult<bool> {
        let now = app.clock.now();
        // Nothing ends any more once the server does.
        if !self.endings.has_changed().unwrap_or(false) && now.saturating_sub(self.seen) < TRUST {
            return Ok(true);
        }
        self.endings.mark_unchanged();
        self.seen = now;
        app.access.is_still(&self.grant, &self.credential.0).await
    }
}

/// Writes what a watcher sees.
struct Reader {
    app: Arc<App>,
    watcher: Watcher,
    watches: Watches,
    only: Option<WebhookKey>,
    names: HashMap<WebhookKey, Option<String>>,
    ends: i64,
}

impl Reader {
    /// The next events, or a sign of life; `None` at the end.
    async fn next(&mut self) -> StoreResult<Option<String>> {
        // Its client may have taken the last ones after the end.
        if self.app.clock.now() >= self.ends {
            return Ok(None);
        }
        let silence = self.app.clock.sleep(KEEP_ALIVE);
        tokio::pin!(silence);
        let news = loop {
            let news = tokio::select! {
                news = self.watcher.next() => Some(news),
                () = &mut silence => Some(Some(Vec::new())),
                Ok(()) = self.watches.endings.changed() => {
                    self.watches.endings.mark_changed();
                    None
                }
            };
            if self.app.clock.now() >= self.ends || !self.watches.still(&self.app).await? {
                return Ok(None);
            }
            if let Some(news) = news {
                break news;
            }
        };
        let Some(news) = news else { return Ok(None) };
        let (mut text, mut passed) = (String::new(), None);
        for (place, each) in news {
            passed = match self.event(each).await? {
                Some(event) => {
                    text.push_str(&written(place, &event));
                    None
                }
                None => Some(place),
            };
        }
        if let Some(place) = passed {
            // Nothing happens at the client, but it goes on from here: what is not for it is no gap.
            text.push_str(&format!("id: {place}\n\n"));
        }
        if text.is_empty() {
            text.push_str(":\n\n");
        }
        Ok(Some(text))
    }

    async fn event(&mut self, news: News) -> StoreResult<Option<StreamEvent>> {
        let key = match news {
            News::Delivery(advance) => advance.course.webhook,
            News::Webhook(key) => key,
        };
        if self.only.is_some_and(|only| only != key) {
            return Ok(None);
        }
        let Some(webhook) = self.name(key).await? else { return Ok(None) };
        Ok(Some(match news {
            News::Delivery(advance) => StreamEvent::Delivery(change(&advance, webhook)),
            News::Webhook(_) => StreamEvent::Webhook(WebhookChange { id: webhook }),
        }))
    }

    /// The id of a webhook.
    async fn name(&mut self, key: WebhookKey) -> StoreResult<Option<String>> {
        if let Some(known) = self.names.get(&key) {
            return Ok(known.clone());
        }
        if self.names.len() >= NAMES {
            self.names.clear();
        }
        let found = self.app.store.webhook_by_key(key).await?.map(|webhook| webhook.id);
        self.names.insert(key, found.clone());
        Ok(found)
    }
}

fn change(advance: &Advance, webhook: String) -> DeliveryChange {
    DeliveryChange {
        id: advance.id.to_string(),
        event: (!advance.test).then(|| advance.course.event.to_string()),
        event_type: advance.course.event_type.as_str().into(),
        webhook,
        status: advance.status,
        test: advance.test,
        created: Timestamp::from_millis(advance.id.created()),
        attempt: advance.attempt,
        next_attempt: advance.due.map(Timestamp::from_millis),
    }
}

/// A server-sent event.
fn written(place: Place, event: &StreamEvent) -> String {
    // It has no keys that are no strings, so that it can be written; JSON has no line ends.
    let data = serde_json::to_string(event).unwrap_or_default();
    format!("id: {place}\nevent: {}\ndata: {data}\n\n", event.kind())
}
