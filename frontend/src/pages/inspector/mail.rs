//! A mail that came back: why, on what evidence, and what it is made of.

use yew::prelude::*;

use crate::{
    components::{status, visible},
    i18n::{Language, Text, texts::mail as texts},
    inspector::{Mail, MailPart, MailRecipient},
};

/// The diagnosis of the mail in an event.
pub(super) fn mail_panel(language: Language, mail: &Mail) -> Html {
    let (picture, class, word) = kind(&mail.kind);
    html! {
        <section class="panel" aria-labelledby="mail-title">
            <div class="panel__head">
                <h2 id="mail-title">{ language.say(&texts::TITLE) }</h2>
                { status(picture, class, true, html! { { language.say(word) } }) }
            </div>
            <div class="panel__body stack stack--tight">
                <p>{ visible(&mail.advice) }</p>
                { facts(language, mail) }
                { for mail.recipients.iter().map(|recipient| recipient_view(language, recipient)) }
                if mail.more > 0 {
                    <p class="small soft">{ language.fill(&texts::MORE, &[("n", &language.number(mail.more as u64))]) }</p>
                }
                <h3 class="h3">{ language.say(&texts::TREE) }</h3>
                <ul class="tree small">{ tree(language, &mail.parts) }</ul>
            </div>
        </section>
    }
}

/// An icon, a class and a word for a kind of mail.
fn kind(kind: &str) -> (&'static str, &'static str, &'static Text) {
    match kind {
        "hard" => ("bad", "status--bad", &texts::HARD),
        "soft" => ("warn", "status--warn", &texts::SOFT),
        "complaint" => ("bad", "status--bad", &texts::COMPLAINT),
        "auto-reply" => ("info", "", &texts::AUTO_REPLY),
        "not-a-bounce" => ("info", "", &texts::NOT_A_BOUNCE),
        _ => ("warn", "status--warn", &texts::UNKNOWN),
    }
}

fn facts(language: Language, mail: &Mail) -> Html {
    let of = |map: &Option<std::collections::BTreeMap<String, Option<String>>>, name: &str| {
        map.as_ref().and_then(|map| map.get(name).cloned().flatten())
    };
    let rows = [
        (&texts::REPORTED_BY, mail.reporting_mta.clone()),
        (&texts::ABOUT, of(&mail.original, "subject").or_else(|| of(&mail.original, "messageId"))),
        (&texts::FEEDBACK, of(&mail.feedback, "type")),
        (&texts::SOURCE, of(&mail.feedback, "sourceIp")),
    ];
    if rows.iter().all(|(_, value)| value.is_none()) {
        return Html::default();
    }
    html! {
        <dl class="kv">
            { for rows.into_iter().filter_map(|(name, value)| Some((name, value?))).map(|(name, value)| html! {
                <><dt>{ language.say(name) }</dt><dd class="mono">{ visible(&value) }</dd></>
            }) }
        </dl>
    }
}

fn recipient_view(language: Language, recipient: &MailRecipient) -> Html {
    let code = recipient.code.map(|code| code.to_string());
    let facts = [code, recipient.status.clone(), recipient.action.clone(), recipient.remote_mta.clone()];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    html! {
        <div class="stack stack--tight">
            <p class="small">
                <b class="break">{ visible(&recipient.address) }</b>{ " " }
                <code>{ recipient.reason.clone() }</code>{ " " }
                <span class="soft break">{ visible(&facts.join(" · ")) }</span>
            </p>
            if let Some(evidence) = &recipient.evidence {
                <div class="code code--s">
                    <div class="code__head"><span>{ language.say(&texts::EVIDENCE) }</span></div>
                    <pre class="wrap">{ visible_lines(&evidence.before) }<mark class="ev">{ visible_lines(&evidence.mark) }</mark>{ visible_lines(&evidence.after) }</pre>
                </div>
            } else if let Some(diagnostic) = recipient.diagnostic.clone() {
                <p class="small mono break">{ visible(&diagnostic) }</p>
            }
        </div>
    }
}

/// Text of several lines, whose line ends need no mark here.
fn visible_lines(text: &str) -> Html {
    text.split('\n')
        .enumerate()
        .map(|(index, line)| html! { <>if index > 0 { { "\n" } }{ visible(line) }</> })
        .collect()
}

/// The parts at the top of the list, each with those below it.
fn tree(language: Language, parts: &[MailPart]) -> Html {
    let Some(depth) = parts.first().map(|part| part.depth) else { return Html::default() };
    let mut starts: Vec<usize> =
        parts.iter().enumerate().filter(|(_, part)| part.depth <= depth).map(|(index, _)| index).collect();
    starts.push(parts.len());
    starts
        .windows(2)
        .filter_map(|window| parts.get(window[0]..window[1])?.split_first())
        .map(|(part, below)| {
            let size = language.fill(&texts::BYTES, &[("n", &language.number(part.bytes as u64))]);
            let read = part.read.then(|| language.say(&texts::READ));
            let words: Vec<&str> = part.detail.as_deref().into_iter().chain([size.as_str()]).chain(read).collect();
            html! {
                <li>
                    <span class={classes!("mono", part.read.then_some("strong"))}>{ visible(&part.media_type) }</span>{ " " }
                    <span class="soft">{ visible(&words.join(", ")) }</span>
                    if !below.is_empty() {
                        <ul>{ tree(language, below) }</ul>
                    }
                </li>
            }
        })
        .collect()
}
