//! Copying to the clipboard, which is confirmed only after it happened.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use super::small_icon;
use crate::{
    hooks::announce,
    i18n::{texts::common as texts, use_language},
};

#[derive(Properties, PartialEq)]
pub(crate) struct CopyButtonProps {
    /// What is copied.
    #[prop_or_default]
    pub(crate) text: AttrValue,
    /// What is copied, where it is long in the making: made at the click.
    #[prop_or_default]
    pub(crate) make: Option<Callback<(), String>>,
    /// What that is, for people: “Copy webhook id”.
    pub(crate) label: AttrValue,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// Words beside the icon make it a button of the usual kind.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A button that copies a text.
#[component]
pub(crate) fn CopyButton(props: &CopyButtonProps) -> Html {
    let language = use_language();
    let done = use_state(|| false);
    let button = use_node_ref();
    let onclick = {
        let (text, make, done) = (props.text.clone(), props.make.clone(), done.clone());
        let button = button.clone();
        Callback::from(move |_: MouseEvent| {
            let text = make.as_ref().map_or_else(|| text.clone(), |make| make.emit(()).into());
            let (done, button) = (done.clone(), button.cast());
            spawn_local(async move {
                if copy_text(button.as_ref(), &text).await {
                    done.set(true);
                    announce(language.say(&texts::COPIED));
                    Timeout::new(2000, move || done.set(false)).forget();
                } else {
                    announce(language.say(&texts::NOT_COPIED));
                }
            });
        })
    };
    let picture = small_icon(if *done { "check" } else { "copy" });
    let has_words = props.children != Html::default();
    let label = if *done { AttrValue::from(language.say(&texts::COPIED)) } else { props.label.clone() };
    html! {
        <button
            class={classes!(if has_words { "btn" } else { "copy__btn" }, props.class.clone())}
            type="button"
            aria-label={(!has_words).then(|| props.label.clone())}
            title={label}
            data-done={done.then_some("")}
            ref={button}
            {onclick}
        >
            { picture }
            { props.children.clone() }
        </button>
    }
}

/// Copies a text, beside the button that was pressed for it. Whether it happened.
pub(crate) async fn copy_text(button: Option<&web_sys::HtmlElement>, text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    // Without HTTPS there is no clipboard to write to, and a frame may be kept from it.
    let written =
        window.is_secure_context() && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok();
    written || button.and_then(|button| copy_by_selection(button, text)).is_some()
}

/// Copies a text as a person would: by selecting it. The field for that stands beside the button for a moment, since nothing
/// outside an open dialog can be selected.
fn copy_by_selection(button: &web_sys::HtmlElement, text: &str) -> Option<()> {
    let page: web_sys::HtmlDocument = button.owner_document()?.dyn_into().ok()?;
    let field: web_sys::HtmlTextAreaElement = page.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_class_name("vh");
    field.set_value(text);
    button.parent_element()?.append_child(&field).ok()?;
    field.select();
    let copied = page.exec_command("copy");
    field.remove();
    // The field had the focus.
    _ = button.focus();
    copied.ok()?.then_some(())
}

#[derive(Properties, PartialEq)]
pub(crate) struct CopyIdProps {
    pub(crate) id: AttrValue,
    pub(crate) label: AttrValue,
}

/// An id: whole and selectable, cut in the middle where there is no room, with a button that copies it.
#[component]
pub(crate) fn CopyId(props: &CopyIdProps) -> Html {
    let (start, end) = middle(&props.id);
    html! {
        <span class="copy">
            <span class="mid"><span class="mid__a">{ start }</span><span class="mid__b">{ end }</span></span>
            <CopyButton text={props.id.clone()} label={props.label.clone()} />
        </span>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct CopyProps {
    pub(crate) text: AttrValue,
    pub(crate) label: AttrValue,
    /// How it is shown.
    pub(crate) children: Html,
}

/// Something shown in its own way, with a button that copies its text.
#[component]
pub(crate) fn Copy(props: &CopyProps) -> Html {
    html! {
        <span class="copy">
            { props.children.clone() }
            <CopyButton text={props.text.clone()} label={props.label.clone()} />
        </span>
    }
}

/// The part that may be cut, and the last four characters, which always show.
fn middle(id: &str) -> (String, String) {
    let count = id.chars().count();
    let head = count.saturating_sub(4);
    (id.chars().take(head).collect(), id.chars().skip(head).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_end() {
        assert_eq!(middle("wh_01JDH9T0C5WV"), ("wh_01JDH9T0".into(), "C5WV".into()));
        assert_eq!(middle("abc"), (String::new(), "abc".into()));
        assert_eq!(middle("éééééé"), ("éé".into(), "éééé".into()));
    }
}
