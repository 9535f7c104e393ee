//! The calls, one function each.

use seinpost_protocol::rest::{
    AllTime, Attempt, AttemptOutcome, BroughtForward, Delivery, EventLoad, EventSummary, HistoryEntry, KeyRotation,
    KeysChecked, NewClientCertificate, NewPreview, NewReplay, NewSession, NewWebhook, Page, Preview, PublishedKey,
    ReceiverCheck, Replay, Session, Stats, StatsRange, VerifyResult, Webhook, WebhookPatch, WebhookStats,
};

use serde::de::DeserializeOwned;

use super::{Api, ApiError, Tagged};
use crate::app::to_query;

impl Api {
    /// The session of this browser. A 401 means that there is none.
    pub(crate) async fn session(&self) -> Result<Session, ApiError> {
        loop {
            let asked_in = self.shared.sessions.get();
            let answer = self.get::<Session>("/v1/session").await;
            // Who signed in while the answer was under way is not what it speaks of.
            if asked_in == self.shared.sessions.get() {
                return answer.inspect(|session| self.enter(session));
            }
        }
    }

    /// Signs in with the code of a link or with a token.
    pub(crate) async fn sign_in(&self, code: String) -> Result<Session, ApiError> {
        let session: Session = self.send("POST", "/v1/session", &NewSession { code }).await?;
        self.enter(&session);
        Ok(session)
    }

    /// Ends the session.
    pub(crate) async fn sign_out(&self) -> Result<(), ApiError> {
        self.call("DELETE", "/v1/session", None).await.map(drop)
    }

    /// All webhooks.
    pub(crate) async fn webhooks(&self) -> Result<Vec<Webhook>, ApiError> {
        self.pages("/v1/webhooks").await
    }

    /// How many webhooks fail. The browser reads the answer: a decoder for it would cost the first page more than a KiB.
    pub(crate) async fn failing(&self) -> Option<f64> {
        let answer = self.call("GET", "/v1/webhooks/counts", None).await.ok()?;
        let counts = js_sys::JSON::parse(&answer.text).ok()?;
        js_sys::Reflect::get(&counts, &"failing".into()).ok()?.as_f64()
    }

    /// All of a list: page after page, at most a hundred pages.
    pub(super) async fn pages<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, ApiError> {
        let mut all = Vec::new();
        let mut cursor = None;
        for _ in 0..100 {
            let page: Page<T> = self.get(&paged(path, 100, cursor.as_deref(), &[])).await?;
            all.extend(page.data);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(all)
    }

    pub(crate) async fn webhook(&self, id: &str) -> Result<Tagged<Webhook>, ApiError> {
        self.get_tagged(&of_webhook(id, "")).await
    }

    pub(crate) async fn create_webhook(&self, new: &NewWebhook) -> Result<Webhook, ApiError> {
        self.send("POST", "/v1/webhook", new).await
    }

    /// Changes a webhook, if it is as it was read with this tag; however it is, if that is empty.
    pub(crate) async fn change_webhook(
        &self,
        id: &str,
        tag: &str,
        patch: &WebhookPatch,
    ) -> Result<Tagged<Webhook>, ApiError> {
        self.patch(&of_webhook(id, ""), tag, patch).await
    }

    pub(crate) async fn delete_webhook(&self, id: &str) -> Result<(), ApiError> {
        self.call("DELETE", &of_webhook(id, ""), None).await.map(drop)
    }

    /// What settings would have done with the events of the last 24 hours.
    pub(crate) async fn preview(&self, settings: &NewPreview) -> Result<Preview, ApiError> {
        self.send("POST", "/v1/webhooks/preview", settings).await
    }

    /// Has what waits for its next attempt be due now.
    pub(crate) async fn send_waiting(&self, id: &str) -> Result<BroughtForward, ApiError> {
        self.call("POST", &of_webhook(id, "/send-waiting"), None).await.and_then(|answer| answer.json())
    }

    /// The webhook with its new secret, which no other answer holds.
    pub(crate) async fn rotate_secret(&self, id: &str) -> Result<Webhook, ApiError> {
        self.call("POST", &of_webhook(id, "/rotate-secret"), None).await.and_then(|answer| answer.json())
    }

    /// Calls are made with this certificate from now on.
    pub(crate) async fn put_certificate(&self, id: &str, new: &NewClientCertificate) -> Result<(), ApiError> {
        let body = super::written(new)?;
        self.call("PUT", &of_webhook(id, "/client-certificate"), Some(&body)).await.map(drop)
    }

    /// Calls are made without a certificate from now on.
    pub(crate) async fn remove_certificate(&self, id: &str) -> Result<(), ApiError> {
        self.call("DELETE", &of_webhook(id, "/client-certificate"), None).await.map(drop)
    }

    /// A page of what happened to a webhook, the newest first.
    pub(crate) async fn history(&self, id: &str, cursor: Option<&str>) -> Result<Page<HistoryEntry>, ApiError> {
        self.get(&paged(&of_webhook(id, "/history"), 50, cursor, &[])).await
    }

    /// Sends a graded set of calls to a webhook.
    pub(crate) async fn check_receiver(&self, id: &str) -> Result<ReceiverCheck, ApiError> {
        self.call("POST", &of_webhook(id, "/check-receiver"), None).await.and_then(|answer| answer.json())
    }

    /// How many events came in of late.
    pub(crate) async fn event_load(&self) -> Result<EventLoad, ApiError> {
        self.get("/v1/stats/events").await
    }

    /// The figures of a webhook over a time.
    pub(crate) async fn stats(&self, webhook: Option<&str>, range: StatsRange) -> Result<Stats, ApiError> {
        let query = to_query(&[("range", range.as_str()), ("webhook", webhook.unwrap_or_default())]);
        self.get(&format!("/v1/stats?{query}")).await
    }

    /// How many deliveries a webhook ever had, by how they went.
    pub(crate) async fn all_time(&self, webhook: &str) -> Result<AllTime, ApiError> {
        self.get(&format!("/v1/stats/all-time?{}", to_query(&[("webhook", webhook)]))).await
    }

    /// The figures of every webhook over the last 24 hours, page after page.
    pub(crate) async fn webhook_stats(&self) -> Result<Vec<WebhookStats>, ApiError> {
        self.pages("/v1/stats/webhooks").await
    }

    /// A page of the events that have a variable of this value: `message` or `recipient`.
    pub(crate) async fn events_of(
        &self,
        sought: (&str, &str),
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<Page<EventSummary>, ApiError> {
        self.get(&paged("/v1/events", limit, cursor, &[sought])).await
    }

    /// Sends many deliveries of a webhook once more.
    pub(crate) async fn replay_many(&self, id: &str, new: &NewReplay) -> Result<Replay, ApiError> {
        self.send("POST", &of_webhook(id, "/replays"), new).await
    }

    /// The newest replays of a webhook.
    pub(crate) async fn replays(&self, id: &str) -> Result<Page<Replay>, ApiError> {
        self.get(&of_webhook(id, "/replays")).await
    }

    /// Stops a replay; what it made goes on.
    pub(crate) async fn stop_replay(&self, id: &str, replay: &str) -> Result<(), ApiError> {
        self.call("DELETE", &of_webhook(id, &format!("/replays/{}", encoded(replay))), None).await.map(drop)
    }

    /// Looks for the verification file.
    pub(crate) async fn verify_webhook(&self, id: &str) -> Result<VerifyResult, ApiError> {
        self.call("POST", &of_webhook(id, "/verify"), None).await.and_then(|answer| answer.json())
    }

    /// Sends a test with this body as the webhook gets its events.
    pub(crate) async fn test_webhook(&self, id: &str, body: &str) -> Result<Attempt, ApiError> {
        self.call("POST", &of_webhook(id, "/test?as_event=true"), Some(body)).await.and_then(|answer| answer.json())
    }

    /// Sends a sample to a webhook, and tells what came of it. A decoder for the rest would cost the first page some KiB.
    pub(crate) async fn check_webhook(&self, id: &str) -> Result<AttemptOutcome, ApiError> {
        self.call("POST", &of_webhook(id, "/test?as_event=true"), None).await.and_then(|answer| answer.json())
    }

    /// A page of the deliveries of a webhook, or of all webhooks, the newest first.
    pub(crate) async fn deliveries(
        &self,
        webhook: Option<&str>,
        limit: u32,
        cursor: Option<&str>,
        filter: &[(&str, &str)],
    ) -> Result<Page<Delivery>, ApiError> {
        let path = webhook.map_or_else(|| "/v1/deliveries".to_owned(), |id| of_webhook(id, "/deliveries"));
        self.get(&paged(&path, limit, cursor, filter)).await
    }

    pub(crate) async fn delivery(&self, id: &str) -> Result<Delivery, ApiError> {
        self.get(&format!("/v1/deliveries/{}", encoded(id))).await
    }

    /// Sends the event of a delivery once more, as a new delivery.
    pub(crate) async fn replay(&self, id: &str) -> Result<Delivery, ApiError> {
        let path = format!("/v1/deliveries/{}/replay", encoded(id));
        self.call("POST", &path, None).await.and_then(|answer| answer.json())
    }

    pub(crate) async fn keys(&self) -> Result<Vec<PublishedKey>, ApiError> {
        self.get("/v1/keys").await
    }

    /// Whether the world's DNS shows the keys.
    pub(crate) async fn check_keys(&self) -> Result<KeysChecked, ApiError> {
        self.call("POST", "/v1/keys/check", None).await.and_then(|answer| answer.json())
    }

    /// Makes the next key, or lets it sign now.
    pub(crate) async fn rotate_keys(&self, now: bool) -> Result<PublishedKey, ApiError> {
        self.send("POST", "/v1/keys/rotate", &KeyRotation { now }).await
    }

    /// The record of a key, as it stands (or should stand) in DNS. Needs no session.
    pub(crate) async fn key_record(&self, keyid: &str) -> Result<String, ApiError> {
        self.call("GET", &format!("/v1/keys/{}", encoded(keyid)), None)
            .await
            .map(|answer| answer.text.trim().to_owned())
    }
}

/// Where the verification file can be downloaded from.
pub(crate) fn verification_file(webhook: &str) -> String {
    of_webhook(webhook, "/verification-file")
}

fn of_webhook(id: &str, rest: &str) -> String {
    format!("/v1/webhooks/{}{rest}", encoded(id))
}

pub(super) fn paged(path: &str, limit: u32, cursor: Option<&str>, filter: &[(&str, &str)]) -> String {
    let mut out = format!("{path}?limit={limit}");
    let cursor = cursor.map(|cursor| ("cursor", cursor));
    for (name, value) in filter.iter().copied().chain(cursor) {
        if !value.is_empty() {
            out.push_str(&format!("&{name}={}", encoded(value)));
        }
    }
    out
}

/// Percent-encoded, so that it is one segment of a path or one value of a query, whatever stands in it.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_in_its_segment() {
        assert_eq!(of_webhook("wh_1/../2?x#y", "/verify"), "/v1/webhooks/wh_1%2F..%2F2%3Fx%23y/verify");
        assert_eq!(verification_file("wh_1"), "/v1/webhooks/wh_1/verification-file");
    }

    #[test]
    fn a_page_is_asked_for_by_cursor_and_filter() {
        assert_eq!(paged("/v1/deliveries", 50, None, &[("status", "")]), "/v1/deliveries?limit=50");
        assert_eq!(
            paged("/v1/deliveries", 50, Some("a+b"), &[("status", "failed")]),
            "/v1/deliveries?limit=50&status=failed&cursor=a%2Bb"
        );
    }
}
