//! What the tests share: a clock to drive, a client, receivers, and the server in and out of this process.

pub(crate) mod app;
pub(crate) mod client;
pub(crate) mod clock;
pub(crate) mod names;
pub(crate) mod process;
pub(crate) mod raw;
pub(crate) mod receiver;
pub(crate) mod signature;
pub(crate) mod tls;

use std::time::Duration;

/// How long anything may take before a test fails. Nothing waits this long but a test that fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What `future` gives, within the patience.
pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what} did not happen"),
    }
}
