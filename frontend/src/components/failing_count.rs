//! How many webhooks fail, beside their name in the navigation.

use seinpost_protocol::rest::{Scope, Webhook};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{WebhookState, webhook_state};
use crate::{
    api::use_api,
    app::{
        Route,
        event::{send, use_event},
        use_session,
    },
    hooks::use_poll,
    i18n::{texts::shell as texts, use_language},
};

/// The list of webhooks has come: it tells how many of them fail. Without a number: they are to be counted.
const FAILING: &str = "seinpost:failing";
/// How often they are counted where the list is not on screen, in milliseconds.
const EVERY: u32 = 30_000;

/// Tells the navigation what the list of webhooks knows.
pub(crate) fn tell_failing(webhooks: &[Webhook]) {
    let failing = webhooks.iter().filter(|webhook| webhook_state(webhook) == WebhookState::Failing).count();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    send(FAILING, &JsValue::from_f64(failing as f64));
}

/// Has the navigation count again: a webhook fails, or does so no longer.
pub(crate) fn count_failing() {
    send(FAILING, &JsValue::NULL);
}

#[derive(Properties, PartialEq)]
pub(crate) struct FailingCountProps {
    /// The page that is on screen.
    pub(crate) page: String,
}

/// “2 failing”; nothing where none does, or where the session does not see webhooks.
#[component]
pub(crate) fn FailingCount(props: &FailingCountProps) -> Html {
    let language = use_language();
    let api = use_api();
    let session = use_session();
    let failing = use_state_eq(|| 0_u64);
    let sees = session.session().is_some_and(|session| {
        let seeing = [Scope::WebhooksRead, Scope::WebhooksWrite, Scope::Admin];
        session.scopes.iter().any(|scope| seeing.contains(scope))
    });
    // The list of webhooks tells by itself.
    let asks = sees && props.page != Route::Webhooks.page();
    let ask = {
        let failing = failing.clone();
        Callback::from(move |()| {
            let (api, failing) = (api.clone(), failing.clone());
            spawn_local(async move {
                // Without an answer the number stays: that there is no connection is said elsewhere.
                if let Some(count) = api.failing().await {
                    failing.set(whole(count));
                }
            });
        })
    };
    use_event(FAILING, {
        let (failing, ask) = (failing.clone(), ask.clone());
        Callback::from(move |told: JsValue| match told.as_f64() {
            Some(count) => failing.set(whole(count)),
            None => ask.emit(()),
        })
    });
    // Each page asks when it opens: one on which something was mended or broken does not show the old number for long.
    use_effect_with((asks, props.page.clone()), {
        let ask = ask.clone();
        move |(asks, _)| {
            if *asks {
                ask.emit(());
            }
        }
    });
    use_poll(EVERY, asks, ask);
    if *failing == 0 || !sees {
        return Html::default();
    }
    let words = language.fill(&texts::N_FAILING, &[("n", &language.number(*failing))]);
    html! { <>{ " " }<span class="post__count post__count--bad">{ words }</span></> }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a count")]
fn whole(count: f64) -> u64 {
    count as u64
}
