//! The inspector: what a verifier sees in a call. It needs no session, and nothing leaves the browser.

mod highlight;
mod report;

use std::rc::Rc;

use seinpost_protocol::rest::Timestamp;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::use_api,
    components::{Button, CopyButton, Field, Note, Tone, explain_error, icon},
    hooks::{focus, now, use_title},
    i18n::{Language, texts::inspector as texts, use_language},
    inspector::{
        Answer, Question, RawError, RawRequest, Settings, Shared, from_fragment, inspect, key_id, parse, read_key,
        to_fragment,
    },
};
use highlight::highlight;
use report::report_view;

/// The page: the request and the key on the left, what comes of them on the right.
#[component]
pub(crate) fn Inspector() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let shared = use_state(|| fragment().unwrap_or_default());
    let answer = use_answer(language, &shared);
    let change = {
        let shared = shared.clone();
        Callback::from(move |next: Shared| shared.set(next))
    };
    let (fetching, fetched, fetch_key) = use_key_of_this_server(&shared);
    use_fragment(&shared);
    let request = parse(&shared.raw);
    let covered = answer.as_ref().and_then(|answer| answer.as_ref().ok()).and_then(|answer| answer.report.as_ref());
    let covered: Vec<String> =
        covered.and_then(|report| report.signing_string.as_deref()).map(report::covered).unwrap_or_default();
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let link = format!("{origin}/inspector#{}", to_fragment(&shared));
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub"><span>{ language.say(&texts::SUBTITLE) }</span><span>{ language.say(&texts::STAYS_HERE) }</span></p>
                </div>
                <div class="head__acts">
                    <CopyButton text={link} label={language.say(&texts::SHARE_HINT)}>{ language.say(&texts::SHARE) }</CopyButton>
                </div>
            </div>
            <div class="duo inspector tied">
                <div class="stack">
                    { request_panel(language, &shared, &change, &request, &covered, answer.as_ref()) }
                    { settings_panel(language, &shared, &change, *fetching, fetched.as_deref(), &fetch_key) }
                    { verdict_strip(language, answer.as_ref().filter(|_| request.is_ok())) }
                </div>
                <div class="stack" aria-live="off">
                    { match (&request, answer.as_ref()) {
                        (Err(RawError::Empty), _) => empty(language),
                        (Err(_), _) => Html::default(),
                        (Ok(_), Some(Ok(answer))) => report_view(language, answer, !shared.key.trim().is_empty()),
                        (Ok(_), Some(Err(why))) => html! {
                            <Note tone={Tone::Bad} title={language.say(&texts::NO_PACKAGE)} role="alert">
                                <p>{ language.say(&texts::NO_PACKAGE_MEANING) }</p>
                                <p class="break soft" lang="en">{ why.clone() }</p>
                            </Note>
                        },
                        (Ok(_), None) => html! { <div class="panel"><div class="panel__body"><span class="skel skel--60"></span></div></div> },
                    } }
                </div>
            </div>
        </>
    }
}

fn fragment() -> Option<Shared> {
    from_fragment(&web_sys::window()?.location().hash().ok()?)
}

/// A link that is opened while the page stands changes only its fragment: then what it holds is shown.
#[hook]
fn use_fragment(shared: &UseStateHandle<Shared>) {
    let shared = shared.clone();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            gloo_events::EventListener::new(&window, "hashchange", move |_| {
                if let Some(other) = fragment() {
                    shared.set(other);
                }
            })
        });
        move || drop(listener)
    });
}

type Answered = Option<Result<Rc<Answer>, String>>;

/// What the package says of what is on the page; asked anew at every change.
#[hook]
fn use_answer(language: Language, shared: &UseStateHandle<Shared>) -> Answered {
    let answer = use_state(|| None::<Result<Rc<Answer>, String>>);
    let newest = use_mut_ref(|| 0_u32);
    {
        let answer = answer.clone();
        use_effect_with(((**shared).clone(), language), move |(shared, language)| {
            let number = newest.borrow().wrapping_add(1);
            newest.replace(number);
            let (shared, language) = (shared.clone(), *language);
            spawn_local(async move {
                let Ok(request) = parse(&shared.raw) else { return };
                let came = ask(&request, &shared, language).await;
                // Typing went on meanwhile: a newer answer is on its way.
                if *newest.borrow() == number {
                    answer.set(Some(came.map(Rc::new)));
                }
            });
        });
    }
    (*answer).clone()
}

async fn ask(request: &RawRequest, shared: &Shared, language: Language) -> Result<Answer, String> {
    let settings = Settings {
        host: shared.host.clone(),
        environment: shared.environment.clone(),
        key_domain: shared.key_domain.clone(),
    };
    let key = read_key(&shared.key);
    let at = arrival(&shared.arrived).unwrap_or_else(now);
    inspect(&Question::new(request, &settings, &key, at, language.tag()), &request.body).await
}

/// The time of arrival, in milliseconds: RFC 3339, an HTTP date, or anything else that a browser reads as a time.
fn arrival(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millis());
    }
    let millis = js_sys::Date::parse(text);
    #[expect(clippy::cast_possible_truncation, reason = "a date's milliseconds are whole and below 2^53")]
    (!text.is_empty() && millis.is_finite()).then_some(millis as i64)
}

/// Fetches the public key that the request names from this very server, where the call may come from.
#[hook]
fn use_key_of_this_server(
    shared: &UseStateHandle<Shared>,
) -> (UseStateHandle<bool>, UseStateHandle<Option<String>>, Callback<()>) {
    let api = use_api();
    let language = use_language();
    let fetching = use_state_eq(|| false);
    let problem = use_state(|| None::<String>);
    let fetch = {
        let (shared, fetching, problem) = (shared.clone(), fetching.clone(), problem.clone());
        Callback::from(move |()| {
            let (api, shared, fetching, problem) = (api.clone(), shared.clone(), fetching.clone(), problem.clone());
            let id = parse(&shared.raw).ok().and_then(|request| request.header("signature").and_then(key_id));
            let Some(id) = id else {
                problem.set(Some(language.say(&texts::NO_KEY_ID).to_owned()));
                return;
            };
            fetching.set(true);
            spawn_local(async move {
                match api.key_record(&id).await {
                    Ok(record) => {
                        problem.set(None);
                        shared.set(Shared { key: record, own: false, ..(*shared).clone() });
                    }
                    Err(error) => {
                        let (title, _, detail) = explain_error(language, &error);
                        problem.set(Some(detail.unwrap_or(title)));
                    }
                }
                fetching.set(false);
            });
        })
    };
    use_effect_with(shared.own, {
        let fetch = fetch.clone();
        move |own| {
            if *own {
                fetch.emit(());
            }
        }
    });
    (fetching, problem, fetch)
}

/// The verdict in a line, which stays in sight on a narrow screen while the request is edited.
fn verdict_strip(language: Language, answer: Option<&Result<Rc<Answer>, String>>) -> Html {
    let report = answer.and_then(|answer| answer.as_ref().ok()).and_then(|answer| answer.report.as_ref());
    let Some(report) = report else { return Html::default() };
    let (class, picture, text) = if report.ok {
        ("strip strip--ok", "ok", &texts::VERIFIES)
    } else {
        ("strip strip--bad", "bad", &texts::DOES_NOT_VERIFY)
    };
    let onclick = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        focus("verdict-title");
    });
    html! { <a {class} href="#verdict-title" {onclick}>{ icon(picture) }<b>{ language.say(text) }</b></a> }
}

fn empty(language: Language) -> Html {
    html! {
        <section class="panel" aria-label={language.say(&texts::RESULT)}>
            <div class="panel__body empty">
                <p class="medium">{ language.say(&texts::EMPTY) }</p>
                <p class="soft">{ language.say(&texts::EMPTY_MEANING) }</p>
            </div>
        </section>
    }
}

fn request_panel(
    language: Language,
    shared: &Shared,
    change: &Callback<Shared>,
    request: &Result<RawRequest, RawError>,
    covered: &[String],
    answer: Option<&Result<Rc<Answer>, String>>,
) -> Html {
    let oninput = {
        let (shared, change) = (shared.clone(), change.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
            {
                change.emit(Shared { raw: area.value(), ..shared.clone() });
            }
        })
    };
    let problem = match request {
        Ok(_) | Err(RawError::Empty) => None,
        Err(RawError::RequestLine) => Some(language.say(&texts::NO_REQUEST_LINE).to_owned()),
        Err(RawError::Header(line)) => Some(language.fill(&texts::NO_HEADER, &[("line", &line.to_string())])),
    };
    let took = answer.and_then(|answer| answer.as_ref().ok()).filter(|_| request.is_ok()).map(|answer| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a time that passed is small and positive"
        )]
        let tenths = (answer.ms * 10.0).round().max(0.0) as u64;
        language.fill(&texts::CHECKED_IN, &[("time", &language.tenths(tenths))])
    });
    let size = language.number(shared.raw.len() as u64);
    html! {
        <section class="panel" aria-labelledby="request-title">
            <div class="panel__head"><h2 id="request-title"><label for="raw">{ language.say(&texts::REQUEST) }</label></h2></div>
            <div class="paste">
                <pre aria-hidden="true">{ highlight(&shared.raw, covered) }</pre>
                <textarea id="raw" spellcheck="false" autocomplete="off" autocapitalize="off" value={shared.raw.clone()}
                    placeholder={language.say(&texts::PLACEHOLDER)} aria-describedby="raw-note" aria-invalid={problem.is_some().then_some("true")} {oninput} />
            </div>
            <div class="panel__foot small soft" id="raw-note">
                if let Some(problem) = problem {
                    <span class="bad">{ problem }</span>
                } else {
                    <span>{ language.fill(&texts::UNDERSTOOD, &[("n", &size)]) }</span>
                    if let Some(took) = took {
                        <span>{ took }</span>
                    }
                    if request.as_ref().is_ok_and(|request| request.crlf_restored) {
                        <span>{ language.say(&texts::CRLF) }</span>
                    }
                }
            </div>
        </section>
    }
}

fn settings_panel(
    language: Language,
    shared: &Shared,
    change: &Callback<Shared>,
    fetching: bool,
    problem: Option<&str>,
    fetch: &Callback<()>,
) -> Html {
    let input = |id: &'static str, label, value: &str, placeholder: &'static str, set: fn(&mut Shared, String)| {
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
                    <p class="field__error">{ crate::components::small_icon("warn") }<span>{ language.say(&texts::BAD_TIME) }</span></p>
                }
                <Field id="key" label={language.say(&texts::KEY)} hint={html! { { language.say(&texts::KEY_HINT) } }}>
                    <textarea class="input mono" id="key" rows="4" spellcheck="false" autocomplete="off" value={shared.key.clone()}
                        placeholder="v=DKIM1;k=rsa;p=…" aria-describedby="key-hint" oninput={onkey} />
                </Field>
                <div class="row">
                    <Button class="btn--s" icon="dns" busy={fetching} onclick={fetch.reform(|_: MouseEvent| ())}>{ language.say(&texts::FETCH_KEY) }</Button>
                    if let Some(problem) = problem {
                        <span class="small bad break">{ problem.to_owned() }</span>
                    }
                </div>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrival_in_rfc_3339() {
        assert_eq!(arrival("2025-11-25T13:05:12.250Z"), Some(1_764_075_912_250));
    }
}
