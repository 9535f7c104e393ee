//! The parts themselves, in all their states.

use seinpost_protocol::rest::Timestamp;
use yew::prelude::*;

use super::{Theme, records};
use crate::{
    api::ApiError,
    app::Route,
    components::{
        A, Ago, Button, Chart, Clocked, Code, CodeText, CopyButton, CopyId, Countdown, ErrorNote, Field, KeyboardHelp,
        LanguageLink, Menu, MenuItem, Modal, Note, Select, Shows, TextField, ThemeChoice, Tone, WebhookState, as_curl,
        delivery_status, request_view, response_view, segments, signing_string, spark, stat, switch, text_field,
        toast_done, toast_failed, url, visible, webhook_status,
    },
    hooks::now,
    i18n::{Language, use_language},
    pages::{
        deliveries::{skeleton, timeline as track},
        list::pager,
    },
};

const COLOURS: [&str; 30] = [
    "page",
    "surface",
    "sunk",
    "raised",
    "hover",
    "picked",
    "line",
    "line-strong",
    "line-control",
    "text",
    "text-soft",
    "text-faint",
    "accent",
    "accent-tint",
    "lamp",
    "lamp-strong",
    "ok",
    "ok-tint",
    "warn",
    "warn-tint",
    "bad",
    "bad-tint",
    "bad-solid",
    "info",
    "info-tint",
    "chart-main",
    "chart-retry",
    "chart-bad",
    "chart-none",
    "chart-soft",
];

pub(super) fn colours(_: Language, _: Theme) -> Html {
    html! {
        <div class="sg__swatches">
            { for COLOURS.map(|name| html! {
                <div class="sw">
                    <svg class="sw__c" aria-hidden="true"><rect width="100%" height="100%" rx="4" fill={format!("var(--{name})")} /></svg>
                    <span class="mono">{ name }</span>
                </div>
            }) }
        </div>
    }
}

pub(super) fn words(_: Language, _: Theme) -> Html {
    html! {
        <div class="stack stack--tight">
            <p class="t2xl">{ "28 Sign-in and first run" }</p>
            <p class="txl">{ "22 Page title, 184,339" }</p>
            <p class="tl">{ "16 Panel titles and verdicts" }</p>
            <p>{ "14 Everything else. Sentence case, whole words, a full stop where there is a sentence." }</p>
            <p class="small">{ "13 Tables, hints and " }<span class="mono">{ "code: 0O 1lI {}[]" }</span></p>
            <p class="txs faint">{ "12 Column heads, units, labels of a chart" }</p>
        </div>
    }
}

pub(super) fn actions(_: Language, _: Theme) -> Html {
    let item =
        |icon, text: &'static str, danger| MenuItem { icon, text: text.into(), danger, action: Callback::noop() };
    let items = vec![item("send", "Send a test", false), item("pause", "Pause", false), item("trash", "Delete…", true)];
    html! {
        <div class="stack stack--tight">
            <div class="row">
                <Button class="btn--primary" icon="plus">{ "Create webhook" }</Button>
                <Button icon="play">{ "Check all" }</Button>
                <Button class="btn--bare">{ "Cancel" }</Button>
            </div>
            <div class="row">
                <Button class="btn--danger" icon="trash">{ "Delete…" }</Button>
                <Button class="btn--destroy">{ "Delete webhook" }</Button>
            </div>
            <div class="row">
                <Button class="btn--primary" busy={true}>{ "Sending test" }</Button>
                <Button busy={true}>{ "Looking" }</Button>
                <Button disabled={true}>{ "Newer" }</Button>
                <Button pressed={true} icon="pause">{ "Live" }</Button>
            </div>
            <div class="row">
                <Button class="btn--s">{ "Small" }</Button>
                <Button class="btn--icon btn--bare" icon="x" label="Close" />
                <Menu label="Actions" {items} />
                <button class="link" type="button">{ "An action in a line" }</button>
                <A to={Route::Styleguide}>{ "A link" }</A>
            </div>
            <div class="row">
                <CopyButton text="whsec_1" label="Copy the secret">{ "Copy" }</CopyButton>
                <CopyButton text="whsec_1" label="Copy the secret" />
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ChoicesProps {
    names: [&'static str; 2],
}

/// Inputs that keep what is chosen.
#[component]
fn Choices(props: &ChoicesProps) -> Html {
    let [select, group] = props.names;
    let (on, outcome, format) = (use_state(|| true), use_state(|| 0), use_state(|| "json".to_owned()));
    let set_on = {
        let on = on.clone();
        Callback::from(move |value| on.set(value))
    };
    let set_outcome = {
        let outcome = outcome.clone();
        Callback::from(move |value| outcome.set(value))
    };
    let set_format = {
        let format = format.clone();
        Callback::from(move |value| format.set(value))
    };
    let options = vec![("json".into(), "JSON".into()), ("form".into(), "form".into())];
    html! {
        <>
            <Field id={select} label="Format"><Select id={select} {options} value={(*format).clone()} onchange={set_format} /></Field>
            <div class="row">{ switch(*on, html! { { "Send in batches" } }, set_on) }{ switch(false, html! { { "Off" } }, Callback::noop()) }</div>
            <div class="row">
                <label class="check"><input type="checkbox" checked={true} />{ "Chosen" }</label>
                <label class="check"><input type="checkbox" />{ "Not" }</label>
                <label class="check"><input type="checkbox" disabled={true} />{ "Not now" }</label>
            </div>
            { segments(group, "Outcome", "", *outcome, &[(0, "All"), (1, "Delivered"), (2, "Refused")], &set_outcome) }
        </>
    }
}

pub(super) fn forms(_: Language, theme: Theme) -> Html {
    let ids = theme.pick(
        ["light-name", "light-url", "light-rate", "light-filter"],
        ["dark-name", "dark-url", "dark-rate", "dark-filter"],
    );
    let names = theme.pick(["light-format", "light-outcome"], ["dark-format", "dark-outcome"]);
    let field = |index: usize, label, value| TextField { id: ids[index], label, value, ..TextField::default() };
    html! {
        <div class="stack">
            { text_field(TextField { hint: Some("Only you see it."), ..field(0, "Name", "Bounces to the desk") }, Callback::noop()) }
            { text_field(TextField {
                error: Some("This is a private address (10.0.0.4). Seinpost sends to public ones only; whoever runs this server can allow it."),
                ..field(1, "Callback URL", "https://10.0.0.4/hook")
            }, Callback::noop()) }
            { text_field(TextField { numeric: true, placeholder: "100", ..field(2, "Deliveries a second", "") }, Callback::noop()) }
            { text_field(TextField { rows: Some("2"), ..field(3, "Header fields", "X-Tenant: 7") }, Callback::noop()) }
            <Choices {names} />
        </div>
    }
}

pub(super) fn states(language: Language, _: Theme) -> Html {
    html! {
        <div class="stack stack--tight">
            <div class="row">{ for WebhookState::ALL.map(|state| webhook_status(language, state, true)) }</div>
            <div class="row">{ for WebhookState::ALL.map(|state| webhook_status(language, state, false)) }</div>
            <div class="row">{ for records::deliveries().iter().map(|delivery| delivery_status(language, delivery, false)) }</div>
            <div class="row">
                <span class="live small soft"><span class="lamp lamp--lit"></span>{ "Connected" }</span>
                <span class="live small bad"><span class="lamp lamp--off"></span>{ "Not connected" }</span>
                <span class="tag">{ "test" }</span>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PagedProps {}

#[component]
fn Paged(_: &PagedProps) -> Html {
    let language = use_language();
    let cursor = use_state(String::new);
    let turn = {
        let cursor = cursor.clone();
        Callback::from(move |to| cursor.set(to))
    };
    pager(language, html! { "20 deliveries on this page" }, &cursor, Some("next"), &turn)
}

pub(super) fn lists(language: Language, _: Theme) -> Html {
    let row = |name: &'static str, open: bool, new: bool, busy: bool, state: WebhookState| {
        html! {
            <tr role="row" data-open={open.then_some("")} data-new={new.then_some("")} data-busy={busy.then_some("")}>
                <td role="cell" class="w4">{ name }</td>
                <td role="cell" class="w2">{ webhook_status(language, state, false) }</td>
                <td role="cell" class="num w2" data-label="Median">{ language.duration(38) }</td>
            </tr>
        }
    };
    html! {
        <div class="stack stack--tight">
            <div class="tablebox">
                <table class="table table--fold" role="table">
                    <caption class="vh">{ "Rows" }</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" aria-sort="ascending"><button class="sort" type="button">{ "Row" }</button></th>
                            <th role="columnheader" scope="col">{ "Status" }</th>
                            <th role="columnheader" scope="col" class="num">{ "Median" }</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        { row("At rest", false, false, false, WebhookState::Active) }
                        { row("Open beside the list", true, false, false, WebhookState::Failing) }
                        { row("New since you looked", false, true, false, WebhookState::Active) }
                        { row("Being checked", false, false, true, WebhookState::Active) }
                    </tbody>
                </table>
            </div>
            <Paged />
            <div class="tablebox"><p class="tablebox__none">{ "None matches. " }<button class="link" type="button">{ "Clear the filter" }</button></p></div>
            { skeleton() }
        </div>
    }
}

pub(super) fn data(language: Language, _: Theme) -> Html {
    let moment = |seconds: i64| Timestamp::from_millis(now() + seconds * 1000);
    html! {
        <div class="stack stack--tight">
            <dl class="kv">
                <dt>{ "Id" }</dt><dd><CopyId id="dlv_01JDQ7M4XYZ2RK" label="Copy delivery id" /></dd>
                <dt>{ "URL" }</dt><dd class="url">{ url("https://hooks.example.org/mail/bounces?tenant=7") }</dd>
                <dt>{ "Ago" }</dt><dd><Ago at={moment(-12)} /></dd>
                <dt>{ "Time" }</dt><dd><Clocked class="mono" at={moment(-90_000)} /></dd>
                <dt>{ "Until" }</dt><dd><Countdown at={moment(263)} /></dd>
                <dt>{ "Invisible" }</dt><dd class="mono">{ visible("zero\u{200b}width\u{a0}space\t\0") }</dd>
            </dl>
            <dl class="stats">
                { stat("stat--main", "Delivered", language.number(184_339), "99.0% at once".into()) }
                { stat("stat--retry", "After a retry", language.number(1_206), "0.7%".into()) }
                { stat("stat--bad", "Failed", language.number(582), "0.3%".into()) }
            </dl>
        </div>
    }
}

pub(super) fn charts(language: Language, theme: Theme) -> Html {
    html! {
        <div class="stack stack--tight">
            <Chart stats={records::day()} shows={theme.pick(Shows::Outcomes, Shows::Times)} />
            <p class="row"><span class="small soft">{ "Of a day" }</span>{ spark(language, &records::hours()) }{ spark(language, &[]) }</p>
        </div>
    }
}

pub(super) fn code(language: Language, _: Theme) -> Html {
    let Some(attempt) = records::waiting().and_then(|delivery| delivery.attempts.into_iter().next()) else {
        return Html::default();
    };
    let signed = "(request-target): post /mail/bounces\nhost: hooks.example.org\ndate: Tue, 25 Nov 2025 13:05:58 GMT\nx-copernica-id: 1";
    html! {
        <div class="stack stack--tight">
            <Code head={html! { { "As curl" } }} code={CodeText::Plain(as_curl(&attempt.request).into())} copy="Copy the command" />
            { request_view(language, &attempt.request) }
            { for attempt.response.iter().map(|response| response_view(language, response)) }
            <div class="code tied">{ signing_string(signed) }</div>
        </div>
    }
}

pub(super) fn timeline(language: Language, _: Theme) -> Html {
    records::waiting().map(|delivery| track(language, &delivery, Some(2), &Callback::noop())).unwrap_or_default()
}

pub(super) fn notes(language: Language, theme: Theme) -> Html {
    let done = Callback::from(|_: MouseEvent| toast_done("86 deliveries queued."));
    let failed = Callback::from(move |_: MouseEvent| toast_failed(language, &ApiError::Unreachable));
    html! {
        <div class="stack stack--tight">
            <Note tone={Tone::Bad} title="Your proxy sends Host: app:3000"><p>{ "Have it send the public name." }</p></Note>
            <Note tone={Tone::Warn} title="You are offline"><p>{ "What you see is from 14:05." }</p></Note>
            <Note tone={Tone::Info} title="1,204 of 5,701 would have gone"><p>{ "Of the last 24 hours." }</p></Note>
            if theme == Theme::Light {
                <ErrorNote error={ApiError::Unreachable} retry={Callback::noop()} />
            }
            <div class="row"><Button class="btn--s" onclick={done}>{ "Something done" }</Button><Button class="btn--s" onclick={failed}>{ "Something failed" }</Button></div>
        </div>
    }
}

/// What is open of that which lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Dialog,
    Drawer,
    Help,
}

#[derive(Properties, PartialEq)]
struct OverProps {}

#[component]
fn Over(_: &OverProps) -> Html {
    let open = use_state(|| Open::Nothing);
    let set = |what: Open| {
        let open = open.clone();
        Callback::from(move |()| open.set(what))
    };
    let button = |what: Open, words: &'static str| {
        html! { <Button onclick={set(what).reform(|_: MouseEvent| ())}>{ words }</Button> }
    };
    let close = set(Open::Nothing);
    let onclick = close.reform(|_: MouseEvent| ());
    html! {
        <div class="row">
            { button(Open::Dialog, "Dialog…") }{ button(Open::Drawer, "Drawer…") }{ button(Open::Help, "Keys…") }
            { match *open {
                Open::Nothing => Html::default(),
                Open::Help => html! { <KeyboardHelp onclose={close} /> },
                Open::Dialog => html! {
                    <Modal class="dialog" labelled_by="sg-dialog" onclose={close}>
                        <div class="dialog__body"><h2 id="sg-dialog">{ "Delete hooks.example.org/mail/bounces?" }</h2>
                            <p>{ "It stops at once, and the 86 events that wait are dropped." }</p></div>
                        <div class="dialog__foot"><Button onclick={onclick.clone()}>{ "Keep it" }</Button><Button class="btn--destroy" {onclick}>{ "Delete webhook" }</Button></div>
                    </Modal>
                },
                Open::Drawer => html! {
                    <Modal class="drawer" labelled_by="sg-drawer" onclose={close}>
                        <div class="drawer__head"><h2 id="sg-drawer">{ "A drawer" }</h2></div>
                        <div class="drawer__body"><p>{ "What one makes or sets beside a list." }</p></div>
                        <div class="drawer__foot"><Button {onclick}>{ "Close" }</Button></div>
                    </Modal>
                },
            } }
        </div>
    }
}

pub(super) fn overlays(_: Language, theme: Theme) -> Html {
    match theme {
        Theme::Light => html! { <Over /> },
        Theme::Dark => html! { <div class="row"><ThemeChoice /><LanguageLink /></div> },
    }
}
