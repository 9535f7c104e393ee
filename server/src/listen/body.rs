//! Bodies of requests: each comes within its time, and all that are held at once within the memory there is for them.

use std::{
    fmt,
    future::Future as _,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

/// The memory for the bodies of all requests.
#[derive(Debug)]
pub(super) struct Room {
    most: usize,
    taken: AtomicUsize,
}

impl Room {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, taken: AtomicUsize::new(0) })
    }
}

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It did not come within this time.
    TooSlow(Duration),
    /// There is no room for it beside those that are held.
    NoRoom,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSlow(limit) => write!(f, "the body did not come within {limit:?}"),
            Self::NoRoom => f.write_str("there is no room for the body"),
        }
    }
}

impl std::error::Error for Cut {}

/// What became of the body of a request. It goes along with the request, as whoever reads the body is told no more than
/// that it broke off; and as long as it is there, what was read of the body counts as held.
#[derive(Clone, Debug)]
pub struct Fate(Arc<Held>);

#[derive(Debug)]
struct Held {
    room: Arc<Room>,
    bytes: AtomicUsize,
    cut: OnceLock<Cut>,
}

impl Fate {
    pub(super) fn new(room: &Arc<Room>) -> Self {
        Self(Arc::new(Held { room: Arc::clone(room), bytes: AtomicUsize::new(0), cut: OnceLock::new() }))
    }

    /// Why it was not read to its end, if that was our doing.
    #[must_use]
    pub fn cut(&self) -> Option<Cut> {
        self.0.cut.get().copied()
    }

    fn end(&self, cut: Cut) -> Cut {
        *self.0.cut.get_or_init(|| cut)
    }

    /// Whether there is room for so many bytes more. A body may become as large as it leaves free: the more is taken, the
    /// smaller are those that are still read, so that a few large ones do not keep out the many small ones.
    fn takes(&self, bytes: usize) -> bool {
        let Held { room, bytes: own, .. } = &*self.0;
        let left = room.most.saturating_sub(room.taken.fetch_add(bytes, Ordering::Relaxed));
        if own.load(Ordering::Relaxed).saturating_add(bytes) > left {
            room.taken.fetch_sub(bytes, Ordering::Relaxed);
            return false;
        }
        own.fetch_add(bytes, Ordering::Relaxed);
        true
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.room.taken.fetch_sub(*self.bytes.get_mut(), Ordering::Relaxed);
    }
}

/// The body of a request, which must have come within its time, however slowly it drips.
#[derive(Debug)]
pub struct Bounded {
    body: Incoming,
    fate: Fate,
    time: Duration,
    unread: Arc<AtomicBool>,
    is_read: bool,
    // Begins with the first wait, so that bodies that are there at once need no timer.
    end: Option<Pin<Box<Sleep>>>,
}

impl Bounded {
    /// `unread` becomes true where it is given up before its end.
    pub(super) fn new(body: Incoming, fate: Fate, time: Duration, unread: Arc<AtomicBool>) -> Self {
        Self { body, fate, time, unread, is_read: false, end: None }
    }

    /// Tells what became of it, also when it is gone.
    pub(crate) fn fate(&self) -> Fate {
        self.fate.clone()
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        // The end of one whose length was not announced shows only when it is read.
        if !self.is_read && !http_body::Body::is_end_stream(&self.body) {
            self.unread.store(true, Ordering::Relaxed);
        }
    }
}

impl http_body::Body for Bounded {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            this.is_read |= frame.is_none();
            let frame = frame.map(|frame| match frame {
                Ok(frame) if !this.fate.takes(frame.data_ref().map_or(0, Bytes::len)) => {
                    Err(this.fate.end(Cut::NoRoom).into())
                }
                frame => frame.map_err(Into::into),
            });
            return Poll::Ready(frame);
        }
        let time = this.time;
        let end = this.end.get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        match end.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(this.fate.end(Cut::TooSlow(time)).into()))),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_bodies_leave_room_for_small_ones_and_give_back_what_they_held() {
        let room = Room::new(100);
        let (one, other, small) = (Fate::new(&room), Fate::new(&room), Fate::new(&room));
        assert!(one.takes(30) && one.takes(20));
        // It has half: no more than it leaves free.
        assert!(!one.takes(1));
        assert!(other.takes(20) && !other.takes(20));
        assert!(small.takes(10) && small.takes(0));
        drop(one.clone());
        assert_eq!(room.taken.load(Ordering::Relaxed), 80);
        drop(one);
        assert!(other.takes(15));
        drop((other, small));
        assert_eq!(room.taken.load(Ordering::Relaxed), 0);
        assert!(!Fate::new(&room).takes(101) && !Fate::new(&room).takes(usize::MAX));
        assert_eq!(room.taken.load(Ordering::Relaxed), 0);
    }
}
