//! "Check my receiver": nine calls, most of them wrong on purpose, and what each answer means.

use std::rc::Rc;

use seinpost_protocol::rest::{Mark, ReceiverCase, ReceiverCheck, ReceiverCheckRow, Verdict};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{ApiError, use_api},
    components::{Ago, Button, ErrorNote, request_view, response_view, status, transport},
    hooks::announce,
    i18n::{Language, Text, texts::receiver as texts, use_language},
};

#[derive(Properties, PartialEq)]
pub(super) struct ReceiverProps {
    pub(super) id: String,
}

/// The check and its results.
#[component]
pub(super) fn Receiver(props: &ReceiverProps) -> Html {
    let language = use_language();
    let api = use_api();
    let busy = use_state_eq(|| false);
    let result = use_state(|| None::<Result<Rc<ReceiverCheck>, ApiError>>);
    let run = {
        let (id, busy, result) = (props.id.clone(), busy.clone(), result.clone());
        Callback::from(move |()| {
            let (api, id, busy, result) = (api.clone(), id.clone(), busy.clone(), result.clone());
            busy.set(true);
            spawn_local(async move {
                let came = api.check_receiver(&id).await.map(Rc::new);
                if let Ok(check) = &came {
                    announce(&summary(language, check));
                }
                result.set(Some(came));
                busy.set(false);
            });
        })
    };
    let again = matches!(&*result, Some(Ok(_)));
    html! {
        <section class="panel" aria-labelledby="receiver-title">
            <div class="panel__head">
                <h2 id="receiver-title">{ language.say(&texts::TITLE) }{ " " }<span class="soft">{ language.say(&texts::SUBTITLE) }</span></h2>
                <Button class="btn--s" icon={if again { "retry" } else { "play" }} busy={*busy} onclick={run.reform(|_: MouseEvent| ())}>
                    { language.say(if again { &texts::AGAIN } else { &texts::RUN }) }
                </Button>
            </div>
            { match &*result {
                None => html! { <div class="panel__body"><p class="soft prose">{ language.say(&texts::WHY) }</p></div> },
                Some(Err(error)) => html! { <div class="panel__body"><ErrorNote error={error.clone()} retry={run} /></div> },
                Some(Ok(check)) => shown(language, check),
            } }
        </section>
    }
}

/// How many rows are as they should be, of those that apply.
fn summary(language: Language, check: &ReceiverCheck) -> String {
    let counted = check.data.iter().filter(|row| row.mark != Mark::Skip).count();
    let good = check.data.iter().filter(|row| row.mark == Mark::Pass).count();
    language.fill(&texts::SUMMARY, &[("good", &good.to_string()), ("all", &counted.to_string())])
}

fn shown(language: Language, check: &ReceiverCheck) -> Html {
    html! {
        <>
            <div class="tablebox">
                <table class="table table--fold" role="table">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">{ language.say(&texts::CALL) }</th>
                            <th role="columnheader" scope="col">{ language.say(&texts::WANTED) }</th>
                            <th role="columnheader" scope="col">{ language.say(&texts::ANSWERED) }</th>
                            <th role="columnheader" scope="col">{ language.say(&texts::MEANING) }</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{ for check.data.iter().map(|row| row_view(language, row)) }</tbody>
                </table>
            </div>
            <div class="panel__foot">
                <span class="small"><b>{ summary(language, check) }</b>{ " " }<span class="soft"><Ago at={check.started} /></span></span>
            </div>
        </>
    }
}

fn row_view(language: Language, row: &ReceiverCheckRow) -> Html {
    let (picture, tone) = match row.mark {
        Mark::Pass => ("ok", "status--ok"),
        Mark::Warn => ("warn", "status--warn"),
        Mark::Fail => ("bad", "status--bad"),
        Mark::Skip => ("skip", ""),
    };
    let answer = row.status.map_or_else(|| "–".to_owned(), |status| status.to_string());
    html! {
        <tr role="row">
            <td role="cell"><b class="medium">{ language.say(case_text(row.name)) }</b></td>
            <td role="cell" class="w3" data-label={language.say(&texts::WANTED)}><span class="mono">{ expected(language, row) }</span></td>
            <td role="cell" class="w3" data-label={language.say(&texts::ANSWERED)}>
                { status(picture, tone, false, html! { <><span class="vh">{ language.say(mark_text(row.mark)) }</span><span class="mono">{ answer }</span></> }) }
                if row.attempt.is_some() {
                    { " " }<span class="soft">{ language.duration(row.duration_ms) }</span>
                }
            </td>
            <td role="cell" class="soft">
                // The server's words are the exact ones; Dutch has what they come to.
                if language == Language::English {
                    <p>{ row.meaning.clone() }</p>
                } else {
                    <p>{ language.say(meaning(row)) }</p>
                }
                if let Some(attempt) = &row.attempt {
                    <details class="fold">
                        <summary>{ language.say(&texts::LOOK) }</summary>
                        <div class="stack stack--tight gap">
                            if let Some(response) = &attempt.response {
                                { response_view(language, response) }
                            }
                            if let Some(error) = &attempt.error {
                                { transport(language, error) }
                            }
                            { request_view(language, &attempt.request) }
                        </div>
                    </details>
                }
            </td>
        </tr>
    }
}

/// What a good receiver answers; in English in the server's own words.
fn expected(language: Language, row: &ReceiverCheckRow) -> String {
    match language {
        Language::English => row.expected.clone(),
        Language::Dutch => {
            let text = match row.expected.split_once(' ') {
                None => return row.expected.clone(),
                Some(("2xx,", _)) => &texts::WANTED_ONCE,
                Some(_) => &texts::WANTED_REFUSAL,
            };
            language.say(text).to_owned()
        }
    }
}

fn mark_text(mark: Mark) -> &'static Text {
    match mark {
        Mark::Pass => &texts::PASS,
        Mark::Warn => &texts::WARN,
        Mark::Fail => &texts::FAIL,
        Mark::Skip => &texts::SKIP,
    }
}

fn case_text(case: ReceiverCase) -> &'static Text {
    match case {
        ReceiverCase::Valid => &texts::VALID,
        ReceiverCase::Altered => &texts::ALTERED,
        ReceiverCase::Stale => &texts::STALE,
        ReceiverCase::Future => &texts::FUTURE,
        ReceiverCase::RepeatedNonce => &texts::REPEATED,
        ReceiverCase::ForeignEnvironment => &texts::FOREIGN,
        ReceiverCase::WrongKey => &texts::WRONG_KEY,
        ReceiverCase::FormEncoded => &texts::FORM,
        ReceiverCase::Large => &texts::LARGE,
    }
}

/// What an answer means, for those who read Dutch.
fn meaning(row: &ReceiverCheckRow) -> &'static Text {
    let wants_refusal = !matches!(row.name, ReceiverCase::Valid | ReceiverCase::FormEncoded | ReceiverCase::Large);
    match row.verdict {
        Verdict::Accepted if wants_refusal => match row.name {
            ReceiverCase::Altered => &texts::TOOK_ALTERED,
            ReceiverCase::Stale => &texts::TOOK_STALE,
            ReceiverCase::Future => &texts::TOOK_FUTURE,
            ReceiverCase::RepeatedNonce => &texts::TOOK_REPEATED,
            ReceiverCase::ForeignEnvironment => &texts::TOOK_FOREIGN,
            _ => &texts::TOOK_WRONG_KEY,
        },
        Verdict::Accepted => &texts::ACCEPTED,
        Verdict::Refused if wants_refusal => &texts::REFUSED_WELL,
        Verdict::Refused => &texts::REFUSED_WRONGLY,
        Verdict::RefusedLikeValid => &texts::REFUSED_LIKE_VALID,
        Verdict::TooLarge => &texts::TOO_LARGE,
        Verdict::UnknownFormat => &texts::UNKNOWN_FORMAT,
        Verdict::NotThere => &texts::NOT_THERE,
        Verdict::TooOften => &texts::TOO_OFTEN,
        Verdict::Redirected => &texts::REDIRECTED,
        Verdict::Crashed => &texts::CRASHED,
        Verdict::Slow => &texts::SLOW,
        Verdict::NoAnswer => &texts::NO_ANSWER,
        Verdict::NotMade => &texts::NOT_MADE,
        Verdict::NotApplicable => &texts::NOT_APPLICABLE,
    }
}
