//! A mail with what all ways of reading it need.

use std::cell::OnceCell;

use super::address;
use super::bounce;
use super::charset::Charsets;
use super::complaint;
use super::content;
use super::fields::{self, Report};
use super::header;
use super::mime::{Mail, PartKind};
use super::model::{Diagnosis, Kind, Original};
use super::notice::Notice;
use super::notification;
use super::reply;
use super::rules::{Hit, RULES};
use super::text::Text;
use super::words::Words;

/// How much of a notice is read.
const MAX_NOTICE: usize = 64 * 1024;
/// How many parts a notice may have.
const MAX_NOTICE_PARTS: usize = 12;

/// A mail, taken apart.
pub(super) struct Reading<'a> {
    pub(super) mail: Mail<'a>,
    /// The part that is read as the mail: the first, unless a mail inside another is read.
    pub(super) root: usize,
    pub(super) charsets: &'a dyn Charsets,
    pub(super) subject: String,
    subject_marks: Vec<Hit>,
    is_from_system: bool,
    /// The first address of `From`.
    pub(super) from: Option<String>,
    /// The addresses that the mail came from and went to.
    pub(super) own: Vec<String>,
    pub(super) notice: Notice,
    /// The machine's part of a report, and its text.
    pub(super) report: Option<(Report, Text)>,
    /// The part with the original's header.
    pub(super) original: Option<usize>,
    quoted: OnceCell<Vec<(String, String)>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(mime: &'a [u8], root: usize, charsets: &'a dyn Charsets) -> Self {
        let mail = Mail::read(mime);
        let root = root.min(mail.parts.len() - 1);
        let value = |name: &str| header::text(mail.raw(root, name).unwrap_or_default(), charsets);
        let subject = value("subject");
        let from_text = value("from");
        let from = address::first(&from_text).map(str::to_owned);
        let mut own: Vec<String> = Vec::new();
        for name in ["from", "to", "return-path", "delivered-to"] {
            own.extend(address::find(&value(name)).into_iter().map(|(_, address)| address.to_owned()));
        }
        let original = (root + 1..mail.parts.len()).find(|&at| {
            inside(&mail, root, at) && matches!(mail.parts[at].kind, PartKind::Message | PartKind::Headers)
        });
        let notice = Notice::read(notice_text(&mail, root, original, charsets));
        let report = report(&mail, root, &notice, charsets);
        let subject_marks = RULES.matches(&Words::of(&subject));
        let is_from_system = is_system(&from_text, from.as_deref());
        Self {
            mail,
            root,
            charsets,
            subject,
            subject_marks,
            is_from_system,
            from,
            own,
            notice,
            report,
            original,
            quoted: OnceCell::new(),
        }
    }

    /// Reads the mail in every way that there is, the surest first.
    pub(super) fn diagnose(&self) -> Diagnosis {
        complaint::read(self)
            .or_else(|| notification::read(self))
            .or_else(|| reply::of_challenge(self))
            .or_else(|| bounce::of_report(self))
            .or_else(|| reply::of_receipt(self))
            .or_else(|| reply::read(self))
            .or_else(|| bounce::of_notice(self))
            .unwrap_or_else(|| self.nothing())
    }

    /// The diagnosis of a mail that is nothing of the kind.
    pub(super) fn nothing(&self) -> Diagnosis {
        Diagnosis {
            kind: Kind::NotABounce,
            delayed: false,
            permanent: false,
            recipients: Vec::new(),
            original: self.original_mail(),
            auto_reply: None,
            feedback: None,
            reporting_mta: None,
        }
    }

    /// The text of a header field of the mail.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        self.mail.raw(self.root, name).map(|value| header::text(value, self.charsets))
    }

    /// Whether the table of notices draws a conclusion from the subject.
    pub(super) fn subject_says(&self, conclusion: &str) -> bool {
        says(&self.subject_marks, "subject", conclusion)
    }

    /// Whether the sender is a mail system.
    pub(super) fn is_from_system(&self) -> bool {
        self.is_from_system
    }

    /// Whether the envelope's sender is empty, as it is for all that must not be answered.
    pub(super) fn has_null_sender(&self) -> bool {
        self.field("return-path").is_some_and(|path| path.replace(['<', '>'], "").trim().is_empty())
    }

    /// A whole mail that is attached, when the mail itself says nothing.
    pub(super) fn forwarded(&self) -> Option<usize> {
        let at = self.original?;
        self.mail.parts[at].message
    }

    /// The part whose header fields are the original's.
    pub(super) fn original_header(&self) -> Option<usize> {
        let at = self.original?;
        self.mail.parts[at].message
    }

    /// The values of a field of the original, wherever the original stands.
    pub(super) fn original_fields(&self, name: &str) -> Vec<String> {
        let fields = |part: usize| -> Vec<String> {
            self.mail
                .fields(part, name)
                .map(|field| header::text(&self.mail.bytes[field.value.clone()], self.charsets))
                .collect()
        };
        if let Some(part) = self.original_header() {
            return fields(part);
        }
        self.quoted_header().iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    /// The header fields of an original that stands as text: in a part of its own, or after the notice.
    fn quoted_header(&self) -> &[(String, String)] {
        self.quoted.get_or_init(|| self.read_quoted_header())
    }

    fn read_quoted_header(&self) -> Vec<(String, String)> {
        let (text, start) = match self.original {
            Some(part) => (content::read(&self.mail, part, self.charsets), 0),
            None => (self.notice.text.clone(), self.notice.end),
        };
        let kept = ["message-id", "from", "to", "subject", "date", "delivered-to", "x-original-to"];
        let whole = text.as_str();
        let mut found = Vec::new();
        for field in fields::fields(&text, start..text.len()) {
            match field {
                Some(field) if !kept.contains(&field.name.as_str()) && !field.name.starts_with("x-") => {}
                Some(field) => {
                    let value = header::text(whole[field.range.clone()].as_bytes(), self.charsets);
                    found.push((field.name, value));
                }
                None if found.len() > 2 => break,
                None => {}
            }
        }
        found
    }

    /// The mail that was sent.
    pub(super) fn original_mail(&self) -> Option<Original> {
        let quoted = if self.original_header().is_none() { self.quoted_header() } else { &[] };
        let value = |name: &str| -> Option<String> {
            let found = match self.original_header() {
                Some(part) => self.mail.raw(part, name).map(|value| header::text(value, self.charsets)),
                None => quoted.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()),
            };
            found.filter(|value| !value.is_empty())
        };
        let message_id = value("message-id").map(|id| id.trim_matches(['<', '>', ' ']).to_owned());
        let original = Original { message_id, from: value("from"), subject: value("subject"), date: value("date") };
        (original != Original::default()).then_some(original)
    }
}

/// Whether a part stands inside another, and not inside a mail within that.
fn inside(mail: &Mail<'_>, root: usize, part: usize) -> bool {
    let mut at = mail.parts[part].parent;
    while let Some(parent) = at {
        if parent == root {
            return true;
        }
        if mail.parts[parent].kind == PartKind::Message {
            return false;
        }
        at = mail.parts[parent].parent;
    }
    false
}

fn says(marks: &[Hit], place: &str, conclusion: &str) -> bool {
    marks.iter().any(|hit| hit.rule.when == place && hit.rule.concludes == conclusion)
}

/// Whether what stands in `From` is a mail system.
fn is_system(text: &str, address: Option<&str>) -> bool {
    let names = [
        "mailer-daemon",
        "postmaster",
        "mail-daemon",
        "mailerdaemon",
        "poostmaster",
        "post_master",
        "mail.delivery.system",
    ];
    says(&RULES.matches(&Words::of(text)), "from", "bounce")
        || address.is_some_and(|from| {
            let local = from.split('@').next().unwrap_or_default().to_ascii_lowercase();
            address::is_system(from) || names.iter().any(|name| local.contains(name))
        })
}

/// The text for a person: what stands before the original, and of several forms of one text the plain one.
fn notice_text(mail: &Mail<'_>, root: usize, original: Option<usize>, charsets: &dyn Charsets) -> Text {
    let mut text = Text::default();
    let mut read = 0;
    // A mail that isn't of parts is its own text.
    let single = !matches!(mail.parts[root].kind, PartKind::Multipart | PartKind::Message);
    let candidates = if single { root..root + 1 } else { root + 1..original.unwrap_or(mail.parts.len()) };
    let mut plain_of = None;
    for part in candidates {
        let entity = &mail.parts[part];
        if !single && !inside(mail, root, part) || read == MAX_NOTICE_PARTS || text.len() >= MAX_NOTICE {
            continue;
        }
        match entity.kind {
            PartKind::Html
                if plain_of.is_some() && plain_of == entity.parent && is_alternative(mail, entity.parent) =>
            {
                continue;
            }
            PartKind::Plain | PartKind::Html => {}
            _ => continue,
        }
        let piece = content::read(mail, part, charsets);
        if piece.is_empty() {
            continue;
        }
        if entity.kind == PartKind::Plain {
            plain_of = entity.parent;
        }
        if !text.is_empty() {
            let at = entity.body.start;
            text.push("\n\n", at..at);
        }
        text.append(&piece);
        read += 1;
    }
    text.truncate(MAX_NOTICE);
    text
}

fn is_alternative(mail: &Mail<'_>, part: Option<usize>) -> bool {
    part.and_then(|part| mail.raw(part, "content-type")).is_some_and(|value| {
        let kind = b"multipart/alternative";
        value.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind))
    })
}

/// The machine's part of a report: a part of its own, or fields within the notice.
fn report(mail: &Mail<'_>, root: usize, notice: &Notice, charsets: &dyn Charsets) -> Option<(Report, Text)> {
    let parts = (root..mail.parts.len()).filter(|&at| at == root || inside(mail, root, at));
    for part in parts.filter(|&at| mail.parts[at].kind == PartKind::DeliveryStatus) {
        let mut text = content::read(mail, part, charsets);
        let mut found = fields::report(&text, 0..text.len());
        if found.groups.is_empty() {
            // Without the blank line before them, the fields stand in the part's own header.
            let header = mail.parts[part].fields.first().map_or(0, |field| field.name.start);
            text = Text::default();
            text.push(
                &String::from_utf8_lossy(&mail.bytes[header..mail.parts[part].body.start])
                    .replace("\r\n", "\n")
                    .replace('\r', "\n"),
                header..mail.parts[part].body.start,
            );
            found = fields::report(&text, 0..text.len());
        }
        if !found.groups.is_empty() || found.nameless.is_some() {
            return Some((found, text));
        }
    }
    let body = notice.body();
    let lower = body.to_ascii_lowercase();
    let start = ["\nfinal-recipient:", "\noriginal-recipient:", "\nreporting-mta:"]
        .iter()
        .filter_map(|name| lower.find(name))
        .min()?;
    let found = fields::report(&notice.text, start..notice.end);
    (!found.groups.is_empty()).then(|| (found, notice.text.clone()))
}
