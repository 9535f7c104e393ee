//! What every page can ask for: the language, the time, the session, the API, messages.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::{SessionContext, session::use_session_state};
use crate::{
    api::Api,
    components::{ToastsProvider, keep_language, language_of_page},
    hooks::{Clock, now},
    i18n::{Language, LanguageContext},
};

#[derive(Properties, PartialEq)]
pub(crate) struct ProvidersProps {
    pub(crate) children: Html,
}

/// Gives everything in it its contexts.
#[component]
pub(crate) fn Providers(props: &ProvidersProps) -> Html {
    let language = use_state_eq(language_of_page);
    let api = use_state(Api::new);
    let session = use_session_state(&api);
    let choose = {
        let language = language.clone();
        use_callback((), move |chosen: Language, ()| {
            keep_language(chosen);
            language.set(chosen);
        })
    };
    html! {
        <ContextProvider<LanguageContext> context={LanguageContext { language: *language, choose }}>
            <ContextProvider<Api> context={(*api).clone()}>
                <ContextProvider<SessionContext> context={session}>
                    <ClockProvider>
                        <ToastsProvider>{ props.children.clone() }</ToastsProvider>
                    </ClockProvider>
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
