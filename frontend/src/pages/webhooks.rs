//! The list of webhooks.

mod create;
#[cfg(test)]
mod drawn;
mod failing;
mod filter;
mod load;
mod row;
mod standing;
mod table;
mod welcome;

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use seinpost_protocol::{
    event::EventType,
    rest::{AttemptOutcome, StatsRange, Webhook, WebhookStatus},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::{Outlet, Part, Route, replace_query, use_location},
    components::{A, Button, ErrorNote, Select, WebhookState, small_icon, stat, tell_failing, typed},
    hooks::{announce, platform, use_poll, use_resource, use_title},
    i18n::{
        Language,
        texts::{common, figures as figure_texts, status as states, webhooks as texts},
        use_language,
    },
};
pub(crate) use create::CreateWebhook;
pub(super) use create::submit_at_ctrl_enter;
pub(super) use failing::{next_attempt, since_when};
use filter::{ByPlace, Figures, Filter, Listed, Sort, Through};
pub(super) use standing::{standing, waits};
use table::Table;
pub(super) use welcome::first_event;
use welcome::welcome;

/// How often the list is asked for, in milliseconds; and how much more seldom for each of its webhooks.
const EVERY: u32 = 5000;
const EVERY_EACH: u32 = 10;
/// How often the figures are asked for, in milliseconds.
const FIGURES_EVERY: u32 = 30_000;

/// What came of checking a webhook.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Check {
    Running,
    Done(Rc<AttemptOutcome>),
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
    use_effect_with(list.data.clone().map(ByPlace), |webhooks| {
        if let Some(webhooks) = webhooks {
            tell_failing(&webhooks.0);
        }
    });
    let count = list.data.as_ref().map_or(0, |data| data.len());
    // A long list takes many calls, and time to read.
    let seldom = u32::try_from(count).unwrap_or(u32::MAX).saturating_mul(EVERY_EACH);
    use_poll(EVERY.max(seldom), true, list.refresh.clone());
    let figures = use_figures(FIGURES_EVERY.max(seldom));
    let (checks, check_all) = use_checks(list.data.clone(), list.refresh.clone());
    let filter = Filter::from_query(&use_location().query);
    let listed = use_listed(list.data.clone(), figures, filter.sort());
    let Through { rows, counts } = listed.as_ref().map(|listed| listed.through(&filter)).unwrap_or_default();
    let set_filter = Callback::from(|filter: Filter| replace_query(&Route::Webhooks, &filter.to_query()));
    let drawer = props.creating.then(|| html! { <Outlet part={Part::Webhook} quiet={true} /> });
    let empty = list.data.as_ref().is_some_and(|data| data.is_empty());
    if empty {
        return html! { <>{ welcome(language) }{ drawer }</> };
    }
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.fill(&texts::SUBTITLE, &[("platform", &platform())]) }</p>
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
            if list.data.is_some() || list.error.is_none() {
                // It is there before the list, so that nothing moves as that comes.
                <Band />
                { filters(language, &filter, &counts, &set_filter) }
            }
            if let Some(listed) = listed {
                <Table {listed} {rows} {filter} checks={(*checks).clone()} {set_filter} changed={list.setter()} refresh={list.refresh.clone()} />
            } else if list.error.is_none() {
                { skeleton() }
            }
            { drawer }
        </>
    }
}

/// The webhooks in their order, made ready once for all that is typed.
#[hook]
fn use_listed(webhooks: Option<Rc<Vec<Webhook>>>, figures: Rc<Figures>, sort: Sort) -> Option<Rc<Listed>> {
    let listed = use_memo((webhooks.map(ByPlace), ByPlace(figures), sort), |(webhooks, figures, sort)| {
        let webhooks = webhooks.as_ref()?;
        Some(Rc::new(Listed::new(webhooks.0.clone(), figures.0.clone(), *sort)))
    });
    listed.as_ref().clone()
}

/// The figures of the last 24 hours. Without them the list stands all the same.
#[hook]
fn use_figures(every: u32) -> Rc<Figures> {
    let api = use_api();
    let stats = use_resource((), move |()| {
        let api = api.clone();
        Box::pin(async move {
            let rows = api.webhook_stats().await?;
            Ok(rows.into_iter().map(|row| (row.webhook.clone(), row)).collect::<Figures>())
        })
    });
    use_poll(every, true, stats.refresh.clone());
    // None yet is the same nothing at each drawing.
    let none = use_memo((), |()| Figures::default());
    stats.data.clone().unwrap_or(none)
}

#[derive(Properties, PartialEq)]
struct BandProps {}

/// The figures of all webhooks together over the last 24 hours. It has its height before they come, so that nothing moves.
#[component]
fn Band(_: &BandProps) -> Html {
    let language = use_language();
    let api = use_api();
    let stats = use_resource((), move |()| {
        let api = api.clone();
        Box::pin(async move { api.stats(None, StatsRange::Day).await })
    });
    use_poll(FIGURES_EVERY, true, stats.refresh.clone());
    let (all, times, waiting) = stats
        .data
        .as_ref()
        .map(|stats| (stats.total.deliveries, stats.total.response, stats.waiting))
        .unwrap_or_default();
    let come = stats.data.is_some();
    let count = |count: u64| if come { language.number(count) } else { "–".to_owned() };
    // A space that does not break keeps the line where there is nothing to say.
    let or_space = |text: String| if text.is_empty() { "\u{a0}".to_owned() } else { text };
    let share = |count: u64| {
        #[expect(clippy::cast_precision_loss, reason = "a share of counts far below 2^53")]
        let share = (all.total() > 0).then(|| count as f64 / all.total() as f64);
        or_space(share.map(|share| language.percent(share)).unwrap_or_default())
    };
    let filled = |text, name, value: String| {
        if value.trim().is_empty() { or_space(String::new()) } else { language.fill(text, &[(name, &value)]) }
    };
    let time = |millis: Option<u64>| millis.map(|millis| language.duration(millis)).unwrap_or_default();
    let failed = all.refused + all.unanswered;
    let more = if waiting.more { "+" } else { "" };
    let median = times.median_ms.map_or_else(|| "–".to_owned(), |millis| language.duration(millis));
    html! {
        <dl class="stats stats--band" aria-busy={(!come && stats.error.is_none()).then_some("true")}>
            { stat("stat--main", language.say(&figure_texts::DELIVERED), count(all.accepted()),
                filled(&figure_texts::SHARE_AT_ONCE, "share", share(all.at_once))) }
            { stat("stat--retry", language.say(&figure_texts::RETRIED), count(all.retried), share(all.retried)) }
            { stat("stat--bad", language.say(&figure_texts::FAILED), count(failed), share(failed)) }
            { stat("", language.say(&figure_texts::WAITING), format!("{}{more}", count(waiting.count)),
                language.say(&figure_texts::WAITING_SMALL).to_owned()) }
            { stat("", language.say(&figure_texts::MEDIAN), median, filled(&figure_texts::P95, "time", time(times.p95_ms))) }
        </dl>
    }
}

/// How many webhooks are tested at a time.
const TESTED_AT_A_TIME: usize = 6;

/// Tests every verified webhook, a few at a time, each result showing as it comes.
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
            let left = Rc::new(RefCell::new(ids.into_iter()));
            for _ in 0..TESTED_AT_A_TIME {
                let (api, dispatcher, refresh, left) = (api.clone(), dispatcher.clone(), refresh.clone(), left.clone());
                spawn_local(async move {
                    loop {
                        let next = left.borrow_mut().next();
                        let Some(id) = next else { break };
                        let check = match api.check_webhook(&id).await {
                            Ok(attempt) => Check::Done(Rc::new(attempt)),
                            Err(error) => Check::Failed(error),
                        };
                        dispatcher.dispatch(CheckAction::Came(id, check));
                    }
                    // What the tests changed of the list is asked for once, by the last of them.
                    if Rc::strong_count(&left) == 1 {
                        refresh.emit(());
                    }
                });
            }
        })
    };
    (checks, check_all)
}

/// The filters. `counts` says how many webhooks there would be of each state.
fn filters(
    language: Language,
    filter: &Filter,
    counts: &HashMap<WebhookState, usize>,
    set_filter: &Callback<Filter>,
) -> Html {
    let change = |set: fn(&mut Filter, String)| {
        let (filter, set_filter) = (filter.clone(), set_filter.clone());
        Callback::from(move |value: String| {
            let mut filter = filter.clone();
            set(&mut filter, value);
            set_filter.emit(filter);
        })
    };
    let oninput = change(|filter, value| filter.q = value).reform(|event: InputEvent| typed(&event));
    let choose_state = change(|filter, value| filter.status = value);
    let states = std::iter::once((String::new(), language.say(&common::ALL), counts.values().sum())).chain(
        WebhookState::ALL.into_iter().filter_map(|state| {
            let count = counts.get(&state).copied().unwrap_or_default();
            let chosen = filter.status == state.as_str();
            (count > 0 || chosen).then(|| (state.as_str().to_owned(), language.say(state.text()), count))
        }),
    );
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
        Sort::Success => &texts::SORT_SUCCESS,
        Sort::Median => &texts::SORT_MEDIAN,
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
