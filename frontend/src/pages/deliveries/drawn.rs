//! The pager in a browser.
#![cfg(target_arch = "wasm32")]

use seinpost_protocol::rest::{Delivery, Page};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::pager;
use crate::{i18n::use_language, tests::stage::*};

/// Three pages: the cursors of the ones gone to are kept.
#[component]
fn Paged() -> Html {
    let language = use_language();
    let cursors = use_state(Vec::<String>::new);
    let next = ["second", "third"].get(cursors.len()).map(|cursor| (*cursor).to_owned());
    let page = Page::<Delivery> { data: Vec::new(), next };
    html! { <><p id="at">{ cursors.join(" ") }</p>{ pager(language, &page, &cursors) }</> }
}

#[wasm_bindgen_test]
async fn pages_are_gone_through_by_their_cursors_and_back() {
    let stage = Stage::show(html! { <Paged /> }).await;
    assert!(!stage.attribute("nav", "aria-label").unwrap().is_empty());
    let [newer, older] = [0, 1].map(|index| stage.all("button")[index].clone());
    let disabled = || [&newer, &older].map(|button| button.has_attribute("disabled"));
    assert_eq!(disabled(), [true, false]);
    older.click();
    until("the second page is asked for", || stage.texts("#at") == ["second"]).await;
    assert_eq!(disabled(), [false, false]);
    older.click();
    until("the third page is asked for", || stage.texts("#at") == ["second third"]).await;
    assert_eq!(disabled(), [false, true]);
    newer.click();
    until("the second page is asked for again", || stage.texts("#at") == ["second"]).await;
}
