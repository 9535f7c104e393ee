//! The line above the log with which one narrows it.

use seinpost_protocol::rest::Timestamp;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{
    LogProps,
    filter::{Filter, HIDDEN, OUTCOMES, RANGE, Sought, TIMES},
    open,
};
use crate::{
    components::{Button, Select, small_icon, split_url, typed},
    hooks::focus,
    i18n::{
        Language,
        moment::Local,
        texts::{common, deliveries as texts},
    },
};

/// The filters; `end` stands at the end of their line.
pub(super) fn filters(
    language: Language,
    filter: &Filter,
    set: &Callback<Filter>,
    props: &LogProps,
    end: Html,
) -> Html {
    let change = |change: fn(&mut Filter, String)| {
        let (filter, set) = (filter.clone(), set.clone());
        Callback::from(move |value: String| {
            let mut next = filter.clone();
            change(&mut next, value);
            set.emit(next);
        })
    };
    let onsubmit = {
        let (q, of_one) = (filter.q.clone(), props.webhook.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Sought::Delivery(id) = Sought::of(&q) {
                open(of_one.is_some(), of_one.as_deref().unwrap_or_default(), &id);
            }
        })
    };
    let outcome = change(|filter, value| filter.outcome = value);
    let hooks = std::iter::once((AttrValue::from(""), AttrValue::from(language.say(&texts::EVERY_WEBHOOK)))).chain(
        props.webhooks.iter().map(|webhook| {
            let (_, host, path) = split_url(&webhook.url);
            (AttrValue::from(webhook.id.clone()), AttrValue::from(format!("{host}{path}")))
        }),
    );
    let times = TIMES.map(|(value, _, text)| (value, text)).into_iter().chain([(RANGE, &texts::RANGE)]);
    let times = times.map(|(value, text)| (AttrValue::from(value), AttrValue::from(language.say(text))));
    html! {
        <form class="filters" role="search" {onsubmit}>
            <div class="search">
                { small_icon("search") }
                <label class="vh" for="q">{ language.say(&texts::FIND) }</label>
                <input class="input" id="q" type="search" placeholder={language.say(&texts::FIND)} value={filter.q.clone()}
                    oninput={change(|filter, value| filter.q = value).reform(|event: InputEvent| typed(&event))} />
                <kbd aria-hidden="true" class="field-kbd">{ "/" }</kbd>
            </div>
            <fieldset class="seg">
                <legend class="vh">{ language.say(&common::OUTCOME) }</legend>
                { for OUTCOMES.into_iter().map(|(value, _, text)| html! {
                    <label class="seg__item" key={value}>
                        <input class="vh" type="radio" name="outcome" checked={filter.outcome == value}
                            onchange={outcome.reform(move |_: Event| value.to_owned())} />
                        <span>{ language.say(text) }</span>
                    </label>
                }) }
            </fieldset>
            if props.webhook.is_none() {
                <Select id="webhook" label={language.say(&texts::WEBHOOK)} options={hooks.collect::<Vec<_>>()} value={filter.webhook.clone()}
                    onchange={change(|filter, value| filter.webhook = value)} />
            }
            <Select id="time" label={language.say(&common::TIME)} options={times.collect::<Vec<_>>()} value={filter.time.clone()}
                onchange={change(|filter, value| filter.time = value)} />
            if filter.time == RANGE {
                { moment("from", language.say(&texts::FROM), &filter.from, change(|filter, value| filter.from = value)) }
                { moment("until", language.say(&texts::UNTIL), &filter.until, change(|filter, value| filter.until = value)) }
            }
            <label class="vh" for="answer">{ language.say(&texts::STATUS_CODE) }</label>
            <input class="input input--code" id="answer" type="text" inputmode="numeric" maxlength="3" autocomplete="off"
                placeholder={language.say(&texts::STATUS_CODE)} value={filter.answer.clone()}
                oninput={change(|filter, value| filter.answer = value).reform(|event: InputEvent| typed(&event))} />
            if !filter.hides_tests() {
                <Button id="hide-tests" onclick={set_tests(filter, set, HIDDEN)}>{ language.say(&texts::HIDE_TESTS) }</Button>
            }
            { end }
        </form>
    }
}

/// Says that tests are left out, and shows them again.
pub(super) fn without_tests(language: Language, filter: &Filter, set: &Callback<Filter>) -> Html {
    if !filter.hides_tests() {
        return Html::default();
    }
    let label = language.say(&texts::SHOW_TESTS);
    html! {
        <div class="row chips">
            <span class="chip">
                <span class="chip__key">{ language.say(&texts::TESTS) }</span>{ " " }{ language.say(&texts::HIDDEN) }
                <button type="button" id="show-tests" aria-label={label} title={label} onclick={set_tests(filter, set, "")}>
                    { small_icon("x") }
                </button>
            </span>
        </div>
    }
}

/// Hides tests, or shows them.
fn set_tests(filter: &Filter, set: &Callback<Filter>, tests: &'static str) -> Callback<MouseEvent> {
    let filter = Filter { tests: tests.into(), ..filter.clone() };
    set.reform(move |_: MouseEvent| filter.clone())
}

/// The button that hides tests and the one that shows them again take each other's place, and each other's focus.
#[hook]
pub(super) fn use_focus_of_tests(hidden: bool) {
    let before = use_mut_ref(|| hidden);
    use_effect_with(hidden, move |hidden| {
        if before.replace(*hidden) != *hidden {
            focus(if *hidden { "show-tests" } else { "hide-tests" });
        }
    });
}

/// A moment in the reader's own time zone, one end of a time.
fn moment(id: &'static str, label: &'static str, value: &str, set: Callback<String>) -> Html {
    let shown = value.parse::<Timestamp>().map(|at| Local::of(at.as_millis()).input()).unwrap_or_default();
    let onchange = set.reform(|event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        input.and_then(|input| moment_of(&input.value())).map(|at| at.to_string()).unwrap_or_default()
    });
    html! {
        <label class="row row--label small" for={id}>
            <span>{ label }</span>
            <input class="input input--when" {id} type="datetime-local" value={shown} {onchange} />
        </label>
    }
}

/// `2025-11-25T14:06` in the browser's time zone.
fn moment_of(local: &str) -> Option<Timestamp> {
    let millis = js_sys::Date::parse(local);
    #[expect(clippy::cast_possible_truncation, reason = "an input of a date is far below 2^53 ms, a whole number")]
    millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
}
