//! The dashboard's module with the inspector.

use wasm_bindgen::prelude::wasm_bindgen;

/// Draws its page into `root`, in the session given as JSON. The answer takes it away.
#[wasm_bindgen]
pub fn mount(root: web_sys::Element, session: Option<String>) -> js_sys::Function {
    seinpost_frontend::mount_inspector(root, session.as_deref())
}

fn main() {}
