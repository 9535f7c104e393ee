//! Since when a webhook is not sent to, by whom or why, and how much waits for it.

use seinpost_protocol::rest::{DisabledCode, Session, Waiting, Webhook, WebhookStatus};
use yew::prelude::*;

use crate::i18n::{Language, texts::webhooks as texts};

/// Since when a webhook is paused and by whom, or why the server switched it off. `time` says when, where that is known. No
/// component: each would cost the first page some KiB.
pub(in crate::pages) fn standing(
    language: Language,
    webhook: &Webhook,
    session: Option<&Session>,
    time: Option<Html>,
) -> Html {
    let by = webhook.status_by.as_deref();
    let is_you =
        by.is_some_and(|by| session.is_some_and(|session| session.id == by || session.person.as_deref() == Some(by)));
    // The id of another session tells nobody anything.
    let who = by.filter(|by| !by.starts_with("ses_")).unwrap_or_default();
    let text = if webhook.status != WebhookStatus::Paused {
        if webhook.disabled_code == Some(DisabledCode::Gone) { &texts::OFF_GONE } else { &texts::OFF_FAILING }
    } else if time.is_none() {
        &texts::PAUSED_NOTE
    } else if is_you {
        &texts::PAUSED_YOU
    } else if who.is_empty() {
        &texts::PAUSED_SINCE
    } else {
        &texts::PAUSED_BY
    };
    language.rich(text, &[("time", time.unwrap_or_default()), ("who", html! { { who } })])
}

/// How many deliveries wait; nothing where none does, or where it is not known yet.
pub(in crate::pages) fn waits(language: Language, waiting: Option<Waiting>) -> Option<String> {
    waiting.filter(|waiting| waiting.count > 0).map(|waiting| {
        let count = format!("{}{}", language.number(waiting.count), if waiting.more { "+" } else { "" });
        language.fill(&texts::FAILING_WAITING, &[("n", &count)])
    })
}
