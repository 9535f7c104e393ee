//! What happens on the server, as it happens: server-sent events.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::until_open;

/// The calls that one may wait for another, in milliseconds: so often is the page brought up to date at most.
const REST: u32 = 400;
/// How long until a stream that has ended is tried again, in milliseconds.
const AGAIN: u32 = 5_000;

/// How a stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// It is not wanted.
    Off,
    /// It is being opened.
    Opening,
    /// It tells what happens.
    Open,
    /// It has been lost, and is being opened again.
    Lost,
}

/// Listens to `GET /v1/stream` while `enabled`. Calls `refresh` after something of this kind happened (many at once make
/// one call), and when a lost stream is back: what happened meanwhile was not told.
#[hook]
pub(crate) fn use_stream(kind: &'static str, enabled: bool, refresh: Callback<()>) -> Stream {
    let state = use_state_eq(|| Stream::Off);
    let round = use_state_eq(|| 0_u32);
    let latest = use_mut_ref(|| refresh.clone());
    latest.replace(refresh);
    let waiting = use_mut_ref(|| None::<Timeout>);
    use_effect_with((enabled, *round), {
        let state = state.clone();
        move |(enabled, number)| {
            let source = enabled.then(|| web_sys::EventSource::new("/v1/stream").ok()).flatten();
            match (&source, enabled) {
                (Some(_), _) if *number == 0 => state.set(Stream::Opening),
                (Some(_), _) => {}
                (None, true) => state.set(Stream::Lost),
                (None, false) => state.set(Stream::Off),
            }
            let soon = move || {
                let latest = latest.clone();
                let mut next = waiting.borrow_mut();
                if next.is_none() {
                    let done = waiting.clone();
                    *next = Some(Timeout::new(REST, move || {
                        done.replace(None);
                        let refresh = latest.borrow().clone();
                        refresh.emit(());
                    }));
                }
            };
            let kept = source.map(|source| {
                let listen =
                    |name: &'static str, hear: Box<dyn Fn()>| EventListener::new(&source, name, move |_| hear());
                let opened = {
                    let (state, soon) = (state.clone(), soon.clone());
                    listen(
                        "open",
                        Box::new(move || {
                            state.set(Stream::Open);
                            soon();
                        }),
                    )
                };
                let lost = {
                    let (state, source, round, number) = (state.clone(), source.clone(), round.clone(), *number);
                    let again = std::cell::RefCell::new(None::<Timeout>);
                    listen(
                        "error",
                        Box::new(move || {
                            state.set(Stream::Lost);
                            // The browser opens a broken stream again, but not one that was answered with an error.
                            if source.ready_state() == web_sys::EventSource::CLOSED {
                                let round = round.clone();
                                again.replace(Some(Timeout::new(AGAIN, move || {
                                    // Without a session it would be answered with an error again.
                                    spawn_local(async move {
                                        until_open().await;
                                        round.set(number.wrapping_add(1));
                                    });
                                })));
                            }
                        }),
                    )
                };
                let told = [kind, "gap"].map(|name| listen(name, Box::new(soon.clone())));
                (Closed(source), opened, lost, told)
            });
            move || drop(kept)
        }
    });
    *state
}

/// Closes a stream as it goes.
struct Closed(web_sys::EventSource);

impl Drop for Closed {
    fn drop(&mut self) {
        self.0.close();
    }
}
