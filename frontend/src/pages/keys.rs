//! The keys: what to publish in DNS, whether DNS shows it, and the next key.

#[cfg(test)]
mod drawn;

use seinpost_protocol::rest::{KeyShown, KeyStatus, KeysChecked, ProblemCode, PublishedKey};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    components::{Ago, Button, Code, CodeText, Copy, ErrorNote, Modal, Note, Tone, status, toast_done},
    hooks::{use_resource, use_title},
    i18n::{
        Language,
        texts::{common, keys as texts, problem as problems},
        use_language,
    },
    pages::list::list,
};

/// The keys of the environment, whether DNS shows them, and the next one.
#[component]
pub(crate) fn Keys() -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let api = use_api();
    let keys = use_resource((), {
        let api = api.clone();
        move |()| {
            let api = api.clone();
            Box::pin(async move { api.keys().await })
        }
    });
    // Another key is something else to ask for.
    let names: Vec<String> = keys.data.iter().flat_map(|keys| keys.iter().map(|key| key.keyid.clone())).collect();
    let checked = use_resource(names, move |names| {
        let (api, none) = (api.clone(), names.is_empty());
        Box::pin(async move { if none { Ok(None) } else { api.check_keys().await.map(Some) } })
    });
    let shown = checked.data.as_deref().and_then(Option::as_ref);
    let asking = checked.refreshing || (shown.is_none() && checked.error.is_none());
    html! {
        <>
            <div class="head">
                <div class="head__text">
                    <h1>{ language.say(&texts::TITLE) }</h1>
                    <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
                </div>
                <div class="head__acts">
                    <Button icon="retry" busy={asking} onclick={checked.refresh.reform(|_: MouseEvent| ())}>{ language.say(&texts::ASK_DNS) }</Button>
                </div>
            </div>
            <div class="stack form">
                if let Some(error) = checked.error.clone() {
                    <ErrorNote {error} retry={checked.refresh.clone()} />
                }
                if let Some(checked) = shown {
                    { zone_note(language, checked) }
                }
                { list(&keys, || html! { <p class="soft">{ language.say(&texts::NONE) }</p> }, |keys| {
                    keys.iter().map(|key| {
                        let shown = shown.and_then(|checked| checked.data.iter().find(|each| each.keyid == key.keyid));
                        key_view(language, key, shown.map(|each| each.shown), asking)
                    }).collect()
                }) }
                if let Some(data) = &keys.data {
                    <Rotation has_next={data.iter().any(|key| key.status == KeyStatus::Next)} changed={keys.refresh.clone()} />
                }
            </div>
        </>
    }
}

/// Who answers for the zone, and what there is to do.
fn zone_note(language: Language, checked: &KeysChecked) -> Html {
    let all_fine = checked.data.iter().all(|each| each.shown.is_fine());
    let zone = || html! { <code class="break">{ checked.zone.clone() }</code> };
    let text = match (checked.answered_here, all_fine) {
        (true, true) => &texts::ZONE_HERE,
        (true, false) => &texts::ZONE_NOT_DELEGATED,
        (false, true) => return Html::default(),
        (false, false) => &texts::ZONE_TO_PUBLISH,
    };
    if all_fine {
        return html! { <p class="soft small">{ language.rich(text, &[("zone", zone())]) }</p> };
    }
    html! {
        <Note tone={Tone::Warn} title={language.say(&texts::NOT_ALL_SHOWN)}><p>{ language.rich(text, &[("zone", zone())]) }</p></Note>
    }
}

#[derive(Properties, PartialEq)]
struct RotationProps {
    has_next: bool,
    changed: Callback<()>,
}

/// Makes the next key; or lets it sign now, which is asked first.
#[component]
fn Rotation(props: &RotationProps) -> Html {
    let language = use_language();
    let api = use_api();
    let busy = use_state_eq(|| false);
    let asked = use_state_eq(|| false);
    let problem = use_state(|| None::<ApiError>);
    let rotate = {
        let (busy, asked, problem, changed) = (busy.clone(), asked.clone(), problem.clone(), props.changed.clone());
        Callback::from(move |now: bool| {
            let (api, busy, asked, problem, changed) =
                (api.clone(), busy.clone(), asked.clone(), problem.clone(), changed.clone());
            busy.set(true);
            spawn_local(async move {
                match api.rotate_keys(now).await {
                    Ok(_) => {
                        problem.set(None);
                        toast_done(language.say(if now { &texts::SIGNS } else { &texts::MADE }));
                    }
                    Err(error) => problem.set(Some(error)),
                }
                asked.set(false);
                busy.set(false);
                // A refusal, too, can have made the next key.
                changed.emit(());
            });
        })
    };
    let ask = |on: bool| {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(on))
    };
    let refused = problem.as_ref().is_some_and(|error| error.is_coded(ProblemCode::KeyNotPublished));
    html! {
        <section class="panel" aria-labelledby="rotation-title">
            <div class="panel__head"><h2 id="rotation-title">{ language.say(&texts::ROTATION) }</h2></div>
            <div class="panel__body stack stack--tight">
                if let Some(error) = (*problem).clone() {
                    if refused {
                        <Note tone={Tone::Bad} title={language.say(&texts::REFUSED)} role="alert"><p>{ language.say(&problems::KEY_NOT_PUBLISHED) }</p></Note>
                    } else {
                        <ErrorNote {error} />
                    }
                }
                <p class="soft small prose">{ language.say(&texts::ROTATION_WHY) }</p>
                <div class="row">
                    if props.has_next {
                        <Button icon="check" busy={*busy} onclick={ask(true).reform(|_: MouseEvent| ())}>{ language.say(&texts::SIGN_NOW_ASK) }</Button>
                    } else {
                        <Button icon="plus" busy={*busy} onclick={rotate.reform(|_: MouseEvent| false)}>{ language.say(&texts::MAKE_NEXT) }</Button>
                    }
                </div>
            </div>
            if *asked {
                <Modal class="dialog" labelled_by="sign-now-title" onclose={ask(false)}>
                    <div class="dialog__body">
                        <h2 id="sign-now-title">{ language.say(&texts::SIGN_NOW_TITLE) }</h2>
                        <p>{ language.say(&texts::SIGN_NOW_MEANING) }</p>
                    </div>
                    <div class="dialog__foot">
                        <Button onclick={ask(false).reform(|_: MouseEvent| ())}>{ language.say(&common::CANCEL) }</Button>
                        <Button class="btn--primary" busy={*busy} onclick={rotate.reform(|_: MouseEvent| true)}>{ language.say(&texts::SIGN_NOW) }</Button>
                    </div>
                </Modal>
            }
        </section>
    }
}

fn key_view(language: Language, key: &PublishedKey, shown: Option<KeyShown>, asking: bool) -> Html {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let address = format!("{origin}/v1/keys/{}", key.keyid);
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
                    <dt>{ "DNS" }</dt><dd>{ in_dns(language, shown, asking) }</dd>
                    <dt>{ language.say(&texts::WITHOUT_DNS) }</dt>
                    <dd>
                        <Copy text={address.clone()} label={language.say(&common::COPY_URL)}><span class="mono break">{ address }</span></Copy>
                    </dd>
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

/// What DNS shows of a key.
fn in_dns(language: Language, shown: Option<KeyShown>, asking: bool) -> Html {
    let (picture, tone, text) = match shown {
        None if asking => {
            return html! { <span class="status"><span class="spin" aria-hidden="true"></span>{ language.say(&texts::ASKING) }</span> };
        }
        None => return html! { <span class="faint">{ "–" }</span> },
        Some(KeyShown::Yes) => ("ok", "status--ok", &texts::SHOWN),
        Some(KeyShown::No) => ("bad", "status--bad", &texts::NOT_SHOWN),
        Some(KeyShown::Another) => ("warn", "status--bad", &texts::ANOTHER_SHOWN),
        Some(KeyShown::Unknown) => ("off", "status--warn", &texts::UNKNOWN_SHOWN),
        Some(KeyShown::NotAsked) => ("skip", "", &texts::NOT_ASKED),
    };
    status(picture, tone, false, html! { { language.say(text) } })
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
