//! The test tool: data of one's own, sent and signed like a real call, and what came back.

use std::rc::Rc;

use seinpost_protocol::{
    event::{EventType, sample},
    payload::{DecodeError, read_event},
    rest::{Attempt, Webhook, WebhookStatus},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    app::Route,
    components::{
        A, Button, ErrorNote, Field, Note, Refusal, Select, Tone, explain_refusal, reason_phrase, request_view,
        response_view, signing_string, status, transport, unreadable,
    },
    hooks::{announce, now},
    i18n::{
        Language,
        texts::{common, test_tool as texts, webhooks},
        use_language,
    },
    inspector,
    pages::{
        peer::reached_alone,
        webhooks::{submit_at_ctrl_enter, type_name},
    },
};

#[derive(Properties, PartialEq)]
pub(super) struct TestToolProps {
    pub(super) webhook: Rc<Webhook>,
}

fn fresh_sample(event_type: EventType) -> String {
    sample(event_type, u64::try_from(now() / 1000).unwrap_or_default())
}

#[component]
pub(super) fn TestTool(props: &TestToolProps) -> Html {
    let language = use_language();
    let webhook = &props.webhook;
    let types = webhook.types.as_slice().to_vec();
    let first = types.first().copied().unwrap_or(EventType::Bounce);
    let chosen = use_state_eq(|| first);
    let text = use_state(|| fresh_sample(first));
    let (busy, answer, send) = use_send(&webhook.id);
    let wrong = read_event(text.as_bytes()).err();
    let choose = {
        let (chosen, text) = (chosen.clone(), text.clone());
        Callback::from(move |name: String| {
            if let Ok(event_type) = name.parse::<EventType>() {
                chosen.set(event_type);
                text.set(fresh_sample(event_type));
            }
        })
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
            {
                text.set(area.value());
            }
        })
    };
    let onsubmit = {
        let text = text.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit((*text).clone());
        })
    };
    if webhook.status == WebhookStatus::Unverified {
        let to = Route::WebhookTab { id: webhook.id.clone(), tab: "verification".into() };
        return html! {
            <Note tone={Tone::Warn} title={language.say(&texts::UNVERIFIED)}
                acts={html! { <A class="btn btn--s" {to}>{ language.say(&webhooks::FINISH_VERIFYING) }</A> }}>
                <p>{ language.say(&texts::UNVERIFIED_MEANING) }</p>
            </Note>
        };
    }
    let options = types.iter().map(|each| {
        let words = language.fill(&texts::SAMPLE_OF, &[("type", type_name(language, *each))]);
        (AttrValue::from(each.as_str()), AttrValue::from(words))
    });
    let error = wrong.as_ref().map(|wrong| explain(language, wrong, &text));
    let invalid = error.is_some();
    html! {
        <div class="duo duo--top">
            <form class="panel" aria-labelledby="test-title" {onsubmit} onkeydown={submit_at_ctrl_enter}>
                <div class="panel__head">
                    <h2 id="test-title">{ language.say(&texts::WHAT) }</h2>
                    <Select id="sample" label={language.say(&texts::SAMPLE)} options={options.collect::<Vec<_>>()} value={chosen.as_str()} onchange={choose} />
                </div>
                <div class="panel__body stack stack--tight">
                    <Field id="event" label={language.say(&common::EVENT)} aside={AttrValue::from("JSON")} {error}>
                        <textarea class="input mono" id="event" rows="14" spellcheck="false" value={(*text).clone()}
                            aria-invalid={invalid.then_some("true")}
                            aria-describedby={Field::described_by("event", false, invalid)} {oninput} />
                    </Field>
                </div>
                <div class="panel__foot">
                    <Button class="btn--primary" kind="submit" icon="send" busy={*busy}>{ language.say(&texts::SEND) }</Button>
                    <span class="soft small">{ language.say(&texts::SIGNED_LIKE_REAL) }</span>
                </div>
            </form>
            <div class="stack">
                { match &*answer {
                    None => html! {
                        <section class="panel" aria-label={language.say(&texts::ANSWER)}>
                            <div class="panel__body"><p class="soft">{ language.say(&texts::NO_ANSWER_YET) }</p></div>
                        </section>
                    },
                    Some(Err(error)) => html! { <ErrorNote error={error.clone()} /> },
                    Some(Ok(attempt)) => answer_view(language, attempt),
                } }
            </div>
        </div>
    }
}

type Answered = Option<Result<Rc<Attempt>, ApiError>>;

#[hook]
fn use_send(id: &str) -> (UseStateHandle<bool>, UseStateHandle<Answered>, Callback<String>) {
    let api = use_api();
    let language = use_language();
    let busy = use_state_eq(|| false);
    let answer = use_state(|| None::<Result<Rc<Attempt>, ApiError>>);
    let send = {
        let (busy, answer, id) = (busy.clone(), answer.clone(), id.to_owned());
        Callback::from(move |body: String| {
            if *busy {
                return;
            }
            let (api, busy, answer, id) = (api.clone(), busy.clone(), answer.clone(), id.clone());
            busy.set(true);
            spawn_local(async move {
                let came = api.test_webhook(&id, &body).await.map(Rc::new);
                announce(&match &came {
                    Ok(attempt) => outcome(language, attempt),
                    Err(_) => language.say(&texts::NOT_SENT).to_owned(),
                });
                answer.set(Some(came));
                busy.set(false);
            });
        })
    };
    (busy, answer, send)
}

/// What is wrong with the text, where, and that it may be sent all the same.
fn explain(language: Language, wrong: &DecodeError, text: &str) -> Html {
    let offset = wrong.offset.or_else(|| wrong.variable.as_deref().and_then(|name| text.find(&format!("\"{name}\""))));
    html! {
        <>
            if let Some(offset) = offset {
                <b>{ language.fill(&texts::LINE, &[("line", &line_of(text, offset).to_string())]) }</b>{ ": " }
            }
            { unreadable(language, wrong) }{ ". " }
            { language.say(&texts::SEND_ANYWAY) }
        </>
    }
}

/// The line, from 1, in which a byte stands.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// `401 Unauthorized in 36 ms`, or that there was no answer.
fn outcome(language: Language, attempt: &Attempt) -> String {
    let time = language.duration(attempt.duration_ms);
    match &attempt.response {
        Some(response) => {
            let words = format!("{} {}", response.status, reason_phrase(response.status));
            language.fill(&common::STATUS_IN_TIME, &[("status", words.trim_end()), ("time", &time)])
        }
        None => language.fill(&common::SILENT_AFTER, &[("time", &time)]),
    }
}

/// What came back, and what was sent.
fn answer_view(language: Language, attempt: &Attempt) -> Html {
    let explained = if attempt.accepted() { None } else { explain_refusal(language, attempt) };
    let (picture, tone) = if attempt.accepted() { ("ok", "status--ok") } else { ("bad", "status--bad") };
    html! {
        <>
            <section class="panel" aria-labelledby="answer-title">
                <div class="panel__head">
                    <h2 id="answer-title">{ language.say(&texts::ANSWER) }</h2>
                    { status(picture, tone, true, html! { { outcome(language, attempt) } }) }
                </div>
                <div class="panel__body stack stack--tight">
                    if let Some(reached) = reached_alone(language, attempt.peer.as_ref(), &attempt.request.url) {
                        <p class="small soft">{ reached }</p>
                    }
                    if let Some(error) = &attempt.error {
                        <Note tone={Tone::Bad} title={language.say(&texts::SILENT)}>{ transport(language, error) }</Note>
                    }
                    if let Some(Refusal { title, clocks, advice }) = explained {
                        <Note tone={Tone::Bad} {title}>
                            if let Some(clocks) = clocks {
                                <p>{ clocks }</p>
                            }
                            <p>{ advice }</p>
                        </Note>
                    }
                    if let Some(response) = &attempt.response {
                        { response_view(language, response) }
                    }
                </div>
            </section>
            <section class="panel" aria-labelledby="sent-title">
                <div class="panel__head">
                    <h2 id="sent-title">{ language.say(&texts::AS_SENT) }</h2>
                    <a href={inspector::share_link_of(attempt)}>{ language.say(&texts::OPEN_IN_INSPECTOR) }</a>
                </div>
                <div class="panel__body">{ request_view(language, &attempt.request) }</div>
            </section>
            if let Some(signed) = inspector::signed_of(&attempt.request) {
                <section class="panel tied" aria-labelledby="signing-title">
                    <div class="panel__head"><h2 id="signing-title">{ language.say(&texts::SIGNING_STRING) }</h2></div>
                    { signing_string(&signed.lines) }
                    if signed.is_standard {
                        <div class="panel__foot small soft">{ language.say(&texts::SIGNED_JOINED) }</div>
                    }
                </section>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_their_line() {
        let text = "{\n  \"id\": \"a\",\n  \"time\": \"yesterday\"\n}";
        assert_eq!(line_of(text, 0), 1);
        assert_eq!(line_of(text, text.find("yesterday").unwrap()), 3);
        assert_eq!(line_of(text, usize::MAX), 4);
    }
}
