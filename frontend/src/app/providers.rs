//! What every page can ask for: the language, the time, the session, the API, messages.

use gloo_timers::callback::Interval;
use seinpost_protocol::rest::Session;
use yew::prelude::*;

use super::{
    SessionContext,
    event::use_event,
    session::{use_given_session, use_session_state},
};
use crate::{
    api::Api,
    components::{ToastsProvider, keep_language, language_of_page},
    hooks::{Clock, now},
    i18n::{Language, LanguageContext},
};

/// Another language was chosen: it stands in the page.
const LANGUAGE: &str = "seinpost:language";

#[derive(Properties, PartialEq)]
pub(crate) struct ProvidersProps {
    pub(crate) children: Html,
}

/// Gives everything in the first part its contexts.
#[component]
pub(crate) fn Providers(props: &ProvidersProps) -> Html {
    let api = use_state(Api::new);
    let session = use_session_state(&api);
    html! {
        <Contexts api={(*api).clone()} {session}><ToastsProvider>{ props.children.clone() }</ToastsProvider></Contexts>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct PartProvidersProps {
    #[prop_or_default]
    pub(crate) session: Option<Session>,
    pub(crate) children: Html,
}

/// Gives everything in another part its contexts: the session is the first part's.
#[component]
pub(crate) fn PartProviders(props: &PartProvidersProps) -> Html {
    let api = use_state(Api::new);
    let session = use_given_session(&api, props.session.as_ref());
    html! { <Contexts api={(*api).clone()} {session}>{ props.children.clone() }</Contexts> }
}

#[derive(Properties, PartialEq)]
struct ContextsProps {
    api: Api,
    session: SessionContext,
    children: Html,
}

#[component]
fn Contexts(props: &ContextsProps) -> Html {
    let language = use_state_eq(language_of_page);
    let choose = use_callback((), |chosen: Language, ()| {
        keep_language(chosen);
        super::event::send(LANGUAGE, &wasm_bindgen::JsValue::NULL);
    });
    use_event(LANGUAGE, {
        let language = language.clone();
        Callback::from(move |_| language.set(language_of_page()))
    });
    html! {
        <ContextProvider<LanguageContext> context={LanguageContext { language: *language, choose }}>
            <ContextProvider<Api> context={props.api.clone()}>
                <ContextProvider<SessionContext> context={props.session.clone()}>
                    <ClockProvider>{ props.children.clone() }</ClockProvider>
                </ContextProvider<SessionContext>>
            </ContextProvider<Api>>
        </ContextProvider<LanguageContext>>
    }
}

/// Keeps the clock: one timer for all that is told in relation to now.
#[component]
fn ClockProvider(props: &ProvidersProps) -> Html {
    let clock = use_state_eq(|| Clock(now()));
    use_effect_with((), {
        let clock = clock.clone();
        move |()| {
            let timer = Interval::new(1000, move || {
                let hidden = web_sys::window().and_then(|window| window.document()).is_some_and(|page| page.hidden());
                if !hidden {
                    clock.set(Clock(now()));
                }
            });
            move || drop(timer)
        }
    });
    html! { <ContextProvider<Clock> context={*clock}>{ props.children.clone() }</ContextProvider<Clock>> }
}
