//! What a refusal says of its cause: the package's adapters name the check that failed.

use seinpost_protocol::rest::{RefusedCheck, ResponseRecord};

use crate::i18n::{Language, texts::refusal as texts};

/// The cause of a refusal as a title, and what to do; `None` where its body does not name one that is known.
pub(crate) fn explain_refusal(language: Language, response: &ResponseRecord) -> Option<(String, &'static str)> {
    explain_check(language, &RefusedCheck::read(response.body.as_deref()?)?)
}

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
