//! Asks before something is done that takes something away.

use yew::prelude::*;

use crate::{
    api::ApiError,
    components::{Button, ErrorNote, Modal},
    i18n::{Language, Text, texts::common},
};

/// What is asked: the deed, and what it takes away.
pub(super) struct Question<'a> {
    pub(super) title: &'static Text,
    pub(super) meaning: &'a [&'static Text],
    pub(super) deed: &'static Text,
    /// `btn--destroy` where it cannot be had back.
    pub(super) class: &'static str,
    pub(super) busy: bool,
    /// Why it was not done.
    pub(super) error: Option<&'a ApiError>,
}

/// The dialog, open as long as it stands. `keep` closes it, `act` does what is asked about.
pub(super) fn ask(language: Language, question: &Question<'_>, keep: &Callback<()>, act: &Callback<()>) -> Html {
    let Question { title, meaning, deed, class, busy, error } = *question;
    html! {
        <Modal class="dialog" labelled_by="ask-title" onclose={keep.clone()}>
            <div class="dialog__body">
                <h2 id="ask-title">{ language.say(title) }</h2>
                { for meaning.iter().map(|each| html! { <p key={each.en}>{ language.say(each) }</p> }) }
                if let Some(error) = error.cloned() {
                    <ErrorNote {error} />
                }
            </div>
            <div class="dialog__foot">
                <Button onclick={keep.reform(|_: MouseEvent| ())}>{ language.say(&common::KEEP_IT) }</Button>
                <Button {class} {busy} onclick={act.reform(|_: MouseEvent| ())}>{ language.say(deed) }</Button>
            </div>
        </Modal>
    }
}
