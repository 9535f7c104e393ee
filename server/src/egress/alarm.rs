//! A deadline that is set again and again.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// One timer for all exchanges over a connection: to put a later deadline off costs next to nothing, while a timer for each
/// call is put into the runtime's wheel and taken out again, under a lock.
#[derive(Default)]
pub(super) struct Alarm {
    timer: Option<Pin<Box<Sleep>>>,
}

impl Alarm {
    /// What comes of `future`, or `None` if that is not known at `deadline`.
    pub(super) async fn at<T>(&mut self, deadline: Instant, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if let Poll::Ready(done) = future.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            if timer.deadline() != deadline {
                timer.as_mut().reset(deadline);
            }
            timer.as_mut().poll(context).map(|()| None)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Duration};

    use super::*;

    #[tokio::test(flavor = "current_thread", start_paused = true)]
    async fn it_goes_off_in_time_each_time_it_is_set() {
        let mut alarm = Alarm::default();
        let second = Duration::from_secs(1);
        for later in [second, second * 30, second * 5] {
            let began = Instant::now();
            assert_eq!(alarm.at(began + later, std::future::ready(7)).await, Some(7));
            assert_eq!(alarm.at(began + later, pending::<()>()).await, None);
            assert_eq!(began.elapsed().as_secs(), later.as_secs());
        }
        // One that went off unheard while nothing was asked is set again.
        let began = Instant::now();
        assert_eq!(alarm.at(began + second, tokio::time::sleep(second / 2)).await, Some(()));
        tokio::time::sleep(second * 10).await;
        assert_eq!(alarm.at(began + second * 20, tokio::time::sleep(second)).await, Some(()));
        assert_eq!(alarm.at(began + second * 20, pending::<()>()).await, None);
        assert_eq!(began.elapsed().as_secs(), 20);
    }
}
