//! Notifications in JSON, as Amazon SES sends them by mail (through SNS).
//!
//! They are read by their keys and not as JSON: on their way through mail their lines were folded, which breaks strings
//! in two.

use std::ops::Range;

use super::judge::{self, Facts};
use super::model::{Action, Diagnosis, Evidence, Feedback, Kind, Reason, Recipient, Status};
use super::reading::Reading;
use super::rules::RULES;
use super::smtp;
use super::words::Words;

/// How many recipients of one notification are read.
const MAX_RECIPIENTS: usize = 200;

/// The value of a string under a key, from `from` on, with its place and where it ends.
fn string(text: &str, key: &str, range: Range<usize>) -> Option<(String, Range<usize>)> {
    let within = text.get(range.clone())?;
    let (plain, nested) = (format!("\"{key}\""), format!("\\\"{key}\\\""));
    // SNS puts the notification's JSON into a string of its own: then each quotation mark has a backslash before it.
    let (at, mark) = match within.find(&nested) {
        Some(at) => (at + nested.len(), "\\\""),
        None => (within.find(&plain)? + plain.len(), "\""),
    };
    let rest = &text[at + range.start..range.end];
    let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix(mark)?;
    let start = range.end - value.len();
    let bytes = value.as_bytes();
    let mut end = 0;
    while end < bytes.len() && !bytes[end..].starts_with(mark.as_bytes()) {
        end += if bytes[end] == b'\\' { mark.len() + 1 } else { 1 };
    }
    let raw = value.get(..end.min(bytes.len()))?;
    let plain = raw
        .replace("\\n", " ")
        .replace("\\r", " ")
        .replace("\\t", " ")
        .replace("\\\"", "\"")
        .replace("\\/", "/")
        .replace("\\\\", "\\");
    Some((plain.replace("\n ", "").replace('\n', ""), start..start + raw.len()))
}

/// Reads a notification of a bounce, a complaint or a delivery.
pub(super) fn read(reading: &Reading<'_>) -> Option<Diagnosis> {
    let body = reading.notice.text.as_str();
    let start = body.find('{')?;
    let whole = start..body.len();
    if body[..start].trim().len() > 200 {
        return None;
    }
    let kind = string(body, "notificationType", whole.clone()).or_else(|| string(body, "eventType", whole.clone()))?.0;
    let list = |name: &str| -> Option<Range<usize>> {
        let at = body[whole.clone()]
            .find(&format!("\"{name}\""))
            .or_else(|| body[whole.clone()].find(&format!("{name}\\\"")))?
            + start;
        let at = if body[..at].ends_with('"') { at - 1 } else { at };
        let end = body[at..].find(']').map_or(body.len(), |end| at + end);
        Some(at..end)
    };
    let mut diagnosis = reading.nothing();
    match kind.as_str() {
        "Bounce" => {
            let range = list("bouncedRecipients")?;
            diagnosis.recipients = bounced(reading, range, whole.clone());
            diagnosis.kind = if diagnosis.recipients.iter().any(Recipient::is_hard) { Kind::Hard } else { Kind::Soft };
            diagnosis.permanent = diagnosis.recipients.iter().all(Recipient::is_permanent);
        }
        "Complaint" => {
            let range = list("complainedRecipients")?;
            diagnosis.recipients = each(body, range, reading, Reason::Complaint);
            diagnosis.kind = Kind::Complaint;
            let kind = string(body, "complaintFeedbackType", whole.clone()).map(|(kind, _)| kind);
            let user_agent = string(body, "userAgent", whole.clone()).map(|(agent, _)| agent);
            diagnosis.feedback = Some(Feedback { kind, user_agent, ..Feedback::default() });
        }
        "Delivery" => {
            let range = list("recipients").or_else(|| list("destination"))?;
            let delivered = range.end;
            let mut at = body[range.clone()].find('[').map_or(range.start, |at| range.start + at);
            while let Some((quote, rest)) =
                body[at..delivered].find('"').map(|quote| (at + quote, &body[at + quote + 1..delivered]))
            {
                let Some(end) = rest.find('"') else { break };
                let address = rest[..end].replace("\n ", "");
                if address.contains('@') && diagnosis.recipients.len() < MAX_RECIPIENTS {
                    diagnosis.recipients.push(entry(reading, address, quote + 1..quote + 1 + end, Reason::Delivered));
                }
                at = quote + 2 + end;
            }
            let status = string(body, "smtpResponse", whole.clone())
                .and_then(|(answer, _)| smtp::statuses(&answer).first().map(|(status, _)| *status));
            for recipient in &mut diagnosis.recipients {
                recipient.status = status;
                recipient.action = Some(Action::Delivered);
            }
        }
        _ => return None,
    }
    diagnosis.reporting_mta = string(body, "reportingMTA", whole)
        .map(|(name, _)| name.split(';').next_back().unwrap_or_default().trim().to_owned());
    Some(diagnosis)
}

fn entry(reading: &Reading<'_>, address: String, range: Range<usize>, reason: Reason) -> Recipient {
    let rule = format!("{reason}: a notification in JSON");
    Recipient::of(address, reason, Evidence { rule, range: reading.notice.text.source(range) })
}

fn each(body: &str, range: Range<usize>, reading: &Reading<'_>, reason: Reason) -> Vec<Recipient> {
    let mut found = Vec::new();
    let mut at = range.start;
    while let Some((address, place)) = string(body, "emailAddress", at..range.end) {
        at = place.end;
        if found.len() < MAX_RECIPIENTS {
            found.push(entry(reading, address, place, reason));
        }
    }
    found
}

fn bounced(reading: &Reading<'_>, range: Range<usize>, whole: Range<usize>) -> Vec<Recipient> {
    let body = reading.notice.text.as_str();
    let mut found = each(body, range.clone(), reading, Reason::Unknown);
    let suppressed = string(body, "bounceSubType", whole).is_some_and(|(kind, _)| kind.contains("Suppress"));
    let mut at = range.start;
    for recipient in &mut found {
        // The fields of one recipient stand between braces.
        let end = body[at..range.end].find('}').map_or(range.end, |end| at + end);
        let object = at..end;
        at = (end + 1).min(range.end);
        recipient.action = string(body, "action", object.clone()).and_then(|(action, _)| Action::parse(&action));
        let stated =
            string(body, "status", object.clone()).and_then(|(status, _)| Status::parse(status.trim().as_bytes()));
        let said = string(body, "diagnosticCode", object).map(|(said, _)| said).unwrap_or_default();
        let facts = Facts {
            status: smtp::best_status(stated, &smtp::statuses(&said), &said).map(|(status, _)| status),
            code: smtp::code(&said),
            hosts: smtp::hosts(&said),
            ..Facts::default()
        };
        recipient.status = facts.status;
        recipient.code = facts.code;
        recipient.diagnostic = Some(said.clone()).filter(|said| !said.is_empty());
        let place = recipient.evidence.range.clone();
        let words = judge::of_words(&RULES.matches(&Words::of(&said)), &facts, |_| place.clone());
        if suppressed {
            recipient.reason = Reason::Suppressed;
        } else if let Some(verdict) = judge::stronger(words, judge::of_status(&facts)) {
            recipient.reason = verdict.reason;
            recipient.evidence.rule = verdict.rule;
        }
    }
    found
}
