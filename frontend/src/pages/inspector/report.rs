//! What the package says: the verdict, the checks, the signing string, the event.

use yew::prelude::*;

use crate::{
    components::{Note, Tone, icon, signing_string, status, visible},
    i18n::{Language, texts::inspector as texts},
    inspector::{Answer, CheckOutcome},
};

/// What the package answered. `has_key`: whether a key was given.
pub(super) fn report_view(language: Language, answer: &Answer, has_key: bool) -> Html {
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
            { verdict(language, answer, has_key) }
            { signing_panel(language, answer) }
            { event(language, answer) }
        </>
    }
}

fn verdict(language: Language, answer: &Answer, has_key: bool) -> Html {
    let Some(report) = &answer.report else { return Html::default() };
    let count = |outcome| report.checks.iter().filter(|check| check.outcome == outcome).count();
    let (failed, passed, skipped) = (count(CheckOutcome::Fail), count(CheckOutcome::Pass), count(CheckOutcome::Skip));
    let summary = language.fill(
        if failed == 0 { &texts::SUMMARY_PASSED } else { &texts::SUMMARY },
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
                    <h2 id="verdict-title" tabindex="-1">{ language.say(title) }</h2>
                    <p class="small">{ summary }</p>
                    if !report.ok && !has_key {
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

fn signing_panel(language: Language, answer: &Answer) -> Html {
    let Some(text) = answer.report.as_ref().and_then(|report| report.signing_string.as_deref()) else {
        return Html::default();
    };
    html! {
        <section class="panel" aria-labelledby="signing-title">
            <div class="panel__head">
                <h2 id="signing-title">{ language.say(&texts::SIGNING_STRING) }</h2>
                <span class="small soft">{ language.fill(&texts::AS_RECEIVED, &[("n", &language.number(text.len() as u64))]) }</span>
            </div>
            { signing_string(text) }
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
