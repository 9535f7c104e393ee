//! Charts of statistics: SVG with a readout, which the pointer and the arrow keys move, and a table behind them.

use std::rc::Rc;

use seinpost_protocol::rest::{Stats, StatsRange, StatsStep};
use yew::prelude::*;

use super::time::exact;
use crate::i18n::{Language, Text, moment::Local, texts::figures as texts, use_language};

/// What a chart shows of the statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    Outcomes,
    Times,
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChartProps {
    pub(crate) stats: Rc<Stats>,
    pub(crate) shows: Shows,
}

/// The drawing's height; a step is ten wide.
const HEIGHT: u64 = 1000;

/// A chart. The readout tells of the step under the pointer, of the newest one until then.
#[component]
pub(crate) fn Chart(props: &ChartProps) -> Html {
    let language = use_language();
    let at = use_state_eq(|| None::<usize>);
    let plot = use_node_ref();
    let (steps, range) = (&props.stats.steps, props.stats.range);
    let Some(last) = steps.len().checked_sub(1) else { return Html::default() };
    let shown = at.unwrap_or(last).min(last);
    let step = &steps[shown];
    let (id, title) = match props.shows {
        Shows::Outcomes => ("chart-outcomes", &texts::OUTCOMES),
        Shows::Times => ("chart-times", &texts::TIMES),
    };
    let onmousemove = {
        let (at, plot) = (at.clone(), plot.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(plot) = plot.cast::<web_sys::Element>() else { return };
            let bounds = plot.get_bounding_client_rect();
            let along = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a few steps, and clamped among them"
            )]
            let index = (along.clamp(0.0, 1.0) * (last + 1) as f64) as usize;
            at.set(Some(index.min(last)));
        })
    };
    let onmouseleave = {
        let at = at.clone();
        Callback::from(move |_: MouseEvent| at.set(None))
    };
    let onkeydown = {
        let at = at.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => shown.saturating_sub(1),
                "ArrowRight" | "ArrowUp" => (shown + 1).min(last),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            at.set(Some(to));
        })
    };
    let when = span(language, range, step);
    let read = readout(language, props.shows, step);
    let most = ceiling(props.shows, steps);
    let unit = if props.shows == Shows::Times { " ms" } else { "" };
    html! {
        <figure class="chart" aria-labelledby={id}>
            <figcaption class="row row--apart"><b {id}>{ language.say(title) }</b><span class="soft small">{ when.clone() }</span></figcaption>
            <p class="chart__read">{ for read.iter().map(|(class, words)| html! { <span class={*class}>{ words.clone() }</span> }) }</p>
            <div class="chart__plot" ref={plot} tabindex="0" role="slider" aria-labelledby={id} aria-valuemin="0"
                aria-valuemax={last.to_string()} aria-valuenow={shown.to_string()} title={language.say(&texts::MOVE)}
                aria-valuetext={format!("{when}: {}", read.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(", "))}
                {onmousemove} {onmouseleave} {onkeydown}>
                <div class="chart__y" aria-hidden="true">
                    { for (0..=4).rev().map(|line| html! {
                        <span>{ language.number(most / 4 * line) }{ if line == 0 { unit } else { "" } }</span>
                    }) }
                </div>
                <svg viewBox={format!("0 0 {} {HEIGHT}", steps.len() * 10)} preserveAspectRatio="none" aria-hidden="true">
                    { for (0..=4).map(|line| grid(steps.len(), HEIGHT / 4 * line)) }
                    { match props.shows {
                        Shows::Outcomes => steps.iter().enumerate().map(|(index, step)| bars(index, step, most)).collect::<Html>(),
                        Shows::Times => lines(steps, most),
                    } }
                    { cursor(shown) }
                </svg>
            </div>
            <div class="chart__x" aria-hidden="true">
                { for (0..4).map(|quarter| html! { <span>{ label(language, range, steps[steps.len() * quarter / 4].start.as_millis()) }</span> }) }
                <span>{ label(language, range, props.stats.until.as_millis()) }</span>
            </div>
            { table(language, props.shows, range, steps) }
        </figure>
    }
}

/// The time of a step: `13:00–14:00`, `25 Nov 12:00–18:00`, `25 Nov`.
fn span(language: Language, range: StatsRange, step: &StatsStep) -> String {
    let start = step.start.as_millis();
    let end = start + i64::from(range.step_seconds()) * 1000;
    let clock = |millis| clock(Local::of(millis));
    let date = || {
        let local = Local::of(start);
        local.date(language, local.year)
    };
    match range {
        StatsRange::Hour | StatsRange::Day => format!("{}–{}", clock(start), clock(end)),
        StatsRange::Week => format!("{} {}–{}", date(), clock(start), clock(end)),
        StatsRange::Month => date(),
    }
}

/// A moment below the chart.
fn label(language: Language, range: StatsRange, millis: i64) -> String {
    let local = Local::of(millis);
    match range {
        StatsRange::Hour | StatsRange::Day => clock(local),
        StatsRange::Week | StatsRange::Month => local.date(language, local.year),
    }
}

fn clock(local: Local) -> String {
    let text = local.clock();
    text.get(..5).unwrap_or(&text).to_owned()
}

/// What the line above a chart says of a step, each with the class of its key.
fn readout(language: Language, shows: Shows, step: &StatsStep) -> Vec<(&'static str, String)> {
    let count = |text: &'static Text, n: u64| language.fill(text, &[("n", &language.number(n))]);
    match shows {
        Shows::Outcomes => vec![
            ("key", count(&texts::N_AT_ONCE, step.deliveries.at_once)),
            ("key key--retry", count(&texts::N_RETRIED, step.deliveries.retried)),
            ("key key--bad", count(&texts::N_REFUSED, step.deliveries.refused)),
            ("key key--none", count(&texts::N_UNANSWERED, step.deliveries.unanswered)),
        ],
        Shows::Times => match (step.response.median_ms, step.response.p95_ms) {
            (Some(median), Some(p95)) => vec![
                ("key key--line", language.fill(&texts::N_MEDIAN, &[("time", &language.duration(median))])),
                ("key key--dash", language.fill(&texts::P95, &[("time", &language.duration(p95))])),
            ],
            _ => vec![("", language.say(&texts::NO_ANSWERS).to_owned())],
        },
    }
}

/// The top of the scale: four times a round number, none of the steps being above it.
fn ceiling(shows: Shows, steps: &[StatsStep]) -> u64 {
    let most = steps
        .iter()
        .map(|step| match shows {
            Shows::Outcomes => step.deliveries.total(),
            Shows::Times => step.response.p95_ms.unwrap_or_default(),
        })
        .max()
        .unwrap_or_default();
    let mut unit = 1_u64;
    loop {
        for quarter in [unit, unit * 2, unit * 5] {
            if quarter * 4 >= most {
                return quarter * 4;
            }
        }
        // Far beyond any count there is.
        match unit.checked_mul(10).filter(|unit| *unit < u64::MAX / 40) {
            Some(next) => unit = next,
            None => return u64::MAX / 4 * 4,
        }
    }
}

/// How high a value stands on the scale.
fn high(value: u64, most: u64) -> u64 {
    u64::try_from(u128::from(value) * u128::from(HEIGHT) / u128::from(most.max(1))).unwrap_or(HEIGHT).min(HEIGHT)
}

fn grid(steps: usize, y: u64) -> Html {
    html! { <line class="grid" x1="0" x2={(steps * 10).to_string()} y1={y.to_string()} y2={y.to_string()} /> }
}

fn cursor(index: usize) -> Html {
    let x = (index * 10 + 5).to_string();
    html! { <line class="cursor" x1={x.clone()} x2={x} y1="-40" y2={HEIGHT.to_string()} /> }
}

fn bars(index: usize, step: &StatsStep, most: u64) -> Html {
    let of = step.deliveries;
    let parts =
        [("bar-main", of.at_once), ("bar-retry", of.retried), ("bar-bad", of.refused), ("bar-none", of.unanswered)];
    let mut top = HEIGHT;
    parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(class, count)| {
            let high = high(count, most).max(8).min(top);
            top -= high;
            html! { <rect {class} x={(index * 10 + 1).to_string()} y={top.to_string()} width="8" height={high.to_string()} /> }
        })
        .collect()
}

/// The median as a line, the 95th percentile as a dashed one, and the band between them. A step without answers breaks them.
fn lines(steps: &[StatsStep], most: u64) -> Html {
    let points: Vec<Option<(usize, u64, u64)>> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let (median, p95) = (step.response.median_ms?, step.response.p95_ms?);
            Some((index * 10 + 5, HEIGHT - high(median, most), HEIGHT - high(p95, most)))
        })
        .collect();
    points
        .split(Option::is_none)
        .map(|run| run.iter().flatten().copied().collect::<Vec<_>>())
        .filter(|run| !run.is_empty())
        .map(|run| {
            let medians: Vec<_> = run.iter().map(|(x, median, _)| (*x, *median)).collect();
            let p95s: Vec<_> = run.iter().map(|(x, _, p95)| (*x, *p95)).collect();
            let back: Vec<_> = medians.iter().rev().copied().collect();
            let area = format!("{}{}Z", path('M', &p95s), path('L', &back));
            html! {
                <>
                    <path class="area-soft" d={area} />
                    <path class="line-soft" d={stroke(&p95s)} />
                    <path class="line-main" d={stroke(&medians)} />
                </>
            }
        })
        .collect()
}

/// A line through points; a point alone is drawn as wide as a step.
fn stroke(points: &[(usize, u64)]) -> String {
    match points {
        [(x, y)] => path('M', &[(x.saturating_sub(4), *y), (x + 4, *y)]),
        _ => path('M', points),
    }
}

fn path(first: char, points: &[(usize, u64)]) -> String {
    let mut out = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let command = if index == 0 { first } else { 'L' };
        out.push_str(&format!("{command}{x} {y}"));
    }
    out
}

fn table(language: Language, shows: Shows, range: StatsRange, steps: &[StatsStep]) -> Html {
    let heads: &[&'static Text] = match shows {
        Shows::Outcomes => &[&texts::AT_ONCE_COLUMN, &texts::RETRIED, &texts::REFUSED, &texts::UNANSWERED],
        Shows::Times => &[&texts::MEDIAN_COLUMN, &texts::P95_COLUMN],
    };
    let time = |millis: Option<u64>| millis.map_or_else(|| "–".to_owned(), |millis| language.duration(millis));
    let cells = |step: &StatsStep| match shows {
        Shows::Outcomes => {
            let of = step.deliveries;
            [of.at_once, of.retried, of.refused, of.unanswered].map(|count| language.number(count)).to_vec()
        }
        Shows::Times => vec![time(step.response.median_ms), time(step.response.p95_ms)],
    };
    html! {
        <details class="fold">
            <summary>{ language.say(&texts::TABLE) }</summary>
            <div class="tablebox tablebox--in">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{ language.say(&texts::STEP) }</th>
                            { for heads.iter().map(|head| html! { <th scope="col" class="num">{ language.say(head) }</th> }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for steps.iter().map(|step| html! {
                            <tr key={step.start.as_millis().to_string()}>
                                <td><time datetime={step.start.to_string()} title={exact(step.start)}>{ span(language, range, step) }</time></td>
                                { for cells(step).into_iter().map(|cell| html! { <td class="num">{ cell }</td> }) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::rest::{Outcomes, ResponseTimes, Timestamp};

    use super::*;

    fn step(at_once: u64, p95_ms: Option<u64>) -> StatsStep {
        StatsStep {
            start: Timestamp::from_millis(0),
            deliveries: Outcomes { at_once, ..Outcomes::default() },
            response: ResponseTimes { answers: at_once, median_ms: p95_ms, p95_ms },
        }
    }

    #[test]
    fn the_scale_ends_at_a_round_number() {
        for (most, expected) in [(0, 4), (1, 4), (4, 4), (5, 8), (8, 8), (9, 20), (302, 400), (401, 800), (5000, 8000)]
        {
            assert_eq!(ceiling(Shows::Outcomes, &[step(1, None), step(most, None)]), expected.max(4), "{most}");
        }
        assert!(ceiling(Shows::Outcomes, &[step(u64::MAX, None)]) > u64::MAX / 8);
        assert_eq!(ceiling(Shows::Times, &[step(0, Some(170)), step(0, None)]), 200);
        assert_eq!(high(50, 200), 250);
        assert_eq!(high(u64::MAX, 4), HEIGHT);
    }

    #[test]
    fn a_lone_point_is_seen() {
        assert_eq!(stroke(&[(5, 7)]), "M1 7L9 7");
        assert_eq!(stroke(&[(5, 7), (15, 9)]), "M5 7L15 9");
    }
}
