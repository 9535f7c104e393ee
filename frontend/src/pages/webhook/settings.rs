//! What can be changed of a webhook, and the way to delete it.

mod ask;
mod certificate;
mod fields;
mod form;
mod meanwhile;
mod preview;
mod secret;

use std::rc::Rc;

use seinpost_protocol::rest::{InvalidOption, ProblemType, Profile, VariableProblem, Webhook};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::delete::use_delete;
use crate::{
    api::{ApiError, Tagged, use_api},
    components::{Button, ErrorNote, LeaveGuard, toast_done, words_of_code},
    hooks::focus,
    i18n::{
        Language, Text,
        texts::{common, settings as texts},
        use_language,
    },
    pages::webhooks::submit_at_ctrl_enter,
};
use certificate::Certificate;
use fields::{Fields, has_field};
use form::{Form, Unreadable};
use meanwhile::{Meanwhile, meanwhile_note, use_meanwhile};
use preview::PreviewNote;
pub(in crate::pages) use secret::made_secret;
use secret::{HASH_KEY, MADE, Secret, hash_key};

#[derive(Clone, Properties, PartialEq)]
pub(super) struct SettingsProps {
    pub(super) webhook: Rc<Webhook>,
    /// Stands for its settings: what is saved is saved only if they are these still.
    pub(super) tag: Rc<str>,
    pub(super) changed: Callback<Tagged<Webhook>>,
    pub(super) refresh: Callback<()>,
}

#[component]
pub(super) fn Settings(props: &SettingsProps) -> Html {
    let language = use_language();
    let webhook = &props.webhook;
    let form = use_state(|| Form::of(webhook));
    let (deleting, delete) = use_delete(webhook);
    let meanwhile = use_meanwhile(webhook, &form);
    let saving = use_save(props, &form, &meanwhile);
    let changes = form.changes(webhook);
    let mut wrong = problems(language, &form);
    let is_wrong = !wrong.is_empty();
    if !is_wrong {
        wrong = refused(language, (*saving.error).as_ref());
    }
    let onsubmit = {
        let (save, cannot) = (saving.save.clone(), form.types.is_empty() || is_wrong);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if cannot {
                focus_wrong();
            } else {
                save.emit(());
            }
        })
    };
    let fields = Fields { language, form: form.clone(), wrong };
    let previewed = changes.iter().any(|name| PREVIEWED.iter().any(|each| std::ptr::eq(*each, *name)));
    html! {
        <div class="stack form">
            <form class="stack" id="settings" aria-label={language.say(&texts::TITLE)} {onsubmit} onkeydown={submit_at_ctrl_enter} novalidate={true}>
                if let Some(error) = (*saving.error).clone().filter(|error| !is_at_fields(error)) {
                    <div id={ERROR} tabindex="-1"><ErrorNote {error} /></div>
                }
                { meanwhile_note(language, &meanwhile, &changes) }
                if let Some(secret) = (*saving.secret).clone() {
                    { made_secret(language, secret) }
                }
                if let Some(key) = (*saving.hash_key).clone() {
                    { hash_key(language, key) }
                }
                { section(language, "where", &texts::WHERE, fields.where_and_what()) }
                { section(language, "filter", &texts::FILTER, html! {
                    <>
                        { fields.filter() }
                        if previewed {
                            <PreviewNote form={(*form).clone()} />
                        }
                    </>
                }) }
                { section(language, "pace", &texts::PACE, fields.pace()) }
                { section(language, "content", &texts::CONTENT, fields.content()) }
            </form>
            if webhook.profile == Profile::Standard {
                <Secret webhook={webhook.clone()} />
            }
            <Certificate webhook={webhook.clone()} refresh={props.refresh.clone()} />
            <section class="panel" aria-labelledby="remove-title">
                <div class="panel__head"><h2 id="remove-title">{ language.say(&texts::REMOVE) }</h2></div>
                <div class="panel__body row row--apart">
                    <p class="soft small prose">{ language.say(&texts::REMOVE_MEANING) }</p>
                    <Button class="btn--danger" icon="trash" onclick={delete.reform(|_: MouseEvent| ())}>
                        { language.say(&common::DELETE_ASK) }
                    </Button>
                </div>
            </section>
            if !changes.is_empty() {
                { savebar(language, &changes, *saving.busy, &form, &meanwhile, webhook) }
            }
            <LeaveGuard changes={names(language, &changes)} />
            { deleting }
        </div>
    }
}

/// What shows a preview before it is saved.
const PREVIEWED: [&Text; 4] = [&texts::FILTER, &common::FORMAT, &texts::PRIVACY, &crate::i18n::texts::create::EVENTS];

fn section(language: Language, name: &str, title: &'static Text, body: Html) -> Html {
    let id = format!("{name}-title");
    html! {
        <section class="panel" aria-labelledby={id.clone()}>
            <div class="panel__head"><h2 {id}>{ language.say(title) }</h2></div>
            <div class="panel__body stack">{ body }</div>
        </section>
    }
}

fn names(language: Language, changes: &[&'static Text]) -> String {
    changes.iter().map(|name| language.say(name)).collect::<Vec<_>>().join(", ")
}

/// What is wrong in the form, seen before the server is asked: the places, and what to do.
fn problems(language: Language, form: &Form) -> Vec<(String, String)> {
    let (place, text) = match form.options() {
        Err(Unreadable::Number(field)) => (field.to_owned(), &texts::NOT_A_NUMBER),
        Err(Unreadable::Delay) => ("retries".to_owned(), &texts::NOT_A_DELAY),
        Err(Unreadable::Header) => ("headers".to_owned(), &texts::NOT_A_HEADER),
        Err(Unreadable::Rate) => ("rate.per_second".to_owned(), &texts::RATE_MISSING),
        Ok(options) => {
            let faults = options.faults(form.format).into_iter();
            // English has the exact words; Dutch has them by their code.
            return faults
                .map(|InvalidOption { place, code, detail }| (place, words_of_code(language, code, &detail)))
                .collect();
        }
    };
    vec![(place, language.say(text).to_owned())]
}

/// What the server says is wrong with fields of the form.
fn refused(language: Language, error: Option<&ApiError>) -> Vec<(String, String)> {
    let Some(ApiError::Refused(problem)) = error else { return Vec::new() };
    let wrong =
        |each: &VariableProblem| Some((each.variable.clone()?, words_of_code(language, &each.code, &each.detail)));
    problem.errors.iter().filter_map(wrong).collect()
}

/// Whether all that the server says is wrong is said at fields of the form.
fn is_at_fields(error: &ApiError) -> bool {
    let refused = refused(Language::English, Some(error));
    !refused.is_empty() && refused.iter().all(|(place, _)| has_field(place))
}

/// The id of why it was not saved.
const ERROR: &str = "not-saved";

/// Gives the focus to the first field that is wrong, which may be out of sight. Whether there is one.
fn focus_wrong() -> bool {
    let form =
        web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id("settings"));
    let found = form.and_then(|form| form.query_selector("[aria-invalid], .field__error[tabindex]").ok().flatten());
    let Some(field) = found.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) else { return false };
    field.focus().is_ok()
}

/// Once what came of saving is drawn, the focus goes to it: it may be out of sight of the button, which may be gone.
#[hook]
fn use_focus(failures: u32, secret: Option<String>, hash_key: Option<String>) {
    use_effect_with(failures, |failures| {
        if *failures > 0 && !focus_wrong() {
            focus(ERROR);
        }
    });
    use_effect_with(hash_key, |made| {
        if made.is_some() {
            focus(HASH_KEY);
        }
    });
    // Where both are made, this one stands above the other.
    use_effect_with(secret, |made| {
        if made.is_some() {
            focus(MADE);
        }
    });
}

struct Saving {
    busy: UseStateHandle<bool>,
    error: UseStateHandle<Option<ApiError>>,
    /// The key for hashing recipients, where saving made one.
    hash_key: UseStateHandle<Option<String>>,
    /// The secret, where a change to the profile `standard` made one.
    secret: UseStateHandle<Option<String>>,
    save: Callback<()>,
}

#[hook]
fn use_save(props: &SettingsProps, form: &UseStateHandle<Form>, meanwhile: &UseStateHandle<Meanwhile>) -> Saving {
    let api = use_api();
    let language = use_language();
    let busy = use_state_eq(|| false);
    let error = use_state(|| None::<ApiError>);
    let hash_key = use_state_eq(|| None::<String>);
    let secret = use_state_eq(|| None::<String>);
    let failures = use_state_eq(|| 0);
    use_focus(*failures, (*secret).clone(), (*hash_key).clone());
    let save = {
        let (busy, error, hash_key, secret) = (busy.clone(), error.clone(), hash_key.clone(), secret.clone());
        let SettingsProps { webhook, tag, changed, refresh } = props.clone();
        let (form, meanwhile) = (form.clone(), meanwhile.clone());
        Callback::from(move |()| {
            let Some(patch) = form.patch(&webhook).ok().filter(|_| !*busy) else { return };
            let (api, busy, error) = (api.clone(), busy.clone(), error.clone());
            let (hash_key, secret, failures) = (hash_key.clone(), secret.clone(), failures.clone());
            let (id, tag, form, meanwhile) = (webhook.id.clone(), tag.clone(), form.clone(), meanwhile.clone());
            let (changed, refresh) = (changed.clone(), refresh.clone());
            let sent = (*form).clone();
            meanwhile.set(meanwhile.sending(&sent));
            busy.set(true);
            spawn_local(async move {
                match api.change_webhook(&id, &tag, &patch).await {
                    Ok(mut webhook) => {
                        // What was typed since stands, and is not saved yet.
                        form.set(form.rebased(&sent, &Form::of(&webhook)));
                        meanwhile.set(Meanwhile::of(&webhook));
                        error.set(None);
                        // Each is told once: the next saving, which makes none, leaves it to be copied still.
                        if let Some(made) = webhook.value.options.privacy.recipient_key.take() {
                            hash_key.set(Some(made));
                        }
                        if let Some(made) = webhook.value.secret.take() {
                            secret.set(Some(made));
                        }
                        let text = if patch.url.is_some() { &texts::SAVED_VERIFY } else { &texts::SAVED };
                        toast_done(language.say(text));
                        changed.emit(webhook);
                    }
                    Err(failed) => {
                        meanwhile.set(meanwhile.not_saved());
                        if failed.is(ProblemType::PreconditionFailed) {
                            // What the other has changed shows as soon as it is known.
                            refresh.emit(());
                        }
                        error.set(Some(failed));
                        failures.set(*failures + 1);
                    }
                }
                busy.set(false);
            });
        })
    };
    Saving { busy, error, hash_key, secret, save }
}

fn savebar(
    language: Language,
    changes: &[&'static Text],
    busy: bool,
    form: &UseStateHandle<Form>,
    meanwhile: &UseStateHandle<Meanwhile>,
    webhook: &Rc<Webhook>,
) -> Html {
    let discard = {
        let (form, meanwhile, webhook) = (form.clone(), meanwhile.clone(), webhook.clone());
        Callback::from(move |_: MouseEvent| {
            form.set(Form::of(&webhook));
            meanwhile.set(Meanwhile::default());
        })
    };
    html! {
        <div class="savebar" role="region" aria-label={language.say(&texts::UNSAVED)}>
            <span>
                <b>{ language.fill(&texts::CHANGES, &[("n", &changes.len().to_string())]) }</b>{ " " }{ names(language, changes) }
            </span>
            <Button disabled={busy} onclick={discard}>{ language.say(&texts::DISCARD) }</Button>
            <Button class="btn--primary" kind="submit" form="settings" {busy}>{ language.say(&texts::SAVE) }</Button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook() -> Webhook {
        serde_json::from_str(
            r#"{"id":"wh_1","type":"open","url":"https://a.example/","profile":"cavage","format":"json",
            "digest_name":"sha-256","status":"active","created":"2025-11-25T13:05:12Z","last_delivery":null,
            "verification":{"file":"f","content":"c","locations":[]}}"#,
        )
        .unwrap()
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place_in_both_languages() {
        for (change, place) in [
            ((|form: &mut Form| form.per_second = "0".into()) as fn(&mut Form), "rate.per_second"),
            (|form| form.concurrency = "many".into(), "concurrency"),
            (|form| form.burst = "40".into(), "rate.per_second"),
            (|form| (form.tags_all, form.tags_none) = ("a".into(), "a".into()), "filter.tags"),
            (|form| form.retries = "soon".into(), "retries"),
            (|form| form.headers = "Host: a".into(), "headers[0]"),
            (|form| form.domains_include = "a@b".into(), "filter.recipient_domains.include[0]"),
        ] {
            let mut form = Form::of(&webhook());
            change(&mut form);
            let [(at, english)] = &problems(Language::English, &form)[..] else { panic!("one at {place}") };
            let [(_, dutch)] = &problems(Language::Dutch, &form)[..] else { panic!("one at {place}") };
            assert_eq!(at, place);
            assert!(english.ends_with('.') && dutch.ends_with('.') && english != dutch, "{english} {dutch}");
        }
        assert_eq!(problems(Language::English, &Form::of(&webhook())), []);
    }

    #[test]
    fn what_the_server_refuses_is_said_at_its_field() {
        let error = ApiError::from_answer(
            422,
            r#"{"type":"urn:seinpost:problem:invalid","title":"t","status":422,
            "errors":[{"code":"too-many","variable":"url","detail":"these are too many"},{"code":"too-many","detail":"of nothing"},
            {"code":"too-many","variable":"headers","detail":"these too"}]}"#,
        );
        let said = |language, words: [&str; 2]| {
            let found = refused(language, Some(&error));
            assert_eq!(found, [("url".into(), words[0].into()), ("headers".into(), words[1].into())]);
        };
        said(Language::English, ["These are too many.", "These too."]);
        said(Language::Dutch, ["Dit zijn er te veel."; 2]);
        assert_eq!(refused(Language::English, Some(&ApiError::Unreachable)), []);
    }
}
