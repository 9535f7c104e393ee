//! Short messages in the corner, for what was done elsewhere on the page.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::{Button, explain_error, icon};
use crate::{
    api::ApiError,
    app::event::{send, use_event},
    hooks::announce,
    i18n::{Language, texts::common as texts, use_language},
};

/// How long a message stays, in milliseconds.
const STAYS: u32 = 6000;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    number: u32,
    good: bool,
    text: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Toasts {
    shown: Vec<Toast>,
    next: u32,
}

enum Action {
    Show { good: bool, text: String },
    Close(u32),
}

impl Reducible for Toasts {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            Action::Show { good, text } => {
                next.shown.retain(|toast| toast.text != text);
                next.shown.push(Toast { number: next.next, good, text });
                next.next = next.next.wrapping_add(1);
                let surplus = next.shown.len().saturating_sub(4);
                next.shown.drain(..surplus);
            }
            Action::Close(number) => {
                if !self.shown.iter().any(|toast| toast.number == number) {
                    return self;
                }
                next.shown.retain(|toast| toast.number != number);
            }
        }
        Rc::new(next)
    }
}

/// A message of any part of the dashboard; the first part shows it.
const DONE: &str = "seinpost:done";
const FAILED: &str = "seinpost:failed";

/// Says that something was done.
pub(crate) fn toast_done(text: &str) {
    show(DONE, text);
}

/// Says that a call failed, and why.
pub(crate) fn toast_failed(language: Language, error: &ApiError) {
    let (title, meaning, detail) = explain_error(language, error);
    show(FAILED, &format!("{title}. {}", detail.map_or(meaning, |said| said.text)));
}

fn show(name: &str, text: &str) {
    // The page's one live region says it, so that it is heard once.
    announce(text);
    send(name, &text.into());
}

#[derive(Properties, PartialEq)]
pub(crate) struct ToastsProviderProps {
    pub(crate) children: Html,
}

/// Shows the messages, above everything in it.
#[component]
pub(crate) fn ToastsProvider(props: &ToastsProviderProps) -> Html {
    let toasts = use_reducer(Toasts::default);
    let hear = |good: bool| {
        let dispatcher = toasts.dispatcher();
        Callback::from(move |text: JsValue| {
            let text = text.as_string().unwrap_or_default();
            dispatcher.dispatch(Action::Show { good, text });
        })
    };
    use_event(DONE, hear(true));
    use_event(FAILED, hear(false));
    html! {
        <>
            { props.children.clone() }
            <div class="toasts">
                { for toasts.shown.iter().map(|toast| {
                    let dispatcher = toasts.dispatcher();
                    let number = toast.number;
                    let close = Callback::from(move |()| dispatcher.dispatch(Action::Close(number)));
                    html! { <ToastView key={number} good={toast.good} text={toast.text.clone()} {close} /> }
                }) }
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ToastViewProps {
    good: bool,
    text: AttrValue,
    close: Callback<()>,
}

#[component]
fn ToastView(props: &ToastViewProps) -> Html {
    let language = use_language();
    use_effect_with((), {
        let (close, good) = (props.close.clone(), props.good);
        move |()| {
            // What went wrong stays until it is read.
            let timer = good.then(|| Timeout::new(STAYS, move || close.emit(())));
            move || drop(timer)
        }
    });
    let onclick = props.close.reform(|_| ());
    html! {
        <div class="toast">
            <span class={if props.good { "ok" } else { "bad" }}>{ icon(if props.good { "ok" } else { "warn" }) }</span>
            <span>{ props.text.clone() }</span>
            <Button class="btn--bare btn--s btn--icon" icon="x" label={language.say(&texts::CLOSE)} {onclick} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(state: Rc<Toasts>, text: &str) -> Rc<Toasts> {
        state.reduce(Action::Show { good: true, text: text.into() })
    }

    #[test]
    fn the_newest_four_show_and_none_twice() {
        let mut state = Rc::<Toasts>::default();
        for text in ["a", "b", "c", "a", "d", "e"] {
            state = show(state, text);
        }
        assert_eq!(state.shown.iter().map(|toast| toast.text.as_str()).collect::<Vec<_>>(), ["c", "a", "d", "e"]);
        let number = state.shown[0].number;
        state = state.reduce(Action::Close(number));
        assert_eq!(state.shown.len(), 3);
        assert!(Rc::ptr_eq(&state, &state.clone().reduce(Action::Close(number))));
    }
}
