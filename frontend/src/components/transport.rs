//! Why there was no answer, in the reader's language.

use seinpost_protocol::rest::{AttemptError, ErrorKind};
use yew::prelude::*;

use crate::i18n::{Language, Text, texts::transport as texts};

/// What happened between us and a receiver, and what to do. English has the server's own words, which are the more exact
/// ones; Dutch says what they come to, and has them folded away.
pub(crate) fn transport(language: Language, error: &AttemptError) -> Html {
    match language {
        Language::English => html! { <p>{ error.detail.clone() }</p> },
        Language::Dutch => html! {
            <>
                <p>{ language.say(meaning(error.kind)) }</p>
                <details class="fold small">
                    <summary>{ language.say(&texts::EXACTLY) }</summary>
                    <p lang="en" class="soft break gap">{ error.detail.clone() }</p>
                </details>
            </>
        },
    }
}

/// The same in a sentence.
pub(crate) fn transport_words(language: Language, error: &AttemptError) -> String {
    match language {
        Language::English => error.detail.clone(),
        Language::Dutch => language.say(meaning(error.kind)).to_owned(),
    }
}

fn meaning(kind: ErrorKind) -> &'static Text {
    match kind {
        ErrorKind::Dns => &texts::DNS,
        ErrorKind::RefusedTarget => &texts::TARGET,
        ErrorKind::Connect => &texts::CONNECT,
        ErrorKind::Tls => &texts::TLS,
        ErrorKind::Timeout => &texts::TIMEOUT,
        ErrorKind::Protocol => &texts::PROTOCOL,
        ErrorKind::BrokenBody => &texts::BROKEN,
        ErrorKind::Internal => &texts::INTERNAL,
    }
}
