//! What every page stands in.

use seinpost_protocol::rest::{Session, Webhook};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::stage::*;
use crate::{
    app::{PartProviders, Route, SessionContext, SessionState},
    components::{FailingCount, Shell, tell_failing},
};

#[wasm_bindgen_test]
async fn the_way_to_the_content_comes_first_and_goes_there() {
    let stage = Stage::show(html! { <Shell route={Route::Inspector}><h1>{ "Inspector" }</h1></Shell> }).await;
    assert_eq!(stage.all("a, button").first().map(text).as_deref(), Some("Skip to content"));
    stage.find(".skip").click();
    assert!(is_focused(&stage.find("main")));
    assert_eq!(stage.texts("main"), ["Inspector"]);
    // The page that one is on is told, and the regions have names.
    assert_eq!(stage.texts("nav [aria-current=page]"), ["Inspector"]);
    assert!(stage.all("nav").iter().all(|nav| nav.has_attribute("aria-label")));
    assert_eq!(stage.attribute("p#live", "aria-live").as_deref(), Some("polite"));
}

#[wasm_bindgen_test]
async fn a_question_mark_opens_the_help_and_the_menu_says_whether_it_is_open() {
    let stage = Stage::show(html! { <Shell route={Route::Inspector} /> }).await;
    let menu = stage.find(".side__menu");
    assert_eq!(menu.get_attribute("aria-expanded").as_deref(), Some("false"));
    assert_eq!(menu.get_attribute("aria-controls").map(|id| stage.all(&format!("#{id}")).len()), Some(1));
    menu.click();
    until("the menu is open", || menu.get_attribute("aria-expanded").as_deref() == Some("true")).await;
    press(&stage.find("main"), "?");
    until("the help is open", || stage.all("dialog[open]").len() == 1).await;
}

#[wasm_bindgen_test]
async fn j_and_k_step_through_the_rows() {
    let rows = |name: &'static str| html! { <tr><td><a class="tablelink" href="#x">{ name }</a></td></tr> };
    let stage = Stage::show(html! {
        <Shell route={Route::Webhooks}><table><tbody>{ rows("a") }{ rows("b") }</tbody></table></Shell>
    })
    .await;
    let main = stage.find("main");
    let links = stage.all(".tablelink");
    for (key, at) in [("j", 0), ("j", 1), ("j", 1), ("k", 0)] {
        press(&main, key);
        assert!(is_focused(&links[at]), "{key}");
    }
}

#[wasm_bindgen_test]
async fn a_row_is_one_stop_however_many_links_it_has() {
    let rows = |name: &'static str, last: &'static str| {
        html! {
            <tr>
                <td><a class="tablelink" href="#x">{ name }</a><button type="button">{ "Copy" }</button></td>
                <td><a class="tablelink" href="#y">{ last }</a></td>
            </tr>
        }
    };
    let stage = Stage::show(html! {
        <Shell route={Route::Webhooks}>
            <table><tbody><tr aria-hidden="true"><td></td></tr>{ rows("a", "1 s ago") }{ rows("b", "2 s ago") }</tbody></table>
        </Shell>
    })
    .await;
    let main = stage.find("main");
    let links = stage.all("td:first-child .tablelink");
    for (key, at) in [("k", 1), ("k", 0), ("k", 0), ("j", 1), ("j", 1)] {
        press(&main, key);
        assert!(is_focused(&links[at]), "{key}");
    }
    // From anything in a row it goes to the next one.
    stage.all("button[type=button]").into_iter().find(|button| text(button) == "Copy").unwrap().focus().unwrap();
    press(&main, "j");
    assert!(is_focused(&links[1]));
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_said_in_the_bar_of_a_narrow_screen_too() {
    let session: Session = serde_json::from_str(
        r#"{"environment":1,"name":"One","csrf":"c","expires":"2999-11-25T13:05:12Z","key_domain":"d","scopes":["admin"]}"#,
    )
    .unwrap();
    for connected in [true, false] {
        let context = SessionContext {
            state: SessionState::SignedIn(std::rc::Rc::new(session.clone())),
            ended: false,
            connected,
            signed_in: Callback::noop(),
            sign_out: Callback::noop(),
            again: Callback::noop(),
        };
        let stage = Stage::show(html! {
            <ContextProvider<SessionContext> {context}><Shell route={Route::Keys} /></ContextProvider<SessionContext>>
        })
        .await;
        let said = [stage.texts(".side__top [role=alert]"), stage.texts(".side__foot .live")];
        if connected {
            assert_eq!(said, [vec![], vec!["Connected".to_owned()]]);
        } else {
            assert_eq!(said, [["No connection".to_owned()], ["No connection, trying again".to_owned()]]);
        }
    }
}

#[wasm_bindgen_test]
async fn the_navigation_says_how_many_webhooks_fail_to_those_who_may_see_them() {
    let webhook = |failing: &str| -> Webhook {
        serde_json::from_str(&format!(
            r#"{{"id":"wh_1","type":"bounce","url":"https://a.example/","profile":"cavage","format":"json",
            "digest_name":"sha-256","status":"active","created":"2025-11-25T13:05:12Z","last_delivery":null,
            "verification":{{"file":"f","content":"c","locations":[]}}{failing}}}"#
        ))
        .unwrap()
    };
    let failure = r#","failing":{"since":"2025-11-25T13:05:12Z","delivery":null,"response_status":null,"error":null,
        "refused":null,"next_attempt":null}"#;
    let session = |scope: &str| -> Session {
        serde_json::from_str(&format!(
            r#"{{"environment":1,"name":"One","csrf":"c","expires":"2999-11-25T13:05:12Z","key_domain":"d","scopes":["{scope}"]}}"#
        ))
        .unwrap()
    };
    for scope in ["webhooks:read", "events:write"] {
        let stage = Stage::show(html! {
            <PartProviders session={session(scope)}><p id="count"><FailingCount page={Route::Webhooks.page()} /></p></PartProviders>
        })
        .await;
        let count = || stage.texts("#count")[0].clone();
        assert_eq!(count(), "");
        tell_failing(&[webhook(failure), webhook(""), webhook(failure)]);
        if scope == "webhooks:read" {
            until("two fail", || count() == "2 failing").await;
            tell_failing(&[webhook("")]);
            until("none fails", || count().is_empty()).await;
        } else {
            drawn().await;
            assert_eq!(count(), "");
        }
    }
}
