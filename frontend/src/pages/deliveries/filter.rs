//! Which deliveries the log shows, as it stands in the address.

use seinpost_protocol::rest::{Delivery, Timestamp};

use crate::{
    app::{query_value, to_query},
    i18n::{
        Text,
        texts::{common, deliveries as texts, status as states},
    },
};

/// The filter of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// One of [`OUTCOMES`].
    pub(super) outcome: String,
    /// `wh_…`.
    pub(super) webhook: String,
    /// One of [`TIMES`], or [`RANGE`].
    pub(super) time: String,
    /// For [`RANGE`]: from when on, and until when, as RFC 3339 has them; empty for no bound.
    pub(super) from: String,
    pub(super) until: String,
    /// What was typed: a message id, a recipient, or an id of a delivery.
    pub(super) q: String,
    /// A status code, or the beginning of one: `5`, `404`.
    pub(super) answer: String,
    /// [`HIDDEN`], or empty.
    pub(super) tests: String,
}

/// Tests are left out.
pub(super) const HIDDEN: &str = "hidden";

/// The outcomes to choose from, and the status by which the API knows them.
pub(super) const OUTCOMES: [(&str, &str, &Text); 6] = [
    ("", "", &common::ALL),
    ("delivered", "delivered", &states::DELIVERED),
    ("pending", "pending", &states::WAITING),
    ("refused", "", &states::REFUSED),
    ("unanswered", "", &states::NO_ANSWER),
    ("failed", "failed", &texts::FAILED),
];

/// The times to choose from: their names, how far back they reach in minutes, and their words.
pub(super) const TIMES: [(&str, i64, &Text); 5] = [
    ("", 0, &texts::ANY_TIME),
    ("15m", 15, &texts::LAST_15_MIN),
    ("1h", 60, &texts::LAST_HOUR),
    ("24h", 24 * 60, &texts::LAST_DAY),
    ("7d", 7 * 24 * 60, &texts::LAST_WEEK),
];

/// The choice of a time of one's own: from one moment until another.
pub(super) const RANGE: &str = "range";

impl Filter {
    /// As it stands in the query of the address.
    pub(super) fn from_query(query: &str) -> Self {
        let value = |name| query_value(query, name);
        Self {
            outcome: value("outcome"),
            webhook: value("webhook"),
            time: value("time"),
            from: value("from"),
            until: value("until"),
            q: value("q"),
            answer: value("answer"),
            tests: value("tests"),
        }
    }

    /// For the query of the address, without its `?`.
    pub(super) fn to_query(&self) -> String {
        to_query(&[
            ("q", &self.q),
            ("outcome", &self.outcome),
            ("webhook", &self.webhook),
            ("time", &self.time),
            ("from", &self.from),
            ("until", &self.until),
            ("answer", &self.answer),
            ("tests", &self.tests),
        ])
    }

    /// Whether it leaves anything out.
    pub(super) fn is_narrow(&self) -> bool {
        *self != Self::default()
    }

    /// Whether it differs from another at most in what is typed.
    pub(super) fn is_chosen_like(&self, other: &Self) -> bool {
        let chosen = |filter: &Self| Self { q: String::new(), answer: String::new(), ..filter.clone() };
        chosen(self) == chosen(other)
    }

    /// The status that the API is asked for.
    pub(super) fn status(&self) -> &'static str {
        OUTCOMES.iter().find(|(name, ..)| *name == self.outcome).map_or("", |(_, status, _)| status)
    }

    /// What the API is asked of tests.
    pub(super) fn test(&self) -> &'static str {
        if self.hides_tests() { "false" } else { "" }
    }

    pub(super) fn hides_tests(&self) -> bool {
        self.tests == HIDDEN
    }

    /// From when on, seen from `now` in milliseconds.
    pub(super) fn from(&self, now: i64) -> Option<Timestamp> {
        if self.time == RANGE {
            return self.from.parse().ok();
        }
        let (_, minutes, _) = TIMES.iter().find(|(name, ..)| *name == self.time)?;
        (*minutes > 0).then(|| Timestamp::from_millis(now - minutes * 60_000))
    }

    /// Until when, this moment left out.
    pub(super) fn until(&self) -> Option<Timestamp> {
        (self.time == RANGE).then(|| self.until.parse().ok()).flatten()
    }

    /// Whether a delivery is one of those that the API cannot be asked for: by how the newest attempt was answered.
    pub(super) fn lets_through(&self, delivery: &Delivery) -> bool {
        let newest = delivery.attempts.last();
        let status = newest.and_then(|attempt| attempt.response.as_ref()).map(|response| response.status.to_string());
        let of_outcome = match self.outcome.as_str() {
            "refused" => newest.is_some_and(|attempt| attempt.response.is_some() && !attempt.accepted()),
            "unanswered" => newest.is_some_and(|attempt| attempt.response.is_none()),
            _ => true,
        };
        let answer = self.answer.trim();
        of_outcome && (answer.is_empty() || status.is_some_and(|status| status.starts_with(answer)))
    }

    /// Whether every page is looked through here, beyond what the API is asked for.
    pub(super) fn sifts(&self) -> bool {
        !self.answer.trim().is_empty() || matches!(self.outcome.as_str(), "refused" | "unanswered")
    }
}

/// What was typed into the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    Nothing,
    /// `dlv_…`: it can be opened.
    Delivery(String),
    /// Something of an event: the variables of which one may be this, as the API names them, the likeliest first.
    OfEvent(Vec<(&'static str, String)>),
}

impl Sought {
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Nothing;
        }
        if text.starts_with("dlv_") {
            return Self::Delivery(text.to_owned());
        }
        let ways = match text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            // As it stands in the header of a mail; whoever handed the event in may have left the brackets out.
            Some(bare) => vec![("message", text), ("message", bare)],
            // An address, or an id that looks like one.
            None if text.contains('@') => vec![("recipient", text), ("message", text)],
            None => vec![("message", text)],
        };
        Self::OfEvent(ways.into_iter().map(|(name, value)| (name, value.to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(attempts: &str) -> Delivery {
        serde_json::from_str(&format!(
            r#"{{"id":"dlv_1","event":"evt_1","type":"bounce","webhook":"wh_1","status":"pending","test":false,
            "attempts":[{attempts}],"next_attempt":null,"created":"2025-11-25T13:05:12Z"}}"#
        ))
        .unwrap()
    }

    #[test]
    fn a_filter_stands_in_the_address() {
        let filter = Filter {
            outcome: "refused".into(),
            webhook: "wh_1".into(),
            time: "1h".into(),
            from: "2025-11-25T13:00:00Z".into(),
            until: String::new(),
            q: "a@b c".into(),
            answer: "5".into(),
            tests: HIDDEN.into(),
        };
        assert_eq!(Filter::from_query(&format!("?{}", filter.to_query())), filter);
        assert!(filter.is_narrow() && filter.sifts());
        assert_eq!((filter.test(), Filter::default().test()), ("false", ""));
        assert_eq!(filter.from(3_600_000), Some(Timestamp::from_millis(0)));
        assert_eq!(filter.until(), None);
        let range = Filter { time: RANGE.into(), until: "2025-11-25T14:00:00Z".into(), ..filter.clone() };
        assert_eq!(range.from(0).map(|from| from.to_string()).as_deref(), Some("2025-11-25T13:00:00.000Z"));
        assert_eq!(range.until().map(|until| until.to_string()).as_deref(), Some("2025-11-25T14:00:00.000Z"));
        assert_eq!(Filter::default().from(0), None);
        assert_eq!(Filter { outcome: "pending".into(), ..Filter::default() }.status(), "pending");
    }

    #[test]
    fn answers_are_sifted() {
        let attempt = |outcome: &str| {
            format!(
                r#"{{"n":1,"started":"2025-11-25T13:05:12Z","duration_ms":3,
                "request":{{"method":"POST","url":"https://a.example/","headers":[],"body":null}},{outcome}}}"#
            )
        };
        let refused = delivery(&attempt(r#""response":{"status":503,"headers":[],"body":null},"error":null"#));
        let silent = delivery(&attempt(r#""response":null,"error":{"kind":"timeout","detail":"late"}"#));
        let fresh = delivery("");
        for (outcome, answer, expected) in [
            ("", "", [true, true, true]),
            ("refused", "", [true, false, false]),
            ("unanswered", "", [false, true, false]),
            ("", "5", [true, false, false]),
            ("", "503", [true, false, false]),
            ("", "4", [false, false, false]),
        ] {
            let filter = Filter { outcome: outcome.into(), answer: answer.into(), ..Filter::default() };
            assert_eq!(
                [&refused, &silent, &fresh].map(|each| filter.lets_through(each)),
                expected,
                "{outcome} {answer}"
            );
        }
    }

    #[test]
    fn what_is_sought_is_known_by_its_form() {
        assert_eq!(Sought::of("  "), Sought::Nothing);
        assert_eq!(Sought::of(" dlv_0A "), Sought::Delivery("dlv_0A".into()));
        for (text, ways) in [
            ("msg-1", &[("message", "msg-1")][..]),
            ("a@b.example", &[("recipient", "a@b.example"), ("message", "a@b.example")]),
            (" <1@b.example> ", &[("message", "<1@b.example>"), ("message", "1@b.example")]),
        ] {
            let ways = ways.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            assert_eq!(Sought::of(text), Sought::OfEvent(ways));
        }
    }
}
