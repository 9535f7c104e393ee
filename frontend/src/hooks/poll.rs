//! Asking again and again, while someone looks.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::api::is_shut;

/// Calls `ask` every `milliseconds` while `enabled`, while the page is in sight and there is a session; and at once when the
/// page comes back into sight.
#[hook]
pub(crate) fn use_poll(milliseconds: u32, enabled: bool, ask: Callback<()>) {
    let latest = use_mut_ref(|| ask.clone());
    latest.replace(ask);
    use_effect_with((milliseconds, enabled), move |(milliseconds, enabled)| {
        let visible = || web_sys::window().and_then(|window| window.document()).is_none_or(|page| !page.hidden());
        let timer = enabled.then(|| {
            let latest = latest.clone();
            Interval::new(*milliseconds, move || {
                if visible() && !is_shut() {
                    let ask = latest.borrow().clone();
                    ask.emit(());
                }
            })
        });
        let back = (*enabled).then(|| web_sys::window().and_then(|window| window.document())).flatten().map(|page| {
            gloo_events::EventListener::new(&page, "visibilitychange", move |_| {
                if visible() {
                    let ask = latest.borrow().clone();
                    ask.emit(());
                }
            })
        });
        move || drop((timer, back))
    });
}
