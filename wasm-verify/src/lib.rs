//! The WebAssembly inside the npm package `seinpost-verify`: a thin face over [`seinpost_protocol`].
//!
//! The boundary is crossed once a call, with bytes alone: JavaScript writes a request into [`reserve`]d memory (its
//! layout is in [`input`]), calls [`check`], and reads the answer where the returned address points. Strings and
//! objects that wasm-bindgen would convert cost more than the verification itself. Keys and their arithmetic are the
//! host's, but for short HMACs, which are done here. The sentences of a report are made by a second call,
//! [`report`], only when somebody reads them.

#[cfg(feature = "whole")]
mod decoding;
#[cfg(feature = "whole")]
mod explaining;
mod input;
#[cfg(feature = "whole")]
mod json;
mod keys;
mod memory;
#[cfg(feature = "whole")]
mod reporting;
mod verifier;

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "whole")]
pub use explaining::{Explain, explain_with};
#[cfg(feature = "whole")]
pub use reporting::{Words, report_with};
pub use verifier::algorithm_of;

/// Gives the input to a function and answers with status 1 and what it gives, or with status 0.
#[cfg(feature = "whole")]
pub fn answer_with(length: usize, run: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> usize {
    memory::with(length, |input, out| match run(input) {
        Some(bytes) => out.answer(1, &bytes),
        None => out.answer(0, b""),
    })
}

/// Makes room for an input of this many bytes and tells its address. Memory may have grown: views of it are stale.
#[wasm_bindgen]
#[must_use]
pub fn reserve(length: usize) -> usize {
    memory::reserve(length)
}

/// Keeps the verifier that the input describes, and answers with its handle and its secrets, or with what is wrong.
#[wasm_bindgen]
#[must_use]
pub fn create(length: usize) -> usize {
    memory::with(length, verifier::create)
}

/// Forgets a verifier.
#[wasm_bindgen]
pub fn forget(handle: u32) {
    verifier::forget(handle);
}

/// Runs the checks on the request in the input. `now` is in Unix milliseconds.
#[wasm_bindgen]
#[must_use]
pub fn check(handle: u32, length: usize, now: f64) -> usize {
    memory::with(length, |bytes, out| verifier::check(handle, bytes, now, out))
}

/// Whether the call that [`check`] last gave out for its inner hash is signed: the hash is the input, 32 bytes.
#[wasm_bindgen]
#[must_use]
pub fn settle(handle: u32) -> bool {
    memory::ask(32, |inner| verifier::settle(handle, inner))
}

/// Writes the report, as JSON and in English, on the request and the answers in the input.
#[cfg(feature = "report")]
#[wasm_bindgen]
#[must_use]
pub fn report(handle: u32, length: usize, now: f64) -> usize {
    report_with::<reporting::English>(handle, length, now)
}

/// Reads the key in the input: its kind and SubjectPublicKeyInfo, or what is wrong.
#[cfg(feature = "whole")]
#[wasm_bindgen]
#[must_use]
pub fn read_key(length: usize) -> usize {
    memory::with(length, keys::read)
}

/// Decodes the body in the input, whose content type stands in its first bytes, as JSON.
#[cfg(feature = "whole")]
#[wasm_bindgen]
#[must_use]
pub fn decode(length: usize, content_type_length: usize) -> usize {
    memory::with(length, |bytes, out| decoding::decode(bytes, content_type_length, out))
}
