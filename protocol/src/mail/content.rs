//! What a part says, as text: transfer encoding and character set undone, markup taken out.

use std::ops::Range;

use super::charset::{self, Charsets};
use super::mime::{Lines, Mail, Part, PartKind, parameter};
use super::text::Text;
use super::transfer::{self, Decoded, Encoding};

/// How much of a part is read as text. Reports are short; what is longer is the mail that is sent back.
const MAX_TEXT: usize = 64 * 1024;

/// The text of a part.
pub(super) fn read(mail: &Mail<'_>, part: usize, charsets: &dyn Charsets) -> Text {
    let entity = &mail.parts[part];
    let field = |name: &str| mail.raw(part, name).unwrap_or_default();
    let encoding = Encoding::named(field("content-transfer-encoding"));
    let label = parameter(field("content-type"), "charset").unwrap_or_default();
    let label = String::from_utf8_lossy(&label[..label.len().min(60)]).into_owned();
    let range = bounded(entity, encoding);
    let raw = &mail.bytes[range.clone()];
    if encoding == Encoding::Identity && charset::is_plain(&label, raw) && entity.kind != PartKind::Html {
        let text = plain(mail.bytes, range);
        return if looks_like_html(text.as_str()) { without_markup(&text) } else { text };
    }
    let text = text_of(transfer::decode(mail.bytes, range.clone(), encoding), &label, range.end, charsets);
    if entity.kind == PartKind::Html || looks_like_html(text.as_str()) { without_markup(&text) } else { text }
}

/// The text of ASCII bytes that are not encoded: all but their line ends as it stands.
fn plain(mail: &[u8], range: Range<usize>) -> Text {
    let Ok(whole) = std::str::from_utf8(&mail[range.clone()]) else { return Text::default() };
    let mut text = Text::with_capacity(whole.len());
    for (line, next) in Lines::new(mail, range.clone()) {
        text.push(&whole[line.start - range.start..line.end - range.start], line.start..line.end);
        if next > line.end {
            text.push("\n", line.end..next);
        }
    }
    text
}

fn bounded(entity: &Part, encoding: Encoding) -> Range<usize> {
    let factor = if encoding == Encoding::Identity { 1 } else { 3 };
    // Markup carries more than it says.
    let factor = if entity.kind == PartKind::Html { factor * 4 } else { factor };
    entity.body.start..entity.body.end.min(entity.body.start.saturating_add(MAX_TEXT * factor))
}

fn text_of(decoded: Decoded, label: &str, end: usize, charsets: &dyn Charsets) -> Text {
    let mut text = Text::default();
    if charset::is_plain(label, &decoded.bytes) {
        let mut marks = decoded.marks.iter().peekable();
        while let Some(&(offset, source)) = marks.next() {
            let (stop, source_end) = marks.peek().map_or((decoded.bytes.len(), end), |&&(at, source)| (at, source));
            if let Ok(piece) = std::str::from_utf8(&decoded.bytes[offset..stop]) {
                text.push(piece, source..source_end);
            }
        }
        return text;
    }
    if label.to_ascii_lowercase().starts_with("utf-16") {
        let whole = charset::decode(label, &decoded.bytes, charsets).replace("\r\n", "\n").replace('\r', "\n");
        text.push(&whole, decoded.marks.first().map_or(end, |&(_, source)| source)..end);
        return text;
    }
    // Line by line, so that each line's place stays known: in every set that mail is written in, a line starts anew.
    let mut at = 0;
    for line in decoded.bytes.split_inclusive(|&byte| byte == b'\n') {
        let index = decoded.marks.partition_point(|&(offset, _)| offset <= at);
        let source = index.checked_sub(1).map_or(end, |index| {
            let (offset, from) = decoded.marks[index];
            from + (at - offset)
        });
        at += line.len();
        let next = decoded.marks.get(index).map_or(end, |&(_, source)| source);
        text.push(&charset::decode(label, line, charsets), source..next.max(source));
    }
    text
}

fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start();
    let begins = |prefix: &str| start.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    begins("<html") || begins("<!doctype html")
}

/// Takes the tags out of markup: blocks end lines, entities become what they name, scripts and styles go.
pub(super) fn without_markup(markup: &Text) -> Text {
    let source = markup.as_str();
    let mut text = Text::default();
    let tags = ["<br", "<p", "<div", "<t", "<pre", "<li", "<h"];
    let line_end = if tags.iter().any(|tag| find_ignoring_case(source, tag).is_some()) { " " } else { "\n" };
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        match rest.as_bytes()[0] {
            b'<' if rest
                .as_bytes()
                .get(1)
                .is_some_and(|&byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!'))
                && !is_address(rest) =>
            {
                let length = tag_length(rest);
                if ends_line(&rest[1..]) {
                    text.push("\n", markup.source(at..at + 1));
                }
                at += length;
            }
            b'&' => {
                let (decoded, length) = entity(rest);
                text.push(decoded, markup.source(at..at + length));
                at += length;
            }
            _ => {
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let length = rest[first..].find(['<', '&']).map_or(rest.len(), |next| next + first);
                // The line ends of markup are spaces, each in its place; text without markup keeps its lines.
                for line in rest[..length].split_inclusive('\n') {
                    let range = at..at + line.len();
                    at += line.len();
                    text.push(line.trim_end_matches('\n'), markup.source(range.clone()));
                    if line.ends_with('\n') {
                        text.push(line_end, markup.source(range.end - 1..range.end));
                    }
                }
            }
        }
    }
    text
}

/// Some systems write `<user@example.org>` into markup without escaping it.
fn is_address(rest: &str) -> bool {
    let window = &rest.as_bytes()[1..rest.len().min(400)];
    let inside = &window[..window.iter().position(|&byte| byte == b'>').unwrap_or(0)];
    inside.contains(&b'@') && !inside.iter().any(|&byte| byte.is_ascii_whitespace() || byte == b'"')
}

/// The length of a tag, with what a script, a style or a comment holds.
fn tag_length(rest: &str) -> usize {
    let name: String = rest[1..].chars().take(8).collect::<String>().to_ascii_lowercase();
    let end = if name.starts_with("!--") {
        "-->"
    } else if name.starts_with("script") {
        "</script"
    } else if name.starts_with("style") {
        "</style"
    } else {
        return rest.find('>').map_or(rest.len(), |at| at + 1);
    };
    if end == "-->" {
        return rest.find(end).map_or(rest.len(), |at| at + end.len());
    }
    // Whatever stands where the end tag should close is skipped with it: it may be more than one byte.
    find_ignoring_case(rest, end).map_or(rest.len(), |at| {
        let after = at + end.len();
        after + rest[after..].chars().next().map_or(0, char::len_utf8)
    })
}

fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    text.as_bytes().windows(what.len()).position(|window| window.eq_ignore_ascii_case(what.as_bytes()))
}

fn ends_line(tag: &str) -> bool {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    let blocks = [
        "br",
        "p",
        "div",
        "tr",
        "table",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "blockquote",
        "body",
        "head",
        "title",
        "center",
    ];
    blocks.iter().any(|block| tag[..end].eq_ignore_ascii_case(block))
}

fn entity(rest: &str) -> (&str, usize) {
    let known = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
        ("&quot;", "\""),
        ("&nbsp;", " "),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&#34;", "\""),
        ("&#43;", "+"),
        ("&#64;", "@"),
        ("&#160;", " "),
        ("&#8203;", ""),
    ];
    known.iter().find(|(name, _)| rest.starts_with(name)).map_or(("&", 1), |&(name, char)| (char, name.len()))
}
