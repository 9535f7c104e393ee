//! The page of a webhook in a browser.
#![cfg(target_arch = "wasm32")]

use std::rc::Rc;

use seinpost_protocol::rest::{Session, Timestamp, Webhook};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::{overview::Overview, settings::Settings, type_words, verification::Verification};
use crate::{
    api::Tagged,
    app::PartProviders,
    components::LanguageLink,
    hooks::now,
    i18n::{Language, texts::settings as texts},
    tests::{served::Served, stage::*},
};

/// A webhook with these members besides.
fn webhook(rest: &Value) -> Webhook {
    let mut whole = json!({
        "id": "wh_1", "type": "bounce", "url": "https://hooks.example.org/mail", "profile": "cavage", "format": "json",
        "digest_name": "sha-256", "status": "active", "created": "2025-11-25T13:05:12Z", "last_delivery": null,
        "verification": {"file": "smtpeter-x.txt", "content": "x", "locations": ["https://hooks.example.org/smtpeter-x.txt"]},
    });
    for (name, value) in rest.as_object().into_iter().flatten() {
        whole[name] = value.clone();
    }
    serde_json::from_value(whole).unwrap()
}

/// A server that answers a call, `POST /v1/…`, with a status and a body, and all else with 404.
fn serve(answer: impl Fn(&str) -> Option<(u16, Value)> + 'static) -> Served {
    Served::with_status(move |call| {
        let (status, body) = answer(call).unwrap_or((404, json!({})));
        Some((status, (!body.is_null()).then(|| body.to_string())))
    })
}

#[derive(Properties, PartialEq)]
struct PageProps {
    webhook: Webhook,
}

/// The settings as they stand in their page, which takes over what was saved.
#[component]
fn Page(props: &PageProps) -> Html {
    let webhook = use_state(|| Rc::new(props.webhook.clone()));
    let set = webhook.setter();
    let changed = Callback::from(move |saved: Tagged<Webhook>| set.set(Rc::new(saved.value)));
    let refresh = {
        let webhook = webhook.clone();
        // What it asks for is the certificate that is gone.
        Callback::from(move |()| webhook.set(Rc::new(Webhook { client_certificate: None, ..(**webhook).clone() })))
    };
    html! {
        <>
            <LanguageLink />
            <Settings webhook={(*webhook).clone()} tag={Rc::from("")} {changed} {refresh} />
        </>
    }
}

async fn settings(rest: &Value) -> Stage {
    Stage::show(html! { <Page webhook={webhook(rest)} /> }).await
}

/// Chooses the switch with these words.
fn flip(stage: &Stage, words: &str) {
    let label = stage.all("label.switch").into_iter().find(|label| text(label) == words).unwrap();
    label.query_selector("input").unwrap().unwrap().unchecked_into::<web_sys::HtmlElement>().click();
}

/// Saves, with the focus on the button as if it were pressed.
async fn save(stage: &Stage) {
    until("there is something to save", || !stage.all(".savebar").is_empty()).await;
    let button = stage.find(".savebar button[type=submit]");
    button.focus().unwrap();
    button.click();
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_what_a_save_shows_once() {
    let server = serve(|call| {
        let saved = json!({"privacy": {"recipient": "hashed", "recipient_key": "the-key-of-the-hashes"}});
        (call == "PATCH /v1/webhooks/wh_1").then(|| (200, serde_json::to_value(webhook(&saved)).unwrap()))
    });
    let stage = settings(&json!({})).await;
    flip(&stage, texts::HASH_RECIPIENT.en);
    save(&stage).await;
    until("the key has the focus", || stage.all("#made-key").first().is_some_and(is_focused)).await;
    assert!(text(&stage.find("#made-key")).contains("the-key-of-the-hashes"));
    assert_eq!(server.changes().len(), 1);
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_why_it_was_not_saved() {
    let problem = |status: u16, errors: Value| {
        (
            status,
            json!({"type": "urn:seinpost:problem:x", "title": "T", "status": status, "detail": "d", "errors": errors}),
        )
    };
    for (answer, focused) in [
        (problem(500, json!([])), "#not-saved"),
        (problem(422, json!([{"code": "refused-target", "variable": "url", "detail": "not there"}])), "#url"),
        // Nothing on the page is the field of this.
        (problem(422, json!([{"code": "unknown", "variable": "elsewhere", "detail": "no"}])), "#not-saved"),
    ] {
        let _server = serve(move |_| Some(answer.clone()));
        let stage = settings(&json!({})).await;
        type_into(&stage.find("#concurrency"), "4");
        for _ in 0..2 {
            save(&stage).await;
            until("what went wrong has the focus", || stage.all(focused).first().is_some_and(is_focused)).await;
        }
        assert_eq!(stage.all(".note--bad").len(), usize::from(focused == "#not-saved"));
    }
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_the_first_field_that_is_wrong_and_nothing_is_sent() {
    let server = serve(|_| None);
    let stage = settings(&json!({"filter": {"tags": {"none": ["a"]}}})).await;
    for (field, typed, at) in [
        ("#concurrency", "many", "#concurrency"),
        // What they contradict in is said at the first of the three.
        ("#tags-all", "a", "#tags-any"),
        ("#burst", "40", "#per-second"),
    ] {
        type_into(&stage.find(field), typed);
        let error = format!("{at}-error");
        until("it says what is wrong", || !stage.all(&error).is_empty()).await;
        save(&stage).await;
        assert!(is_focused(&stage.find(at)), "{at}");
        if at == "#per-second" {
            assert_eq!(stage.texts(&error), [texts::RATE_MISSING.en]);
        }
        type_into(&stage.find(field), "");
        until("nothing is wrong", || stage.all("[aria-invalid]").is_empty()).await;
    }
    stage.find("input[value=bounce]").click();
    until("a type is missing", || !stage.all("#type-error").is_empty()).await;
    save(&stage).await;
    assert!(is_focused(&stage.find("input[value=bounce]")));
    stage.find("input[value=bounce]").click();
    // A form holds one event.
    flip(&stage, texts::BATCH.en);
    until("there are batches", || !stage.all("#max-events").is_empty()).await;
    assert_eq!(stage.texts("#batch-hint"), [texts::BATCH_HINT.en]);
    stage.all("input[name=format]")[1].click();
    until("they contradict", || !stage.all(".field__error[tabindex]").is_empty()).await;
    save(&stage).await;
    assert!(is_focused(&stage.find(".field__error[tabindex]")));
    assert_eq!(server.changes(), [""; 0]);
}

#[wasm_bindgen_test]
async fn a_new_secret_is_made_once_its_consequence_was_named() {
    let answer = json!({"profile": "standard", "secret": "whsec_new"});
    let server = serve(move |call| {
        let made = serde_json::to_value(webhook(&answer)).unwrap();
        (call == "POST /v1/webhooks/wh_1/rotate-secret").then_some((200, made))
    });
    let stage = settings(&json!({"profile": "standard"})).await;
    let opener = "section[aria-labelledby=secret-title] .panel__body button";
    let buttons = || stage.texts(".dialog__foot button");
    stage.find(opener).click();
    until("it asks", || buttons() == ["Keep it", texts::ROTATE.en]).await;
    assert!(stage.texts(".dialog__body")[0].contains("refuses every call"));
    stage.all(".dialog__foot button")[0].click();
    until("it has closed", || buttons().is_empty()).await;
    assert_eq!(server.changes(), [""; 0]);

    stage.find("button.link[lang=nl]").click();
    stage.find(opener).click();
    until("it asks in Dutch", || buttons() == ["Behouden", texts::ROTATE.nl]).await;
    assert!(stage.texts(".dialog__body")[0].contains("weigert elke aanroep"));
    stage.all(".dialog__foot button")[1].click();
    until("the secret has the focus", || stage.all("#new-secret").first().is_some_and(is_focused)).await;
    assert!(buttons().is_empty() && text(&stage.find("#new-secret")).contains("whsec_new"));
    assert_eq!(server.changes(), ["POST /v1/webhooks/wh_1/rotate-secret"]);
}

#[wasm_bindgen_test]
async fn why_no_secret_was_made_is_said_where_it_was_asked() {
    let _server = serve(|_| {
        let kind = "urn:seinpost:problem:conflict";
        Some((409, json!({"type": kind, "title": "T", "status": 409, "detail": "8 old secrets sign along still."})))
    });
    let stage = settings(&json!({"profile": "standard"})).await;
    let opener = stage.find("section[aria-labelledby=secret-title] .panel__body button");
    opener.click();
    until("it asks", || stage.all(".dialog__foot button").len() == 2).await;
    stage.all(".dialog__foot button")[1].click();
    until("it says why", || !stage.all("dialog .note--bad").is_empty()).await;
    assert!(stage.texts("dialog .note--bad")[0].contains("8 old secrets sign along still."));
    stage.all(".dialog__foot button")[0].click();
    until("it has closed", || stage.all("dialog").is_empty()).await;
    opener.click();
    until("it asks anew", || stage.all(".dialog__foot button").len() == 2).await;
    assert!(stage.all(".note--bad").is_empty());
}

#[wasm_bindgen_test]
async fn a_certificate_is_removed_once_its_loss_was_named() {
    let server = serve(|call| (call == "DELETE /v1/webhooks/wh_1/client-certificate").then_some((204, Value::Null)));
    let certificate = json!({"client_certificate": {
        "subject": "CN=a", "issuer": "CN=b", "not_before": "2025-11-25T13:05:12Z", "not_after": "2027-11-25T13:05:12Z", "sha256": "ab", "chain": 1,
    }});
    let stage = settings(&certificate).await;
    let opener = "section[aria-labelledby=certificate-title] .panel__body > .row button";
    let buttons = || stage.texts(".dialog__foot button");
    stage.find(opener).click();
    until("it asks", || buttons() == ["Keep it", texts::CERTIFICATE_REMOVE.en]).await;
    assert!(stage.texts(".dialog__body")[0].contains("cannot be had back"));
    stage.all(".dialog__foot button")[0].click();
    until("it has closed", || buttons().is_empty()).await;
    assert_eq!(server.changes(), [""; 0]);
    stage.find(opener).click();
    until("it asks again", || buttons().len() == 2).await;
    stage.all(".dialog__foot button")[1].click();
    until("the certificate is gone", || stage.all(opener).is_empty()).await;
    until("the focus is where another is put", || is_focused(&stage.find("#certificate-put"))).await;
    assert!(buttons().is_empty());
    assert_eq!(server.changes(), ["DELETE /v1/webhooks/wh_1/client-certificate"]);
}

/// The overview in a session of a server with this schedule.
async fn overview(rest: &Value, schedule: &[u32]) -> Stage {
    let session: Session = serde_json::from_value(json!({
        "id": "ses_1", "environment": 184, "name": "One", "csrf": "x", "expires": "2999-11-25T13:05:12Z",
        "key_domain": "sign.example.com", "retry_schedule": schedule, "scopes": ["admin"],
    }))
    .unwrap();
    let webhook = Rc::new(webhook(rest));
    Stage::show(html! { <PartProviders {session}><LanguageLink /><Overview {webhook} /></PartProviders> }).await
}

fn rows(stage: &Stage) -> Vec<(String, String)> {
    stage.texts(".kv dt").into_iter().zip(stage.texts(".kv dd")).collect()
}

#[wasm_bindgen_test]
async fn what_fails_is_not_said_to_be_safe_when_it_may_be_given_up() {
    let _server = serve(|_| None);
    let since = Timestamp::from_millis(now() - 90 * 3_600_000);
    let failing = json!({"since": since, "delivery": null, "response_status": 503, "error": null, "refused": null, "next_attempt": null});
    let (goes_on, once) = ("What waits is tried again", "Each event is called once");
    for (retries, schedule, said) in [
        (Value::Null, &[5, 300][..], goes_on),
        (json!([60]), &[], goes_on),
        (json!([]), &[5, 300], once),
        (Value::Null, &[], once),
    ] {
        let stage = overview(&json!({"failing": failing, "retries": retries}), schedule).await;
        let note = || stage.texts(".note--bad").remove(0);
        assert!(note().contains(said) && note().contains("stand") && !note().contains("Nothing is lost"), "{}", note());
        stage.find("button.link[lang=nl]").click();
        until("it speaks Dutch", || note().contains("onder Mislukt en kan opnieuw worden verstuurd")).await;
    }
}

#[wasm_bindgen_test]
async fn how_it_is_sent_is_told_by_profile_and_in_full() {
    let _server = serve(|_| None);
    for (profile, digest, environment) in [("cavage", 1, 1), ("rfc9421", 0, 1), ("standard", 0, 0)] {
        let stage = overview(&json!({"profile": profile}), &[5]).await;
        let rows = rows(&stage);
        let count = |name: &str| rows.iter().filter(|(term, _)| term == name).count();
        assert_eq!(
            (count("Digest"), count("Environment"), count("Keys under")),
            (digest, environment, environment),
            "{rows:?}"
        );
    }
    let filter = json!({"tags": {"any": ["news", "invoice"], "none": ["<b>"]}, "recipient_domains": {"include": ["example.com"]}});
    for (rest, term, english, dutch) in [
        (
            json!({}),
            "Retries",
            "after 5 s, 5 min, 1 day: the server’s own schedule",
            "na 5 s, 5 min, 1 dag: het schema van de server zelf",
        ),
        (json!({"retries": [90]}), "Retries", "after 1 min 30 s", "na 1 min 30 s"),
        (json!({"retries": []}), "Retries", "none", "geen"),
        (json!({}), "Filter", "none: every event of its types", "geen: elke gebeurtenis van deze soorten"),
        (
            json!({ "filter": filter }),
            "Filter",
            "a tag of news, invoiceno tag of <b>recipients at example.com",
            "een tag uit news, invoicegeen tag uit <b>ontvangers op example.com",
        ),
    ] {
        let stage = overview(&rest, &[5, 300, 86_400]).await;
        let said = |term: &str| rows(&stage).into_iter().find(|(each, _)| each == term).unwrap().1;
        assert_eq!(said(term), english);
        stage.find("button.link[lang=nl]").click();
        let dutch_term = if term == "Retries" { "Herhalingen" } else { "Filter" };
        until("it speaks Dutch", || rows(&stage).iter().any(|(each, said)| each == dutch_term && said == dutch)).await;
        assert!(stage.all(".kv b").is_empty());
    }
}

#[wasm_bindgen_test]
async fn types_have_the_names_of_the_reader_s_language() {
    let _server = serve(|call| {
        let delivery = |kind: &str| {
            json!({"id": format!("dlv_{kind}"), "event": "evt_1", "type": kind, "recipient": null, "webhook": "wh_1", "status": "delivered",
                "test": false, "attempts": [], "next_attempt": null, "created": "2025-11-25T13:00:12Z"})
        };
        let page = json!({"data": [delivery("failure"), delivery("webhook.disabled")], "next": null});
        call.starts_with("GET /v1/webhooks/wh_1/deliveries").then_some((200, page))
    });
    let stage = overview(&json!({}), &[5]).await;
    let types = || stage.texts("section[aria-labelledby=latest-title] td:nth-child(3)");
    until("they come", || types() == ["failure", "webhook.disabled"]).await;
    stage.find("button.link[lang=nl]").click();
    until("they are Dutch", || types() == ["mislukking", "webhook.disabled"]).await;
    assert_eq!(type_words(Language::Dutch, "open"), "opening");
}

#[wasm_bindgen_test]
async fn the_command_that_verifies_can_be_copied() {
    let stage =
        Stage::show(html! { <Verification webhook={Rc::new(webhook(&json!({"status": "unverified"})))} refresh={Callback::noop()} /> })
            .await;
    let command = stage.texts("section > p code").remove(0);
    assert!(command.starts_with("curl -X POST http") && command.contains("/v1/webhooks/wh_1/verify"), "{command}");
    assert_eq!(stage.attribute("section > p .copy button", "aria-label").as_deref(), Some("Copy the command"));
}
