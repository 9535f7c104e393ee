//! Plain functions for the inputs of forms: cheaper than components, for they keep nothing.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::Field;

/// What was typed, of an `input` event.
pub(crate) fn typed(event: &InputEvent) -> String {
    let Some(target) = event.target() else { return String::new() };
    match target.dyn_into::<web_sys::HtmlInputElement>() {
        Ok(input) => input.value(),
        Err(other) => other.dyn_into::<web_sys::HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default(),
    }
}

/// What a [`text_field`] shows.
#[derive(Clone, Copy, Default)]
pub(crate) struct TextField<'a> {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: Option<&'static str>,
    pub(crate) value: &'a str,
    pub(crate) placeholder: &'static str,
    pub(crate) error: Option<&'a str>,
    /// `numeric`, for a keyboard of digits.
    pub(crate) numeric: bool,
    /// More than one line.
    pub(crate) rows: Option<&'static str>,
}

/// A field of text, with its label, its hint and what is wrong with it.
pub(crate) fn text_field(field: TextField<'_>, set: Callback<String>) -> Html {
    let TextField { id, label, hint, value, placeholder, error, numeric, rows } = field;
    let oninput = set.reform(|event: InputEvent| typed(&event));
    let described = Field::described_by(id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let error = error.map(|error| html! { { error.to_owned() } });
    let hint = hint.map(|hint| html! { { hint } });
    let input = match rows {
        Some(rows) => html! {
            <textarea class="input mono" {id} {rows} spellcheck="false" {placeholder} value={value.to_owned()} aria-invalid={invalid}
                aria-describedby={described} {oninput} />
        },
        None => html! {
            <input class="input" {id} type="text" inputmode={numeric.then_some("numeric")} autocomplete="off" spellcheck="false" {placeholder}
                value={value.to_owned()} aria-invalid={invalid} aria-describedby={described} {oninput} />
        },
    };
    html! { <Field {id} {label} {hint} {error}>{ input }</Field> }
}

/// A switch with its words.
pub(crate) fn switch(checked: bool, words: Html, set: Callback<bool>) -> Html {
    let onchange = set.reform(move |_: Event| !checked);
    html! {
        <label class="switch"><input type="checkbox" role="switch" {checked} {onchange} /><span>{ words }</span></label>
    }
}

/// A choice of one from a few, side by side.
pub(crate) fn segments<T: Copy + PartialEq + 'static>(
    name: &'static str,
    legend: &'static str,
    class: &'static str,
    chosen: T,
    choices: &[(T, &'static str)],
    set: &Callback<T>,
) -> Html {
    html! {
        <fieldset class={classes!("seg", class)}>
            <legend class="vh">{ legend }</legend>
            { for choices.iter().map(|(value, words)| {
                let value = *value;
                html! {
                    <label class="seg__item" key={*words}>
                        <input class="vh" type="radio" {name} checked={value == chosen} onchange={set.reform(move |_: Event| value)} />
                        <span>{ *words }</span>
                    </label>
                }
            }) }
        </fieldset>
    }
}

/// A figure in a `dl.stats`, with what stands small below it.
pub(crate) fn stat(class: &'static str, term: &'static str, figure: String, small: String) -> Html {
    html! {
        <div class={classes!("stat", class)}><dt>{ term }</dt><dd>{ figure }{ " " }<small>{ small }</small></dd></div>
    }
}
