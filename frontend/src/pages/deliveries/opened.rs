//! A delivery, opened: its attempts on a line of time, and what was sent and answered.

use std::rc::Rc;

use seinpost_protocol::rest::{Attempt, AttemptError, Delivery, DeliveryStatus, Timestamp, Webhook};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{delivery_route, error_word};
use crate::{
    api::use_api,
    app::{Route, go_to},
    components::{
        A, Ago, Button, Clocked, Copy, CopyButton, CopyId, Countdown, ErrorNote, Note, Refusal, Tone, as_curl,
        delivery_status, explain_refusal, icon, reason_phrase, request_view, response_view, small_icon, toast_done,
        toast_failed, transport, url,
    },
    hooks::{focus, use_poll, use_resource},
    i18n::{
        Language,
        texts::{common, deliveries, opened as texts},
        use_language,
    },
    inspector,
    pages::{peer::reached, webhook::type_words},
};

#[derive(Properties, PartialEq)]
pub(super) struct OpenedProps {
    pub(super) id: String,
    pub(super) webhooks: Rc<Vec<Webhook>>,
    pub(super) onclose: Callback<()>,
    /// The list that it was opened from, …
    pub(super) back: Route,
    /// … and how that was narrowed, with its `?`.
    #[prop_or_default]
    pub(super) query: Rc<str>,
}

#[component]
pub(super) fn Opened(props: &OpenedProps) -> Html {
    let language = use_language();
    let api = use_api();
    let delivery = use_resource(props.id.clone(), move |id: &String| {
        let (api, id) = (api.clone(), id.clone());
        Box::pin(async move { api.delivery(&id).await })
    });
    let pending = delivery.data.as_ref().is_none_or(|data| data.status == DeliveryStatus::Pending);
    use_poll(2000, pending, delivery.refresh.clone());
    use_effect_with((), |()| focus("opened"));
    let title = match &delivery.data {
        Some(data) => title_of(language, data),
        None => language.say(&texts::DELIVERY).to_owned(),
    };
    html! {
        <section class="panel split__open" id="opened" aria-labelledby="opened-title" tabindex="-1">
            <div class="panel__head">
                <h2 id="opened-title">{ title }</h2>
                <span class="row">
                    <A class="btn btn--s split__back" to={props.back.clone()} query={props.query.clone()}>{ small_icon("back") }{ language.say(&texts::ALL) }</A>
                    <Button class="btn--bare btn--s btn--icon split__close" icon="x" label={language.say(&texts::CLOSE)}
                        onclick={props.onclose.reform(|_: MouseEvent| ())} />
                </span>
            </div>
            if let Some(error) = delivery.error.clone() {
                <div class="panel__body"><ErrorNote {error} retry={delivery.refresh.clone()} /></div>
            }
            { match delivery.data.clone() {
                Some(data) => html! { <Loaded delivery={data} webhooks={props.webhooks.clone()} back={props.back.clone()} query={props.query.clone()} /> },
                None if delivery.error.is_none() => html! {
                    <div class="panel__body stack stack--tight" aria-busy="true">
                        <span class="skel skel--60"></span><span class="skel skel--80"></span><span class="skel skel--40"></span>
                    </div>
                },
                None => Html::default(),
            } }
        </section>
    }
}

/// `bounce to reader@example.net`, where what was sent names a recipient.
fn title_of(language: Language, delivery: &Delivery) -> String {
    let event_type = type_words(language, &delivery.event_type);
    match delivery.recipient.as_deref() {
        Some(recipient) => language.fill(&texts::TITLE_TO, &[("type", &event_type), ("recipient", recipient)]),
        None => language.fill(&texts::TITLE, &[("type", &event_type)]),
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct LoadedProps {
    pub(super) delivery: Rc<Delivery>,
    pub(super) webhooks: Rc<Vec<Webhook>>,
    pub(super) back: Route,
    /// How the list is narrowed, with its `?`.
    #[prop_or_default]
    pub(super) query: Rc<str>,
}

#[component]
pub(super) fn Loaded(props: &LoadedProps) -> Html {
    let language = use_language();
    let delivery = &props.delivery;
    // The attempt that was chosen; the newest one until then.
    let chosen = use_state_eq(|| None::<u32>);
    let shown = match *chosen {
        Some(n) => delivery.attempts.iter().find(|attempt| attempt.n == n),
        None => delivery.attempts.last(),
    };
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |n: u32| chosen.set(Some(n)))
    };
    let (replaying, replay) = use_replay(delivery, &props.back, &props.query);
    let target = props.webhooks.iter().find(|webhook| webhook.id == delivery.webhook);
    html! {
        <>
            <div class="panel__body stack stack--tight">
                <div class="row">
                    { delivery_status(language, delivery, true) }
                    if delivery.test {
                        <span class="tag">{ language.say(&common::TEST) }</span>
                    }
                    <CopyId id={delivery.id.clone()} label={language.say(&texts::COPY_ID)} />
                </div>
                if let Some(webhook) = target {
                    <p class="small break">
                        <Copy text={webhook.url.clone()} label={language.say(&common::COPY_URL)}>
                            <A class="url" to={Route::Webhook { id: webhook.id.clone() }}>{ url(&webhook.url) }</A>
                        </Copy>
                    </p>
                }
                if let Some(original) = &delivery.replays {
                    <p class="small break">
                        { language.rich(&texts::REPLAY_OF, &[("delivery", html! {
                            <Copy text={original.clone()} label={language.say(&texts::COPY_ORIGINAL)}>{ to_original(delivery, original, props) }</Copy>
                        })]) }
                    </p>
                }
                { concern(language, delivery) }
                if let Some(attempt) = shown {
                    <div class="row">
                        if !delivery.test {
                            <Button icon="retry" busy={*replaying} onclick={replay}>{ language.say(&texts::REPLAY) }</Button>
                        }
                        <CopyButton text={as_curl(&attempt.request)} label={language.say(&texts::COPY_CURL)}>{ language.say(&texts::COPY_CURL) }</CopyButton>
                        <a class="btn" href={inspector::share_link_of(attempt)}>{ small_icon("wand") }{ language.say(&texts::INSPECT) }</a>
                    </div>
                }
            </div>
            <div class="panel__part">
                <div class="panel__body">
                    <h3 class="vh">{ language.say(&texts::ATTEMPTS) }</h3>
                    { timeline(language, delivery, shown.map(|attempt| attempt.n), &choose) }
                </div>
            </div>
            if let Some(attempt) = shown {
                <div class="panel__part">
                    <div class="panel__body stack stack--tight">
                        <h3 class="h3">{ language.fill(&texts::ATTEMPT, &[("n", &attempt.n.to_string())]) }</h3>
                        if let Some(response) = &attempt.response {
                            { response_view(language, response) }
                        }
                        if let Some(error) = &attempt.error {
                            { noted(language, attempt.accepted(), error) }
                        }
                        { request_view(language, &attempt.request) }
                    </div>
                </div>
            }
        </>
    }
}

/// What was noted of an attempt: why it failed, or what was odd though it was accepted, which is no failure.
fn noted(language: Language, is_accepted: bool, error: &AttemptError) -> Html {
    let (tone, title) = if is_accepted { (Tone::Info, &texts::NOTED) } else { (Tone::Bad, error_word(error.kind)) };
    html! { <Note {tone} title={language.say(title)}>{ transport(language, error) }</Note> }
}

/// A link to the delivery that this one sends once more, which opens beside the list as it is.
fn to_original(delivery: &Delivery, original: &str, props: &LoadedProps) -> Html {
    let to = delivery_route(props.back != Route::Deliveries, &delivery.webhook, original);
    html! { <A class="mono" {to} query={props.query.clone()}>{ original.to_owned() }</A> }
}

/// Sends the event once more, and opens the delivery that this makes, beside the list as it is.
#[hook]
fn use_replay(delivery: &Rc<Delivery>, back: &Route, query: &Rc<str>) -> (UseStateHandle<bool>, Callback<MouseEvent>) {
    let api = use_api();
    let language = use_language();
    let busy = use_state_eq(|| false);
    let (delivery, back, query, is_busy) = (delivery.clone(), back.clone(), query.clone(), busy.clone());
    let replay = Callback::from(move |_: MouseEvent| {
        let (api, delivery, back, query, busy) =
            (api.clone(), delivery.clone(), back.clone(), query.clone(), is_busy.clone());
        busy.set(true);
        spawn_local(async move {
            let answer = api.replay(&delivery.id).await;
            busy.set(false);
            match answer {
                Ok(again) => {
                    toast_done(language.say(&texts::QUEUED_OPEN));
                    let to = delivery_route(back != Route::Deliveries, &again.webhook, &again.id);
                    go_to(&format!("{}{query}", to.to_path()));
                }
                Err(error) => toast_failed(language, &error),
            }
        });
    });
    (busy, replay)
}

/// Why the newest attempt was not accepted, and what happens next.
fn concern(language: Language, delivery: &Delivery) -> Html {
    let Some(attempt) = delivery.attempts.last().filter(|attempt| !attempt.accepted()) else { return Html::default() };
    let explained = explain_refusal(language, attempt);
    let (known_title, clocks, known_advice) = match explained {
        Some(Refusal { title, clocks, advice }) => (Some(title), clocks, Some(advice)),
        None => (None, None, None),
    };
    let title = known_title.unwrap_or_else(|| match &attempt.response {
        Some(response) => {
            let words = format!("{} {}", response.status, reason_phrase(response.status));
            language.fill(&texts::REFUSED, &[("status", words.trim_end())])
        }
        None => language.say(&texts::SILENT).to_owned(),
    });
    let hint = attempt.response.as_ref().map(|response| {
        if let Some(advice) = known_advice {
            return advice;
        }
        language.say(match response.status {
            300..=399 => &texts::HINT_REDIRECT,
            401 | 403 => &texts::HINT_CLOSED,
            404 | 405 | 410 => &texts::HINT_MISSING,
            413 => &texts::HINT_LARGE,
            429 => &texts::HINT_MANY,
            500.. => &texts::HINT_ERROR,
            _ => &texts::HINT_OTHER,
        })
    });
    let next = match (delivery.status, delivery.test) {
        (DeliveryStatus::Pending, _) => language.say(&texts::GOES_ON),
        (_, true) => language.say(&texts::TEST_ENDS),
        _ => language.say(&texts::GIVEN_UP),
    };
    html! {
        <Note tone={Tone::Bad} {title}>
            if let Some(hint) = hint {
                if let Some(clocks) = clocks {
                    <p>{ clocks }</p>
                }
                <p>{ hint }</p>
            } else if let Some(error) = &attempt.error {
                { transport(language, error) }
            }
            <p>{ next }</p>
        </Note>
    }
}

/// The attempts, the next one on top, then the newest first, down to the event itself.
pub(in crate::pages) fn timeline(
    language: Language,
    delivery: &Delivery,
    shown: Option<u32>,
    choose: &Callback<u32>,
) -> Html {
    html! {
        <ol class="track">
            if let Some(at) = delivery.next_attempt {
                <li class="track__stop track__stop--next">
                    <span class="track__dot track__dot--next">{ icon("next") }</span>
                    <div class="track__line">
                        <span class="track__what">
                            { language.rich(&texts::NEXT, &[
                                ("n", html! { { (delivery.attempts.len() + 1).to_string() } }),
                                ("time", html! { <Countdown {at} /> }),
                            ]) }
                        </span>
                        <Clocked class="mono small soft" {at} />
                    </div>
                    <p class="track__more">{ language.say(&texts::SIGNED_ANEW) }{ then(language, &delivery.later_attempts) }</p>
                </li>
            }
            { for delivery.attempts.iter().rev().map(|attempt| stop(language, attempt, shown == Some(attempt.n), choose)) }
            <li class="track__stop">
                <span class="track__dot">{ icon("plus") }</span>
                <div class="track__line">
                    <span class="track__what">{ language.say(if delivery.test { &texts::TEST_ASKED } else { &texts::ACCEPTED }) }</span>
                    <Clocked class="mono small soft" at={delivery.created} />
                </div>
                if let Some(event) = delivery.event.clone() {
                    <p class="track__more">
                        <Copy text={event.clone()} label={language.say(&texts::COPY_EVENT)}>
                            <A class="mono" to={Route::Event { id: event.clone() }}>{ event }</A>
                        </Copy>
                    </p>
                }
            </li>
        </ol>
    }
}

/// What follows the next attempt: the first two, how many more, and the last.
fn then(language: Language, later: &[Timestamp]) -> Html {
    let Some(last) = later.last() else { return Html::default() };
    let soon = |at: &Timestamp| html! { <Ago at={*at} due={true} /> };
    let times = html! { { for later.iter().take(2).enumerate().map(|(n, at)| html! { <>{ if n > 0 { ", " } else { "" } }{ soon(at) }</> }) } };
    let more = later.len().saturating_sub(2);
    let words = if more == 0 {
        language.rich(&texts::THEN, &[("times", times)])
    } else {
        let n = html! { { more.to_string() } };
        language.rich(&texts::THEN_MORE, &[("times", times), ("n", n), ("last", soon(last))])
    };
    html! { <>{ " " }{ words }</> }
}

fn stop(language: Language, attempt: &Attempt, is_shown: bool, choose: &Callback<u32>) -> Html {
    let n = attempt.n.to_string();
    let (picture, tone, what) = match (&attempt.response, attempt.accepted()) {
        (Some(response), true) => (
            "ok",
            "track__dot--ok",
            language.fill(&texts::DELIVERED_WITH, &[("n", &n), ("status", &response.status.to_string())]),
        ),
        (Some(response), false) => (
            "bad",
            "track__dot--bad",
            language.fill(&texts::REFUSED_WITH, &[("n", &n), ("status", &response.status.to_string())]),
        ),
        (None, _) => {
            let word = attempt.error.as_ref().map_or(&deliveries::ERROR_INTERNAL, |error| error_word(error.kind));
            ("off", "track__dot--bad", language.fill(&texts::UNANSWERED, &[("n", &n), ("why", language.say(word))]))
        }
    };
    let number = attempt.n;
    html! {
        <li class="track__stop" key={attempt.n}>
            <span class={classes!("track__dot", tone)}>{ icon(picture) }</span>
            <div class="track__line">
                <span class="track__what">
                    { what }{ " " }<span class="soft">{ language.fill(&texts::IN, &[("time", &language.duration(attempt.duration_ms))]) }</span>
                </span>
                <Clocked class="mono small soft" at={attempt.started} />
            </div>
            <p class="track__more">
                if let Some(reached) = reached(language, attempt.peer.as_ref(), &attempt.request.url) {
                    { reached }{ " " }
                }
                if is_shown {
                    { language.say(&texts::SHOWN_BELOW) }
                } else {
                    <button class="link" type="button" onclick={choose.reform(move |_: MouseEvent| number)}>
                        { language.say(&texts::SHOW) }<span class="vh">{ language.fill(&texts::ATTEMPT, &[("n", &n)]) }</span>
                    </button>
                }
            </p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_the_type_in_the_reader_s_language() {
        let mut delivery: Delivery = serde_json::from_str(
            r#"{"id":"dlv_1","event":"evt_1","type":"failure","recipient":"reader@example.net","webhook":"wh_1","status":"failed","test":false,
            "attempts":[],"next_attempt":null,"created":"2025-11-25T13:00:12Z"}"#,
        )
        .unwrap();
        assert_eq!(title_of(Language::English, &delivery), "failure to reader@example.net");
        assert_eq!(title_of(Language::Dutch, &delivery), "mislukking voor reader@example.net");
        (delivery.recipient, delivery.event_type) = (None, "webhook.disabled".into());
        assert_eq!(title_of(Language::Dutch, &delivery), "Aflevering van webhook.disabled");
    }
}
