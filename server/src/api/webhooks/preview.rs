//! `POST /v1/webhooks/preview`

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State, http::HeaderMap};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use seinpost_protocol::{
    payload,
    rest::{NewPreview, Preview, PreviewedEvent, RecipientPrivacy, Refusal, Scope},
};

use crate::{
    api::{
        body,
        caller::Authority,
        error::{ApiError, refuse},
    },
    app::App,
    dispatch::render,
    id::EventId,
    store::{EventKind, EventRecord, Facets, Rendering, StoreError},
};

/// How far back it looks, in milliseconds: 24 hours.
const PERIOD: i64 = 24 * 60 * 60 * 1000;
/// How many events it looks at.
const EVENTS: u32 = 2000;
/// How many bytes of them.
const BYTES: usize = 8 * 1024 * 1024;

/// What settings that need not be saved would have done with the newest events.
#[utoipa::path(
    post,
    path = "/webhooks/preview",
    operation_id = "previewWebhook",
    tag = "Webhooks",
    summary = "Try settings on the newest events",
    description = "Looks at the newest events of the last 24 hours (2,000 of them, or 8 MiB, at most). Nothing is sent. The examples are shown to who may read deliveries (`deliveries:read`).",
    request_body = NewPreview,
    responses(
        (status = 200, description = "How many would have been sent, with an example of each kind", body = Preview),
    ),
)]
pub(in crate::api) async fn preview(
    State(app): State<Arc<App>>,
    Authority(grant): Authority,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Preview>, ApiError> {
    let mut new: NewPreview = body::read(&headers, &body)?;
    refuse(new.filter.faults().into_iter().chain(new.privacy.faults()).collect())?;
    if new.privacy.recipient == RecipientPrivacy::Hashed && new.privacy.recipient_key.is_none() {
        // The one that it will have is not made yet.
        new.privacy.recipient_key = Some(STANDARD.encode(app.entropy.bytes::<32>()));
    }
    let since = app.clock.now().saturating_sub(PERIOD);
    let (events, complete) = app.store.newest_events(grant.environment, since, EVENTS, BYTES).await?;
    let looked = tokio::task::spawn_blocking(move || look(&new, &events, complete)).await;
    let mut looked = looked.map_err(|error| StoreError::Broken(error.to_string()))?;
    if !grant.allows(Scope::DeliveriesRead) {
        // The numbers say nothing of anybody; an event does.
        (looked.would_go, looked.would_not_go) = (None, None);
    }
    Ok(Json(looked))
}

fn look(new: &NewPreview, events: &[(EventId, EventRecord)], complete: bool) -> Preview {
    let rendering = Rendering { format: new.format, privacy: new.privacy.clone(), diagnosis: false };
    let mut preview = Preview { looked_at: 0, passing: 0, complete, would_go: None, would_not_go: None };
    for (id, record) in events {
        let EventKind::Mail(event_type) = record.event_type else { continue };
        if !new.types.as_slice().contains(&event_type) {
            continue;
        }
        // What is kept was read when it came in.
        let Ok(event) = payload::read_event(&record.body) else { continue };
        preview.looked_at += 1;
        let facets = Facets::of(&event);
        let refusal = new.filter.passes(&facets.tags, facets.recipient.as_deref()).err();
        preview.passing += u32::from(refusal.is_none());
        let example = if refusal.is_none() { &mut preview.would_go } else { &mut preview.would_not_go };
        if example.is_none()
            && let Ok(body) = render::body(record.event_type, &record.body, &rendering)
        {
            *example = Some(PreviewedEvent {
                id: id.to_string(),
                event_type: event_type.as_str().into(),
                body: String::from_utf8_lossy(&body).into_owned(),
                content_type: render::content_type(new.format).into(),
                reason: refusal.map(|refusal| refusal.to_string()),
                reason_code: refusal.map(|refusal| refusal.code().to_owned()),
                reason_value: refusal.and_then(Refusal::value).map(str::to_owned),
            });
        }
    }
    preview
}
