//! What a filter or a format would have done, before it is saved.

use seinpost_protocol::rest::{NewPreview, Preview, PreviewedEvent, Types};
use yew::prelude::*;

use super::form::Form;
use crate::{
    api::use_api,
    components::{Code, CodeText, ErrorNote, Long, Note, Tone},
    hooks::{use_kept, use_resource, use_settled},
    i18n::{Language, texts::settings as texts, use_language},
    pages::webhook::type_words,
};

#[derive(Properties, PartialEq)]
pub(super) struct PreviewProps {
    pub(super) form: Form,
}

/// How many of the last 24 hours' events would have gone, with an example of one that would and one that would not.
#[component]
pub(super) fn PreviewNote(props: &PreviewProps) -> Html {
    let language = use_language();
    let api = use_api();
    let form = &props.form;
    let asked = Types::new(form.types.iter().copied()).map(|types| NewPreview {
        types,
        format: form.format,
        filter: form.filter(),
        privacy: form.privacy(),
    });
    // While one types, what was said before stands.
    let asked = use_settled(asked, |_, _| true);
    let preview = use_resource(asked, move |asked: &Option<NewPreview>| {
        let (api, asked) = (api.clone(), asked.clone());
        Box::pin(async move {
            match asked {
                Some(asked) => api.preview(&asked).await.map(Some),
                None => Ok(None),
            }
        })
    });
    let data = use_kept(preview.data.as_ref());
    match (data, &preview.error) {
        (_, Some(error)) => html! { <ErrorNote error={error.clone()} retry={preview.refresh.clone()} /> },
        (Some(data), None) => data.as_ref().as_ref().map(|data| shown(language, data)).unwrap_or_default(),
        (None, None) => html! { <span class="skel skel--80"></span> },
    }
}

fn shown(language: Language, preview: &Preview) -> Html {
    let numbers =
        [("passing", language.number(preview.passing.into())), ("all", language.number(preview.looked_at.into()))];
    let values = numbers.each_ref().map(|(name, number)| (*name, number.as_str()));
    let title = match (preview.looked_at, preview.complete) {
        (0, _) => language.say(&texts::PREVIEW_NONE).to_owned(),
        (_, true) => language.fill(&texts::PREVIEW, &values),
        (_, false) => language.fill(&texts::PREVIEW_NEWEST, &values),
    };
    let tone = if preview.looked_at > 0 && preview.passing == 0 { Tone::Warn } else { Tone::Info };
    html! {
        <Note {tone} {title}>
            if preview.would_go.is_some() || preview.would_not_go.is_some() {
                <div class="stack stack--tight gap">
                    { example(language, &texts::WOULD_GO, preview.would_go.as_ref()) }
                    { example(language, &texts::WOULD_NOT_GO, preview.would_not_go.as_ref()) }
                </div>
            }
        </Note>
    }
}

fn example(language: Language, title: &'static crate::i18n::Text, event: Option<&PreviewedEvent>) -> Html {
    let Some(event) = event else { return Html::default() };
    let body = event.body.clone();
    let is_json = event.content_type.starts_with("application/json");
    let html = html! { <Long text={body.clone()} json={is_json} /> };
    html! {
        <details class="fold" key={event.id.clone()}>
            <summary>
                { language.say(title) }{ ": " }{ type_words(language, &event.event_type) }{ " " }<span class="mono">{ event.id.clone() }</span>
            </summary>
            if let Some(reason) = reason(language, event) {
                <p class="soft">{ reason }</p>
            }
            <Code class="code--s gap" code={CodeText::Shown { html, text: body.into() }} copy={language.say(&texts::COPY_BODY)} />
        </details>
    }
}

/// Why an event would not go; in English in the server's own words.
fn reason(language: Language, event: &PreviewedEvent) -> Option<String> {
    let reason = event.reason.clone()?;
    let text = match event.reason_code.as_deref()? {
        _ if language == Language::English => return Some(reason),
        "none-of-tags" => &texts::NONE_OF_TAGS,
        "lacks-tag" => &texts::LACKS_TAG,
        "has-tag" => &texts::HAS_TAG,
        "other-domain" => &texts::OTHER_DOMAIN,
        "excluded-domain" => &texts::EXCLUDED_DOMAIN,
        _ => return Some(reason),
    };
    Some(language.fill(text, &[("value", event.reason_value.as_deref().unwrap_or_default())]))
}
