//! Menus of actions.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{icon, small_icon};

/// One action of a menu.
#[derive(Clone, PartialEq)]
pub(crate) struct MenuItem {
    pub(crate) icon: &'static str,
    pub(crate) text: AttrValue,
    pub(crate) danger: bool,
    pub(crate) action: Callback<()>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct MenuProps {
    /// What the button is for, in words.
    pub(crate) label: AttrValue,
    pub(crate) items: Vec<MenuItem>,
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// A button that opens a menu. Arrows, Home, End and first letters move in it; Esc closes it and gives the focus back.
#[component]
pub(crate) fn Menu(props: &MenuProps) -> Html {
    let open = use_state(|| false);
    let host = use_node_ref();
    let button = use_node_ref();
    use_effect_with(*open, {
        let host = host.clone();
        move |open| {
            if *open && let Some(first) = items(&host).into_iter().next() {
                _ = first.focus();
            }
        }
    });
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(button) = button.cast::<web_sys::HtmlElement>() {
                _ = button.focus();
            }
        })
    };
    let onkeydown = {
        let (host, open, close) = (host.clone(), open.clone(), close.clone());
        Callback::from(move |event: KeyboardEvent| {
            if !*open {
                return;
            }
            let items = items(&host);
            let active = web_sys::window().and_then(|window| window.document()).and_then(|page| page.active_element());
            let at = items.iter().position(|item| active.as_ref() == Some(item.as_ref()));
            let texts: Vec<_> = items.iter().map(|item| item.text_content().unwrap_or_default()).collect();
            match step(&event.key(), at, &texts) {
                Step::To(index) => {
                    event.prevent_default();
                    _ = items[index].focus();
                }
                Step::Close => {
                    event.prevent_default();
                    close.emit(());
                }
                Step::Stay => {}
            }
        })
    };
    let onfocusout = {
        let (host, open) = (host.clone(), open.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let inside = host.cast::<web_sys::Node>().is_some_and(|host| host.contains(to.as_ref()));
            if !inside {
                open.set(false);
            }
        })
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_| open.set(!*open))
    };
    html! {
        <span class="menuhost" ref={host} {onkeydown} {onfocusout}>
            <button
                class={classes!("btn", "btn--icon", props.class.clone())}
                type="button"
                ref={button}
                aria-haspopup="menu"
                aria-expanded={if *open { "true" } else { "false" }}
                aria-label={props.label.clone()}
                onclick={toggle}
            >
                { icon("more") }
            </button>
            if *open {
                <div class="menu" role="menu" aria-label={props.label.clone()}>
                    { for props.items.iter().map(|item| item_html(item, &close)) }
                </div>
            }
        </span>
    }
}

fn item_html(item: &MenuItem, close: &Callback<()>) -> Html {
    let onclick = {
        let (action, close) = (item.action.clone(), close.clone());
        Callback::from(move |_| {
            close.emit(());
            action.emit(());
        })
    };
    html! {
        <button
            class={classes!("menu__item", item.danger.then_some("menu__item--danger"))}
            type="button"
            role="menuitem"
            tabindex="-1"
            {onclick}
        >
            { small_icon(item.icon) }{ item.text.clone() }
        </button>
    }
}

fn items(host: &NodeRef) -> Vec<web_sys::HtmlElement> {
    let Some(host) = host.cast::<web_sys::Element>() else { return Vec::new() };
    let Ok(found) = host.query_selector_all("[role=menuitem]") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}

/// What a key does in an open menu.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    To(usize),
    Close,
    Stay,
}

fn step(key: &str, at: Option<usize>, texts: &[String]) -> Step {
    let count = texts.len();
    if count == 0 {
        return Step::Stay;
    }
    match key {
        "ArrowDown" => Step::To(at.map_or(0, |at| (at + 1) % count)),
        "ArrowUp" => Step::To(at.map_or(count - 1, |at| (at + count - 1) % count)),
        "Home" => Step::To(0),
        "End" => Step::To(count - 1),
        "Escape" => Step::Close,
        letter if letter.chars().count() == 1 && letter != " " => {
            let begins = |text: &str| text.trim_start().to_lowercase().starts_with(&letter.to_lowercase());
            let start = at.map_or(0, |at| at + 1);
            (0..count)
                .map(|ahead| (start + ahead) % count)
                .find(|index| begins(&texts[*index]))
                .map_or(Step::Stay, Step::To)
        }
        _ => Step::Stay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_in_a_menu() {
        let texts = ["Pause".to_owned(), "Send a test".to_owned(), "Settings".to_owned()];
        for (key, at, expected) in [
            ("ArrowDown", None, Step::To(0)),
            ("ArrowDown", Some(2), Step::To(0)),
            ("ArrowUp", Some(0), Step::To(2)),
            ("Home", Some(2), Step::To(0)),
            ("End", Some(0), Step::To(2)),
            ("s", Some(0), Step::To(1)),
            ("S", Some(1), Step::To(2)),
            ("s", Some(2), Step::To(1)),
            ("x", Some(2), Step::Stay),
            ("Escape", Some(2), Step::Close),
            ("Tab", Some(2), Step::Stay),
        ] {
            assert_eq!(step(key, at, &texts), expected, "{key} at {at:?}");
        }
        assert_eq!(step("ArrowDown", None, &[]), Step::Stay);
    }
}
