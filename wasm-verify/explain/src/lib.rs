//! All that [`seinpost_verify`] exports, and the search for what would make a refused call verify, for the option
//! `explain`. It is a module of its own because most programs never load it.

use wasm_bindgen::prelude::wasm_bindgen;

/// Searches for what would make the refused call in the input verify: causes that are certain, and signing strings to
/// be tried with the key, as JSON.
#[wasm_bindgen]
#[must_use]
pub fn explain(handle: u32, length: usize, now: f64) -> usize {
    seinpost_verify::explain_with(handle, length, now, seinpost_protocol::explain::explain)
}
