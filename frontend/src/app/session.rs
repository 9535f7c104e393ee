//! Who is signed in, and whether the server is there.

use std::rc::Rc;

use seinpost_protocol::rest::Session;
use yew::prelude::*;

use crate::{
    api::{Api, ApiError, Signal, go_on},
    hooks::{Call, First},
};

/// What is known of the session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SessionState {
    /// It is being asked for.
    Unknown,
    SignedIn(Rc<Session>),
    SignedOut,
    /// It could not be asked for.
    Unavailable(ApiError),
}

/// The session and the connection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) session: SessionState,
    /// Whether it has ended while the page was open: what stands there stays, until its reader has signed in again.
    pub(crate) ended: bool,
    pub(crate) connected: bool,
}

impl Default for State {
    fn default() -> Self {
        Self { session: SessionState::Unknown, ended: false, connected: true }
    }
}

pub(crate) enum Action {
    Signal(Signal),
    SignedIn(Session),
    /// There is none.
    Absent,
    Failed(ApiError),
}

impl Action {
    /// What came of asking for the session.
    fn of(answer: Result<Session, ApiError>) -> Self {
        match answer {
            Ok(session) => Self::SignedIn(session),
            Err(error) if error.is(seinpost_protocol::rest::ProblemType::Unauthorized) => Self::Absent,
            Err(error) => Self::Failed(error),
        }
    }
}

/// Which session this browser is signed in with, by its end: for the next visit (what is asked for early,
/// `frontend/scripts/early.js`), and for other windows, which share the cookie and are told when it changes.
const SIGNED_IN: &str = "seinpost.session";

fn keep(session: Option<&str>) {
    // Where storage is off, less is asked for early, and other windows see for themselves.
    if let Some(storage) = web_sys::window().and_then(|page| page.local_storage().ok().flatten()) {
        _ = match session {
            Some(session) => storage.set_item(SIGNED_IN, session),
            None => storage.remove_item(SIGNED_IN),
        };
    }
}

/// Calls `changed` when another window has signed in or out.
#[hook]
fn use_other_windows(changed: Callback<()>) {
    use_effect_with((), move |()| {
        let listener = web_sys::window()
            .map(|window| gloo_events::EventListener::new(&window, "storage", move |_| changed.emit(())));
        move || drop(listener)
    });
}

/// Asks for the session.
fn asked(api: &Api) -> Call<Session> {
    let api = api.clone();
    Box::pin(async move { api.session().await })
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            Action::Signal(Signal::Reached) => next.connected = true,
            Action::Signal(Signal::Unreached) => next.connected = false,
            Action::Signal(Signal::SignedOut) => {
                next.connected = true;
                next.ended = matches!(self.session, SessionState::SignedIn(_));
            }
            Action::SignedIn(session) => {
                next.session = SessionState::SignedIn(Rc::new(session));
                next.ended = false;
            }
            Action::Absent if matches!(self.session, SessionState::SignedIn(_)) => next.ended = true,
            Action::Absent => next.session = SessionState::SignedOut,
            // Asked again without an answer: what is known of it still holds.
            Action::Failed(_) if matches!(self.session, SessionState::SignedIn(_)) => {}
            Action::Failed(error) => next.session = SessionState::Unavailable(error),
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

/// The session, for pages.
#[derive(Clone, PartialEq)]
pub(crate) struct SessionContext {
    pub(crate) state: SessionState,
    /// Whether it has ended while the page was open.
    pub(crate) ended: bool,
    pub(crate) connected: bool,
    pub(crate) signed_in: Callback<Session>,
    pub(crate) sign_out: Callback<()>,
    /// Asks for the session again.
    pub(crate) again: Callback<()>,
}

impl SessionContext {
    /// The session, where there is one.
    pub(crate) fn session(&self) -> Option<&Session> {
        match &self.state {
            SessionState::SignedIn(session) => Some(session),
            _ => None,
        }
    }
}

/// What a call of another part tells, as [`Signal::as_str`] names it.
const SIGNAL: &str = "seinpost:signal";
/// What is shown of the session has changed: it is asked for again.
pub(crate) const SESSION_CHANGED: &str = "seinpost:session";
/// There is a session again, as JSON.
const ENTERED: &str = "seinpost:entered";

/// Loads the dashboard anew, at its list.
fn leave() {
    if let Some(page) = web_sys::window() {
        // It fails only for what is no address.
        _ = page.location().set_href(&super::Route::Webhooks.to_path());
    }
}

/// The session that the first part has, for another one. What its calls tell, it passes on.
#[hook]
pub(crate) fn use_given_session(api: &Api, session: Option<&Session>) -> SessionContext {
    let api = api.clone();
    let given = use_state_eq(|| session.cloned());
    super::event::use_event(ENTERED, {
        let (api, given) = (api.clone(), given.clone());
        Callback::from(move |session: wasm_bindgen::JsValue| {
            let session = session.as_string().and_then(|session| serde_json::from_str::<Session>(&session).ok());
            if let Some(session) = session {
                // At once, and not only when it is drawn: what waits goes on after all have heard of it.
                api.enter(&session);
                go_on();
                given.set(Some(session));
            }
        })
    });
    use_memo((*given).clone(), move |session| {
        let state = match session {
            Some(session) => {
                api.enter(session);
                go_on();
                SessionState::SignedIn(Rc::new(session.clone()))
            }
            None => SessionState::SignedOut,
        };
        api.listen(Callback::from(|signal: Signal| {
            super::event::send(SIGNAL, &signal.as_str().into());
        }));
        SessionContext {
            state,
            ended: false,
            connected: true,
            signed_in: Callback::noop(),
            sign_out: Callback::noop(),
            again: Callback::noop(),
        }
    })
    .as_ref()
    .clone()
}

/// The session of this browser, kept up to date by what every call tells.
#[hook]
pub(crate) fn use_session_state(api: &Api) -> SessionContext {
    let first = use_mut_ref(First::default);
    let state = use_reducer_eq(|| match first.borrow_mut().made(asked(api)) {
        Some(answer) => (*Rc::new(State::default()).reduce(Action::of(answer))).clone(),
        None => State::default(),
    });
    let arrive = {
        let state = state.clone();
        Callback::from(move |answer: Result<Session, ApiError>| {
            if let (Ok(session), SessionState::SignedIn(before)) = (&answer, &state.session) {
                if before.environment != session.environment {
                    // What stands on the page is another environment's, and so is what waits.
                    return leave();
                }
                if let Ok(session) = serde_json::to_string(session) {
                    super::event::send(ENTERED, &session.into());
                }
                go_on();
            }
            state.dispatch(Action::of(answer));
        })
    };
    let wait = {
        let arrive = arrive.clone();
        move |call: Call<Session>| {
            let arrive = arrive.clone();
            wasm_bindgen_futures::spawn_local(async move { arrive.emit(call.await) });
        }
    };
    let ask = {
        let (api, wait) = (api.clone(), wait.clone());
        Callback::from(move |()| wait(asked(&api)))
    };
    {
        let (api, dispatcher) = (api.clone(), state.dispatcher());
        use_effect_with((), move |()| {
            api.listen(Callback::from(move |signal| dispatcher.dispatch(Action::Signal(signal))));
            if let Some(call) = first.borrow_mut().take() {
                wait(call);
            }
        });
    }
    super::event::use_event(SESSION_CHANGED, ask.reform(|_: wasm_bindgen::JsValue| ()));
    super::event::use_event(SIGNAL, {
        let dispatcher = state.dispatcher();
        Callback::from(move |told: wasm_bindgen::JsValue| {
            if let Some(signal) = told.as_string().as_deref().and_then(Signal::named) {
                dispatcher.dispatch(Action::Signal(signal));
            }
        })
    });
    use_other_windows(ask.clone());
    let signed_in = arrive.reform(Ok);
    let sign_out = {
        let api = api.clone();
        Callback::from(move |()| {
            let api = api.clone();
            wasm_bindgen_futures::spawn_local(async move {
                // Without an answer the session may go on: then the page must not say that it ended.
                if let Ok(()) | Err(ApiError::Refused(_)) = api.sign_out().await {
                    keep(None);
                    // Nothing of it stays, in no part: not what is still being asked, either.
                    if let Some(page) = web_sys::window() {
                        _ = page.location().reload();
                    }
                }
            });
        })
    };
    let kept = match &state.session {
        SessionState::SignedIn(session) if !state.ended => Some(session.expires.to_string()),
        _ => None,
    };
    use_effect_with(kept, |session| keep(session.as_deref()));
    let State { session, ended, connected } = (*state).clone();
    SessionContext { state: session, ended, connected, signed_in, sign_out, again: ask }
}

/// The session of this browser.
#[hook]
pub(crate) fn use_session() -> SessionContext {
    use_context().unwrap_or_else(|| SessionContext {
        state: SessionState::Unknown,
        ended: false,
        connected: true,
        signed_in: Callback::noop(),
        sign_out: Callback::noop(),
        again: Callback::noop(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        serde_json::from_str(
            r#"{"environment":184,"name":"Production","csrf":"c","expires":"2026-01-31T12:00:00Z","key_domain":"sign.example.com","scopes":["admin"]}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_session_that_ends_meanwhile_is_told_from_none() {
        let state = Rc::new(State::default()).reduce(Action::Signal(Signal::SignedOut));
        assert_eq!((&state.session, state.ended), (&SessionState::Unknown, false));
        let there = SessionState::SignedIn(Rc::new(session()));
        for ending in [Action::Signal(Signal::SignedOut), Action::Absent] {
            let state = state.clone().reduce(Action::SignedIn(session())).reduce(ending);
            assert_eq!((&state.session, state.ended), (&there, true));
            let again = state.clone().reduce(Action::SignedIn(session()));
            assert_eq!((&again.session, again.ended), (&there, false));
        }
        assert_eq!(state.reduce(Action::Absent).session, SessionState::SignedOut);
    }

    #[test]
    fn the_connection_is_lost_and_heals() {
        let state = Rc::new(State::default()).reduce(Action::Signal(Signal::Unreached));
        assert!(!state.connected);
        let same = state.clone().reduce(Action::Signal(Signal::Unreached));
        assert!(Rc::ptr_eq(&state, &same));
        assert!(state.reduce(Action::Signal(Signal::Reached)).connected);
    }
}
