//! Bars of the deliveries of a day, small enough for a row, and the figures beside them.

use seinpost_protocol::rest::Outcomes;
use yew::prelude::*;

use crate::i18n::{Language, texts::figures as texts};

/// How wide a bar is, how far apart they stand, and how high they can be, in units of the drawing.
const BAR: usize = 9;
const PITCH: usize = 12;
const HEIGHT: u64 = 56;

/// A bar a step: accepted at once below, after a retry on it, then what was not accepted.
pub(crate) fn spark(language: Language, points: &[Outcomes]) -> Html {
    let most = points.iter().map(|point| point.total()).max().unwrap_or_default();
    if most == 0 {
        return html! { <span class="spark spark--none faint">{ language.say(&texts::NO_DATA) }</span> };
    }
    let sum = points.iter().fold((0, 0), |(good, bad), point| (good + point.accepted(), bad + failed(point)));
    let label = language.fill(&texts::SPARK, &[("good", &language.number(sum.0)), ("bad", &language.number(sum.1))]);
    let view_box = format!("0 0 {} {HEIGHT}", (points.len() * PITCH).saturating_sub(PITCH - BAR));
    html! {
        <svg class="spark" viewBox={view_box} preserveAspectRatio="none" role="img" aria-label={label}>
            { for points.iter().enumerate().map(|(index, point)| bar(index, point, most)) }
        </svg>
    }
}

fn failed(point: &Outcomes) -> u64 {
    point.refused.saturating_add(point.unanswered)
}

fn bar(index: usize, point: &Outcomes, most: u64) -> Html {
    if point.total() == 0 {
        return rect("bar-soft", index, HEIGHT - 3, 3);
    }
    let mut top = HEIGHT;
    let parts = [("bar-main", point.at_once), ("bar-retry", point.retried), ("bar-bad", failed(point))];
    parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(class, count)| {
            // What there is of something is seen, be it one in a million; the highest bar keeps some air.
            let high = (count * (HEIGHT - 4) / most).max(2).min(top);
            top -= high;
            rect(class, index, top, high)
        })
        .collect()
}

fn rect(class: &'static str, index: usize, y: u64, height: u64) -> Html {
    html! {
        <rect {class} x={(index * PITCH).to_string()} y={y.to_string()} width={BAR.to_string()} height={height.to_string()} />
    }
}

impl Language {
    /// A share from 0 to 1 as a percentage: `93.7%`; near the whole with two digits, and `100%` and `0%` only for all and none.
    pub(crate) fn percent(self, share: f64) -> String {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 10,000, for it is clamped"
        )]
        let hundredths = (share * 10_000.0).clamp(0.0, 10_000.0).floor() as u64;
        match hundredths {
            0 if share <= 0.0 => "0%".to_owned(),
            10_000 => "100%".to_owned(),
            9_990.. => format!("{}{}%", self.tenths(hundredths / 10), hundredths % 10),
            _ => format!("{}%", self.tenths(hundredths / 10)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_is_the_whole_and_only_none_is_nothing() {
        for (share, english, dutch) in [
            (1.0, "100%", "100%"),
            (0.99999, "99.99%", "99,99%"),
            (0.99972, "99.97%", "99,97%"),
            (0.9379, "93.7%", "93,7%"),
            (0.0001, "0.0%", "0,0%"),
            (0.0, "0%", "0%"),
        ] {
            assert_eq!(Language::English.percent(share), english);
            assert_eq!(Language::Dutch.percent(share), dutch);
        }
    }
}
