//! The npm package, asked through its public JavaScript face.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::{KeyText, RawRequest};

#[wasm_bindgen(module = "/js/inspector.js")]
extern "C" {
    #[wasm_bindgen(js_name = inspect, catch)]
    async fn inspect_js(question: &str, body: &[u8]) -> Result<JsValue, JsValue>;
}

/// What is asked of the package.
#[derive(Debug, Serialize)]
pub(crate) struct Question<'a> {
    method: &'a str,
    url: &'a str,
    headers: &'a [(String, String)],
    options: Options<'a>,
    key: Option<&'a str>,
    /// The time of arrival, in milliseconds since the Unix epoch.
    now: i64,
}

/// The options of the package's `Verifier`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Options<'a> {
    profile: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    environment: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    host: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    key_domain: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
    language: &'static str,
}

/// As what the call is verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) host: String,
    /// A number; any environment where it is empty.
    pub(crate) environment: String,
    /// Any domain where it is empty.
    pub(crate) key_domain: String,
}

impl<'a> Question<'a> {
    pub(crate) fn new(
        request: &'a RawRequest,
        settings: &'a Settings,
        key: &'a KeyText,
        now: i64,
        language: &'static str,
    ) -> Self {
        let secret = match key {
            KeyText::Secret(secret) => Some(secret.as_str()),
            KeyText::Public(_) | KeyText::None => None,
        };
        let key = match key {
            KeyText::Public(text) => Some(text.as_str()),
            KeyText::Secret(_) | KeyText::None => None,
        };
        let profile = profile_of(request);
        let or_any = |text: &'a str| if text.trim().is_empty() { "any" } else { text.trim() };
        let (environment, key_domain, host) = if profile == "standard" {
            ("", "", "")
        } else {
            (or_any(&settings.environment), or_any(&settings.key_domain), settings.host.trim())
        };
        Self {
            method: &request.method,
            url: &request.target,
            headers: &request.headers,
            options: Options { profile, environment, host, key_domain, secret, language },
            key,
            now,
        }
    }
}

/// The profile that a call says to follow.
fn profile_of(request: &RawRequest) -> &'static str {
    if request.header("webhook-signature").is_some() {
        "standard"
    } else if request.header("signature-input").is_some() {
        "rfc9421"
    } else {
        "cavage"
    }
}

/// What the package says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Answer {
    pub(crate) report: Option<Report>,
    pub(crate) event: Option<Event>,
    /// What was wrong with the question itself.
    pub(crate) mistake: Option<Mistake>,
    #[serde(rename = "decodeError")]
    pub(crate) decode_error: Option<DecodeError>,
    /// How long it took, in milliseconds.
    pub(crate) ms: f64,
}

/// What came of a verification.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    pub(crate) ok: bool,
    pub(crate) profile: String,
    pub(crate) checks: Vec<Check>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    #[serde(default)]
    pub(crate) signing_string: Option<String>,
}

/// One check of the receiver's list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) outcome: CheckOutcome,
    pub(crate) reason: String,
    /// What to do about it, where the package says so apart from the reason.
    #[serde(default)]
    pub(crate) next: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CheckOutcome {
    Pass,
    Fail,
    Skip,
}

/// A decoded event: its variables in order, each value as text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Event {
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) notes: Vec<String>,
}

/// Options or a request that the package does not take.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Mistake {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
}

/// Why the body could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct DecodeError {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) variable: Option<String>,
    pub(crate) offset: Option<u64>,
}

/// Asks the package.
///
/// # Errors
/// In words, when the package could not be loaded.
pub(crate) async fn inspect(question: &Question<'_>, body: &[u8]) -> Result<Answer, String> {
    let question = serde_json::to_string(question).map_err(|error| error.to_string())?;
    let answer = inspect_js(&question, body).await.map_err(|error| {
        error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| String::from(error.message()))
    })?;
    serde_json::from_str(&answer.as_string().unwrap_or_default()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspector::parse;

    #[test]
    fn empty_settings_are_any() {
        let request = parse("POST /a HTTP/1.1\nHost: a.example\n\n{}").unwrap();
        let settings = Settings::default();
        let question = Question::new(&request, &settings, &KeyText::None, 0, "nl");
        assert_eq!(
            serde_json::to_string(&question).unwrap(),
            r#"{"method":"POST","url":"/a","headers":[["Host","a.example"]],"options":{"profile":"cavage","environment":"any","keyDomain":"any","language":"nl"},"key":null,"now":0}"#
        );
    }

    #[test]
    fn a_secret_is_no_public_key() {
        let request = parse("POST /a HTTP/1.1\nwebhook-signature: v1,x\n\n{}").unwrap();
        let settings = Settings { host: "a.example".into(), ..Settings::default() };
        let key = KeyText::Secret("whsec_x".into());
        let question = serde_json::to_value(Question::new(&request, &settings, &key, 0, "en")).unwrap();
        assert_eq!(question["options"]["secret"], "whsec_x");
        assert_eq!(question["options"]["profile"], "standard");
        assert_eq!(question["key"], serde_json::Value::Null);
        assert_eq!(question["options"].get("host"), None);
    }
}
