//! The part of a mail that a person is to read, and whom it speaks of.
//!
//! Reports in no standard form name their recipients in a few ways: on a line of their own (`<user@example.org>:`, an
//! indented address), after a label (`Failed Recipient: …`), in an SMTP command (`RCPT TO:<…>`), or in a sentence. The
//! surest way that yields one is taken. What belongs to a recipient is the text from there to the next one.

use std::ops::Range;

use super::address;
use super::mime::field_name;
use super::rules::{Hit, RULES};
use super::text::Text;
use super::words::Words;

/// How many recipients of one notice are read.
const MAX_RECIPIENTS: usize = 1000;

/// A text with what the rules found in it.
pub(super) struct Notice {
    pub(super) text: Text,
    pub(super) words: Words,
    /// Where the notice ends and the original begins.
    pub(super) end: usize,
    /// What the table of notices says, inside the notice.
    pub(super) marks: Vec<Hit>,
    /// What the table of reasons says, inside the notice.
    pub(super) reasons: Vec<Hit>,
}

/// A stretch of a notice that speaks of one recipient.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) address: String,
    pub(super) alias: Option<String>,
    pub(super) range: Range<usize>,
    /// How sure it is that this is a recipient: 1 is a guess.
    pub(super) tier: u8,
}

impl Notice {
    pub(super) fn read(text: Text) -> Self {
        let header = header_block(&text).unwrap_or(text.len());
        let words = Words::of(&text.as_str()[..header]);
        let (mut marks, mut reasons): (Vec<Hit>, Vec<Hit>) =
            RULES.matches(&words).into_iter().partition(|hit| hit.rule.is_notice());
        let end = original_starts(&text, &words, &marks, header);
        let limit = words.at(end);
        marks.retain(|hit| hit.range.start < limit);
        reasons.retain(|hit| hit.range.end <= limit);
        Self { text, words, end, marks, reasons }
    }

    /// The notice's text, without the original.
    pub(super) fn body(&self) -> &str {
        &self.text.as_str()[..self.end]
    }

    /// Whether a conclusion about the notice was drawn, in its text.
    pub(super) fn says(&self, conclusion: &str) -> bool {
        self.marked(conclusion).next().is_some()
    }

    pub(super) fn marked<'s>(&'s self, conclusion: &'s str) -> impl Iterator<Item = &'s Hit> {
        self.marks.iter().filter(move |hit| hit.rule.concludes == conclusion && hit.rule.when == "text")
    }

    /// The reasons that were found within a range of the text.
    pub(super) fn reasons_in(&self, range: &Range<usize>) -> Vec<Hit> {
        let (from, to) = (self.words.at(range.start), self.words.at(range.end));
        self.reasons.iter().filter(|hit| hit.range.start >= from && hit.range.end <= to).cloned().collect()
    }

    /// Whom the notice speaks of. `own` are the addresses that the notice itself came from and went to.
    pub(super) fn blocks(&self, own: &[String]) -> Vec<Block> {
        let lines: Vec<Range<usize>> = self.text.lines().take_while(|line| line.start < self.end).collect();
        let mut found: Vec<Block> = Vec::new();
        let first_sentence = self.marked("bounce").map(|hit| self.words.source(hit.range.clone()).start).min();
        let mut in_list = false;
        for line in &lines {
            let end = line.end.min(self.end);
            let whole = &self.text.as_str()[line.start..end];
            let trimmed = whole.trim_start();
            if trimmed.is_empty() || !trimmed.contains('@') {
                in_list = in_list && trimmed.is_empty();
                continue;
            }
            let start = line.start + (whole.len() - trimmed.len());
            let spoke = first_sentence.is_some_and(|at| at <= start);
            if let Some(alias) = generated_from(trimmed) {
                match found.last_mut() {
                    Some(last) if last.alias.is_none() && last.tier >= 3 => last.alias = Some(alias),
                    Some(_) => {}
                    None => found.push(Block { address: alias, alias: None, range: start..end, tier: 4 }),
                }
                continue;
            }
            let Some((tier, address)) = self.line(trimmed, start, spoke || in_list, own) else { continue };
            in_list = tier == 5;
            found.push(Block { address, alias: None, range: start..end, tier });
        }
        self.settle(found)
    }

    /// What a line says of an address, and how sure that is.
    fn line(&self, line: &str, start: usize, spoke: bool, own: &[String]) -> Option<(u8, String)> {
        let found = address::find(line);
        let (range, first) = found.first()?;
        let is_own = |address: &str| own.iter().any(|own| address::same(own, address));
        let before = without_codes(&line[..range.start])
            .trim_matches(|c: char| c.is_whitespace() || "<>\"'-*•>|·`=#+([".contains(c));
        let after = line[range.end..].trim_start_matches(['>', '"', '\'', ')', ']', ' ', '`']);
        let bracketed = line[..range.start].ends_with('<');
        // `1.` or `1)` or `Recipient 1` before an address is a list.
        let numbered =
            before.len() <= 3 && before.trim_end_matches(['.', ')', ':']).bytes().all(|byte| byte.is_ascii_digit());
        let lower = line.to_ascii_lowercase();
        if lower.contains("rcpt to") && found.len() == 1 && lower[..range.start].contains("rcpt to") {
            return Some((6, (*first).to_owned()));
        }
        if numbered {
            let ends = after.is_empty()
                || after.starts_with([':', ',', ';', '.'])
                || after.starts_with("- ")
                || after.starts_with("<mailto:")
                || after.strip_prefix('<').is_some_and(|rest| rest.starts_with(*first));
            let explained = after.starts_with('(') || after.starts_with("on ") || after.starts_with("...");
            let transcript = line.starts_with(['4', '5']) && after.starts_with("...");
            if (ends || explained) && bracketed && (after.starts_with(':') || spoke && (ends || transcript)) {
                return Some((5, (*first).to_owned()));
            }
            if ends && spoke && !is_own(first) {
                return Some((5, (*first).to_owned()));
            }
            if (explained || bracketed) && spoke && !is_own(first) {
                return Some((4, (*first).to_owned()));
            }
            if (spoke || !self.reasons_in(&(start..start + line.len())).is_empty())
                && !is_own(first)
                && !address::is_system(first)
            {
                return Some((3, (*first).to_owned()));
            }
        }
        if let Some(label) = label_of(&line[..range.start]) {
            let label = label.to_ascii_lowercase();
            let strong = [
                "recipient",
                "undeliverable",
                "unknown user",
                "failed",
                "invalid",
                "bad address",
                "destinat",
                "empf",
                "final delivery",
                "addressed to email",
                "mailbox",
                "address",
                "宛先",
                "收件人",
                "full",
            ];
            let weak = [
                "from",
                "sender",
                "reply-to",
                "contact",
                "postmaster",
                "by",
                "cc",
                "subject",
                "message-id",
                "mail from",
                "return-path",
                "absender",
            ];
            if !weak.iter().any(|word| label.ends_with(word) || label.starts_with(word)) && !address::is_system(first) {
                if strong.iter().any(|word| label.contains(word)) {
                    // Within a server's answer it repeats, maybe in another form, whom the answer is about.
                    let tier = if super::smtp::code(&label).is_some() { 4 } else { 5 };
                    return Some((tier, (*first).to_owned()));
                }
                if label.ends_with("smtp") && spoke {
                    return Some((5, (*first).to_owned()));
                }
                if label == "to" || label.ends_with(" to") {
                    // Before the first sentence it is a field of the original.
                    let tier = if spoke { 3 } else { 2 };
                    return Some((if is_own(first) { 1 } else { tier }, (*first).to_owned()));
                }
            }
        }
        let good = found
            .iter()
            .map(|&(_, address)| address)
            .find(|address| !is_own(address) && !address::is_system(address))?;
        let range = start..start + line.len();
        let tier = if self.says_bounce_near(range.clone(), 0) {
            3
        } else if self.says_bounce_near(range, 100) {
            2
        } else {
            1
        };
        Some((tier, good.to_owned()))
    }

    /// Whether a sentence of a bounce or a reason stands on a line, or within `reach` of it.
    fn says_bounce_near(&self, line: Range<usize>, reach: usize) -> bool {
        let (from, to) =
            (self.words.at(line.start.saturating_sub(reach)), self.words.at((line.end + reach).min(self.end)));
        let near = |hit: &Hit| hit.range.end > from && hit.range.start < to;
        self.marked("bounce").any(near) || self.reasons.iter().any(|hit| hit.rule.strength >= 6 && near(hit))
    }

    /// Keeps the surest sort of what was found, and gives each the text up to the next.
    fn settle(&self, found: Vec<Block>) -> Vec<Block> {
        let best = found.iter().map(|block| block.tier).max().unwrap_or(0);
        // A list and commands may speak of the same recipients; both count where they agree, the list where they don't.
        let least = match best {
            6 if found.iter().any(|block| block.tier == 5) => 5,
            6 => 6,
            5 => 5,
            other => other,
        };
        let mut kept: Vec<Block> = Vec::new();
        let mut starts: Vec<usize> = Vec::new();
        let mut last = String::new();
        for block in found.into_iter().filter(|block| block.tier >= least && (least < 6 || block.tier == best)) {
            // A reply repeats the address that it is about.
            if !address::same(&last, &block.address) {
                starts.push(block.range.start);
                last.clone_from(&block.address);
            }
            if kept.len() < MAX_RECIPIENTS && !kept.iter().any(|known| address::same(&known.address, &block.address)) {
                kept.push(block);
            }
        }
        for block in &mut kept {
            let next = starts.partition_point(|&start| start <= block.range.start);
            block.range.end = starts.get(next).copied().unwrap_or(self.end);
        }
        kept
    }
}

/// A line without the codes of a reply at its start: `550 5.1.1 `.
fn without_codes(line: &str) -> &str {
    let code =
        |word: &str| word.len() == 3 && word.starts_with(['4', '5']) && word.bytes().all(|byte| byte.is_ascii_digit());
    let Some((first, rest)) = line.split_once([' ', '-']) else { return line };
    if !code(first) {
        return line;
    }
    match rest.split_once(' ') {
        Some((status, rest)) if super::words::parse_status(status.as_bytes()).is_some() => rest,
        _ => rest,
    }
}

/// The label that ends right before an address: `Failed Recipient: `.
fn label_of(before: &str) -> Option<&str> {
    let before = before.trim_end_matches([' ', '\t', '<', '"', '\'', '[', '`']);
    let label = before.strip_suffix(':').or_else(|| before.strip_suffix('=')).or_else(|| before.strip_suffix("："))?;
    let label = label.trim_matches(|c: char| c.is_whitespace() || "-*•".contains(c));
    (!label.is_empty() && label.len() <= 60).then_some(label)
}

/// The address that a line gives as the one that the recipient before came from.
fn generated_from(line: &str) -> Option<String> {
    let line = line.trim_start_matches(['(', '[', ' ']).to_ascii_lowercase();
    let starts = ["generated from", "ultimately generated from", "expanded from", "originally addressed to", "reason:"];
    let from = starts[..4].iter().any(|start| line.starts_with(start));
    if from { address::first(&line).map(str::to_owned) } else { None }
}

/// Where the original begins, if it was put into the text.
fn original_starts(text: &Text, words: &Words, marks: &[Hit], header: usize) -> usize {
    let whole = text.as_str();
    let mut end = header;
    for hit in marks.iter().filter(|hit| hit.rule.when == "quote") {
        let mut at = words.source(hit.range.clone()).start.min(whole.len());
        while !whole.is_char_boundary(at) {
            at -= 1;
        }
        let line = whole[..at].rfind('\n').map_or(0, |at| at + 1);
        let before = &whole[line..at];
        let decorated =
            before.contains("--") || before.contains("==") || before.contains("__") || before.contains("**");
        let starts_line = before.chars().all(|c| !c.is_alphanumeric());
        let tail = &whole[at..whole[at..].find('\n').map_or(whole.len(), |end| at + end)];
        let closes = tail.trim_end().ends_with([':', '-', '=', '.', '*']) || tail.len() < 40;
        if line > 0 && (decorated || starts_line && closes) && line < end && whole[..line].trim().len() > 20 {
            end = line;
        }
    }
    end
}

/// Where a run of lines begins that can only be a mail's header.
fn header_block(text: &Text) -> Option<usize> {
    let whole = text.as_str();
    let typical = [
        "return-path",
        "received",
        "message-id",
        "mime-version",
        "date",
        "from",
        "to",
        "subject",
        "dkim-signature",
        "content-type",
        "delivered-to",
        "x-mailer",
        "reply-to",
        "x-sender",
    ];
    let (mut start, mut count, mut strong) = (0, 0, false);
    for line in text.lines() {
        let words = &whole[line.clone()];
        if count > 0 && words.starts_with([' ', '\t']) && !words.trim().is_empty() {
            continue;
        }
        let name = field_name(words.as_bytes()).map(|length| words[..length].to_ascii_lowercase());
        match name {
            Some(name) if typical.contains(&name.as_str()) || count > 0 && !name.contains('@') => {
                if count == 0 {
                    start = line.start;
                }
                count += 1;
                strong |= matches!(
                    name.as_str(),
                    "received" | "message-id" | "mime-version" | "return-path" | "dkim-signature"
                );
                if count >= 3 && strong && start > 0 {
                    return Some(start);
                }
            }
            _ => (count, strong) = (0, false),
        }
    }
    None
}
