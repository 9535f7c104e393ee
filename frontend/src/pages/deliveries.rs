//! The delivery log: of one webhook, or across all.

mod opened;

use std::rc::Rc;

use seinpost_protocol::rest::{Delivery, ErrorKind, Page, Webhook};
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::{Route, go},
    components::{A, Button, Clocked, Countdown, ErrorNote, delivery_status, url_without_scheme},
    hooks::{Hotkey, announce, focus, use_hotkeys, use_poll, use_resource, use_title},
    i18n::{
        Language, Text,
        texts::{common, deliveries as texts, status as states},
        use_language,
    },
};
use opened::Opened;

/// How often the log is asked for while it is live, in milliseconds.
const EVERY: u32 = 2000;

#[derive(Properties, PartialEq)]
pub(crate) struct DeliveriesProps {
    /// The delivery that is open.
    #[prop_or_default]
    pub(crate) open: Option<String>,
}

/// The deliveries of all webhooks.
#[component]
pub(crate) fn Deliveries(props: &DeliveriesProps) -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let api = use_api();
    let webhooks = use_resource((), move |()| {
        let api = api.clone();
        Box::pin(async move { api.webhooks().await })
    });
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
                </div>
            </div>
            <Log webhooks={webhooks.data.clone().unwrap_or_default()} open={props.open.clone()} />
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct LogProps {
    /// The one webhook whose deliveries show; all where there is none.
    #[prop_or_default]
    pub(crate) webhook: Option<String>,
    /// The webhooks that are known, for their URLs.
    pub(crate) webhooks: Rc<Vec<Webhook>>,
    #[prop_or_default]
    pub(crate) open: Option<String>,
}

/// The outcomes to choose from, as the API names them.
const OUTCOMES: [(&str, &Text); 4] =
    [("", &common::ALL), ("delivered", &states::DELIVERED), ("pending", &states::WAITING), ("failed", &texts::FAILED)];

/// The log, live unless it is paused, and what is open of it.
#[component]
pub(crate) fn Log(props: &LogProps) -> Html {
    let language = use_language();
    let outcome = use_state_eq(String::new);
    let cursors = use_state_eq(Vec::<String>::new);
    let live = use_state_eq(|| true);
    let page = use_page(props.webhook.clone(), cursors.last().cloned(), (*outcome).clone());
    // Older pages stand still: only the newest one is live.
    use_poll(EVERY, *live && cursors.is_empty(), page.1.clone());
    use_arrivals(language, page.0.data.as_ref());
    let toggle = {
        let live = live.clone();
        Callback::from(move |()| live.set(!*live))
    };
    let close = {
        let webhook = props.webhook.clone();
        let open = props.open.clone();
        Callback::from(move |()| {
            go(&list_route(webhook.as_deref()));
            // The focus goes back to the row that was open.
            if let Some(open) = &open {
                focus(&format!("row-{open}"));
            }
        })
    };
    use_hotkeys(vec![
        Hotkey { keys: "p", action: toggle.clone() },
        Hotkey { keys: "Escape", action: if props.open.is_some() { close.clone() } else { Callback::noop() } },
    ]);
    let choose = {
        let (outcome, cursors) = (outcome.clone(), cursors.clone());
        Callback::from(move |chosen: String| {
            cursors.set(Vec::new());
            outcome.set(chosen);
        })
    };
    html! {
        <>
            { filters(language, &outcome, &choose, *live, &toggle, cursors.is_empty()) }
            if let Some(error) = page.0.error.clone() {
                <ErrorNote {error} retry={page.1.clone()} />
            }
            <div class="split" data-open={props.open.is_some().then_some("")}>
                <div>
                    { match &page.0.data {
                        None if page.0.error.is_none() => skeleton(),
                        None => Html::default(),
                        Some(data) if data.data.is_empty() => none(language, &outcome, &choose),
                        Some(data) => html! {
                            <>
                                { rows(language, data, props) }
                                { pager(language, data, &cursors) }
                            </>
                        },
                    } }
                </div>
                if let Some(id) = props.open.clone() {
                    <Opened key={id.clone()} id={id.clone()} webhooks={props.webhooks.clone()} onclose={close} back={list_route(props.webhook.as_deref())} />
                }
            </div>
        </>
    }
}

fn list_route(webhook: Option<&str>) -> Route {
    match webhook {
        Some(id) => Route::WebhookTab { id: id.to_owned(), tab: "deliveries".into() },
        None => Route::Deliveries,
    }
}

struct PageState {
    data: Option<Rc<Page<Delivery>>>,
    error: Option<ApiError>,
}

#[hook]
fn use_page(webhook: Option<String>, cursor: Option<String>, outcome: String) -> (PageState, Callback<()>) {
    let api = use_api();
    let page = use_resource(
        (webhook, cursor, outcome),
        move |(webhook, cursor, outcome): &(Option<String>, Option<String>, String)| {
            let (api, webhook, cursor, outcome) = (api.clone(), webhook.clone(), cursor.clone(), outcome.clone());
            Box::pin(async move {
                api.deliveries(webhook.as_deref(), cursor.as_deref(), &[("status", outcome.as_str())]).await
            })
        },
    );
    (PageState { data: page.data.clone(), error: page.error.clone() }, page.refresh)
}

/// Says how many deliveries are new, at most every ten seconds.
#[hook]
fn use_arrivals(language: Language, page: Option<&Rc<Page<Delivery>>>) {
    let seen = use_mut_ref(|| (None::<String>, 0_i64, 0_u64));
    use_effect_with(page.cloned(), move |page| {
        let Some(page) = page else { return };
        let mut seen = seen.borrow_mut();
        let newest = page.data.first().map(|delivery| delivery.id.clone());
        if let Some(before) = seen.0.clone() {
            seen.2 += page.data.iter().take_while(|delivery| delivery.id != before).count() as u64;
        }
        seen.0 = newest;
        let now = crate::hooks::now();
        if seen.2 > 0 && now - seen.1 >= 10_000 {
            announce(&language.fill(&texts::NEW, &[("n", &language.number(seen.2))]));
            seen.1 = now;
            seen.2 = 0;
        }
    });
}

fn filters(
    language: Language,
    outcome: &str,
    choose: &Callback<String>,
    live: bool,
    toggle: &Callback<()>,
    newest: bool,
) -> Html {
    html! {
        <form class="filters" role="search" onsubmit={|event: SubmitEvent| event.prevent_default()}>
            <fieldset class="seg">
                <legend class="vh">{ language.say(&common::OUTCOME) }</legend>
                { for OUTCOMES.into_iter().map(|(value, text)| html! {
                    <label class="seg__item" key={value}>
                        <input class="vh" type="radio" name="outcome" checked={outcome == value}
                            onchange={choose.reform(move |_: Event| value.to_owned())} />
                        <span>{ language.say(text) }</span>
                    </label>
                }) }
            </fieldset>
            <span class="live small soft filters__end">
                if live && newest {
                    <span class="lamp lamp--lit"></span>{ language.say(&texts::LIVE) }
                } else {
                    <span class="lamp lamp--off"></span>{ language.say(&texts::STILL) }
                }
            </span>
            <Button icon={if live { "pause" } else { "play" }} pressed={!live} onclick={toggle.reform(|_: MouseEvent| ())}>
                { language.say(if live { &common::PAUSE } else { &common::RESUME }) }<kbd aria-hidden="true">{ "p" }</kbd>
            </Button>
        </form>
    }
}

fn rows(language: Language, page: &Page<Delivery>, props: &LogProps) -> Html {
    let of_one = props.webhook.is_some();
    html! {
        <div class="tablebox log">
            <table class="table table--fold" role="table">
                <caption class="vh">{ language.say(&texts::CAPTION) }</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col" aria-sort="descending">{ language.say(&common::TIME) }</th>
                        <th role="columnheader" scope="col">{ language.say(&common::OUTCOME) }</th>
                        <th role="columnheader" scope="col">{ language.say(&common::EVENT) }</th>
                        <th role="columnheader" scope="col" class="col-rcpt">{ language.say(&texts::EVENT_ID) }</th>
                        <th role="columnheader" scope="col" class="col-hook">
                            { language.say(if of_one { &texts::NEXT_ATTEMPT } else { &texts::WEBHOOK }) }
                        </th>
                        <th role="columnheader" scope="col" class="num">{ language.say(&common::ANSWER) }</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    { for page.data.iter().map(|delivery| row(language, delivery, props)) }
                </tbody>
            </table>
        </div>
    }
}

fn row(language: Language, delivery: &Delivery, props: &LogProps) -> Html {
    let of_one = props.webhook.is_some();
    let to = if of_one {
        Route::WebhookDelivery { id: delivery.webhook.clone(), delivery: delivery.id.clone() }
    } else {
        Route::Delivery { delivery: delivery.id.clone() }
    };
    let is_open = props.open.as_ref() == Some(&delivery.id);
    let webhook = props.webhooks.iter().find(|webhook| webhook.id == delivery.webhook);
    html! {
        <tr role="row" key={delivery.id.clone()} data-open={is_open.then_some("")}>
            <td role="cell" class="w3 mono">
                <A class="tablelink" id={format!("row-{}", delivery.id)} {to} current={is_open.then_some("true")}><Clocked at={delivery.created} /></A>
            </td>
            <td role="cell" class="w3">{ delivery_status(language, delivery, false) }</td>
            <td role="cell" class="w3">
                <span class="medium">{ delivery.event_type.clone() }</span>
            </td>
            <td role="cell" class="col-rcpt w3 soft">
                { match &delivery.event {
                    Some(event) => html! { <span class="mono">{ event.clone() }</span> },
                    None => html! { <span class="tag">{ language.say(&common::TEST) }</span> },
                } }
            </td>
            <td role="cell" class="col-hook w4">
                { match (of_one, webhook, delivery.next_attempt) {
                    (true, _, Some(at)) => html! { <span class="url">{ language.rich(&texts::IN_TIME, &[("time", html! { <Countdown {at} /> })]) }</span> },
                    (true, _, None) => html! { <span class="url faint">{ "–" }</span> },
                    (false, Some(webhook), _) => html! { <span class="url">{ url_without_scheme(&webhook.url) }</span> },
                    (false, None, _) => html! { <span class="url faint">{ delivery.webhook.clone() }</span> },
                } }
            </td>
            <td role="cell" class="num w2 end">{ answer(language, delivery) }</td>
        </tr>
    }
}

/// The newest answer of a delivery: its status, or in a word why there was none; and how long it took.
pub(crate) fn answer(language: Language, delivery: &Delivery) -> Html {
    let Some(attempt) = delivery.attempts.last() else { return html! { <span class="mono">{ "…" }</span> } };
    let time = html! { <span class="soft">{ language.duration(attempt.duration_ms) }</span> };
    let word = match (&attempt.response, &attempt.error) {
        (Some(response), _) => response.status.to_string(),
        (None, Some(error)) => language.say(error_word(error.kind)).to_owned(),
        (None, None) => "–".into(),
    };
    let class = if attempt.accepted() { "mono" } else { "mono bad" };
    html! { <><span {class}>{ word }</span>{ " " }{ time }</> }
}

/// In a word, why there was no answer.
pub(crate) fn error_word(kind: ErrorKind) -> &'static Text {
    match kind {
        ErrorKind::Dns => &texts::ERROR_DNS,
        ErrorKind::RefusedTarget => &texts::ERROR_TARGET,
        ErrorKind::Connect => &texts::ERROR_CONNECT,
        ErrorKind::Tls => &texts::ERROR_TLS,
        ErrorKind::Timeout => &texts::ERROR_TIMEOUT,
        ErrorKind::Protocol => &texts::ERROR_PROTOCOL,
        ErrorKind::BrokenBody => &texts::ERROR_BROKEN,
        ErrorKind::Internal => &texts::ERROR_INTERNAL,
    }
}

fn none(language: Language, outcome: &str, choose: &Callback<String>) -> Html {
    if outcome.is_empty() {
        return html! {
            <div class="empty">
                <p class="medium">{ language.say(&texts::NONE_YET) }</p>
                <p class="soft">{ language.say(&texts::NONE_YET_MEANING) }</p>
            </div>
        };
    }
    html! {
        <div class="tablebox">
            <p class="tablebox__none">
                { language.say(&texts::NONE_MATCH) }{ " " }
                <button class="link" type="button" onclick={choose.reform(|_: MouseEvent| String::new())}>{ language.say(&texts::CLEAR) }</button>
            </p>
        </div>
    }
}

fn pager(language: Language, page: &Page<Delivery>, cursors: &UseStateHandle<Vec<String>>) -> Html {
    let newer = {
        let cursors = cursors.clone();
        Callback::from(move |_: MouseEvent| {
            let mut next = (*cursors).clone();
            next.pop();
            cursors.set(next);
        })
    };
    let older = {
        let (cursors, next) = (cursors.clone(), page.next.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(next) = next.clone() {
                cursors.set(cursors.iter().cloned().chain([next]).collect());
            }
        })
    };
    if cursors.is_empty() && page.next.is_none() {
        return html! { <p class="pager">{ language.fill(&texts::COUNT, &[("n", &language.number(page.data.len() as u64))]) }</p> };
    }
    html! {
        <nav class="pager" aria-label={language.say(&texts::PAGES)}>
            <span>{ language.fill(&texts::COUNT, &[("n", &language.number(page.data.len() as u64))]) }</span>
            <span class="pager__steps">
                <Button class="btn--s" disabled={cursors.is_empty()} onclick={newer}>{ language.say(&texts::NEWER) }</Button>
                <Button class="btn--s" disabled={page.next.is_none()} onclick={older}>{ language.say(&texts::OLDER) }</Button>
            </span>
        </nav>
    }
}

fn skeleton() -> Html {
    html! {
        <div class="tablebox" aria-busy="true">
            <table class="table" role="presentation">
                <tbody>{ for (0..8).map(|_| html! { <tr><td><span class="skel skel--80"></span></td></tr> }) }</tbody>
            </table>
        </div>
    }
}
