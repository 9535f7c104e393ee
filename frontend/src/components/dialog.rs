//! Modal dialogs and drawers: `<dialog>` elements, which keep the focus in and close at Esc.

use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ModalProps {
    /// `dialog` or `drawer`.
    pub(crate) class: &'static str,
    /// The id of its heading.
    pub(crate) labelled_by: AttrValue,
    /// Esc was pressed, or it was closed some other way.
    pub(crate) onclose: Callback<()>,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A modal dialog, open as long as it stands. The focus goes back to where it was.
#[component]
pub(crate) fn Modal(props: &ModalProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with((), {
        let dialog = dialog.clone();
        move |()| {
            let before = web_sys::window()
                .and_then(|window| window.document())
                .and_then(|page| page.active_element())
                .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
            let dialog = dialog.cast::<web_sys::HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                // It fails only for one that is open already.
                _ = dialog.show_modal();
            }
            move || {
                // While it is open, all else is inert, and cannot take the focus.
                if let Some(dialog) = dialog {
                    dialog.close();
                }
                if let Some(before) = before {
                    _ = before.focus();
                }
            }
        }
    });
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            // Whether it closes is for its owner to say: something may stand in it that would be lost.
            event.prevent_default();
            onclose.emit(());
        })
    };
    let onkeydown = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: KeyboardEvent| {
            // A browser asks once, and closes at the second Esc whatever is said. A menu within has taken its own.
            if event.key() == "Escape" && !event.default_prevented() && !event.is_composing() {
                event.prevent_default();
                onclose.emit(());
            }
        })
    };
    let onclose = {
        let (dialog, onclose) = (dialog.clone(), props.onclose.clone());
        Callback::from(move |_: Event| {
            // By a gesture, perhaps: it stands as long as its owner has not taken it away.
            if let Some(dialog) = dialog.cast::<web_sys::HtmlDialogElement>().filter(|dialog| !dialog.open()) {
                _ = dialog.show_modal();
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog class={props.class} ref={dialog} aria-labelledby={props.labelled_by.clone()} {oncancel} {onkeydown} {onclose}>
            { props.children.clone() }
        </dialog>
    }
}
