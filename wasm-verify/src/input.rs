//! How JavaScript lays out a request in memory.
//!
//! Words (32 bits, little endian), then bytes:
//!
//! | words | hold |
//! |---|---|
//! | 0 | length of the method |
//! | 1 | length of the URL |
//! | 2 | number of header fields |
//! | 3 | flags: 1 SHA-256 is there, 2 SHA-512 is there, 4 the body is there, 8 the host computes inner hashes |
//! | 4 | length of the body |
//! | 5, 6, 7 | answer on the signature, its number, the length of its detail |
//! | 8, 9 | answer on the nonce, the length of its detail |
//! | 10 | language: 0 English, 1 Dutch |
//! | 11 | not used |
//! | 12–19 | SHA-256 of the body |
//! | 20–35 | SHA-512 of the body |
//! | 36… | for each header field the length of its name and of its value |
//!
//! The bytes are those of the method, the URL, each name and value, the two details, and the body, with nothing
//! between them. The answers are read by `report` alone.

use seinpost_protocol::message::{Body, Field, MAX_FIELDS};
use seinpost_protocol::verify::Language;

const FIXED_WORDS: usize = 36;

/// A request as it stands in memory.
#[cfg_attr(not(feature = "whole"), expect(dead_code, reason = "answers are read by reports alone"))]
pub(crate) struct Input<'a> {
    pub(crate) method: &'a [u8],
    pub(crate) url: &'a [u8],
    pub(crate) fields: Vec<Field<'a>>,
    pub(crate) body: Body,
    /// The body itself, where it is there.
    pub(crate) bytes: Option<&'a [u8]>,
    /// Whether the host computes the inner hash of an HMAC.
    pub(crate) host_hashes: bool,
    pub(crate) signature: Answer<'a>,
    pub(crate) nonce: Answer<'a>,
    pub(crate) language: Language,
}

/// An answer of the host.
#[cfg_attr(not(feature = "whole"), expect(dead_code, reason = "answers are read by reports alone"))]
pub(crate) struct Answer<'a> {
    pub(crate) kind: u32,
    pub(crate) number: u32,
    pub(crate) detail: &'a [u8],
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

fn word(bytes: &[u8], index: usize) -> Option<u32> {
    let at = index.checked_mul(4)?;
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn size(bytes: &[u8], index: usize) -> Option<usize> {
    word(bytes, index).and_then(|word| usize::try_from(word).ok())
}

impl<'a> Input<'a> {
    /// Reads the layout; `None` if it does not hold together, which only a fault in the JavaScript can cause.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let count = size(bytes, 2)?;
        if count > MAX_FIELDS {
            return None;
        }
        let mut cursor = Cursor { rest: bytes.get((FIXED_WORDS + 2 * count) * 4..)? };
        let method = cursor.take(size(bytes, 0)?)?;
        let url = cursor.take(size(bytes, 1)?)?;
        let mut fields = Vec::with_capacity(count);
        for index in 0..count {
            let name = cursor.take(size(bytes, FIXED_WORDS + 2 * index)?)?;
            let value = cursor.take(size(bytes, FIXED_WORDS + 2 * index + 1)?)?;
            fields.push(Field { name, value });
        }
        let signature =
            Answer { kind: word(bytes, 5)?, number: word(bytes, 6)?, detail: cursor.take(size(bytes, 7)?)? };
        let nonce = Answer { kind: word(bytes, 8)?, number: 0, detail: cursor.take(size(bytes, 9)?)? };
        let flags = word(bytes, 3)?;
        let length = word(bytes, 4)?;
        Some(Self {
            method,
            url,
            fields,
            body: Body {
                length: u64::from(length),
                sha256: if flags & 1 == 0 { None } else { bytes.get(48..80)?.try_into().ok() },
                sha512: if flags & 2 == 0 { None } else { bytes.get(80..144)?.try_into().ok() },
            },
            bytes: if flags & 4 == 0 { None } else { cursor.take(usize::try_from(length).ok()?) },
            host_hashes: flags & 8 != 0,
            signature,
            nonce,
            language: if word(bytes, 10)? == 1 { Language::Dutch } else { Language::English },
        })
    }
}
