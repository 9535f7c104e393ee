//! Icons: the symbols that stand once in `index.html`.

use yew::prelude::*;

/// An icon of 16 px.
pub(crate) fn icon(name: &str) -> Html {
    drawn(name, "icon")
}

/// An icon of 14 px, beside text.
pub(crate) fn small_icon(name: &str) -> Html {
    drawn(name, "icon icon--s")
}

fn drawn(name: &str, class: &'static str) -> Html {
    html! {
        <svg {class} viewBox="0 0 16 16" aria-hidden="true"><use href={format!("#i-{name}")} /></svg>
    }
}
