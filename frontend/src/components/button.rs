//! Buttons.

use yew::prelude::*;

use super::small_icon;

#[derive(Properties, PartialEq)]
pub(crate) struct ButtonProps {
    /// `btn--primary` and the like.
    #[prop_or_default]
    pub(crate) class: Classes,
    #[prop_or_default]
    pub(crate) icon: Option<&'static str>,
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
    /// `submit` for the button that sends a form.
    #[prop_or("button")]
    pub(crate) kind: &'static str,
    /// The form that it sends, where it stands outside of it.
    #[prop_or_default]
    pub(crate) form: Option<AttrValue>,
    /// What it does is under way: the label stays, and a click does nothing.
    #[prop_or_default]
    pub(crate) busy: bool,
    #[prop_or_default]
    pub(crate) disabled: bool,
    /// For a button without words.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) pressed: Option<bool>,
    #[prop_or_default]
    pub(crate) onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A button. While it is busy, a spinner takes the place of its icon.
#[component]
pub(crate) fn Button(props: &ButtonProps) -> Html {
    let picture = match (props.busy, props.icon) {
        (true, _) => html! { <span class="spin" aria-hidden="true"></span> },
        (false, Some(name)) => small_icon(name),
        (false, None) => Html::default(),
    };
    let onclick = props.onclick.clone();
    let busy = props.busy;
    let onclick = Callback::from(move |event: MouseEvent| {
        if busy {
            event.prevent_default();
        } else {
            onclick.emit(event);
        }
    });
    html! {
        <button
            class={classes!("btn", props.class.clone())}
            id={props.id.clone()}
            type={props.kind}
            form={props.form.clone()}
            disabled={props.disabled}
            aria-busy={props.busy.then_some("true")}
            aria-pressed={props.pressed.map(|on| if on { "true" } else { "false" })}
            aria-label={props.label.clone()}
            title={props.label.clone()}
            {onclick}
        >
            { picture }
            { props.children.clone() }
        </button>
    }
}
