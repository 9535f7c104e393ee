//! Who may make which call: the one table of it.

use seinpost_protocol::rest::Scope;

/// What a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: it is for everybody.
    Nothing,
    /// A token or a session, whatever it may do.
    Anyone,
    /// A token or a session that may do this.
    Scope(Scope),
}

use Needs::{Anyone, Nothing};

const EVENTS_WRITE: Needs = Needs::Scope(Scope::EventsWrite);
const WEBHOOKS_READ: Needs = Needs::Scope(Scope::WebhooksRead);
const WEBHOOKS_WRITE: Needs = Needs::Scope(Scope::WebhooksWrite);
const DELIVERIES_READ: Needs = Needs::Scope(Scope::DeliveriesRead);
const ADMIN: Needs = Needs::Scope(Scope::Admin);

/// Every call: a route that is not here answers nobody, and a test names it.
pub(super) const TABLE: &[(&str, &str, Needs)] = &[
    ("GET", "/health/live", Nothing),
    ("GET", "/health/ready", Nothing),
    ("GET", "/metrics", Nothing),
    ("GET", "/openapi.json", Nothing),
    ("GET", "/docs", Nothing),
    ("GET", "/v1/settings", Nothing),
    ("GET", "/v1/keys/{keyid}", Nothing),
    ("POST", "/v1/session", Nothing),
    ("GET", "/v1/session", Anyone),
    ("DELETE", "/v1/session", Anyone),
    ("GET", "/v1/environment", Anyone),
    ("PATCH", "/v1/environment", ADMIN),
    ("GET", "/v1/tokens", ADMIN),
    ("POST", "/v1/tokens", ADMIN),
    ("DELETE", "/v1/tokens/{id}", ADMIN),
    ("GET", "/v1/audit", ADMIN),
    ("POST", "/v1/signin-links", ADMIN),
    ("GET", "/v1/keys", WEBHOOKS_READ),
    ("POST", "/v1/keys/check", WEBHOOKS_READ),
    ("POST", "/v1/keys/rotate", ADMIN),
    ("GET", "/v1/webhooks", WEBHOOKS_READ),
    ("GET", "/v1/feedbackloops", WEBHOOKS_READ),
    ("POST", "/v1/webhook", WEBHOOKS_WRITE),
    ("POST", "/v1/feedbackloop", WEBHOOKS_WRITE),
    ("POST", "/v1/webhooks/check", WEBHOOKS_WRITE),
    ("POST", "/v1/webhooks/preview", WEBHOOKS_WRITE),
    ("GET", "/v1/webhooks/counts", WEBHOOKS_READ),
    ("GET", "/v1/webhooks/{id}", WEBHOOKS_READ),
    ("PATCH", "/v1/webhooks/{id}", WEBHOOKS_WRITE),
    ("DELETE", "/v1/webhooks/{id}", WEBHOOKS_WRITE),
    ("POST", "/v1/webhooks/{id}/verify", WEBHOOKS_WRITE),
    ("POST", "/v1/webhooks/{id}/rotate-secret", WEBHOOKS_WRITE),
    ("POST", "/v1/webhooks/{id}/test", WEBHOOKS_WRITE),
    ("POST", "/v1/webhooks/{id}/check-receiver", WEBHOOKS_WRITE),
    ("GET", "/v1/webhooks/{id}/verification-file", WEBHOOKS_READ),
    ("GET", "/v1/webhooks/{id}/client-certificate", WEBHOOKS_READ),
    ("PUT", "/v1/webhooks/{id}/client-certificate", WEBHOOKS_WRITE),
    ("DELETE", "/v1/webhooks/{id}/client-certificate", WEBHOOKS_WRITE),
    ("GET", "/v1/webhooks/{id}/history", WEBHOOKS_READ),
    ("GET", "/v1/webhooks/{id}/replays", DELIVERIES_READ),
    ("POST", "/v1/webhooks/{id}/replays", WEBHOOKS_WRITE),
    ("DELETE", "/v1/webhooks/{id}/replays/{replay}", WEBHOOKS_WRITE),
    ("POST", "/v1/webhooks/{id}/send-waiting", WEBHOOKS_WRITE),
    ("GET", "/v1/webhooks/{id}/deliveries", DELIVERIES_READ),
    ("GET", "/v1/deliveries", DELIVERIES_READ),
    ("GET", "/v1/deliveries/{id}", DELIVERIES_READ),
    ("POST", "/v1/deliveries/{id}/replay", WEBHOOKS_WRITE),
    ("POST", "/v1/events", EVENTS_WRITE),
    ("GET", "/v1/events", DELIVERIES_READ),
    ("GET", "/v1/events/{id}", DELIVERIES_READ),
    ("GET", "/v1/events/{id}/diagnosis", DELIVERIES_READ),
    ("GET", "/v1/events/messageid/{id}", DELIVERIES_READ),
    ("GET", "/v1/events/email/{address}", DELIVERIES_READ),
    ("GET", "/v1/events/tags/{tags}", DELIVERIES_READ),
    ("GET", "/v1/logfiles", DELIVERIES_READ),
    ("GET", "/v1/logfiles/{name}", DELIVERIES_READ),
    ("GET", "/v1/logfiles/{name}/{form}", DELIVERIES_READ),
    ("GET", "/v1/stream", DELIVERIES_READ),
    ("GET", "/v1/stats", DELIVERIES_READ),
    ("GET", "/v1/stats/webhooks", DELIVERIES_READ),
    ("GET", "/v1/stats/all-time", DELIVERIES_READ),
    ("GET", "/v1/stats/events", DELIVERIES_READ),
];

/// What a call needs; `path` is that of the route, with the names of its parameters.
pub(super) fn needed(method: &str, path: &str) -> Option<Needs> {
    // Whoever may read may ask whether there is something to read.
    let method = if method == "HEAD" { "GET" } else { method };
    TABLE.iter().find(|(each, place, _)| *each == method && *place == path).map(|(_, _, needs)| *needs)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn the_table_and_the_description_hold_the_same_calls() {
        let document = crate::api::document();
        let paths = document["paths"].as_object().unwrap();
        let described: BTreeSet<_> = paths
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
                methods.map(move |method| (method.to_uppercase(), path.clone()))
            })
            .collect();
        let table: BTreeSet<_> =
            TABLE.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
        assert_eq!(TABLE.len(), table.len(), "a call is in the table twice");
        let missing: Vec<_> = described.difference(&table).collect();
        assert!(missing.is_empty(), "say in api/scopes.rs what these need: {missing:?}");
        let gone: Vec<_> = table.difference(&described).collect();
        assert!(gone.is_empty(), "there are no such calls any more: {gone:?}");
    }

    #[test]
    fn the_description_says_what_a_call_needs() {
        let document = crate::api::document();
        for (method, path, needs) in TABLE {
            let operation = &document["paths"][path][method.to_lowercase()];
            let security = &operation["security"];
            match needs {
                Nothing => assert!(security.as_array().unwrap().contains(&json!({})), "{method} {path}"),
                Anyone => assert!(!security.to_string().contains(':'), "{method} {path}: {security}"),
                Needs::Scope(scope) => {
                    assert_eq!(security[0]["token"], json!([scope.as_str()]), "{method} {path}");
                }
            }
        }
    }
}
