//! How many tests passed and failed, read from what the test programs wrote.

use std::ops::AddAssign;

/// Tests that were run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Counts {
    /// Reads the closing lines of cargo test, of wasm-bindgen-test, of nextest and of Node's test runner.
    pub(crate) fn read(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines() {
            let line = without_colours(line);
            // Where it is indented it is one failed test's own output, which nextest shows and has counted.
            if let Some(rest) = line.strip_prefix("test result: ") {
                counts.add_worded(rest.split([';', '.']));
                continue;
            }
            let line = line.trim();
            if line.starts_with("Summary [") {
                if let Some((_, rest)) = line.split_once("tests run:").or_else(|| line.split_once("test run:")) {
                    counts.add_worded(rest.split([',', '(']));
                }
            } else if let Some(rest) = line.strip_prefix("\u{2139} ") {
                counts.add_node(rest);
            }
        }
        counts
    }

    /// `12 passed`, `0 failed`, `1 timed out`.
    fn add_worded<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        for part in parts {
            let Some((number, what)) = part.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what {
                "passed" => self.passed += number,
                "failed" | "timed out" | "exec failed" => self.failed += number,
                _ => {}
            }
        }
    }

    /// `pass 12`, `fail 0`, `cancelled 0`.
    fn add_node(&mut self, text: &str) {
        let Some((what, number)) = text.split_once(' ') else { return };
        let Ok(number) = number.parse::<u64>() else { return };
        match what {
            "pass" => self.passed += number,
            "fail" | "cancelled" => self.failed += number,
            _ => {}
        }
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // An escape sequence ends with its first letter.
            for character in characters.by_ref() {
                if character.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: &str, passed: u64, failed: u64) {
        assert_eq!(Counts::read(output), Counts { passed, failed });
    }

    #[test]
    fn cargo_test_and_wasm_bindgen_test() {
        check("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s", 12, 0);
        check("test result: FAILED. 1 passed; 2 failed; 0 ignored\ntest result: ok. 3 passed; 0 failed;", 4, 2);
    }

    #[test]
    fn nextest() {
        check("     Summary [   0.034s] 40 tests run: 38 passed (1 slow), 2 failed, 1 skipped", 38, 2);
        check("     Summary [   0.034s] 3 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped", 1, 2);
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [   0.004s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped",
            1,
            0,
        );
    }

    #[test]
    fn a_failed_test_shown_by_nextest_counts_once() {
        let shown = "  stdout ───\n\n    test result: FAILED. 0 passed; 1 failed; 0 ignored\n";
        check(&format!("{shown}     Summary [   0.034s] 2 tests run: 1 passed, 1 failed, 0 skipped"), 1, 1);
    }

    #[test]
    fn node() {
        check("\u{2139} tests 5\n\u{2139} pass 3\n\u{2139} fail 1\n\u{2139} cancelled 1\n\u{2139} skipped 0", 3, 2);
    }

    #[test]
    fn prose_is_no_result() {
        check("the test said: 5 passed\n12 failed attempts", 0, 0);
    }
}
