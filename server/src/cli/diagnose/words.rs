//! The words of the command, and other people's words made safe to show.

use seinpost_protocol::mail::Language;

/// The labels of a diagnosis.
pub(super) struct Words {
    pub(super) status: &'static str,
    pub(super) server: &'static str,
    pub(super) said: &'static str,
    pub(super) rule: &'static str,
    pub(super) advice: &'static str,
    pub(super) delayed: &'static str,
    pub(super) count: &'static str,
    pub(super) none: &'static str,
}

const ENGLISH: Words = Words {
    status: "status",
    server: "server",
    said: "said",
    rule: "rule",
    advice: "advice",
    delayed: "delayed",
    count: "mails",
    none: "no mail was found",
};

const DUTCH: Words = Words {
    status: "status",
    server: "server",
    said: "zei",
    rule: "regel",
    advice: "advies",
    delayed: "vertraagd",
    count: "mails",
    none: "er is geen mail gevonden",
};

impl Words {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }
}

/// Text of a stranger's, safe to show: no character of it can move the cursor, colour or turn round what stands beside
/// it.
pub(super) fn visible(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' | '\n' => safe.push(character),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => safe.push_str(&format!("\\x{:02x}", u32::from(character))),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// Bytes of a mail as text on one line, safe to show.
pub(super) fn on_one_line(bytes: &[u8]) -> String {
    let mut line = String::with_capacity(bytes.len());
    let mut blank = false;
    for character in String::from_utf8_lossy(bytes).chars() {
        // U+0085 is a control character that is shown as such; the mark of a byte order shows as nothing.
        let is_blank = (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}';
        if !is_blank {
            line.push(character);
        } else if !blank {
            line.push(' ');
        }
        blank = is_blank;
    }
    visible(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_stranger_moves_the_cursor() {
        assert_eq!(visible("a\u{1b}[2J\u{202e}b\u{9b}\t\n"), "a\\x1b[2J\\u202eb\\x9b\t\n");
        assert_eq!(on_one_line(b"a\r\n \t b\xff\x07"), "a b\u{fffd}\\x07");
    }
}
