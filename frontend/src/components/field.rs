//! Fields of a form.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::small_icon;

#[derive(Properties, PartialEq)]
pub(crate) struct FieldProps {
    /// The id of the input that stands in it.
    pub(crate) id: AttrValue,
    pub(crate) label: AttrValue,
    /// A word beside the label.
    #[prop_or_default]
    pub(crate) aside: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) hint: Option<Html>,
    #[prop_or_default]
    pub(crate) error: Option<Html>,
    /// The input, `aria-describedby` being [`Field::described_by`]'s.
    pub(crate) children: Html,
}

/// A label, a hint, an input and what is wrong with it.
#[component]
pub(crate) fn Field(props: &FieldProps) -> Html {
    let id = &props.id;
    html! {
        <div class="field">
            <label class="field__label" for={id.clone()}>
                { props.label.clone() }
                if let Some(aside) = props.aside.clone() {
                    { " " }<span class="faint">{ aside }</span>
                }
            </label>
            if let Some(hint) = props.hint.clone() {
                <p class="field__hint" id={format!("{id}-hint")}>{ hint }</p>
            }
            { props.children.clone() }
            if let Some(error) = props.error.clone() {
                <p class="field__error" id={format!("{id}-error")}>{ small_icon("warn") }<span>{ error }</span></p>
            }
        </div>
    }
}

impl Field {
    /// The ids of what describes the input: its hint and its error.
    pub(crate) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
        match (hint, error) {
            (true, true) => Some(format!("{id}-hint {id}-error")),
            (true, false) => Some(format!("{id}-hint")),
            (false, true) => Some(format!("{id}-error")),
            (false, false) => None,
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SelectProps {
    pub(crate) id: AttrValue,
    /// Its label, which is heard but not seen; `None` where a label stands beside it.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    /// Values and their words.
    pub(crate) options: Vec<(AttrValue, AttrValue)>,
    pub(crate) value: AttrValue,
    pub(crate) onchange: Callback<String>,
}

/// A choice of one from a list.
#[component]
pub(crate) fn Select(props: &SelectProps) -> Html {
    let onchange = props.onchange.reform(|event: Event| {
        event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlSelectElement>().ok())
            .map(|select| select.value())
            .unwrap_or_default()
    });
    html! {
        <>
            if let Some(label) = props.label.clone() {
                <label class="vh" for={props.id.clone()}>{ label }</label>
            }
            <span class="select">
                <select class="input" id={props.id.clone()} {onchange}>
                    { for props.options.iter().map(|(value, words)| html! {
                        <option key={value.to_string()} value={value.clone()} selected={*value == props.value}>{ words.clone() }</option>
                    }) }
                </select>
                { small_icon("down") }
            </span>
        </>
    }
}
