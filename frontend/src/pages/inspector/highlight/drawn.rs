//! The colours of a pasted request in a browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::highlight;
use crate::tests::stage::*;

const RAW: &str = "POST /hook?a=1&b HTTP/1.1\nHost: a.example\nSignature-Input: sig1=()\nX-Other: x\n\n{}";

/// What is tied to the parts of a signing string of these names, each with the classes that tie it.
async fn ties(raw: &str, names: &[&str]) -> Vec<(String, String)> {
    let covered: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let stage = Stage::show(html! { <pre>{ highlight(raw, &covered) }</pre> }).await;
    // Under the text field lies every one of its characters.
    assert_eq!(stage.find("pre").text_content().unwrap(), format!("{raw}\n"));
    stage.all(".tie").iter().map(|each| (text(each), each.class_name())).collect()
}

fn tied(parts: &[(String, String)]) -> Vec<(&str, &str)> {
    parts.iter().map(|(text, class)| (text.as_str(), class.strip_prefix("tie ").unwrap())).collect()
}

#[wasm_bindgen_test]
async fn derived_parts_are_tied_to_what_they_are_taken_from() {
    let found = ties(RAW, &["@method", "@target-uri", "x-other", "@signature-params"]).await;
    assert_eq!(
        tied(&found),
        [
            ("POST", "tie--1"),
            ("/hook?a=1&b", "tie--2"),
            ("a.example", "tie--2"),
            ("sig1=()", "tie--4"),
            ("x", "tie--3")
        ]
    );
    let found = ties(RAW, &["@path", "@query", "@authority", "@scheme"]).await;
    assert_eq!(tied(&found), [("/hook", "tie--1 tie--4"), ("?a=1&b", "tie--2 tie--4"), ("a.example", "tie--3")]);
}

#[wasm_bindgen_test]
async fn the_request_target_of_cavage_is_all_of_the_request_line() {
    let found = ties(RAW, &["(request-target)", "host"]).await;
    assert_eq!(tied(&found), [("POST /hook?a=1&b", "tie--1"), ("a.example", "tie--2")]);
    assert!(ties("POST", &["@path", "@query"]).await.is_empty());
}
