//! The page of the keys in a browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::tests::stage::*;

#[wasm_bindgen_test]
async fn each_name_and_address_of_a_key_can_be_copied() {
    let key: PublishedKey = serde_json::from_str(
        r#"{"keyid":"s._domainkey.example.com","dns":"v=DKIM1;k=rsa;p=AA","status":"current","since":"2025-11-25T13:05:12Z","until":null}"#,
    )
    .unwrap();
    let stage = Stage::show(key_view(Language::English, &key, Some(KeyShown::Yes), false)).await;
    let labels: Vec<_> = stage.all(".copy__btn").iter().filter_map(|each| each.get_attribute("aria-label")).collect();
    assert_eq!(labels, ["Copy the record’s name", "Copy the URL", "Copy the record", "Copy the line"]);
    let origin = window().location().origin().unwrap();
    assert_eq!(stage.texts("dd .copy"), [format!("{origin}/v1/keys/s._domainkey.example.com")]);
}
