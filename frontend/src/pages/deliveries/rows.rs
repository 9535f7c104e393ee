//! The rows of the log.

use std::rc::Rc;

use seinpost_protocol::rest::{Delivery, ErrorKind, Page, Webhook};
use yew::prelude::*;

use super::delivery_route;
use crate::{
    components::{A, Clocked, Countdown, delivery_status, glance, url_without_scheme},
    hooks::use_now,
    i18n::{
        Language, Text,
        texts::{common, deliveries as texts},
        use_language,
    },
    pages::webhook::type_words,
};

/// How long a delivery is marked as new, in milliseconds.
const NEW: i64 = 4000;

#[derive(Properties, PartialEq)]
pub(super) struct RowsProps {
    pub(super) page: Rc<Page<Delivery>>,
    /// Whether all are of one webhook.
    pub(super) of_one: bool,
    pub(super) webhooks: Rc<Vec<Webhook>>,
    #[prop_or_default]
    pub(super) open: Option<String>,
    /// The filter, with its `?`, which stays as a row is opened.
    pub(super) query: Rc<str>,
    /// Whether new ones are marked.
    pub(super) live: bool,
}

/// A page of the log.
#[component]
pub(super) fn Rows(props: &RowsProps) -> Html {
    let language = use_language();
    let now = use_now();
    let of_one = props.of_one;
    html! {
        <div class="tablebox log">
            <table class="table table--fold" role="table">
                <caption class="vh">{ language.say(&texts::CAPTION) }</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col" aria-sort="descending">{ language.say(&common::TIME) }</th>
                        <th role="columnheader" scope="col">{ language.say(&common::OUTCOME) }</th>
                        <th role="columnheader" scope="col">{ language.say(&common::EVENT) }</th>
                        <th role="columnheader" scope="col" class="col-rcpt">{ language.say(&texts::RECIPIENT) }</th>
                        <th role="columnheader" scope="col" class="col-hook">
                            { language.say(if of_one { &texts::NEXT_ATTEMPT } else { &texts::WEBHOOK }) }
                        </th>
                        <th role="columnheader" scope="col" class="num">{ language.say(&common::ANSWER) }</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    { for props.page.data.iter().map(|delivery| row(language, delivery, props, now)) }
                </tbody>
            </table>
        </div>
    }
}

fn row(language: Language, delivery: &Delivery, props: &RowsProps, now: i64) -> Html {
    let of_one = props.of_one;
    let to = delivery_route(of_one, &delivery.webhook, &delivery.id);
    let is_new = props.live && now - delivery.created.as_millis() < NEW;
    let is_open = props.open.as_ref() == Some(&delivery.id);
    let webhook = props.webhooks.iter().find(|webhook| webhook.id == delivery.webhook);
    html! {
        <tr role="row" key={delivery.id.clone()} data-open={is_open.then_some("")} data-new={is_new.then_some("")}>
            <td role="cell" class="w3 mono">
                <A class="tablelink" id={format!("row-{}", delivery.id)} {to} query={props.query.clone()} current={is_open.then_some("true")}><Clocked at={delivery.created} /></A>
            </td>
            <td role="cell" class="w3">{ delivery_status(language, delivery, false) }</td>
            <td role="cell" class="w3">
                <span class="medium">{ type_words(language, &delivery.event_type) }</span>
            </td>
            <td role="cell" class="col-rcpt w3 break">
                if let Some(recipient) = &delivery.recipient {
                    { glance(recipient) }{ " " }
                }
                if delivery.test {
                    <span class="tag">{ language.say(&common::TEST) }</span>
                }
            </td>
            <td role="cell" class="col-hook w4">
                { match (of_one, webhook, delivery.next_attempt) {
                    (true, _, Some(at)) => html! { <span class="url">{ language.rich(&texts::IN_TIME, &[("time", html! { <Countdown {at} /> })]) }</span> },
                    (true, _, None) => html! { <span class="url faint">{ "–" }</span> },
                    (false, Some(webhook), _) => html! { <span class="url">{ url_without_scheme(&webhook.url) }</span> },
                    (false, None, _) => html! { <span class="url faint">{ delivery.webhook.clone() }</span> },
                } }
            </td>
            <td role="cell" class="num w2 end">{ answer(language, delivery) }</td>
        </tr>
    }
}

/// The newest answer of a delivery: its status, or in a word why there was none; and how long it took.
pub(crate) fn answer(language: Language, delivery: &Delivery) -> Html {
    let Some(attempt) = delivery.attempts.last() else { return html! { <span class="mono">{ "…" }</span> } };
    let time = html! { <span class="soft">{ language.duration(attempt.duration_ms) }</span> };
    let word = match (&attempt.response, &attempt.error) {
        (Some(response), _) => response.status.to_string(),
        (None, Some(error)) => language.say(error_word(error.kind)).to_owned(),
        (None, None) => "–".into(),
    };
    let class = if attempt.accepted() { "mono" } else { "mono bad" };
    html! { <><span {class}>{ word }</span>{ " " }{ time }</> }
}

/// In a word, why there was no answer.
pub(crate) fn error_word(kind: ErrorKind) -> &'static Text {
    match kind {
        ErrorKind::Dns => &texts::ERROR_DNS,
        ErrorKind::RefusedTarget => &texts::ERROR_TARGET,
        ErrorKind::Connect => &texts::ERROR_CONNECT,
        ErrorKind::Tls => &texts::ERROR_TLS,
        ErrorKind::Timeout => &texts::ERROR_TIMEOUT,
        ErrorKind::Protocol => &texts::ERROR_PROTOCOL,
        ErrorKind::BrokenBody => &texts::ERROR_BROKEN,
        ErrorKind::Internal => &texts::ERROR_INTERNAL,
    }
}

/// What stands in the place of rows until they come.
pub(in crate::pages) fn skeleton() -> Html {
    html! {
        <div class="tablebox" aria-busy="true">
            <table class="table" role="presentation">
                <tbody>{ for (0..8).map(|_| html! { <tr><td><span class="skel skel--80"></span></td></tr> }) }</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::{components::LanguageLink, tests::stage::*};

    #[wasm_bindgen_test]
    async fn a_row_names_its_type_in_the_reader_s_language() {
        let page: Page<Delivery> = serde_json::from_str(
            r#"{"data":[{"id":"dlv_1","event":"evt_1","type":"abuse","recipient":null,"webhook":"wh_1","status":"delivered","test":false,
            "attempts":[],"next_attempt":null,"created":"2025-11-25T13:00:12Z"}],"next":null}"#,
        )
        .unwrap();
        let stage = Stage::show(html! {
            <><LanguageLink /><Rows page={Rc::new(page)} of_one={true} webhooks={Rc::new(Vec::new())} query={Rc::from("")} live={false} /></>
        })
        .await;
        assert_eq!(stage.texts("td .medium"), ["abuse"]);
        stage.find("button.link[lang=nl]").click();
        until("it is Dutch", || stage.texts("td .medium") == ["spamklacht"]).await;
    }
}
