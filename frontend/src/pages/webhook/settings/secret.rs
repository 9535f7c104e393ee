//! The secret of the profile `standard`: rotated here, and shown once.

use std::rc::Rc;

use seinpost_protocol::rest::Webhook;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    components::{Button, Copy, ErrorNote, Note, Tone},
    i18n::{Language, texts::settings as texts, use_language},
};

#[derive(Properties, PartialEq)]
pub(super) struct SecretProps {
    pub(super) webhook: Rc<Webhook>,
}

/// What the secret is for, and how to get a new one.
#[component]
pub(super) fn Secret(props: &SecretProps) -> Html {
    let language = use_language();
    let api = use_api();
    let secret = use_state_eq(|| None::<String>);
    let error = use_state(|| None::<ApiError>);
    let busy = use_state_eq(|| false);
    let rotate = {
        let (id, secret, error, busy) = (props.webhook.id.clone(), secret.clone(), error.clone(), busy.clone());
        Callback::from(move |_: MouseEvent| {
            let (api, id, secret, error, busy) = (api.clone(), id.clone(), secret.clone(), error.clone(), busy.clone());
            busy.set(true);
            spawn_local(async move {
                match api.rotate_secret(&id).await {
                    Ok(webhook) => {
                        error.set(None);
                        secret.set(webhook.secret);
                    }
                    Err(failed) => error.set(Some(failed)),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <section class="panel" aria-labelledby="secret-title">
            <div class="panel__head"><h2 id="secret-title">{ language.say(&texts::SECRET) }</h2></div>
            <div class="panel__body stack">
                <p class="soft small prose">{ language.say(&texts::SECRET_WHY) }</p>
                if let Some(error) = (*error).clone() {
                    <ErrorNote {error} />
                }
                if let Some(secret) = (*secret).clone() {
                    { once(language, language.say(&texts::NEW_SECRET), language.say(&texts::NEW_SECRET_MEANING), secret) }
                }
                <div class="row"><Button icon="retry" busy={*busy} onclick={rotate}>{ language.say(&texts::ROTATE) }</Button></div>
            </div>
        </section>
    }
}

/// The secret that was made with the webhook, or as its profile became `standard`, shown once.
pub(in crate::pages) fn made_secret(language: Language, secret: String) -> Html {
    once(language, language.say(&texts::MADE_SECRET), language.say(&texts::MADE_SECRET_MEANING), secret)
}

/// The key with which recipients are hashed, shown once.
pub(super) fn hash_key(language: Language, key: String) -> Html {
    once(language, language.say(&texts::HASH_KEY), language.say(&texts::HASH_KEY_MEANING), key)
}

fn once(language: Language, title: &'static str, meaning: &'static str, secret: String) -> Html {
    html! {
        <Note tone={Tone::Warn} {title} role="status">
            <p>{ meaning }</p>
            <Copy text={secret.clone()} label={language.say(&texts::COPY_SECRET)}><span class="mono break">{ secret }</span></Copy>
        </Note>
    }
}
