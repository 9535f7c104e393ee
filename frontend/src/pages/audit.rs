//! The audit log: who changed what.

use seinpost_protocol::rest::{ActorKind, AuditActor, AuditChange, AuditEntry};
use yew::prelude::*;

use crate::{
    api::use_api,
    components::{Clocked, Select, visible},
    hooks::{use_resource, use_title},
    i18n::{
        Language, Text,
        texts::{audit as texts, common},
        use_language,
    },
    pages::list::{list, use_narrowed},
};

/// The objects whose entries can be asked for.
const OBJECTS: [(&str, &Text); 9] = [
    ("", &common::ALL),
    ("webhook", &texts::WEBHOOK),
    ("token", &texts::TOKEN),
    ("session", &texts::SESSION),
    ("signin-link", &texts::SIGNIN_LINK),
    ("key", &texts::KEY),
    ("delivery", &texts::DELIVERY),
    ("replay", &texts::REPLAY),
    ("environment", &texts::ENVIRONMENT),
];

/// The page.
#[component]
pub(crate) fn Audit() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let narrowed = use_narrowed(["kind"]);
    let api = use_api();
    let entries = use_resource(narrowed.clone(), move |narrowed| {
        let (api, narrowed) = (api.clone(), narrowed.clone());
        Box::pin(async move { api.audit(Some(&narrowed.cursor), &narrowed.pairs(&narrowed.values)).await })
    });
    let choose = {
        let narrowed = narrowed.clone();
        Callback::from(move |kind: String| narrowed.narrow(&[kind]))
    };
    let options: Vec<(AttrValue, AttrValue)> =
        OBJECTS.iter().map(|(value, text)| ((*value).into(), language.say(text).into())).collect();
    let [kind] = narrowed.values.clone();
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
                </div>
                <div class="head__acts"><Select id="kind" label={language.say(&texts::OBJECT)} {options} value={kind} onchange={choose} /></div>
            </div>
            { list(&entries, || html! { <p class="soft">{ language.say(&texts::NONE) }</p> }, |page| html! {
                <>{ table(language, &page.data) }{ narrowed.pager(language, page) }</>
            }) }
        </>
    }
}

fn table(language: Language, entries: &[AuditEntry]) -> Html {
    let head = [&common::TIME, &texts::WHO, &texts::WHAT, &texts::CHANGES];
    html! {
        <div class="tablebox">
            <table class="table table--fold">
                <caption class="vh">{ language.say(&texts::TITLE) }</caption>
                <thead><tr>{ for head.iter().map(|text| html! { <th scope="col">{ language.say(text) }</th> }) }</tr></thead>
                <tbody>
                    { for entries.iter().map(|entry| html! {
                        <tr key={entry.id.clone()}>
                            <td class="w3"><Clocked at={entry.at} /></td>
                            <td class="w3" data-label={language.say(&texts::WHO)}>{ actor(language, &entry.actor) }</td>
                            <td data-label={language.say(&texts::WHAT)}>
                                <code>{ entry.kind.clone() }</code>
                                <div class="table__second break">{ visible(entry.object.name.as_deref().unwrap_or(&entry.object.id)) }</div>
                            </td>
                            <td data-label={language.say(&texts::CHANGES)}>{ for entry.changes.iter().map(change) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn actor(language: Language, actor: &AuditActor) -> Html {
    let kind = match actor.kind {
        ActorKind::Token => &texts::TOKEN,
        ActorKind::Session => &texts::SESSION,
        ActorKind::Cli => &texts::CLI,
        ActorKind::Server => &texts::SERVER,
    };
    let name = actor.name.as_deref().or(actor.id.as_deref());
    html! {
        <>
            { language.say(kind) }
            if let Some(name) = name {
                <div class="table__second break">{ visible(name) }</div>
            }
        </>
    }
}

fn change(change: &AuditChange) -> Html {
    let side = |value: &Option<serde_json::Value>, class: &'static str| match value {
        Some(value) => html! { <span class={classes!("mono", class)}>{ visible(&value.to_string()) }</span> },
        None => html! { <span class="faint">{ "∅" }</span> },
    };
    html! {
        <div class="small break">
            <span class="soft">{ visible(&change.field) }</span>{ ": " }{ side(&change.before, "diff-b") }{ " → " }{ side(&change.after, "diff-a") }
        </div>
    }
}
