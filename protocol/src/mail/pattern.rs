//! How the patterns of rules are written.
//!
//! A pattern is the words of a sentence as [`Words`](super::words::Words) has them: lower case, `@` for an address, `#`
//! for a host or an IP address. `{a|b}` is a choice, `{a |b |}` one that may be left out, and ` … ` stands for at most
//! 60 bytes of anything within one reply. Words match as whole words, unless a `~` stands where more may follow.

/// Whether a literal must begin, and end, at the bound of a word.
pub(super) type Bound = (bool, bool);

/// How a step follows the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// After one space.
    Next,
    /// After at most a gap.
    Gap,
}

/// A step of a pattern: one of some literals.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) choices: Vec<(String, Bound)>,
    pub(super) join: Join,
    pub(super) optional: bool,
}

/// Takes a pattern apart.
pub(super) fn parse(pattern: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, segment) in pattern.split('…').enumerate() {
        let join = if index == 0 { Join::Next } else { Join::Gap };
        let first = steps.len();
        for word in words_of(segment.trim()) {
            let optional = word.ends_with("| }");
            let expanded = expand(&word.replace(" }", "}"));
            let choices: Vec<(String, Bound)> = expanded
                .iter()
                .map(|choice| choice.trim())
                .filter(|choice| !choice.trim_matches('~').is_empty())
                .map(|choice| (choice.trim_matches('~').to_owned(), (!choice.starts_with('~'), !choice.ends_with('~'))))
                .collect();
            if !choices.is_empty() {
                let join = if steps.len() == first { join } else { Join::Next };
                steps.push(Step { choices, join, optional });
            }
        }
    }
    steps
}

/// The stretches of a segment that spaces divide outside of braces. A choice that may be left out, `{a |b |}`, has its
/// spaces inside; it is a stretch of its own, and is given back with a space before its brace.
fn words_of(segment: &str) -> Vec<String> {
    let mut stretches = Vec::new();
    let mut current = String::new();
    let mut rest = segment;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('{').and_then(|after| after.find('}').map(|end| &after[..end])) {
            let choice = &rest[..inside.len() + 2];
            rest = &rest[inside.len() + 2..];
            let spaced = inside.split('|').filter(|one| !one.is_empty()).all(|one| one.ends_with(' '));
            if spaced {
                if !current.is_empty() {
                    stretches.push(std::mem::take(&mut current));
                }
                stretches.push(format!("{} }}", &choice[..choice.len() - 1]));
            } else {
                current.push_str(choice);
            }
            continue;
        }
        let next = rest.chars().next().unwrap_or(' ');
        rest = &rest[next.len_utf8()..];
        if next == ' ' {
            if !current.is_empty() {
                stretches.push(std::mem::take(&mut current));
            }
        } else {
            current.push(next);
        }
    }
    if !current.is_empty() {
        stretches.push(current);
    }
    join_plain(stretches)
}

/// Plain words that stand beside one another are looked for as one.
fn join_plain(stretches: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if !last.contains('{') && !stretch.contains('{') => {
                last.push(' ');
                last.push_str(&stretch);
            }
            _ => joined.push(stretch),
        }
    }
    joined
}

/// The texts that a stretch with choices stands for.
fn expand(stretch: &str) -> Vec<String> {
    let Some((before, rest)) = stretch.split_once('{') else { return vec![stretch.to_owned()] };
    let Some((choices, after)) = rest.split_once('}') else { return vec![stretch.to_owned()] };
    let tails = expand(after);
    let heads = choices.split('|').map(|choice| format!("{before}{choice}"));
    heads.flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pattern: &str) -> Vec<Vec<String>> {
        parse(pattern).into_iter().map(|step| step.choices.into_iter().map(|(text, _)| text).collect()).collect()
    }

    #[test]
    fn plain_words_are_one_step_and_choices_are_steps_of_their_own() {
        assert_eq!(texts("no such {user|mailbox} here"), [vec!["no such"], vec!["user", "mailbox"], vec!["here"]]);
        assert_eq!(texts("user … unknown"), [vec!["user"], vec!["unknown"]]);
        assert_eq!(parse("user … unknown")[1].join, Join::Gap);
    }

    #[test]
    fn what_is_glued_to_a_word_is_part_of_it() {
        assert_eq!(texts("accept{ing|} mail"), [vec!["accepting", "accept"], vec!["mail"]]);
        assert_eq!(texts("{ip|host}{s|}"), [vec!["ips", "ip", "hosts", "host"]]);
    }

    #[test]
    fn a_choice_with_nothing_may_be_left_out() {
        let steps = parse("{account|mailbox} {is |has been |}{full|disabled}");
        assert_eq!(steps.len(), 3);
        assert!(steps[1].optional && !steps[0].optional && !steps[2].optional);
        assert_eq!(steps[1].choices[1].0, "has been");
    }

    #[test]
    fn a_tilde_lifts_the_bound_of_a_word() {
        assert_eq!(parse("~spam")[0].choices[0], ("spam".to_owned(), (false, true)));
        assert_eq!(parse("~{a|b}~")[0].choices[1], ("b".to_owned(), (false, false)));
    }
}
