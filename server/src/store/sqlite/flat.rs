//! An attempt in pieces, as it is written: all in one buffer, so that the thread that writes asks for little memory.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::record::{self, KINDS};
use crate::{
    fields::Fields,
    store::{AttemptRecord, RecordedBody, StoreResult},
};

/// Base64 shorter than this is written as the text it is.
const SHORTEST_BASE64: usize = 20;
/// How many of its bytes may be padding.
const PADDING: usize = 2;

/// A piece of text.
const TEXT: u8 = 0;
/// A piece of base64, as the bytes it stands for.
const BASE64: u8 = 1;
/// The end of a text.
const END: u8 = 2;

/// How an attempt is built of its pieces.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    form: bool,
    request: u32,
    response: Option<(u32, bool)>,
    error: Option<u8>,
    /// The kinds of the pieces of each text in turn, and its end.
    kinds: Vec<u8>,
}

/// An attempt in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flat {
    pub(super) shape: Shape,
    /// Where each piece ends in `bytes`.
    ends: Vec<usize>,
    bytes: Vec<u8>,
}

impl Flat {
    pub(super) fn of(attempt: &AttemptRecord) -> Self {
        let mut cut =
            Cut { kinds: Vec::with_capacity(96), ends: Vec::with_capacity(64), bytes: Vec::with_capacity(1024) };
        cut.text(attempt.request.url.as_bytes());
        cut.fields(&attempt.request.headers);
        let response = attempt.response.as_ref().map(|response| {
            cut.fields(&response.headers);
            cut.whole(&response.body);
            (count(&response.headers), response.truncated)
        });
        let error = attempt.error.as_ref().map(|(kind, detail)| {
            cut.whole(detail.as_bytes());
            let number = KINDS.iter().position(|each| each == kind).unwrap_or(KINDS.len() - 1);
            u8::try_from(number).unwrap_or(u8::MAX)
        });
        // At the end, so that an attempt of before it was kept is read as one without.
        if let Some(peer) = &attempt.peer {
            cut.whole(record::peer_text(peer).as_bytes());
        }
        // What else can be sent stands in a column of its own.
        let form = attempt.request.body == RecordedBody::Form;
        let shape = Shape { form, request: count(&attempt.request.headers), response, error, kinds: cut.kinds };
        Self { shape, ends: cut.ends, bytes: cut.bytes }
    }

    fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let piece = &self.bytes[from..*end];
            from = *end;
            piece
        })
    }

    /// Writes it whole.
    pub(super) fn write(&self) -> StoreResult<Vec<u8>> {
        let mut kinds = Vec::new();
        let mut text = Vec::new();
        for kind in &self.shape.kinds {
            match *kind {
                END => kinds.push(std::mem::take(&mut text)),
                kind => text.push(kind == BASE64),
            }
        }
        let shape = record::Shape {
            form: self.shape.form,
            request: self.shape.request,
            response: self.shape.response,
            error: self.shape.error,
            pieces: kinds,
        };
        record::write_whole(record::Pieces { shape, bytes: self.pieces().map(<[u8]>::to_vec).collect() })
    }

    /// Writes what differs from a template of the same shape.
    pub(super) fn write_differences(&self, template: &Self) -> Vec<u8> {
        let mut differences = record::Differences::new();
        for (piece, known) in self.pieces().zip(template.pieces()) {
            differences.add(piece, known);
        }
        differences.finish()
    }
}

/// Cuts texts into pieces.
struct Cut {
    kinds: Vec<u8>,
    ends: Vec<usize>,
    bytes: Vec<u8>,
}

impl Cut {
    fn fields(&mut self, fields: &Fields) {
        for (name, value) in fields {
            self.whole(name.as_bytes());
            self.text(value);
        }
    }

    /// A text in which no base64 is looked for.
    fn whole(&mut self, text: &[u8]) {
        self.piece(text);
        self.kinds.push(END);
    }

    fn piece(&mut self, text: &[u8]) {
        self.kinds.push(TEXT);
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    fn text(&mut self, text: &[u8]) {
        let (mut from, mut at) = (0, 0);
        let before = self.kinds.len();
        while at + SHORTEST_BASE64 <= text.len() {
            // So many digits are the least: where one of them is none, no base64 begins before it that reaches over it.
            let last = at + SHORTEST_BASE64 - PADDING - 1;
            if !IS_DIGIT[usize::from(text[last])] {
                at = last + 1;
                continue;
            }
            let end = end_of_base64(text, at);
            if end - at >= SHORTEST_BASE64 {
                let kept = self.bytes.len();
                if from < at {
                    self.bytes.extend_from_slice(&text[from..at]);
                }
                let raw = self.bytes.len();
                // What it reads it writes again just so: it takes no other padding and no stray bits.
                if STANDARD.decode_vec(&text[at..end], &mut self.bytes).is_ok() {
                    if from < at {
                        self.kinds.push(TEXT);
                        self.ends.push(raw);
                    }
                    self.kinds.push(BASE64);
                    self.ends.push(self.bytes.len());
                    from = end;
                } else {
                    self.bytes.truncate(kept);
                }
            }
            at = end.max(at + 1);
        }
        if from < text.len() || self.kinds.len() == before {
            self.piece(&text[from..]);
        }
        self.kinds.push(END);
    }
}

/// Which bytes are digits of base64: looked up, as every byte of every attempt is asked about.
const IS_DIGIT: [bool; 256] = {
    let mut is_digit = [false; 256];
    let mut byte = 0_u8;
    loop {
        is_digit[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    is_digit
};

/// Where the run of base64 that begins at `at` ends.
fn end_of_base64(text: &[u8], at: usize) -> usize {
    let is_digit = |byte: &&u8| IS_DIGIT[usize::from(**byte)];
    let digits = text[at..].iter().take_while(is_digit).count();
    if digits == 0 {
        return at;
    }
    let padding = text[at + digits..].iter().take(PADDING).take_while(|byte| **byte == b'=').count();
    at + digits + padding
}

fn count(fields: &Fields) -> u32 {
    u32::try_from(fields.len()).unwrap_or(u32::MAX)
}
