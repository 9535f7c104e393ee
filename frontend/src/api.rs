//! The one client of the REST API.

mod account;
mod calls;
mod early;
mod error;
mod gate;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use seinpost_protocol::rest::Session;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

pub(crate) use account::{EventDiagnosis, logfile_address};
pub(crate) use calls::{encoded, verification_file};
pub(crate) use error::ApiError;
pub(crate) use gate::{go_on, is_shut, until_open};

/// What a call tells about the whole dashboard, besides its own answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The server answered.
    Reached,
    /// The server did not answer.
    Unreached,
    /// The session has ended.
    SignedOut,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Reached, Self::Unreached, Self::SignedOut];

    /// Its name between the parts of the dashboard.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Unreached => "unreached",
            Self::SignedOut => "signed-out",
        }
    }

    /// The one with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == name)
    }
}

/// What was read, with the tag by which a change says which one it is about (`If-Match`).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tagged<T> {
    pub(crate) value: T,
    /// The `ETag`; empty where there was none.
    pub(crate) tag: Rc<str>,
}

impl<T> std::ops::Deref for Tagged<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A client of the REST API on the dashboard's own origin. Cheap to clone; all clones share the session.
#[derive(Clone)]
pub(crate) struct Api {
    shared: Rc<Shared>,
}

struct Shared {
    /// What state-changing calls carry in `X-Seinpost-Session`.
    csrf: RefCell<String>,
    /// How many sessions there were. What was asked in an earlier one tells nothing of this one.
    sessions: Cell<u32>,
    listener: RefCell<Callback<Signal>>,
}

impl PartialEq for Api {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.shared, &other.shared)
    }
}

impl Api {
    /// A client without a session.
    pub(crate) fn new() -> Self {
        let shared =
            Shared { csrf: RefCell::default(), sessions: Cell::new(0), listener: RefCell::new(Callback::noop()) };
        Self { shared: Rc::new(shared) }
    }

    /// Who is told of every call's [`Signal`].
    pub(crate) fn listen(&self, listener: Callback<Signal>) {
        self.shared.listener.replace(listener);
    }

    /// From now on calls are made in this session. Those that wait for one go on when it is known to be of the same
    /// environment: see [`go_on`].
    pub(crate) fn enter(&self, session: &Session) {
        if *self.shared.csrf.borrow() != session.csrf {
            self.shared.csrf.replace(session.csrf.clone());
            self.shared.sessions.set(self.shared.sessions.get() + 1);
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        self.call("GET", path, None).await.and_then(|answer| answer.json())
    }

    async fn get_tagged<T: DeserializeOwned>(&self, path: &str) -> Result<Tagged<T>, ApiError> {
        self.call("GET", path, None).await.and_then(|answer| answer.tagged())
    }

    /// Changes what stands at a path, if it is as it was read with this tag; however it is, if that is empty.
    async fn patch<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        tag: &str,
        body: &B,
    ) -> Result<Tagged<T>, ApiError> {
        let body = written(body)?;
        self.call_if("PATCH", path, tag, Some(&body)).await.and_then(|answer| answer.tagged())
    }

    async fn send<B: Serialize, T: DeserializeOwned>(&self, method: &str, path: &str, body: &B) -> Result<T, ApiError> {
        let body = written(body)?;
        self.call(method, path, Some(&body)).await.and_then(|answer| answer.json())
    }

    async fn call(&self, method: &str, path: &str, body: Option<&str>) -> Result<Answer, ApiError> {
        self.call_if(method, path, "", body).await
    }

    async fn call_if(&self, method: &str, path: &str, tag: &str, body: Option<&str>) -> Result<Answer, ApiError> {
        loop {
            let asked_in = self.shared.sessions.get();
            let answered = self.fetch(method, path, tag, body).await;
            // A wrong code at sign-in is answered with 401 too, but ends no session; and there may have been none.
            let ended =
                asked_in > 0 && path != "/v1/session" && answered.as_ref().is_ok_and(|answer| answer.status == 401);
            let signal = match answered {
                Err(_) => Signal::Unreached,
                Ok(_) if ended && asked_in == self.shared.sessions.get() => {
                    gate::shut();
                    Signal::SignedOut
                }
                Ok(_) => Signal::Reached,
            };
            let listener = self.shared.listener.borrow().clone();
            listener.emit(signal);
            if !ended {
                return answered.map_err(|_| ApiError::Unreachable)?.into_result();
            }
            until_open().await;
        }
    }

    async fn fetch(&self, method: &str, path: &str, tag: &str, body: Option<&str>) -> Result<Answer, JsValue> {
        if method == "GET"
            && let Some(answer) = early::answer(path).await
        {
            return answer;
        }
        let init = web_sys::RequestInit::new();
        init.set_method(method);
        init.set_credentials(web_sys::RequestCredentials::SameOrigin);
        let headers = web_sys::Headers::new()?;
        headers.set("Accept", "application/json")?;
        if method != "GET" {
            headers.set("X-Seinpost-Session", &self.shared.csrf.borrow())?;
        }
        if !tag.is_empty() {
            headers.set("If-Match", tag)?;
        }
        if let Some(body) = body {
            headers.set("Content-Type", "application/json")?;
            init.set_body(&JsValue::from_str(body));
        }
        init.set_headers(&headers);
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let response: web_sys::Response =
            JsFuture::from(window.fetch_with_str_and_init(path, &init)).await?.dyn_into()?;
        let tag = response.headers().get("ETag")?.unwrap_or_default();
        let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
        Ok(Answer { status: response.status(), tag, text })
    }
}

/// A body, as JSON.
fn written<B: Serialize>(body: &B) -> Result<String, ApiError> {
    serde_json::to_string(body).map_err(|error| ApiError::Unreadable { status: 0, detail: error.to_string() })
}

struct Answer {
    status: u16,
    tag: String,
    text: String,
}

impl Answer {
    fn into_result(self) -> Result<Self, ApiError> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(ApiError::from_answer(self.status, &self.text)) }
    }

    fn tagged<T: DeserializeOwned>(&self) -> Result<Tagged<T>, ApiError> {
        Ok(Tagged { value: self.json()?, tag: self.tag.as_str().into() })
    }

    fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        // 204 has no body: `null` is what `()` reads.
        let text = if self.text.is_empty() { "null" } else { &self.text };
        serde_json::from_str(text)
            .map_err(|error| ApiError::Unreadable { status: self.status, detail: error.to_string() })
    }
}

/// The client of this dashboard.
#[hook]
pub(crate) fn use_api() -> Api {
    use_context::<Api>().unwrap_or_else(Api::new)
}
