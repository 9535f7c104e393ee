//! As what the request is verified: the receiver's host and environment, the time, the key.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::fetch::{KeyFetch, fetch_view};
use crate::{
    components::{Field, small_icon},
    i18n::{Language, Text, texts::inspector as texts},
    inspector::Shared,
};

/// The time of arrival, in milliseconds: RFC 3339, an HTTP date, or anything else that a browser reads as a time.
pub(super) fn arrival(text: &str) -> Option<i64> {
    super::parsed_time(text.trim())
}

/// The panel below the request.
pub(super) fn settings_panel(language: Language, shared: &Shared, change: &Callback<Shared>, key: &KeyFetch) -> Html {
    let input = |id: &'static str,
                 label: &'static Text,
                 value: &str,
                 placeholder: &'static str,
                 set: fn(&mut Shared, String)| {
        let oninput = {
            let (shared, change) = (shared.clone(), change.clone());
            Callback::from(move |event: InputEvent| {
                if let Some(input) =
                    event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
                {
                    let mut next = shared.clone();
                    set(&mut next, input.value());
                    change.emit(next);
                }
            })
        };
        html! {
            <Field {id} label={language.say(label)}>
                <input class="input mono" {id} autocomplete="off" spellcheck="false" value={value.to_owned()} {placeholder} {oninput} />
            </Field>
        }
    };
    let onkey = {
        let (shared, change) = (shared.clone(), change.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
            {
                change.emit(Shared { key: area.value(), ..shared.clone() });
            }
        })
    };
    let bad_time = !shared.arrived.trim().is_empty() && arrival(&shared.arrived).is_none();
    html! {
        <section class="panel" aria-labelledby="as-title">
            <div class="panel__head"><h2 id="as-title">{ language.say(&texts::VERIFY_AS) }</h2></div>
            <div class="panel__body stack stack--tight">
                <div class="fields">
                    { input("host", &texts::HOST, &shared.host, "hooks.example.org", |shared, value| shared.host = value) }
                    { input("environment", &texts::ENVIRONMENT, &shared.environment, "184", |shared, value| shared.environment = value) }
                    { input("domain", &texts::KEY_DOMAIN, &shared.key_domain, "sign.example.com", |shared, value| shared.key_domain = value) }
                    { input("arrived", &texts::ARRIVED, &shared.arrived, language.say(&texts::NOW), |shared, value| shared.arrived = value) }
                </div>
                if bad_time {
                    <p class="field__error">{ small_icon("warn") }<span>{ language.say(&texts::BAD_TIME) }</span></p>
                }
                <Field id="key" label={language.say(&texts::KEY)} hint={html! { { language.say(&texts::KEY_HINT) } }}>
                    <textarea class="input mono" id="key" rows="4" spellcheck="false" autocomplete="off" value={shared.key.clone()}
                        placeholder="v=DKIM1;k=rsa;p=…" aria-describedby="key-hint" oninput={onkey} />
                </Field>
                { fetch_view(language, key) }
            </div>
        </section>
    }
}
