//! A long text in a browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::{BEGINNING, Long};
use crate::tests::stage::*;

#[wasm_bindgen_test]
async fn the_beginning_is_shown_and_all_of_it_when_asked_for() {
    // The limit falls into the middle of a letter.
    let text = format!("{}é{}", "a".repeat(BEGINNING - 1), "z".repeat(1000));
    let stage = Stage::show(html! { <p><Long text={text.clone()} /></p> }).await;
    let all = format!("Show all {},{:03} characters", (BEGINNING + 1000) / 1000, (BEGINNING + 1000) % 1000);
    let beginning = format!("{}… {all}", "a".repeat(BEGINNING - 1));
    assert_eq!(stage.texts("p"), [beginning.as_str()]);
    let button = stage.find("button");
    button.focus().unwrap();
    button.click();
    until("all of it", || stage.texts("p") == [format!("{text} Show only the beginning")]).await;
    assert!(is_focused(&stage.find("button")));
    button.click();
    until("the beginning", || stage.texts("p") == [beginning.as_str()]).await;
    assert!(is_focused(&stage.find("button")));
}

#[wasm_bindgen_test]
async fn what_one_does_not_see_is_marked_and_json_coloured_up_to_the_cut() {
    let text = format!("{{\"a\":\"\u{200b}{}\"}}", "x".repeat(BEGINNING));
    let stage =
        Stage::show(html! { <><p><Long text={text.clone()} /></p><pre><Long {text} json={true} /></pre></> }).await;
    assert_eq!(stage.texts("p .inv"), ["<200B>"]);
    assert_eq!(stage.texts("pre .hl-k"), ["\"a\""]);
    assert_eq!(stage.texts("pre .hl-s .inv"), ["<200B>"]);
    assert_eq!(stage.all("button").len(), 2);
}

#[wasm_bindgen_test]
async fn a_text_up_to_the_limit_is_shown_whole() {
    let text = "b".repeat(BEGINNING);
    let stage = Stage::show(html! { <p><Long text={text.clone()} /></p> }).await;
    assert_eq!(stage.texts("p"), [text.as_str()]);
    assert!(stage.all("button").is_empty());
}
