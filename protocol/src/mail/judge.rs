//! From what is said of a recipient to why it was not reached.
//!
//! Every statement has a strength: what the table gives a text, what the table of statuses gives a code. The strongest
//! wins; of two equally strong ones the one that is bound to a circumstance, then the longer words. A specific text is
//! stronger than a generic status, a specific status than vague text, and the known habits of a host than both.

use std::ops::Range;

use super::model::{Reason, Status};
use super::rules::{Hit, STATUSES};

/// Which SMTP command was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Connect,
    Mail,
    Rcpt,
    Data,
}

/// What is known besides the words.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) status: Option<Status>,
    pub(super) status_range: Option<Range<usize>>,
    pub(super) code: Option<u16>,
    pub(super) command: Option<Command>,
    /// The servers that took part, in lower case.
    pub(super) hosts: Vec<String>,
}

/// A conclusion: why, by which rule, how sure, and which bytes of the mail it read.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) reason: Reason,
    pub(super) rule: String,
    pub(super) strength: u8,
    pub(super) range: Range<usize>,
}

/// Whether a rule's conditions hold: those of one sort are alternatives, those of different sorts must all hold.
fn holds(when: &str, facts: &Facts) -> bool {
    if when == "-" {
        return true;
    }
    let mut hosts = None;
    let mut others = true;
    for condition in when.split(',') {
        match condition.split_once(':') {
            Some(("host", name)) => {
                let is = facts.hosts.iter().any(|host| host == name || host.ends_with(&format!(".{name}")));
                hosts = Some(hosts.unwrap_or(false) || is);
            }
            Some(("status", status)) => {
                others &= facts.status.is_some_and(|known| known.to_string() == status);
            }
            Some(("code", code)) => others &= facts.code.is_some_and(|known| known.to_string() == code),
            Some(("class", class)) => {
                let known = facts.status.map(|status| u16::from(status.class)).or(facts.code.map(|code| code / 100));
                others &= known.is_some_and(|known| known.to_string() == class);
            }
            Some(("command", command)) => {
                let known = match facts.command {
                    Some(Command::Connect) => "connect",
                    Some(Command::Mail) => "mail",
                    Some(Command::Rcpt) => "rcpt",
                    Some(Command::Data) => "data",
                    None => "none",
                };
                others &= known == command;
            }
            _ => others = false,
        }
    }
    others && hosts.unwrap_or(true)
}

/// A text that is at least this strong needs nothing to bear it out.
const CERTAIN: u8 = 8;
/// A text that is this strong is a host's known habit.
const HABIT: u8 = 9;
/// What is left of a text that says that there is no such user, when nothing bears it out.
const DOUBTED: u8 = 5;

/// Whether a rule tells of time and machines, which is what is left when a cause is not known.
fn is_of_system(hit: &Hit) -> bool {
    Reason::named(hit.rule.concludes).is_some_and(|reason| matches!(reason.group(), "system" | "unknown"))
}

/// The strongest of the rules that matched, with the places of their words given by `source`.
///
/// "User unknown" is also what filters say to be rid of a mail. It is believed where the status says the same or where
/// `RCPT` was the command that was refused; else it is a refusal, and the address may be alive.
pub(super) fn of_words(hits: &[Hit], facts: &Facts, source: impl Fn(Range<usize>) -> Range<usize>) -> Option<Verdict> {
    let borne_out = facts.command == Some(Command::Rcpt)
        || facts.command != Some(Command::Data) && facts.status.is_some_and(|status| status.subject == 1);
    let is_doubted = |hit: &Hit| hit.rule.concludes == "no-such-user" && hit.rule.strength < CERTAIN && !borne_out;
    let weigh = |hit: &Hit| if is_doubted(hit) { hit.rule.strength.min(DOUBTED) } else { hit.rule.strength };
    let strongest =
        hits.iter().filter(|hit| !hit.rule.is_notice() && holds(hit.rule.when, facts)).max_by_key(|hit| {
            let bound = hit.rule.when != "-";
            (weigh(hit), !is_of_system(hit), bound, hit.range.len(), usize::MAX - hit.range.start)
        })?;
    let strength = weigh(strongest);
    let said = Reason::named(strongest.rule.concludes)?;
    Some(Verdict {
        reason: if is_doubted(strongest) { Reason::RefusedByRecipient } else { said },
        rule: format!("{}: {}", strongest.rule.concludes, strongest.rule.pattern),
        strength,
        range: source(strongest.range.clone()),
    })
}

/// What the status code says.
pub(super) fn of_status(facts: &Facts) -> Option<Verdict> {
    let status = facts.status?;
    let exact = status.to_string();
    let any = format!("x.{}.{}", status.subject, status.detail);
    let rule = STATUSES
        .iter()
        .find(|rule| rule.pattern == exact)
        .or_else(|| STATUSES.iter().find(|rule| rule.pattern == any))?;
    Some(Verdict {
        reason: Reason::named(rule.concludes)?,
        rule: format!("{}: {}", rule.concludes, rule.pattern),
        strength: rule.strength,
        range: facts.status_range.clone().unwrap_or_default(),
    })
}

/// The stronger of two verdicts; the first where they are equally strong.
pub(super) fn stronger(one: Option<Verdict>, other: Option<Verdict>) -> Option<Verdict> {
    match (one, other) {
        (Some(one), Some(other)) if other.strength > one.strength => Some(other),
        (Some(one), _) => Some(one),
        (None, other) => other,
    }
}

/// What follows from when it was said: a recipient that was accepted at `RCPT` exists, so one that is refused after
/// the mail was transmitted was refused by the recipient's own system.
pub(super) fn in_context(mut verdict: Verdict, facts: &Facts) -> Verdict {
    if facts.command == Some(Command::Connect) && verdict.reason == Reason::SpamContent {
        // Nothing of the content was seen yet.
        verdict.reason = Reason::IpBlocked;
        verdict.rule = format!("ip-blocked: at the connection, {}", verdict.rule);
    }
    if facts.command == Some(Command::Data) && verdict.reason == Reason::NoSuchUser && verdict.strength < HABIT {
        verdict.reason = Reason::RefusedByRecipient;
        verdict.rule = format!("refused-by-recipient: after DATA, {}", verdict.rule);
    }
    verdict
}
