//! What answers the calls of a component in a server's place.

use wasm_bindgen::{JsValue, closure::Closure};

use super::stage::*;

/// The browser's own way to a server, which this stands in for.
const FETCH: &str = "fetch";

/// Answers every call until it is dropped.
pub(crate) struct Served {
    before: JsValue,
    asked: Heard<String>,
    _answers: Closure<dyn FnMut(String, JsValue) -> js_sys::Promise>,
}

impl Served {
    /// `answer` gives the body of an answer to a call, such as `GET /v1/keys`; without one the server is not there.
    pub(crate) fn new(answer: impl Fn(&str) -> Option<String> + 'static) -> Self {
        let asked = Heard::new();
        let hear = asked.callback(|call: String| call);
        let answers =
            Closure::<dyn FnMut(String, JsValue) -> js_sys::Promise>::new(move |path: String, init: JsValue| {
                let method = js_sys::Reflect::get(&init, &"method".into()).unwrap().as_string().unwrap();
                let call = format!("{method} {path}");
                hear.emit(call.clone());
                let answer = answer(&call);
                js_sys::Promise::new(&mut |resolve, reject| {
                    let (settle, with) = match &answer {
                        Some(body) => (resolve, web_sys::Response::new_with_opt_str(Some(body)).unwrap().into()),
                        None => (reject, JsValue::NULL),
                    };
                    settle.call1(&JsValue::NULL, &with).unwrap();
                })
            });
        let before = js_sys::Reflect::get(&window(), &FETCH.into()).unwrap();
        js_sys::Reflect::set(&window(), &FETCH.into(), answers.as_ref()).unwrap();
        Self { before, asked, _answers: answers }
    }

    /// The calls so far that begin so.
    pub(crate) fn asked(&self, begin: &str) -> usize {
        self.asked.all().iter().filter(|call| call.starts_with(begin)).count()
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
