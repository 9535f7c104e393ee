//! What happened to a webhook.

#[cfg(test)]
mod drawn;

use std::rc::Rc;

use seinpost_protocol::rest::{HistoryEntry, WebhookStatus};
use yew::prelude::*;

use crate::{
    api::use_api,
    components::{Ago, ErrorNote, visible},
    hooks::use_resource,
    i18n::{
        Language, Text,
        texts::{common, create, history as texts, settings},
        use_language,
    },
    pages::list::use_narrowed,
};

#[derive(Properties, PartialEq)]
pub(super) struct HistoryProps {
    pub(super) id: String,
    /// Stands for its settings: …
    pub(super) tag: Rc<str>,
    /// … where these or its status change, something has happened.
    pub(super) status: WebhookStatus,
}

/// The history of a webhook, the newest first.
#[component]
pub(super) fn History(props: &HistoryProps) -> Html {
    let language = use_language();
    let api = use_api();
    let narrowed = use_narrowed([]);
    let cursor = Some(narrowed.cursor.clone()).filter(|cursor| !cursor.is_empty());
    let page = use_resource((props.id.clone(), cursor), move |(id, cursor): &(String, Option<String>)| {
        let (api, id, cursor) = (api.clone(), id.clone(), cursor.clone());
        Box::pin(async move { api.history(&id, cursor.as_deref()).await })
    });
    let known = use_mut_ref(|| false);
    use_effect_with((props.tag.clone(), props.status), {
        let refresh = page.refresh.clone();
        move |_| {
            if known.replace(true) {
                refresh.emit(());
            }
        }
    });
    let error = page.error.clone().map(|error| html! { <ErrorNote {error} retry={page.refresh.clone()} /> });
    let Some(data) = &page.data else {
        return error.unwrap_or_else(|| html! { <div class="stack" aria-busy="true"><span class="skel skel--80"></span><span class="skel skel--60"></span></div> });
    };
    if data.data.is_empty() && !(data.next.is_none() && narrowed.cursor.is_empty()) {
        return narrowed.further(language, data);
    }
    html! {
        <section class="stack form" aria-label={language.say(&texts::TITLE)}>
            { error.unwrap_or_default() }
            <div class="tablebox">
                <table class="table table--fold" role="table">
                    <caption class="vh">{ language.say(&texts::CAPTION) }</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">{ language.say(&texts::WHEN) }</th>
                            <th role="columnheader" scope="col">{ language.say(&texts::WHAT) }</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{ for data.data.iter().map(|entry| row(language, entry)) }</tbody>
                </table>
                if data.data.is_empty() {
                    <p class="tablebox__none">{ language.say(&texts::NONE) }</p>
                }
            </div>
            { narrowed.pager(language, data) }
        </section>
    }
}

fn row(language: Language, entry: &HistoryEntry) -> Html {
    html! {
        <tr role="row">
            <td role="cell" class="tight"><Ago at={entry.at} /></td>
            <td role="cell">
                <span class="medium">{ known(&entry.kind).map_or_else(|| entry.kind.clone(), |text| language.say(text).to_owned()) }</span>
                { detail(language, entry) }
            </td>
        </tr>
    }
}

/// What more there is to say: the settings that were changed, by their names on the page; why it was switched off.
fn detail(language: Language, entry: &HistoryEntry) -> Html {
    let (text, is_foreign) = match (entry.kind.as_str(), language) {
        (_, _) if entry.detail.is_empty() => return Html::default(),
        ("changed", _) => {
            let names = entry.detail.split(", ").map(|name| match name.split_once(": ") {
                Some((name, value)) => format!("{}: {value}", setting(language, name)),
                None => setting(language, name),
            });
            (names.collect::<Vec<_>>().join(", "), false)
        }
        // An id, or a URL.
        ("created", _) | (_, Language::English) => (entry.detail.clone(), false),
        ("paused", _) => (language.say(&texts::PAUSED_DETAIL).to_owned(), false),
        ("resumed", _) => (language.say(&texts::RESUMED_DETAIL).to_owned(), false),
        ("verified", _) => (language.say(&texts::VERIFIED_DETAIL).to_owned(), false),
        ("secret-rotated", _) => (language.say(&texts::ROTATED_DETAIL).to_owned(), false),
        ("disabled", _) => {
            let gone = entry.detail.contains("410 (Gone)");
            (language.say(if gone { &texts::GONE_DETAIL } else { &texts::FAILED_DETAIL }).to_owned(), false)
        }
        _ => (entry.detail.clone(), true),
    };
    html! { <p class="table__second break" lang={is_foreign.then_some("en")}>{ visible(&text) }</p> }
}

/// A setting as the page names it, by its name in the API.
fn setting(language: Language, name: &str) -> String {
    let text = match name {
        "type" => &create::EVENTS,
        "url" => &create::URL,
        "profile" => &common::PROFILE_LABEL,
        "format" => &common::FORMAT,
        "digest_name" => &settings::DIGEST,
        "retries" => &settings::RETRIES,
        "rate" => &settings::RATE,
        "concurrency" => &settings::CONCURRENCY,
        "batch" => &settings::BATCHING,
        "headers" => &settings::HEADERS,
        "filter" => &settings::FILTER,
        "privacy" => &settings::PRIVACY,
        "diagnosis" => &settings::DIAGNOSIS,
        "operational" => &settings::OPERATIONAL,
        "client_certificate" => &settings::CERTIFICATE,
        other => return other.to_owned(),
    };
    language.say(text).to_owned()
}

/// What happened, in words; the API may know more than this does.
fn known(kind: &str) -> Option<&'static Text> {
    Some(match kind {
        "created" => &texts::CREATED,
        "verified" => &texts::VERIFIED,
        "changed" => &texts::CHANGED,
        "paused" => &texts::PAUSED,
        "resumed" => &texts::RESUMED,
        "disabled" => &texts::DISABLED,
        "secret-rotated" => &texts::ROTATED,
        _ => return None,
    })
}
