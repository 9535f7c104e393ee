//! What the components promise to the keyboard and to screen readers, tried in a browser: `cargo xtask test --wasm`.
#![cfg(target_arch = "wasm32")]

pub(crate) mod served;
pub(crate) mod stage;

mod actions;
mod figures;
mod forms;
mod overlays;
mod resources;
mod shell;
#[cfg(debug_assertions)]
mod styleguide;
mod texts;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
