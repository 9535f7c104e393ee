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
    pages::list::use_narrowed,
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
            { narrowed.list(language, &entries, || html! { <p class="soft">{ language.say(&texts::NONE) }</p> }, |rows| table(language, rows)) }
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
                                { done(language, &entry.kind) }
                                <div class="table__second break">{ visible(entry.object.name.as_deref().unwrap_or(&entry.object.id)) }</div>
                            </td>
                            <td class="wide" data-label={language.say(&texts::CHANGES)}>{ changes(language, &entry.changes) }</td>
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

/// What was done, for people; what this dashboard does not know keeps its name for programs.
fn done(language: Language, kind: &str) -> Html {
    match DONE.iter().find(|(name, _)| *name == kind) {
        Some((_, text)) => html! { { language.say(text) } },
        None => html! { <code>{ visible(kind) }</code> },
    }
}

/// What can be done, by its name for programs.
const DONE: [(&str, &Text); 23] = [
    ("environment.created", &texts::ENVIRONMENT_CREATED),
    ("environment.renamed", &texts::ENVIRONMENT_RENAMED),
    ("token.created", &texts::TOKEN_CREATED),
    ("token.revoked", &texts::TOKEN_REVOKED),
    ("signin-link.created", &texts::SIGNIN_LINK_CREATED),
    ("session.began", &texts::SIGNED_IN),
    ("session.ended", &texts::SIGNED_OUT),
    ("key.created", &texts::KEY_CREATED),
    ("key.promoted", &texts::KEY_PROMOTED),
    ("key.retired", &texts::KEY_RETIRED),
    ("key.forgotten", &texts::KEY_FORGOTTEN),
    ("webhook.created", &texts::WEBHOOK_CREATED),
    ("webhook.verified", &texts::WEBHOOK_VERIFIED),
    ("webhook.changed", &texts::WEBHOOK_CHANGED),
    ("webhook.paused", &texts::WEBHOOK_PAUSED),
    ("webhook.resumed", &texts::WEBHOOK_RESUMED),
    ("webhook.disabled", &texts::WEBHOOK_DISABLED),
    ("webhook.secret-rotated", &texts::SECRET_ROTATED),
    ("webhook.deleted", &texts::WEBHOOK_DELETED),
    ("delivery.replayed", &texts::DELIVERY_REPLAYED),
    ("replay.created", &texts::REPLAY_CREATED),
    ("replay.stopped", &texts::REPLAY_STOPPED),
    ("webhook.waiting-sent", &texts::WAITING_SENT),
];

/// How many changes stand in a row; the rest is folded away.
const AT_ONCE: usize = 4;

fn changes(language: Language, changes: &[AuditChange]) -> Html {
    // One more takes no more room than the line that would fold it away.
    let shown = if changes.len() <= AT_ONCE + 1 { changes.len() } else { AT_ONCE };
    let (first, rest) = changes.split_at(shown);
    html! {
        <>
            { for first.iter().map(change) }
            if !rest.is_empty() {
                <details class="fold small">
                    <summary>{ language.fill(&texts::MORE, &[("n", &language.number(rest.len() as u64))]) }</summary>
                    { for rest.iter().map(change) }
                </details>
            }
        </>
    }
}

/// A field and its values: the one it got, after the one it had.
fn change(change: &AuditChange) -> Html {
    let side = |value: &serde_json::Value, class: &'static str| {
        // A text as it is, unless that would show nothing.
        let text = value.as_str().filter(|text| !text.is_empty()).map_or_else(|| value.to_string(), str::to_owned);
        html! { <span class={classes!("mono", class)}>{ visible(&text) }</span> }
    };
    let values = match (&change.before, &change.after) {
        (None, Some(value)) => side(value, ""),
        (before, after) => {
            let none = || html! { <span class="faint">{ "∅" }</span> };
            let before = before.as_ref().map_or_else(none, |value| side(value, "diff-b"));
            let after = after.as_ref().map_or_else(none, |value| side(value, "diff-a"));
            html! { <>{ before }{ " → " }{ after }</> }
        }
    };
    html! { <div class="small break"><span class="soft">{ visible(&change.field) }</span>{ ": " }{ values }</div> }
}
