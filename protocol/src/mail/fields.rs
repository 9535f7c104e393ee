//! Report fields: the groups of a delivery status (RFC 3464), whether they stand in a part of their own or in text.

use std::ops::Range;

use super::address;
use super::mime::field_name;
use super::model::{Action, Status};
use super::text::Text;

/// How many recipients of one report are read.
pub(super) const MAX_RECIPIENTS: usize = 1000;

/// A field: its name in lower case and its value, unfolded, with its range in the text.
#[derive(Clone, Debug)]
pub(super) struct ReportField {
    pub(super) name: String,
    pub(super) range: Range<usize>,
}

/// What a report says of one recipient.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) final_recipient: Option<String>,
    pub(super) original_recipient: Option<String>,
    pub(super) actual_recipient: Option<String>,
    pub(super) action: Option<Action>,
    pub(super) status: Option<Status>,
    pub(super) status_range: Option<Range<usize>>,
    pub(super) remote_mta: Option<String>,
    /// Where the diagnostic's words stand in the text.
    pub(super) diagnostic: Option<Range<usize>>,
    /// What RFC 3464 calls the diagnostic's type: `smtp`, `x-notes`, …
    pub(super) diagnostic_type: Option<String>,
}

impl Group {
    fn is_recipient(&self) -> bool {
        self.final_recipient.is_some() || self.original_recipient.is_some() || self.actual_recipient.is_some()
    }

    /// The address to name, and the other one.
    pub(super) fn addresses(&self) -> Option<(String, Option<String>)> {
        let candidates = [&self.final_recipient, &self.original_recipient, &self.actual_recipient];
        let known: Vec<&String> = candidates.into_iter().flatten().collect();
        // An address of an internal system says nothing to the one who wrote the mail.
        let is_public = |address: &&&String| address.rsplit('@').next().is_some_and(|domain| domain.contains('.'));
        let first = *known.iter().find(is_public).or_else(|| known.first())?;
        let other = known.iter().find(|other| !address::same(other, first));
        Some((first.clone(), other.map(|other| (*other).clone())))
    }
}

/// A report: the fields of the mail as a whole, and a group for each recipient.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    pub(super) reporting_mta: Option<String>,
    pub(super) groups: Vec<Group>,
    /// A group whose recipient is no mail address: a file, a program, a mailbox of another system.
    pub(super) nameless: Option<Group>,
}

/// The fields in a text, folds taken together; a blank line ends a group and is given as `None`.
pub(super) fn fields(text: &Text, range: Range<usize>) -> Vec<Option<ReportField>> {
    let whole = text.as_str();
    let mut found: Vec<Option<ReportField>> = Vec::new();
    for line in text.lines() {
        if line.start < range.start || line.start >= range.end {
            continue;
        }
        let words = &whole[line.clone()];
        if words.trim().is_empty() {
            found.push(None);
        } else if let Some(length) = field_name(words.as_bytes()) {
            let colon = words[length..].find(':').unwrap_or(0) + length + 1;
            found.push(Some(ReportField {
                name: words[..length].to_ascii_lowercase(),
                range: line.start + colon..line.end,
            }));
        } else if let Some(Some(last)) = found.last_mut() {
            // Folded, or wrapped by somebody who did not know how to fold.
            last.range.end = line.end;
        }
    }
    found
}

fn without_type(value: &str) -> (&str, &str) {
    match value.split_once(';') {
        Some((kind, rest)) if !kind.trim().is_empty() && kind.len() < 30 && !kind.trim().contains(' ') => {
            (kind.trim(), rest.trim())
        }
        _ => ("", value.trim()),
    }
}

/// Reads a report from a text that holds its fields, within `range`.
pub(super) fn report(text: &Text, range: Range<usize>) -> Report {
    let whole = text.as_str();
    let mut report = Report::default();
    let mut group = Group::default();
    for field in fields(text, range).into_iter().chain([None]) {
        let Some(field) = field else {
            if group.is_recipient() && report.groups.len() < MAX_RECIPIENTS {
                report.groups.push(std::mem::take(&mut group));
            } else if !group.is_recipient() && (group.diagnostic.is_some() || group.status.is_some()) {
                // A blank line in the middle of a group: its rest belongs to the one before, or to the one to come.
                let rest = std::mem::take(&mut group);
                match report.groups.last_mut() {
                    Some(last) => merge(last, rest),
                    None => report.nameless = report.nameless.take().or(Some(rest)),
                }
            }
            continue;
        };
        let value = whole[field.range.clone()].trim();
        let starts_anew = matches!(field.name.as_str(), "final-recipient" if group.final_recipient.is_some())
            || matches!(field.name.as_str(), "original-recipient" if group.original_recipient.is_some() && group.final_recipient.is_some());
        if starts_anew && report.groups.len() < MAX_RECIPIENTS {
            report.groups.push(std::mem::take(&mut group));
        }
        set(&mut report, &mut group, &field, value, whole);
    }
    report
}

fn merge(last: &mut Group, rest: Group) {
    last.diagnostic = last.diagnostic.take().or(rest.diagnostic);
    last.status = last.status.or(rest.status);
    last.action = last.action.or(rest.action);
    last.remote_mta = last.remote_mta.take().or(rest.remote_mta);
}

fn set(report: &mut Report, group: &mut Group, field: &ReportField, value: &str, whole: &str) {
    match field.name.as_str() {
        "reporting-mta" => {
            report.reporting_mta = Some(without_type(value).1.to_owned()).filter(|name| !name.is_empty());
        }
        "final-recipient" => group.final_recipient = address::of_field(value),
        "original-recipient" => group.original_recipient = address::of_field(value),
        "x-actual-recipient" => group.actual_recipient = address::of_field(value),
        "action" => group.action = Action::parse(value),
        "status" => {
            let word = value.split(|c: char| !c.is_ascii_digit() && c != '.').find(|word| !word.is_empty());
            group.status = word.and_then(|word| Status::parse(word.trim_end_matches('.').as_bytes()));
            group.status_range = Some(field.range.clone());
        }
        "remote-mta" => group.remote_mta = Some(without_type(value).1.to_owned()).filter(|name| !name.is_empty()),
        "diagnostic-code" | "x-diagnostic-code" => {
            let (kind, rest) = without_type(value);
            // What looks like a type may be the start of a sentence.
            let skip = whole[field.range.clone()].len() - whole[field.range.clone()].trim_start().len();
            let known = ["smtp", "x-", "dns", "x400", "lmtp", "unix", "unknown", "local", "esmtp", "5", "4", "2"];
            let is_type = known
                .iter()
                .any(|prefix| kind.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)));
            let start = if is_type && !kind.starts_with(|c: char| c.is_ascii_digit()) {
                group.diagnostic_type = Some(kind.to_ascii_lowercase());
                field.range.end - (rest.len() + (value.len() - value.trim_end().len()))
            } else {
                field.range.start + skip
            };
            if group.diagnostic.is_none() && start < field.range.end {
                group.diagnostic = Some(start..field.range.end);
            }
        }
        _ => {}
    }
}
