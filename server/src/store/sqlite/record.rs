//! How an attempt is written in its column.
//!
//! One call to a receiver looks much like the one before: the same names, the same server, another date and signature. So
//! an attempt is cut into pieces, and only the pieces that differ from those of a template (an earlier attempt of the same
//! webhook, kept once) are written. Base64, which is most of a signature header, is written as the bytes it stands for.

use std::net::SocketAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use seinpost_protocol::rest::{ErrorKind, Peer, TlsVersion};
use serde::{Deserialize, Serialize};

use crate::{
    fields::Fields,
    store::{AttemptRecord, RecordedBody, RecordedRequest, RecordedResponse, StoreError, StoreResult},
};

/// The form that is written; an older one is still read when the form changes.
const VERSION: u8 = 1;

/// The kinds by number: new ones go at the end.
pub(super) const KINDS: [ErrorKind; 8] = [
    ErrorKind::Dns,
    ErrorKind::RefusedTarget,
    ErrorKind::Connect,
    ErrorKind::Tls,
    ErrorKind::Timeout,
    ErrorKind::Protocol,
    ErrorKind::BrokenBody,
    ErrorKind::Internal,
];

/// How an attempt is built of its pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shape {
    pub(super) form: bool,
    /// Header fields of the request.
    pub(super) request: u32,
    /// Header fields of the response, and whether its body was cut.
    pub(super) response: Option<(u32, bool)>,
    pub(super) error: Option<u8>,
    /// For each text in turn (URL, names and values, body, error, who was reached) of which pieces it is made: `false` text, `true` base64.
    pub(super) pieces: Vec<Vec<bool>>,
}

/// An attempt in pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pieces {
    pub(super) shape: Shape,
    pub(super) bytes: Vec<Vec<u8>>,
}

/// What is written: the whole, or what differs from a template.
#[derive(Serialize, Deserialize)]
enum Written {
    Whole(Pieces),
    /// For each piece in turn that differs: how many pieces before it don't, and the difference.
    Differences(Vec<(u32, Difference)>),
}

/// A piece: the beginning and the end that it shares with the template's, and what stands between.
#[derive(Serialize, Deserialize)]
struct Difference {
    prefix: u32,
    suffix: u32,
    between: Vec<u8>,
}

impl Pieces {
    /// The attempt again, with what stands in columns of its own.
    pub(super) fn attempt(
        self,
        n: u32,
        started: i64,
        duration: u64,
        status: Option<u16>,
    ) -> StoreResult<AttemptRecord> {
        let shape = self.shape;
        let mut texts = Texts { pieces: shape.pieces.into_iter(), bytes: self.bytes.into_iter() };
        let url = String::from_utf8(texts.next()?).map_err(|_| damaged())?;
        let headers = texts.fields(shape.request)?;
        let body = if shape.form { RecordedBody::Form } else { RecordedBody::AsItCame };
        let response = match (shape.response, status) {
            (Some((fields, truncated)), Some(status)) => {
                Some(RecordedResponse { status, headers: texts.fields(fields)?, body: texts.next()?, truncated })
            }
            _ => None,
        };
        let error = match shape.error {
            Some(number) => {
                let kind = KINDS.get(usize::from(number)).copied().unwrap_or(ErrorKind::Internal);
                Some((kind, String::from_utf8(texts.next()?).map_err(|_| damaged())?))
            }
            None => None,
        };
        let peer = texts.last()?.map(|text| peer_of(&text).ok_or_else(damaged)).transpose()?;
        let request = RecordedRequest { url, headers, body };
        Ok(AttemptRecord { n, started, duration, peer, request, response, error })
    }

    /// Reads what was written; `template` is what it was written against, as it was written itself.
    pub(super) fn read(bytes: &[u8], template: Option<&[u8]>) -> StoreResult<Self> {
        let differences = match decode(bytes)? {
            Written::Whole(pieces) => return Ok(pieces),
            Written::Differences(differences) => differences,
        };
        let Written::Whole(mut pieces) = decode(template.ok_or_else(damaged)?)? else { return Err(damaged()) };
        let mut at = 0;
        for (same, difference) in differences {
            at += usize::try_from(same).map_err(|_| damaged())?;
            let piece = pieces.bytes.get_mut(at).ok_or_else(damaged)?;
            *piece = difference.applied_to(piece)?;
            at += 1;
        }
        Ok(pieces)
    }
}

impl Difference {
    fn applied_to(self, known: &[u8]) -> StoreResult<Vec<u8>> {
        let (prefix, suffix) = (self.prefix as usize, self.suffix as usize);
        let from = known.len().checked_sub(suffix).ok_or_else(damaged)?;
        let mut piece = known.get(..prefix).ok_or_else(damaged)?.to_vec();
        piece.extend(self.between);
        piece.extend_from_slice(&known[from..]);
        Ok(piece)
    }
}

/// Writes pieces whole.
pub(super) fn write_whole(pieces: Pieces) -> StoreResult<Vec<u8>> {
    encode(&Written::Whole(pieces))
}

/// Writes what differs from a template, in the form of [`Written::Differences`].
pub(super) struct Differences {
    /// How many there are, and since how many pieces there was none.
    number: u32,
    same: u32,
    written: Vec<u8>,
}

impl Differences {
    pub(super) fn new() -> Self {
        Self { number: 0, same: 0, written: Vec::with_capacity(128) }
    }

    /// The next piece, and the template's.
    pub(super) fn add(&mut self, piece: &[u8], known: &[u8]) {
        if piece == known {
            self.same += 1;
            return;
        }
        let prefix = piece.iter().zip(known).take_while(|(one, other)| one == other).count();
        let (piece_rest, known_rest) = (&piece[prefix..], &known[prefix..]);
        let suffix =
            piece_rest.iter().rev().zip(known_rest.iter().rev()).take_while(|(one, other)| one == other).count();
        let between = &piece_rest[..piece_rest.len() - suffix];
        self.varint(self.same);
        for length in [prefix, suffix, between.len()] {
            // A piece is at most some kilobytes long.
            self.varint(u32::try_from(length).unwrap_or(u32::MAX));
        }
        self.written.extend_from_slice(between);
        self.number += 1;
        self.same = 0;
    }

    pub(super) fn finish(self) -> Vec<u8> {
        // The second variant, and a list of so many.
        let mut whole = Self { number: 0, same: 0, written: Vec::with_capacity(self.written.len() + 4) };
        whole.written.extend([VERSION, 1]);
        whole.varint(self.number);
        whole.written.extend(self.written);
        whole.written
    }

    /// As postcard writes numbers: seven bits a byte, the low ones first.
    fn varint(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.written.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.written.push(number.to_le_bytes()[0]);
    }
}

/// `198.51.100.24:443`, or with `1.3` after it.
pub(super) fn peer_text(peer: &Peer) -> String {
    let address = SocketAddr::new(peer.address, peer.port);
    match peer.tls {
        None => address.to_string(),
        Some(version) => format!("{address} {}", version.as_str()),
    }
}

fn peer_of(text: &[u8]) -> Option<Peer> {
    let text = std::str::from_utf8(text).ok()?;
    let (address, tls) = match text.split_once(' ') {
        None => (text, None),
        Some((address, version)) => {
            let known = TlsVersion::ALL.into_iter().find(|known| known.as_str() == version);
            (address, Some(known?))
        }
    };
    let address: SocketAddr = address.parse().ok()?;
    Some(Peer { address: address.ip(), port: address.port(), tls })
}

/// Puts texts together again.
struct Texts {
    pieces: std::vec::IntoIter<Vec<bool>>,
    bytes: std::vec::IntoIter<Vec<u8>>,
}

impl Texts {
    /// The text that not every attempt has.
    fn last(&mut self) -> StoreResult<Option<Vec<u8>>> {
        if self.pieces.len() == 0 { Ok(None) } else { self.next().map(Some) }
    }

    fn next(&mut self) -> StoreResult<Vec<u8>> {
        let mut text = Vec::new();
        for is_base64 in self.pieces.next().ok_or_else(damaged)? {
            let bytes = self.bytes.next().ok_or_else(damaged)?;
            if is_base64 {
                text.extend(STANDARD.encode(bytes).into_bytes());
            } else {
                text.extend(bytes);
            }
        }
        Ok(text)
    }

    fn fields(&mut self, number: u32) -> StoreResult<Fields> {
        let mut fields = Fields::default();
        for _ in 0..number {
            let name = String::from_utf8(self.next()?).map_err(|_| damaged())?;
            fields.push(&name, &self.next()?);
        }
        Ok(fields)
    }
}

fn encode(written: &Written) -> StoreResult<Vec<u8>> {
    postcard::to_extend(written, vec![VERSION]).map_err(|error| StoreError::Broken(format!("an attempt: {error}")))
}

fn decode(bytes: &[u8]) -> StoreResult<Written> {
    let (&VERSION, rest) = bytes.split_first().ok_or_else(damaged)? else { return Err(damaged()) };
    postcard::from_bytes(rest).map_err(|_| damaged())
}

fn damaged() -> StoreError {
    StoreError::Broken("the record of an attempt is damaged".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::flat::Flat;

    fn attempt(date: &str, signature: &[u8], body: &[u8]) -> AttemptRecord {
        let signature = format!("v1,{} v1,x", STANDARD.encode(signature));
        let date = format!("Wed, 25 Nov 2026 {date} GMT");
        let id = format!("evt_{date}");
        AttemptRecord {
            n: 1,
            started: 5,
            duration: 7,
            peer: Some(Peer { address: [198, 51, 100, 24].into(), port: 443, tls: Some(TlsVersion::Tls13) }),
            request: RecordedRequest {
                url: "https://example.com/hook".into(),
                headers: Fields::from_iter([
                    ("Host", "example.com"),
                    ("Webhook-Id", &id),
                    ("Webhook-Signature", &signature),
                    ("Empty", ""),
                ]),
                body: RecordedBody::Form,
            },
            response: Some(RecordedResponse {
                status: 200,
                headers: Fields::from_iter([("server", "nginx"), ("date", &date)]),
                body: body.to_vec(),
                truncated: true,
            }),
            error: Some((ErrorKind::BrokenBody, "broke off".into())),
        }
    }

    fn again(pieces: Pieces) -> AttemptRecord {
        pieces.attempt(1, 5, 7, Some(200)).unwrap()
    }

    #[test]
    fn whole_and_as_differences_it_comes_back_as_it_was() {
        let first = attempt("02:18:56", &[7; 32], b"ok");
        let template = Flat::of(&first);
        let written = template.write().unwrap();
        assert_eq!(again(Pieces::read(&written, None).unwrap()), first);
        for second in [
            attempt("02:18:56", &[7; 32], b"ok"),
            attempt("02:19:56", &[8; 32], b"ok"),
            attempt("", &[255; 32], b""),
            attempt("02:18:56", &[7; 32], &[0xff; 20_000]),
        ] {
            let pieces = Flat::of(&second);
            assert_eq!(pieces.shape, template.shape);
            let differences = pieces.write_differences(&template);
            assert_eq!(again(Pieces::read(&differences, Some(&written)).unwrap()), second);
        }
        let second = Flat::of(&attempt("02:19:57", &[8; 32], b"ok"));
        let differences = second.write_differences(&template);
        assert!(differences.len() < 70, "{}", differences.len());
    }

    #[test]
    fn who_was_reached_comes_back() {
        let mut record = attempt("02:18:56", &[7; 32], b"ok");
        let local = Peer { address: std::net::Ipv6Addr::LOCALHOST.into(), port: 8080, tls: None };
        let older = Peer { tls: Some(TlsVersion::Tls12), ..local };
        for peer in [None, Some(local), Some(older)] {
            record.peer = peer;
            let written = Flat::of(&record).write().unwrap();
            assert_eq!(again(Pieces::read(&written, None).unwrap()), record);
        }
        for wrong in ["", "198.51.100.24", "198.51.100.24:443 1.4", "198.51.100.24:443 ", "example.com:443"] {
            assert_eq!(peer_of(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn base64_is_found_wherever_it_begins() {
        let (short, long) = (STANDARD.encode([0xa7; 14]), STANDARD.encode([0xa7; 32]));
        for before in 0..60 {
            for after in 0..25 {
                for between in ["-", "=", "a-", "abc d=", ", "] {
                    let frame = |base64: &str| {
                        let mut record = attempt("02:18:56", &[7; 32], b"ok");
                        let text: String = between.chars().cycle().take(before).collect();
                        record.request.headers.push("X", format!("{text};{base64};{}", "z-".repeat(after)).as_bytes());
                        record
                    };
                    for base64 in [&short, &long] {
                        let record = frame(base64);
                        let flat = Flat::of(&record);
                        assert_eq!(again(Pieces::read(&flat.write().unwrap(), None).unwrap()), record);
                        // It stands as the bytes it is of, three quarters of the letters.
                        let none = Flat::of(&frame("")).write().unwrap().len();
                        let took = flat.write().unwrap().len() - none;
                        assert!(took < base64.len(), "{between:?} {before} {after}: {took}");
                    }
                }
            }
        }
    }

    #[test]
    fn base64_that_is_none_is_kept_as_text() {
        for value in [
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAB==",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA======",
            "not/base64/but/a/path/of/just/the/right/characters",
            "=",
            "\u{e9}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\u{e9}",
        ] {
            let mut record = attempt("02:18:56", &[7; 32], b"ok");
            record.request.headers.push("X", value.as_bytes());
            let written = Flat::of(&record).write().unwrap();
            assert_eq!(again(Pieces::read(&written, None).unwrap()), record, "{value}");
        }
    }

    #[test]
    fn damage_is_an_error() {
        let record = Flat::of(&attempt("02:18:56", &[7; 32], b"ok"));
        let written = record.write().unwrap();
        let differences = Flat::of(&attempt("02:19:56", &[8; 32], b"")).write_differences(&record);
        assert!(Pieces::read(&[], None).is_err());
        assert!(Pieces::read(&[9, 9], None).is_err());
        assert!(Pieces::read(&differences, None).is_err());
        for end in 0..written.len() {
            let _ = Pieces::read(&written[..end], None).and_then(|pieces| pieces.attempt(1, 5, 7, Some(200)));
            let _ = Pieces::read(&differences, Some(&written[..end]));
        }
        for at in 0..written.len() {
            let mut changed = written.clone();
            changed[at] ^= 0xff;
            let _ = Pieces::read(&changed, None).and_then(|pieces| pieces.attempt(1, 5, 7, Some(200)));
            let _ = Pieces::read(&differences, Some(&changed));
        }
    }
}
