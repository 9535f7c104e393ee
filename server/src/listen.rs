//! Our own listener: clients that are slow, or many, do not keep others out.

mod patient;

use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::Response,
};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{Instant, Sleep, sleep_until},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

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
    /// For the body of a request; and how long a client is waited for that takes nothing of what it is answered.
    pub body: Duration,
}

/// What answers the requests that come in.
pub trait Answer: Clone + Send + Sync + 'static {
    /// Answers one.
    fn answer(&self, request: Request<Timed>) -> impl Future<Output = Response> + Send;
}

impl Answer for Router {
    async fn answer(&self, request: Request<Timed>) -> Response {
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(body.slow());
        match self.clone().oneshot(Request::from_parts(parts, Body::new(body))).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Serves until `stopping`, then finishes what is on its way.
pub async fn serve(listener: TcpListener, answer: impl Answer, limits: Limits, stopping: CancellationToken) {
    let room = Arc::new(Semaphore::new(limits.connections));
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
        let (answer, stopping) = (answer.clone(), stopping.clone());
        tasks.spawn(async move {
            connection(stream, answer, limits, stopping).await;
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

async fn connection(stream: TcpStream, answer: impl Answer, limits: Limits, stopping: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let asked = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&asked);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        noted.store(true, Ordering::Relaxed);
        let slow = Slow { limit: limits.body, noticed: Arc::default() };
        let answer = answer.clone();
        async move { Ok::<_, Infallible>(answer.answer(request.map(|body| Timed::new(body, slow))).await) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.head);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.head)
        .keep_alive_timeout(limits.head)
        .max_concurrent_streams(STREAMS);
    let mut served = pin!(builder.serve_connection(TokioIo::new(Patient::new(stream, limits.body)), service));
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
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
            }
        }
    }
}

/// Whether the body of a request did not come in time: goes along with the request, as whoever reads the body is told no
/// more than that it broke off.
#[derive(Clone, Debug)]
pub struct Slow {
    limit: Duration,
    noticed: Arc<AtomicBool>,
}

impl Slow {
    /// The time that it had, if it did not come within it.
    #[must_use]
    pub fn noticed(&self) -> Option<Duration> {
        self.noticed.load(Ordering::Relaxed).then_some(self.limit)
    }
}

/// The body of a request did not come in time.
#[derive(Debug)]
struct TooSlow;

impl std::fmt::Display for TooSlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body did not come in time")
    }
}

impl std::error::Error for TooSlow {}

/// A body that must have come within its time, however slowly it drips.
#[derive(Debug)]
pub struct Timed {
    body: Incoming,
    slow: Slow,
    // Begins with the first wait, so that bodies that are there at once need no timer.
    end: Option<Pin<Box<Sleep>>>,
}

impl Timed {
    fn new(body: Incoming, slow: Slow) -> Self {
        Self { body, slow, end: None }
    }

    /// Tells whether it did not come in time, also when it is gone.
    pub(crate) fn slow(&self) -> Slow {
        self.slow.clone()
    }
}

impl http_body::Body for Timed {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let time = this.slow.limit;
        let end = this.end.get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        match end.as_mut().poll(context) {
            Poll::Ready(()) => {
                this.slow.noticed.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err(Box::new(TooSlow))))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
