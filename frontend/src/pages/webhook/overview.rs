//! A webhook at a glance: what needs someone, its latest deliveries, how it is sent.

use std::rc::Rc;

use seinpost_protocol::rest::{BodyFormat, DisabledCode, Failing, Filter, Profile, Session, Waiting, Webhook};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{figures::Figures, type_words};
use crate::{
    api::use_api,
    app::{Route, use_session},
    components::{
        A, Ago, Button, Clocked, Copy, ErrorNote, Note, Tone, WebhookState, delivery_status, explain_check,
        reason_phrase, since, toast_done, toast_failed, transport, webhook_state,
    },
    hooks::{use_poll, use_resource},
    i18n::{
        Language, Text,
        texts::{common, overview as texts, webhook as texts_of_webhook, webhooks},
        use_language,
    },
    pages::{
        deliveries::answer,
        webhooks::{next_attempt, since_when, standing, waits},
    },
};

#[derive(Properties, PartialEq)]
pub(super) struct OverviewProps {
    pub(super) webhook: Rc<Webhook>,
}

/// How many of the latest deliveries show.
const LATEST: usize = 8;

#[component]
pub(super) fn Overview(props: &OverviewProps) -> Html {
    let language = use_language();
    let session = use_session();
    let webhook = &props.webhook;
    let waiting = use_state_eq(|| None::<Waiting>);
    let tell_waiting = {
        let waiting = waiting.clone();
        use_callback((), move |told: Waiting, ()| waiting.set(Some(told)))
    };
    html! {
        <section class="stack" aria-label={language.say(&texts::TITLE)}>
            { concern(language, webhook, session.session(), *waiting) }
            <Figures webhook={webhook.id.clone()} waiting={tell_waiting} />
            <div class="duo duo--top">
                <Latest webhook={webhook.clone()} />
                { how_it_is_sent(language, webhook, session.session()) }
            </div>
        </section>
    }
}

/// What needs someone, first.
fn concern(language: Language, webhook: &Webhook, session: Option<&Session>, waiting: Option<Waiting>) -> Html {
    let (tone, title, text) = match webhook_state(webhook) {
        WebhookState::Failing => {
            return webhook
                .failing
                .as_ref()
                .map_or_else(Html::default, |failing| fails(language, webhook, session, failing, waiting));
        }
        WebhookState::Paused => (Tone::Info, &texts::PAUSED, &texts::PAUSED_MEANING),
        WebhookState::Disabled if webhook.disabled_code == Some(DisabledCode::Gone) => {
            (Tone::Warn, &texts::DISABLED, &texts::GONE_MEANING)
        }
        WebhookState::Disabled => (Tone::Warn, &texts::DISABLED, &texts::DISABLED_MEANING),
        WebhookState::Active | WebhookState::Unverified => return Html::default(),
    };
    let time = webhook.status_since.map(|at| html! { <><Ago {at} />{ " (" }{ since(language, at) }{ ")" }</> });
    html! {
        <Note {tone} title={language.say(title)}>
            <p>{ standing(language, webhook, session, time) }</p>
            <p>{ waiting_line(language, waiting) }</p>
            <p>{ language.say(text) }</p>
        </Note>
    }
}

/// How many deliveries wait, in a line that is there before that is known.
fn waiting_line(language: Language, waiting: Option<Waiting>) -> String {
    let none = if waiting.is_some() { language.say(&texts_of_webhook::NOTHING_WAITS) } else { "\u{a0}" };
    waits(language, waiting).unwrap_or_else(|| none.to_owned())
}

/// Why it fails, what to do, and what comes next.
fn fails(
    language: Language,
    webhook: &Webhook,
    session: Option<&Session>,
    failing: &Failing,
    waiting: Option<Waiting>,
) -> Html {
    let explained = failing.refused.as_ref().and_then(|refused| explain_check(language, refused));
    let (title, advice) = match (explained, failing.response_status) {
        (Some((title, advice)), _) => (title, Some(advice)),
        (None, Some(status)) => {
            let words = format!("{status} {}", reason_phrase(status));
            (language.fill(&texts::REFUSES, &[("status", words.trim_end())]), None)
        }
        (None, None) => (language.say(&texts::SILENT).to_owned(), None),
    };
    let see_why = failing.delivery.clone().map(|delivery| {
        let to = Route::WebhookDelivery { id: webhook.id.clone(), delivery };
        html! { <A class="btn btn--s" {to}>{ language.say(&webhooks::SEE_WHY) }</A> }
    });
    // A webhook is switched off after four days of failures, and most schedules have come to their end before that.
    let meaning = match schedule(webhook, session) {
        Some([]) => &texts::FAILING_ONCE,
        _ => &texts::FAILING_MEANING,
    };
    let acts = html! { <>{ see_why }<SendWaiting webhook={webhook.id.clone()} {waiting} /></> };
    html! {
        <Note tone={Tone::Bad} {title} {acts}>
            <p>
                { since_when(language, failing) }{ " " }{ next_attempt(language, failing) }
            </p>
            <p>{ waiting_line(language, waiting) }</p>
            if let Some(error) = &failing.error {
                { transport(language, error) }
            }
            if let Some(advice) = advice {
                <p>{ advice }</p>
            }
            <p>{ language.say(meaning) }</p>
        </Note>
    }
}

#[derive(Properties, PartialEq)]
struct SendWaitingProps {
    webhook: String,
    /// How many there are, where that is known.
    waiting: Option<Waiting>,
}

/// Has what waits for its next attempt be sent now: the receiver was mended, and one need not wait for the schedule. It is there
/// before the number is known, so that nothing moves.
#[component]
fn SendWaiting(props: &SendWaitingProps) -> Html {
    let language = use_language();
    let api = use_api();
    let busy = use_state_eq(|| false);
    let onclick = {
        let (id, busy) = (props.webhook.clone(), busy.clone());
        Callback::from(move |_: MouseEvent| {
            let (api, id, busy) = (api.clone(), id.clone(), busy.clone());
            busy.set(true);
            spawn_local(async move {
                match api.send_waiting(&id).await {
                    Ok(sent) if sent.brought_forward == 0 => toast_done(language.say(&texts::SENT_ALREADY)),
                    Ok(sent) => {
                        let count = language.number(sent.brought_forward);
                        toast_done(&language.fill(&texts::SENT_NOW, &[("n", &count)]));
                    }
                    Err(error) => toast_failed(language, &error),
                }
                busy.set(false);
            });
        })
    };
    let Waiting { count, more } = props.waiting.unwrap_or_default();
    let number = format!("{}{}", language.number(count), if more { "+" } else { "" });
    let words = match count {
        0 => language.say(&texts::SEND_WAITING_NOW).to_owned(),
        1 => language.say(&texts::SEND_ONE_NOW).to_owned(),
        _ => language.fill(&texts::SEND_NOW, &[("n", &number)]),
    };
    html! { <Button class="btn--s" icon="send" busy={*busy} disabled={count == 0} {onclick}>{ words }</Button> }
}

#[component]
fn Latest(props: &OverviewProps) -> Html {
    let language = use_language();
    let api = use_api();
    let deliveries = use_resource(props.webhook.id.clone(), move |id: &String| {
        let (api, id) = (api.clone(), id.clone());
        Box::pin(async move { api.deliveries(Some(&id), 50, None, &[]).await })
    });
    use_poll(3000, true, deliveries.refresh.clone());
    let all = Route::WebhookTab { id: props.webhook.id.clone(), tab: "deliveries".into() };
    html! {
        <section class="panel" aria-labelledby="latest-title">
            <div class="panel__head">
                <h2 id="latest-title">{ language.say(&texts::LATEST) }</h2>
                <A to={all}>{ language.say(&texts::ALL_OF_THEM) }</A>
            </div>
            if let Some(error) = deliveries.error.clone() {
                <div class="panel__body"><ErrorNote {error} retry={deliveries.refresh.clone()} /></div>
            }
            { match &deliveries.data {
                None => html! {
                    <div class="panel__body stack stack--tight" aria-busy="true">
                        <span class="skel skel--80"></span><span class="skel skel--60"></span><span class="skel skel--80"></span>
                    </div>
                },
                Some(page) if page.data.is_empty() => html! {
                    <p class="tablebox__none">{ language.say(&texts::NONE_YET) }</p>
                },
                Some(page) => html! {
                    <div class="tablebox">
                        <table class="table">
                            <thead>
                                <tr>
                                    <th scope="col">{ language.say(&common::TIME) }</th>
                                    <th scope="col">{ language.say(&common::OUTCOME) }</th>
                                    <th scope="col">{ language.say(&webhooks::TYPE) }</th>
                                    <th scope="col" class="num">{ language.say(&common::ANSWER) }</th>
                                </tr>
                            </thead>
                            <tbody>
                                { for page.data.iter().take(LATEST).map(|delivery| html! {
                                    <tr key={delivery.id.clone()}>
                                        <td><A class="tablelink mono" to={Route::WebhookDelivery { id: delivery.webhook.clone(), delivery: delivery.id.clone() }}>
                                            <Clocked at={delivery.created} />
                                        </A></td>
                                        <td>{ delivery_status(language, delivery, false) }</td>
                                        <td>
                                            { type_words(language, &delivery.event_type) }
                                            if delivery.test {
                                                { " " }<span class="tag">{ language.say(&common::TEST) }</span>
                                            }
                                        </td>
                                        <td class="num">{ answer(language, delivery) }</td>
                                    </tr>
                                }) }
                            </tbody>
                        </table>
                    </div>
                },
            } }
        </section>
    }
}

fn how_it_is_sent(language: Language, webhook: &Webhook, session: Option<&Session>) -> Html {
    let profile = match webhook.profile {
        Profile::Cavage => &texts::SIGNED_CAVAGE,
        Profile::Standard => &texts::SIGNED_STANDARD,
        Profile::Rfc9421 => &texts::SIGNED_RFC9421,
    };
    let format = match webhook.format {
        BodyFormat::Json => &common::JSON,
        BodyFormat::Form => &common::FORM,
    };
    html! {
        <section class="panel" aria-labelledby="sent-title">
            <div class="panel__head">
                <h2 id="sent-title">{ language.say(&texts::HOW_SENT) }</h2>
                <A to={Route::WebhookTab { id: webhook.id.clone(), tab: "settings".into() }}>{ language.say(&texts::CHANGE) }</A>
            </div>
            <div class="panel__body">
                <dl class="kv">
                    <dt>{ language.say(&texts::SIGNED) }</dt><dd>{ language.say(profile) }</dd>
                    if let Some(session) = session.filter(|_| webhook.profile != Profile::Standard) {
                        { of_the_environment(language, webhook, session) }
                    }
                    <dt>{ language.say(&common::FORMAT) }</dt><dd>{ language.say(format) }</dd>
                    <dt>{ language.say(&texts::RATE) }</dt><dd>{ rate(language, webhook) }</dd>
                    <dt>{ language.say(&texts::RETRIES) }</dt><dd>{ retries(language, webhook, session) }</dd>
                    <dt>{ language.say(&texts::FILTER) }</dt>
                    <dd>{ filter(language, &webhook.options.filter) }</dd>
                    <dt>{ language.say(&texts::CREATED) }</dt><dd><Ago at={webhook.created} /></dd>
                </dl>
            </div>
        </section>
    }
}

/// What of a call is the environment's: its key and its number. With a secret there is neither, and only cavage names an algorithm
/// in `Digest`.
fn of_the_environment(language: Language, webhook: &Webhook, session: &Session) -> Html {
    let key_domain = session.key_domain.clone();
    html! {
        <>
            <dt>{ language.say(&texts::KEYS_UNDER) }</dt>
            <dd>
                <Copy text={key_domain.clone()} label={language.say(&texts::COPY_DOMAIN)}><span class="mono break">{ key_domain }</span></Copy>
                { " " }<A to={Route::Keys}>{ language.say(&texts::SEE_KEYS) }</A>
            </dd>
            if webhook.profile == Profile::Cavage {
                <dt>{ language.say(&texts::DIGEST) }</dt><dd><code>{ format!("{}=", webhook.digest_name) }</code></dd>
            }
            <dt>{ language.say(&texts::ENVIRONMENT) }</dt><dd><code>{ format!("environment_{}", session.environment) }</code></dd>
        </>
    }
}

/// What an event must have and may not have, a line each.
fn filter(language: Language, filter: &Filter) -> Html {
    let (tags, domains) = (&filter.tags, &filter.recipient_domains);
    let lists: [(&'static Text, &[String]); 5] = [
        (&texts::TAGS_ANY, &tags.any),
        (&texts::TAGS_ALL, &tags.all),
        (&texts::TAGS_NONE, &tags.none),
        (&texts::DOMAINS_INCLUDE, &domains.include),
        (&texts::DOMAINS_EXCLUDE, &domains.exclude),
    ];
    if filter.is_open() {
        return html! { { language.say(&texts::NO_FILTER) } };
    }
    let line = |(text, list): (&'static Text, &[String])| {
        let items = list.iter().enumerate().map(|(index, item)| {
            html! { <>{ if index > 0 { ", " } else { "" } }<code>{ item.clone() }</code></> }
        });
        html! { <p key={text.en}>{ language.rich(text, &[("list", items.collect())]) }</p> }
    };
    lists.into_iter().filter(|(_, list)| !list.is_empty()).map(line).collect()
}

/// After how many seconds a failed attempt is made again: its own schedule, or else the server's; `None` until that is known.
fn schedule<'a>(webhook: &'a Webhook, session: Option<&'a Session>) -> Option<&'a [u32]> {
    webhook.options.retries.as_deref().or_else(|| session.map(|session| session.retry_schedule.as_slice()))
}

fn rate(language: Language, webhook: &Webhook) -> String {
    let number = |number: u32| language.number(number.into());
    let mut parts = Vec::new();
    if let Some(rate) = webhook.options.rate {
        parts.push(language.fill(&texts::PER_SECOND, &[("n", &number(rate.per_second))]));
    }
    if let Some(most) = webhook.options.concurrency {
        parts.push(language.fill(&texts::AT_A_TIME, &[("n", &number(most))]));
    }
    if let Some(batch) = webhook.options.batch {
        parts.push(language.fill(&texts::BATCHED, &[("n", &number(batch.max_events))]));
    }
    if parts.is_empty() { language.say(&texts::NO_RATE).to_owned() } else { parts.join(", ") }
}

fn retries(language: Language, webhook: &Webhook, session: Option<&Session>) -> String {
    let Some(delays) = schedule(webhook, session) else { return String::new() };
    if delays.is_empty() {
        return language.say(&texts::RETRIES_NONE).to_owned();
    }
    let text = if webhook.options.retries.is_some() { &texts::RETRIES_AFTER } else { &texts::RETRIES_DEFAULT };
    let delays: Vec<_> = delays.iter().map(|delay| language.countdown(u64::from(*delay) * 1000)).collect();
    language.fill(text, &[("delays", &delays.join(", "))])
}
