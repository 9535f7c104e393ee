//! The WebAssembly inside the entry `seinpost-verify/mail`: a thin face over [`seinpost_protocol::mail`].
//!
//! As in the package's main module the boundary is crossed with bytes alone: JavaScript writes the mail into
//! [`reserve`]d memory, calls [`diagnose`], and reads the answer's JSON where [`answer`] points. Character sets are the
//! host's: the module would weigh twice as much with their tables.

use std::cell::RefCell;

use seinpost_protocol::mail::{Charsets, Language, diagnose_with};
use wasm_bindgen::prelude::wasm_bindgen;

/// An input buffer larger than this is given back once a smaller one will do.
const KEPT_BYTES: usize = 1 << 20;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<String> = const { RefCell::new(String::new()) };
}

#[wasm_bindgen]
unsafe extern "C" {
    /// Decodes `length` bytes at `bytes` of the character set whose label stands at `label`, into the memory that
    /// [`reserve_text`] gives. Answers how many bytes of UTF-8 they are, or -1 for a set that it doesn't know.
    fn decode_text(label: usize, label_length: usize, bytes: usize, length: usize) -> i32;
}

/// The host's character sets.
struct Host;

impl Charsets for Host {
    fn decode(&self, label: &str, bytes: &[u8]) -> Option<String> {
        let length = decode_text(label.as_ptr() as usize, label.len(), bytes.as_ptr() as usize, bytes.len());
        let length = usize::try_from(length).ok()?;
        TEXT.with_borrow(|text| Some(String::from_utf8_lossy(text.get(..length)?).into_owned()))
    }
}

/// Makes room for a mail of this many bytes and tells its address. Memory may have grown: views of it are stale.
#[wasm_bindgen]
#[must_use]
pub fn reserve(length: usize) -> usize {
    INPUT.with_borrow_mut(|input| {
        if input.len() < length {
            input.resize(length.next_power_of_two(), 0);
        } else if input.len() > KEPT_BYTES && length <= KEPT_BYTES {
            input.truncate(KEPT_BYTES);
            input.shrink_to_fit();
        }
        input.as_ptr() as usize
    })
}

/// Makes room for a decoded text and tells its address.
#[wasm_bindgen]
#[must_use]
pub fn reserve_text(length: usize) -> usize {
    TEXT.with_borrow_mut(|text| {
        if text.len() < length {
            text.resize(length, 0);
        }
        text.as_ptr() as usize
    })
}

/// Diagnoses the mail in the input and answers how many bytes of JSON that takes. `language` is 1 for Dutch.
#[wasm_bindgen]
#[must_use]
pub fn diagnose(length: usize, language: u32) -> usize {
    let language = if language == 1 { Language::Dutch } else { Language::English };
    let json =
        INPUT.with_borrow(|input| diagnose_with(input.get(..length).unwrap_or_default(), &Host).to_json(language));
    ANSWER.with_borrow_mut(|answer| {
        *answer = json;
        answer.len()
    })
}

/// Where the answer of the last call stands.
#[wasm_bindgen]
#[must_use]
pub fn answer() -> usize {
    ANSWER.with_borrow(|answer| answer.as_ptr() as usize)
}
