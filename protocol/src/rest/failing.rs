//! What is wrong with webhooks that fail, and how many do.

use serde::{Deserialize, Serialize};

use super::{AttemptError, Timestamp};

/// A webhook that is active and has had nothing but failures: since when, why, and what is next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failing {
    /// When the first of the attempts began of which none was accepted.
    pub since: Timestamp,
    /// The delivery (`dlv_…`) whose newest attempt this tells of; `null` where none of them is kept any more.
    pub delivery: Option<String>,
    /// The status code that it was refused with; `null` where there was no answer.
    pub response_status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<AttemptError>,
    /// What the receiver says it was refused for, where it says that as the adapters of `seinpost-verify` do.
    pub refused: Option<RefusedCheck>,
    /// When that delivery is tried again.
    pub next_attempt: Option<Timestamp>,
}

/// The check that a receiver says a call did not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedCheck {
    /// Which: `date`, `host`, `digest`, `signature` and so on.
    pub check: String,
    /// For `date`: how many seconds the call was ahead of the receiver's clock.
    pub skew: Option<i64>,
    /// For `host`: the name that arrived.
    pub host: Option<String>,
}

/// The longest name of a check that is taken for one, …
const LONGEST_CHECK: usize = 32;
/// … and the longest name of a host (RFC 1035 and a port).
const LONGEST_HOST: usize = 262;

impl RefusedCheck {
    /// What the body of a refusal names; `None` where it names nothing, or is something else altogether.
    #[must_use]
    pub fn read(body: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Said {
            #[serde(alias = "failed")]
            check: String,
            skew: Option<serde_json::Number>,
            host: Option<serde_json::Value>,
        }
        let said: Said = serde_json::from_str(body).ok()?;
        let host = said.host.as_ref().and_then(serde_json::Value::as_str);
        (said.check.len() <= LONGEST_CHECK).then(|| Self {
            check: said.check,
            skew: said.skew.and_then(|skew| skew.as_i64()),
            host: host.filter(|host| !host.is_empty() && host.len() <= LONGEST_HOST).map(str::to_owned),
        })
    }
}

/// How many webhooks there are, by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookCounts {
    /// Active ones; those that fail are among them.
    pub active: u64,
    /// Active ones that have had nothing but failures since some time.
    pub failing: u64,
    /// Those whose URL is not proven.
    pub unverified: u64,
    /// Paused ones.
    pub paused: u64,
    /// Those that the server stopped.
    pub disabled: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_refusal_names_is_read_and_nothing_else() {
        let read = |body: &str| RefusedCheck::read(body).map(|found| (found.check, found.skew, found.host));
        let named = |check: &str, skew, host: Option<&str>| Some((check.to_owned(), skew, host.map(str::to_owned)));
        for (body, expected) in [
            (r#"{"type":"urn:x","check":"date","skew":-312}"#, named("date", Some(-312), None)),
            (r#"{"failed":"date","skew":1312}"#, named("date", Some(1312), None)),
            (r#"{"check":"date","skew":1.5}"#, named("date", None, None)),
            (r#"{"check":"host","host":"app:3000"}"#, named("host", None, Some("app:3000"))),
            (r#"{"check":"host","host":7}"#, named("host", None, None)),
            (r#"{"check":"host","host":""}"#, named("host", None, None)),
            (r#"{"check":"<b>"}"#, named("<b>", None, None)),
        ] {
            assert_eq!(read(body), expected, "{body}");
        }
        for body in ["", "no", "[]", "{}", r#"{"check":7}"#, r#"{"check":"date","skew":"x"}"#] {
            assert_eq!(read(body), None, "{body}");
        }
        let long = |field: &str, length: usize| format!(r#"{{"check":"host","{field}":"{}"}}"#, "x".repeat(length));
        assert_eq!(read(&long("host", LONGEST_HOST + 1)), named("host", None, None));
        assert_eq!(read(&format!(r#"{{"check":"{}"}}"#, "x".repeat(LONGEST_CHECK + 1))), None);
    }
}
