//! Short messages in the corner, for what was done elsewhere on the page.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{Button, icon};
use crate::{
    hooks::announce,
    i18n::{texts::common as texts, use_language},
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

/// How to show a message.
#[derive(Clone, PartialEq)]
pub(crate) struct Toaster {
    dispatcher: UseReducerDispatcher<Toasts>,
}

impl Toaster {
    /// Says that something was done.
    pub(crate) fn done(&self, text: impl Into<String>) {
        self.show(true, text.into());
    }

    /// Says that something could not be done.
    pub(crate) fn failed(&self, text: impl Into<String>) {
        self.show(false, text.into());
    }

    fn show(&self, good: bool, text: String) {
        // The page's one live region says it, so that it is heard once.
        announce(&text);
        self.dispatcher.dispatch(Action::Show { good, text });
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ToastsProviderProps {
    pub(crate) children: Html,
}

/// Shows the messages, above everything in it.
#[component]
pub(crate) fn ToastsProvider(props: &ToastsProviderProps) -> Html {
    let toasts = use_reducer(Toasts::default);
    let toaster = Toaster { dispatcher: toasts.dispatcher() };
    html! {
        <ContextProvider<Toaster> context={toaster}>
            { props.children.clone() }
            <div class="toasts">
                { for toasts.shown.iter().map(|toast| {
                    let dispatcher = toasts.dispatcher();
                    let number = toast.number;
                    let close = Callback::from(move |()| dispatcher.dispatch(Action::Close(number)));
                    html! { <ToastView key={number} good={toast.good} text={toast.text.clone()} {close} /> }
                }) }
            </div>
        </ContextProvider<Toaster>>
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

/// How to show messages from here.
#[hook]
pub(crate) fn use_toaster() -> Option<Toaster> {
    use_context()
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
