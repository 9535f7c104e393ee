//! Complaints: feedback reports (RFC 5965, RFC 6650) and those that have no part for machines.

use super::address;
use super::content;
use super::fields;
use super::mime::PartKind;
use super::model::{Diagnosis, Evidence, Feedback, Kind, Reason, Recipient};
use super::reading::Reading;
use super::text::Text;

/// Where a provider that reports without a machine's part names the one who complained, in the original.
const RECIPIENT_FIELDS: [&str; 5] =
    ["x-hmxmroriginalrecipient", "x-original-recipient", "x-envelope-to", "x-rcpt-to", "x-apparently-to"];

/// Reads the mail that a program sends to leave a list (RFC 2369, `List-Unsubscribe`).
fn opt_out(reading: &Reading<'_>) -> Option<Diagnosis> {
    let leaves = reading.subject.trim().eq_ignore_ascii_case("unsubscribe");
    if !leaves || !reading.notice.says("opt-out") {
        return None;
    }
    let mut diagnosis = reading.nothing();
    diagnosis.kind = Kind::Complaint;
    diagnosis.feedback = Some(Feedback { kind: Some("opt-out".to_owned()), ..Feedback::default() });
    let hit = reading.notice.marked("opt-out").next();
    let range = hit.map_or(0..0, |hit| reading.notice.text.source(reading.notice.words.source(hit.range.clone())));
    let evidence = Evidence { rule: "unsubscribe: a mail that asks for it".to_owned(), range };
    diagnosis.recipients.push(Recipient::of(reading.from.clone()?, Reason::Unsubscribe, evidence));
    Some(diagnosis)
}

/// Whether a provider handed the mail itself back, as Hotmail's junk reporting did, with its own envelope.
fn is_handed_back(reading: &Reading<'_>) -> bool {
    let envelope = reading.field("return-path").unwrap_or_default().to_ascii_lowercase();
    let from_there = reading.from.as_deref().is_some_and(|from| envelope.contains(&from.to_ascii_lowercase()));
    envelope.contains("staff@hotmail.com") && !from_there
}

/// The complaint is the mail itself: whom it was for complained.
fn handed_back(reading: &Reading<'_>) -> Option<Diagnosis> {
    let address = reading.field("to").and_then(|to| address::first(&to).map(str::to_owned))?;
    let mut diagnosis = reading.nothing();
    diagnosis.kind = Kind::Complaint;
    diagnosis.feedback = Some(Feedback::default());
    let evidence = Evidence { rule: "complaint: return-path".to_owned(), range: 0..0 };
    diagnosis.recipients.push(Recipient::of(address, Reason::Complaint, evidence));
    Some(diagnosis)
}

/// Reads a complaint.
pub(super) fn read(reading: &Reading<'_>) -> Option<Diagnosis> {
    if let Some(diagnosis) = opt_out(reading) {
        return Some(diagnosis);
    }
    let machine = machine_part(reading);
    let content_type = reading.field("content-type").unwrap_or_default().to_ascii_lowercase();
    let stated = machine.is_some() || content_type.contains("feedback-report");
    if !stated && !looks_like_one(reading) && !is_handed_back(reading) {
        return None;
    }
    if machine.is_none() && is_handed_back(reading) {
        return handed_back(reading);
    }
    let (feedback, mut addresses) = machine.as_ref().map(of_fields).unwrap_or_default();
    if addresses.is_empty() {
        addresses = RECIPIENT_FIELDS
            .iter()
            .map(|name| reading.original_fields(name))
            .find(|values| !values.is_empty())
            .unwrap_or_default()
            .iter()
            .filter_map(|value| address::first(value).map(str::to_owned))
            .collect();
    }
    if addresses.is_empty() {
        addresses = reading
            .original_fields("to")
            .iter()
            .flat_map(|value| {
                address::find(value).into_iter().map(|(_, address)| address.to_owned()).collect::<Vec<_>>()
            })
            .collect();
    }
    let range = machine.map_or(0..0, |text| text.source(0..text.len()));
    let mut diagnosis = reading.nothing();
    diagnosis.kind = Kind::Complaint;
    diagnosis.feedback = Some(feedback);
    for address in addresses {
        if diagnosis.recipients.len() < fields::MAX_RECIPIENTS
            && !diagnosis.recipients.iter().any(|known| address::same(&known.address, &address))
        {
            let evidence = Evidence { rule: "complaint: a feedback report".to_owned(), range: range.clone() };
            diagnosis.recipients.push(Recipient::of(address, Reason::Complaint, evidence));
        }
    }
    Some(diagnosis)
}

/// The text of the machine's part; without the blank line before them, the fields stand in the part's own header.
fn machine_part(reading: &Reading<'_>) -> Option<Text> {
    let mail = &reading.mail;
    let part = (reading.root..mail.parts.len()).find(|&at| {
        mail.parts[at].kind == PartKind::Feedback && mail.parts[at].quoted == mail.parts[reading.root].quoted
    })?;
    let text = content::read(mail, part, reading.charsets);
    let has_type = text.as_str().to_ascii_lowercase().contains("feedback-type");
    let header = mail.parts[part].fields.first().map(|field| field.name.start);
    match header {
        Some(start) if !has_type && mail.field(part, "feedback-type").is_some() => {
            let end = mail.parts[part].body.start;
            let lines = String::from_utf8_lossy(&mail.bytes[start..end]).replace("\r\n", "\n").replace('\r', "\n");
            let mut own = Text::default();
            own.push(&lines, start..end);
            Some(own)
        }
        _ => Some(text),
    }
}

fn of_fields(text: &Text) -> (Feedback, Vec<String>) {
    let mut feedback = Feedback::default();
    let (mut recipients, mut removal) = (Vec::new(), Vec::new());
    for field in fields::fields(text, 0..text.len()).into_iter().flatten() {
        let value = text.as_str()[field.range.clone()].trim();
        let owned = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match field.name.as_str() {
            "feedback-type" => feedback.kind = owned().map(|kind| kind.to_ascii_lowercase()),
            "user-agent" => feedback.user_agent = owned(),
            "source-ip" => feedback.source_ip = owned(),
            "arrival-date" | "received-date" => feedback.arrival_date = feedback.arrival_date.take().or_else(owned),
            "original-rcpt-to" => recipients.extend(address::of_field(value)),
            "removal-recipient" | "original-recipient" | "final-recipient" => removal.extend(address::of_field(value)),
            _ => {}
        }
    }
    if recipients.is_empty() { (feedback, removal) } else { (feedback, recipients) }
}

/// Whether a mail without a machine's part is a complaint: it must say so, and send the original along.
fn looks_like_one(reading: &Reading<'_>) -> bool {
    let named = !RECIPIENT_FIELDS.iter().take(1).all(|name| reading.original_fields(name).is_empty());
    let says = reading.subject_says("complaint") || reading.notice.says("complaint");
    reading.original.is_some() && (named || says) && reading.report.is_none() && !reading.subject_says("bounce")
}
