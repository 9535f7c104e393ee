//! What an SMTP reply says besides its words: its codes, and the server that gave it.

use std::ops::Range;

use super::model::Status;

/// The enhanced status codes in a text, in order, with their places.
pub(super) fn statuses(text: &str) -> Vec<(Status, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at + 5 <= bytes.len() && found.len() < 20 {
        if !matches!(bytes[at], b'2' | b'4' | b'5') || bytes[at + 1] != b'.' {
            at += 1;
            continue;
        }
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let starts = before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && byte != b'.' || byte == b'-');
        let length = bytes[at..]
            .iter()
            .take(9)
            .position(|byte| !byte.is_ascii_digit() && *byte != b'.')
            .unwrap_or(9.min(bytes.len() - at));
        let word = &bytes[at..at + length];
        let word = word.strip_suffix(b".").unwrap_or(word);
        let after = bytes.get(at + word.len());
        let ends = after.is_none_or(|byte| {
            !byte.is_ascii_alphanumeric() && *byte != b'-'
                || *byte == b'-' && bytes.get(at + word.len() + 1).is_none_or(|next| !next.is_ascii_digit())
        });
        // Versions (`2.6.0 of Postfix`) and addresses of four numbers are none.
        if starts
            && ends
            && let Some(status) = Status::parse(word)
        {
            found.push((status, at..at + word.len()));
        }
        at += word.len().max(1);
    }
    found
}

/// The SMTP reply code that a text holds, if any: the first that stands where one may stand.
pub(super) fn code(text: &str) -> Option<u16> {
    let bytes = text.as_bytes();
    (0..bytes.len().saturating_sub(2)).find_map(|at| {
        if !matches!(bytes[at], b'4' | b'5')
            || !bytes[at + 1..at + 3].iter().all(u8::is_ascii_digit)
            || bytes[at + 1] > b'5'
        {
            return None;
        }
        let before = text[..at].trim_end_matches([' ', '\t', '\n']);
        let edge = at == 0
            || before.is_empty()
            || before.ends_with([':', '<', ';', '(', '-', '"', '\'', ']', '#', '>'])
            || ["smtp", "said", "error", "code", "with", "response", "says"].iter().any(|word| {
                before.get(before.len().saturating_sub(word.len())..).is_some_and(|end| end.eq_ignore_ascii_case(word))
            })
            || before.len() < at && text[before.len()..at].contains('\n');
        let starts = at == 0 || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] != b'.';
        let after = bytes.get(at + 3);
        let ends = after.is_none_or(|byte| matches!(byte, b' ' | b'-' | b'\n' | b'#' | b':' | b';' | b',' | b'\''));
        (edge && starts && ends).then(|| {
            u16::from(bytes[at] - b'0') * 100 + u16::from(bytes[at + 1] - b'0') * 10 + u16::from(bytes[at + 2] - b'0')
        })
    })
}

/// The status to state: what the server itself put after its reply code, or else the report's own, unless that is
/// generic and the server's words have one that isn't.
pub(super) fn best_status(
    field: Option<Status>,
    words: &[(Status, Range<usize>)],
    text: &str,
) -> Option<(Status, Option<Range<usize>>)> {
    let given = |found: &(Status, Range<usize>)| (found.0, Some(found.1.clone()));
    let specific = |found: &&(Status, Range<usize>)| found.0.class != 2 && !found.0.is_generic();
    let replied = |found: &&(Status, Range<usize>)| follows_code(text, found.1.start);
    // Of several, one that names a detail.
    let in_words =
        words.iter().filter(specific).find(|(status, _)| status.detail != 0).or_else(|| words.iter().find(specific));
    match field {
        Some(status) if !status.is_generic() => {
            let better = words.iter().filter(specific).find(|found| replied(found) && found.0.detail != 0);
            let better = better.or(if status.detail == 0 { in_words } else { None });
            Some(better.map_or((status, None), given))
        }
        Some(status) => Some(in_words.map_or((status, None), given)),
        None => in_words.or_else(|| words.iter().find(|(status, _)| status.class != 2)).map(given),
    }
}

/// Whether a reply code stands right before a position: `550 5.1.1`, `550-5.1.1`.
fn follows_code(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(..at).unwrap_or_default().trim_ascii_end();
    let before = before.strip_suffix(b"-").or_else(|| before.strip_suffix(b"#")).unwrap_or(before).trim_ascii_end();
    let start = before.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at + 1);
    before.len() - start == 3 && matches!(before[start], b'4' | b'5')
}

/// Host names that take part in a text: `host mx.example.org[192.0.2.1] said`, `(reading reply from mx.example.org`.
pub(super) fn hosts(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in
        text.split(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | ';' | ',' | '<' | '>' | '"'))
    {
        let word = word.trim_matches(['.', ':']);
        let is_host = word.len() > 3
            && word.contains('.')
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
            && word.bytes().any(|byte| byte.is_ascii_alphabetic());
        if is_host && found.len() < 12 {
            found.push(word.to_ascii_lowercase());
        }
    }
    found
}
