//! API tokens: made with scopes and an end, shown once, revoked.

#[cfg(test)]
mod drawn;

use seinpost_protocol::rest::{NewToken, Scope, Session, Timestamp, Token, TokenCreated};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::use_session,
    components::{Ago, Button, Code, CodeText, ErrorNote, Field, Modal, Note, Select, Tone, toast_done, toast_failed},
    hooks::{Hotkey, now, use_hotkeys, use_resource, use_title},
    i18n::{
        Language, Text,
        texts::{common, inspector, tokens as texts},
        use_language,
    },
    pages::list::list,
};

/// The scopes and what they allow.
const SCOPES: [(Scope, &Text); 5] = [
    (Scope::EventsWrite, &texts::EVENTS_WRITE),
    (Scope::WebhooksRead, &texts::WEBHOOKS_READ),
    (Scope::WebhooksWrite, &texts::WEBHOOKS_WRITE),
    (Scope::DeliveriesRead, &texts::DELIVERIES_READ),
    (Scope::Admin, &texts::ADMIN),
];
/// Days until a token ends; 0: it does not end by itself.
const ENDS: [(&str, &Text); 4] =
    [("30", &texts::DAYS_30), ("90", &texts::DAYS_90), ("365", &texts::DAYS_365), ("0", &texts::NEVER)];
const DAY: i64 = 24 * 60 * 60 * 1000;

/// What is asked on top of the page.
#[derive(Clone, PartialEq)]
enum Asked {
    Nothing,
    Create,
    Revoke(Token),
}

/// The page.
#[component]
pub(crate) fn Tokens() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let api = use_api();
    let tokens = use_resource((), {
        let api = api.clone();
        move |()| {
            let api = api.clone();
            Box::pin(async move { api.tokens().await })
        }
    });
    let session = use_session();
    let asked = use_state(|| Asked::Nothing);
    let made = use_state(|| None::<TokenCreated>);
    let ask = |what: Asked| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(what.clone()))
    };
    use_hotkeys(vec![Hotkey::new("c", {
        let asked = asked.clone();
        move || asked.set(Asked::Create)
    })]);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(Asked::Nothing))
    };
    let created = {
        let (asked, made, refresh) = (asked.clone(), made.clone(), tokens.refresh.clone());
        Callback::from(move |token: TokenCreated| {
            made.set(Some(token));
            asked.set(Asked::Nothing);
            refresh.emit(());
        })
    };
    let revoke = {
        let (asked, refresh) = (asked.clone(), tokens.refresh.clone());
        Callback::from(move |token: Token| {
            let (api, refresh) = (api.clone(), refresh.clone());
            asked.set(Asked::Nothing);
            spawn_local(async move {
                match api.revoke_token(&token.id).await {
                    Ok(()) => toast_done(&language.fill(&texts::REVOKED, &[("name", &token.name)])),
                    Err(error) => toast_failed(language, &error),
                }
                refresh.emit(());
            });
        })
    };
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
                    <p class="small soft">
                        // Another page, of the server's own, in English.
                        { language.rich(&texts::DESCRIBED, &[("link", html! { <a href="/docs" hreflang="en">{ language.say(&texts::DESCRIPTION) }</a> })]) }
                    </p>
                </div>
                <div class="head__acts">
                    <Button class="btn--primary" icon="plus" onclick={ask(Asked::Create)}>{ language.say(&texts::CREATE) }<kbd>{ "c" }</kbd></Button>
                </div>
            </div>
            <div class="stack">
                if let Some(token) = &*made {
                    { shown_once(language, token) }
                }
                { list(&tokens, || none(language, session.session()), |tokens| {
                    table(language, tokens, &|token| ask(Asked::Revoke(token.clone())))
                }) }
            </div>
            { match &*asked {
                Asked::Nothing => Html::default(),
                Asked::Create => html! { <Create onclose={close} oncreated={created} /> },
                Asked::Revoke(token) => revoke_dialog(language, token, &close, &revoke),
            } }
        </>
    }
}

/// What stands in the place of the list while there is no token, with the command that makes one for this environment.
fn none(language: Language, session: Option<&Session>) -> Html {
    let environment = session.map(|session| format!(" --environment {}", session.environment)).unwrap_or_default();
    let command = format!("seinpost token create --name ci --scope events:write --expires 90d{environment}");
    html! {
        <section class="panel"><div class="panel__body empty">
            <p class="medium">{ language.say(&texts::NONE) }</p>
            <p class="soft">{ language.say(&texts::NONE_MEANING) }</p>
            <Code class="gap" head={html! { { language.say(&texts::ON_THE_SERVER) } }} code={CodeText::Plain(command.into())}
                copy={language.say(&inspector::COPY_COMMAND)} />
        </div></section>
    }
}

fn shown_once(language: Language, token: &TokenCreated) -> Html {
    let title = language.fill(&texts::MADE, &[("name", &token.about.name)]);
    html! {
        <Note tone={Tone::Warn} {title} role="alert">
            <p>{ language.say(&texts::ONCE) }</p>
            <Code class="gap" code={CodeText::Plain(token.token.clone().into())} copy={language.say(&texts::COPY)} />
        </Note>
    }
}

fn table(language: Language, tokens: &[Token], revoke: &dyn Fn(&Token) -> Callback<MouseEvent>) -> Html {
    let head = [&texts::NAME, &texts::SCOPES, &texts::CREATED, &texts::ENDS, &texts::LAST_USED];
    html! {
        <div class="tablebox">
            <table class="table table--fold table--mid">
                <caption class="vh">{ language.say(&texts::TITLE) }</caption>
                <thead><tr>
                    { for head.iter().map(|text| html! { <th scope="col">{ language.say(text) }</th> }) }
                    <th scope="col"><span class="vh">{ language.say(&texts::REVOKE) }</span></th>
                </tr></thead>
                <tbody>
                    { for tokens.iter().map(|token| {
                        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
                        let ended = token.expires.is_some_and(|ends| ends.as_millis() <= now());
                        html! {
                            <tr key={token.id.clone()}>
                                <td>
                                    <span class="medium break">{ token.name.clone() }</span>
                                    if token.current {
                                        { " " }<span class="soft">{ language.say(&texts::THIS_ONE) }</span>
                                    }
                                </td>
                                <td class="mono small" data-label={language.say(&texts::SCOPES)}>{ scopes.join(", ") }</td>
                                <td class="w3" data-label={language.say(&texts::CREATED)}><Ago at={token.created} /></td>
                                <td class="w3" data-label={language.say(&texts::ENDS)}>
                                    if let Some(ends) = token.expires {
                                        <Ago class={classes!(ended.then_some("bad"))} at={ends} />
                                    } else {
                                        { language.say(&texts::NEVER) }
                                    }
                                </td>
                                <td class="w3" data-label={language.say(&texts::LAST_USED)}>
                                    if let Some(used) = token.last_used { <Ago at={used} /> } else { { language.say(&texts::UNUSED) } }
                                </td>
                                <td class="tight end">
                                    <Button class="btn--s btn--danger" onclick={revoke(token)}>{ language.say(&texts::REVOKE_ASK) }</Button>
                                </td>
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn revoke_dialog(language: Language, token: &Token, close: &Callback<()>, revoke: &Callback<Token>) -> Html {
    let onclick = {
        let token = token.clone();
        revoke.reform(move |_: MouseEvent| token.clone())
    };
    html! {
        <Modal class="dialog" labelled_by="revoke-title" onclose={close.clone()}>
            <div class="dialog__body">
                <h2 id="revoke-title">{ language.fill(&texts::REVOKE_TITLE, &[("name", &token.name)]) }</h2>
                <p>{ language.say(&texts::REVOKE_MEANING) }</p>
            </div>
            <div class="dialog__foot">
                <Button onclick={close.reform(|_: MouseEvent| ())}>{ language.say(&common::KEEP_IT) }</Button>
                <Button class="btn--destroy" {onclick}>{ language.say(&texts::REVOKE) }</Button>
            </div>
        </Modal>
    }
}

#[derive(Properties, PartialEq)]
struct CreateProps {
    onclose: Callback<()>,
    oncreated: Callback<TokenCreated>,
}

/// The dialog that makes a token.
#[component]
fn Create(props: &CreateProps) -> Html {
    let language = use_language();
    let api = use_api();
    let name = use_state(String::new);
    let scopes = use_state(|| vec![Scope::EventsWrite]);
    let ends = use_state(|| "90".to_owned());
    let busy = use_state_eq(|| false);
    let problem = use_state(|| None::<ApiError>);
    let onsubmit = {
        let (name, scopes, ends, busy, problem, api) =
            (name.clone(), scopes.clone(), ends.clone(), busy.clone(), problem.clone(), api.clone());
        let oncreated = props.oncreated.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let days: i64 = ends.parse().unwrap_or_default();
            let expires = (days > 0).then(|| Timestamp::from_millis(now() + days * DAY));
            let new = NewToken { name: name.trim().to_owned(), scopes: (*scopes).clone(), expires };
            let (busy, problem, api, oncreated) = (busy.clone(), problem.clone(), api.clone(), oncreated.clone());
            busy.set(true);
            spawn_local(async move {
                match api.create_token(&new).await {
                    Ok(made) => oncreated.emit(made),
                    Err(error) => {
                        problem.set(Some(error));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let oninput = {
        let name = name.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                name.set(input.value());
            }
        })
    };
    let toggle = |scope: Scope| {
        let scopes = scopes.clone();
        Callback::from(move |_: Event| {
            let mut next = (*scopes).clone();
            if next.contains(&scope) {
                next.retain(|each| *each != scope);
            } else {
                next.push(scope);
            }
            scopes.set(next);
        })
    };
    let choose = {
        let ends = ends.clone();
        Callback::from(move |value| ends.set(value))
    };
    let options: Vec<(AttrValue, AttrValue)> =
        ENDS.iter().map(|(value, text)| ((*value).into(), language.say(text).into())).collect();
    let incomplete = name.trim().is_empty() || scopes.is_empty();
    html! {
        <Modal class="dialog" labelled_by="create-title" onclose={props.onclose.clone()}>
            <form {onsubmit}>
                <div class="dialog__body">
                    <h2 id="create-title">{ language.say(&texts::CREATE) }</h2>
                    if let Some(error) = (*problem).clone() {
                        <ErrorNote {error} />
                    }
                    <Field id="token-name" label={language.say(&texts::NAME)} hint={html! { { language.say(&texts::NAME_HINT) } }}>
                        <input class="input" id="token-name" maxlength="100" autocomplete="off" value={(*name).clone()} aria-describedby="token-name-hint" {oninput} />
                    </Field>
                    <fieldset>
                        <legend class="field__label">{ language.say(&texts::SCOPES) }</legend>
                        { for SCOPES.iter().map(|(scope, text)| html! {
                            <label class="check" key={scope.as_str()}>
                                <input type="checkbox" checked={scopes.contains(scope)} onchange={toggle(*scope)} />
                                <span><code>{ scope.as_str() }</code>{ " " }<span class="soft">{ language.say(text) }</span></span>
                            </label>
                        }) }
                    </fieldset>
                    <Field id="token-ends" label={language.say(&texts::ENDS)}>
                        <Select id="token-ends" {options} value={(*ends).clone()} onchange={choose} />
                    </Field>
                </div>
                <div class="dialog__foot">
                    <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ language.say(&common::CANCEL) }</Button>
                    <Button class="btn--primary" kind="submit" busy={*busy} disabled={incomplete}>{ language.say(&texts::CREATE) }</Button>
                </div>
            </form>
        </Modal>
    }
}
