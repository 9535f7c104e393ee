//! Transfer encodings (RFC 2045, section 6), undone so that each byte's place in the mail stays known.

use std::ops::Range;

use super::mime::Lines;

/// How a body is encoded for its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    QuotedPrintable,
    Base64,
}

impl Encoding {
    pub(super) fn named(value: &[u8]) -> Self {
        let value = value.trim_ascii();
        if value.eq_ignore_ascii_case(b"base64") {
            Self::Base64
        } else if value.eq_ignore_ascii_case(b"quoted-printable") {
            Self::QuotedPrintable
        } else {
            Self::Identity
        }
    }
}

/// Bytes as they were before they were encoded, with LF as the one line end.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// Offsets in `bytes` and in the mail, ascending.
    pub(super) marks: Vec<(usize, usize)>,
}

/// Undoes an encoding. Never fails: what is not of the encoding is taken as it stands, or passed over.
pub(super) fn decode(mail: &[u8], range: Range<usize>, encoding: Encoding) -> Decoded {
    match encoding {
        Encoding::Identity => identity(mail, range),
        Encoding::QuotedPrintable => quoted_printable(mail, range),
        Encoding::Base64 => base64(mail, range),
    }
}

fn identity(mail: &[u8], range: Range<usize>) -> Decoded {
    let mut out = Decoded { bytes: Vec::with_capacity(range.len()), marks: Vec::new() };
    for (line, _) in Lines::new(mail, range) {
        out.marks.push((out.bytes.len(), line.start));
        out.bytes.extend_from_slice(&mail[line]);
        out.bytes.push(b'\n');
    }
    out
}

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

fn quoted_printable(mail: &[u8], range: Range<usize>) -> Decoded {
    let mut out = Decoded { bytes: Vec::with_capacity(range.len()), marks: Vec::new() };
    for (line, _) in Lines::new(mail, range) {
        let start = line.start;
        let line = mail[line].trim_ascii_end();
        let mut at = 0;
        let mut soft = false;
        out.marks.push((out.bytes.len(), start));
        while at < line.len() {
            let stretch = memchr::memchr(b'=', &line[at..]).unwrap_or(line.len() - at);
            out.bytes.extend_from_slice(&line[at..at + stretch]);
            at += stretch;
            if at == line.len() {
                break;
            }
            if at + 1 == line.len() {
                soft = true;
                break;
            }
            let digits = (hex(line[at + 1]), line.get(at + 2).and_then(|&byte| hex(byte)));
            if let (Some(high), Some(low)) = digits {
                out.bytes.push(high << 4 | low);
                at += 3;
                out.marks.push((out.bytes.len(), start + at));
            } else {
                out.bytes.push(b'=');
                at += 1;
            }
        }
        if !soft {
            out.bytes.push(b'\n');
        }
    }
    out
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

fn base64(mail: &[u8], range: Range<usize>) -> Decoded {
    let mut out = Decoded { bytes: Vec::with_capacity(range.len() / 4 * 3), marks: Vec::new() };
    let (mut bits, mut held) = (0u32, 0u32);
    let mut last_return = false;
    for (line, _) in Lines::new(mail, range) {
        for at in line {
            let Some(value) = sextet(mail[at]) else { continue };
            bits = bits << 6 | value;
            held += 6;
            if held < 8 {
                continue;
            }
            held -= 8;
            let byte = (bits >> held & 0xff) as u8;
            // Line ends inside become LF, as everywhere.
            let line_end = byte == b'\n' && last_return;
            last_return = byte == b'\r';
            if line_end {
                continue;
            }
            let starts_line = out.bytes.last().is_none_or(|&last| last == b'\n');
            if starts_line {
                out.marks.push((out.bytes.len(), at));
            }
            out.bytes.push(if byte == b'\r' { b'\n' } else { byte });
        }
    }
    if out.bytes.last().is_some_and(|&last| last != b'\n') {
        out.bytes.push(b'\n');
    }
    out
}
