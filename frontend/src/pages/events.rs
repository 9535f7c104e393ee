//! Events: found by message, recipient and tags, with the webhooks they went to and why a mail came back.

#[cfg(test)]
mod drawn;

use std::rc::Rc;

use seinpost_protocol::rest::{DeliveryStatus, EventDelivery, EventDetail, EventSummary, Webhook};
use yew::prelude::*;

use crate::{
    api::{EventDiagnosis, use_api},
    app::{Route, go_to},
    components::{
        A, Button, Clocked, Code, CodeText, Copy, CopyId, ErrorNote, Field, Long, glance, laid_out, status, typed,
        url_without_scheme, visible,
    },
    hooks::{Hotkey, focus, use_hotkeys, use_poll, use_resource, use_stream, use_title},
    i18n::{
        Language,
        texts::{common, deliveries, events as texts, mail, opened, status as states},
        use_language,
    },
    pages::{
        list::use_narrowed,
        webhooks::{first_event, type_name},
    },
};

/// How often the events are asked for, in milliseconds: the stream tells of deliveries, and some events have none.
const EVERY: u32 = 5000;

/// What is searched for, as the address and the API name it.
const FIELDS: [&str; 3] = ["message", "recipient", "tags"];

#[derive(Properties, PartialEq)]
pub(crate) struct EventsProps {
    /// The event that is open.
    #[prop_or_default]
    pub(crate) open: Option<String>,
}

/// The page.
#[component]
pub(crate) fn Events(props: &EventsProps) -> Html {
    let language = use_language();
    use_title(language.say(&texts::TITLE).to_owned());
    let narrowed = use_narrowed(FIELDS);
    let api = use_api();
    // What is open beside the list does not change the list.
    let asked = (narrowed.values.clone(), narrowed.cursor.clone());
    let page = use_resource(asked, {
        let narrowed = narrowed.clone();
        move |(values, cursor)| {
            let (api, narrowed, values, cursor) = (api.clone(), narrowed.clone(), values.clone(), cursor.clone());
            Box::pin(async move { api.events(Some(&cursor), &narrowed.pairs(&values)).await })
        }
    });
    // Older pages stand still: only the newest one is live.
    let live = narrowed.cursor.is_empty();
    use_stream("delivery", live, page.refresh.clone());
    use_poll(EVERY, live, page.refresh.clone());
    let search = {
        let narrowed = narrowed.clone();
        Callback::from(move |values: Values| narrowed.narrow(&values))
    };
    let none = || {
        if narrowed.is_narrow() {
            html! {
                <div class="tablebox"><div class="tablebox__none">
                    <p>{ language.say(&texts::NONE_MATCH) }</p>
                    <p class="gap"><Button class="btn--s" onclick={narrowed.clear()}>{ language.say(&deliveries::CLEAR) }</Button></p>
                </div></div>
            }
        } else {
            html! {
                <section class="panel"><div class="panel__body empty">
                    <p class="medium">{ language.say(&texts::NONE) }</p>
                    <p class="soft">{ language.say(&texts::NONE_MEANING) }</p>
                    { first_event(language) }
                </div></section>
            }
        }
    };
    let query = narrowed.query();
    html! {
        <>
            <div class="head"><div class="head__text">
                <h1>{ language.say(&texts::TITLE) }</h1>
                <p class="head__sub">{ language.say(&texts::SUBTITLE) }</p>
            </div></div>
            <SearchForm values={narrowed.values.clone()} onsearch={search} />
            <div class="split" data-open={props.open.is_some().then_some("")}>
                <div>
                    { narrowed.list(language, &page, none, |rows| table(language, rows, props.open.as_deref(), &query)) }
                </div>
                if let Some(id) = props.open.clone() {
                    <Opened key={id.clone()} id={id.clone()} {query} />
                }
            </div>
        </>
    }
}

/// A value for each of [`FIELDS`].
type Values = [String; FIELDS.len()];

#[derive(Properties, PartialEq)]
struct SearchFormProps {
    /// What is searched for now.
    values: Values,
    onsearch: Callback<Values>,
}

/// What to search for. What is typed stays, whatever else is drawn again, until something else is searched for.
#[component]
fn SearchForm(props: &SearchFormProps) -> Html {
    let language = use_language();
    let typed_in = use_state_eq(|| props.values.clone());
    use_effect_with(props.values.clone(), {
        let typed_in = typed_in.clone();
        move |values| typed_in.set(values.clone())
    });
    let onsubmit = {
        let (typed_in, onsearch) = (typed_in.clone(), props.onsearch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let values = typed_in.each_ref().map(|value| value.trim().to_owned());
            typed_in.set(values.clone());
            onsearch.emit(values);
        })
    };
    let input = |index: usize| {
        let typed_in = typed_in.clone();
        Callback::from(move |event: InputEvent| {
            let mut values = (*typed_in).clone();
            values[index] = typed(&event);
            typed_in.set(values);
        })
    };
    html! {
        <form class="fields fields--acts gap" role="search" {onsubmit}>
            { for FIELDS.iter().zip([&texts::MESSAGE, &texts::RECIPIENT, &texts::TAGS]).zip(typed_in.iter()).enumerate().map(|(index, ((name, label), value))| {
                // The first one has the id that `/` goes to.
                let id = if index == 0 { "q".to_owned() } else { format!("event-{name}") };
                html! {
                    <Field id={id.clone()} label={language.say(label)}>
                        <input class="input" {id} autocomplete="off" spellcheck="false" value={value.clone()} oninput={input(index)}
                            placeholder={(*name == "tags").then(|| language.say(&texts::TAGS_HINT))} />
                    </Field>
                }
            }) }
            <Button kind="submit" icon="search">{ language.say(&texts::SEARCH) }</Button>
        </form>
    }
}

fn table(language: Language, events: &[EventSummary], open: Option<&str>, query: &Rc<str>) -> Html {
    let head = [&common::TIME, &common::EVENT, &texts::RECIPIENT, &texts::MESSAGE, &texts::TAGS];
    html! {
        <div class="tablebox">
            <table class="table table--fold">
                <caption class="vh">{ language.say(&texts::TITLE) }</caption>
                <thead><tr>{ for head.iter().map(|text| html! { <th scope="col">{ language.say(text) }</th> }) }</tr></thead>
                <tbody>
                    { for events.iter().map(|event| html! {
                        <tr key={event.id.clone()} data-open={(open == Some(event.id.as_str())).then_some("")}>
                            <td class="w3">
                                <A class="tablelink" id={format!("row-{}", event.id)} to={Route::Event { id: event.id.clone() }} query={query.clone()}><Clocked at={event.created} /></A>
                            </td>
                            <td class="w3 medium">{ kind_of(language, &event.event_type) }</td>
                            <td class="break" data-label={language.say(&texts::RECIPIENT)}>{ glance(event.recipient.as_deref().unwrap_or_default()) }</td>
                            <td class="w3 mono break" data-label={language.say(&texts::MESSAGE)}>{ glance(event.message.as_deref().unwrap_or_default()) }</td>
                            <td class="w3 break" data-label={language.say(&texts::TAGS)}>{ glance(&event.tags.join("; ")) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// The type of an event, in words; one that is not known here keeps its name.
fn kind_of(language: Language, name: &str) -> Html {
    name.parse().map_or_else(|_| glance(name), |known| html! { { type_name(language, known) } })
}

#[derive(Properties, PartialEq)]
struct OpenedProps {
    id: String,
    /// What the list beside it is narrowed by, with its `?`.
    query: Rc<str>,
}

/// An event: what it says, where it went, and why its mail came back.
#[component]
fn Opened(props: &OpenedProps) -> Html {
    let language = use_language();
    let api = use_api();
    let webhooks = use_resource((), {
        let api = api.clone();
        move |()| {
            let api = api.clone();
            Box::pin(async move { api.webhooks().await })
        }
    });
    let detail = use_resource(props.id.clone(), {
        let api = api.clone();
        move |id| {
            let (api, id) = (api.clone(), id.clone());
            Box::pin(async move { api.event(&id).await })
        }
    });
    // A delivery that waits is tried again, and one that is sent once more is another.
    use_poll(EVERY, true, detail.refresh.clone());
    let diagnosable = detail.data.as_ref().is_some_and(|detail| detail.diagnosable);
    let key = (props.id.clone(), diagnosable, language);
    let diagnosis = use_resource(key, move |(id, diagnosable, language)| {
        let (api, id, diagnosable, tag) = (api.clone(), id.clone(), *diagnosable, language.tag());
        Box::pin(async move { if diagnosable { api.event_diagnosis(&id, tag).await.map(Some) } else { Ok(None) } })
    });
    let close = {
        let (id, query) = (props.id.clone(), props.query.clone());
        Callback::from(move |()| {
            go_to(&format!("{}{query}", Route::Events.to_path()));
            // The focus goes back to the row that was open.
            focus(&format!("row-{id}"));
        })
    };
    use_hotkeys(vec![Hotkey { keys: "Escape", action: close.clone() }]);
    use_effect_with((), |()| focus("opened"));
    html! {
        <section class="panel split__open" id="opened" tabindex="-1" aria-labelledby="opened-title">
            <div class="panel__head">
                <h2 id="opened-title"><CopyId id={props.id.clone()} label={language.say(&texts::COPY_ID)} /></h2>
                <Button class="btn--bare btn--icon" icon="x" label={language.say(&common::CLOSE)} onclick={close.reform(|_: MouseEvent| ())} />
            </div>
            <div class="panel__body stack">
                if let Some(error) = detail.error.clone() {
                    <ErrorNote {error} retry={detail.refresh.clone()} />
                }
                if let Some(detail) = &detail.data {
                    if let Some(Some(found)) = diagnosis.data.as_deref() {
                        { diagnosis_view(language, found) }
                    }
                    if let Some(error) = diagnosis.error.clone() {
                        <ErrorNote {error} retry={diagnosis.refresh.clone()} />
                    }
                    { deliveries_view(language, detail, webhooks.data.as_deref().map(Vec::as_slice).unwrap_or_default()) }
                    <Code class="code--s" head={html! { { language.say(&common::EVENT) } }} copy={language.say(&texts::COPY_BODY)}
                        code={CodeText::Shown { html: html! { <Long text={laid_out(&detail.body)} json={true} /> }, text: detail.body.clone().into() }} />
                } else if detail.error.is_none() {
                    <span class="skel skel--80"></span>
                }
            </div>
        </section>
    }
}

fn diagnosis_view(language: Language, found: &EventDiagnosis) -> Html {
    html! {
        <div>
            <h3 class="h3">{ language.say(&texts::DIAGNOSIS) }{ " " }<span class="tag" title={found.kind.clone()}>{ kind(language, &found.kind) }</span></h3>
            <p>{ visible(&found.advice) }</p>
            <ul class="small">
                { for found.recipients.iter().map(|recipient| html! {
                    <li class="break">
                        <b>{ visible(&recipient.address) }</b>{ " " }<code>{ visible(&recipient.reason) }</code>{ " " }
                        { visible(recipient.status.as_deref().unwrap_or_default()) }{ " " }
                        <span class="soft mono">{ visible(recipient.diagnostic.as_deref().unwrap_or_default()) }</span>
                    </li>
                }) }
            </ul>
        </div>
    }
}

/// What kind of mail came back, in words.
fn kind(language: Language, name: &str) -> Html {
    let text = match name {
        "hard" => &mail::HARD,
        "soft" => &mail::SOFT,
        "complaint" => &mail::COMPLAINT,
        "auto-reply" => &mail::AUTO_REPLY,
        "not-a-bounce" => &mail::NOT_A_BOUNCE,
        "unknown" => &mail::UNKNOWN,
        other => return visible(other),
    };
    html! { { language.say(text) } }
}

/// How a delivery stands.
fn event_delivery_status(language: Language, delivery: &EventDelivery) -> Html {
    let (picture, tone, text) = match delivery.status {
        DeliveryStatus::Pending => ("next", "", &states::WAITING),
        DeliveryStatus::Delivered => ("ok", "status--ok", &states::DELIVERED),
        DeliveryStatus::Failed if delivery.response_status.is_some() => ("bad", "status--bad", &states::REFUSED),
        DeliveryStatus::Failed => ("off", "status--bad", &states::NO_ANSWER),
        DeliveryStatus::Cancelled => ("skip", "", &states::CANCELLED),
    };
    status(picture, tone, false, html! { { language.say(text) } })
}

fn deliveries_view(language: Language, detail: &EventDetail, webhooks: &[Webhook]) -> Html {
    // Its URL; the id of one that is gone.
    let name = |id: &str| match webhooks.iter().find(|webhook| webhook.id == id) {
        Some(webhook) => html! { <span class="url">{ url_without_scheme(&webhook.url) }</span> },
        None => html! { <span class="mono small break">{ id.to_owned() }</span> },
    };
    html! {
        <div>
            <h3 class="h3">{ language.say(&texts::WENT_TO) }</h3>
            if detail.deliveries.is_empty() {
                <p class="soft">{ language.say(&texts::WENT_NOWHERE) }</p>
            }
            <ul class="stack stack--tight">
                { for detail.deliveries.iter().map(|delivery| html! {
                    <li class="row" key={delivery.id.clone()}>
                        { event_delivery_status(language, delivery) }
                        <A to={Route::Webhook { id: delivery.webhook.clone() }}>{ name(&delivery.webhook) }</A>
                        <Copy text={delivery.id.clone()} label={language.say(&opened::COPY_ID)}>
                            <A to={Route::Delivery { delivery: delivery.id.clone() }}><span class="mono small break">{ delivery.id.clone() }</span></A>
                        </Copy>
                        <Clocked class={classes!("small", "soft")} at={delivery.created} />
                    </li>
                }) }
            </ul>
            if detail.more_deliveries {
                <p class="small soft">{ language.say(&texts::MORE) }</p>
            }
        </div>
    }
}
