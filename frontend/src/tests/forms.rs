//! What one fills in and chooses.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::stage::*;
use crate::{
    components::{Field, LanguageLink, Select, TextField, ThemeChoice, segments, switch, text_field},
    i18n::{texts::common, use_language},
};

#[wasm_bindgen_test]
async fn a_field_is_named_by_its_label_and_described_by_hint_and_error() {
    let typed = Heard::new();
    let field = TextField {
        id: "rate",
        label: "Rate",
        hint: Some("Deliveries a second."),
        value: "0",
        error: Some("At 0 nothing would be sent."),
        numeric: true,
        ..TextField::default()
    };
    let stage = Stage::show(text_field(field, typed.callback(|text: String| text))).await;
    assert_eq!(stage.texts("label[for=rate]"), ["Rate"]);
    assert_eq!(stage.attribute("#rate", "aria-invalid").as_deref(), Some("true"));
    assert_eq!(stage.named_by("#rate", "aria-describedby"), ["Deliveries a second.", "At 0 nothing would be sent."]);
    assert_eq!(stage.attribute("#rate", "inputmode").as_deref(), Some("numeric"));
    type_into(&stage.find("#rate"), "12");
    assert_eq!(typed.all(), ["12"]);
}

#[wasm_bindgen_test]
async fn a_field_without_fault_says_nothing_of_one() {
    let field = TextField { id: "name", label: "Name", value: "é", rows: Some("3"), ..TextField::default() };
    let stage = Stage::show(text_field(field, Callback::noop())).await;
    assert_eq!(stage.attribute("#name", "aria-invalid"), None);
    assert_eq!(stage.attribute("#name", "aria-describedby"), None);
    assert_eq!(stage.find("textarea").unchecked_into::<web_sys::HtmlTextAreaElement>().value(), "é");
    assert_eq!(Field::described_by("name", false, true).as_deref(), Some("name-error"));
}

#[wasm_bindgen_test]
async fn a_choice_from_a_list_is_named_and_tells_its_value() {
    let chosen = Heard::new();
    let options = vec![("json".into(), "JSON".into()), ("form".into(), "form".into())];
    let stage = Stage::show(html! {
        <Select id="format" label="Format" {options} value="form" onchange={chosen.callback(|value: String| value)} />
    })
    .await;
    let select: web_sys::HtmlSelectElement = stage.find("#format").unchecked_into();
    assert_eq!(stage.texts("label[for=format]"), ["Format"]);
    assert_eq!(select.value(), "form");
    select.set_value("json");
    happen(&select, "change");
    assert_eq!(chosen.all(), ["json"]);
}

#[component]
fn Choices() -> Html {
    let (on, size) = (use_state(|| false), use_state(|| 1));
    let set_on = {
        let on = on.clone();
        Callback::from(move |value| on.set(value))
    };
    let set_size = {
        let size = size.clone();
        Callback::from(move |value| size.set(value))
    };
    html! {
        <>
            { switch(*on, html! { { "Batch" } }, set_on) }
            { segments("size", "Size", "", *size, &[(1, "One"), (2, "Two")], &set_size) }
        </>
    }
}

#[wasm_bindgen_test]
async fn switches_and_segments_are_the_browsers_own_inputs() {
    let stage = Stage::show(html! { <Choices /> }).await;
    let checked = |selector: &str| stage.find(selector).unchecked_into::<web_sys::HtmlInputElement>().checked();
    assert_eq!(stage.attribute(".switch input", "role").as_deref(), Some("switch"));
    assert_eq!(stage.texts("label.switch"), ["Batch"]);
    stage.find(".switch input").click();
    until("the switch is on", || checked(".switch input")).await;
    assert_eq!(stage.texts("fieldset > legend"), ["Size"]);
    // One group of radio buttons: arrows move in it, Tab passes it.
    assert!(stage.all(".seg input").iter().all(|input| input.get_attribute("type").as_deref() == Some("radio")));
    assert!(checked(".seg label:nth-of-type(1) input"));
    stage.find(".seg label:nth-of-type(2) input").click();
    until("the other is chosen", || checked(".seg label:nth-of-type(2) input")).await;
    assert!(!checked(".seg label:nth-of-type(1) input"));
}

#[component]
fn Worded() -> Html {
    let language = use_language();
    html! { <><p id="word">{ language.say(&common::CANCEL) }</p><LanguageLink /></> }
}

#[wasm_bindgen_test]
async fn another_language_is_chosen_at_once_and_kept() {
    let stage = Stage::show(html! { <Worded /> }).await;
    let page = document().document_element().unwrap();
    assert_eq!(stage.texts("#word"), ["Cancel"]);
    // It is named in itself, and marked as such, so that it is pronounced as it should be.
    assert_eq!(stage.texts("button.link"), ["Nederlands"]);
    assert_eq!(stage.attribute("button.link", "lang").as_deref(), Some("nl"));
    stage.find("button.link").click();
    until("the words are Dutch", || stage.texts("#word") == ["Annuleren"]).await;
    assert_eq!(page.get_attribute("lang").as_deref(), Some("nl"));
    assert_eq!(
        window().local_storage().unwrap().unwrap().get_item("seinpost.language").unwrap().as_deref(),
        Some("nl")
    );
    assert_eq!(stage.texts("button.link"), ["English"]);
    stage.find("button.link").click();
    until("the words are English", || stage.texts("#word") == ["Cancel"]).await;
}

#[wasm_bindgen_test]
async fn a_theme_is_chosen_kept_and_given_back_to_the_system() {
    let stage = Stage::show(html! { <ThemeChoice /> }).await;
    let page = document().document_element().unwrap();
    let kept = || window().local_storage().unwrap().unwrap().get_item("seinpost.theme").unwrap();
    assert_eq!(stage.texts("legend"), ["Theme"]);
    // Each has words, be it that they are only heard.
    assert!(stage.texts("label").iter().all(|words| !words.is_empty()));
    stage.find("input[value=dark]").click();
    until("it is dark", || page.get_attribute("data-theme").as_deref() == Some("dark")).await;
    assert_eq!(kept().as_deref(), Some("dark"));
    stage.find("input[value='']").click();
    until("it is as the system has it", || !page.has_attribute("data-theme")).await;
    assert_eq!(kept(), None);
}
