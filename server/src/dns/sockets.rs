//! The sockets, and how much is taken from them.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UdpSocket},
    sync::Semaphore,
    time::{Instant, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    answer::Zone,
    rate::{Rate, Turn},
};
use crate::{clock::Clock, store::Store};

/// How many answers a second go to one network over UDP.
const A_SECOND: u32 = 200;
/// How many questions are answered at a time; more are dropped, and asked again by whoever needs it.
const AT_A_TIME: usize = 256;
/// How many connections there are at a time.
const CONNECTIONS: usize = 128;
/// How many questions are answered on one connection.
const QUESTIONS: usize = 100;
/// How long a connection may be idle, or take for a question or an answer.
const IDLE: Duration = Duration::from_secs(5);
/// The largest question, in bytes.
const LARGEST_QUESTION: usize = 4096;
/// How long is waited after the machine had nothing more to give.
const BREATH: Duration = Duration::from_millis(100);

/// Sockets of the same port, for UDP and TCP.
#[derive(Debug)]
pub struct Bound {
    udp: UdpSocket,
    tcp: TcpListener,
}

/// Takes the port, over UDP and TCP.
///
/// # Errors
/// When one of them cannot be had.
pub async fn bind(address: SocketAddr) -> io::Result<Bound> {
    let tcp = TcpListener::bind(address).await?;
    let udp = UdpSocket::bind(tcp.local_addr()?).await?;
    Ok(Bound { udp, tcp })
}

impl Bound {
    /// Where it listens.
    ///
    /// # Errors
    /// When the machine does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// Answers for `_domainkey.DOMAIN`, with `server` as the name of its name server, until `stopping`.
    ///
    /// # Errors
    /// When one of the names is none.
    pub fn serve(
        self,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        domain: &str,
        server: &str,
        stopping: CancellationToken,
    ) -> Result<TaskTracker, String> {
        let zone = Arc::new(Zone::new(store, clock, domain, server)?);
        let tasks = TaskTracker::new();
        let (udp, tcp) = (udp(Arc::new(self.udp), Arc::clone(&zone)), tcp(self.tcp, zone));
        let stopped = stopping.clone();
        tasks.spawn(async move {
            tokio::select! { () = udp => {} () = stopped.cancelled() => {} }
        });
        tasks.spawn(async move {
            tokio::select! { () = tcp => {} () = stopping.cancelled() => {} }
        });
        tasks.close();
        Ok(tasks)
    }
}

async fn udp(socket: Arc<UdpSocket>, zone: Arc<Zone>) {
    let rate = Rate::new(A_SECOND);
    let room = Arc::new(Semaphore::new(AT_A_TIME));
    let mut buffer = vec![0; LARGEST_QUESTION];
    loop {
        let (length, source) = match socket.recv_from(&mut buffer).await {
            Ok(received) => received,
            // What came back to an answer of ours (a closed port) is told here.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => continue,
            Err(error) => {
                tracing::warn!(%error, "no question could be received");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let turn = rate.turn(source.ip(), Instant::now());
        // An answer to port 0 goes nowhere, and a full house answers later.
        let place = match Arc::clone(&room).try_acquire_owned() {
            Ok(place) if turn != Turn::Drop && source.port() != 0 => place,
            _ => continue,
        };
        let (socket, zone, message) = (Arc::clone(&socket), Arc::clone(&zone), buffer[..length].to_vec());
        tokio::spawn(async move {
            if let Some(answer) = zone.answer(message, source, true, turn == Turn::Truncate).await {
                let _ = socket.send_to(&answer, source).await;
            }
            drop(place);
        });
    }
}

async fn tcp(listener: TcpListener, zone: Arc<Zone>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, source)) => {
                let zone = Arc::clone(&zone);
                tokio::spawn(async move {
                    // Its error is the other's: it went away, or was too slow.
                    let _ = connection(stream, source, &zone).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::debug!(%error, "no connection could be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Questions and answers, each after its length (RFC 7766).
async fn connection(mut stream: TcpStream, source: SocketAddr, zone: &Zone) -> io::Result<()> {
    for _ in 0..QUESTIONS {
        let question = timeout(IDLE, async {
            let length = usize::from(stream.read_u16().await?);
            if length > LARGEST_QUESTION {
                return Err(io::Error::other("too large"));
            }
            let mut question = vec![0; length];
            stream.read_exact(&mut question).await?;
            Ok(question)
        })
        .await??;
        let Some(answer) = zone.answer(question, source, false, false).await else { return Ok(()) };
        let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
        let framed = [&length.to_be_bytes()[..], &answer].concat();
        timeout(IDLE, stream.write_all(&framed)).await??;
    }
    Ok(())
}
