//! What can be changed of a webhook, and the way to delete it.

use std::rc::Rc;

use seinpost_protocol::{
    event::EventType,
    rest::{BodyFormat, Profile, Types, Webhook, WebhookPatch},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::DeleteWebhook;
use crate::{
    api::{ApiError, use_api},
    app::{Route, go},
    components::{Button, ErrorNote, Field, Select, toast_done},
    i18n::{
        Language, Text,
        texts::{common, create, settings as texts},
        use_language,
    },
    pages::webhooks::{profile_options, submit_at_ctrl_enter, type_name},
};

/// What stands in the form.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    url: String,
    types: Vec<EventType>,
    profile: Profile,
    format: BodyFormat,
    digest_in_capitals: bool,
}

impl Form {
    fn of(webhook: &Webhook) -> Self {
        Self {
            url: webhook.url.clone(),
            types: webhook.types.as_slice().to_vec(),
            profile: webhook.profile,
            format: webhook.format,
            digest_in_capitals: webhook.digest_name == "SHA-256",
        }
    }

    /// What is to change of the webhook: nothing else is sent, so that nothing else is undone.
    fn patch(&self, webhook: &Webhook) -> WebhookPatch {
        let before = Self::of(webhook);
        let types_differ =
            self.types.len() != before.types.len() || self.types.iter().any(|each| !before.types.contains(each));
        WebhookPatch {
            types: types_differ.then(|| Types::new(self.types.iter().copied())).flatten(),
            url: (self.url.trim() != before.url).then(|| self.url.trim().to_owned()),
            profile: (self.profile != before.profile).then_some(self.profile),
            format: (self.format != before.format).then_some(self.format),
            digest_name: (self.digest_in_capitals != before.digest_in_capitals)
                .then(|| if self.digest_in_capitals { "SHA-256" } else { "sha-256" }.to_owned()),
            ..WebhookPatch::default()
        }
    }

    /// The names of what is to change.
    fn changes(&self, webhook: &Webhook) -> Vec<&'static Text> {
        let patch = self.patch(webhook);
        [
            (patch.url.is_some(), &create::URL),
            (patch.types.is_some() || self.types.is_empty(), &create::EVENTS),
            (patch.profile.is_some(), &common::PROFILE_LABEL),
            (patch.format.is_some(), &common::FORMAT),
            (patch.digest_name.is_some(), &texts::DIGEST),
        ]
        .into_iter()
        .filter_map(|(changed, name)| changed.then_some(name))
        .collect()
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct SettingsProps {
    pub(super) webhook: Rc<Webhook>,
    pub(super) changed: Callback<Webhook>,
}

#[component]
pub(super) fn Settings(props: &SettingsProps) -> Html {
    let language = use_language();
    let webhook = &props.webhook;
    let form = use_state(|| Form::of(webhook));
    let deleting = use_state_eq(|| false);
    let (busy, error, save) = use_save(webhook, &form, &props.changed);
    let changes = form.changes(webhook);
    let no_types = form.types.is_empty();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if !no_types {
            save.emit(());
        }
    });
    use_leave_guard(!changes.is_empty());
    let close = {
        let deleting = deleting.clone();
        Callback::from(move |deleted: bool| {
            deleting.set(false);
            if deleted {
                go(&Route::Webhooks);
            }
        })
    };
    html! {
        <>
            <form class="stack form" aria-label={language.say(&texts::TITLE)} {onsubmit} onkeydown={submit_at_ctrl_enter} novalidate={true}>
                if let Some(error) = (*error).clone().filter(|error| error.of_field("url").is_none()) {
                    <ErrorNote {error} />
                }
                <section class="panel" aria-labelledby="where-title">
                    <div class="panel__head"><h2 id="where-title">{ language.say(&texts::WHERE) }</h2></div>
                    <div class="panel__body stack">
                        { url_field(language, &form, error.as_ref()) }
                        { types_field(language, &form) }
                    </div>
                </section>
                <section class="panel" aria-labelledby="how-title">
                    <div class="panel__head"><h2 id="how-title">{ language.say(&texts::HOW) }</h2></div>
                    <div class="panel__body stack">{ how_fields(language, &form) }</div>
                </section>
                <section class="panel" aria-labelledby="remove-title">
                    <div class="panel__head"><h2 id="remove-title">{ language.say(&texts::REMOVE) }</h2></div>
                    <div class="panel__body row row--apart">
                        <p class="soft small prose">{ language.say(&texts::REMOVE_MEANING) }</p>
                        <Button class="btn--danger" icon="trash" onclick={let deleting = deleting.clone(); move |_| deleting.set(true)}>
                            { language.say(&common::DELETE_ASK) }
                        </Button>
                    </div>
                </section>
                if !changes.is_empty() {
                    { savebar(language, &changes, *busy, &form, webhook) }
                }
            </form>
            if *deleting {
                <DeleteWebhook webhook={(**webhook).clone()} onclose={close} />
            }
        </>
    }
}

#[hook]
fn use_save(
    webhook: &Rc<Webhook>,
    form: &UseStateHandle<Form>,
    changed: &Callback<Webhook>,
) -> (UseStateHandle<bool>, UseStateHandle<Option<ApiError>>, Callback<()>) {
    let api = use_api();
    let language = use_language();
    let busy = use_state_eq(|| false);
    let error = use_state(|| None::<ApiError>);
    let save = {
        let (busy, error, webhook, form, changed) =
            (busy.clone(), error.clone(), webhook.clone(), form.clone(), changed.clone());
        Callback::from(move |()| {
            if *busy {
                return;
            }
            let patch = form.patch(&webhook);
            let (api, busy, error, id, form, changed) =
                (api.clone(), busy.clone(), error.clone(), webhook.id.clone(), form.clone(), changed.clone());
            busy.set(true);
            spawn_local(async move {
                match api.change_webhook(&id, &patch).await {
                    Ok(webhook) => {
                        form.set(Form::of(&webhook));
                        error.set(None);
                        let text = if patch.url.is_some() { &texts::SAVED_VERIFY } else { &texts::SAVED };
                        toast_done(language.say(text));
                        changed.emit(webhook);
                    }
                    Err(failed) => error.set(Some(failed)),
                }
                busy.set(false);
            });
        })
    };
    (busy, error, save)
}

/// Asks before the page is left with changes that are not saved.
#[hook]
fn use_leave_guard(unsaved: bool) {
    use_effect_with(unsaved, |unsaved| {
        let options = gloo_events::EventListenerOptions::enable_prevent_default();
        let listener = web_sys::window().filter(|_| *unsaved).map(|window| {
            gloo_events::EventListener::new_with_options(&window, "beforeunload", options, |event| {
                event.prevent_default();
            })
        });
        move || drop(listener)
    });
}

fn url_field(language: Language, form: &UseStateHandle<Form>, error: Option<&ApiError>) -> Html {
    let error =
        error.and_then(|error| error.of_field("url")).map(|text| html! { <span lang="en">{ text.to_owned() }</span> });
    let invalid = error.is_some();
    let oninput = {
        let form = form.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                form.set(Form { url: input.value(), ..(*form).clone() });
            }
        })
    };
    html! {
        <Field id="url" label={language.say(&create::URL)} hint={html! { { language.say(&texts::URL_HINT) } }} {error}>
            <input class="input mono" id="url" type="url" autocomplete="off" spellcheck="false" value={form.url.clone()}
                aria-invalid={invalid.then_some("true")} aria-describedby={Field::described_by("url", true, invalid)} {oninput} />
        </Field>
    }
}

fn types_field(language: Language, form: &UseStateHandle<Form>) -> Html {
    let toggle = |each: EventType| {
        let form = form.clone();
        Callback::from(move |_: Event| {
            let mut next = (*form).clone();
            if next.types.contains(&each) {
                next.types.retain(|kept| *kept != each);
            } else {
                next.types.push(each);
            }
            form.set(next);
        })
    };
    html! {
        <fieldset>
            <legend class="field__label">{ language.say(&create::EVENTS) }</legend>
            <div class="row gap">
                { for EventType::ALL.into_iter().map(|each| html! {
                    <label class="check" key={each.as_str()}>
                        <input type="checkbox" value={each.as_str()} checked={form.types.contains(&each)} onchange={toggle(each)} />
                        <span>{ type_name(language, each) }</span>
                    </label>
                }) }
            </div>
            if form.types.is_empty() {
                <p class="field__error gap" role="alert">
                    { crate::components::small_icon("warn") }<span>{ language.say(&create::TYPES_MISSING) }</span>
                </p>
            }
        </fieldset>
    }
}

fn how_fields(language: Language, form: &UseStateHandle<Form>) -> Html {
    let choose_profile = {
        let form = form.clone();
        Callback::from(move |name: String| {
            if let Some(profile) = Profile::ALL.into_iter().find(|each| each.as_str() == name) {
                form.set(Form { profile, ..(*form).clone() });
            }
        })
    };
    let format = |value: BodyFormat, text: &'static Text| {
        let chosen = form.format == value;
        let form = form.clone();
        let onchange = Callback::from(move |_: Event| form.set(Form { format: value, ..(*form).clone() }));
        html! {
            <label class="seg__item">
                <input class="vh" type="radio" name="format" checked={chosen} {onchange} /><span>{ language.say(text) }</span>
            </label>
        }
    };
    let switch_digest = {
        let form = form.clone();
        Callback::from(move |_: Event| {
            form.set(Form { digest_in_capitals: !form.digest_in_capitals, ..(*form).clone() });
        })
    };
    html! {
        <>
            <div class="fields">
                <div class="field">
                    <label class="field__label" for="profile">{ language.say(&common::PROFILE_LABEL) }</label>
                    <Select id="profile" options={profile_options(language)} value={form.profile.as_str()} onchange={choose_profile} />
                </div>
                <fieldset class="field">
                    <legend class="field__label">{ language.say(&common::FORMAT) }</legend>
                    <span class="seg">{ format(BodyFormat::Json, &common::JSON) }{ format(BodyFormat::Form, &common::FORM) }</span>
                </fieldset>
            </div>
            <label class="switch">
                <input type="checkbox" role="switch" checked={form.digest_in_capitals} onchange={switch_digest} />
                <span>{ language.rich(&texts::CAPITALS, &[("sha", html! { <code>{ "SHA-256=" }</code> })]) }</span>
            </label>
        </>
    }
}

fn savebar(
    language: Language,
    changes: &[&'static Text],
    busy: bool,
    form: &UseStateHandle<Form>,
    webhook: &Rc<Webhook>,
) -> Html {
    let names: Vec<_> = changes.iter().map(|name| language.say(name)).collect();
    let discard = {
        let (form, webhook) = (form.clone(), webhook.clone());
        Callback::from(move |_: MouseEvent| form.set(Form::of(&webhook)))
    };
    html! {
        <div class="savebar" role="region" aria-label={language.say(&texts::UNSAVED)}>
            <span>
                <b>{ language.fill(&texts::CHANGES, &[("n", &changes.len().to_string())]) }</b>{ " " }{ names.join(", ") }
            </span>
            <Button onclick={discard}>{ language.say(&texts::DISCARD) }</Button>
            <Button class="btn--primary" kind="submit" {busy}>{ language.say(&texts::SAVE) }</Button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_sent() {
        let webhook: Webhook = serde_json::from_str(
            r#"{"id":"wh_1","type":["click","open"],"url":"https://a.example/","profile":"cavage","format":"json",
            "digest_name":"sha-256","status":"active","created":"2025-11-25T13:05:12Z","last_delivery":null,
            "verification":{"file":"f","content":"c","locations":[]}}"#,
        )
        .unwrap();
        let mut form = Form::of(&webhook);
        assert_eq!(form.patch(&webhook), WebhookPatch::default());
        assert!(form.changes(&webhook).is_empty());
        form.types = vec![EventType::Open, EventType::Click];
        assert_eq!(form.patch(&webhook), WebhookPatch::default());
        form.types = vec![EventType::Open];
        form.format = BodyFormat::Form;
        form.digest_in_capitals = true;
        let patch = form.patch(&webhook);
        assert_eq!(
            serde_json::to_string(&patch).unwrap(),
            r#"{"type":"open","format":"form","digest_name":"SHA-256"}"#
        );
        assert_eq!(form.changes(&webhook).len(), 3);
        form.types.clear();
        assert!(form.changes(&webhook).contains(&&create::EVENTS));
    }
}
