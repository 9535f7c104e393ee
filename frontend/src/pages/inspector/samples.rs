//! The maker of samples: signed calls of every type and profile, good ones and spoilt ones.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    components::{Button, Field, Modal, Select},
    hooks::now,
    i18n::{Text, texts::common, texts::inspector as texts, use_language},
    inspector::{SampleOf, Shared, sample},
};

const TYPES: [(&str, &Text); 7] = [
    ("bounce", &common::BOUNCE),
    ("failure", &common::FAILURE),
    ("click", &common::CLICK),
    ("open", &common::OPEN),
    ("delivery", &common::DELIVERY),
    ("abuse", &common::ABUSE),
    ("profile", &common::PROFILE),
];
const PROFILES: [(&str, &Text); 3] =
    [("cavage", &common::CAVAGE), ("standard", &common::STANDARD), ("rfc9421", &common::RFC9421)];
const FORMATS: [(&str, &Text); 2] = [("json", &common::JSON), ("form", &common::FORM)];
/// The ways to spoil a sample that every profile has.
const SPOILS: [(&str, &Text); 6] = [
    ("", &texts::SPOIL_NONE),
    ("newline", &texts::SPOIL_NEWLINE),
    ("altered", &texts::SPOIL_ALTERED),
    ("stale", &texts::SPOIL_STALE),
    ("future", &texts::SPOIL_FUTURE),
    ("forged", &texts::SPOIL_FORGED),
];

#[derive(Properties, PartialEq)]
pub(super) struct SamplesProps {
    /// The sample that was made, or none.
    pub(super) onclose: Callback<Option<Shared>>,
}

/// The dialog.
#[component]
pub(super) fn Samples(props: &SamplesProps) -> Html {
    let language = use_language();
    let asked = use_state(|| SampleOf {
        event_type: "bounce".into(),
        profile: "cavage".into(),
        format: "json".into(),
        spoil: String::new(),
        now: 0,
    });
    let problem = use_state(|| None::<String>);
    let choice = |id: &'static str,
                  label,
                  values: &[(&'static str, &'static Text)],
                  value: &str,
                  set: fn(&mut SampleOf, String)| {
        let options: Vec<(AttrValue, AttrValue)> =
            values.iter().map(|(value, text)| ((*value).into(), language.say(text).into())).collect();
        let asked = asked.clone();
        let onchange = Callback::from(move |value| {
            let mut next = (*asked).clone();
            set(&mut next, value);
            asked.set(next);
        });
        html! {
            <Field {id} label={language.say(label)}>
                <Select {id} {options} value={value.to_owned()} {onchange} />
            </Field>
        }
    };
    let onsubmit = {
        let (asked, problem, onclose) = (asked.clone(), problem.clone(), props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (problem, onclose) = (problem.clone(), onclose.clone());
            let asked = SampleOf { now: now() / 1000 * 1000, ..(*asked).clone() };
            spawn_local(async move {
                match sample(&asked).await {
                    Ok(made) => onclose.emit(Some(Shared {
                        raw: made.raw,
                        host: made.host,
                        environment: made.environment,
                        key_domain: made.key_domain,
                        arrived: made.arrived,
                        key: made.key,
                        ..Shared::default()
                    })),
                    Err(why) => problem.set(Some(why)),
                }
            });
        })
    };
    let cancel = props.onclose.reform(|()| None);
    html! {
        <Modal class="dialog" labelled_by="sample-title" onclose={cancel.clone()}>
            <form {onsubmit}>
                <div class="dialog__body">
                    <h2 id="sample-title">{ language.say(&texts::MAKE_SAMPLE) }</h2>
                    <p class="soft">{ language.say(&texts::SAMPLE_MEANING) }</p>
                    { choice("sample-type", &texts::SAMPLE_TYPE, &TYPES, &asked.event_type, |asked, value| asked.event_type = value) }
                    { choice("sample-profile", &common::PROFILE_LABEL, &PROFILES, &asked.profile, |asked, value| asked.profile = value) }
                    { choice("sample-format", &common::FORMAT, &FORMATS, &asked.format, |asked, value| asked.format = value) }
                    { choice("sample-spoil", &texts::SAMPLE_SPOIL, &SPOILS, &asked.spoil, |asked, value| asked.spoil = value) }
                    if let Some(why) = &*problem {
                        <p class="small bad break" lang="en" role="alert">{ why.clone() }</p>
                    }
                </div>
                <div class="dialog__foot">
                    <Button onclick={cancel.reform(|_: MouseEvent| ())}>{ language.say(&common::CANCEL) }</Button>
                    <Button class="btn--primary" kind="submit" icon="wand">{ language.say(&texts::MAKE_SAMPLE) }</Button>
                </div>
            </form>
        </Modal>
    }
}
