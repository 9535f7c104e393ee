//! What answers the calls of a component in a server's place.

use serde_json::json;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::stage::*;

/// The browser's own way to a server, which this stands in for.
const FETCH: &str = "fetch";
/// What stands in its place: `answer` gives the status and the body as JSON, or nothing.
const STAND_IN: &str = "return async (path, init) => {
    const answered = answer(init.method, path, init.body ?? '');
    if (answered === undefined) throw new TypeError('there is no server');
    const [status, body] = JSON.parse(answered);
    return new Response(body, { status });
};";

/// Answers every call until it is dropped.
pub(crate) struct Served {
    before: JsValue,
    /// Each call, such as `GET /v1/keys`, and its body.
    asked: Heard<(String, String)>,
    _answer: Closure<dyn FnMut(String, String, String) -> Option<String>>,
}

impl Served {
    /// `answer` gives the body of an answer to a call; without one the server is not there.
    pub(crate) fn new(answer: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self::with_status(move |call| answer(call).map(|body| (200, Some(body))))
    }

    /// `answer` gives the status and the body, if there is one, of an answer to a call.
    pub(crate) fn with_status(answer: impl Fn(&str) -> Option<(u16, Option<String>)> + 'static) -> Self {
        let asked = Heard::new();
        let hear = asked.callback(|call: (String, String)| call);
        let answer = Closure::<dyn FnMut(String, String, String) -> Option<String>>::new(move |method, path, body| {
            let call = format!("{method} {path}");
            hear.emit((call.clone(), body));
            answer(&call).map(|(status, body)| json!([status, body]).to_string())
        });
        let make = js_sys::Function::new_with_args("answer", STAND_IN);
        let fetch = make.call1(&JsValue::NULL, answer.as_ref().unchecked_ref()).unwrap();
        let before = js_sys::Reflect::get(&window(), &FETCH.into()).unwrap();
        js_sys::Reflect::set(&window(), &FETCH.into(), &fetch).unwrap();
        Self { before, asked, _answer: answer }
    }

    /// How many calls so far begin so.
    pub(crate) fn asked(&self, begin: &str) -> usize {
        self.asked.all().iter().filter(|(call, _)| call.starts_with(begin)).count()
    }

    /// The calls so far that change something, with their bodies: what is asked for a preview does not.
    pub(crate) fn changes(&self) -> Vec<String> {
        let changes = |(call, _): &(String, String)| !call.starts_with("GET ") && call != "POST /v1/webhooks/preview";
        let said = |(call, body): (String, String)| format!("{call} {body}").trim_end().to_owned();
        self.asked.all().into_iter().filter(changes).map(said).collect()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        js_sys::Reflect::set(&window(), &FETCH.into(), &self.before).unwrap();
    }
}

/// A page of a list, the last one.
pub(crate) fn page_of(rows: &[String]) -> String {
    format!(r#"{{"data":[{}],"next":null}}"#, rows.join(","))
}
