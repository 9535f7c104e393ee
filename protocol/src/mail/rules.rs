//! The rules: tables that a person reads, sorts and extends, and the small reader that matches them.
//!
//! Each table is a file under `rules/` with tab-separated columns and a comment for each sort of thing. A pattern is
//! written as the words of a sentence ([`Words`](super::words::Words)): lower case, `@` for an address, `#` for a host
//! or an IP address, `{a|b}` for a choice and ` … ` for at most 60 bytes of anything. It matches whole words, unless it begins or
//! ends with `~`. All patterns of a table are looked for at once, in time linear in the text (Aho-Corasick).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::automaton::{Automaton, OverlappingState};
use aho_corasick::{Input, MatchKind};
use aho_corasick::nfa::contiguous::NFA;

use super::words::{BREAK, Words};

/// How much may stand in a gap.
const GAP: usize = 60;

/// A line of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// What it concludes: a reason, or what a notice is.
    pub(super) concludes: &'static str,
    /// How sure that is, from 1 to 9.
    pub(super) strength: u8,
    /// Where it holds, `-` for everywhere.
    pub(super) when: &'static str,
    /// Its words; also its name.
    pub(super) pattern: &'static str,
    /// A sentence that it is for.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test that checks each rule against its example"))]
    pub(super) example: &'static str,
}

/// A rule that matched, and where in the words.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) rule: &'static Rule,
    pub(super) range: Range<usize>,
}

/// A table, ready to be matched.
pub(super) struct Table {
    pub(super) rules: Vec<Rule>,
    automaton: Option<NFA>,
    /// For each literal: whether it begins and ends at the bounds of words, and which steps of which patterns it is.
    literals: Vec<Literal>,
    steps: usize,
}

#[derive(Default)]
struct Literal {
    bound: (bool, bool),
    uses: Vec<Step>,
}

#[derive(Clone, Copy)]
struct Step {
    /// The alternative of a rule that this is a step of, unique in the table.
    alternative: u32,
    rule: u32,
    index: u8,
    last: bool,
}

/// The rules that tell why a recipient did not get a mail.
pub(super) static REASONS: LazyLock<Table> = LazyLock::new(|| {
    Table::compile(&[
        include_str!("rules/recipient.tsv"),
        include_str!("rules/full.tsv"),
        include_str!("rules/domain.tsv"),
        include_str!("rules/sender.tsv"),
        include_str!("rules/blocked.tsv"),
        include_str!("rules/content.tsv"),
        include_str!("rules/system.tsv"),
        include_str!("rules/hosts.tsv"),
    ])
});

/// The rules that tell what sort of notice a mail is.
pub(super) static NOTICES: LazyLock<Table> = LazyLock::new(|| Table::compile(&[include_str!("rules/notices.tsv")]));

/// What the enhanced status codes mean: `concludes` and `strength` for each `pattern`, a code with `x` for any class.
pub(super) static STATUSES: LazyLock<Vec<Rule>> = LazyLock::new(|| read(&[include_str!("rules/statuses.tsv")]));

fn read(files: &[&'static str]) -> Vec<Rule> {
    let lines = files.iter().flat_map(|file| file.lines()).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (concludes, strength, when) = (columns.next()?, columns.next()?, columns.next()?);
            let (pattern, example) = (columns.next()?, columns.next().unwrap_or_default());
            Some(Rule { concludes, strength: strength.parse().ok()?, when, pattern, example })
        })
        .collect()
}

/// The patterns that a pattern with choices stands for.
fn alternatives(pattern: &str) -> Vec<String> {
    let Some((before, rest)) = pattern.split_once('{') else { return vec![pattern.to_owned()] };
    let Some((choices, after)) = rest.split_once('}') else { return vec![pattern.to_owned()] };
    let tails = alternatives(after);
    let heads = choices.split('|').map(|choice| format!("{before}{choice}"));
    heads.flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}"))).collect()
}

impl Table {
    fn compile(files: &[&'static str]) -> Self {
        let rules = read(files);
        let mut known: HashMap<(String, bool, bool), usize> = HashMap::new();
        let mut texts: Vec<String> = Vec::new();
        let mut literals: Vec<Literal> = Vec::new();
        let mut alternative = 0;
        for (number, rule) in rules.iter().enumerate() {
            for pattern in alternatives(rule.pattern) {
                let steps: Vec<&str> = pattern.split('…').map(str::trim).filter(|step| !step.is_empty()).collect();
                for (index, step) in steps.iter().enumerate() {
                    let bound = (!step.starts_with('~'), !step.ends_with('~'));
                    let text = step.trim_matches('~').to_owned();
                    let at = *known.entry((text.clone(), bound.0, bound.1)).or_insert_with(|| {
                        texts.push(text);
                        literals.push(Literal { bound, uses: Vec::new() });
                        literals.len() - 1
                    });
                    let last = index + 1 == steps.len();
                    literals[at].uses.push(Step { alternative, rule: number as u32, index: index as u8, last });
                }
                alternative += 1;
            }
        }
        let automaton = NFA::builder().match_kind(MatchKind::Standard).build(&texts).ok();
        Self { rules, automaton, literals, steps: alternative as usize }
    }

    /// Every rule that matches, in the order of their ends.
    pub(super) fn matches(&'static self, words: &Words) -> Vec<Hit> {
        let mut hits = Vec::new();
        let Some(automaton) = &self.automaton else { return hits };
        let input = Input::new(&words.bytes);
        let mut state = OverlappingState::start();
        // How far each alternative has come: the step that it waits for, and where the last one ended and the first began.
        let mut progress: Vec<(u8, u32, u32)> = vec![(0, 0, 0); self.steps];
        while automaton.try_find_overlapping(&input, &mut state).is_ok() {
            let Some(found) = state.get_match() else { break };
            let literal = &self.literals[found.pattern().as_usize()];
            if !is_bound(&words.bytes, found.start(), found.end(), literal.bound) {
                continue;
            }
            for step in &literal.uses {
                let (waits, end, begin) = &mut progress[step.alternative as usize];
                if step.index == 0 {
                    (*waits, *end, *begin) = (1, found.end() as u32, found.start() as u32);
                } else if *waits == step.index
                    && found.start() >= *end as usize
                    && found.start() - *end as usize <= GAP
                    && !words.bytes[*end as usize..found.start()].contains(&BREAK)
                {
                    (*waits, *end) = (step.index + 1, found.end() as u32);
                } else {
                    continue;
                }
                if step.last {
                    let range = *begin as usize..found.end();
                    hits.push(Hit { rule: &self.rules[step.rule as usize], range });
                }
            }
        }
        hits
    }
}

/// Whether a match stands at the bounds of words where it should.
fn is_bound(bytes: &[u8], start: usize, end: usize, bound: (bool, bool)) -> bool {
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let before = !bound.0 || start == 0 || !letter(start) || !letter(start - 1);
    let after = !bound.1 || end == 0 || !letter(end) || !letter(end - 1);
    before && after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_matches_its_example() {
        let mut wrong = Vec::new();
        for table in [&*REASONS, &*NOTICES] {
            assert!(table.rules.len() > 20, "a table did not load");
            for rule in &table.rules {
                let hits = table.matches(&Words::of(rule.example));
                let found = hits.iter().any(|hit| hit.rule.pattern == rule.pattern);
                if !found {
                    wrong.push(format!("{:?} does not match its example {:?}", rule.pattern, rule.example));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_line_of_the_tables_is_a_rule() {
        let tables = [
            include_str!("rules/recipient.tsv"),
            include_str!("rules/full.tsv"),
            include_str!("rules/domain.tsv"),
            include_str!("rules/sender.tsv"),
            include_str!("rules/blocked.tsv"),
            include_str!("rules/content.tsv"),
            include_str!("rules/system.tsv"),
            include_str!("rules/hosts.tsv"),
            include_str!("rules/notices.tsv"),
            include_str!("rules/statuses.tsv"),
        ];
        for line in tables.iter().flat_map(|table| table.lines()).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 6, "{line:?}");
            assert_eq!(read(&[line]).len(), 1, "{line:?}");
        }
    }

    #[test]
    fn a_gap_has_a_limit_and_words_are_whole() {
        let hit = |text: &str| !REASONS.matches(&Words::of(text)).is_empty();
        assert!(hit("The user you wrote to is unknown here: user unknown"));
        assert!(!hit("mailspamprotection.example"));
    }
}
