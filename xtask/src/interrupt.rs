//! Ctrl-C: everything that was started is stopped before this program ends.

use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The process groups that run now. Each child leads one of its own, so that what it starts ends with it, and so that
/// the terminal's Ctrl-C reaches only this program, which then stops them in an orderly way.
static GROUPS: Mutex<Vec<i32>> = Mutex::new(Vec::new());

/// The error of a step that was interrupted: it is no failure and needs no words.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// Catches SIGINT, SIGTERM and SIGHUP from now on. The first asks every child to stop, the second kills them.
pub(crate) fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        let again = INTERRUPTED.swap(true, Ordering::SeqCst);
        signal_all(if again { Signal::SIGKILL } else { Signal::SIGTERM });
    })
    .context("Ctrl-C could not be caught")
}

/// Whether someone asked to stop.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// An error if someone asked to stop.
pub(crate) fn check() -> Result<()> {
    if interrupted() { Err(Interrupted.into()) } else { Ok(()) }
}

/// Takes note of a child that leads its own process group, until the guard is dropped.
pub(crate) fn watch(child: &Child) -> Watched {
    let group = i32::try_from(child.id()).unwrap_or(0);
    let mut groups = GROUPS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    groups.push(group);
    Watched { group }
}

/// A process group that is stopped on Ctrl-C.
pub(crate) struct Watched {
    group: i32,
}

impl Watched {
    /// Sends a signal to the whole group. A group that is gone already is no error.
    pub(crate) fn signal(&self, signal: Signal) {
        send(self.group, signal);
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let mut groups = GROUPS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        groups.retain(|group| *group != self.group);
    }
}

fn signal_all(signal: Signal) {
    let groups = GROUPS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for group in groups.iter() {
        send(*group, signal);
    }
}

fn send(group: i32, signal: Signal) {
    // 0 and 1 would mean this very group, or every process there is.
    if group > 1 {
        // An error here means that the group has ended by itself.
        let _ = killpg(Pid::from_raw(group), signal);
    }
}
