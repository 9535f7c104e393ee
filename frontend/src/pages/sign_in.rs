//! Signing in: by the one-time link, or with a token.

use seinpost_protocol::rest::ProblemType;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::{Route, SessionState, replace, use_location, use_session},
    components::{A, Button, Code, CodeText, Field, LanguageLink, Modal, ThemeChoice, brand, explain_error},
    hooks::{focus, use_title},
    i18n::{Language, texts::sign_in as texts, use_language},
};

/// The page where one signs in; also what stands in the place of a page that needs a session.
#[component]
pub(crate) fn SignIn() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let session = use_session();
    let here = use_location().route;
    // A link may lead elsewhere than the session that there is: its code is tried first.
    let by_link = use_state_eq(code_of_link);
    let tried = use_state_eq(|| by_link.is_none());
    use_effect_with((), {
        let (by_link, tried) = (by_link.clone(), tried.clone());
        move |()| {
            // A link that is opened on this very page changes its fragment, and loads nothing.
            let listener = web_sys::window().map(|window| {
                gloo_events::EventListener::new(&window, "hashchange", move |_| {
                    if let Some(code) = code_of_link() {
                        tried.set(false);
                        by_link.set(Some(code));
                    }
                })
            });
            move || drop(listener)
        }
    });
    {
        // Signed in: on to the page that was asked for, which for the link itself is the list.
        let signed_in = matches!(session.state, SessionState::SignedIn(_)) && !session.ended;
        let arrived = signed_in && *tried && here == Route::SignIn;
        use_effect_with(arrived, move |arrived| {
            if *arrived {
                replace(&Route::Webhooks);
            }
        });
    }
    let host = web_sys::window().and_then(|window| window.location().host().ok()).unwrap_or_default();
    html! {
        <div class="door">
            <header class="door__top">
                { brand() }
                <span class="row"><LanguageLink /><ThemeChoice /></span>
            </header>
            <main class="door__main" id="main" tabindex="-1">
                <div class="stack">
                    <div>
                        <h1>{ language.say(&texts::TITLE) }</h1>
                        <p class="soft gap">{ language.fill(&texts::TO, &[("host", &host)]) }</p>
                    </div>
                    <SignInForm code={(*by_link).clone()} done={Callback::from(move |()| tried.set(true))} />
                    <p class="soft small">
                        { language.rich(&texts::INSPECTOR, &[("link", html! {
                            <A to={Route::Inspector}>{ language.say(&texts::INSPECTOR_LINK) }</A>
                        })]) }
                    </p>
                </div>
            </main>
            <footer class="door__foot small soft">
                <span>{ concat!("Seinpost ", env!("CARGO_PKG_VERSION")) }</span>
            </footer>
            { scene() }
        </div>
    }
}

/// The way back in, over a page whose session has ended: what was typed there stays.
pub(crate) fn sign_in_again(language: Language) -> Html {
    html! {
        <Modal class="dialog" labelled_by="again-title" onclose={Callback::noop()}>
            <div class="dialog__body">
                <h2 id="again-title">{ language.say(&texts::ENDED) }</h2>
                <p class="soft">{ language.say(&texts::ENDED_MEANING) }</p>
                <SignInForm />
            </div>
        </Modal>
    }
}

/// The code in the address of a sign-in link. It is taken out of the address bar and the history at once.
fn code_of_link() -> Option<String> {
    let window = web_sys::window()?;
    let hash = window.location().hash().ok()?;
    let code = hash.strip_prefix("#code=")?.to_owned();
    let history = window.history().ok()?;
    _ = history.replace_state_with_url(&JsValue::NULL, "", Some("/signin"));
    (!code.is_empty()).then_some(code)
}

#[derive(Properties, PartialEq)]
struct SignInFormProps {
    #[prop_or_default]
    code: Option<String>,
    /// There is a session.
    #[prop_or_default]
    done: Callback<()>,
}

#[component]
fn SignInForm(props: &SignInFormProps) -> Html {
    let language = use_language();
    let api = use_api();
    let session = use_session();
    let typed = use_state(String::new);
    let busy = use_state_eq(|| false);
    let error = use_state(|| None::<(ApiError, bool)>);
    let sign_in = {
        let (busy, error, signed_in) = (busy.clone(), error.clone(), session.signed_in.clone());
        let done = props.done.clone();
        Callback::from(move |(code, by_link): (String, bool)| {
            let (api, busy, error, signed_in) = (api.clone(), busy.clone(), error.clone(), signed_in.clone());
            let done = done.clone();
            busy.set(true);
            spawn_local(async move {
                match api.sign_in(code).await {
                    Ok(session) => {
                        signed_in.emit(session);
                        done.emit(());
                    }
                    Err(failed) => {
                        error.set(Some((failed, by_link)));
                        focus("token");
                    }
                }
                busy.set(false);
            });
        })
    };
    use_effect_with(props.code.clone(), {
        let sign_in = sign_in.clone();
        move |code| {
            if let Some(code) = code {
                sign_in.emit((code.clone(), true));
            }
        }
    });
    let onsubmit = {
        let typed = typed.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let code = without_link(typed.trim()).to_owned();
            if code.is_empty() { focus("token") } else { sign_in.emit((code, false)) }
        })
    };
    let oninput = {
        let (typed, error) = (typed.clone(), error.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                typed.set(input.value());
                error.set(None);
            }
        })
    };
    let failed = error.as_ref().map(|(error, by_link)| failure(language, error, *by_link));
    html! {
        <form class="panel" {onsubmit}>
            <div class="panel__body stack">
                <Field id="token" label={language.say(&texts::TOKEN)} hint={html! { { language.say(&texts::TOKEN_HINT) } }} error={failed.clone()}>
                    <input
                        class="input mono"
                        id="token"
                        type="password"
                        autocomplete="current-password"
                        required={true}
                        value={(*typed).clone()}
                        aria-invalid={failed.is_some().then_some("true")}
                        aria-describedby={Field::described_by("token", true, failed.is_some())}
                        {oninput}
                    />
                </Field>
                <Button class="btn--primary" kind="submit" busy={*busy}>{ language.say(&texts::TITLE) }</Button>
            </div>
            <div class="panel__foot small">
                <details class="fold">
                    <summary>{ language.say(&texts::WHERE) }</summary>
                    <p class="soft gap">{ language.say(&texts::WHERE_LINK) }</p>
                    <Code class="code--s gap" code={CodeText::Plain("seinpost signin-link".into())} copy={language.say(&texts::COPY_COMMAND)} />
                </details>
            </div>
        </form>
    }
}

/// Whole links are pasted too: what counts is the code in them.
fn without_link(pasted: &str) -> &str {
    pasted.split_once("#code=").map_or(pasted, |(_, code)| code)
}

fn failure(language: Language, error: &ApiError, by_link: bool) -> Html {
    if error.is(ProblemType::Unauthorized) {
        return html! { { language.say(if by_link { &texts::LINK_REFUSED } else { &texts::TOKEN_REFUSED }) } };
    }
    let (title, meaning, detail) = explain_error(language, error);
    html! { { format!("{title}. {} {meaning}", detail.map(|said| said.text).unwrap_or_default()) } }
}

/// The signal post on the coast.
fn scene() -> Html {
    html! {
        <svg class="scene" viewBox="0 0 1280 272" preserveAspectRatio="xMaxYMax slice" aria-hidden="true">
            <defs>
                <linearGradient id="beam" x1="1" x2="0" y1="0" y2="0">
                    <stop class="scene__beam" offset="0" stop-opacity=".5" />
                    <stop class="scene__beam" offset="1" stop-opacity="0" />
                </linearGradient>
            </defs>
            <path class="scene__land" d="M0 226c200-12 420-8 640 2s460 6 640-10v54H0Z" />
            <path class="scene__line" d="M0 226c200-12 420-8 640 2s460 6 640-10" />
            <path fill="url(#beam)" d="M1060 121 520 92v92l540-57Z" />
            <path class="scene__post" d="M1060 62a4 4 0 0 1 8 0v158h14v8h-36v-8h14Z" />
            <path class="scene__arm" d="m1062 98 92-53 9 16-92 53Z" />
            <circle class="scene__post" cx="1064" cy="108" r="7" />
            <circle class="scene__arm" cx="1060" cy="124" r="6" />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_link_is_as_good_as_its_code() {
        assert_eq!(without_link("http://127.0.0.1:8080/signin#code=abc"), "abc");
        assert_eq!(without_link("sp_abc"), "sp_abc");
    }
}
