//! The drawer in which one creates a webhook.

use seinpost_protocol::{
    event::{EventType, sample},
    rest::{BodyFormat, EventLoad, NewWebhook, Profile, Types, Webhook},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{load, type_name};
use crate::{
    api::{ApiError, use_api},
    app::{Route, go, use_leave_guard},
    components::{Button, Code, CodeText, ErrorNote, Field, Modal, json, toast_done, typed, words_of_code},
    hooks::{focus, now},
    i18n::{
        Language, Text,
        texts::{common, create as texts},
        use_language,
    },
    pages::{signing_fields::signing_fields, webhook::made_secret},
};

/// What was filled in.
#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    url: String,
    types: Vec<EventType>,
    profile: Profile,
    format: BodyFormat,
}

impl Draft {
    fn toggle(&mut self, event_type: EventType) {
        if self.types.contains(&event_type) {
            self.types.retain(|each| *each != event_type);
        } else {
            self.types.push(event_type);
        }
    }

    /// What is wrong with it, before the server is asked.
    fn problem(&self) -> Option<Missing> {
        if self.url.trim().is_empty() {
            Some(Missing::Url)
        } else if self.types.is_empty() {
            Some(Missing::Types)
        } else {
            None
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Url,
    Types,
}

/// The drawer, which lies over the list. As it closes, it goes on to the webhook that was created, or back to the list.
#[component]
pub(crate) fn CreateWebhook() -> Html {
    let language = use_language();
    let onclose = use_callback((), |created: Option<String>, ()| {
        go(&created.map_or(Route::Webhooks, |id| Route::Webhook { id }));
    });
    let draft = use_state(Draft::default);
    let missing = use_state_eq(|| None::<Missing>);
    let asking = use_state_eq(|| false);
    let made = use_state_eq(|| None::<Made>);
    let measured = load::use_load();
    let (busy, error, create) = use_create(&draft, &made, &onclose);

    let onsubmit = {
        let (draft, missing) = (draft.clone(), missing.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            missing.set(draft.problem());
            match draft.problem() {
                Some(Missing::Url) => focus("new-url"),
                Some(Missing::Types) => focus("new-type-bounce"),
                None => create.emit(()),
            }
        })
    };
    let close = {
        let (draft, asking, onclose) = (draft.clone(), asking.clone(), onclose.clone());
        Callback::from(move |()| {
            // What was typed is not thrown away at a slip of the finger.
            if *draft == Draft::default() { onclose.emit(None) } else { asking.set(true) }
        })
    };
    // Also where the browser goes back, or elsewhere.
    use_leave_guard(*draft != Draft::default() && !*busy && !*asking, {
        let asking = asking.clone();
        Callback::from(move |_: String| asking.set(true))
    });
    let onkeydown = Callback::from(submit_at_ctrl_enter);
    if let Some(made) = (*made).clone() {
        let go_on = onclose.reform(move |()| Some(made.id.clone()));
        return html! { <ShownOnce secret={made.secret} {go_on} /> };
    }
    html! {
        <Modal key="create" class="drawer" labelled_by="create-title" onclose={close.clone()}>
            <div class="drawer__head">
                <h2 id="create-title">{ language.say(&texts::TITLE) }</h2>
                <Button class="btn--bare btn--icon btn--s" icon="x" label={language.say(&common::CLOSE)} onclick={close.reform(|_: MouseEvent| ())} />
            </div>
            <form class="drawer__body" id="create" {onsubmit} {onkeydown} novalidate={true}>
                if let Some(error) = (*error).clone().filter(|error| error.of_field("url").is_none()) {
                    <ErrorNote {error} />
                }
                { url_field(language, &draft, *missing, error.as_ref()) }
                { type_choice(language, &draft, *missing, measured.as_deref()) }
                { load::note(language, measured.as_deref(), &draft.types) }
                <Example types={draft.types.clone()} format={draft.format} />
                { signing(language, &draft) }
            </form>
            <div class="drawer__foot">
                <Button class="btn--primary" kind="submit" form="create" busy={*busy}>{ language.say(&texts::CREATE) }</Button>
                <Button onclick={close.reform(|_: MouseEvent| ())}>{ language.say(&common::CANCEL) }</Button>
                <span class="soft small field-kbd"><kbd>{ "Ctrl" }</kbd>{ " " }<kbd>{ "Enter" }</kbd></span>
            </div>
            if *asking {
                { discard_question(language, &asking, &onclose) }
            }
        </Modal>
    }
}

/// A webhook that was created, with the secret that is told only then.
#[derive(Clone, Debug, PartialEq)]
struct Made {
    id: String,
    secret: String,
}

#[derive(Properties, PartialEq)]
struct ShownOnceProps {
    secret: String,
    /// To the webhook.
    go_on: Callback<()>,
}

/// The secret of a webhook that was just created. Nothing closes it before it could be read: the form and its answer are
/// two drawers, one after the other.
#[component]
fn ShownOnce(props: &ShownOnceProps) -> Html {
    let language = use_language();
    use_effect_with((), |()| focus("made-go-on"));
    let go_on = props.go_on.clone();
    html! {
        <Modal key="made" class="drawer" labelled_by="made-title" onclose={go_on.clone()}>
            <div class="drawer__head"><h2 id="made-title">{ language.say(&texts::MADE) }</h2></div>
            <div class="drawer__body">
                { made_secret(language, props.secret.clone()) }
                <p class="soft">{ language.say(&texts::CREATED) }</p>
            </div>
            <div class="drawer__foot">
                <Button class="btn--primary" id="made-go-on" onclick={go_on.reform(|_: MouseEvent| ())}>{ language.say(&texts::GO_ON) }</Button>
            </div>
        </Modal>
    }
}

/// Sends the draft; what was typed stays whatever happens.
#[hook]
fn use_create(
    draft: &UseStateHandle<Draft>,
    made: &UseStateHandle<Option<Made>>,
    onclose: &Callback<Option<String>>,
) -> (UseStateHandle<bool>, UseStateHandle<Option<ApiError>>, Callback<()>) {
    let api = use_api();
    let language = use_language();
    let busy = use_state_eq(|| false);
    let error = use_state(|| None::<ApiError>);
    let create = {
        let (draft, busy, error, onclose) = (draft.clone(), busy.clone(), error.clone(), onclose.clone());
        let made = made.clone();
        Callback::from(move |()| {
            let Some(types) = Types::new(draft.types.iter().copied()).filter(|_| !*busy) else { return };
            let new =
                NewWebhook { profile: draft.profile, format: draft.format, ..NewWebhook::new(types, draft.url.trim()) };
            let (api, busy, error, onclose) = (api.clone(), busy.clone(), error.clone(), onclose.clone());
            let made = made.clone();
            busy.set(true);
            spawn_local(async move {
                match api.create_webhook(&new).await {
                    Ok(Webhook { id, secret: Some(secret), .. }) => made.set(Some(Made { id, secret })),
                    Ok(webhook) => {
                        toast_done(language.say(&texts::CREATED));
                        onclose.emit(Some(webhook.id));
                    }
                    Err(failed) => {
                        if failed.of_field("url").is_some() {
                            focus("new-url");
                        }
                        error.set(Some(failed));
                        busy.set(false);
                    }
                }
            });
        })
    };
    (busy, error, create)
}

/// Ctrl+Enter sends a form, also from a field that takes Enter itself.
pub(in crate::pages) fn submit_at_ctrl_enter(event: KeyboardEvent) {
    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
        event.prevent_default();
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("form").ok().flatten())
            .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
        if let Some(form) = form {
            // It fails only for a form that is not on the page.
            _ = form.request_submit();
        }
    }
}

fn url_field(
    language: Language,
    draft: &UseStateHandle<Draft>,
    missing: Option<Missing>,
    error: Option<&ApiError>,
) -> Html {
    let refused = error.and_then(|error| error.of_field("url"));
    let error = match (refused, missing) {
        (_, Some(Missing::Url)) => Some(html! { { language.say(&texts::URL_MISSING) } }),
        (Some((code, detail)), _) => Some(html! { { words_of_code(language, code, detail) } }),
        _ => None,
    };
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(Draft { url: typed(&event), ..(*draft).clone() }))
    };
    let normal = normal_form(draft.url.trim());
    let invalid = error.is_some();
    html! {
        <Field id="new-url" label={language.say(&texts::URL)} hint={html! { { language.say(&texts::URL_HINT) } }} {error}>
            <input class="input mono" id="new-url" type="url" required={true} autofocus={true} autocomplete="off" spellcheck="false"
                placeholder="https://" value={draft.url.clone()} aria-invalid={invalid.then_some("true")}
                aria-describedby={Field::described_by("new-url", true, invalid)} {oninput} />
            if let Some(normal) = normal {
                <p class="field__hint break">{ language.rich(&texts::NORMAL_FORM, &[("url", html! { <code>{ normal }</code> })]) }</p>
            }
        </Field>
    }
}

/// The form in which a URL will be kept and called, where it is another than what was typed.
fn normal_form(typed: &str) -> Option<String> {
    let parsed = web_sys::Url::new(typed).ok()?;
    let normal = parsed.href();
    (normal != typed && normal.trim_end_matches('/') != typed).then_some(normal)
}

fn type_choice(
    language: Language,
    draft: &UseStateHandle<Draft>,
    missing: Option<Missing>,
    measured: Option<&EventLoad>,
) -> Html {
    let toggle = |event_type: EventType| {
        let draft = draft.clone();
        Callback::from(move |_: Event| {
            let mut next = (*draft).clone();
            next.toggle(event_type);
            draft.set(next);
        })
    };
    let invalid = missing == Some(Missing::Types) && draft.types.is_empty();
    html! {
        <fieldset aria-describedby={invalid.then_some("new-type-error")}>
            <legend class="field__label">{ language.say(&texts::EVENTS) }</legend>
            <div class="pick gap">
                { for EventType::ALL.into_iter().map(|each| {
                    let (what, general) = description(each);
                    let name = each.as_str();
                    html! {
                        <label class="pick__item" key={name}>
                            <span class="check">
                                <input type="checkbox" name="type" id={format!("new-type-{name}")} value={name}
                                    checked={draft.types.contains(&each)} onchange={toggle(each)} />
                            </span>
                            <span class="pick__name">{ type_name(language, each) }</span>
                            <span class="pick__what">{ language.say(what) }</span>
                            <span class="pick__load">{ load::words(language, measured, each, general) }</span>
                        </label>
                    }
                }) }
            </div>
            if invalid {
                <p class="field__error gap" id="new-type-error">
                    { crate::components::small_icon("warn") }<span>{ language.say(&texts::TYPES_MISSING) }</span>
                </p>
            }
        </fieldset>
    }
}

/// What triggers a type, and how many calls to expect of it.
fn description(event_type: EventType) -> (&'static Text, &'static Text) {
    match event_type {
        EventType::Bounce => (&texts::BOUNCE_WHAT, &texts::LOAD_FEW),
        EventType::Failure => (&texts::FAILURE_WHAT, &texts::LOAD_FEW),
        EventType::Click => (&texts::CLICK_WHAT, &texts::LOAD_MANY),
        EventType::Open => (&texts::OPEN_WHAT, &texts::LOAD_MANY),
        EventType::Delivery => (&texts::DELIVERY_WHAT, &texts::LOAD_EACH),
        EventType::Abuse => (&texts::ABUSE_WHAT, &texts::LOAD_RARE),
        EventType::Profile => (&texts::PROFILE_WHAT, &texts::LOAD_CHANGES),
    }
}

#[derive(Properties, PartialEq)]
struct ExampleProps {
    types: Vec<EventType>,
    format: BodyFormat,
}

/// What will come, for the type that was chosen last.
#[component]
fn Example(props: &ExampleProps) -> Html {
    let language = use_language();
    let started = use_memo((), |()| u64::try_from(now() / 1000).unwrap_or_default());
    let event_type = props.types.last().copied().unwrap_or(EventType::Bounce);
    let text = sample(event_type, *started);
    let (shown, text) = match props.format {
        BodyFormat::Json => (json(&text), text),
        BodyFormat::Form => {
            let form = seinpost_protocol::payload::read_event(text.as_bytes())
                .map(|event| String::from_utf8_lossy(&seinpost_protocol::payload::to_form(&event)).into_owned())
                .unwrap_or_default();
            (html! { { form.clone() } }, form)
        }
    };
    html! {
        <section class="stack stack--tight" aria-labelledby="example-title">
            <h3 class="field__label" id="example-title">
                { language.say(&texts::EXAMPLE) }{ " " }
                <span class="faint">{ language.fill(&texts::EXAMPLE_OF, &[("type", type_name(language, event_type))]) }</span>
            </h3>
            <Code class="code--s" code={CodeText::Shown { html: shown, text: text.into() }} copy={language.say(&texts::COPY_EXAMPLE)} />
        </section>
    }
}

fn signing(language: Language, draft: &UseStateHandle<Draft>) -> Html {
    let set_profile = {
        let draft = draft.clone();
        Callback::from(move |profile| draft.set(Draft { profile, ..(*draft).clone() }))
    };
    let set_format = {
        let draft = draft.clone();
        Callback::from(move |format| draft.set(Draft { format, ..(*draft).clone() }))
    };
    signing_fields(language, "new-profile", (draft.profile, set_profile), (draft.format, set_format))
}

fn discard_question(language: Language, asking: &UseStateHandle<bool>, onclose: &Callback<Option<String>>) -> Html {
    let keep = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(false))
    };
    html! {
        <Modal class="dialog" labelled_by="discard-title" onclose={keep.clone()}>
            <div class="dialog__body">
                <h2 id="discard-title">{ language.say(&texts::DISCARD) }</h2>
                <p>{ language.say(&texts::DISCARD_MEANING) }</p>
            </div>
            <div class="dialog__foot">
                <Button onclick={keep.reform(|_: MouseEvent| ())}>{ language.say(&texts::KEEP_EDITING) }</Button>
                <Button class="btn--danger" onclick={onclose.reform(|_: MouseEvent| None)}>{ language.say(&texts::DISCARD_YES) }</Button>
            </div>
        </Modal>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_names_what_it_lacks() {
        let mut draft = Draft::default();
        assert_eq!(draft.problem(), Some(Missing::Url));
        draft.url = "https://a.example/".into();
        assert_eq!(draft.problem(), Some(Missing::Types));
        draft.toggle(EventType::Open);
        draft.toggle(EventType::Click);
        assert_eq!((draft.problem(), draft.types.as_slice()), (None, &[EventType::Open, EventType::Click][..]));
        draft.toggle(EventType::Open);
        assert_eq!(draft.types, [EventType::Click]);
    }
}
