//! The calls of the REST API that the demonstration makes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;

/// The server that was started.
pub(crate) struct Api {
    agent: Agent,
    base: String,
    authorization: String,
}

impl Api {
    /// For the server that listens there.
    pub(crate) fn new(listen: SocketAddr, token: String) -> Self {
        let ip = match listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .proxy(None)
            .build()
            .into();
        let base = format!("http://{}", SocketAddr::new(ip, listen.port()));
        Self { agent, base, authorization: format!("Bearer {token}") }
    }

    /// `http://HOST:PORT`.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Whether it answers.
    pub(crate) fn is_ready(&self) -> bool {
        let url = format!("{}/health/ready", self.base);
        self.agent.get(url).call().is_ok_and(|response| response.status().is_success())
    }

    /// Reads a resource.
    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        let response = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("authorization", &self.authorization)
            .call()
            .with_context(|| format!("GET {path} was not answered"))?;
        answer(response, &format!("GET {path}"))
    }

    /// Posts a JSON text.
    pub(crate) fn post(&self, path: &str, body: &str) -> Result<Value> {
        let response = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("authorization", &self.authorization)
            .header("content-type", "application/json")
            .send(body)
            .with_context(|| format!("POST {path} was not answered"))?;
        answer(response, &format!("POST {path}"))
    }

    /// Hands in an event.
    pub(crate) fn send_event(&self, event: &str) -> Result<()> {
        self.post("/v1/events", event).map(|_| ())
    }
}

fn answer(mut response: Response<ureq::Body>, call: &str) -> Result<Value> {
    let status = response.status();
    let text = response.body_mut().read_to_string().with_context(|| format!("the answer to {call} broke off"))?;
    if !status.is_success() {
        bail!("{call} was answered with {status}: {text}");
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&text).with_context(|| format!("the answer to {call} is no JSON"))
}
