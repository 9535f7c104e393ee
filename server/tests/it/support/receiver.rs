//! A receiver of calls that behaves, and answers as it is told.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{net::TcpListener, sync::mpsc};

use super::within;

#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Path and query as they came.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| std::str::from_utf8(value).unwrap())
    }
}

pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    received: tokio::sync::Mutex<mpsc::UnboundedReceiver<Received>>,
}

struct Shared {
    files: Mutex<HashMap<String, String>>,
    answers: Mutex<VecDeque<Response>>,
    received: mpsc::UnboundedSender<Received>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let (listener, receiver, router) = Self::prepare().await;
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    /// The same over TLS.
    pub(crate) async fn start_tls(config: rustls::ServerConfig) -> Self {
        let (listener, receiver, router) = Self::prepare().await;
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, router) = (acceptor.clone(), router.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = TowerToHyperService::new(router);
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        receiver
    }

    async fn prepare() -> (TcpListener, Self, Router) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, received) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared { files: Mutex::default(), answers: Mutex::default(), received: sender });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        (listener, Self { address, shared, received: tokio::sync::Mutex::new(received) }, router)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Puts a file where a GET finds it.
    pub(crate) fn put(&self, path: &str, content: &str) {
        self.shared.files.lock().unwrap().insert(path.into(), content.into());
    }

    /// What the next POST (or the one after those that were told before) is answered with; 200 if nothing is told.
    pub(crate) fn answer_next(&self, response: impl IntoResponse) {
        self.shared.answers.lock().unwrap().push_back(response.into_response());
    }

    /// The next POST that comes, or came and was not looked at.
    pub(crate) async fn next(&self) -> Received {
        within("a call", async { self.received.lock().await.recv().await.unwrap() }).await
    }

    /// What came and was not looked at.
    pub(crate) async fn rest(&self) -> Vec<Received> {
        let mut received = self.received.lock().await;
        std::iter::from_fn(|| received.try_recv().ok()).collect()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method == http::Method::GET {
        let found = shared.files.lock().unwrap().get(parts.uri.path()).cloned();
        return found.map_or_else(|| http::StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response);
    }
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    let _ = shared.received.send(Received { target: parts.uri.to_string(), headers, body });
    let told = shared.answers.lock().unwrap().pop_front();
    told.unwrap_or_else(|| "ok".into_response())
}
