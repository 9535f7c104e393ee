//! axe-core over the style guide: every part in every state, in both themes and both languages.
//!
//! No release has that page, so it is drawn here, with all the styles. They and axe-core lie in `frontend/generated`, where
//! `cargo xtask test --wasm` puts them.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::stage::*;
use crate::{components::LanguageLink, pages::Styleguide};

/// What axe-core finds below the stage, a line each. A pager stands there once a theme, by the same name: that alone is not asked.
const RUN: &str = "axe.run('.root', { resultTypes: ['violations'], rules: { 'landmark-unique': { enabled: false } } }).then(({ violations }) => violations.flatMap(
    ({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`)).join('\\n'))";

async fn served(path: &str) -> String {
    let response: web_sys::Response = JsFuture::from(window().fetch_with_str(path)).await.unwrap().unchecked_into();
    assert!(response.ok(), "{path} is not there: cargo xtask test --wasm makes it");
    JsFuture::from(response.text().unwrap()).await.unwrap().as_string().unwrap()
}

async fn findings() -> String {
    let run: js_sys::Promise = js_sys::eval(RUN).unwrap().unchecked_into();
    JsFuture::from(run).await.unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn axe_finds_nothing_in_the_style_guide() {
    let style = document().create_element("style").unwrap();
    style.set_text_content(Some(&served("/generated/seinpost.css").await));
    document().document_element().unwrap().append_child(&style).unwrap();
    js_sys::eval(&served("/generated/axe.min.js").await).unwrap();
    let stage = Stage::show(html! { <main><LanguageLink /><Styleguide /></main> }).await;
    let themes = |theme: &str| stage.all(&format!(".theme[data-theme={theme}]")).len();
    until("every section is drawn", || themes("light") >= 12 && themes("light") == themes("dark")).await;
    assert_eq!(findings().await, "");
    stage.all("main > button.link")[0].click();
    until("it speaks Dutch", || stage.all(".theme[lang=nl]").len() == themes("light") + themes("dark")).await;
    assert_eq!(findings().await, "");
    // That it finds what is wrong: an input that nobody names.
    stage.find("main").insert_adjacent_html("beforeend", "<input>").unwrap();
    assert!(findings().await.starts_with("label: main > input"), "{}", findings().await);
    style.remove();
    js_sys::Reflect::delete_property(&js_sys::global(), &JsValue::from_str("axe")).unwrap();
}
