//! The calls that prepare a server: webhooks made and verified, lists read.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use serde_json::{Value, json};

use crate::client::Connection;

/// A token or a sink's control port: one connection for each call, so that a server that was restarted is no trouble.
#[derive(Clone, Debug)]
pub struct Api {
    address: SocketAddr,
    token: Option<String>,
}

impl Api {
    /// Calls go to this address, with this token if there is one.
    #[must_use]
    pub fn new(address: SocketAddr, token: Option<&str>) -> Self {
        Self { address, token: token.map(str::to_owned) }
    }

    /// Where calls go.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes a call; the status and the answer, which is `null` if it is no JSON.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn call(&self, method: &str, path: &str, body: Option<String>) -> Result<(u16, Value)> {
        let request = self.request(method, path, body)?;
        let (status, answer) = Connection::open(self.address).await?.send(request).await?;
        Ok((status, serde_json::from_slice(&answer).unwrap_or(Value::Null)))
    }

    /// A call to be made over a connection of one's own.
    ///
    /// # Errors
    /// When method or path cannot be sent.
    pub fn request(&self, method: &str, path: &str, body: Option<String>) -> Result<Request<Full<Bytes>>> {
        let mut request = Request::builder().method(method).uri(path).header("host", self.address.to_string());
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        Ok(request.body(Full::new(Bytes::from(body.unwrap_or_default())))?)
    }

    /// Makes a call that must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ok(&self, method: &str, path: &str, body: Option<String>) -> Result<Value> {
        let (status, answer) = self.call(method, path, body).await?;
        ensure!((200..300).contains(&status), "{method} {path} answered {status}: {answer}");
        Ok(answer)
    }

    /// Makes a webhook for `url` and proves that it is the sink's; its id.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn verified_webhook(&self, sink: &Self, event_type: &str, url: &str, profile: &str) -> Result<String> {
        let wanted = json!({ "type": event_type, "url": url, "profile": profile });
        let webhook = self.ok("POST", "/v1/webhook", Some(wanted.to_string())).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a webhook came incomplete");
        let (id, file) = (text(&webhook["id"])?, text(&webhook["verification"]["file"])?);
        sink.ok("PUT", &format!("/files/{file}"), Some(text(&webhook["verification"]["content"])?)).await?;
        let result = self.ok("POST", &format!("/v1/webhooks/{id}/verify"), Some(String::new())).await?;
        if result["verified"] != true {
            bail!("{url} could not be verified: {result}");
        }
        Ok(id)
    }
}
