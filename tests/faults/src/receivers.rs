//! Bad receivers: each listens, and treats every connection badly in its own way.

use std::{
    io::Write as _,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use anyhow::{Context as _, Result, bail, ensure};
use flate2::{Compression, write::GzEncoder};
use seinpost_bench::api::Api;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Duration, interval},
};

/// How a receiver is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Takes the connection and says nothing, ever.
    Silent,
    /// Closes the connection as soon as it stands.
    ClosesAtOnce,
    /// Reads the request and closes.
    ClosesAfterRequest,
    /// Answers one byte a second.
    Drips,
    /// Sends header fields for ever.
    EndlessHeader,
    /// Sends 1xx answers for ever.
    EndlessInterim,
    /// Says 200, and a body that never ends.
    EndlessBody,
    /// Says 200 and promises more than it sends.
    BreaksOff,
    /// Sends megabytes of gzip that unpack to gigabytes.
    GzipBomb,
    /// Says something that is no HTTP.
    NoHttp,
    /// Says 101.
    Upgrades,
    /// Says 301 to another place.
    Redirects,
    /// Says 200 in a header that is cut in the middle.
    CutHeader,
    /// Says 500.
    Fails,
}

/// All of them.
pub const ALL: [Kind; 14] = [
    Kind::Silent,
    Kind::ClosesAtOnce,
    Kind::ClosesAfterRequest,
    Kind::Drips,
    Kind::EndlessHeader,
    Kind::EndlessInterim,
    Kind::EndlessBody,
    Kind::BreaksOff,
    Kind::GzipBomb,
    Kind::NoHttp,
    Kind::Upgrades,
    Kind::Redirects,
    Kind::CutHeader,
    Kind::Fails,
];

impl Kind {
    /// Whether a call counts as delivered nevertheless: the status line is the verdict, whatever becomes of the body.
    #[must_use]
    pub fn accepts(self) -> bool {
        matches!(self, Self::EndlessBody | Self::BreaksOff | Self::GzipBomb)
    }
}

/// A bad receiver. It is good until it was proven that it wants to be called.
#[derive(Debug)]
pub struct BadReceiver {
    /// How it is bad.
    pub kind: Kind,
    /// Where it listens.
    pub address: SocketAddr,
    /// The verification file, as long as it is good.
    file: Arc<Mutex<Option<String>>>,
}

impl BadReceiver {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start(kind: Kind) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let file = Arc::new(Mutex::new(Some(String::new())));
        let served = Arc::clone(&file);
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let content = served.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // Whom it treats badly hangs up: that is no error of the test.
                tokio::spawn(async move {
                    match content {
                        Some(content) => drop(serve(stream, &content).await),
                        None => drop(treat(kind, stream).await),
                    }
                });
            }
        });
        Ok(Self { kind, address, file })
    }

    /// Makes a webhook for it and proves that it wants it; from then on it is bad. The webhook's id.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn webhook(&self, api: &Api, event_type: &str) -> Result<String> {
        let wanted = json!({ "type": event_type, "url": format!("http://{}/", self.address) });
        let webhook = api.ok("POST", "/v1/webhook", Some(wanted.to_string())).await?;
        let id = webhook["id"].as_str().context("a webhook without an id")?.to_owned();
        let content = webhook["verification"]["content"].as_str().context("no verification file")?.to_owned();
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = Some(content);
        let result = api.ok("POST", &format!("/v1/webhooks/{id}/verify"), Some(String::new())).await?;
        ensure!(result["verified"] == true, "{:?} could not be verified: {result}", self.kind);
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(id)
    }
}

async fn serve(mut stream: TcpStream, content: &str) -> Result<()> {
    request(&mut stream).await?;
    let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{content}", content.len());
    stream.write_all(answer.as_bytes()).await?;
    Ok(stream.shutdown().await?)
}

async fn treat(kind: Kind, mut stream: TcpStream) -> Result<()> {
    match kind {
        Kind::Silent => return silence(stream).await,
        Kind::ClosesAtOnce => return Ok(()),
        _ => {}
    }
    request(&mut stream).await?;
    match kind {
        Kind::Drips => {
            let mut second = interval(Duration::from_secs(1));
            for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n" {
                second.tick().await;
                stream.write_all(&[*byte]).await?;
            }
        }
        Kind::EndlessHeader => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                stream.write_all(b"x-filler: 0123456789012345678901234567890123456789\r\n").await?;
            }
        }
        Kind::EndlessInterim => loop {
            stream.write_all(b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n").await?;
        },
        Kind::EndlessBody => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            loop {
                stream.write_all(b"10\r\n0123456789abcdef\r\n").await?;
            }
        }
        Kind::BreaksOff => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf").await?,
        Kind::GzipBomb => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n").await?;
            // Each part of 32 KiB unpacks to 32 MiB, and so does each after it (RFC 1952 §2.2).
            let part = bomb()?;
            for _ in 0..1024 {
                stream.write_all(part).await?;
            }
        }
        Kind::NoHttp => stream.write_all(b"220 mail.example.com ESMTP ready\r\n").await?,
        Kind::Upgrades => {
            stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n").await?;
            return silence(stream).await;
        }
        Kind::Redirects => {
            let answer = b"HTTP/1.1 301 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await?;
        }
        Kind::CutHeader => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le").await?,
        Kind::Fails => stream.write_all(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n").await?,
        Kind::Silent | Kind::ClosesAtOnce | Kind::ClosesAfterRequest => {}
    }
    stream.shutdown().await?;
    Ok(())
}

/// What unpacks to a thousand times as much.
fn bomb() -> Result<&'static [u8]> {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(bomb) = BOMB.get() {
        return Ok(bomb);
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let nothing = vec![0; 1 << 20];
    for _ in 0..32 {
        packed.write_all(&nothing)?;
    }
    let packed = packed.finish()?;
    Ok(BOMB.get_or_init(|| packed))
}

/// Reads until the other side hangs up, and says nothing.
async fn silence(mut stream: TcpStream) -> Result<()> {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).await? > 0 {}
    Ok(())
}

/// Reads one request with its body.
async fn request(stream: &mut TcpStream) -> Result<()> {
    let mut read = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            bail!("no whole request came");
        }
        read.extend_from_slice(&buffer[..count]);
        let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        if read.len() >= end + 4 + length.unwrap_or(0) {
            return Ok(());
        }
    }
}
