//! Sending many deliveries once more, with how far it has come.

#[cfg(test)]
mod drawn;

use std::rc::Rc;

use seinpost_protocol::rest::{NewReplay, Replay, ReplayState, ReplayWhich, Webhook};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::filter::{Filter, TIMES};
use crate::{
    api::{ApiError, use_api},
    components::{Button, ErrorNote, Modal, Select, split_url},
    hooks::{announce, now, use_poll},
    i18n::{
        Language,
        texts::{common, deliveries as texts},
        use_language,
    },
};

/// How often one asks how far it has come, in milliseconds.
const EVERY: u32 = 700;

#[derive(Properties, PartialEq)]
pub(super) struct ReplayManyProps {
    /// The one webhook whose deliveries they are; to be chosen where there is none.
    pub(super) webhook: Option<String>,
    pub(super) webhooks: Rc<Vec<Webhook>>,
    /// How the log is narrowed: its webhook and its time are chosen here, too, until others are.
    pub(super) filter: Filter,
    pub(super) onclose: Callback<()>,
}

/// Asks which deliveries, sends them once more, and shows how far that has come.
#[component]
pub(super) fn ReplayMany(props: &ReplayManyProps) -> Html {
    let language = use_language();
    let ReplayManyProps { filter, webhooks, .. } = props;
    let narrowed = || Some(filter.webhook.clone()).filter(|id| !id.is_empty());
    let first = || webhooks.first().map(|webhook| webhook.id.clone());
    let webhook = use_state_eq(|| props.webhook.clone().or_else(narrowed).or_else(first).unwrap_or_default());
    let which = use_state_eq(ReplayWhich::default);
    let time = use_state_eq(|| {
        let of_log = TIMES.iter().find(|(name, ..)| !name.is_empty() && *name == filter.time);
        of_log.map_or("24h", |(name, ..)| name).to_owned()
    });
    let replay = use_state_eq(|| None::<Replay>);
    use_running(&webhook, &replay);
    let running = replay.as_ref().is_some_and(|replay| replay.state == ReplayState::Running);
    let (busy, error, start, stop) = use_replay(&webhook, *which, &time, &replay);
    let hooks = props.webhooks.iter().map(|webhook| {
        let (_, host, path) = split_url(&webhook.url);
        (AttrValue::from(webhook.id.clone()), AttrValue::from(format!("{host}{path}")))
    });
    let times = TIMES.map(|(value, _, text)| (AttrValue::from(value), AttrValue::from(language.say(text))));
    let set_webhook = {
        let (webhook, replay) = (webhook.clone(), replay.clone());
        Callback::from(move |id| {
            webhook.set(id);
            // It is of the other one.
            replay.set(None);
        })
    };
    let set_time = {
        let time = time.clone();
        Callback::from(move |value| time.set(value))
    };
    let one = |value: ReplayWhich, text| {
        let which_now = *which;
        let which = which.clone();
        html! {
            <label class="check">
                <input type="radio" name="which" checked={which_now == value} onchange={move |_: Event| which.set(value)} />
                <span>{ language.say(text) }</span>
            </label>
        }
    };
    html! {
        <Modal class="dialog" labelled_by="replay-title" onclose={props.onclose.clone()}>
            <div class="dialog__body stack stack--tight">
                <h2 id="replay-title">{ language.say(&texts::REPLAY_TITLE) }</h2>
                <p class="soft">{ language.say(&texts::REPLAY_MEANING) }</p>
                if let Some(error) = (*error).clone() {
                    <ErrorNote {error} />
                }
                if props.webhook.is_none() {
                    <div class="field">
                        <label class="field__label" for="replay-webhook">{ language.say(&texts::WEBHOOK) }</label>
                        <Select id="replay-webhook" options={hooks.collect::<Vec<_>>()} value={(*webhook).clone()} onchange={set_webhook} />
                    </div>
                }
                if let Some(replay) = &*replay {
                    { progress(language, replay) }
                } else {
                    <fieldset class="stack stack--tight">
                        <legend class="field__label">{ language.say(&texts::WHICH) }</legend>
                        { one(ReplayWhich::Failed, &texts::ONLY_FAILED) }
                        { one(ReplayWhich::All, &texts::ALL_OF_THEM) }
                    </fieldset>
                    <div class="field">
                        <label class="field__label" for="replay-time">{ language.say(&texts::CREATED_IN) }</label>
                        <Select id="replay-time" options={times.to_vec()} value={(*time).clone()} onchange={set_time} />
                    </div>
                }
            </div>
            <div class="dialog__foot">
                <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>
                    { language.say(if replay.is_some() { &common::CLOSE } else { &common::CANCEL }) }
                </Button>
                if replay.is_none() {
                    <Button class="btn--primary" icon="retry" busy={*busy} disabled={webhook.is_empty()} onclick={start.reform(|_: MouseEvent| ())}>
                        { language.say(&texts::START) }
                    </Button>
                } else if running {
                    <Button class="btn--danger" onclick={stop.reform(|_: MouseEvent| ())}>{ language.say(&texts::STOP) }</Button>
                }
            </div>
        </Modal>
    }
}

/// How far it has come, in words.
fn words(language: Language, replay: &Replay) -> String {
    let text = match replay.state {
        ReplayState::Running => &texts::MADE,
        ReplayState::Done => &texts::MADE_ALL,
        ReplayState::Stopped => &texts::MADE_STOPPED,
    };
    language.fill(text, &[("n", &language.number(replay.made))])
}

fn progress(language: Language, replay: &Replay) -> Html {
    html! {
        <p class="row medium" role="status">
            if replay.state == ReplayState::Running {
                <span class="spin" aria-hidden="true"></span>
            }
            { words(language, replay) }
        </p>
    }
}

/// Shows what is under way for the webhook, whoever began it and wherever: it goes on without the dialog.
#[hook]
fn use_running(webhook: &UseStateHandle<String>, replay: &UseStateHandle<Option<Replay>>) {
    let api = use_api();
    use_effect_with((**webhook).clone(), {
        let (webhook, replay) = (webhook.clone(), replay.clone());
        move |id| {
            let id = id.clone();
            if id.is_empty() {
                return;
            }
            spawn_local(async move {
                // Why they cannot be had is told to who begins one.
                let Ok(page) = api.replays(&id).await else { return };
                let running = page.data.into_iter().find(|each| each.state == ReplayState::Running);
                if running.is_some() && replay.is_none() && *webhook == id {
                    replay.set(running);
                }
            });
        }
    });
}

type Handles = (UseStateHandle<bool>, UseStateHandle<Option<ApiError>>, Callback<()>, Callback<()>);

#[hook]
fn use_replay(
    webhook: &UseStateHandle<String>,
    which: ReplayWhich,
    time: &str,
    replay: &UseStateHandle<Option<Replay>>,
) -> Handles {
    let language = use_language();
    let api = use_api();
    let busy = use_state_eq(|| false);
    let error = use_state(|| None::<ApiError>);
    let start = {
        let (api, webhook, replay, busy, error) =
            (api.clone(), webhook.clone(), replay.clone(), busy.clone(), error.clone());
        let filter = Filter { time: time.to_owned(), ..Filter::default() };
        Callback::from(move |()| {
            let (api, webhook, replay, busy, error) =
                (api.clone(), webhook.clone(), replay.clone(), busy.clone(), error.clone());
            let (id, new) = ((*webhook).clone(), NewReplay { which, from: filter.from(now()), until: None });
            busy.set(true);
            spawn_local(async move {
                match api.replay_many(&id, &new).await {
                    Ok(begun) => {
                        error.set(None);
                        if *webhook == id {
                            replay.set(Some(begun));
                        }
                    }
                    Err(failed) => error.set(Some(failed)),
                }
                busy.set(false);
            });
        })
    };
    let running = replay.as_ref().is_some_and(|replay| replay.state == ReplayState::Running);
    let look = {
        let (api, replay, error) = (api.clone(), replay.clone(), error.clone());
        Callback::from(move |()| {
            let Some(begun) = (*replay).clone() else { return };
            let (api, replay, error) = (api.clone(), replay.clone(), error.clone());
            spawn_local(async move {
                match api.replays(&begun.webhook).await {
                    Ok(page) => {
                        error.set(None);
                        let is_shown = replay.as_ref().is_some_and(|shown| shown.id == begun.id);
                        if let Some(now) = page.data.into_iter().find(|each| is_shown && each.id == begun.id) {
                            if now.state != ReplayState::Running {
                                announce(&words(language, &now));
                            }
                            replay.set(Some(now));
                        }
                    }
                    Err(failed) => error.set(Some(failed)),
                }
            });
        })
    };
    use_poll(EVERY, running, look.clone());
    let stop = {
        let (replay, error) = (replay.clone(), error.clone());
        Callback::from(move |()| {
            let Some(begun) = (*replay).clone() else { return };
            let (api, error, look) = (api.clone(), error.clone(), look.clone());
            spawn_local(async move {
                match api.stop_replay(&begun.webhook, &begun.id).await {
                    Ok(()) => look.emit(()),
                    Err(failed) => error.set(Some(failed)),
                }
            });
        })
    };
    (busy, error, start, stop)
}
