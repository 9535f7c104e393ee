//! The history of a webhook in a browser.
#![cfg(target_arch = "wasm32")]

use std::cell::Cell;

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::tests::{
    served::{Served, page_of},
    stage::*,
};

/// A page whose webhook is paused at a click, as in its head.
#[component]
fn Paused() -> Html {
    let paused = use_state_eq(|| false);
    let (tag, status) = if *paused { ("\"v2\"", WebhookStatus::Paused) } else { ("\"v1\"", WebhookStatus::Active) };
    let onclick = Callback::from(move |_: MouseEvent| paused.set(true));
    html! { <><button id="pause" {onclick}>{ "Pause" }</button><History id="wh_1" tag={Rc::from(tag)} {status} /></> }
}

#[wasm_bindgen_test]
async fn what_was_just_done_shows_and_stands_where_it_cannot_be_asked_again() {
    let done = Rc::new(Cell::new(vec!["created"]));
    let served = Served::new({
        let done = done.clone();
        move |call| {
            let kinds = done.take();
            let entry = |kind: &&str| format!(r#"{{"at":"2025-11-25T13:05:12Z","kind":"{kind}","detail":""}}"#);
            let rows: Vec<_> = kinds.iter().map(entry).collect();
            (call.starts_with("GET /v1/webhooks/wh_1/history?") && !rows.is_empty()).then(|| page_of(&rows))
        }
    });
    let stage = Stage::show(html! { <Paused /> }).await;
    until("it shows", || stage.texts("tbody .medium") == ["Created"]).await;
    assert_eq!(served.asked("GET "), 1);
    done.set(vec!["paused", "created"]);
    stage.find("#pause").click();
    until("what was done shows", || stage.texts("tbody .medium") == ["Paused", "Created"]).await;
    assert_eq!(served.asked("GET "), 2);
}
