//! Links within the dashboard.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::app::{Route, go_to};

#[derive(Properties, PartialEq)]
pub(crate) struct AProps {
    pub(crate) to: Route,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// `page` for the page that is shown, `true` for a chosen part of it.
    #[prop_or_default]
    pub(crate) current: Option<&'static str>,
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
    /// A query of the address, with its `?`.
    #[prop_or_default]
    pub(crate) query: Option<std::rc::Rc<str>>,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A link to a page of the dashboard: an `<a>` with an address, which a click follows without loading the page anew.
#[component]
pub(crate) fn A(props: &AProps) -> Html {
    let address = format!("{}{}", props.to.to_path(), props.query.as_deref().unwrap_or_default());
    let onclick = {
        let to = address.clone();
        Callback::from(move |event: MouseEvent| {
            // With a modifier it opens in a new tab or window, as any link.
            let plain =
                event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
            if !plain {
                return;
            }
            event.prevent_default();
            go_to(&to);
            if let Some(link) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) {
                // A menu or a dialog that the link stands in is left behind.
                _ = link.blur();
            }
        })
    };
    html! {
        <a
            href={address}
            class={props.class.clone()}
            id={props.id.clone()}
            aria-current={props.current}
            aria-label={props.label.clone()}
            {onclick}
        >
            { props.children.clone() }
        </a>
    }
}
