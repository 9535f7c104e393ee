//! The list of webhooks.

mod create;
mod filter;
mod row;
mod welcome;

use std::{collections::HashMap, rc::Rc};

use seinpost_protocol::{
    event::EventType,
    rest::{Attempt, Webhook, WebhookStatus},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::{Route, go, replace_query, use_location},
    components::{A, Button, ErrorNote, Select, WebhookState, small_icon},
    hooks::{announce, use_poll, use_resource, use_title},
    i18n::{
        Language,
        texts::{common, status as states, webhooks as texts},
        use_language,
    },
};
use create::Create;
pub(super) use create::{profile_options, submit_at_ctrl_enter};
use filter::{Filter, Sort};
use row::Row;
use welcome::welcome;

/// How often the list is asked for, in milliseconds.
const EVERY: u32 = 5000;

/// What came of checking a webhook.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Check {
    Running,
    Done(Rc<Attempt>),
    Failed(ApiError),
}

/// The results of a check, by the ids of the webhooks.
#[derive(Clone, Debug, Default, PartialEq)]
struct Checks(HashMap<String, Check>);

enum CheckAction {
    Start(Vec<String>),
    Came(String, Check),
}

impl Reducible for Checks {
    type Action = CheckAction;

    fn reduce(self: Rc<Self>, action: CheckAction) -> Rc<Self> {
        Rc::new(match action {
            CheckAction::Start(ids) => Self(ids.into_iter().map(|id| (id, Check::Running)).collect()),
            CheckAction::Came(id, check) => {
                let mut next = (*self).clone();
                next.0.insert(id, check);
                next
            }
        })
    }
}

impl Checks {
    fn running(&self) -> bool {
        self.0.values().any(|check| *check == Check::Running)
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct WebhooksProps {
    /// Whether the drawer in which one creates a webhook is open.
    pub(crate) creating: bool,
}

/// The list of webhooks, with the drawer that creates one.
#[component]
pub(crate) fn Webhooks(props: &WebhooksProps) -> Html {
    let language = use_language();
    use_title(language.say(if props.creating { &texts::CREATE_TITLE } else { &texts::TITLE }).to_owned());
    let api = use_api();
    let list = {
        let api = api.clone();
        use_resource((), move |()| {
            let api = api.clone();
            Box::pin(async move { api.webhooks().await })
        })
    };
    use_poll(EVERY, true, list.refresh.clone());
    let (checks, check_all) = use_checks(list.data.clone(), list.refresh.clone());
    let filter = Filter::from_query(&use_location().query);
    let onclose = Callback::from(|created: Option<String>| {
        go(&created.map_or(Route::Webhooks, |id| Route::Webhook { id }));
    });
    let set_filter = Callback::from(|filter: Filter| replace_query(&Route::Webhooks, &filter.to_query()));
    let drawer = props.creating.then(|| html! { <Create {onclose} /> });
    let empty = list.data.as_ref().is_some_and(|data| data.is_empty());
    if empty {
        return html! { <>{ welcome(language) }{ drawer }</> };
    }
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
                </div>
                <div class="head__acts">
                    <Button icon="play" busy={checks.running()} onclick={check_all.reform(|_: MouseEvent| ())}>
                        { language.say(&texts::CHECK_ALL) }
                    </Button>
                    <A class="btn btn--primary" to={Route::Create}>
                        { small_icon("plus") }{ language.say(&texts::CREATE) }<kbd aria-hidden="true">{ "c" }</kbd>
                    </A>
                </div>
            </div>
            if let Some(error) = list.error.clone() {
                <ErrorNote {error} retry={list.refresh.clone()} />
            }
            if let Some(webhooks) = list.data.clone() {
                <Filters webhooks={webhooks.clone()} filter={filter.clone()} onchange={set_filter.clone()} />
                <Table {webhooks} {filter} checks={(*checks).clone()} {set_filter} changed={list.setter()} refresh={list.refresh.clone()} />
            } else if list.error.is_none() {
                { skeleton() }
            }
            { drawer }
        </>
    }
}

/// Tests every verified webhook, each result showing as it comes.
#[hook]
fn use_checks(webhooks: Option<Rc<Vec<Webhook>>>, refresh: Callback<()>) -> (UseReducerHandle<Checks>, Callback<()>) {
    let api = use_api();
    let language = use_language();
    let checks = use_reducer(Checks::default);
    let check_all = {
        let dispatcher = checks.dispatcher();
        Callback::from(move |()| {
            let ids: Vec<String> = webhooks
                .iter()
                .flat_map(|webhooks| webhooks.iter())
                .filter(|webhook| webhook.status != WebhookStatus::Unverified)
                .map(|webhook| webhook.id.clone())
                .collect();
            dispatcher.dispatch(CheckAction::Start(ids.clone()));
            announce(&language.fill(&texts::CHECKING_N, &[("n", &ids.len().to_string())]));
            for id in ids {
                let (api, dispatcher, refresh) = (api.clone(), dispatcher.clone(), refresh.clone());
                spawn_local(async move {
                    let check = match api.test_webhook(&id, None).await {
                        Ok(attempt) => Check::Done(Rc::new(attempt)),
                        Err(error) => Check::Failed(error),
                    };
                    dispatcher.dispatch(CheckAction::Came(id, check));
                    refresh.emit(());
                });
            }
        })
    };
    (checks, check_all)
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    webhooks: Rc<Vec<Webhook>>,
    filter: Filter,
    onchange: Callback<Filter>,
}

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let language = use_language();
    let filter = &props.filter;
    let change = |set: fn(&mut Filter, String)| {
        let (filter, onchange) = (filter.clone(), props.onchange.clone());
        Callback::from(move |value: String| {
            let mut filter = filter.clone();
            set(&mut filter, value);
            onchange.emit(filter);
        })
    };
    let oninput = change(|filter, value| filter.q = value).reform(|event: InputEvent| {
        event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
            .map(|input| input.value())
            .unwrap_or_default()
    });
    let choose_state = change(|filter, value| filter.status = value);
    let states = std::iter::once((String::new(), language.say(&common::ALL), filter.count(&props.webhooks, None)))
        .chain(WebhookState::ALL.into_iter().filter_map(|state| {
            let count = filter.count(&props.webhooks, Some(state));
            let chosen = filter.status == state.as_str();
            (count > 0 || chosen).then(|| (state.as_str().to_owned(), language.say(state.text()), count))
        }));
    let types = std::iter::once(("".into(), language.say(&texts::EVERY_TYPE).into()))
        .chain(EventType::ALL.into_iter().map(|each| (each.as_str().into(), type_name(language, each).into())));
    let sorts = Sort::ALL.into_iter().map(|sort| (sort.as_str().into(), sort_name(language, sort).into()));
    html! {
        <form class="filters" role="search" onsubmit={|event: SubmitEvent| event.prevent_default()}>
            <div class="search">
                { small_icon("search") }
                <label class="vh" for="q">{ language.say(&texts::FIND) }</label>
                <input class="input" id="q" type="search" placeholder={language.say(&texts::FIND)} value={filter.q.clone()} {oninput} />
                <kbd aria-hidden="true" class="field-kbd">{ "/" }</kbd>
            </div>
            <fieldset class="seg">
                <legend class="vh">{ language.say(&states::STATUS) }</legend>
                { for states.map(|(value, words, count)| html! {
                    <label class="seg__item" key={value.clone()}>
                        <input class="vh" type="radio" name="status" checked={filter.status == value}
                            onchange={let value = value.clone(); choose_state.reform(move |_: Event| value.clone())} />
                        <span>{ words }{ " " }<span class="seg__n">{ language.number(count as u64) }</span></span>
                    </label>
                }) }
            </fieldset>
            <Select id="type" label={language.say(&texts::TYPE)} options={types.collect::<Vec<_>>()} value={filter.event_type.clone()}
                onchange={change(|filter, value| filter.event_type = value)} />
            <span class="only-fold">
                <Select id="sort" label={language.say(&texts::SORT)} options={sorts.collect::<Vec<_>>()} value={filter.sort.clone()}
                onchange={change(|filter, value| filter.sort = value)} />
            </span>
        </form>
    }
}

fn sort_name(language: Language, sort: Sort) -> &'static str {
    language.say(match sort {
        Sort::Status => &texts::SORT_STATUS,
        Sort::Url => &texts::SORT_URL,
        Sort::LastDelivery => &texts::SORT_LAST,
    })
}

/// What people call a type of event.
pub(super) fn type_name(language: Language, event_type: EventType) -> &'static str {
    language.say(match event_type {
        EventType::Bounce => &common::BOUNCE,
        EventType::Failure => &common::FAILURE,
        EventType::Click => &common::CLICK,
        EventType::Open => &common::OPEN,
        EventType::Delivery => &common::DELIVERY,
        EventType::Abuse => &common::ABUSE,
        EventType::Profile => &common::PROFILE,
    })
}

#[derive(Properties, PartialEq)]
struct TableProps {
    webhooks: Rc<Vec<Webhook>>,
    filter: Filter,
    checks: Checks,
    set_filter: Callback<Filter>,
    changed: Callback<Vec<Webhook>>,
    refresh: Callback<()>,
}

#[component]
fn Table(props: &TableProps) -> Html {
    let language = use_language();
    let shown = props.filter.apply(&props.webhooks);
    let head = |text: &'static crate::i18n::Text, sort: Sort, class: &'static str| {
        let current = props.filter.sort() == sort;
        let onclick = {
            let (filter, set_filter) = (props.filter.clone(), props.set_filter.clone());
            Callback::from(move |_: MouseEvent| {
                set_filter.emit(Filter { sort: sort.as_str().into(), ..filter.clone() });
            })
        };
        let direction = if sort == Sort::LastDelivery { "descending" } else { "ascending" };
        html! {
            <th role="columnheader" scope="col" {class} aria-sort={current.then_some(direction)}>
                <button class="sort" type="button" {onclick}>
                    { language.say(text) }{ small_icon(if current { "down" } else { "sort" }) }
                </button>
            </th>
        }
    };
    let update = |id: &str| {
        let (webhooks, changed, id) = (props.webhooks.clone(), props.changed.clone(), id.to_owned());
        Callback::from(move |new: Option<Webhook>| {
            let mut all = (*webhooks).clone();
            match new {
                Some(new) => all.iter_mut().filter(|each| each.id == id).for_each(|each| *each = new.clone()),
                None => all.retain(|each| each.id != id),
            }
            changed.emit(all);
        })
    };
    let clear = props.set_filter.reform({
        let sort = props.filter.sort.clone();
        move |_: MouseEvent| Filter { sort: sort.clone(), ..Filter::default() }
    });
    html! {
        <>
            <div class="tablebox">
                <table class="table table--fold" role="table">
                    <caption class="vh">{ language.say(&texts::CAPTION) }</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            { head(&states::STATUS, Sort::Status, "tight") }
                            { head(&texts::WEBHOOK, Sort::Url, "") }
                            { head(&texts::LAST_DELIVERY, Sort::LastDelivery, "num tight") }
                            <th role="columnheader" scope="col" class="tight"><span class="vh">{ language.say(&texts::ACTIONS) }</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        { for shown.iter().map(|webhook| html! {
                            <Row key={webhook.id.clone()} webhook={(*webhook).clone()} check={props.checks.0.get(&webhook.id).cloned()}
                                update={update(&webhook.id)} refresh={props.refresh.clone()} />
                        }) }
                    </tbody>
                </table>
                if shown.is_empty() {
                    <p class="tablebox__none">
                        { language.say(&texts::NONE_MATCH) }{ " " }
                        <button class="link" type="button" onclick={clear}>{ language.say(&texts::CLEAR_FILTER) }</button>
                    </p>
                }
            </div>
            <p class="pager">
                { language.fill(&texts::SHOWN, &[
                    ("n", &language.number(shown.len() as u64)),
                    ("all", &language.number(props.webhooks.len() as u64)),
                ]) }
            </p>
            if props.filter.is_narrow() && !shown.is_empty() {
                <p class="vh" aria-live="off">{ language.say(&texts::FILTERED) }</p>
            }
        </>
    }
}

fn skeleton() -> Html {
    html! {
        <div class="tablebox" aria-busy="true">
            <table class="table" role="presentation">
                <tbody>
                    { for (0..4).map(|_| html! {
                        <tr>
                            <td><span class="skel skel--60"></span></td>
                            <td class="wide"><span class="skel skel--80"></span></td>
                            <td><span class="skel skel--40"></span></td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_runs_until_its_last_result() {
        let checks = Rc::new(Checks::default()).reduce(CheckAction::Start(vec!["wh_a".into(), "wh_b".into()]));
        assert!(checks.running());
        let failed = || Check::Failed(ApiError::Unreachable);
        let checks = checks.reduce(CheckAction::Came("wh_a".into(), failed()));
        assert!(checks.running());
        let checks = checks.reduce(CheckAction::Came("wh_b".into(), failed()));
        assert!(!checks.running());
        assert_eq!(checks.0.len(), 2);
    }
}
