//! What one presses: buttons, links, menus, keys.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::stage::*;
use crate::{
    app::Route,
    components::{A, Button, CopyButton, CopyId, Menu, MenuItem},
    hooks::{Hotkey, use_hotkeys},
};

#[wasm_bindgen_test]
async fn a_busy_button_keeps_its_words_and_does_nothing() {
    let clicks = Heard::new();
    let onclick = clicks.callback(|_: MouseEvent| ());
    let stage = Stage::show(html! {
        <>
            <Button id="free" icon="send" onclick={onclick.clone()}>{ "Send" }</Button>
            <Button id="busy" icon="send" busy={true} onclick={onclick.clone()}>{ "Send" }</Button>
            <Button id="off" disabled={true} {onclick}>{ "Send" }</Button>
        </>
    })
    .await;
    assert_eq!(stage.texts("button"), ["Send", "Send", "Send"]);
    assert_eq!(stage.attribute("#free", "aria-busy"), None);
    assert_eq!(stage.attribute("#busy", "aria-busy").as_deref(), Some("true"));
    // It can still have the focus: who pressed it is not thrown out of the page.
    stage.find("#busy").focus().unwrap();
    assert!(is_focused(&stage.find("#busy")));
    for id in ["#busy", "#off", "#free"] {
        stage.find(id).click();
    }
    assert_eq!(clicks.all().len(), 1);
    // No button sends a form unless it says so, and its picture is not read out.
    assert!(stage.all("button").iter().all(|button| button.get_attribute("type").as_deref() == Some("button")));
    assert!(
        stage.all("svg, .spin").iter().all(|picture| picture.get_attribute("aria-hidden").as_deref() == Some("true"))
    );
}

#[wasm_bindgen_test]
async fn a_button_without_words_has_a_name() {
    let stage = Stage::show(html! {
        <>
            <Button id="x" icon="x" label="Close" />
            <Button id="on" pressed={true}>{ "Live" }</Button>
            <Button id="out" pressed={false}>{ "Live" }</Button>
        </>
    })
    .await;
    assert_eq!(stage.attribute("#x", "aria-label").as_deref(), Some("Close"));
    assert_eq!(stage.attribute("#x", "aria-pressed"), None);
    assert_eq!(stage.attribute("#on", "aria-pressed").as_deref(), Some("true"));
    assert_eq!(stage.attribute("#out", "aria-pressed").as_deref(), Some("false"));
}

/// Stands in for the browser's clipboard, which a page without a person may not use: gives what settles a promise.
fn clipboard() -> (js_sys::Function, js_sys::Function, Heard<String>) {
    let (mut resolve, mut reject) = (None, None);
    let promise = js_sys::Promise::new(&mut |done, failed| (resolve, reject) = (Some(done), Some(failed)));
    let written = Heard::new();
    let write = written.callback(|text: String| text);
    let function = Closure::<dyn FnMut(String) -> js_sys::Promise>::new(move |text| {
        write.emit(text);
        promise.clone()
    });
    let clipboard = window().navigator().clipboard();
    js_sys::Reflect::set(&clipboard, &"writeText".into(), &function.into_js_value()).unwrap();
    (resolve.unwrap(), reject.unwrap(), written)
}

#[wasm_bindgen_test]
async fn copying_is_confirmed_only_after_it_happened() {
    let (resolve, _, written) = clipboard();
    let stage = Stage::show(html! { <CopyButton text="whsec_1" label="Copy the secret" /> }).await;
    assert_eq!(stage.attribute("button", "aria-label").as_deref(), Some("Copy the secret"));
    stage.find("button").click();
    drawn().await;
    assert_eq!(written.all(), ["whsec_1"]);
    assert_eq!(stage.attribute("button", "data-done"), None);
    assert_eq!(stage.told(), "");
    resolve.call0(&JsValue::NULL).unwrap();
    until("it says that it copied", || stage.attribute("button", "data-done").is_some()).await;
    assert_eq!(stage.told(), "Copied");
}

#[wasm_bindgen_test]
async fn what_was_not_copied_is_said() {
    let (_, reject, _) = clipboard();
    let stage = Stage::show(html! { <CopyButton text="whsec_1" label="Copy the secret">{ "Copy" }</CopyButton> }).await;
    stage.find("button").click();
    reject.call0(&JsValue::NULL).unwrap();
    until("the failure is said", || stage.told().starts_with("Not copied")).await;
    assert_eq!(stage.attribute("button", "data-done"), None);
}

#[wasm_bindgen_test]
async fn an_id_is_whole_however_it_is_cut() {
    let stage = Stage::show(html! { <CopyId id="wh_01JDH9T0C5WV" label="Copy webhook id" /> }).await;
    assert_eq!(stage.texts(".mid"), ["wh_01JDH9T0C5WV"]);
}

#[wasm_bindgen_test]
async fn a_link_goes_without_loading_and_leaves_modified_clicks_to_the_browser() {
    let stage = Stage::show(html! { <A to={Route::Keys} current={Some("page")}>{ "Keys" }</A> }).await;
    let link = stage.find("a");
    assert_eq!(link.get_attribute("href").as_deref(), Some("/keys"));
    assert_eq!(link.get_attribute("aria-current").as_deref(), Some("page"));
    let path = || window().location().pathname().unwrap();
    // What the browser would do with a click is taken from it here: it would leave the test.
    let stay = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
        let ours = event.default_prevented();
        event.prevent_default();
        js_sys::Reflect::set(&event.current_target().unwrap(), &"ours".into(), &ours.into()).unwrap();
    });
    window().add_event_listener_with_callback("click", stay.as_ref().unchecked_ref()).unwrap();
    let ours = || js_sys::Reflect::get(&window(), &"ours".into()).unwrap().is_truthy();
    for change in [
        (|init: &web_sys::MouseEventInit| init.set_ctrl_key(true)) as fn(&web_sys::MouseEventInit),
        |init| init.set_meta_key(true),
        |init| init.set_shift_key(true),
        |init| init.set_button(1),
    ] {
        click_with(&link, change);
        assert!(!ours());
        assert_eq!(path(), "/");
    }
    click_with(&link, |_| ());
    assert!(ours());
    assert_eq!(path(), "/keys");
    window().remove_event_listener_with_callback("click", stay.as_ref().unchecked_ref()).unwrap();
}

fn menu(chosen: &Heard<&'static str>) -> Html {
    let item = |text: &'static str, danger| MenuItem {
        icon: "pause",
        text: text.into(),
        danger,
        action: chosen.callback(move |()| text),
    };
    let items = vec![item("Send a test", false), item("Pause", false), item("Delete…", true)];
    html! { <Menu label="Actions for a.example" {items} /> }
}

#[wasm_bindgen_test]
async fn a_menu_is_gone_through_by_keys_and_gives_the_focus_back() {
    let chosen = Heard::new();
    let stage = Stage::show(menu(&chosen)).await;
    let button = stage.find("button");
    assert_eq!(button.get_attribute("aria-haspopup").as_deref(), Some("menu"));
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("false"));
    assert_eq!(button.get_attribute("aria-label").as_deref(), Some("Actions for a.example"));
    button.focus().unwrap();
    button.click();
    until("the menu is open", || stage.all("[role=menuitem]").len() == 3).await;
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("true"));
    assert_eq!(stage.attribute("[role=menu]", "aria-label").as_deref(), Some("Actions for a.example"));
    let items = stage.all("[role=menuitem]");
    until("its first action has the focus", || is_focused(&items[0])).await;
    // Of the actions only the one with the focus is a stop: Tab leaves the menu.
    assert!(items.iter().all(|item| item.get_attribute("tabindex").as_deref() == Some("-1")));
    let mut at = 0;
    for (key, to) in [("ArrowDown", 1), ("End", 2), ("ArrowDown", 0), ("ArrowUp", 2), ("Home", 0), ("p", 1), ("d", 2)] {
        assert!(!press(&items[at], key), "{key} scrolls the page");
        assert!(is_focused(&items[to]), "{key}");
        at = to;
    }
    press(&items[at], "Escape");
    until("the menu is closed", || stage.all("[role=menu]").is_empty()).await;
    assert!(is_focused(&button));
    assert_eq!(chosen.all(), Vec::<&str>::new());
}

#[wasm_bindgen_test]
async fn a_chosen_action_is_done_once_and_the_menu_closes() {
    let chosen = Heard::new();
    let stage = Stage::show(menu(&chosen)).await;
    stage.find("button").click();
    until("the menu is open", || stage.all("[role=menuitem]").len() == 3).await;
    stage.all("[role=menuitem]")[1].click();
    until("the menu is closed", || stage.all("[role=menu]").is_empty()).await;
    assert_eq!(chosen.all(), ["Pause"]);
    stage.find("button").click();
    until("the menu is open again", || stage.all("[role=menuitem]").len() == 3).await;
    stage.outside().focus().unwrap();
    until("a menu that lost the focus is closed", || stage.all("[role=menu]").is_empty()).await;
    assert!(is_focused(&stage.outside()));
}

#[derive(Properties, PartialEq)]
struct KeysProps {
    hear: Callback<&'static str>,
    #[prop_or_default]
    children: Html,
}

#[component]
fn Keys(props: &KeysProps) -> Html {
    let key = |keys: &'static str| {
        let hear = props.hear.clone();
        Hotkey::new(keys, move || hear.emit(keys))
    };
    use_hotkeys(vec![key("/"), key("g w"), key("w"), key("?")]);
    html! { <div>{ props.children.clone() }</div> }
}

#[wasm_bindgen_test]
async fn keys_are_silent_while_one_types_and_in_a_dialog() {
    let heard = Heard::new();
    let stage = Stage::show(html! {
        <Keys hear={heard.callback(|keys: &'static str| keys)}>
            <input id="text" /><textarea /><select></select><input id="box" type="checkbox" />
            <dialog id="dialog"><button id="within">{ "in" }</button></dialog>
        </Keys>
    })
    .await;
    let outside = stage.outside();
    for selector in ["#text", "textarea", "select"] {
        assert!(press(&stage.find(selector), "/"), "{selector}");
    }
    assert!(heard.all().is_empty());
    for change in [
        (|init: &web_sys::KeyboardEventInit| init.set_ctrl_key(true)) as fn(&web_sys::KeyboardEventInit),
        |init| init.set_alt_key(true),
        |init| init.set_meta_key(true),
        |init| init.set_is_composing(true),
    ] {
        assert!(press_with(&outside, "/", change));
    }
    assert!(heard.all().is_empty());
    assert!(!press(&outside, "/"), "the browser's own search opens as well");
    press(&stage.find("#box"), "?");
    press(&outside, "g");
    press(&outside, "w");
    press(&outside, "w");
    assert_eq!(heard.all(), ["/", "?", "g w", "w"]);
    stage.find("#dialog").set_attribute("open", "").unwrap();
    press(&stage.find("#within"), "/");
    assert_eq!(heard.all().len(), 4);
}
