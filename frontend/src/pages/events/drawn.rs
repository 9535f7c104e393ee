//! The page of the events in a browser.
#![cfg(target_arch = "wasm32")]

use std::cell::Cell;

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::{
    components::LanguageLink,
    tests::{
        served::{Served, page_of},
        stage::*,
    },
};

fn event(n: u32, kind: &str) -> String {
    format!(
        r#"{{"id":"evt_{n}","type":"{kind}","message":"msg-{n}","recipient":"reader@example.net","tags":[],
        "occurred":null,"created":"2025-11-25T13:05:12Z"}}"#
    )
}

fn detail(status: &str) -> String {
    format!(
        r#"{{"event":{},"body":"{{\"id\":\"msg-1\"}}\n","diagnosable":false,"more_deliveries":false,"deliveries":[
        {{"id":"dlv_1","webhook":"wh_1","status":"{status}","attempts":1,"response_status":null,"next_attempt":null,
        "created":"2025-11-25T13:05:12Z"}}]}}"#,
        event(1, "open")
    )
}

/// Comes back into sight: then what is asked again and again is asked at once.
fn look() {
    let init = web_sys::EventInit::new();
    document().dispatch_event(&web_sys::Event::new_with_event_init_dict("visibilitychange", &init).unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn new_events_and_what_becomes_of_the_open_one_show_by_themselves() {
    let count = Rc::new(Cell::new(0));
    let served = Served::new({
        let count = count.clone();
        move |call| match call {
            "GET /v1/events/evt_1" => Some(detail(if count.get() > 1 { "delivered" } else { "pending" })),
            call if call.starts_with("GET /v1/events?") => {
                let rows: Vec<_> = (1..=count.get()).rev().map(|n| event(n, "failure")).collect();
                Some(page_of(&rows))
            }
            call if call.starts_with("GET /v1/webhooks") => Some(page_of(&[])),
            _ => None,
        }
    });
    let stage = Stage::show(html! { <><LanguageLink /><Events open={Some("evt_1".to_owned())} /></> }).await;
    until("there is none yet", || stage.texts(".empty .medium") == ["No event has been handed in yet"]).await;
    count.set(1);
    look();
    until("the first one shows", || stage.all("tbody tr").len() == 1).await;
    until("its delivery waits", || stage.texts("#opened .status") == ["Waiting"]).await;
    count.set(2);
    look();
    until("the second one shows", || stage.all("tbody tr").len() == 2).await;
    until("it was delivered", || stage.texts("#opened .status") == ["Delivered"]).await;
    // The type is named as in the list of webhooks, the ids and the event itself can be copied.
    stage.find("button.link[lang=nl]").click();
    until("it speaks Dutch", || stage.texts("tbody td:nth-child(2)") == ["mislukking", "mislukking"]).await;
    assert_eq!(stage.all("#opened button[aria-label='Id van de aflevering kopiëren']").len(), 1);
    assert_eq!(stage.all("#opened .code button[aria-label='Gebeurtenis kopiëren']").len(), 1);
    // An older page stands still.
    go_to("/events?cursor=older");
    until("it is asked for", || served.asked("GET /v1/events?limit=50&cursor=older") == 1).await;
    drawn().await;
    look();
    drawn().await;
    assert_eq!(served.asked("GET /v1/events?limit=50&cursor=older"), 1);
}
