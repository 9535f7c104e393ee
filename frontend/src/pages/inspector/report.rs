//! What the package says: the verdict, what would make it verify, the checks, the event.

use seinpost_protocol::payload::Note as Unusual;
use yew::prelude::*;

use super::{bytes::body_panel, mail::mail_panel, mistake::mistake_note, signing::signing_panel};
use crate::{
    components::{Button, Long, fault_named, icon, status, visible},
    i18n::{Language, Text, texts::inspector as texts},
    inspector::{Answer, Cause, CheckOutcome, DecodeError, Event, Report, Shared, changed, stands_alone},
};

/// What the answers are shown with.
pub(super) struct View<'a> {
    pub(super) language: Language,
    pub(super) shared: &'a Shared,
    pub(super) change: &'a Callback<Shared>,
    /// Where the bytes that are shown begin.
    pub(super) at: usize,
    pub(super) turn: &'a Callback<usize>,
}

/// What the package answered.
pub(super) fn report_view(view: &View<'_>, answer: &Answer) -> Html {
    let language = view.language;
    html! {
        <>
            if let Some(mistake) = &answer.mistake {
                { mistake_note(language, mistake) }
            }
            if let Some(report) = &answer.report {
                { verdict(view, answer, report) }
                { signing_panel(language, report) }
            }
            { body_panel(language, answer, view.at, view.turn) }
            { event_panel(language, answer) }
            if let Some(mail) = &answer.mail {
                { mail_panel(language, mail) }
            }
        </>
    }
}

fn verdict(view: &View<'_>, answer: &Answer, report: &Report) -> Html {
    let language = view.language;
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
                    if !report.ok && view.shared.key.trim().is_empty() {
                        <p class="small">{ language.say(give_key(&report.profile)) }</p>
                    }
                </div>
            </div>
            if !report.ok && !report.causes.is_empty() {
                { would(view, answer, report) }
            }
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

/// What to paste where there is no key. A secret is published nowhere, so nothing can be fetched in its place.
fn give_key(profile: &str) -> &'static Text {
    match profile {
        "standard" => &texts::GIVE_SECRET,
        _ if stands_alone() => &texts::GIVE_KEY_ALONE,
        _ => &texts::GIVE_KEY,
    }
}

/// “It would verify if…”: what the package found, each with its cure, and a button that tries it.
fn would(view: &View<'_>, answer: &Answer, report: &Report) -> Html {
    let language = view.language;
    let each = |cause: &Cause| {
        let next = changed(view.shared, answer, cause);
        let change = view.change.clone();
        html! {
            <li key={cause.code.clone()}>
                <span>{ visible(&cause.text) }<span class="checks__next soft">{ cause.cure.clone() }</span></span>
                if let Some(next) = next {
                    <Button class="btn--s" onclick={Callback::from(move |_: MouseEvent| change.emit(next.clone()))}>
                        { language.say(&texts::TRY_IT) }
                    </Button>
                }
            </li>
        }
    };
    html! {
        <div class="panel__body would">
            <h3 class="h3">{ language.say(&texts::WOULD) }</h3>
            <ol class="would__list">{ for report.causes.iter().map(each) }</ol>
        </div>
    }
}

fn event_panel(language: Language, answer: &Answer) -> Html {
    let state = match &answer.event {
        Some(event) => {
            let words = language.fill(&texts::DECODES, &[("n", &event.variables.len().to_string())]);
            status("ok", "", false, html! { { words } })
        }
        None => status("bad", "status--bad", false, html! { { language.say(&texts::DOES_NOT_DECODE) } }),
    };
    html! {
        <section class="panel" aria-labelledby="event-title">
            <div class="panel__head"><h2 id="event-title">{ language.say(&texts::EVENT) }</h2>{ state }</div>
            <div class="panel__body stack stack--tight">
                if let Some(event) = &answer.event {
                    { variables(language, event, answer.mail.is_some()) }
                }
                if let Some(error) = &answer.decode_error {
                    { decode_error(language, error) }
                }
            </div>
        </section>
    }
}

fn variables(language: Language, event: &Event, diagnosed: bool) -> Html {
    let value = |name: &str, value: &str| {
        if name == "mime" && diagnosed {
            let size = language.number(value.len() as u64);
            html! { { language.fill(&texts::DIAGNOSED_BELOW, &[("n", &size)]) } }
        } else {
            html! { <Long text={value.to_owned()} /> }
        }
    };
    html! {
        <>
            <dl class="kv">
                { for event.variables.iter().map(|(name, text)| html! {
                    <><dt class="mono">{ visible(name) }</dt><dd class="mono event-value" tabindex={(text.len() > 1000).then_some("0")}>{ value(name, text) }</dd></>
                }) }
            </dl>
            if !event.notes.is_empty() {
                <ul class="small soft">{ for event.notes.iter().map(|note| event_note(language, note)) }</ul>
            }
        </>
    }
}

/// What was put up with to read the event. The package says it in English alone; it is known here by that, and one that is not
/// keeps its words.
fn event_note(language: Language, note: &str) -> Html {
    match known_note(language, note) {
        Some(words) => html! { <li>{ visible(&words) }</li> },
        None => html! { <li lang="en">{ visible(note) }</li> },
    }
}

fn known_note(language: Language, note: &str) -> Option<String> {
    let variable = note.split(' ').next().unwrap_or_default().to_owned();
    let notes = [
        (Unusual::ByteOrderMark, &texts::NOTE_BOM),
        (Unusual::GuessedFormat, &texts::NOTE_GUESSED),
        (Unusual::TagsAsText, &texts::NOTE_TAGS),
        (Unusual::NumberForText { variable: variable.clone() }, &texts::NOTE_NUMBER),
        (Unusual::UnexpectedWord { variable: variable.clone() }, &texts::NOTE_WORD),
        (Unusual::SpaceInAddress { variable: variable.clone() }, &texts::NOTE_SPACE),
    ];
    let (_, text) = notes.iter().find(|(each, _)| each.to_string() == note)?;
    Some(language.fill(text, &[("variable", &variable)]))
}

fn decode_error(language: Language, error: &DecodeError) -> Html {
    // The package says it in English alone. A kind of fault that is not known here keeps its words.
    let variable = error.variable.as_deref().unwrap_or_default();
    let known = error.code.as_deref().and_then(|code| fault_named(language, code, variable));
    html! {
        <>
            <p class="small break" lang={known.is_none().then_some("en")}>
                if let Some(variable) = error.variable.clone() {
                    <b>{ variable }</b>{ ": " }
                }
                { visible(known.as_deref().unwrap_or(&error.message)) }
                if let Some(offset) = error.offset {
                    { " " }<span class="soft" lang={language.tag()}>{ language.fill(&texts::AT_BYTE, &[("n", &language.number(offset))]) }</span>
                }
            </p>
            if let Some(code) = error.code.clone() {
                <p class="small soft"><code>{ code }</code></p>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_of_an_event_is_said_in_dutch() {
        let variable = || "recipient".to_owned();
        for (note, dutch) in [
            (Unusual::ByteOrderMark, "Voor de inhoud staat een byte order mark"),
            (Unusual::GuessedFormat, "Het contenttype zegt niet wat de inhoud is"),
            (Unusual::NumberForText { variable: variable() }, "recipient is een getal"),
            (Unusual::TagsAsText, "tags is één tekst"),
            (Unusual::UnexpectedWord { variable: variable() }, "recipient is een woord"),
            (Unusual::SpaceInAddress { variable: variable() }, "recipient bevat een spatie"),
        ] {
            let said = known_note(Language::Dutch, &note.to_string()).unwrap();
            assert!(said.starts_with(dutch), "{said}");
            assert!(known_note(Language::English, &note.to_string()).is_some());
        }
        assert_eq!(known_note(Language::Dutch, "recipient is odd"), None);
    }
}
