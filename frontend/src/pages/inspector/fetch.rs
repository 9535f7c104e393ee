//! Fetching the key that a request names: from this server, or from DNS.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::use_api,
    components::{Button, Code, CodeText, explain_error},
    i18n::{Language, Text, texts::inspector as texts, use_language},
    inspector::{
        Asked, ReadRequest, Shared, ask_from_own_page, key_by_dns, key_id, may_ask, resolver, stands_alone,
        to_fragment, was_loaded_to_ask,
    },
};

/// Where a key is fetched from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// This server, from which the page comes.
    Here,
    /// DNS, by the resolver that the page's security policy allows.
    Dns,
}

/// Why there is no key, and what the package says of it beside, in English.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    words: String,
    detail: Option<String>,
}

impl From<String> for Problem {
    fn from(words: String) -> Self {
        Self { words, detail: None }
    }
}

/// Fetching a key: what is under way, what went wrong, and how to.
pub(super) struct KeyFetch {
    /// The name that the request gives its key.
    name: Option<String>,
    under_way: Option<Place>,
    problem: Option<Problem>,
    fetch: Callback<Place>,
}

/// Fetches the public key that the request names. What is changed on the page meanwhile stays.
#[hook]
pub(super) fn use_key_fetch(shared: &UseStateHandle<Shared>, request: Option<&ReadRequest>) -> KeyFetch {
    let api = use_api();
    let language = use_language();
    let under_way = use_state_eq(|| None::<Place>);
    let problem = use_state_eq(|| None::<Problem>);
    let name = request
        .and_then(|request| request.header("signature-input").or_else(|| request.header("signature")))
        .and_then(key_id);
    let reloaded = *use_state(was_loaded_to_ask);
    let latest = use_mut_ref(|| (Shared::default(), None));
    latest.replace(((**shared).clone(), name.clone()));
    let fetch = {
        let (shared, under_way, problem, name) = (shared.clone(), under_way.clone(), problem.clone(), name.clone());
        Callback::from(move |place: Place| {
            let Some(name) = name.clone() else {
                problem.set(Some(language.say(&texts::NO_KEY_ID).to_owned().into()));
                return;
            };
            // Once at most: a page that was kept for when there is no server may not ask either, and then that is told.
            let elsewhere = place == Place::Dns && !may_ask() && !reloaded;
            if elsewhere && ask_from_own_page(&format!("/inspector#{}", to_fragment(&shared))) {
                return;
            }
            let (api, shared, under_way, problem) = (api.clone(), shared.clone(), under_way.clone(), problem.clone());
            let latest = latest.clone();
            under_way.set(Some(place));
            problem.set(None);
            spawn_local(async move {
                let found = match place {
                    Place::Here => api.key_record(&name).await.map_err(|error| {
                        let (title, _, detail) = explain_error(language, &error);
                        Problem::from(detail.map_or(title, |said| said.text))
                    }),
                    Place::Dns => from_dns(language, &name).await,
                };
                under_way.set(None);
                let (now, name_now) = latest.borrow().clone();
                // Another request stands there by now: the key is not its own.
                if name_now.as_ref() != Some(&name) {
                    return;
                }
                match found {
                    Ok(record) => shared.set(Shared { key: record, own: false, ..now }),
                    Err(why) => problem.set(Some(why)),
                }
            });
        })
    };
    let to_ask = use_mut_ref(|| reloaded);
    use_effect_with((shared.own, name.clone()), {
        let fetch = fetch.clone();
        move |(own, name)| {
            if name.is_none() {
                return;
            }
            if to_ask.replace(false) {
                fetch.emit(Place::Dns);
            } else if *own {
                fetch.emit(Place::Here);
            }
        }
    });
    KeyFetch { name, under_way: *under_way, problem: (*problem).clone(), fetch }
}

async fn from_dns(language: Language, name: &str) -> Result<String, Problem> {
    match key_by_dns(name).await? {
        Asked::Answered { record: Some(record) } => Ok(record),
        Asked::Answered { record: None } => Err(language.fill(&texts::NOT_IN_DNS, &[("name", name)]).into()),
        Asked::Failed { code, detail } => Err(told(language, &code, detail)),
    }
}

/// A failure of the look-up in the reader's language.
fn told(language: Language, code: &str, detail: String) -> Problem {
    let (text, own) = words(code);
    let url = resolver().unwrap_or_default();
    Problem { words: language.fill(text, &[("url", &url)]), detail: (!own).then_some(detail) }
}

/// What a code of the package's `ResolveError` comes to, and whether that says it all.
fn words(code: &str) -> (&'static Text, bool) {
    match code {
        "unreachable" => (&texts::DNS_UNREACHABLE, true),
        "timeout" => (&texts::DNS_TIMEOUT, true),
        "redirected" => (&texts::DNS_REDIRECTED, true),
        "too-large" => (&texts::DNS_TOO_LARGE, true),
        "dns-failure" => (&texts::DNS_FAILURE, false),
        _ => (&texts::DNS_UNREADABLE, false),
    }
}

/// The buttons, and what came of them.
pub(super) fn fetch_view(language: Language, key: &KeyFetch) -> Html {
    let button = |place: Place, text| {
        let onclick = key.fetch.reform(move |_: MouseEvent| place);
        let busy = key.under_way == Some(place);
        html! { <Button class="btn--s" icon="dns" {busy} {onclick}>{ language.say(text) }</Button> }
    };
    let resolver = resolver();
    html! {
        <>
            <div class="row">
                if !stands_alone() {
                    { button(Place::Here, &texts::FETCH_KEY) }
                }
                if resolver.is_some() {
                    { button(Place::Dns, &texts::FETCH_BY_DNS) }
                }
            </div>
            <div role="status">
                if let Some(Problem { words, detail }) = key.problem.clone() {
                    <p class="small bad break">{ words }</p>
                    if let Some(detail) = detail {
                        <p class="small soft break" lang="en">{ detail }</p>
                    }
                }
            </div>
            if let Some(url) = resolver {
                <p class="small soft break">{ language.fill(&texts::RESOLVER, &[("url", &url)]) }</p>
            } else {
                <p class="small soft">{ language.say(&texts::NO_RESOLVER) }</p>
                <Code class="code--s" code={CodeText::Plain(by_hand(key.name.as_deref()).into())} copy={language.say(&texts::COPY_COMMAND)} />
            }
        </>
    }
}

/// How a person asks DNS for a key; its answer can be pasted as it is.
fn by_hand(name: Option<&str>) -> String {
    format!("dig +short TXT {}", name.unwrap_or("SELECTOR._domainkey.DOMAIN"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_of_a_look_up_has_words() {
        for code in ["unreachable", "timeout", "redirected", "too-large"] {
            assert!(words(code).1, "{code}");
        }
        for code in ["dns-failure", "http-status", "wrong-type", "malformed", "invalid-options", "of-a-later-version"] {
            assert!(!words(code).1, "{code}");
        }
    }

    #[test]
    fn the_command_has_the_name_of_the_key() {
        assert_eq!(by_hand(Some("a._domainkey.example.com")), "dig +short TXT a._domainkey.example.com");
        assert!(by_hand(None).ends_with("_domainkey.DOMAIN"));
    }
}
