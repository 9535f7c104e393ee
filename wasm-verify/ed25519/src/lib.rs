//! Ed25519 for Node, for keys that are used again and again: a thin face over [`seinpost_protocol::signature::tables`].
//!
//! As in the package's main module the boundary is crossed with bytes alone: JavaScript writes what a call takes to
//! [`input`]'s address, and calls with numbers. It keeps the account of which key has which slot.

use std::cell::RefCell;

use seinpost_protocol::signature::tables::{BaseTable, KeyTable};
use wasm_bindgen::prelude::wasm_bindgen;

/// How many keys have a table at a time. Each table takes 640 KiB.
const SLOTS: usize = 8;
/// A signature and a challenge, each of this many bytes.
const HALF: usize = 64;

struct State {
    input: [u8; 2 * HALF],
    base: Option<BaseTable>,
    keys: [Option<KeyTable>; SLOTS],
}

thread_local! {
    static STATE: RefCell<State> =
        const { RefCell::new(State { input: [0; 2 * HALF], base: None, keys: [const { None }; SLOTS] }) };
}

/// The address of the 128 bytes that the other functions read. It never changes; views of memory are stale after [`build`].
#[wasm_bindgen]
#[must_use]
pub fn input() -> usize {
    STATE.with_borrow(|state| state.input.as_ptr() as usize)
}

/// How many slots there are.
#[wasm_bindgen]
#[must_use]
pub fn slots() -> usize {
    SLOTS
}

/// Makes the table of the key in the input's first 32 bytes, in place of the slot's last one. Whether there is one: not for
/// a key that others must judge.
#[wasm_bindgen]
#[must_use]
pub fn build(slot: usize) -> bool {
    STATE.with_borrow_mut(|state| {
        let Some(place) = state.keys.get_mut(slot) else { return false };
        // What stood there goes first, so that its room is the new one's.
        *place = None;
        *place = state.input.first_chunk().and_then(KeyTable::new);
        if place.is_some() && state.base.is_none() {
            state.base = Some(BaseTable::new());
        }
        place.is_some()
    })
}

/// Whether the signature in the input's first 64 bytes is valid under the key of a slot. The other 64 are SHA-512 over its
/// first half, the key and the message.
#[wasm_bindgen]
#[must_use]
pub fn verify(slot: usize) -> bool {
    STATE.with_borrow(|state| {
        let key = state.keys.get(slot).and_then(Option::as_ref);
        let (Some(key), Some(base)) = (key, &state.base) else { return false };
        match (state.input.first_chunk(), state.input.last_chunk()) {
            (Some(signature), Some(challenge)) => key.verify(base, challenge, signature),
            _ => false,
        }
    })
}
