//! What is told to who has just come into another environment: the page is loaded anew, and nothing else outlives that.

use yew::prelude::*;

use crate::{
    components::toast_done,
    i18n::{texts::sign_in as texts, use_language},
};

/// The name of the environment that was left, until it is told.
const LEFT: &str = "seinpost.left";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// The environment of this name was left for another.
pub(crate) fn left(name: &str) {
    // Where storage is off, the name in the mast says it alone.
    if let Some(storage) = storage() {
        _ = storage.set_item(LEFT, name);
    }
}

/// Says once, in the environment `name`, that another one was left for it.
#[hook]
pub(crate) fn use_elsewhere(name: Option<&str>) {
    let language = use_language();
    use_effect_with(name.map(str::to_owned), move |name| {
        let left = storage().and_then(|storage| Some((storage.get_item(LEFT).ok()??, storage)));
        if let (Some(name), Some((before, storage))) = (name, left) {
            _ = storage.remove_item(LEFT);
            toast_done(&language.fill(&texts::ELSEWHERE, &[("name", name), ("before", &before)]));
        }
    });
}
