//! The reader's own choices: theme and language.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::small_icon;
use crate::{
    app::event::{send, use_event},
    i18n::{Language, LanguageContext, texts::shell as texts, use_language},
};

/// Where the browser keeps them; `scripts/theme.js` reads them before the first paint.
const THEME: &str = "seinpost.theme";
const LANGUAGE: &str = "seinpost.language";

fn root() -> Option<web_sys::HtmlElement> {
    web_sys::window()?.document()?.document_element()?.dyn_into().ok()
}

fn keep(name: &str, value: Option<&str>) {
    // Without storage the choice lasts as long as the page.
    let Some(storage) = web_sys::window().and_then(|window| window.local_storage().ok().flatten()) else { return };
    _ = match value {
        Some(value) => storage.set_item(name, value),
        None => storage.remove_item(name),
    };
}

/// The language that the page has, as `scripts/theme.js` chose it.
pub(crate) fn language_of_page() -> Language {
    Language::from_tag(&root().map(|root| root.lang()).unwrap_or_default())
}

/// Keeps a language, and marks the page with it.
pub(crate) fn keep_language(language: Language) {
    if let Some(root) = root() {
        root.set_lang(language.tag());
    }
    keep(LANGUAGE, Some(language.tag()));
}

/// The theme that was chosen; empty for the system's.
fn theme_of_page() -> String {
    root().and_then(|root| root.dataset().get("theme")).unwrap_or_default()
}

/// Another theme was chosen: it stands in the page.
const CHOSEN: &str = "seinpost:theme";

#[derive(Properties, PartialEq)]
pub(crate) struct ThemeChoiceProps {
    /// The name of its inputs, which no other choice on the page has.
    #[prop_or("theme")]
    pub(crate) group: &'static str,
}

/// Light, dark, or as the system has it.
#[component]
pub(crate) fn ThemeChoice(props: &ThemeChoiceProps) -> Html {
    let language = use_language();
    let group = props.group;
    let theme = use_state_eq(theme_of_page);
    use_event(CHOSEN, {
        let theme = theme.clone();
        Callback::from(move |_| theme.set(theme_of_page()))
    });
    let choices = [
        ("", "auto", &texts::THEME_SYSTEM),
        ("light", "sun", &texts::THEME_LIGHT),
        ("dark", "moon", &texts::THEME_DARK),
    ];
    html! {
        <fieldset class="seg seg--s">
            <legend class="vh">{ language.say(&texts::THEME) }</legend>
            { for choices.into_iter().map(|(value, picture, text)| {
                let words = language.say(text);
                let onchange = Callback::from(move |_: Event| {
                    if let Some(root) = root() {
                        if value.is_empty() {
                            root.dataset().delete("theme");
                        } else {
                            // It fails only for a name that is none.
                            _ = root.dataset().set("theme", value);
                        }
                    }
                    keep(THEME, Some(value).filter(|value| !value.is_empty()));
                    send(CHOSEN, &wasm_bindgen::JsValue::NULL);
                });
                html! {
                    <label class="seg__item" title={words}>
                        <input class="vh" type="radio" name={group} {value} checked={*theme == value} {onchange} />
                        <span>{ small_icon(picture) }<span class="vh">{ words }</span></span>
                    </label>
                }
            }) }
        </fieldset>
    }
}

/// A link that shows this very page in the other language.
#[component]
pub(crate) fn LanguageLink() -> Html {
    let context = use_context::<LanguageContext>();
    let other = use_language().other();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(context) = &context {
            context.choose.emit(other);
        }
    });
    html! {
        <button class="link" type="button" lang={other.tag()} {onclick}>{ other.own_name() }</button>
    }
}
