//! Bounces and delays, in standard form and in none.

use std::ops::Range;

use super::address;
use super::fields::Group;
use super::judge::{self, Command, Facts, Verdict};
use super::model::{Action, Diagnosis, Evidence, Kind, Reason, Recipient};
use super::notice::Block;
use super::reading::Reading;
use super::rules::{Hit, RULES};
use super::smtp;
use super::text::Text;
use super::words::Words;

/// A verdict that is at least this strong needs no other text beside it.
const SURE: u8 = 5;

/// Reads a delivery report (RFC 3464).
pub(super) fn of_report(reading: &Reading<'_>) -> Option<Diagnosis> {
    let (report, text) = reading.report.as_ref()?;
    let blocks = reading.notice.blocks(&[]);
    let single = report.groups.len() == 1;
    let mut recipients: Vec<Recipient> = Vec::new();
    for group in &report.groups {
        let Some((address, alias)) = group.addresses() else { continue };
        let known = |other: &str| {
            address::same(other, &address) || alias.as_deref().is_some_and(|alias| address::same(other, alias))
        };
        let block = blocks.iter().find(|block| known(&block.address));
        let stretch = match block {
            Some(block) if !single => block.range.clone(),
            _ if single => 0..reading.notice.end,
            _ => 0..0,
        };
        let recipient = of_group(reading, group, text, (address, alias), stretch, report.reporting_mta.as_deref());
        if !recipients.iter().any(|other| address::same(&other.address, &recipient.address)) {
            recipients.push(recipient);
        }
    }
    if recipients.is_empty() {
        return None;
    }
    let mut diagnosis = summary(reading, recipients);
    diagnosis.reporting_mta = report.reporting_mta.clone();
    Some(diagnosis)
}

fn of_group(
    reading: &Reading<'_>,
    group: &Group,
    text: &Text,
    (address, alias): (String, Option<String>),
    stretch: Range<usize>,
    reporting: Option<&str>,
) -> Recipient {
    let notice = &reading.notice;
    let diagnostic = group.diagnostic.clone().unwrap_or(0..0);
    let said = &text.as_str()[diagnostic.clone()];
    let beside = notice.text.as_str().get(stretch.clone()).unwrap_or_default();
    let words = Words::of(said);
    let in_words = smtp::statuses(said);
    let mut status = smtp::best_status(group.status, &in_words, said);
    if status.as_ref().is_none_or(|(status, _)| status.is_generic()) {
        let elsewhere = smtp::best_status(status.as_ref().map(|(status, _)| *status), &smtp::statuses(beside), beside);
        if elsewhere
            .as_ref()
            .is_some_and(|(found, _)| status.as_ref().is_none_or(|(status, _)| status.class == found.class))
        {
            status = elsewhere.map(|(status, _)| (status, None));
        }
    }
    let status_range = match &status {
        Some((_, Some(range))) => Some(text.source(range.start + diagnostic.start..range.end + diagnostic.start)),
        Some(_) => group.status_range.clone().map(|range| text.source(range)),
        None => None,
    };
    let mut hosts: Vec<String> = group.remote_mta.iter().map(|name| name.to_ascii_lowercase()).collect();
    hosts.extend(smtp::hosts(said));
    if hosts.is_empty() {
        hosts.extend(reporting.map(str::to_ascii_lowercase));
    }
    hosts.extend(address.rsplit('@').next().map(str::to_ascii_lowercase));
    let (marks, hits): (Vec<Hit>, Vec<Hit>) = RULES.matches(&words).into_iter().partition(|hit| hit.rule.is_notice());
    let facts = Facts {
        status: status.map(|(status, _)| status),
        status_range,
        code: smtp::code(said),
        command: strongest_command(&marks).or_else(|| command_beside(reading, &stretch)),
        hosts,
    };
    let source = |range: Range<usize>| {
        let range = words.source(range);
        text.source(range.start + diagnostic.start..range.end + diagnostic.start)
    };
    let mut verdict = judge::of_words(&hits, &facts, source);
    verdict = judge::stronger(verdict, judge::of_status(&facts));
    if verdict.as_ref().is_none_or(|verdict| verdict.strength < SURE) {
        verdict = judge::stronger(verdict, beside_verdict(reading, &stretch, &facts));
    }
    let delivered = group.action.is_none() && facts.status.is_some_and(|status| status.class == 2);
    let action = if delivered { Some(Action::Delivered) } else { group.action };
    let verdict = settle(verdict, &facts, action);
    Recipient {
        address,
        alias,
        status: facts.status,
        code: facts.code,
        reason: verdict.reason,
        action,
        diagnostic: shown(said),
        remote_mta: group.remote_mta.clone(),
        evidence: Evidence { rule: verdict.rule, range: verdict.range },
    }
}

/// What the notice says in a stretch of its text.
fn beside_verdict(reading: &Reading<'_>, stretch: &Range<usize>, facts: &Facts) -> Option<Verdict> {
    let notice = &reading.notice;
    judge::of_words(&notice.reasons_in(stretch), facts, |range| notice.text.source(notice.words.source(range)))
}

/// The last word: what the context makes of a verdict, and what is left if there is none.
fn settle(verdict: Option<Verdict>, facts: &Facts, action: Option<Action>) -> Verdict {
    let none = |reason: Reason, rule: &str| Verdict { reason, rule: rule.to_owned(), strength: 0, range: 0..0 };
    if matches!(action, Some(Action::Delivered | Action::Relayed | Action::Expanded)) {
        return none(Reason::Delivered, "delivered: the report's action");
    }
    match verdict {
        Some(verdict) if verdict.reason != Reason::Unknown => judge::in_context(verdict, facts),
        _ if action == Some(Action::Delayed) => none(Reason::Expired, "expired: the report's action is delayed"),
        _ if facts.command == Some(Command::Connect) && facts.code.is_some() => {
            none(Reason::IpBlocked, "ip-blocked: refused at the connection")
        }
        _ if facts.command == Some(Command::Data) && facts.code.is_some_and(|code| code >= 500) => {
            none(Reason::RefusedByRecipient, "refused-by-recipient: after DATA")
        }
        Some(verdict) => verdict,
        None => none(Reason::Unknown, "unknown: no cause is stated"),
    }
}

/// The command that the strongest of some rules names, the first of those that are equally strong.
fn strongest_command(hits: &[Hit]) -> Option<Command> {
    let named = hits.iter().filter_map(|hit| named(hit.rule.concludes).map(|command| (hit.rule.strength, command)));
    named.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, command)| command)
}

fn named(conclusion: &str) -> Option<Command> {
    match conclusion {
        "command-data" => Some(Command::Data),
        "command-rcpt" => Some(Command::Rcpt),
        "command-mail" => Some(Command::Mail),
        "command-connect" => Some(Command::Connect),
        _ => None,
    }
}

/// Which command the notice says was refused, in a stretch of its text; a transcript shows it before the answer.
fn command_beside(reading: &Reading<'_>, stretch: &Range<usize>) -> Option<Command> {
    let notice = &reading.notice;
    let (from, to) = (notice.words.at(stretch.start), notice.words.at(stretch.end));
    let within: Vec<Hit> =
        notice.marks.iter().filter(|hit| hit.range.start >= from && hit.range.end <= to).cloned().collect();
    let said = strongest_command(&within);
    said.or_else(|| {
        let text = notice.text.as_str().get(stretch.clone())?;
        let mut last = None;
        for line in text.lines() {
            let line = line.trim_start();
            let answer = line.strip_prefix("<<< ").unwrap_or(line);
            if last.is_some() && answer.starts_with(['4', '5']) && smtp::code(answer).is_some() {
                return last;
            }
            let sent = line.strip_prefix(">>> ").unwrap_or(line).to_ascii_uppercase();
            let verbs = [
                ("RCPT TO:", Command::Rcpt),
                ("MAIL FROM:", Command::Mail),
                ("DATA", Command::Data),
                (".", Command::Data),
                ("EHLO", Command::Connect),
                ("HELO", Command::Connect),
            ];
            let is = |verb: &str| {
                if verb.ends_with(':') { sent.starts_with(verb) } else { sent.split(' ').next() == Some(verb) }
            };
            last = verbs.iter().find(|(verb, _)| is(verb)).map(|&(_, command)| command).or(last);
        }
        None
    })
}

/// A diagnostic as it is shown: one line, and not without end.
fn shown(said: &str) -> Option<String> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let mut line = words.join(" ");
    if line.len() > 1000 {
        let end = (0..=1000).rev().find(|&at| line.is_char_boundary(at)).unwrap_or(0);
        line.truncate(end);
        line.push('…');
    }
    (!line.is_empty()).then_some(line)
}

/// How much speaks for a bounce where no report says that it is one; eight is enough.
fn weight(reading: &Reading<'_>, blocks: &[Block]) -> u8 {
    let notice = &reading.notice;
    let failed = reading.mail.field(reading.root, "x-failed-recipients").is_some();
    let content_type = reading.field("content-type").unwrap_or_default().to_ascii_lowercase();
    let mut weight = 0;
    weight += if failed { 8 } else { 0 };
    weight += if content_type.contains("delivery-status") || content_type.contains("disposition-notification") {
        5
    } else {
        0
    };
    weight += if reading.subject_says("bounce") { 4 } else { 0 };
    weight += if reading.is_from_system() { 5 } else { 0 };
    weight += if reading.has_null_sender() { 2 } else { 0 };
    weight += if notice.says("bounce") { 3 } else { 0 };
    weight += if notice.reasons.iter().any(|hit| hit.rule.strength >= 6) { 2 } else { 0 };
    weight += if blocks.iter().any(|block| block.tier >= 5) { 2 } else { 0 };
    weight
}

/// Reads a notice in no standard form.
pub(super) fn of_notice(reading: &Reading<'_>) -> Option<Diagnosis> {
    let notice = &reading.notice;
    let mut blocks = notice.blocks(&reading.own);
    if weight(reading, &blocks) < 8 {
        return None;
    }
    let failed: Vec<String> = reading
        .mail
        .fields(reading.root, "x-failed-recipients")
        .filter_map(|field| std::str::from_utf8(&reading.mail.bytes[field.value.clone()]).ok())
        .flat_map(|value| address::find(value).into_iter().map(|(_, address)| address.to_owned()).collect::<Vec<_>>())
        .collect();
    if !failed.is_empty() {
        blocks.retain(|block| failed.iter().any(|failed| address::same(failed, &block.address)));
        for address in failed {
            if !blocks.iter().any(|block| address::same(&block.address, &address)) {
                blocks.push(Block { address, alias: None, range: 0..notice.end, tier: 6 });
            }
        }
    }
    if blocks.iter().all(|block| block.tier < 2) {
        let sent: Vec<String> = ["to", "x-original-to", "delivered-to"]
            .iter()
            .flat_map(|name| reading.original_fields(name))
            .flat_map(|value| {
                address::find(&value).into_iter().map(|(_, address)| address.to_owned()).collect::<Vec<_>>()
            })
            .collect();
        let named: Vec<&Block> =
            blocks.iter().filter(|block| sent.iter().any(|sent| address::same(sent, &block.address))).collect();
        if named.is_empty() && !sent.is_empty() {
            blocks = sent
                .into_iter()
                .take(1)
                .map(|address| Block { address, alias: None, range: 0..notice.end, tier: 1 })
                .collect();
        } else if !named.is_empty() {
            blocks = named.into_iter().cloned().collect();
        }
        blocks.truncate(1);
    }
    let single = blocks.len() == 1;
    let mut recipients: Vec<Recipient> = Vec::new();
    for block in &blocks {
        let stretch = if single && block.tier < 5 { 0..notice.end } else { block.range.clone() };
        recipients.push(of_block(reading, block, stretch, &blocks));
    }
    if recipients.is_empty() {
        let mut unknown = reading.nothing();
        let report =
            reading.field("content-type").is_some_and(|value| value.to_ascii_lowercase().contains("delivery-status"));
        unknown.kind = match (report, notice.says("bounce") || reading.subject_says("bounce")) {
            (true, _) => Kind::Soft,
            (false, true) => Kind::Unknown,
            (false, false) => Kind::NotABounce,
        };
        return Some(unknown);
    }
    let mut diagnosis = summary(reading, recipients);
    if notice.says("delayed") || reading.subject_says("delayed") {
        let open = |one: &Recipient| {
            matches!(one.reason, Reason::Expired | Reason::Unknown | Reason::NetworkError | Reason::ServerError)
        };
        diagnosis.delayed = diagnosis.kind == Kind::Soft && diagnosis.recipients.iter().all(open);
        for recipient in &mut diagnosis.recipients {
            recipient.action = Some(Action::Delayed);
        }
    }
    Some(diagnosis)
}

fn of_block(reading: &Reading<'_>, block: &Block, stretch: Range<usize>, blocks: &[Block]) -> Recipient {
    let notice = &reading.notice;
    let said = notice.text.as_str().get(stretch.clone()).unwrap_or_default();
    let whole = 0..notice.end;
    let alone = blocks.len() == 1;
    let stated = reading.report.as_ref().and_then(|(report, _)| report.nameless.as_ref()).filter(|_| alone);
    let stated = stated.and_then(|group| group.status);
    let mut status = smtp::best_status(stated, &smtp::statuses(said), said);
    let mut shift = stretch.start;
    if status.is_none() && alone {
        status = smtp::best_status(None, &smtp::statuses(notice.body()), notice.body());
        shift = 0;
    }
    let mut hosts = smtp::hosts(said);
    if let Some(domain) = block.address.rsplit('@').next() {
        hosts.push(domain.to_ascii_lowercase());
    }
    let facts = Facts {
        status_range: status
            .as_ref()
            .and_then(|(_, range)| range.clone())
            .map(|range| notice.text.source(range.start + shift..range.end + shift)),
        status: status.map(|(status, _)| status),
        code: smtp::code(said).or_else(|| if alone { smtp::code(notice.body()) } else { None }),
        command: command_beside(reading, &stretch),
        hosts,
    };
    let mut verdict = judge::stronger(beside_verdict(reading, &stretch, &facts), judge::of_status(&facts));
    if verdict.as_ref().is_none_or(|verdict| verdict.strength < SURE) {
        // What is said of all stands before the first, or after the last.
        let first = blocks.iter().map(|block| block.range.start).min().unwrap_or(0);
        let rest = if alone { whole.clone() } else { 0..first };
        verdict = judge::stronger(verdict, beside_verdict(reading, &rest, &facts));
    }
    let still_trying = notice.says("delayed") || reading.subject_says("delayed");
    let verdict = settle(verdict, &facts, still_trying.then_some(Action::Delayed));
    Recipient {
        address: block.address.clone(),
        alias: block.alias.clone(),
        status: facts.status,
        code: facts.code,
        reason: verdict.reason,
        action: None,
        diagnostic: shown(said),
        remote_mta: None,
        evidence: Evidence { rule: verdict.rule, range: verdict.range },
    }
}

/// The diagnosis of a mail from what it says of its recipients: the hardest kind counts.
fn summary(reading: &Reading<'_>, recipients: Vec<Recipient>) -> Diagnosis {
    let delivered = |recipient: &Recipient| recipient.reason == Reason::Delivered;
    let kind = if recipients.iter().all(delivered) {
        Kind::NotABounce
    } else if recipients.iter().any(Recipient::is_hard) {
        Kind::Hard
    } else {
        Kind::Soft
    };
    let late = |recipient: &Recipient| recipient.action == Some(Action::Delayed) || recipient.reason == Reason::Expired;
    let mut diagnosis = reading.nothing();
    diagnosis.kind = kind;
    diagnosis.delayed = kind == Kind::Soft && recipients.iter().all(late);
    diagnosis.permanent = kind != Kind::NotABounce && recipients.iter().all(|one| delivered(one) || one.is_permanent());
    diagnosis.recipients = recipients;
    diagnosis
}
