//! The tools of the fault suite: an intake that knows what was acknowledged, an account that is compared with what the
//! receiver saw and what the server says, and chance that can be repeated.
//!
//! The tests have a short form, which runs with all other tests, and a full one (`cargo xtask test --faults`).

pub mod account;
pub mod chance;
pub mod clock;
pub mod intake;
pub mod receivers;
pub mod tmpfs;

use std::{future::Future, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};

/// Whether the full form is asked for.
#[must_use]
pub fn is_full() -> bool {
    std::env::var_os("SEINPOST_FAULTS").is_some_and(|form| form == "full")
}

/// One of two numbers: for the full form, or for the short one.
#[must_use]
pub fn size(full: usize, short: usize) -> usize {
    if is_full() { full } else { short }
}

/// The server to test: `SEINPOST_BINARY`, or the one that Cargo has built beside this test.
///
/// # Errors
/// When there is none.
pub fn binary() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("SEINPOST_BINARY") {
        return Ok(named.into());
    }
    let test = std::env::current_exe()?;
    // target/PROFILE/deps/TEST
    let folder = test.parent().and_then(std::path::Path::parent).context("this test lies in no target folder")?;
    let binary = folder.join("seinpost");
    ensure!(binary.is_file(), "{} is not built: `cargo build -p seinpost` first", binary.display());
    Ok(binary)
}

/// Asks until the answer is yes; for conditions that nobody announces.
///
/// # Errors
/// When it is not yes in time, or asking fails.
pub async fn eventually<F>(what: &str, patience: Duration, mut question: impl FnMut() -> F) -> Result<()>
where
    F: Future<Output = Result<bool>>,
{
    let asked = async {
        let mut turns = tokio::time::interval(Duration::from_millis(20));
        loop {
            turns.tick().await;
            if question().await? {
                return Ok(());
            }
        }
    };
    match tokio::time::timeout(patience, asked).await {
        Ok(done) => done,
        Err(_) => bail!("{what}: not within {} s", patience.as_secs()),
    }
}
