//! Events on the window, by which the modules of the dashboard tell each other what happens.

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

/// Tells all modules. Whether nobody prevented it.
pub(crate) fn send(name: &str, detail: &JsValue) -> bool {
    let init = web_sys::CustomEventInit::new();
    init.set_cancelable(true);
    init.set_detail(detail);
    let event = web_sys::CustomEvent::new_with_event_init_dict(name, &init).ok();
    let sent = web_sys::window().zip(event).and_then(|(window, event)| window.dispatch_event(&event).ok());
    sent.unwrap_or(true)
}

/// Hears what is told, while the component stands.
#[hook]
pub(crate) fn use_event(name: &'static str, hear: Callback<JsValue>) {
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, name, move |event| {
                if let Some(event) = event.dyn_ref::<web_sys::CustomEvent>() {
                    hear.emit(event.detail());
                }
            })
        });
        move || drop(listener)
    });
}
