//! How many calls to expect of types of event: as many as there were of late, where that is known.

use std::rc::Rc;

use seinpost_protocol::{
    event::EventType,
    rest::{EventLoad, TypeLoad},
};
use yew::prelude::*;

use crate::{
    api::use_api,
    components::{Note, Tone, icon},
    hooks::use_resource,
    i18n::{Language, Text, texts::create as texts},
};

/// What came during the last 24 hours; nothing where it is not known yet, and where one may not know.
#[hook]
pub(super) fn use_load() -> Option<Rc<EventLoad>> {
    let api = use_api();
    let load = use_resource((), move |()| {
        let api = api.clone();
        Box::pin(async move { api.event_load().await })
    });
    load.data.clone()
}

/// What came of a type. That none came says little: one may be about to begin.
fn of(load: &EventLoad, event_type: EventType) -> Option<&TypeLoad> {
    load.types.iter().find(|each| each.count > 0 && each.event_type == event_type.as_str())
}

/// How much to expect of a type: measured, or else in general.
pub(super) fn words(
    language: Language,
    load: Option<&EventLoad>,
    event_type: EventType,
    general: &'static Text,
) -> String {
    match load.and_then(|load| of(load, event_type)) {
        Some(measured) => language.fill(&texts::IN_A_DAY, &[("n", &count(language, measured.count, measured.more))]),
        None => language.say(general).to_owned(),
    }
}

fn count(language: Language, count: u64, more: bool) -> String {
    format!("{}{}", language.number(count), if more { "+" } else { "" })
}

/// From how many calls in a minute on there is something to think about: one in a tenth of a second.
const MANY: u64 = 600;

/// What the chosen types come to.
pub(super) fn note(language: Language, load: Option<&EventLoad>, types: &[EventType]) -> Html {
    let measured: Option<Vec<_>> =
        load.filter(|_| !types.is_empty()).and_then(|load| types.iter().map(|each| of(load, *each)).collect());
    let are_many = match &measured {
        Some(measured) => measured.iter().map(|each| each.busiest_minute).sum::<u64>() >= MANY,
        None => types.iter().any(|each| matches!(each, EventType::Click | EventType::Open | EventType::Delivery)),
    };
    let (general, meaning) =
        if are_many { (&texts::MANY, &texts::MANY_MEANING) } else { (&texts::ONE_EACH, &texts::ONE_EACH_MEANING) };
    let from = measured.as_ref().map(|_| html! { <>{ language.say(&texts::MEASURED_FROM) }{ " " }</> });
    let title = measured.map_or_else(
        || language.say(general).to_owned(),
        |measured| {
            let all = measured.iter().map(|each| each.count).sum();
            let minute = measured.iter().map(|each| each.busiest_minute).sum();
            let more = measured.iter().any(|each| each.more);
            language.fill(
                &texts::MEASURED,
                &[("n", &count(language, all, more)), ("minute", &count(language, minute, more))],
            )
        },
    );
    if are_many {
        return html! { <Note tone={Tone::Warn} {title}><p>{ from }{ language.say(meaning) }</p></Note> };
    }
    html! {
        <div class="note">
            { icon("info") }
            <div><p class="note__title">{ title }</p><p>{ from }{ language.say(meaning) }</p></div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_is_said_and_else_what_is_so_in_general() {
        let load: EventLoad = serde_json::from_str(
            r#"{"from":"2025-11-24T13:05:12Z","until":"2025-11-25T13:05:12Z",
            "types":[{"type":"bounce","count":340,"more":false,"busiest_minute":7},{"type":"open","count":100000,"more":true,"busiest_minute":900},
            {"type":"click","count":0,"more":false,"busiest_minute":0}]}"#,
        )
        .unwrap();
        let say = |language, event_type| words(language, Some(&load), event_type, &texts::LOAD_MANY);
        assert_eq!(say(Language::English, EventType::Bounce), "340 in 24 h");
        assert_eq!(say(Language::Dutch, EventType::Open), "100.000+ in 24 uur");
        assert_eq!(say(Language::English, EventType::Click), "very many");
        assert_eq!(words(Language::English, None, EventType::Bounce, &texts::LOAD_FEW), "few");
    }
}
