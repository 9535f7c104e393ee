//! What is told of another environment, in a browser.
#![cfg(target_arch = "wasm32")]

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::tests::stage::*;

fn session(environment: u64, name: &str) -> Session {
    serde_json::from_value(json!({
        "id": "ses_1", "environment": environment, "name": name, "csrf": "c", "expires": "2027-11-25T13:05:12Z",
        "key_domain": "hooks.localhost", "retry_schedule": [5], "scopes": ["admin"],
    }))
    .unwrap()
}

/// A page in the environment `Two` of a browser that showed another before, or none; at a click in one that is named anew.
#[component]
fn Here(props: &HereProps) -> Html {
    use_memo((), |()| {
        if let Some(before) = props.before {
            window().local_storage().unwrap().unwrap().set_item(SHOWN, before).unwrap();
        }
    });
    let name = use_state_eq(|| "Two");
    use_elsewhere(Some(&session(2, *name)));
    let onclick = Callback::from(move |_: MouseEvent| name.set("Renamed"));
    html! { <button {onclick}>{ "Rename" }</button> }
}

#[derive(Properties, PartialEq)]
struct HereProps {
    before: Option<&'static str>,
}

#[wasm_bindgen_test]
async fn another_environment_is_told_as_the_page_is_drawn_first_and_the_same_one_is_not() {
    let stage = Stage::show(html! { <Here before="1 One & only" /> }).await;
    let told = || stage.texts(".toasts span").concat();
    until("it is told", || {
        told().contains("This is another environment: you are in Two now, no longer in One & only.")
    })
    .await;
    assert_eq!(window().local_storage().unwrap().unwrap().get_item(SHOWN).unwrap().as_deref(), Some("2 Two"));
    drop(stage);
    for before in [Some("2 Two"), Some("2 Of old"), None] {
        let stage = Stage::show(html! { <Here {before} /> }).await;
        stage.find("button").click();
        let shown = || window().local_storage().unwrap().unwrap().get_item(SHOWN).unwrap();
        until("the new name is known", || shown().as_deref() == Some("2 Renamed")).await;
        drawn().await;
        assert_eq!(stage.texts(".toasts span"), [""; 0], "{before:?}");
    }
}
