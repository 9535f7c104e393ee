//! The table that a run ends with.

use std::fmt::Write as _;

use serde::Serialize;

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
    /// Only for comparison.
    Nothing,
}

/// A figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub case: String,
    /// What it should be.
    pub wanted: Wanted,
    /// What it is: the median of its rounds.
    pub measured: f64,
    /// In which unit, or to what it is a ratio.
    pub unit: &'static str,
    /// The figures behind it.
    pub detail: String,
}

impl Row {
    /// A figure, to be described further by [`wanted`](Self::wanted) and [`detail`](Self::detail).
    pub fn new(case: impl Into<String>, measured: f64, unit: &'static str) -> Self {
        Self { case: case.into(), wanted: Wanted::Nothing, measured, unit, detail: String::new() }
    }

    /// What it should be.
    #[must_use]
    pub fn wanted(mut self, wanted: Wanted) -> Self {
        self.wanted = wanted;
        self
    }

    /// The figures behind it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Whether it is what it should be.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self.wanted {
            Wanted::AtLeast(least) => self.measured >= least,
            Wanted::AtMost(most) => self.measured <= most,
            Wanted::Nothing => true,
        }
    }
}

/// The rows as a table in Markdown.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from("| case | wanted | measured | | behind it |\n|---|---|---|---|---|\n");
    for row in rows {
        let wanted = match row.wanted {
            Wanted::AtLeast(least) => format!("≥ {} {}", short(least), row.unit),
            Wanted::AtMost(most) => format!("≤ {} {}", short(most), row.unit),
            Wanted::Nothing => String::new(),
        };
        let verdict = match row.wanted {
            Wanted::Nothing => "",
            _ if row.holds() => "✓",
            _ => "✗",
        };
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "| {} | {wanted} | {} {} | {verdict} | {} |",
            row.case,
            short(row.measured),
            row.unit,
            row.detail
        );
    }
    text
}

/// A number with as many digits as mean something.
#[must_use]
pub fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_it_holds() {
        let row = Row::new("a", 0.2, "L").wanted(Wanted::AtLeast(0.2)).detail("d");
        assert_eq!(table(std::slice::from_ref(&row)).lines().last(), Some("| a | ≥ 0.20 L | 0.20 L | ✓ | d |"));
        assert!(!Row::new("a", 6.1, "×").wanted(Wanted::AtMost(6.0)).holds());
    }
}
