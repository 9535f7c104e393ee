//! The keys: what to publish in DNS.

use seinpost_protocol::rest::{KeyStatus, PublishedKey};
use yew::prelude::*;

use crate::{
    api::use_api,
    components::{Ago, Code, CodeText, Copy, ErrorNote, status},
    hooks::{use_resource, use_title},
    i18n::{Language, texts::keys as texts, use_language},
};

/// The keys of the environment.
#[component]
pub(crate) fn Keys() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let api = use_api();
    let keys = use_resource((), move |()| {
        let api = api.clone();
        Box::pin(async move { api.keys().await })
    });
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
                </div>
            </div>
            <div class="stack form">
                if let Some(error) = keys.error.clone() {
                    <ErrorNote {error} retry={keys.refresh.clone()} />
                }
                { match &keys.data {
                    None => html! { <span class="skel skel--80"></span> },
                    Some(keys) if keys.is_empty() => html! { <p class="soft">{ language.say(&texts::NONE) }</p> },
                    Some(keys) => keys.iter().map(|key| key_view(language, key)).collect(),
                } }
            </div>
        </>
    }
}

fn key_view(language: Language, key: &PublishedKey) -> Html {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let zone = zone_line(&key.keyid, &key.dns);
    html! {
        <section class="panel" key={key.keyid.clone()} aria-labelledby={format!("key-{}", key.keyid)}>
            <div class="panel__head">
                <h2 id={format!("key-{}", key.keyid)}>
                    <Copy text={key.keyid.clone()} label={language.say(&texts::COPY_NAME)}><span class="mono break">{ key.keyid.clone() }</span></Copy>
                </h2>
                { state(language, key.status) }
            </div>
            <div class="panel__body stack stack--tight">
                <dl class="kv">
                    <dt>{ language.say(&texts::SINCE) }</dt><dd><Ago at={key.since} /></dd>
                    if let Some(until) = key.until {
                        <dt>{ language.say(&texts::UNTIL) }</dt><dd><Ago at={until} /></dd>
                    }
                    <dt>{ language.say(&texts::WITHOUT_DNS) }</dt><dd class="mono">{ format!("{origin}/v1/keys/{}", key.keyid) }</dd>
                </dl>
                <Code class="code--s" head={html! { { language.say(&texts::RECORD) } }}
                    code={CodeText::Plain(key.dns.clone().into())} copy={language.say(&texts::COPY_RECORD)} />
                <details class="fold">
                    <summary>{ language.say(&texts::ZONE) }</summary>
                    <Code class="code--s gap" code={CodeText::Plain(zone.into())} copy={language.say(&texts::COPY_ZONE)} />
                </details>
            </div>
        </section>
    }
}

fn state(language: Language, key_status: KeyStatus) -> Html {
    let (picture, tone, text) = match key_status {
        KeyStatus::Next => ("next", "status--info", &texts::NEXT),
        KeyStatus::Current => ("ok", "status--ok", &texts::CURRENT),
        KeyStatus::Retired => ("off", "", &texts::RETIRED),
    };
    status(picture, tone, true, html! { { language.say(text) } })
}

/// The record as a line of a zone file (RFC 1035 §5.1): strings of at most 255 bytes.
fn zone_line(name: &str, record: &str) -> String {
    let mut strings = Vec::new();
    let mut rest = record;
    while !rest.is_empty() {
        // A DKIM record is ASCII; anything else is cut between characters.
        let mut end = rest.len().min(255);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (string, after) = rest.split_at(end);
        strings.push(format!("\"{}\"", string.replace('\\', r"\\").replace('"', "\\\"")));
        rest = after;
    }
    format!("{name}. 3600 IN TXT ( {} )", strings.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_record_is_several_strings() {
        let record = format!("v=DKIM1;k=rsa;p={}", "A".repeat(392));
        let line = zone_line("s._domainkey.example.com", &record);
        let strings: Vec<_> = line.split('"').skip(1).step_by(2).filter(|string| !string.trim().is_empty()).collect();
        assert_eq!(strings.concat(), record);
        assert!(strings.iter().all(|string| string.len() <= 255));
        assert!(line.starts_with("s._domainkey.example.com. 3600 IN TXT ( \"v=DKIM1"));
    }
}
