//! The dialog that sends many deliveries once more, in a browser.
#![cfg(target_arch = "wasm32")]

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::tests::{
    served::{Served, page_of},
    stage::*,
};

fn webhooks() -> Rc<Vec<Webhook>> {
    let one = |n: u8| {
        serde_json::from_str(&format!(
            r#"{{"id":"wh_{n}","type":"bounce","url":"https://hooks.example.org/{n}","profile":"cavage","format":"json",
            "digest_name":"sha-256","status":"active","created":"2025-11-25T13:05:12Z","last_delivery":null,
            "verification":{{"file":"f","content":"c","locations":[]}}}}"#
        ))
        .unwrap()
    };
    Rc::new([1, 2].map(one).to_vec())
}

fn replay(webhook: &str, id: &str, state: &str, made: u32) -> String {
    format!(
        r#"{{"id":"{id}","webhook":"{webhook}","which":"failed","state":"{state}","made":{made},"created":"2025-11-25T13:05:12Z"}}"#
    )
}

fn dialog(webhook: Option<&str>, filter: Filter) -> Html {
    html! {
        <ReplayMany webhook={webhook.map(str::to_owned)} webhooks={webhooks()} {filter} onclose={Callback::noop()} />
    }
}

fn value(stage: &Stage, selector: &str) -> String {
    stage.find(selector).unchecked_into::<web_sys::HtmlSelectElement>().value()
}

#[wasm_bindgen_test]
async fn what_is_under_way_shows_as_the_dialog_opens_and_is_told_as_stopped_where_it_is() {
    let stopped = Rc::new(Cell::new(false));
    let served = Served::new({
        let stopped = stopped.clone();
        move |call| match call {
            "GET /v1/webhooks/wh_1/replays" => {
                let state = if stopped.get() { "stopped" } else { "running" };
                Some(page_of(&[replay("wh_1", "rpl_2", state, 7), replay("wh_1", "rpl_1", "done", 3)]))
            }
            "DELETE /v1/webhooks/wh_1/replays/rpl_2" => {
                stopped.set(true);
                Some(String::new())
            }
            _ => None,
        }
    });
    let mut stage = Stage::show(dialog(Some("wh_1"), Filter::default())).await;
    until("it shows how far it has come", || stage.texts("p[role=status]") == ["7 deliveries made so far"]).await;
    assert!(stage.all("input[type=radio]").is_empty());
    // Closed and opened again it is there still, with its button.
    stage.strike();
    let stage = Stage::show(dialog(Some("wh_1"), Filter::default())).await;
    until("it is there again", || stage.all(".btn--danger").len() == 1).await;
    stage.find(".btn--danger").click();
    until("it has stopped", || stage.texts("p[role=status]") == ["Stopped after 7 deliveries; these go on"]).await;
    assert_eq!(stage.told(), "Stopped after 7 deliveries; these go on");
    assert!(stage.all(".btn--danger").is_empty());
    assert_eq!(served.asked("DELETE "), 1);
}

#[wasm_bindgen_test]
async fn one_that_is_begun_is_told_as_done_and_what_is_done_is_not_shown_again() {
    let served = Served::new(|call| match call {
        "GET /v1/webhooks/wh_1/replays" => Some(page_of(&[replay("wh_1", "rpl_1", "done", 3)])),
        "POST /v1/webhooks/wh_1/replays" => Some(replay("wh_1", "rpl_1", "running", 0)),
        _ => None,
    });
    let stage = Stage::show(dialog(Some("wh_1"), Filter::default())).await;
    until("it was looked for", || served.asked("GET ") == 1).await;
    drawn().await;
    assert_eq!(stage.all("input[type=radio]").len(), 2);
    stage.find(".btn--primary").click();
    until("it is done", || stage.texts("p[role=status]") == ["Done: 3 new deliveries"]).await;
    assert_eq!(stage.told(), "Done: 3 new deliveries");
}

#[wasm_bindgen_test]
async fn the_webhook_and_the_time_are_those_that_the_log_shows() {
    let _served = Served::new(|call| match call {
        "GET /v1/webhooks/wh_1/replays" => Some(page_of(&[replay("wh_1", "rpl_1", "running", 1)])),
        "GET /v1/webhooks/wh_2/replays" => Some(page_of(&[])),
        _ => None,
    });
    let filter = Filter { webhook: "wh_2".into(), time: "7d".into(), ..Filter::default() };
    let stage = Stage::show(dialog(None, filter)).await;
    assert_eq!((value(&stage, "#replay-webhook"), value(&stage, "#replay-time")), ("wh_2".into(), "7d".into()));
    // Another webhook has one under way, which keeps nobody from beginning one here.
    let choose = |id: &str| {
        let select = stage.find("#replay-webhook").unchecked_into::<web_sys::HtmlSelectElement>();
        select.set_value(id);
        happen(&select, "change");
    };
    choose("wh_1");
    until("it shows", || stage.texts("p[role=status]") == ["1 delivery made so far"]).await;
    choose("wh_2");
    until("it is asked again", || stage.all("input[type=radio]").len() == 2).await;
    // Where the log has no time, or one of its own, it is the last day.
    for time in ["", "range"] {
        let filter = Filter { webhook: "wh_2".into(), time: time.into(), ..Filter::default() };
        let stage = Stage::show(dialog(None, filter)).await;
        assert_eq!((value(&stage, "#replay-webhook"), value(&stage, "#replay-time")), ("wh_2".into(), "24h".into()));
    }
}
