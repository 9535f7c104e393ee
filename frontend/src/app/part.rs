//! The dashboard's parts: WebAssembly modules of their own, each with some of the pages.
//!
//! The first one holds the shell, the way in and the list of webhooks, so that these stand soon. The others are loaded
//! with the first of their pages that opens, and draw into the shell's `<main>`. What they share with the first is the
//! page itself: the address, and events on the window (language, messages, what calls tell of the session).

use std::{cell::RefCell, rc::Rc};

use seinpost_protocol::rest::Session;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Location, LocationProvider, Route, SessionState, providers::PartProviders, use_location, use_session};
use crate::{api::ApiError, components::ErrorNote};

#[wasm_bindgen(module = "/js/part.js")]
extern "C" {
    /// Loads a part, once, and draws it into `root`; gives what takes it away again.
    #[wasm_bindgen(catch)]
    async fn mount(name: &str, root: web_sys::Element, session: Option<String>) -> Result<JsValue, JsValue>;
}

/// A part of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The one that is loaded first.
    First,
    /// A webhook, and deliveries.
    Webhook,
    /// Keys and the like.
    Account,
    /// The inspector.
    Inspector,
}

impl Part {
    /// The name of its files.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::First => "seinpost-frontend",
            Self::Webhook => "part-webhook",
            Self::Account => "part-account",
            Self::Inspector => "part-inspector",
        }
    }
}

/// How far a part has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waited,
    There,
    Failed,
}

/// What takes a drawn part away, and whether it is to go as soon as it comes.
#[derive(Default)]
struct Drawn {
    unmount: Option<js_sys::Function>,
    left: bool,
}

impl Drawn {
    fn came(&mut self, unmount: js_sys::Function) {
        self.unmount = Some(unmount);
        if self.left {
            self.leave();
        }
    }

    fn leave(&mut self) {
        self.left = true;
        if let Some(unmount) = self.unmount.take() {
            // A part that fails as it goes has shown so itself.
            _ = unmount.call0(&JsValue::NULL);
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct OutletProps {
    pub(crate) part: Part,
    /// Whether nothing shows until the part is there: for what lies over a page.
    #[prop_or_default]
    pub(crate) quiet: bool,
}

/// Where another part draws its page; a skeleton until it is there.
#[component]
pub(crate) fn Outlet(props: &OutletProps) -> Html {
    let session = use_session();
    let root = use_node_ref();
    let state = use_state_eq(|| State::Waited);
    let attempt = use_state_eq(|| 0_u32);
    use_effect_with((props.part, *attempt), {
        let (root, state, session) = (root.clone(), state.clone(), session.session().cloned());
        move |(part, _)| {
            let name = part.name();
            let drawn = Rc::new(RefCell::new(Drawn::default()));
            if let Some(root) = root.cast::<web_sys::Element>() {
                let drawn = drawn.clone();
                let session = session.and_then(|session| serde_json::to_string(&session).ok());
                spawn_local(async move {
                    match mount(name, root, session).await {
                        Ok(unmount) => {
                            state.set(State::There);
                            drawn.borrow_mut().came(unmount.unchecked_into());
                        }
                        Err(_) => state.set(State::Failed),
                    }
                });
            }
            move || drawn.borrow_mut().leave()
        }
    });
    let retry = {
        let (state, attempt) = (state.clone(), attempt.clone());
        Callback::from(move |()| {
            state.set(State::Waited);
            attempt.set(attempt.wrapping_add(1));
        })
    };
    html! {
        <>
            { match *state {
                State::There => Html::default(),
                State::Waited if props.quiet => Html::default(),
                State::Waited => html! {
                    <div class="stack" aria-busy="true">
                        <span class="skel skel--60"></span><span class="skel skel--40"></span><span class="skel skel--80"></span>
                    </div>
                },
                State::Failed => html! { <ErrorNote error={ApiError::Unreachable} {retry} /> },
            } }
            <div ref={root}></div>
        </>
    }
}

/// A page of a part, by its route.
pub(crate) type Draw = fn(&Route) -> Html;

#[derive(Properties, PartialEq)]
struct PartAppProps {
    draw: Callback<Route, Html>,
    #[prop_or_default]
    session: Option<Session>,
}

#[component]
fn PartApp(props: &PartAppProps) -> Html {
    html! {
        <LocationProvider first={false}>
            <PartProviders session={props.session.clone()}><PartPage draw={props.draw.clone()} /></PartProviders>
        </LocationProvider>
    }
}

#[derive(Properties, PartialEq)]
struct PartPageProps {
    draw: Callback<Route, Html>,
}

#[component]
fn PartPage(props: &PartPageProps) -> Html {
    let Location { route, .. } = use_location();
    props.draw.emit(route)
}

/// Nothing at all.
#[component]
fn Nothing() -> Html {
    Html::default()
}

/// Takes the number by which the first part knows its own elements, so that no other part has it.
///
/// Yew numbers its roots from 1 on in each module, and tells by the number on an element whether an event is its own. The
/// first part has the number 1. Without this it would take clicks in another part for its own, and call whatever it has
/// under the same number as that part's listener.
fn leave_first_number() {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(nowhere) = document.and_then(|document| document.create_element("div").ok()) {
        yew::Renderer::<Nothing>::with_root(nowhere).render().destroy();
    }
}

/// Draws a part into `root`. `session` is the session as JSON, where there is one. What is given takes it away again.
pub(crate) fn mount_part(root: web_sys::Element, session: Option<&str>, draw: Draw) -> js_sys::Function {
    super::crash::show_panics();
    leave_first_number();
    let session = session.and_then(|json| serde_json::from_str(json).ok());
    let props = PartAppProps { draw: Callback::from(move |route| draw(&route)), session };
    let app = yew::Renderer::<PartApp>::with_root_and_props(root, props).render();
    Closure::once_into_js(move || app.destroy()).unchecked_into()
}

/// What stands in `<main>` where there is no session yet, or none to be had.
pub(super) fn without_session(state: &SessionState, again: &Callback<()>) -> Html {
    match state {
        SessionState::Unavailable(error) => html! { <ErrorNote error={error.clone()} retry={again.clone()} /> },
        _ => Html::default(),
    }
}
