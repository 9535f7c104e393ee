//! How a webhook's deliveries went over a time: figures, and charts with a table behind them.

use std::rc::Rc;

use seinpost_protocol::rest::{Stats, StatsRange, Waiting};
use yew::prelude::*;

use crate::{
    api::use_api,
    app::{query_value, replace_query, to_query, use_location},
    components::{Chart, ErrorNote, Shows, segments, since, stat},
    hooks::{use_poll, use_resource},
    i18n::{Language, Text, texts::figures as texts, use_language},
};

/// How often the figures are asked for, in milliseconds.
const EVERY: u32 = 15_000;

/// Where the range stands in the address.
const RANGE: &str = "range";

#[derive(Properties, PartialEq)]
pub(super) struct FiguresProps {
    pub(super) webhook: String,
    /// Is told how many deliveries wait.
    pub(super) waiting: Callback<Waiting>,
}

/// The figures of a webhook over 1 h, 24 h, 7 d or 30 d.
#[component]
pub(super) fn Figures(props: &FiguresProps) -> Html {
    let language = use_language();
    let api = use_api();
    // It stands in the address: a link leads to it, and it is there still after a reload.
    let location = use_location();
    let range = range_of(&location.query);
    let stats = use_resource((props.webhook.clone(), range), move |(id, range): &(String, StatsRange)| {
        let (api, id, range) = (api.clone(), id.clone(), *range);
        Box::pin(async move { api.stats(Some(&id), range).await })
    });
    use_poll(EVERY, true, stats.refresh.clone());
    use_effect_with((stats.data.as_ref().map(|data| data.waiting), props.waiting.clone()), |(now, tell)| {
        if let Some(now) = now {
            tell.emit(*now);
        }
    });
    let choices = StatsRange::ALL.map(|each| (each, language.say(names(each).0)));
    let choose = {
        let route = location.route.clone();
        Callback::from(move |chosen: StatsRange| {
            let name = if chosen == StatsRange::default() { "" } else { chosen.as_str() };
            replace_query(&route, &to_query(&[(RANGE, name)]));
        })
    };
    html! {
        <>
            <div class="row row--apart">
                <h2 class="h2">{ language.say(names(range).1) }</h2>
                { segments("range", language.say(&texts::RANGE), "seg--s", range, &choices, &choose) }
            </div>
            if let Some(error) = stats.error.clone() {
                <ErrorNote {error} retry={stats.refresh.clone()} />
            }
            { match &stats.data {
                Some(data) => shown(language, data, &props.webhook),
                None if stats.error.is_none() => skeleton(),
                None => Html::default(),
            } }
        </>
    }
}

/// The range that an address names; the usual one where it names none that there is.
fn range_of(query: &str) -> StatsRange {
    let name = query_value(query, RANGE);
    StatsRange::ALL.into_iter().find(|range| range.as_str() == name).unwrap_or_default()
}

/// A range's short name, and what it is called above its figures.
fn names(range: StatsRange) -> (&'static Text, &'static Text) {
    match range {
        StatsRange::Hour => (&texts::HOUR, &texts::LAST_HOUR),
        StatsRange::Day => (&texts::DAY, &texts::LAST_DAY),
        StatsRange::Week => (&texts::WEEK, &texts::LAST_WEEK),
        StatsRange::Month => (&texts::MONTH, &texts::LAST_MONTH),
    }
}

fn shown(language: Language, stats: &Rc<Stats>, webhook: &str) -> Html {
    let of = stats.total.deliveries;
    let all = of.total();
    let share = |count: u64| {
        #[expect(clippy::cast_precision_loss, reason = "a share of counts far below 2^53")]
        let share = (all > 0).then(|| count as f64 / all as f64);
        share.map(|share| language.percent(share)).unwrap_or_default()
    };
    let count = |class, text: &'static Text, n: u64| stat(class, language.say(text), language.number(n), share(n));
    let more = if stats.waiting.more { "+" } else { "" };
    let times = stats.total.response;
    html! {
        <>
            <dl class="stats">
                { count("stat--main", &texts::AT_ONCE, of.at_once) }
                { count("stat--retry", &texts::RETRIED, of.retried) }
                { count("stat--bad", &texts::REFUSED, of.refused) }
                { count("stat--none", &texts::UNANSWERED, of.unanswered) }
                { stat("", language.say(&texts::WAITING), format!("{}{more}", language.number(stats.waiting.count)),
                    language.say(&texts::WAITING_SMALL).to_owned()) }
                { stat("", language.say(&texts::MEDIAN), times.median_ms.map_or_else(|| "–".to_owned(), |ms| language.duration(ms)),
                    times.p95_ms.map(|ms| language.fill(&texts::P95, &[("time", &language.duration(ms))])).unwrap_or_default()) }
            </dl>
            <Ever webhook={webhook.to_owned()} />
            <div class="duo">
                { for [Shows::Outcomes, Shows::Times].map(|shows| html! {
                    <section class="panel"><div class="panel__body"><Chart stats={stats.clone()} {shows} /></div></section>
                }) }
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct EverProps {
    webhook: String,
}

/// How many deliveries there ever were, in a line that is there before they come.
#[component]
fn Ever(props: &EverProps) -> Html {
    let language = use_language();
    let api = use_api();
    let ever = use_resource(props.webhook.clone(), move |id: &String| {
        let (api, id) = (api.clone(), id.clone());
        Box::pin(async move { api.all_time(&id).await })
    });
    use_poll(EVERY, true, ever.refresh.clone());
    let words = ever.data.as_ref().map_or_else(
        || html! { { "\u{a0}" } },
        |data| {
            let of = data.deliveries;
            let number = |name, count: u64| (name, html! { { language.number(count) } });
            language.rich(
                &texts::EVER,
                &[
                    ("since", since(language, data.since)),
                    number("once", of.at_once),
                    number("again", of.retried),
                    number("refused", of.refused),
                    number("silent", of.unanswered),
                ],
            )
        },
    );
    html! { <p class="small soft">{ words }</p> }
}

/// As high as what comes, so that nothing jumps.
fn skeleton() -> Html {
    html! {
        <>
            <dl class="stats" aria-busy="true">
                { for (0..6).map(|_| html! { <div class="stat"><dt><span class="skel skel--60"></span></dt><dd><span class="skel skel--40"></span></dd></div> }) }
            </dl>
            <p class="small">{ "\u{a0}" }</p>
            <div class="duo">
                { for (0..2).map(|_| html! { <section class="panel"><div class="panel__body chart chart--wait"></div></section> }) }
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_range_or_has_the_usual_one() {
        for range in StatsRange::ALL {
            assert_eq!(range_of(&format!("?{}", to_query(&[(RANGE, range.as_str())]))), range);
        }
        for query in ["", "?range=", "?range=1y", "?other=7d"] {
            assert_eq!(range_of(query), StatsRange::default(), "{query}");
        }
    }
}
