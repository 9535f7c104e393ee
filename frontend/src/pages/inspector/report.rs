//! What the package says: the verdict, the checks, the signing string, the event.

use std::rc::Rc;

use yew::prelude::*;

use super::highlight::tie;
use crate::{
    components::{Note, Tone, icon, status, visible},
    i18n::{Language, texts::inspector as texts, use_language},
    inspector::{Answer, CheckOutcome},
};

#[derive(Properties, PartialEq)]
pub(super) struct ReportViewProps {
    pub(super) answer: Rc<Answer>,
    /// Whether a key was given.
    pub(super) has_key: bool,
}

#[component]
pub(super) fn ReportView(props: &ReportViewProps) -> Html {
    let language = use_language();
    let answer = &props.answer;
    html! {
        <>
            if let Some(mistake) = &answer.mistake {
                <Note tone={Tone::Bad} title={language.say(&texts::MISTAKE)}>
                    <p lang="en" class="break">{ mistake.message.clone() }</p>
                    if let Some(code) = mistake.code.clone() {
                        <p class="soft"><code>{ code }</code></p>
                    }
                </Note>
            }
            { verdict(language, props) }
            { signing_string(language, answer) }
            { event(language, answer) }
        </>
    }
}

fn verdict(language: Language, props: &ReportViewProps) -> Html {
    let Some(report) = &props.answer.report else { return Html::default() };
    let count = |outcome| report.checks.iter().filter(|check| check.outcome == outcome).count();
    let (failed, passed, skipped) = (count(CheckOutcome::Fail), count(CheckOutcome::Pass), count(CheckOutcome::Skip));
    let summary = language.fill(
        &texts::SUMMARY,
        &[
            ("failed", &failed.to_string()),
            ("passed", &passed.to_string()),
            ("skipped", &skipped.to_string()),
            ("profile", &report.profile),
        ],
    );
    let (class, picture, title) = if report.ok {
        ("verdict verdict--ok", "ok", &texts::VERIFIES)
    } else {
        ("verdict verdict--bad", "bad", &texts::DOES_NOT_VERIFY)
    };
    html! {
        <section class="panel" aria-labelledby="verdict-title">
            <div {class} role="status">
                { icon(picture) }
                <div>
                    <h2 id="verdict-title">{ language.say(title) }</h2>
                    <p class="small">{ summary }</p>
                    if !report.ok && !props.has_key {
                        <p class="small">{ language.say(&texts::GIVE_KEY) }</p>
                    }
                </div>
            </div>
            <ol class="checks">
                { for report.checks.iter().map(|check| {
                    let (class, picture, word) = match check.outcome {
                        CheckOutcome::Pass => ("checks__item--pass", "ok", &texts::PASSED),
                        CheckOutcome::Fail => ("checks__item--fail", "bad", &texts::FAILED),
                        CheckOutcome::Skip => ("checks__item--skip", "skip", &texts::SKIPPED),
                    };
                    html! {
                        <li class={classes!("checks__item", class)} key={check.name.clone()}>
                            { icon(picture) }
                            <span class="checks__name">{ check.name.clone() }{ " " }<span class="vh">{ language.say(word) }</span></span>
                            <span class="checks__why">
                                { visible(&check.reason) }
                                if let Some(next) = check.next.clone() {
                                    { " " }<span class="checks__next">{ next }</span>
                                }
                            </span>
                        </li>
                    }
                }) }
            </ol>
            if !report.notes.is_empty() {
                <div class="panel__foot small soft">
                    <ul>{ for report.notes.iter().map(|note| html! { <li>{ visible(note) }</li> }) }</ul>
                </div>
            }
        </section>
    }
}

/// The names of a signing string, in its order.
pub(super) fn covered(signing_string: &str) -> Vec<String> {
    signing_string.lines().filter_map(|line| line.split_once(':').map(|(name, _)| name.to_owned())).collect()
}

fn signing_string(language: Language, answer: &Answer) -> Html {
    let Some(text) = answer.report.as_ref().and_then(|report| report.signing_string.as_deref()) else {
        return Html::default();
    };
    html! {
        <section class="panel" aria-labelledby="signing-title">
            <div class="panel__head">
                <h2 id="signing-title">{ language.say(&texts::SIGNING_STRING) }</h2>
                <span class="small soft">{ language.fill(&texts::AS_RECEIVED, &[("n", &language.number(text.len() as u64))]) }</span>
            </div>
            <ol class="sigstr">
                { for text.lines().enumerate().map(|(index, line)| {
                    let (name, value) = line.split_once(':').map_or(("", line), |(name, value)| (name, value.trim_start_matches(' ')));
                    html! {
                        <li class={tie(index)} key={index}>
                            <span class="sigstr__n" aria-hidden="true">{ index + 1 }</span>
                            <span class="sigstr__v">
                                if !name.is_empty() {
                                    <span class="soft">{ format!("{name}:") }</span>{ " " }
                                }
                                <span class={format!("tie {}", tie(index))} tabindex="0">{ visible(value) }</span>
                            </span>
                        </li>
                    }
                }) }
            </ol>
            <div class="panel__foot small soft">{ language.say(&texts::POINT) }</div>
        </section>
    }
}

fn event(language: Language, answer: &Answer) -> Html {
    let state = match (&answer.event, &answer.decode_error) {
        (Some(event), _) => {
            let words = language.fill(&texts::DECODES, &[("n", &event.variables.len().to_string())]);
            status("ok", "", false, html! { { words } })
        }
        _ => status("bad", "status--bad", false, html! { { language.say(&texts::DOES_NOT_DECODE) } }),
    };
    html! {
        <section class="panel" aria-labelledby="event-title">
            <div class="panel__head"><h2 id="event-title">{ language.say(&texts::EVENT) }</h2>{ state }</div>
            <div class="panel__body stack stack--tight">
                if let Some(event) = &answer.event {
                    <dl class="kv">
                        { for event.variables.iter().map(|(name, value)| html! {
                            <><dt class="mono">{ visible(name) }</dt><dd class="mono event-value">{ visible(value) }</dd></>
                        }) }
                    </dl>
                    if !event.notes.is_empty() {
                        <ul class="small soft" lang="en">{ for event.notes.iter().map(|note| html! { <li>{ visible(note) }</li> }) }</ul>
                    }
                }
                if let Some(error) = &answer.decode_error {
                    <p class="small break" lang="en">
                        if let Some(variable) = error.variable.clone() {
                            <b>{ variable }</b>{ ": " }
                        }
                        { visible(&error.message) }
                        if let Some(offset) = error.offset {
                            { " " }<span class="soft" lang={language.tag()}>{ language.fill(&texts::AT_BYTE, &[("n", &language.number(offset))]) }</span>
                        }
                    </p>
                    if let Some(code) = error.code.clone() {
                        <p class="small soft"><code>{ code }</code></p>
                    }
                }
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_signing_string() {
        assert_eq!(
            covered("(request-target): post /a\nhost: a.example\ndate: x: y"),
            ["(request-target)", "host", "date"]
        );
        assert!(covered("").is_empty());
    }
}
