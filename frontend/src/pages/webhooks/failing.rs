//! Why a webhook fails, and when it is tried next.

use seinpost_protocol::rest::{Failing as Failure, Waiting};
use yew::prelude::*;

use crate::{
    app::Route,
    components::{A, Countdown, explain_check, reason_phrase, since, transport_words},
    hooks::use_now,
    i18n::{Language, texts::webhooks as texts, use_language},
};

#[derive(Properties, PartialEq)]
pub(super) struct FailingProps {
    /// Whose failure.
    pub(super) id: String,
    pub(super) failure: Failure,
    /// How many of its deliveries wait, once that is known.
    #[prop_or_default]
    pub(super) waiting: Option<Waiting>,
}

/// In a row of the list: since when and why, then what waits and what comes next. That has a line of its own, which is there
/// before the number of those that wait has come, so that nothing moves.
#[component]
pub(super) fn Failing(props: &FailingProps) -> Html {
    let language = use_language();
    let waiting = props.waiting.filter(|waiting| waiting.count > 0).map(|waiting| {
        let count = format!("{}{}", language.number(waiting.count), if waiting.more { "+" } else { "" });
        language.fill(&texts::FAILING_WAITING, &[("n", &count)])
    });
    html! {
        <>
            <p class="rownote">{ why(language, &props.failure) }</p>
            <p class="rownote rownote--next">
                if let Some(at) = props.failure.next_attempt {
                    <Next millis={at.as_millis()} />{ " " }
                }
                if let Some(words) = waiting {
                    { words }{ " " }
                }
                if let Some(delivery) = props.failure.delivery.clone() {
                    <A to={Route::WebhookDelivery { id: props.id.clone(), delivery }}>{ language.say(&texts::SEE_WHY) }</A>
                }
            </p>
        </>
    }
}

/// Since when a webhook fails, and why: what a refusal names, or what happened on the way.
fn why(language: Language, failure: &Failure) -> Html {
    let refused = failure.refused.as_ref().and_then(|refused| explain_check(language, refused)).map(|(title, _)| title);
    let cause = refused.or_else(|| failure.error.as_ref().map(|error| transport_words(language, error)));
    html! {
        <>
            { since_when(language, failure) }
            if let Some(cause) = cause {
                { " " }{ &cause }{ if cause.ends_with(['.', '?']) { "" } else { "." } }
            }
        </>
    }
}

/// Since when a webhook fails, and what came of its newest attempt.
pub(in crate::pages) fn since_when(language: Language, failure: &Failure) -> Html {
    let time = ("time", since(language, failure.since));
    match failure.response_status {
        Some(status) => {
            let words = format!("{status} {}", reason_phrase(status));
            language.rich(&texts::FAILING_REFUSED, &[time, ("status", html! { { words.trim_end() } })])
        }
        None if failure.error.is_some() => language.rich(&texts::FAILING_SILENT, &[time]),
        None => language.rich(&texts::FAILING_SINCE, &[time]),
    }
}

#[derive(Properties, PartialEq)]
pub(in crate::pages) struct NextProps {
    pub(in crate::pages) millis: i64,
}

/// When it is tried next; drawn anew each second, alone.
#[component]
pub(in crate::pages) fn Next(props: &NextProps) -> Html {
    let language = use_language();
    if props.millis.saturating_sub(use_now()) < 1000 {
        return html! { { language.say(&texts::FAILING_NOW) } };
    }
    let at = seinpost_protocol::rest::Timestamp::from_millis(props.millis);
    language.rich(&texts::FAILING_NEXT, &[("time", html! { <Countdown {at} /> })])
}
