//! Which webhooks the list shows, and in what order.

use std::{cmp::Reverse, collections::HashMap, rc::Rc};

use seinpost_protocol::rest::{Webhook, WebhookStats};

use super::type_name;
use crate::{
    app::{query_value, to_query},
    components::{WebhookState, webhook_state},
    i18n::Language,
};

/// The figures of the last 24 hours, by the ids of the webhooks.
pub(super) type Figures = HashMap<String, WebhookStats>;

/// The filter of the list, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// Words that stand in the URL, the id, or a type as it is called in either language.
    pub(super) q: String,
    /// The name of a [`WebhookState`].
    pub(super) status: String,
    /// The name of an event type.
    pub(super) event_type: String,
    /// The name of a [`Sort`].
    pub(super) sort: String,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Those that need someone first.
    Status,
    Url,
    /// Those of which least was accepted first; those without figures last.
    Success,
    /// The slowest first; those without figures last.
    Median,
    /// The newest delivery first; those that never had one last.
    LastDelivery,
}

impl Sort {
    pub(super) const ALL: [Self; 5] = [Self::Status, Self::Url, Self::Success, Self::Median, Self::LastDelivery];

    /// The name in the address.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Status => "",
            Self::Url => "url",
            Self::Success => "success",
            Self::Median => "median",
            Self::LastDelivery => "last",
        }
    }
}

impl Filter {
    /// As it stands in the query of the address.
    pub(super) fn from_query(query: &str) -> Self {
        let value = |name| query_value(query, name);
        Self { q: value("q"), status: value("status"), event_type: value("type"), sort: value("sort") }
    }

    /// For the query of the address, without its `?`.
    pub(super) fn to_query(&self) -> String {
        to_query(&[("q", &self.q), ("status", &self.status), ("type", &self.event_type), ("sort", &self.sort)])
    }

    pub(super) fn sort(&self) -> Sort {
        Sort::ALL.into_iter().find(|each| each.as_str() == self.sort).unwrap_or(Sort::Status)
    }

    /// Whether it leaves anything out.
    pub(super) fn is_narrow(&self) -> bool {
        !(self.q.trim().is_empty() && self.status.is_empty() && self.event_type.is_empty())
    }
}

/// The webhooks, made ready to be filtered as fast as one types: sorted, with what is searched in beside each.
pub(super) struct Listed {
    pub(super) webhooks: Rc<Vec<Webhook>>,
    pub(super) figures: Rc<Figures>,
    /// In the order of the list.
    rows: Vec<Ready>,
}

struct Ready {
    /// Which webhook it is.
    index: usize,
    state: WebhookState,
    /// URL, id and types in lower case, a line each: no word reaches over a line's end.
    text: String,
}

impl PartialEq for Listed {
    /// Whether it is the very same. Another one is made only of other data.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// What a filter lets through.
#[derive(Default)]
pub(super) struct Through {
    /// Which webhooks, in the order of the list.
    pub(super) rows: Vec<usize>,
    /// How many there would be of each state, the other filters as they are.
    pub(super) counts: HashMap<WebhookState, usize>,
}

impl Listed {
    pub(super) fn new(webhooks: Rc<Vec<Webhook>>, figures: Rc<Figures>, sort: Sort) -> Self {
        let mut rows: Vec<_> = webhooks.iter().enumerate().map(|(index, webhook)| Ready::new(index, webhook)).collect();
        let of = |row: &Ready| &webhooks[row.index];
        let figures_of = |row: &Ready| figures.get(&of(row).id);
        match sort {
            Sort::Status => {
                rows.sort_by(|a, b| a.state.cmp(&b.state).then_with(|| of(a).url.cmp(&of(b).url)));
            }
            Sort::Url => rows.sort_by(|a, b| of(a).url.cmp(&of(b).url)),
            Sort::Success => rows.sort_by_cached_key(|row| {
                // Shares are compared as parts of the whole, for they are no total order themselves.
                let of = figures_of(row).map(|stats| stats.total.deliveries).filter(|of| of.total() > 0);
                of.map_or(u64::MAX, |of| {
                    u64::try_from(u128::from(of.accepted()) * 1_000_000 / u128::from(of.total())).unwrap_or(u64::MAX)
                })
            }),
            Sort::Median => {
                rows.sort_by_cached_key(|row| {
                    Reverse(figures_of(row).and_then(|stats| stats.total.response.median_ms))
                });
            }
            Sort::LastDelivery => {
                rows.sort_by_key(|row| Reverse(of(row).last_delivery.as_ref().map(|last| last.created)));
            }
        }
        Self { webhooks, figures, rows }
    }

    pub(super) fn through(&self, filter: &Filter) -> Through {
        let q = filter.q.to_lowercase();
        let words: Vec<&str> = q.split_whitespace().collect();
        let mut through = Through { rows: Vec::new(), counts: HashMap::new() };
        for row in &self.rows {
            let of_type =
                || self.webhooks[row.index].types.as_slice().iter().any(|each| each.as_str() == filter.event_type);
            if !(filter.event_type.is_empty() || of_type()) || !words.iter().all(|word| row.text.contains(word)) {
                continue;
            }
            *through.counts.entry(row.state).or_default() += 1;
            if filter.status.is_empty() || row.state.as_str() == filter.status {
                through.rows.push(row.index);
            }
        }
        through
    }
}

impl Ready {
    fn new(index: usize, webhook: &Webhook) -> Self {
        let mut text = format!("{}\n{}", webhook.url, webhook.id).to_lowercase();
        for each in webhook.types.as_slice() {
            text.push('\n');
            text.push_str(each.as_str());
            // As people call it, in either language: what one reads here is found.
            for language in [Language::English, Language::Dutch] {
                text.push('\n');
                text.push_str(&type_name(language, *each).to_lowercase());
            }
        }
        Self { index, state: webhook_state(webhook), text }
    }
}

/// Something shared, which is the same as another only where it is that very thing: what is long is not compared.
#[derive(Clone)]
pub(super) struct ByPlace<T>(pub(super) Rc<T>);

impl<T> PartialEq for ByPlace<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::rest::{Figures as Of, Outcomes, ResponseTimes, Waiting};

    use super::*;

    fn webhooks() -> Vec<Webhook> {
        [
            ("wh_a", r#""bounce""#, "https://b.example/in", "active", r#""last_delivery":null"#),
            ("wh_b", r#"["click","open"]"#, "https://a.example/hook", "unverified", r#""last_delivery":null"#),
            (
                "wh_c",
                r#""open""#,
                "https://c.example/",
                "active",
                r#""last_delivery":{"id":"dlv_1","status":"failed","test":false,"created":"2025-11-25T13:05:12Z","response_status":500},
                "failing":{"since":"2025-11-25T13:05:12Z","delivery":"dlv_1","response_status":500,"error":null,"refused":null,
                "next_attempt":null}"#,
            ),
        ]
        .into_iter()
        .map(|(id, types, url, status, last)| {
            serde_json::from_str(&format!(
                r#"{{"id":"{id}","type":{types},"url":"{url}","profile":"cavage","format":"json","digest_name":"sha-256",
                "status":"{status}","created":"2025-11-25T13:05:12Z",{last},
                "verification":{{"file":"f","content":"c","locations":[]}}}}"#
            ))
            .unwrap()
        })
        .collect()
    }

    fn figures() -> Figures {
        let of = |at_once, refused, median_ms| Of {
            deliveries: Outcomes { at_once, refused, ..Outcomes::default() },
            success: None,
            response: ResponseTimes { answers: 1, median_ms, p95_ms: median_ms },
        };
        [("wh_a", of(99, 1, Some(40))), ("wh_b", of(9, 1, Some(900)))]
            .into_iter()
            .map(|(id, total)| {
                let stats = WebhookStats { webhook: id.into(), total, waiting: Waiting::default(), points: Vec::new() };
                (id.to_owned(), stats)
            })
            .collect()
    }

    fn ids(filter: &Filter) -> Vec<String> {
        let listed = Listed::new(Rc::new(webhooks()), Rc::new(figures()), filter.sort());
        listed.through(filter).rows.into_iter().map(|index| listed.webhooks[index].id.clone()).collect()
    }

    #[test]
    fn those_that_need_someone_come_first() {
        assert_eq!(ids(&Filter::default()), ["wh_c", "wh_b", "wh_a"]);
        assert_eq!(ids(&Filter { sort: "url".into(), ..Filter::default() }), ["wh_b", "wh_a", "wh_c"]);
        assert_eq!(ids(&Filter { sort: "success".into(), ..Filter::default() }), ["wh_b", "wh_a", "wh_c"]);
        assert_eq!(ids(&Filter { sort: "median".into(), ..Filter::default() }), ["wh_b", "wh_a", "wh_c"]);
        assert_eq!(ids(&Filter { sort: "last".into(), ..Filter::default() })[0], "wh_c");
    }

    #[test]
    fn words_types_and_states_narrow() {
        for (filter, expected) in [
            (Filter { q: "EXAMPLE hook".into(), ..Filter::default() }, vec!["wh_b"]),
            (Filter { q: "click".into(), ..Filter::default() }, vec!["wh_b"]),
            (Filter { q: "klik".into(), ..Filter::default() }, vec!["wh_b"]),
            (Filter { q: "wh_a".into(), ..Filter::default() }, vec!["wh_a"]),
            (Filter { event_type: "open".into(), ..Filter::default() }, vec!["wh_c", "wh_b"]),
            (Filter { status: "failing".into(), ..Filter::default() }, vec!["wh_c"]),
            (Filter { q: "nothing".into(), ..Filter::default() }, vec![]),
        ] {
            assert!(filter.is_narrow());
            assert_eq!(ids(&filter), expected, "{filter:?}");
        }
        let opens = Filter { event_type: "open".into(), status: "active".into(), ..Filter::default() };
        let counts = Listed::new(Rc::new(webhooks()), Rc::default(), Sort::Url).through(&opens).counts;
        assert_eq!(counts.values().sum::<usize>(), 2);
        assert_eq!(counts.get(&WebhookState::Failing), Some(&1));
        assert_eq!(counts.get(&WebhookState::Active), None);
    }
}
