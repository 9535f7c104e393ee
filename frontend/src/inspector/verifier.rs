//! The npm package, asked through its public JavaScript face (`frontend/inspect/`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::Shared;

#[wasm_bindgen(module = "/js/inspector.js")]
extern "C" {
    #[wasm_bindgen(js_name = inspect, catch)]
    async fn inspect_js(question: &str) -> Result<JsValue, JsValue>;

    /// Bytes of the body that was asked about last.
    #[wasm_bindgen(js_name = bytesAt)]
    pub(crate) fn bytes_at(start: usize, length: usize) -> Vec<u8>;

    #[wasm_bindgen(js_name = sample, catch)]
    async fn sample_js(asked: &str) -> Result<JsValue, JsValue>;

    /// The address of the resolver that may be asked for keys.
    pub(crate) fn resolver() -> Option<String>;

    /// Whether the security policy of the page that was loaded allows that resolver.
    #[wasm_bindgen(js_name = mayAsk)]
    pub(crate) fn may_ask() -> bool;

    /// Whether the page stands by itself, with no server of ours behind it.
    #[wasm_bindgen(js_name = standsAlone)]
    pub(crate) fn stands_alone() -> bool;

    #[wasm_bindgen(js_name = askFromOwnPage, catch)]
    fn ask_from_own_page_js(address: &str) -> Result<(), JsValue>;

    /// Whether the page was loaded to ask for a key; true once.
    #[wasm_bindgen(js_name = wasLoadedToAsk)]
    pub(crate) fn was_loaded_to_ask() -> bool;

    #[wasm_bindgen(js_name = keyByDns, catch)]
    async fn key_by_dns_js(key_id: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = receiver, catch)]
    async fn receiver_js(name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = keepForOffline)]
    async fn keep_for_offline_js();
}

/// What is asked of the package.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    text: &'a str,
    form: &'a str,
    body: &'a str,
    index: usize,
    environment: &'a str,
    host: &'a str,
    key_domain: &'a str,
    key: &'a str,
    /// The time of arrival, in milliseconds since the Unix epoch.
    now: i64,
    /// The request came over plain HTTP.
    plain: bool,
    language: &'static str,
    deep: bool,
}

impl<'a> Question<'a> {
    fn new(shared: &'a Shared, now: i64, language: &'static str, deep: bool) -> Self {
        Self {
            text: &shared.raw,
            form: &shared.form,
            body: &shared.body,
            index: shared.index,
            environment: shared.environment.trim(),
            host: shared.host.trim(),
            key_domain: shared.key_domain.trim(),
            key: shared.key.trim(),
            now,
            plain: shared.plain,
            language,
            deep,
        }
    }
}

/// What the package says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// What was read; `None` where that is no request, and `fault` says why.
    pub(crate) request: Option<ReadRequest>,
    pub(crate) fault: Option<Told>,
    pub(crate) report: Option<Report>,
    /// What was wrong with the question itself.
    pub(crate) mistake: Option<Told>,
    pub(crate) event: Option<Event>,
    pub(crate) decode_error: Option<DecodeError>,
    /// The diagnosis, where the event carries a mail.
    pub(crate) mail: Option<Mail>,
    /// Whether there is a mail that was not looked at yet.
    pub(crate) mail_waits: bool,
    /// Where the body differs from the one that was signed, where that is known.
    pub(crate) signed: Option<Difference>,
    /// How long it took, in milliseconds.
    pub(crate) ms: f64,
}

/// A request, as it was read from what was pasted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct ReadRequest {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    /// `raw`, `curl`, `har` or `parts`.
    pub(crate) form: String,
    /// How many requests there are in what was pasted.
    pub(crate) count: usize,
    /// The size of its body.
    pub(crate) bytes: usize,
    /// Whether the CRs of line ends, which a text field takes out, were put back.
    pub(crate) restored: bool,
    pub(crate) notes: Vec<String>,
    /// As it is on the wire, where it was pasted in another form.
    pub(crate) printed: Option<String>,
}

impl ReadRequest {
    /// The first value of a header field.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What came of a verification.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    pub(crate) ok: bool,
    pub(crate) profile: String,
    pub(crate) checks: Vec<Check>,
    #[serde(default)]
    pub(crate) causes: Vec<Cause>,
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

/// What would have made a refused call verify.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cause {
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) cure: String,
    /// What was signed, where that is another signing string.
    #[serde(default)]
    pub(crate) signing_string: Option<String>,
}

/// A decoded event: its variables in order, each value as text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Event {
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) notes: Vec<String>,
}

/// Something that the package does not take: a text that is no request, options or a request that cannot be verified.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Told {
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

/// Where the body that came and the one that was signed differ first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Difference {
    /// The first byte that differs, from 0.
    pub(crate) offset: usize,
    /// Where `received` and `signed` begin.
    pub(crate) start: usize,
    /// In hex, what came.
    pub(crate) received: String,
    /// In hex, what was signed.
    pub(crate) signed: String,
    /// The size of the body that was signed.
    pub(crate) length: usize,
    /// The body that was signed, where it is text.
    pub(crate) text: Option<String>,
}

/// The diagnosis of a mail that came back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mail {
    pub(crate) kind: String,
    pub(crate) delayed: bool,
    pub(crate) permanent: bool,
    pub(crate) recipients: Vec<MailRecipient>,
    /// How many more recipients there are.
    pub(crate) more: usize,
    pub(crate) reporting_mta: Option<String>,
    pub(crate) original: Option<BTreeMap<String, Option<String>>>,
    pub(crate) feedback: Option<BTreeMap<String, Option<String>>>,
    pub(crate) advice: String,
    /// The size of the mail.
    pub(crate) bytes: usize,
    pub(crate) parts: Vec<MailPart>,
}

/// What a mail says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MailRecipient {
    pub(crate) address: String,
    pub(crate) status: Option<String>,
    pub(crate) code: Option<u32>,
    pub(crate) reason: String,
    pub(crate) action: Option<String>,
    pub(crate) diagnostic: Option<String>,
    pub(crate) remote_mta: Option<String>,
    pub(crate) evidence: Option<Excerpt>,
}

/// The place in a mail that a diagnosis rests on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Excerpt {
    pub(crate) before: String,
    pub(crate) mark: String,
    pub(crate) after: String,
}

/// A part of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct MailPart {
    pub(crate) depth: usize,
    #[serde(rename = "type")]
    pub(crate) media_type: String,
    pub(crate) detail: Option<String>,
    pub(crate) bytes: usize,
    /// Whether the diagnosis rests on it.
    pub(crate) read: bool,
}

/// What sample is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SampleOf {
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    pub(crate) profile: String,
    pub(crate) format: String,
    /// How it is spoilt; empty for a good one.
    pub(crate) spoil: String,
    /// When it is signed, in milliseconds since the Unix epoch.
    pub(crate) now: i64,
}

/// A signed sample, and as what it verifies.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sample {
    pub(crate) raw: String,
    pub(crate) host: String,
    pub(crate) environment: String,
    pub(crate) key_domain: String,
    pub(crate) arrived: String,
    pub(crate) key: String,
}

fn in_words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| String::from(error.message()))
}

fn read<T: serde::de::DeserializeOwned>(answer: &JsValue) -> Result<T, String> {
    serde_json::from_str(&answer.as_string().unwrap_or_default()).map_err(|error| error.to_string())
}

/// Asks the package. `deep` also searches for what would make a refused call verify.
///
/// # Errors
/// In words, when the package could not be loaded.
pub(crate) async fn inspect(shared: &Shared, now: i64, language: &'static str, deep: bool) -> Result<Answer, String> {
    let question =
        serde_json::to_string(&Question::new(shared, now, language, deep)).map_err(|error| error.to_string())?;
    let answer = inspect_js(&question).await.map_err(|error| in_words(&error))?;
    read(&answer)
}

/// Signs a sample with the package's test keys.
///
/// # Errors
/// In words: the package could not be loaded, or has no such sample.
pub(crate) async fn sample(asked: &SampleOf) -> Result<Sample, String> {
    let asked = serde_json::to_string(asked).map_err(|error| error.to_string())?;
    read(&sample_js(&asked).await.map_err(|error| in_words(&error))?)
}

/// What came of asking DNS for a key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Asked {
    /// It could not be found out: a code of the package's `ResolveError`, and its words.
    Failed { code: String, detail: String },
    /// The record, several a line each; `None` if DNS has none.
    Answered { record: Option<String> },
}

/// The record of a key, by DNS over HTTPS.
///
/// # Errors
/// In words: the package could not be loaded.
pub(crate) async fn key_by_dns(key_id: &str) -> Result<Asked, String> {
    read(&key_by_dns_js(key_id).await.map_err(|error| in_words(&error))?)
}

/// Loads the inspector's own page at `address`, to ask for the key from there. `false` if the browser keeps nothing.
pub(crate) fn ask_from_own_page(address: &str) -> bool {
    ask_from_own_page_js(address).is_ok()
}

/// The source of a receiver.
///
/// # Errors
/// In words: it could not be loaded.
pub(crate) async fn receiver(name: &str) -> Result<String, String> {
    receiver_js(name).await.map(|text| text.as_string().unwrap_or_default()).map_err(|error| in_words(&error))
}

/// Has the browser keep the page, so that it opens without a connection.
pub(crate) fn keep_for_offline() {
    wasm_bindgen_futures::spawn_local(keep_for_offline_js());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dns_answered_is_told_apart() {
        let read = |json| serde_json::from_str::<Asked>(json).unwrap();
        assert_eq!(read(r#"{"record":null}"#), Asked::Answered { record: None });
        assert_eq!(read(r#"{"record":"v=DKIM1"}"#), Asked::Answered { record: Some("v=DKIM1".into()) });
        let failed = Asked::Failed { code: "timeout".into(), detail: "x".into() };
        assert_eq!(read(r#"{"code":"timeout","detail":"x"}"#), failed);
    }

    #[test]
    fn a_question_is_what_stands_on_the_page() {
        let shared = Shared { raw: "POST /".into(), key: " k \n".into(), ..Shared::default() };
        let question = serde_json::to_value(Question::new(&shared, 5, "nl", true)).unwrap();
        assert_eq!(question["text"], "POST /");
        assert_eq!(question["key"], "k");
        assert_eq!(question["keyDomain"], "");
        assert_eq!((&question["now"], &question["deep"]), (&5.into(), &true.into()));
    }
}
