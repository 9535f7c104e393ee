//! The page as a whole: its title, what it says aloud, where its focus is.

use wasm_bindgen::JsCast;
use yew::prelude::*;

fn document() -> Option<web_sys::Document> {
    web_sys::window().and_then(|window| window.document())
}

/// Sets the title of the page.
#[hook]
pub(crate) fn use_title(title: String) {
    use_effect_with(title, |title| {
        if let Some(page) = document() {
            page.set_title(&format!("{title} · {}", platform()));
        }
    });
}

/// Whose dashboard it is, as the server wrote it into the page.
pub(crate) fn platform() -> String {
    let meta = document().and_then(|page| page.query_selector("meta[name=application-name]").ok().flatten());
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| "Seinpost".into())
}

/// Has assistive technology say something, by the page's one live region.
pub(crate) fn announce(text: &str) {
    if let Some(region) = document().and_then(|page| page.get_element_by_id("live")) {
        region.set_text_content(Some(text));
    }
}

/// Gives the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    let found = document().and_then(|page| page.get_element_by_id(id));
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that cannot have the focus keeps it where it is.
        _ = element.focus();
    }
}

/// After a change of page: up, and the focus to the content, so that a screen reader begins there.
pub(crate) fn go_to_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
    focus("main");
}
