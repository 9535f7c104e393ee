//! `seinpost diagnose`: what mails that came back mean. Says the same as `npx seinpost-verify diagnose`.

mod mails;
mod words;

use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, Write as _},
    ops::Range,
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use seinpost_protocol::{
    event::Value,
    mail::{Diagnosis, Kind, Language, Recipient, Standard, diagnose_with},
    payload::value_to_json,
};

use super::{Failed, say};
use mails::Mail;
use words::{Words, visible};

/// How much of the mail is shown on each side of the evidence, in bytes.
const CONTEXT: usize = 120;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Mails (.eml), mailboxes (.mbox) or folders of them; `-` is standard input
    #[arg(required = true, value_name = "FILE|FOLDER|-")]
    paths: Vec<PathBuf>,
    /// Print a line of JSON a mail
    #[arg(long)]
    json: bool,
    /// The language of the advice [default: that of the environment]
    #[arg(long, value_name = "en|nl")]
    lang: Option<Lang>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    En,
    Nl,
}

impl Arguments {
    fn language(&self) -> Language {
        match self.lang {
            Some(Lang::En) => Language::English,
            Some(Lang::Nl) => Language::Dutch,
            None => ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
                .map_or(Language::English, |value| Language::of_tag(value.split('.').next().unwrap_or_default())),
        }
    }
}

/// Diagnoses every mail: one is shown with its evidence, several are counted.
///
/// # Errors
/// When a path cannot be read, or holds no mail.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let language = arguments.language();
    let words = Words::of(language);
    let mut shown = Shown::default();
    for path in &arguments.paths {
        mails::each(path, &mut |mail| {
            let diagnosis = diagnose_with(mail.bytes, &Standard);
            if arguments.json {
                return say(line(&mail.name, &diagnosis, language));
            }
            shown.count(&diagnosis, words);
            if shown.number == 1 {
                // Whether it stays the only one is known at the end.
                shown.first = one(&mail, &diagnosis, language, wants_colour());
            }
            Ok(())
        })?;
    }
    match shown.number {
        _ if arguments.json => Ok(()),
        0 => Err(Failed(words.none.to_owned())),
        1 => write(&shown.first),
        _ => write(&shown.table(words)),
    }
}

/// What is to be printed at the end.
#[derive(Default)]
struct Shown {
    number: u64,
    first: String,
    counts: BTreeMap<(String, &'static str), u64>,
}

impl Shown {
    fn count(&mut self, diagnosis: &Diagnosis, words: &Words) {
        self.number += 1;
        let kind = if diagnosis.delayed { words.delayed } else { diagnosis.kind.as_str() };
        let mut reasons: Vec<_> = diagnosis.recipients.iter().map(|recipient| recipient.reason.as_str()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        if reasons.is_empty() {
            reasons.push("-");
        }
        for reason in reasons {
            *self.counts.entry((kind.to_owned(), reason)).or_default() += 1;
        }
    }

    /// Counts by kind and reason, the most frequent first.
    fn table(&self, words: &Words) -> String {
        let mut rows: Vec<_> = self.counts.iter().collect();
        rows.sort_by(|(_, one), (_, other)| other.cmp(one));
        let mut table = String::new();
        for ((kind, reason), count) in rows {
            table.push_str(&format!("{kind:<14}{reason:<24}{count:>6}\n"));
        }
        table.push_str(&format!("{} {}\n", self.number, words.count));
        table
    }
}

fn write(text: &str) -> Result<(), Failed> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

/// The line of JSON for a mail: its name, and the diagnosis.
fn line(name: &str, diagnosis: &Diagnosis, language: Language) -> String {
    let mut pairs = vec![("file".to_owned(), Value::String(name.to_owned()))];
    if let Value::Object(rest) = diagnosis.to_value(language) {
        pairs.extend(rest);
    }
    value_to_json(&Value::Object(pairs))
}

/// A mail's diagnosis for people, with the evidence marked.
fn one(mail: &Mail<'_>, diagnosis: &Diagnosis, language: Language, colour: bool) -> String {
    let words = Words::of(language);
    let kind = Kind::as_str(diagnosis.kind);
    let delayed = if diagnosis.delayed { format!(" ({})", words.delayed) } else { String::new() };
    let mut text = format!("{}: {}{delayed}\n", visible(&mail.name), bold(kind, colour));
    for recipient in &diagnosis.recipients {
        text.push_str(&format!("  {}: {}\n", visible(&recipient.address), bold(recipient.reason.as_str(), colour)));
        for (label, fact) in facts(recipient, words) {
            text.push_str(&format!("    {label}: {}\n", visible(&fact)));
        }
        if !recipient.evidence.range.is_empty() {
            text.push_str(&format!("    {}\n", marked(mail.bytes, &recipient.evidence.range, colour)));
        }
    }
    text.push_str(&format!("  {}: {}\n", words.advice, diagnosis.advice(language)));
    text
}

fn facts(recipient: &Recipient, words: &Words) -> Vec<(&'static str, String)> {
    let code = || recipient.code.map(|code| code.to_string());
    [
        (words.status, recipient.status.map(|status| status.to_string()).or_else(code)),
        (words.server, recipient.remote_mta.clone()),
        (words.said, recipient.diagnostic.clone()),
        (words.rule, Some(recipient.evidence.rule.clone())),
    ]
    .into_iter()
    .filter_map(|(label, fact)| Some((label, fact?)))
    .collect()
}

fn bold(text: &str, colour: bool) -> String {
    if colour { format!("\u{1b}[1m{text}\u{1b}[22m") } else { text.to_owned() }
}

/// The bytes that the rule read, with what stands around them, on one line.
fn marked(mail: &[u8], evidence: &Range<usize>, colour: bool) -> String {
    let text = |range: Range<usize>| {
        let range = range.start.min(mail.len())..range.end.min(mail.len());
        words::on_one_line(mail.get(range).unwrap_or_default())
    };
    let (on, off) = if colour { ("\u{1b}[7m", "\u{1b}[27m") } else { (">>", "<<") };
    let before = text(evidence.start.saturating_sub(CONTEXT)..evidence.start);
    let after = text(evidence.end..evidence.end.saturating_add(CONTEXT));
    format!("…{before}{on}{}{off}{after}…", text(evidence.clone()))
}

/// Whether what is printed is coloured (no-color.org).
fn wants_colour() -> bool {
    let set = |name: &str| std::env::var(name).ok();
    if set("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return false;
    }
    match set("FORCE_COLOR") {
        Some(value) => value != "0",
        None => std::io::stdout().is_terminal() && set("TERM").as_deref() != Some("dumb"),
    }
}
