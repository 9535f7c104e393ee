//! What can be done with a webhook, in the head of its page.

use std::rc::Rc;

use seinpost_protocol::rest::{Profile, Webhook, WebhookPatch, WebhookStatus};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Tab, delete::use_delete};
use crate::{
    api::{Tagged, use_api},
    app::{Route, go},
    components::{A, Button, Menu, MenuItem, copy_text, small_icon, toast_done, toast_failed},
    hooks::announce,
    i18n::{
        Language, Text,
        texts::{common, overview, webhook as texts, webhooks},
        use_language,
    },
};

#[derive(Properties, PartialEq)]
pub(super) struct ActsProps {
    pub(super) webhook: Rc<Webhook>,
    pub(super) tab: Tab,
    pub(super) changed: Callback<Tagged<Webhook>>,
}

/// What one does often as buttons, the rest in a menu.
#[component]
pub(super) fn Acts(props: &ActsProps) -> Html {
    let language = use_language();
    let webhook = &props.webhook;
    let (busy, set_status) = use_set_status(&webhook.id, &props.changed);
    let is_verified = webhook.status != WebhookStatus::Unverified;
    let (status, icon, text) = match webhook.status {
        WebhookStatus::Unverified | WebhookStatus::Active => (WebhookStatus::Paused, "pause", &common::PAUSE),
        WebhookStatus::Paused => (WebhookStatus::Active, "play", &common::RESUME),
        WebhookStatus::Disabled => (WebhookStatus::Active, "play", &common::ENABLE),
    };
    let (deleting, delete) = use_delete(webhook);
    html! {
        <div class="head__acts">
            if is_verified {
                <Button {icon} {busy} onclick={set_status.reform(move |_: MouseEvent| status)}>{ language.say(text) }</Button>
                if props.tab != Tab::Test {
                    <A class="btn" to={Route::WebhookTab { id: webhook.id.clone(), tab: "test".into() }}>
                        { small_icon("send") }{ language.say(&webhooks::SEND_TEST) }
                    </A>
                }
            }
            <Menu label={language.say(&texts::MORE)} items={more(language, webhook, delete)} />
            { deleting }
        </div>
    }
}

/// Pauses or resumes; and whether that is under way.
#[hook]
fn use_set_status(id: &str, changed: &Callback<Tagged<Webhook>>) -> (bool, Callback<WebhookStatus>) {
    let api = use_api();
    let language = use_language();
    let busy = use_state_eq(|| false);
    let set_status = {
        let (busy, changed, id) = (busy.clone(), changed.clone(), id.to_owned());
        Callback::from(move |status: WebhookStatus| {
            let (api, busy, changed, id) = (api.clone(), busy.clone(), changed.clone(), id.clone());
            busy.set(true);
            spawn_local(async move {
                let patch = WebhookPatch { status: Some(status), ..WebhookPatch::default() };
                let answer = api.change_webhook(&id, "", &patch).await;
                busy.set(false);
                match answer {
                    Ok(webhook) => {
                        let text =
                            if status == WebhookStatus::Paused { &webhooks::NOW_PAUSED } else { &webhooks::NOW_ACTIVE };
                        toast_done(language.say(text));
                        changed.emit(webhook);
                    }
                    Err(error) => toast_failed(language, &error),
                }
            });
        })
    };
    (*busy, set_status)
}

/// The rest.
fn more(language: Language, webhook: &Webhook, delete: Callback<()>) -> Vec<MenuItem> {
    let item = |icon, text: &'static Text, action| MenuItem {
        icon,
        text: AttrValue::from(language.say(text)),
        danger: false,
        action,
    };
    let copy = |text: &str| {
        let text = text.to_owned();
        Callback::from(move |()| copy(language, text.clone()))
    };
    let mut items =
        vec![item("copy", &common::COPY_URL, copy(&webhook.url)), item("copy", &texts::COPY_ID, copy(&webhook.id))];
    // With a secret there is no key to look up.
    if webhook.profile != Profile::Standard {
        items.push(item("dns", &overview::SEE_KEYS, Callback::from(|()| go(&Route::Keys))));
    }
    items.push(MenuItem { danger: true, ..item("trash", &common::DELETE_ASK, delete) });
    items
}

/// Copies a text, and says so once it has happened.
fn copy(language: Language, text: String) {
    // The menu has closed, and given the focus back to its button.
    let button = web_sys::window().and_then(|window| window.document()).and_then(|page| page.active_element());
    spawn_local(async move {
        if copy_text(button.and_then(|button| button.dyn_into().ok()).as_ref(), &text).await {
            toast_done(language.say(&common::COPIED));
        } else {
            announce(language.say(&common::NOT_COPIED));
        }
    });
}
