//! The signing string, its parts in their colours, and where what came differs from what was signed.

use yew::prelude::*;

use crate::{
    components::{small_icon, tie, visible},
    i18n::{Language, texts::inspector as texts},
    inspector::Report,
};

/// A part of a signing string.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// As the signing string names it; empty where it has no names.
    label: &'a str,
    /// The header field (or `(request-target)` and the like) that it came from.
    pub(super) field: &'a str,
    value: &'a str,
    /// Where its value begins in the signing string, in bytes.
    at: usize,
}

/// The parts of a signing string, in order.
pub(super) fn parts<'a>(profile: &str, text: &'a str) -> Vec<Part<'a>> {
    if profile == "standard" {
        // Standard Webhooks: the id, the time, then the body, with a full stop between them.
        let names = ["webhook-id", "webhook-timestamp"];
        let mut at = 0;
        return text
            .split('.')
            .zip(names)
            .map(|(value, field)| {
                let part = Part { label: "", field, value, at };
                at += value.len() + 1;
                part
            })
            .collect();
    }
    let mut at = 0;
    text.split('\n')
        .map(|line| {
            let (label, value) = line.split_once(':').unwrap_or(("", line));
            let value = value.strip_prefix(' ').unwrap_or(value);
            // RFC 9421 §2.5: the name in quotes, perhaps with parameters.
            let field = label.strip_prefix('"').map_or(label, |rest| rest.split('"').next().unwrap_or(rest));
            let part = Part { label, field, value, at: at + line.len() - value.len() };
            at += line.len() + 1;
            part
        })
        .collect()
}

/// The fields of a signing string, in its order.
pub(super) fn covered(report: &Report) -> Vec<String> {
    let text = report.signing_string.as_deref().unwrap_or_default();
    parts(&report.profile, text).into_iter().map(|part| part.field.to_owned()).collect()
}

/// The signing string as received.
pub(super) fn signing_panel(language: Language, report: &Report) -> Html {
    let Some(text) = report.signing_string.as_deref() else { return Html::default() };
    let signed: Vec<Part<'_>> = report
        .causes
        .iter()
        .find_map(|cause| cause.signing_string.as_deref())
        .map(|signed| parts(&report.profile, signed))
        .unwrap_or_default();
    html! {
        <section class="panel" aria-labelledby="signing-title">
            <div class="panel__head">
                <h2 id="signing-title">{ language.say(&texts::SIGNING_STRING) }</h2>
                <span class="small soft">{ language.fill(&texts::AS_RECEIVED, &[("n", &language.number(text.len() as u64))]) }</span>
            </div>
            <ol class="sigstr">
                { for parts(&report.profile, text).iter().enumerate().map(|(index, part)| {
                    let other = signed.iter().find(|each| each.label == part.label && each.value != part.value);
                    line(language, index, part, other.map(|other| other.value))
                }) }
            </ol>
            <div class="panel__foot small soft">{ language.say(&texts::POINT) }</div>
        </section>
    }
}

fn line(language: Language, index: usize, part: &Part<'_>, signed: Option<&str>) -> Html {
    html! {
        <li class={tie(index)} key={index}>
            <span class="sigstr__n" aria-hidden="true">{ index + 1 }</span>
            <span class="sigstr__v">
                <span class="soft">{ if part.label.is_empty() { part.field.to_owned() } else { format!("{}:", part.label) } }</span>{ " " }
                <span class={format!("tie {}", tie(index))} tabindex="0">
                    if signed.is_some() {
                        <span class="diff-b">{ visible(part.value) }</span>
                    } else {
                        { visible(part.value) }
                    }
                </span>
            </span>
            if let Some(signed) = signed {
                <span class="sigstr__note soft">
                    { small_icon("warn") }
                    <span>
                        { language.rich(&texts::SIGNED_WAS, &[
                            ("value", html! { <span class="mono diff-a">{ visible(signed) }</span> }),
                            ("n", html! { { language.number((part.at + first_difference(part.value, signed) + 1) as u64) } }),
                        ]) }
                    </span>
                </span>
            }
        </li>
    }
}

/// The first byte in which two texts differ.
fn first_difference(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places_of_the_parts() {
        let found = parts("cavage", "(request-target): post /a\nhost: a.example\ndate: x: y");
        assert_eq!(found.iter().map(|part| part.field).collect::<Vec<_>>(), ["(request-target)", "host", "date"]);
        assert_eq!(found.iter().map(|part| part.value).collect::<Vec<_>>(), ["post /a", "a.example", "x: y"]);
        assert_eq!(found.iter().map(|part| part.at).collect::<Vec<_>>(), [18, 32, 48]);
        let found = parts("rfc9421", "\"@method\": POST\n\"x-a\";sf: 1\n\"@signature-params\": (\"@method\")");
        assert_eq!(found.iter().map(|part| part.field).collect::<Vec<_>>(), ["@method", "x-a", "@signature-params"]);
        let found = parts("standard", "msg_1.1768478400.");
        assert_eq!(
            found.iter().map(|part| (part.field, part.value)).collect::<Vec<_>>(),
            [("webhook-id", "msg_1"), ("webhook-timestamp", "1768478400")]
        );
    }

    #[test]
    fn the_first_byte_that_differs() {
        assert_eq!(first_difference("718", "717"), 2);
        assert_eq!(first_difference("app", "hooks"), 0);
        assert_eq!(first_difference("ab", "abc"), 2);
    }
}
