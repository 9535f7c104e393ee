//! Words for the person at the terminal.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program speaks to a person at a terminal")]

use std::fmt::Display;
use std::io::Write as _;
use std::time::Duration;

/// A line of the result, on standard output.
pub(crate) fn line(text: impl Display) {
    println!("{text}");
}

/// A line about the work, on standard error.
pub(crate) fn note(text: impl Display) {
    eprintln!("{text}");
}

/// Puts a text in the place of the current line of the terminal.
pub(crate) fn redraw(text: &str) {
    eprint!("\r\u{1b}[2K{text}");
    let _ = std::io::stderr().flush();
}

/// How long something took: `4.2 s`, `3 min 12 s`.
pub(crate) fn in_words(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 10 {
        format!("{:.1} s", took.as_secs_f64())
    } else if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(in_words(Duration::from_millis(4_240)), "4.2 s");
        assert_eq!(in_words(Duration::from_secs(59)), "59 s");
        assert_eq!(in_words(Duration::from_secs(192)), "3 min 12 s");
    }
}
