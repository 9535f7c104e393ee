//! Text from elsewhere: shown whole, as text, whatever stands in it.

use seinpost_protocol::rest::ResponseRecord;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::stage::*;
use crate::{
    components::{Code, CodeText, glance, response_view, signing_string, url, visible},
    i18n::Language,
};

const HOSTILE: &str = r#"<img src=x onerror=alert(1)><script>alert(1)</script>&amp;"'"#;

#[wasm_bindgen_test]
async fn what_one_does_not_see_is_marked_and_named() {
    let stage = Stage::show(html! { <p>{ visible("a\u{200b}b\u{202e}\u{a0}\0") }</p> }).await;
    let names: Vec<_> = stage.all(".inv").iter().map(|mark| mark.get_attribute("title").unwrap()).collect();
    assert_eq!(names, ["U+200B", "U+202E", "U+00A0", "U+0000"]);
    assert_eq!(stage.texts("p"), ["a<200B>b<202E>⍽␀"]);
}

#[wasm_bindgen_test]
async fn a_row_shows_the_beginning_of_a_long_text() {
    // The limit falls into the middle of a letter.
    let (short, long) = ("a".repeat(200), format!("\0{}é{}", "b".repeat(198), "c".repeat(100_000)));
    let stage = Stage::show(html! { <><p>{ glance(&short) }</p><p>{ glance(&long) }</p></> }).await;
    assert_eq!(stage.texts("p"), [short, format!("␀{}…", "b".repeat(198))]);
    assert_eq!(stage.all("p .inv").len(), 1);
}

#[wasm_bindgen_test]
async fn hostile_markup_is_text_wherever_a_receiver_can_write() {
    for body in [HOSTILE.to_owned(), format!(r#"{{"{0}":["{0}"]}}"#, HOSTILE.replace('"', "\\\""))] {
        let response = ResponseRecord {
            status: 500,
            headers: vec![("x-say".into(), HOSTILE.into())],
            body: Some(body.clone()),
            body_encoding: None,
            truncated: false,
        };
        let stage = Stage::show(response_view(Language::English, &response)).await;
        assert!(stage.all("img, script, pre a").is_empty());
        let shown = stage.texts("pre").remove(0);
        assert!(shown.contains(HOSTILE), "{shown}");
        assert!(shown.contains("500 Internal Server Error"));
    }
}

/// What a receiver answered, on a stage.
async fn answered(body: &str) -> Stage {
    let response = ResponseRecord {
        status: 200,
        headers: Vec::new(),
        body: Some(body.into()),
        body_encoding: None,
        truncated: false,
    };
    Stage::show(response_view(Language::English, &response)).await
}

#[wasm_bindgen_test]
async fn json_is_laid_out_or_as_it_came() {
    let body = r#"{"n":9007199254740993.10}"#;
    let stage = answered(body).await;
    assert!(stage.texts("pre")[0].contains("\"n\": 9007199254740993.10"));
    stage.find("button.link").click();
    until("it is as it came", || stage.texts("pre")[0].contains(body)).await;
}

#[wasm_bindgen_test]
async fn raw_json_marks_what_one_does_not_see_between_its_pieces_and_after_it() {
    let body = "{\r\n\t\"a\":\u{a0}1 }\n";
    let stage = answered(body).await;
    assert_eq!(stage.texts("pre .inv"), ["⍽"], "laid out it has a space of its own");
    stage.find("button.link").click();
    until("the marks are there", || stage.texts("pre .inv") == ["␍", "↵", "⇥", "⍽", "↵"]).await;
    // The lines still break, and its pieces keep their colours.
    assert!(stage.find("pre").text_content().unwrap().ends_with("{␍↵\n⇥\"a\":⍽1 }↵\n"));
    assert_eq!(stage.texts("pre .hl-k"), ["\"a\""]);
}

#[wasm_bindgen_test]
async fn the_parts_of_a_signing_string_are_counted_and_can_be_reached() {
    let stage = Stage::show(signing_string("(request-target): post /hook\nhost: a.example\nx: \u{200b}")).await;
    assert_eq!(stage.all("ol > li").len(), 3);
    let parts = stage.all("li .tie");
    assert!(parts.iter().all(|part| part.get_attribute("tabindex").as_deref() == Some("0")));
    assert_eq!(parts.iter().map(text).collect::<Vec<_>>(), ["post /hook", "a.example", "<200B>"]);
}

#[wasm_bindgen_test]
async fn code_can_be_copied_whole() {
    let stage = Stage::show(html! {
        <Code head={html! { { "Command" } }} code={CodeText::Plain("curl 'x'".into())} copy="Copy the command" />
    })
    .await;
    assert_eq!(stage.texts("pre"), ["curl 'x'"]);
    assert_eq!(stage.attribute("button", "aria-label").as_deref(), Some("Copy the command"));
}

#[wasm_bindgen_test]
async fn a_url_is_whole_and_breaks_at_its_slashes() {
    let address = "https://hooks.example.org/mail/bounces?a=<b>";
    let stage = Stage::show(html! { <p>{ url(address) }</p> }).await;
    assert_eq!(stage.texts("p"), [address]);
    assert_eq!(stage.texts(".url__host"), ["hooks.example.org"]);
    assert_eq!(stage.all("wbr").len(), 3);
}
