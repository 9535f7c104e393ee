//! Every part in every state, in both themes: a page for those who work on the dashboard (`cargo xtask dashboard`, `/styleguide`).
//!
//! It is drawn by the components themselves, and is in no release: its words are English.

mod records;
mod specimens;

use yew::prelude::*;

use crate::{
    hooks::use_title,
    i18n::{Language, use_language},
};
use specimens::{actions, charts, code, colours, data, forms, lists, notes, overlays, states, timeline, words};

/// A theme, by its name in `data-theme`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theme {
    Light,
    Dark,
}

impl Theme {
    fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// One of two values: ids and names of groups must not stand twice on the page.
    fn pick<T>(self, light: T, dark: T) -> T {
        match self {
            Self::Light => light,
            Self::Dark => dark,
        }
    }
}

/// What a section shows, in a language and a theme.
type Specimen = fn(Language, Theme) -> Html;

/// The sections: id, title, what to know, what is shown.
const SECTIONS: [(&str, &str, &str, Specimen); 12] = [
    (
        "colour",
        "Colour",
        "One lamp a view: the primary action. Status colours always come with an icon and a word.",
        colours,
    ),
    ("type", "Type", "Six sizes; digits have one width.", words),
    ("buttons", "Button, link, menu, copy", "Busy keeps its words, and does nothing.", actions),
    (
        "form",
        "Field, select, switch, checkbox, segments",
        "What is wrong is said below the field that it is about.",
        forms,
    ),
    ("status", "Status", "A word, an icon of its own shape, a colour: any two may be lost.", states),
    ("table", "Table, pager, skeleton", "Folded into cards where its box is narrow.", lists),
    ("data", "Id, time, URL, figures", "Every time has its UTC, every id is whole.", data),
    ("charts", "Charts", "The readout follows the pointer or the arrow keys; a table stands behind.", charts),
    (
        "code",
        "Code, exchange, signing string",
        "Receivers write what they like: it is text, with the invisible marked.",
        code,
    ),
    ("track", "Timeline", "The next attempt on top, then the newest first.", timeline),
    ("notes", "Notes and messages", "What is so, why, and what to do.", notes),
    (
        "over",
        "Dialog, drawer, help, language, theme",
        "The focus is kept in, Esc closes, the focus is given back.",
        overlays,
    ),
];

/// The page.
#[component]
pub(crate) fn Styleguide() -> Html {
    let language = use_language();
    use_title("Style guide".into());
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ "Style guide" }</h1>
                    <p class="head__sub">{ "Every part in every state. What is not here, is not in the dashboard." }</p>
                </div>
            </div>
            <div class="stack stack--guide" lang="en">
                { for SECTIONS.iter().map(|(id, title, sentence, specimen)| html! {
                    <section class="sg" aria-labelledby={*id} key={*id}>
                        <h2 id={*id}>{ *title }</h2>
                        <p class="soft small prose">{ *sentence }</p>
                        <div class="sg__grid">
                            { for [Theme::Light, Theme::Dark].map(|theme| html! {
                                <div class="theme" data-theme={theme.as_str()} lang={language.tag()}>{ specimen(language, theme) }</div>
                            }) }
                        </div>
                    </section>
                }) }
            </div>
        </>
    }
}
