//! The delivery log: of one webhook, or across all.

#[cfg(test)]
mod drawn;
mod filter;
mod filters;
mod opened;
mod page;
mod replay;
mod rows;

use std::rc::Rc;

use seinpost_protocol::rest::Webhook;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::{Route, go, go_to, query_value, replace_query, to_query, use_location},
    components::{Button, ErrorNote},
    hooks::{Hotkey, Stream, focus, use_hotkeys, use_poll, use_resource, use_stream, use_title},
    i18n::{Language, texts::deliveries as texts, use_language},
    pages::{
        list::{further, pager, turn_to},
        webhooks::first_event,
    },
};
use filter::Filter;
use filters::{filters, use_focus_of_tests, without_tests};
use opened::Opened;
#[cfg(debug_assertions)]
pub(super) use opened::timeline;
use page::{Asked, use_arrivals, use_page};
use replay::ReplayMany;
use rows::Rows;
pub(super) use rows::skeleton;
pub(crate) use rows::{answer, error_word};

/// How often the log is asked for while it is live and the stream does not tell, in milliseconds.
const EVERY: u32 = 2000;
/// How often it is asked for while the stream tells, in case it did not tell all.
const SELDOM: u32 = 20_000;

/// Where the page of the log stands in the address.
const CURSOR: &str = "cursor";

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

/// The log, live unless it is paused, and what is open of it.
#[component]
pub(crate) fn Log(props: &LogProps) -> Html {
    let language = use_language();
    let location = use_location();
    let filter = Filter::from_query(&location.query);
    let cursor = query_value(&location.query, CURSOR);
    use_focus_of_tests(filter.hides_tests());
    let live = use_state_eq(|| true);
    let replaying = use_state_eq(|| false);
    let page = use_page(Asked {
        webhook: props.webhook.clone(),
        cursor: Some(cursor.clone()).filter(|cursor| !cursor.is_empty()),
        filter: filter.clone(),
    });
    // Older pages stand still: only the newest one is live.
    let moving = *live && cursor.is_empty();
    let stream = use_stream("delivery", moving, page.refresh.clone());
    use_poll(if stream == Stream::Open { SELDOM } else { EVERY }, moving, page.refresh.clone());
    use_arrivals(language, page.found.as_ref());
    let toggle = {
        let live = live.clone();
        Callback::from(move |()| live.set(!*live))
    };
    let list = list_route(props.webhook.as_deref());
    let query = location.query.clone();
    let close = {
        let (list, open, query) = (list.clone(), props.open.clone(), query.clone());
        Callback::from(move |()| {
            go_to(&format!("{}{query}", list.to_path()));
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
    let set_filter = {
        let here = location.route.clone();
        // From its newest page on: a cursor is one of the filter that it came with.
        Callback::from(move |filter: Filter| replace_query(&here, &filter.to_query()))
    };
    let turn = {
        let (here, filter) = (location.route.clone(), filter.clone());
        Callback::from(move |cursor: String| {
            let parts = [filter.to_query(), to_query(&[(CURSOR, &cursor)])];
            turn_to(&here, &parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("&"));
        })
    };
    let set_replaying = |on: bool| {
        let replaying = replaying.clone();
        Callback::from(move |()| replaying.set(on))
    };
    html! {
        <>
            { filters(language, &filter, &set_filter, props, html! {
                <>
                    { lamp(language, moving, page.error == Some(ApiError::Unreachable)) }
                    <Button icon={if *live { "pause" } else { "play" }} pressed={!*live} onclick={toggle.reform(|_: MouseEvent| ())}>
                        { language.say(if *live { &texts::PAUSE } else { &texts::RESUME }) }<kbd aria-hidden="true">{ "p" }</kbd>
                    </Button>
                    <Button icon="retry" onclick={set_replaying(true).reform(|_: MouseEvent| ())}>{ language.say(&texts::REPLAY) }</Button>
                </>
            }) }
            { without_tests(language, &filter, &set_filter) }
            if let Some(error) = page.error.clone() {
                <ErrorNote {error} retry={page.refresh.clone()} />
            }
            <div class="split" data-open={props.open.is_some().then_some("")}>
                <div aria-busy={page.is_old.then_some("true")}>
                    { match page.found.as_ref().map(|found| &found.page) {
                        None if page.error.is_none() => skeleton(),
                        None => Html::default(),
                        Some(data) if data.data.is_empty() && (data.next.is_some() || !cursor.is_empty()) => {
                            let clear = filter.is_narrow().then(|| set_filter.reform(|_: MouseEvent| Filter::default()));
                            further(language, &cursor, data.next.as_deref(), &turn, clear)
                        }
                        Some(data) if data.data.is_empty() => none(language, &filter, &set_filter),
                        Some(data) => html! {
                            <>
                                <Rows page={data.clone()} of_one={props.webhook.is_some()} webhooks={props.webhooks.clone()}
                                    open={props.open.clone()} query={query.clone()} live={moving} />
                                { pager(language, count_of(language, data.data.len()), &cursor, data.next.as_deref(), &turn) }
                            </>
                        },
                    } }
                </div>
                if let Some(id) = props.open.clone() {
                    <Opened key={id.clone()} id={id.clone()} webhooks={props.webhooks.clone()} onclose={close} back={list} query={query.clone()} />
                }
            </div>
            if *replaying {
                <ReplayMany webhook={props.webhook.clone()} webhooks={props.webhooks.clone()} {filter} onclose={set_replaying(false)} />
            }
        </>
    }
}

/// How many deliveries are on the page.
fn count_of(language: Language, count: usize) -> Html {
    html! { { language.fill(&texts::COUNT, &[("n", &language.number(count as u64))]) } }
}

fn list_route(webhook: Option<&str>) -> Route {
    match webhook {
        Some(id) => Route::WebhookTab { id: id.to_owned(), tab: "deliveries".into() },
        None => Route::Deliveries,
    }
}

/// Goes to a delivery, beside the log that it is in.
fn open(of_one: bool, webhook: &str, delivery: &str) {
    go(&delivery_route(of_one, webhook, delivery));
}

/// The address of a delivery, beside the log that it is in.
fn delivery_route(of_one: bool, webhook: &str, delivery: &str) -> Route {
    if of_one {
        Route::WebhookDelivery { id: webhook.to_owned(), delivery: delivery.to_owned() }
    } else {
        Route::Delivery { delivery: delivery.to_owned() }
    }
}

/// Whether the log moves.
fn lamp(language: Language, moving: bool, lost: bool) -> Html {
    let (lit, text) = match (moving, lost) {
        (false, _) => (false, &texts::STILL),
        (true, true) => (false, &texts::LOST),
        (true, false) => (true, &texts::LIVE),
    };
    let class = if lit { "lamp lamp--lit" } else { "lamp lamp--off" };
    html! { <span class="live small soft filters__end"><span {class}></span>{ language.say(text) }</span> }
}

fn none(language: Language, filter: &Filter, set_filter: &Callback<Filter>) -> Html {
    if !filter.is_narrow() {
        return html! {
            <section class="panel"><div class="panel__body empty">
                <p class="medium">{ language.say(&texts::NONE_YET) }</p>
                <p class="soft">{ language.say(&texts::NONE_YET_MEANING) }</p>
                { first_event(language) }
            </div></section>
        };
    }
    let clear = set_filter.reform(|_: MouseEvent| Filter::default());
    html! {
        <div class="tablebox">
            <p class="tablebox__none">
                { language.say(&texts::NONE_MATCH) }{ " " }
                <button class="link" type="button" onclick={clear}>{ language.say(&texts::CLEAR) }</button>
            </p>
        </div>
    }
}
