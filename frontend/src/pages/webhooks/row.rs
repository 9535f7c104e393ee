//! One webhook in the list: how it stands, why, and what to do.

use seinpost_protocol::rest::{AttemptOutcome, Profile, Session, Webhook, WebhookPatch, WebhookStats, WebhookStatus};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{
    Check,
    failing::failing,
    standing::{standing, waits},
    type_name,
};
use crate::{
    api::use_api,
    app::{Route, go, use_session},
    components::{
        A, Ago, CopyButton, Menu, MenuItem, WebhookState, explain_error, reason_phrase, spark, split_url, status,
        toast_done, toast_failed, transport_words, url_without_scheme, webhook_state, webhook_status,
    },
    i18n::{
        Language,
        texts::{common, figures as texts_of_figures, webhooks as texts},
        use_language,
    },
    pages::webhook::DeleteWebhook,
};

#[derive(Properties, PartialEq)]
pub(super) struct RowProps {
    pub(super) webhook: Webhook,
    #[prop_or_default]
    pub(super) check: Option<Check>,
    /// How the last 24 hours went.
    #[prop_or_default]
    pub(super) figures: Option<WebhookStats>,
    /// It is this now; or, with `None`, it is gone.
    pub(super) update: Callback<Option<Webhook>>,
    pub(super) refresh: Callback<()>,
}

#[component]
pub(super) fn Row(props: &RowProps) -> Html {
    let language = use_language();
    let session = use_session();
    let webhook = &props.webhook;
    let state = webhook_state(webhook);
    let deleting = use_state_eq(|| false);
    let set_status = use_set_status(webhook, &props.update, &props.refresh);
    let (_, host, path) = split_url(&webhook.url);
    let short = format!("{host}{path}");
    let actions = actions_of(language, webhook, &set_status, {
        let deleting = deleting.clone();
        Callback::from(move |()| deleting.set(true))
    });
    let close = {
        let (deleting, update) = (deleting.clone(), props.update.clone());
        Callback::from(move |deleted: bool| {
            deleting.set(false);
            if deleted {
                update.emit(None);
            }
        })
    };
    html! {
        <tr role="row" data-busy={(props.check == Some(Check::Running)).then_some("")}>
            <td role="cell" class="tight w4 o1">{ webhook_status(language, state, false) }</td>
            <td role="cell" class="o3 wide">
                <div class="rowurl">
                    <A class="tablelink url" to={Route::Webhook { id: webhook.id.clone() }}>{ url_without_scheme(&webhook.url) }</A>
                    <CopyButton class="copy__btn--line" text={webhook.url.clone()} label={language.fill(&texts::COPY_URL_OF, &[("url", &short)])} />
                </div>
                <p class="table__second">{ second_line(language, webhook) }</p>
                { note(language, webhook, session.session(), state, props.figures.as_ref(), &set_status) }
                if let Some(check) = &props.check {
                    <p class="rownote">{ check_result(language, check) }</p>
                }
            </td>
            { figures(language, webhook, props.figures.as_ref()) }
            <td role="cell" class="num tight w2" data-label={language.say(&texts::LAST_DELIVERY)}>
                { last_delivery(language, webhook) }
            </td>
            <td role="cell" class="tight w2 end o2">
                <Menu class="btn--bare btn--s" label={language.fill(&texts::ACTIONS_FOR, &[("url", &short)])} items={actions} />
                if *deleting {
                    <DeleteWebhook webhook={webhook.clone()} onclose={close} />
                }
            </td>
        </tr>
    }
}

/// The sparkline, the share that was accepted, and the median. Where a row is a card they are left out of those of webhooks that
/// never had a delivery: known before the figures have come, so that nothing moves then.
fn figures(language: Language, webhook: &Webhook, stats: Option<&WebhookStats>) -> Html {
    let points = stats.map(|stats| stats.points.as_slice()).unwrap_or_default();
    let none = || html! { <span class="faint">{ "–" }</span> };
    let success = stats.and_then(|stats| stats.total.deliveries.success());
    let median = stats.and_then(|stats| stats.total.response.median_ms);
    let left_out = webhook.last_delivery.is_none().then_some("none");
    let class = classes!("num", "tight", "w2", left_out);
    html! {
        <>
            <td role="cell" class={classes!(left_out)} data-label={language.say(&texts_of_figures::LAST_DAY)}>
                { spark(language, points) }
            </td>
            <td role="cell" class={class.clone()} data-label={language.say(&texts_of_figures::SUCCESS)}>
                { success.map_or_else(none, |share| html! {
                    <span class={classes!((share < WORRYING).then_some("bad strong"))}>{ language.percent(share) }</span>
                }) }
            </td>
            <td role="cell" {class} data-label={language.say(&texts_of_figures::MEDIAN_COLUMN)}>
                { median.map_or_else(none, |ms| html! { { language.duration(ms) } }) }
            </td>
        </>
    }
}

/// Below this share of success a webhook needs someone.
const WORRYING: f64 = 0.95;

fn second_line(language: Language, webhook: &Webhook) -> String {
    let types: Vec<_> = webhook.types.as_slice().iter().map(|each| type_name(language, *each)).collect();
    let format = language.say(match webhook.format {
        seinpost_protocol::rest::BodyFormat::Json => &common::JSON,
        seinpost_protocol::rest::BodyFormat::Form => &common::FORM,
    });
    let profile: Profile = webhook.profile;
    format!("{} · {} · {format}", types.join(", "), profile.as_str())
}

fn last_delivery(language: Language, webhook: &Webhook) -> Html {
    match &webhook.last_delivery {
        None => html! { <span class="faint">{ language.say(&texts::NEVER) }</span> },
        Some(last) => html! {
            <>
                <A class="tablelink" to={Route::WebhookDelivery { id: webhook.id.clone(), delivery: last.id.clone() }}><Ago at={last.created} /></A>
                if let Some(status) = last.response_status {
                    { " " }<span class={classes!("mono", if (200..300).contains(&status) { "soft" } else { "bad" })}>{ status }</span>
                }
                if last.test {
                    { " " }<span class="tag">{ language.say(&common::TEST) }</span>
                }
            </>
        },
    }
}

/// The height of a row without a note, and of one with a note of two lines, in pixels, on a computer's screen: on a phone's
/// they are higher.
const ROW: f64 = 56.0;
const ROW_WITH_NOTE: f64 = 96.0;

/// How high the row of a webhook is, in pixels, about.
pub(super) fn row_height(webhook: &Webhook) -> f64 {
    if webhook_state(webhook) == WebhookState::Active { ROW } else { ROW_WITH_NOTE }
}

/// Why it stands as it does, and the next step; nothing where all is well.
fn note(
    language: Language,
    webhook: &Webhook,
    session: Option<&Session>,
    state: WebhookState,
    figures: Option<&WebhookStats>,
    set_status: &Callback<WebhookStatus>,
) -> Html {
    let waiting = figures.map(|each| each.waiting);
    let mut why = Html::default();
    let (sentence, next) = match state {
        WebhookState::Active => return why,
        WebhookState::Failing => {
            return webhook.failing.as_ref().map_or(why, |failure| failing(language, &webhook.id, failure, waiting));
        }
        WebhookState::Unverified => {
            let (_, _, path) = split_url(&webhook.url);
            let script =
                path.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).filter(|name| !name.is_empty());
            let file = &webhook.verification.file;
            let sentence = match script.filter(|_| webhook.verification.locations.len() > 1) {
                Some(script) => language.fill(&texts::UNVERIFIED_BESIDE, &[("file", file), ("script", script)]),
                None => language.fill(&texts::UNVERIFIED_ROOT, &[("file", file)]),
            };
            let to = Route::WebhookTab { id: webhook.id.clone(), tab: "verification".into() };
            (sentence, html! { <A {to}>{ language.say(&texts::FINISH_VERIFYING) }</A> })
        }
        WebhookState::Paused | WebhookState::Disabled => {
            let time = webhook.status_since.map(|at| html! { <Ago {at} /> });
            why = html! { <p class="rownote">{ standing(language, webhook, session, time) }</p> };
            let text = if state == WebhookState::Paused { &common::RESUME } else { &common::ENABLE };
            let onclick = set_status.reform(|_: MouseEvent| WebhookStatus::Active);
            // It is there before the number of those that wait has come, so that nothing moves.
            let resume = html! { <button class="link" type="button" {onclick}>{ language.say(text) }</button> };
            (waits(language, waiting).unwrap_or_default(), resume)
        }
    };
    html! { <>{ why }<p class="rownote">{ sentence }{ " " }{ next }</p></> }
}

fn check_result(language: Language, check: &Check) -> Html {
    match check {
        Check::Running => html! {
            <span class="status"><span class="spin" aria-hidden="true"></span>{ language.say(&texts::CHECKING) }</span>
        },
        Check::Failed(error) => {
            let (title, _, detail) = explain_error(language, error);
            let words = detail.map_or_else(|| title.clone(), |said| format!("{title}: {}", said.text));
            html! { <span class="bad">{ language.fill(&texts::CHECK_IMPOSSIBLE, &[("why", &words)]) }</span> }
        }
        Check::Done(attempt) => {
            let accepted = attempt.response.is_some_and(|response| (200..300).contains(&response.status));
            let (picture, tone) = if accepted { ("ok", "status--ok") } else { ("bad", "status--bad") };
            status(picture, tone, false, html! { { attempt_in_words(language, attempt) } })
        }
    }
}

/// `Check: 200 OK in 38 ms`, or why there was no answer.
fn attempt_in_words(language: Language, attempt: &AttemptOutcome) -> String {
    let time = language.duration(attempt.duration_ms);
    match (&attempt.response, &attempt.error) {
        (Some(response), _) => {
            let status = format!("{} {}", response.status, reason_phrase(response.status));
            language.fill(&texts::CHECK_ANSWERED, &[("status", status.trim_end()), ("time", &time)])
        }
        (None, Some(error)) => {
            language.fill(&texts::CHECK_SILENT, &[("why", &transport_words(language, error)), ("time", &time)])
        }
        (None, None) => language.fill(&texts::CHECK_SILENT, &[("why", "–"), ("time", &time)]),
    }
}

/// Pauses or resumes: shown at once, and taken back with the reason should it fail.
#[hook]
fn use_set_status(
    webhook: &Webhook,
    update: &Callback<Option<Webhook>>,
    refresh: &Callback<()>,
) -> Callback<WebhookStatus> {
    let api = use_api();
    let language = use_language();
    let (webhook, update, refresh) = (webhook.clone(), update.clone(), refresh.clone());
    Callback::from(move |to: WebhookStatus| {
        let (api, webhook, update, refresh) = (api.clone(), webhook.clone(), update.clone(), refresh.clone());
        update.emit(Some(Webhook { status: to, status_since: None, ..webhook.clone() }));
        spawn_local(async move {
            let patch = WebhookPatch { status: Some(to), ..WebhookPatch::default() };
            match api.change_webhook(&webhook.id, "", &patch).await {
                Ok(_) => {
                    let text = if to == WebhookStatus::Paused { &texts::NOW_PAUSED } else { &texts::NOW_ACTIVE };
                    toast_done(language.say(text));
                }
                Err(error) => {
                    update.emit(Some(webhook));
                    toast_failed(language, &error);
                }
            }
            refresh.emit(());
        });
    })
}

fn actions_of(
    language: Language,
    webhook: &Webhook,
    set_status: &Callback<WebhookStatus>,
    delete: Callback<()>,
) -> Vec<MenuItem> {
    let open = |tab: &'static str| {
        let id = webhook.id.clone();
        Callback::from(move |()| go(&Route::WebhookTab { id: id.clone(), tab: tab.into() }))
    };
    let item =
        |icon, text, danger, action| MenuItem { icon, text: AttrValue::from(language.say(text)), danger, action };
    let to = |status: WebhookStatus| set_status.reform(move |()| status);
    let mut items = Vec::new();
    match webhook.status {
        WebhookStatus::Unverified => items.push(item("check", &texts::VERIFY, false, open("verification"))),
        WebhookStatus::Active => {
            items.push(item("send", &texts::SEND_TEST, false, open("test")));
            items.push(item("pause", &common::PAUSE, false, to(WebhookStatus::Paused)));
        }
        WebhookStatus::Paused => items.push(item("play", &common::RESUME, false, to(WebhookStatus::Active))),
        WebhookStatus::Disabled => items.push(item("play", &common::ENABLE, false, to(WebhookStatus::Active))),
    }
    items.push(item("clock", &texts::SEE_DELIVERIES, false, open("deliveries")));
    items.push(item("trash", &common::DELETE_ASK, true, delete));
    items
}
