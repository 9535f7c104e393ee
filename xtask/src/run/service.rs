//! A program that runs beside this one until it is stopped.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::Signal;

use crate::interrupt::{self, Watched};

/// How long a program may take to stop before it is killed.
const GRACE: Duration = Duration::from_secs(5);
/// How many of its last lines are kept.
const KEPT_LINES: usize = 200;
/// How many of them are shown if it stops by itself.
const SHOWN_LINES: usize = 15;

/// What becomes of what it writes.
pub(crate) enum Stdout<'a> {
    /// The person sees it.
    Shown,
    /// The lines of its standard output can be read; its standard error goes into a file.
    Kept(&'a Path),
}

/// A program that runs.
pub(crate) struct Service {
    name: &'static str,
    child: Child,
    watched: Watched,
    lines: Option<Receiver<String>>,
    last: Arc<Mutex<VecDeque<String>>>,
    log: Option<PathBuf>,
    ended: Option<ExitStatus>,
}

impl Service {
    /// Starts it, in a process group of its own.
    pub(crate) fn start(name: &'static str, mut command: Command, stdout: Stdout<'_>) -> Result<Self> {
        command.stdin(Stdio::null()).process_group(0);
        let mut log = None;
        if let Stdout::Kept(file) = stdout {
            let opened = File::create(file).with_context(|| format!("{} cannot be written", file.display()))?;
            command.stdout(Stdio::piped()).stderr(opened);
            log = Some(file.to_owned());
        }
        interrupt::check()?;
        let mut child = command.spawn().with_context(|| format!("{name} could not be started"))?;
        let watched = interrupt::watch(&child);
        let last = Arc::new(Mutex::new(VecDeque::new()));
        let lines = child.stdout.take().map(|stdout| {
            let (sender, receiver) = channel();
            let last = Arc::clone(&last);
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                    if last.len() == KEPT_LINES {
                        last.pop_front();
                    }
                    last.push_back(line.clone());
                    drop(last);
                    // Where nobody reads the lines, they are only kept.
                    let _ = sender.send(line);
                }
            });
            receiver
        });
        Ok(Self { name, child, watched, lines, last, log, ended: None })
    }

    /// The next line that it writes.
    pub(crate) fn line(&self, patience: Duration) -> Result<String, RecvTimeoutError> {
        self.lines.as_ref().ok_or(RecvTimeoutError::Disconnected)?.recv_timeout(patience)
    }

    /// A line that it wrote of late.
    pub(crate) fn find_line(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.iter().rev().find(|line| wanted(line)).cloned()
    }

    /// Waits until it ends, but no longer than this.
    pub(crate) fn wait(&mut self, patience: Duration) {
        let until = Instant::now() + patience;
        while self.ended.is_none() && Instant::now() < until {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(10)),
                Ok(Some(status)) => self.ended = Some(status),
                Err(_) => return,
            }
        }
    }

    /// # Errors
    /// If it ended by itself: with the last that it said.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.wait(Duration::ZERO);
        if self.ended.is_none() {
            self.ended = self.child.try_wait().unwrap_or(None);
        }
        if let Some(status) = self.ended
            && !interrupt::interrupted()
        {
            bail!("{} ended by itself ({status}).\n{}", capitalised(self.name), self.last_lines());
        }
        Ok(())
    }

    /// The last that it wrote.
    pub(crate) fn last_lines(&self) -> String {
        let logged = self.log.as_ref().and_then(|log| std::fs::read_to_string(log).ok()).unwrap_or_default();
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<&str> = last.iter().map(String::as_str).chain(logged.lines()).collect();
        lines.get(lines.len().saturating_sub(SHOWN_LINES)..).unwrap_or_default().join("\n")
    }

    /// Asks it to stop, and kills it if it does not.
    pub(crate) fn stop(&mut self) {
        if !interrupt::interrupted() {
            self.watched.signal(Signal::SIGTERM);
        }
        self.wait(GRACE);
        if self.ended.is_none() {
            self.watched.signal(Signal::SIGKILL);
            self.ended = self.child.wait().ok();
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Service {
        let log = std::env::temp_dir().join(format!("seinpost-service-{}-{}", std::process::id(), script.len()));
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let service = Service::start("the program", command, Stdout::Kept(&log)).expect("a shell");
        std::fs::remove_file(log).expect("its log");
        service
    }

    #[test]
    fn one_that_ends_by_itself_is_an_error_with_its_last_words() {
        let mut service = shell("echo no such file; exit 2");
        service.wait(Duration::from_secs(20));
        assert_eq!(service.line(Duration::from_secs(20)).as_deref(), Ok("no such file"));
        let text = service.check().expect_err("it ended").to_string();
        assert!(text.starts_with("The program ended by itself") && text.ends_with("no such file"), "{text}");
    }

    #[test]
    fn what_it_started_is_stopped_with_it() {
        let mut service = shell("sleep 1000 & echo started; wait");
        assert_eq!(service.line(Duration::from_secs(20)).as_deref(), Ok("started"));
        service.stop();
        // The child of the shell held the other end of the pipe: it is closed once both are gone.
        assert_eq!(service.line(Duration::from_secs(20)), Err(RecvTimeoutError::Disconnected));
    }
}
