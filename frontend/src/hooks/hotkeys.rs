//! Keys that do something wherever the focus is, silent while typing.

use std::{cell::RefCell, rc::Rc};

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// A key, or a sequence such as `g w`, and what it does.
#[derive(Clone, PartialEq)]
pub(crate) struct Hotkey {
    /// As [`web_sys::KeyboardEvent::key`] names them, with a space between two.
    pub(crate) keys: &'static str,
    pub(crate) action: Callback<()>,
}

impl Hotkey {
    pub(crate) fn new(keys: &'static str, action: impl Fn() + 'static) -> Self {
        Self { keys, action: Callback::from(move |()| action()) }
    }
}

/// How long the second key of a sequence may take, in milliseconds.
const SEQUENCE: i64 = 1500;

/// What was pressed, and when: what may become a sequence.
#[derive(Debug, Default, PartialEq, Eq)]
struct Pressed {
    first: Option<(String, i64)>,
}

impl Pressed {
    /// Takes a key, and gives what was pressed with it: itself, or the whole sequence.
    fn press(&mut self, key: &str, at: i64, is_first: impl Fn(&str) -> bool) -> String {
        let before = self.first.take().filter(|(_, then)| at - then <= SEQUENCE);
        match before {
            Some((first, _)) => format!("{first} {key}"),
            None => {
                if is_first(key) {
                    self.first = Some((key.to_owned(), at));
                }
                key.to_owned()
            }
        }
    }
}

/// Listens for keys while the component stands.
#[hook]
pub(crate) fn use_hotkeys(hotkeys: Vec<Hotkey>) {
    let latest = use_mut_ref(Vec::new);
    latest.replace(hotkeys);
    use_effect_with((), move |()| {
        let pressed = RefCell::new(Pressed::default());
        let listener = web_sys::window().map(|window| {
            EventListener::new_with_options(
                &window,
                "keydown",
                EventListenerOptions::enable_prevent_default(),
                move |event| {
                    let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
                    handle(event, &latest, &mut pressed.borrow_mut());
                },
            )
        });
        move || drop(listener)
    });
}

fn handle(event: &web_sys::KeyboardEvent, latest: &Rc<RefCell<Vec<Hotkey>>>, pressed: &mut Pressed) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() || is_typing(event) {
        return;
    }
    let hotkeys = latest.borrow().clone();
    let is_first =
        |key: &str| hotkeys.iter().any(|each| each.keys.split_once(' ').is_some_and(|(first, _)| first == key));
    let keys = pressed.press(&event.key(), super::now(), is_first);
    if let Some(found) = hotkeys.iter().find(|each| each.keys == keys) {
        event.prevent_default();
        found.action.emit(());
    }
}

/// Whether what is pressed is text for an input, or belongs to an open dialog or menu.
fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        let text = "textarea, select, [contenteditable], [role=menu], input:not([type=radio]):not([type=checkbox])";
        element.closest(text).ok().flatten().is_some()
            || element
                .closest("body")
                .ok()
                .flatten()
                .is_some_and(|body| body.query_selector("dialog[open]").ok().flatten().is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_and_single_keys() {
        let is_first = |key: &str| key == "g";
        let mut pressed = Pressed::default();
        assert_eq!(pressed.press("c", 0, is_first), "c");
        assert_eq!(pressed.press("g", 100, is_first), "g");
        assert_eq!(pressed.press("w", 900, is_first), "g w");
        assert_eq!(pressed.press("w", 1000, is_first), "w");
    }

    #[test]
    fn a_sequence_waits_only_so_long() {
        let is_first = |key: &str| key == "g";
        let mut pressed = Pressed::default();
        pressed.press("g", 0, is_first);
        assert_eq!(pressed.press("w", SEQUENCE + 1, is_first), "w");
    }
}
