//! One step of the work: a program that is run while a person waits.
//!
//! A step that is quick says nothing. One that takes longer than a second says what it does and how far it is, and
//! in the end how long it took.

use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use nix::sys::signal::Signal;

use crate::interrupt;
use crate::ui::{self, in_words};

/// How long a step may take before it says that it is there.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line of a step is renewed on a terminal.
const REDRAW: Duration = Duration::from_millis(150);
/// How often a step speaks where there is no terminal.
const REPORT: Duration = Duration::from_secs(30);
/// How long the streams of a program that has ended are still read.
const AFTERGLOW: Duration = Duration::from_secs(2);
/// How much of a failed program's output is shown, if all of it is not wanted.
const TAIL_LINES: usize = 40;

/// What a program is doing, in words.
pub(crate) struct Step {
    title: String,
    all_output: bool,
}

/// What a program wrote.
pub(crate) struct Written {
    /// Its standard output.
    pub(crate) stdout: String,
    /// Both of its streams, in the order of their lines.
    pub(crate) all: String,
    /// Whether it ended well.
    pub(crate) success: bool,
}

enum Line {
    Out(String),
    Err(String),
}

impl Step {
    /// A step whose title completes "is to …", such as `Compile trunk`.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), all_output: false }
    }

    /// If it fails, all that it wrote is shown: for compilers, whose first error matters most.
    pub(crate) fn show_all(mut self) -> Self {
        self.all_output = true;
        self
    }

    /// Runs the program, quietly but for the step's own line.
    ///
    /// # Errors
    /// If it cannot be started or does not end well: with what it wrote.
    pub(crate) fn run(self, command: &mut Command) -> Result<Written> {
        let written = self.attempt(command)?;
        if written.success {
            return Ok(written);
        }
        let lines: Vec<&str> = written.all.lines().collect();
        let from = if self.all_output { 0 } else { lines.len().saturating_sub(TAIL_LINES) };
        if written.all.contains("No space left on device") {
            bail!("{} failed: the disk is full. Free a few gigabytes and run the same command again.", self.title);
        }
        bail!("{} failed.\n{}", self.title, lines.get(from..).unwrap_or_default().join("\n"));
    }

    /// Runs the program; that it fails is no error.
    pub(crate) fn attempt(&self, command: &mut Command) -> Result<Written> {
        let mut display = Display::new(&self.title);
        let written = follow(command, |line| {
            if let Some(line) = line {
                display.take(line);
            }
            display.tick();
        });
        display.end(written.as_ref().is_ok_and(|written| written.success));
        written
    }
}

/// Runs a program whose lines are for the person: they are shown as they come, and kept.
pub(crate) fn stream(command: &mut Command) -> Result<Written> {
    follow(command, |line| match line {
        Some(Line::Out(text)) => ui::line(text),
        Some(Line::Err(text)) => ui::note(text),
        None => {}
    })
}

/// Runs a program. `watch` sees each line as it comes, and `None` now and then while none does.
fn follow(command: &mut Command, mut watch: impl FnMut(Option<&Line>)) -> Result<Written> {
    interrupt::check()?;
    let name = command.get_program().to_string_lossy().into_owned();
    // Cargo tells how far it is to a terminal alone, unless it is asked; and then it must be told how wide one is.
    command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "100");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().with_context(|| format!("{name} could not be started. Is it installed?"))?;
    let watched = interrupt::watch(&child);
    let (sender, receiver) = channel();
    if let Some(stdout) = child.stdout.take() {
        read_lines(stdout, sender.clone(), Line::Out);
    }
    if let Some(stderr) = child.stderr.take() {
        read_lines(stderr, sender, Line::Err);
    }
    let mut written = Written { stdout: String::new(), all: String::new(), success: false };
    let mut ended = None;
    loop {
        if collect(&receiver, &mut written, &mut watch) == Streams::Ended {
            break;
        }
        match ended {
            None if child.try_wait().with_context(|| format!("{name} was lost"))?.is_some() => {
                // What it started and left behind, a server or a browser, may hold its streams for ever.
                watched.signal(Signal::SIGKILL);
                ended = Some(Instant::now());
            }
            Some(since) if since.elapsed() > AFTERGLOW => break,
            _ => {}
        }
    }
    let status = child.wait().with_context(|| format!("{name} was lost"))?;
    drop(watched);
    interrupt::check()?;
    written.success = status.success();
    Ok(written)
}

/// Whether more may come from the streams of a program.
#[derive(PartialEq, Eq)]
enum Streams {
    Quiet,
    Ended,
}

/// Takes the lines that are there, and waits a moment for more.
fn collect(receiver: &Receiver<Line>, written: &mut Written, watch: &mut impl FnMut(Option<&Line>)) -> Streams {
    loop {
        match receiver.recv_timeout(REDRAW) {
            Ok(line) => {
                watch(Some(&line));
                let (Line::Out(text) | Line::Err(text)) = &line;
                if progress_of(text).is_none() {
                    written.all.push_str(text);
                    written.all.push('\n');
                }
                if let Line::Out(text) = line {
                    written.stdout.push_str(&text);
                    written.stdout.push('\n');
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                watch(None);
                return Streams::Quiet;
            }
            Err(RecvTimeoutError::Disconnected) => return Streams::Ended,
        }
    }
}

fn read_lines<R: Read + Send + 'static>(stream: R, sender: Sender<Line>, kind: fn(String) -> Line) {
    std::thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            match stream.read_until(b'\n', &mut bytes) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            // Progress bars end their lines with a carriage return alone.
            for part in String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).split('\r') {
                if sender.send(kind(part.to_owned())).is_err() {
                    return;
                }
            }
        }
    });
}

/// How far Cargo is, if the line is one of its progress bars: `Building [===>  ] 12/345: serde, …`.
fn progress_of(line: &str) -> Option<&str> {
    let (before, after) = line.split_once('[')?;
    let (bar, rest) = after.split_once("] ")?;
    let is_bar = !bar.is_empty() && bar.bytes().all(|byte| matches!(byte, b'=' | b'>' | b' '));
    let count = rest.split([':', ' ']).next()?;
    (is_bar && !before.contains('"') && count.contains('/')).then_some(count)
}

/// The line of a step.
struct Display<'a> {
    title: &'a str,
    since: Instant,
    spoke: Option<Instant>,
    progress: String,
    terminal: bool,
}

impl<'a> Display<'a> {
    fn new(title: &'a str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { title, since: Instant::now(), spoke: None, progress: String::new(), terminal }
    }

    fn take(&mut self, line: &Line) {
        let Line::Err(text) = line else { return };
        if let Some(count) = progress_of(text) {
            count.clone_into(&mut self.progress);
        }
    }

    fn tick(&mut self) {
        let now = Instant::now();
        if now.duration_since(self.since) < PATIENCE {
            return;
        }
        let pause = if self.terminal { REDRAW } else { REPORT };
        if self.spoke.is_some_and(|spoke| now.duration_since(spoke) < pause) {
            return;
        }
        let (title, progress) = (self.title, &self.progress);
        if self.terminal {
            let took = in_words(now.duration_since(self.since));
            ui::redraw(&format!("{title} … {progress}  {took}"));
        } else if self.spoke.is_none() {
            ui::note(format!("{title} …"));
        } else {
            let took = in_words(now.duration_since(self.since));
            ui::note(format!("{title} … {progress} after {took}"));
        }
        self.spoke = Some(now);
    }

    fn end(&mut self, success: bool) {
        if self.spoke.is_none() {
            return;
        }
        if self.terminal {
            ui::redraw("");
        }
        let took = in_words(self.since.elapsed());
        let title = self.title;
        if success {
            ui::note(format!("{title}: done in {took}"));
        } else {
            ui::note(format!("{title}: stopped after {took}"));
        }
        let _ = std::io::stderr().flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_bar_is_progress_and_an_array_is_not() {
        assert_eq!(progress_of("    Building [=====>     ] 12/345: serde, syn"), Some("12/345"));
        assert_eq!(progress_of("    Building [           ] 0/3"), Some("0/3"));
        assert_eq!(progress_of("error: expected [u8] found a/b"), None);
        assert_eq!(progress_of("features = [\"a\"] 1/2"), None);
    }

    #[test]
    fn a_failure_carries_what_was_written() {
        let failed =
            Step::new("Try").run(Command::new("sh").args(["-c", "echo to stdout; echo to stderr >&2; exit 3"]));
        let text = failed.map(|_| ()).expect_err("it exits with 3").to_string();
        assert!(text.starts_with("Try failed.\n"), "{text}");
        assert!(text.contains("to stdout") && text.contains("to stderr"), "{text}");
    }

    #[test]
    fn a_program_is_over_though_what_it_left_behind_holds_its_streams() {
        // One in the same group, which is ended, and one in a group of its own.
        for behind in ["sleep 60 &", "setsid sleep 60 &"] {
            let written = Step::new("Leave").attempt(Command::new("sh").args(["-c", &format!("{behind} echo left")]));
            assert_eq!(written.expect("it starts").stdout, "left\n");
        }
    }

    #[test]
    fn a_full_disk_is_one_sentence() {
        let failed =
            Step::new("Link").run(Command::new("sh").args(["-c", "echo 'ld: No space left on device'; exit 1"]));
        let text = failed.map(|_| ()).expect_err("it exits with 1").to_string();
        assert_eq!(text, "Link failed: the disk is full. Free a few gigabytes and run the same command again.");
    }
}
