//! The first run: three steps, each with its exact command.

use yew::prelude::*;

use crate::{
    app::Route,
    components::{A, Code, CodeText, Note, Tone, small_icon},
    i18n::{
        Language, Text,
        texts::{webhooks, welcome as texts},
    },
};

/// What stands in the place of the list while there is no webhook.
pub(super) fn welcome(language: Language) -> Html {
    let origin = origin();
    let create = format!(
        "curl {origin}/v1/webhook \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  -d type=bounce \\\n  -d url=https://hooks.example.org/mail/bounces"
    );
    let verify = format!("curl -X POST {origin}/v1/webhooks/$WEBHOOK/verify \\\n  -H \"Authorization: Bearer $TOKEN\"");
    html! {
        <div class="welcome stack">
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
                </div>
            </div>
            <ol class="steps guide">
                <li class="steps__item" aria-current="step">
                    <h2>{ language.say(&texts::CREATE) }</h2>
                    <p class="soft">{ language.say(&texts::CREATE_WHY) }</p>
                    <div class="row gap">
                        <A class="btn btn--primary" to={Route::Create}>
                            { small_icon("plus") }{ language.say(&webhooks::CREATE) }<kbd aria-hidden="true">{ "c" }</kbd>
                        </A>
                        <A class="btn" to={Route::Create}>{ language.say(&texts::TYPES) }</A>
                    </div>
                    { code(language, &texts::WITH_CURL, create) }
                </li>
                <li class="steps__item">
                    <h2>{ language.say(&texts::PROVE) }</h2>
                    <p class="soft">{ language.say(&texts::PROVE_WHY) }</p>
                    { code(language, &texts::ASK_TO_LOOK, verify) }
                </li>
                <li class="steps__item">
                    <h2>{ language.say(&texts::SEND) }</h2>
                    <p class="soft">{ language.say(&texts::SEND_WHY) }</p>
                    { first_event(language) }
                </li>
            </ol>
            <Note tone={Tone::Info} title={language.say(&texts::NO_RECEIVER)}>
                <p>
                    { language.rich(&texts::NO_RECEIVER_WHY, &[
                        ("inspector", html! { <A to={Route::Inspector}>{ language.say(&texts::THE_INSPECTOR) }</A> }),
                    ]) }
                </p>
            </Note>
        </div>
    }
}

/// The command that hands in a first event.
pub(in crate::pages) fn first_event(language: Language) -> Html {
    let send = format!(
        "curl {}/v1/events \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{}'",
        origin(),
        r#"{"type":"bounce","id":"msg-1","time":"1764075912","timestamp":"2025-11-25 13:05:12","recipient":"reader@example.net","envelope":"bounce-1@mail.example.com","mime":"Subject: Out of office","tags":["first"]}"#
    );
    code(language, &texts::A_BOUNCE, send)
}

fn code(language: Language, head: &'static Text, text: String) -> Html {
    html! {
        <Code class="gap" head={html! { { language.say(head) } }} code={CodeText::Plain(text.into())}
            copy={language.fill(&texts::COPY, &[("what", language.say(head))])} />
    }
}

fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}
