//! What calls wait for where the session has ended: the next one, into the same environment.
//!
//! Nothing is lost so: what was being saved is saved once its reader has signed in again, and no page shows an error for it.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::{Poll, Waker},
};

thread_local! {
    static ENDED: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
}

/// Whether the session has ended, and there is no other yet: what asks again and again need not.
pub(crate) fn is_shut() -> bool {
    ENDED.get()
}

/// The session has ended.
pub(super) fn shut() {
    ENDED.set(true);
}

/// There is a session, into the environment of the one before: what waits is made in it.
pub(crate) fn go_on() {
    ENDED.set(false);
    for waker in WAITING.take() {
        waker.wake();
    }
}

/// Waits until there is a session; not at all where none has ended.
pub(crate) async fn until_open() {
    poll_fn(|context| {
        if is_shut() {
            WAITING.with_borrow_mut(|waiting| waiting.push(context.waker().clone()));
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}
