//! As what the request is verified: the receiver's host and environment, the time, the key.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::use_api,
    components::{Button, Field, explain_error, small_icon},
    i18n::{Language, Text, texts::inspector as texts, use_language},
    inspector::{ReadRequest, Shared, key_by_dns, key_id, resolver},
};

/// The time of arrival, in milliseconds: RFC 3339, an HTTP date, or anything else that a browser reads as a time.
pub(super) fn arrival(text: &str) -> Option<i64> {
    super::parsed_time(text.trim())
}

/// Where a key is fetched from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// This server, from which the page comes.
    Here,
    /// DNS, by the resolver that the page's security policy allows.
    Dns,
}

/// Fetching a key: what is under way, what went wrong, and how to.
pub(super) struct KeyFetch {
    under_way: Option<Place>,
    problem: Option<String>,
    fetch: Callback<Place>,
}

/// Fetches the public key that the request names.
#[hook]
pub(super) fn use_key_fetch(shared: &UseStateHandle<Shared>, request: Option<&ReadRequest>) -> KeyFetch {
    let api = use_api();
    let language = use_language();
    let under_way = use_state_eq(|| None::<Place>);
    let problem = use_state_eq(|| None::<String>);
    let name = request
        .and_then(|request| request.header("signature-input").or_else(|| request.header("signature")))
        .and_then(key_id);
    let fetch = {
        let (shared, under_way, problem, name) = (shared.clone(), under_way.clone(), problem.clone(), name.clone());
        Callback::from(move |place: Place| {
            let Some(name) = name.clone() else {
                problem.set(Some(language.say(&texts::NO_KEY_ID).to_owned()));
                return;
            };
            let (api, shared, under_way, problem) = (api.clone(), shared.clone(), under_way.clone(), problem.clone());
            under_way.set(Some(place));
            spawn_local(async move {
                let found = match place {
                    Place::Here => api.key_record(&name).await.map_err(|error| {
                        let (title, _, detail) = explain_error(language, &error);
                        detail.map_or(title, |said| said.text)
                    }),
                    Place::Dns => key_by_dns(&name)
                        .await
                        .and_then(|record| record.ok_or_else(|| language.fill(&texts::NOT_IN_DNS, &[("name", &name)]))),
                };
                match found {
                    Ok(record) => {
                        problem.set(None);
                        shared.set(Shared { key: record, own: false, ..(*shared).clone() });
                    }
                    Err(why) => problem.set(Some(why)),
                }
                under_way.set(None);
            });
        })
    };
    use_effect_with((shared.own, name), {
        let fetch = fetch.clone();
        move |(own, name)| {
            if *own && name.is_some() {
                fetch.emit(Place::Here);
            }
        }
    });
    KeyFetch { under_way: *under_way, problem: (*problem).clone(), fetch }
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
    let fetch = |place: Place, text| {
        let onclick = key.fetch.reform(move |_: MouseEvent| place);
        let busy = key.under_way == Some(place);
        html! { <Button class="btn--s" icon="dns" {busy} {onclick}>{ language.say(text) }</Button> }
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
                <div class="row">
                    { fetch(Place::Here, &texts::FETCH_KEY) }
                    if resolver().is_some() {
                        { fetch(Place::Dns, &texts::FETCH_BY_DNS) }
                    }
                    if let Some(problem) = &key.problem {
                        <span class="small bad break">{ problem.clone() }</span>
                    }
                </div>
                if let Some(resolver) = resolver() {
                    <p class="small soft break">{ language.fill(&texts::RESOLVER, &[("url", &resolver)]) }</p>
                }
            </div>
        </section>
    }
}
