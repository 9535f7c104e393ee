//! The inspector: what a verifier sees in a call. It needs no session, and nothing leaves the browser.

mod bytes;
mod fetch;
mod highlight;
mod mail;
mod mistake;
mod receivers;
mod report;
mod request;
mod samples;
mod settings;
mod signing;

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use seinpost_protocol::rest::Timestamp;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    components::{Button, CopyButton, LanguageLink, Note, ThemeChoice, Tone, icon},
    hooks::{focus, now, use_title},
    i18n::{Language, texts::inspector as texts, use_language},
    inspector::{Answer, ReadRequest, Shared, from_fragment, inspect, keep_for_offline, stands_alone, to_fragment},
};
use receivers::Receivers;
use report::{View, report_view};
use samples::Samples;

/// How long after the last change the search begins for what would make it verify, in milliseconds.
const QUIET: u32 = 150;

/// The page: the request and the key on the left, what comes of them on the right.
#[component]
pub(crate) fn Inspector() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let shared = use_state(|| fragment().unwrap_or_default());
    let answer = use_answer(language, &shared);
    let at = use_state_eq(|| 0_usize);
    let sampling = use_state_eq(|| false);
    let change = {
        let shared = shared.clone();
        Callback::from(move |next: Shared| shared.set(next))
    };
    let turn = {
        let at = at.clone();
        Callback::from(move |next| at.set(next))
    };
    let fetch = fetch::use_key_fetch(&shared, answer.as_ref().and_then(request_of));
    use_fragment(&shared);
    use_effect_with((), |()| keep_for_offline());
    let empty = shared.raw.trim().is_empty() && shared.body.is_empty();
    let came = answer.as_ref().filter(|_| !empty);
    let covered = came.and_then(report_of).map(signing::covered).unwrap_or_default();
    let sample = {
        let (change, sampling) = (change.clone(), sampling.clone());
        Callback::from(move |made: Option<Shared>| {
            sampling.set(false);
            if let Some(made) = made {
                change.emit(made);
            }
        })
    };
    let link = {
        let shared = shared.clone();
        Callback::from(move |()| share_link(&shared))
    };
    let open_samples = {
        let sampling = sampling.clone();
        Callback::from(move |_: MouseEvent| sampling.set(true))
    };
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub"><span>{ language.say(&texts::SUBTITLE) }</span><span>{ language.say(&texts::STAYS_HERE) }</span></p>
                </div>
                <div class="head__acts">
                    if stands_alone() {
                        <ThemeChoice /><LanguageLink />
                    }
                    <Button icon="wand" onclick={open_samples}>{ language.say(&texts::MAKE_SAMPLE) }</Button>
                    <CopyButton make={link} label={language.say(&texts::SHARE_HINT)}>{ language.say(&texts::SHARE) }</CopyButton>
                </div>
            </div>
            <div class="duo inspector tied">
                <div class="stack">
                    { request::request_panel(language, &shared, &change, came, &covered) }
                    { settings::settings_panel(language, &shared, &change, &fetch) }
                    { verdict_strip(language, came) }
                </div>
                <div class="stack" aria-live="off">
                    { match came {
                        None if empty => introduction(language),
                        None => html! { <div class="panel"><div class="panel__body"><span class="skel skel--60"></span></div></div> },
                        Some(Err(why)) => html! {
                            <Note tone={Tone::Bad} title={language.say(&texts::NO_PACKAGE)} role="alert">
                                <p>{ language.say(&texts::NO_PACKAGE_MEANING) }</p>
                                <p class="break soft" lang="en">{ why.clone() }</p>
                            </Note>
                        },
                        Some(Ok(answer)) => html! {
                            <>
                                { request::as_read(language, answer, &covered) }
                                if answer.request.is_some() {
                                    { report_view(&View { language, shared: &shared, change: &change, at: *at, turn: &turn }, answer) }
                                }
                            </>
                        },
                    } }
                    <Receivers profile={came.and_then(report_of).map_or_else(|| "cavage".to_owned(), |report| report.profile.clone())} />
                </div>
            </div>
            if *sampling {
                <Samples onclose={sample} />
            }
        </>
    }
}

fn share_link(shared: &Shared) -> String {
    let page = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    format!("{}#{}", page.split('#').next().unwrap_or_default(), to_fragment(shared))
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

/// What the package says, or why it could not be asked.
type Came = Result<Rc<Answer>, String>;

fn report_of(came: &Came) -> Option<&crate::inspector::Report> {
    came.as_ref().ok().and_then(|answer| answer.report.as_ref())
}

fn request_of(came: &Came) -> Option<&ReadRequest> {
    came.as_ref().ok().and_then(|answer| answer.request.as_ref())
}

/// What the package says of what is on the page; asked anew at every change, and once more, for all it knows, as soon
/// as nothing changes for a moment.
#[hook]
fn use_answer(language: Language, shared: &UseStateHandle<Shared>) -> Option<Came> {
    let answer = use_state(|| None::<Came>);
    let newest = use_mut_ref(|| 0_u32);
    let last = use_mut_ref(|| None::<Rc<Answer>>);
    {
        let answer = answer.clone();
        use_effect_with(((**shared).clone(), language), move |(shared, language)| {
            let number = newest.borrow().wrapping_add(1);
            newest.replace(number);
            let (shared, tag) = (shared.clone(), language.tag());
            spawn_local(async move {
                for deep in [false, true] {
                    let at = settings::arrival(&shared.arrived).unwrap_or_else(now);
                    let mut came = inspect(&shared, at, tag, deep).await;
                    // Typing went on meanwhile: a newer answer is on its way.
                    if *newest.borrow() != number {
                        return;
                    }
                    if let (false, Ok(came), Some(before)) = (deep, &mut came, &*last.borrow()) {
                        keep_found(came, before);
                    }
                    let more = came.as_ref().is_ok_and(wants_more);
                    let came = came.map(Rc::new);
                    last.replace(came.as_ref().ok().cloned());
                    answer.set(Some(came));
                    if deep || !more {
                        return;
                    }
                    TimeoutFuture::new(QUIET).await;
                    if *newest.borrow() != number {
                        return;
                    }
                }
            });
        });
    }
    (*answer).clone()
}

/// Whether there is more to find out than was asked at once.
fn wants_more(answer: &Answer) -> bool {
    answer.mail_waits || answer.report.as_ref().is_some_and(|report| !report.ok)
}

/// What the search found before stands until it has ended anew: nothing jumps while one types.
fn keep_found(answer: &mut Answer, before: &Answer) {
    if answer.mail_waits {
        answer.mail.clone_from(&before.mail);
    }
    if let (Some(report), Some(found)) = (&mut answer.report, &before.report)
        && !report.ok
    {
        report.causes.clone_from(&found.causes);
        answer.signed.clone_from(&before.signed);
    }
}

/// The verdict in a line, which stays in sight on a narrow screen while the request is edited.
fn verdict_strip(language: Language, came: Option<&Came>) -> Html {
    let Some(report) = came.and_then(report_of) else { return Html::default() };
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

fn introduction(language: Language) -> Html {
    html! {
        <section class="panel" aria-label={language.say(&texts::RESULT)}>
            <div class="panel__body empty">
                <p class="medium">{ language.say(&texts::EMPTY) }</p>
                <p class="soft">{ language.say(&texts::EMPTY_MEANING) }</p>
            </div>
        </section>
    }
}

/// Milliseconds of a time that a person wrote.
fn parsed_time(text: &str) -> Option<i64> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millis());
    }
    let millis = js_sys::Date::parse(text);
    #[expect(clippy::cast_possible_truncation, reason = "a date's milliseconds are whole and below 2^53")]
    (!text.is_empty() && millis.is_finite()).then_some(millis as i64)
}
