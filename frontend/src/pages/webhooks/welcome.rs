//! The first run: three steps, each with its exact command.

use yew::prelude::*;

use crate::{
    app::Route,
    components::{A, Code, CodeText, small_icon},
    i18n::{
        Language, Text,
        texts::{webhooks, welcome as texts},
    },
};

/// What stands in the place of the list while there is no webhook.
pub(super) fn welcome(language: Language) -> Html {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let create = format!(
        "curl {origin}/v1/webhook \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  -d type=bounce \\\n  -d url=https://hooks.example.org/mail/bounces"
    );
    let verify = format!("curl -X POST {origin}/v1/webhooks/$WEBHOOK/verify \\\n  -H \"Authorization: Bearer $TOKEN\"");
    let send = format!(
        "curl {origin}/v1/events \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{}'",
        r#"{"type":"bounce","id":"msg-1","time":"1764075912","timestamp":"2025-11-25 13:05:12","recipient":"reader@example.net","envelope":"bounce-1@mail.example.com","mime":"Subject: Out of office","tags":["first"]}"#
    );
    let code = |head: &'static Text, text: &str| {
        html! {
            <Code class="gap" head={html! { { language.say(head) } }} code={CodeText::Plain(text.to_owned().into())}
                copy={language.fill(&texts::COPY, &[("what", language.say(head))])} />
        }
    };
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
                    </div>
                    { code(&texts::WITH_CURL, &create) }
                </li>
                <li class="steps__item">
                    <h2>{ language.say(&texts::PROVE) }</h2>
                    <p class="soft">{ language.say(&texts::PROVE_WHY) }</p>
                    { code(&texts::ASK_TO_LOOK, &verify) }
                </li>
                <li class="steps__item">
                    <h2>{ language.say(&texts::SEND) }</h2>
                    <p class="soft">{ language.say(&texts::SEND_WHY) }</p>
                    { code(&texts::A_BOUNCE, &send) }
                </li>
            </ol>
        </div>
    }
}
