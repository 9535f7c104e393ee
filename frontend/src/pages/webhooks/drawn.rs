//! The list in a browser: ten thousand webhooks, of which those in sight are drawn, and rows that fail.
#![cfg(target_arch = "wasm32")]

use std::rc::Rc;

use seinpost_protocol::rest::{DisabledCode, Webhook};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::{
    Checks, Figures, Filter, Table, Through,
    failing::failing,
    filters,
    standing::{standing, waits},
    use_listed, welcome,
};
use crate::{components::LanguageLink, i18n::use_language, tests::stage::*};

fn webhooks(count: usize) -> Rc<Vec<Webhook>> {
    let one = |index: usize| {
        let (kind, status) = if index.is_multiple_of(4) { ("bounce", "paused") } else { ("open", "active") };
        serde_json::from_str(&format!(
            r#"{{"id":"wh_{index}","type":"{kind}","url":"https://a.example/{index:05}","profile":"cavage","format":"json",
            "digest_name":"sha-256","status":"{status}","created":"2025-11-25T13:05:12Z","last_delivery":null,
            "verification":{{"file":"f","content":"c","locations":[]}}}}"#
        ))
        .unwrap()
    };
    Rc::new((0..count).map(one).collect())
}

#[derive(Properties, PartialEq)]
struct ListedProps {
    webhooks: Rc<Vec<Webhook>>,
}

#[component]
fn Listed(props: &ListedProps) -> Html {
    let filter = use_state(|| Filter { sort: "url".into(), ..Filter::default() });
    let set = {
        let filter = filter.clone();
        Callback::from(move |next| filter.set(next))
    };
    let figures = use_memo((), |()| Figures::default());
    let listed = use_listed(Some(props.webhooks.clone()), figures, filter.sort());
    let language = use_language();
    let Some(listed) = listed else { return Html::default() };
    let Through { rows, counts } = listed.through(&filter);
    html! {
        <>
            { filters(language, &filter, &counts, &set) }
            <Table {listed} {rows} filter={(*filter).clone()} checks={Checks::default()} set_filter={set}
                changed={Callback::noop()} refresh={Callback::noop()} />
        </>
    }
}

fn listed(count: usize) -> Html {
    html! { <Listed webhooks={webhooks(count)} /> }
}

/// The first and the last row that is in sight, by the last digits of its URL.
fn in_sight(stage: &Stage) -> Option<(usize, usize)> {
    let height = window().inner_height().unwrap().as_f64().unwrap();
    let mut found = stage.all("tbody .tablelink").into_iter().filter_map(|link| {
        let bounds = link.get_bounding_client_rect();
        let number = text(&link).rsplit('/').next()?.parse::<usize>().ok()?;
        (bounds.bottom() > 0.0 && bounds.top() < height).then_some(number)
    });
    let first = found.next()?;
    Some((first, found.last().unwrap_or(first)))
}

#[wasm_bindgen_test]
async fn of_ten_thousand_rows_those_in_sight_are_drawn_and_the_place_is_kept() {
    let stage = Stage::show(listed(10_000)).await;
    until("the rows are drawn", || !stage.all("tbody .tablelink").is_empty()).await;
    let drawn = || stage.all("tbody .tablelink").len();
    assert!(drawn() <= 150, "{} rows are drawn", drawn());
    let height = || stage.find("tbody").get_bounding_client_rect().height();
    assert!(height() > 10_000.0 * 20.0, "the scroll bar speaks of {} px only", height());
    let mut seen = 0;
    for part in [0.1, 0.5, 0.9] {
        window().scroll_to_with_x_and_y(0.0, height() * part);
        let there = || in_sight(&stage).is_some_and(|(first, _)| first > seen);
        for _ in 0..200 {
            if !there() {
                crate::tests::stage::drawn().await;
            }
        }
        let (scrolled, height) = (window().scroll_y().unwrap(), height());
        assert!(there(), "{:?} after {seen}, at {scrolled} of {height}, {} drawn", in_sight(&stage), drawn());
        // Where one has scrolled to, one stays: what is drawn around it does not move it.
        let (at, rows) = (window().scroll_y().unwrap(), in_sight(&stage));
        crate::tests::stage::drawn().await;
        assert_eq!((window().scroll_y().unwrap(), in_sight(&stage)), (at, rows));
        let (first, last) = rows.unwrap();
        assert!(last - first >= 3 && last - first < 80, "{first} to {last}");
        assert!(drawn() <= 150);
        seen = first;
    }
    window().scroll_to_with_x_and_y(0.0, 0.0);
    until("the first rows are back", || in_sight(&stage).is_some_and(|(first, _)| first == 0)).await;
    assert!(stage.all("tbody tr[aria-hidden]").len() == 1, "nothing stands for rows before the first");
}

#[wasm_bindgen_test]
async fn a_filter_narrows_says_how_many_and_is_cleared_where_nothing_matches() {
    let stage = Stage::show(listed(1_000)).await;
    until("the list is drawn", || stage.texts(".pager") == ["1,000 of 1,000 webhooks"]).await;
    assert_eq!(stage.attribute("form", "role").as_deref(), Some("search"));
    assert_eq!(stage.texts("label[for=q]"), ["Find by URL, type or id"]);
    // States with their numbers; the ones that no webhook has are left out.
    assert_eq!(stage.texts(".seg__item"), ["All 1,000", "Paused 250", "Active 750"]);
    type_into(&stage.find("#q"), "/0012");
    until("ten are left", || stage.all("tbody .tablelink").len() == 10).await;
    assert_eq!(stage.texts(".pager"), ["10 of 1,000 webhooks"]);
    assert_eq!(stage.texts(".seg__item"), ["All 10", "Paused 3", "Active 7"]);
    type_into(&stage.find("#q"), "nothing of the kind");
    until("none is left", || stage.all("tbody .tablelink").is_empty()).await;
    stage.find(".tablebox__none button").click();
    until("all are back", || stage.texts(".pager") == ["1,000 of 1,000 webhooks"]).await;
}

#[wasm_bindgen_test]
async fn heads_sort_and_say_so() {
    let stage = Stage::show(listed(3)).await;
    let sorted = || stage.texts("th[aria-sort]");
    assert_eq!(sorted(), ["Webhook"]);
    assert_eq!(stage.attribute("th[aria-sort]", "aria-sort").as_deref(), Some("ascending"));
    stage.all("th button")[0].click();
    until("it is sorted by status", || sorted() == ["Status"]).await;
    // Folded into cards on a narrow screen, the rows keep their roles and the names of their columns.
    assert_eq!(stage.attribute("table", "role").as_deref(), Some("table"));
    assert!(stage.all("tbody tr").iter().all(|row| row.get_attribute("role").as_deref() == Some("row")));
    assert!(stage.all("th").iter().all(|head| !text(head).is_empty()));
    assert!(stage.all("tbody button[aria-haspopup]").iter().all(|menu| menu.has_attribute("aria-label")));
}

#[component]
fn Welcome() -> Html {
    welcome(use_language())
}

#[wasm_bindgen_test]
async fn the_first_run_leads_to_the_types_and_to_the_inspector() {
    let stage = Stage::show(html! { <Welcome /> }).await;
    let types = stage.all("ol a[href='/webhooks/new']");
    assert_eq!(types.iter().map(text).collect::<Vec<_>>(), ["Create webhookc", "Which types are there?"]);
    assert_eq!(stage.texts(".note__title"), ["No receiver yet?"]);
    assert_eq!(stage.attribute(".note--info a", "href").as_deref(), Some("/inspector"));
}

#[derive(Properties, PartialEq)]
struct FailingProps {
    failure: seinpost_protocol::rest::Failing,
    #[prop_or_default]
    waiting: Option<seinpost_protocol::rest::Waiting>,
}

#[component]
fn Failing(props: &FailingProps) -> Html {
    failing(use_language(), "wh_1", &props.failure, props.waiting)
}

fn failure(rest: &str) -> seinpost_protocol::rest::Failing {
    let since = seinpost_protocol::rest::Timestamp::from_millis(crate::hooks::now() - 60_000);
    serde_json::from_str(&format!(r#"{{"since":"{since}",{rest}}}"#)).unwrap()
}

#[wasm_bindgen_test]
async fn a_row_that_fails_says_since_when_why_what_waits_and_what_is_next() {
    let next = seinpost_protocol::rest::Timestamp::from_millis(crate::hooks::now() + 300_500);
    let refused = failure(&format!(
        r#""delivery":"dlv_1","response_status":401,"error":null,"refused":{{"check":"date","skew":-312,"host":null}},"next_attempt":"{next}""#
    ));
    let waiting = Some(seinpost_protocol::rest::Waiting { count: 10_000, more: true });
    let stage = Stage::show(html! { <><LanguageLink /><Failing failure={refused} {waiting} /></> }).await;
    let lines = || stage.texts(".rownote");
    let words = lines().join(" ");
    assert!(words.starts_with("First failure ") && stage.all(".rownote time[datetime]").len() == 2, "{words}");
    assert!(
        words.contains("; the last call was refused with 401 Unauthorized. Your receiver’s clock is 312 s ahead."),
        "{words}"
    );
    assert!(words.contains("Next attempt in ") && words.contains("10,000+ deliveries wait."), "{words}");
    assert_eq!(stage.attribute(".rownote a", "href").as_deref(), Some("/webhooks/wh_1/deliveries/dlv_1"));
    stage.find("button.link[lang=nl]").click();
    until("it speaks Dutch", || {
        lines()[0].contains("; de laatste aanroep werd geweigerd met 401 Unauthorized. De klok van uw ontvanger")
    })
    .await;
    assert!(lines()[1].contains("10.000+ afleveringen wachten."), "{:?}", lines());
}

#[wasm_bindgen_test]
async fn a_row_that_fails_without_an_answer_says_what_happened_as_far_as_that_is_kept() {
    let silent = failure(
        r#""delivery":"dlv_1","response_status":null,"error":{"kind":"connect","detail":"Nothing listens at 192.0.2.1:443"},"refused":null,"next_attempt":null"#,
    );
    let stage = Stage::show(html! { <Failing failure={silent} /> }).await;
    let words = stage.texts(".rownote");
    assert!(words[0].ends_with("; the last call got no answer. Nothing listens at 192.0.2.1:443."), "{words:?}");
    assert_eq!(words[1], "See why");
    let pruned = failure(r#""delivery":null,"response_status":null,"error":null,"refused":null,"next_attempt":null"#);
    let stage = Stage::show(html! { <Failing failure={pruned} /> }).await;
    let words = stage.texts(".rownote");
    assert!(words[0].starts_with("First failure ") && !words[0].contains("answer") && words[1].is_empty(), "{words:?}");
}

#[derive(Properties, PartialEq)]
struct StandingProps {
    webhook: Webhook,
}

#[component]
fn Standing(props: &StandingProps) -> Html {
    let language = use_language();
    let session = serde_json::from_str(
        r#"{"id":"ses_1","environment":1,"name":"One","csrf":"x","expires":"2026-11-25T13:05:12Z","key_domain":"d",
        "scopes":["admin"],"person":"ann@example.com"}"#,
    )
    .unwrap();
    let time = props.webhook.status_since.map(|at| html! { <crate::components::Ago {at} /> });
    let waiting = seinpost_protocol::rest::Waiting { count: 4102, more: false };
    html! {
        <>
            <p class="why">{ standing(language, &props.webhook, Some(&session), time) }</p>
            <p class="waits">{ waits(language, Some(waiting)).unwrap_or_default() }</p>
        </>
    }
}

#[wasm_bindgen_test]
async fn a_row_that_is_not_sent_to_says_since_when_by_whom_and_why_in_both_languages() {
    let since = seinpost_protocol::rest::Timestamp::from_millis(crate::hooks::now() - 12 * 86_400_000 - 60_000);
    let all = webhooks(1);
    for (status, by, code, english, dutch) in [
        ("paused", "ann@example.com", "", "Paused by you 12 days ago.", "Door u gepauzeerd, 12 dagen geleden."),
        ("paused", "ses_1", "", "Paused by you 12 days ago.", "Door u gepauzeerd, 12 dagen geleden."),
        ("paused", "CRM", "", "Paused by CRM 12 days ago.", "Door CRM gepauzeerd, 12 dagen geleden."),
        ("paused", "ses_2", "", "Paused 12 days ago.", "Gepauzeerd, 12 dagen geleden."),
        (
            "disabled",
            "",
            "gone",
            "Switched off 12 days ago: the receiver answered 410 (Gone).",
            "Uitgeschakeld, 12 dagen geleden: de ontvanger antwoordde 410 (Gone).",
        ),
        (
            "disabled",
            "",
            "failing",
            "Switched off 12 days ago, after four days of failures.",
            "Uitgeschakeld, 12 dagen geleden, na vier dagen van mislukkingen.",
        ),
    ] {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let webhook = Webhook {
            status: serde_json::from_str(&format!("\"{status}\"")).unwrap(),
            status_since: Some(since),
            status_by: given(by),
            disabled_code: DisabledCode::ALL.into_iter().find(|each| each.as_str() == code),
            ..all[0].clone()
        };
        let stage = Stage::show(html! { <><LanguageLink /><Standing {webhook} /></> }).await;
        assert_eq!(
            (stage.texts(".why"), stage.texts(".waits")),
            (vec![english.into()], vec!["4,102 deliveries wait.".into()])
        );
        stage.find("button.link[lang=nl]").click();
        until("it speaks Dutch", || stage.texts(".why") == [dutch]).await;
        assert_eq!(stage.texts(".waits"), ["4.102 afleveringen wachten."]);
    }
    // Of before it was noted.
    let webhook = Webhook { status: seinpost_protocol::rest::WebhookStatus::Paused, ..all[0].clone() };
    let stage = Stage::show(html! { <Standing {webhook} /> }).await;
    assert_eq!(stage.texts(".why"), ["Paused: events are kept until you resume."]);
}
