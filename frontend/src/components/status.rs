//! States, each with an icon of its own shape, a word and a colour.

use seinpost_protocol::rest::{Delivery, DeliveryStatus, Webhook, WebhookStatus};
use yew::prelude::*;

use super::icon;
use crate::{
    hooks::now,
    i18n::{Language, Text, texts::status as texts},
};

/// How a webhook stands, for people: those that need someone come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum WebhookState {
    /// Active, but nothing that it was sent was accepted since some time.
    Failing,
    Unverified,
    Paused,
    Disabled,
    Active,
}

impl WebhookState {
    pub(crate) const ALL: [Self; 5] = [Self::Failing, Self::Unverified, Self::Paused, Self::Disabled, Self::Active];

    /// The name in an address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Unverified => "unverified",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
            Self::Active => "active",
        }
    }

    pub(crate) fn text(self) -> &'static Text {
        match self {
            Self::Failing => &texts::FAILING,
            Self::Unverified => &texts::UNVERIFIED,
            Self::Paused => &texts::PAUSED,
            Self::Disabled => &texts::DISABLED,
            Self::Active => &texts::ACTIVE,
        }
    }
}

/// How a webhook stands.
pub(crate) fn webhook_state(webhook: &Webhook) -> WebhookState {
    match webhook.status {
        WebhookStatus::Unverified => WebhookState::Unverified,
        WebhookStatus::Paused => WebhookState::Paused,
        WebhookStatus::Disabled => WebhookState::Disabled,
        WebhookStatus::Active if webhook.failing.is_some() => WebhookState::Failing,
        WebhookStatus::Active => WebhookState::Active,
    }
}

/// A state: its icon, its word, its colour; as a chip where it stands alone.
pub(crate) fn status(picture: &str, tone: &'static str, chip: bool, words: Html) -> Html {
    html! {
        <span class={classes!("status", tone, chip.then_some("status--chip"))}>{ icon(picture) }{ words }</span>
    }
}

/// The state of a webhook.
pub(crate) fn webhook_status(language: Language, state: WebhookState, chip: bool) -> Html {
    let (picture, tone) = match state {
        WebhookState::Failing => ("warn", "status--bad"),
        WebhookState::Unverified => ("unverified", "status--warn"),
        WebhookState::Paused => ("pause", ""),
        WebhookState::Disabled => ("off", ""),
        WebhookState::Active => ("ok", "status--ok"),
    };
    status(picture, tone, chip, html! { { language.say(state.text()) } })
}

/// How long a delivery without an attempt counts as being sent, in milliseconds.
const SENDING: i64 = 15_000;

/// How a delivery stands, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    /// Its attempt is under way, or about to be.
    Sending,
    /// An attempt failed, and there is a next one.
    Waiting,
    Delivered,
    /// The receiver answered, but not with 2xx.
    Refused,
    /// No answer came.
    NoAnswer,
    Cancelled,
}

impl DeliveryState {
    /// How it stands at `now`, in milliseconds since the Unix epoch.
    pub(crate) fn of(delivery: &Delivery, now: i64) -> Self {
        match delivery.status {
            DeliveryStatus::Delivered => Self::Delivered,
            DeliveryStatus::Cancelled => Self::Cancelled,
            // One that stays without an attempt is held back: its webhook is paused, or others go first.
            DeliveryStatus::Pending if delivery.attempts.is_empty() && now - delivery.created.as_millis() < SENDING => {
                Self::Sending
            }
            DeliveryStatus::Pending => Self::Waiting,
            DeliveryStatus::Failed => match delivery.attempts.last() {
                Some(last) if last.response.is_some() => Self::Refused,
                _ => Self::NoAnswer,
            },
        }
    }

    pub(crate) fn text(self) -> &'static Text {
        match self {
            Self::Sending => &texts::SENDING,
            Self::Waiting => &texts::WAITING,
            Self::Delivered => &texts::DELIVERED,
            Self::Refused => &texts::REFUSED,
            Self::NoAnswer => &texts::NO_ANSWER,
            Self::Cancelled => &texts::CANCELLED,
        }
    }
}

/// The state of a delivery, with the number of its attempts where it took more than one.
pub(crate) fn delivery_status(language: Language, delivery: &Delivery, chip: bool) -> Html {
    let state = DeliveryState::of(delivery, now());
    let again = delivery.attempts.len() > 1;
    let (picture, tone) = match state {
        DeliveryState::Sending => ("clock", "status--info"),
        DeliveryState::Waiting => ("next", ""),
        DeliveryState::Delivered if again => ("retryok", "status--ok"),
        DeliveryState::Delivered => ("ok", "status--ok"),
        DeliveryState::Refused => ("bad", "status--bad"),
        DeliveryState::NoAnswer => ("off", "status--bad"),
        DeliveryState::Cancelled => ("skip", ""),
    };
    let words = html! {
        <>
            { language.say(state.text()) }
            if again {
                <span class="soft" title={language.fill(&texts::ATTEMPTS, &[("n", &delivery.attempts.len().to_string())])}>
                    { format!("{}×", delivery.attempts.len()) }
                </span>
            }
        </>
    };
    status(picture, tone, chip, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_active_webhook_that_has_nothing_but_failures_is_failing() {
        for (status, failing, expected) in [
            ("active", false, WebhookState::Active),
            ("active", true, WebhookState::Failing),
            ("paused", true, WebhookState::Paused),
            ("unverified", false, WebhookState::Unverified),
            ("disabled", true, WebhookState::Disabled),
        ] {
            let failure = r#","failing":{"since":"2025-11-25T13:05:12Z","delivery":"dlv_1","response_status":503,"error":null,
                "refused":null,"next_attempt":null}"#;
            let json = format!(
                r#"{{"id":"wh_1","type":"bounce","url":"https://a.example/","profile":"cavage","format":"json",
                "digest_name":"sha-256","status":"{status}","created":"2025-11-25T13:05:12Z","last_delivery":null,
                "verification":{{"file":"smtpeter-x.txt","content":"c","locations":[]}}{}}}"#,
                if failing { failure } else { "" }
            );
            assert_eq!(webhook_state(&serde_json::from_str(&json).unwrap()), expected, "{status} {failing}");
        }
    }

    #[test]
    fn a_delivery_tells_who_refused() {
        let attempt = |outcome: &str| {
            format!(
                r#"{{"n":1,"started":"2025-11-25T13:05:12Z","duration_ms":3,
                "request":{{"method":"POST","url":"https://a.example/","headers":[],"body":null}},{outcome}}}"#
            )
        };
        let refused = attempt(r#""response":{"status":401,"headers":[],"body":null},"error":null"#);
        let silent = attempt(r#""response":null,"error":{"kind":"timeout","detail":"It took too long."}"#);
        for (status, attempts, expected) in [
            ("pending", "[]".to_owned(), DeliveryState::Sending),
            ("pending", format!("[{refused}]"), DeliveryState::Waiting),
            ("failed", format!("[{silent},{refused}]"), DeliveryState::Refused),
            ("failed", format!("[{refused},{silent}]"), DeliveryState::NoAnswer),
            ("delivered", format!("[{refused}]"), DeliveryState::Delivered),
            ("cancelled", "[]".to_owned(), DeliveryState::Cancelled),
        ] {
            let delivery: Delivery = serde_json::from_str(&format!(
                r#"{{"id":"dlv_1","event":"evt_1","type":"bounce","webhook":"wh_1","status":"{status}","test":false,
                "attempts":{attempts},"next_attempt":null,"created":"2025-11-25T13:05:12Z"}}"#
            ))
            .unwrap();
            assert_eq!(DeliveryState::of(&delivery, delivery.created.as_millis() + 1000), expected);
            if expected == DeliveryState::Sending {
                let later = delivery.created.as_millis() + 60_000;
                assert_eq!(DeliveryState::of(&delivery, later), DeliveryState::Waiting);
            }
        }
    }
}
