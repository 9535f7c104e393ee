//! Moments and durations as people say them.

use super::{Language, Text, texts::moment as texts};

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The months, January first.
static MONTHS: [&Text; 12] = [
    &texts::JANUARY,
    &texts::FEBRUARY,
    &texts::MARCH,
    &texts::APRIL,
    &texts::MAY,
    &texts::JUNE,
    &texts::JULY,
    &texts::AUGUST,
    &texts::SEPTEMBER,
    &texts::OCTOBER,
    &texts::NOVEMBER,
    &texts::DECEMBER,
];

/// A moment taken apart in the reader's own time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    pub(crate) year: u32,
    /// From 1.
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    pub(crate) second: u32,
    pub(crate) millisecond: u32,
}

impl Local {
    /// Takes a moment, in milliseconds since the Unix epoch, apart in the browser's time zone.
    pub(crate) fn of(millis: i64) -> Self {
        // Every moment that the API can write is exact in a double.
        #[expect(clippy::cast_precision_loss, reason = "RFC 3339 ends with the year 9999, well below 2^53 ms")]
        let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(millis as f64));
        Self {
            year: date.get_full_year(),
            month: date.get_month() + 1,
            day: date.get_date(),
            hour: date.get_hours(),
            minute: date.get_minutes(),
            second: date.get_seconds(),
            millisecond: date.get_milliseconds(),
        }
    }

    /// `14:06:11`.
    pub(crate) fn clock(self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }

    /// `2025-11-25T14:06`, as an input of a date and a time has it.
    pub(crate) fn input(self) -> String {
        let Self { year, month, day, hour, minute, .. } = self;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
    }

    /// `25 Nov`, in Dutch `25 nov`; with the year where it is not `this_year`.
    pub(crate) fn date(self, language: Language, this_year: u32) -> String {
        let month = self
            .month
            .checked_sub(1)
            .and_then(|index| MONTHS.get(index as usize))
            .map_or("", |month| language.say(month));
        if self.year == this_year {
            format!("{} {month}", self.day)
        } else {
            format!("{} {month} {}", self.day, self.year)
        }
    }
}

impl Language {
    /// How long ago `then` was, seen from `now` (both in milliseconds): `just now`, `12 s ago`, `7 days ago`; or, where
    /// it is still to come, `in 4 min`.
    pub(crate) fn relative(self, now: i64, then: i64) -> String {
        let apart = now.abs_diff(then);
        let (past, future): (&Text, &Text) = (&texts::AGO, &texts::AHEAD);
        if apart < 2 * SECOND {
            return self.say(&texts::JUST_NOW).to_owned();
        }
        let span = self.span(apart);
        if then > now { self.fill_own(future, &span) } else { self.fill_own(past, &span) }
    }

    /// A length of time in its largest unit: `12 s`, `4 min`, `3 h`, `7 days`.
    pub(crate) fn span(self, millis: u64) -> String {
        let (count, text) = match millis {
            0..MINUTE => (millis / SECOND, &texts::SECONDS),
            MINUTE..HOUR => (millis / MINUTE, &texts::MINUTES),
            HOUR..DAY => (millis / HOUR, &texts::HOURS),
            _ => (millis / DAY, &texts::DAYS),
        };
        self.fill(text, &[("n", &self.number(count))])
    }

    /// What a countdown says at its end.
    pub(crate) fn at_once(self) -> &'static str {
        self.say(&texts::AT_ONCE)
    }

    /// A countdown: like [`Language::span`], with the next smaller unit beside it: `4 min 23 s`.
    pub(crate) fn countdown(self, millis: u64) -> String {
        let rest = match millis {
            0..MINUTE => return self.span(millis),
            MINUTE..HOUR => millis % MINUTE,
            HOUR..DAY => millis % HOUR,
            _ => millis % DAY,
        };
        let smallest = if millis < HOUR { SECOND } else { MINUTE };
        if rest < smallest {
            return self.span(millis);
        }
        format!("{} {}", self.span(millis), self.span(rest))
    }

    /// How long a call took: `38 ms`, from ten seconds on `12.3 s`.
    pub(crate) fn duration(self, millis: u64) -> String {
        if millis < 10_000 { format!("{} ms", self.number(millis)) } else { format!("{} s", self.tenths(millis / 100)) }
    }

    fn fill_own(self, text: &'static Text, span: &str) -> String {
        self.fill(text, &[("span", span)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago() {
        let now = 1_764_075_912_000;
        for (before, english, dutch) in [
            (0, "just now", "zojuist"),
            (12_000, "12 s ago", "12 s geleden"),
            (125_000, "2 min ago", "2 min geleden"),
            (3 * 3_600_000, "3 h ago", "3 uur geleden"),
            (86_400_000, "1 day ago", "1 dag geleden"),
            (7 * 86_400_000, "7 days ago", "7 dagen geleden"),
        ] {
            assert_eq!(Language::English.relative(now, now - before), english);
            assert_eq!(Language::Dutch.relative(now, now - before), dutch);
        }
        assert_eq!(Language::English.relative(now, now + 263_000), "in 4 min");
        assert_eq!(Language::Dutch.relative(now, now + 263_000), "over 4 min");
        assert_eq!(Language::Dutch.relative(now, now + 500), "zojuist");
    }

    #[test]
    fn countdowns_name_two_units() {
        assert_eq!(Language::English.countdown(263_000), "4 min 23 s");
        assert_eq!(Language::English.countdown(240_000), "4 min");
        assert_eq!(Language::English.countdown(5_000), "5 s");
        assert_eq!(Language::Dutch.countdown(26 * 3_600_000), "1 dag 2 uur");
    }

    #[test]
    fn durations_keep_their_digits() {
        assert_eq!(Language::English.duration(38), "38 ms");
        assert_eq!(Language::English.duration(9_999), "9,999 ms");
        assert_eq!(Language::Dutch.duration(12_345), "12,3 s");
    }

    #[test]
    fn dates_have_a_year_only_where_it_helps() {
        let at = Local { year: 2025, month: 11, day: 25, hour: 14, minute: 6, second: 9, millisecond: 13 };
        assert_eq!(at.date(Language::English, 2025), "25 Nov");
        assert_eq!(at.date(Language::Dutch, 2026), "25 nov 2025");
        assert_eq!(at.clock(), "14:06:09");
        assert_eq!(at.input(), "2025-11-25T14:06");
    }
}
