//! What lies over a page: dialogs, drawers, messages.

use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::stage::*;
use crate::{
    api::ApiError,
    components::{ErrorNote, KeyboardHelp, Modal, Note, Tone, toast_done, toast_failed},
    i18n::Language,
};

#[derive(Properties, PartialEq)]
struct OpenedProps {
    class: &'static str,
}

/// A button that opens a dialog, which closes by one of its own.
#[component]
fn Opened(props: &OpenedProps) -> Html {
    let open = use_state(|| false);
    let set = |value: bool| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(value))
    };
    html! {
        <>
            <button id="open" onclick={set(true)}>{ "Delete…" }</button>
            if *open {
                <Modal class={props.class} labelled_by="title" onclose={Callback::noop()}>
                    <h2 id="title">{ "Delete webhook?" }</h2><button id="keep" onclick={set(false)}>{ "Keep it" }</button>
                </Modal>
            }
        </>
    }
}

fn dialog(class: &'static str, onclose: Callback<()>) -> Html {
    html! {
        <Modal {class} labelled_by="title" {onclose}>
            <h2 id="title">{ "Delete webhook?" }</h2><button id="keep">{ "Keep it" }</button><button id="delete">{ "Delete webhook" }</button>
        </Modal>
    }
}

#[wasm_bindgen_test]
async fn a_dialog_and_a_drawer_keep_the_focus_and_give_it_back() {
    for class in ["dialog", "drawer"] {
        let stage = Stage::show(html! { <Opened {class} /> }).await;
        let opener = stage.find("#open");
        opener.focus().unwrap();
        opener.click();
        until("it is open", || stage.all("dialog[open]").len() == 1).await;
        let dialog = stage.find("dialog");
        assert_eq!(stage.named_by("dialog", "aria-labelledby"), ["Delete webhook?"]);
        let is_within = || dialog.contains(document().active_element().as_deref());
        assert!(is_within(), "the focus is not in the {class}");
        // All else is inert: it cannot take the focus.
        stage.outside().focus().unwrap();
        assert!(is_within(), "the focus has left the {class}");
        stage.find("#keep").click();
        until("it is closed", || stage.all("dialog").is_empty()).await;
        assert!(is_focused(&opener), "the focus was lost with the {class}");
    }
}

#[wasm_bindgen_test]
async fn escape_asks_the_owner_of_a_dialog() {
    let closed = Heard::new();
    let stage = Stage::show(dialog("dialog", closed.callback(|()| ()))).await;
    let dialog = stage.find("dialog");
    until("it is open", || dialog.has_attribute("open")).await;
    // Chromium tells of Esc by this event, and closes the dialog itself unless it is kept from it.
    assert!(!happen(&dialog, "cancel"), "something that is not saved is lost");
    assert_eq!(closed.all().len(), 1);
    assert!(dialog.has_attribute("open"));
}

#[wasm_bindgen_test]
async fn the_keyboard_help_names_every_key() {
    let closed = Heard::new();
    let stage = Stage::show(html! { <KeyboardHelp onclose={closed.callback(|()| ())} /> }).await;
    assert_eq!(stage.all("dt").len(), stage.all("dd").len());
    for key in ["/", "c", "g", "j", "p", "?", "Esc"] {
        assert!(stage.texts("kbd").iter().any(|each| each == key), "{key}");
    }
    stage.find(".dialog__foot button").click();
    assert_eq!(closed.all().len(), 1);
}

#[wasm_bindgen_test]
async fn a_message_is_heard_once_and_can_be_closed() {
    let stage = Stage::show(html! { <span /> }).await;
    toast_done("The webhook is paused.");
    until("it shows", || stage.all(".toast").len() == 1).await;
    assert_eq!(stage.told(), "The webhook is paused.");
    // The live region says it; were the message one itself, it would be heard twice.
    assert!(stage.all(".toast[role], .toasts[aria-live], .toast [aria-live]").is_empty());
    toast_failed(Language::English, &ApiError::Unreachable);
    until("both show", || stage.all(".toast").len() == 2).await;
    assert!(
        stage.all(".toast button").iter().all(|button| button.get_attribute("aria-label").as_deref() == Some("Close"))
    );
    stage.all(".toast button")[0].click();
    until("one is closed", || stage.all(".toast").len() == 1).await;
    assert!(stage.texts(".toast")[0].contains(&stage.told()));
}

#[wasm_bindgen_test]
async fn an_error_says_what_happened_and_offers_to_try_again() {
    let again = Heard::new();
    let stage =
        Stage::show(html! { <ErrorNote error={ApiError::Unreachable} retry={again.callback(|()| ())} /> }).await;
    assert_eq!(stage.attribute(".note", "role").as_deref(), Some("alert"));
    assert!(!stage.texts(".note__title")[0].is_empty());
    stage.find(".note__acts button").click();
    assert_eq!(again.all().len(), 1);
}

#[wasm_bindgen_test]
async fn a_note_that_stands_from_the_start_does_not_interrupt() {
    let stage = Stage::show(html! { <Note tone={Tone::Warn} title="Paused">{ "Events wait." }</Note> }).await;
    assert_eq!(stage.attribute(".note", "role"), None);
    // Its tone is told by an icon of its own shape, not by colour alone.
    assert_eq!(stage.all(".note svg use").len(), 1);
}
