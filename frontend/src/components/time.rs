//! Moments on the page: told for people, exact for everyone who looks.

use seinpost_protocol::rest::Timestamp;
use yew::prelude::*;

use crate::{
    hooks::{now, use_now},
    i18n::{Language, moment::Local, use_language},
};

#[derive(Properties, PartialEq)]
pub(crate) struct MomentProps {
    pub(crate) at: Timestamp,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// Something is due then: once that is past it is “now”.
    #[prop_or_default]
    pub(crate) due: bool,
}

/// `2025-11-25 13:05:58.013 UTC`: what stands behind every time on the page.
pub(super) fn exact(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{} UTC", text.trim_end_matches('Z').replace('T', " "))
}

/// How long ago (or how soon): `12 s ago`.
#[component]
pub(crate) fn Ago(props: &MomentProps) -> Html {
    let language = use_language();
    let now = use_now();
    html! {
        <time class={props.class.clone()} datetime={props.at.to_string()} title={exact(props.at)}>
            if props.due && props.at.as_millis() < now + 2000 {
                { language.at_once() }
            } else {
                { language.relative(now, props.at.as_millis()) }
            }
        </time>
    }
}

/// The time of day with its milliseconds, and the date where it is not today: `14:06:11.204`.
#[component]
pub(crate) fn Clocked(props: &MomentProps) -> Html {
    let language = use_language();
    let at = Local::of(props.at.as_millis());
    let today = Local::of(now());
    let same_day = (at.year, at.month, at.day) == (today.year, today.month, today.day);
    html! {
        <time class={props.class.clone()} datetime={props.at.to_string()} title={exact(props.at)}>
            if !same_day {
                { at.date(language, today.year) }{ " " }
            }
            { at.clock() }<span class="faint">{ format!(".{:03}", at.millisecond) }</span>
        </time>
    }
}

/// The time of day to the minute, and the date where it is not today: `14:06`, as a part of a sentence.
pub(crate) fn since(language: Language, at: Timestamp) -> Html {
    let (then, today) = (Local::of(at.as_millis()), Local::of(now()));
    let minute = format!("{:02}:{:02}", then.hour, then.minute);
    let words = if (then.year, then.month, then.day) == (today.year, today.month, today.day) {
        minute
    } else {
        format!("{} {minute}", then.date(language, today.year))
    };
    html! { <time datetime={at.to_string()} title={exact(at)}>{ words }</time> }
}

/// How long until then: `4 min 23 s`; nothing more to wait for is “now”.
#[component]
pub(crate) fn Countdown(props: &MomentProps) -> Html {
    let language = use_language();
    let now = use_now();
    let left = props.at.as_millis().saturating_sub(now);
    html! {
        <time class={props.class.clone()} datetime={props.at.to_string()} title={exact(props.at)}>
            { match u64::try_from(left) {
                Ok(left) if left >= 1000 => language.countdown(left),
                _ => language.at_once().to_owned(),
            } }
        </time>
    }
}
