//! Settings: the environment, and how the dashboard looks to this reader.

use seinpost_protocol::rest::ProblemType;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::{SESSION_CHANGED, event::send},
    components::{
        Ago, Button, ErrorNote, Field, LanguageLink, LeaveGuard, Note, ThemeChoice, Tone, toast_done, visible,
    },
    hooks::{use_resource, use_title},
    i18n::{
        texts::{environment as texts, shell},
        use_language,
    },
};

/// The page.
#[component]
pub(crate) fn EnvironmentSettings() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let api = use_api();
    let environment = use_resource((), {
        let api = api.clone();
        move |()| {
            let api = api.clone();
            Box::pin(async move { api.environment().await })
        }
    });
    let typed = use_state(|| None::<String>);
    let busy = use_state_eq(|| false);
    let problem = use_state(|| None::<ApiError>);
    // What the name was before somebody else gave another one, while one was being typed here.
    let meanwhile = use_state_eq(|| None::<String>);
    let onsubmit = {
        let (typed, busy, problem, meanwhile) = (typed.clone(), busy.clone(), problem.clone(), meanwhile.clone());
        let (known, set, refresh) = (environment.data.clone(), environment.setter(), environment.refresh.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(name) = (*typed).clone().filter(|_| !*busy) else { return };
            let Some(known) = known.clone() else { return };
            let (api, typed, busy, problem, meanwhile) =
                (api.clone(), typed.clone(), busy.clone(), problem.clone(), meanwhile.clone());
            let (set, refresh) = (set.clone(), refresh.clone());
            busy.set(true);
            spawn_local(async move {
                match api.rename_environment(&known.tag, name.trim()).await {
                    Ok(renamed) => {
                        set.emit(renamed);
                        // It stands beside the navigation, too.
                        send(SESSION_CHANGED, &JsValue::NULL);
                        // What was typed since is not saved.
                        if typed.as_ref() == Some(&name) {
                            typed.set(None);
                        }
                        problem.set(None);
                        meanwhile.set(None);
                        toast_done(language.say(&texts::SAVED));
                    }
                    Err(error) if error.is(ProblemType::PreconditionFailed) => {
                        problem.set(None);
                        meanwhile.set(Some(known.name.clone()));
                        refresh.emit(());
                    }
                    Err(error) => problem.set(Some(error)),
                }
                busy.set(false);
            });
        })
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                typed.set(Some(input.value()));
            }
        })
    };
    let changed =
        typed.as_ref().zip(environment.data.as_ref()).is_some_and(|(typed, known)| typed.trim() != known.name);
    html! {
        <>
            <LeaveGuard changes={if changed { language.say(&texts::NAME) } else { "" }} />
            <div class="head"><div class="head__text">
                <h1>{ language.say(&texts::TITLE) }</h1>
                <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
            </div></div>
            <div class="stack form">
                if let Some(error) = environment.error.clone() {
                    <ErrorNote {error} retry={environment.refresh.clone()} />
                }
                { match &environment.data {
                    None if environment.error.is_some() => Html::default(),
                    None => html! { <span class="skel skel--80"></span> },
                    Some(environment) => {
                        let value = (*typed).clone().unwrap_or_else(|| environment.name.clone());
                        let unchanged = value.trim().is_empty() || value.trim() == environment.name;
                        html! {
                            <section class="panel" aria-labelledby="environment-title">
                                <div class="panel__head"><h2 id="environment-title">{ language.say(&shell::ENVIRONMENT) }</h2></div>
                                <form class="panel__body stack stack--tight" {onsubmit}>
                                    if let Some(error) = (*problem).clone() {
                                        <ErrorNote {error} />
                                    }
                                    if let Some(before) = (*meanwhile).clone().filter(|before| *before != environment.name) {
                                        <Note tone={Tone::Warn} title={language.say(&texts::MEANWHILE)} role="alert">
                                            <p class="break"><span class="diff-b">{ visible(&before) }</span>{ " → " }<span class="diff-a">{ visible(&environment.name) }</span></p>
                                            <p>{ language.say(&texts::MEANWHILE_MEANING) }</p>
                                        </Note>
                                    }
                                    <Field id="environment-name" label={language.say(&texts::NAME)}>
                                        <input class="input" id="environment-name" maxlength="100" autocomplete="off" {value} {oninput} />
                                    </Field>
                                    <dl class="kv">
                                        <dt>{ language.say(&texts::NUMBER) }</dt><dd class="mono">{ environment.id }</dd>
                                        <dt>{ language.say(&texts::KEY_DOMAIN) }</dt><dd class="mono">{ environment.key_domain.clone() }</dd>
                                        <dt>{ language.say(&texts::KEPT) }</dt><dd>{ language.fill(&texts::DAYS, &[("n", &environment.retention_days.to_string())]) }</dd>
                                        <dt>{ language.say(&texts::SINCE) }</dt><dd><Ago at={environment.created} /></dd>
                                    </dl>
                                    <div class="row"><Button class="btn--primary" kind="submit" busy={*busy} disabled={unchanged}>{ language.say(&texts::SAVE) }</Button></div>
                                </form>
                            </section>
                        }
                    }
                } }
                <section class="panel" aria-labelledby="look-title">
                    <div class="panel__head"><h2 id="look-title">{ language.say(&texts::LOOK) }</h2></div>
                    <div class="panel__body row"><ThemeChoice group="theme-here" /><LanguageLink /></div>
                </section>
            </div>
        </>
    }
}
