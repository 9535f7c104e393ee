//! Our own listener: clients that are slow, or many, do not keep others out.

mod body;
mod patient;

use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, response::Response};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{Instant, sleep_until},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

use body::Room;
pub use body::{Bounded, Cut, Fate};
use patient::Patient;

/// How long nothing is accepted after the machine had no more to give (file handles), so that it does not spin.
const BREATH: Duration = Duration::from_secs(1);
/// How many requests one connection of HTTP/2 makes at a time.
const STREAMS: u32 = 100;

/// How much time and room clients get.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections there are at a time; more wait until one ends.
    pub connections: usize,
    /// For the head of a request, and how long an idle connection is kept.
    pub head: Duration,
    /// Bytes of bodies of requests that are held at a time, all together.
    pub bodies: usize,
    /// For the body of a request; and how long a client is waited for that takes nothing of what it is answered.
    pub body: Duration,
}

/// What answers the requests that come in.
pub trait Answer: Clone + Send + Sync + 'static {
    /// Answers one.
    fn answer(&self, request: Request<Bounded>) -> impl Future<Output = Response> + Send;
}

impl Answer for Router {
    async fn answer(&self, request: Request<Bounded>) -> Response {
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(body.fate());
        match self.clone().oneshot(Request::from_parts(parts, Body::new(body))).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Serves until `stopping`, then finishes what is on its way.
pub async fn serve(listener: TcpListener, answer: impl Answer, limits: Limits, stopping: CancellationToken) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let bodies = Room::new(limits.bodies);
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = stopping.cancelled() => break,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_of_one_connection(&error) => continue,
            Err(error) => {
                tracing::error!(%error, "no connection could be accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let (answer, bodies, stopping) = (answer.clone(), Arc::clone(&bodies), stopping.clone());
        tasks.spawn(async move {
            connection(stream, answer, limits, bodies, stopping).await;
            drop(place);
        });
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
    )
}

async fn connection(
    stream: TcpStream,
    answer: impl Answer,
    limits: Limits,
    bodies: Arc<Room>,
    stopping: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    let asked = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&asked);
    let unread = Arc::new(AtomicBool::new(false));
    let stream = Patient::new(stream, limits.body, Arc::clone(&unread));
    let noted_unread = Arc::clone(&unread);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        noted.store(true, Ordering::Relaxed);
        let fate = Fate::new(&bodies);
        let (answer, unread) = (answer.clone(), Arc::clone(&noted_unread));
        async move {
            let request = request.map(|body| Bounded::new(body, fate.clone(), limits.body, unread));
            let response = answer.answer(request).await;
            // Until here something of the body may have been held.
            drop(fate);
            Ok::<_, Infallible>(response)
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.head);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.head)
        .keep_alive_timeout(limits.head)
        .max_concurrent_streams(STREAMS);
    let mut served = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // Which version of HTTP it is shows in the first bytes, for which hyper waits as long as it takes: we do not.
    let first = Instant::now() + limits.head;
    let mut unheard = pin!(sleep_until(first));
    let mut is_waiting = true;
    let mut is_stopping = false;
    loop {
        tokio::select! {
            // Its error is the client's: it went away, or spoke no HTTP.
            _ = served.as_mut() => return,
            () = unheard.as_mut(), if is_waiting => {
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
                is_waiting = false;
            }
            () = stopping.cancelled(), if !is_stopping => {
                is_stopping = true;
                served.as_mut().graceful_shutdown();
                // Nobody who was refused is waited for.
                unread.store(false, Ordering::Relaxed);
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
            }
        }
    }
}
