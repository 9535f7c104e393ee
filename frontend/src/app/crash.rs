//! What a reader sees should the dashboard itself fail.

use crate::{components::language_of_page, i18n::texts::error as texts};

/// Shows a panic in words, where otherwise a page would merely stop answering.
pub(crate) fn show_panics() {
    std::panic::set_hook(Box::new(|info| {
        let page = web_sys::window().and_then(|window| window.document());
        let Some((page, body)) = page.and_then(|page| page.body().map(|body| (page, body))) else { return };
        let language = language_of_page();
        let Ok(note) = page.create_element("div") else { return };
        note.set_class_name("note note--bad crash");
        // Written with as little as possible: nothing else of the dashboard can be relied on any more.
        for (tag, class, text) in [
            ("p", "note__title", language.say(&texts::CRASH).to_owned()),
            ("p", "", language.say(&texts::CRASH_MEANING).to_owned()),
            ("code", "break", info.to_string()),
        ] {
            if let Ok(part) = page.create_element(tag) {
                part.set_class_name(class);
                part.set_text_content(Some(&text));
                _ = note.append_child(&part);
            }
        }
        _ = note.set_attribute("role", "alert");
        _ = body.append_child(&note);
    }));
}
