//! The bytes in a browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::{hex, rows};
use crate::tests::stage::*;

#[wasm_bindgen_test]
async fn bytes_stand_in_hex_beside_text_with_the_differing_one_marked() {
    let bytes = "{\"é\":\n\"<b>\u{200b}".as_bytes();
    let stage = Stage::show(html! { <>{ hex("Body", &rows(bytes, 16, Some((18, "inv--bad")))) }</> }).await;
    // It scrolls, so it can have the focus and has a name.
    assert_eq!(stage.attribute(".hex", "tabindex").as_deref(), Some("0"));
    assert_eq!(stage.attribute(".hex", "aria-label").as_deref(), Some("Body"));
    let cells = stage.texts(".hex > span");
    assert_eq!(cells[..3], ["0010", "7b 22 c3 a9 22 3a 0a 22", "{\"é·\":↵\""]);
    assert_eq!(cells[3..], ["0018", "3c 62 3e e2 80 8b", "<b><200B>··"]);
    assert!(stage.all("b").is_empty());
    assert_eq!(stage.texts(".inv--bad"), ["c3", "é"]);
}
