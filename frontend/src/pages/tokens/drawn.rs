//! The page of the tokens in a browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::{
    app::PartProviders,
    tests::{
        served::{Served, page_of},
        stage::*,
    },
};

#[wasm_bindgen_test]
async fn before_there_is_one_it_says_why_and_the_command_for_this_environment() {
    let _served = Served::new(|call| call.starts_with("GET /v1/tokens").then(|| page_of(&[])));
    let session: Session = serde_json::from_str(
        r#"{"environment":184,"name":"One","csrf":"c","expires":"2999-11-25T13:05:12Z","key_domain":"d","scopes":["admin"]}"#,
    )
    .unwrap();
    let stage = Stage::show(html! { <PartProviders {session}><Tokens /></PartProviders> }).await;
    until("it is said", || stage.texts(".empty .medium") == ["There is no token yet"]).await;
    assert!(stage.texts(".empty .soft")[0].starts_with("Each call of the API carries one"));
    let command = "seinpost token create --name ci --scope events:write --expires 90d --environment 184";
    assert_eq!(stage.texts(".empty pre"), [command]);
    assert_eq!(stage.attribute(".empty .copy__btn", "aria-label").as_deref(), Some("Copy the command"));
}
