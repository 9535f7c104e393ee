//! Deleting a webhook, which names what is lost.

use seinpost_protocol::rest::{StatsRange, Webhook};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::{Route, go},
    components::{Button, ErrorNote, Modal, split_url, toast_done},
    hooks::use_resource,
    i18n::{
        texts::{common, webhook as texts},
        use_language,
    },
};

#[derive(Properties, PartialEq)]
pub(crate) struct DeleteWebhookProps {
    pub(crate) webhook: Webhook,
    /// It closes: with `true` if the webhook was deleted.
    pub(crate) onclose: Callback<bool>,
}

/// What asks whether the webhook of this page shall really go, as far as it is asked; and how to ask. Once it is gone the list
/// is shown.
#[hook]
pub(super) fn use_delete(webhook: &Webhook) -> (Html, Callback<()>) {
    let asking = use_state_eq(|| false);
    let ask = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(true))
    };
    if !*asking {
        return (Html::default(), ask);
    }
    let onclose = Callback::from(move |deleted: bool| {
        asking.set(false);
        if deleted {
            go(&Route::Webhooks);
        }
    });
    (html! { <DeleteWebhook webhook={webhook.clone()} {onclose} /> }, ask)
}

/// Asks whether a webhook shall really go, and deletes it.
#[component]
pub(crate) fn DeleteWebhook(props: &DeleteWebhookProps) -> Html {
    let language = use_language();
    let api = use_api();
    let busy = use_state_eq(|| false);
    let error = use_state(|| None::<ApiError>);
    let waiting = {
        let api = api.clone();
        use_resource(props.webhook.id.clone(), move |id: &String| {
            let (api, id) = (api.clone(), id.clone());
            // The figures are read on the first page anyway: a decoder for deliveries would cost it some KiB.
            Box::pin(async move { api.stats(Some(&id), StatsRange::Hour).await.map(|stats| stats.waiting) })
        })
    };
    let delete = {
        let (id, busy, error, onclose) = (props.webhook.id.clone(), busy.clone(), error.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (api, id, busy, error, onclose) =
                (api.clone(), id.clone(), busy.clone(), error.clone(), onclose.clone());
            busy.set(true);
            spawn_local(async move {
                match api.delete_webhook(&id).await {
                    Ok(()) => {
                        toast_done(language.say(&texts::DELETED));
                        onclose.emit(true);
                    }
                    Err(failed) => {
                        error.set(Some(failed));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let keep = props.onclose.reform(|()| false);
    let (_, host, path) = split_url(&props.webhook.url);
    let loss = waiting.data.as_ref().map(|waiting| {
        let n = language.number(waiting.count);
        match (waiting.count, waiting.more) {
            (0, _) => language.say(&texts::NOTHING_WAITS).to_owned(),
            (_, false) => language.fill(&texts::WAITING_DROPPED, &[("n", &n)]),
            (_, true) => language.fill(&texts::MANY_WAITING_DROPPED, &[("n", &n)]),
        }
    });
    html! {
        <Modal class="dialog" labelled_by="delete-title" onclose={keep.clone()}>
            <div class="dialog__body">
                <h2 id="delete-title">{ language.say(&texts::DELETE_TITLE) }</h2>
                <p class="url break">{ format!("{host}{path}") }</p>
                <p>
                    { language.say(&texts::DELETE_MEANING) }{ " " }
                    { loss.unwrap_or_else(|| language.say(&texts::WAITING_DROPPED_UNKNOWN).to_owned()) }
                </p>
                <p class="soft">{ language.say(&texts::PAUSE_INSTEAD) }</p>
                if let Some(error) = (*error).clone() {
                    <ErrorNote {error} />
                }
            </div>
            <div class="dialog__foot">
                <Button onclick={keep.reform(|_: MouseEvent| ())}>{ language.say(&common::KEEP_IT) }</Button>
                <Button class="btn--destroy" busy={*busy} onclick={delete}>{ language.say(&texts::DELETE) }</Button>
            </div>
        </Modal>
    }
}
