//! The sections of the form.

use seinpost_protocol::{
    event::EventType,
    rest::{BodyFormat, MimePrivacy},
};
use yew::prelude::*;

use super::form::Form;
use crate::{
    components::{Field, Select, TextField, small_icon, switch, text_field, typed},
    i18n::{
        Language, Text,
        texts::{create, settings as texts},
    },
    pages::{signing_fields::signing_fields, webhooks::type_name},
};

/// How many bytes of a mail are sent where it is cut, if not chosen otherwise.
const MIME_CUT: u32 = 4096;

/// The places that have a field.
const PLACES: [&str; 10] = [
    "url",
    "filter.tags",
    "filter.recipient_domains.include",
    "filter.recipient_domains.exclude",
    "rate.per_second",
    "rate.burst",
    "concurrency",
    "batch.",
    "retries",
    "headers",
];

/// Whether what is wrong at a place is said at a field.
pub(super) fn has_field(place: &str) -> bool {
    PLACES.iter().any(|each| place.starts_with(each))
}

/// The form as the sections see it: what stands in it, how to change it, and what is wrong where.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) language: Language,
    pub(super) form: UseStateHandle<Form>,
    /// The places of what is wrong, as the API names them, and what it is.
    pub(super) wrong: Vec<(String, String)>,
}

impl Fields {
    /// Changes the form by a value that was typed or chosen.
    fn set<T: 'static>(&self, change: fn(&mut Form, T)) -> Callback<T> {
        let form = self.form.clone();
        Callback::from(move |value: T| {
            let mut next = (*form).clone();
            change(&mut next, value);
            form.set(next);
        })
    }

    /// What is wrong at a place, or below it. What is between the lists of tags is said at the first of them.
    fn wrong_at(&self, place: &str) -> Option<&str> {
        let is_it = |at: &str| at.starts_with(place) || (place == "filter.tags.any" && at == "filter.tags");
        self.wrong.iter().find(|(at, _)| is_it(at)).map(|(_, what)| what.as_str())
    }

    fn text(
        &self,
        id: &'static str,
        place: &str,
        (label, hint): (&'static Text, Option<&'static Text>),
        value: &str,
        change: fn(&mut Form, String),
    ) -> Html {
        let field = TextField {
            id,
            label: self.language.say(label),
            hint: hint.map(|hint| self.language.say(hint)),
            value,
            error: self.wrong_at(place),
            ..TextField::default()
        };
        text_field(field, self.set(change))
    }

    fn number(
        &self,
        id: &'static str,
        place: &str,
        (label, placeholder): (&'static Text, &'static str),
        value: &str,
        change: fn(&mut Form, String),
    ) -> Html {
        let field = TextField {
            id,
            label: self.language.say(label),
            value,
            placeholder,
            error: self.wrong_at(place),
            numeric: true,
            ..TextField::default()
        };
        text_field(field, self.set(change))
    }

    fn switch(&self, on: bool, words: &'static Text, change: fn(&mut Form, bool)) -> Html {
        switch(on, html! { { self.language.say(words) } }, self.set(change))
    }

    /// The URL, the types, the profile and the format.
    pub(super) fn where_and_what(&self) -> Html {
        let (language, form) = (self.language, &self.form);
        let error = self.wrong_at("url").map(|what| html! { { what.to_owned() } });
        let invalid = error.is_some();
        let oninput = self.set(|form, url: String| form.url = url).reform(|event: InputEvent| typed(&event));
        let hint = html! { { language.say(&texts::URL_HINT) } };
        html! {
            <>
                <Field id="url" label={language.say(&create::URL)} {hint} {error}>
                    <input class="input mono" id="url" type="url" autocomplete="off" spellcheck="false" value={form.url.clone()}
                        aria-invalid={invalid.then_some("true")} aria-describedby={Field::described_by("url", true, invalid)} {oninput} />
                </Field>
                { self.types() }
                { signing_fields(language, "profile",
                    (form.profile, self.set(|form, profile| form.profile = profile)),
                    (form.format, self.set(|form, format| form.format = format))) }
                { switch(form.digest_in_capitals, language.rich(&texts::CAPITALS, &[("sha", html! { <code>{ "SHA-256=" }</code> })]),
                    self.set(|form, on| form.digest_in_capitals = on)) }
            </>
        }
    }

    fn types(&self) -> Html {
        let (language, form) = (self.language, &self.form);
        let toggle = self.set(|form, each: EventType| {
            if form.types.contains(&each) {
                form.types.retain(|kept| *kept != each);
            } else {
                form.types.push(each);
            }
        });
        let none = form.types.is_empty();
        html! {
            <fieldset aria-describedby={none.then_some("type-error")}>
                <legend class="field__label">{ language.say(&create::EVENTS) }</legend>
                <div class="row gap">
                    { for EventType::ALL.into_iter().map(|each| html! {
                        <label class="check" key={each.as_str()}>
                            <input type="checkbox" value={each.as_str()} checked={form.types.contains(&each)} aria-invalid={none.then_some("true")}
                                onchange={toggle.reform(move |_: Event| each)} />
                            <span>{ type_name(language, each) }</span>
                        </label>
                    }) }
                </div>
                if none {
                    <p class="field__error gap" id="type-error" role="alert">{ small_icon("warn") }<span>{ language.say(&create::TYPES_MISSING) }</span></p>
                }
            </fieldset>
        }
    }

    /// Which events are sent.
    pub(super) fn filter(&self) -> Html {
        let form = &self.form;
        let list = (None, Some(&texts::LIST_HINT));
        html! {
            <>
                { self.text("tags-any", "filter.tags.any", (&texts::TAGS_ANY, list.1), &form.tags_any, |form, text| form.tags_any = text) }
                <div class="fields">
                    { self.text("tags-all", "filter.tags.all", (&texts::TAGS_ALL, list.0), &form.tags_all, |form, text| form.tags_all = text) }
                    { self.text("tags-none", "filter.tags.none", (&texts::TAGS_NONE, list.0), &form.tags_none, |form, text| form.tags_none = text) }
                </div>
                <div class="fields">
                    { self.text("domains-include", "filter.recipient_domains.include", (&texts::DOMAINS_INCLUDE, list.0),
                        &form.domains_include, |form, text| form.domains_include = text) }
                    { self.text("domains-exclude", "filter.recipient_domains.exclude", (&texts::DOMAINS_EXCLUDE, list.0),
                        &form.domains_exclude, |form, text| form.domains_exclude = text) }
                </div>
            </>
        }
    }

    /// When and how much is sent.
    pub(super) fn pace(&self) -> Html {
        let form = &self.form;
        html! {
            <>
                <div class="fields">
                    { self.number("per-second", "rate.per_second", (&texts::PER_SECOND, "∞"), &form.per_second, |form, text| form.per_second = text) }
                    { self.number("burst", "rate.burst", (&texts::BURST, ""), &form.burst, |form, text| form.burst = text) }
                    { self.number("concurrency", "concurrency", (&texts::CONCURRENCY_LABEL, "16"), &form.concurrency, |form, text| form.concurrency = text) }
                </div>
                { self.switch(form.batching, &texts::BATCH, |form, on| form.batching = on) }
                if form.batching {
                    if form.format == BodyFormat::Form {
                        <p class="field__error" role="alert" tabindex="-1">{ small_icon("warn") }<span>{ self.language.say(&texts::BATCH_FORM) }</span></p>
                    } else {
                        <p class="field__hint" id="batch-hint">{ self.language.say(&texts::BATCH_HINT) }</p>
                    }
                    <div class="fields">
                        { self.number("max-events", "batch.max_events", (&texts::MAX_EVENTS, ""), &form.max_events, |form, text| form.max_events = text) }
                        { self.number("max-ms", "batch.max_ms", (&texts::MAX_MS, ""), &form.max_ms, |form, text| form.max_ms = text) }
                    </div>
                }
                { self.switch(form.no_retries, &texts::NO_RETRIES, |form, on| form.no_retries = on) }
                if !form.no_retries {
                    { self.text("retries", "retries", (&texts::RETRIES_LABEL, Some(&texts::RETRIES_HINT)), &form.retries, |form, text| form.retries = text) }
                }
            </>
        }
    }

    /// What of an event is sent, and what with it.
    pub(super) fn content(&self) -> Html {
        let (language, form) = (self.language, &self.form);
        // What the API can set of it is more than what is offered here: it is said as it is.
        let cut = match form.mime {
            MimePrivacy::Cut(bytes) if bytes != MIME_CUT => {
                language.fill(&texts::MIME_CUT_AT, &[("n", &language.number(u64::from(bytes)))])
            }
            _ => language.say(&texts::MIME_CUT).to_owned(),
        };
        let mimes = [
            ("as-is", language.say(&texts::MIME_WHOLE).to_owned()),
            ("cut", cut),
            ("omit", language.say(&texts::MIME_OMIT).to_owned()),
        ];
        let mime = match form.mime {
            MimePrivacy::AsIs => "as-is",
            MimePrivacy::Omit => "omit",
            MimePrivacy::Cut(_) => "cut",
        };
        let set_mime = self.set(|form, name: String| {
            form.mime = match name.as_str() {
                "cut" => MimePrivacy::Cut(MIME_CUT),
                "omit" => MimePrivacy::Omit,
                _ => MimePrivacy::AsIs,
            };
        });
        let headers = TextField {
            id: "headers",
            label: language.say(&texts::HEADERS_LABEL),
            hint: Some(language.say(&texts::HEADERS_HINT)),
            value: &form.headers,
            placeholder: "X-Team: mail",
            error: self.wrong_at("headers"),
            rows: Some("3"),
            ..TextField::default()
        };
        html! {
            <>
                { text_field(headers, self.set(|form, text| form.headers = text)) }
                { self.switch(form.diagnosis, &texts::DIAGNOSIS_LABEL, |form, on| form.diagnosis = on) }
                { self.switch(form.operational, &texts::OPERATIONAL_LABEL, |form, on| form.operational = on) }
                { self.switch(form.hash_recipient, &texts::HASH_RECIPIENT, |form, on| form.hash_recipient = on) }
                { self.switch(form.truncate_ip, &texts::TRUNCATE_IP, |form, on| form.truncate_ip = on) }
                <div class="field">
                    <label class="field__label" for="mime">{ language.say(&texts::MIME) }</label>
                    <Select id="mime" value={mime} onchange={set_mime}
                        options={mimes.map(|(value, text)| (AttrValue::from(value), AttrValue::from(text))).to_vec()} />
                </div>
            </>
        }
    }
}
