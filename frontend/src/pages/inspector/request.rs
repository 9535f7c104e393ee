//! What is pasted: a raw request, a curl command, an archive, or header fields and body apart.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{Came, highlight::highlight};
use crate::{
    components::Select,
    i18n::{Language, Text, texts::inspector as texts},
    inspector::{Answer, ReadRequest, Shared},
};

/// The forms, as links name them, and their words.
const FORMS: [(&str, &Text); 5] = [
    ("", &texts::FORM_ANY),
    ("raw", &texts::FORM_RAW),
    ("curl", &texts::FORM_CURL),
    ("har", &texts::FORM_HAR),
    ("parts", &texts::FORM_PARTS),
];

/// A text longer than this, in bytes, is not drawn once more in colours: each letter that is typed lays all of it out anew.
const LONG: usize = 16 * 1024;

/// What was typed into a text field.
fn typed(event: &InputEvent) -> Option<String> {
    event.target()?.dyn_into::<web_sys::HtmlTextAreaElement>().ok().map(|area| area.value())
}

/// The class of what is pasted into, by the copy that lies under it.
fn paste(under: Option<&Html>) -> Classes {
    classes!("paste", under.is_none().then_some("paste--long"))
}

/// The panel on the left.
pub(super) fn request_panel(
    language: Language,
    shared: &Shared,
    change: &Callback<Shared>,
    came: Option<&Came>,
    covered: &[String],
) -> Html {
    let edit = |set: fn(&mut Shared, String)| {
        let (shared, change) = (shared.clone(), change.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(text) = typed(&event) {
                let mut next = shared.clone();
                set(&mut next, text);
                change.emit(next);
            }
        })
    };
    let answer = came.and_then(|came| came.as_ref().ok());
    let fault = answer.and_then(|answer| answer.fault.as_ref()).map(|fault| fault.message.clone());
    let apart = shared.form == "parts";
    let is_raw = answer.and_then(|answer| answer.request.as_ref()).is_none_or(|request| request.form == "raw");
    let under = (shared.raw.len() <= LONG).then(|| {
        if is_raw || apart {
            highlight(&shared.raw, covered)
        } else {
            html! { { format!("{}\n", shared.raw) } }
        }
    });
    let under_body = (shared.body.len() <= LONG).then(|| html! { { format!("{}\n", shared.body) } });
    let invalid = fault.is_some().then_some("true");
    html! {
        <section class="panel" aria-labelledby="request-title">
            <div class="panel__head">
                <h2 id="request-title">{ language.say(&texts::REQUEST) }</h2>
                { forms(language, shared, change) }
            </div>
            if apart {
                <label class="tablebox__note" for="raw">{ language.say(&texts::HEADERS) }</label>
            } else {
                <label class="vh" for="raw">{ language.say(&texts::REQUEST) }</label>
            }
            <div class={paste(under.as_ref())}>
                if let Some(under) = under {
                    <pre key="copy" aria-hidden="true">{ under }</pre>
                }
                <textarea key="text" id="raw" spellcheck="false" autocomplete="off" autocapitalize="off" value={shared.raw.clone()}
                    placeholder={language.say(placeholder(&shared.form))} aria-describedby="raw-note" aria-invalid={invalid}
                    oninput={edit(|shared, text| shared.raw = text)} />
            </div>
            if apart {
                <label class="tablebox__note" for="body">{ language.say(&texts::BODY) }</label>
                <div class={paste(under_body.as_ref())}>
                    if let Some(under) = under_body {
                        <pre key="copy" aria-hidden="true">{ under }</pre>
                    }
                    <textarea key="text" id="body" spellcheck="false" autocomplete="off" autocapitalize="off" value={shared.body.clone()}
                        placeholder="{}" oninput={edit(|shared, text| shared.body = text)} />
                </div>
            }
            <div class="panel__foot small soft" id="raw-note">
                if let Some(fault) = fault {
                    <span class="bad">{ fault }</span>
                } else if let Some((answer, request)) = answer.and_then(|answer| Some((answer, answer.request.as_ref()?))) {
                    { understood(language, shared, change, answer, request) }
                } else {
                    <span>{ language.say(&texts::PASTE_HINT) }</span>
                }
            </div>
        </section>
    }
}

fn placeholder(form: &str) -> &'static Text {
    match form {
        "curl" => &texts::PLACEHOLDER_CURL,
        "har" => &texts::PLACEHOLDER_HAR,
        "parts" => &texts::PLACEHOLDER_PARTS,
        _ => &texts::PLACEHOLDER,
    }
}

fn forms(language: Language, shared: &Shared, change: &Callback<Shared>) -> Html {
    html! {
        <fieldset class="seg seg--s">
            <legend class="vh">{ language.say(&texts::FORM) }</legend>
            { for FORMS.iter().map(|(form, text)| {
                let (shared, change) = (shared.clone(), change.clone());
                let checked = shared.form == *form;
                let onchange = Callback::from(move |_: Event| {
                    change.emit(Shared { form: (*form).to_owned(), index: 0, ..shared.clone() });
                });
                html! {
                    <label class="seg__item" key={*form}>
                        <input class="vh" type="radio" name="form" value={*form} {checked} {onchange} />
                        <span>{ language.say(text) }</span>
                    </label>
                }
            }) }
        </fieldset>
    }
}

fn understood(
    language: Language,
    shared: &Shared,
    change: &Callback<Shared>,
    answer: &Rc<Answer>,
    request: &ReadRequest,
) -> Html {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a time that passed is small and positive"
    )]
    let tenths = (answer.ms * 10.0).round().max(0.0) as u64;
    let form = FORMS.iter().find(|(form, _)| *form == request.form).map_or(&texts::FORM_RAW, |(_, text)| *text);
    let pick = {
        let (shared, change) = (shared.clone(), change.clone());
        Callback::from(move |index: String| {
            change.emit(Shared { index: index.parse().unwrap_or_default(), ..shared.clone() });
        })
    };
    let options: Vec<(AttrValue, AttrValue)> = (0..request.count.min(1000))
        .map(|index| {
            (index.to_string().into(), language.fill(&texts::REQUEST_N, &[("n", &(index + 1).to_string())]).into())
        })
        .collect();
    html! {
        <>
            <span>{ language.fill(&texts::UNDERSTOOD, &[("n", &language.number(request.bytes as u64)), ("form", language.say(form))]) }</span>
            <span data-ms={answer.ms.to_string()}>{ language.fill(&texts::CHECKED_IN, &[("time", &language.tenths(tenths))]) }</span>
            if request.restored {
                <span>{ language.say(&texts::CRLF) }</span>
            }
            { for request.notes.iter().map(|note| html! { <span>{ note.clone() }</span> }) }
            if request.count > 1 {
                <Select id="index" label={language.say(&texts::WHICH)} {options} value={shared.index.to_string()} onchange={pick} />
            }
        </>
    }
}

/// A request that was pasted in another form, as it is on the wire, with its signed parts in their colours.
pub(super) fn as_read(language: Language, answer: &Answer, covered: &[String]) -> Html {
    let printed = answer.request.as_ref().and_then(|request| request.printed.as_deref());
    let Some(printed) = printed else { return Html::default() };
    html! {
        <section class="panel" aria-labelledby="wire-title">
            <div class="panel__head"><h2 id="wire-title">{ language.say(&texts::ON_THE_WIRE) }</h2></div>
            <div class="panel__body"><div class="code"><pre class="wrap">{ highlight(printed, covered) }</pre></div></div>
        </section>
    }
}
