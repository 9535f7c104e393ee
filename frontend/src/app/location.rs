//! Where the reader is: the address as a [`Route`] with its query, and how to go elsewhere.
//!
//! The dashboard is drawn by several modules (see [`super::part`]), which share one address. Whoever changes it tells
//! all of them by an event on the window.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use super::Route;

/// The address has changed.
const CHANGED: &str = "seinpost:location";
/// The address is about to change; who prevents it keeps it.
const LEAVING: &str = "seinpost:leaving";

/// The address within the dashboard.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Location {
    pub(crate) route: Route,
    /// With its `?`; empty where there is none.
    pub(crate) query: Rc<str>,
}

impl Location {
    /// As it stands in the browser's address bar.
    fn now() -> Self {
        let location = web_sys::window().map(|window| window.location());
        let part = |get: fn(&web_sys::Location) -> Result<String, JsValue>| {
            location.as_ref().and_then(|location| get(location).ok()).unwrap_or_default()
        };
        Self {
            route: Route::recognize(&part(web_sys::Location::pathname)),
            query: part(web_sys::Location::search).into(),
        }
    }

    /// The path with its query.
    fn address(&self) -> String {
        format!("{}{}", self.route.to_path(), self.query)
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct LocationProviderProps {
    /// Whether it minds the browser's back and forward: one module does, for all.
    pub(crate) first: bool,
    pub(crate) children: Html,
}

/// Gives everything in it the [`Location`].
#[component]
pub(crate) fn LocationProvider(props: &LocationProviderProps) -> Html {
    let location = use_state_eq(Location::now);
    let latest = use_mut_ref(|| (*location).clone());
    let first = props.first;
    use_effect_with((), {
        let location = location.clone();
        move |()| {
            let listeners = web_sys::window().map(|window| {
                let back = first.then(|| {
                    let latest = latest.clone();
                    EventListener::new(&window, "popstate", move |_| {
                        let (before, now) = (latest.borrow().address(), Location::now().address());
                        if before == now || may_leave(&now) {
                            tell();
                        } else {
                            // The browser has gone already: back to where something is not saved.
                            write(&before, false);
                        }
                    })
                });
                let changed = EventListener::new(&window, CHANGED, move |_| {
                    latest.replace(Location::now());
                    location.set(Location::now());
                });
                (back, changed)
            });
            move || drop(listeners)
        }
    });
    html! { <ContextProvider<Location> context={(*location).clone()}>{ props.children.clone() }</ContextProvider<Location>> }
}

/// Where the reader is.
#[hook]
pub(crate) fn use_location() -> Location {
    use_context::<Location>().unwrap_or_else(|| Location { route: Route::NotFound, query: "".into() })
}

/// Goes to a page, unless something there is not saved and the reader stays.
pub(crate) fn go(route: &Route) {
    go_to(&route.to_path());
}

/// Goes to an address of the dashboard, as [`go`] does.
pub(crate) fn go_to(address: &str) {
    if may_leave(address) {
        write(address, false);
        tell();
    }
}

/// Goes to a page that stands in the history in this one's place.
pub(crate) fn replace(route: &Route) {
    write(&route.to_path(), true);
    tell();
}

/// Puts a query (without its `?`) to the address of the page, in the place of the one that it has.
pub(crate) fn replace_query(route: &Route, query: &str) {
    let question = if query.is_empty() { "" } else { "?" };
    write(&format!("{}{question}{query}", route.to_path()), true);
    tell();
}

/// Asks before `enabled` work that is not saved is left: `ask` gets the address that was to be gone to.
#[hook]
pub(crate) fn use_leave_guard(enabled: bool, ask: Callback<String>) {
    let latest = use_mut_ref(|| ask.clone());
    latest.replace(ask);
    use_effect_with(enabled, move |enabled| {
        let options = gloo_events::EventListenerOptions::enable_prevent_default();
        let listeners = web_sys::window().filter(|_| *enabled).map(|window| {
            let unload = EventListener::new_with_options(&window, "beforeunload", options, |event| {
                event.prevent_default();
            });
            let leave = EventListener::new_with_options(&window, LEAVING, options, move |event| {
                if event.default_prevented() {
                    // Another guard asks; this one does once that one lets go.
                    return;
                }
                let to = event.dyn_ref::<web_sys::CustomEvent>().and_then(|event| event.detail().as_string());
                event.prevent_default();
                let ask = latest.borrow().clone();
                ask.emit(to.unwrap_or_default());
            });
            (unload, leave)
        });
        move || drop(listeners)
    });
}

fn write(address: &str, in_place: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else { return };
    // It fails only where a browser finds that it is called too often: then the page stays.
    _ = if in_place {
        history.replace_state_with_url(&JsValue::NULL, "", Some(address))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(address))
    };
}

fn tell() {
    super::event::send(CHANGED, &JsValue::NULL);
}

/// Whether nobody minds that the page is left.
fn may_leave(to: &str) -> bool {
    super::event::send(LEAVING, &JsValue::from_str(to))
}
