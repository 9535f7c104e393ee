//! The structure of a mail: entities, their header fields and where their bodies stand.
//!
//! One pass over the bytes, whatever ends its lines (CRLF, LF or a bare CR), with positions into the mail itself so that
//! what is found later can be shown where it stands. Nothing is decoded here, and nothing is refused: a mail that is cut
//! short or breaks the rules yields what could be made out (RFC 2045 to 2049, RFC 5322).

use std::ops::Range;

use memchr::memchr2;

/// How many entities a mail may have; what comes after them is read as part of the last.
const MAX_PARTS: usize = 512;
/// How deep entities may stand in one another.
const MAX_DEPTH: usize = 12;
/// How many header fields of one entity are kept.
const MAX_FIELDS: usize = 512;

/// A header field: its name and where its value stands, folds included.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// What sort of entity a part is, as far as the reading of bounces cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartKind {
    Plain,
    Html,
    Multipart,
    /// `message/rfc822`, `message/global`, `message/partial`: a whole mail inside.
    Message,
    /// `text/rfc822-headers`, `message/rfc822-headers`, `message/global-headers`.
    Headers,
    DeliveryStatus,
    Feedback,
    Disposition,
    Other,
}

/// An entity: the mail itself, a part of a multipart, or a mail that is attached.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) parent: Option<usize>,
    pub(super) depth: usize,
    pub(super) kind: PartKind,
    pub(super) fields: Vec<Field>,
    pub(super) body: Range<usize>,
    /// Whether one of its ancestors is a mail that is attached: what is said there is the original's word.
    pub(super) quoted: bool,
    /// Whether a mail stands directly inside: then `message` is where its entity is found.
    pub(super) message: Option<usize>,
}

/// A mail in parts; the first is the mail itself.
#[derive(Debug)]
pub(super) struct Mail<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) parts: Vec<Part>,
}

/// The lines of a range, each without its line end, with the position after it.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        let end = range.end.min(bytes.len());
        Self { bytes, at: range.start.min(end), end }
    }
}

impl Iterator for Lines<'_> {
    /// The line, and where the next one starts.
    type Item = (Range<usize>, usize);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let start = self.at;
        let rest = &self.bytes[start..self.end];
        let (length, ends) = match memchr2(b'\n', b'\r', rest) {
            Some(at) if rest[at] == b'\r' && rest.get(at + 1) == Some(&b'\n') => (at, 2),
            Some(at) => (at, 1),
            None => (rest.len(), 0),
        };
        self.at = start + length + ends;
        Some((start..start + length, self.at))
    }
}

/// Where a header section ends and what it holds.
pub(super) struct Header {
    pub(super) fields: Vec<Field>,
    /// Where the body starts.
    pub(super) end: usize,
}

/// The length of a header field's name, if the line starts one.
pub(super) fn field_name(line: &[u8]) -> Option<usize> {
    let length = line.iter().position(|byte| !matches!(byte, b'!'..=b'9' | b';'..=b'~'))?;
    if length == 0 {
        return None;
    }
    // A space before the colon is against RFC 5322, and is met.
    let colon = line[length..].iter().position(|byte| !matches!(byte, b' ' | b'\t'))? + length;
    (line[colon] == b':').then_some(length)
}

/// Reads header fields until a blank line, or a line that cannot be one.
pub(super) fn read_header(bytes: &[u8], range: Range<usize>) -> Header {
    let mut fields: Vec<Field> = Vec::new();
    let mut end = range.start;
    for (line, next) in Lines::new(bytes, range) {
        let text = &bytes[line.clone()];
        if text.is_empty() {
            return Header { fields, end: next };
        }
        if matches!(text[0], b' ' | b'\t') {
            match fields.last_mut() {
                // A line of spaces alone ends some headers.
                Some(_) if text.iter().all(|byte| matches!(byte, b' ' | b'\t')) => return Header { fields, end: next },
                Some(field) => field.value.end = line.end,
                None => return Header { fields, end: line.start },
            }
        } else if let Some(length) = field_name(text) {
            let colon = text[length..].iter().position(|&byte| byte == b':').unwrap_or(0) + length + 1;
            if fields.len() < MAX_FIELDS {
                fields.push(Field { name: line.start..line.start + length, value: line.start + colon..line.end });
            }
        } else if text.starts_with(b"From ") || text.starts_with(b">From ") {
            // The separator of an mbox.
        } else {
            return Header { fields, end: line.start };
        }
        end = next;
    }
    Header { fields, end }
}

/// The value of a header parameter such as `boundary` or `charset`, without its quotes.
pub(super) fn parameter<'a>(value: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut rest = value;
    while let Some(at) = rest.iter().position(|&byte| byte == b';') {
        rest = rest[at + 1..].trim_ascii_start();
        let Some(equals) = rest.iter().position(|&byte| byte == b'=' || byte == b';') else { break };
        if rest[equals] != b'=' || !rest[..equals].trim_ascii().eq_ignore_ascii_case(name.as_bytes()) {
            continue;
        }
        let found = rest[equals + 1..].trim_ascii_start();
        return Some(match found.strip_prefix(b"\"") {
            Some(quoted) => &quoted[..quoted.iter().position(|&byte| byte == b'"').unwrap_or(quoted.len())],
            None => {
                let end = found.iter().position(|&byte| byte == b';' || byte.is_ascii_whitespace());
                &found[..end.unwrap_or(found.len())]
            }
        });
    }
    None
}

/// The media type of a `Content-Type` value, without its parameters.
fn media_type(value: &[u8]) -> String {
    let end = value.iter().position(|byte| matches!(byte, b';')).unwrap_or(value.len());
    let word = value[..end].trim_ascii();
    let end = word.iter().position(|byte| byte.is_ascii_whitespace()).unwrap_or(word.len());
    String::from_utf8_lossy(&word[..end.min(80)]).to_ascii_lowercase()
}

fn part_kind(media: &str) -> PartKind {
    match media {
        "" | "text" | "text/plain" => PartKind::Plain,
        "text/html" => PartKind::Html,
        "message/delivery-status" | "message/global-delivery-status" | "text/delivery-status" => {
            PartKind::DeliveryStatus
        }
        "message/feedback-report" | "text/feedback-report" => PartKind::Feedback,
        "message/disposition-notification" | "message/global-disposition-notification" => PartKind::Disposition,
        "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers" | "text/rfc822-header" => {
            PartKind::Headers
        }
        "message/rfc822" | "message/global" | "message/partial" | "text/rfc822" => PartKind::Message,
        _ if media.starts_with("multipart/") => PartKind::Multipart,
        _ if media.starts_with("text/") && !media.contains("calendar") => PartKind::Plain,
        _ => PartKind::Other,
    }
}

struct Open {
    part: usize,
    boundary: Vec<u8>,
    seen: bool,
}

struct Reader<'a> {
    bytes: &'a [u8],
    parts: Vec<Part>,
    open: Vec<Open>,
}

impl<'a> Mail<'a> {
    /// Takes a mail apart.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut reader = Reader { bytes, parts: Vec::new(), open: Vec::new() };
        let mut start = reader.entity(0, None);
        while start < bytes.len() {
            start = reader.body(start);
        }
        for part in &mut reader.parts {
            part.body.end = part.body.end.min(bytes.len()).max(part.body.start);
        }
        reader.without_boundary();
        Self { bytes, parts: reader.parts }
    }

    /// The first field of a part with this name, in any case.
    pub(super) fn field(&self, part: usize, name: &str) -> Option<&Field> {
        let is = |field: &&Field| self.bytes[field.name.clone()].eq_ignore_ascii_case(name.as_bytes());
        self.parts[part].fields.iter().find(is)
    }

    /// Every field of a part with this name, in any case.
    pub(super) fn fields<'s>(&'s self, part: usize, name: &'s str) -> impl Iterator<Item = &'s Field> {
        self.parts[part]
            .fields
            .iter()
            .filter(move |field| self.bytes[field.name.clone()].eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The bytes of the first field with this name, folds and all, trimmed.
    pub(super) fn raw(&self, part: usize, name: &str) -> Option<&'a [u8]> {
        self.field(part, name).map(|field| self.bytes[field.value.clone()].trim_ascii())
    }
}

impl Reader<'_> {
    /// Reads an entity's header and puts the part in the list; answers where its body starts.
    fn entity(&mut self, start: usize, parent: Option<usize>) -> usize {
        let end = self.header_limit(start);
        let header = read_header(self.bytes, start..end);
        let (depth, quoted, digest) = match parent {
            Some(at) => (
                self.parts[at].depth + 1,
                self.parts[at].quoted || self.parts[at].kind == PartKind::Message,
                self.is_digest(at),
            ),
            None => (0, false, false),
        };
        let content_type =
            header.fields.iter().find(|field| self.bytes[field.name.clone()].eq_ignore_ascii_case(b"content-type"));
        let value = content_type.map(|field| &self.bytes[field.value.clone()]);
        let media = value.map(media_type).unwrap_or_default();
        let kind = if media.is_empty() && digest { PartKind::Message } else { part_kind(&media) };
        let boundary = value.and_then(|value| parameter(value, "boundary")).map(<[u8]>::to_vec);
        let at = self.parts.len();
        // Until a boundary or the mail's end closes it.
        let body = header.end..usize::MAX;
        self.parts.push(Part { parent, depth, kind, fields: header.fields, body, quoted, message: None });
        if depth < MAX_DEPTH && at < MAX_PARTS {
            if kind == PartKind::Multipart {
                if let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) {
                    self.open.push(Open { part: at, boundary, seen: false });
                }
            } else if kind == PartKind::Message && self.is_identity(at) {
                self.parts[at].message = Some(at + 1);
                return self.entity(header.end, Some(at));
            }
        }
        header.end
    }

    /// A header section ends at the boundary of the multipart that it stands in, if no blank line ends it before.
    fn header_limit(&self, start: usize) -> usize {
        if self.open.is_empty() {
            return self.bytes.len();
        }
        for (line, _) in Lines::new(self.bytes, start..self.bytes.len()) {
            if line.is_empty() {
                break;
            }
            if self.boundary(&self.bytes[line.clone()]).is_some() {
                return line.start;
            }
        }
        self.bytes.len()
    }

    fn is_digest(&self, part: usize) -> bool {
        self.parts[part].fields.iter().any(|field| {
            self.bytes[field.name.clone()].eq_ignore_ascii_case(b"content-type")
                && media_type(&self.bytes[field.value.clone()]) == "multipart/digest"
        })
    }

    fn is_identity(&self, part: usize) -> bool {
        let encoding = self.parts[part]
            .fields
            .iter()
            .find(|field| self.bytes[field.name.clone()].eq_ignore_ascii_case(b"content-transfer-encoding"));
        encoding.is_none_or(|field| {
            let value = self.bytes[field.value.clone()].trim_ascii();
            !value.eq_ignore_ascii_case(b"base64") && !value.eq_ignore_ascii_case(b"quoted-printable")
        })
    }

    /// Which open multipart a line is the boundary of, and whether it closes it.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?;
        self.open.iter().enumerate().rev().find_map(|(at, open)| {
            let after = rest.strip_prefix(open.boundary.as_slice())?.trim_ascii_end();
            match after {
                b"" => Some((at, false)),
                b"--" => Some((at, true)),
                _ => None,
            }
        })
    }

    /// Reads a body up to the next boundary and the entity after it; answers where that entity's body starts.
    fn body(&mut self, start: usize) -> usize {
        let current = self.parts.len() - 1;
        if self.open.is_empty() {
            return self.bytes.len();
        }
        for (line, next) in Lines::new(self.bytes, start..self.bytes.len()) {
            if self.bytes.get(line.start) != Some(&b'-') {
                continue;
            }
            let Some((at, closes)) = self.boundary(&self.bytes[line.clone()]) else { continue };
            let part = self.open[at].part;
            self.close(current, part, line.start);
            self.open[at].seen = true;
            self.open.truncate(at + 1);
            if !closes {
                return self.entity(next, Some(part));
            }
            self.open.truncate(at);
            if self.open.is_empty() {
                return self.bytes.len();
            }
        }
        self.bytes.len()
    }

    /// Ends the bodies of a part and of those that it stands in, up to the multipart whose boundary came.
    fn close(&mut self, part: usize, multipart: usize, end: usize) {
        let mut at = part;
        while at != multipart {
            let body = &mut self.parts[at].body;
            if body.end == usize::MAX {
                body.end = end.max(body.start);
            }
            let Some(parent) = self.parts[at].parent else { break };
            at = parent;
        }
    }

    /// A multipart whose boundary never came is read as the text that it holds.
    fn without_boundary(&mut self) {
        for open in std::mem::take(&mut self.open) {
            if !open.seen {
                self.parts[open.part].kind = PartKind::Plain;
            }
        }
        let mut parents = vec![false; self.parts.len()];
        for part in &self.parts {
            if let Some(parent) = part.parent {
                parents[parent] = true;
            }
        }
        for (part, has_parts) in self.parts.iter_mut().zip(parents) {
            if part.kind == PartKind::Multipart && !has_parts {
                part.kind = PartKind::Plain;
            }
        }
    }
}
