//! The pager in a browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::{hooks::use_resource, i18n::use_language, tests::stage::*};

/// Three pages.
#[component]
fn Paged() -> Html {
    let language = use_language();
    let narrowed = use_narrowed(["type"]);
    let next = match narrowed.cursor.as_str() {
        "" => Some("second"),
        "second" => Some("third"),
        _ => None,
    };
    let page = Page::<()> { data: Vec::new(), next: next.map(Into::into) };
    html! { <><p id="at">{ narrowed.cursor.clone() }</p>{ narrowed.pager(language, &page) }</> }
}

#[wasm_bindgen_test]
async fn pages_stand_in_the_address_and_back_goes_back() {
    let stage = Stage::show(html! { <Paged /> }).await;
    turn_to(&Route::Audit, "type=a%20b");
    let address = || {
        let location = window().location();
        location.pathname().unwrap() + &location.search().unwrap()
    };
    assert!(!stage.attribute("nav", "aria-label").unwrap().is_empty());
    let [newest, older] = [0, 1].map(|index| stage.all("button")[index].clone());
    let disabled = || [&newest, &older].map(|button| button.has_attribute("disabled"));
    assert_eq!(disabled(), [true, false]);
    until("it has the address", || address() == "/audit?type=a%20b").await;
    drawn().await;
    older.click();
    until("the second page is asked for", || stage.texts("#at") == ["second"]).await;
    assert_eq!((address().as_str(), disabled()), ("/audit?type=a%20b&cursor=second", [false, false]));
    older.click();
    until("the third page is asked for", || stage.texts("#at") == ["third"]).await;
    assert_eq!(disabled(), [false, true]);
    // Page by page the way it came, and all at once.
    let newer = || stage.all("button").into_iter().find(|button| text(button) == "Newer");
    newer().unwrap().click();
    until("newer is the second page", || stage.texts("#at") == ["second"]).await;
    newer().unwrap().click();
    until("newer is the first page", || stage.texts("#at") == [""]).await;
    assert!(newer().is_none(), "nothing is newer than the newest");
    turn_to(&Route::Audit, "cursor=of-a-link");
    until("a link leads to a page", || stage.texts("#at") == ["of-a-link"]).await;
    assert!(newer().is_none(), "what is newer is not known");
    turn_to(&Route::Audit, "type=a%20b&cursor=second");
    until("the second page is asked for", || stage.texts("#at") == ["second"]).await;
    older.click();
    until("the third page is asked for", || stage.texts("#at") == ["third"]).await;
    window().history().unwrap().back().unwrap();
    until("back is the second page", || stage.texts("#at") == ["second"]).await;
    newest.click();
    until("the newest page is asked for", || stage.texts("#at") == [""]).await;
    assert_eq!(address(), "/audit?type=a%20b");
}

/// A list of which nothing has been found on its first pages.
#[component]
fn Sparse() -> Html {
    let language = use_language();
    let narrowed = use_narrowed(["type"]);
    let page = use_resource(narrowed.cursor.clone(), |cursor: &String| {
        let next = match cursor.as_str() {
            "" => Some("second"),
            "second" => Some("third"),
            _ => None,
        };
        let data = if cursor == "third" { vec!["found".to_owned()] } else { Vec::new() };
        Box::pin(async move { Ok(Page { data, next: next.map(Into::into) }) })
    });
    let rows = |rows: &[String]| html! { <p id="rows">{ rows.join(" ") }</p> };
    narrowed.list(language, &page, || html! { <p id="none"></p> }, rows)
}

#[wasm_bindgen_test]
async fn where_there_may_be_more_an_empty_page_offers_to_look_further() {
    let stage = Stage::show(html! { <Sparse /> }).await;
    turn_to(&Route::Audit, "type=a");
    let offers = || stage.texts("button");
    until("it is offered, and to show all", || offers() == ["Look further", "Show all"]).await;
    assert!(stage.all("#none").is_empty(), "nobody says that there is nothing");
    stage.all("button")[0].click();
    until("it is offered again, and the way back", || {
        offers() == ["Look further", "Show all", "Newest", "Newer", "Older"]
    })
    .await;
    stage.all("button")[0].click();
    until("it is found", || stage.texts("#rows") == ["found"]).await;
}
