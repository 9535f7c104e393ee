//! What the server refuses and what cannot be read, in the reader's language: by its stable codes. English has the
//! server's own words, which are the more exact ones.

use seinpost_protocol::{
    payload::{DecodeCode, DecodeError},
    rest::{Problem, ProblemCode, ProblemType, VariableProblem},
};

use crate::i18n::{Language, Text, texts::problem as texts};

/// What happened this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    /// Whether these are the server's words, which are English, on a page in another language.
    pub(crate) is_foreign: bool,
}

/// How many wrong places are named.
const NAMED: usize = 4;

/// What the server says of a problem; `None` where its kind says it all.
pub(super) fn said(language: Language, problem: &Problem) -> Option<Said> {
    let detail = problem.detail.clone()?;
    if language == Language::English {
        return Some(Said { text: detail, is_foreign: false });
    }
    let own = |text: String| Some(Said { text, is_foreign: false });
    if let Some(text) = problem.code.as_deref().and_then(of_problem) {
        return own(language.say(text).to_owned());
    }
    let places: Option<Vec<String>> = problem.errors.iter().take(NAMED).map(|each| place(language, each)).collect();
    if let Some(places) = places.filter(|places| !places.is_empty()) {
        return own(places.join(" "));
    }
    let says_it_all = [
        ProblemType::Unauthorized,
        ProblemType::NotFound,
        ProblemType::PreconditionFailed,
        ProblemType::TooLarge,
        ProblemType::TooManyRequests,
        ProblemType::Internal,
        ProblemType::Unavailable,
    ];
    if says_it_all.iter().any(|kind| kind.uri() == problem.kind) {
        return None;
    }
    Some(Said { text: detail, is_foreign: true })
}

/// `name: …`, where the code is one that is known.
fn place(language: Language, wrong: &VariableProblem) -> Option<String> {
    let words = language.say(of_field(&wrong.code)?);
    Some(match &wrong.variable {
        Some(variable) => format!("{variable}: {words}"),
        None => words.to_owned(),
    })
}

/// What is wrong with one field, by its code; in English in the server's own words.
pub(crate) fn words_of_code(language: Language, code: &str, detail: &str) -> String {
    match language {
        Language::English => sentence(detail),
        Language::Dutch => language.say(of_field(code).unwrap_or(&texts::BAD_VALUE)).to_owned(),
    }
}

/// With a capital, and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// The `code` of a problem in words.
fn of_problem(code: &str) -> Option<&'static Text> {
    let known: [(ProblemCode, &'static Text); 12] = [
        (ProblemCode::UrlUnverified, &texts::URL_UNVERIFIED),
        (ProblemCode::BeingChecked, &texts::BEING_CHECKED),
        (ProblemCode::ChangedMeanwhile, &texts::CHANGED_MEANWHILE),
        (ProblemCode::NoSecret, &texts::NO_SECRET),
        (ProblemCode::ManySecrets, &texts::MANY_SECRETS),
        (ProblemCode::KeyNotPublished, &texts::KEY_NOT_PUBLISHED),
        (ProblemCode::WasATest, &texts::WAS_A_TEST),
        (ProblemCode::WebhookDeleted, &texts::WEBHOOK_DELETED),
        (ProblemCode::EventForgotten, &texts::EVENT_FORGOTTEN),
        (ProblemCode::ScopeMissing, &texts::SCOPE_MISSING),
        (ProblemCode::ScopeNotHeld, &texts::SCOPE_NOT_HELD),
        (ProblemCode::DiskFull, &texts::DISK_FULL),
    ];
    known.into_iter().find(|(each, _)| each.as_str() == code).map(|(_, text)| text)
}

/// The code of what is wrong with a field, in words.
fn of_field(code: &str) -> Option<&'static Text> {
    Some(match code {
        "out-of-range" => &texts::OUT_OF_RANGE,
        "too-many" => &texts::TOO_MANY,
        "too-long" => &texts::TOO_LONG,
        "reserved" => &texts::RESERVED,
        "duplicate" => &texts::TWICE,
        "contradiction" => &texts::CONTRADICTION,
        "invalid-url" => &texts::INVALID_URL,
        "refused-target" => &texts::REFUSED_TARGET,
        "missing" => &texts::MISSING,
        "unknown" | "not-settable" => &texts::UNKNOWN,
        "expired" => &texts::EXPIRED,
        "invalid-json" => &texts::NOT_JSON,
        "invalid" | "invalid-value" => &texts::BAD_VALUE,
        _ => return None,
    })
}

/// Why a body cannot be read, without a full stop.
pub(crate) fn unreadable(language: Language, error: &DecodeError) -> String {
    match language {
        Language::English => error.detail().to_owned(),
        Language::Dutch => fault(language, error.code, error.variable.as_deref().unwrap_or_default()),
    }
}

/// The kinds of fault that have words here.
const FAULTS: [DecodeCode; 13] = [
    DecodeCode::UnsupportedContentType,
    DecodeCode::InvalidUtf8,
    DecodeCode::InvalidJson,
    DecodeCode::NotAnObject,
    DecodeCode::LoneSurrogate,
    DecodeCode::DuplicateName,
    DecodeCode::TooDeep,
    DecodeCode::TooManyValues,
    DecodeCode::InvalidPercentEncoding,
    DecodeCode::InvalidFieldName,
    DecodeCode::MissingVariable,
    DecodeCode::InvalidVariable,
    DecodeCode::UnknownType,
];

/// The kind of fault of this name in words, where the package's own are not in the reader's language. `variable` is the one
/// that it is in.
pub(crate) fn fault_named(language: Language, name: &str, variable: &str) -> Option<String> {
    let code = FAULTS.into_iter().find(|code| code.as_str() == name)?;
    (language != Language::English).then(|| fault(language, code, variable))
}

/// A kind of fault in a body, in words; `name` is the variable that it is in.
fn fault(language: Language, code: DecodeCode, name: &str) -> String {
    let text = match code {
        DecodeCode::UnsupportedContentType | DecodeCode::InvalidJson => &texts::NOT_JSON,
        DecodeCode::InvalidUtf8 => &texts::NOT_UTF8,
        DecodeCode::NotAnObject => &texts::NOT_AN_OBJECT,
        DecodeCode::LoneSurrogate => &texts::LONE_SURROGATE,
        DecodeCode::DuplicateName => &texts::DUPLICATE_NAME,
        DecodeCode::TooDeep => &texts::TOO_DEEP,
        DecodeCode::TooManyValues => &texts::TOO_MANY_VALUES,
        DecodeCode::InvalidPercentEncoding => &texts::BAD_PERCENT,
        DecodeCode::InvalidFieldName => &texts::BAD_FIELD_NAME,
        DecodeCode::MissingVariable => &texts::MISSING_VARIABLE,
        DecodeCode::InvalidVariable => &texts::BAD_VARIABLE,
        DecodeCode::UnknownType => &texts::UNKNOWN_TYPE,
    };
    let expected = match name {
        "time" => &texts::EXPECT_TIME,
        "timestamp" => &texts::EXPECT_TIMESTAMP,
        "tags" => &texts::EXPECT_TAGS,
        "fields" => &texts::EXPECT_FIELDS,
        "action" => &texts::EXPECT_ACTION,
        _ => &texts::EXPECT_TEXT,
    };
    language.fill(text, &[("name", name), ("expected", language.say(expected))])
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::payload::read_event;

    use super::*;

    #[test]
    fn what_has_a_code_is_said_in_the_reader_s_language() {
        let conflict = ProblemType::Conflict.because("The URL …").coded(ProblemCode::UrlUnverified);
        let english = said(Language::English, &conflict).unwrap();
        assert_eq!((english.text.as_str(), english.is_foreign), ("The URL …", false));
        let dutch = said(Language::Dutch, &conflict).unwrap();
        assert_eq!((dutch.text.as_str(), dutch.is_foreign), (texts::URL_UNVERIFIED.nl, false));
        // Without one the server's words are all there is, and are marked as what they are.
        let other = said(Language::Dutch, &ProblemType::Conflict.because("Odd.")).unwrap();
        assert_eq!((other.text.as_str(), other.is_foreign), ("Odd.", true));
        assert_eq!(said(Language::Dutch, &ProblemType::NotFound.because("There is no such webhook.")), None);
        let mut invalid = ProblemType::Invalid.because("url: it has no host");
        invalid.errors.push(VariableProblem {
            code: "invalid-url".into(),
            line: None,
            variable: Some("url".into()),
            offset: None,
            detail: "it has no host".into(),
        });
        assert_eq!(said(Language::Dutch, &invalid).unwrap().text, format!("url: {}", texts::INVALID_URL.nl));
    }

    #[test]
    fn what_cannot_be_read_is_said_in_both_languages() {
        for (body, dutch) in [
            ("{", "De inhoud is geen JSON"),
            ("[]", "Hier hoort een object met de variabelen te staan"),
            (r#"{"type":"open"}"#, "id ontbreekt; elke gebeurtenis van dit type heeft die"),
            (r#"{"type":"tea"}"#, "Zo’n type bestaat niet"),
            (
                r#"{"type":"open","id":"a","time":"soon"}"#,
                "time is niet wat het hoort te zijn: Unix-seconden in cijfers",
            ),
        ] {
            let error = read_event(body.as_bytes()).unwrap_err();
            assert_eq!(unreadable(Language::English, &error), error.detail());
            assert_eq!(unreadable(Language::Dutch, &error), dutch, "{body}");
        }
    }

    #[test]
    fn every_code_of_the_options_is_known() {
        assert_eq!(words_of_code(Language::English, "too-many", "these are too many"), "These are too many.");
        for code in ["out-of-range", "too-many", "too-long", "reserved", "duplicate", "contradiction", "invalid-url"] {
            assert_ne!(words_of_code(Language::Dutch, code, ""), texts::BAD_VALUE.nl, "{code}");
        }
    }
}
