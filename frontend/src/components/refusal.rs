//! What a refusal says of its cause: the package's adapters name the check that failed.

use seinpost_protocol::{
    message::parse_http_date,
    rest::{Attempt, RefusedCheck, ResponseRecord, Timestamp},
};

use crate::i18n::{Language, texts::refusal as texts};

/// A refusal, explained.
pub(crate) struct Refusal {
    /// The cause.
    pub(crate) title: String,
    /// Where the clocks differ: what the answer itself says of that.
    pub(crate) clocks: Option<String>,
    /// What to do.
    pub(crate) advice: &'static str,
}

/// Explains why an attempt was refused; `None` where the answer's body does not name a cause that is known.
pub(crate) fn explain_refusal(language: Language, attempt: &Attempt) -> Option<Refusal> {
    let response = attempt.response.as_ref()?;
    let refused = RefusedCheck::read(response.body.as_deref()?)?;
    let (title, advice) = explain_check(language, &refused)?;
    Some(Refusal { title, clocks: compare_clocks(language, &refused, response, attempt), advice })
}

/// Where the receiver's clock is said to be off: what the answer's own `Date` says of it, beside ours.
fn compare_clocks(
    language: Language,
    refused: &RefusedCheck,
    response: &ResponseRecord,
    attempt: &Attempt,
) -> Option<String> {
    if refused.check != "date" || refused.skew.unwrap_or(0) == 0 {
        return None;
    }
    let (_, date) = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
    let theirs = i64::try_from(parse_http_date(date.as_bytes())?).ok()?.checked_mul(1000)?;
    let ours = attempt.started.as_millis();
    // Whole seconds, and it may have been written at any time until the answer was there.
    let took = i64::try_from(attempt.duration_ms).unwrap_or(i64::MAX);
    if (ours.saturating_sub(SLACK)..=ours.saturating_add(took).saturating_add(SLACK)).contains(&theirs) {
        return Some(language.say(&texts::CLOCKS_AGREE).to_owned());
    }
    let (ours, theirs) = (attempt.started.to_string(), Timestamp::from_millis(theirs).to_string());
    let from = if ours.get(..10) == theirs.get(..10) { 11 } else { 0 };
    let shown = |at: &str| at.get(from..19).unwrap_or(at).replace('T', " ");
    Some(language.fill(&texts::CLOCKS_DIFFER, &[("ours", &shown(&ours)), ("theirs", &shown(&theirs))]))
}

/// By how much clocks that agree may differ, in milliseconds.
const SLACK: i64 = 2000;

/// The same for a check that a receiver has named.
pub(crate) fn explain_check(language: Language, refused: &RefusedCheck) -> Option<(String, &'static str)> {
    let title = check_title(language, refused)?;
    let advice = match refused.check.as_str() {
        "date" => &texts::CLOCK_ADVICE,
        "https" => &texts::HTTPS_ADVICE,
        "host" => &texts::HOST_ADVICE,
        "digest" => &texts::DIGEST_ADVICE,
        "coverage" => &texts::COVERAGE_ADVICE,
        "environment" => &texts::ENVIRONMENT_ADVICE,
        "keyid" => &texts::KEYID_ADVICE,
        "signature" => &texts::SIGNATURE_ADVICE,
        "nonce" => &texts::NONCE_ADVICE,
        _ => return None,
    };
    Some((title, language.say(advice)))
}

/// The cause alone: the list needs no more, and its page is to stay small.
pub(crate) fn check_title(language: Language, refused: &RefusedCheck) -> Option<String> {
    let title = match (refused.check.as_str(), refused.skew, &refused.host) {
        ("date", Some(skew), _) if skew != 0 => {
            let text = if skew < 0 { &texts::CLOCK_AHEAD } else { &texts::CLOCK_BEHIND };
            return Some(language.fill(text, &[("n", &language.number(skew.unsigned_abs()))]));
        }
        ("host", _, Some(host)) => return Some(language.fill(&texts::HOST_IS, &[("host", host)])),
        ("date", ..) => &texts::DATE,
        ("https", ..) => &texts::HTTPS,
        ("host", ..) => &texts::HOST,
        ("digest", ..) => &texts::DIGEST,
        ("coverage", ..) => &texts::COVERAGE,
        ("environment", ..) => &texts::ENVIRONMENT,
        ("keyid", ..) => &texts::KEYID,
        ("signature", ..) => &texts::SIGNATURE,
        ("nonce", ..) => &texts::NONCE,
        _ => return None,
    };
    Some(language.say(title).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str, date: &str) -> Option<Refusal> {
        let attempt: Attempt = serde_json::from_value(serde_json::json!({
            "n": 1, "started": "2025-11-25T13:05:58.500Z", "duration_ms": 3000,
            "request": {"method": "POST", "url": "https://a/", "headers": [], "body": null},
            "response": {"status": 401, "headers": [["Date", date]], "body": body}, "error": null,
        }))
        .unwrap();
        explain_refusal(Language::English, &attempt)
    }

    #[test]
    fn a_refused_date_is_set_beside_the_date_of_the_answer() {
        let told = |body: &str, date: &str| refused(body, date).unwrap().clocks;
        let ahead = r#"{"check":"date","skew":-312}"#;
        assert_eq!(
            told(ahead, "Tue, 25 Nov 2025 13:11:10 GMT").unwrap(),
            "We signed the call at 13:05:58 UTC; the Date of its answer says 13:11:10."
        );
        assert_eq!(
            told(ahead, "Mon, 24 Nov 2025 13:05:58 GMT").unwrap(),
            "We signed the call at 2025-11-25 13:05:58 UTC; the Date of its answer says 2025-11-24 13:05:58."
        );
        for agrees in ["Tue, 25 Nov 2025 13:05:58 GMT", "Tue, 25 Nov 2025 13:06:01 GMT"] {
            assert_eq!(told(ahead, agrees).as_deref(), Some(texts::CLOCKS_AGREE.en), "{agrees}");
            // It may have found no date at all: nothing is known of its clock.
            assert_eq!(told(r#"{"check":"date"}"#, agrees), None, "{agrees}");
        }
        assert_eq!(told(ahead, "yesterday"), None);
        assert_eq!(told(r#"{"check":"host","skew":-312}"#, "Tue, 25 Nov 2025 13:11:10 GMT"), None);
    }

    #[test]
    fn a_refusal_that_names_its_check_is_explained() {
        let title = |body: &str| refused(body, "").map(|refusal| refusal.title);
        for (body, expected) in [
            (r#"{"type":"urn:x","check":"date","skew":-312}"#, "Your receiver’s clock is 312 s ahead"),
            (r#"{"failed":"date","skew":1312}"#, "Your receiver’s clock is 1,312 s behind"),
            (r#"{"check":"host"}"#, texts::HOST.en),
            (r#"{"check":"host","host":7}"#, texts::HOST.en),
            (r#"{"check":"host","host":"app:3000"}"#, "Your proxy sends Host: app:3000"),
            (r#"{"check":"date"}"#, texts::DATE.en),
        ] {
            assert_eq!(title(body).as_deref(), Some(expected), "{body}");
        }
        for body in ["", "no", "[]", "{}", r#"{"check":"<b>"}"#, r#"{"check":7}"#, r#"{"check":"date","skew":"x"}"#] {
            assert_eq!(title(body), None, "{body}");
        }
        let huge = r#"{"check":"date","skew":1e400}"#;
        assert_ne!(title(huge), Some(String::new()));
    }
}
