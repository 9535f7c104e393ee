//! The two fields that creating and changing a webhook share: how calls are signed, and how bodies are written.

use seinpost_protocol::rest::{BodyFormat, Profile};
use yew::prelude::*;

use crate::{
    components::Select,
    i18n::{Language, Text, texts::common},
};

/// The profile and the format; `id` is the id of the first.
pub(super) fn signing_fields(
    language: Language,
    id: &'static str,
    (profile, set_profile): (Profile, Callback<Profile>),
    (format, set_format): (BodyFormat, Callback<BodyFormat>),
) -> Html {
    let choose = Callback::from(move |name: String| {
        if let Some(profile) = Profile::ALL.into_iter().find(|each| each.as_str() == name) {
            set_profile.emit(profile);
        }
    });
    let one = |value: BodyFormat, text: &'static Text| {
        let onchange = set_format.reform(move |_: Event| value);
        html! {
            <label class="seg__item">
                <input class="vh" type="radio" name="format" checked={format == value} {onchange} /><span>{ language.say(text) }</span>
            </label>
        }
    };
    html! {
        <div class="fields">
            <div class="field">
                <label class="field__label" for={id}>{ language.say(&common::PROFILE_LABEL) }</label>
                <Select {id} options={profiles(language)} value={profile.as_str()} onchange={choose} />
            </div>
            <div class="field" role="radiogroup" aria-labelledby={format!("{id}-format")}>
                <span class="field__label" id={format!("{id}-format")}>{ language.say(&common::FORMAT) }</span>
                <span class="seg">{ one(BodyFormat::Json, &common::JSON) }{ one(BodyFormat::Form, &common::FORM) }</span>
            </div>
        </div>
    }
}

/// The profiles, for a list to choose from.
fn profiles(language: Language) -> Vec<(AttrValue, AttrValue)> {
    Profile::ALL
        .into_iter()
        .map(|profile| {
            let words = language.say(match profile {
                Profile::Cavage => &common::CAVAGE,
                Profile::Standard => &common::STANDARD,
                Profile::Rfc9421 => &common::RFC9421,
            });
            (profile.as_str().into(), words.into())
        })
        .collect()
}
