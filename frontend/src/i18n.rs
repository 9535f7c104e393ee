//! The words of the dashboard, in English and Dutch.
//!
//! Every sentence is a [`Text`]: both languages side by side, so that neither can be missing. Places for values are
//! written `{name}`, and a word that depends on a number `{name?one|other}` (English and Dutch have the same two
//! plural forms). Tests see to it that both languages have the same places, and that every text is used.

pub(crate) mod moment;
pub(crate) mod number;
mod template;
pub(crate) mod texts;

use yew::prelude::*;

use template::{Piece, pieces};

/// A sentence in both languages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) en: &'static str,
    pub(crate) nl: &'static str,
}

/// A language of the dashboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Dutch,
}

impl Language {
    /// The tag of BCP 47.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Dutch => "nl",
        }
    }

    /// From a tag; English for every other language.
    pub(crate) fn from_tag(tag: &str) -> Self {
        if tag == "nl" { Self::Dutch } else { Self::English }
    }

    /// The other one.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::English => Self::Dutch,
            Self::Dutch => Self::English,
        }
    }

    /// Its name in itself.
    pub(crate) fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Dutch => "Nederlands",
        }
    }

    /// A sentence without places for values.
    pub(crate) fn say(self, text: &'static Text) -> &'static str {
        match self {
            Self::English => text.en,
            Self::Dutch => text.nl,
        }
    }

    /// A sentence with its values put in.
    pub(crate) fn fill(self, text: &'static Text, values: &[(&str, &str)]) -> String {
        let value = |name: &str| values.iter().find(|(each, _)| *each == name).map_or("", |(_, value)| *value);
        pieces(self.say(text))
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Value(name) => value(name),
                Piece::Plural { name, one, other } => {
                    if value(name) == "1" {
                        one
                    } else {
                        other
                    }
                }
            })
            .collect()
    }

    /// A sentence with markup put in: an address, a file name, a link.
    pub(crate) fn rich(self, text: &'static Text, values: &[(&str, Html)]) -> Html {
        pieces(self.say(text))
            .map(|piece| match piece {
                Piece::Text(text) => html! { { text } },
                Piece::Value(name) | Piece::Plural { name, .. } => {
                    values.iter().find(|(each, _)| *each == name).map(|(_, value)| value.clone()).unwrap_or_default()
                }
            })
            .collect()
    }
}

/// The language of the page, and how to change it.
#[derive(Clone, PartialEq)]
pub(crate) struct LanguageContext {
    pub(crate) language: Language,
    pub(crate) choose: Callback<Language>,
}

/// The language of the page.
#[hook]
pub(crate) fn use_language() -> Language {
    use_context::<LanguageContext>().map(|context| context.language).unwrap_or_default()
}

#[cfg(test)]
mod tests;
