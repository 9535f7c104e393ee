//! The small grammar of texts: `{name}` and `{name?one|other}`.

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Stands as it is.
    Text(&'a str),
    /// A place for a value.
    Value(&'a str),
    /// One of two words, by whether the value is 1.
    Plural { name: &'a str, one: &'a str, other: &'a str },
}

/// The parts of a text, in order. A brace without its partner stands as it is.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        match (rest.find('{'), rest.find('}')) {
            (Some(0), Some(end)) => {
                let inside = &rest[1..end];
                rest = &rest[end + 1..];
                Some(place(inside))
            }
            (Some(open), Some(_)) if open > 0 => {
                let (before, after) = rest.split_at(open);
                rest = after;
                Some(Piece::Text(before))
            }
            _ => Some(Piece::Text(std::mem::take(&mut rest))),
        }
    })
}

fn place(inside: &str) -> Piece<'_> {
    match inside.split_once('?').and_then(|(name, words)| Some((name, words.split_once('|')?))) {
        Some((name, (one, other))) => Piece::Plural { name, one, other },
        None => Piece::Value(inside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_plurals() {
        assert_eq!(
            pieces("{n} {n?event waits|events wait} for {host}.").collect::<Vec<_>>(),
            [
                Piece::Value("n"),
                Piece::Text(" "),
                Piece::Plural { name: "n", one: "event waits", other: "events wait" },
                Piece::Text(" for "),
                Piece::Value("host"),
                Piece::Text("."),
            ]
        );
    }

    #[test]
    fn a_brace_without_its_partner_stands() {
        assert_eq!(pieces("a { b").collect::<Vec<_>>(), [Piece::Text("a { b")]);
        assert_eq!(pieces("").count(), 0);
    }
}
