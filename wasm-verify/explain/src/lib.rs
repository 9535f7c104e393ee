//! All that [`seinpost_verify`] exports; the search for what would make a refused call verify, for the option `explain`;
//! and reports in Dutch and with the next steps. It is a module of its own because most programs never load it.

use seinpost_protocol::verify::{Language, NextStep, Note, Reason};
use seinpost_verify::Words;
use wasm_bindgen::prelude::wasm_bindgen;

/// Searches for what would make the refused call in the input verify: causes that are certain, and signing strings to
/// be tried with the key, as JSON.
#[wasm_bindgen]
#[must_use]
pub fn explain(handle: u32, length: usize, now: f64) -> usize {
    seinpost_verify::explain_with(handle, length, now, seinpost_protocol::explain::explain)
}

/// Writes what [`seinpost_verify::report`] writes, in the language that the input asks for and with what to do about each
/// check that failed.
#[wasm_bindgen]
#[must_use]
pub fn report_in_full(handle: u32, length: usize, now: f64) -> usize {
    seinpost_verify::report_with::<InFull>(handle, length, now)
}

/// The next steps in English, a line each in the order of their numbers: the package keeps them beside the smaller modules.
#[wasm_bindgen]
#[must_use]
pub fn next_steps() -> usize {
    let lines = NextStep::ALL.map(|step| step.text(Language::English)).join("\n");
    seinpost_verify::answer_with(0, |_| Some(lines.into_bytes()))
}

struct InFull;

impl Words for InFull {
    fn reason(reason: &Reason, language: Language) -> String {
        reason.text(language)
    }

    fn note(note: &Note, language: Language) -> String {
        note.text(language)
    }

    fn next_step(step: NextStep, language: Language) -> Option<&'static str> {
        Some(step.text(language))
    }
}
