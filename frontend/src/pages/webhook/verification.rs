//! Proving that the URL is one's own: download, put, look.

use std::rc::Rc;

use seinpost_protocol::rest::{AttemptError, Outcome, Tried, VerifyResult, Webhook};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api, verification_file},
    components::{
        Ago, Button, Code, CodeText, Copy, CopyId, ErrorNote, Note, Tone, reason_phrase, small_icon, status,
        toast_done, transport, url, visible,
    },
    hooks::{announce, now},
    i18n::{Language, Text, texts::verification as texts, use_language},
    pages::peer::reached_alone,
};
use seinpost_protocol::rest::Timestamp;

#[derive(Properties, PartialEq)]
pub(super) struct VerificationProps {
    pub(super) webhook: Rc<Webhook>,
    pub(super) refresh: Callback<()>,
}

/// A look for the file: what was found, and when.
#[derive(Clone, PartialEq)]
struct Look {
    result: Result<Rc<VerifyResult>, ApiError>,
    at: Timestamp,
}

#[component]
pub(super) fn Verification(props: &VerificationProps) -> Html {
    let language = use_language();
    let downloaded = use_state_eq(|| false);
    let (busy, look, verify) = use_look(&props.webhook.id, &props.refresh);
    let webhook = &props.webhook;
    let file = &webhook.verification;
    let ondownload = {
        let downloaded = downloaded.clone();
        Callback::from(move |_: MouseEvent| downloaded.set(true))
    };
    let looked = look.is_some();
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let command =
        format!("curl -X POST {origin}/v1/webhooks/{}/verify -H \"Authorization: Bearer $TOKEN\"", webhook.id);
    html! {
        <section class="stack" aria-label={language.say(&texts::TITLE)}>
            <ol class="steps steps--panel">
                <li class={classes!("steps__item", (*downloaded || looked).then_some("steps__item--done"))} aria-current={(!*downloaded && !looked).then_some("step")}>
                    <h2>{ language.say(&texts::DOWNLOAD) }</h2>
                    <p class="soft small">{ language.say(&texts::DOWNLOAD_WHY) }</p>
                    <div class="row gap">
                        <a class="btn" href={verification_file(&webhook.id)} download={file.file.clone()} onclick={ondownload}>
                            { small_icon("download") }{ file.file.clone() }
                        </a>
                        <span class="soft small">{ language.say(&texts::OR_COPY) }</span>
                        <CopyId id={file.content.trim().to_owned()} label={language.say(&texts::COPY_CONTENT)} />
                    </div>
                </li>
                <li class={classes!("steps__item", looked.then_some("steps__item--done"))}>
                    <h2>{ language.say(&texts::PUT) }</h2>
                    <p class="soft small">{ language.say(if file.locations.len() > 1 { &texts::PUT_WHY } else { &texts::PUT_WHY_ROOT }) }</p>
                    <dl class="kv kv--fold gap">{ for file.locations.iter().enumerate().map(|(index, place)| location(language, index, place, file.locations.len())) }</dl>
                </li>
                <li class="steps__item" aria-current={(*downloaded || looked).then_some("step")}>
                    <h2>{ language.say(&texts::LOOK_TITLE) }</h2>
                    <p class="soft small">{ language.say(&texts::LOOK_WHY) }</p>
                    <div class="row gap">
                        <Button class="btn--primary" icon={if looked { "retry" } else { "search" }} busy={*busy} onclick={verify.reform(|_: MouseEvent| ())}>
                            { language.say(if looked { &texts::LOOK_AGAIN } else { &texts::LOOK }) }
                        </Button>
                        if let Some(look) = &*look {
                            <span class="soft small">
                                { language.rich(&texts::LAST_LOOK, &[("ago", html! { <Ago at={look.at} /> })]) }
                            </span>
                        }
                    </div>
                </li>
            </ol>
            { match look.as_ref().map(|look| &look.result) {
                Some(Err(error)) => html! { <ErrorNote error={error.clone()} retry={verify.clone()} /> },
                Some(Ok(result)) => found(language, result),
                None => Html::default(),
            } }
            <p class="soft small break">
                { language.rich(&texts::WITH_CURL, &[("command", html! {
                    <Copy text={command.clone()} label={language.say(&texts::COPY_CURL)}><code>{ command }</code></Copy>
                })]) }
            </p>
        </section>
    }
}

#[hook]
fn use_look(id: &str, refresh: &Callback<()>) -> (UseStateHandle<bool>, UseStateHandle<Option<Look>>, Callback<()>) {
    let api = use_api();
    let language = use_language();
    let busy = use_state_eq(|| false);
    let look = use_state(|| None::<Look>);
    let verify = {
        let (busy, look, refresh, id) = (busy.clone(), look.clone(), refresh.clone(), id.to_owned());
        Callback::from(move |()| {
            let (api, busy, look, refresh, id) = (api.clone(), busy.clone(), look.clone(), refresh.clone(), id.clone());
            busy.set(true);
            spawn_local(async move {
                let answer = api.verify_webhook(&id).await;
                let verified = answer.as_ref().is_ok_and(|result| result.verified);
                if verified {
                    // The tab goes with it, so the message stands where it is seen anyway.
                    toast_done(language.say(&texts::NOW_VERIFIED));
                } else {
                    announce(language.say(&texts::NOT_VERIFIED));
                }
                look.set(Some(Look { result: answer.map(Rc::new), at: Timestamp::from_millis(now()) }));
                busy.set(false);
                refresh.emit(());
            });
        })
    };
    (busy, look, verify)
}

fn location(language: Language, index: usize, place: &str, count: usize) -> Html {
    let (term, copy): (&'static Text, &'static Text) = match (index, count) {
        (_, 1) | (1.., _) => (&texts::IN_ROOT, &texts::COPY_ROOT),
        (0, _) => (&texts::BESIDE, &texts::COPY_BESIDE),
    };
    html! {
        <>
            <dt>{ language.say(term) }</dt>
            <dd>
                <Copy text={place.to_owned()} label={language.say(copy)}>
                    <a class="url" href={place.to_owned()} target="_blank" rel="noreferrer">{ url(place) }</a>
                </Copy>
            </dd>
        </>
    }
}

/// What a look found at each place.
fn found(language: Language, result: &VerifyResult) -> Html {
    let (picture, tone, text) = if result.verified {
        ("ok", "status--ok", &texts::VERIFIED)
    } else {
        ("bad", "status--bad", &texts::NOT_VERIFIED)
    };
    html! {
        <section class="panel" aria-labelledby="found-title">
            <div class="panel__head">
                <h2 id="found-title">{ language.say(&texts::FOUND) }</h2>
                { status(picture, tone, true, html! { { language.say(text) } }) }
            </div>
            { for result.tried.iter().map(|tried| tried_view(language, tried)) }
        </section>
    }
}

fn tried_view(language: Language, tried: &Tried) -> Html {
    let (picture, tone, text) = short(language, tried);
    let (title, advice) = advice(language, tried);
    html! {
        <div class="panel__part">
            <div class="panel__body stack stack--tight">
                <div class="row row--apart">
                    <span class="url break">{ url(&tried.url) }</span>
                    { status(picture, tone, false, html! { { text } }) }
                </div>
                if let Some(reached) = reached_alone(language, tried.peer.as_ref(), &tried.url) {
                    <p class="small soft">{ reached }</p>
                }
                if tried.outcome == Outcome::AnotherStatus && tried.status == Some(404) {
                    <p class="small soft">{ advice }</p>
                } else if tried.outcome != Outcome::Match {
                    <Note tone={Tone::Bad} {title}>
                        // The server's words are the more exact ones; without an answer they are all there is to go by.
                        if let Some(kind) = tried.error.filter(|_| tried.outcome == Outcome::NoAnswer) {
                            { transport(language, &AttemptError { kind, detail: tried.detail.clone() }) }
                        } else if language == Language::English {
                            <p>{ tried.detail.clone() }</p>
                        } else {
                            <p>{ advice }</p>
                        }
                    </Note>
                }
                if let Some(body) = tried.body.clone().filter(|body| !body.is_empty()) {
                    <Code class="code--s" head={html! { { body_head(language, tried, &body) } }}
                        code={CodeText::Shown { html: visible(&first_lines(&body)), text: body.into() }}
                        copy={language.say(&texts::COPY_BODY)} />
                }
            </div>
        </div>
    }
}

/// What came of one place, in a few words.
fn short(language: Language, tried: &Tried) -> (&'static str, &'static str, String) {
    let status = tried
        .status
        .map_or_else(String::new, |status| format!("{status} {}", reason_phrase(status)).trim_end().to_owned());
    let time = language.duration(tried.duration_ms);
    match tried.outcome {
        Outcome::Match => ("ok", "status--ok", language.fill(&texts::OUTCOME_MATCH, &[("time", &time)])),
        Outcome::AnotherBody => ("bad", "status--bad", language.fill(&texts::OUTCOME_BODY, &[("status", &status)])),
        Outcome::AnotherStatus => {
            ("warn", "status--warn", language.fill(&texts::OUTCOME_STATUS, &[("status", &status), ("time", &time)]))
        }
        Outcome::Redirect => {
            ("bad", "status--bad", language.fill(&texts::OUTCOME_STATUS, &[("status", &status), ("time", &time)]))
        }
        Outcome::NoAnswer => ("off", "status--bad", language.say(&texts::OUTCOME_NONE).to_owned()),
    }
}

fn header<'a>(tried: &'a Tried, name: &str) -> Option<&'a str> {
    tried.headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Why it is not proven by this place, and what to do.
fn advice(language: Language, tried: &Tried) -> (String, String) {
    let say =
        |title: &'static Text, text: &'static Text| (language.say(title).to_owned(), language.say(text).to_owned());
    let is_html = tried.body.as_deref().is_some_and(|body| {
        let start: String = body.trim_start().chars().take(64).collect::<String>().to_lowercase();
        start.starts_with("<!doctype html") || start.starts_with("<html")
    }) || header(tried, "content-type").is_some_and(|kind| kind.starts_with("text/html"));
    match tried.outcome {
        Outcome::Match => (String::new(), String::new()),
        Outcome::AnotherBody if is_html => say(&texts::HTML_TITLE, &texts::HTML_ADVICE),
        Outcome::AnotherBody => say(&texts::BODY_TITLE, &texts::BODY_ADVICE),
        Outcome::Redirect => {
            let to = header(tried, "location").unwrap_or("?");
            (language.say(&texts::REDIRECT_TITLE).to_owned(), language.fill(&texts::REDIRECT_ADVICE, &[("to", to)]))
        }
        Outcome::AnotherStatus => match tried.status {
            Some(404 | 410) => say(&texts::MISSING_TITLE, &texts::MISSING_ADVICE),
            Some(401 | 403) => say(&texts::CLOSED_TITLE, &texts::CLOSED_ADVICE),
            Some(500..) => say(&texts::ERROR_TITLE, &texts::ERROR_ADVICE),
            _ => say(&texts::STATUS_TITLE, &texts::STATUS_ADVICE),
        },
        Outcome::NoAnswer => say(&texts::SILENT_TITLE, &texts::SILENT_ADVICE),
    }
}

fn body_head(language: Language, tried: &Tried, body: &str) -> String {
    let kind = header(tried, "content-type").unwrap_or_else(|| language.say(&texts::NO_KIND));
    let lines = body.lines().count();
    let all = language.number(lines as u64);
    if lines <= LINES {
        return language.fill(&texts::BODY_WHOLE, &[("kind", kind), ("lines", &all)]);
    }
    language.fill(&texts::BODY_HEAD, &[("kind", kind), ("shown", &language.number(LINES as u64)), ("lines", &all)])
}

/// How many lines of a body show.
const LINES: usize = 8;

fn first_lines(body: &str) -> String {
    body.split_inclusive('\n').take(LINES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(outcome: &str, status: &str, headers: &str, body: &str) -> Tried {
        serde_json::from_str(&format!(
            r#"{{"url":"https://a.example/smtpeter-x.txt","outcome":"{outcome}","status":{status},"detail":"d",
            "headers":{headers},"body":{body},"duration_ms":88}}"#
        ))
        .unwrap()
    }

    #[test]
    fn every_outcome_says_why_and_what_to_do() {
        for (each, title) in [
            (tried("another_body", "200", "[]", r#""<!DOCTYPE html><title>Sign in""#), &texts::HTML_TITLE),
            (
                tried("another_body", "200", r#"[["Content-Type","text/html; charset=utf-8"]]"#, r#""x""#),
                &texts::HTML_TITLE,
            ),
            (tried("another_body", "200", "[]", r#""smtpeter-verification=old""#), &texts::BODY_TITLE),
            (tried("redirect", "302", r#"[["location","/login"]]"#, "null"), &texts::REDIRECT_TITLE),
            (tried("another_status", "404", "[]", "null"), &texts::MISSING_TITLE),
            (tried("another_status", "403", "[]", "null"), &texts::CLOSED_TITLE),
            (tried("another_status", "503", "[]", "null"), &texts::ERROR_TITLE),
            (tried("another_status", "418", "[]", "null"), &texts::STATUS_TITLE),
            (tried("no_answer", "null", "[]", "null"), &texts::SILENT_TITLE),
        ] {
            let (said, what_to_do) = advice(Language::English, &each);
            assert_eq!(said, title.en);
            assert!(!what_to_do.is_empty());
        }
        let (_, advice) = advice(Language::Dutch, &tried("redirect", "302", r#"[["location","/login"]]"#, "null"));
        assert!(advice.contains("/login"));
    }

    #[test]
    fn a_long_body_shows_its_beginning() {
        let body = "a\n".repeat(96);
        assert_eq!(first_lines(&body).lines().count(), LINES);
        let head = body_head(
            Language::English,
            &tried("another_body", "200", r#"[["content-type","text/html"]]"#, "null"),
            &body,
        );
        assert!(head.contains("text/html") && head.contains("96"), "{head}");
    }
}
