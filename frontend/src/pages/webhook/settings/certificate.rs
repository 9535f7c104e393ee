//! The certificate with which calls prove who makes them (mutual TLS).

use std::rc::Rc;

use seinpost_protocol::rest::{ClientCertificate, NewClientCertificate, Webhook};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::ask::{Question, ask};
use crate::{
    api::{ApiError, use_api},
    components::{Ago, Button, Copy, ErrorNote, LeaveGuard, TextField, text_field, toast_done},
    hooks::focus,
    i18n::{Language, texts::settings as texts, use_language},
};

#[derive(Properties, PartialEq)]
pub(super) struct CertificateProps {
    pub(super) webhook: Rc<Webhook>,
    pub(super) refresh: Callback<()>,
}

/// How far removing has come. It is one value, so that the dialog has closed as the focus goes on.
#[derive(Clone, Copy, Default, PartialEq)]
enum Removing {
    #[default]
    No,
    Asked,
    Done,
}

/// The way to put a certificate there.
const PUT: &str = "certificate-put";

/// What there is of a certificate, and how to put one there or take it away.
#[component]
pub(super) fn Certificate(props: &CertificateProps) -> Html {
    let language = use_language();
    let api = use_api();
    let certificate = use_state_eq(String::new);
    let key = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let error = use_state(|| None::<ApiError>);
    let removing = use_state_eq(Removing::default);
    let change = {
        let (certificate, key, busy, error) = (certificate.clone(), key.clone(), busy.clone(), error.clone());
        let removing = removing.clone();
        let (id, refresh) = (props.webhook.id.clone(), props.refresh.clone());
        Callback::from(move |put: bool| {
            let (api, id, refresh) = (api.clone(), id.clone(), refresh.clone());
            let (certificate, key, busy, error) = (certificate.clone(), key.clone(), busy.clone(), error.clone());
            let removing = removing.clone();
            busy.set(true);
            spawn_local(async move {
                let new = NewClientCertificate { certificate: (*certificate).clone(), key: (*key).clone() };
                let answer = if put { api.put_certificate(&id, &new).await } else { api.remove_certificate(&id).await };
                busy.set(false);
                match answer {
                    Ok(()) => {
                        // What was typed is not what was removed.
                        if put {
                            certificate.set(String::new());
                            key.set(String::new());
                        } else {
                            removing.set(Removing::Done);
                        }
                        error.set(None);
                        let text = if put { &texts::CERTIFICATE_SAVED } else { &texts::CERTIFICATE_REMOVED };
                        toast_done(language.say(text));
                        refresh.emit(());
                    }
                    Err(failed) => error.set(Some(failed)),
                }
            });
        })
    };
    let set_removing = |to: Removing| {
        let (removing, error) = (removing.clone(), error.clone());
        Callback::from(move |()| {
            error.set(None);
            removing.set(to);
        })
    };
    // The button that asked goes with the certificate.
    use_effect_with(*removing, |removing| {
        if *removing == Removing::Done {
            focus(PUT);
        }
    });
    let asking = *removing == Removing::Asked;
    let question = Question {
        title: &texts::CERTIFICATE_REMOVE_TITLE,
        meaning: &[&texts::CERTIFICATE_REMOVE_MEANING, &texts::CERTIFICATE_REMOVE_KEY],
        deed: &texts::CERTIFICATE_REMOVE,
        class: "btn--destroy",
        busy: *busy,
        error: error.as_ref(),
    };
    let typed = !certificate.trim().is_empty() || !key.trim().is_empty();
    let complete = !certificate.trim().is_empty() && !key.trim().is_empty();
    let field = |id, label, value: &UseStateHandle<String>| {
        let set = value.clone();
        let field = TextField { id, label: language.say(label), value, rows: Some("4"), ..TextField::default() };
        text_field(field, Callback::from(move |text| set.set(text)))
    };
    html! {
        <section class="panel" aria-labelledby="certificate-title">
            <LeaveGuard changes={if typed { language.say(&texts::CERTIFICATE) } else { "" }} />
            <div class="panel__head"><h2 id="certificate-title">{ language.say(&texts::CERTIFICATE) }</h2></div>
            <div class="panel__body stack">
                <p class="soft small prose">{ language.say(&texts::CERTIFICATE_WHY) }</p>
                if let Some(error) = (*error).clone().filter(|_| !asking) {
                    <ErrorNote {error} />
                }
                if let Some(certificate) = &props.webhook.client_certificate {
                    { shown(language, certificate) }
                    <div class="row">
                        <Button icon="trash" busy={*busy} onclick={set_removing(Removing::Asked).reform(|_: MouseEvent| ())}>
                            { language.say(&texts::CERTIFICATE_REMOVE_ASK) }
                        </Button>
                    </div>
                }
                <details class="fold">
                    <summary id={PUT}>
                        { language.say(if props.webhook.client_certificate.is_some() { &texts::CERTIFICATE_REPLACE } else { &texts::CERTIFICATE_ADD }) }
                    </summary>
                    <div class="stack gap">
                        { field("certificate", &texts::CERTIFICATE_PEM, &certificate) }
                        { field("certificate-key", &texts::CERTIFICATE_KEY, &key) }
                        <div class="row">
                            <Button busy={*busy} disabled={!complete} onclick={change.reform(|_: MouseEvent| true)}>{ language.say(&texts::CERTIFICATE_SAVE) }</Button>
                        </div>
                    </div>
                </details>
            </div>
            if asking {
                { ask(language, &question, &set_removing(Removing::No), &change.reform(|()| false)) }
            }
        </section>
    }
}

fn shown(language: Language, certificate: &ClientCertificate) -> Html {
    html! {
        <dl class="kv">
            <dt>{ language.say(&texts::CERTIFICATE_SUBJECT) }</dt><dd class="break">{ certificate.subject.clone() }</dd>
            <dt>{ language.say(&texts::CERTIFICATE_ISSUER) }</dt><dd class="break">{ certificate.issuer.clone() }</dd>
            <dt>{ language.say(&texts::CERTIFICATE_ENDS) }</dt><dd><Ago at={certificate.not_after} /></dd>
            <dt>{ "SHA-256" }</dt>
            <dd>
                <Copy text={certificate.sha256.clone()} label={language.say(&texts::CERTIFICATE_COPY)}>
                    <span class="mono break">{ certificate.sha256.clone() }</span>
                </Copy>
            </dd>
        </dl>
    }
}
