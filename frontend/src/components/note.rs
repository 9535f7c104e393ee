//! Notes: what is so, why, and what to do.

use seinpost_protocol::rest::ProblemType;
use yew::prelude::*;

use super::{Button, Said, icon, problem::said};
use crate::{
    api::ApiError,
    i18n::{Language, Text, texts::error as texts, use_language},
};

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Bad,
    Warn,
    Info,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Bad => "note--bad",
            Self::Warn => "note--warn",
            Self::Info => "note--info",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Bad | Self::Warn => "warn",
            Self::Info => "info",
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct NoteProps {
    pub(crate) tone: Tone,
    pub(crate) title: AttrValue,
    /// `alert` for what happens while one looks.
    #[prop_or_default]
    pub(crate) role: Option<&'static str>,
    /// Buttons and links.
    #[prop_or_default]
    pub(crate) acts: Option<Html>,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A note.
#[component]
pub(crate) fn Note(props: &NoteProps) -> Html {
    html! {
        <div class={classes!("note", props.tone.class())} role={props.role}>
            { icon(props.tone.icon()) }
            <div>
                <p class="note__title">{ props.title.clone() }</p>
                { props.children.clone() }
                if let Some(acts) = props.acts.clone() {
                    <div class="note__acts">{ acts }</div>
                }
            </div>
        </div>
    }
}

/// An error in the reader's language: what happened, what it means and what to do; and, where there is more to say of
/// this time, that.
pub(crate) fn explain_error(language: Language, error: &ApiError) -> (String, String, Option<Said>) {
    let own = |title: &'static Text, meaning: &'static Text| {
        (language.say(title).to_owned(), language.say(meaning).to_owned())
    };
    match error {
        ApiError::Unreachable => {
            let (title, meaning) = own(&texts::UNREACHABLE, &texts::UNREACHABLE_MEANING);
            (title, meaning, None)
        }
        ApiError::Unreadable { status, detail } => (
            language.say(&texts::UNREADABLE).to_owned(),
            language.fill(&texts::UNREADABLE_MEANING, &[("status", &status.to_string())]),
            Some(Said { text: detail.clone(), is_foreign: language != Language::English })
                .filter(|said| !said.text.is_empty()),
        ),
        ApiError::Refused(problem) => {
            let known: [(ProblemType, &'static Text, &'static Text); 11] = [
                (ProblemType::Unauthorized, &texts::UNAUTHORIZED, &texts::UNAUTHORIZED_MEANING),
                (ProblemType::Forbidden, &texts::FORBIDDEN, &texts::FORBIDDEN_MEANING),
                (ProblemType::NotFound, &texts::NOT_FOUND, &texts::NOT_FOUND_MEANING),
                (ProblemType::Conflict, &texts::CONFLICT, &texts::CONFLICT_MEANING),
                (ProblemType::PreconditionFailed, &texts::CHANGED, &texts::CHANGED_MEANING),
                (ProblemType::TooManyRequests, &texts::TOO_OFTEN, &texts::TOO_OFTEN_MEANING),
                (ProblemType::BadRequest, &texts::UNREAD, &texts::INVALID_MEANING),
                (ProblemType::TooLarge, &texts::TOO_LARGE, &texts::TOO_LARGE_MEANING),
                (ProblemType::Invalid, &texts::INVALID, &texts::INVALID_MEANING),
                (ProblemType::Internal, &texts::INTERNAL, &texts::INTERNAL_MEANING),
                (ProblemType::Unavailable, &texts::UNAVAILABLE, &texts::UNAVAILABLE_MEANING),
            ];
            let (title, meaning) = known.iter().find(|(kind, ..)| error.is(*kind)).map_or_else(
                || own(&texts::REFUSED, &texts::REFUSED_MEANING),
                |(_, title, meaning)| own(title, meaning),
            );
            (title, meaning, said(language, problem))
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ErrorNoteProps {
    pub(crate) error: ApiError,
    /// What tries again.
    #[prop_or_default]
    pub(crate) retry: Option<Callback<()>>,
}

/// A call that failed, as a note.
#[component]
pub(crate) fn ErrorNote(props: &ErrorNoteProps) -> Html {
    let language = use_language();
    let (title, meaning, detail) = explain_error(language, &props.error);
    let acts = props.retry.clone().map(|retry| {
        html! {
            <Button class="btn--s" icon="retry" onclick={move |_| retry.emit(())}>{ language.say(&texts::TRY_AGAIN) }</Button>
        }
    });
    html! {
        <Note tone={Tone::Bad} {title} role="alert" {acts}>
            if let Some(said) = detail {
                <p lang={said.is_foreign.then_some("en")} class="break">{ said.text }</p>
            }
            <p>{ meaning }</p>
        </Note>
    }
}
