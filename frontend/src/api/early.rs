//! What was asked of the server while the dashboard was on its way (`frontend/scripts/early.js`).

use js_sys::{Map, Promise};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use super::Answer;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = seinpostEarly)]
    static EARLY: Option<Map>;

    type Asked;
    #[wasm_bindgen(method, getter)]
    fn answer(this: &Asked) -> Option<Given>;
    #[wasm_bindgen(method, getter)]
    fn coming(this: &Asked) -> Promise;

    type Given;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Given) -> u16;
    #[wasm_bindgen(method, getter)]
    fn tag(this: &Given) -> String;
    #[wasm_bindgen(method, getter)]
    fn text(this: &Given) -> String;
}

/// The answer to a `GET` of this path that was made early: at once where it has come. `None` where there was none; each is
/// given once.
pub(super) async fn answer(path: &str) -> Option<Result<Answer, JsValue>> {
    let key = JsValue::from_str(path);
    let asked: Asked = EARLY.with(|early| {
        let early = early.as_ref()?;
        let asked = early.get(&key);
        early.delete(&key).then(|| asked.unchecked_into())
    })?;
    let given = match asked.answer() {
        Some(given) => Ok(given),
        None => JsFuture::from(asked.coming()).await.map(JsCast::unchecked_into),
    };
    Some(given.map(|given| Answer { status: given.status(), tag: given.tag(), text: given.text() }))
}
