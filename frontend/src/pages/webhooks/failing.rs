//! Why a webhook fails, and when it is tried next.

use seinpost_protocol::rest::{Failing as Failure, Waiting};
use yew::prelude::*;

use super::standing::waits;
use crate::{
    app::Route,
    components::{A, Ago, check_title, reason_phrase, transport_words},
    i18n::{Language, texts::webhooks as texts},
};

/// In a row of the list: since when and why, then what waits and what comes next. That has a line of its own, which is there
/// before the number of those that wait has come, so that nothing moves. No component: each would cost the first page some KiB.
pub(super) fn failing(language: Language, id: &str, failure: &Failure, waiting: Option<Waiting>) -> Html {
    html! {
        <>
            <p class="rownote">{ why(language, failure) }</p>
            <p class="rownote rownote--next">
                { next_attempt(language, failure) }
                if let Some(words) = waits(language, waiting) {
                    { words }{ " " }
                }
                if let Some(delivery) = failure.delivery.clone() {
                    <A to={Route::WebhookDelivery { id: id.to_owned(), delivery }}>{ language.say(&texts::SEE_WHY) }</A>
                }
            </p>
        </>
    }
}

/// Since when a webhook fails, and why: what a refusal names, or what happened on the way.
fn why(language: Language, failure: &Failure) -> Html {
    let refused = failure.refused.as_ref().and_then(|refused| check_title(language, refused));
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
    let time = ("time", html! { <Ago at={failure.since} /> });
    match failure.response_status {
        Some(status) => {
            let words = format!("{status} {}", reason_phrase(status));
            language.rich(&texts::FAILING_REFUSED, &[time, ("status", html! { { words.trim_end() } })])
        }
        None if failure.error.is_some() => language.rich(&texts::FAILING_SILENT, &[time]),
        None => language.rich(&texts::FAILING_SINCE, &[time]),
    }
}

/// When it is tried next, if it is, and a space.
pub(in crate::pages) fn next_attempt(language: Language, failure: &Failure) -> Html {
    let next = failure.next_attempt.map(|at| {
        html! { <>{ language.rich(&texts::FAILING_NEXT, &[("time", html! { <Ago {at} due={true} /> })]) }{ " " }</> }
    });
    next.unwrap_or_default()
}
