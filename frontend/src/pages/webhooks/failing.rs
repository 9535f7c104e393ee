//! Why a webhook of the list fails, and when it is tried next.

use seinpost_protocol::rest::{Attempt, Delivery, Waiting, Webhook};
use yew::prelude::*;

use crate::{
    api::use_api,
    app::Route,
    components::{A, Countdown, explain_refusal, reason_phrase, transport_words},
    hooks::{use_now, use_poll, use_resource},
    i18n::{Language, texts::webhooks as texts, use_language},
};

/// How often the delivery that was not accepted is asked for, in milliseconds: its next attempt changes what is said.
const EVERY: u32 = 15_000;

#[derive(Properties, PartialEq)]
pub(super) struct FailingProps {
    pub(super) webhook: Webhook,
    /// How many of its deliveries wait.
    #[prop_or_default]
    pub(super) waiting: Option<Waiting>,
}

/// The cause of the newest refusal, what waits, and the next attempt. What the list itself knows of it stands at once.
#[component]
pub(super) fn Failing(props: &FailingProps) -> Html {
    let language = use_language();
    let api = use_api();
    let last = props.webhook.last_delivery.as_ref();
    let delivery = use_resource(last.map(|last| last.id.clone()), move |id: &Option<String>| {
        let (api, id) = (api.clone(), id.clone().unwrap_or_default());
        Box::pin(async move { api.delivery(&id).await })
    });
    use_poll(EVERY, last.is_some(), delivery.refresh.clone());
    let status = last.and_then(|last| last.response_status);
    html! {
        <p class="rownote">
            { told(language, status, delivery.data.as_deref(), props.waiting) }
            if let Some(last) = last {
                { " " }
                <A to={Route::WebhookDelivery { id: props.webhook.id.clone(), delivery: last.id.clone() }}>{ language.say(&texts::SEE_WHY) }</A>
            }
        </p>
    }
}

/// What is known of a failure. `status` is that of the newest answer, if there was one.
pub(super) fn told(
    language: Language,
    status: Option<u16>,
    delivery: Option<&Delivery>,
    waiting: Option<Waiting>,
) -> Html {
    let first = match status {
        Some(status) => language
            .fill(&texts::FAILING_REFUSED, &[("status", format!("{status} {}", reason_phrase(status)).trim_end())]),
        None => language.say(&texts::FAILING_SILENT).to_owned(),
    };
    let cause = delivery.and_then(|delivery| delivery.attempts.last()).and_then(|attempt| cause(language, attempt));
    let waiting = waiting.filter(|waiting| waiting.count > 0).map(|waiting| {
        let count = format!("{}{}", language.number(waiting.count), if waiting.more { "+" } else { "" });
        language.fill(&texts::FAILING_WAITING, &[("n", &count)])
    });
    let next = delivery.and_then(|delivery| delivery.next_attempt);
    html! {
        <>
            { [Some(first), cause, waiting].into_iter().flatten().collect::<Vec<_>>().join(" ") }
            if let Some(at) = next {
                { " " }<Next millis={at.as_millis()} />
            }
        </>
    }
}

/// Why an attempt was not accepted, as a sentence: what the refusal names, or what happened on the way.
fn cause(language: Language, attempt: &Attempt) -> Option<String> {
    let words = match (&attempt.response, &attempt.error) {
        (Some(response), _) => explain_refusal(language, response)?.0,
        (None, Some(error)) => transport_words(language, error),
        (None, None) => return None,
    };
    let end = if words.ends_with(['.', '?']) { "" } else { "." };
    Some(format!("{words}{end}"))
}

#[derive(Properties, PartialEq)]
struct NextProps {
    millis: i64,
}

/// When it is tried next; drawn anew each second, alone.
#[component]
fn Next(props: &NextProps) -> Html {
    let language = use_language();
    if props.millis.saturating_sub(use_now()) < 1000 {
        return html! { { language.say(&texts::FAILING_NOW) } };
    }
    let at = seinpost_protocol::rest::Timestamp::from_millis(props.millis);
    language.rich(&texts::FAILING_NEXT, &[("time", html! { <Countdown {at} /> })])
}
