//! The rules: tables that a person reads, sorts and extends, and the small reader that matches them.
//!
//! Each table is a file under `rules/` with tab-separated columns and a comment for each sort of thing; how a pattern
//! is written is told in [`pattern`](super::pattern). The words of all patterns are looked for at once, in time linear
//! in the text (Aho-Corasick); a rule matches when its words come one after the other.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

use super::pattern::{self, Bound, Join};
use super::table::table;
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
}

impl Rule {
    /// Whether it tells what sort of notice a mail is, and not why somebody did not get one.
    pub(super) fn is_notice(&self) -> bool {
        matches!(self.when, "subject" | "from" | "text" | "quote")
    }
}

/// A rule that matched, and where in the words.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) rule: &'static Rule,
    pub(super) range: Range<usize>,
}

/// Tables, ready to be matched.
pub(super) struct Table {
    pub(super) rules: Vec<Rule>,
    automaton: Option<NFA>,
    literals: Vec<Literal>,
    /// How many steps all patterns have together.
    slots: usize,
}

/// Words that are looked for, and the steps of patterns that they are.
struct Literal {
    bound: Bound,
    uses: Vec<Use>,
}

/// A step of a rule's pattern that a literal is.
#[derive(Clone, Copy)]
struct Use {
    rule: u32,
    /// The step's number among those of all patterns.
    slot: u32,
    /// How the step joins the one before.
    join: Join,
    /// How many of the steps before it may be the last that matched: one, and one more for each that may be left out.
    back: u8,
    /// Whether the pattern may begin with it, and end.
    first: bool,
    last: bool,
}

/// The rules that tell why a recipient did not get a mail, and those that tell what sort of notice a mail is.
pub(super) static RULES: LazyLock<Table> = LazyLock::new(|| Table::compile(&TABLES));

/// What the enhanced status codes mean: `concludes` and `strength` for each `pattern`, a code with `x` for any class.
pub(super) static STATUSES: LazyLock<Vec<Rule>> = LazyLock::new(|| read(&[table!("statuses")]));

static TABLES: [&str; 9] = [
    table!("recipient"),
    table!("full"),
    table!("domain"),
    table!("sender"),
    table!("blocked"),
    table!("content"),
    table!("system"),
    table!("hosts"),
    table!("notices"),
];

fn read(files: &[&'static str]) -> Vec<Rule> {
    let lines = files.iter().flat_map(|file| file.lines()).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (concludes, strength, when) = (columns.next()?, columns.next()?, columns.next()?);
            Some(Rule { concludes, strength: strength.parse().ok()?, when, pattern: columns.next()? })
        })
        .collect()
}

impl Table {
    fn compile(files: &[&'static str]) -> Self {
        let rules = read(files);
        let mut known: HashMap<(String, Bound), usize> = HashMap::new();
        let mut texts: Vec<String> = Vec::new();
        let mut literals: Vec<Literal> = Vec::new();
        let mut slots = 0;
        for (number, rule) in rules.iter().enumerate() {
            let steps = pattern::parse(rule.pattern);
            for (index, step) in steps.iter().enumerate() {
                let skipped = steps[..index].iter().rev().take_while(|step| step.optional).count();
                let step_use = Use {
                    rule: number as u32,
                    slot: slots as u32,
                    join: step.join,
                    back: (skipped + 1).min(index) as u8,
                    first: skipped == index,
                    last: steps[index + 1..].iter().all(|step| step.optional),
                };
                slots += 1;
                for (text, bound) in &step.choices {
                    let at = *known.entry((text.clone(), *bound)).or_insert_with(|| {
                        texts.push(text.clone());
                        literals.push(Literal { bound: *bound, uses: Vec::new() });
                        literals.len() - 1
                    });
                    literals[at].uses.push(step_use);
                }
            }
        }
        // Few dense states: what fits a cache is faster than what skips a look-up.
        let automaton = NFA::builder().match_kind(MatchKind::Standard).dense_depth(1).build(&texts).ok();
        Self { rules, automaton, literals, slots }
    }

    /// Every rule that matches, in the order of their ends.
    pub(super) fn matches(&'static self, words: &Words) -> Vec<Hit> {
        let mut hits = Vec::new();
        let Some(automaton) = &self.automaton else { return hits };
        let Ok(mut state) = automaton.start_state(Anchored::No) else { return hits };
        // Where each step matched last: its end, and where the pattern began.
        let mut reached: Vec<(u32, u32)> = vec![(u32::MAX, 0); self.slots];
        for (at, &byte) in words.bytes.iter().enumerate() {
            state = automaton.next_state(Anchored::No, state, byte);
            if automaton.is_special(state) && automaton.is_match(state) {
                // The shorter first: a longer one may be the same step's, and would put the shorter's step out of reach.
                for index in (0..automaton.match_len(state)).rev() {
                    let pattern = automaton.match_pattern(state, index);
                    let start = at + 1 - automaton.pattern_len(pattern);
                    self.step(&self.literals[pattern.as_usize()], start..at + 1, words, &mut reached, &mut hits);
                }
            }
        }
        hits
    }

    /// Takes the patterns on that wait for a literal, which was found at `found`.
    fn step(
        &'static self,
        literal: &Literal,
        found: Range<usize>,
        words: &Words,
        reached: &mut [(u32, u32)],
        hits: &mut Vec<Hit>,
    ) {
        if !is_bound(&words.bytes, found.start, found.end, literal.bound) {
            return;
        }
        for step in &literal.uses {
            let Some(begin) = begin_of(step, reached, found.start, &words.bytes) else { continue };
            reached[step.slot as usize] = (found.end as u32, begin);
            if step.last {
                hits.push(Hit { rule: &self.rules[step.rule as usize], range: begin as usize..found.end });
            }
        }
    }
}

/// Where the pattern began of which a step matched at `start`, if the step before it matched where it should.
fn begin_of(step: &Use, reached: &[(u32, u32)], start: usize, bytes: &[u8]) -> Option<u32> {
    for back in 1..=usize::from(step.back) {
        let (end, begin) = reached[step.slot as usize - back];
        if end == u32::MAX || end as usize > start {
            continue;
        }
        let between = &bytes[end as usize..start];
        let joins = match step.join {
            Join::Next => between == b" ",
            Join::Gap => between.len() <= GAP && !between.contains(&BREAK),
        };
        if joins {
            return Some(begin);
        }
    }
    step.first.then_some(start as u32)
}

/// Whether a match stands at the bounds of words where it should.
fn is_bound(bytes: &[u8], start: usize, end: usize, bound: Bound) -> bool {
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let before = !bound.0 || start == 0 || !letter(start) || !letter(start - 1);
    let after = !bound.1 || end == 0 || !letter(end) || !letter(end - 1);
    before && after
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of all tables, with the columns that are not compiled in.
    fn lines() -> Vec<Vec<String>> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mail/rules");
        let files =
            std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let split = |line: &str| line.split('\t').map(str::to_owned).collect();
        let lines = files.flat_map(|file| {
            file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(split).collect::<Vec<_>>()
        });
        lines.collect()
    }

    #[test]
    fn every_rule_matches_its_example() {
        let mut wrong = Vec::new();
        assert!(RULES.rules.len() > 300, "a table did not load");
        for line in lines().iter().filter(|line| !STATUSES.iter().any(|rule| rule.pattern == line[3])) {
            let hits = RULES.matches(&Words::of(&line[4]));
            if !hits.iter().any(|hit| hit.rule.pattern == line[3]) {
                wrong.push(format!("{:?} does not match its example {:?}", line[3], line[4]));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_line_of_the_tables_is_a_rule() {
        let lines = lines();
        assert_eq!(lines.len(), RULES.rules.len() + STATUSES.len());
        for line in lines {
            assert_eq!(line.len(), 6, "{line:?}");
            assert!(line.iter().all(|column| !column.is_empty()), "{line:?}");
            let choices = line[3].split('{').skip(1).filter_map(|rest| rest.split('}').next());
            assert!(!choices.into_iter().any(|choice| choice.contains('…')), "a gap within a choice: {line:?}");
        }
    }

    #[test]
    fn a_gap_has_a_limit_and_words_are_whole() {
        let hit = |text: &str| !RULES.matches(&Words::of(text)).is_empty();
        assert!(hit("The user you wrote to is unknown here: user unknown"));
        assert!(!hit("mailspamprotection.example"));
    }
}
