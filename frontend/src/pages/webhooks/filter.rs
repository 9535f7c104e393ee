//! Which webhooks the list shows, and in what order.

use std::cmp::Reverse;

use seinpost_protocol::rest::Webhook;

use crate::{
    app::{query_value, to_query},
    components::{WebhookState, webhook_state},
};

/// The filter of the list, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// Words that stand in the URL, a type or the id.
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
    /// The newest delivery first; those that never had one last.
    LastDelivery,
}

impl Sort {
    pub(super) const ALL: [Self; 3] = [Self::Status, Self::Url, Self::LastDelivery];

    /// The name in the address.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Status => "",
            Self::Url => "url",
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

    /// Whether the words and the type let a webhook through, its state aside.
    fn matches_words(&self, webhook: &Webhook) -> bool {
        let types = webhook.types.as_slice();
        let of_type = self.event_type.is_empty() || types.iter().any(|each| each.as_str() == self.event_type);
        let url = webhook.url.to_lowercase();
        of_type
            && self.q.to_lowercase().split_whitespace().all(|word| {
                url.contains(word)
                    || webhook.id.to_lowercase().contains(word)
                    || types.iter().any(|each| each.as_str().contains(word))
            })
    }

    /// The webhooks that it lets through, in its order.
    pub(super) fn apply<'a>(&self, webhooks: &'a [Webhook]) -> Vec<&'a Webhook> {
        let mut shown: Vec<_> = webhooks
            .iter()
            .filter(|webhook| self.matches_words(webhook))
            .filter(|webhook| self.status.is_empty() || webhook_state(webhook).as_str() == self.status)
            .collect();
        match self.sort() {
            Sort::Status => shown.sort_by_cached_key(|webhook| (webhook_state(webhook), webhook.url.clone())),
            Sort::Url => shown.sort_by(|a, b| a.url.cmp(&b.url)),
            Sort::LastDelivery => {
                shown.sort_by_key(|webhook| Reverse(webhook.last_delivery.as_ref().map(|last| last.created)));
            }
        }
        shown
    }

    /// How many there would be of a state, the other filters as they are.
    pub(super) fn count(&self, webhooks: &[Webhook], state: Option<WebhookState>) -> usize {
        webhooks
            .iter()
            .filter(|webhook| self.matches_words(webhook))
            .filter(|webhook| state.is_none_or(|state| webhook_state(webhook) == state))
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhooks() -> Vec<Webhook> {
        [
            ("wh_a", r#""bounce""#, "https://b.example/in", "active", "null"),
            ("wh_b", r#"["click","open"]"#, "https://a.example/hook", "unverified", "null"),
            (
                "wh_c",
                r#""open""#,
                "https://c.example/",
                "active",
                r#"{"id":"dlv_1","status":"failed","test":false,"created":"2025-11-25T13:05:12Z","response_status":500}"#,
            ),
        ]
        .into_iter()
        .map(|(id, types, url, status, last)| {
            serde_json::from_str(&format!(
                r#"{{"id":"{id}","type":{types},"url":"{url}","profile":"cavage","format":"json","digest_name":"sha-256",
                "status":"{status}","created":"2025-11-25T13:05:12Z","last_delivery":{last},
                "verification":{{"file":"f","content":"c","locations":[]}}}}"#
            ))
            .unwrap()
        })
        .collect()
    }

    fn ids(filter: &Filter) -> Vec<String> {
        let webhooks = webhooks();
        filter.apply(&webhooks).into_iter().map(|webhook| webhook.id.clone()).collect()
    }

    #[test]
    fn those_that_need_someone_come_first() {
        assert_eq!(ids(&Filter::default()), ["wh_c", "wh_b", "wh_a"]);
        assert_eq!(ids(&Filter { sort: "url".into(), ..Filter::default() }), ["wh_b", "wh_a", "wh_c"]);
        assert_eq!(ids(&Filter { sort: "last".into(), ..Filter::default() })[0], "wh_c");
    }

    #[test]
    fn words_types_and_states_narrow() {
        for (filter, expected) in [
            (Filter { q: "EXAMPLE hook".into(), ..Filter::default() }, vec!["wh_b"]),
            (Filter { q: "click".into(), ..Filter::default() }, vec!["wh_b"]),
            (Filter { q: "wh_a".into(), ..Filter::default() }, vec!["wh_a"]),
            (Filter { event_type: "open".into(), ..Filter::default() }, vec!["wh_c", "wh_b"]),
            (Filter { status: "failing".into(), ..Filter::default() }, vec!["wh_c"]),
            (Filter { q: "nothing".into(), ..Filter::default() }, vec![]),
        ] {
            assert!(filter.is_narrow());
            assert_eq!(ids(&filter), expected, "{filter:?}");
        }
        let webhooks = webhooks();
        let opens = Filter { event_type: "open".into(), status: "active".into(), ..Filter::default() };
        assert_eq!(opens.count(&webhooks, None), 2);
        assert_eq!(opens.count(&webhooks, Some(WebhookState::Failing)), 1);
        assert_eq!(opens.count(&webhooks, Some(WebhookState::Active)), 0);
    }
}
