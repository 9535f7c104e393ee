//! The secret of the profile `standard`: rotated here, and shown once.

use std::rc::Rc;

use seinpost_protocol::rest::Webhook;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::ask::{Question, ask};
use crate::{
    api::{ApiError, use_api},
    components::{Button, Copy, Note, Tone},
    hooks::focus,
    i18n::{Language, texts::settings as texts, use_language},
};

#[derive(Properties, PartialEq)]
pub(super) struct SecretProps {
    pub(super) webhook: Rc<Webhook>,
}

/// What stands beside the button. It is one value, so that the dialog has closed as the new secret takes the focus.
#[derive(Clone, Default, PartialEq)]
struct State {
    asking: bool,
    made: Option<String>,
}

/// What the secret is for, and how to get a new one.
#[component]
pub(super) fn Secret(props: &SecretProps) -> Html {
    let language = use_language();
    let api = use_api();
    let state = use_state_eq(State::default);
    let error = use_state(|| None::<ApiError>);
    let busy = use_state_eq(|| false);
    let set_asking = |asking: bool| {
        let (state, error) = (state.clone(), error.clone());
        Callback::from(move |()| {
            error.set(None);
            state.set(State { asking, ..(*state).clone() });
        })
    };
    let rotate = {
        let (id, state, error, busy) = (props.webhook.id.clone(), state.clone(), error.clone(), busy.clone());
        Callback::from(move |()| {
            let (api, id, state, error, busy) = (api.clone(), id.clone(), state.clone(), error.clone(), busy.clone());
            busy.set(true);
            spawn_local(async move {
                match api.rotate_secret(&id).await {
                    Ok(webhook) => state.set(State { asking: false, made: webhook.secret }),
                    Err(failed) => error.set(Some(failed)),
                }
                busy.set(false);
            });
        })
    };
    use_effect_with(state.made.clone(), |made| {
        if made.is_some() {
            focus(NEW);
        }
    });
    let question = Question {
        title: &texts::ROTATE_TITLE,
        meaning: &[&texts::ROTATE_MEANING, &texts::ROTATE_ONCE],
        deed: &texts::ROTATE,
        class: "btn--primary",
        busy: *busy,
        error: error.as_ref(),
    };
    html! {
        <section class="panel" aria-labelledby="secret-title">
            <div class="panel__head"><h2 id="secret-title">{ language.say(&texts::SECRET) }</h2></div>
            <div class="panel__body stack">
                <p class="soft small prose">{ language.say(&texts::SECRET_WHY) }</p>
                if let Some(secret) = state.made.clone() {
                    { once(NEW, language.say(&texts::NEW_SECRET), language.say(&texts::NEW_SECRET_MEANING), language, secret) }
                }
                <div class="row">
                    <Button icon="retry" busy={*busy} onclick={set_asking(true).reform(|_: MouseEvent| ())}>
                        { language.say(&texts::ROTATE_ASK) }
                    </Button>
                </div>
            </div>
            if state.asking {
                { ask(language, &question, &set_asking(false), &rotate) }
            }
        </section>
    }
}

/// The ids of what is shown once: it takes the focus as it comes.
const NEW: &str = "new-secret";
pub(super) const MADE: &str = "made-secret";
pub(super) const HASH_KEY: &str = "made-key";

/// The secret that was made with the webhook, or as its profile became `standard`, shown once.
pub(in crate::pages) fn made_secret(language: Language, secret: String) -> Html {
    once(MADE, language.say(&texts::MADE_SECRET), language.say(&texts::MADE_SECRET_MEANING), language, secret)
}

/// The key with which recipients are hashed, shown once.
pub(super) fn hash_key(language: Language, key: String) -> Html {
    once(HASH_KEY, language.say(&texts::HASH_KEY), language.say(&texts::HASH_KEY_MEANING), language, key)
}

fn once(id: &'static str, title: &'static str, meaning: &'static str, language: Language, secret: String) -> Html {
    html! {
        <div {id} tabindex="-1">
            <Note tone={Tone::Warn} {title} role="status">
                <p>{ meaning }</p>
                <Copy text={secret.clone()} label={language.say(&texts::COPY_SECRET)}><span class="mono break">{ secret }</span></Copy>
            </Note>
        </div>
    }
}
