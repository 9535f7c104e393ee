//! Receivers to copy, in five languages.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    components::{Code, CodeText},
    i18n::{texts::inspector as texts, use_language},
    inspector::receiver,
};

/// The languages, and the ends of their files' names.
const LANGUAGES: [(&str, &str); 5] =
    [("JavaScript", "mjs"), ("Python", "py"), ("PHP", "php"), ("Rust", "rs"), ("Go", "go")];

#[derive(Properties, PartialEq)]
pub(super) struct ReceiversProps {
    /// The profile whose receivers are shown.
    pub(super) profile: String,
}

/// The panel. A source is loaded when it is looked at.
#[component]
pub(super) fn Receivers(props: &ReceiversProps) -> Html {
    let language = use_language();
    let open = use_state_eq(|| false);
    let chosen = use_state_eq(|| 0_usize);
    // With its own title: another one shows until the source that was chosen has come.
    let source = use_state(|| None::<(String, Result<String, String>)>);
    let (name, ending) = LANGUAGES[*chosen];
    // The package's own does every profile; by hand there is one for each.
    let (profile, title) = match (ending, props.profile.as_str()) {
        ("mjs", _) => ("any", name.to_owned()),
        (_, profile) => (profile, format!("{name} · {profile}")),
    };
    let file = format!("{profile}.{ending}");
    // What Standard Webhooks sign names no host and no environment, and has no digest of its own.
    let meaning = match props.profile.as_str() {
        "standard" => &texts::RECEIVER_SHARED,
        _ => &texts::RECEIVER_MEANING,
    };
    {
        let source = source.clone();
        use_effect_with((*open, file.clone(), title), move |(open, file, title)| {
            let (file, title) = (file.clone(), title.clone());
            let is_chosen = Rc::new(Cell::new(*open));
            if *open {
                let is_chosen = is_chosen.clone();
                spawn_local(async move {
                    let came = receiver(&file).await;
                    // It may be late, and another one chosen since.
                    if is_chosen.get() {
                        source.set(Some((title, came)));
                    }
                });
            }
            move || is_chosen.set(false)
        });
    }
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |_: Event| open.set(true))
    };
    html! {
        <details class="panel fold" {ontoggle}>
            <summary class="panel__head"><h2>{ language.say(&texts::RECEIVER) }</h2></summary>
            <div class="panel__body stack stack--tight">
                <p class="small soft">{ language.say(meaning) }</p>
                <fieldset class="seg seg--s">
                    <legend class="vh">{ language.say(&texts::RECEIVER_LANGUAGE) }</legend>
                    { for LANGUAGES.iter().enumerate().map(|(index, (name, ending))| {
                        let picked = chosen.clone();
                        let onchange = Callback::from(move |_: Event| picked.set(index));
                        html! {
                            <label class="seg__item" key={*ending}>
                                <input class="vh" type="radio" name="receiver" value={*ending} checked={*chosen == index} {onchange} />
                                <span>{ *name }</span>
                            </label>
                        }
                    }) }
                </fieldset>
                { match &*source {
                    // Until it is opened nothing is on its way.
                    None if !*open => Html::default(),
                    None => html! { <span class="skel skel--80"></span> },
                    Some((title, Ok(text))) => html! {
                        <Code class="code--s" head={html! { { title.clone() } }} code={CodeText::Plain(text.clone().into())} copy={language.say(&texts::COPY_RECEIVER)} />
                    },
                    Some((_, Err(why))) => html! { <p class="small bad break" lang="en">{ why.clone() }</p> },
                } }
            </div>
        </details>
    }
}
