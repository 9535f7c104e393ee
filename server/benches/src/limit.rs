//! The limit program L: hyper's client over kept-alive connections, sending the same bodies to the same sink, with
//! nothing stored and nothing signed. No server that works this way can be faster; the figures are ratios to it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Result, ensure};
use http_body_util::Full;
use hyper::Request;
use seinpost_protocol::event::EventType;
use tokio::task::JoinSet;

use crate::{
    client::Connection,
    event::{Template, now_ns},
};

/// Over how many connections it sends.
pub const CONNECTIONS: usize = 64;

/// Sends `count` bodies to slot 0 of the sink. How long it took from the first request to the last answer, in seconds.
///
/// # Errors
/// When a connection breaks or an answer is not 2xx.
pub async fn run(sink: SocketAddr, count: u64) -> Result<f64> {
    let template = Template::new(EventType::Delivery)?;
    let next = Arc::new(AtomicU64::new(0));
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Connection::open(sink).await?);
    }
    let began = now_ns();
    let mut tasks = JoinSet::new();
    for mut connection in connections {
        let (template, next, host) = (template.clone(), Arc::clone(&next), sink.to_string());
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return anyhow::Ok(());
                }
                let request = Request::post("/h/0")
                    .header("host", &host)
                    .header("content-type", "application/json")
                    .body(Full::new(template.body(number, now_ns())))?;
                let (status, _) = connection.send(request).await?;
                ensure!((200..300).contains(&status), "the sink answered {status}");
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok((now_ns() - began) as f64 / 1e9)
}
