//! The panel of an opened delivery in a browser.
#![cfg(target_arch = "wasm32")]

use std::rc::Rc;

use seinpost_protocol::rest::{Delivery, Timestamp, Webhook};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::opened::{Loaded, Opened};
use crate::{app::Route, components::LanguageLink, hooks::now, tests::stage::*};

const WEBHOOK: &str = r#"{"id":"wh_1","type":"bounce","url":"https://hooks.example.org/mail/bounces","profile":"cavage","format":"json",
    "digest_name":"sha-256","status":"active","created":"2025-11-25T13:05:12Z","last_delivery":null,
    "verification":{"file":"smtpeter-Abc12.txt","content":"x","locations":["https://hooks.example.org/smtpeter-Abc12.txt"]}}"#;

/// Refused twice, the second time by a receiver that says why; the next attempt is in five minutes.
fn refused() -> Delivery {
    let attempt = |n: u8, status: u16, said: &str| {
        format!(
            r#"{{"n":{n},"started":"2025-11-25T13:0{n}:12Z","duration_ms":38,"request":{{"method":"POST",
            "url":"https://hooks.example.org/mail/bounces","headers":[["X-Copernica-Id","attempt-{n}"]],"body":"{{\"n\":{n}}}"}},
            "response":{{"status":{status},"headers":[],"body":{}}},"error":null}}"#,
            serde_json::Value::from(said)
        )
    };
    let next = Timestamp::from_millis(now() + 300_500);
    serde_json::from_str(&format!(
        r#"{{"id":"dlv_01JDQ7M4XYZ2RK","event":"evt_1","type":"bounce","recipient":"reader@example.net","webhook":"wh_1",
        "status":"pending","test":false,"attempts":[{},{}],"next_attempt":"{next}","created":"2025-11-25T13:00:12Z"}}"#,
        attempt(1, 503, "busy"),
        attempt(2, 401, r#"{"check":"date","skew":-312}"#),
    ))
    .unwrap()
}

#[wasm_bindgen_test]
async fn an_opened_delivery_says_why_what_is_next_and_shows_each_attempt() {
    let webhooks: Rc<Vec<Webhook>> = Rc::new(vec![serde_json::from_str(WEBHOOK).unwrap()]);
    let stage = Stage::show(html! {
        <><LanguageLink /><Loaded delivery={Rc::new(refused())} {webhooks} back={Route::Deliveries} /></>
    })
    .await;
    // The cause first, the whole path of the webhook, the id to copy.
    assert_eq!(stage.texts(".note__title"), ["Your receiver’s clock is 312 s ahead"]);
    assert_eq!(stage.texts("a.url"), ["https://hooks.example.org/mail/bounces"]);
    assert_eq!(stage.attribute("a.url", "href").as_deref(), Some("/webhooks/wh_1"));
    assert_eq!(stage.all("button[aria-label='Copy delivery id']").len(), 1);
    assert_eq!(stage.all("button[aria-label='Copy the URL']").len(), 1);
    // The next attempt on top, then the newest first, down to the event.
    let stops = stage.texts(".track__what");
    assert_eq!(stops.len(), 4);
    assert!(stops[0].contains('3') && (stops[0].contains("5 min") || stops[0].contains("4 min 59 s")), "{}", stops[0]);
    assert!(stops[1].contains("401") && stops[2].contains("503"), "{stops:?}");
    // The newest attempt shows; another one at a click, named for who does not see where the link stands.
    let request = || stage.all(".panel__part").pop().unwrap().inner_text();
    assert!(request().contains("attempt-2") && !request().contains("attempt-1"), "{}", request());
    let shows = stage.find(".track button.link");
    assert!(text(&shows).ends_with("Attempt 1"), "{}", text(&shows));
    shows.click();
    until("the first attempt shows", || request().contains("attempt-1") && !request().contains("attempt-2")).await;
    assert!(request().contains("busy"));
    // In Dutch the same stays open.
    stage.find("button.link[lang=nl]").click();
    until("it speaks Dutch", || stage.texts(".note__title") == ["De klok van uw ontvanger loopt 312 s voor"]).await;
    assert!(request().contains("attempt-1"));
    assert!(text(&stage.find(".track button.link")).ends_with("Poging 2"));
}

/// What was odd about it stood in the box of failures.
#[wasm_bindgen_test]
async fn what_is_noted_of_an_accepted_attempt_is_no_failure() {
    let note = r#"{"kind":"broken_body","detail":"The answer broke off after 3 bytes."}"#;
    for (status, tone, title) in [(200, "note--info", "Accepted all the same"), (503, "note--bad", "broke off")] {
        let mut delivery = refused();
        let attempt = delivery.attempts.last_mut().unwrap();
        attempt.response.as_mut().unwrap().status = status;
        attempt.error = Some(serde_json::from_str(note).unwrap());
        let stage = Stage::show(html! {
            <Loaded delivery={Rc::new(delivery)} webhooks={Rc::new(Vec::new())} back={Route::Deliveries} />
        })
        .await;
        let of_attempt = format!(".panel__part .{tone}");
        assert_eq!(stage.texts(&format!("{of_attempt} .note__title")), [title]);
        assert_eq!(stage.texts(&format!("{of_attempt} p:not(.note__title)")), ["The answer broke off after 3 bytes."]);
        assert_eq!(stage.all(".note--bad").is_empty(), status == 200);
    }
}

#[wasm_bindgen_test]
async fn a_replay_says_what_it_replays() {
    let original = "a[href='/deliveries/dlv_original']";
    for (replays, said) in [(Some("dlv_original".to_owned()), 1), (None, 0)] {
        let delivery = Rc::new(Delivery { replays, ..refused() });
        let stage = Stage::show(html! {
            <Loaded {delivery} webhooks={Rc::new(Vec::new())} back={Route::Deliveries} />
        })
        .await;
        assert_eq!(stage.all(original).len(), said);
        assert_eq!(stage.all("button[aria-label='Copy the original’s id']").len(), said);
        assert_eq!(stage.texts("p").iter().filter(|text| *text == "Replay of dlv_original").count(), said);
    }
}

#[wasm_bindgen_test]
async fn a_panel_takes_the_focus_says_what_went_wrong_and_closes() {
    let closed = Heard::new();
    let stage = Stage::show(html! {
        <Opened id="dlv_1" webhooks={Rc::new(Vec::new())} onclose={closed.callback(|()| "closed")} back={Route::Deliveries} />
    })
    .await;
    until("the panel has the focus", || is_focused(&stage.find("#opened"))).await;
    assert_eq!(stage.named_by("#opened", "aria-labelledby"), ["Delivery"]);
    // Nobody answers for it here: that is said in the panel, with a way to ask again.
    until("the error is told", || !stage.all(".note--bad").is_empty()).await;
    assert!(stage.all(".note--bad button").len() == 1);
    assert_eq!(stage.attribute(".split__back", "href").as_deref(), Some("/deliveries"));
    stage.find(".split__close").click();
    assert_eq!(closed.all(), ["closed"]);
}
