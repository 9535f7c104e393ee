//! Text as the rules see it: lower case, one space between words, and no names of hosts or people in it.
//!
//! A rule is about what a server says, so what says nothing is taken out first: addresses become `@`, host names and IP
//! addresses `#`, reply codes (`550`, `5.1.1`, the `550-5.1.1 ` that begins each line of a reply) and quotation marks
//! vanish, hyphens and underscores are spaces. So a host that is named `mailspamprotection` is not spam, and a
//! sentence is the same sentence wherever its lines were wrapped.

use std::ops::Range;

/// Stands where a server's reply begins: no sentence goes across it.
pub(super) const BREAK: u8 = b'|';

/// The words of a text.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) bytes: Vec<u8>,
    /// Offsets in `bytes` and in the text, both ascending.
    marks: Vec<(usize, usize)>,
    /// The reply code that went before, if its reply goes on (`550-`).
    reply: Option<[u8; 3]>,
    /// The status that went before.
    status: Option<(u8, u16, u16)>,
}

impl Words {
    /// The words of `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut words = Self { bytes: Vec::with_capacity(text.len()), marks: Vec::new(), reply: None, status: None };
        let mut at = 0;
        let bytes = text.as_bytes();
        while at < bytes.len() {
            let space = space_length(&bytes[at..]);
            if space > 0 {
                at += space;
                continue;
            }
            let start = at;
            while at < bytes.len() && space_length(&bytes[at..]) == 0 {
                at += 1;
            }
            words.token(&bytes[start..at], start);
        }
        words
    }

    /// Where a range of the words stands in the text.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let start = self.position(range.start);
        let end = self.position(range.end.saturating_sub(1)) + 1;
        start..end.max(start)
    }

    /// Where in the words a position of the text is.
    pub(super) fn at(&self, position: usize) -> usize {
        let index = self.marks.partition_point(|&(_, from)| from < position);
        self.marks.get(index).map_or(self.bytes.len(), |&(offset, _)| offset)
    }

    fn position(&self, at: usize) -> usize {
        let index = self.marks.partition_point(|&(offset, _)| offset <= at);
        let Some(&(offset, from)) = index.checked_sub(1).and_then(|index| self.marks.get(index)) else { return 0 };
        from + (at - offset)
    }

    fn token(&mut self, token: &[u8], start: usize) {
        let mut token = token;
        let mut start = start;
        // `550-5.1.1` and `550-The` begin the lines of a reply.
        let code = reply_code_length(token);
        if code > 0 {
            let number = [token[0], token[1], token[2]];
            if self.reply != Some(number) && self.bytes.last().is_some_and(|&last| last != BREAK) {
                self.mark(start);
                self.bytes.extend_from_slice(&[b' ', BREAK]);
            }
            self.reply = (code == 4).then_some(number);
        }
        token = &token[code..];
        start += code;
        if token.is_empty() {
            return;
        }
        if let Some(status) = status_of(token) {
            // A status without a reply code begins a reply as well; the same one again goes on with it.
            if code == 0 && self.status != Some(status) && self.bytes.last().is_some_and(|&last| last != BREAK) {
                self.mark(start);
                self.bytes.extend_from_slice(&[b' ', BREAK]);
            }
            self.status = Some(status);
            return;
        }
        if !self.bytes.is_empty() && self.bytes.last() != Some(&b' ') {
            self.bytes.push(b' ');
        }
        self.mark(start);
        if token.windows(3).any(|window| window == b"://") {
            self.bytes.extend(token.iter().map(u8::to_ascii_lowercase));
            return;
        }
        let (left, core, right) = core(token);
        // `TO:<user@example.org>` is a word and an address.
        let glued = core.iter().position(|&byte| byte == b'@').and_then(|at| {
            core[..at]
                .iter()
                .rposition(|byte| matches!(byte, b':' | b'<' | b';' | b'(' | b'[' | b'=' | b','))
                .map(|before| before + 1)
        });
        let (left, core) = (&token[..left.len() + glued.unwrap_or(0)], &core[glued.unwrap_or(0)..]);
        self.letters(left, start);
        let start = start + left.len();
        self.mark(start);
        if core.contains(&b'@') && core.len() > 2 {
            self.bytes.push(b'@');
        } else if is_host(core) {
            self.bytes.push(b'#');
        } else {
            self.letters(core, start);
        }
        if !right.is_empty() {
            self.mark(start + core.len());
            self.letters(right, start + core.len());
        }
    }

    /// Notes where the next byte comes from.
    fn mark(&mut self, from: usize) {
        match self.marks.last_mut() {
            Some(last) if last.0 == self.bytes.len() => last.1 = from,
            _ => self.marks.push((self.bytes.len(), from)),
        }
    }

    fn letters(&mut self, token: &[u8], start: usize) {
        let mut at = 0;
        while at < token.len() {
            let byte = token[at];
            at += 1;
            match byte {
                b'"' | b'\'' | b'`' | b'<' | b'>' => self.mark(start + at),
                // ‘ ’ “ ” and their like.
                0xe2 if token.get(at) == Some(&0x80)
                    && token.get(at + 1).is_some_and(|last| (0x98..=0x9f).contains(last)) =>
                {
                    at += 2;
                    self.mark(start + at);
                }
                0xc3..=0xc5 | 0xce | 0xd0 if at < token.len() => {
                    self.bytes.extend_from_slice(&lower_case([byte, token[at]]));
                    at += 1;
                }
                b'-' | b'_' => {
                    if self.bytes.last().is_some_and(|&last| last != b' ') {
                        self.bytes.push(b' ');
                    } else {
                        self.mark(start + at);
                    }
                }
                BREAK => self.bytes.push(b'/'),
                _ => self.bytes.push(byte.to_ascii_lowercase()),
            }
        }
    }
}

/// A letter of two bytes in UTF-8 in lower case, for Latin, Greek and Cyrillic as mail systems write them.
fn lower_case(letter: [u8; 2]) -> [u8; 2] {
    let [first, second] = letter;
    match (first, second) {
        // À to Þ, but for ×.
        (0xc3, 0x80..=0x9e) if second != 0x97 => [first, second + 0x20],
        // Ĺ to Ň and Ź to Ž have their capitals at odd places, the others at even ones. Ŀ leaves the block, İ its length.
        (0xc4, 0xb9..=0xbe) | (0xc5, 0x81..=0x88 | 0xb9..=0xbe) if second % 2 == 1 => [first, second + 1],
        (0xc4, 0x80..=0xaf | 0xb2..=0xb7) | (0xc5, 0x8a..=0xb7) if second % 2 == 0 => [first, second + 1],
        (0xc5, 0xb8) => [0xc3, 0xbf],
        // Α to Ο, Π to Ω.
        (0xce, 0x91..=0x9f) => [first, second + 0x20],
        (0xce, 0xa0 | 0xa1 | 0xa3..=0xa9) => [0xcf, second - 0x20],
        // А to П, Р to Я, Ё.
        (0xd0, 0x90..=0x9f) => [first, second + 0x20],
        (0xd0, 0xa0..=0xaf) => [0xd1, second - 0x20],
        (0xd0, 0x81) => [0xd1, 0x91],
        _ => letter,
    }
}

/// How many bytes of white space, in ASCII or beyond, the text starts with.
fn space_length(text: &[u8]) -> usize {
    match text {
        [first, ..] if first.is_ascii_whitespace() || *first < 0x20 => 1,
        [0xc2, 0xa0, ..] => 2,
        [0xe3, 0x80, 0x80, ..] | [0xe2, 0x80, 0xa8, ..] => 3,
        _ => 0,
    }
}

/// How much of a token is an SMTP reply code with what may hang on it: `550`, `550-`, `(#5.1.1)`, `550-5.1.1`.
fn reply_code_length(token: &[u8]) -> usize {
    if token.len() < 3 || !matches!(token[0], b'2' | b'4' | b'5') || !token[1..3].iter().all(u8::is_ascii_digit) {
        return 0;
    }
    match token.get(3) {
        None => 3,
        Some(b'-') => 4,
        _ => 0,
    }
}

/// The enhanced status code that a token is, `5.1.1`, with what may stand around it.
fn status_of(token: &[u8]) -> Option<(u8, u16, u16)> {
    let is_edge = |byte: &u8| {
        matches!(byte, b'(' | b')' | b'#' | b'[' | b']' | b':' | b';' | b',' | b'.' | b'<' | b'>' | b'-' | b'\'')
    };
    let start = token.iter().position(|byte| !is_edge(byte)).unwrap_or(token.len());
    let end = token.iter().rposition(|byte| !is_edge(byte)).map_or(start, |at| at + 1);
    parse_status(&token[start..end])
}

/// Reads an enhanced status code (RFC 3463, section 2).
pub(super) fn parse_status(word: &[u8]) -> Option<(u8, u16, u16)> {
    let mut parts = word.split(|&byte| byte == b'.');
    let number = |part: Option<&[u8]>| -> Option<u16> {
        let part = part?;
        let fits = !part.is_empty() && part.len() <= 3 && part.iter().all(u8::is_ascii_digit);
        fits.then(|| part.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
    };
    let (class, subject, detail) = (number(parts.next())?, number(parts.next())?, number(parts.next())?);
    let class = u8::try_from(class).ok().filter(|class| matches!(class, 2 | 4 | 5))?;
    (parts.next().is_none() && word.first().is_some_and(|first| *first == class + b'0') && word.get(1) == Some(&b'.'))
        .then_some((class, subject, detail))
}

/// A token without the punctuation around it.
fn core(token: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
    let start = token.iter().position(inner).unwrap_or(0);
    let end = token.iter().rposition(inner).map_or(token.len(), |at| at + 1).max(start);
    (&token[..start], &token[start..end], &token[end..])
}

/// Whether a word is a host name or an IP address, or one with the other in brackets.
fn is_host(word: &[u8]) -> bool {
    let end = word.iter().position(|byte| matches!(byte, b'[' | b'(')).unwrap_or(word.len());
    let name = &word[..end];
    let dots = name.iter().filter(|&&byte| byte == b'.').count();
    let colons = name.iter().filter(|&&byte| byte == b':').count();
    if colons >= 2 && name.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b':') {
        return true;
    }
    if dots == 0 || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')) {
        return false;
    }
    let last = name.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
    if dots == 3 && name.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return true;
    }
    // "…blocked.Please see…" is two sentences, not a host.
    let sentence =
        last[..1.min(last.len())].iter().all(u8::is_ascii_uppercase) && last.iter().skip(1).any(u8::is_ascii_lowercase);
    let wordy = (2..=7).contains(&last.len()) && last.iter().all(u8::is_ascii_alphabetic);
    wordy && !sentence && !name.windows(2).any(|pair| pair == b"..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_put_in_lower_case_as_unicode_has_it() {
        let blocks = ['\u{c0}'..='\u{17e}', '\u{391}'..='\u{3a9}', '\u{401}'..='\u{401}', '\u{410}'..='\u{42f}'];
        for letter in blocks.into_iter().flatten() {
            let expected: String = letter.to_lowercase().collect();
            // What has another length, or is in a block of its own, is left as it is.
            if expected.len() != 2 || letter == '\u{13f}' {
                continue;
            }
            assert_eq!(Words::of(&letter.to_string()).bytes, expected.as_bytes(), "{letter}");
        }
    }
}
