//! What is told to who has come into another environment than they were in: a link says not where it leads.

#[cfg(test)]
mod drawn;

use seinpost_protocol::rest::Session;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    components::toast_done,
    i18n::{texts::sign_in as texts, use_language},
};

/// The environment that this browser showed last: its number and its name.
const SHOWN: &str = "seinpost.environment";

/// Says once that the environment of `session` is another than the one that was shown before.
#[hook]
pub(crate) fn use_elsewhere(session: Option<&Session>) {
    let language = use_language();
    use_effect_with(session.map(|session| (session.environment, session.name.clone())), move |now| {
        // Where storage is off, the name in the mast says it alone.
        let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
        if let (Some((number, name)), Some(storage)) = (now, storage) {
            let before = storage.get_item(SHOWN).ok().flatten();
            if let Some((was, before)) = before.as_deref().and_then(|before| before.split_once(' '))
                && was != number.to_string()
            {
                let text = language.fill(&texts::ELSEWHERE, &[("name", name), ("before", before)]);
                // Not at once: what shows messages stands around this, and as the page is drawn first it does not listen yet.
                spawn_local(async move { toast_done(&text) });
            }
            _ = storage.set_item(SHOWN, &format!("{number} {name}"));
        }
    });
}
