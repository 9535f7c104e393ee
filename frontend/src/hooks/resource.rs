//! Data from the server that stays on screen while it is asked for again.

use std::{
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::now;
use crate::api::ApiError;

/// Something that was asked for: what is known of it, and what went wrong the last time.
#[derive(Debug, PartialEq)]
pub(crate) struct Resource<T> {
    /// What came last. It stays while it is asked for again, and when that fails.
    pub(crate) data: Option<Rc<T>>,
    /// Why the last call failed.
    pub(crate) error: Option<ApiError>,
    /// Whether a call is under way.
    pub(crate) refreshing: bool,
    /// The number of the newest call: answers to older ones are stale.
    asked: u32,
}

impl<T> Default for Resource<T> {
    fn default() -> Self {
        Self { data: None, error: None, refreshing: false, asked: 0 }
    }
}

impl<T> Clone for Resource<T> {
    fn clone(&self) -> Self {
        Self { data: self.data.clone(), error: self.error.clone(), refreshing: self.refreshing, asked: self.asked }
    }
}

/// What happens to a [`Resource`].
pub(crate) enum Action<T> {
    /// Call number `call` was made; `anew` if for something else than before.
    Asked { call: u32, anew: bool },
    /// The answer to call number `call`.
    Came { call: u32, answer: Result<T, ApiError> },
    /// It is known to be this now, without asking.
    Set(T),
}

impl<T: PartialEq + 'static> Reducible for Resource<T> {
    type Action = Action<T>;

    fn reduce(self: Rc<Self>, action: Action<T>) -> Rc<Self> {
        match action {
            Action::Asked { call, anew: true } => {
                Rc::new(Self { data: None, error: None, refreshing: true, asked: call })
            }
            Action::Asked { call, anew: false } => Rc::new(Self { refreshing: true, asked: call, ..(*self).clone() }),
            Action::Came { call, .. } if call != self.asked => self,
            Action::Came { answer: Ok(data), .. } => {
                // The same data keeps its `Rc`, so that what shows it is not drawn again.
                let kept = self.data.clone().filter(|old| **old == data);
                Rc::new(Self {
                    data: Some(kept.unwrap_or_else(|| Rc::new(data))),
                    error: None,
                    refreshing: false,
                    asked: self.asked,
                })
            }
            Action::Came { answer: Err(error), .. } => {
                Rc::new(Self { error: Some(error), refreshing: false, ..(*self).clone() })
            }
            // A call that is under way was made before this was known: its answer is stale. No call has the number 0.
            Action::Set(data) => Rc::new(Self { data: Some(Rc::new(data)), error: None, refreshing: false, asked: 0 }),
        }
    }
}

/// A call that gives a `T`.
pub(crate) type Call<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// The first call of a component, made while it is drawn for the first time and waited for after that.
pub(crate) struct First<T>(Option<Call<T>>);

impl<T> Default for First<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> First<T> {
    /// What has come of the call without waiting for it; else it is kept.
    pub(crate) fn made(&mut self, mut call: Call<T>) -> Option<Result<T, ApiError>> {
        match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => {
                self.0 = Some(call);
                None
            }
        }
    }

    /// The call, if there is something to wait for.
    pub(crate) fn take(&mut self) -> Option<Call<T>> {
        self.0.take()
    }
}

/// A [`Resource`] and how to ask for it again.
pub(crate) struct ResourceHandle<T: PartialEq + 'static> {
    state: UseReducerHandle<Resource<T>>,
    /// Asks for it again.
    pub(crate) refresh: Callback<()>,
}

impl<T: PartialEq + 'static> ResourceHandle<T> {
    /// How to put something in its place later.
    pub(crate) fn setter(&self) -> Callback<T> {
        let dispatcher = self.state.dispatcher();
        Callback::from(move |data| dispatcher.dispatch(Action::Set(data)))
    }
}

impl<T: PartialEq + 'static> std::ops::Deref for ResourceHandle<T> {
    type Target = Resource<T>;

    fn deref(&self) -> &Resource<T> {
        &self.state
    }
}

/// How long a call is waited for before another is made, in milliseconds: it may have been lost.
const LONG: i64 = 30_000;

/// The calls of a resource.
struct Calls {
    newest: u32,
    /// Since when the newest is under way; 0 if it is not.
    since: i64,
    /// What asks once more as soon as it is answered.
    again: Option<Callback<bool>>,
}

/// Asks for something when the page opens, when `key` changes, and when told to. Told so while a call is under way, it asks
/// once more after that: calls that overtake each other would never show an answer. What was asked for before the page was
/// there (see [`crate::api`]) stands in it from its first drawing on.
#[hook]
pub(crate) fn use_resource<K, T>(key: K, fetch: impl Fn(&K) -> Call<T> + 'static) -> ResourceHandle<T>
where
    K: Clone + PartialEq + 'static,
    T: PartialEq + 'static,
{
    const FIRST: u32 = 1;
    let calls = use_mut_ref(|| Calls { newest: FIRST, since: now(), again: None });
    let first = use_mut_ref(First::default);
    let state = use_reducer(|| {
        let asked = Rc::new(Resource::default()).reduce(Action::Asked { call: FIRST, anew: true });
        let state = match first.borrow_mut().made(fetch(&key)) {
            Some(answer) => {
                calls.borrow_mut().since = 0;
                asked.reduce(Action::Came { call: FIRST, answer })
            }
            None => asked,
        };
        (*state).clone()
    });
    let wait = {
        let (dispatcher, calls) = (state.dispatcher(), calls.clone());
        move |call: u32, answer: Call<T>| {
            let (dispatcher, calls) = (dispatcher.clone(), calls.clone());
            spawn_local(async move {
                let answer = answer.await;
                dispatcher.dispatch(Action::Came { call, answer });
                let again = {
                    let mut calls = calls.borrow_mut();
                    if calls.newest != call {
                        return;
                    }
                    calls.since = 0;
                    calls.again.take()
                };
                if let Some(ask) = again {
                    ask.emit(false);
                }
            });
        }
    };
    let ask = {
        let dispatcher = state.dispatcher();
        let (key, calls, wait) = (key.clone(), calls.clone(), wait.clone());
        Callback::from(move |anew: bool| {
            let call = calls.borrow().newest.checked_add(1).unwrap_or(FIRST);
            calls.replace(Calls { newest: call, since: now(), again: None });
            dispatcher.dispatch(Action::Asked { call, anew });
            wait(call, fetch(&key));
        })
    };
    let opened = use_mut_ref(|| false);
    use_effect_with(key, {
        let ask = ask.clone();
        move |_| {
            if opened.replace(true) {
                ask.emit(true);
            } else if let Some(call) = first.borrow_mut().take() {
                wait(FIRST, call);
            }
        }
    });
    let refresh = Callback::from(move |()| {
        if now() - calls.borrow().since < LONG {
            calls.borrow_mut().again = Some(ask.clone());
        } else {
            ask.emit(false);
        }
    });
    ResourceHandle { state, refresh }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(actions: Vec<Action<u8>>) -> Rc<Resource<u8>> {
        actions.into_iter().fold(Rc::default(), Reducible::reduce)
    }

    #[test]
    fn old_data_stays_while_asking_and_when_that_fails() {
        let loaded = vec![Action::Asked { call: 1, anew: true }, Action::Came { call: 1, answer: Ok(7) }];
        let mut state = after(loaded);
        assert_eq!((state.data.as_deref(), state.refreshing), (Some(&7), false));
        state = state.reduce(Action::Asked { call: 2, anew: false });
        assert_eq!((state.data.as_deref(), state.refreshing), (Some(&7), true));
        state = state.reduce(Action::Came { call: 2, answer: Err(ApiError::Unreachable) });
        assert_eq!(state.data.as_deref(), Some(&7));
        assert_eq!(state.error, Some(ApiError::Unreachable));
        state = state.reduce(Action::Asked { call: 3, anew: false });
        state = state.reduce(Action::Came { call: 3, answer: Ok(8) });
        assert_eq!((state.data.as_deref(), &state.error), (Some(&8), &None));
    }

    #[test]
    fn an_answer_to_an_older_call_is_dropped() {
        let state = after(vec![
            Action::Asked { call: 1, anew: true },
            Action::Asked { call: 2, anew: true },
            Action::Came { call: 2, answer: Ok(2) },
            Action::Came { call: 1, answer: Ok(1) },
        ]);
        assert_eq!(state.data.as_deref(), Some(&2));
        let state =
            after(vec![Action::Asked { call: 1, anew: true }, Action::Set(9), Action::Came { call: 1, answer: Ok(1) }]);
        assert_eq!(state.data.as_deref(), Some(&9));
    }

    #[test]
    fn the_same_data_keeps_its_place() {
        let state = after(vec![Action::Asked { call: 1, anew: true }, Action::Came { call: 1, answer: Ok(7) }]);
        let before = state.data.clone().unwrap();
        let state = state.reduce(Action::Asked { call: 2, anew: false });
        let state = state.reduce(Action::Came { call: 2, answer: Ok(7) });
        assert!(Rc::ptr_eq(&before, state.data.as_ref().unwrap()));
    }

    #[test]
    fn something_else_starts_empty() {
        let state = after(vec![
            Action::Asked { call: 1, anew: true },
            Action::Came { call: 1, answer: Ok(7) },
            Action::Asked { call: 2, anew: true },
        ]);
        assert_eq!((state.data.as_deref(), state.refreshing), (None, true));
    }
}
