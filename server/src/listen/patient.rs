//! A connection whose client must take what it is sent, and gets the time to.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// How long a client that was refused may send nothing before its connection is closed for good.
const PAUSE: Duration = Duration::from_secs(5);

/// A stream whose writing fails once the other side has taken nothing at all for a time: whoever asks and does not read
/// would hold its connection, and what is made for it, for ever.
///
/// Where something of a request was left unread, it is closed in steps (RFC 9112 §9.6): what still comes is thrown away
/// until the client closes, too, or sends nothing for a while, but no longer than that patience lasts. Else the machine
/// would reset the connection, and the client could lose the answer that says why.
pub(super) struct Patient<S> {
    stream: S,
    patience: Duration,
    /// Since nothing is taken.
    waits: Option<Pin<Box<Sleep>>>,
    unread: Arc<AtomicBool>,
    /// Since we have closed our half; and until when at most.
    lingers: Option<(Pin<Box<Sleep>>, Instant)>,
}

impl<S: Unpin> Patient<S> {
    /// `unread` becomes true where something of a request was left unread, and false where that is of no account any more.
    pub(super) fn new(stream: S, patience: Duration, unread: Arc<AtomicBool>) -> Self {
        Self { stream, patience, waits: None, unread, lingers: None }
    }

    fn heed<T>(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if let Poll::Ready(done) = write(Pin::new(&mut self.stream), context) {
            self.waits = None;
            return Poll::Ready(done);
        }
        let patience = self.patience;
        let waits = self.waits.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        match waits.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.heed(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.heed(context, |stream, context| stream.poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.heed(context, |stream, context| stream.poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let (pause, end) = match &mut this.lingers {
            Some(lingers) => lingers,
            None => {
                ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
                if !this.unread.load(Ordering::Relaxed) {
                    return Poll::Ready(Ok(()));
                }
                let end = Instant::now() + this.patience;
                this.lingers.insert((Box::pin(sleep_until(end.min(Instant::now() + PAUSE))), end))
            }
        };
        while this.unread.load(Ordering::Relaxed) && pause.as_mut().poll(context).is_pending() {
            let mut thrown_away = [0; 16 * 1024];
            let mut buffer = ReadBuf::new(&mut thrown_away);
            match ready!(Pin::new(&mut this.stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {
                    let next = Instant::now() + PAUSE;
                    pause.as_mut().reset(next.min(*end));
                }
                // It has closed, or is gone.
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn who_takes_nothing_is_given_up() {
        let (ours, _theirs) = tokio::io::duplex(16);
        let mut ours = Patient::new(ours, Duration::from_millis(50), Arc::default());
        let error = ours.write_all(&[1; 36]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    /// How long it took to close on a client that was refused, sends all the same, and then does this.
    async fn closing<T>(then: impl AsyncFnOnce(tokio::io::DuplexStream) -> T) -> Duration {
        let (ours, mut theirs) = tokio::io::duplex(16);
        let mut ours = Patient::new(ours, Duration::from_secs(60), Arc::new(AtomicBool::new(true)));
        let began = Instant::now();
        let client = async {
            theirs.write_all(&[1; 100_000]).await.unwrap();
            assert_eq!(theirs.read_u8().await.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
            then(theirs).await
        };
        let close = async {
            ours.shutdown().await.unwrap();
            let took = began.elapsed();
            drop(ours);
            took
        };
        tokio::join!(close, client).0
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_left_unread_is_thrown_away_until_the_client_closes_or_has_had_its_time() {
        assert!(closing(async |theirs| drop(theirs)).await < PAUSE);
        let waits = closing(async |theirs| theirs);
        assert_eq!(waits.await, PAUSE);
        let drips = closing(async |mut theirs| {
            let mut drops = tokio::time::interval(Duration::from_secs(1));
            while theirs.write_all(&[1]).await.is_ok() {
                drops.tick().await;
            }
        });
        assert_eq!(drips.await, Duration::from_secs(60));
    }

    #[tokio::test]
    async fn who_takes_little_is_not() {
        let patience = Duration::from_millis(600);
        let (ours, mut theirs) = tokio::io::duplex(1);
        let mut ours = Patient::new(ours, patience, Arc::default());
        // Together the bytes take longer than the patience lasts, each of them far less.
        let slow = async {
            let mut ticks = tokio::time::interval(patience / 20);
            for _ in 0..30 {
                ticks.tick().await;
                theirs.read_u8().await.unwrap();
            }
        };
        let began = tokio::time::Instant::now();
        let (written, ()) = tokio::join!(ours.write_all(&[1; 30]), slow);
        written.unwrap();
        assert!(began.elapsed() > patience);
    }
}
