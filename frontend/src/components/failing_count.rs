//! How many webhooks fail, beside their name in the navigation.

use seinpost_protocol::rest::{Scope, Webhook};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{WebhookState, webhook_state};
use crate::{
    api::use_api,
    app::{
        event::{send, use_event},
        use_session,
    },
    hooks::use_poll,
    i18n::{texts::shell as texts, use_language},
};

/// The list of webhooks has come: it tells how many of them fail.
const FAILING: &str = "seinpost:failing";
/// How often they are counted where the list is not on screen, in milliseconds; …
const EVERY: u32 = 30_000;
/// … and how much more seldom for each webhook that there is: many take many calls.
const EVERY_EACH: u32 = 60;

/// Tells the navigation what the list of webhooks knows.
pub(crate) fn tell_failing(webhooks: &[Webhook]) {
    send(FAILING, &JsValue::from(count(webhooks)));
}

fn count(webhooks: &[Webhook]) -> u32 {
    let failing = webhooks.iter().filter(|webhook| webhook_state(webhook) == WebhookState::Failing).count();
    u32::try_from(failing).unwrap_or(u32::MAX)
}

#[derive(Properties, PartialEq)]
pub(crate) struct FailingCountProps {
    /// Whether the list of webhooks is on screen, which tells by itself.
    pub(crate) on_list: bool,
}

/// “2 failing”; nothing where none does, or where the session does not see webhooks.
#[component]
pub(crate) fn FailingCount(props: &FailingCountProps) -> Html {
    let language = use_language();
    let api = use_api();
    let session = use_session();
    let failing = use_state_eq(|| 0_u32);
    let every = use_state_eq(|| EVERY);
    let sees = session.session().is_some_and(|session| {
        let seeing = [Scope::WebhooksRead, Scope::WebhooksWrite, Scope::Admin];
        session.scopes.iter().any(|scope| seeing.contains(scope))
    });
    let asks = sees && !props.on_list;
    let ask = {
        let (failing, every) = (failing.clone(), every.clone());
        Callback::from(move |()| {
            let (api, failing, every) = (api.clone(), failing.clone(), every.clone());
            spawn_local(async move {
                // Without an answer the number stays: that there is no connection is said elsewhere.
                if let Ok(webhooks) = api.webhooks().await {
                    failing.set(count(&webhooks));
                    let more = u32::try_from(webhooks.len()).unwrap_or(u32::MAX).saturating_mul(EVERY_EACH);
                    every.set(EVERY.saturating_add(more));
                }
            });
        })
    };
    use_event(FAILING, {
        let failing = failing.clone();
        Callback::from(move |told: JsValue| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
            failing.set(told.as_f64().unwrap_or_default() as u32);
        })
    });
    use_effect_with(asks, {
        let ask = ask.clone();
        move |asks| {
            if *asks {
                ask.emit(());
            }
        }
    });
    use_poll(*every, asks, ask);
    if *failing == 0 || !sees {
        return Html::default();
    }
    let words = language.fill(&texts::N_FAILING, &[("n", &language.number((*failing).into()))]);
    html! { <>{ " " }<span class="post__count post__count--bad">{ words }</span></> }
}
