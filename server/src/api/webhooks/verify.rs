//! `POST /v1/webhooks/ID/verify`

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use seinpost_protocol::rest::{Outcome as Found, ProblemCode, ProblemType, Tried, VerifyResult};
use seinpost_protocol::{ownership, rest::WebhookStatus};

use super::find;
use crate::{
    api::{caller::Caller, error::ApiError, view},
    app::App,
    dispatch,
    egress::{Answer, Call, LONGEST_URL, Outcome, Target, cut},
    store::WebhookRecord,
};

/// How much of an unexpected body is shown, in bytes.
const SHOWN_BODY: usize = 2048;

/// Looks for the verification file.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/verify",
    operation_id = "verifyWebhook",
    tag = "Webhooks",
    summary = "Look for the verification file",
    params(("id" = String, Path, description = "`wh_…`")),
    responses(
        (status = 200, description = "What was found where", body = VerifyResult),
    ),
)]
pub(in crate::api) async fn verify(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<VerifyResult>, ApiError> {
    let webhook = find(&app, caller.environment, id).await?;
    let mut tried = Vec::new();
    let mut found = false;
    for place in ownership::locations(&webhook.url, &webhook.file) {
        let result = look(&app, &webhook, &place).await?;
        found = result.outcome == Found::Match;
        tried.push(result);
        if found {
            break;
        }
    }
    let verified = if found {
        let marked = app.store.mark_verified(webhook.key, webhook.url.clone()).await?;
        if !marked && webhook.status == WebhookStatus::Unverified && !was_verified_meanwhile(&app, &webhook).await? {
            return Err(ProblemType::Conflict
                .because("The webhook was changed while its file was looked for. Look again.")
                .coded(ProblemCode::ChangedMeanwhile)
                .into());
        }
        true
    } else {
        false
    };
    Ok(Json(VerifyResult { verified, tried }))
}

/// Whether somebody else has just proved the same.
async fn was_verified_meanwhile(app: &App, webhook: &WebhookRecord) -> Result<bool, ApiError> {
    let now = app.store.webhook_by_key(webhook.key).await?;
    Ok(now.is_some_and(|now| now.url == webhook.url && now.status != WebhookStatus::Unverified))
}

async fn look(app: &App, webhook: &WebhookRecord, place: &str) -> Result<Tried, ApiError> {
    let target = Target::parse(place)?;
    let headers = vec![
        ("host".into(), target.authority().to_owned()),
        ("user-agent".into(), concat!("Seinpost/", env!("CARGO_PKG_VERSION")).to_owned()),
        ("accept".into(), "*/*".to_owned()),
    ];
    let call = Call {
        method: axum::http::Method::GET,
        target: target.clone(),
        headers,
        body: Bytes::new(),
        identity: dispatch::identity(webhook),
    };
    Ok(judge(&app.egress.call(&call).await, webhook, &target))
}

/// What came of it, and what to do.
fn judge(outcome: &Outcome, webhook: &WebhookRecord, target: &Target) -> Tried {
    let mut tried = Tried {
        url: target.to_string(),
        outcome: Found::NoAnswer,
        peer: outcome.peer,
        status: outcome.answer.as_ref().map(|answer| answer.status),
        detail: outcome.failure.as_ref().map_or_else(String::new, |failure| failure.detail.clone()),
        error: outcome.failure.as_ref().map(|failure| failure.kind),
        headers: outcome.answer.as_ref().map_or_else(Vec::new, |answer| view::fields(&answer.headers)),
        body: None,
        duration_ms: u64::try_from(outcome.duration.as_millis()).unwrap_or(u64::MAX),
    };
    let Some(answer) = &outcome.answer else { return tried };
    let shown = &answer.body[..answer.body.len().min(SHOWN_BODY)];
    let body = String::from_utf8_lossy(shown).into_owned();
    match answer.status {
        200..=299 if ownership::matches(&webhook.content, &answer.body) => {
            tried.outcome = Found::Match;
            tried.detail = "The file is there. It may be removed now.".into();
            return tried;
        }
        200..=299 => {
            tried.outcome = Found::AnotherBody;
            tried.detail = another_body(answer, webhook);
        }
        300..=399 => {
            tried.outcome = Found::Redirect;
            tried.detail = redirect(answer, target);
        }
        status => {
            tried.outcome = Found::AnotherStatus;
            tried.detail = another_status(status, &webhook.file);
        }
    }
    tried.body = Some(body);
    tried
}

fn another_body(answer: &Answer, webhook: &WebhookRecord) -> String {
    let length = answer.body.len();
    let size = if answer.truncated { format!("more than {length} bytes") } else { format!("{length} bytes") };
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return "Your server answered with an empty body. Put the line of the file in it, then look again.".into();
    }
    let text = String::from_utf8_lossy(&answer.body).to_ascii_lowercase();
    if text.contains(&webhook.content.to_ascii_lowercase()) {
        return "The line of the file is there, but with something around it. Serve the file as it was downloaded, then \
                look again."
            .into();
    }
    let is_html = answer.header("content-type").is_some_and(|value| value.to_ascii_lowercase().contains("html"))
        || text.trim_start().starts_with("<!doctype html")
        || text.trim_start().starts_with("<html");
    let asks_to_sign_in = ["type=\"password\"", "type=password", "sign in", "log in", "login"];
    if is_html && asks_to_sign_in.iter().any(|sign| text.contains(sign)) {
        return format!(
            "Your server answered with its sign-in page: what came back is HTML of {size}. Let this one path through \
             without signing in, then look again."
        );
    }
    if is_html {
        return format!(
            "Your server answered with a page of its own: what came back is HTML of {size}. An application may answer \
             every path: let it serve this file as it is, then look again."
        );
    }
    format!(
        "Another file stands there: what came back has {size}. Each webhook, and each new URL, has a file of its own: \
         download it again, then look again."
    )
}

fn redirect(answer: &Answer, target: &Target) -> String {
    let to =
        answer.header("location").and_then(|location| url::Url::parse(target.secret_url()).ok()?.join(location).ok());
    let Some(to) = to else {
        return "Your server redirects without saying where to. Redirects are not followed: serve the file at this very URL.".into();
    };
    let path = to.path().to_ascii_lowercase();
    let shown = Target::parse(to.as_str()).map_or_else(|_| cut(to.path().to_owned(), LONGEST_URL), |to| to.to_string());
    if ["login", "signin", "sign-in", "sign_in", "auth"].iter().any(|sign| path.contains(sign)) {
        return format!(
            "Your server answered with its sign-in page: the request was sent on to {shown}. Let this one path through \
             without signing in, then look again."
        );
    }
    format!(
        "Your server redirects to {shown}. Redirects are not followed. If your callbacks belong there, make that the \
         webhook's URL; otherwise serve the file at this very URL."
    )
}

fn another_status(status: u16, file: &str) -> String {
    match status {
        401 | 407 => "Your server asks for a password (401). Let this one path through without, or put user and password in the \
                URL, then look again."
            .into(),
        403 => "Your server forbids it (403). The file may not be readable for the web server, or a firewall in front of it \
                refuses us."
            .into(),
        404 | 410 => format!("{file} is not there ({status}). If you put it at the other place, this one does not matter."),
        429 => "Your server says that it is called too often (429). Wait a little, then look again.".into(),
        500..=599 => format!("Your server failed ({status}). Its error log tells why."),
        other => format!("Your server answered with {other} instead of 200."),
    }
}
