//! What a refusal says of its cause: the package's adapters name the check that failed.

use seinpost_protocol::{
    message::parse_http_date,
    rest::{Attempt, RefusedCheck, ResponseRecord, Timestamp},
};

use crate::i18n::{Language, texts::refusal as texts};

/// The cause of a refusal as a title, and what to do; `None` where its body does not name one that is known.
pub(crate) fn explain_refusal(language: Language, response: &ResponseRecord) -> Option<(String, &'static str)> {
    explain_check(language, &RefusedCheck::read(response.body.as_deref()?)?)
}

/// Where the date was refused: what the answer's own `Date` says of the receiver's clock, beside ours.
pub(crate) fn compare_clocks(language: Language, attempt: &Attempt) -> Option<String> {
    let response = attempt.response.as_ref()?;
    if RefusedCheck::read(response.body.as_deref()?)?.check != "date" {
        return None;
    }
    let (_, date) = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
    let theirs = i64::try_from(parse_http_date(date.as_bytes())?).ok()?.checked_mul(1000)?;
    let ours = attempt.started.as_millis();
    // Whole seconds, and it may have been written at any time until the answer was there.
    let took = i64::try_from(attempt.duration_ms).unwrap_or(i64::MAX);
    if (ours - SLACK..=ours.saturating_add(took) + SLACK).contains(&theirs) {
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

    fn response(body: &str) -> ResponseRecord {
        ResponseRecord {
            status: 401,
            headers: Vec::new(),
            body: Some(body.into()),
            body_encoding: None,
            truncated: false,
        }
    }

    #[test]
    fn a_refused_date_is_set_beside_the_date_of_the_answer() {
        let told = |check: &str, date: &str| {
            let attempt: Attempt = serde_json::from_str(&format!(
                r#"{{"n":1,"started":"2025-11-25T13:05:58.500Z","duration_ms":3000,"request":{{"method":"POST","url":"https://a/","headers":[],"body":null}},
                "response":{{"status":401,"headers":[["Date","{date}"]],"body":"{{\"check\":\"{check}\"}}"}},"error":null}}"#
            ))
            .unwrap();
            compare_clocks(Language::English, &attempt)
        };
        assert_eq!(
            told("date", "Tue, 25 Nov 2025 13:11:10 GMT").unwrap(),
            "We signed the call at 13:05:58 UTC; the Date of its answer says 13:11:10."
        );
        assert_eq!(
            told("date", "Mon, 24 Nov 2025 13:05:58 GMT").unwrap(),
            "We signed the call at 2025-11-25 13:05:58 UTC; the Date of its answer says 2025-11-24 13:05:58."
        );
        for agrees in ["Tue, 25 Nov 2025 13:05:58 GMT", "Tue, 25 Nov 2025 13:06:01 GMT"] {
            assert_eq!(told("date", agrees).as_deref(), Some(texts::CLOCKS_AGREE.en), "{agrees}");
        }
        assert_eq!(told("date", "yesterday"), None);
        assert_eq!(told("host", "Tue, 25 Nov 2025 13:11:10 GMT"), None);
    }

    #[test]
    fn a_refusal_that_names_its_check_is_explained() {
        let title = |body: &str| explain_refusal(Language::English, &response(body)).map(|(title, _)| title);
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
