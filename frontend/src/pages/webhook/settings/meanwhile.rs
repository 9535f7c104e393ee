//! What somebody else changes of a webhook while its settings are being edited.

use std::rc::Rc;

use seinpost_protocol::rest::Webhook;
use yew::prelude::*;

use super::form::{Difference, Form};
use crate::{
    components::{Button, Note, Tone, visible},
    i18n::{
        Language, Text,
        texts::{common, settings as texts},
    },
};

/// How the webhook was when the form began, and what has become of it since.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Meanwhile {
    /// `None`: as it is now.
    base: Option<Form>,
    differences: Vec<Difference>,
    /// What is being saved.
    sent: Option<Form>,
}

impl Meanwhile {
    /// Nothing has changed since it is this.
    pub(super) fn of(webhook: &Webhook) -> Self {
        Self { base: Some(Form::of(webhook)), ..Self::default() }
    }

    /// This form is being saved: nobody else has changed what it changes.
    pub(super) fn sending(&self, form: &Form) -> Self {
        Self { sent: Some(form.clone()), ..self.clone() }
    }

    /// It was not.
    pub(super) fn not_saved(&self) -> Self {
        Self { sent: None, ..self.clone() }
    }

    /// What is known once the webhook is `new`, and what stands in the form then: what was typed stays, and what somebody
    /// else changed is taken over.
    fn after(&self, form: &Form, new: &Form) -> (Self, Form) {
        let base = self.base.as_ref().unwrap_or(new);
        let mut own = form.differences(base);
        let is_edited = !own.is_empty();
        // An answer may come later than what it tells of.
        own.extend(self.sent.iter().flat_map(|sent| sent.differences(base)));
        let mut differences = if is_edited { self.differences.clone() } else { Vec::new() };
        for newer in new.differences(base).into_iter().filter(|newer| is_edited && !own.contains(newer)) {
            match differences.iter_mut().find(|each| each.name == newer.name) {
                Some(known) => known.after = newer.after,
                None => differences.push(newer),
            }
        }
        differences.retain(|each| each.before != each.after);
        (Self { base: Some(new.clone()), differences, sent: self.sent.clone() }, form.rebased(base, new))
    }
}

/// Keeps the form on top of the webhook as it is now.
#[hook]
pub(super) fn use_meanwhile(webhook: &Rc<Webhook>, form: &UseStateHandle<Form>) -> UseStateHandle<Meanwhile> {
    let meanwhile = use_state_eq(|| Meanwhile::of(webhook));
    use_effect_with(webhook.clone(), {
        let (meanwhile, form) = (meanwhile.clone(), form.clone());
        move |webhook| {
            let new = Form::of(webhook);
            let (known, rebased) = meanwhile.after(&form, &new);
            if rebased != *form {
                form.set(rebased);
            }
            meanwhile.set(known);
        }
    });
    meanwhile
}

/// What somebody else changed; nothing where nobody did.
pub(super) fn meanwhile_note(
    language: Language,
    meanwhile: &UseStateHandle<Meanwhile>,
    mine: &[&'static Text],
) -> Html {
    if meanwhile.differences.is_empty() {
        return Html::default();
    }
    let close = {
        let meanwhile = meanwhile.clone();
        Callback::from(move |_: MouseEvent| {
            meanwhile.set(Meanwhile { differences: Vec::new(), ..(*meanwhile).clone() });
        })
    };
    let side = |text: &str, class: &'static str| {
        if text.is_empty() {
            html! { <span class="faint">{ "∅" }</span> }
        } else {
            html! { <span class={classes!("mono", class)}>{ visible(text) }</span> }
        }
    };
    html! {
        <Note tone={Tone::Warn} title={language.say(&texts::MEANWHILE)} role="alert"
            acts={html! { <Button class="btn--s" onclick={close}>{ language.say(&common::CLOSE) }</Button> }}>
            <p>{ language.say(&texts::MEANWHILE_MEANING) }</p>
            <ul class="small gap">
                { for meanwhile.differences.iter().map(|each| html! {
                    <li class="break" key={each.name.en}>
                        <b>{ language.say(each.name) }</b>{ ": " }{ side(&each.before, "diff-b") }{ " → " }{ side(&each.after, "diff-a") }
                        if mine.contains(&each.name) {
                            { " " }<span class="soft">{ language.say(&texts::MEANWHILE_YOURS) }</span>
                        }
                    </li>
                }) }
            </ul>
        </Note>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(options: &str) -> Form {
        let webhook: Webhook = serde_json::from_str(&format!(
            r#"{{"id":"wh_1","type":"open","url":"https://a.example/","profile":"cavage","format":"json",
            "digest_name":"sha-256","status":"active","created":"2025-11-25T13:05:12Z","last_delivery":null,
            "verification":{{"file":"f","content":"c","locations":[]}}{options}}}"#
        ))
        .unwrap();
        Form::of(&webhook)
    }

    #[test]
    fn what_was_typed_stays_and_what_another_changed_is_told() {
        let begun = Meanwhile { base: Some(form("")), ..Meanwhile::default() };
        let untouched = form("");
        let (known, now) = begun.after(&untouched, &form(r#","concurrency":4"#));
        assert_eq!(
            (known.differences.len(), now),
            (0, form(r#","concurrency":4"#)),
            "nothing was typed: nothing to tell"
        );

        let typed = Form { per_second: "20".into(), ..form("") };
        let (known, now) = begun.after(&typed, &form(r#","concurrency":4"#));
        assert_eq!((now.per_second.as_str(), now.concurrency.as_str()), ("20", "4"));
        assert_eq!((known.differences[0].before.as_str(), known.differences[0].after.as_str()), ("", "4"));
        // A second change of the same is told with how it was first; one that is undone is told no more.
        let (known, now) = known.after(&now, &form(r#","concurrency":8"#));
        assert_eq!((known.differences[0].before.as_str(), known.differences[0].after.as_str()), ("", "8"));
        let (known, now) = known.after(&now, &form(""));
        assert_eq!((known.differences.len(), now.per_second.as_str()), (0, "20"));
    }

    /// The page may hear of it before the answer has come.
    #[test]
    fn what_is_being_saved_is_not_what_somebody_else_changed() {
        let begun = Meanwhile { base: Some(form("")), ..Meanwhile::default() };
        let sent = Form { concurrency: "4".into(), ..form("") };
        let typed = Form { concurrency: "16".into(), per_second: "20".into(), ..sent.clone() };
        let new = form(r#","concurrency":4,"retries":[5]"#);
        let (known, now) = begun.sending(&sent).after(&typed, &new);
        assert_eq!(known.differences.iter().map(|each| each.after.as_str()).collect::<Vec<_>>(), ["5 s"]);
        assert_eq!((now.concurrency.as_str(), now.per_second.as_str(), now.retries.as_str()), ("16", "20", "5 s"));
        let (known, _) = begun.sending(&sent).not_saved().after(&typed, &new);
        assert_eq!(known.differences.len(), 2);
        // Both have made it the same: there is nothing to tell.
        let (known, now) = begun.after(&sent, &form(r#","concurrency":4"#));
        assert_eq!((known.differences.len(), now.concurrency.as_str()), (0, "4"));
    }
}
