//! HTTP/1.1 over one connection: a request, and its answer.
//!
//! A call is written out as it is recorded, and its answer is read by the task that makes it: there is no other task for
//! the connection, no channel between them, and no table of header fields. What comes back is bounded in every way, and
//! its head is read by `httparse`.

use std::{
    future::poll_fn,
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use memchr::{memchr, memchr_iter};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::chunks::Chunks;
use crate::fields::Fields;

/// How many header fields of an answer are kept.
const FIELDS: usize = 100;
/// No field takes less, in bytes: a name, a colon and the end of a line.
const SHORTEST_FIELD: usize = 3;
/// How much is read at a time.
const PORTION: usize = 4096;

/// What goes between us and a receiver.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection over which one request after the other is made.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    /// What came in and is not read yet.
    unread: Vec<u8>,
    /// How many bytes came in during the exchange that goes on.
    came: usize,
    /// How many bytes of heads are read, …
    most_head: usize,
    /// … and how many in all.
    most: usize,
}

/// Why an exchange, or the rest of it, came to nothing.
#[derive(Debug)]
pub(super) enum Broken {
    /// The connection ended, or did not carry any more.
    Ended(io::Error),
    /// There was more than is read.
    TooLarge,
    /// It is not HTTP/1.1; in words.
    Senseless(String),
}

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    /// In the order they came, names in lower case.
    pub(super) headers: Fields,
    /// How many there were; only the first of very many are kept.
    pub(super) fields: usize,
    framing: Framing,
    /// Whether another request can be made after it.
    pub(super) keeps: bool,
}

/// How a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    /// After so many bytes.
    Length(u64),
    Chunked,
    /// With the connection.
    Close,
}

impl Wire {
    /// Reads at most `head` bytes of heads, and `body` bytes more, for each request.
    pub(super) fn new(stream: impl Stream + 'static, head: usize, body: usize) -> Self {
        Self { stream: Box::new(stream), unread: Vec::new(), came: 0, most_head: head, most: head.saturating_add(body) }
    }

    /// How many bytes came in during the last exchange.
    pub(super) fn came(&self) -> usize {
        self.came
    }

    /// Whether nothing has come in since the last exchange, not even the end.
    pub(super) fn is_quiet(&mut self) -> bool {
        self.unread.is_empty() && self.poll_more(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    /// Writes a request and reads the head of its answer; 1xx answers are passed over.
    pub(super) async fn ask(&mut self, head: &[u8], body: &[u8]) -> Result<Head, Broken> {
        self.came = 0;
        let (mut left, mut flushed) = ([head, body], false);
        let (mut broken, mut looked_at) = (None, 0);
        poll_fn(|context| {
            if !flushed && broken.is_none() {
                match self.poll_send(context, &mut left) {
                    Poll::Ready(Ok(())) => flushed = true,
                    // It may have answered before it closed.
                    Poll::Ready(Err(error)) => broken = Some(error),
                    Poll::Pending => {}
                }
            }
            loop {
                if let Some(mut head) = self.head(&mut looked_at)? {
                    // One that answers without having read the request has not done with it.
                    head.keeps &= flushed;
                    return Poll::Ready(Ok(head));
                }
                match self.poll_more(context) {
                    Poll::Ready(Ok(0)) => return Poll::Ready(Err(self.ended_in_head())),
                    Poll::Ready(Ok(_)) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(Broken::Ended(error))),
                    Poll::Pending => {
                        return broken.take().map_or(Poll::Pending, |error| Poll::Ready(Err(Broken::Ended(error))));
                    }
                }
            }
        })
        .await
    }

    /// Reads the body that follows `head` into `body`, at most `room` bytes; whether that is all of it.
    pub(super) async fn body(&mut self, head: &Head, body: &mut Vec<u8>, room: usize) -> Result<bool, Broken> {
        let mut left = match head.framing {
            Framing::Length(length) => length,
            Framing::Chunked | Framing::Close => u64::MAX,
        };
        let mut chunks = Chunks::default();
        loop {
            let is_over = match head.framing {
                Framing::Chunked => {
                    let (used, ended) =
                        chunks.read(&self.unread, body, room).map_err(|why| Broken::Senseless(why.into()))?;
                    self.unread.drain(..used);
                    if ended {
                        return Ok(true);
                    }
                    body.len() >= room && chunks.holds_more()
                }
                Framing::Length(_) | Framing::Close => {
                    let there = usize::try_from(left).unwrap_or(usize::MAX).min(self.unread.len());
                    let taken = there.min(room - body.len());
                    body.extend(self.unread.drain(..taken));
                    left -= taken as u64;
                    if left == 0 {
                        return Ok(true);
                    }
                    taken < there
                }
            };
            if is_over || self.came > self.most {
                return Ok(false);
            }
            match poll_fn(|context| self.poll_more(context)).await {
                Ok(0) if head.framing == Framing::Close => return Ok(true),
                Ok(0) => return Err(Broken::Ended(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {}
                Err(error) => return Err(Broken::Ended(error)),
            }
        }
    }

    /// Whether all that came was read: what came without having been asked for is nobody's.
    pub(super) fn is_read(&self) -> bool {
        self.unread.is_empty()
    }

    fn poll_send(&mut self, context: &mut Context<'_>, left: &mut [&[u8]; 2]) -> Poll<io::Result<()>> {
        while left.iter().any(|part| !part.is_empty()) {
            let parts = left.map(IoSlice::new);
            let first = usize::from(left[0].is_empty());
            let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, &parts[first..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            let from_head = written.min(left[0].len());
            left[0] = &left[0][from_head..];
            left[1] = &left[1][written - from_head..];
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    /// Reads more of what comes; how much, or nothing if that is the end.
    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // Written by what is read, and by nothing before: most of the times that it is asked for, nothing came.
        let mut portion = [MaybeUninit::uninit(); PORTION];
        let mut buffer = ReadBuf::uninit(&mut portion);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
        let new = buffer.filled();
        self.unread.extend_from_slice(new);
        self.came = self.came.saturating_add(new.len());
        Poll::Ready(Ok(new.len()))
    }

    /// The head of the answer, once it is there. Looks only where something may have ended since the last time.
    fn head(&mut self, looked_at: &mut usize) -> Result<Option<Head>, Broken> {
        loop {
            let from = looked_at.saturating_sub(2).min(self.unread.len());
            let new = &self.unread[from..];
            let mut lines = memchr_iter(b'\n', new).map(|end| &new[end + 1..]).peekable();
            // The first line tells whether it is HTTP at all.
            let begins = lines.peek().is_some() && memchr(b'\n', &self.unread[..from]).is_none();
            let ends = lines.any(|next| next.starts_with(b"\n") || next.starts_with(b"\r\n"));
            *looked_at = self.unread.len();
            let mut found = None;
            if ends || begins {
                found = parse(&self.unread)?;
            }
            match found {
                Some((length, head)) => {
                    self.unread.drain(..length);
                    *looked_at = 0;
                    // 101 is no interim answer: there is none after it.
                    if head.status >= 200 || head.status == 101 {
                        return Ok(Some(head));
                    }
                    if self.came > self.most_head {
                        return Err(Broken::TooLarge);
                    }
                }
                None if self.came > self.most_head => return Err(Broken::TooLarge),
                None => return Ok(None),
            }
        }
    }

    /// It ended before the head did.
    fn ended_in_head(&self) -> Broken {
        match parse(&self.unread) {
            Err(broken) => broken,
            Ok(_) => Broken::Ended(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// Reads a head, if it is whole; its length, too.
fn parse(bytes: &[u8]) -> Result<Option<(usize, Head)>, Broken> {
    let mut fields = [MaybeUninit::uninit(); FIELDS];
    let mut response = httparse::Response::new(&mut []);
    let parser = httparse::ParserConfig::default();
    let mut parsed = parser.parse_response_with_uninit_headers(&mut response, bytes, &mut fields);
    let mut many;
    if parsed == Err(httparse::Error::TooManyHeaders) {
        // Seldom, and still what the receiver says: all are read, as each may say how the body ends.
        many = vec![MaybeUninit::uninit(); bytes.len() / SHORTEST_FIELD];
        response = httparse::Response::new(&mut []);
        parsed = parser.parse_response_with_uninit_headers(&mut response, bytes, &mut many);
    }
    let length = match parsed {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(Broken::Senseless(error.to_string())),
    };
    let status = response.code.unwrap_or_default();
    if !(100..=999).contains(&status) {
        return Err(Broken::Senseless(format!("a status of {status}")));
    }
    let is_1_1 = response.version == Some(1);
    let values = |name: &'static str| {
        response.headers.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    };
    let says = |name, token: &str| {
        values(name)
            .flat_map(|value| value.split(|byte| *byte == b','))
            .any(|each| each.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    };
    let framing = if matches!(status, 100..200 | 204 | 304) {
        Framing::Length(0)
    } else if let Some(last) = values("transfer-encoding").next_back() {
        let last = last.rsplit(|byte| *byte == b',').next().unwrap_or_default();
        let is_chunked = is_1_1 && last.trim_ascii().eq_ignore_ascii_case(b"chunked");
        if is_chunked { Framing::Chunked } else { Framing::Close }
    } else {
        length_of(values("content-length"))?.map_or(Framing::Close, Framing::Length)
    };
    let is_ambiguous = framing == Framing::Chunked && values("content-length").next().is_some();
    let stays = if is_1_1 { !says("connection", "close") } else { says("connection", "keep-alive") };
    let keeps = stays && framing != Framing::Close && status != 101 && !is_ambiguous;
    // Each takes eight bytes more than the name and the value, and six less than on the wire.
    let fields = response.headers.len();
    let mut headers = Fields::with_capacity(length + 4 * fields.min(FIELDS));
    for field in response.headers.iter().take(FIELDS) {
        headers.push_in_lower_case(field.name, field.value);
    }
    Ok(Some((length, Head { status, headers, fields, framing, keeps })))
}

/// What `Content-Length` says, once or several times the same (RFC 9110, section 8.6).
fn length_of<'a>(values: impl Iterator<Item = &'a [u8]>) -> Result<Option<u64>, Broken> {
    let mut length = None;
    for each in values.flat_map(|value| value.split(|byte| *byte == b',')) {
        let each = each.trim_ascii();
        let number = Some(each)
            .filter(|each| !each.is_empty() && each.iter().all(u8::is_ascii_digit))
            .and_then(|each| std::str::from_utf8(each).ok()?.parse().ok());
        if number.is_none() || (length.is_some() && length != number) {
            return Err(Broken::Senseless("a Content-Length that is no length".into()));
        }
        length = number;
    }
    Ok(length)
}

#[cfg(test)]
mod tests;
