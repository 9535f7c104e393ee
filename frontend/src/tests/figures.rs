//! Figures, times and states: what one sees is also said.

use std::rc::Rc;

use seinpost_protocol::rest::{Figures, Outcomes, ResponseTimes, Stats, StatsRange, StatsStep, Timestamp, Waiting};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use super::stage::*;
use crate::{
    components::{Ago, Chart, Clocked, Countdown, Shows, WebhookState, spark, webhook_status},
    hooks::now,
    i18n::Language,
};

/// A day in which the step with number n has n deliveries at once, one refused, and a median of 10 n ms.
fn day() -> Rc<Stats> {
    let start = 1_764_028_800_000;
    let steps = (0..24)
        .map(|index: u32| StatsStep {
            start: Timestamp::from_millis(start + i64::from(index) * 3_600_000),
            deliveries: Outcomes { at_once: u64::from(index), refused: 1, ..Outcomes::default() },
            response: ResponseTimes {
                answers: 1,
                median_ms: Some(u64::from(index) * 10),
                p95_ms: Some(u64::from(index) * 20),
            },
        })
        .collect();
    Rc::new(Stats {
        webhook: None,
        range: StatsRange::Day,
        from: Timestamp::from_millis(start),
        until: Timestamp::from_millis(start + 86_400_000),
        step_seconds: 3600,
        total: Figures::default(),
        waiting: Waiting::default(),
        steps,
    })
}

#[wasm_bindgen_test]
async fn a_chart_is_read_by_arrow_keys_and_as_a_table() {
    let stage = Stage::show(html! { <Chart stats={day()} shows={Shows::Outcomes} /> }).await;
    let plot = stage.find("[role=slider]");
    assert_eq!(stage.named_by("[role=slider]", "aria-labelledby"), stage.named_by("figure", "aria-labelledby"));
    assert_eq!(plot.get_attribute("tabindex").as_deref(), Some("0"));
    assert_eq!(stage.attribute("figure svg", "aria-hidden").as_deref(), Some("true"));
    let at = || plot.get_attribute("aria-valuenow").unwrap();
    let said = || plot.get_attribute("aria-valuetext").unwrap();
    assert_eq!((at(), plot.get_attribute("aria-valuemax").unwrap()), ("23".into(), "23".into()));
    assert!(said().contains("23 at once") && said().contains("1 refused"), "{}", said());
    for (key, to) in [("ArrowLeft", "22"), ("Home", "0"), ("ArrowLeft", "0"), ("ArrowRight", "1"), ("End", "23")] {
        assert!(!press(&plot, key), "{key} scrolls the page");
        until(key, || at() == to).await;
    }
    assert!(press(&plot, "Tab"));
    press(&plot, "Home");
    until("the readout is the first step's", || stage.texts(".chart__read")[0].contains("0 at once")).await;
    // Behind it, all of it, in the same words.
    assert_eq!(stage.all("table tbody tr").len(), 24);
    assert_eq!(stage.texts("tbody tr:last-child .num"), ["23", "0", "1", "0"]);
    assert_eq!(stage.all("thead th[scope=col]").len(), 5);
    let first = stage.all("tbody time").remove(0);
    assert_eq!(first.get_attribute("title").as_deref(), Some("2025-11-25 00:00:00.000 UTC"));
    assert_eq!(stage.all("tbody time[datetime]").len(), 24);
}

#[wasm_bindgen_test]
async fn a_chart_of_times_says_its_unit() {
    let stage = Stage::show(html! { <Chart stats={day()} shows={Shows::Times} /> }).await;
    let said = stage.attribute("[role=slider]", "aria-valuetext").unwrap();
    assert!(said.contains("230 ms") && said.contains("460 ms"), "{said}");
    assert_eq!(stage.texts("tbody tr:last-child .num"), ["230 ms", "460 ms"]);
}

#[wasm_bindgen_test]
async fn a_sparkline_says_what_it_draws() {
    let points = [Outcomes { at_once: 1206, refused: 4, ..Outcomes::default() }, Outcomes::default()];
    let stage = Stage::show(spark(Language::English, &points)).await;
    assert_eq!(stage.attribute("svg", "role").as_deref(), Some("img"));
    let label = stage.attribute("svg", "aria-label").unwrap();
    assert!(label.contains("1,206 delivered") && label.contains("4 failed"), "{label}");
    let stage = Stage::show(html! { <p>{ spark(Language::English, &[Outcomes::default()]) }</p> }).await;
    assert!(stage.all("svg").is_empty() && !stage.texts("p")[0].is_empty());
}

#[wasm_bindgen_test]
async fn a_time_is_the_readers_and_has_its_utc() {
    let at = Timestamp::from_millis(1_764_075_912_013);
    let stage = Stage::show(html! { <><Clocked {at} /><Ago {at} /></> }).await;
    for time in stage.all("time") {
        assert_eq!(time.get_attribute("datetime").as_deref(), Some("2025-11-25T13:05:12.013Z"));
        assert_eq!(time.get_attribute("title").as_deref(), Some("2025-11-25 13:05:12.013 UTC"));
    }
    let local = js_sys::Date::new(&JsValue::from_f64(1_764_075_912_013.0));
    let clock = format!("{:02}:{:02}:{:02}.013", local.get_hours(), local.get_minutes(), local.get_seconds());
    let shown = stage.texts("time");
    assert!(shown[0].ends_with(&clock) && shown[0].starts_with(&format!("{} Nov", local.get_date())), "{}", shown[0]);
    assert!(shown[1].ends_with(" ago"), "{}", shown[1]);
}

#[wasm_bindgen_test]
async fn a_countdown_goes_on() {
    let stage = Stage::show(html! { <Countdown at={Timestamp::from_millis(now() + 95_500)} /> }).await;
    let first = stage.texts("time")[0].clone();
    assert!(first.starts_with("1 min 3"), "{first}");
    until("another second has gone", || stage.texts("time")[0] != first).await;
}

#[wasm_bindgen_test]
async fn a_state_has_a_shape_and_a_word_besides_its_colour() {
    let all = WebhookState::ALL.into_iter().map(|state| webhook_status(Language::English, state, false));
    let stage = Stage::show(all.collect()).await;
    let words = stage.texts(".status");
    let shapes: Vec<_> = stage.all(".status use").iter().map(|shape| shape.get_attribute("href").unwrap()).collect();
    for list in [&words, &shapes] {
        let different: std::collections::HashSet<_> = list.iter().collect();
        assert_eq!(different.len(), WebhookState::ALL.len(), "{list:?}");
    }
}
